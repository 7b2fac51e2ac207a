//! Real clients against a real server: the third thing a scenario can run on.
//!
//! An adapter returns CQL types and raw bytes and never prints a value: only `cql` prints. It never retries and never picks
//! a second host by itself either: what the scenario says is asked once, and the server's answer is the outcome.
//!
//! One statement's life: [`Drivers`] takes it from the scenario, [`keyspaces`] gives its keyspaces names of this run, the
//! [`clock`] of its client dates it, [`scylla::Client`] sends it, and `cql` prints what comes back.

mod backend;
pub mod clock;
mod errors;
pub mod keyspaces;
pub mod scylla;
mod types;

pub use backend::Drivers;

/// A client that could not be opened, or something it cannot send. What a server refuses is an outcome and none of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientError(pub String);

impl std::fmt::Display for ClientError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How one statement is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// The consistency level's CQL name, such as `ONE`.
    pub consistency: &'static str,
    /// `SERIAL` or `LOCAL_SERIAL`.
    pub serial: &'static str,
    /// Rows a page; 0 asks for everything at once.
    pub page_rows: u32,
    /// Default timestamp in µs since the Unix epoch; `None` leaves it to the server.
    pub timestamp: Option<i64>,
}

/// As we ask for ourselves: ONE, no timestamp of ours.
pub const PLAIN: Manner = Manner { consistency: "ONE", serial: "SERIAL", page_rows: 100, timestamp: None };
