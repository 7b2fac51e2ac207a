//! The seam between an experiment and what it runs on: the model, real drivers, or a cluster at the other end of a socket.

use crate::setup::Setup;
use crate::step::Step;
use alloc::string::String;
use alloc::vec::Vec;
use core::future::Future;
use core::ops::ControlFlow;
use sim::Time;

/// Whatever a scenario can run on. Its trace, if it keeps one, stays with it.
pub trait Backend {
    /// Whether it can express this.
    fn can(&self, need: Need) -> bool;

    /// Make the world that the first step finds. An error here is the backend's own: no cluster, no connection.
    fn open(&mut self, setup: &Setup) -> impl Future<Output = Result<(), String>>;

    /// Do one step and wait for what comes of it; a statement that is not waited for answers [`Outcome::Later`].
    fn perform(&mut self, step: &Step) -> impl Future<Output = Outcome>;

    /// Nothing more is asked: an error says what the text orders and the run never came to.
    fn close(&mut self) -> impl Future<Output = Result<(), String>> {
        core::future::ready(Ok(()))
    }

    /// Its own account since it was last asked, a fact a line: the `--~` lines. Only asked for after `--@ trace`.
    fn account(&mut self) -> Vec<String>;

    /// How far it is.
    fn progress(&self) -> Progress;
}

/// What a scenario may need that not every backend has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The model itself.
    Model,
    /// Clocks that can be set.
    Clock,
    /// Machines that can be killed, frozen and cut off.
    Faults,
    /// Rights on the machine the cluster runs on: power cuts, rules on packets.
    Root,
    /// Time that can pass faster than a reader waits.
    Time,
}

impl Need {
    /// Every need.
    pub const ALL: [Need; 5] = [Need::Model, Need::Clock, Need::Faults, Need::Root, Need::Time];

    /// Its word in `--@ needs`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Need::Model => "model",
            Need::Clock => "clock",
            Need::Faults => "faults",
            Need::Root => "root",
            Need::Time => "time",
        }
    }
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done and says nothing: a write, DDL, a directive.
    Done,
    /// Rows, printed cell by cell.
    Rows(Table),
    /// Lines of text, as `DESCRIBE` answers.
    Text(Vec<String>),
    /// A statement failed.
    Error(Failed),
    /// It was sent; [`Outcome::Settled`] of a later `await` has its outcome.
    Later,
    /// An `await` is over: these statements, by number, came to this, in that order.
    Settled(Vec<(u32, Outcome)>),
    /// This backend cannot express the step: the reason of the skip.
    Skipped(String),
    /// The step can never be done (waiting for what will not come), or its limit is reached: the run ends here.
    Stuck(String),
}

/// Rows as cqlsh would print them, before they are laid out. Only `cql` prints values; here they are text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns' names.
    pub columns: Vec<String>,
    /// Row by row, a cell for each column.
    pub rows: Vec<Vec<String>>,
}

/// An error as an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// `Error Name(field=value …)`: the same on every backend.
    pub line: String,
    /// The server's own words: a `--~` line.
    pub message: String,
}

impl From<&cql::Rows> for Table {
    fn from(rows: &cql::Rows) -> Table {
        let columns = rows.columns.iter().map(|column| String::from(&*column.name)).collect();
        let rows = rows.rows.iter().map(|row| {
            let cells = rows.columns.iter().zip(row);
            cells.map(|(column, value)| cql::print::cell(&column.ty, value.as_deref())).collect()
        });
        Table { columns, rows: rows.collect() }
    }
}

impl From<&cql::Error> for Failed {
    fn from(error: &cql::Error) -> Failed {
        Failed { line: alloc::format!("{error}"), message: error.message() }
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Events so far.
    pub events: u64,
    /// True time since the start.
    pub now: Time,
    /// Steps done.
    pub done: u32,
    /// Steps in all.
    pub steps: u32,
}

/// Somebody who watches a run, and may end it. A worker that wants to hear a cancel yields in `look`.
pub trait Watch {
    /// Called before each step.
    fn look(&mut self, progress: &Progress) -> impl Future<Output = ControlFlow<()>>;
}

/// Nobody watches.
impl Watch for () {
    async fn look(&mut self, _: &Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
