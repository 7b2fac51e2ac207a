//! Two futures side by side.

/// To which of two futures something belongs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Both, or only one is looked at.
    #[default]
    Both,
    /// The one that is shown.
    Here,
    /// The one beside it.
    There,
}

/// What differs between two runs, from the first event on that only one of them has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// So many events are the same at their beginning.
    pub alike: u32,
    /// What follows, in the order of both.
    pub rows: Vec<Differs>,
    /// Whether there is more than is listed.
    pub more: bool,
}

/// A line of the difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Differs {
    /// So many events that both have.
    Alike(u32),
    /// An event of one of them.
    Only {
        /// Whose.
        side: Side,
        /// Which, from 0, in its own run.
        event: u32,
        /// When, true time in words.
        at: String,
        /// To whom.
        who: String,
        /// What.
        line: String,
    },
}
