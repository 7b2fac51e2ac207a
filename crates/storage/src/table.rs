//! One table on one node: its part of the commit log, its memtable, its sstables.

use crate::{
    Dialect, LogSync, Mutation, Partition, PartitionKey, Purge, ReadCommand, Reading, SsTable, TableId, TableOptions,
    compaction::ByKey, memtable::Memtable, ranges, read,
};
use alloc::{rc::Rc, vec::Vec};

/// A flush: what the memtable became.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flushed {
    /// The sstable written; `None` if there was nothing to write.
    pub sstable: Option<u64>,
    /// Partitions written.
    pub partitions: u64,
    /// Rows, cells and deletions left out because a deletion hides them.
    pub shed: u64,
    /// The whole state this node now holds of each partition that is no longer the join of what was written to it.
    pub changes: Vec<Rc<Mutation>>,
}

/// A compaction: what several sstables became.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compacted {
    /// The sstables that are gone.
    pub inputs: Vec<u64>,
    /// The sstable written; `None` if nothing was left.
    pub output: Option<u64>,
    /// Partitions read and written.
    pub partitions: (u64, u64),
    /// Rows, cells and deletions left out because a deletion hides them.
    pub shed: u64,
    /// Deletions forgotten (semantics.md 12).
    pub purged: u64,
    /// As in [`Flushed::changes`]; an empty delta: nothing is left.
    pub changes: Vec<Rc<Mutation>>,
}

/// One table of a node.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) id: TableId,
    pub(crate) options: TableOptions,
    pub(crate) memtable: Memtable,
    pub(crate) sstables: Vec<Rc<SsTable>>,
    /// What came since the last flush, with the time of its arrival: microseconds of the caller's clock.
    log: Vec<(u64, Rc<Mutation>)>,
}

impl Table {
    pub(crate) fn new(id: TableId, options: TableOptions) -> Self {
        Self { id, options, memtable: Memtable::default(), sstables: Vec::new(), log: Vec::new() }
    }

    pub(crate) fn apply(&mut self, mutation: &Rc<Mutation>, at: u64, dialect: Dialect) {
        self.log.push((at, Rc::clone(mutation)));
        self.memtable.apply(mutation, dialect);
    }

    /// Forgets what dies with the machine; returns how many appended writes were not yet on the disk.
    pub(crate) fn crash(&mut self, lost_after: Option<(LogSync, u64)>) -> Vec<Rc<Mutation>> {
        self.memtable = Memtable::default();
        let Some((sync, now)) = lost_after else { return Vec::new() };
        let (kept, lost) = core::mem::take(&mut self.log).into_iter().partition(|(at, _)| sync.is_synced(*at, now));
        self.log = kept;
        lost.into_iter().map(|(_, mutation): (u64, _)| mutation).collect()
    }

    /// Rebuilds the memtable from the log; returns how many writes it took.
    pub(crate) fn replay(&mut self, dialect: Dialect) -> u64 {
        self.memtable = Memtable::default();
        for (_, mutation) in &self.log {
            self.memtable.apply(mutation, dialect);
        }
        self.log.len() as u64
    }

    pub(crate) fn truncate(&mut self) {
        self.memtable = Memtable::default();
        self.sstables.clear();
        self.log.clear();
    }

