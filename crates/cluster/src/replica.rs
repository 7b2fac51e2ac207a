//! What a node does with its own copy: write, read, flush, compact, die and come back.

use crate::message::{Answer, Depth, Held, Message, Question, Round, Seen, Target};
use crate::node::{Cx, Node, seconds};
use crate::{Catalog, Home};
use alloc::rc::Rc;
use alloc::vec::Vec;
use sim::Id;
use storage::{Choice, Compacted, Crash, Mutation, Partition, PartitionKey, ReadCommand, Reading, TableId, order};
use trace::{Fact, Met};

impl Node {
    /// Join a mutation into what is held. False when its table is unknown here: then nothing is acknowledged.
    pub(crate) fn apply(&mut self, cx: &mut Cx<'_>, mutation: &Rc<Mutation>) -> bool {
        if cx.noting
            && let Ok(seen) = self.engine.inspect(mutation)
        {
            let met = Met { covered: seen.covered, of: seen.of, hidden: seen.shadowed };
            cx.note(|| Fact::Apply { mutation: mutation.clone(), met });
        }
        match self.engine.apply(mutation, cx.elapsed.0) {
            Ok(applied) => {
                if applied.flush_due {
                    self.flush_table(cx, mutation.table);
                }
                true
            }
            Err(_) => false,
        }
    }

    /// Answer a coordinator.
    pub(crate) fn answer(&mut self, cx: &mut Cx<'_>, from: Id, round: Round, question: &Rc<Question>, depth: Depth) {
        // A table that is unknown here has nothing to tell, and the coordinator waits: so does a real one.
        let Ok((answer, seen)) = self.held(question) else { return };
        let place = question.place();
        cx.note(|| Fact::Read { place, rows: seen.rows, tombstones: seen.tombstones });
        let message = match depth {
            Depth::Data | Depth::Full => Message::Held { round, answer: Rc::new(answer), seen },
            Depth::Digest => Message::Digest { round, digest: answer.digest() },
        };
        self.peer(cx, from, message);
    }

    fn held(&self, question: &Question) -> Result<(Answer, Seen), storage::Error> {
        let mut answer = Answer::default();
        let mut seen = Seen::default();
        let mut left = question.rows_max;
        let mut keep = |reading: Reading, left: &mut u32| {
            seen.rows = seen.rows.saturating_add(reading.live_rows);
            seen.tombstones = seen.tombstones.saturating_add(reading.tombstones);
            if *left != u32::MAX {
                *left = left.saturating_sub(reading.live_rows);
            }
            if !reading.state.delta.is_empty() {
                answer.partitions.push(Held { state: reading.state, complete: reading.complete });
            }
        };
        let whole = |state| Held { state, complete: true };
        match &question.target {
            Target::Key(key) if question.whole => {
                answer.partitions.extend(self.engine.state(question.table, key)?.map(whole));
            }
            Target::Key(key) if question.command.limit <= left => {
                keep(self.engine.read(question.table, key, &question.command)?, &mut left);
            }
            Target::Key(key) => {
                let command = ReadCommand { limit: left, ..question.command.clone() };
                keep(self.engine.read(question.table, key, &command)?, &mut left);
            }
            Target::Range(range) if question.whole => {
                let mut scan = self.engine.scan(question.table, range)?;
                answer.partitions.extend(core::iter::from_fn(|| scan.next_state()).map(whole));
            }
            Target::Range(range) => {
                let mut scan = self.engine.scan(question.table, range)?;
                let mut command = question.command.clone();
                while left > 0 {
                    command.limit = question.command.limit.min(left);
                    let Some(reading) = scan.next(&command) else { break };
                    keep(reading, &mut left);
                }
                answer.more = left == 0;
            }
        }
        Ok((answer, seen))
    }

    fn tables(&self) -> Vec<TableId> {
        self.catalog.homes().map(|home| home.table.id).collect()
    }

    /// Memtables to sstables, then compaction where it is due.
    pub(crate) fn flush(&mut self, cx: &mut Cx<'_>) {
        let order = cx.remember();
        for table in self.tables() {
            cx.recall(&order);
            self.flush_table(cx, table);
        }
    }

