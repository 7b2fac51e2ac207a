//! The smallest things that are written: cells, row markers, tombstones.

use crate::Bytes;

/// Whose rules break a tie between two cells of equal timestamp (semantics.md 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Apache Cassandra.
    #[default]
    Cassandra,
    /// ScyllaDB.
    Scylla,
}

/// A deletion: it hides whatever is dated at or before its timestamp (semantics.md 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tombstone {
    /// Microseconds since the Unix epoch, chosen by client or coordinator: decides what it hides.
    pub timestamp: i64,
    /// Seconds since the Unix epoch by the coordinator's clock: decides when it may be purged.
    pub deletion_time: i64,
}

/// When a cell written with TTL stops living.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiry {
    /// The TTL as written, seconds.
    pub ttl: u32,
    /// Seconds since the Unix epoch; dead from this second on.
    pub at: i64,
}

/// One value of one column, or its absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Microseconds since the Unix epoch.
    pub timestamp: i64,
    /// What was written.
    pub content: Content,
}

/// What a cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A value that stays.
    Live(Bytes),
    /// A value with a TTL.
    Expiring(Bytes, Expiry),
    /// A cell tombstone.
    Dead {
        /// Seconds since the Unix epoch.
        deletion_time: i64,
    },
}

/// The row marker an INSERT leaves: it keeps a row of nulls visible (semantics.md 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker {
    /// Microseconds since the Unix epoch.
    pub timestamp: i64,
    /// Set when the INSERT had a TTL.
    pub expiry: Option<Expiry>,
}