    /// Everything that holds a part of the partition.
    fn sources<'a>(&'a self, key: &PartitionKey, command: Option<&ReadCommand>) -> Vec<&'a Rc<Mutation>> {
        let concerns = |s: &&Rc<SsTable>| command.is_none_or(|command| s.concerns(&command.slices));
        let tables = self.sstables.iter().filter(concerns).filter_map(|s| s.get(key));
        self.memtable.get(key).into_iter().chain(tables).collect()
    }

    pub(crate) fn read(&self, key: &PartitionKey, command: &ReadCommand, dialect: Dialect) -> Reading {
        self.read_from(key, &self.sources(key, Some(command)), command, dialect)
    }

    pub(crate) fn read_from(
        &self,
        key: &PartitionKey,
        sources: &[&Rc<Mutation>],
        command: &ReadCommand,
        dialect: Dialect,
    ) -> Reading {
        read::read((self.id, key), sources, command, &self.purge_in_reads(command.now), &self.options.dropped, dialect)
    }

    /// A read leaves out what compaction could forget, wherever it lies (real-cluster.md 2d).
    fn purge_in_reads(&self, now: i64) -> Purge {
        let mut gc_before = now.saturating_sub(self.options.gc_grace_seconds);
        if self.options.only_purge_repaired_tombstones {
            let unrepaired = self.sstables.iter().filter(|s| !s.repaired).map(|s| s.stats.min_deletion_time);
            let oldest = unrepaired.chain([self.memtable.stats.min_deletion_time]).min();
            gc_before = gc_before.min(oldest.unwrap_or(i64::MAX));
        }
        Purge { now, gc_before, below: None }
    }

    /// All this node holds of a partition, hidden data included: the plain join of its parts.
    pub(crate) fn state(&self, key: &PartitionKey, dialect: Dialect) -> Option<Rc<Mutation>> {
        joined(&self.sources(key, None), dialect)
    }

    /// As [`Table::state`], but of the rows only those that `delta` touches: what a write meets.
    pub(crate) fn state_under(&self, key: &PartitionKey, delta: &Partition, dialect: Dialect) -> Option<Rc<Mutation>> {
        let sources = self.sources(key, None);
        if sources.len() < 2 || delta.tombstone.is_some() {
            return joined(&sources, dialect);
        }
        let mut held = Partition::default();
        for source in sources.iter().map(|source| &source.delta) {
            held.tombstone = held.tombstone.max(source.tombstone);
            ranges::join(&mut held.ranges, &source.ranges);
            if let (Some(row), Some(_)) = (&source.static_row, &delta.static_row) {
                held.static_row_mut().join(row, dialect);
            }
            let deleted = delta.ranges.iter().flat_map(|range| source.rows.range(&range.start, range.end.as_deref()));
            let met = delta.rows.iter().filter_map(|(key, _)| Some((key, source.rows.get(key)?)));
            // Joining a row twice changes nothing.
            for (key, row) in deleted.chain(met) {
                held.rows.row_mut(key).join(row, dialect);
            }
        }
        Some(Rc::new(Mutation { table: self.id, key: key.clone(), delta: held }))
    }

    pub(crate) fn flush(&mut self, id: u64, dialect: Dialect) -> Flushed {
        let mut out = Flushed::default();
        let memtable = core::mem::take(&mut self.memtable);
        self.log = Vec::new();
        if memtable.is_empty() {
            return out;
        }
        let mut changed = Vec::new();
        let mut partitions = memtable.into_partitions();
        for partition in &mut partitions {
            if !self.options.dropped.is_empty() || partition.delta.has_deletions() {
                let mut delta = partition.delta.clone();
                let shed = delta.shed(&self.options.dropped);
                if shed > 0 {
                    out.shed += u64::from(shed);
                    changed.push(partition.key.clone());
                    *partition = Rc::new(Mutation { table: self.id, key: partition.key.clone(), delta });
                }
            }
        }
        out.partitions = partitions.len() as u64;
        out.sstable = Some(id);
        self.sstables.push(Rc::new(SsTable::write(id, partitions, false)));
        out.changes = self.states(changed, dialect);
        out
    }

    pub(crate) fn compact(&mut self, inputs: Vec<u64>, id: u64, now: i64, dialect: Dialect) -> Compacted {
        let (merged, others): (Vec<_>, Vec<_>) =
            core::mem::take(&mut self.sstables).into_iter().partition(|s| inputs.contains(&s.id));
        let repaired = !merged.is_empty() && merged.iter().all(|s| s.repaired);
        let old_enough = now.saturating_sub(self.options.gc_grace_seconds);
        let may_purge = repaired || !self.options.only_purge_repaired_tombstones;
        let mut out = Compacted { inputs, ..Compacted::default() };
        let (mut changed, mut written) = (Vec::new(), Vec::new());
        let mut by_key = ByKey::new(merged.iter().map(|s| s.partitions()));
        let mut sources = Vec::new();
        while let Some(key) = by_key.next(&mut sources) {
            out.partitions.0 += 1;
            let Some(mut partition) = joined(&sources, dialect) else { continue };
            if !self.options.dropped.is_empty() || partition.delta.has_deletions() {
                let mut delta = partition.delta.clone();
                let shed = delta.shed(&self.options.dropped);
                let purged = if may_purge {
                    delta.purge(&Purge { now, gc_before: old_enough, below: self.smallest_elsewhere(key, &others) })
                } else {
                    0
                };
                out.shed += u64::from(shed);
                out.purged += u64::from(purged);
                // An expired value that became a tombstone is a change too.
                if delta != partition.delta {
                    changed.push(key.clone());
                    partition = Rc::new(Mutation { table: self.id, key: key.clone(), delta });
                }
            }
            if !partition.delta.is_empty() {
                written.push(partition);
            }
        }
        out.partitions.1 = written.len() as u64;
        self.sstables = others;
        if !written.is_empty() {
            self.sstables.push(Rc::new(SsTable::write(id, written, repaired)));
            out.output = Some(id);
        }
        out.changes = self.states(changed, dialect);
        out
    }

    /// The smallest timestamp this node holds outside the compaction in anything that may have the key: of the whole
    /// memtable and the whole sstable, as on Cassandra (semantics.md 12).
    fn smallest_elsewhere(&self, key: &PartitionKey, others: &[Rc<SsTable>]) -> Option<i64> {
        let memtable = self.memtable.get(key).map(|_| self.memtable.stats.min_timestamp);
        let overlapping = others.iter().filter(|s| s.may_have(key)).map(|s| s.stats.min_timestamp);
        memtable.into_iter().chain(overlapping).min()
    }

    fn states(&self, keys: Vec<PartitionKey>, dialect: Dialect) -> Vec<Rc<Mutation>> {
        let state = |key: PartitionKey| {
            self.state(&key, dialect)
                .unwrap_or_else(|| Rc::new(Mutation { table: self.id, key, delta: Partition::default() }))
        };
        keys.into_iter().map(state).collect()
    }

    /// Marks as repaired what lies in the token ranges `(after, to]`, splitting sstables that reach beyond.
    pub(crate) fn mark_repaired(&mut self, ranges: &[(i64, i64)], next_id: &mut u64) {
        let inside = |token: i64| ranges.iter().any(|(after, to)| *after < token && token <= *to);
        for sstable in core::mem::take(&mut self.sstables) {
            let (seen, unseen): (Vec<_>, Vec<_>) =
                sstable.partitions().iter().cloned().partition(|partition| inside(partition.key.token));
            if sstable.repaired || seen.is_empty() {
                self.sstables.push(sstable);
                continue;
            }
            for (partitions, repaired) in [(seen, true), (unseen, false)] {
                if !partitions.is_empty() {
                    self.sstables.push(Rc::new(SsTable::write(*next_id, partitions, repaired)));
                    *next_id += 1;
                }
            }
        }
    }
}

/// The join of all sources: shared when there is only one.
pub(crate) fn joined(sources: &[&Rc<Mutation>], dialect: Dialect) -> Option<Rc<Mutation>> {
    let (first, rest) = sources.split_first()?;
    let mut all = Rc::clone(first);
    for source in rest {
        Rc::make_mut(&mut all).delta.join(&source.delta, dialect);
    }
    Some(all)
}
