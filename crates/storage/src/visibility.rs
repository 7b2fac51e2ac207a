//! What is seen and what is hidden, and by what: the one rule that reads, shedding and the explanation on the screen share.
//!
//! ```text
//! partition tombstone ─┐
//! range tombstone ─────┼─ the newest is the cover of a row ─┐
//! row tombstone ───────┘                                     ├─ of a cell: hidden if its timestamp >= the cell's
//! collection tombstone (its elements only) ──────────────────┘
//! ```

use crate::{Cell, Collection, Column, Content, Expiry, Marker, Partition, Row, Tombstone, ranges};

/// Why something is not seen, with the deletion that does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shadow {
    /// The partition tombstone.
    Partition(Tombstone),
    /// A range tombstone.
    Range(Tombstone),
    /// The row tombstone.
    Row(Tombstone),
    /// The tombstone an overwritten collection left.
    Collection(Tombstone),
    /// It is a cell tombstone itself.
    Cell(Tombstone),
    /// Its TTL has run out.
    Expired {
        /// When it was written, microseconds since the Unix epoch.
        timestamp: i64,
        /// When it stopped living.
        expiry: Expiry,
    },
}

impl Shadow {
    /// The deletion behind it; an expired value is a tombstone with the timestamp of its write (semantics.md 10).
    pub fn tombstone(&self) -> Tombstone {
        match *self {
            Self::Partition(t) | Self::Range(t) | Self::Row(t) | Self::Collection(t) | Self::Cell(t) => t,
            Self::Expired { timestamp, expiry } => Tombstone { timestamp, deletion_time: expiry.deletion_time() },
        }
    }

    /// The newer of two covers; the outer one where they are equal.
    pub fn newer(outer: Option<Self>, inner: Option<Self>) -> Option<Self> {
        match (outer, inner) {
            (Some(a), Some(b)) => Some(if b.tombstone() > a.tombstone() { b } else { a }),
            (a, b) => a.or(b),
        }
    }
}

/// The cover if it hides what was written at `timestamp`.
pub fn hidden_by(cover: Option<Shadow>, timestamp: i64) -> Option<Shadow> {
    cover.filter(|shadow| shadow.tombstone().covers(timestamp))
}

impl Partition {
    /// The newest deletion over a clustering position, rows' own apart.
    pub fn cover_at(&self, position: &[u8]) -> Option<Shadow> {
        let range = ranges::at(&self.ranges, position).map(|range| Shadow::Range(range.tombstone));
        Shadow::newer(self.static_cover(), range)
    }

    /// The deletion over the static row: the partition tombstone alone.
    pub fn static_cover(&self) -> Option<Shadow> {
        self.tombstone.map(Shadow::Partition)
    }

    /// How many rows are visible at `now`, seconds since the Unix epoch.
    pub fn live_rows(&self, now: i64) -> u64 {
        self.rows.iter().map(|(key, row)| u64::from(row.is_live(self.cover_at(key), now))).sum()
    }

    /// Whether a static column has a value at `now`: it keeps the partition visible (semantics.md 6).
    pub fn is_static_live(&self, now: i64) -> bool {
        self.static_row.as_ref().is_some_and(|row| row.has_live_cell(self.static_cover(), now))
    }
}

impl Row {
    /// The newest deletion over this row's contents, given the cover from above.
    pub fn cover(&self, above: Option<Shadow>) -> Option<Shadow> {
        Shadow::newer(above, self.tombstone.map(Shadow::Row))
    }

    /// Whether the row is seen: by its marker or by any live cell (semantics.md 6).
    pub fn is_live(&self, above: Option<Shadow>, now: i64) -> bool {
        self.marker.is_some_and(|marker| marker.shadow(self.cover(above), now).is_none())
            || self.has_live_cell(above, now)
    }

    /// Whether any column has a value at `now`.
    pub fn has_live_cell(&self, above: Option<Shadow>, now: i64) -> bool {
        let cover = self.cover(above);
        self.columns.iter().any(|(_, column)| column.is_live(cover, now))
    }
}

impl Column {
    /// Whether it has a value, given the cover of its row; an empty collection is null.
    pub fn is_live(&self, row: Option<Shadow>, now: i64) -> bool {
        match self {
            Self::Simple(cell) => cell.is_live(row, now),
            Self::Collection(collection) => collection.live_cells(row, now).next().is_some(),
        }
    }
}

impl Collection {
    /// The newest deletion over its elements, given the cover of its row.
    pub fn cover(&self, row: Option<Shadow>) -> Option<Shadow> {
        Shadow::newer(row, self.tombstone.map(Shadow::Collection))
    }

    /// The elements that are seen, in path order.
    pub fn live_cells(&self, row: Option<Shadow>, now: i64) -> impl DoubleEndedIterator<Item = &(crate::Bytes, Cell)> {
        let cover = self.cover(row);
        self.cells.iter().filter(move |(_, cell)| cell.is_live(cover, now))
    }

    /// The elements that were deleted or have expired one by one, and are still stored, in path order.
    pub fn dead_cells(&self, row: Option<Shadow>, now: i64) -> impl Iterator<Item = &(crate::Bytes, Cell)> {
        let cover = self.cover(row);
        let dead = move |cell: &Cell| hidden_by(cover, cell.timestamp).is_none() && !cell.is_live(cover, now);
        self.cells.iter().filter(move |(_, cell)| dead(cell))
    }
}

impl Cell {
    /// Why the value is not seen, or `None` when it is. `cover` is [`Row::cover`] or [`Collection::cover`].
    pub fn shadow(&self, cover: Option<Shadow>, now: i64) -> Option<Shadow> {
        hidden_by(cover, self.timestamp).or_else(|| match self.content {
            Content::Live(_) => None,
            Content::Expiring(_, expiry) => expired(self.timestamp, expiry, now),
            Content::Dead { deletion_time } => {
                Some(Shadow::Cell(Tombstone { timestamp: self.timestamp, deletion_time }))
            }
        })
    }

    /// Whether its value is seen.
    pub fn is_live(&self, cover: Option<Shadow>, now: i64) -> bool {
        self.shadow(cover, now).is_none()
    }
}

impl Marker {
    /// Why the marker keeps no row visible, or `None` when it does.
    pub fn shadow(&self, cover: Option<Shadow>, now: i64) -> Option<Shadow> {
        let run_out = || self.expiry.and_then(|expiry| expired(self.timestamp, expiry, now));
        hidden_by(cover, self.timestamp).or_else(run_out)
    }
}

fn expired(timestamp: i64, expiry: Expiry, now: i64) -> Option<Shadow> {
    (!expiry.is_live(now)).then_some(Shadow::Expired { timestamp, expiry })
}
