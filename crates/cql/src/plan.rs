//! From a statement to what a coordinator does: names and literals are resolved once, at [`prepare`]; values, timestamp
//! and luck come in at [`Prepared::bind`].
//!
//! ```text
//! Statement ── prepare(schema) ──▶ Prepared ── bind(values, moment) ──▶ Plan
//!                                                                        ├─ Write: mutations, each for one partition
//!                                                                        ├─ ReadThenWrite: a list must be read first
//!                                                                        ├─ Cas: a lightweight transaction
//!                                                                        ├─ Read: see select.rs
//!                                                                        └─ Schema, Use, Truncate, Nothing
//! ```

mod batch;
mod cas;
mod collection;
mod conditions;
mod json;
pub(crate) mod keys;
pub(crate) mod modify;
mod read_first;
pub(crate) mod restrict;
pub(crate) mod term;
mod warn;
mod write;

use crate::{
    ast::{Described, Dropped, Statement},
    functions::{Clock, Moment},
    request::{BatchKind, ColumnSpec, Error, Value},
    schema::{Schema, SchemaChange, not_executed},
    select::{Read, SelectPlan},
};
use alloc::{boxed::Box, format, rc::Rc, vec::Vec};
use storage::{Mutation, TableId};
use term::Binding;

pub use batch::bind as bind_batch;
pub use cas::{Cas, Decision};
pub(crate) use collection::field_path;
pub use read_first::ReadFirst;

/// A statement whose names and literals are resolved against one version of the schema.
#[derive(Clone, Debug)]
pub struct Prepared {
    variables: Vec<ColumnSpec>,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    Modify(modify::Modify),
    Batch(batch::Batch),
    Select(Rc<SelectPlan>),
    Schema(SchemaChange),
    Use(Rc<str>),
    Truncate(TableId),
    Describe(Rc<Described>),
}

/// What a coordinator does for one execution.
#[derive(Clone, Debug)]
pub enum Plan {
    /// Send these to the replicas of their keys.
    Write(Write),
    /// Read, then [`ReadFirst::resolve`] gives the write.
    ReadThenWrite(Box<ReadFirst>),
    /// Read, and write by Paxos what [`Cas::decide`] gives, if the conditions hold.
    Cas(Box<Cas>),
    /// Read and project.
    Read(Rc<Read>),
    /// [`Schema::apply`].
    Schema(SchemaChange),
    /// The connection's keyspace from here on.
    Use(Rc<str>),
    /// Empty a table on every replica.
    Truncate(TableId),
    /// Say what the schema is.
    Describe(Rc<Described>),
    /// Nothing to do: an empty batch.
    Nothing,
}

/// Mutations of one statement or batch, one for each partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// In the order of the statements.
    pub mutations: Vec<Rc<Mutation>>,
    /// The batch they came in.
    pub kind: Option<BatchKind>,
    /// `USING TIMESTAMP`, where the statement or the batch as a whole says one.
    pub own_timestamp: Option<i64>,
}

