//! Questions whose answers are whole runs: which number would have changed the outcome, and where it tips; what becomes of the
//! same text under other consistency, clocks, drivers; in which world a guess is true; in how many futures the outcome is this.
//!
//! *Never*: ask runs nothing itself and does not know what runs. It is handed a runner, gives it texts, and compares what came.
//!
//! One question's life: [`dials`] and [`axes`] find in a text what can be changed, as [`Edit`]s of that text; each change is
//! a text of its own, handed to the runner; what it [`Came`] to is one outcome, the one that the verdict speaks of. So every answer
//! is a text that anybody can run again.
#![no_std]
extern crate alloc;

mod axis;
mod came;
mod dial;
mod edit;
mod futures;
mod grid;
mod scan;
mod tip;
mod wish;

pub use axis::{Axis, Choice, axes};
pub use came::{Came, short};
pub use dial::{Dial, Measure, dials};
pub use edit::{Edit, applied};
pub use futures::{Futures, futures};
pub use grid::{Cell, Grid, grid};
pub use tip::{Side, Tip, tip};
pub use wish::{Wish, wish};

/// Runs a text to its end. `None`: it was not run to its end, because of a fault, a limit, or because enough was run already.
pub type Runner<'a> = dyn FnMut(&str) -> Option<Came> + 'a;
