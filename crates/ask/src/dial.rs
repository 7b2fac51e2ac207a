//! Numbers of a text that may decide its outcome: clocks, timestamps, graces, delays.

use crate::edit::Edit;
use crate::scan::{Line, Word, directives, statement};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;
use scenario::{Act, Statement, length, micros};

/// What a number counts, and so how it is written and how far it may be turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// How far a clock is ahead, microseconds: `+20ms`.
    Offset,
    /// A length of time, microseconds: `10d`.
    Span,
    /// A write's timestamp, microseconds since 1970: `1_000`.
    Stamp,
    /// Seconds: `864000`.
    Seconds,
}

/// A number that can be turned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dial {
    /// What it is, to follow "What if": `the clock of api`.
    pub what: String,
    /// What it counts.
    pub measure: Measure,
    /// Its bytes; empty where the text does not say it yet.
    pub span: Range<u32>,
    /// What is put before it where the text does not say it yet.
    pub lead: &'static str,
    /// What it is now.
    pub value: i64,
}

const SECOND: i64 = 1_000_000;
/// Cassandra's default of `gc_grace_seconds`.
const GRACE: i64 = 864_000;
const DAY: i64 = 86_400 * SECOND;
/// As long as a run may last; scenario's own limit is a little above.
const LONG: i64 = 3_000 * DAY;

impl Measure {
    /// A value as it is written in a text.
    #[must_use]
    pub fn written(self, value: i64) -> String {
        match self {
            Measure::Offset => length(value, true),
            Measure::Span => length(value, false),
            Measure::Stamp | Measure::Seconds => format!("{value}"),
        }
    }

    /// The least and the most that it can be.
    #[must_use]
    pub const fn limits(self) -> (i64, i64) {
        match self {
            Measure::Offset => (-LONG, LONG),
            Measure::Span => (0, LONG),
            Measure::Stamp => (i64::MIN + 1, i64::MAX),
            Measure::Seconds => (0, 630_720_000),
        }
    }

    /// Steps away from a value that are tried, near ones first: what a person would try.
    const fn strides(self) -> &'static [i64] {
        match self {
            Measure::Offset => &[1_000, 40_000, 5 * SECOND, 3_600 * SECOND, 20 * DAY],
            Measure::Span => &[2_000, 100_000, 10 * SECOND, 4 * 3_600 * SECOND, 2 * DAY, 40 * DAY],
            Measure::Stamp => &[1, 1_000, SECOND, 1_000 * SECOND, 1_000 * DAY],
            Measure::Seconds => &[10, 3_600, 86_400, 40 * 86_400],
        }
    }
}

impl Dial {
    /// The edit that turns it to this.
    #[must_use]
    pub fn turned(&self, value: i64) -> Edit {
        Edit::new(self.span.clone(), format!("{}{}", self.lead, self.measure.written(value)))
    }

    /// Values to try below the present one, or above it: near ones first. Where it is not 0, 0 is tried first, and its opposite.
    pub(crate) fn probes(&self, up: bool) -> Vec<i64> {
        let (low, high) = self.measure.limits();
        let beyond = |value: &i64| if up { *value > self.value } else { *value < self.value };
        let rests = match self.measure {
            Measure::Stamp => [self.value, self.value],
            Measure::Offset | Measure::Span | Measure::Seconds => [0, self.value.saturating_neg()],
        };
        let strides = self.measure.strides().iter();
        let strides =
            strides.map(|by| if up { self.value.saturating_add(*by) } else { self.value.saturating_sub(*by) });
        let mut all: Vec<i64> = Vec::new();
        for value in rests.into_iter().chain(strides).map(|value| value.clamp(low, high)).filter(beyond) {
            if !all.contains(&value) {
                all.push(value);
            }
        }
        all
    }
}

/// The numbers of a text that may decide its outcome, those nearest to a cause first: clocks, timestamps, graces, then delays and pauses.
#[must_use]
pub fn dials(text: &str) -> Vec<Dial> {
    let lines = directives(text);
    let (scenario, _) = scenario::parse(text);
    let mut all: Vec<(u8, Dial)> = lines.iter().flat_map(of_directive).collect();
    for step in &scenario.steps {
        if let Act::Cql(said) = &step.act {
            let words = statement(text.get(step.span.start as usize..step.span.end as usize).unwrap_or(""), step.span.start);
            all.extend(of_statement(said, &words));
        }
    }
    all.sort_by_key(|(rank, dial)| (*rank, dial.value == 0, dial.span.start));
    all.into_iter().map(|(_, dial)| dial).collect()
}

