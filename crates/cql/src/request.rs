//! The seam between any client and any cluster, simulated or real: requests, responses, consistency levels.

mod error;
mod paging;

use crate::types::Type;
use alloc::{rc::Rc, string::String, vec::Vec};
use core::{fmt, str::FromStr};
use storage::Bytes;

pub use error::{ClientError, Error, WriteType};
pub use paging::{PagingError, PagingState};

/// What a client asks of a coordinator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Opens a connection.
    Startup,
    /// Parse and execute one statement.
    Query {
        /// CQL, without `;`.
        text: Rc<str>,
        /// How to execute it.
        params: Params,
    },
    /// Parse and remember one statement.
    Prepare {
        /// CQL, without `;`.
        text: Rc<str>,
        /// The keyspace of unqualified names.
        keyspace: Option<Rc<str>>,
    },
    /// Execute a remembered statement.
    Execute {
        /// From [`Response::Prepared`].
        id: PreparedId,
        /// How to execute it.
        params: Params,
    },
    /// Several writes under one timestamp.
    Batch {
        /// Whether the batchlog keeps it.
        kind: BatchKind,
        /// The writes, each with its values.
        statements: Vec<(BatchItem, Vec<Value>)>,
        /// How to execute it; its `values` are empty.
        params: Params,
    },
}

/// One statement of a protocol-level batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchItem {
    /// Text to parse.
    Text(Rc<str>),
    /// A remembered statement.
    Prepared(PreparedId),
}

/// How a batch is made atomic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BatchKind {
    /// Through the batchlog: in the end all of it or nothing.
    Logged,
    /// Each partition for itself.
    Unlogged,
    /// Counter updates only.
    Counter,
}

/// Names a prepared statement at one coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PreparedId(pub u64);

/// A bound value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Serialized as the native protocol serializes it.
    Bytes(Bytes),
    /// Deletes the cell.
    Null,
    /// Leaves the cell alone.
    Unset,
}

/// How to execute a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    /// How many replicas must answer.
    pub consistency: Consistency,
    /// For conditional updates and serial reads.
    pub serial_consistency: Option<Consistency>,
    /// For the bind markers, in their order.
    pub values: Vec<Value>,
    /// The markers' names, where the values come by name and not in order.
    pub names: Option<Vec<Rc<str>>>,
    /// The client's timestamp, microseconds since the Unix epoch; `USING TIMESTAMP` beats it (semantics.md 4).
    pub timestamp: Option<i64>,
    /// Rows a page at most; `None` asks for everything.
    pub page_size: Option<u32>,
    /// Where the last page ended.
    pub paging_state: Option<PagingState>,
    /// The keyspace of unqualified names.
    pub keyspace: Option<Rc<str>>,
}

impl Params {
    /// No values, no timestamp, no paging.
    pub fn at(consistency: Consistency) -> Params {
        Params {
            consistency,
            serial_consistency: None,
            values: Vec::new(),
            names: None,
            timestamp: None,
            page_size: None,
            paging_state: None,
            keyspace: None,
        }
    }
}

/// What a coordinator answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// The connection is open.
    Ready,
    /// A statement that answers with rows.
    Rows(Rows, Option<PagingState>),
    /// A write.
    Void,
    /// `USE`.
    SetKeyspace(Rc<str>),
    /// DDL that changed something.
    SchemaChange(Changed),
    /// The statement is remembered.
    Prepared {
        /// Its name at this coordinator.
        id: PreparedId,
        /// The bind markers.
        variables: Rc<[ColumnSpec]>,
        /// Which of them are the partition key, in its order; empty where they do not make all of it.
        partition_key: Rc<[u16]>,
        /// The columns of its rows; empty for a write.
        columns: Rc<[ColumnSpec]>,
        /// Whether it has an `IF`.
        conditional: bool,
    },
    /// It failed.
    Error(Error),
}

/// What DDL changed, as drivers are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// `CREATED`, `UPDATED` or `DROPPED`.
    pub change: &'static str,
    /// Of which keyspace.
    pub keyspace: String,
    /// The table, or `None` when a type or the keyspace itself changed.
    pub table: Option<String>,
    /// The user-defined type that changed.
    pub user_type: Option<String>,
}

/// A page of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// Names and types, in order.
    pub columns: Rc<[ColumnSpec]>,
    /// Serialized values, `None` for null.
    pub rows: Vec<Vec<Option<Bytes>>>,
}

/// A column of a result, or a bind marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnSpec {
    /// The table's keyspace.
    pub keyspace: Rc<str>,
    /// The table.
    pub table: Rc<str>,
    /// As Cassandra's metadata names it: `count`, `writetime(v)`, `system.now()`.
    pub name: Rc<str>,
    /// Its type.
    pub ty: Type,
}

/// How many replicas must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consistency {
    /// A hint is enough (writes only).
    Any,
    /// One replica.
    One,
    /// Two replicas.
    Two,
    /// Three replicas.
    Three,
    /// More than half.
    Quorum,
    /// Every replica.
    All,
    /// More than half of the coordinator's data centre.
    LocalQuorum,
    /// More than half of each data centre.
    EachQuorum,
    /// Linearizable, everywhere.
    Serial,
    /// Linearizable, in the coordinator's data centre.
    LocalSerial,
    /// One replica of the coordinator's data centre.
    LocalOne,
}

impl Consistency {
    /// Every level, in the order of the protocol's codes (0 to 10).
    pub const ALL: [Consistency; 11] = [
        Consistency::Any,
        Consistency::One,
        Consistency::Two,
        Consistency::Three,
        Consistency::Quorum,
        Consistency::All,
        Consistency::LocalQuorum,
        Consistency::EachQuorum,
        Consistency::Serial,
        Consistency::LocalSerial,
        Consistency::LocalOne,
    ];

    /// As CQL writes it.
    pub fn name(self) -> &'static str {
        match self {
            Consistency::Any => "ANY",
            Consistency::One => "ONE",
            Consistency::Two => "TWO",
            Consistency::Three => "THREE",
            Consistency::Quorum => "QUORUM",
            Consistency::All => "ALL",
            Consistency::LocalQuorum => "LOCAL_QUORUM",
            Consistency::EachQuorum => "EACH_QUORUM",
            Consistency::Serial => "SERIAL",
            Consistency::LocalSerial => "LOCAL_SERIAL",
            Consistency::LocalOne => "LOCAL_ONE",
        }
    }

    /// For reads and writes of conditional updates.
    pub fn is_serial(self) -> bool {
        matches!(self, Consistency::Serial | Consistency::LocalSerial)
    }
}

impl fmt::Display for Consistency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Consistency {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Consistency::ALL.into_iter().find(|c| c.name().eq_ignore_ascii_case(text)).ok_or(())
    }
}
