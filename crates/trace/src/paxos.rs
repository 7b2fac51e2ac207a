//! The steps of a lightweight transaction, and their words.

use crate::Error;
use crate::dated::Dated;
use core::fmt::{self, Display, Formatter};

/// What becomes of a ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaxosStep {
    /// A replica promises to take nothing older.
    Promised,
    /// It has promised a later one.
    NotPromised,
    /// A replica accepts what is proposed.
    Accepted,
    /// It has promised a later one since.
    NotAccepted,
    /// The coordinator finds the conditions met.
    Holds,
    /// It finds that they are not.
    Fails,
    /// It finds that this earlier ballot was accepted somewhere and perhaps never decided.
    Unfinished,
    /// It was not the first, and tries again.
    Contended,
}

impl PaxosStep {
    const ALL: [PaxosStep; 8] = [
        PaxosStep::Promised,
        PaxosStep::NotPromised,
        PaxosStep::Accepted,
        PaxosStep::NotAccepted,
        PaxosStep::Holds,
        PaxosStep::Fails,
        PaxosStep::Unfinished,
        PaxosStep::Contended,
    ];

    /// The one with this number.
    pub(crate) fn of(number: u32) -> Result<PaxosStep, Error> {
        PaxosStep::ALL.get(number as usize).copied().ok_or(Error::Damaged)
    }

    pub(crate) fn words(self, ballot: Dated, on: &dyn Display, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            PaxosStep::Promised => write!(f, "promises ballot {ballot} on {on}"),
            PaxosStep::NotPromised => write!(f, "refuses ballot {ballot} on {on}: it has promised a later one"),
            PaxosStep::Accepted => write!(f, "accepts ballot {ballot} on {on}"),
            PaxosStep::NotAccepted => write!(f, "does not accept ballot {ballot} on {on}: it has promised a later one"),
            PaxosStep::Holds => write!(f, "finds the condition met on {on}"),
            PaxosStep::Fails => write!(f, "finds the condition not met on {on}"),
            PaxosStep::Unfinished => write!(f, "finds ballot {ballot} unfinished on {on}: finishes it first"),
            PaxosStep::Contended => write!(f, "was not the first on {on} with ballot {ballot}: tries again"),
        }
    }
}
