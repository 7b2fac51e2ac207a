//! What nodes say to each other, and why they wake.

use crate::paxos::{Ballot, Promise, Proposal};
use alloc::rc::Rc;
use alloc::vec::Vec;
use sim::{Id, Span};
use storage::{KeyRange, Mutation, PartitionKey, ReadCommand, TableId};
use trace::Place;

/// One node to another, or to itself.
#[derive(Clone, Debug)]
pub enum Message {
    /// Join this into what you hold.
    Write {
        /// The coordinator's operation.
        op: u64,
        /// Which of its mutations this is.
        part: u32,
        /// What to join.
        mutation: Rc<Mutation>,
        /// Why it is sent.
        why: Why,
    },
    /// It is written.
    Written {
        /// The coordinator's operation.
        op: u64,
        /// Which of its mutations.
        part: u32,
    },
    /// What do you hold?
    Read {
        /// The coordinator's operation and its round.
        round: Round,
        /// The question.
        question: Rc<Question>,
        /// How much of the answer is wanted.
        depth: Depth,
    },
    /// This is what I hold.
    Held {
        /// The round it answers.
        round: Round,
        /// The data.
        answer: Rc<Answer>,
        /// What was counted on the way.
        seen: Seen,
    },
    /// A digest of what I hold.
    Digest {
        /// The round it answers.
        round: Round,
        /// Over the canonical bytes of the answer.
        digest: u64,
    },
    /// Promise to take nothing under an older ballot.
    Prepare {
        /// The coordinator's operation and its round.
        round: Round,
        /// The ballot.
        ballot: Ballot,
        /// Whose rows.
        table: TableId,
        /// Which partition.
        key: PartitionKey,
    },
    /// I promise, or I cannot.
    Promised {
        /// The round it answers.
        round: Round,
        /// With what I know.
        promise: Rc<Promise>,
    },
    /// Accept this.
    Propose {
        /// The coordinator's operation and its round.
        round: Round,
        /// What is proposed.
        proposal: Proposal,
    },
    /// I accept it, or I cannot.
    Accepted {
        /// The round it answers.
        round: Round,
        /// The ballot it was proposed under.
        ballot: Ballot,
        /// Whether.
        accepted: bool,
    },
    /// This is decided: write it.
    Commit {
        /// The coordinator's operation, if it wants to hear of it.
        op: Option<u64>,
        /// What was decided.
        proposal: Proposal,
    },
    /// Drop every row of a table.
    Truncate {
        /// The coordinator's operation.
        op: u64,
        /// Which table.
        table: TableId,
    },
    /// They are gone.
    Truncated {
        /// The coordinator's operation.
        op: u64,
    },
    /// The schema as I know it.
    Schema {
        /// To be told when it is taken over.
        op: Option<u64>,
        /// All of it.
        catalog: Rc<crate::Catalog>,
    },
    /// The schema is taken over.
    SchemaKnown {
        /// The coordinator's operation.
        op: u64,
    },
}

/// Why a mutation is sent to a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A statement writes it.
    Statement,
    /// The replica missed it, and it was kept for it.
    Hint,
    /// A read found that the replica lacks it.
    Repair,
}

/// One question of one read: answers to an earlier one are of no use to a later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Round {
    /// The coordinator's operation.
    pub op: u64,
    /// Counts up with each question it asks.
    pub number: u32,
}

/// How much of an answer a coordinator wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Rows.
    Data,
    /// Only a digest of them.
    Digest,
    /// Rows again, after digests differed.
    Full,
}

/// What a replica is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// Whose rows.
    pub table: TableId,
    /// Which partitions.
    pub target: Target,
    /// Which rows of each, and how many of each at most.
    pub command: ReadCommand,
    /// So many live rows in all are enough.
    pub rows_max: u32,
    /// Everything that is held, what could be purged included: for repair (real-cluster.md d).
    pub whole: bool,
}

/// Which partitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One.
    Key(PartitionKey),
    /// Those of a stretch of the ring, in token order.
    Range(KeyRange),
}

impl Question {
    /// The partition it is about, if it is one.
    #[must_use]
    pub fn key(&self) -> Option<&PartitionKey> {
        match &self.target {
            Target::Key(key) => Some(key),
            Target::Range(_) => None,
        }
    }

    /// What it is about, as facts name it.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { table: self.table, key: self.key().cloned() }
    }
}

/// What a replica answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Partitions in token order, with what was asked of each.
    pub partitions: Vec<Held>,
    /// [`Question::rows_max`] ended the answer before the target did.
    pub more: bool,
}

/// One partition of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its state, as far as it was asked for.
    pub state: Rc<Mutation>,
    /// False when a limit ended it: there may be more rows behind its last.
    pub complete: bool,
}

/// What a replica met while it read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Live rows.
    pub rows: u32,
    /// Tombstones.
    pub tombstones: u32,
}

impl Message {
    /// How long after it was sent a message is still worth acting on: later, its sender has given up, and a replica
    /// drops it unread. Answers are never dropped, nobody may be waiting, but that is for the waiter to know.
    #[must_use]
    pub fn worth(&self, timeouts: &Timeouts) -> Option<Span> {
        match self {
            Message::Write { why: Why::Statement | Why::Repair, .. }
            | Message::Prepare { .. }
            | Message::Propose { .. }
            | Message::Commit { .. } => Some(timeouts.write),
            Message::Read { question, .. } => Some(match question.target {
                Target::Key(_) => timeouts.read,
                Target::Range(_) => timeouts.range,
            }),
            Message::Truncate { .. } => Some(timeouts.truncate),
            Message::Write { why: Why::Hint, .. }
            | Message::Truncated { .. }
            | Message::Written { .. }
            | Message::Held { .. }
            | Message::Digest { .. }
            | Message::Promised { .. }
            | Message::Accepted { .. }
            | Message::Schema { .. }
            | Message::SchemaKnown { .. } => None,
        }
    }
}

/// How long a coordinator waits (real-cluster.md a).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For writes.
    pub write: Span,
    /// For reads of one partition.
    pub read: Span,
    /// For reads of ranges.
    pub range: Span,
    /// For emptying a table.
    pub truncate: Span,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts { write: Span::s(2), read: Span::s(5), range: Span::s(10), truncate: Span::s(60) }
    }
}

/// Why a node wakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// The oldest write may have timed out.
    Writes,
    /// The oldest read may have timed out.
    Reads,
    /// The oldest range read may have timed out.
    Ranges,
    /// The oldest truncation may have timed out.
    Truncations,
    /// A schema change waited long enough for other nodes.
    Schemas,
    /// A read may be worth asking one more replica for.
    Speculate(Round),
    /// A transaction that was refused begins anew.
    Paxos(u64),
    /// Hints for this node may be sent.
    Hints(Id, u32),
}
