//! The tables every server is born with: `system`, `system_schema` and `system_virtual_schema`, as Cassandra 5.0.6 describes
//! them. Nobody writes them. What is in them a node makes up when it is asked.

use super::{Keyspace, Replication, Schema, TABLES_MAX, Table, table};
use crate::ast::Statement;
use alloc::{collections::BTreeMap, rc::Rc};
use core::cell::OnceCell;
use core::fmt;
use storage::TableId;

/// Their definitions, one after the other.
const DDL: &str = include_str!("system.cql");

/// The server's own keyspaces.
pub(crate) const KEYSPACES: [&str; 7] = [
    "system",
    "system_schema",
    "system_virtual_schema",
    "system_auth",
    "system_distributed",
    "system_traces",
    "system_views",
];

/// The one of them that has tables and is no node's own, and how many replicas it has.
pub(super) const SHARED: &str = "system_traces";
const SHARED_BY: u32 = 2;

/// Read when somebody first asks, and then shared by every version of a schema. It is no part of what makes two schemas
/// equal: it is the same everywhere.
#[derive(Clone, Default)]
pub(super) struct System(Rc<OnceCell<Schema>>);

impl System {
    pub(super) fn schema(&self) -> &Schema {
        self.0.get_or_init(read)
    }
}

impl PartialEq for System {
    fn eq(&self, _: &System) -> bool {
        true
    }
}

impl Eq for System {}

impl fmt::Debug for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("System")
    }
}

impl Table {
    /// Whether it is one of the server's own, which a node makes up as it is read: these are numbered behind all others.
    pub fn is_system(&self) -> bool {
        self.id.0 as usize >= TABLES_MAX
    }
}

fn read() -> Schema {
    let mut schema = Schema::default();
    for (number, text) in (TABLES_MAX as u32..).zip(DDL.split_terminator(';')) {
        let Ok(Statement::CreateTable(create)) = crate::parse(text.trim()) else { continue };
        let Some(name) = create.name.keyspace.as_ref().map(|name| Rc::<str>::from(name.as_str())) else { continue };
        let keyspace = schema.keyspaces.entry(name.clone()).or_insert_with(|| Keyspace {
            replication: Replication::Simple(if *name == *SHARED { SHARED_BY } else { 1 }),
            name,
            durable_writes: true,
            tables: BTreeMap::new(),
            types: BTreeMap::new(),
        });
        if let Ok(mut table) = table::create(&create, keyspace) {
            table.id = TableId(number);
            keyspace.tables.insert(table.name.clone(), Rc::new(table));
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_is_read() {
        let schema = System::default();
        let tables: alloc::vec::Vec<_> =
            schema.schema().tables().map(|table| alloc::format!("{}.{}", table.keyspace, table.name)).collect();
        assert_eq!(tables.len(), DDL.matches("CREATE TABLE").count(), "{tables:?}");
        assert!(schema.schema().tables().all(|table| table.is_system()));
    }
}
