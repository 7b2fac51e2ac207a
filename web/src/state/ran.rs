//! A run that came to its end, as the page keeps it.

use crate::{
    highlight::Kind,
    reading::{Outcome, Reading},
    tale::Tale,
};
use std::rc::Rc;

/// A run as the history keeps it: its text is the whole of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// What somebody called it; empty: nobody did.
    pub name: String,
    /// The text with its outcomes.
    pub text: Rc<str>,
    /// Its title.
    pub title: String,
    /// How it ended, in a sentence.
    pub words: String,
    /// Its digest.
    pub digest: String,
}

impl Past {
    /// About how much room it takes.
    pub fn bytes(&self) -> usize {
        self.text.len() + self.name.len() + self.title.len() + self.words.len() + self.digest.len()
    }

    /// As one line of text: what is kept in the browser.
    pub fn written(&self) -> String {
        [&self.name, &self.title, &self.words, &self.digest, &*self.text]
            .map(|part| part.replace(BETWEEN, ""))
            .join(BETWEEN)
    }

    /// What was written so; none: it is something else.
    pub fn read(kept: &str) -> Option<Self> {
        let mut parts = kept.splitn(5, BETWEEN);
        let mut part = || parts.next().map(String::from);
        Some(Self { name: part()?, title: part()?, words: part()?, digest: part()?, text: part()?.into() })
    }
}

/// Between the parts of what is kept: a character that no text field gives.
const BETWEEN: &str = "\u{1}";

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
    /// What stood in the place of each outcome before the run.
    pub was: Vec<Option<Vec<String>>>,
}

impl Ran {
    /// What stood in the place of each outcome: under as many lines of the reader's own, for a bless never changes those.
    pub fn before(said: &Reading, blessed: &Reading) -> Vec<Option<Vec<String>>> {
        let old = above(said);
        let stood = |above: &usize| old.binary_search(above).ok().and_then(|at| said.outcomes.get(at));
        above(blessed).iter().map(|above| stood(above).map(|outcome| outcome.words.clone())).collect()
    }
}

/// How many lines that are no outcomes stand above each outcome.
fn above(reading: &Reading) -> Vec<usize> {
    let (mut own, mut at) = (0, 0);
    let up_to = |outcome: &Outcome| {
        let between = reading.lines.get(at..outcome.lines.start).unwrap_or_default();
        own += between.iter().filter(|line| !matches!(line.kind, Kind::Outcome | Kind::Account)).count();
        at = outcome.lines.start;
        own
    };
    reading.outcomes.iter().map(up_to).collect()
}
