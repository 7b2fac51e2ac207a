//! Statements that write: `INSERT`, `UPDATE`, `DELETE` and the batch around them.

use super::{Marker, Name, Qualified, Relation, Term};
use alloc::rc::Rc;
use alloc::vec::Vec;

/// A statement that a batch may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modification {
    /// `INSERT …`
    Insert(Insert),
    /// `UPDATE …`
    Update(Update),
    /// `DELETE …`
    Delete(Delete),
}

impl Modification {
    /// `"INSERT"`, `"UPDATE"` or `"DELETE"`.
    pub fn kind(&self) -> &'static str {
        match self {
            Modification::Insert(_) => "INSERT",
            Modification::Update(_) => "UPDATE",
            Modification::Delete(_) => "DELETE",
        }
    }

    /// The table that is written.
    pub fn table(&self) -> &Qualified {
        match self {
            Modification::Insert(insert) => &insert.table,
            Modification::Update(update) => &update.table,
            Modification::Delete(delete) => &delete.table,
        }
    }

    /// Its `USING` clause.
    pub fn using(&self) -> &Attributes {
        match self {
            Modification::Insert(insert) => &insert.using,
            Modification::Update(update) => &update.using,
            Modification::Delete(delete) => &delete.using,
        }
    }

    /// Whether it asks for a lightweight transaction (`IF …`).
    pub fn is_conditional(&self) -> bool {
        match self {
            Modification::Insert(insert) => insert.if_not_exists,
            Modification::Update(update) => update.condition != Condition::None,
            Modification::Delete(delete) => delete.condition != Condition::None,
        }
    }
}

/// `INSERT INTO table …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insert {
    /// The table.
    pub table: Qualified,
    /// Where the values come from.
    pub source: InsertSource,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// `USING …`
    pub using: Attributes,
}

/// The values of an `INSERT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InsertSource {
    /// `(a, b) VALUES (1, 2)`; their numbers may differ and names may repeat.
    Values {
        /// The columns.
        columns: Vec<Name>,
        /// Their values.
        values: Vec<Term>,
    },
    /// `JSON '{…}'`
    Json {
        /// The document.
        value: JsonValue,
        /// What becomes of the columns it does not name.
        default: JsonDefault,
    },
}

/// The document of `INSERT … JSON`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonValue {
    /// The text.
    Text(Rc<str>),
    /// A marker for it.
    Marker(Marker),
}

/// What becomes of columns that a JSON document does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonDefault {
    /// `DEFAULT NULL`, also when nothing is said.
    Null,
    /// `DEFAULT UNSET`
    Unset,
}

/// `UPDATE table …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// The table.
    pub table: Qualified,
    /// `USING …`
    pub using: Attributes,
    /// `SET …`
    pub assignments: Vec<Assignment>,
    /// `WHERE …`
    pub relations: Vec<Relation>,
    /// `IF …`
    pub condition: Condition,
}

/// One assignment of an `UPDATE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// `c = value`
    Set(Name, Term),
    /// `c = c + value` or `c += value`
    Add(Name, Term),
    /// `c = c - value` or `c -= value`
    Subtract(Name, Term),
    /// `c = value + c`
    Prepend(Name, Term),
    /// `c[key] = value`
    Element(Name, Term, Term),
    /// `c.field = value`
    Field(Name, Name, Term),
}

impl Assignment {
    /// The column that is written.
    pub fn column(&self) -> &Name {
        match self {
            Assignment::Set(column, _)
            | Assignment::Add(column, _)
            | Assignment::Subtract(column, _)
            | Assignment::Prepend(column, _)
            | Assignment::Element(column, _, _)
            | Assignment::Field(column, _, _) => column,
        }
    }
}

/// The `IF` of an `UPDATE` or `DELETE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// No `IF`.
    None,
    /// `IF EXISTS`
    Exists,
    /// `IF a = 1 AND …`
    All(Vec<Relation>),
}

/// `DELETE …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delete {
    /// What is deleted; nothing listed means whole rows.
    pub targets: Vec<Deletion>,
    /// The table.
    pub table: Qualified,
    /// `USING …`
    pub using: Attributes,
    /// `WHERE …`
    pub relations: Vec<Relation>,
    /// `IF …`
    pub condition: Condition,
}

/// One target of a `DELETE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// `c`
    Column(Name),
    /// `c[key]`
    Element(Name, Term),
    /// `c.field`
    Field(Name, Name),
}

/// A `USING` clause, in the order written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes(pub Vec<Attribute>);

/// One element of a `USING` clause; its value is an integer or a marker, a timeout also a duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// `TIMESTAMP`, in µs since the Unix epoch.
    Timestamp(Term),
    /// `TTL`, in seconds.
    Ttl(Term),
    /// Scylla's `TIMEOUT`.
    Timeout(Term),
}

impl Attributes {
    /// The value of `TIMESTAMP`. Of several the last counts, as in Cassandra.
    pub fn timestamp(&self) -> Option<&Term> {
        self.0.iter().rev().find_map(|attribute| match attribute {
            Attribute::Timestamp(term) => Some(term),
            Attribute::Ttl(_) | Attribute::Timeout(_) => None,
        })
    }

    /// The value of `TTL`. Of several the last counts, as in Cassandra.
    pub fn ttl(&self) -> Option<&Term> {
        self.0.iter().rev().find_map(|attribute| match attribute {
            Attribute::Ttl(term) => Some(term),
            Attribute::Timestamp(_) | Attribute::Timeout(_) => None,
        })
    }
}

/// `BEGIN BATCH … APPLY BATCH`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Logged, unlogged or counter.
    pub kind: BatchKind,
    /// `USING …` for all statements.
    pub using: Attributes,
    /// The statements; there may be none.
    pub statements: Vec<Modification>,
}

/// How a batch is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BatchKind {
    /// `BEGIN BATCH`
    Logged,
    /// `BEGIN UNLOGGED BATCH`
    Unlogged,
    /// `BEGIN COUNTER BATCH`
    Counter,
}
