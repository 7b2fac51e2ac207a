//! Honest outcomes: which outcomes came from a real server, and for which text.

use crate::backend::Need;
use crate::branch::trunk;
use crate::cut::{Item, Lines, Mark, What, cut};
use crate::names::{is_clock_dated, written_stamps};
use crate::parse::parse;
use crate::step::Act;
use alloc::format;
use alloc::string::String;
use xxhash_rust::xxh3::Xxh3;

/// The hash in `--@ checked … text=HASH`.
///
/// It covers the text *with* its `-->` lines, so that an outcome changed by hand, or by a model that disagrees with the
/// server, is as stale as a changed statement. It leaves out `--@ checked` and `--~` lines and does not see line ends:
/// xxh3 (64 bits, seed 0) over each line that counts, without its line end and trailing blanks, followed by one 0x0A;
/// empty lines at the end do not count. A text's branches are texts of their own, each with a line of its own.
#[must_use]
pub fn text_hash(text: &str) -> u64 {
    let text = trunk(text);
    let lines = Lines::of(text);
    let items = cut(text);
    let left_out = |item: &&Item| match item.what {
        What::Marked(Mark::Account) => true,
        What::Marked(Mark::Directive) => {
            let said = text.get(item.span.start + 3..item.span.end).unwrap_or("");
            said.split_whitespace().next() == Some("checked")
        }
        _ => false,
    };
    let mut skipped = items.iter().filter(left_out).map(|item| lines.line(item.span.start)).peekable();
    let mut hasher = Xxh3::new();
    let mut empty = 0;
    for (n, line) in lines.each().enumerate() {
        if skipped.next_if_eq(&n).is_some() {
            continue;
        }
        let line = line.trim_end();
        if line.is_empty() {
            empty += 1;
            continue;
        }
        for _ in 0..core::mem::take(&mut empty) {
            hasher.update(b"\n");
        }
        hasher.update(line.as_bytes());
        hasher.update(b"\n");
    }
    hasher.digest()
}

/// The text with a `--@ checked` line that says so: in place of the old one, or behind the head's last directive, or on top.
#[must_use]
pub fn stamp(text: &str, version: &str) -> String {
    let (scenario, _) = parse(text);
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let line = format!("--@ checked cassandra={version} text={:016x}{end}", text_hash(text));
    let span = match &scenario.checked {
        Some(checked) => checked.span.start as usize..checked.span.end as usize,
        None => {
            let lines = Lines::of(text);
            let first = scenario.steps.first().map_or(text.len(), |step| step.span.start as usize);
            let heads = cut(text).into_iter().filter(|item| item.what == What::Marked(Mark::Directive));
            let last = heads.take_while(|item| item.span.start < first).last();
            // The opening comment is the scenario's title: the line stands below it.
            let comments = lines.each().take_while(|line| line.starts_with("--") && !line.starts_with("--@")).count();
            let at = last.map_or(lines.start(comments), |item| lines.start(lines.line(item.span.start) + 1));
            at..at
        }
    };
    let (head, tail) = (text.get(..span.start).unwrap_or(""), text.get(span.end..).unwrap_or(""));
    let gap = if head.is_empty() || head.ends_with(['\n', '\r']) { "" } else { end };
    format!("{head}{gap}{line}{tail}")
}

/// Where a scenario's outcomes come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// A real server of this version gave them, for this text.
    Checked(String),
    /// Only the model can give them: the reason.
    ModelOnly(String),
    /// Neither: why.
    Dishonest(String),
}

