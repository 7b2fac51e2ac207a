//! An index while it is built, bit by bit: whoever has other things to do, as a page has, steps it and looks up in between.
//!
//! ```text
//! one pass over the events   payloads → units, rows, holders | statements | flights | what the world did | tables
//! sort                       holders, Replaces, Truncates
//! lists                      count what writes each unit, then place it
//! rows                       sort by place and key, then lay them out
//! keyframes                  of units, of flights
//! ```

use crate::flights::Flying;
use crate::gather::{Holders, PayloadUnits, Rank, RowKeys};
use crate::index::{Index, ROW_WRITES_MAX, RowPlace};
use crate::kind::{Kind, Said};
use crate::story::Story;
use crate::unit::Framing;
use crate::work::{Sorting, Work};
use crate::worldly::Turning;
use crate::{Dictionary, Error, EventId, Log};
use alloc::{rc::Rc, vec, vec::Vec};
use core::mem::take;

/// What taking in an event costs at least, in units of [`Work`].
const EVENT_UNITS: usize = 16;

/// See the module's page. The index is the same however it was sliced.
pub struct Indexing {
    index: Index,
    stage: Stage,
    /// The next event, write or row of this stage.
    next: u32,
    units: PayloadUnits,
    rows: RowKeys,
    /// Writes: the event and its payload.
    writes: Vec<(u32, u32)>,
    holders: Holders,
    story: Story,
    flying: Flying,
    turning: Turning,
    dictionary: Dictionary,
    framing: Framing,
}

/// By machine: a place or a table, and the event.
type Wipe = (u32, u16, u32);

enum Stage {
    Events,
    Holders(Sorting<u64>),
    Replaced(Sorting<Wipe>),
    Truncated(Sorting<Wipe>),
    Count,
    Fill,
    Rank(Vec<Rank>),
    Sort(Sorting<Rank>),
    Lay(Vec<Rank>),
    Frames,
    Flights,
    Done,
}

impl Indexing {
    /// Begin the index of a trace.
    #[must_use]
    pub fn new(log: &Log<'_>) -> Indexing {
        let places = log.places.ends.len() as u32;
        Indexing {
            index: Index { places, ..Index::default() },
            stage: Stage::Events,
            next: 0,
            units: PayloadUnits::new(log.blobs.ends.len()),
            rows: RowKeys::new(places * 2),
            writes: Vec::new(),
            holders: Holders::new(),
            story: Story::new(log),
            flying: Flying::default(),
            turning: Turning::default(),
            dictionary: Dictionary::default(),
            framing: Framing::default(),
        }
    }

    /// Go on for about so much work: an event is some tens of units, a unit some tens of nanoseconds. The index comes once,
    /// when it is whole. The log must be the one that it began with.
    ///
    /// # Errors
    /// As [`Index::build`].
    pub fn step(&mut self, log: &Log<'_>, work: u32) -> Result<Option<Index>, Error> {
        let work = &mut Work(work.max(1));
        while !work.over() {
            let Some(next) = self.stage(log, work)? else { continue };
            (self.stage, self.next) = (next, 0);
            if let Stage::Done = self.stage {
                return Ok(Some(take(&mut self.index)));
            }
        }
        Ok(None)
    }

    /// Goes on with this stage; the next one when it is over.
    fn stage(&mut self, log: &Log<'_>, work: &mut Work) -> Result<Option<Stage>, Error> {
        let index = &mut self.index;
        Ok(match &mut self.stage {
            Stage::Events => {
                while (self.next as usize) < log.len() {
                    if work.over() {
                        return Ok(None);
                    }
                    self.event(log, EventId(self.next), work)?;
                    self.next += 1;
                }
                (self.index.story, self.index.worldly) = (take(&mut self.story), self.turning.done());
                self.index.dictionary = Rc::new(take(&mut self.dictionary));
                Some(Stage::Holders(Sorting::new(self.holders.all())))
            }
            Stage::Holders(sorting) => sorting.step(work, |a, b| a < b).map(|mut holders| {
                holders.dedup();
                index.holders = holders;
                Stage::Replaced(Sorting::new(take(&mut index.replaced)))
            }),
            Stage::Replaced(sorting) => sorting.step(work, |a, b| a < b).map(|replaced| {
                index.replaced = replaced;
                Stage::Truncated(Sorting::new(take(&mut index.truncated)))
            }),
            Stage::Truncated(sorting) => sorting.step(work, |a, b| a < b).map(|truncated| {
                index.truncated = truncated;
                index.starts = vec![0; self.rows.first as usize + self.rows.keys.len() + 1];
                Stage::Count
            }),
            Stage::Count => self.count(log, work)?.then_some(Stage::Fill),
            Stage::Fill => self.fill(log, work).then(|| {
                (self.units, self.writes) = (PayloadUnits::new(0), Vec::new());
                Stage::Rank(Vec::with_capacity(self.rows.keys.len()))
            }),
            Stage::Rank(ranks) => {
                while ranks.len() < self.rows.keys.len() {
                    if work.over() {
                        return Ok(None);
                    }
                    work.spend(1);
                    ranks.push(self.rows.rank(log, ranks.len() as u32));
                }
                Some(Stage::Sort(Sorting::new(take(ranks))))
            }
            Stage::Sort(sorting) => sorting.step(work, |a, b| self.rows.less(log, a, b)).map(Stage::Lay),
            Stage::Lay(ranks) => {
                let ranks = take(ranks);
                let over = self.lay(&ranks, work);
                if !over {
                    self.stage = Stage::Lay(ranks);
                }
                over.then_some(Stage::Frames)
            }
            Stage::Frames => self.framing.step(index, log, &self.rows.keys, work)?.map(|frames| {
                index.frames = frames;
                Stage::Flights
            }),
            Stage::Flights => self.flying.step(log.len(), work).map(|flights| {
                index.flights = flights;
                Stage::Done
            }),
            Stage::Done => {
                work.spend(usize::MAX);
                None
            }
        })
    }

