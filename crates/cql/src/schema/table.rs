//! A table: its columns in the order `SELECT *` shows them, each with a number it keeps.

mod alter;

use super::{COLUMNS_MAX, Keyspace, TableOptions, keyspace::check_name, resolve::resolve};
use crate::{
    ast::{ColumnDefinition, CreateTable, Name, PrimaryKey, TypeName},
    print::identifier,
    request::Error,
    types::Type,
};
use alloc::{format, rc::Rc, string::String, vec::Vec};
use storage::{ColumnId, TableId, order};

pub(super) use alter::alter;

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its number, never reused.
    pub id: TableId,
    /// Its keyspace.
    pub keyspace: Rc<str>,
    /// Its name.
    pub name: Rc<str>,
    /// What `WITH` said.
    pub options: TableOptions,
    /// Columns that are gone.
    pub dropped: Vec<DroppedColumn>,
    /// By name.
    pub indexes: Vec<super::Index>,
    /// Partition key, clustering columns, statics by name, others by name.
    columns: Vec<Column>,
    /// Places in `columns`, sorted by name.
    by_name: Vec<u32>,
    partition: u32,
    clustering: u32,
    next_column: u32,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its number within the table, never reused.
    pub id: ColumnId,
    /// Its name.
    pub name: Rc<str>,
    /// Its type.
    pub ty: Type,
    /// What part it plays.
    pub kind: ColumnKind,
}

/// What part a column plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// The n-th component of the partition key.
    Partition(u32),
    /// The n-th clustering column.
    Clustering {
        /// Its place, from 0.
        position: u32,
        /// `DESC`.
        descending: bool,
    },
    /// One value for the partition.
    Static,
    /// One value for each row.
    Regular,
}

/// A column that was dropped: what it held is no longer read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedColumn {
    /// The number it had.
    pub id: ColumnId,
    /// The name it had.
    pub name: Rc<str>,
    /// The type it had.
    pub ty: Type,
}

impl Column {
    /// Part of the primary key.
    pub fn is_key(&self) -> bool {
        matches!(self.kind, ColumnKind::Partition(_) | ColumnKind::Clustering { .. })
    }

    /// Whether its order in storage is the reverse of its type's.
    pub fn descending(&self) -> bool {
        matches!(self.kind, ColumnKind::Clustering { descending: true, .. })
    }
}

impl Table {
    /// Every column, in the order of `SELECT *`.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The components of the partition key.
    pub fn partition_key(&self) -> &[Column] {
        self.columns.get(..self.partition as usize).unwrap_or_default()
    }

    /// Types of the partition key.
    pub(crate) fn key_types(&self) -> Vec<Type> {
        self.partition_key().iter().map(|column| column.ty.clone()).collect()
    }

    /// The clustering columns.
    pub fn clustering(&self) -> &[Column] {
        let from = self.partition as usize;
        self.columns.get(from..from + self.clustering as usize).unwrap_or_default()
    }

    /// Everything outside the key: statics, then regular columns.
    pub fn values(&self) -> &[Column] {
        self.columns.get((self.partition + self.clustering) as usize..).unwrap_or_default()
    }

    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        let at = self.by_name.binary_search_by(|at| self.name_at(*at).cmp(name)).ok()?;
        self.columns.get(*self.by_name.get(at)? as usize)
    }

    /// A column by name, or Cassandra's error.
    pub(crate) fn need(&self, name: &Name) -> Result<&Column, Error> {
        self.column(name).ok_or_else(|| {
            Error::Invalid(format!("Undefined column name {} in table {}", identifier(name), self.full_name()))
        })
    }

    /// A column's place in [`Table::columns`].
    pub(crate) fn place(&self, column: &Column) -> usize {
        match column.kind {
            ColumnKind::Partition(at) => at as usize,
            ColumnKind::Clustering { position, .. } => (self.partition + position) as usize,
            ColumnKind::Static | ColumnKind::Regular => {
                self.columns.iter().position(|other| other.id == column.id).unwrap_or(usize::MAX)
            }
        }
    }

    /// Gives every column what its type has become.
    pub(super) fn map_types(&mut self, new: impl Fn(&Type) -> Type) {
        self.columns.iter_mut().for_each(|column| column.ty = new(&column.ty));
        self.dropped.iter_mut().for_each(|column| column.ty = new(&column.ty));
    }

    /// A column by number.
    pub fn column_by_id(&self, id: ColumnId) -> Option<&Column> {
        self.columns.iter().find(|column| column.id == id)
    }

    /// `keyspace.table`, quoted where CQL needs it.
    pub fn full_name(&self) -> String {
        format!("{}.{}", identifier(&self.keyspace), identifier(&self.name))
    }

    /// Whether it has static columns.
    pub fn has_statics(&self) -> bool {
        self.columns.iter().any(|column| column.kind == ColumnKind::Static)
    }

    /// Whether its columns are counters.
    pub fn is_counter(&self) -> bool {
        self.columns.iter().any(|column| column.ty == Type::Counter)
    }

    /// Types and orders of the clustering columns.
    pub fn clustering_types(&self) -> impl Iterator<Item = (&Type, bool)> {
        self.clustering().iter().map(|column| (&column.ty, column.descending()))
    }

    fn name_at(&self, at: u32) -> &str {
        self.columns.get(at as usize).map_or("", |column| &column.name)
    }

    fn sort(&mut self) {
        order::sort_by(&mut self.columns, |a, b| rank(a).cmp(&rank(b)).then_with(|| a.name.cmp(&b.name)));
        let name = |at: usize| self.columns.get(at).map(|column| &column.name);
        self.by_name = order::positions(self.columns.len(), &|a, b| name(a).cmp(&name(b)));
    }

    fn add(&mut self, name: &Name, ty: Type, kind: ColumnKind) {
        self.columns.push(Column { id: ColumnId(self.next_column), name: name.as_str().into(), ty, kind });
        self.next_column += 1;
    }
}

