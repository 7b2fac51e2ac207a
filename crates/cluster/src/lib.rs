//! Node, coordinator, replica, ring, hints, repair, Paxos.
//!
//! *Never*: cluster does not know who its client is. It hears [`cql::Request`]s from a number and answers that number.
//!
//! One statement's life: [`Node::step`](sim::Machine::step) gets `Request` → `request.rs` parses, plans, dates it → `write.rs`
//! finds the replicas ([`Placement`]), checks that enough are believed alive, sends a mutation to each → each one's
//! `replica.rs` joins it into its engine and acknowledges → `write.rs` counts until the consistency level is met and answers.
//! A read goes the same way by `read.rs`, which asks one replica for data and others for digests, and where they differ
//! joins all (`merge.rs`) and writes back what each lacked. What a replica missed is kept for it in `hints.rs`. A statement
//! with an `IF`, and a read at a serial level, go by `paxos.rs`.
#![no_std]
extern crate alloc;

mod catalog;
mod consistency;
mod describe;
mod hints;
mod merge;
mod message;
mod node;
mod ops;
mod paxos;
mod prepared;
mod read;
mod repair;
mod replica;
mod request;
mod ring;
mod schema;
mod stamp;
mod system;
mod truncate;
mod write;

pub use catalog::{Catalog, Home};
pub use message::{Answer, Depth, Message, Question, Round, Seen, Target, Timeouts, Timer, Why};
pub use node::{Input, Node, Order, Outbound, Settings};
pub use paxos::{Ballot, Promise, Proposal};
pub use ring::{Placement, Ring, Strategy, Stretch};
pub use stamp::Stamper;
pub use system::{Address, TimeUuid, Traced, TracedEvent};
pub use write::REPLICAS_MAX;
