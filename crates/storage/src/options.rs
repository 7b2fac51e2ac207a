//! What a table's DDL says to storage, and how a node keeps its commit log.

use crate::ColumnId;
use alloc::vec::Vec;

/// A table's options, integers only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableOptions {
    /// How old a deletion must be to be forgotten, seconds.
    pub gc_grace_seconds: i64,
    /// Size-tiered compaction begins at this many sstables of similar size.
    pub min_threshold: u32,
    /// It takes no more than this many at once.
    pub max_threshold: u32,
    /// An sstable is similar to a bucket from this share of its average size on, in thousandths.
    pub bucket_low_permille: u32,
    /// Up to this share, in thousandths.
    pub bucket_high_permille: u32,
    /// All sstables below this size are similar, bytes.
    pub min_sstable_bytes: u64,
    /// Whether only repaired sstables may forget deletions.
    pub only_purge_repaired_tombstones: bool,
    /// Whether compaction happens by itself.
    pub compaction_enabled: bool,
    /// A memtable of this size asks to be flushed, bytes.
    pub memtable_bytes_max: u64,
    /// Columns that were dropped: no longer read, and left out by the next compaction.
    pub dropped: Vec<ColumnId>,
}

impl Default for TableOptions {
    /// Cassandra 5.0's.
    fn default() -> Self {
        Self {
            gc_grace_seconds: 864_000,
            min_threshold: 4,
            max_threshold: 32,
            bucket_low_permille: 500,
            bucket_high_permille: 1500,
            min_sstable_bytes: 50 << 20,
            only_purge_repaired_tombstones: false,
            compaction_enabled: true,
            memtable_bytes_max: 64 << 20,
            dropped: Vec::new(),
        }
    }
}

/// When the commit log is safe on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogSync {
    /// Every so often, counted from time 0 of the clock that `apply` is handed: what came since the last is lost in a power cut.
    Periodic {
        /// Microseconds between two syncs.
        every: u64,
    },
    /// Before a write is acknowledged.
    Batch,
}

impl Default for LogSync {
    /// Cassandra's `commitlog_sync_period: 10s`.
    fn default() -> Self {
        Self::Periodic { every: 10_000_000 }
    }
}

impl LogSync {
    /// Whether what was appended at `at` is on the disk at `now`, microseconds of one clock.
    pub fn is_synced(self, at: u64, now: u64) -> bool {
        match self {
            Self::Periodic { every } => at <= now - now % every.max(1),
            Self::Batch => at <= now,
        }
    }
}

/// How a node dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// The process is killed: what was appended to the log is there.
    Kill,
    /// The machine loses power: what was synced is there.
    Power {
        /// Microseconds of the clock that `apply` is handed.
        now: u64,
    },
}
