//! A lightweight transaction: which rows of one partition must be how, what is then written, and what the client is shown.
//!
//! ```text
//! Cas ── command() ──▶ the cluster reads at the serial level ── decide(found) ──▶ Write: the cluster proposes it
//!                                                                             └─▶ Rows: [applied] False, what is there
//! ```

use super::{
    conditions::{Guard, Test},
    keys::{self, Part},
    modify::{Kind, Modify},
    read_first::ReadFirst,
    term::Binding,
    write::Gathered,
};
use crate::{
    request::{BatchKind, ColumnSpec, Error, Rows},
    schema::{Column, ColumnKind, Table},
    select::RowView,
    types::Type,
};
use alloc::{collections::BTreeMap, format, rc::Rc, vec::Vec};
use storage::{Bytes, ColumnId, Mutation, Partition, PartitionKey, ReadCommand, Slice, order};

/// A conditional statement or batch with its values.
#[derive(Clone, Debug)]
pub struct Cas {
    table: Rc<Table>,
    key: PartitionKey,
    /// By row, in clustering order; `None`, the static row, stands first.
    guards: BTreeMap<Option<Bytes>, Must>,
    /// What is read, by column.
    columns: Rc<[ColumnId]>,
    /// What is shown when it is not applied, by place in the table.
    shown: Vec<u32>,
    write: ReadFirst,
    /// What is wrong with what it writes: told only when it is to be written.
    failed: Option<Error>,
    /// Unix seconds at which it was bound: what has expired then is not there.
    now: i64,
}

/// What a row must be.
#[derive(Clone, Debug)]
enum Must {
    Exist(bool),
    Pass(Vec<Test>),
}

/// What comes of a transaction, once the row is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The conditions hold: this is to be written, dated by the ballot.
    Apply(Rc<Mutation>),
    /// They do not: this is to be shown.
    Refuse(Rows),
}

/// A transaction as its statements are bound, one after the other.
#[derive(Default)]
pub(super) struct Binder {
    batch: bool,
    table: Option<(Rc<Table>, PartitionKey)>,
    guards: BTreeMap<Option<Bytes>, Must>,
    /// Columns that are tested, in the order of the statements.
    tested: Vec<u32>,
    wildcard: bool,
    all_regular: bool,
    all_statics: bool,
    gathered: Gathered,
    failed: Option<Error>,
}

fn invalid<T>(message: &str) -> Result<T, Error> {
    Err(Error::invalid(message))
}

impl Binder {
    /// Of one statement, or of a batch.
    pub(super) fn new(batch: bool) -> Binder {
        Binder { batch, ..Binder::default() }
    }

    /// What one statement writes: looked at when all of them have been added.
    pub(super) fn write(&mut self, modify: &Modify, binding: &mut Binding<'_, '_>) -> Result<(), Error> {
        let keys = modify.keys(binding)?;
        if let Err(error) = modify.bind_into(&mut self.gathered, keys, None, binding) {
            self.failed.get_or_insert(error);
        }
        Ok(())
    }

