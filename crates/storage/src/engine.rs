//! The storage of one node: tables, each with its log, memtable and sstables.

use crate::{
    Choice, Compacted, Crash, Dialect, Error, Flushed, Inspection, KeyRange, LogSync, Mutation, PartitionKey,
    ReadCommand, Reading, Scan, SsTable, TableId, TableOptions, compaction, inspect, table::Table,
};
use alloc::{collections::BTreeMap, rc::Rc, vec::Vec};
use xxhash_rust::xxh3::Xxh3;

/// The storage of one node.
#[derive(Clone, Debug)]
pub struct Engine {
    dialect: Dialect,
    sync: LogSync,
    tables: BTreeMap<TableId, Table>,
    next_sstable: u64,
    down: bool,
}

/// What a write did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The memtable has grown to its size: flush, then see what [`Engine::choose`] says.
    pub flush_due: bool,
}

/// What a crash took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crashed {
    /// Writes that were acknowledged but not on the disk, by table, in order of arrival.
    pub lost: Vec<Rc<Mutation>>,
}

impl Engine {
    /// An empty node.
    pub fn new(dialect: Dialect, sync: LogSync) -> Self {
        Self { dialect, sync, tables: BTreeMap::new(), next_sstable: 1, down: false }
    }

    /// Whose rules it joins by.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// When its commit log is safe on the disk.
    pub fn sync(&self) -> LogSync {
        self.sync
    }

    /// CREATE TABLE. Schema survives every crash, as a server's does: DDL flushes.
    pub fn create(&mut self, id: TableId, options: TableOptions) -> Result<(), Error> {
        if self.tables.contains_key(&id) {
            return Err(Error::TableExists(id));
        }
        self.tables.insert(id, Table::new(id, options));
        Ok(())
    }

    /// ALTER TABLE: new options, dropped columns among them.
    pub fn alter(&mut self, id: TableId, options: TableOptions) -> Result<(), Error> {
        self.table_mut(id)?.options = options;
        Ok(())
    }

    /// DROP TABLE.
    pub fn drop_table(&mut self, id: TableId) -> Result<(), Error> {
        self.tables.remove(&id).map(|_| ()).ok_or(Error::UnknownTable(id))
    }

    /// TRUNCATE.
    pub fn truncate(&mut self, id: TableId) -> Result<(), Error> {
        self.table_mut(id)?.truncate();
        Ok(())
    }

    /// The tables here, by id.
    pub fn tables(&self) -> impl Iterator<Item = (TableId, &TableOptions)> {
        self.tables.iter().map(|(id, table)| (*id, &table.options))
    }

    /// Appends to the commit log and joins into the memtable. `at`: microseconds of any clock of this machine that does not
    /// step back; the same clock as in [`Crash::Power`].
    pub fn apply(&mut self, mutation: &Rc<Mutation>, at: u64) -> Result<Applied, Error> {
        let dialect = self.dialect;
        let table = self.table_mut(mutation.table)?;
        table.apply(mutation, at, dialect);
        Ok(Applied { flush_due: table.memtable.stats.bytes >= table.options.memtable_bytes_max })
    }

    /// What a write would meet here. Costs about a read of what it touches.
    pub fn inspect(&self, mutation: &Mutation) -> Result<Inspection, Error> {
        let held = self.table(mutation.table)?.state_under(&mutation.key, &mutation.delta, self.dialect);
        Ok(inspect::inspect(held.as_deref(), &mutation.delta))
    }

    /// Reads one partition.
    pub fn read(&self, table: TableId, key: &PartitionKey, command: &ReadCommand) -> Result<Reading, Error> {
        Ok(self.table(table)?.read(key, command, self.dialect))
    }

