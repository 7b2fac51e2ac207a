//! The worker: a thread of its own with the model in it. It is given a text, and gives back the text with its outcomes and
//! the trace of all that happened, in one piece of bytes that is handed over, not copied.
//!
//! *Never*: it draws nothing, keeps nothing between runs, and asks nobody outside.
//!
//! One run: the page posts a text, or began the worker with a link for its name; `scenario::bless` runs it on a [`world::World`], and between two steps [`Teller`] says how
//! far it is; what came of it crosses as [`scenario::wire::Done`]. To end a run the page ends the worker. A question about a text
//! is answered by `ask`, which is lent the same way to run a text, many times over and without a trace.

mod answer;
mod run;

pub use answer::answer;
pub use run::run;

#[cfg(target_arch = "wasm32")]
mod port;
#[cfg(target_arch = "wasm32")]
pub use port::start;
