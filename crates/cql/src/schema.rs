//! Keyspaces, tables and columns, as DDL has made them: what a statement's names mean.
//!
//! [`Schema::apply`] is the one way in. It either changes everything a statement says or nothing, and numbers tables and
//! columns once and for all, so that nodes which apply the same changes in the same order agree on every number.

mod index;
mod keyspace;
mod options;
mod resolve;
mod system;
mod table;
mod udt;

use crate::{
    ast::{self, Qualified, Statement},
    request::{Changed, Error},
    types::Udt,
};
use alloc::{collections::BTreeMap, format, rc::Rc, string::ToString};
use storage::TableId;

pub(crate) use index::Asked;
pub use index::Index;
pub(crate) use options::TTL_MAX;
pub use options::{ReadRepair, SpeculativeRetry, TableOptions};
pub(crate) use resolve::{hinted, native};
pub use table::{Column, ColumnKind, DroppedColumn, Table};

/// The longest name of a keyspace, in characters.
pub const NAME_MAX: usize = 48;
/// The most tables a schema may hold.
pub const TABLES_MAX: usize = 1000;
/// The most columns a table may have.
pub const COLUMNS_MAX: usize = 2000;

/// Everything DDL has made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    keyspaces: BTreeMap<Rc<str>, Keyspace>,
    next_table: u32,
    /// The data centres that `NetworkTopologyStrategy` may name; `None` accepts every name.
    data_centres: Option<Rc<[Rc<str>]>>,
    system: system::System,
}

/// A keyspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyspace {
    /// Its name.
    pub name: Rc<str>,
    /// Where its partitions live.
    pub replication: Replication,
    /// Whether writes go through the commit log.
    pub durable_writes: bool,
    tables: BTreeMap<Rc<str>, Rc<Table>>,
    types: BTreeMap<Rc<str>, Rc<Udt>>,
}

/// How many replicas, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replication {
    /// `SimpleStrategy`: so many, along the ring.
    Simple(u32),
    /// `NetworkTopologyStrategy`.
    Topology {
        /// Replicas by data centre.
        dcs: BTreeMap<Rc<str>, u32>,
        /// `replication_factor`: for every data centre that is not named.
        every: Option<u32>,
    },
}

/// A DDL statement with its keyspace; what it does is decided when it is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaChange {
    statement: Rc<Statement>,
    keyspace: Option<Rc<str>>,
}

impl SchemaChange {
    /// A statement whose unqualified names are in `keyspace`.
    pub(crate) fn new(statement: &Statement, keyspace: Option<&str>) -> SchemaChange {
        SchemaChange { statement: Rc::new(statement.clone()), keyspace: keyspace.map(Into::into) }
    }
}

impl Schema {
    /// An empty schema of a cluster with these data centres; `Schema::default()` accepts every name.
    pub fn of(data_centres: impl IntoIterator<Item = Rc<str>>) -> Schema {
        Schema { data_centres: Some(data_centres.into_iter().collect()), ..Schema::default() }
    }

    /// All keyspaces, by name.
    pub fn keyspaces(&self) -> impl Iterator<Item = &Keyspace> {
        self.keyspaces.values()
    }

    /// One keyspace.
    pub fn keyspace(&self, name: &str) -> Option<&Keyspace> {
        self.keyspaces.get(name)
    }

    /// The keyspaces every server is born with. Their tables are in [`Schema::resolve`]'s reach and in nobody's storage.
    pub fn system(&self) -> &Schema {
        self.system.schema()
    }

    /// One table by name.
    pub fn table(&self, keyspace: &str, name: &str) -> Option<&Rc<Table>> {
        self.keyspaces.get(keyspace)?.tables.get(name)
    }

    /// All tables, by keyspace and name.
    pub fn tables(&self) -> impl Iterator<Item = &Rc<Table>> {
        self.keyspaces.values().flat_map(Keyspace::tables)
    }

    /// The table a statement names; the errors are those of DML.
    pub(crate) fn resolve(&self, name: &Qualified, keyspace: Option<&str>) -> Result<&Rc<Table>, Error> {
        let keyspace = name.keyspace.as_deref().or(keyspace).ok_or_else(no_keyspace)?;
        let among = if is_system(keyspace) { self.system() } else { self };
        let Some(found) = among.keyspaces.get(keyspace) else {
            if is_system(keyspace) {
                return Err(not_executed_change(&format!("a statement on the keyspace {keyspace}")));
            }
            return Err(Error::Invalid(format!("keyspace {keyspace} does not exist")));
        };
        found
            .tables
            .get(name.name.as_str())
            .ok_or_else(|| Error::Invalid(format!("table {} does not exist", name.name.as_str())))
    }

