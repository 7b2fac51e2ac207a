//! The trace as it is written: one vector per column, payloads interned.

use crate::bytes::Writer;
use crate::column::Column;
use crate::dictionary::Dictionary;
use crate::heap::Heap;
use crate::kind::{Kind, Said};
use crate::log::{Log, Strings};
use crate::payload::{write_payload, write_place};
use crate::schema::{MachineInfo, TableInfo};
use crate::words::{write_compact, write_cut, write_error, write_machine, write_rule, write_table};
use crate::{Digest, Error, EventId, Fact, Message, Outcome, Place};
use alloc::{rc::Rc, vec::Vec};
use sim::{Id, Time};
use storage::{Dialect, Mutation, Partition, PartitionKey, TableId};

/// The most events that one trace keeps, unless [`Trace::with_limit`] says less.
pub const EVENTS_MAX: u32 = 4_000_000;
/// The most bytes of interned payloads that one trace keeps.
pub const PAYLOAD_BYTES_MAX: u64 = 256 << 20;

/// Who it happened to when it happened to no machine: cuts, rules, time passing.
pub const WORLD: Id = Id(u16::MAX);

/// No cause, no number.
pub(crate) const NONE: u32 = u32::MAX;

/// What happened, event after event. 39 bytes for each, and each payload once.
pub struct Trace {
    epoch: i64,
    dialect: Dialect,
    machines: Vec<MachineInfo>,
    limit: u32,
    at: Vec<u64>,
    own: Vec<i64>,
    who: Vec<u16>,
    kind: Vec<u8>,
    cause: Vec<u32>,
    a: Vec<u64>,
    b: Vec<u32>,
    c: Vec<u32>,
    /// Statement texts, kept apart because the digest does not see them.
    texts: Heap,
    /// Partitions (and tables) that anything is about.
    places: Heap,
    /// Everything else.
    blobs: Heap,
    dictionary: Rc<Dictionary>,
    writer: Writer,
    recent: Vec<Option<(Rc<Mutation>, u32)>>,
}

/// How many mutations are known by address. A hit saves encoding; it never changes what is written.
const RECENT: usize = 64;

/// What a fact says, column by column.
#[derive(Default)]
struct Cols {
    a: u64,
    b: u32,
    c: u32,
}

impl Trace {
    /// An empty trace of a run that begins at `epoch` (Unix microseconds) with these machines.
    #[must_use]
    pub fn new(epoch: i64, machines: Vec<MachineInfo>) -> Trace {
        Trace {
            epoch,
            dialect: Dialect::default(),
            machines,
            limit: EVENTS_MAX,
            at: Vec::new(),
            own: Vec::new(),
            who: Vec::new(),
            kind: Vec::new(),
            cause: Vec::new(),
            a: Vec::new(),
            b: Vec::new(),
            c: Vec::new(),
            texts: Heap::new(),
            places: Heap::new(),
            blobs: Heap::new(),
            dictionary: Rc::default(),
            writer: Writer::default(),
            recent: (0..RECENT).map(|_| None).collect(),
        }
    }

    /// The same trace, full after `events` events (at most [`EVENTS_MAX`]).
    #[must_use]
    pub fn with_limit(mut self, events: u32) -> Trace {
        self.limit = events.min(EVENTS_MAX);
        self
    }

    /// The same trace, of a cluster that breaks ties by these rules.
    #[must_use]
    pub fn with_dialect(mut self, dialect: Dialect) -> Trace {
        self.dialect = dialect;
        self
    }

