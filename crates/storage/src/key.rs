//! Names of places: tables, columns, partition keys, and positions among the rows of a partition.

use alloc::rc::Rc;

/// Shared immutable bytes.
pub type Bytes = Rc<[u8]>;

/// A table, numbered by the schema and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub u32);

/// A column of one table, numbered by the schema and never reused within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub u32);

/// A partition key with its Murmur3 token; ordered as the ring orders it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartitionKey {
    /// Murmur3 in Cassandra's variant.
    pub token: i64,
    /// The serialized key: one component raw, several each as `u16` length, bytes, `0`.
    pub bytes: Bytes,
}

/// A half-open interval of clustering positions. A clustering key is one byte-comparable string, and a bound is a
/// position among such strings: for a prefix `P`, inclusive start and exclusive end are `P`, the others `P ++ [0xFF]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slice {
    /// The first position inside.
    pub start: Bytes,
    /// The first position outside; `None` is open.
    pub end: Option<Bytes>,
}
