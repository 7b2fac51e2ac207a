//! What can be wrong with a trace.

use core::fmt;

/// Classed by what the caller may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// No more room: end the run and say so. What was noted stands.
    Full {
        /// What there is too much of.
        what: &'static str,
        /// How much is allowed.
        limit: u64,
    },
    /// These bytes are no trace of this version: run again.
    Damaged,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Full { what, limit } => write!(f, "the trace is full: it keeps at most {limit} {what}"),
            Error::Damaged => f.write_str("this is no trace of this version"),
        }
    }
}

impl core::error::Error for Error {}
