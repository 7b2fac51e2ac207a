//! What can be wrong, by what the caller may do about it.

use crate::TableId;
use core::fmt;

/// Why storage refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The schema and this node disagree: no such table here (yet, or any more).
    UnknownTable(TableId),
    /// The schema and this node disagree: the table is here already.
    TableExists(TableId),
    /// The node is down: [`Engine::restart`](crate::Engine::restart) first.
    Down,
    /// Bytes from outside that are not what they claim to be; nothing to retry.
    Malformed {
        /// The byte at which it shows.
        at: u64,
        /// What was expected there.
        expected: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownTable(TableId(id)) => write!(f, "no table {id} on this node"),
            Self::TableExists(TableId(id)) => write!(f, "table {id} is on this node already"),
            Self::Down => write!(f, "the node is down"),
            Self::Malformed { at, expected } => write!(f, "byte {at}: expected {expected}"),
        }
    }
}

impl core::error::Error for Error {}