    /// Takes an event in.
    fn event(&mut self, log: &Log<'_>, id: EventId, work: &mut Work) -> Result<(), Error> {
        work.spend(EVENT_UNITS);
        let kind = log.kind(id).ok_or(Error::Damaged)?;
        let (_, b, c) = log.columns(id).ok_or(Error::Damaged)?;
        let who = log.who(id).ok_or(Error::Damaged)?.0;
        match kind {
            Kind::Apply | Kind::Replace => {
                let place = self.units.learn(log, b, &mut self.rows, work)?;
                self.holders.add(place, who);
                self.writes.push((id.0, b));
                if kind == Kind::Replace {
                    self.index.replaced.push((place, who, id.0));
                }
            }
            Kind::Truncate => self.index.truncated.push((b, who, id.0)),
            Kind::Send => {
                if let Some(place) = sent_place(log, id) {
                    self.holders.add(place, c as u16);
                }
            }
            Kind::Schema => {
                if let Ok(table) = log.table_at(id) {
                    self.dictionary.learn(table);
                }
            }
            _ => {}
        }
        self.flying.take(log, id, kind);
        self.turning.take(log, id, kind)?;
        self.story.take(log, id, kind)
    }

    /// Counts how many events write each unit.
    fn count(&mut self, log: &Log<'_>, work: &mut Work) -> Result<bool, Error> {
        while let Some((at, b)) = self.writes.get(self.next as usize) {
            if work.over() {
                return Ok(false);
            }
            self.next += 1;
            for unit in self.units.of(log, *at, *b) {
                work.spend(1);
                self.index.starts[unit as usize + 1] += 1;
            }
            work.spend(1);
        }
        let mut sum = 0;
        for start in &mut self.index.starts {
            sum += *start as usize;
            *start = sum.min(ROW_WRITES_MAX) as u32;
        }
        if sum > ROW_WRITES_MAX {
            return Err(Error::Full { what: "writes of rows", limit: ROW_WRITES_MAX as u64 });
        }
        self.index.events = vec![0; sum];
        Ok(true)
    }

    /// Fills the lists. `starts[u]` is where unit u begins; it moves on while the unit fills, and then is where u + 1 begins.
    fn fill(&mut self, log: &Log<'_>, work: &mut Work) -> bool {
        while let Some((at, b)) = self.writes.get(self.next as usize) {
            if work.over() {
                return false;
            }
            self.next += 1;
            for unit in self.units.of(log, *at, *b) {
                let next = &mut self.index.starts[unit as usize];
                self.index.events[*next as usize] = *at;
                *next += 1;
                work.spend(1);
            }
            work.spend(1);
        }
        self.index.starts.rotate_right(1);
        if let Some(first) = self.index.starts.first_mut() {
            *first = 0;
        }
        true
    }

    /// Lays the rows out: each place's together, in clustering order.
    fn lay(&mut self, ranks: &[Rank], work: &mut Work) -> bool {
        let index = &mut self.index;
        while let Some(rank) = ranks.get(self.next as usize) {
            if work.over() {
                return false;
            }
            work.spend(1);
            // Where every place up to this one begins.
            let begun = index.row_starts.len().max(rank.place as usize + 1);
            index.row_starts.resize(begun, self.next);
            self.next += 1;
            if let Some(key) = self.rows.keys.get(rank.row as usize) {
                let unit = self.rows.first + rank.row;
                let first = index.unit(unit).first().copied().unwrap_or(u32::MAX);
                index.rows.push(RowPlace { unit, first, at: key.at, len: key.len });
            }
        }
        index.row_starts.resize(index.places as usize + 1, self.next);
        true
    }
}

/// The place of what a Send carries or asks for.
fn sent_place(log: &Log<'_>, id: EventId) -> Option<u32> {
    match log.said(id)? {
        Said::Mutation | Said::Hint | Said::Repair | Said::Data | Said::Digest | Said::Full => log.place_no(id),
        Said::Prepare | Said::Propose | Said::Commit => log.place_no(id),
        Said::Promise | Said::Accept => None,
        Said::Request | Said::Reply | Said::BatchLog | Said::Ack | Said::Failure => None,
        Said::Rows | Said::DigestReply | Said::Schema | Said::Truncate | Said::Stream => None,
    }
}
