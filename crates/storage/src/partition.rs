//! A partition: state and delta in one type. What a statement writes is a partition that holds only that.

use crate::{Bytes, Cell, ColumnId, Marker, PartitionKey, TableId, Tombstone};
use alloc::{boxed::Box, collections::BTreeMap, vec::Vec};

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
    /// Range tombstones, sorted and never overlapping.
    pub ranges: Vec<RangeTombstone>,
    /// Static columns.
    pub static_row: Option<Box<Row>>,
    /// Rows by clustering key. A table without clustering columns has one row, under the empty key.
    pub rows: BTreeMap<Bytes, Row>,
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
    Collection(Collection),
}

/// A non-frozen collection: its own tombstone and a cell per element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collection {
    /// What an overwrite leaves, one microsecond older than its cells (semantics.md 7).
    pub tombstone: Option<Tombstone>,
    /// Elements by byte-comparable path, sorted: a set's element, a map's key, a list's timeuuid, a field's index.
    pub cells: Vec<(Bytes, Cell)>,
}