fn of_directive(line: &Line<'_>) -> Vec<(u8, Dial)> {
    let name = line.arg(0).map_or("", |word| word.text);
    let found = |rank: u8, what: String, measure: Measure, word: Option<Word<'_>>, lead: &'static str| {
        let end = line.span.end;
        let (span, value) = match &word {
            Some(word) => (word.span.clone(), micros(word.text)?),
            None => (end..end, 0),
        };
        let lead = if word.is_some() { "" } else { lead };
        Some((rank, Dial { what, measure, span, lead, value }))
    };
    let one = match line.verb() {
        "client" => found(0, format!("the clock of {name}"), Measure::Offset, line.key("clock"), " clock="),
        "clock" => {
            line.arg(1).and_then(|word| found(1, format!("the clock of {name}"), Measure::Offset, Some(word.clone()), ""))
        }
        "delay" | "reorder" => line.key("by").and_then(|word| {
            let to = line.arg(1).map_or("*", |word| word.text);
            found(5, format!("the {} from {name} to {to}", line.verb()), Measure::Span, Some(word), "")
        }),
        "advance" => {
            line.arg(0).and_then(|word| found(6, "the time that passes".into(), Measure::Span, Some(word.clone()), ""))
        }
        _ => None,
    };
    one.into_iter().collect()
}

fn of_statement(said: &Statement, words: &[Word<'_>]) -> Vec<(u8, Dial)> {
    let verb = words.first().map_or("", |word| word.text).to_ascii_lowercase();
    let mut all = Vec::new();
    all.extend(default_grace(words).map(|dial| (3, dial)));
    for (at, word) in words.iter().enumerate() {
        let next = |by: usize| words.get(at + by);
        let equals = next(1).is_some_and(|word| word.text == "=");
        let (rank, what, measure, number) = if word.is("TIMESTAMP") {
            (2, format!("the timestamp of {verb} {}", said.number), Measure::Stamp, next(1))
        } else if word.is("gc_grace_seconds") && equals {
            (3, String::from("gc_grace_seconds"), Measure::Seconds, next(2))
        } else if word.is("TTL") {
            (4, format!("the TTL of {verb} {}", said.number), Measure::Seconds, next(1))
        } else if word.is("default_time_to_live") && equals {
            (4, String::from("default_time_to_live"), Measure::Seconds, next(2))
        } else {
            continue;
        };
        if let Some((number, value)) = number.and_then(|word| Some((word, word.text.parse::<i64>().ok()?))) {
            all.push((rank, Dial { what, measure, span: number.span.clone(), lead: "", value }));
        }
    }
    all
}

/// The grace of a table whose statement does not say it.
fn default_grace(words: &[Word<'_>]) -> Option<Dial> {
    let [create, table, .., last] = words else { return None };
    let said = words.iter().any(|word| word.is("gc_grace_seconds"));
    if !create.is("CREATE") || !(table.is("TABLE") || table.is("COLUMNFAMILY")) || said {
        return None;
    }
    let end = if last.text == ";" { last.span.start } else { last.span.end };
    let with = words.iter().any(|word| word.is("WITH"));
    let lead = if with { " AND gc_grace_seconds = " } else { " WITH gc_grace_seconds = " };
    Some(Dial { what: "gc_grace_seconds".into(), measure: Measure::Seconds, span: end..end, lead, value: GRACE })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "--@ cluster nodes=3\n--@ client api driver=gocql clock=+20ms\n--@ client cron\n\
        CREATE TABLE t (k int PRIMARY KEY) WITH gc_grace_seconds = 60;\n--@ as api\n\
        INSERT INTO t (k) VALUES (1) USING TIMESTAMP 7 AND TTL 9;\n--@ delay n1 n2 by=5ms\n--@ advance 10d\nSELECT * FROM t;\n";

    #[test]
    fn numbers_are_found_where_they_stand() {
        let found: Vec<(String, i64)> = dials(TEXT).iter().map(|dial| (dial.what.clone(), dial.value)).collect();
        let expected = [
            ("the clock of api", 20_000),
            ("the clock of cron", 0),
            ("the timestamp of insert 2", 7),
            ("gc_grace_seconds", 60),
            ("the TTL of insert 2", 9),
            ("the delay from n1 to n2", 5_000),
            ("the time that passes", 10 * DAY),
        ];
        assert_eq!(found, expected.map(|(what, value)| (String::from(what), value)));
    }

    #[test]
    fn turning_writes_the_number() {
        let all = dials(TEXT);
        let turned = |at: usize, value: i64| crate::applied(TEXT, &[&all[at].turned(value)]);
        assert!(turned(0, -1_500).contains("clock=-1500us\n"));
        assert!(turned(1, 40_000).contains("--@ client cron clock=+40ms\n"));
        assert!(turned(3, 864_000).contains("gc_grace_seconds = 864000;"));
        assert!(turned(6, DAY).contains("--@ advance 1d\n"));
        for at in 0..all.len() {
            assert_eq!(dials(&turned(at, 12_000_000))[at].value, 12_000_000, "{}", all[at].what);
        }
    }
}
