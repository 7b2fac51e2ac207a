//! The smallest things that are written: cells, row markers, tombstones, and the one rule that joins them.

use crate::Bytes;
use core::cmp::{Ordering, Reverse};

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

impl Tombstone {
    /// Whether it hides what was written at `timestamp`: a deletion wins a tie (semantics.md 1).
    pub fn covers(&self, timestamp: i64) -> bool {
        self.timestamp >= timestamp
    }
}

/// When a cell written with TTL stops living.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiry {
    /// The TTL as written, seconds.
    pub ttl: u32,
    /// Seconds since the Unix epoch; dead from this second on.
    pub at: i64,
}

impl Expiry {
    /// Whether it still lives at `now`, seconds since the Unix epoch.
    pub fn is_live(&self, now: i64) -> bool {
        now < self.at
    }

    /// The deletion time of the tombstone an expired cell turns into: the second it was written, so that
    /// gc_grace counts from the write, as on Cassandra.
    pub fn deletion_time(&self) -> i64 {
        self.at.saturating_sub(i64::from(self.ttl))
    }
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

impl Content {
    /// The class decides a tie first: tombstone over expiring over plain, whether or not the TTL has run out.
    fn class(&self) -> u8 {
        match self {
            Self::Live(_) => 0,
            Self::Expiring(..) => 1,
            Self::Dead { .. } => 2,
        }
    }
}

impl Cell {
    /// The winner of two writes of one cell: the later one, and at equal timestamps what the dialect says.
    pub fn join(self, other: Cell, dialect: Dialect) -> Cell {
        if other.rank(&self, dialect).is_gt() { other } else { self }
    }

    /// [`Cell::join`] in place; copies `other` only when it wins. Says whether it won.
    pub fn join_from(&mut self, other: &Cell, dialect: Dialect) -> bool {
        let wins = other.rank(self, dialect).is_gt();
        if wins {
            *self = other.clone();
        }
        wins
    }

    /// A total order of writes, so that joining (taking the greater) commutes, associates and is idempotent.
    ///
    /// Cassandra: tombstone, expiring, plain; later deletion time or expiry; larger value, bytes unsigned. Scylla asks
    /// for the smaller TTL before the value. Cassandra never asks for it; where nothing else differs, so do we.
    pub fn rank(&self, other: &Cell, dialect: Dialect) -> Ordering {
        let first = self.timestamp.cmp(&other.timestamp).then_with(|| self.content.class().cmp(&other.content.class()));
        first.then_with(|| match (&self.content, &other.content) {
            (Content::Expiring(value, expiry), Content::Expiring(value2, expiry2)) => {
                let by_ttl = Reverse(expiry.ttl).cmp(&Reverse(expiry2.ttl));
                let by_value = value.cmp(value2);
                expiry.at.cmp(&expiry2.at).then(match dialect {
                    Dialect::Cassandra => by_value.then(by_ttl),
                    Dialect::Scylla => by_ttl.then(by_value),
                })
            }
            (Content::Live(value), Content::Live(value2)) => value.cmp(value2),
            (Content::Dead { deletion_time }, Content::Dead { deletion_time: deletion_time2 }) => {
                deletion_time.cmp(deletion_time2)
            }
            (Content::Live(_) | Content::Expiring(..) | Content::Dead { .. }, _) => Ordering::Equal,
        })
    }

    /// The value written, whether or not its TTL has run out; `None` for a tombstone.
    pub fn value(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Live(value) | Content::Expiring(value, _) => Some(value),
            Content::Dead { .. } => None,
        }
    }

    /// When the value stops living, if it was written with TTL.
    pub fn expiry(&self) -> Option<Expiry> {
        match &self.content {
            Content::Expiring(_, expiry) => Some(*expiry),
            Content::Live(_) | Content::Dead { .. } => None,
        }
    }
}

/// The row marker an INSERT leaves: it keeps a row of nulls visible (semantics.md 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker {
    /// Microseconds since the Unix epoch.
    pub timestamp: i64,
    /// Set when the INSERT had a TTL.
    pub expiry: Option<Expiry>,
}

impl Marker {
    /// The later marker; at equal timestamps expiring over plain, later expiry, smaller TTL. Both dialects agree.
    pub fn join(self, other: Marker) -> Marker {
        let rank = |m: &Marker| (m.timestamp, m.expiry.map(|e| (e.at, Reverse(e.ttl))));
        if rank(&other) > rank(&self) { other } else { self }
    }
}
