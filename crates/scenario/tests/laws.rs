//! What holds for every text: parsing is total and loses nothing, a blessed text stays as it is, a link brings it back.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail it")]

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use proptest::prelude::*;
use scenario::link::{decode, encode};
use scenario::{Act, Backend, End, Failed, Need, Outcome, Progress, Setup, Step, Table, bless, parse, text_hash};
use std::ops::ControlFlow;

/// A backend whose answers hang on the statement's text alone.
#[derive(Default)]
struct Fake {
    later: Vec<u32>,
    done: u64,
    refuses: Option<Need>,
}

fn answer(text: &str) -> Outcome {
    let columns = vec!["v".to_string(), "né".to_string()];
    match text.len() % 4 {
        0 => Outcome::Done,
        1 => Outcome::Error(Failed { line: "Error Invalid".into(), message: "no such\nthing".into() }),
        2 => Outcome::Rows(Table { columns, rows: vec![vec![text.len().to_string(), "a\nb ".into()]] }),
        _ => Outcome::Rows(Table { columns, rows: vec![] }),
    }
}

impl Backend for Fake {
    fn can(&self, need: Need) -> bool {
        self.refuses != Some(need)
    }

    async fn open(&mut self, _: &Setup) -> Result<(), String> {
        Ok(())
    }

    async fn perform(&mut self, step: &Step) -> Outcome {
        self.done += 1;
        match &step.act {
            Act::Cql(s) if !s.waits => {
                self.later.push(s.number);
                Outcome::Later
            }
            Act::Cql(s) => answer(&s.text),
            Act::Await(_) => {
                Outcome::Settled(self.later.drain(..).map(|n| (n, answer(&"x".repeat(n as usize)))).collect())
            }
            Act::Until(_) => Outcome::Stuck("it will never be quiet".into()),
            _ => Outcome::Done,
        }
    }

    fn account(&mut self) -> Vec<String> {
        vec![format!("n1 did {}", self.done)]
    }

    fn progress(&self) -> Progress {
        Progress { events: self.done, ..Progress::default() }
    }
}

fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a fake never waits"),
    }
}

fn blessed(text: &str) -> scenario::Blessed {
    now(bless(text, &mut Fake::default(), &mut ()))
}

/// A text without the lines of its outcome blocks.
fn without_outcomes(text: &str) -> String {
    let mut rest = String::new();
    let mut from = 0;
    for block in parse(text).0.blocks {
        rest += &text[from..block.span.start as usize];
        from = block.span.end as usize;
    }
    rest + &text[from..]
}

