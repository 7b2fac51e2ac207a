//! What a replica holds, with the event that put each atom there. Every decision is storage's: which of two tombstones,
//! markers or cells stays is asked of its joins, one atom at a time.

use alloc::{collections::BTreeMap, vec::Vec};
use core::mem;
use storage::{Bytes, Cell, Collection, Column, ColumnId, Dialect, Marker, Partition, Row, Tombstone, order};

/// An atom and the number of the event that wrote it on this replica.
pub(crate) type From<T> = (T, u32);

/// A row, atom by atom.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowFold {
    pub tombstone: Option<From<Tombstone>>,
    pub marker: Option<From<Marker>>,
    pub columns: Vec<(ColumnId, ColumnFold)>,
}

#[derive(Clone, Debug)]
pub(crate) enum ColumnFold {
    Simple(From<Cell>),
    Collection(CollectionFold),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct CollectionFold {
    pub tombstone: Option<From<Tombstone>>,
    pub cells: Vec<(Bytes, From<Cell>)>,
}

impl RowFold {
    /// Join what an event wrote.
    pub fn join(&mut self, delta: &Row, event: u32, dialect: Dialect) {
        newer(&mut self.tombstone, delta.tombstone, event);
        if let Some(theirs) = delta.marker {
            let joined = self.marker.map_or(theirs, |(ours, _)| ours.join(theirs));
            if self.marker.is_none_or(|(ours, _)| ours != joined) {
                self.marker = Some((joined, event));
            }
        }
        for (id, theirs) in &delta.columns {
            match self.columns.binary_search_by_key(id, |(id, _)| *id) {
                Ok(at) => self.columns[at].1.join(theirs, event, dialect),
                Err(at) => self.columns.insert(at, (*id, ColumnFold::new(theirs, event))),
            }
        }
    }

    /// Become exactly `left`; what was here before keeps the event that wrote it.
    pub fn replace(&mut self, left: &Row, event: u32) {
        let old = mem::take(self);
        self.tombstone = left.tombstone.map(|tombstone| kept(old.tombstone, tombstone, event));
        self.marker = left.marker.map(|marker| kept(old.marker, marker, event));
        let mut old = old.columns.into_iter().peekable();
        for (id, column) in &left.columns {
            while old.next_if(|(before, _)| before < id).is_some() {}
            let before = old.next_if(|(before, _)| before == id).map(|(_, column)| column);
            self.columns.push((*id, ColumnFold::kept(before, column, event)));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.tombstone.is_none() && self.marker.is_none() && self.columns.is_empty()
    }

    /// How many atoms: what a copy costs.
    pub fn atoms(&self) -> usize {
        let of = |column: &ColumnFold| match column {
            ColumnFold::Simple(_) => 1,
            ColumnFold::Collection(collection) => 1 + collection.cells.len(),
        };
        2 + self.columns.iter().map(|(_, column)| of(column)).sum::<usize>()
    }

    /// The row as storage knows it.
    pub fn row(&self) -> Row {
        let columns = self.columns.iter().map(|(id, column)| (*id, column.column())).collect();
        Row { marker: self.marker.map(|marker| marker.0), tombstone: self.tombstone.map(|t| t.0), columns }
    }
}

impl ColumnFold {
    fn new(column: &Column, event: u32) -> ColumnFold {
        Self::kept(None, column, event)
    }

    fn join(&mut self, theirs: &Column, event: u32, dialect: Dialect) {
        match (&mut *self, theirs) {
            (ColumnFold::Simple((cell, from)), Column::Simple(theirs)) => {
                if cell.join_from(theirs, dialect) {
                    *from = event;
                }
            }
            (ColumnFold::Collection(ours), Column::Collection(theirs)) => ours.join(theirs, event, dialect),
            // The schema never mixes the two; storage lets the collection stay.
            (ColumnFold::Simple(_), Column::Collection(_)) => *self = Self::new(theirs, event),
            (ColumnFold::Collection(_), Column::Simple(_)) => {}
        }
    }

