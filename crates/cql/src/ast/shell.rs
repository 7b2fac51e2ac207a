//! What is cqlsh's rather than the server's: `DESCRIBE` (by now both) and the commands that set a client's state.

use super::{Name, Qualified};
use crate::request::Consistency;

/// `DESCRIBE target [WITH INTERNALS]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// What is described.
    pub target: DescribeTarget,
    /// `WITH INTERNALS`
    pub internals: bool,
}

/// What `DESCRIBE` describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DescribeTarget {
    /// `CLUSTER`
    Cluster,
    /// `SCHEMA`
    Schema,
    /// `FULL SCHEMA`
    FullSchema,
    /// `KEYSPACES`
    Keyspaces,
    /// `[ONLY] KEYSPACE [ks]`: the flag is `ONLY`; without a name the current one.
    Keyspace(bool, Option<Name>),
    /// `TABLES`
    Tables,
    /// `TABLE t`
    Table(Qualified),
    /// `INDEX i`
    Index(Qualified),
    /// `MATERIALIZED VIEW v`
    View(Qualified),
    /// `TYPES`
    Types,
    /// `TYPE t`
    Type(Qualified),
    /// `FUNCTIONS`
    Functions,
    /// `FUNCTION f`
    Function(Qualified),
    /// `AGGREGATES`
    Aggregates,
    /// `AGGREGATE a`
    Aggregate(Qualified),
    /// A bare name: a keyspace, or else something in the current one.
    Any(Qualified),
}

/// A command of cqlsh. Without a value it shows the present one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shell {
    /// `CONSISTENCY [level]`
    Consistency(Option<Consistency>),
    /// `SERIAL CONSISTENCY [level]`; only `SERIAL` and `LOCAL_SERIAL` make sense, which whoever runs it checks.
    SerialConsistency(Option<Consistency>),
    /// `PAGING [ON|OFF|rows]`: `OFF` is 0 rows, `ON` is cqlsh's 100.
    Paging(Option<u32>),
    /// `TRACING [ON|OFF]`
    Tracing(Option<bool>),
    /// `EXPAND [ON|OFF]`
    Expand(Option<bool>),
    /// A command that is recognised only to be refused by its name: `SOURCE`, `COPY`, `CAPTURE`, `LOGIN` …
    Refused(&'static str),
}

impl Shell {
    /// The command's name.
    pub fn kind(&self) -> &'static str {
        match self {
            Shell::Consistency(_) => "CONSISTENCY",
            Shell::SerialConsistency(_) => "SERIAL CONSISTENCY",
            Shell::Paging(_) => "PAGING",
            Shell::Tracing(_) => "TRACING",
            Shell::Expand(_) => "EXPAND",
            Shell::Refused(name) => name,
        }
    }
}
