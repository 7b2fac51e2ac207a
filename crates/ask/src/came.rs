//! What a run came to, in so far as runs are compared: the outcome that the verdict speaks of.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use scenario::{Answer, Blessed, End, Gist, apart, is_error};

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
        match Gist::of(&self.lines) {
            Gist::Nothing => "ok".into(),
            gist => gist.to_string(),
        }
    }

    /// This and another in few words each, so that they differ in words where they differ.
    #[must_use]
    pub fn apart(&self, other: &Came) -> (String, String) {
        if self.lines.is_empty() || other.lines.is_empty() {
            return (self.short(), other.short());
        }
        apart(&self.lines, &other.lines)
    }

    /// Whether the same came of it: the same rows of the same statement, or the same error.
    #[must_use]
    pub fn same(&self, other: &Came) -> bool {
        self.lines == other.lines
    }
}
