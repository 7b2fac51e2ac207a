//! A scenario is text; this is what it means, how it runs, and how it travels.
//!
//! *Never*: scenario does not know what it runs on. It has the [`Backend`] trait and three things that can be it: the model,
//! real drivers, and a cluster at the other end of a socket. Nor does it know the network, files or time of day.
//!
//! One text's life: [`parse`] cuts it into statements, directives and the outcomes under them, and reads each directive by
//! the one table in [`directives`], which is also the help, the completion and the words of every [`Fault`]. The [`Setup`]
//! and the [`Step`]s that come of it are data. [`bless`] gives them to a [`Backend`] one by one, prints what comes of each,
//! and writes it under its statement; every other byte stays. A text that comes out as it went in has passed. A link is
//! the same text, deflated.
#![no_std]
extern crate alloc;

mod backend;
mod bless;
mod branch;
mod checked;
mod compare;
mod complete;
mod cut;
pub mod directives;
mod edit;
mod explain;
mod fault;
mod format;
mod guess;
mod lesson;
pub mod limits;
mod line;
pub mod link;
mod meaning;
mod names;
mod nearest;
mod parse;
mod print;
mod rename;
mod scenario;
mod seed;
mod setup;
mod step;
mod tables;
pub mod told;
mod value;
pub mod wire;
#[rustfmt::skip]
#[allow(missing_docs, dead_code, clippy::all, clippy::unwrap_used, reason = "generated")]
mod wire_capnp;
mod words;

pub use backend::{Backend, Failed, Need, Outcome, Progress, Table, Watch};
pub use bless::{Answer, Blessed, End, bless, unmet};
pub use branch::{Branch, branches, gaps, trunk, with_branches, with_outcomes};
pub use checked::{Provenance, provenance, stamp, text_hash};
pub use compare::{Agreement, Difference, compare};
pub use complete::{Completion, complete};
pub use edit::{Edit, applied};
pub use explain::explain;
pub use fault::Fault;
pub use format::format;
pub use guess::{Gist, apart, choices, in_words, is_error, says};
pub use lesson::{Check, Lesson, LessonStep, NoLesson, Rule as LessonRule, Turn};
pub use meaning::{Meaning, meaning};
pub use nearest::nearest;
pub use parse::parse;
pub use rename::rename;
pub use scenario::{Block, Checked, Focus, Question, Scenario};
pub use seed::{with_key, with_seed};
pub use setup::{ClientSpec, Cluster, Dc, MessageName, Persona, START, Setup, Stamps};
pub use step::{Act, Asked, Client, Condition, Cut, Machine, Node, Party, Rule, RuleKind, Settings, Statement, Step};
pub use value::{length, micros};
pub use words::CqlNames;

/// The drivers a client can have; `driver` has a profile for each.
pub const DRIVERS: &[&str] = &[
    "cqlsh",
    "gocql-1.14",
    "gocql",
    "gocql-1.17",
    "gocql-v2",
    "java",
    "python",
    "scylla-python",
    "node",
    "rust",
    "cdrs",
];
