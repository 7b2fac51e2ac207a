//! A mutation in words, the widest first: `partition tombstone +1_008_700`, `row user-1 +1_020_000`.

use crate::Words;
use crate::dated::Many;
use core::fmt::{self, Display, Formatter};
use storage::{Column, ColumnId, Content, Mutation, RangeTombstone, Row};

/// Parts that are told one by one; the others are counted.
const PARTS_MAX: usize = 3;

/// What a mutation writes.
pub(crate) struct Writes<'a> {
    pub words: &'a Words<'a>,
    pub mutation: &'a Mutation,
}

/// One thing that a mutation says.
enum Part<'a> {
    PartitionTombstone(i64),
    RangeTombstone(&'a RangeTombstone),
    RowTombstone(&'a [u8], i64),
    /// A row with its marker; every cell dated alike, or not.
    Row(&'a [u8], i64),
    /// A cell, or the first element of a collection: row (none for static), column, timestamp, is a tombstone.
    Cell(Option<&'a [u8]>, ColumnId, i64, bool),
}

impl Writes<'_> {
    /// Markers, cells and elements that live: what could be hidden on arrival.
    pub fn atoms(&self) -> u64 {
        self.rows().map(|(_, row)| u64::from(row.marker.is_some()) + row.cells().count() as u64).sum()
    }

    /// Whether it deletes anything wider than a cell, so that "covers" is worth telling.
    pub fn deletes(&self) -> bool {
        let delta = &self.mutation.delta;
        delta.tombstone.is_some() || !delta.ranges.is_empty() || self.rows().any(|(_, row)| row.tombstone.is_some())
    }

    /// The static row (without a key), then the others.
    fn rows(&self) -> impl Iterator<Item = (Option<&[u8]>, &Row)> {
        let delta = &self.mutation.delta;
        let rows = delta.rows.iter().map(|(key, row)| (Some(&**key), row));
        delta.static_row.iter().map(|row| (None, &**row)).chain(rows)
    }

    fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let delta = &self.mutation.delta;
        let partition = delta.tombstone.iter().map(|tombstone| Part::PartitionTombstone(tombstone.timestamp));
        let rows = self.rows().flat_map(|(key, row)| {
            let name = key.unwrap_or_default();
            let tombstone = row.tombstone.map(|tombstone| Part::RowTombstone(name, tombstone.timestamp));
            let marker = row.marker.map(|marker| Part::Row(name, marker.timestamp));
            // What a marker dates alike is told with it.
            let dated = row.marker.map(|marker| marker.timestamp);
            let cells = row.columns.iter().filter_map(move |(id, column)| cell(key, *id, column, dated));
            tombstone.into_iter().chain(marker).chain(cells)
        });
        partition.chain(delta.ranges.iter().map(Part::RangeTombstone)).chain(rows)
    }

    fn row_name(&self, row: &[u8], f: &mut Formatter<'_>) -> fmt::Result {
        let (words, mutation) = (self.words, self.mutation);
        match words.dictionary.table(mutation.table) {
            Some(table) if table.has_clustering() => words.names.row(table, row, f),
            Some(table) => words.names.partition(table, &mutation.key.bytes, f),
            None => write!(f, "of token {}", mutation.key.token),
        }
    }
}

fn cell<'a>(row: Option<&'a [u8]>, id: ColumnId, column: &Column, dated: Option<i64>) -> Option<Part<'a>> {
    let (timestamp, dead) = match column {
        Column::Simple(cell) => (cell.timestamp, matches!(cell.content, Content::Dead { .. })),
        Column::Collection(collection) => match (collection.cells.first(), collection.tombstone) {
            (Some((_, cell)), _) => (cell.timestamp, matches!(cell.content, Content::Dead { .. })),
            (None, tombstone) => (tombstone?.timestamp, true),
        },
    };
    (dead || dated != Some(timestamp)).then_some(Part::Cell(row, id, timestamp, dead))
}

impl Display for Writes<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let words = self.words;
        let table = words.dictionary.table(self.mutation.table);
        let count = self.parts().count();
        for (n, part) in self.parts().take(PARTS_MAX).enumerate() {
            f.write_str(if n == 0 { "" } else { ", " })?;
            match part {
                Part::PartitionTombstone(at) => write!(f, "partition tombstone {}", words.dated(at))?,
                Part::RangeTombstone(range) => {
                    f.write_str("range tombstone ")?;
                    if let Some(table) = table {
                        words.names.slice(table, &range.start, range.end.as_deref(), f)?;
                    }
                    write!(f, " {}", words.dated(range.tombstone.timestamp))?;
                }
                Part::RowTombstone(row, at) => {
                    f.write_str("row tombstone ")?;
                    self.row_name(row, f)?;
                    write!(f, " {}", words.dated(at))?;
                }
                Part::Row(row, at) => {
                    f.write_str("row ")?;
                    self.row_name(row, f)?;
                    write!(f, " {}", words.dated(at))?;
                }
                Part::Cell(row, id, at, dead) => {
                    match row {
                        Some(row) => self.row_name(row, f)?,
                        None => f.write_str("static")?,
                    }
                    match table.and_then(|table| table.column(id)) {
                        Some(column) => write!(f, " {}", column.name)?,
                        None => write!(f, " column {}", id.0)?,
                    }
                    write!(f, "{} {}", if dead { " tombstone" } else { "" }, words.dated(at))?;
                }
            }
        }
        match count {
            0 => f.write_str("nothing"),
            n if n > PARTS_MAX => write!(f, " and {}", Many((n - PARTS_MAX) as u64, "more thing")),
            _ => Ok(()),
        }
    }
}
