//! A transaction or a serial read in progress at its coordinator.

use super::{Ballot, Promise, Proposal};
use crate::node::Client;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use cql::{Cas, Consistency, PagingState, Read, Rows};
use sim::{Id, Time};
use storage::{PartitionKey, TableId};

/// What is to be done, and how far it is.
#[derive(Debug)]
pub(crate) struct PaxosOp {
    pub(crate) client: Client,
    pub(crate) work: Work,
    pub(crate) table: TableId,
    pub(crate) key: PartitionKey,
    /// SERIAL or LOCAL_SERIAL.
    pub(crate) level: Consistency,
    /// For commits.
    pub(crate) commit: Consistency,
    pub(crate) began: Time,
    /// Counts questions: answers to an earlier one are of no use.
    pub(crate) rounds: u32,
    pub(crate) ballot: Ballot,
    /// The newest ballot that is known to be in progress elsewhere.
    pub(crate) seen: Ballot,
    /// How often somebody else was first.
    pub(crate) contentions: u32,
    /// Who is asked.
    pub(crate) asked: Rc<[Id]>,
    pub(crate) required: u32,
    pub(crate) phase: Phase,
}

/// What it is for.
#[derive(Debug)]
pub(crate) enum Work {
    /// A conditional write.
    Cas(Box<Cas>),
    /// A read of these partitions, behind the one that is being settled.
    Read(Serial),
}

/// A SELECT at a serial level.
#[derive(Debug)]
pub(crate) struct Serial {
    pub(crate) read: Rc<Read>,
    pub(crate) page_size: Option<u32>,
    pub(crate) paging: Option<PagingState>,
    pub(crate) questions: VecDeque<crate::Question>,
    pub(crate) wanted: u64,
    /// Partitions that wait for their turn.
    pub(crate) keys: VecDeque<PartitionKey>,
}

/// How far it is.
#[derive(Debug)]
pub(crate) enum Phase {
    /// Promises come in.
    Preparing(Vec<(Id, Rc<Promise>)>),
    /// The condition is read.
    Reading,
    /// Acceptances come in, and refusals.
    Proposing { proposal: Proposal, answers: Vec<(Id, bool)>, after: After },
    /// What an earlier ballot left is being committed by this write operation.
    Replaying(u64),
    /// Until its luck wakes it.
    Waiting,
}

/// What follows an accepted proposal.
#[derive(Debug)]
pub(crate) enum After {
    /// It was somebody else's: commit it and begin anew.
    Anew,
    /// Commit it, if it changes anything, and show this.
    Show(Rows),
    /// It only took a serial read's place in line.
    Read,
}

/// What a commit's consistency level sets free.
#[derive(Debug)]
pub(crate) enum Then {
    /// The client is shown this; so often somebody else had been first.
    Show(Rows, u32),
    /// A transaction that has finished another's goes on.
    Resume(u64),
}
