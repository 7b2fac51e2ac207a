//! A run that came to its end, as the page keeps it.

use crate::{highlight::Kind, reading::Reading, tale::Tale};
use std::{collections::BTreeMap, rc::Rc};

/// A run that came to its end.
#[derive(Debug)]
pub struct Ran {
    /// The text that was run.
    pub text: Rc<str>,
    /// The same text with its outcomes.
    pub blessed: Rc<str>,
    /// What the blessed text says.
    pub reading: Rc<Reading>,
    /// What happened.
    pub tale: Tale,
    /// The run's digest, in hexadecimal.
    pub digest: String,
    /// Why it ended before its last step; empty: it did not.
    pub stopped: String,
    /// A short digest per statement, for the link.
    pub outcomes: Vec<u16>,
    /// The outcomes that stood in the text before, by how many lines of the reader's own stand above each.
    pub was: BTreeMap<usize, Vec<String>>,
}

impl Ran {
    /// Outcomes by how many lines that are no outcomes stand above them: a bless never changes that number.
    pub fn standing(reading: &Reading) -> BTreeMap<usize, Vec<String>> {
        let own = |before: usize| {
            reading.lines.iter().take(before).filter(|line| !matches!(line.kind, Kind::Outcome | Kind::Account)).count()
        };
        reading.outcomes.iter().map(|outcome| (own(outcome.lines.start), outcome.words.clone())).collect()
    }

    /// What stood where this outcome of the blessed text stands, before the run.
    pub fn was(&self, block: usize) -> Option<Vec<String>> {
        let above = Self::standing(&self.reading).into_keys().nth(block)?;
        self.was.get(&above).cloned()
    }
}
