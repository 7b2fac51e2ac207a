//! From columns back to facts: the other half of `trace.rs`.

use crate::bytes::Reader;
use crate::fact::{HintState, Loss, Source, Work};
use crate::kind::{Kind, Said};
use crate::paxos::PaxosStep;
use crate::words::{read_compact, read_cut, read_error, read_rule};
use crate::{Error, EventId, Fact, Log, Message, Outcome};
use alloc::rc::Rc;
use sim::{Id, Span};
use storage::{Mutation, TableId};

impl Log<'_> {
    /// What happened, decoded.
    ///
    /// # Errors
    /// As [`Log::event`].
    pub fn fact(&self, id: EventId) -> Result<Fact, Error> {
        let (a, b, c) = self.columns(id).ok_or(Error::Damaged)?;
        let table = TableId(b);
        let (low, high) = unpack(c);
        Ok(match self.kind(id).ok_or(Error::Damaged)? {
            Kind::Submit => Fact::Submit { step: c, text: Rc::from(text(self.texts.get(b)?)?) },
            Kind::Stamp => Fact::Stamp { timestamp: a as i64, source: source(c)? },
            Kind::AnswerVoid => Fact::Answer { step: c, outcome: Outcome::Void },
            Kind::AnswerRows => {
                let mut r = Reader::new(self.blobs.get(b)?);
                let rows = r.small()?;
                let counted = (a != u64::MAX).then_some(a);
                Fact::Answer { step: c, outcome: Outcome::Rows { rows, counted, content: Rc::from(r.rest()) } }
            }
            Kind::AnswerError => {
                let error = whole(self.blobs.get(b)?, read_error)?;
                Fact::Answer { step: c, outcome: Outcome::Error(Rc::new(error)) }
            }
            Kind::Send => Fact::Send { to: Id(low), message: self.message(id)? },
            Kind::Receive => Fact::Receive { from: Id(low) },
            Kind::Lost => Fact::Lost { from: Id(low), why: loss(high)? },
            Kind::Delayed => Fact::Delayed { to: Id(low), by: Span(a) },
            Kind::Duplicated => Fact::Duplicated { to: Id(low) },
            Kind::Reordered => Fact::Reordered { to: Id(low) },
            Kind::Apply => {
                let met = self.met(id).ok_or(Error::Damaged)?;
                Fact::Apply { mutation: Rc::new(self.mutation(b)?), met }
            }
            Kind::Read => Fact::Read { place: self.place(b)?, rows: a as u32, tombstones: (a >> 32) as u32 },
            Kind::Mismatch => Fact::Mismatch { place: self.place(b)? },
            Kind::Paxos => Fact::Paxos { place: self.place(b)?, ballot: a as i64, step: PaxosStep::of(c)? },
            Kind::Hint => {
                let mutation = Rc::new(self.mutation(b)?);
                Fact::Hint { state: hint(high)?, target: Id(low), mutation }
            }
            Kind::Timeout => Fact::Timeout { received: low, required: high, write: a != 0 },
            Kind::Unavailable => Fact::Unavailable { alive: low, required: high },
            Kind::Flush => Fact::Flush { table, sstable: a as u32, partitions: c },
            Kind::Compact => {
                let (inputs, output) = whole(self.blobs.get(c)?, read_compact)?;
                Fact::Compact { table, inputs: Rc::from(inputs), output, purged: a as u32 }
            }
            Kind::Replace => {
                let Mutation { table, key, delta } = self.mutation(b)?;
                Fact::Replace { table, key, left: Rc::new(delta) }
            }
            Kind::Truncate => Fact::Truncate { table },
            Kind::Replay => Fact::Replay { mutations: c, lost: b },
            Kind::Repair => Fact::Repair { table, with: Id(a as u16), differing: c },
            Kind::Kill => Fact::Kill,
            Kind::Power => Fact::Power,
            Kind::Start => Fact::Start,
            Kind::Pause => Fact::Pause,
            Kind::Resume => Fact::Resume,
            Kind::Clock => Fact::Clock { offset: a as i64 },
            Kind::Cut => {
                let (left, right, one_way) = whole(self.blobs.get(b)?, read_cut)?;
                Fact::Cut { left: Rc::from(left), right: Rc::from(right), one_way }
            }
            Kind::Heal => Fact::Heal,
            Kind::Rule => Fact::Rule(Rc::new(whole(self.blobs.get(b)?, read_rule)?)),
            Kind::Convict => Fact::Convict { node: Id(low) },
            Kind::Revive => Fact::Revive { node: Id(low) },
            Kind::Schema => Fact::Schema(Rc::new(self.table_at(id)?)),
            Kind::Order => Fact::Order { work: work(c)? },
            Kind::Advance => Fact::Advance { by: Span(a) },
            Kind::Note => Fact::Note(Rc::from(text(self.blobs.get(b)?)?)),
        })
    }

    fn message(&self, id: EventId) -> Result<Message, Error> {
        let (a, b, _) = self.columns(id).ok_or(Error::Damaged)?;
        Ok(match self.said(id).ok_or(Error::Damaged)? {
            Said::Request => Message::Request { step: b },
            Said::Reply => Message::Reply { rows: a as u32, error: a >> 32 != 0 },
            Said::Mutation => Message::Mutation(Rc::new(self.mutation(b)?)),
            Said::Hint => Message::Hint(Rc::new(self.mutation(b)?)),
            Said::Repair => Message::Repair(Rc::new(self.mutation(b)?)),
            Said::BatchLog => Message::BatchLog(b),
            Said::Ack => Message::Ack,
            Said::Failure => Message::Failure,
            Said::Data => Message::Data(self.place(b)?),
            Said::Digest => Message::Digest(self.place(b)?),
            Said::Full => Message::Full(self.place(b)?),
            Said::Rows => Message::Rows { rows: a as u32, tombstones: (a >> 32) as u32 },
            Said::DigestReply => Message::DigestReply(a),
            Said::Prepare => Message::Prepare { place: self.place(b)?, ballot: a as i64 },
            Said::Promise => Message::Promise { ballot: a as i64, given: flag(b)? },
            Said::Propose => Message::Propose { ballot: a as i64, mutation: Rc::new(self.mutation(b)?) },
            Said::Accept => Message::Accept { ballot: a as i64, given: flag(b)? },
            Said::Commit => Message::Commit(Rc::new(self.mutation(b)?)),
            Said::Schema => Message::Schema,
            Said::Truncate => Message::Truncate { table: TableId(b) },
            Said::Stream => Message::Stream { partitions: b },
        })
    }
}

