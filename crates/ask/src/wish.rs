//! The world in which a guess is true.

use crate::axis::axes;
use crate::dial::dials;
use crate::edit::{Edit, applied};
use crate::{Came, Runner};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A change that makes a guess true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// What is changed, in few words.
    pub label: String,
    /// The edits that do it.
    pub edits: Vec<Edit>,
    /// What comes of it.
    pub words: String,
}

/// The nearest change of the text of which comes what was guessed: first one number, then one change of the world. `None`: there
/// is no such world among those that were tried, or the runner had enough.
pub fn wish(text: &str, guess: &str, run: &mut Runner<'_>) -> Option<Wish> {
    for dial in dials(text) {
        for value in dial.probes(false).into_iter().chain(dial.probes(true)) {
            let edit = dial.turned(value);
            let came = run(&applied(text, &[&edit])).filter(|came| means(guess, came));
            if let Some(came) = came {
                let label = format!("{}: {}", dial.what, dial.measure.written(value));
                return Some(Wish { label, edits: alloc::vec![edit], words: came.short() });
            }
        }
    }
    for choice in axes(text).into_iter().flat_map(|axis| axis.choices).filter(|choice| !choice.edits.is_empty()) {
        let edits: Vec<&Edit> = choice.edits.iter().collect();
        if let Some(came) = run(&applied(text, &edits)).filter(|came| means(guess, came)) {
            return Some(Wish { label: choice.label, edits: choice.edits, words: came.short() });
        }
    }
    None
}

/// Whether a guess says what came: a number stands for rows or for the only value, `an error` for any.
fn means(guess: &str, came: &Came) -> bool {
    let (guess, short) = (guess.trim(), came.short());
    let rows = short.strip_suffix(" rows").or(short.strip_suffix(" row"));
    short == guess || rows == Some(guess) || short.split_once(" = ").is_some_and(|(_, value)| value == guess)
        || (guess == "an error" && came.failed())
}
