//! Keyspaces, tables, types, indexes, views, functions, aggregates and triggers.

use super::{Literal, Name, Qualified, Relation, Selection, Term, TypeName};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

/// `name = value` after `WITH`. No name repeats within a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// The property.
    pub name: Name,
    /// Its value.
    pub value: PropertyValue,
}

/// The value of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PropertyValue {
    /// A constant.
    Literal(Literal),
    /// A bare unreserved keyword, which Cassandra reads as its text.
    Word(Name),
    /// `{'class': 'SimpleStrategy', 'replication_factor': 3}`
    Map(Vec<(Literal, Literal)>),
}

impl PropertyValue {
    /// The value as the text Cassandra works with (`'3'`, `3` are alike); a map has none.
    pub fn text(&self) -> Option<String> {
        match self {
            PropertyValue::Literal(literal) => Some(literal.text()),
            PropertyValue::Word(name) => Some(String::from(name.as_str())),
            PropertyValue::Map(_) => None,
        }
    }
}

/// `CREATE KEYSPACE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateKeyspace {
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// The keyspace.
    pub name: Name,
    /// `WITH …`
    pub properties: Vec<Property>,
}

/// `ALTER KEYSPACE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterKeyspace {
    /// `IF EXISTS`
    pub if_exists: bool,
    /// The keyspace.
    pub name: Name,
    /// `WITH …`
    pub properties: Vec<Property>,
}

/// `DROP KEYSPACE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropKeyspace {
    /// `IF EXISTS`
    pub if_exists: bool,
    /// The keyspace.
    pub name: Name,
}

/// `CREATE TABLE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTable {
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// The table.
    pub name: Qualified,
    /// Its columns; names may repeat.
    pub columns: Vec<ColumnDefinition>,
    /// Every `PRIMARY KEY` that was written, inline ones too; a sound statement has exactly one.
    pub primary_keys: Vec<PrimaryKey>,
    /// `CLUSTERING ORDER BY`: the column and whether it descends; names may repeat.
    pub clustering_order: Vec<(Name, bool)>,
    /// `COMPACT STORAGE`
    pub compact_storage: bool,
    /// The other properties after `WITH`.
    pub properties: Vec<Property>,
}

/// `name type [STATIC] [MASKED WITH …]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDefinition {
    /// The column.
    pub name: Name,
    /// Its type.
    pub ty: TypeName,
    /// `STATIC`
    pub is_static: bool,
    /// `MASKED WITH …`
    pub mask: Option<ColumnMask>,
}

/// A dynamic data mask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnMask {
    /// `MASKED WITH DEFAULT`
    Default,
    /// `MASKED WITH f(a, b)`
    Function(Qualified, Vec<Term>),
}

/// `PRIMARY KEY ((a, b), c, d)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryKey {
    /// The partition key, at least one column.
    pub partition: Vec<Name>,
    /// The clustering columns.
    pub clustering: Vec<Name>,
}

/// `ALTER TABLE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterTable {
    /// `IF EXISTS`
    pub if_exists: bool,
    /// The table.
    pub name: Qualified,
    /// What changes.
    pub change: TableChange,
}

/// What an `ALTER TABLE` changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableChange {
    /// `ALTER c TYPE t`
    Type {
        /// The column.
        column: Name,
        /// Its new type.
        ty: TypeName,
    },
    /// `ALTER [IF EXISTS] c MASKED WITH …`, or `DROP MASKED` when there is no mask.
    Mask {
        /// `IF EXISTS`
        if_exists: bool,
        /// The column.
        column: Name,
        /// Its new mask.
        mask: Option<ColumnMask>,
    },
    /// `ADD [IF NOT EXISTS] …`
    Add {
        /// `IF NOT EXISTS`
        if_not_exists: bool,
        /// The new columns.
        columns: Vec<ColumnDefinition>,
    },
    /// `DROP [IF EXISTS] … [USING TIMESTAMP n]`
    Drop {
        /// `IF EXISTS`
        if_exists: bool,
        /// The columns.
        columns: Vec<Name>,
        /// µs since the Unix epoch.
        timestamp: Option<i64>,
    },
    /// `RENAME [IF EXISTS] a TO b AND …`
    Rename {
        /// `IF EXISTS`
        if_exists: bool,
        /// Old and new names.
        renames: Vec<(Name, Name)>,
    },
    /// `DROP COMPACT STORAGE`
    DropCompactStorage,
    /// `WITH …`
    With(Vec<Property>),
}

/// `CREATE TYPE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateType {
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// The type.
    pub name: Qualified,
    /// Its fields; names may repeat.
    pub fields: Vec<(Name, TypeName)>,
}

/// `ALTER TYPE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterType {
    /// `IF EXISTS`
    pub if_exists: bool,
    /// The type.
    pub name: Qualified,
    /// What changes.
    pub change: TypeChange,
}

