//! Why a row is seen or not, as data: what the sentences of a chain can say.

use crate::{EventId, Source};
use alloc::{rc::Rc, vec::Vec};
use sim::Id;
use storage::{Expiry, Shadow};

/// The most sentences of a chain.
pub const CHAIN_MAX: usize = 6;

/// Why a row is seen or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// In the order in which they are told.
    pub links: Vec<Link>,
}

impl Chain {
    /// Whether the row outlived a delete: then it is not only here, it is *still* here.
    #[must_use]
    pub fn outlives(&self) -> bool {
        self.links.iter().any(|link| {
            matches!(
                link.reason,
                Reason::FallsShort { later: false, .. }
                    | Reason::Missed { what: Dating::Delete, .. }
                    | Reason::Purged { .. }
                    | Reason::LeftOut { .. }
            )
        })
    }
}

/// One sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub reason: Reason,
    /// The events it stands on.
    pub events: Vec<EventId>,
    /// It is the comparison that decides.
    pub hinge: bool,
}

/// What a sentence says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Somebody dated a write.
    Dated {
        /// The row, or what deletes it.
        what: Dating,
        /// Who submitted it.
        client: Option<Id>,
        /// Who put the timestamp on it.
        stamper: Id,
        /// Where it is from.
        source: Source,
        /// The timestamp.
        timestamp: i64,
        /// How far the stamper's clock was ahead of true time, microseconds.
        ahead: i64,
    },
    /// A tombstone is older than what it should hide, and hides nothing of it.
    FallsShort {
        /// The tombstone's timestamp.
        tombstone: i64,
        /// The atom's.
        atom: i64,
        /// It was also written later: nothing to wonder at.
        later: bool,
    },
    /// A tombstone is as new or newer, and hides.
    Covers {
        /// The tombstone, with its scope.
        shadow: Shadow,
        /// The newest atom's timestamp; `i64::MIN` where nobody knows it any more.
        atom: i64,
        /// The row was written later all the same.
        later: bool,
    },
    /// The row's TTL ran out.
    Expired(Expiry),
    /// Every cell was deleted one by one, and no marker keeps the row.
    Emptied,
    /// No tombstone covers the row's place on this replica.
    Uncovered,
    /// These replicas see the row, those do not.
    Differ {
        /// Where it is seen.
        seen: Vec<Id>,
        /// Where it is not.
        unseen: Vec<Id>,
    },
    /// A write did not come to these replicas.
    Missed {
        /// What.
        what: Dating,
        /// Who lacks it.
        who: Vec<Id>,
        /// It came to all of them later on.
        later: bool,
    },
    /// A write that came later than what is seen changed nothing: it is dated earlier, or the same and lost the tie.
    Outdone {
        /// Who submitted it.
        client: Option<Id>,
        /// What it wrote; of several columns the last.
        column: Rc<str>,
        /// Its timestamp.
        timestamp: i64,
        /// That of what is seen.
        atom: i64,
        /// What is seen has a TTL, the other has none.
        expires: bool,
    },
    /// A TRUNCATE took everything that these replicas had of the table.
    Truncated {
        /// Which replicas.
        who: Vec<Id>,
    },
    /// Replicas had a tombstone here and purged it in a compaction.
    Purged {
        /// Which replicas.
        who: Vec<Id>,
        /// The tombstone's timestamp.
        tombstone: i64,
        /// How long the first that took it in had it, microseconds.
        held: u64,
    },
    /// Replicas hold a tombstone that is older than gc_grace, and leave it out of their answers.
    LeftOut {
        /// Which replicas.
        who: Vec<Id>,
        /// The tombstone's timestamp.
        tombstone: i64,
    },
    /// The row came to these replicas because they differed from others.
    Repaired {
        /// Which replicas.
        who: Vec<Id>,
        /// A read found it; else an operator's repair.
        read: bool,
    },
    /// A replica had the row in memory only and lost it with its power.
    Forgotten {
        /// Which replica.
        who: Id,
    },
    /// Nothing was ever written under this key.
    Unwritten,
    /// The delete was answered without an error, as it should be (semantics.md 3).
    NoError {
        /// Who heard.
        client: Id,
    },
    /// What the last reader met.
    Read {
        /// Who read.
        client: Id,
        /// Rows, or what count(*) said.
        rows: u64,
        /// This row is none of them.
        other: bool,
    },
}

/// What was dated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dating {
    /// The row, or the part of it that decides.
    Row,
    /// A deletion.
    Delete,
    /// What an overwritten collection leaves: a deletion of all that is older.
    Overwrite,
    /// A value of the row that is not seen.
    Value,
}
