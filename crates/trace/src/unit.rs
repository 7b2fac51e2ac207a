//! One unit (the cover of a partition, or one row of it) on every replica at some event.

use crate::Error;
use crate::fold::{CoverFold, RowFold};
use crate::gather::RowKey;
use crate::index::Index;
use crate::kind::Kind;
use crate::log::Log;
use crate::payload::head;
use crate::scan::{RowScan, read_cover, read_static};
use crate::sorted::Sorted;
use crate::work::Work;
use alloc::{rc::Rc, vec::Vec};
use storage::{Dialect, TableId};

/// A unit gets a keyframe after work for so many events, or four times what the keyframe costs, whichever is more.
const KEYFRAME_EVERY: usize = 128;

/// What folding an event costs, in units of [`Work`].
const FOLD_UNITS: usize = 24;

/// Which part of a payload a unit is.
#[derive(Clone, Copy)]
pub(crate) enum Which<'a> {
    Cover,
    Static,
    Row(&'a [u8]),
}

/// What can be folded: a cover or a row.
pub(crate) trait Fold: Clone + Default {
    /// Take in what a payload says of this unit.
    fn take(&mut self, which: Which<'_>, payload: &[u8], replace: bool, event: u32, by: Dialect) -> Result<(), Error>;
    /// What a copy costs.
    fn size(&self) -> usize;
    /// Drop what is no longer needed.
    fn trim(&mut self) {}
}

impl Fold for CoverFold {
    fn take(&mut self, _: Which<'_>, payload: &[u8], replace: bool, event: u32, by: Dialect) -> Result<(), Error> {
        let delta = read_cover(payload)?;
        if replace {
            self.replace(&delta, event)
        } else {
            self.join(&delta, event, by)
        }
        Ok(())
    }

    fn size(&self) -> usize {
        self.atoms()
    }

    fn trim(&mut self) {
        CoverFold::trim(self);
    }
}

impl Fold for RowFold {
    fn take(&mut self, which: Which<'_>, payload: &[u8], replace: bool, event: u32, by: Dialect) -> Result<(), Error> {
        let row = match which {
            Which::Static => read_static(payload)?,
            Which::Row(key) => RowScan::new(payload)?.1.find(key)?,
            Which::Cover => None,
        };
        match (row, replace) {
            (Some(row), true) => self.replace(&row, event),
            (Some(row), false) => self.join(&row, event, by),
            (None, true) => *self = RowFold::default(),
            (None, false) => {}
        }
        Ok(())
    }

    fn size(&self) -> usize {
        self.atoms()
    }
}

/// What one machine holds of a unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held<T> {
    pub who: u16,
    /// The last event that was folded in.
    seen: u32,
    pub fold: T,
}

/// What every machine holds of a unit, by machine.
pub(crate) type Everywhere<T> = Vec<Held<T>>;

/// A unit on every replica after the first `position` events of its list.
#[derive(Debug)]
struct Frame<T> {
    position: u32,
    state: Rc<Everywhere<T>>,
}

/// The keyframes of the units that need any.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    covers: Sorted<u32, Vec<Frame<CoverFold>>>,
    rows: Sorted<u32, Vec<Frame<RowFold>>>,
    /// Atoms in all of them.
    pub atoms: usize,
}

/// A unit, and where it is.
#[derive(Clone, Copy)]
pub(crate) struct Unit<'a> {
    pub number: u32,
    pub place: u32,
    pub table: TableId,
    pub which: Which<'a>,
}

impl Frames {
    /// The cover of a partition at an event.
    pub fn cover(
        &self,
        index: &Index,
        log: &Log<'_>,
        unit: Unit<'_>,
        upto: u32,
    ) -> Result<Everywhere<CoverFold>, Error> {
        at(self.covers.get(unit.number), index, log, unit, upto)
    }

    /// A row at an event.
    pub fn row(&self, index: &Index, log: &Log<'_>, unit: Unit<'_>, upto: u32) -> Result<Everywhere<RowFold>, Error> {
        at(self.rows.get(unit.number), index, log, unit, upto)
    }
}

fn at<T: Fold>(
    frames: Option<&Vec<Frame<T>>>,
    index: &Index,
    log: &Log<'_>,
    unit: Unit<'_>,
    upto: u32,
) -> Result<Everywhere<T>, Error> {
    let events = index.unit(unit.number);
    let to = events.partition_point(|event| *event <= upto);
    let frame = frames.and_then(|frames| {
        let next = frames.partition_point(|frame| frame.position as usize <= to);
        frames.get(next.checked_sub(1)?)
    });
    let (from, mut state) = match frame {
        Some(frame) => (frame.position as usize, Everywhere::clone(&frame.state)),
        None => (0, Everywhere::new()),
    };
    for event in events.get(from..to).unwrap_or_default() {
        fold(&mut state, index, log, unit, *event)?;
    }
    // A Replace that does not name a row takes it away; so does a Truncate.
    for held in &mut state {
        if index.wiped(unit.place, unit.table, held.who, held.seen, upto).is_some() {
            held.fold = T::default();
        }
    }
    Ok(state)
}

