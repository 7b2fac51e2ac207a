//! INSERT, UPDATE and DELETE: what is written where, and everything Cassandra refuses.

use super::{
    collection::{Action, Operation},
    conditions::Guard,
    keys::{Part, Span, width},
    restrict::{Restriction, Restrictions},
    term::{Markers, Receiver, Scope, Term},
};
use crate::{
    ast::{self, Assignment, Deletion, InsertSource, Modification, Relation, Test},
    request::Error,
    schema::{self, Column, ColumnKind, Schema, Table, not_executed_change},
    types::Type,
};
use alloc::{boxed::Box, format, rc::Rc, string::String, vec, vec::Vec};

/// A write whose names and literals are resolved.
#[derive(Clone, Debug)]
pub(crate) struct Modify {
    pub(super) table: Rc<Table>,
    pub(super) kind: Kind,
    pub(super) timestamp: Option<Term>,
    pub(super) ttl: Option<Term>,
    /// `IF …`
    pub(super) guard: Option<Box<Guard>>,
    pub(super) partition: Vec<Part>,
    /// Whole clustering keys; of a DELETE perhaps prefixes.
    pub(super) clustering: Vec<Part>,
    /// Of a DELETE: the slice behind the prefixes.
    pub(super) span: Option<Span>,
    /// Whether rows are written, besides the static row.
    pub(super) rows: bool,
    /// By column; regular ones, then static ones.
    pub(super) regular: Vec<Operation>,
    pub(super) statics: Vec<Operation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Insert,
    Update,
    Delete,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Insert => "INSERT",
            Kind::Update => "UPDATE",
            Kind::Delete => "DELETE",
        }
    }
}

fn invalid<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::Invalid(message.into()))
}

/// Resolves one modification.
pub(super) fn prepare(
    modification: &Modification,
    schema: &Schema,
    keyspace: Option<&str>,
    markers: &mut Markers,
) -> Result<Modify, Error> {
    let table = schema.resolve(modification.table(), keyspace)?;
    schema::writable(table)?;
    write_to(table, modification, markers)
}

/// The same for a table that was found, whoever may write to it.
pub(super) fn write_to(table: &Rc<Table>, modification: &Modification, markers: &mut Markers) -> Result<Modify, Error> {
    let using = modification.using();
    let scope = &mut Scope { table, markers };
    let guard = Guard::prepare(modification, scope)?.map(Box::new);
    if table.is_counter() {
        return match (&guard, modification) {
            (Some(_), Modification::Update(_) | Modification::Delete(_)) => {
                invalid("Conditional updates are not supported on counter tables")
            }
            _ => Err(counters(modification)),
        };
    }
    let timestamp = using
        .timestamp()
        .map(|term| scope.term(term, Receiver { name: "[timestamp]", ty: &Type::Bigint }))
        .transpose()?;
    let ttl = using.ttl().map(|term| scope.term(term, Receiver { name: "[ttl]", ty: &Type::Int })).transpose()?;
    let mut modify = match modification {
        Modification::Insert(insert) => self::insert(insert, guard, scope)?,
        Modification::Update(update) => self::update(update, guard, scope)?,
        Modification::Delete(delete) => self::delete(delete, guard, scope)?,
    };
    if modify.guard.is_some() && timestamp.is_some() {
        return invalid("Cannot provide custom timestamp for conditional updates");
    }
    modify.timestamp = timestamp;
    modify.ttl = ttl;
    Ok(modify)
}

/// Counters are another issue's; what Cassandra refuses is refused in its words.
fn counters(modification: &Modification) -> Error {
    let using = modification.using();
    match modification {
        Modification::Insert(_) => {
            Error::invalid("INSERT statements are not allowed on counter tables, use UPDATE instead")
        }
        _ if using.timestamp().is_some() => Error::invalid("Cannot provide custom timestamp for counter updates"),
        _ if using.ttl().is_some() => Error::invalid("Cannot provide custom TTL for counter updates"),
        Modification::Update(update) => {
            match update.assignments.iter().find(|assignment| matches!(assignment, Assignment::Set(..))) {
                Some(set) => Error::Invalid(format!(
                    "Cannot set the value of counter column {} (counters can only be incremented/decremented, not set)",
                    set.column().as_str()
                )),
                None => not_executed_change("UPDATE of a counter"),
            }
        }
        Modification::Delete(_) => not_executed_change("DELETE of counters"),
    }
}

fn empty(table: &Rc<Table>, kind: Kind, guard: Option<Box<Guard>>) -> Modify {
    Modify {
        table: table.clone(),
        kind,
        timestamp: None,
        ttl: None,
        guard,
        partition: Vec::with_capacity(table.partition_key().len()),
        clustering: Vec::with_capacity(table.clustering().len()),
        span: None,
        rows: true,
        regular: Vec::new(),
        statics: Vec::new(),
    }
}

