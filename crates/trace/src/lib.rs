//! What happened: facts in columns, their words, their digest, their bytes, and views folded from them.
//!
//! *Never*: trace decides nothing. It writes down what others did and folds it with `storage`'s own join, never with a
//! rule of its own; it prints no key and no value (a reader hands in [`Names`]), and uses no std.
//!
//! One event's life: a machine notes a [`Fact`]; the world adds who, when and because of what and calls
//! [`Trace::note`], which spreads it over columns and interns its payload. From then on it is read through a [`Log`],
//! from the [`Trace`] itself or from bytes that crossed to the page ([`Received`]).
//!
//! ```text
//! Trace::note ─► columns, payloads ─┬─ to_bytes ─► Received::open ─┐
//!                                   └──────────── Log ◄────────────┘
//!                                                  ├─ Words::line     the log, the golden file
//!                                                  ├─ Log::digest     one number for the run
//!                                                  └─ Index::build ─┬─ View::at      the world at an event
//!                                                                   ├─ Story         statements, anomalies
//!                                                                   └─ explain, verdict   why, in six sentences
//! ```
//!
//! A new fact is a variant of [`Fact`], a number in [`Kind`], its columns in `trace.rs` (encode) and `decode.rs`, and
//! its line in `line.rs`; the compiler asks for each. `tests/common` wants one of every fact.
#![no_std]
extern crate alloc;

mod bytes;
mod chain;
mod column;
mod dated;
mod decode;
mod dictionary;
mod digest;
mod error;
mod event;
mod explain;
mod fact;
mod flights;
mod fold;
mod gather;
mod heap;
mod index;
mod indexing;
mod kind;
mod line;
mod log;
mod names;
mod paxos;
mod payload;
mod received;
mod replica;
mod scan;
mod schema;
mod shared;
mod sorted;
mod story;
mod tell;
mod trace;
#[rustfmt::skip]
#[allow(missing_docs, dead_code, clippy::all, clippy::unwrap_used, reason = "generated")]
mod trace_capnp;
mod unit;
mod verdict;
mod view;
mod words;
mod work;
mod worldly;
mod writes;

pub use chain::{CHAIN_MAX, Chain, Dating, Link, Reason};
pub use dated::{Dated, Length, Offset};
pub use dictionary::Dictionary;
pub use digest::{DIGEST_ALGORITHM, Digest, Digester};
pub use error::Error;
pub use event::{Event, EventId};
pub use explain::explain;
pub use fact::{Carries, ErrorInfo, Fact, HintState, Loss, Message, Met, Outcome, Place, Source, Work};
pub use index::{Index, PartitionNo, ROW_WRITES_MAX};
pub use indexing::Indexing;
pub use kind::{Kind, Said};
pub use line::{Line, Words};
pub use log::Log;
pub use names::{Names, Plain};
pub use paxos::PaxosStep;
pub use payload::Shape;
pub use received::Received;
pub use replica::{Atom, AtomView, Cover, ReplicaView, RowView, Sight, Written};
pub use schema::{ColumnInfo, MachineInfo, MachineKind, Role, TableInfo};
pub use shared::Shared;
pub use story::{Anomaly, AnomalyKind, Statement, Story};
pub use trace::{EVENTS_MAX, PAYLOAD_BYTES_MAX, Trace, WORLD};
pub use verdict::{Because, Verdict, verdict};
pub use view::{Coming, FLIGHTS_MAX, Flight, Focus, MachineView, PartitionView, View, Window};
pub use worldly::CutView;
