//! What a CQL text says, as types: one [`Statement`] for every sentence of the grammar, executed by us or not.
//!
//! Nothing here is resolved: a [`Name`] may name a column that does not exist, a [`TypeName`] a type nobody made, a
//! literal a number too large for its column. `Display` prints canonical CQL that parses to the same tree.

mod access;
mod expr;
mod modify;
mod name;
mod schema;
mod select;
mod shell;
mod walk;
#[cfg(test)]
pub(crate) use walk::{Visitor, walk};

pub use access::{
    Access, GrantRole, Identity, ListPermissions, ListRoles, Permission, PermissionSet, Resource, Role, RoleOption,
};
pub use expr::{Binary, Call, Expr, Literal, Marker, Native, Operator, Reference, Selector, Term, TypeName, WriteFact};
pub use modify::{
    Assignment, Attribute, Attributes, Batch, BatchKind, Condition, Delete, Deletion, Insert, InsertSource,
    JsonDefault, JsonValue, Modification, Update,
};
pub use name::{Name, Qualified};
pub use schema::{
    AlterKeyspace, AlterTable, AlterType, AlterView, ColumnDefinition, ColumnMask, CreateAggregate, CreateFunction,
    CreateIndex, CreateKeyspace, CreateTable, CreateTrigger, CreateType, CreateView, Drop, DropKeyspace, DropRoutine,
    DropTrigger, Dropped, IndexTarget, IndexTargetKind, PrimaryKey, Property, PropertyValue, Routine, TableChange,
    TypeChange,
};
pub use select::{Comparison, Ordering, Relation, Select, Selected, Selection, Subject, Test, Values};
pub use shell::{DescribeTarget, Described, Shell};

pub use crate::request::Consistency;

use alloc::boxed::Box;

/// One statement, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// `SELECT …`
    Select(Box<Select>),
    /// `INSERT …`, `UPDATE …` or `DELETE …`
    Modify(Modification),
    /// `BEGIN … BATCH … APPLY BATCH`
    Batch(Batch),
    /// `USE keyspace`
    Use(Name),
    /// `TRUNCATE [TABLE] table`
    Truncate {
        /// The table to empty.
        table: Qualified,
        /// Scylla's `USING TIMEOUT`.
        using: Attributes,
    },
    /// `CREATE KEYSPACE …`
    CreateKeyspace(CreateKeyspace),
    /// `ALTER KEYSPACE …`
    AlterKeyspace(AlterKeyspace),
    /// `DROP KEYSPACE …`
    DropKeyspace(DropKeyspace),
    /// `CREATE TABLE …`
    CreateTable(Box<CreateTable>),
    /// `ALTER TABLE …`
    AlterTable(Box<AlterTable>),
    /// `CREATE TYPE …`
    CreateType(CreateType),
    /// `ALTER TYPE …`
    AlterType(Box<AlterType>),
    /// `CREATE [CUSTOM] INDEX …`
    CreateIndex(Box<CreateIndex>),
    /// `CREATE MATERIALIZED VIEW …`
    CreateView(Box<CreateView>),
    /// `ALTER MATERIALIZED VIEW …`
    AlterView(AlterView),
    /// `DROP TABLE`, `DROP TYPE`, `DROP INDEX` or `DROP MATERIALIZED VIEW`
    Drop(Drop),
    /// `CREATE FUNCTION …`
    CreateFunction(Box<CreateFunction>),
    /// `CREATE AGGREGATE …`
    CreateAggregate(Box<CreateAggregate>),
    /// `DROP FUNCTION …` or `DROP AGGREGATE …`
    DropRoutine(DropRoutine),
    /// `CREATE TRIGGER …`
    CreateTrigger(CreateTrigger),
    /// `DROP TRIGGER …`
    DropTrigger(DropTrigger),
    /// Roles, users, identities and permissions.
    Access(Box<Access>),
    /// `DESCRIBE …`
    Describe(Described),
    /// cqlsh's own commands.
    Shell(Shell),
}

impl Statement {
    /// The statement's name as a reader knows it: `"CREATE MATERIALIZED VIEW"`, for errors such as "X is not executed yet".
    pub fn kind(&self) -> &'static str {
        match self {
            Statement::Select(_) => "SELECT",
            Statement::Modify(modification) => modification.kind(),
            Statement::Batch(_) => "BATCH",
            Statement::Use(_) => "USE",
            Statement::Truncate { .. } => "TRUNCATE",
            Statement::CreateKeyspace(_) => "CREATE KEYSPACE",
            Statement::AlterKeyspace(_) => "ALTER KEYSPACE",
            Statement::DropKeyspace(_) => "DROP KEYSPACE",
            Statement::CreateTable(_) => "CREATE TABLE",
            Statement::AlterTable(_) => "ALTER TABLE",
            Statement::CreateType(_) => "CREATE TYPE",
            Statement::AlterType(_) => "ALTER TYPE",
            Statement::CreateIndex(index) if index.custom => "CREATE CUSTOM INDEX",
            Statement::CreateIndex(_) => "CREATE INDEX",
            Statement::CreateView(_) => "CREATE MATERIALIZED VIEW",
            Statement::AlterView(_) => "ALTER MATERIALIZED VIEW",
            Statement::Drop(drop) => match drop.what {
                Dropped::Table => "DROP TABLE",
                Dropped::Type => "DROP TYPE",
                Dropped::Index => "DROP INDEX",
                Dropped::View => "DROP MATERIALIZED VIEW",
            },
            Statement::CreateFunction(_) => "CREATE FUNCTION",
            Statement::CreateAggregate(_) => "CREATE AGGREGATE",
            Statement::DropRoutine(drop) => match drop.what {
                Routine::Function => "DROP FUNCTION",
                Routine::Aggregate => "DROP AGGREGATE",
            },
            Statement::CreateTrigger(_) => "CREATE TRIGGER",
            Statement::DropTrigger(_) => "DROP TRIGGER",
            Statement::Access(access) => access.kind(),
            Statement::Describe(_) => "DESCRIBE",
            Statement::Shell(shell) => shell.kind(),
        }
    }

    /// The first clause that only Scylla's grammar has, for whoever has to refuse it as Cassandra does.
    pub fn scylla_only(&self) -> Option<&'static str> {
        let timeout = |using: &Attributes| {
            using.0.iter().any(|attribute| matches!(attribute, Attribute::Timeout(_))).then_some("USING TIMEOUT")
        };
        match self {
            Statement::Select(select) if select.mutation_fragments => Some("MUTATION_FRAGMENTS"),
            Statement::Select(select) if select.bypass_cache => Some("BYPASS CACHE"),
            Statement::Select(select) => timeout(&select.using),
            Statement::Modify(modification) => timeout(modification.using()),
            Statement::Batch(batch) => {
                timeout(&batch.using).or_else(|| batch.statements.iter().find_map(|one| timeout(one.using())))
            }
            Statement::Truncate { using, .. } => timeout(using),
            _ => None,
        }
    }
}
