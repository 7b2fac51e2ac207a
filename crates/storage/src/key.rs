//! Names of places: tables, columns, partition keys, and positions among the rows of a partition.

use crate::{Bytes, murmur3};

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

impl PartitionKey {
    /// The key with its token computed.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { token: murmur3::token(&bytes), bytes }
    }

    /// The smallest key a token can have: where a token range begins.
    pub fn first_of(token: i64) -> Self {
        Self { token, bytes: Bytes::from([]) }
    }
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

impl Slice {
    /// Every row.
    pub fn all() -> Self {
        Self { start: Bytes::from([]), end: None }
    }

    /// Whether every position is inside.
    pub fn is_all(&self) -> bool {
        self.start.is_empty() && self.end.is_none()
    }

    /// The rows whose clustering key begins with `prefix`; with a whole key, that one row.
    pub fn prefix(prefix: &Bytes) -> Self {
        Self { start: prefix.clone(), end: Some(after(prefix)) }
    }

    /// Whether `position` is inside.
    pub fn contains(&self, position: &[u8]) -> bool {
        *self.start <= *position && before_end(position, &self.end)
    }
}

/// The position behind every key that begins with `prefix`.
pub fn after(prefix: &[u8]) -> Bytes {
    prefix.iter().copied().chain([0xFF]).collect()
}

/// Whether `position` lies before `end`, where `None` is the open end.
pub(crate) fn before_end(position: &[u8], end: &Option<Bytes>) -> bool {
    end.as_ref().is_none_or(|end| *position < **end)
}