/// Fold one event of the unit's list in. Says how much work it was.
fn fold<T: Fold>(
    state: &mut Everywhere<T>,
    index: &Index,
    log: &Log<'_>,
    unit: Unit<'_>,
    event: u32,
) -> Result<usize, Error> {
    let at = event as usize;
    let (who, blob) = (log.who.get(at).ok_or(Error::Damaged)?, log.b.get(at).ok_or(Error::Damaged)?);
    let slot = match state.binary_search_by_key(who, |held| held.who) {
        Ok(slot) => slot,
        Err(slot) => {
            state.insert(slot, Held { who: *who, seen: 0, fold: T::default() });
            slot
        }
    };
    let held = &mut state[slot];
    if let Some(before) = event.checked_sub(1)
        && index.wiped(unit.place, unit.table, *who, held.seen, before).is_some()
    {
        held.fold = T::default();
    }
    let (_, _, payload) = head(log.blobs.get(*blob)?).ok_or(Error::Damaged)?;
    let replace = log.kind.get(at) == Some(&(Kind::Replace as u8));
    held.fold.take(unit.which, payload, replace, event, log.dialect)?;
    held.seen = event;
    Ok(1 + payload.len() / 32)
}

/// Keyframes while they are made, unit by unit.
#[derive(Debug, Default)]
pub(crate) struct Framing {
    frames: Frames,
    /// The unit that is at hand, and how far it is.
    number: u32,
    cover: Half<CoverFold>,
    row: Half<RowFold>,
}

/// A unit of which so many events have been folded.
#[derive(Debug)]
struct Half<T> {
    position: u32,
    state: Everywhere<T>,
    since: usize,
    made: Vec<Frame<T>>,
}

impl<T> Default for Half<T> {
    fn default() -> Self {
        Half { position: 0, state: Everywhere::new(), since: 0, made: Vec::new() }
    }
}

impl Framing {
    /// Goes on; the keyframes of all units when there is nothing more to do.
    pub fn step(
        &mut self,
        index: &Index,
        log: &Log<'_>,
        rows: &[RowKey],
        work: &mut Work,
    ) -> Result<Option<Frames>, Error> {
        let first = index.places * 2;
        loop {
            let number = self.number;
            let row = number.checked_sub(first).map(|row| rows.get(row as usize));
            let (place, which) = match row {
                Some(None) => return Ok(Some(core::mem::take(&mut self.frames))),
                Some(Some(key)) => (key.place, key.which(log)),
                None if number.is_multiple_of(2) => (number / 2, Which::Cover),
                None => (number / 2, Which::Static),
            };
            if index.unit(number).len() > KEYFRAME_EVERY {
                let unit = Unit { number, place, table: log.place(place)?.table, which };
                let Frames { covers, rows: of_rows, atoms } = &mut self.frames;
                if let Which::Cover = which {
                    let Some(made) = self.cover.step(index, log, unit, atoms, work)? else { return Ok(None) };
                    covers.slot(number, || made);
                } else {
                    let Some(made) = self.row.step(index, log, unit, atoms, work)? else { return Ok(None) };
                    of_rows.slot(number, || made);
                }
            }
            self.number += 1;
            work.spend(1);
            if work.over() {
                return Ok(None);
            }
        }
    }
}

impl<T: Fold> Half<T> {
    fn step(
        &mut self,
        index: &Index,
        log: &Log<'_>,
        unit: Unit<'_>,
        atoms: &mut usize,
        work: &mut Work,
    ) -> Result<Option<Vec<Frame<T>>>, Error> {
        while let Some(event) = index.unit(unit.number).get(self.position as usize) {
            self.position += 1;
            let cost = fold(&mut self.state, index, log, unit, *event)?;
            work.spend(cost * FOLD_UNITS);
            self.since += cost;
            if self.since >= KEYFRAME_EVERY {
                let size: usize = self.state.iter().map(|held| held.fold.size()).sum();
                if self.since >= size * 4 {
                    for held in &mut self.state {
                        held.fold.trim();
                    }
                    self.made.push(Frame { position: self.position, state: Rc::new(self.state.clone()) });
                    *atoms += size;
                    self.since = 0;
                }
            }
            if work.over() {
                return Ok(None);
            }
        }
        Ok(Some(core::mem::take(self).made))
    }
}
