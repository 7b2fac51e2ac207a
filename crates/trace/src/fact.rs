//! Everything that can happen, each once. A fact carries statement text and storage types, never a CQL type.

use crate::paxos::PaxosStep;
use crate::schema::TableInfo;
use alloc::rc::Rc;
use sim::{Id, Span};
use storage::{Mutation, Partition, PartitionKey, TableId};

/// What happened to the machine an event names. The variants follow a statement from the client to the disk, then
/// what the world does to all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    // ---- the client
    /// A client takes up a step of the scenario.
    Submit {
        /// The step's number in the scenario.
        step: u32,
        /// The statement as written. Never part of the digest.
        text: Rc<str>,
    },
    /// A write gets the timestamp that will decide everything.
    Stamp {
        /// Microseconds since the Unix epoch.
        timestamp: i64,
        /// Whose clock, or whose wish, it was.
        source: Source,
    },
    /// The client has its answer.
    Answer {
        /// The step that was submitted.
        step: u32,
        /// What it says.
        outcome: Outcome,
    },
    // ---- the network
    /// A message leaves.
    Send {
        /// For whom.
        to: Id,
        /// What it says.
        message: Message,
    },
    /// A message lands; the cause is its [`Fact::Send`].
    Receive {
        /// Who sent it.
        from: Id,
    },
    /// A message never lands on the machine that this event names; the cause is its [`Fact::Send`].
    Lost {
        /// Who sent it.
        from: Id,
        /// Why it is gone.
        why: Loss,
    },
    /// A rule holds a message up; the cause is its [`Fact::Send`].
    Delayed {
        /// For whom it is.
        to: Id,
        /// How much later than without the rule.
        by: Span,
    },
    /// A rule lets a message land more than once; the cause is its [`Fact::Send`].
    Duplicated {
        /// For whom it is.
        to: Id,
    },
    /// A rule lets later messages overtake this one; the cause is its [`Fact::Send`].
    Reordered {
        /// For whom it is.
        to: Id,
    },
    // ---- the replica
    /// A replica joins a mutation into what it holds.
    Apply {
        /// What is written.
        mutation: Rc<Mutation>,
        /// What the write met there.
        met: Met,
    },
    /// A replica reads.
    Read {
        /// What was asked for.
        place: Place,
        /// Live rows found.
        rows: u32,
        /// Tombstones met on the way.
        tombstones: u32,
    },
    // ---- the coordinator
    /// The digests of two replicas differ.
    Mismatch {
        /// Where.
        place: Place,
    },
    /// A step of a lightweight transaction: what a replica answers, or what its coordinator finds.
    Paxos {
        /// Which partition.
        place: Place,
        /// The ballot's time, Unix microseconds: what is decided is dated so.
        ballot: i64,
        /// Which step.
        step: PaxosStep,
    },
    /// A hint is kept, sent, or given up.
    Hint {
        /// What becomes of it.
        state: HintState,
        /// The replica that missed the write.
        target: Id,
        /// The write it missed.
        mutation: Rc<Mutation>,
    },
    /// Too few answers in time: written, or not? Nobody knows.
    Timeout {
        /// Answers that came.
        received: u16,
        /// Answers that were needed.
        required: u16,
        /// A write (true) or a read.
        write: bool,
    },
    /// Too few replicas believed alive: nothing was tried.
    Unavailable {
        /// Replicas believed alive.
        alive: u16,
        /// Replicas that were needed.
        required: u16,
    },
    // ---- the disk
    /// A memtable becomes an sstable.
    Flush {
        /// Whose rows.
        table: TableId,
        /// The new sstable's generation.
        sstable: u32,
        /// Partitions in it.
        partitions: u32,
    },
    /// Some sstables become one, or none.
    Compact {
        /// Whose rows.
        table: TableId,
        /// Generations that went in.
        inputs: Rc<[u32]>,
        /// The generation that came out, if anything was left.
        output: Option<u32>,
        /// Tombstones that were purged.
        purged: u32,
    },
    /// From here on the replica holds exactly this of a partition: noted where compaction, a power cut or an expiry
    /// changed what a join of all writes would give.
    Replace {
        /// Whose rows.
        table: TableId,
        /// Which partition.
        key: PartitionKey,
        /// All that is left.
        left: Rc<Partition>,
    },
    /// A replica drops every row of a table (TRUNCATE, DROP TABLE).
    Truncate {
        /// Which table.
        table: TableId,
    },
    /// A starting node reads its commit log.
    Replay {
        /// Mutations found in it.
        mutations: u32,
        /// Appended but never synced, so gone.
        lost: u32,
    },
    /// Anti-entropy repair of a table between this node and another.
    Repair {
        /// Which table.
        table: TableId,
        /// With whom.
        with: Id,
        /// Partitions that differed and were streamed.
        differing: u32,
    },
    // ---- the world
    /// The process dies; what was appended to the commit log survives.
    Kill,
    /// The machine dies; what was synced survives.
    Power,
    /// The process returns.
    Start,
    /// The process is frozen.
    Pause,
    /// The process goes on.
    Resume,
    /// A machine's clock is set.
    Clock {
        /// Microseconds ahead of true time, from here on.
        offset: i64,
    },
    /// No packet passes from one side to the other.
    Cut {
        /// One side.
        left: Rc<[Id]>,
        /// The other side.
        right: Rc<[Id]>,
        /// Only from left to right.
        one_way: bool,
    },
    /// Every cut and every rule ends.
    Heal,
    /// A rule on messages begins.
    Rule(Rc<sim::Rule>),
    /// This node believes from now on that another is dead.
    Convict {
        /// Which.
        node: Id,
    },
    /// This node believes from now on that another is alive.
    Revive {
        /// Which.
        node: Id,
    },
    /// A table is as described from now on: the entry of the trace's dictionary that readers print names from.
    Schema(Rc<TableInfo>),
    /// An operator tells a node to do some work, as with nodetool.
    Order {
        /// What.
        work: Work,
    },
    /// Time passes on purpose.
    Advance {
        /// How much.
        by: Span,
    },
    /// A remark of the world (a limit met, a step skipped), never about data.
    Note(Rc<str>),
}