/// Resolves a statement; unqualified names are in `keyspace`.
pub fn prepare(statement: &Statement, schema: &Schema, keyspace: Option<&str>) -> Result<Prepared, Error> {
    let mut markers = term::Markers::default();
    let body = match statement {
        Statement::Modify(modification) => Body::Modify(modify::prepare(modification, schema, keyspace, &mut markers)?),
        Statement::Batch(batch) => Body::Batch(batch::prepare(batch, schema, keyspace, &mut markers)?),
        Statement::Select(select) => Body::Select(crate::select::prepare(select, schema, keyspace, &mut markers)?),
        Statement::Use(name) => match schema.keyspace(name).or_else(|| schema.system().keyspace(name)) {
            Some(keyspace) => Body::Use(keyspace.name.clone()),
            None => return Err(Error::Invalid(format!("Keyspace '{}' does not exist", name.as_str()))),
        },
        Statement::Truncate { table, using: _ } => {
            let table = schema.resolve(table, keyspace)?;
            crate::schema::writable(table)?;
            Body::Truncate(table.id)
        }
        Statement::CreateKeyspace(_)
        | Statement::AlterKeyspace(_)
        | Statement::DropKeyspace(_)
        | Statement::CreateTable(_)
        | Statement::AlterTable(_)
        | Statement::CreateType(_)
        | Statement::AlterType(_)
        | Statement::CreateIndex(_) => Body::Schema(SchemaChange::new(statement, keyspace)),
        Statement::Drop(drop) if matches!(drop.what, Dropped::Table | Dropped::Type | Dropped::Index) => {
            Body::Schema(SchemaChange::new(statement, keyspace))
        }
        Statement::Describe(described) => Body::Describe(Rc::new(described.clone())),
        other => return Err(not_executed(other)),
    };
    Ok(Prepared { variables: markers.finish(), body })
}

/// The row that this INSERT describes, of one of the server's own tables.
pub fn system_row(insert: &str, schema: &Schema) -> Result<Vec<Rc<Mutation>>, Error> {
    let statement = crate::parse(insert).map_err(|error| Error::Syntax(format!("{error}")))?;
    let Statement::Modify(modification) = &statement else { return Err(not_executed(&statement)) };
    let table = schema.resolve(modification.table(), None)?;
    let modify = modify::write_to(table, modification, &mut term::Markers::default())?;
    let mut moment = Moment { timestamp: 0, now: 0, uuid: &mut || 0 };
    match modify.bind(None, &mut Binding { values: &[], clock: Clock::new(&mut moment) })?.plan(None) {
        Plan::Write(write) => Ok(write.mutations),
        _ => Ok(Vec::new()),
    }
}

impl Prepared {
    /// The bind markers in order.
    pub fn variables(&self) -> &[ColumnSpec] {
        &self.variables
    }

    /// The columns of the rows it answers with; none for a write.
    pub fn columns(&self) -> &[ColumnSpec] {
        match &self.body {
            Body::Select(select) => select.columns(),
            Body::Modify(_)
            | Body::Batch(_)
            | Body::Schema(_)
            | Body::Use(_)
            | Body::Truncate(_)
            | Body::Describe(_) => &[],
        }
    }

    /// Whether it writes rows, and so needs a timestamp.
    pub fn writes(&self) -> bool {
        matches!(self.body, Body::Modify(_) | Body::Batch(_))
    }

    /// What to do for these values at this moment.
    pub fn bind(&self, values: &[Value], moment: &mut Moment<'_>) -> Result<Plan, Error> {
        self.expect(values)?;
        let binding = &mut Binding { values, clock: Clock::new(moment) };
        Ok(match &self.body {
            Body::Modify(modify) if modify.guard.is_some() => {
                let mut binder = cas::Binder::new(false);
                binder.add(modify, binding)?;
                binder.write(modify, binding)?;
                Plan::Cas(Box::new(binder.finish(None, binding.clock.moment.seconds())?))
            }
            Body::Modify(modify) => modify.bind(None, binding)?.plan(None),
            Body::Batch(batch) => batch.bind(binding)?,
            Body::Select(select) => Plan::Read(Rc::new(Read::bind(select, binding)?)),
            Body::Schema(change) => Plan::Schema(change.clone()),
            Body::Use(keyspace) => Plan::Use(keyspace.clone()),
            Body::Truncate(table) => Plan::Truncate(*table),
            Body::Describe(described) => Plan::Describe(described.clone()),
        })
    }

    fn expect(&self, values: &[Value]) -> Result<(), Error> {
        if values.len() != self.variables.len() {
            return Err(Error::Invalid(format!(
                "there were {} markers(?) in CQL but {} bound variables",
                self.variables.len(),
                values.len()
            )));
        }
        Ok(())
    }
}