/// What an `ALTER TYPE` changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeChange {
    /// `ALTER f TYPE t`
    Type {
        /// The field.
        field: Name,
        /// Its new type.
        ty: TypeName,
    },
    /// `ADD [IF NOT EXISTS] f t`
    Add {
        /// `IF NOT EXISTS`
        if_not_exists: bool,
        /// The field.
        field: Name,
        /// Its type.
        ty: TypeName,
    },
    /// `RENAME [IF EXISTS] a TO b AND …`
    Rename {
        /// `IF EXISTS`
        if_exists: bool,
        /// Old and new names.
        renames: Vec<(Name, Name)>,
    },
}

/// `CREATE [CUSTOM] INDEX`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateIndex {
    /// `CUSTOM`
    pub custom: bool,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// The index; without one the server makes a name.
    pub name: Option<Name>,
    /// The table.
    pub table: Qualified,
    /// What is indexed; the grammar allows none and several.
    pub targets: Vec<IndexTarget>,
    /// The class after `USING`, such as `'sai'`.
    pub using: Option<Rc<str>>,
    /// `WITH …`
    pub properties: Vec<Property>,
}

/// One target of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexTarget {
    /// The part of the column.
    pub kind: IndexTargetKind,
    /// The column.
    pub column: Name,
}

/// The part of a column that is indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IndexTargetKind {
    /// `c`
    Simple,
    /// `values(c)`
    Values,
    /// `keys(c)`
    Keys,
    /// `entries(c)`
    Entries,
    /// `full(c)`
    Full,
}

/// `CREATE MATERIALIZED VIEW`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateView {
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// The view.
    pub name: Qualified,
    /// The columns taken from the base table.
    pub selection: Selection,
    /// The base table.
    pub from: Qualified,
    /// `WHERE …`
    pub relations: Vec<Relation>,
    /// Its key.
    pub primary_key: PrimaryKey,
    /// `CLUSTERING ORDER BY`: the column and whether it descends.
    pub clustering_order: Vec<(Name, bool)>,
    /// The other properties after `WITH`.
    pub properties: Vec<Property>,
}

/// `ALTER MATERIALIZED VIEW`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterView {
    /// `IF EXISTS`
    pub if_exists: bool,
    /// The view.
    pub name: Qualified,
    /// `WITH …`
    pub properties: Vec<Property>,
}

/// `DROP TABLE` and its kin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drop {
    /// What kind of thing.
    pub what: Dropped,
    /// `IF EXISTS`
    pub if_exists: bool,
    /// Which one.
    pub name: Qualified,
}

/// The kinds of things that [`Drop`] drops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// `TABLE`
    Table,
    /// `TYPE`
    Type,
    /// `INDEX`
    Index,
    /// `MATERIALIZED VIEW`
    View,
}

/// `CREATE FUNCTION`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateFunction {
    /// `OR REPLACE`
    pub or_replace: bool,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// The function.
    pub name: Qualified,
    /// Its arguments.
    pub arguments: Vec<(Name, TypeName)>,
    /// `CALLED ON NULL INPUT`, against `RETURNS NULL ON NULL INPUT`.
    pub called_on_null: bool,
    /// The type it returns.
    pub returns: TypeName,
    /// Its language, in lower case.
    pub language: Name,
    /// Its source text.
    pub body: Rc<str>,
}

/// `CREATE AGGREGATE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateAggregate {
    /// `OR REPLACE`
    pub or_replace: bool,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// The aggregate.
    pub name: Qualified,
    /// The types of its arguments.
    pub arguments: Vec<TypeName>,
    /// `SFUNC`
    pub state_function: Name,
    /// `STYPE`
    pub state_type: TypeName,
    /// `FINALFUNC`
    pub final_function: Option<Name>,
    /// `INITCOND`
    pub initial: Option<Term>,
}

/// `DROP FUNCTION` and `DROP AGGREGATE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropRoutine {
    /// What kind of thing.
    pub what: Routine,
    /// `IF EXISTS`
    pub if_exists: bool,
    /// Which one.
    pub name: Qualified,
    /// The types of its arguments, when they are written.
    pub arguments: Option<Vec<TypeName>>,
}

/// The kinds of things that [`DropRoutine`] drops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Routine {
    /// `FUNCTION`
    Function,
    /// `AGGREGATE`
    Aggregate,
}

/// `CREATE TRIGGER`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTrigger {
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// The trigger.
    pub name: Name,
    /// Its table.
    pub table: Qualified,
    /// The class after `USING`.
    pub using: Rc<str>,
}

/// `DROP TRIGGER`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropTrigger {
    /// `IF EXISTS`
    pub if_exists: bool,
    /// The trigger.
    pub name: Name,
    /// Its table.
    pub table: Qualified,
}
