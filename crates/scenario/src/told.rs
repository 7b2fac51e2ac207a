//! What whole runs of a text and its changes tell, as data: `ask` finds it out, the wire carries it, the page draws it.

use crate::complete::Completion;
use crate::edit::Edit;
use crate::meaning::Meaning;
use crate::value::length;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;

/// A question about a text, to be answered by whole runs of it and of its changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The number that would have changed the outcome.
    Tip,
    /// What comes of two axes' choices, each by its place among the axes of the text.
    Grid(u16, u16),
    /// The world in which this is a true guess of what comes of that statement.
    Wish(u32, String),
    /// So many other seeds.
    Futures(u16),
    /// From when on so many futures with other luck come to the same.
    Decided(u16),
    /// What the text means; nothing is run for it.
    Meaning,
    /// What could stand at this byte; nothing is run for this and for what follows.
    Complete(u32),
    /// What stands at this byte.
    Explain(u32),
    /// The text in order.
    Format,
    /// Another name for the table whose name stands at this byte.
    Rename(u32, String),
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// There is none, or it was not found within what may be run for a question.
    Nothing,
    /// To [`Question::Tip`].
    Tip(Tip),
    /// To [`Question::Grid`].
    Grid(Grid),
    /// To [`Question::Wish`].
    Wish(Wish),
    /// To [`Question::Futures`].
    Futures(Futures),
    /// To [`Question::Decided`].
    Decided(Decided),
    /// To [`Question::Meaning`].
    Meaning(Meaning),
    /// To [`Question::Complete`] and [`Question::Explain`].
    Words(Vec<Completion>),
    /// To [`Question::Format`] and [`Question::Rename`].
    Change(Choice),
}

/// From when on what comes of a text is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// True time of the first event after which nothing changes it, microseconds. 0: nothing ever could; the largest number:
    /// nothing is decided before the end.
    pub at: u64,
    /// In so many futures, each with other luck from that event on.
    pub of: u16,
}

/// What a number counts, and so how it is written and how far it may be turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// How far a clock is ahead, microseconds: `+20ms`.
    Offset,
    /// A length of time, microseconds: `10d`.
    Span,
    /// A write's timestamp, microseconds since 1970.
    Stamp,
    /// Seconds: `864000`.
    Seconds,
}

impl Measure {
    /// Every measure, in the order of their numbers on the wire.
    pub const ALL: [Measure; 4] = [Measure::Offset, Measure::Span, Measure::Stamp, Measure::Seconds];

    /// A value as it is written in a text.
    #[must_use]
    pub fn written(self, value: i64) -> String {
        match self {
            Measure::Offset => length(value, true),
            Measure::Span => length(value, false),
            Measure::Stamp | Measure::Seconds => value.to_string(),
        }
    }

    /// The least and the most that it can be.
    #[must_use]
    pub const fn limits(self) -> (i64, i64) {
        /// As long as a run may last, about: the parser's own limit is a little above.
        const LONG: i64 = 3_000 * 86_400_000_000;
        match self {
            Measure::Offset => (-LONG, LONG),
            Measure::Span => (0, LONG),
            Measure::Stamp => (i64::MIN + 1, i64::MAX),
            Measure::Seconds => (0, 630_720_000),
        }
    }
}

/// A number of a text that can be turned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dial {
    /// What it is, to follow "What if": `the clock of api`.
    pub what: String,
    /// What it counts.
    pub measure: Measure,
    /// Its bytes; empty where the text does not say it yet.
    pub span: Range<u32>,
    /// What is put before it where the text does not say it yet.
    pub lead: String,
    /// What it is now.
    pub value: i64,
}

impl Dial {
    /// The edit that turns it to this.
    #[must_use]
    pub fn turned(&self, value: i64) -> Edit {
        Edit::new(self.span.clone(), format!("{}{}", self.lead, self.measure.written(value)))
    }
}

/// A number that decides, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The number.
    pub dial: Dial,
    /// What came of the text as it is.
    pub here: String,
    /// Where something else comes of it: below the present value, above it, or both; at least one.
    pub sides: Vec<Side>,
}

/// The other side of a tipping point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The value nearest to the present one from which on something else comes of the text.
    pub at: i64,
    /// What comes of it there.
    pub words: String,
}

/// A choice: what it is called and what it does to the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// In few words.
    pub label: String,
    /// Its edits; none: the text as it is.
    pub edits: Vec<Edit>,
}

/// A change that makes a guess true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The change.
    pub choice: Choice,
    /// What comes of it.
    pub words: String,
}

/// Runs over two axes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// What the axes of the text are called, of which two are here.
    pub axes: Vec<String>,
    /// What is chosen line by line; the first is the text as it is.
    pub rows: Vec<Choice>,
    /// What is chosen column by column; the first is the text as it is.
    pub columns: Vec<Choice>,
    /// The cells, line by line.
    pub cells: Vec<Cell>,
    /// What can be learned from it.
    pub moral: String,
}

/// What came of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// In few words; empty: it does not run to its end.
    pub words: String,
    /// Whether it is what comes of the text as it is.
    pub same: bool,
}

/// How often which outcome came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Futures {
    /// Outcomes in few words, the most frequent first, and how many seeds gave each.
    pub outcomes: Vec<(String, u32)>,
    /// How many seeds were run.
    pub of: u32,
    /// How many gave what the text's own seed gives.
    pub same: u32,
}
