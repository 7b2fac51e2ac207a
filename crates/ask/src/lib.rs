//! Questions whose answers are whole runs: which number would have changed the outcome, and where it tips; what becomes of the
//! same text under other consistency, clocks, drivers; in which world a guess is true; in how many futures the outcome is this.
//!
//! *Never*: ask runs nothing itself and does not know what runs. It is handed a runner, gives it texts, and compares what came.
//!
//! One question's life: [`dials`] and [`axes`] find in a text what can be changed, as edits of that text; each change is
//! a text of its own, handed to the runner; what it [`Came`] to is one outcome, the one that the verdict speaks of. So every answer
//! is a text that anybody can run again.
#![no_std]
extern crate alloc;

mod axis;
mod came;
mod decided;
mod dial;
mod futures;
mod grid;
mod reach;
mod scan;
mod tip;
mod wish;

pub use axis::{Axis, axes};
pub use came::Came;
pub use decided::decided;
pub use dial::dials;
pub use futures::futures;
pub use grid::grid;
pub use tip::tip;
pub use wish::wish;

use alloc::vec::Vec;
use scenario::Edit;
use scenario::told::{Choice, Question, Told};

/// The answer to a question about a text.
pub fn answer(text: &str, question: &Question, run: &mut Runner<'_>) -> Told {
    let told = match question {
        Question::Tip => tip(text, run).map(Told::Tip),
        Question::Grid(rows, columns) => {
            let axes = axes(text);
            let axis = |at: &u16| axes.get(usize::from(*at));
            let pair = axis(rows).zip(axis(columns)).filter(|_| rows != columns);
            pair.and_then(|(rows, columns)| grid(text, rows, columns, run)).map(|grid| {
                let axes = axes.iter().map(|axis| axis.name.into()).collect();
                Told::Grid(scenario::told::Grid { axes, ..grid })
            })
        }
        Question::Wish(number, guess) => wish(text, *number, guess, run).map(Told::Wish),
        Question::Futures(of) => futures(text, u32::from(*of), run).map(Told::Futures),
        Question::Decided(of) => decided(text, *of, run).map(Told::Decided),
        Question::Meaning => Some(Told::Meaning(scenario::meaning(text))),
        Question::Complete(at) => Some(Told::Words(scenario::complete(text, *at))),
        Question::Explain(at) => scenario::explain(text, *at).map(|word| Told::Words([word].into())),
        Question::Format => change("Put in order.", scenario::format(text)),
        Question::Rename(at, name) => change("Renamed.", scenario::rename(text, *at, name)),
    };
    told.unwrap_or(Told::Nothing)
}

fn change(label: &str, edits: Vec<Edit>) -> Option<Told> {
    (!edits.is_empty()).then(|| Told::Change(Choice { label: label.into(), edits }))
}

/// Runs a text to its end, if asked to with other luck from an event on. `None`: it was not run to its end, because of a fault, a
/// limit, or because enough was run already.
pub type Runner<'a> = dyn FnMut(&str, Option<Reseed>) -> Option<Came> + 'a;

/// The same past with another future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reseed {
    /// After so many events of the run.
    pub after: u64,
    /// Where luck comes from then.
    pub seed: u64,
}
