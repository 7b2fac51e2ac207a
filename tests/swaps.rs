//! `--@ swap`: two messages in flight together land at each other's time, whoever sent them, and nothing before that changes.

#![allow(clippy::unwrap_used, reason = "a test")]

use scenario::End;
use suite::{generate, run, texts};
use trace::{EventId, Index, Kind};

/// Pairs that are tried in one text.
const PAIRS_MAX: usize = 4;

/// A message as `--@ swap` names it, the event of its sending, and the time at which it lands.
#[derive(Clone, Copy, Debug)]
struct Flight {
    statement: u32,
    number: u32,
    sent: EventId,
    lands: (EventId, u64),
}

fn flights(text: &str) -> Vec<Flight> {
    let ran = run(text);
    let log = ran.world.trace().unwrap().log();
    let index = Index::build(&log).unwrap();
    let story = index.story();
    let mut all = Vec::new();
    for statement in &story.statements {
        let sends = story.events_of(statement.submit).filter(|id| log.kind(*id) == Some(Kind::Send));
        for (number, sent) in (1..).zip(sends) {
            let lands = index.landings(sent).find(|id| log.kind(*id) == Some(Kind::Receive));
            if let Some(lands) = lands {
                let at = log.at(lands).unwrap().0;
                all.push(Flight { statement: statement.step, number, sent, lands: (lands, at) });
            }
        }
    }
    all
}

#[test]
fn two_messages_in_flight_change_places() {
    let programs = (0..60).map(|seed| (format!("program-{seed}"), generate::program(seed).text));
    let mut tried = 0;
    // What has come to a frozen machine has landed, though nobody has looked at it yet; and another swap may be in the way.
    let plain = |text: &str| !text.contains("--@ pause") && !text.contains("--@ swap");
    for (name, text) in texts().chain(programs).filter(|(_, text)| plain(text)) {
        let all = flights(&text);
        let pairs = all.iter().flat_map(|a| all.iter().map(move |b| (a, b)));
        let together = pairs.filter(|(a, b)| a.sent < b.sent && b.sent < a.lands.0 && a.lands.1 != b.lands.1);
        for (a, b) in together.take(PAIRS_MAX) {
            let swap = format!("swap {}.{} {}.{}", a.statement, a.number, b.statement, b.number);
            let ran = run(&format!("--@ {swap}\n{text}"));
            if let End::Stopped { why, .. } = &ran.blessed.end {
                assert!(!why.contains("places"), "{name}, {swap}: {why} {a:?} {b:?}");
            }
            let log = ran.world.trace().unwrap().log();
            let index = Index::build(&log).unwrap();
            let landed =
                |flight: &Flight| index.landings(flight.sent).map(|id| log.at(id).unwrap().0).collect::<Vec<_>>();
            assert!(landed(a).contains(&b.lands.1), "{name}, {swap}: {:?} and not {}", landed(a), b.lands.1);
            assert!(landed(b).contains(&a.lands.1), "{name}, {swap}: {:?} and not {}", landed(b), a.lands.1);
            tried += 1;
        }
    }
    println!("{tried} pairs changed places");
    assert!(tried > 100, "only {tried} pairs were in flight together");
}

#[test]
fn a_swap_that_cannot_be_says_why() {
    let text = |swap: &str| {
        format!(
            "--@ {swap}\nCREATE TABLE t (k int PRIMARY KEY);\nINSERT INTO t (k) VALUES (1);\nSELECT * FROM t WHERE k = 1;\n"
        )
    };
    let said = |swap: &str| match run(&text(swap)).blessed.end {
        End::Stopped { why, .. } => why,
        end => panic!("{swap}: {end:?}"),
    };
    assert!(said("swap 2.1 3.1").ends_with("the one had landed before the other was sent"));
    assert!(said("swap 2.1 3.99").contains("statement 3 led to"));
    let lost = "--@ swap 2.1 2.2\nCREATE TABLE t (k int PRIMARY KEY);\n--@ drop * n1\nINSERT INTO t (k) VALUES (1);\n";
    let End::Stopped { why, .. } = run(lost).blessed.end else { panic!("it was done") };
    assert!(why.contains("2.1 was lost on its way") || why.contains("led to 1 messages"), "{why}");
}
