//! `BEGIN BATCH`: one timestamp for all statements, unless a statement has its own (semantics.md 8).

use super::{
    Body, Plan, Prepared,
    cas::Binder,
    modify::{self, Modify},
    term::{Binding, Markers, Receiver, Scope, Term},
    write::{Gathered, timestamp},
};
use crate::{
    ast,
    functions::{Clock, Moment},
    request::{BatchKind, Error, Value},
    schema::{Schema, not_executed_change},
    types::Type,
};
use alloc::{boxed::Box, rc::Rc, vec::Vec};

/// A batch whose statements are resolved.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    kind: BatchKind,
    timestamp: Option<Term>,
    statements: Vec<Modify>,
}

pub(super) fn prepare(
    batch: &ast::Batch,
    schema: &Schema,
    keyspace: Option<&str>,
    markers: &mut Markers,
) -> Result<Batch, Error> {
    let kind = match batch.kind {
        ast::BatchKind::Logged => BatchKind::Logged,
        ast::BatchKind::Unlogged => BatchKind::Unlogged,
        ast::BatchKind::Counter => BatchKind::Counter,
    };
    let own = batch.using.timestamp();
    if own.is_some() && kind == BatchKind::Counter {
        return Err(Error::invalid("Cannot provide custom timestamp for counter BATCH"));
    }
    let mut counters = 0;
    let mut first = None;
    for statement in &batch.statements {
        let table = schema.resolve(statement.table(), keyspace)?;
        counters += usize::from(table.is_counter());
        first = first.or(Some(table));
    }
    if kind == BatchKind::Counter && counters < batch.statements.len() {
        return Err(Error::invalid("Cannot include non-counter statement in a counter batch"));
    }
    if kind == BatchKind::Logged && counters > 0 && counters < batch.statements.len() {
        return Err(Error::invalid("Counter and non-counter mutations cannot exist in the same batch"));
    }
    if kind == BatchKind::Logged && counters > 0 {
        return Err(Error::invalid("Cannot include a counter statement in a logged batch"));
    }
    let timestamp = match (own, first) {
        (Some(term), Some(table)) => {
            Some(Scope { table, markers }.term(term, Receiver { name: "[timestamp]", ty: &Type::Bigint })?)
        }
        _ => None,
    };
    let statements = batch
        .statements
        .iter()
        .map(|statement| modify::prepare(statement, schema, keyspace, markers))
        .collect::<Result<Vec<_>, _>>()?;
    // What is wrong with a statement is said before what is wrong with them together.
    if batch.using.ttl().is_some() {
        return Err(Error::invalid("Global TTL on the BATCH statement is not supported."));
    }
    let guarded = statements.iter().any(|statement| statement.guard.is_some());
    if own.is_some() && guarded {
        return Err(Error::invalid("Cannot provide custom timestamp for conditional BATCH"));
    }
    if own.is_some() && batch.statements.iter().any(|statement| statement.using().timestamp().is_some()) {
        return Err(Error::invalid("Timestamp must be set either on BATCH or individual statements"));
    }
    if kind == BatchKind::Counter && !statements.is_empty() {
        return Err(not_executed_change("a COUNTER BATCH"));
    }
    if guarded && statements.iter().any(|statement| first.is_some_and(|table| table.id != statement.table.id)) {
        return Err(Error::invalid("Batch with conditions cannot span multiple tables"));
    }
    Ok(Batch { kind, timestamp, statements })
}

impl Batch {
    pub(super) fn conditional(&self) -> bool {
        self.statements.iter().any(|statement| statement.guard.is_some())
    }

    pub(super) fn bind(&self, binding: &mut Binding<'_, '_>) -> Result<Plan, Error> {
        if self.conditional() {
            let mut binder = Binder::new(true);
            self.statements.iter().try_for_each(|statement| binder.add(statement, binding))?;
            self.statements.iter().try_for_each(|statement| binder.write(statement, binding))?;
            return Ok(Plan::Cas(Box::new(binder.finish(Some(self.kind), binding.clock.moment.seconds())?)));
        }
        let own = match &self.timestamp {
            Some(term) => timestamp(term.bind(binding)?)?,
            None => None,
        };
        let mut gathered = Gathered::default();
        let keys = self.statements.iter().map(|statement| statement.keys(binding)).collect::<Result<Vec<_>, _>>()?;
        for (statement, keys) in self.statements.iter().zip(keys) {
            statement.bind_into(&mut gathered, keys, own, binding)?;
        }
        gathered.own_timestamp = own;
        Ok(gathered.plan(Some(self.kind)))
    }
}

/// What a driver's batch does: prepared statements, each with its own values.
pub fn bind(kind: BatchKind, statements: &[(Rc<Prepared>, &[Value])], moment: &mut Moment<'_>) -> Result<Plan, Error> {
    let mut modifies = Vec::with_capacity(statements.len());
    for (prepared, values) in statements {
        let Body::Modify(modify) = &prepared.body else {
            return Err(Error::invalid(
                "Invalid statement in batch: only UPDATE, INSERT and DELETE statements are allowed.",
            ));
        };
        prepared.expect(values)?;
        modifies.push((modify, *values));
    }
    let seconds = moment.seconds();
    if modifies.iter().any(|(modify, _)| modify.guard.is_some()) {
        let mut binder = Binder::new(true);
        for (modify, values) in &modifies {
            binder.add(modify, &mut Binding { values, clock: Clock::new(moment) })?;
        }
        for (modify, values) in modifies {
            binder.write(modify, &mut Binding { values, clock: Clock::new(moment) })?;
        }
        return Ok(Plan::Cas(Box::new(binder.finish(Some(kind), seconds)?)));
    }
    let mut gathered = Gathered::default();
    let mut keys = Vec::with_capacity(modifies.len());
    for (modify, values) in &modifies {
        keys.push(modify.keys(&mut Binding { values, clock: Clock::new(moment) })?);
    }
    for ((modify, values), keys) in modifies.into_iter().zip(keys) {
        modify.bind_into(&mut gathered, keys, None, &mut Binding { values, clock: Clock::new(moment) })?;
    }
    Ok(gathered.plan(Some(kind)))
}
