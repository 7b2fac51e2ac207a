//! Lightweight transactions: Paxos over one partition, as Cassandra 5.0 runs it (its variant v1, the one it comes with).
//!
//! ```text
//! coordinator            replicas                          a replica keeps of each partition
//!   │ prepare b ────────▶ promise nothing older than b         promised   the newest ballot seen
//!   │ ◀── promise: what was accepted, what was committed       accepted   the last proposal taken, perhaps never decided
//!   │ accepted and never committed? propose it again, commit, begin anew
//!   │ somebody lacks the last commit? send it, begin anew
//!   │ read at QUORUM, decide
//!   │ propose b ────────▶ accept, unless a newer was promised
//!   │ commit b ─────────▶ write it, dated b                    committed  the last that is known to be decided
//!   ▼ [applied]
//! ```
//!
//! A ballot is a time, so what is committed is dated by it and meets plain writes as any write does (semantics.md 11, d3).
//! Whoever is refused waits a moment of its own luck and begins anew (real-cluster.md f).

mod acceptor;
mod ballot;
mod op;
mod proposer;
mod rounds;

pub(crate) use acceptor::Acceptors;
pub use acceptor::{Promise, Proposal};
pub use ballot::Ballot;
pub(crate) use op::{PaxosOp, Serial, Then, Work};
pub(crate) use rounds::cas_timeout;

use cql::Consistency;

/// The level at which plain reads and replays of a serial level are done.
pub(crate) fn plain(level: Consistency) -> Consistency {
    if level == Consistency::LocalSerial { Consistency::LocalQuorum } else { Consistency::Quorum }
}