fn rank(column: &Column) -> (u32, u32) {
    match column.kind {
        ColumnKind::Partition(at) => (0, at),
        ColumnKind::Clustering { position, .. } => (1, position),
        ColumnKind::Static => (2, 0),
        ColumnKind::Regular => (3, 0),
    }
}

fn invalid<T>(message: String) -> Result<T, Error> {
    Err(Error::Invalid(message))
}

/// The one primary key of a text whose columns are declared once each: seen before it is known whether the table exists.
pub(super) fn declared(create: &CreateTable) -> Result<&PrimaryKey, Error> {
    let table = &create.name;
    for (i, column) in create.columns.iter().enumerate() {
        if create.columns.iter().take(i).any(|before| before.name == column.name) {
            return invalid(format!("Duplicate column '{}' declaration for table '{table}'", column.name.as_str()));
        }
    }
    match create.primary_keys.as_slice() {
        [key] => Ok(key),
        [] => invalid(format!("No PRIMARY KEY specifed for table '{table}' (exactly one required)")),
        _ => invalid(format!("Multiple PRIMARY KEY specified for table '{table}' (exactly one required)")),
    }
}

/// The table a `CREATE TABLE` describes; its number is given later.
pub(super) fn create(create: &CreateTable, keyspace: &Keyspace) -> Result<Table, Error> {
    let name = create.name.name.as_str();
    check_name("Table", name)
        .map_err(|error| Error::Config(format!("{}.{name}: {}", keyspace.name, error.message())))?;
    let full = format!("{}.{name}", keyspace.name);
    if create.compact_storage {
        return invalid("COMPACT STORAGE tables are not allowed starting with version 4.0".into());
    }
    if create.columns.len() > COLUMNS_MAX {
        return invalid(format!("a table may have {COLUMNS_MAX} columns"));
    }
    let key = declared(create)?;
    let order = &create.clustering_order;
    for (i, (column, _)) in order.iter().enumerate() {
        if order.iter().take(i).any(|(before, _)| before == column) {
            return invalid(format!(
                "Duplicate column '{}' in CLUSTERING ORDER BY clause for table '{full}'",
                column.as_str()
            ));
        }
    }
    let mut table = Table {
        id: TableId(0),
        keyspace: keyspace.name.clone(),
        name: name.into(),
        options: TableOptions::default(),
        dropped: Vec::new(),
        indexes: Vec::new(),
        columns: Vec::with_capacity(create.columns.len()),
        by_name: Vec::new(),
        partition: key.partition.len() as u32,
        clustering: key.clustering.len() as u32,
        next_column: 0,
    };
    table.options.set(&create.properties)?;
    let types = create.columns.iter().map(|column| column_type(&column.ty, keyspace)).collect::<Result<Vec<_>, _>>()?;

    let keys: Vec<&Name> = key.partition.iter().chain(&key.clustering).collect();
    for (i, column) in keys.iter().enumerate() {
        if keys.iter().take(i).any(|before| before == column) {
            return invalid(format!("Duplicate column '{}' in PRIMARY KEY clause for table '{name}'", column.as_str()));
        }
    }
    for (at, column) in (0u32..).zip(&keys) {
        let Some((definition, ty)) =
            create.columns.iter().zip(&types).find(|(definition, _)| definition.name == **column)
        else {
            return invalid(format!(
                "Unknown column '{}' referenced in PRIMARY KEY for table '{name}'",
                column.as_str()
            ));
        };
        check_key(definition, ty)?;
        let kind = match at.checked_sub(table.partition) {
            None => ColumnKind::Partition(at),
            Some(position) => {
                let descending = order.iter().any(|(ordered, descending)| ordered == *column && *descending);
                ColumnKind::Clustering { position, descending }
            }
        };
        table.add(column, ty.clone(), kind);
    }
    check_order(&key.clustering, order)?;

    let mut rest: Vec<(&ColumnDefinition, &Type)> =
        create.columns.iter().zip(&types).filter(|(column, _)| !keys.contains(&&column.name)).collect();
    order::sort_by(&mut rest, |a, b| a.0.name.cmp(&b.0.name));
    for (column, ty) in rest {
        if column.mask.is_some() {
            return invalid("MASKED columns are not executed yet by this model".into());
        }
        if column.is_static && table.clustering == 0 {
            return invalid(STATIC_ALONE.into());
        }
        table.add(&column.name, ty.clone(), if column.is_static { ColumnKind::Static } else { ColumnKind::Regular });
    }
    if table.is_counter() {
        if table.columns.iter().any(|column| !column.is_key() && column.ty != Type::Counter) {
            return invalid("Cannot mix counter and non counter columns in the same table".into());
        }
        if table.options.default_time_to_live > 0 {
            return invalid("Cannot set default_time_to_live on a table with counters".into());
        }
    }
    table.sort();
    Ok(table)
}