    /// Begins a range read.
    pub fn scan(&self, table: TableId, range: &KeyRange) -> Result<Scan<'_>, Error> {
        Ok(Scan::new(self.table(table)?, range, self.dialect))
    }

    /// All this node holds of a partition, hidden data included; `None` if nothing.
    pub fn state(&self, table: TableId, key: &PartitionKey) -> Result<Option<Rc<Mutation>>, Error> {
        Ok(self.table(table)?.state(key, self.dialect))
    }

    /// The sstables of a table, oldest first.
    pub fn sstables(&self, table: TableId) -> Result<&[Rc<SsTable>], Error> {
        Ok(&self.table(table)?.sstables)
    }

    /// Writes the memtable as an sstable; the log up to here is no longer needed.
    pub fn flush(&mut self, table: TableId) -> Result<Flushed, Error> {
        let (id, dialect) = (self.take_id(), self.dialect);
        Ok(self.table_mut(table)?.flush(id, dialect))
    }

    /// What compaction would do next.
    pub fn choose(&self, table: TableId) -> Result<Choice, Error> {
        let table = self.table(table)?;
        Ok(compaction::choose(&table.sstables, &table.options))
    }

    /// Carries a choice out. `now`: seconds since the Unix epoch by this node's clock.
    pub fn compact(&mut self, table: TableId, choice: Choice, now: i64) -> Result<Compacted, Error> {
        let (id, dialect) = (self.take_id(), self.dialect);
        let table = self.table_mut(table)?;
        match choice {
            Choice::Nothing => Ok(Compacted::default()),
            Choice::Merge(inputs) => Ok(table.compact(inputs, id, now, dialect)),
        }
    }

    /// Major compaction, as `nodetool compact`: everything, repaired and unrepaired apart.
    pub fn compact_major(&mut self, table: TableId, now: i64) -> Result<Vec<Compacted>, Error> {
        let choices = compaction::choose_major(&self.table(table)?.sstables);
        choices.into_iter().map(|choice| self.compact(table, choice, now)).collect()
    }

    /// Marks the sstables' parts in the token ranges `(after, to]` as repaired, as an incremental repair does. Flush first.
    pub fn mark_repaired(&mut self, table: TableId, ranges: &[(i64, i64)]) -> Result<(), Error> {
        let mut next = self.next_sstable;
        self.table_mut(table)?.mark_repaired(ranges, &mut next);
        self.next_sstable = next;
        Ok(())
    }

    /// The process or the machine dies. Until [`Engine::restart`] everything answers [`Error::Down`].
    pub fn crash(&mut self, crash: Crash) -> Crashed {
        self.down = true;
        let lost_after = match crash {
            Crash::Kill => None,
            Crash::Power { now } => Some((self.sync, now)),
        };
        Crashed { lost: self.tables.values_mut().flat_map(|table| table.crash(lost_after)).collect() }
    }

    /// Replays the log; returns how many writes it held.
    pub fn restart(&mut self) -> u64 {
        self.down = false;
        let dialect = self.dialect;
        self.tables.values_mut().map(|table| table.replay(dialect)).sum()
    }

    /// A digest over all this node holds, however it is spread over memtable and sstables: tables by id, partitions in ring
    /// order. Of a node that is down it is what a restart would find.
    pub fn digest(&self) -> u64 {
        if self.down {
            let mut up = self.clone();
            up.restart();
            return up.digest();
        }
        let mut all = Xxh3::new();
        let mut bytes = Vec::new();
        for (id, table) in &self.tables {
            all.update(&id.0.to_le_bytes());
            let mut scan = Scan::new(table, &KeyRange::tokens(i64::MIN, i64::MAX), self.dialect);
            while let Some(state) = scan.next_state() {
                bytes.clear();
                state.encode(&mut bytes);
                all.update(&(bytes.len() as u64).to_le_bytes());
                all.update(&bytes);
            }
        }
        all.digest()
    }

    fn take_id(&mut self) -> u64 {
        self.next_sstable += 1;
        self.next_sstable - 1
    }

    fn table(&self, id: TableId) -> Result<&Table, Error> {
        if self.down {
            return Err(Error::Down);
        }
        self.tables.get(&id).ok_or(Error::UnknownTable(id))
    }

    fn table_mut(&mut self, id: TableId) -> Result<&mut Table, Error> {
        if self.down {
            return Err(Error::Down);
        }
        self.tables.get_mut(&id).ok_or(Error::UnknownTable(id))
    }
}
