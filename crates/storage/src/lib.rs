//! Cells, rows, tombstones, memtables, sstables, compaction: one join.
//!
//! *Never*: storage knows no clock (every time is handed in), no CQL and no network, and uses no std.
//!
//! A write is a [`Mutation`]: a [`Partition`] that holds only what the statement said. Writing joins it into the
//! memtable; reading joins the memtable with every sstable that may hold the key; compaction joins sstables; replicas
//! that disagree are joined by the coordinator. All four go through [`Cell::join`].
#![no_std]
extern crate alloc;

mod cell;
mod key;
mod partition;

pub use cell::{Cell, Content, Dialect, Expiry, Marker, Tombstone};
pub use key::{Bytes, ColumnId, PartitionKey, Slice, TableId};
pub use partition::{Collection, Column, Mutation, Partition, RangeTombstone, Row};