    fn flush_table(&mut self, cx: &mut Cx<'_>, table: TableId) {
        let Ok(flushed) = self.engine.flush(table) else { return };
        let Some(sstable) = flushed.sstable else { return };
        cx.note(|| Fact::Flush { table, sstable: number(sstable), partitions: number(flushed.partitions) });
        self.replaced(cx, flushed.changes);
        while let Ok(choice @ Choice::Merge(_)) = self.engine.choose(table) {
            match self.engine.compact(table, choice, seconds(cx.now)) {
                Ok(done) => self.compacted(cx, table, done),
                Err(_) => break,
            }
        }
    }

    /// Every table's sstables into one.
    pub(crate) fn compact(&mut self, cx: &mut Cx<'_>) {
        let order = cx.remember();
        for table in self.tables() {
            cx.recall(&order);
            for done in self.engine.compact_major(table, seconds(cx.now)).unwrap_or_default() {
                self.compacted(cx, table, done);
            }
        }
    }

    fn compacted(&self, cx: &mut Cx<'_>, table: TableId, done: Compacted) {
        if done.inputs.is_empty() {
            return;
        }
        let inputs = done.inputs.iter().map(|id| number(*id)).collect();
        let (output, purged) = (done.output.map(number), number(done.purged));
        cx.note(|| Fact::Compact { table, inputs, output, purged });
        self.replaced(cx, done.changes);
    }

    /// Tell what a partition is from here on, where flushing or compacting changed it.
    fn replaced(&self, cx: &mut Cx<'_>, changes: Vec<Rc<Mutation>>) {
        if cx.noting {
            for change in changes {
                let (table, key, left) = (change.table, change.key.clone(), Rc::new(change.delta.clone()));
                cx.note(|| Fact::Replace { table, key, left });
            }
        }
    }

    /// Dies with `crash`: memory is gone, and after a power cut what was not synced yet.
    pub(crate) fn die(&mut self, crash: Crash) {
        self.forget();
        if let Crash::Power { now } = crash {
            self.acceptors.cut(self.engine.sync(), now);
        }
        let lost = self.engine.crash(crash).lost;
        self.lost.extend(lost.into_iter().map(|mutation| (mutation.table, mutation.key.clone())));
        order::sort_dedup(&mut self.lost);
    }

    /// Read the commit log. The schema and the state of the others it learns as it hears from them.
    pub(crate) fn start(&mut self, cx: &mut Cx<'_>) {
        let mutations = self.engine.restart();
        let lost = core::mem::take(&mut self.lost);
        cx.note(|| Fact::Replay { mutations: number(mutations), lost: number(lost.len() as u64) });
        if cx.noting {
            for (table, key) in lost {
                let left = self.left(table, &key);
                cx.note(|| Fact::Replace { table, key, left: Rc::new(left) });
            }
        }
        for belief in &mut self.beliefs {
            belief.down_since = None;
        }
        // Beliefs begin anew, so hints may be due for nodes that came back meanwhile.
        for target in self.hints.targets() {
            self.schedule_hints(cx, target);
        }
    }

    fn left(&self, table: TableId, key: &PartitionKey) -> Partition {
        match self.engine.state(table, key) {
            Ok(Some(state)) => state.delta.clone(),
            Ok(None) | Err(_) => Partition::default(),
        }
    }

    /// Take over a schema that is at least as new as the one known.
    pub(crate) fn adopt(&mut self, catalog: Rc<Catalog>) {
        if catalog.version < self.catalog.version || Rc::ptr_eq(&catalog, &self.catalog) {
            return;
        }
        for table in self.tables() {
            if catalog.home(table).is_none() {
                let _known = self.engine.drop_table(table);
                self.acceptors.drop_table(table);
            }
        }
        self.catalog = catalog;
        self.prepared.clear();
        self.learn();
    }

    /// Give the disk the tables and options of the schema that is known.
    pub(crate) fn learn(&mut self) {
        for Home { table, .. } in self.catalog.homes() {
            let options = crate::describe::storage_options(table);
            if self.engine.alter(table.id, options.clone()).is_err() {
                // It is not there yet, so it can be made.
                let _made = self.engine.create(table.id, options);
            }
        }
    }
}

/// Generations and counts as facts keep them.
fn number(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Answer {
    /// A digest of the canonical bytes of everything in it.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.partitions.iter().fold(0, |sum: u64, held| {
            (sum.rotate_left(1) ^ held.state.key.token as u64).rotate_left(1) ^ held.state.delta.digest()
        })
    }
}
