//! The trace as it is read: borrowed columns, from memory or from received bytes alike.

use crate::column::Column;
use crate::decode::{text, whole};
use crate::fact::Met;
use crate::heap::slice;
use crate::kind::{Kind, Said};
use crate::payload::{self, Shape, read_partition_whole, read_place};
use crate::schema::{MachineInfo, TableInfo};
use crate::trace::{NONE, machine_bytes};
use crate::words::read_table;
use crate::{Carries, Digest, Error, Event, EventId, Place};
use sim::{Id, Time};
use storage::{Dialect, Mutation};

/// Interned strings, borrowed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Strings<'a> {
    pub bytes: &'a [u8],
    pub ends: Column<'a, u32>,
}

impl<'a> Strings<'a> {
    pub fn get(self, number: u32) -> Result<&'a [u8], Error> {
        slice(self.bytes, &self.ends, number).ok_or(Error::Damaged)
    }
}

/// A trace to read from. All columns are equally long. Copy it freely: it only borrows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Log<'a> {
    pub(crate) epoch: i64,
    pub(crate) dialect: Dialect,
    pub(crate) machines: &'a [MachineInfo],
    pub(crate) at: Column<'a, u64>,
    pub(crate) own: Column<'a, i64>,
    pub(crate) who: Column<'a, u16>,
    pub(crate) kind: &'a [u8],
    pub(crate) cause: Column<'a, u32>,
    pub(crate) a: Column<'a, u64>,
    pub(crate) b: Column<'a, u32>,
    pub(crate) c: Column<'a, u32>,
    pub(crate) texts: Strings<'a>,
    pub(crate) places: Strings<'a>,
    pub(crate) blobs: Strings<'a>,
}

impl<'a> Log<'a> {
    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Nothing has happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// The last event.
    #[must_use]
    pub fn last(&self) -> Option<EventId> {
        self.at.len().checked_sub(1).map(|last| EventId(last as u32))
    }

    /// Unix microseconds at which the run begins.
    #[must_use]
    pub fn epoch(&self) -> i64 {
        self.epoch
    }

