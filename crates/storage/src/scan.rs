//! Range reads: partition after partition in ring order, each merged only when it is asked for.

use crate::{Dialect, Mutation, PartitionKey, ReadCommand, Reading, memtable, table::Table};
use alloc::{rc::Rc, vec::Vec};
use core::ops::Bound;

/// A stretch of the ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRange {
    /// Where it begins.
    pub from: Bound<PartitionKey>,
    /// The last token inside.
    pub to: i64,
}

impl KeyRange {
    /// The tokens `(after, to]`; the whole ring is `(i64::MIN, i64::MAX]`. A range that wraps is two.
    pub fn tokens(after: i64, to: i64) -> Self {
        Self { from: Bound::Included(PartitionKey::first_of(after.saturating_add(1))), to }
    }

    /// What lies behind `key`: the page that follows it.
    pub fn behind(self, key: PartitionKey) -> Self {
        Self { from: Bound::Excluded(key), to: self.to }
    }

    /// From `key` on, itself included: for a page that ended within its partition.
    pub fn starting_at(self, key: PartitionKey) -> Self {
        Self { from: Bound::Included(key), to: self.to }
    }
}

/// A range read under way.
pub struct Scan<'a> {
    table: &'a Table,
    dialect: Dialect,
    to: i64,
    memtable: memtable::Range<'a>,
    sstables: Vec<&'a [Rc<Mutation>]>,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(table: &'a Table, range: &KeyRange, dialect: Dialect) -> Self {
        let rest = |s: &'a Rc<crate::SsTable>| {
            let from = match &range.from {
                Bound::Included(key) => s.index_of(key),
                Bound::Excluded(key) => {
                    let at = s.index_of(key);
                    at + usize::from(s.partitions().get(at).is_some_and(|have| have.key == *key))
                }
                Bound::Unbounded => 0,
            };
            s.partitions().get(from..).unwrap_or_default()
        };
        let sstables = table.sstables.iter().map(rest).collect();
        Self { table, dialect, to: range.to, memtable: table.memtable.range(&range.from), sstables }
    }

    /// Reads the next partition. `command` may differ from call to call: a row limit shrinks, `after` holds for the first only.
    /// A partition of which nothing is left to say is answered too, with an empty state.
    pub fn next(&mut self, command: &ReadCommand) -> Option<Reading> {
        let mut sources: Vec<&Rc<Mutation>> = Vec::new();
        let key = self.pull(&mut sources)?;
        Some(self.table.read_from(key, &sources, command, self.dialect))
    }

    /// The next key and all this node holds of it, hidden data included.
    pub fn next_state(&mut self) -> Option<Rc<Mutation>> {
        let mut sources: Vec<&Rc<Mutation>> = Vec::new();
        self.pull(&mut sources)?;
        crate::table::joined(&sources, self.dialect)
    }

    fn pull(&mut self, sources: &mut Vec<&'a Rc<Mutation>>) -> Option<&'a PartitionKey> {
        let heads = self.sstables.iter().filter_map(|rest| rest.first()).map(|partition| &partition.key);
        let key = heads
            .chain(self.memtable.peek().map(|partition| &partition.key))
            .min()
            .filter(|key| key.token <= self.to)?;
        if let Some(partition) = self.memtable.peek().filter(|partition| partition.key == *key) {
            sources.push(partition);
            self.memtable.next();
        }
        for rest in &mut self.sstables {
            if let [first, tail @ ..] = *rest
                && first.key == *key
            {
                sources.push(first);
                *rest = tail;
            }
        }
        Some(key)
    }
}
