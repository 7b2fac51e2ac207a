//! Who is who and what is what: machines and tables, as words for readers. Column types are text: only `cql` reads them.

use alloc::{rc::Rc, vec::Vec};
use sim::{Clock, Id};
use storage::{ColumnId, TableId};

/// A lane of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineInfo {
    /// Its number; clients and nodes share one space.
    pub id: Id,
    /// `n1`, `api`.
    pub name: Rc<str>,
    /// Node or client.
    pub kind: MachineKind,
    /// Its ring token, of a node (the first, when it has several).
    pub token: Option<i64>,
    /// Words beside the name: a client's driver, a node's data center.
    pub about: Rc<str>,
    /// Its clock at the start of the run.
    pub clock: Clock,
}

/// What a machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineKind {
    /// Keeps data and coordinates.
    Node,
    /// Submits statements.
    Client,
}

/// A table as readers need it: an entry of the trace's dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableInfo {
    /// Its number, never reused.
    pub id: TableId,
    /// Its keyspace's name, unquoted.
    pub keyspace: Rc<str>,
    /// Its name, unquoted.
    pub name: Rc<str>,
    /// Its columns: partition key in order, clustering in order, then the others.
    pub columns: Vec<ColumnInfo>,
    /// Gone from here on.
    pub dropped: bool,
    /// After so many seconds a replica leaves a deletion out of its answers and may forget it; `None` is never.
    pub gc_grace: Option<i64>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnInfo {
    /// Its number within the table. Key columns have one too.
    pub id: ColumnId,
    /// Its name, unquoted.
    pub name: Rc<str>,
    /// Its CQL type as text: `frozen<list<int>>`.
    pub kind: Rc<str>,
    /// What it is for.
    pub role: Role,
    /// Clustering order is descending.
    pub descending: bool,
}

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Part of the partition key.
    Partition,
    /// Part of the clustering key.
    Clustering,
    /// Once per partition.
    Static,
    /// Once per row.
    Regular,
}
