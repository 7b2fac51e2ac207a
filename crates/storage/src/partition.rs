//! A partition: state and delta in one type. What a statement writes is a partition that holds only that.

use crate::{Bytes, Cell, ColumnId, Dialect, Marker, PartitionKey, Rows, TableId, Tombstone, ranges};
use alloc::{boxed::Box, vec::Vec};

/// What one statement writes to one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutation {
    /// Whose rows.
    pub table: TableId,
    /// Which partition.
    pub key: PartitionKey,
    /// What to join into it.
    pub delta: Partition,
}

/// Everything one replica holds, or one statement says, under one partition key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Partition {
    /// The partition tombstone; it covers the static row too.
    pub tombstone: Option<Tombstone>,
    /// Range tombstones in normal form: sorted, never overlapping, equal neighbours merged.
    pub ranges: Vec<RangeTombstone>,
    /// Static columns.
    pub static_row: Option<Box<Row>>,
    /// Rows by clustering key. A table without clustering columns has one row, under the empty key.
    pub rows: Rows,
}

/// A deletion of every row with `start <= clustering < end`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeTombstone {
    /// The first position covered.
    pub start: Bytes,
    /// The first position not covered; `None` is open.
    pub end: Option<Bytes>,
    /// What it hides.
    pub tombstone: Tombstone,
}

/// One row: marker, row tombstone, columns sorted by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Left by INSERT, absent after UPDATE alone.
    pub marker: Option<Marker>,
    /// The row tombstone.
    pub tombstone: Option<Tombstone>,
    /// Cells, sorted by column.
    pub columns: Vec<(ColumnId, Column)>,
}

/// What a row holds of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// A plain or frozen value.
    Simple(Cell),
    /// A non-frozen list, set, map or UDT.
    Collection(Box<Collection>),
}

/// A non-frozen collection: its own tombstone and a cell per element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collection {
    /// What an overwrite leaves, one microsecond older than its cells (semantics.md 7).
    pub tombstone: Option<Tombstone>,
    /// Elements by byte-comparable path, sorted: a set's element, a map's key, a list's timeuuid, a field's index.
    pub cells: Vec<(Bytes, Cell)>,
}

impl Partition {
    /// Joins another state or a delta into this one; what either hides stays, so that it can be shown as hidden.
    pub fn join(&mut self, other: &Partition, dialect: Dialect) {
        self.tombstone = self.tombstone.max(other.tombstone);
        ranges::join(&mut self.ranges, &other.ranges);
        if let Some(theirs) = &other.static_row {
            self.static_row_mut().join(theirs, dialect);
        }
        for (key, row) in &other.rows {
            self.rows.row_mut(key).join(row, dialect);
        }
    }

    /// The static row, made empty if there is none.
    pub fn static_row_mut(&mut self) -> &mut Row {
        self.static_row.get_or_insert_default()
    }

    /// Adds a range tombstone, keeping the normal form.
    pub fn delete_range(&mut self, range: RangeTombstone) {
        let mut incoming = Vec::from([range]);
        ranges::normalise(&mut incoming);
        ranges::join(&mut self.ranges, &incoming);
    }

    /// Dates all of it anew, as Paxos dates what it decides: what is written at `timestamp`, deletions of more than a cell
    /// one microsecond before. A row that is deleted and written at once is deleted first, in its own old time.
    pub fn date(&mut self, timestamp: i64) {
        let before = |tombstone: &mut Option<Tombstone>| {
            if let Some(tombstone) = tombstone {
                tombstone.timestamp = timestamp.saturating_sub(1);
            }
        };
        before(&mut self.tombstone);
        for range in &mut self.ranges {
            range.tombstone.timestamp = timestamp.saturating_sub(1);
        }
        let date = |row: &mut Row| {
            row.shed(None, &[]);
            before(&mut row.tombstone);
            if let Some(marker) = &mut row.marker {
                marker.timestamp = timestamp;
            }
            for (_, column) in &mut row.columns {
                match column {
                    Column::Simple(cell) => cell.timestamp = timestamp,
                    Column::Collection(collection) => {
                        before(&mut collection.tombstone);
                        collection.cells.iter_mut().for_each(|(_, cell)| cell.timestamp = timestamp);
                    }
                }
            }
        };
        if let Some(row) = &mut self.static_row {
            date(row);
        }
        self.rows.retain(|_, row| {
            date(row);
            true
        });
    }

