//! Storage types as canonical bytes.
//!
//! A mutation (and what is left of a partition) is: a byte of [`Shape`], four bytes of place number, the partition. The
//! fixed head lets an index tell where a write goes and what it carries without decoding it.

use crate::bytes::{Clockwork::Seconds, Clockwork::Written, Reader, Writer};
use crate::{Error, Place};
use alloc::{boxed::Box, vec::Vec};
use storage::{
    Bytes, Cell, Collection, Column, ColumnId, Content, Expiry, Marker, Partition, PartitionKey, RangeTombstone, Row,
    TableId, Tombstone,
};

/// What a write carries, as drawn: live atoms, tombstones, both or neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// It has a marker or a cell that is not a tombstone.
    pub live: bool,
    /// It has a tombstone of any scope.
    pub tombstone: bool,
}

/// Bytes before the partition itself.
pub(crate) const HEAD: usize = 5;

pub(crate) fn write_payload(w: &mut Writer, place: u32, partition: &Partition) {
    let shape = shape_of(partition);
    w.byte(u8::from(shape.live) | u8::from(shape.tombstone) << 1);
    w.bytes.extend_from_slice(&place.to_le_bytes());
    write_partition(w, partition);
}

/// The head of a payload: what it carries, the number of its place.
pub(crate) fn head(payload: &[u8]) -> Option<(Shape, u32, &[u8])> {
    let (head, rest) = payload.split_first_chunk::<HEAD>()?;
    let [shape, place @ ..] = *head;
    Some((Shape { live: shape & 1 != 0, tombstone: shape & 2 != 0 }, u32::from_le_bytes(place), rest))
}

pub(crate) fn read_partition_whole(bytes: &[u8]) -> Result<Partition, Error> {
    let mut r = Reader::new(bytes);
    let partition = read_partition(&mut r)?;
    r.end()?;
    Ok(partition)
}

pub(crate) fn write_place(w: &mut Writer, table: TableId, key: Option<&PartitionKey>) {
    w.int(u64::from(table.0));
    if let Some(key) = key {
        w.bytes.extend_from_slice(&key.token.to_le_bytes());
        w.bytes.extend_from_slice(&key.bytes);
    }
}

pub(crate) fn read_place(bytes: &[u8]) -> Result<Place, Error> {
    let mut r = Reader::new(bytes);
    let table = TableId(r.small()?);
    if r.at_end() {
        return Ok(Place { table, key: None });
    }
    let mut token = [0; 8];
    for byte in &mut token {
        *byte = r.byte()?;
    }
    let key = PartitionKey { token: i64::from_le_bytes(token), bytes: Bytes::from(r.rest()) };
    Ok(Place { table, key: Some(key) })
}

fn shape_of(partition: &Partition) -> Shape {
    let mut shape = Shape { live: false, tombstone: partition.tombstone.is_some() || !partition.ranges.is_empty() };
    for row in partition.static_row.iter().map(|row| &**row).chain(partition.rows.values()) {
        shape.live |= row.marker.is_some();
        shape.tombstone |= row.tombstone.is_some();
        for (_, column) in &row.columns {
            let cells: &mut dyn Iterator<Item = &Cell> = match column {
                Column::Simple(cell) => &mut core::iter::once(cell),
                Column::Collection(collection) => {
                    // An overwrite's own tombstone (semantics.md 7) is how it is done, not what it is.
                    shape.tombstone |= collection.tombstone.is_some() && collection.cells.is_empty();
                    &mut collection.cells.iter().map(|(_, cell)| cell)
                }
            };
            for cell in cells {
                match cell.content {
                    Content::Dead { .. } => shape.tombstone = true,
                    Content::Live(_) | Content::Expiring(..) => shape.live = true,
                }
            }
        }
    }
    shape
}

fn write_partition(w: &mut Writer, p: &Partition) {
    w.byte(
        u8::from(p.tombstone.is_some())
            | u8::from(!p.ranges.is_empty()) << 1
            | u8::from(p.static_row.is_some()) << 2
            | u8::from(!p.rows.is_empty()) << 3,
    );
    if let Some(tombstone) = p.tombstone {
        write_tombstone(w, tombstone);
    }
    if !p.ranges.is_empty() {
        w.int(p.ranges.len() as u64);
        for range in &p.ranges {
            w.blob(&range.start);
            w.byte(u8::from(range.end.is_some()));
            if let Some(end) = &range.end {
                w.blob(end);
            }
            write_tombstone(w, range.tombstone);
        }
    }
    if let Some(row) = &p.static_row {
        write_row(w, row);
    }
    if !p.rows.is_empty() {
        w.int(p.rows.len() as u64);
        for (key, row) in &p.rows {
            w.blob(key);
            write_row(w, row);
        }
    }
}

fn read_partition(r: &mut Reader<'_>) -> Result<Partition, Error> {
    let (mut p, count) = read_upper(r)?;
    let mut rows: Vec<(Bytes, Row)> = Vec::new();
    for _ in 0..count {
        let key = Bytes::from(r.blob()?);
        if rows.last().is_some_and(|(last, _)| *last >= key) {
            return Err(Error::Damaged);
        }
        rows.push((key, read_row(r)?));
    }
    p.rows = rows.into_iter().collect();
    Ok(p)
}

/// Everything before the rows, and how many rows there are.
pub(crate) fn read_upper(r: &mut Reader<'_>) -> Result<(Partition, usize), Error> {
    let flags = flags(r, 4)?;
    let mut p = Partition::default();
    if flags & 1 != 0 {
        p.tombstone = Some(read_tombstone(r)?);
    }
    if flags & 2 != 0 {
        for _ in 0..some(r)? {
            let start = Bytes::from(r.blob()?);
            let end = if flags_of(r, 1)? { Some(Bytes::from(r.blob()?)) } else { None };
            p.ranges.push(RangeTombstone { start, end, tombstone: read_tombstone(r)? });
        }
        storage::normalise(&mut p.ranges);
    }
    if flags & 4 != 0 {
        p.static_row = Some(Box::new(read_row(r)?));
    }
    let rows = if flags & 8 != 0 { some(r)? } else { 0 };
    Ok((p, rows))
}