/// Read all of `bytes`, and nothing may be left.
pub(crate) fn whole<T>(bytes: &[u8], read: impl FnOnce(&mut Reader<'_>) -> Result<T, Error>) -> Result<T, Error> {
    let mut r = Reader::new(bytes);
    let value = read(&mut r)?;
    r.end()?;
    Ok(value)
}

pub(crate) fn text(bytes: &[u8]) -> Result<&str, Error> {
    core::str::from_utf8(bytes).map_err(|_| Error::Damaged)
}

fn unpack(c: u32) -> (u16, u16) {
    (c as u16, (c >> 16) as u16)
}

fn source(number: u32) -> Result<Source, Error> {
    [Source::Statement, Source::Batch, Source::Client, Source::Coordinator, Source::Ballot]
        .get(number as usize)
        .copied()
        .ok_or(Error::Damaged)
}

fn flag(number: u32) -> Result<bool, Error> {
    if number > 1 { Err(Error::Damaged) } else { Ok(number == 1) }
}

fn work(number: u32) -> Result<Work, Error> {
    [Work::Flush, Work::Compact, Work::Repair].get(number as usize).copied().ok_or(Error::Damaged)
}

fn loss(number: u16) -> Result<Loss, Error> {
    [Loss::Dropped, Loss::Cut, Loss::Down, Loss::Expired, Loss::Died]
        .get(usize::from(number))
        .copied()
        .ok_or(Error::Damaged)
}

fn hint(number: u16) -> Result<HintState, Error> {
    [HintState::Stored, HintState::Replayed, HintState::Expired, HintState::Refused]
        .get(usize::from(number))
        .copied()
        .ok_or(Error::Damaged)
}
