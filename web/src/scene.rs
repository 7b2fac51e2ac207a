//! What the panes draw: pictures as plain values, folded from the trace by `tale`, so that a pane can be tested without one.

mod difference;
mod ledger;

pub use difference::{Difference, Differs, Side};
pub use ledger::{At, Entry, Ledger, Left};

use crate::axis::Axis;

/// What a message or a mark carries; its colour and its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// Rows: a disc.
    Row,
    /// A tombstone: a stone.
    Tomb,
    /// A question: plain.
    Read,
    /// An answer: thin, open head.
    Reply,
}

/// One lane of the stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// Its driver, or nothing.
    pub about: String,
    /// A client (square) or a node (disc).
    pub client: bool,
    /// How far its clock is from true time, µs.
    pub offset: i64,
    /// What its clock shows now, relative to the epoch, µs.
    pub now: i64,
    /// Spans in which it was not well, with their word.
    pub spells: Vec<Spell>,
}

/// A time in which a machine was down, cut off or paused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    /// From, true time µs.
    pub from: u64,
    /// To; none: still.
    pub to: Option<u64>,
    /// Which.
    pub kind: SpellKind,
}

/// Why a machine was not well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpellKind {
    /// Not running.
    Down,
    /// Alive, unreachable.
    Cut,
    /// Frozen.
    Paused,
}

/// A message from lane to lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Lane it leaves.
    pub from: usize,
    /// Lane it is for.
    pub to: usize,
    /// When it left, µs.
    pub sent: u64,
    /// When it landed or was lost, µs.
    pub ends: u64,
    /// What it carries.
    pub carries: Carries,
    /// What became of it.
    pub fate: Fate,
    /// A rule held it up.
    pub late: bool,
    /// Beyond the cursor as a whole.
    pub future: bool,
    /// The event of its sending.
    pub event: u32,
    /// Whose it is, where two futures are looked at.
    pub side: Side,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It landed.
    Landed,
    /// It is on its way at the cursor.
    Flying,
    /// It never lands.
    Lost,
}

/// Something that happened on one lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Where.
    pub lane: usize,
    /// When, µs.
    pub at: u64,
    /// What.
    pub kind: MarkKind,
    /// Its event.
    pub event: u32,
    /// Beyond the cursor.
    pub future: bool,
    /// Whose it is, where two futures are looked at.
    pub side: Side,
}

/// What a mark stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum MarkKind {
    /// A client takes up a statement.
    Submit,
    /// A replica wrote rows or a tombstone.
    Write(Carries),
    /// A replica read.
    Read,
    /// A client has its answer; the words, and whether it is an error.
    Answer(String, bool),
    /// A write timestamp was given: its words, and what it dates.
    Stamp(String, Carries),
    /// A word about what the world did: `kill`, `flush`.
    Word(String),
}

/// A bracket over the stage: one statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Bracket {
    /// From, µs.
    pub from: u64,
    /// To, µs.
    pub to: u64,
    /// `INSERT`
    pub label: String,
    /// What it carries.
    pub carries: Carries,
    /// The cursor is in it.
    pub now: bool,
    /// Beyond the cursor.
    pub future: bool,
}

/// What happened, by true time.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Clients first, then nodes.
    pub lanes: Vec<Lane>,
    /// True time of every event in view, sorted.
    pub times: Vec<u64>,
    /// Statements.
    pub brackets: Vec<Bracket>,
    /// Messages.
    pub strokes: Vec<Stroke>,
    /// Marks.
    pub marks: Vec<Mark>,
    /// The cursor, µs.
    pub cursor: u64,
    /// The first and the last event in view.
    pub view: (u32, u32),
    /// The statement before what is in view.
    pub earlier: Option<Earlier>,
    /// What is true at the cursor, in one sentence.
    pub says: String,
}

/// A statement that is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    /// `INSERT`.
    pub label: String,
    /// How many events it had.
    pub events: u32,
    /// Its last.
    pub last: u32,
}

impl Stage {
    /// The axis of this stage on a line of `length` px.
    pub fn axis(&self, length: f32) -> Axis {
        Axis::new(&self.times, length)
    }
}