    /// Whose rules break ties.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Who takes part.
    #[must_use]
    pub fn machines(&self) -> &'a [MachineInfo] {
        self.machines
    }

    /// One machine, when the trace knows it.
    #[must_use]
    pub fn machine(&self, id: Id) -> Option<&'a MachineInfo> {
        match self.machines.get(id.index()) {
            Some(machine) if machine.id == id => Some(machine),
            _ => self.machines.iter().find(|machine| machine.id == id),
        }
    }

    /// True time of an event.
    #[must_use]
    pub fn at(&self, id: EventId) -> Option<Time> {
        self.at.get(id.index()).map(|at| Time(*at))
    }

    /// What that machine's own clock showed, Unix microseconds.
    #[must_use]
    pub fn own(&self, id: EventId) -> Option<i64> {
        self.own.get(id.index()).copied()
    }

    /// To whom it happened.
    #[must_use]
    pub fn who(&self, id: EventId) -> Option<Id> {
        self.who.get(id.index()).map(|who| Id(*who))
    }

    /// Which fact it is.
    #[must_use]
    pub fn kind(&self, id: EventId) -> Option<Kind> {
        self.kind.get(id.index()).and_then(|kind| Kind::of(*kind))
    }

    /// Because of which event.
    #[must_use]
    pub fn cause(&self, id: EventId) -> Option<EventId> {
        self.cause.get(id.index()).filter(|cause| **cause != NONE).map(|cause| EventId(*cause))
    }

    /// The Submit that an event stems from, at most `causes` steps back.
    #[must_use]
    pub fn submit_of(&self, id: EventId, causes: usize) -> Option<EventId> {
        let mut id = id;
        for _ in 0..causes {
            if self.kind(id)? == Kind::Submit {
                return Some(id);
            }
            id = self.cause(id)?;
        }
        None
    }

    /// The statement of a Submit, as written.
    #[must_use]
    pub fn text(&self, id: EventId) -> Option<&'a str> {
        if self.kind(id) != Some(Kind::Submit) {
            return None;
        }
        text(self.texts.get(*self.b.get(id.index())?).ok()?).ok()
    }

    /// One event, decoded.
    ///
    /// # Errors
    /// [`Error::Damaged`] when there is no such event, or a received trace does not hold what it promises.
    pub fn event(&self, id: EventId) -> Result<Event, Error> {
        Ok(Event {
            id,
            at: self.at(id).ok_or(Error::Damaged)?,
            own: self.own(id).ok_or(Error::Damaged)?,
            who: self.who(id).ok_or(Error::Damaged)?,
            fact: self.fact(id)?,
            cause: self.cause(id),
        })
    }

    /// Every event, decoded one after the other.
    pub fn events(self) -> impl Iterator<Item = Result<Event, Error>> + 'a {
        (0..self.len()).map(move |at| self.event(EventId(at as u32)))
    }

    /// What a Send carries, without decoding it; `None` for any other event.
    #[must_use]
    pub fn carries(&self, id: EventId) -> Option<Carries> {
        Some(match self.said(id)? {
            Said::Mutation | Said::Hint | Said::Repair | Said::Propose | Said::Commit => match self.shape(id) {
                Some(Shape { live: false, tombstone: true }) => Carries::Tombstone,
                // A proposal that changes nothing.
                Some(Shape { live: false, tombstone: false }) if self.said(id) == Some(Said::Propose) => Carries::Read,
                _ => Carries::Row,
            },
            Said::BatchLog => Carries::Row,
            Said::Request | Said::Data | Said::Digest | Said::Full | Said::Prepare => Carries::Read,
            Said::Schema | Said::Truncate | Said::Stream => Carries::Read,
            Said::Reply | Said::Ack | Said::Failure | Said::Rows | Said::DigestReply | Said::Promise | Said::Accept => {
                Carries::Reply
            }
        })
    }

    /// Which message a Send is.
    #[must_use]
    pub fn said(&self, id: EventId) -> Option<Said> {
        if self.kind(id) != Some(Kind::Send) {
            return None;
        }
        self.c.get(id.index()).and_then(|c| Said::of((c >> 16) as u8))
    }

    /// Whom a Send goes to.
    #[must_use]
    pub fn receiver(&self, id: EventId) -> Option<Id> {
        let c = self.c.get(id.index()).filter(|_| self.kind(id) == Some(Kind::Send))?;
        Some(Id(*c as u16))
    }

    /// What the payload of an Apply, a Replace, a Hint or a Send of a write is made of.
    #[must_use]
    pub fn shape(&self, id: EventId) -> Option<Shape> {
        let b = *self.b.get(id.index())?;
        payload::head(self.blobs.get(b).ok()?).map(|(shape, _, _)| shape)
    }

    /// The digest of everything: columns and payloads, machines, but no statement text and no seed.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut digest = Digest::begin();
        digest.int(self.epoch as u64);
        digest.int(match self.dialect {
            Dialect::Cassandra => 0,
            Dialect::Scylla => 1,
        });
        digest.bytes(&machine_bytes(self.machines));
        digest.int(self.len() as u64);
        digest.ints(self.at.iter().map(|int| int.to_le_bytes()));
        digest.ints(self.own.iter().map(|int| int.to_le_bytes()));
        digest.ints(self.who.iter().map(|int| int.to_le_bytes()));
        digest.raw(self.kind);
        digest.ints(self.cause.iter().map(|int| int.to_le_bytes()));
        digest.ints(self.a.iter().map(|int| int.to_le_bytes()));
        let submit = Kind::Submit as u8;
        let numbers = self.b.iter().zip(self.kind).map(|(b, kind)| if *kind == submit { &0 } else { b });
        digest.ints(numbers.map(|int| int.to_le_bytes()));
        digest.ints(self.c.iter().map(|int| int.to_le_bytes()));
        for strings in [self.places, self.blobs] {
            digest.int(strings.ends.len() as u64);
            digest.ints(strings.ends.iter().map(|int| int.to_le_bytes()));
            digest.raw(strings.bytes);
        }
        digest.end()
    }

    /// The first event in which two traces of one text differ, for a test that says so.
    #[must_use]
    pub fn first_difference(&self, other: &Log<'_>) -> Option<EventId> {
        let both = self.len().min(other.len());
        let differs = |at: &u32| {
            let id = EventId(*at);
            self.columns(id) != other.columns(id)
                || self.kind(id) != other.kind(id)
                || self.at(id) != other.at(id)
                || self.own(id) != other.own(id)
                || self.who(id) != other.who(id)
                || self.cause(id) != other.cause(id)
                || self.fact(id) != other.fact(id)
        };
        let first = (0..both as u32).find(differs);
        first.or((self.len() != other.len()).then_some(both as u32)).map(EventId)
    }

    pub(crate) fn columns(&self, id: EventId) -> Option<(u64, u32, u32)> {
        let at = id.index();
        Some((*self.a.get(at)?, *self.b.get(at)?, *self.c.get(at)?))
    }

    pub(crate) fn table_at(&self, id: EventId) -> Result<TableInfo, Error> {
        let b = *self.b.get(id.index()).ok_or(Error::Damaged)?;
        whole(self.blobs.get(b)?, read_table)
    }

    pub(crate) fn place(&self, number: u32) -> Result<Place, Error> {
        read_place(self.places.get(number)?)
    }

    /// What an Apply met.
    pub(crate) fn met(&self, id: EventId) -> Option<Met> {
        let (a, _, c) = self.columns(id)?;
        (self.kind(id)? == Kind::Apply).then_some(Met { covered: a as u32, of: (a >> 32) as u32, hidden: c })
    }

    /// The number of the place that an event is about.
    pub(crate) fn place_no(&self, id: EventId) -> Option<u32> {
        let b = *self.b.get(id.index())?;
        match self.kind(id)? {
            Kind::Read | Kind::Mismatch | Kind::Paxos => Some(b),
            Kind::Apply | Kind::Replace | Kind::Hint => self.payload_place(b),
            Kind::Send => match self.said(id)? {
                Said::Data | Said::Digest | Said::Full | Said::Prepare => Some(b),
                Said::Mutation | Said::Hint | Said::Repair | Said::Propose | Said::Commit => self.payload_place(b),
                _ => None,
            },
            _ => None,
        }
    }

    fn payload_place(&self, number: u32) -> Option<u32> {
        payload::head(self.blobs.get(number).ok()?).map(|(_, place, _)| place)
    }

    pub(crate) fn mutation(&self, number: u32) -> Result<Mutation, Error> {
        let (_, place, rest) = payload::head(self.blobs.get(number)?).ok_or(Error::Damaged)?;
        let Place { table, key: Some(key) } = self.place(place)? else { return Err(Error::Damaged) };
        Ok(Mutation { table, key, delta: read_partition_whole(rest)? })
    }
}