    /// Does what a DDL statement says. `None` when there was nothing to do (`IF [NOT] EXISTS`).
    pub fn apply(&mut self, change: &SchemaChange) -> Result<Option<Changed>, Error> {
        let current = change.keyspace.as_deref();
        match &*change.statement {
            Statement::CreateKeyspace(create) => self.create_keyspace(create),
            Statement::AlterKeyspace(alter) => self.alter_keyspace(alter),
            Statement::DropKeyspace(drop) => self.drop_keyspace(drop),
            Statement::CreateTable(create) => self.create_table(create, current),
            Statement::AlterTable(alter) => self.alter_table(alter, current),
            Statement::Drop(drop) if drop.what == ast::Dropped::Table => self.drop_table(drop, current),
            Statement::CreateType(create) => self.create_type(create, current),
            Statement::AlterType(alter) => self.alter_type(alter, current),
            Statement::Drop(drop) if drop.what == ast::Dropped::Type => self.drop_type(drop, current),
            Statement::CreateIndex(create) => self.create_index(create, current),
            Statement::Drop(drop) if drop.what == ast::Dropped::Index => self.drop_index(drop, current),
            other => Err(not_executed(other)),
        }
    }

    fn create_table(&mut self, create: &ast::CreateTable, current: Option<&str>) -> Result<Option<Changed>, Error> {
        let name = location(&create.name, current)?;
        table::declared(create)?;
        let table = self.keyspaces.get(name.0).map(|keyspace| table::create(create, keyspace)).transpose();
        let Some(keyspace) = self.keyspaces.get_mut(name.0) else { return Err(no_such_keyspace(name.0)) };
        if keyspace.tables.contains_key(name.1) {
            return if create.if_not_exists {
                Ok(None)
            } else {
                Err(Error::AlreadyExists { keyspace: name.0.to_string(), table: name.1.to_string() })
            };
        }
        let Some(mut table) = table? else { return Err(no_such_keyspace(name.0)) };
        if self.next_table as usize >= TABLES_MAX {
            return Err(Error::Invalid(format!("a schema may make {TABLES_MAX} tables")));
        }
        table.id = TableId(self.next_table);
        self.next_table += 1;
        keyspace.tables.insert(name.1.into(), Rc::new(table));
        Ok(changed("CREATED", name))
    }

    fn alter_table(&mut self, alter: &ast::AlterTable, current: Option<&str>) -> Result<Option<Changed>, Error> {
        let name = location(&alter.name, current)?;
        let Some(keyspace) = self.keyspaces.get_mut(name.0).filter(|keyspace| keyspace.tables.contains_key(name.1))
        else {
            return if alter.if_exists { Ok(None) } else { Err(no_such_table(name)) };
        };
        let Some(old) = keyspace.tables.get(name.1) else { return Err(no_such_table(name)) };
        let new = table::alter(old, &alter.change, keyspace)?;
        let is_new = new != **old;
        keyspace.tables.insert(name.1.into(), Rc::new(new));
        Ok(is_new.then(|| changed("UPDATED", name)).flatten())
    }

    fn drop_table(&mut self, drop: &ast::Drop, current: Option<&str>) -> Result<Option<Changed>, Error> {
        let name = location(&drop.name, current)?;
        match self.keyspaces.get_mut(name.0).and_then(|keyspace| keyspace.tables.remove(name.1)) {
            Some(_) => Ok(changed("DROPPED", name)),
            None if drop.if_exists => Ok(None),
            None => Err(no_such_table(name)),
        }
    }
}

impl Keyspace {
    /// Whether each node keeps one of its own (`LocalStrategy`).
    pub fn is_local(&self) -> bool {
        is_system(&self.name) && *self.name != *system::SHARED
    }

    /// All tables, by name.
    pub fn tables(&self) -> impl Iterator<Item = &Rc<Table>> {
        self.tables.values()
    }
}

/// Keyspace and name of a table that DDL names.
fn location<'a>(name: &'a Qualified, current: Option<&'a str>) -> Result<(&'a str, &'a str), Error> {
    let keyspace = name.keyspace.as_deref().or(current).ok_or_else(no_keyspace)?;
    keyspace::may_be_changed(keyspace)?;
    Ok((keyspace, name.name.as_str()))
}

/// What the server says of itself is not written by its clients.
pub(crate) fn writable(table: &Table) -> Result<(), Error> {
    if &*table.keyspace == "system_virtual_schema" {
        return Err(Error::Invalid(format!("Modification is not supported by table {}", table.full_name())));
    }
    keyspace::may_be_changed(&table.keyspace)
}

/// Whether this is one of the server's own keyspaces.
pub fn is_system(keyspace: &str) -> bool {
    system::KEYSPACES.contains(&keyspace)
}

fn changed(change: &'static str, (keyspace, table): (&str, &str)) -> Option<Changed> {
    Some(Changed { change, keyspace: keyspace.to_string(), table: Some(table.to_string()), user_type: None })
}

pub(crate) fn no_keyspace() -> Error {
    Error::invalid("No keyspace has been specified. USE a keyspace, or explicitly specify keyspace.tablename")
}

fn no_such_keyspace(name: &str) -> Error {
    Error::Invalid(format!("Keyspace '{name}' doesn't exist"))
}

fn no_such_table((keyspace, name): (&str, &str)) -> Error {
    Error::Invalid(format!("Table '{keyspace}.{name}' doesn't exist"))
}

/// The honest answer to what the grammar knows and this model does not do yet.
pub(crate) fn not_executed(statement: &Statement) -> Error {
    not_executed_change(statement.kind())
}

/// The same by name.
pub(crate) fn not_executed_change(what: &str) -> Error {
    Error::Invalid(format!(
        "{what} is not executed yet by this model; a real server may execute it: run the scenario with --backend"
    ))
}
