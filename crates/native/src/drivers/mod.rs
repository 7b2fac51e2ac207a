//! Real clients: the same steps, answered by a real server.
//!
//! An adapter returns CQL types and raw bytes and never prints a value: only `cql` prints. It never retries and never
//! routes by itself either: the scenario says what is asked, once, and the server's answer is the outcome.

pub mod scylla;

/// Rows as the server sent them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// Name and CQL type of each column, the type in the server's own words (`list<int>`).
    pub columns: Vec<(String, String)>,
    /// One serialized value for each column; `None` is null.
    pub rows: Vec<Vec<Option<Vec<u8>>>>,
}

/// What came back for one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A result set, all pages of it.
    Rows(Rows),
    /// Success without rows.
    Void,
    /// An error, as an outcome says it, and the server's text.
    Error {
        /// `Name(field=value …)`, in the form of scenario.md.
        outcome: String,
        /// The message, for people.
        text: String,
    },
}

/// How one statement is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// The consistency level's CQL name, such as `ONE`.
    pub consistency: String,
    /// `SERIAL` or `LOCAL_SERIAL`.
    pub serial: String,
    /// Rows for each page.
    pub page_rows: i32,
    /// Default timestamp in µs since the Unix epoch; `None` leaves it to the server.
    pub timestamp: Option<i64>,
}