    /// One more statement, which may have no condition of its own within a batch: its keys and conditions.
    pub(super) fn add(&mut self, modify: &Modify, binding: &mut Binding<'_, '_>) -> Result<(), Error> {
        let several = |parts: &[Part]| !parts.iter().all(|part| matches!(part, Part::One(_)));
        let kind = if modify.kind == Kind::Delete { "deletions" } else { "updates" };
        // What is wrong with one of several keys is told before that they are several.
        let keys = keys::partitions(&modify.partition, &modify.table, binding)?;
        if several(&modify.partition) {
            return Err(if self.batch {
                Error::Server("java.lang.IllegalArgumentException: Batch with conditions cannot span multiple partitions (you cannot use IN on the partition key)".into())
            } else {
                Error::Invalid(format!("IN on the partition key is not supported with conditional {kind}"))
            });
        }
        for key in keys {
            match &self.table {
                None => self.table = Some((modify.table.clone(), key)),
                Some((table, _)) if table.id != modify.table.id => {
                    return invalid("Batch with conditions cannot span multiple tables");
                }
                Some((_, first)) if *first != key => {
                    return invalid("Batch with conditions cannot span multiple partitions");
                }
                Some(_) => {}
            }
        }
        if several(&modify.clustering) {
            return Err(Error::Invalid(format!(
                "IN on the clustering key columns is not supported with conditional {kind}"
            )));
        }
        self.all_regular |=
            modify.table.clustering().is_empty() || !modify.clustering.is_empty() || modify.span.is_some();
        if modify.guard.is_none() && modify.rows && keys::width(&modify.clustering) == modify.table.clustering().len() {
            // What is wrong with its row is told before what is wrong with the next statement.
            keys::clusterings(&modify.clustering, &modify.table, binding)?.for_each(drop);
        }
        if let Some(guard) = &modify.guard {
            self.all_statics |= !modify.statics.is_empty();
            let mut row = None;
            if modify.rows {
                row = keys::clusterings(&modify.clustering, &modify.table, binding)?.next();
            }
            match &**guard {
                Guard::Exists(exists) => {
                    self.wildcard = true;
                    self.exist(row, *exists)?;
                }
                Guard::All { regular, statics } => {
                    self.tested.extend(regular.iter().chain(statics).map(|condition| condition.place));
                    for (row, conditions) in [(row, regular), (None, statics)] {
                        if !conditions.is_empty() {
                            let tests = conditions.iter().map(|c| c.bind(binding)).collect::<Result<_, _>>()?;
                            self.pass(row, tests)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn exist(&mut self, row: Option<Bytes>, exist: bool) -> Result<(), Error> {
        match self.guards.insert(row, Must::Exist(exist)) {
            Some(Must::Exist(before)) if before != exist => {
                invalid("Cannot mix IF EXISTS and IF NOT EXISTS conditions for the same row")
            }
            Some(Must::Pass(_)) if exist => invalid("Cannot mix IF conditions and IF EXISTS for the same row"),
            Some(Must::Pass(_)) => invalid("Cannot mix IF conditions and IF NOT EXISTS for the same row"),
            Some(Must::Exist(_)) | None => Ok(()),
        }
    }

    fn pass(&mut self, row: Option<Bytes>, tests: Vec<Test>) -> Result<(), Error> {
        match self.guards.entry(row).or_insert_with(|| Must::Pass(Vec::new())) {
            Must::Pass(all) => {
                all.extend(tests);
                Ok(())
            }
            // So says Cassandra of IF EXISTS too.
            Must::Exist(_) => invalid("Cannot mix IF conditions and IF NOT EXISTS for the same row"),
        }
    }

    /// All statements are in.
    pub(super) fn finish(self, kind: Option<BatchKind>, now: i64) -> Result<Cas, Error> {
        let Some((table, key)) = self.table else { return invalid("a transaction of nothing") };
        let place = |column: &Column| table.place(column) as u32;
        let read = |column: &&Column| {
            let all = if column.kind == ColumnKind::Static { self.all_statics } else { self.all_regular };
            let listed = || self.gathered.places.iter().any(|place| place.column == column.id);
            all || self.tested.contains(&place(column)) || listed()
        };
        let mut columns: Vec<ColumnId> = table.values().iter().filter(read).map(|column| column.id).collect();
        order::sort_dedup(&mut columns);
        let mut shown: Vec<u32> = Vec::new();
        let keys = table.partition_key().len() + table.clustering().len();
        let every = if self.wildcard { table.columns() } else { table.columns().get(..keys).unwrap_or_default() };
        if self.wildcard || self.batch {
            shown.extend(every.iter().map(place));
        }
        if !self.wildcard {
            for place in self.tested {
                if !shown.contains(&place) {
                    shown.push(place);
                }
            }
        }
        let write = ReadFirst::new(self.gathered, kind);
        let mut guards = self.guards;
        for must in guards.values_mut() {
            if let Must::Pass(tests) = must {
                // So many as hold them with a quarter to spare.
                let buckets = (tests.len() as u32 * 4).div_ceil(3).next_power_of_two().max(16);
                order::sort_by(tests, |a, b| a.bucket(&table, buckets).cmp(&b.bucket(&table, buckets)));
            }
        }
        Ok(Cas { table, key, guards, columns: columns.into(), shown, write, failed: self.failed, now })
    }
}

impl Cas {
    /// Whose rows.
    pub fn table(&self) -> &Rc<Table> {
        &self.table
    }

    /// Which partition.
    pub fn key(&self) -> &PartitionKey {
        &self.key
    }

    /// What has to be known of the partition.
    pub fn command(&self) -> ReadCommand {
        let rows: Vec<Slice> = self.guards.keys().flatten().map(Slice::prefix).collect();
        let is_static = |id: &ColumnId| self.table.column_by_id(*id).is_some_and(|c| c.kind == ColumnKind::Static);
        let mut command = ReadCommand {
            columns: Some(self.columns.clone()),
            statics: self.columns.iter().any(is_static),
            ..ReadCommand::all(self.now)
        };
        if rows.is_empty() {
            // Only the static row is asked about; it comes with the first row.
            command.limit = 1;
        } else {
            command.slices = rows;
        }
        command
    }

    /// What comes of it, now that what [`Cas::command`] asks for is known.
    pub fn decide(&self, found: Option<&Partition>) -> Result<Decision, Error> {
        let nothing = Partition::default();
        let partition = found.unwrap_or(&nothing);
        for (row, must) in &self.guards {
            let view = self.view(partition, row.as_ref());
            let is_so = match must {
                Must::Exist(wanted) => {
                    let exists = match row {
                        Some(_) => view.row.is_some(),
                        None => partition.is_static_live(self.now),
                    };
                    exists == *wanted
                }
                Must::Pass(tests) => all_hold(tests, &view)?,
            };
            if !is_so {
                return Ok(Decision::Refuse(self.refusal(partition)));
            }
        }
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let write = self.write.clone().resolve([(&self.key, partition)])?;
        let nothing = || Rc::new(Mutation { table: self.table.id, key: self.key.clone(), delta: Partition::default() });
        Ok(Decision::Apply(write.mutations.into_iter().next().unwrap_or_else(nothing)))
    }

    /// `[applied] True`
    pub fn applied(&self) -> Rows {
        Rows {
            columns: Rc::from([self.spec("[applied]", Type::Boolean)]),
            rows: Vec::from([Vec::from([boolean(true)])]),
        }
    }

    fn refusal(&self, partition: &Partition) -> Rows {
        let shown: Vec<&Column> =
            self.shown.iter().filter_map(|place| self.table.columns().get(*place as usize)).collect();
        let row = |view: RowView<'_>| {
            let is_known = |column: &Column| column.is_key() || self.columns.contains(&column.id);
            let value = |column: &&Column| if is_known(column) { view.value(column) } else { None };
            core::iter::once(boolean(false)).chain(shown.iter().map(value)).collect()
        };
        let is_live = |(key, row): &(&Bytes, &storage::Row)| row.is_live(partition.cover_at(key), self.now);
        let live = partition.rows.iter().filter(is_live);
        let mut rows: Vec<Vec<Option<Bytes>>> = live.map(|(key, _)| row(self.view(partition, Some(key)))).collect();
        if rows.is_empty() && partition.is_static_live(self.now) {
            rows.push(row(self.view(partition, None)));
        }
        let mut columns = Vec::from([self.spec("[applied]", Type::Boolean)]);
        if rows.is_empty() {
            rows.push(Vec::from([boolean(false)]));
        } else {
            columns.extend(shown.iter().map(|column| self.spec(&column.name, column.ty.clone())));
        }
        Rows { columns: columns.into(), rows }
    }

    fn spec(&self, name: &str, ty: Type) -> ColumnSpec {
        ColumnSpec { keyspace: self.table.keyspace.clone(), table: self.table.name.clone(), name: name.into(), ty }
    }

    /// A row as it is now; null everywhere where there is none.
    fn view<'a>(&'a self, partition: &'a Partition, key: Option<&'a Bytes>) -> RowView<'a> {
        let statics = partition.static_row.as_deref().map(|row| (row, partition.static_cover()));
        let row = key.and_then(|key| Some((partition.rows.get(key)?, partition.cover_at(key))));
        let row = row.filter(|(row, above)| row.is_live(*above, self.now));
        RowView::new(&self.table, &self.key, key, statics, row, self.now)
    }
}

fn all_hold(tests: &[Test], view: &RowView<'_>) -> Result<bool, Error> {
    for test in tests {
        if !test.holds(view)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn boolean(value: bool) -> Option<Bytes> {
    Some(Bytes::from([u8::from(value)]))
}
