//! What a scenario does, as data: nothing here runs, and nothing here knows on what it would run.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use cql::Consistency;
use sim::Span;

/// One thing that happens: a statement, or a directive that changes the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its bytes in the text.
    pub span: Range<u32>,
    /// The line it begins on, from 1.
    pub line: u32,
    /// What it does.
    pub act: Act,
}

impl Step {
    /// Whether its client has said `TRACING ON` before it.
    pub(crate) fn traces_itself(&self) -> bool {
        matches!(&self.act, Act::Cql(statement) if statement.settings.tracing)
    }
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A client says a statement.
    Cql(Statement),
    /// A command of cqlsh that asks for a client's state; the runner answers it.
    Shell(Asked),
    /// Time passes.
    Advance(Span),
    /// Time passes until this holds.
    Until(Condition),
    /// The process dies; what was appended to the log survives.
    Kill(Node),
    /// A dead process or machine returns.
    Start(Node),
    /// The machine dies; only what was fsynced survives.
    Power(Node),
    /// Frozen, not dead.
    Pause(Node),
    /// Thawed.
    Resume(Node),
    /// No packet between the sides.
    Partition(Cut),
    /// Every cut is mended, every rule lifted.
    Heal,
    /// A rule on messages.
    Rule(Rule),
    /// A machine's clock is from now on so far ahead of true time, microseconds.
    Clock(Machine, i64),
    /// Memtables to sstables; `None`: on every node.
    Flush(Option<Node>),
    /// Sstables to one; `None`: on every node.
    Compact(Option<Node>),
    /// Replicas compared and made equal; `None`: every node's ranges.
    Repair(Option<Node>),
    /// The answers that were not waited for: of one client, or of all.
    Await(Option<Client>),
}

/// What a client says, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Counts the scenario's statements from 1; messages are named `statement.number`.
    pub number: u32,
    /// CQL without its `;`.
    pub text: Rc<str>,
    /// Who says it.
    pub client: Client,
    /// Whether the next step waits for the answer; false after `--@ async`.
    pub waits: bool,
    /// What this client has set by now.
    pub settings: Settings,
}

/// A command of cqlsh without a value, as `CONSISTENCY;`, or one that sets: its answer comes from the text alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Counts the scenario's statements from 1.
    pub number: u32,
    /// Who asked.
    pub client: Client,
    /// The lines of the answer; none when it only set something.
    pub lines: Vec<String>,
}

/// What a client has set by cqlsh's commands; `None` is its driver's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `CONSISTENCY`
    pub consistency: Option<Consistency>,
    /// `SERIAL CONSISTENCY`
    pub serial: Option<Consistency>,
    /// `PAGING`: rows a page; 0 is none.
    pub page: Option<u32>,
    /// `TRACING ON`: the model's account of this client's statements is wanted.
    pub tracing: bool,
    /// `EXPAND ON`: a row's columns are printed under each other.
    pub expand: bool,
}

/// A node: 0 is n1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node(pub u16);

/// A client: its place in [`crate::Setup::clients`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Client(pub u16);

/// Whatever has a clock and sends messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Machine {
    /// A node.
    Node(Node),
    /// A client.
    Client(Client),
}

/// One end of a rule on messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// `*`
    Any,
    /// One machine.
    One(Machine),
}

/// A state to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Every other node that runs believes this one dead.
    SeenDown(Node),
    /// Every other node that runs believes this one alive.
    SeenUp(Node),
    /// Every hint whose node is up was delivered or has expired.
    Hints,
    /// Every repair that was started has ended.
    Repaired,
    /// Nothing is in flight and nothing is due.
    Quiet,
}

/// Sides of the network that do not hear each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The sides, in the order written; at least two.
    pub sides: Vec<Vec<Machine>>,
    /// Only from the first side to the second: `->`.
    pub one_way: bool,
}

/// A rule on messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it does.
    pub kind: RuleKind,
    /// The sender.
    pub from: Party,
    /// The receiver.
    pub to: Party,
    /// How likely, parts in a million.
    pub ppm: u32,
    /// How many messages it may meet; `None` is no limit.
    pub times: Option<u32>,
    /// How much later: the delay, when the second copy lands, or how far apart two may be swapped.
    pub by: Span,
}

/// What a rule does to a message it meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// It is lost.
    Drop,
    /// It takes longer.
    Delay,
    /// It lands twice.
    Duplicate,
    /// It may be overtaken.
    Reorder,
}

impl Act {
    /// The statement's number, if it is one.
    #[must_use]
    pub fn statement(&self) -> Option<u32> {
        match self {
            Act::Cql(statement) => Some(statement.number),
            Act::Shell(asked) => Some(asked.number),
            _ => None,
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}", u32::from(self.0) + 1)
    }
}