    /// Whether it says nothing at all.
    pub fn is_empty(&self) -> bool {
        self.tombstone.is_none() && self.ranges.is_empty() && self.static_row.is_none() && self.rows.is_empty()
    }
}

impl Row {
    /// Joins another state of this row into it.
    pub fn join(&mut self, other: &Row, dialect: Dialect) {
        self.tombstone = self.tombstone.max(other.tombstone);
        self.marker = match (self.marker, other.marker) {
            (Some(a), Some(b)) => Some(a.join(b)),
            (a, b) => a.or(b),
        };
        if self.columns.is_empty() {
            self.columns = other.columns.clone();
            return;
        }
        for (id, theirs) in &other.columns {
            match self.columns.binary_search_by_key(id, |(id, _)| *id) {
                Ok(i) => self.columns[i].1.join(theirs, dialect),
                Err(i) => self.columns.insert(i, (*id, theirs.clone())),
            }
        }
    }

    /// What it holds of a column.
    pub fn column(&self, id: ColumnId) -> Option<&Column> {
        let i = self.columns.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.columns.get(i).map(|(_, column)| column)
    }

    /// Puts a column in its place, replacing what was there.
    pub fn set(&mut self, id: ColumnId, column: Column) {
        match self.columns.binary_search_by_key(&id, |(id, _)| *id) {
            Ok(i) => self.columns[i].1 = column,
            Err(i) => self.columns.insert(i, (id, column)),
        }
    }

    /// Whether it says nothing at all.
    pub fn is_empty(&self) -> bool {
        self.marker.is_none() && self.tombstone.is_none() && self.columns.is_empty()
    }

    /// Every cell, collection elements by their path.
    pub fn cells(&self) -> impl Iterator<Item = (ColumnId, Option<&Bytes>, &Cell)> {
        self.columns.iter().flat_map(|(id, column)| {
            let (simple, elements) = match column {
                Column::Simple(cell) => (Some((*id, None, cell)), [].iter()),
                Column::Collection(collection) => (None, collection.cells.iter()),
            };
            simple.into_iter().chain(elements.map(|(path, cell)| (*id, Some(path), cell)))
        })
    }
}

impl Column {
    /// Joins another state of this column into it. The schema never mixes the two kinds; bytes from outside may, and
    /// then the collection stays.
    pub fn join(&mut self, other: &Column, dialect: Dialect) {
        match (&mut *self, other) {
            (Self::Simple(cell), Self::Simple(theirs)) => {
                cell.join_from(theirs, dialect);
            }
            (Self::Collection(collection), Self::Collection(theirs)) => collection.join(theirs, dialect),
            (Self::Simple(_), Self::Collection(_)) => *self = other.clone(),
            (Self::Collection(_), Self::Simple(_)) => {}
        }
    }
}

impl Collection {
    /// Joins another state of this collection into it.
    pub fn join(&mut self, other: &Collection, dialect: Dialect) {
        self.tombstone = self.tombstone.max(other.tombstone);
        for (path, theirs) in &other.cells {
            // List appends arrive in order: look at the end first.
            let place = match self.cells.last() {
                Some((last, _)) if last < path => Err(self.cells.len()),
                _ => self.cells.binary_search_by(|(have, _)| have.cmp(path)),
            };
            match place {
                Ok(i) => {
                    self.cells[i].1.join_from(theirs, dialect);
                }
                Err(i) => self.cells.insert(i, (path.clone(), theirs.clone())),
            }
        }
    }

    /// Whether it says nothing at all.
    pub fn is_empty(&self) -> bool {
        self.tombstone.is_none() && self.cells.is_empty()
    }
}
