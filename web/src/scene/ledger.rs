//! The ledger, as data.

/// What became of each write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The nodes, one for each column.
    pub nodes: Vec<String>,
    /// The writes, in the order in which they were said.
    pub entries: Vec<Entry>,
    /// How many more there are.
    pub more: usize,
}

/// A write: what one statement says of one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The event in which its client took it up.
    pub submit: u32,
    /// The partition.
    pub key: String,
    /// What it writes, in the log's words.
    pub record: String,
    /// Who dated it, in the log's words, and the event.
    pub stamped: Option<(String, u32)>,
    /// What became of it at each node.
    pub at: Vec<At>,
    /// What its client heard.
    pub answer: String,
    /// Its coordinator gave it up or refused it.
    pub troubled: bool,
    /// What is left of it at the end.
    pub left: Left,
}

/// What became of a write at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// It was not sent there.
    NotSent,
    /// It had not landed when the run ended.
    OnItsWay,
    /// It was lost: the event.
    Lost(u32),
    /// It landed and was not written: the event.
    Refused(u32),
    /// It was written: the event.
    Applied(u32),
}

/// What is left of a write at the end, and on how many replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// A reader sees it there.
    Seen(usize),
    /// It is there, and a tombstone hides it or its time is over.
    Hidden(usize),
    /// It is a deletion, is on so many replicas, and hides so many cells there.
    Deletes(usize, usize),
    /// Nothing: replaced, purged, or never written.
    Gone,
}