fn insert(insert: &ast::Insert, guard: Option<Box<Guard>>, scope: &mut Scope<'_>) -> Result<Modify, Error> {
    let table = scope.table;
    let mut modify = empty(table, Kind::Insert, guard);
    let given = match &insert.source {
        InsertSource::Values { columns, values } => listed(columns, values, scope)?,
        InsertSource::Json { value, default } => super::json::terms(value, *default, table, scope)?,
    };
    modify.regular.reserve_exact(given.len());
    let partition = table.partition_key().len();
    let mut keys: Vec<Option<Term>> = vec![None; partition + table.clustering().len()];
    for (column, term) in given {
        if column.is_key() {
            if let Some(key) = keys.get_mut(table.place(column)) {
                *key = Some(term);
            }
        } else {
            modify.put(column, Action::Set(term));
        }
    }
    let has = |at: usize| keys.get(at).is_some_and(Option::is_some);
    missing("Some partition key parts are missing", table.partition_key(), has)?;
    let any_clustering = (partition..keys.len()).any(has);
    modify.rows = any_clustering || table.clustering().is_empty();
    if any_clustering || !modify.regular.is_empty() || modify.statics.is_empty() {
        missing("Some clustering keys are missing", table.clustering(), |at| has(partition + at))?;
    }
    let mut keys = keys.into_iter().flatten().map(Part::One);
    modify.partition.extend(keys.by_ref().take(partition));
    modify.clustering.extend(keys);
    Ok(modify)
}

/// `(a, b) VALUES (1, 2)`
fn listed<'t>(
    names: &[ast::Name],
    values: &[ast::Term],
    scope: &mut Scope<'t>,
) -> Result<Vec<(&'t Column, Term)>, Error> {
    let table = scope.table;
    if names.is_empty() {
        return invalid("No columns provided to INSERT");
    }
    if names.len() != values.len() {
        return invalid("Unmatched column names/values");
    }
    let mut columns = Vec::with_capacity(names.len());
    for name in names {
        columns.push(table.need(name)?);
    }
    // Names are few: comparing them all costs less than sorting.
    if columns.iter().enumerate().any(|(i, column)| columns.iter().take(i).any(|before| before.id == column.id)) {
        return invalid("The column names contains duplicates");
    }
    // What is wrong with a value is said before what is wrong with a key.
    let mut given = Vec::with_capacity(columns.len());
    for key in [false, true] {
        for (column, term) in columns.iter().zip(values).filter(|(column, _)| column.is_key() == key) {
            given.push((*column, scope.term(term, Receiver { name: &column.name, ty: &column.ty })?));
        }
    }
    Ok(given)
}

fn missing(what: &str, columns: &[Column], has: impl Fn(usize) -> bool) -> Result<(), Error> {
    let mut missing = (0..).zip(columns).filter(|(at, _)| !has(*at)).map(|(_, column)| &*column.name).peekable();
    if missing.peek().is_none() {
        return Ok(());
    }
    invalid(format!("{what}: {}", missing.collect::<Vec<_>>().join(", ")))
}

fn update(update: &ast::Update, guard: Option<Box<Guard>>, scope: &mut Scope<'_>) -> Result<Modify, Error> {
    let table = scope.table;
    let mut modify = empty(table, Kind::Update, guard);
    for assignment in &update.assignments {
        let column = table.need(assignment.column())?;
        if column.is_key() {
            return invalid(format!("PRIMARY KEY part {} found in SET part", column.name));
        }
        let action = Action::assign(assignment, column, scope)?;
        modify.put(column, action);
    }
    modify.filter(&update.relations, scope)?;
    Ok(modify)
}

fn delete(delete: &ast::Delete, guard: Option<Box<Guard>>, scope: &mut Scope<'_>) -> Result<Modify, Error> {
    let table = scope.table;
    let mut modify = empty(table, Kind::Delete, guard);
    for deletion in &delete.targets {
        let (Deletion::Column(name) | Deletion::Element(name, _) | Deletion::Field(name, _)) = deletion;
        let column = table.need(name)?;
        if column.is_key() {
            return invalid(format!(
                "Invalid identifier {} for deletion (should not be a PRIMARY KEY part)",
                column.name
            ));
        }
        let action = Action::delete(deletion, column, scope)?;
        modify.put(column, action);
    }
    modify.filter(&delete.relations, scope)?;
    if let Some(guard) = &modify.guard
        && (modify.span.is_some() || width(&modify.clustering) < table.clustering().len())
    {
        let must = "DELETE statements must restrict all PRIMARY KEY columns with equality relations in order to";
        if !modify.regular.is_empty() || modify.statics.is_empty() {
            return invalid(format!("{must} delete non static columns"));
        }
        if guard.tests_rows() {
            return invalid(format!("{must} use IF condition on non static columns"));
        }
    }
    Ok(modify)
}

impl Modify {
    /// Rows keep their columns sorted by number; what is done to one column keeps its order.
    fn put(&mut self, column: &Column, action: Action) {
        let operations = if column.kind == ColumnKind::Static { &mut self.statics } else { &mut self.regular };
        let at = operations.partition_point(|operation| operation.column <= column.id);
        operations.insert(at, Operation { column: column.id, ty: column.ty.clone(), action });
    }

