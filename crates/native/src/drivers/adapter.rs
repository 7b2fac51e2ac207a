//! Drivers in other languages: a program each, one JSON line in, one out (`adapters/` at the top of the project).
//!
//! A program's life: the [`table`] says from which files it is made and how it is started, [`build`] makes it once for each
//! version of those files, a [`Process`] keeps it warm, a [`Remote`] is its session at one node, and [`answer`] reads what it says.
//! A clock that is off is the machine's: for Go through its own `time.Now` ([`overlay`]), for the others through libfaketime ([`wall`]).

mod answer;
mod build;
mod overlay;
mod process;
mod table;
mod wall;

pub use build::cache;
pub use process::{Idle, Process, Remote};
pub use table::{Adapter, Toolchain, adapter, adapters};
pub use wall::Wall;
