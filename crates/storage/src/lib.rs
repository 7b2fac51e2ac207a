//! Cells, rows, tombstones, memtables, sstables, compaction: one join.
//!
//! *Never*: storage knows no clock (every time is handed in), no CQL and no network, and uses no std.
//!
//! A write is a [`Mutation`]: a [`Partition`] that holds only what the statement said. Writing joins it into the
//! memtable; reading joins the memtable with every sstable that may hold the key; compaction joins sstables; replicas
//! that disagree are joined by the coordinator. All four go through [`Cell::join`].
//!
//! The life of a write and a read:
//!
//! ```text
//! apply(&Rc<Mutation>, at)                             read(table, key, &ReadCommand)
//!   ├─ commit log: the Rc, with its time of arrival      ├─ sources: memtable, sstables whose bloom filter has the key
//!   └─ memtable: the same Rc, until a second write       ├─ rows merged in clustering order, one at a time
//!        joins into it                                   ├─ shed: what a deletion hides (visibility.rs, shed.rs)
//! flush()                                                ├─ purge: deletions older than gc_grace stay unsaid
//!   └─ an sstable of the same Rcs, hidden data shed      └─ Reading: the state, live rows, whether there may be more
//! choose() → compact()
//!   └─ sstables joined, shed, and deletions forgotten that are old enough and hide nothing elsewhere
//! ```
#![no_std]
extern crate alloc;

mod bloom;
mod bytes;
mod cell;
mod codec;
mod compaction;
mod diff;
mod engine;
mod error;
mod inspect;
mod key;
mod memtable;
pub mod murmur3;
mod options;
pub mod order;
mod partition;
mod ranges;
mod read;
mod rows;
mod scan;
mod shed;
mod sstable;
mod stats;
mod table;
mod visibility;

pub use bytes::Bytes;
pub use cell::{Cell, Content, Dialect, Expiry, Marker, Tombstone};
pub use codec::decode;
pub use compaction::{Choice, choose, choose_major};
pub use engine::{Applied, Crashed, Engine};
pub use error::Error;
pub use inspect::Inspection;
pub use key::{ColumnId, PartitionKey, Slice, TableId, after};
pub use options::{Crash, LogSync, TableOptions};
pub use partition::{Collection, Column, Mutation, Partition, RangeTombstone, Row};
pub use ranges::normalise;
pub use read::{ReadCommand, Reading};
pub use rows::{Iter as RowsIter, Rows};
pub use scan::{KeyRange, Scan};
pub use shed::Purge;
pub use sstable::SsTable;
pub use stats::Stats;
pub use table::{Compacted, Flushed};
pub use visibility::{Shadow, hidden_by};
