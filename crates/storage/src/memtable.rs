//! What was written since the last flush, by partition.

use crate::{Dialect, Mutation, PartitionKey, Stats};
use alloc::{collections::BTreeMap, rc::Rc};

/// Partitions in ring order. A partition written once is the mutation itself, shared with the commit log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memtable {
    pub(crate) partitions: BTreeMap<PartitionKey, Rc<Mutation>>,
    pub(crate) stats: Stats,
}

impl Memtable {
    /// Joins a write.
    pub(crate) fn apply(&mut self, mutation: &Rc<Mutation>, dialect: Dialect) {
        self.stats.add(&mutation.delta);
        match self.partitions.get_mut(&mutation.key) {
            Some(held) => Rc::make_mut(held).delta.join(&mutation.delta, dialect),
            None => {
                self.partitions.insert(mutation.key.clone(), Rc::clone(mutation));
            }
        }
    }

    pub(crate) fn get(&self, key: &PartitionKey) -> Option<&Rc<Mutation>> {
        self.partitions.get(key)
    }
}