    /// The keys a `WHERE` names.
    fn filter(&mut self, relations: &[Relation], scope: &mut Scope<'_>) -> Result<(), Error> {
        let table = scope.table.clone();
        let kind = self.kind.name();
        let contains = |relation: &Relation| matches!(relation.test, Test::Contains(_) | Test::ContainsKey(_));
        if let Some(at) = relations.iter().position(contains) {
            // Refused as it is met.
            Restrictions::new(relations.get(..at).unwrap_or_default(), &table, scope.markers)?;
            let key = matches!(relations.get(at), Some(Relation { test: Test::ContainsKey(_), .. }));
            return invalid(format!("Cannot use {kind} with CONTAINS{}", if key { " KEY" } else { "" }));
        }
        let mut restrictions = Restrictions::new(relations, &table, scope.markers)?;
        if restrictions.token.is_some() {
            return invalid(format!("The token function cannot be used in WHERE clauses for {kind} statements"));
        }
        missing("Some partition key parts are missing", table.partition_key(), |at| restrictions.at(at).is_some())?;
        for at in 0..table.partition_key().len() {
            match restrictions.take(at).map(Part::of) {
                Some(Ok(part)) => self.partition.push(part),
                Some(Err(_)) | None => {
                    return invalid(format!(
                        "Only EQ and IN relation are supported on the partition key (unless you use the token() function) for {kind} statements"
                    ));
                }
            }
        }
        let keys = table.partition_key().len() + table.clustering().len();
        let mut others: Vec<&str> = restrictions
            .restricted()
            .filter(|place| *place >= keys)
            .filter_map(|place| table.columns().get(place))
            .map(|c| &*c.name)
            .collect();
        others.extend(
            restrictions.extras.iter().filter_map(|(place, _)| table.columns().get(*place as usize)).map(|c| &*c.name),
        );
        if !others.is_empty() {
            return invalid(format!("Non PRIMARY KEY columns found in where clause: {} ", others.join(", ")));
        }
        let restricted = restrictions.restricted().next().is_some();
        let guard = self.guard.as_deref();
        let only_statics = self.regular.is_empty() && !self.statics.is_empty() && !guard.is_some_and(Guard::tests_rows);
        if only_statics && restricted {
            return invalid(format!(
                "Invalid restrictions on clustering columns since the {kind} statement modifies only static columns"
            ));
        }
        self.rows = !only_statics;
        let base = table.partition_key().len();
        let kept = |at: usize| restrictions.at(base + at);
        let sliced = (0..table.clustering().len()).any(|at| matches!(kept(at), Some(Restriction::Range { .. })));
        if self.kind == Kind::Update && self.rows && !sliced {
            // Before a gap between two columns is complained about.
            missing("Some clustering keys are missing", table.clustering(), |at| kept(at).is_some())?;
        }
        let (clustering, span) = clustering(&mut restrictions, &table)?;
        if self.kind == Kind::Update && self.rows {
            if span.is_some() {
                return invalid("Slice restrictions are not supported on the clustering columns in UPDATE statements");
            }
            missing("Some clustering keys are missing", table.clustering(), |at| at < width(&clustering))?;
        }
        self.clustering = clustering;
        self.span = span;
        Ok(())
    }
}

/// The prefix of the clustering columns that `=` and `IN` name, and the slice behind it.
pub(crate) fn clustering(restrictions: &mut Restrictions, table: &Table) -> Result<(Vec<Part>, Option<Span>), Error> {
    let base = table.partition_key().len();
    let mut parts = Vec::with_capacity(table.clustering().len());
    let mut span = None;
    let mut before: Option<&Column> = None;
    // What stands behind a slice is refused as it is met, a gap only when all are known.
    let restricted = |at: usize| restrictions.at(base + at);
    let slice = (0..table.clustering().len()).find(|at| matches!(restricted(*at), Some(Restriction::Range { .. })));
    let behind = |slice: usize| (slice + 1..table.clustering().len()).find(|at| restricted(*at).is_some());
    if let Some(slice) = slice
        && let Some(at) = behind(slice)
    {
        let of = |at: usize| table.clustering().get(at).map_or("", |column| &*column.name);
        // Which of the two Cassandra complains about depends on which came first.
        let what = if restrictions.was_before(base + at, base + slice) { "PRIMARY KEY" } else { "Clustering" };
        return invalid(format!(
            "{what} column \"{}\" cannot be restricted (preceding column \"{}\" is restricted by a non-EQ relation)",
            of(at),
            of(slice)
        ));
    }
    for (at, column) in table.clustering().iter().enumerate() {
        match restrictions.take(base + at) {
            None => before = before.or(Some(column)),
            Some(restriction) => {
                if let Some(before) = before {
                    return invalid(format!(
                        "PRIMARY KEY column \"{}\" cannot be restricted as preceding column \"{}\" is not restricted",
                        column.name, before.name
                    ));
                }
                match Part::of(restriction) {
                    Ok(part) => parts.push(part),
                    Err(slice) => span = Some(slice),
                }
            }
        }
    }
    Ok((parts, span))
}