/// Texts made of what scenarios are made of, whole and broken.
fn texts() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        8 => prop::sample::select(vec![
            "SELECT v FROM t WHERE k = 1;", "INSERT INTO t (k, v) VALUES (1, 'é;--@ x');", "DELETE FROM t\n WHERE k = 2;",
            "BEGIN BATCH\n  DELETE FROM t WHERE k = 1;\n  INSERT INTO t (k) VALUES (2);\nAPPLY BATCH;", "CONSISTENCY QUORUM",
            "CONSISTENCY;", "SELECT a FROM t; SELECT b FROM t;", "-- a comment", "// another", "/* one\n more */", "",
            "SELECT v /* inside\n --@ not one */ FROM t;", "UPDATE t SET v = $$a;\n--> b$$ WHERE k = 1;",
        ]).prop_map(String::from),
        4 => prop::sample::select(vec![
            "--@ trace", "--@ advance 10ms", "--@ kill n3", "--@ async", "--@ await", "--@ as cqlsh", "--@ flush", "--@ row k",
            "--@ partition n1 | n2 n3", "--? How many? | 0 | 1", "  --@ heal",
        ]).prop_map(String::from),
        3 => prop::sample::select(vec!["--> v", "-->", "--> (0 rows)", "--~ n1 said so", " --> odd"]).prop_map(String::from),
        1 => prop::sample::select(vec!["--@ advnace 1s", "SELECT", "'", "\"", "/*", "--@", "$$", "BEGIN BATCH", ";;", "\u{feff}", "--@ until quiet"]).prop_map(String::from),
        1 => any::<String>(),
    ];
    // LF and CRLF may mix. Lone CRs, as nobody has written for twenty years, come alone.
    let end = prop_oneof![9 => Just("\n"), 1 => Just("\r\n")];
    (prop::collection::vec((line, end), 0..14), any::<bool>(), prop::bool::weighted(0.05)).prop_map(
        |(lines, ended, old)| {
            let end = |end| if old { "\r" } else { end };
            let mut text: String = lines.iter().flat_map(|(line, e)| [line.replace('\r', ""), end(e).into()]).collect();
            if old {
                text = text.replace('\n', "\r");
            }
            if !ended {
                text.truncate(text.trim_end_matches(['\r', '\n']).len());
            }
            text
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn parsing_is_total_and_points_into_the_text(text in texts()) {
        let (scenario, faults) = parse(&text);
        for fault in &faults {
            prop_assert!(text.get(fault.span.start as usize..fault.span.end as usize).is_some(), "{fault:?}");
            prop_assert!(fault.line >= 1 && fault.column >= 1 && !fault.so.is_empty());
            if let Some(fix) = &fault.fix {
                prop_assert!(text.get(fix.span.start as usize..fix.span.end as usize).is_some(), "{fault:?}");
            }
        }
        let mut last = 0;
        for step in &scenario.steps {
            prop_assert!(last <= step.span.start && step.span.start < step.span.end);
            last = step.span.end;
        }
        let mut last = 0;
        for block in &scenario.blocks {
            prop_assert!(last <= block.span.start && block.span.start <= block.span.end);
            last = block.span.end;
        }
        prop_assert!(last as usize <= text.len());
    }

    #[test]
    fn every_byte_that_is_no_outcome_survives(text in texts()) {
        let once = blessed(&text);
        let kept = without_outcomes(&once.text);
        let had = without_outcomes(&text);
        // A line end may have been needed below a last line that had none.
        prop_assert_eq!(kept.trim_end_matches(['\r', '\n']), had.trim_end_matches(['\r', '\n']));
    }

    #[test]
    fn a_blessed_text_stays_as_it_is(text in texts()) {
        let once = blessed(&text);
        let twice = blessed(&once.text);
        prop_assert_eq!(&once.text, &twice.text);
        prop_assert_eq!(core::mem::discriminant(&once.end), core::mem::discriminant(&twice.end));
        prop_assert_eq!(once.answers.iter().map(|a| &a.lines).collect::<Vec<_>>(), twice.answers.iter().map(|a| &a.lines).collect::<Vec<_>>());
    }

    #[test]
    fn a_link_brings_the_text_back(text in any::<String>(), outcomes in prop::collection::vec(any::<u16>(), 0..40)) {
        let back = decode(&encode(&text, &outcomes)).unwrap();
        prop_assert_eq!(back.text, text);
        prop_assert_eq!(back.outcomes, outcomes);
    }

    #[test]
    fn no_link_does_harm(link in prop_oneof!["[A-Za-z0-9_-]{0,200}", "AQ[AE]A[A-Za-z0-9_-]{0,200}", any::<String>()]) {
        let _ = decode(&link);
    }

    #[test]
    fn a_link_cut_or_changed_is_noticed(text in "[ -~\n]{1,200}", at in any::<prop::sample::Index>(), cut in any::<bool>()) {
        let link = encode(&text, &[]);
        let at = at.index(link.len());
        let mut other = link.clone();
        if cut { other.truncate(at) } else { other.replace_range(at..at + 1, if &link[at..at + 1] == "Q" { "R" } else { "Q" }) }
        if let Ok(back) = decode(&other) {
            prop_assert_eq!(back.text, text);
        }
    }

    #[test]
    fn completion_is_total(text in texts(), at in any::<prop::sample::Index>()) {
        let at = at.index(text.len() + 1);
        for completion in scenario::complete(&text, at as u32) {
            prop_assert!(text.get(completion.span.start as usize..completion.span.end as usize).is_some());
        }
    }

    #[test]
    fn the_hash_sees_outcomes_but_no_account(text in texts()) {
        let once = blessed(&text);
        if once.end == End::Whole && once.text.contains("--~") {
            let spans: Vec<_> = parse(&once.text).0.blocks.into_iter().map(|b| b.span.start as usize..b.span.end as usize).collect();
            let mut at = 0;
            let kept = |line: &&str| {
                let begins = at;
                at += line.len();
                !(line.starts_with("--~") && spans.iter().any(|span| span.contains(&begins)))
            };
            let bare: String = once.text.split_inclusive('\n').filter(kept).collect();
            prop_assert_eq!(text_hash(&bare), text_hash(&once.text));
        }
    }
}

#[test]
fn outcomes_stand_under_their_statements_with_the_line_ends_around_them() {
    let text = "--@ trace\r\nSELECT v FROM t WHERE k = 1;\r\n-- after\r\nSELECT vv FROM t WHERE k = 12;";
    let blessed = blessed(text);
    assert_eq!(blessed.end, End::Whole);
    let expected = "--@ trace\r\nSELECT v FROM t WHERE k = 1;\r\n--> v | né\r\n--> --+---\r\n-->\r\n--> (0 rows)\r\n\
                    --~ n1 did 1\r\n-- after\r\nSELECT vv FROM t WHERE k = 12;\r\n--> Error Invalid\r\n--~ no such\r\n--~ thing\r\n--~ n1 did 2";
    assert_eq!(blessed.text.replace("27 | a\\nb", ""), expected);
}

#[test]
fn what_a_backend_cannot_do_is_a_skip_with_its_reason() {
    let text = "--@ needs clock: two clocks 20 ms apart\nSELECT v FROM t;\n--> as it was\n";
    let blessed = now(bless(text, &mut Fake { refuses: Some(Need::Clock), ..Fake::default() }, &mut ()));
    assert_eq!(blessed.end, End::Skipped("needs clock: two clocks 20 ms apart".into()));
    assert_eq!(blessed.text, text);
    let text = "SELECT v FROM t;\n--@ kill n3\n";
    let blessed = now(bless(text, &mut Fake { refuses: Some(Need::Faults), ..Fake::default() }, &mut ()));
    assert_eq!(blessed.end, End::Skipped("needs faults: line 2".into()));
}

#[test]
fn what_cannot_be_done_stops_the_run_and_keeps_what_ran() {
    let text = "SELECT v FROM t WHERE k = 1;\n--@ until quiet\nSELECT v FROM t WHERE k = 1;\n--> old\n";
    let run = blessed(text);
    assert_eq!(run.end, End::Stopped { line: 2, why: "it will never be quiet".into() });
    assert!(run.text.starts_with("SELECT v FROM t WHERE k = 1;\n--> v | né\n"), "{}", run.text);
    assert!(run.text.ends_with("SELECT v FROM t WHERE k = 1;\n--> old\n"));
    let text = "--@ advance 3000d\n--@ advance 3000d\n";
    // The fake's clock stands still, so each is within the limit of its own.
    assert_eq!(blessed(text).end, End::Whole);
}

#[test]
fn an_answer_that_was_not_waited_for_is_written_where_it_was_asked() {
    let text = "--@ async\nSELECT v FROM t WHERE k = 1;\nSELECT v FROM t WHERE k = 2;\n--@ await\n";
    let run = blessed(text);
    assert_eq!(run.end, End::Whole);
    assert!(run.text.contains("k = 1;\n--> Error Invalid\nSELECT"), "{}", run.text);
    assert_eq!(blessed(&text.replace("--@ await\n", "")).text, run.text.replace("--@ await\n", ""));
}

#[test]
fn whoever_watches_can_end_it() {
    struct After(u32);
    impl scenario::Watch for After {
        async fn look(&mut self, progress: &Progress) -> ControlFlow<()> {
            if progress.done >= self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }
    let text = "SELECT v FROM t WHERE k = 1;\nSELECT v FROM t WHERE k = 1;\n";
    let run = now(bless(text, &mut Fake::default(), &mut After(1)));
    assert_eq!((run.end, run.answers.len()), (End::Cancelled, 1));
}

#[test]
fn cqlsh_s_own_commands_answer_from_the_text() {
    let text = "CONSISTENCY\nCONSISTENCY QUORUM;\nCONSISTENCY;\nPAGING 5\nPAGING\nEXPAND ON\nSELECT v FROM t WHERE k = 12345;\n";
    let run = blessed(text);
    let said = |n: usize| run.answers[n].lines.join("/");
    assert_eq!(said(0), "Current consistency level is ONE.");
    assert_eq!(said(1), "");
    assert_eq!(said(2), "Current consistency level is QUORUM.");
    assert_eq!(said(4), "PAGING is ON/Page size: 5");
    assert!(run.end == End::Whole);
}

#[test]
fn tracing_accounts_for_that_client_s_statements_alone() {
    let run = blessed("--@ heal\nSELECT v FROM t WHERE k = 1;\nTRACING ON\nSELECT v FROM t WHERE k = 2;\n--@ heal\n");
    assert_eq!(run.text.matches("--~").count(), 1, "{}", run.text);
    assert!(run.text.contains("(0 rows)\n--~ n1 did 3\n"), "{}", run.text);
}

/// Texts that a careless reader would take minutes for.
#[test]
fn hostile_texts_take_no_longer_than_long_ones() {
    let most = scenario::limits::TEXT_BYTES_MAX as usize;
    let fill = |piece: &str| piece.repeat(most / piece.len());
    let texts = [
        fill("SELECT\n--@ x\n"),
        format!("SELECT {}--@ x", fill("--\n").split_at(most - 100).0),
        fill("SELECT;\n"),
        fill("--@ client a b\n"),
        fill("--@ client a=\n--@ as q\n"),
        fill("--> x\n"),
        fill("/*"),
        fill("SELECT 1; "),
        fill("--@ advnace\n"),
        fill("BEGIN BATCH "),
        fill("("),
        format!("SELECT {}", fill("(").split_at(most - 100).0),
        fill("--? a | b\n"),
    ];
    // Against each other, not against a clock: whoever else uses the machine slows down all of them.
    let takes = |text: &str| {
        let once = || {
            let began = std::time::Instant::now();
            let (_, faults) = parse(text);
            (began.elapsed(), faults)
        };
        let (first, faults) = once();
        (once().0.min(once().0).min(first), faults)
    };
    let (usual, _) = takes(&fill("SELECT * FROM t WHERE k = 1;\n"));
    for text in texts {
        let text = &text[..text.len().min(most)];
        let (long, faults) = takes(text);
        assert!(faults.len() <= scenario::limits::FAULTS_MAX && !faults.is_empty());
        assert!(long < usual * TIMES, "{long:?} for {:?}…, {usual:?} for as much of what is usual", &text[..20]);
    }
}

/// So much longer a text may take than another of the same length: to be quadratic it would be thousands.
const TIMES: u32 = 20;
