//! One event: who, when, what, because of whom.

use crate::Fact;
use core::fmt;
use sim::{Id, Time};

/// An event's place in its trace, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u32);

impl EventId {
    /// Its place in a column.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// As readers count: from 1.
impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", u64::from(self.0) + 1)
    }
}

/// One event, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Which.
    pub id: EventId,
    /// True time.
    pub at: Time,
    /// Unix time by that machine's own clock, microseconds.
    pub own: i64,
    /// To whom it happened.
    pub who: Id,
    /// What.
    pub fact: Fact,
    /// The event without which it would not have happened.
    pub cause: Option<EventId>,
}
