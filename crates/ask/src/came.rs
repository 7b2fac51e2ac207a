//! What a run came to, in so far as runs are compared: the outcome that the verdict speaks of.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use scenario::{Answer, Blessed, End};

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Came {
    /// The number of the statement that is judged; 0: no statement said anything.
    pub number: u32,
    /// Its outcome, line by line; empty when every statement succeeded and none was a read.
    pub lines: Vec<String>,
    /// Every statement's outcome: its number and its lines.
    pub all: Vec<(u32, Vec<String>)>,
    /// What the run cost, in events.
    pub events: u64,
    /// When other luck began, true time in microseconds, if it was asked for.
    pub reseeded: u64,
}

impl Came {
    /// What a blessed text came to. `None` when it did not run to its end.
    #[must_use]
    pub fn of(blessed: &Blessed) -> Option<Came> {
        if blessed.end != End::Whole {
            return None;
        }
        let said = |answer: &&Answer| !answer.lines.is_empty();
        let last = blessed.answers.last();
        // A success at the end does not undo an error before it; a write that says nothing leaves the last read to speak.
        let judged = match last {
            Some(answer) if !answer.lines.is_empty() => Some(answer),
            _ => {
                let failed = |answer: &&Answer| answer.lines.first().is_some_and(|line| is_error(line));
                blessed.answers.iter().rev().find(failed).or_else(|| blessed.answers.iter().rev().find(said))
            }
        };
        Some(Came {
            number: judged.map_or(0, |answer| answer.number),
            lines: judged.map(|answer| answer.lines.clone()).unwrap_or_default(),
            all: blessed.answers.iter().map(|answer| (answer.number, answer.lines.clone())).collect(),
            events: blessed.progress.events,
            reseeded: 0,
        })
    }

    /// The outcome of that statement.
    #[must_use]
    pub fn of_statement(&self, number: u32) -> &[String] {
        self.all.iter().find(|(other, _)| *other == number).map_or(&[], |(_, lines)| lines)
    }

    /// In few words.
    #[must_use]
    pub fn short(&self) -> String {
        if self.lines.is_empty() { "ok".into() } else { short(&self.lines) }
    }

    /// Whether the same came of it: the same rows of the same statement, or the same error.
    #[must_use]
    pub fn same(&self, other: &Came) -> bool {
        self.lines == other.lines
    }
}

pub(crate) fn is_error(line: &str) -> bool {
    line.starts_with("Error ") || line.starts_with("Client(")
}

/// An outcome in few words: `1 row`, an error's name, or the only value of the only row.
#[must_use]
pub fn short(lines: &[String]) -> String {
    let Some(first) = lines.first() else { return String::new() };
    if is_error(first) {
        return first.split('(').next().unwrap_or(first).trim_start_matches("Error ").trim().into();
    }
    let counted = |line: &String| line.trim().strip_prefix('(')?.strip_suffix(" rows)")?.parse::<u64>().ok();
    let rows = lines.iter().rev().find_map(counted);
    let value = lines.get(2).map(|value| value.trim());
    let rows = match (rows, value) {
        (Some(1), Some(value)) if first.trim() == "count" => value.parse().ok(),
        // One row of one column says itself.
        (Some(1), Some(value)) if !first.contains('|') => return format!("{} = {value}", first.trim()),
        (rows, _) => rows,
    };
    match rows {
        Some(1) => "1 row".into(),
        Some(rows) => format!("{rows} rows"),
        None => first.trim().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_words() {
        let said = |text: &str| short(&text.lines().map(String::from).collect::<Vec<_>>());
        assert_eq!(said("count\n-----\n    0\n\n(1 rows)"), "0 rows");
        assert_eq!(said("count\n-----\n    1\n\n(1 rows)"), "1 row");
        assert_eq!(said("v\n---\n 7\n\n(1 rows)"), "v = 7");
        assert_eq!(said("a | b\n--+--\n1 | 2\n\n(1 rows)"), "1 row");
        assert_eq!(said("a | b\n\n(0 rows)"), "0 rows");
        assert_eq!(said("Error Unavailable(consistency=QUORUM required=2 alive=1)"), "Unavailable");
        assert_eq!(said("Client(NoHost)"), "Client");
    }
}
