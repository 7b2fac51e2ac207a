//! A trace as bytes: one Cap'n Proto message, written in one piece and read in place.

use crate::column::Column;
use crate::kind::Kind;
use crate::log::{Log, Strings};
use crate::schema::{MachineInfo, MachineKind};
use crate::shared::Shared;
use crate::trace::NONE;
use crate::trace_capnp::{clock, machine, strings, trace};
use crate::{Error, Trace};
use alloc::{rc::Rc, vec::Vec};
use capnp::message::{Builder, HeapAllocator, Reader, ReaderOptions};
use capnp::serialize::{BufferSegments, write_message_segments_to_words};
use capnp::{primitive_list, private::layout::PrimitiveElement};
use sim::{Clock, Id, Span};
use storage::Dialect;

/// The meaning of columns that this code reads and writes.
const VERSION: u16 = 2;

impl Trace {
    /// The whole trace as one message.
    ///
    /// # Errors
    /// [`Error::Full`] when a column outgrew what a message may hold.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        self.log().to_bytes()
    }
}

impl Log<'_> {
    /// The whole trace as one message.
    ///
    /// # Errors
    /// [`Error::Full`] when a column outgrew what a message may hold.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let strings = [self.texts, self.places, self.blobs];
        let payload: usize = strings.iter().map(|strings| strings.bytes.len() + strings.ends.len() * 4).sum();
        let words = (self.len() * 39 + payload) / 8 + self.machines.len() * 32 + 64;
        let words = u32::try_from(words).map_err(|_| Error::Full { what: "words", limit: u64::from(u32::MAX) })?;
        let mut message = Builder::new(HeapAllocator::new().first_segment_words(words));
        let mut root: trace::Builder<'_> = message.init_root();
        root.set_version(VERSION);
        root.set_epoch(self.epoch);
        root.set_scylla(self.dialect == Dialect::Scylla);
        let events = self.len() as u32;
        copy(root.reborrow().init_at(events), &self.at);
        copy(root.reborrow().init_own(events), &self.own);
        copy(root.reborrow().init_who(events), &self.who);
        root.set_kind(self.kind);
        copy(root.reborrow().init_cause(events), &self.cause);
        copy(root.reborrow().init_a(events), &self.a);
        copy(root.reborrow().init_b(events), &self.b);
        copy(root.reborrow().init_c(events), &self.c);
        write_strings(root.reborrow().init_texts(), self.texts);
        write_strings(root.reborrow().init_places(), self.places);
        write_strings(root.reborrow().init_blobs(), self.blobs);
        let mut machines = root.init_machines(self.machines.len() as u32);
        for (at, machine) in self.machines.iter().enumerate() {
            write_machine(machines.reborrow().get(at as u32), machine);
        }
        Ok(write_message_segments_to_words(&message))
    }
}

fn copy<T: PrimitiveElement + Copy>(mut to: primitive_list::Builder<'_, T>, from: &[T]) {
    if let Some(slice) = to.as_slice() {
        slice.copy_from_slice(from);
    }
}

fn write_strings(mut to: strings::Builder<'_>, from: Strings<'_>) {
    to.set_bytes(from.bytes);
    copy(to.init_ends(from.ends.len() as u32), &from.ends);
}

fn write_machine(mut to: machine::Builder<'_>, from: &MachineInfo) {
    to.set_id(from.id.0);
    to.set_client(from.kind == MachineKind::Client);
    to.set_name(&*from.name);
    to.set_about(&*from.about);
    to.set_has_token(from.token.is_some());
    to.set_token(from.token.unwrap_or(0));
    let mut clock = to.init_clock();
    clock.set_epoch(from.clock.epoch);
    clock.set_offset(from.clock.offset);
    clock.set_drift_ppm(from.clock.drift_ppm);
    if let Some((by, every)) = from.clock.step {
        clock.set_step_by(by);
        clock.set_step_every(every.0);
    }
    clock.set_resolution(from.clock.resolution);
}

/// A trace that arrived as bytes. Its columns stay where they are; [`Received::log`] lends them.
pub struct Received {
    message: Reader<BufferSegments<Shared>>,
    machines: Vec<MachineInfo>,
}

impl Received {
    /// Take in a message and check what every reader relies on: equally long columns, known kinds, ids in range, time
    /// that never goes back. What a payload says is checked when it is read.
    ///
    /// # Errors
    /// [`Error::Damaged`] when these bytes are no trace of this version.
    pub fn open(bytes: &[u8]) -> Result<Received, Error> {
        Received::within(Shared::from(bytes))
    }