fn write_tombstone(w: &mut Writer, tombstone: Tombstone) {
    w.time(Written, tombstone.timestamp);
    w.time(Seconds, tombstone.deletion_time);
}

pub(crate) fn read_tombstone(r: &mut Reader<'_>) -> Result<Tombstone, Error> {
    Ok(Tombstone { timestamp: r.time(Written)?, deletion_time: r.time(Seconds)? })
}

fn write_expiry(w: &mut Writer, expiry: Expiry) {
    w.int(u64::from(expiry.ttl));
    w.time(Seconds, expiry.at);
}

pub(crate) fn read_expiry(r: &mut Reader<'_>) -> Result<Expiry, Error> {
    Ok(Expiry { ttl: r.small()?, at: r.time(Seconds)? })
}

fn write_row(w: &mut Writer, row: &Row) {
    let expiry = row.marker.and_then(|marker| marker.expiry);
    w.byte(
        u8::from(row.marker.is_some())
            | u8::from(expiry.is_some()) << 1
            | u8::from(row.tombstone.is_some()) << 2
            | u8::from(!row.columns.is_empty()) << 3,
    );
    if let Some(marker) = row.marker {
        w.time(Written, marker.timestamp);
    }
    if let Some(expiry) = expiry {
        write_expiry(w, expiry);
    }
    if let Some(tombstone) = row.tombstone {
        write_tombstone(w, tombstone);
    }
    if !row.columns.is_empty() {
        w.int(row.columns.len() as u64);
        for (id, column) in &row.columns {
            w.int(u64::from(id.0));
            match column {
                Column::Simple(cell) => write_cell(w, cell),
                Column::Collection(collection) => {
                    w.byte(3 + u8::from(collection.tombstone.is_some()));
                    if let Some(tombstone) = collection.tombstone {
                        write_tombstone(w, tombstone);
                    }
                    w.int(collection.cells.len() as u64);
                    for (path, cell) in &collection.cells {
                        w.blob(path);
                        write_cell(w, cell);
                    }
                }
            }
        }
    }
}

pub(crate) fn read_row(r: &mut Reader<'_>) -> Result<Row, Error> {
    let flags = flags(r, 4)?;
    let mut row = Row::default();
    if flags & 1 != 0 {
        let timestamp = r.time(Written)?;
        let expiry = if flags & 2 != 0 { Some(read_expiry(r)?) } else { None };
        row.marker = Some(Marker { timestamp, expiry });
    } else if flags & 2 != 0 {
        return Err(Error::Damaged);
    }
    if flags & 4 != 0 {
        row.tombstone = Some(read_tombstone(r)?);
    }
    if flags & 8 != 0 {
        for _ in 0..some(r)? {
            let id = ColumnId(r.small()?);
            if row.columns.last().is_some_and(|(last, _)| *last >= id) {
                return Err(Error::Damaged);
            }
            let tag = r.byte()?;
            row.columns.push((id, read_column(r, tag)?));
        }
    }
    Ok(row)
}

fn read_column(r: &mut Reader<'_>, tag: u8) -> Result<Column, Error> {
    let tombstone = match tag {
        3 => None,
        4 => Some(read_tombstone(r)?),
        tag => return Ok(Column::Simple(read_cell(r, tag)?)),
    };
    let mut cells: Vec<(Bytes, Cell)> = Vec::new();
    for _ in 0..r.count()? {
        let path = Bytes::from(r.blob()?);
        if cells.last().is_some_and(|(last, _)| *last >= path) {
            return Err(Error::Damaged);
        }
        let tag = r.byte()?;
        cells.push((path, read_cell(r, tag)?));
    }
    Ok(Column::Collection(Box::new(Collection { tombstone, cells })))
}

fn write_cell(w: &mut Writer, cell: &Cell) {
    match &cell.content {
        Content::Live(value) => {
            w.byte(0);
            w.blob(value);
        }
        Content::Expiring(value, expiry) => {
            w.byte(1);
            w.blob(value);
            write_expiry(w, *expiry);
        }
        Content::Dead { deletion_time } => {
            w.byte(2);
            w.time(Seconds, *deletion_time);
        }
    }
    w.time(Written, cell.timestamp);
}

fn read_cell(r: &mut Reader<'_>, tag: u8) -> Result<Cell, Error> {
    let content = match tag {
        0 => Content::Live(Bytes::from(r.blob()?)),
        1 => Content::Expiring(Bytes::from(r.blob()?), read_expiry(r)?),
        2 => Content::Dead { deletion_time: r.time(Seconds)? },
        _ => return Err(Error::Damaged),
    };
    Ok(Cell { timestamp: r.time(Written)?, content })
}

/// A byte in which only the lowest `bits` may be set.
pub(crate) fn flags(r: &mut Reader<'_>, bits: u32) -> Result<u8, Error> {
    let flags = r.byte()?;
    if flags >> bits == 0 { Ok(flags) } else { Err(Error::Damaged) }
}

pub(crate) fn flags_of(r: &mut Reader<'_>, bits: u32) -> Result<bool, Error> {
    Ok(flags(r, bits)? != 0)
}

/// A count that a flag promised is not zero.
pub(crate) fn some(r: &mut Reader<'_>) -> Result<usize, Error> {
    match r.count()? {
        0 => Err(Error::Damaged),
        count => Ok(count),
    }
}
