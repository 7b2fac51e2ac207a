//! The world in which a guess is true.

use crate::Runner;
use crate::axis::axes;
use crate::dial::{dials, probes};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use scenario::told::{Choice, Wish};
use scenario::{Edit, Gist, applied, says};

/// The nearest change of the text of which comes what was guessed of statement `number`: first one number, then one change of the world. `None`: there
/// is no such world among those that were tried, or the runner had enough.
pub fn wish(text: &str, number: u32, guess: &str, run: &mut Runner<'_>) -> Option<Wish> {
    for dial in dials(text) {
        for value in probes(&dial, false).into_iter().chain(probes(&dial, true)) {
            let edit = dial.turned(value);
            let came = run(&applied(text, &[&edit]), None).filter(|came| says(guess, came.of_statement(number)));
            if let Some(came) = came {
                let label = format!("{}: {}", dial.what, dial.measure.written(value));
                return Some(Wish {
                    choice: Choice { label, edits: alloc::vec![edit] },
                    words: Gist::of(came.of_statement(number)).to_string(),
                });
            }
        }
    }
    for choice in axes(text).into_iter().flat_map(|axis| axis.choices).filter(|choice| !choice.edits.is_empty()) {
        let edits: Vec<&Edit> = choice.edits.iter().collect();
        if let Some(came) = run(&applied(text, &edits), None).filter(|came| says(guess, came.of_statement(number))) {
            return Some(Wish { choice, words: Gist::of(came.of_statement(number)).to_string() });
        }
    }
    None
}
