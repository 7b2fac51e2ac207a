//! How many replicas must have answered, and whether enough are there to try.

use crate::{Ring, Strategy};
use alloc::rc::Rc;
use alloc::vec::Vec;
use cql::Consistency;
use sim::Id;

/// What a consistency level asks of one partition's replicas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// So many answers from anywhere.
    Count(u32),
    /// So many from this data centre; others do not count.
    Local(Rc<str>, u32),
    /// So many from each of these data centres.
    Each(Vec<(Rc<str>, u32)>),
}

fn quorum(n: u32) -> u32 {
    n / 2 + 1
}

impl Need {
    /// What `level` needs of a keyspace with this strategy, asked of a coordinator in data centre `local`.
    pub(crate) fn of(level: Consistency, strategy: &Strategy, local: &Rc<str>) -> Need {
        let total = strategy.total();
        let (here, by_dc) = match strategy {
            // Without a topology a level that names the data centre counts all replicas.
            Strategy::Simple(n) => (*n, None),
            Strategy::Topology(dcs) => (dcs.get(local).copied().unwrap_or(0), Some(dcs)),
        };
        match level {
            Consistency::Any | Consistency::One => Need::Count(1),
            Consistency::Two => Need::Count(2),
            Consistency::Three => Need::Count(3),
            Consistency::Quorum | Consistency::Serial => Need::Count(quorum(total)),
            Consistency::All => Need::Count(total),
            Consistency::LocalOne => Need::Local(local.clone(), 1),
            Consistency::LocalQuorum | Consistency::LocalSerial => Need::Local(local.clone(), quorum(here)),
            Consistency::EachQuorum => match by_dc {
                Some(dcs) => Need::Each(dcs.iter().map(|(dc, n)| (dc.clone(), quorum(*n))).collect()),
                None => Need::Count(quorum(total)),
            },
        }
    }

    /// How many answers in all: what errors call `required`.
    pub(crate) fn required(&self) -> u32 {
        match self {
            Need::Count(n) | Need::Local(_, n) => *n,
            Need::Each(dcs) => dcs.iter().map(|(_, n)| n).sum(),
        }
    }

    /// How many of these replicas count towards it.
    pub(crate) fn counted<'a>(&self, ring: &Ring, replicas: impl Iterator<Item = &'a Id>) -> u32 {
        match self {
            Need::Count(_) | Need::Each(_) => replicas.count() as u32,
            Need::Local(dc, _) => replicas.filter(|id| ring.dc_of(**id) == Some(dc)).count() as u32,
        }
    }

    /// Whether these replicas are enough.
    pub(crate) fn met<'a>(&self, ring: &Ring, replicas: impl Iterator<Item = &'a Id> + Clone) -> bool {
        match self {
            Need::Count(_) | Need::Local(..) => self.counted(ring, replicas) >= self.required(),
            Need::Each(_) => self.short(ring, replicas).is_none(),
        }
    }

    /// What an `Unavailable` says when these are the replicas alive: `(required, alive)`. EACH_QUORUM tells of the first
    /// data centre that lacks some, and calls the living there 0, as a real node was seen to do (real-cluster.md a).
    pub(crate) fn lacking<'a>(&self, ring: &Ring, alive: impl Iterator<Item = &'a Id> + Clone) -> (u32, u32) {
        match self {
            Need::Count(_) | Need::Local(..) => (self.required(), self.counted(ring, alive)),
            Need::Each(_) => (self.short(ring, alive).unwrap_or_else(|| self.required()), 0),
        }
    }

    /// What the first data centre that lacks some needs.
    fn short<'a>(&self, ring: &Ring, replicas: impl Iterator<Item = &'a Id> + Clone) -> Option<u32> {
        let Need::Each(dcs) = self else { return None };
        let here = |dc: &Rc<str>| replicas.clone().filter(|id| ring.dc_of(**id) == Some(dc)).count() as u32;
        dcs.iter().find(|(dc, n)| here(dc) < *n).map(|(_, n)| *n)
    }
}
