//! All machines on one queue: the model as a [`scenario::Backend`].
//!
//! *Never*: world formats no text, draws nothing and touches no I/O.
//!
//! A step's life: [`World::perform`](scenario::Backend::perform) hands a statement to its client's driver; what the driver
//! sends meets the network's verdict and the queue; the queue hands it to a node, whose effects go the same way; and so
//! on until the driver says what came of it. Everything that happens on the way is noted in the [`trace::Trace`], each
//! fact with its cause.
#![no_std]
extern crate alloc;

mod account;
mod backend;
mod gossip;
mod machines;
mod orders;
mod outcome;
mod run;
mod swap;
mod tell;
mod world;

pub use account::Became;
pub use world::{Error, Limits, Unswapped, World};