/// Whether a scenario's outcomes are honest: checked by a server for exactly this text, or said to be the model's.
#[must_use]
pub fn provenance(text: &str) -> Provenance {
    let (scenario, faults) = parse(text);
    if let Some(fault) = faults.first() {
        return Provenance::Dishonest(format!("it cannot be read: {fault}"));
    }
    let model = scenario.needs.iter().find(|(need, _)| *need == Need::Model);
    if let Some((_, reason)) = model {
        if scenario.checked.is_some() {
            return Provenance::Dishonest("it needs the model, and claims that a server checked it".into());
        }
        return Provenance::ModelOnly(reason.clone());
    }
    let Some(checked) = scenario.checked else {
        return Provenance::Dishonest(
            "no server checked it (cargo xtask oracle FILE), and it does not say needs model".into(),
        );
    };
    let now = text_hash(text);
    if now != checked.hash {
        let why =
            format!("its text or an outcome changed since a server checked it (text={now:016x}): ask the oracle again");
        return Provenance::Dishonest(why);
    }
    let statements = || {
        scenario.steps.iter().filter_map(|step| match &step.act {
            Act::Cql(statement) => cql::parse(&statement.text).ok(),
            _ => None,
        })
    };
    // 2020 to 2100: where a real clock's stamps could be, so that the winner would hang on the day of the run.
    let dated = |us: &i64| (1_577_836_800_000_000..4_102_444_800_000_000).contains(us);
    if statements().any(|s| is_clock_dated(&s)) && statements().any(|s| written_stamps(&s).iter().any(dated)) {
        let why =
            "explicit timestamps between 2020 and 2100 stand beside writes that a clock dates: it must say needs model";
        return Provenance::Dishonest(why.into());
    }
    let waits = scenario.steps.iter().any(|step| matches!(step.act, Act::Advance(_)));
    if waits && scenario.steps.iter().any(|step| step.act.need() == Some(Need::Faults)) {
        return Provenance::Dishonest(
            "it waits blindly (advance) beside faults: until waits for a state, or say needs model".into(),
        );
    }
    Provenance::Checked(checked.version)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "-- A title.\n--@ cluster nodes=1\nSELECT v FROM t WHERE k = 1;\n--> v\n--> -\n-->\n--> (0 rows)\n";

    #[test]
    fn a_stamp_holds_until_anything_that_counts_changes() {
        let stamped = stamp(TEXT, "5.0.6");
        assert!(stamped.contains("nodes=1\n--@ checked cassandra=5.0.6 text="), "{stamped}");
        assert_eq!(provenance(&stamped), Provenance::Checked("5.0.6".into()));
        assert_eq!(stamp(&stamped, "5.0.6"), stamped);
        assert_eq!(text_hash(&stamped.replace('\n', "\r\n")), text_hash(&stamped));
        assert_eq!(text_hash(&stamped.replace("(0 rows)\n", "(0 rows)\n--~ said\n\n")), text_hash(&stamped));
        for (from, to) in [("(0 rows)", "(1 rows)"), ("k = 1", "k = 2"), ("title", "tale")] {
            assert!(matches!(provenance(&stamped.replace(from, to)), Provenance::Dishonest(_)), "{from}");
        }
    }

    #[test]
    fn without_a_server_it_says_that_it_is_the_model_s() {
        assert!(matches!(provenance(TEXT), Provenance::Dishonest(_)));
        let said = TEXT.replace("--@ cluster", "--@ needs model: three replicas\n--@ cluster");
        assert_eq!(provenance(&said), Provenance::ModelOnly("three replicas".into()));
        assert!(matches!(provenance(&stamp(&said, "5.0.6")), Provenance::Dishonest(_)));
    }

    #[test]
    fn real_dates_beside_real_clocks_are_refused() {
        let text = "INSERT INTO t (k) VALUES (1);\nDELETE FROM t USING TIMESTAMP 1750000000000000 WHERE k = 1;\n";
        assert!(matches!(provenance(&stamp(text, "5.0.6")), Provenance::Dishonest(why) if why.contains("2100")));
        let text = text.replace("1750000000000000", "1000");
        assert_eq!(provenance(&stamp(&text, "5.0.6")), Provenance::Checked("5.0.6".into()));
    }
}
