//! What a memtable and an sstable know about their contents without looking: sizes and the outermost dates.

use crate::{Cell, Column, Content, Partition, Row, Tombstone};

/// Counts and bounds over a set of partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Rows, static rows and dead ones included.
    pub rows: u64,
    /// Cells, collection elements and dead ones included.
    pub cells: u64,
    /// Roughly what they would take on disk, in bytes.
    pub bytes: u64,
    /// The smallest timestamp of anything in here; `i64::MAX` when empty.
    pub min_timestamp: i64,
    /// The largest; `i64::MIN` when empty.
    pub max_timestamp: i64,
    /// The smallest deletion time or expiry, seconds; `i64::MAX` when nothing is deleted or expires.
    pub min_deletion_time: i64,
    /// The largest; `i64::MIN` when nothing is deleted or expires.
    pub max_deletion_time: i64,
    /// Deletions and expiring values.
    pub tombstones: u64,
}

impl Default for Stats {
    fn default() -> Self {
        Self {
            rows: 0,
            cells: 0,
            bytes: 0,
            min_timestamp: i64::MAX,
            max_timestamp: i64::MIN,
            min_deletion_time: i64::MAX,
            max_deletion_time: i64::MIN,
            tombstones: 0,
        }
    }
}

impl Stats {
    /// Adds a partition.
    pub fn add(&mut self, partition: &Partition) {
        self.deletion(partition.tombstone);
        for range in &partition.ranges {
            self.deletion(Some(range.tombstone));
            self.bytes += (range.start.len() + range.end.as_ref().map_or(0, |end| end.len())) as u64;
        }
        if let Some(row) = &partition.static_row {
            self.row(row);
        }
        for (key, row) in &partition.rows {
            self.bytes += key.len() as u64;
            self.row(row);
        }
    }

    fn row(&mut self, row: &Row) {
        self.rows += 1;
        self.deletion(row.tombstone);
        if let Some(marker) = row.marker {
            self.dated(marker.timestamp);
            if let Some(expiry) = marker.expiry {
                self.ends(expiry.at);
            }
        }
        for (_, column) in &row.columns {
            match column {
                Column::Simple(cell) => self.cell(cell),
                Column::Collection(collection) => {
                    self.deletion(collection.tombstone);
                    for (path, cell) in &collection.cells {
                        self.bytes += path.len() as u64;
                        self.cell(cell);
                    }
                }
            }
        }
    }

    fn cell(&mut self, cell: &Cell) {
        self.cells += 1;
        self.dated(cell.timestamp);
        match &cell.content {
            Content::Live(value) => self.bytes += value.len() as u64,
            Content::Expiring(value, expiry) => {
                self.bytes += value.len() as u64;
                self.ends(expiry.at);
            }
            Content::Dead { deletion_time } => self.ends(*deletion_time),
        }
    }

    fn deletion(&mut self, tombstone: Option<Tombstone>) {
        if let Some(tombstone) = tombstone {
            self.dated(tombstone.timestamp);
            self.ends(tombstone.deletion_time);
        }
    }

    fn dated(&mut self, timestamp: i64) {
        self.bytes += 4;
        self.min_timestamp = self.min_timestamp.min(timestamp);
        self.max_timestamp = self.max_timestamp.max(timestamp);
    }

    fn ends(&mut self, deletion_time: i64) {
        self.bytes += 4;
        self.tombstones += 1;
        self.min_deletion_time = self.min_deletion_time.min(deletion_time);
        self.max_deletion_time = self.max_deletion_time.max(deletion_time);
    }
}
