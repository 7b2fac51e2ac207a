//! What was written since the last flush, by partition.

use crate::{Dialect, Mutation, PartitionKey, Stats, order};
use alloc::{collections::BTreeMap, collections::btree_map, rc::Rc, vec::Vec};
use core::ops::Bound;

/// Partitions in ring order. A partition written once is the mutation itself, shared with the commit log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memtable {
    /// By token alone, which is small to compare and hardly ever shared.
    by_token: BTreeMap<i64, Rc<Mutation>>,
    /// Later keys with a token that is taken.
    collisions: BTreeMap<PartitionKey, Rc<Mutation>>,
    pub(crate) stats: Stats,
}

impl Memtable {
    /// Joins a write.
    pub(crate) fn apply(&mut self, mutation: &Rc<Mutation>, dialect: Dialect) {
        self.stats.add(&mutation.delta);
        let key = &mutation.key;
        let held = match self.by_token.entry(key.token) {
            btree_map::Entry::Vacant(free) => {
                free.insert(Rc::clone(mutation));
                return;
            }
            btree_map::Entry::Occupied(taken) if taken.get().key.bytes == key.bytes => taken.into_mut(),
            btree_map::Entry::Occupied(_) => match self.collisions.entry(key.clone()) {
                btree_map::Entry::Vacant(free) => {
                    free.insert(Rc::clone(mutation));
                    return;
                }
                btree_map::Entry::Occupied(taken) => taken.into_mut(),
            },
        };
        Rc::make_mut(held).delta.join(&mutation.delta, dialect);
    }

    pub(crate) fn get(&self, key: &PartitionKey) -> Option<&Rc<Mutation>> {
        let first = self.by_token.get(&key.token)?;
        if first.key.bytes == key.bytes { Some(first) } else { self.collisions.get(key) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_token.is_empty()
    }

    /// Partitions in ring order from `from` on.
    pub(crate) fn range(&self, from: &Bound<PartitionKey>) -> Range<'_> {
        let token = match from {
            Bound::Included(key) | Bound::Excluded(key) => Bound::Included(key.token),
            Bound::Unbounded => Bound::Unbounded,
        };
        let mut first = self.by_token.range((token, Bound::Unbounded));
        let inside = |key: &PartitionKey| match from {
            Bound::Included(from) => key >= from,
            Bound::Excluded(from) => key > from,
            Bound::Unbounded => true,
        };
        // Of the partitions by token only the first can lie before the bound.
        let head = first.next().filter(|(_, partition)| inside(&partition.key)).or_else(|| first.next());
        let mut collisions = self.collisions.range((from.clone(), Bound::Unbounded));
        let collided = collisions.next();
        Range { head: head.map(|(_, p)| p), first, collided: collided.map(|(_, p)| p), collisions }
    }

    /// All partitions in ring order.
    pub(crate) fn into_partitions(self) -> Vec<Rc<Mutation>> {
        if self.collisions.is_empty() {
            return self.by_token.into_values().collect();
        }
        let mut all: Vec<_> = self.by_token.into_values().chain(self.collisions.into_values()).collect();
        order::sort_by(&mut all, |a, b| a.key.cmp(&b.key));
        all
    }
}

/// Partitions of a memtable in ring order, the next one in sight.
#[derive(Clone)]
pub(crate) struct Range<'a> {
    head: Option<&'a Rc<Mutation>>,
    first: btree_map::Range<'a, i64, Rc<Mutation>>,
    collided: Option<&'a Rc<Mutation>>,
    collisions: btree_map::Range<'a, PartitionKey, Rc<Mutation>>,
}

impl<'a> Range<'a> {
    pub(crate) fn peek(&self) -> Option<&'a Rc<Mutation>> {
        match (self.head, self.collided) {
            (Some(a), Some(b)) => Some(if a.key < b.key { a } else { b }),
            (a, b) => a.or(b),
        }
    }

    pub(crate) fn next(&mut self) {
        match (self.head, self.collided) {
            (Some(a), Some(b)) if b.key < a.key => self.collided = self.collisions.next().map(|(_, p)| p),
            (Some(_), _) => self.head = self.first.next().map(|(_, p)| p),
            (None, _) => self.collided = self.collisions.next().map(|(_, p)| p),
        }
    }
}
