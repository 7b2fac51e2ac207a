//! Numbers of a text that may decide its outcome: clocks, timestamps, graces, delays.

use crate::scan::{Line, Word, directives, said};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use scenario::told::{Dial, Measure};
use scenario::{Act, Statement, micros};

const SECOND: i64 = 1_000_000;
/// Cassandra's default of `gc_grace_seconds`.
const GRACE: i64 = 864_000;
const DAY: i64 = 86_400 * SECOND;
/// Steps away from a value that are tried, near ones first: what a person would try.
const fn strides(measure: Measure) -> &'static [i64] {
    match measure {
        Measure::Offset => &[1_000, 40_000, 5 * SECOND, 3_600 * SECOND, 20 * DAY],
        Measure::Span => &[2_000, 100_000, 10 * SECOND, 4 * 3_600 * SECOND, 2 * DAY, 40 * DAY],
        Measure::Stamp => &[1, 1_000, SECOND, 1_000 * SECOND, 1_000 * DAY],
        Measure::Seconds => &[10, 3_600, 86_400, 40 * 86_400],
    }
}

/// Values to try below the present one, or above it: near ones first. Where it is not 0, 0 is tried first, and its opposite.
pub(crate) fn probes(dial: &Dial, up: bool) -> Vec<i64> {
    let (low, high) = dial.measure.limits();
    let beyond = |value: &i64| if up { *value > dial.value } else { *value < dial.value };
    let rests = match dial.measure {
        Measure::Stamp => [dial.value, dial.value],
        Measure::Offset | Measure::Span | Measure::Seconds => [0, dial.value.saturating_neg()],
    };
    let strides = strides(dial.measure).iter();
    let strides = strides.map(|by| if up { dial.value.saturating_add(*by) } else { dial.value.saturating_sub(*by) });
    let mut all: Vec<i64> = Vec::new();
    for value in rests.into_iter().chain(strides).map(|value| value.clamp(low, high)).filter(beyond) {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}

/// The numbers of a text that may decide its outcome, those nearest to a cause first: clocks, timestamps, graces, then delays and pauses.
#[must_use]
pub fn dials(text: &str) -> Vec<Dial> {
    let lines = directives(text);
    let (scenario, _) = scenario::parse(text);
    let mut all: Vec<(u8, Dial)> = lines.iter().flat_map(of_directive).collect();
    for step in &scenario.steps {
        if let Act::Cql(statement) = &step.act {
            all.extend(of_statement(statement, &said(text, step)));
        }
    }
    let order = |(rank, dial): &(u8, Dial)| (*rank, dial.value == 0, dial.span.start);
    let mut sorted: Vec<(u8, Dial)> = Vec::with_capacity(all.len());
    for found in all {
        sorted.insert(sorted.partition_point(|other| order(other) <= order(&found)), found);
    }
    sorted.into_iter().map(|(_, dial)| dial).collect()
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
        Some((rank, Dial { what, measure, span, lead: lead.into(), value }))
    };
    let one = match line.verb() {
        "client" => found(0, format!("the clock of {name}"), Measure::Offset, line.key("clock"), " clock="),
        "clock" => line
            .arg(1)
            .and_then(|word| found(1, format!("the clock of {name}"), Measure::Offset, Some(word.clone()), "")),
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
            all.push((rank, Dial { what, measure, span: number.span.clone(), lead: String::new(), value }));
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
    Some(Dial {
        what: "gc_grace_seconds".into(),
        measure: Measure::Seconds,
        span: end..end,
        lead: lead.into(),
        value: GRACE,
    })
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
        let turned = |at: usize, value: i64| scenario::applied(TEXT, &[&all[at].turned(value)]);
        assert!(turned(0, -1_500).contains("clock=-1500us\n"));
        assert!(turned(1, 40_000).contains("--@ client cron clock=+40ms\n"));
        assert!(turned(3, 864_000).contains("gc_grace_seconds = 864000;"));
        assert!(turned(6, DAY).contains("--@ advance 1d\n"));
        for (at, dial) in all.iter().enumerate() {
            assert_eq!(dials(&turned(at, 12_000_000))[at].value, 12_000_000, "{}", dial.what);
        }
    }
}