/// The scrubber: every event, or where there are too many only those worth stopping at.
#[derive(Clone, Debug, PartialEq)]
pub struct Scrub {
    /// The cursor.
    pub event: u32,
    /// How many events there are.
    pub of: u32,
    /// Ticks: the event and its true time.
    pub ticks: Vec<(u32, u64)>,
    /// Anomalies.
    pub warns: Vec<(u32, u64)>,
    /// The event from which on it is decided, its true time, and in how many futures.
    pub decided: Option<(u32, u64, u16)>,
    /// The line of the event at the cursor.
    pub line: String,
}

/// What each replica holds of one partition, by write timestamp.
#[derive(Clone, Debug, PartialEq)]
pub struct Replicas {
    /// The partition's key in words.
    pub key: String,
    /// Keys of all partitions that can be chosen.
    pub keys: Vec<String>,
    /// Which of them this is.
    pub chosen: usize,
    /// The timestamps at the ends of the picture, µs since the Unix epoch.
    pub ends: (i64, i64),
    /// Where round timestamps stand: the value and its words.
    pub ticks: Vec<(i64, String)>,
    /// A block for each replica, or for several that hold the same.
    pub blocks: Vec<Block>,
    /// How many replicas more there are, each again different.
    pub others: usize,
    /// Where no replica holds anything of it yet: the event of the first write.
    pub first: Option<u32>,
    /// Who keeps it.
    pub ring: Ring,
    /// What is true, in a sentence.
    pub says: String,
}

/// The token ring, as far as one partition goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ring {
    /// The partition's token in words.
    pub token: String,
    /// Nodes in the order of their tokens, and which replica each is, counted from 0 along the walk.
    pub nodes: Vec<(String, Option<usize>)>,
    /// The node whose range the token falls into, a place in `nodes`.
    pub owner: usize,
}

/// What one replica holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// `n1`, or `n1 = n2`.
    pub name: String,
    /// Its rows of cells: tombstones and cells, in storage order.
    pub atoms: Vec<Atom>,
    /// How many more rows there are.
    pub more: usize,
    /// Whether every replica holds the same of those.
    pub alike: bool,
    /// The part of a row that a reader of this replica alone would see.
    pub rows: u32,
}

/// One tombstone, marker or cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    /// What it is.
    pub kind: AtomKind,
    /// The row: `user-1`; of a partition tombstone the partition.
    pub row: String,
    /// The column, `row marker`, or the tombstone's scope.
    pub what: String,
    /// The value, printed.
    pub value: String,
    /// Its write timestamp, µs since the Unix epoch.
    pub timestamp: i64,
    /// The same in words, relative where that is shorter.
    pub dated: String,
    /// Deletion time or expiry in words.
    pub dies: String,
    /// Whether a reader sees it.
    pub seen: Seen,
    /// Why, in words, for the title.
    pub why: String,
    /// What of the block the shade of a tombstone reaches: from which atom on, and how many.
    pub shade: Vec<(usize, usize)>,
    /// Of a time to live, how much is left: percent.
    pub left: Option<u8>,
}

/// Kinds of atoms; each has its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtomKind {
    /// A partition, range or row tombstone.
    Tomb,
    /// A row marker: a diamond.
    Marker,
    /// A cell: a disc.
    Cell,
    /// A cell tombstone: a small ring.
    Gone,
}

/// Whether a reader sees an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Seen.
    Live,
    /// Hidden by a tombstone.
    Hidden,
    /// Its time to live is over.
    Expired,
    /// Still on its way to this replica.
    OnItsWay,
}

/// Why: at most six sentences, each ending in its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The words.
    pub words: Vec<Word>,
    /// The events they speak of.
    pub events: Vec<u32>,
    /// The comparison that decides.
    pub hinge: bool,
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// Plain words.
    Plain(String),
    /// A name.
    Strong(String),
    /// Something a reader sees, or its date.
    Live(String),
    /// A tombstone's date.
    Tomb(String),
}

impl Word {
    /// The words without their look.
    pub fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Strong(text) | Self::Live(text) | Self::Tomb(text) => text,
        }
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Its colour.
    pub tone: Tone,
    /// The strong words: `1 row`.
    pub strong: String,
    /// The rest of the sentence: ` is still here.`
    pub rest: String,
    /// Why, in one subordinate sentence.
    pub why: Vec<Word>,
}

/// The colour of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing has run, or a question is open.
    Asking,
    /// Something runs.
    Plain,
    /// Rows are seen.
    Live,
    /// Rows are hidden.
    Tomb,
    /// Nobody knows.
    Unsure,
    /// Refused.
    Refused,
}
