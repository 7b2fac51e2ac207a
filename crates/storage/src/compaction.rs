//! Which sstables to merge (a decision, taken apart from carrying it out), and the merging.

use crate::{Mutation, PartitionKey, SsTable, TableOptions, order};
use alloc::{rc::Rc, vec, vec::Vec};

/// What compaction wants to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Nothing is similar enough.
    Nothing,
    /// Merge these: ids of sstables, all repaired or all not.
    Merge(Vec<u64>),
}

/// Size-tiered: sstables of similar size form a bucket; of those with `min_threshold` members, the one of the smallest
/// average goes first. (Cassandra prefers the most read one; without reads its tie is broken like this.)
pub fn choose(sstables: &[Rc<SsTable>], options: &TableOptions) -> Choice {
    let mut ready: Vec<Bucket> =
        [false, true].iter().flat_map(|repaired| buckets(sstables, *repaired, options)).collect();
    ready.retain(|bucket| bucket.members.len() as u64 >= u64::from(options.min_threshold.max(2)));
    match ready.into_iter().min_by_key(|bucket| bucket.average) {
        Some(bucket) if options.compaction_enabled => {
            Choice::Merge(bucket.members.into_iter().take(options.max_threshold.max(2) as usize).collect())
        }
        Some(_) | None => Choice::Nothing,
    }
}

/// Major compaction: everything, repaired and unrepaired apart. One sstable alone is rewritten too.
pub fn choose_major(sstables: &[Rc<SsTable>]) -> Vec<Choice> {
    let of = |repaired| sstables.iter().filter(move |s| s.repaired == repaired).map(|s| s.id).collect::<Vec<_>>();
    [of(false), of(true)].into_iter().filter(|ids| !ids.is_empty()).map(Choice::Merge).collect()
}

struct Bucket {
    average: u64,
    members: Vec<u64>,
}

fn buckets(sstables: &[Rc<SsTable>], repaired: bool, options: &TableOptions) -> Vec<Bucket> {
    let mut sized: Vec<(u64, u64)> =
        sstables.iter().filter(|s| s.repaired == repaired).map(|s| (s.stats.bytes, s.id)).collect();
    order::sort_by(&mut sized, Ord::cmp);
    let mut out: Vec<Bucket> = Vec::new();
    for (bytes, id) in sized {
        let similar = |bucket: &&mut Bucket| {
            let share = |permille: u32| bucket.average.saturating_mul(u64::from(permille)) / 1000;
            (bytes > share(options.bucket_low_permille) && bytes < share(options.bucket_high_permille))
                || (bytes < options.min_sstable_bytes && bucket.average < options.min_sstable_bytes)
        };
        match out.iter_mut().find(similar) {
            Some(bucket) => {
                let n = bucket.members.len() as u64;
                bucket.average = (bucket.average.saturating_mul(n).saturating_add(bytes)) / (n + 1);
                bucket.members.push(id);
            }
            None => out.push(Bucket { average: bytes, members: vec![id] }),
        }
    }
    out
}

/// Walks several sorted lists of partitions as one: each key once, with every source that holds it.
pub(crate) struct ByKey<'a> {
    rest: Vec<&'a [Rc<Mutation>]>,
}

impl<'a> ByKey<'a> {
    pub(crate) fn new(sources: impl Iterator<Item = &'a [Rc<Mutation>]>) -> Self {
        Self { rest: sources.collect() }
    }

    /// Fills `out` with the sources of the next key.
    pub(crate) fn next(&mut self, out: &mut Vec<&'a Rc<Mutation>>) -> Option<&'a PartitionKey> {
        out.clear();
        let key = &self.rest.iter().filter_map(|rest| rest.first()).min_by(|a, b| a.key.cmp(&b.key))?.key;
        for rest in &mut self.rest {
            if let [first, tail @ ..] = rest
                && first.key == *key
            {
                out.push(first);
                *rest = tail;
            }
        }
        Some(key)
    }
}
