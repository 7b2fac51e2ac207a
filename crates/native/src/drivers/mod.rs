//! Real clients against a server, real or our own port: the third thing a scenario can run on.
//!
//! A client returns CQL types and raw bytes and never prints a value: only `cql` prints. It never retries and never picks
//! a second host by itself either: what the scenario says is asked once, and the server's answer is the outcome.
//!
//! One statement's life: [`Drivers`] takes it from the scenario, [`keyspaces`] gives its keyspaces names of this run, the
//! client's driver or our [`clock`] dates it, a [`Client`] sends it, and `cql` prints what comes back. There are two kinds of
//! client: the Rust crates in this process ([`scylla`], [`cdrs`]), and a program in another language that speaks JSON lines ([`adapter`]).

pub mod adapter;
mod backend;
mod cdrs;
mod class;
pub mod clock;
mod errors;
mod fleet;
mod ground;
pub mod keyspaces;
mod ledger;
pub mod scylla;
mod types;

pub use backend::Drivers;
pub use fleet::{Fleet, named, names};
pub use ground::Ground;

use std::future::Future;
use std::pin::Pin;

/// One client of one server, with its own keyspace.
pub trait Client {
    /// Asks one statement and reads every page of the answer. What the server refuses is a [`cql::Response::Error`].
    ///
    /// An error is a manner nobody can send, an answer nobody can read, or a client that is gone.
    fn ask<'a>(&'a mut self, text: &'a str, manner: &'a Manner) -> Asking<'a>;

    /// Moves the clock of the machine that it runs on, µs from true time.
    ///
    /// # Errors
    /// When that cannot be done while it runs.
    fn set_clock(&mut self, offset_us: i64) -> Result<(), ClientError>;
}

/// An answer that is waited for.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<cql::Response, ClientError>> + 'a>>;

/// What keeps a client from asking. What a server refuses is an outcome and none of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientError {
    /// There is no client, or it cannot send this, or nobody can read what it got.
    Lost(String),
    /// A program that it needs is not on this machine.
    Missing {
        /// Which.
        program: String,
        /// What for.
        why: String,
    },
    /// This driver cannot be made to do what the scenario says.
    Cannot(String),
    /// An adapter does not build.
    Unbuilt(String),
}

impl ClientError {
    /// Whether a person is told that something was left out, instead of that it failed. In CI every program is there.
    #[must_use]
    pub fn is_skip(&self) -> bool {
        match self {
            ClientError::Cannot(_) => true,
            ClientError::Missing { .. } => std::env::var_os("CI").is_none(),
            ClientError::Lost(_) | ClientError::Unbuilt(_) => false,
        }
    }
}

impl std::fmt::Display for ClientError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ClientError::Lost(why) | ClientError::Cannot(why) | ClientError::Unbuilt(why) => f.write_str(why),
            ClientError::Missing { program, why } => write!(f, "{program} is not on this machine: it {why}"),
        }
    }
}

impl std::error::Error for ClientError {}

/// How one statement is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// The consistency level's CQL name, such as `ONE`.
    pub consistency: &'static str,
    /// `SERIAL` or `LOCAL_SERIAL`.
    pub serial: &'static str,
    /// Rows a page; 0 asks for everything at once.
    pub page_rows: u32,
    /// Who dates it.
    pub stamp: Stamp,
}

/// Who dates a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// The driver, if it does so by itself, by the clock of the machine that it runs on.
    Driver,
    /// Nobody before the server.
    Server,
    /// We do: µs since the Unix epoch.
    At(i64),
}

/// As we ask for ourselves: ONE, no timestamp of ours.
pub const PLAIN: Manner = Manner { consistency: "ONE", serial: "SERIAL", page_rows: 100, stamp: Stamp::Server };
