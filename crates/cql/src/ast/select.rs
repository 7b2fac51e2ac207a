//! `SELECT`, and the relations that `UPDATE` and `DELETE` share with it.

use super::{Attributes, Marker, Name, Qualified, Selector, Term};
use alloc::vec::Vec;

/// `SELECT …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Select {
    /// `SELECT JSON`
    pub json: bool,
    /// `SELECT DISTINCT`
    pub distinct: bool,
    /// What is asked of each row.
    pub selection: Selection,
    /// The table.
    pub from: Qualified,
    /// Scylla's `FROM MUTATION_FRAGMENTS(table)`.
    pub mutation_fragments: bool,
    /// The relations after `WHERE`, all of which must hold.
    pub relations: Vec<Relation>,
    /// `GROUP BY`
    pub group_by: Vec<Selector>,
    /// `ORDER BY`
    pub order_by: Vec<Ordering>,
    /// `PER PARTITION LIMIT`: an integer or a marker.
    pub per_partition_limit: Option<Term>,
    /// `LIMIT`: an integer or a marker.
    pub limit: Option<Term>,
    /// `ALLOW FILTERING`
    pub allow_filtering: bool,
    /// Scylla's `BYPASS CACHE`.
    pub bypass_cache: bool,
    /// Scylla's `USING TIMEOUT`.
    pub using: Attributes,
}

/// What a `SELECT` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// `*`
    All,
    /// `a, b AS c`
    Some(Vec<Selected>),
}

/// One selector and its alias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// What is asked.
    pub selector: Selector,
    /// The name after `AS`.
    pub alias: Option<Name>,
}

/// One element of `ORDER BY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordering {
    /// The column.
    pub column: Name,
    /// The vector after `ANN OF`.
    pub ann_of: Option<Term>,
    /// `DESC`
    pub descending: bool,
}

/// One relation of a `WHERE` or one condition of an `IF`: what is tested, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// What is tested.
    pub subject: Subject,
    /// How.
    pub test: Test,
}

/// What a relation tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// `c`
    Column(Name),
    /// `c[key]`
    Element(Name, Term),
    /// `c.field`, after `IF` only.
    Field(Name, Name),
    /// `token(a, b)`, after `WHERE` only.
    Token(Vec<Name>),
    /// `(a, b)`, after `WHERE` only.
    Tuple(Vec<Name>),
    /// `expr(index, …)`, after `WHERE` only; its test is [`Test::Expression`].
    Index(Qualified),
}

/// How a relation tests its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// `= value` and its kin.
    Compare(Comparison, Term),
    /// `IN (…)`
    In(Values),
    /// `CONTAINS value`
    Contains(Term),
    /// `CONTAINS KEY value`
    ContainsKey(Term),
    /// `LIKE value`, after `WHERE` only.
    Like(Term),
    /// `IS NOT NULL`, after `WHERE` only.
    IsNotNull,
    /// The value handed to a custom index.
    Expression(Term),
}

/// The right-hand side of `IN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// `IN (a, b)`
    Listed(Vec<Term>),
    /// `IN ?`
    Marker(Marker),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// The comparison's sign.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }
}