    /// As [`Received::open`], of bytes that stay where they are.
    ///
    /// # Errors
    /// [`Error::Damaged`] when these bytes are no trace of this version.
    pub fn within(bytes: Shared) -> Result<Received, Error> {
        // What is read stays in place and is read often, so what counts is the buffer's size, not how often it is read.
        let options = ReaderOptions { traversal_limit_in_words: None, nesting_limit: 8 };
        let segments = BufferSegments::new(bytes, options).map_err(damaged)?;
        let message = Reader::new(segments, options);
        let root: trace::Reader<'_> = message.get_root().map_err(damaged)?;
        let mut machines = Vec::new();
        let listed = root.get_machines().map_err(damaged)?;
        // A list of empty structs takes no bytes: without a limit a short message could claim millions.
        if listed.len() > u32::from(u16::MAX) {
            return Err(Error::Damaged);
        }
        for machine in listed {
            machines.push(read_machine(machine)?);
        }
        let received = Received { message, machines };
        check(&received.columns()?)?;
        Ok(received)
    }

    /// The columns.
    #[must_use]
    pub fn log(&self) -> Log<'_> {
        // It was readable when it was opened, and nothing can have changed it.
        self.columns().unwrap_or_default()
    }

    fn columns(&self) -> Result<Log<'_>, Error> {
        let root: trace::Reader<'_> = self.message.get_root().map_err(damaged)?;
        if root.get_version() != VERSION {
            return Err(Error::Damaged);
        }
        Ok(Log {
            epoch: root.get_epoch(),
            dialect: if root.get_scylla() { Dialect::Scylla } else { Dialect::Cassandra },
            machines: &self.machines,
            at: column(root.get_at())?,
            own: column(root.get_own())?,
            who: column(root.get_who())?,
            kind: root.get_kind().map_err(damaged)?,
            cause: column(root.get_cause())?,
            a: column(root.get_a())?,
            b: column(root.get_b())?,
            c: column(root.get_c())?,
            texts: read_strings(root.get_texts().map_err(damaged)?)?,
            places: read_strings(root.get_places().map_err(damaged)?)?,
            blobs: read_strings(root.get_blobs().map_err(damaged)?)?,
        })
    }
}

impl core::fmt::Debug for Received {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Received trace of {} events", self.log().len())
    }
}

fn damaged<E>(_: E) -> Error {
    Error::Damaged
}

fn column<T: PrimitiveElement>(list: capnp::Result<primitive_list::Reader<'_, T>>) -> Result<Column<'_, T>, Error> {
    Column::list(list.map_err(damaged)?).ok_or(Error::Damaged)
}

fn read_strings<'a>(from: strings::Reader<'a>) -> Result<Strings<'a>, Error> {
    Ok(Strings { bytes: from.get_bytes().map_err(damaged)?, ends: column(from.get_ends())? })
}

fn read_machine(from: machine::Reader<'_>) -> Result<MachineInfo, Error> {
    let text = |text: capnp::Result<capnp::text::Reader<'_>>| -> Result<Rc<str>, Error> {
        Ok(Rc::from(text.map_err(damaged)?.to_str().map_err(damaged)?))
    };
    let clock: clock::Reader<'_> = from.get_clock().map_err(damaged)?;
    let every = clock.get_step_every();
    Ok(MachineInfo {
        id: Id(from.get_id()),
        name: text(from.get_name())?,
        kind: if from.get_client() { MachineKind::Client } else { MachineKind::Node },
        token: from.get_has_token().then(|| from.get_token()),
        about: text(from.get_about())?,
        clock: Clock {
            epoch: clock.get_epoch(),
            offset: clock.get_offset(),
            drift_ppm: clock.get_drift_ppm(),
            step: (every > 0).then(|| (clock.get_step_by(), Span(every))),
            resolution: clock.get_resolution(),
        },
    })
}

fn check(log: &Log<'_>) -> Result<(), Error> {
    let n = log.len();
    let lengths =
        [log.own.len(), log.who.len(), log.kind.len(), log.cause.len(), log.a.len(), log.b.len(), log.c.len()];
    let numbered = u32::try_from(n).is_ok_and(|n| n < NONE);
    let sized = numbered && lengths.iter().all(|length| *length == n);
    let timed = log.at.is_sorted();
    let known = log.kind.iter().all(|kind| Kind::of(*kind).is_some());
    let caused = log.cause.iter().zip(0u32..).all(|(cause, at)| *cause == NONE || *cause < at);
    let cut = [log.texts, log.places, log.blobs].iter().all(|strings| {
        let whole = strings.ends.last().map_or(0, |end| *end as usize) == strings.bytes.len();
        whole && strings.ends.is_sorted()
    });
    if sized && timed && known && caused && cut { Ok(()) } else { Err(Error::Damaged) }
}
