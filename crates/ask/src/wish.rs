//! The world in which a guess is true.

use crate::Runner;
use crate::axis::axes;
use crate::came::{is_error, short};
use crate::dial::{dials, probes};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use scenario::told::{Choice, Wish};
use scenario::{Edit, applied};

/// The nearest change of the text of which comes what was guessed of statement `number`: first one number, then one change of the world. `None`: there
/// is no such world among those that were tried, or the runner had enough.
pub fn wish(text: &str, number: u32, guess: &str, run: &mut Runner<'_>) -> Option<Wish> {
    for dial in dials(text) {
        for value in probes(&dial, false).into_iter().chain(probes(&dial, true)) {
            let edit = dial.turned(value);
            let came = run(&applied(text, &[&edit]), None).filter(|came| means(guess, came.of_statement(number)));
            if let Some(came) = came {
                let label = format!("{}: {}", dial.what, dial.measure.written(value));
                return Some(Wish {
                    choice: Choice { label, edits: alloc::vec![edit] },
                    words: short(came.of_statement(number)),
                });
            }
        }
    }
    for choice in axes(text).into_iter().flat_map(|axis| axis.choices).filter(|choice| !choice.edits.is_empty()) {
        let edits: Vec<&Edit> = choice.edits.iter().collect();
        if let Some(came) = run(&applied(text, &edits), None).filter(|came| means(guess, came.of_statement(number))) {
            return Some(Wish { choice, words: short(came.of_statement(number)) });
        }
    }
    None
}

/// Whether a guess says what came: a number stands for rows or for the only value, `an error` for any.
fn means(guess: &str, lines: &[String]) -> bool {
    let (guess, short) = (guess.trim(), short(lines));
    let rows = short.strip_suffix(" rows").or(short.strip_suffix(" row"));
    short == guess
        || rows == Some(guess)
        || short.split_once(" = ").is_some_and(|(_, value)| value == guess)
        || (guess == "an error" && lines.first().is_some_and(|line| is_error(line)))
}
