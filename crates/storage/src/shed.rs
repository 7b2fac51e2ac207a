//! What flush, compaction and reads leave out: data that a deletion hides (shed), and deletions old enough to forget (purge).
//!
//! Shedding never changes what is read, and it commutes with joining. Purging does change what a later join says: that is the
//! zombie (semantics.md 12 to 14), and the reason why [`Purge`] asks for two conditions.

use crate::{Cell, Collection, Column, ColumnId, Content, Partition, Row, Shadow, Tombstone, visibility::hidden_by};
use alloc::vec::Vec;

/// Which deletions may be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purge {
    /// Now, seconds since the Unix epoch: what has expired becomes a tombstone first.
    pub now: i64,
    /// Deletions made before this second are old enough.
    pub gc_before: i64,
    /// Only deletions with a smaller timestamp: the smallest that lies elsewhere on this node and might need hiding.
    pub below: Option<i64>,
}

impl Purge {
    fn takes(&self, tombstone: Tombstone) -> bool {
        tombstone.deletion_time < self.gc_before && self.below.is_none_or(|below| tombstone.timestamp < below)
    }

    /// Forgets what `slot` holds if it may go; says how many did.
    fn take(&self, slot: &mut Option<Tombstone>) -> u32 {
        u32::from(slot.take_if(|tombstone| self.takes(*tombstone)).is_some())
    }
}

impl Partition {
    /// Whether there is anything here that [`Partition::shed`] or [`Partition::purge`] could drop.
    pub fn has_deletions(&self) -> bool {
        let of_rows = |row: &Row| row.has_deletions();
        self.tombstone.is_some()
            || !self.ranges.is_empty()
            || self.static_row.as_deref().is_some_and(of_rows)
            || self.rows.iter().any(|(_, row)| of_rows(row))
    }

    /// Drops what a deletion in here hides, smaller deletions included, and the columns in `gone`. Says how much.
    pub fn shed(&mut self, gone: &[ColumnId]) -> u32 {
        let mut dropped = 0;
        if let Some(all) = self.tombstone {
            dropped += retain(&mut self.ranges, |range| range.tombstone > all);
        }
        if let Some(mut row) = self.static_row.take() {
            dropped += row.shed(self.static_cover(), gone);
            self.static_row = (!row.is_empty()).then_some(row);
        }
        let mut rows = core::mem::take(&mut self.rows);
        rows.retain(|key, row| {
            dropped += row.shed(self.cover_at(key), gone);
            !row.is_empty()
        });
        self.rows = rows;
        dropped
    }

    /// Forgets the deletions that may go, and turns what has expired into tombstones. Says how many went. Shed first:
    /// what a forgotten tombstone hid would come back.
    pub fn purge(&mut self, purge: &Purge) -> u32 {
        let mut dropped = purge.take(&mut self.tombstone);
        dropped += retain(&mut self.ranges, |range| !purge.takes(range.tombstone));
        if let Some(mut row) = self.static_row.take() {
            dropped += row.purge(purge);
            self.static_row = (!row.is_empty()).then_some(row);
        }
        self.rows.retain(|_, row| {
            dropped += row.purge(purge);
            !row.is_empty()
        });
        dropped
    }
}

impl Row {
    /// Whether it holds a tombstone of any kind, a TTL, or nothing: what a statement leaves that binds only UNSET.
    pub(crate) fn has_deletions(&self) -> bool {
        let of_cell = |cell: &Cell| !matches!(cell.content, Content::Live(_));
        self.is_empty()
            || self.tombstone.is_some()
            || self.marker.is_some_and(|marker| marker.expiry.is_some())
            || self.columns.iter().any(|(_, column)| match column {
                Column::Simple(cell) => of_cell(cell),
                Column::Collection(all) => {
                    all.tombstone.is_some() || all.cells.is_empty() || all.cells.iter().any(|(_, cell)| of_cell(cell))
                }
            })
    }

    pub(crate) fn shed(&mut self, above: Option<Shadow>, gone: &[ColumnId]) -> u32 {
        let mut dropped = shed_tombstone(&mut self.tombstone, above);
        let cover = self.cover(above);
        dropped += u32::from(self.marker.take_if(|marker| hidden_by(cover, marker.timestamp).is_some()).is_some());
        dropped
            + retain_mut(&mut self.columns, |(id, column)| match column {
                _ if gone.contains(id) => (false, 1),
                Column::Simple(cell) => one_unless(hidden_by(cover, cell.timestamp).is_none()),
                Column::Collection(collection) => {
                    let dropped = collection.shed(cover);
                    (!collection.is_empty(), dropped)
                }
            })
    }

    pub(crate) fn purge(&mut self, purge: &Purge) -> u32 {
        let mut dropped = purge.take(&mut self.tombstone);
        let expired = self.marker.take_if(|marker| {
            // A marker has no tombstone to become: its own expiry is its deletion time, as on Cassandra.
            marker.expiry.is_some_and(|expiry| {
                let tombstone = Tombstone { timestamp: marker.timestamp, deletion_time: expiry.at };
                !expiry.is_live(purge.now) && purge.takes(tombstone)
            })
        });
        dropped += u32::from(expired.is_some());
        dropped
            + retain_mut(&mut self.columns, |(_, column)| match column {
                Column::Simple(cell) => one_unless(cell.purge(purge)),
                Column::Collection(collection) => {
                    let dropped = collection.purge(purge);
                    (!collection.is_empty(), dropped)
                }
            })
    }
}

impl Collection {
    fn shed(&mut self, row: Option<Shadow>) -> u32 {
        let dropped = shed_tombstone(&mut self.tombstone, row);
        let cover = self.cover(row);
        dropped + retain(&mut self.cells, |(_, cell)| hidden_by(cover, cell.timestamp).is_none())
    }

    fn purge(&mut self, purge: &Purge) -> u32 {
        let dropped = purge.take(&mut self.tombstone);
        dropped + retain_mut(&mut self.cells, |(_, cell)| one_unless(cell.purge(purge)))
    }
}

impl Cell {
    /// Turns an expired value into its tombstone; says whether the cell stays.
    fn purge(&mut self, purge: &Purge) -> bool {
        if let Content::Expiring(_, expiry) = self.content
            && !expiry.is_live(purge.now)
        {
            self.content = Content::Dead { deletion_time: expiry.deletion_time() };
        }
        match self.content {
            Content::Live(_) | Content::Expiring(..) => true,
            Content::Dead { deletion_time } => !purge.takes(Tombstone { timestamp: self.timestamp, deletion_time }),
        }
    }
}

/// A deletion says nothing that a wider one of the same or a newer date does not.
fn shed_tombstone(slot: &mut Option<Tombstone>, above: Option<Shadow>) -> u32 {
    let said = |tombstone: &mut Tombstone| above.is_some_and(|above| above.tombstone() >= *tombstone);
    u32::from(slot.take_if(said).is_some())
}

fn retain<T>(all: &mut Vec<T>, mut keep: impl FnMut(&T) -> bool) -> u32 {
    retain_mut(all, |one| one_unless(keep(one)))
}

/// Keeps what `keep` says, and sums up what it says was dropped.
fn retain_mut<T>(all: &mut Vec<T>, mut keep: impl FnMut(&mut T) -> (bool, u32)) -> u32 {
    let mut dropped = 0;
    all.retain_mut(|one| {
        let (stays, count) = keep(one);
        dropped += count;
        stays
    });
    dropped
}

fn one_unless(stays: bool) -> (bool, u32) {
    (stays, u32::from(!stays))
}