    fn kept(old: Option<ColumnFold>, column: &Column, event: u32) -> ColumnFold {
        match (old, column) {
            (Some(ColumnFold::Simple(old)), Column::Simple(cell)) => {
                ColumnFold::Simple(kept(Some(old), cell.clone(), event))
            }
            (_, Column::Simple(cell)) => ColumnFold::Simple((cell.clone(), event)),
            (old, Column::Collection(left)) => {
                let old = match old {
                    Some(ColumnFold::Collection(old)) => old,
                    Some(ColumnFold::Simple(_)) | None => CollectionFold::default(),
                };
                let mut before = old.cells.into_iter().peekable();
                let cells = left.cells.iter().map(|(path, cell)| {
                    while before.next_if(|(other, _)| other < path).is_some() {}
                    let before = before.next_if(|(other, _)| other == path).map(|(_, cell)| cell);
                    (path.clone(), kept(before, cell.clone(), event))
                });
                let tombstone = left.tombstone.map(|tombstone| kept(old.tombstone, tombstone, event));
                ColumnFold::Collection(CollectionFold { cells: cells.collect(), tombstone })
            }
        }
    }

    pub fn column(&self) -> Column {
        match self {
            ColumnFold::Simple((cell, _)) => Column::Simple(cell.clone()),
            ColumnFold::Collection(collection) => {
                let cells = collection.cells.iter().map(|(path, (cell, _))| (path.clone(), cell.clone())).collect();
                let tombstone = collection.tombstone.map(|tombstone| tombstone.0);
                Column::Collection(alloc::boxed::Box::new(Collection { tombstone, cells }))
            }
        }
    }
}

impl CollectionFold {
    fn join(&mut self, theirs: &Collection, event: u32, dialect: Dialect) {
        newer(&mut self.tombstone, theirs.tombstone, event);
        for (path, theirs) in &theirs.cells {
            // List appends arrive in order: look at the end first.
            let place = match self.cells.last() {
                Some((last, _)) if last < path => Err(self.cells.len()),
                _ => self.cells.binary_search_by(|(have, _)| have.cmp(path)),
            };
            match place {
                Ok(at) => {
                    let (cell, from) = &mut self.cells[at].1;
                    if cell.join_from(theirs, dialect) {
                        *from = event;
                    }
                }
                Err(at) => self.cells.insert(at, (path.clone(), (theirs.clone(), event))),
            }
        }
    }
}

/// What covers a partition: its tombstone and its range tombstones.
#[derive(Clone, Debug, Default)]
pub(crate) struct CoverFold {
    pub tombstone: Option<From<Tombstone>>,
    /// Only its ranges are used.
    pub ranges: Partition,
    /// Who wrote each range tombstone. Joining cuts and merges ranges, but leaves each its tombstone.
    pub writers: BTreeMap<Tombstone, u32>,
}

impl CoverFold {
    pub fn join(&mut self, delta: &Partition, event: u32, dialect: Dialect) {
        newer(&mut self.tombstone, delta.tombstone, event);
        if !delta.ranges.is_empty() {
            let ranges = Partition { ranges: delta.ranges.clone(), ..Partition::default() };
            self.ranges.join(&ranges, dialect);
            for range in &delta.ranges {
                self.writers.entry(range.tombstone).or_insert(event);
            }
        }
    }

    pub fn replace(&mut self, left: &Partition, event: u32) {
        let old = mem::take(self);
        self.tombstone = left.tombstone.map(|tombstone| kept(old.tombstone, tombstone, event));
        self.ranges.ranges.clone_from(&left.ranges);
        for range in &left.ranges {
            let writer = old.writers.get(&range.tombstone).copied().unwrap_or(event);
            self.writers.insert(range.tombstone, writer);
        }
    }

    /// Forget who wrote what is no longer here.
    pub fn trim(&mut self) {
        if self.writers.len() > self.ranges.ranges.len() {
            let here = &self.ranges.ranges;
            let mut tombstones: Vec<Tombstone> = here.iter().map(|range| range.tombstone).collect();
            order::sort_by(&mut tombstones, Ord::cmp);
            self.writers.retain(|tombstone, _| tombstones.binary_search(tombstone).is_ok());
        }
    }

    pub fn atoms(&self) -> usize {
        1 + 2 * self.ranges.ranges.len()
    }
}

/// The newer tombstone stays; the one that was there, where they are equal.
fn newer(ours: &mut Option<From<Tombstone>>, theirs: Option<Tombstone>, event: u32) {
    if theirs > ours.map(|(tombstone, _)| tombstone) {
        *ours = theirs.map(|tombstone| (tombstone, event));
    }
}

/// An atom that is left, from whom it was when it was there before.
fn kept<T: PartialEq>(old: Option<From<T>>, left: T, event: u32) -> From<T> {
    match old {
        Some((before, from)) if before == left => (left, from),
        _ => (left, event),
    }
}