/// A type that a column may have: what is stored field by field holds nothing that is stored cell by cell.
fn column_type(name: &TypeName, keyspace: &Keyspace) -> Result<Type, Error> {
    match resolve(name, keyspace)? {
        Type::Udt(udt) if udt.fields.iter().any(|(_, ty)| ty.is_multi_cell()) => {
            invalid("Non-frozen UDTs with nested non-frozen collections are not supported".into())
        }
        ty => Ok(ty),
    }
}

const STATIC_ALONE: &str =
    "Static columns are only useful (and thus allowed) if the table has at least one clustering column";

fn check_key(column: &ColumnDefinition, ty: &Type) -> Result<(), Error> {
    let name = column.name.as_str();
    if column.is_static {
        return invalid(format!("Static column '{name}' cannot be part of the PRIMARY KEY"));
    }
    match ty {
        Type::Counter => invalid(format!("counter type is not supported for PRIMARY KEY column '{name}'")),
        ty if ty.holds_duration() => invalid(format!("duration type is not supported for PRIMARY KEY column '{name}'")),
        Type::Udt(udt) => invalid(format!(
            "Invalid non-frozen user-defined type \"{}.{}\" for PRIMARY KEY column '{name}'",
            udt.keyspace, udt.name
        )),
        ty if ty.is_multi_cell() => {
            invalid(format!("Invalid non-frozen collection type {ty} for PRIMARY KEY column '{name}'"))
        }
        _ => Ok(()),
    }
}

/// `CLUSTERING ORDER BY` names a prefix of the clustering columns in their order.
fn check_order(clustering: &[Name], order: &[(Name, bool)]) -> Result<(), Error> {
    let unknown: Vec<&str> =
        order.iter().map(|(name, _)| name.as_str()).filter(|name| !clustering.iter().any(|c| c == *name)).collect();
    if !unknown.is_empty() {
        return invalid(format!(
            "Only clustering key columns can be defined in CLUSTERING ORDER directive: [{}] are not clustering columns",
            unknown.join(", ")
        ));
    }
    for (at, (name, _)) in order.iter().enumerate() {
        match clustering.get(at) {
            Some(expected) if expected == name => {}
            Some(expected) if order.iter().any(|(ordered, _)| ordered == expected) => {
                return invalid(format!(
                    "The order of columns in the CLUSTERING ORDER directive must match that of the clustering columns ({} must appear before {})",
                    expected.as_str(),
                    name.as_str()
                ));
            }
            Some(missing) => return invalid(format!("Missing CLUSTERING ORDER for column {}", missing.as_str())),
            None => {}
        }
    }
    Ok(())
}
