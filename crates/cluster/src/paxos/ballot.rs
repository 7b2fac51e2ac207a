//! What proposals are ordered by.

/// A ballot: a time, and luck that tells two of one time apart. Only the time orders, and of one time only the first counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// Microseconds since the Unix epoch, by the coordinator's clock cut to the millisecond, or one more than what it has
    /// seen. What is decided is dated so.
    pub at: i64,
    /// Any number.
    pub luck: u64,
}

impl Ballot {
    /// Older than all.
    pub const NONE: Ballot = Ballot { at: i64::MIN, luck: 0 };

    /// Whether it is newer than another.
    #[must_use]
    pub fn is_after(self, other: Ballot) -> bool {
        self.at > other.at
    }

    /// The newer of two.
    #[must_use]
    pub fn newer(self, other: Ballot) -> Ballot {
        if other.is_after(self) { other } else { self }
    }
}
