//! How an outcome that stands in the text stands to the last run.

use crate::{
    panes::editor::{Last, Props},
    state::same,
};
use scenario::Gist;

/// How an outcome stands to the last run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Written, not run here.
    Written,
    /// The run says the same.
    Same,
    /// The text has changed since.
    Stale,
    /// The run says something else than what stood there.
    Differs(String, String),
    /// Folded until the question is answered.
    Folded,
}

impl Standing {
    /// Its class in the style sheet.
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Written | Self::Same => "",
            Self::Stale => "stale",
            Self::Differs(..) => "diff",
            Self::Folded => "fold",
        }
    }

    /// What is said of it; empty: nothing.
    pub fn tag(&self) -> String {
        match self {
            Self::Written => String::new(),
            Self::Same => "✓".into(),
            Self::Stale => "⋯ edited since; Run again".into(),
            Self::Differs(was, is) if was == is => "≠ other values than before".into(),
            Self::Differs(was, is) => format!("≠ was {was}, is {is}"),
            Self::Folded => "folded until you have guessed".into(),
        }
    }
}

/// How this block of the text stands to the last run.
pub fn standing(block: usize, props: &Props) -> Standing {
    let Some(outcome) = props.reading.outcomes.get(block) else { return Standing::Written };
    let hides = |first: Option<usize>| first.is_some_and(|first| block >= first);
    if props.fold && props.reading.questions.iter().any(|question| hides(question.outcome)) {
        return Standing::Folded;
    }
    let Some(Last(ran)) = &props.ran else { return Standing::Written };
    if !same(&ran.blessed, &props.text) {
        return if same(&ran.text, &props.text) { Standing::Written } else { Standing::Stale };
    }
    // What stood there before this run, in the text that was run.
    match ran.was.get(block) {
        Some(Some(was)) if *was != outcome.words => {
            Standing::Differs(Gist::of(was).to_string(), Gist::of(&outcome.words).to_string())
        }
        _ => Standing::Same,
    }
}