    /// No event fits any more.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.at.len() as u64 >= u64::from(self.limit)
    }

    /// Write down an event. `own` is what the machine's own clock shows, Unix microseconds.
    ///
    /// # Errors
    /// [`Error::Full`] when there is no room for it; nothing is written then.
    pub fn note(&mut self, at: Time, own: i64, who: Id, cause: Option<EventId>, fact: &Fact) -> Result<EventId, Error> {
        let id = u32::try_from(self.at.len()).unwrap_or(u32::MAX);
        if id >= self.limit {
            return Err(Error::Full { what: "events", limit: u64::from(self.limit) });
        }
        let (kind, cols) = self.encode(fact)?;
        self.at.push(at.0);
        self.own.push(own);
        self.who.push(who.0);
        self.kind.push(kind as u8);
        self.cause.push(cause.map_or(NONE, |cause| cause.0));
        self.a.push(cols.a);
        self.b.push(cols.b);
        self.c.push(cols.c);
        if let Fact::Schema(table) = fact {
            Rc::make_mut(&mut self.dictionary).learn(TableInfo::clone(table));
        }
        Ok(EventId(id))
    }

    /// A machine that joined the run after its start.
    pub fn machine(&mut self, machine: MachineInfo) {
        self.machines.push(machine);
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Nothing has happened yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// Bytes in use: columns, payloads and the tables that find payloads again.
    #[must_use]
    pub fn bytes_used(&self) -> usize {
        self.at.len() * 39 + self.texts.bytes_used() + self.places.bytes_used() + self.blobs.bytes_used()
    }

    /// The tables noted so far, for [`crate::Words::with`].
    #[must_use]
    pub fn dictionary(&self) -> Rc<Dictionary> {
        Rc::clone(&self.dictionary)
    }

    /// The columns, as every reader reads them.
    #[must_use]
    pub fn log(&self) -> Log<'_> {
        Log {
            epoch: self.epoch,
            dialect: self.dialect,
            machines: &self.machines,
            at: Column::Slice(&self.at),
            own: Column::Slice(&self.own),
            who: Column::Slice(&self.who),
            kind: &self.kind,
            cause: Column::Slice(&self.cause),
            a: Column::Slice(&self.a),
            b: Column::Slice(&self.b),
            c: Column::Slice(&self.c),
            texts: Strings { bytes: &self.texts.bytes, ends: Column::Slice(&self.texts.ends) },
            places: Strings { bytes: &self.places.bytes, ends: Column::Slice(&self.places.ends) },
            blobs: Strings { bytes: &self.blobs.bytes, ends: Column::Slice(&self.blobs.ends) },
        }
    }

    /// The digest of everything noted so far; see [`Log::digest`].
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.log().digest()
    }

    fn encode(&mut self, fact: &Fact) -> Result<(Kind, Cols), Error> {
        let none = Cols::default();
        Ok(match fact {
            Fact::Submit { step, text } => {
                (Kind::Submit, Cols { b: room(self.texts.intern(text.as_bytes()))?, c: *step, ..none })
            }
            Fact::Stamp { timestamp, source } => {
                (Kind::Stamp, Cols { a: *timestamp as u64, c: *source as u32, ..none })
            }
            Fact::Answer { step, outcome } => self.answer(*step, outcome)?,
            Fact::Send { to, message } => {
                let (said, cols) = self.message(message)?;
                (Kind::Send, Cols { c: pack(*to, said as u16), ..cols })
            }
            Fact::Receive { from } => (Kind::Receive, Cols { c: pack(*from, 0), ..none }),
            Fact::Lost { from, why } => (Kind::Lost, Cols { c: pack(*from, *why as u16), ..none }),
            Fact::Delayed { to, by } => (Kind::Delayed, Cols { a: by.0, c: pack(*to, 0), ..none }),
            Fact::Duplicated { to } => (Kind::Duplicated, Cols { c: pack(*to, 0), ..none }),
            Fact::Reordered { to } => (Kind::Reordered, Cols { c: pack(*to, 0), ..none }),
            Fact::Apply { mutation, met } => {
                let a = u64::from(met.covered) | u64::from(met.of) << 32;
                (Kind::Apply, Cols { a, b: self.mutation(mutation)?, c: met.hidden })
            }
            Fact::Read { place, rows, tombstones } => {
                (Kind::Read, Cols { a: both(*rows, *tombstones), b: self.place(place)?, ..none })
            }
            Fact::Mismatch { place } => (Kind::Mismatch, Cols { b: self.place(place)?, ..none }),
            Fact::Paxos { place, ballot, step } => {
                (Kind::Paxos, Cols { a: *ballot as u64, b: self.place(place)?, c: *step as u32 })
            }
            Fact::Hint { state, target, mutation } => {
                (Kind::Hint, Cols { b: self.mutation(mutation)?, c: pack(*target, *state as u16), ..none })
            }
            Fact::Timeout { received, required, write } => {
                (Kind::Timeout, Cols { a: u64::from(*write), c: pack(Id(*received), *required), ..none })
            }
            Fact::Unavailable { alive, required } => {
                (Kind::Unavailable, Cols { c: pack(Id(*alive), *required), ..none })
            }
            Fact::Flush { table, sstable, partitions } => {
                (Kind::Flush, Cols { a: u64::from(*sstable), b: table.0, c: *partitions })
            }
            Fact::Compact { table, inputs, output, purged } => {
                let c = self.words(|w| write_compact(w, inputs, *output))?;
                (Kind::Compact, Cols { a: u64::from(*purged), b: table.0, c })
            }
            Fact::Replace { table, key, left } => (Kind::Replace, Cols { b: self.payload(*table, key, left)?, ..none }),
            Fact::Truncate { table } => (Kind::Truncate, Cols { b: table.0, ..none }),
            Fact::Replay { mutations, lost } => (Kind::Replay, Cols { b: *lost, c: *mutations, ..none }),
            Fact::Repair { table, with, differing } => {
                (Kind::Repair, Cols { a: u64::from(with.0), b: table.0, c: *differing })
            }
            Fact::Kill => (Kind::Kill, none),
            Fact::Power => (Kind::Power, none),
            Fact::Start => (Kind::Start, none),
            Fact::Pause => (Kind::Pause, none),
            Fact::Resume => (Kind::Resume, none),
            Fact::Clock { offset } => (Kind::Clock, Cols { a: *offset as u64, ..none }),
            Fact::Cut { left, right, one_way } => {
                (Kind::Cut, Cols { b: self.words(|w| write_cut(w, left, right, *one_way))?, ..none })
            }
            Fact::Heal => (Kind::Heal, none),
            Fact::Rule(rule) => (Kind::Rule, Cols { b: self.words(|w| write_rule(w, rule))?, ..none }),
            Fact::Convict { node } => (Kind::Convict, Cols { c: pack(*node, 0), ..none }),
            Fact::Revive { node } => (Kind::Revive, Cols { c: pack(*node, 0), ..none }),
            Fact::Schema(table) => (Kind::Schema, Cols { b: self.words(|w| write_table(w, table))?, ..none }),
            Fact::Order { work } => (Kind::Order, Cols { c: *work as u32, ..none }),
            Fact::Advance { by } => (Kind::Advance, Cols { a: by.0, ..none }),
            Fact::Note(text) => (Kind::Note, Cols { b: room(self.blobs.intern(text.as_bytes()))?, ..none }),
        })
    }

    fn answer(&mut self, step: u32, outcome: &Outcome) -> Result<(Kind, Cols), Error> {
        Ok(match outcome {
            Outcome::Void => (Kind::AnswerVoid, Cols { c: step, ..Cols::default() }),
            Outcome::Rows { rows, counted, content } => {
                let b = self.words(|w| {
                    w.int(u64::from(*rows));
                    w.bytes.extend_from_slice(content);
                })?;
                (Kind::AnswerRows, Cols { a: counted.unwrap_or(u64::MAX), b, c: step })
            }
            Outcome::Error(error) => {
                let b = self.words(|w| write_error(w, error))?;
                (Kind::AnswerError, Cols { b, c: step, ..Cols::default() })
            }
        })
    }

    fn message(&mut self, message: &Message) -> Result<(Said, Cols), Error> {
        let none = Cols::default();
        Ok(match message {
            Message::Request { step } => (Said::Request, Cols { b: *step, ..none }),
            Message::Reply { rows, error } => (Said::Reply, Cols { a: both(*rows, u32::from(*error)), ..none }),
            Message::Mutation(mutation) => (Said::Mutation, Cols { b: self.mutation(mutation)?, ..none }),
            Message::Hint(mutation) => (Said::Hint, Cols { b: self.mutation(mutation)?, ..none }),
            Message::Repair(mutation) => (Said::Repair, Cols { b: self.mutation(mutation)?, ..none }),
            Message::BatchLog(mutations) => (Said::BatchLog, Cols { b: *mutations, ..none }),
            Message::Ack => (Said::Ack, none),
            Message::Failure => (Said::Failure, none),
            Message::Data(place) => (Said::Data, Cols { b: self.place(place)?, ..none }),
            Message::Digest(place) => (Said::Digest, Cols { b: self.place(place)?, ..none }),
            Message::Full(place) => (Said::Full, Cols { b: self.place(place)?, ..none }),
            Message::Rows { rows, tombstones } => (Said::Rows, Cols { a: both(*rows, *tombstones), ..none }),
            Message::DigestReply(digest) => (Said::DigestReply, Cols { a: *digest, ..none }),
            Message::Prepare { place, ballot } => {
                (Said::Prepare, Cols { a: *ballot as u64, b: self.place(place)?, ..none })
            }
            Message::Promise { ballot, given } => {
                (Said::Promise, Cols { a: *ballot as u64, b: u32::from(*given), ..none })
            }
            Message::Propose { ballot, mutation } => {
                (Said::Propose, Cols { a: *ballot as u64, b: self.mutation(mutation)?, ..none })
            }
            Message::Accept { ballot, given } => {
                (Said::Accept, Cols { a: *ballot as u64, b: u32::from(*given), ..none })
            }
            Message::Commit(mutation) => (Said::Commit, Cols { b: self.mutation(mutation)?, ..none }),
            Message::Schema => (Said::Schema, none),
            Message::Truncate { table } => (Said::Truncate, Cols { b: table.0, ..none }),
            Message::Stream { partitions } => (Said::Stream, Cols { b: *partitions, ..none }),
        })
    }

    /// The number of a mutation's payload: by address when it was seen lately, else by content.
    fn mutation(&mut self, mutation: &Rc<Mutation>) -> Result<u32, Error> {
        let slot = (Rc::as_ptr(mutation) as usize >> 4) % RECENT;
        if let Some(Some((known, number))) = self.recent.get(slot)
            && Rc::ptr_eq(known, mutation)
        {
            return Ok(*number);
        }
        let number = self.payload(mutation.table, &mutation.key, &mutation.delta)?;
        if let Some(recent) = self.recent.get_mut(slot) {
            *recent = Some((Rc::clone(mutation), number));
        }
        Ok(number)
    }

    fn payload(&mut self, table: TableId, key: &PartitionKey, partition: &Partition) -> Result<u32, Error> {
        self.writer.clear();
        write_place(&mut self.writer, table, Some(key));
        let place = room(self.places.intern(&self.writer.bytes))?;
        self.words(|w| write_payload(w, place, partition))
    }

    fn place(&mut self, place: &Place) -> Result<u32, Error> {
        self.writer.clear();
        write_place(&mut self.writer, place.table, place.key.as_ref());
        room(self.places.intern(&self.writer.bytes))
    }

    fn words(&mut self, write: impl FnOnce(&mut Writer)) -> Result<u32, Error> {
        self.writer.clear();
        write(&mut self.writer);
        room(self.blobs.intern(&self.writer.bytes))
    }
}

impl core::fmt::Debug for Trace {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Trace of {} events", self.len())
    }
}

/// The machines of a trace, as one string for its bytes and its digest.
pub(crate) fn machine_bytes(machines: &[MachineInfo]) -> Vec<u8> {
    let mut w = Writer::default();
    w.int(machines.len() as u64);
    for machine in machines {
        write_machine(&mut w, machine);
    }
    w.bytes
}

fn room(number: Option<u32>) -> Result<u32, Error> {
    number.ok_or(Error::Full { what: "bytes of payloads", limit: PAYLOAD_BYTES_MAX })
}

fn pack(id: Id, more: u16) -> u32 {
    u32::from(id.0) | u32::from(more) << 16
}

fn both(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}
