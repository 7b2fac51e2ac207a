//! Time, chance, queue, machines, the network, faults as data.
//!
//! *Never*: sim knows no database and uses no std. It has no clock and no luck of its own: a machine is told the time and
//! handed its luck, and what it wants done it returns as [`Effect`]s, which somebody else performs.
//!
//! One event's life: the [`Queue`] gives the next due item, its owner's [`Machine::step`] runs with a [`Ctx`], and of the
//! effects it leaves each `Send` meets the [`Network`], whose [`Verdict`] says when it lands, or that it never does.
#![no_std]
extern crate alloc;

mod cause;
mod chance;
mod clock;
mod deadlines;
mod machine;
mod network;
mod queue;
mod time;

pub use cause::Cause;
pub use chance::{Chance, FAULT_STREAM};
pub use clock::Clock;
pub use deadlines::Deadlines;
pub use machine::{Ctx, Effect, Id, Machine};
pub use network::{Action, Cut, Latency, Loss, Network, PPM, Rule, Side, Verdict};
pub use queue::{Queue, Ticket};
pub use time::{Span, Time};