/// Where a write timestamp comes from (semantics.md 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `USING TIMESTAMP` in the statement.
    Statement,
    /// `USING TIMESTAMP` on the batch.
    Batch,
    /// The driver's clock.
    Client,
    /// The coordinator's clock.
    Coordinator,
    /// The ballot of a lightweight transaction.
    Ballot,
}

/// What an operator tells a node to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Write memtables to sstables.
    Flush,
    /// Compact all sstables of each table into one.
    Compact,
    /// Make all replicas of what the node keeps agree.
    Repair,
}

/// What a statement came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done, nothing to show.
    Void,
    /// Rows, as a reader meets them.
    Rows {
        /// How many.
        rows: u32,
        /// What `count(*)` says, when that is what was asked.
        counted: Option<u64>,
        /// Canonical bytes of the rows, or their digest where they are many: part of the trace's digest.
        content: Rc<[u8]>,
    },
    /// An error of the cluster or of the client.
    Error(Rc<ErrorInfo>),
}

/// An error as scenario.md prints it, with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorInfo {
    /// Whether the write may have happened all the same.
    pub unknown: bool,
    /// `Name(field=value …)`.
    pub name: Rc<str>,
    /// The server's words.
    pub text: Rc<str>,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A client's statement, to its coordinator.
    Request {
        /// The step it belongs to.
        step: u32,
    },
    /// The coordinator's answer to the client.
    Reply {
        /// Rows in it.
        rows: u32,
        /// It is an error.
        error: bool,
    },
    /// A write, to a replica.
    Mutation(Rc<Mutation>),
    /// A write that was kept as a hint.
    Hint(Rc<Mutation>),
    /// A write that makes a replica agree with the others.
    Repair(Rc<Mutation>),
    /// A write for the batch log (semantics.md 8): how many mutations it keeps.
    BatchLog(u32),
    /// A replica has written.
    Ack,
    /// A replica has failed to write or read.
    Failure,
    /// A read of data.
    Data(Place),
    /// A read of a digest.
    Digest(Place),
    /// A read of everything, after digests differed.
    Full(Place),
    /// Rows in reply to a read.
    Rows {
        /// Live rows.
        rows: u32,
        /// Tombstones.
        tombstones: u32,
    },
    /// A digest in reply to a read.
    DigestReply(u64),
    /// A ballot asks for a promise.
    Prepare {
        /// Which partition.
        place: Place,
        /// The ballot's time.
        ballot: i64,
    },
    /// The promise, or none.
    Promise {
        /// The ballot's time.
        ballot: i64,
        /// Whether it is given.
        given: bool,
    },
    /// A ballot proposes a write, which carries its time.
    Propose {
        /// The ballot's time.
        ballot: i64,
        /// What is proposed; empty changes nothing.
        mutation: Rc<Mutation>,
    },
    /// The proposal is accepted, or not.
    Accept {
        /// The ballot's time.
        ballot: i64,
        /// Whether.
        given: bool,
    },
    /// What was proposed is decided.
    Commit(Rc<Mutation>),
    /// A schema change spreads.
    Schema,
    /// Every row of a table is to go.
    Truncate {
        /// Which table.
        table: TableId,
    },
    /// Nodes compare and exchange partitions (anti-entropy repair).
    Stream {
        /// How many partitions.
        partitions: u32,
    },
}

/// What a read or a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose rows.
    pub table: TableId,
    /// One partition, or (`None`) a range of them.
    pub key: Option<PartitionKey>,
}

/// Why a message never lands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// A rule dropped it.
    Dropped,
    /// No way through a partition.
    Cut,
    /// The receiver is down.
    Down,
    /// It landed too late to be worth doing (the receiver was frozen, or the delay long).
    Expired,
    /// The receiver died with it in its queue.
    Died,
}

/// What becomes of a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintState {
    /// Kept by the coordinator.
    Stored,
    /// Sent to the replica that is back.
    Replayed,
    /// Older than gc_grace: skipped.
    Expired,
    /// The window is over, or hints are off: not kept.
    Refused,
}

/// What a write met on the replica: an atom is a row marker, a cell or an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// Atoms there that the write's tombstones newly hide.
    pub covered: u32,
    /// Atoms there in the place of its tombstones, hidden or not.
    pub of: u32,
    /// Atoms of the write itself that something there already hides.
    pub hidden: u32,
}

impl Met {
    /// A count that nobody made: a line then leaves it out.
    pub const UNKNOWN: u32 = u32::MAX;
}

/// What a message carries, as drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// Something that lives.
    Row,
    /// Only tombstones.
    Tombstone,
    /// A question, or work that is not data.
    Read,
    /// An answer.
    Reply,
}
