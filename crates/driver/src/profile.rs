//! What each real driver was seen to do (drivers.md, drivers-live.md 2): a table.

use cql::Consistency;
use sim::Span;

/// One driver's defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// As `driver=` names it.
    pub name: &'static str,
    /// Its name and version as people know it.
    pub about: &'static str,
    /// Who dates writes.
    pub stamps: Stamps,
    /// Without `CONSISTENCY`.
    pub consistency: Consistency,
    /// Rows a page; 0 asks for everything at once.
    pub page_size: u32,
    /// How long it waits for an answer.
    pub timeout: Span,
    /// What it does about a timeout or an Unavailable.
    pub retry: Retry,
}

/// Who dates a driver's writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamps {
    /// The driver, by the client's clock.
    Client {
        /// The smallest difference it makes, microseconds.
        resolution_us: u32,
        /// Whether it never repeats and never steps back. gocql's is the bare wall clock.
        monotonic: bool,
    },
    /// The coordinator.
    Server,
}

/// When a driver tries again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Never.
    None,
    /// As the Java driver does by default: a read timeout once, on the same node, if enough answered but the data was
    /// missing; a write timeout once, on the same node, only of the batch log; an Unavailable once, on the next node.
    Default,
}

const CLIENT_US: Stamps = Stamps::Client { resolution_us: 1, monotonic: true };

/// Every profile. The first is who speaks when no client is named.
pub const PROFILES: &[Profile] = &[
    Profile {
        name: "cqlsh",
        about: "cqlsh 6.2",
        stamps: CLIENT_US,
        consistency: Consistency::One,
        page_size: 100,
        timeout: Span::s(10),
        retry: Retry::Default,
    },
    Profile {
        name: "gocql-1.14",
        about: "scylladb/gocql 1.14.0",
        stamps: Stamps::Client { resolution_us: 1, monotonic: false },
        consistency: Consistency::Quorum,
        page_size: 5_000,
        timeout: Span::s(11),
        retry: Retry::None,
    },
    Profile {
        name: "gocql",
        about: "gocql 1.6.0",
        stamps: Stamps::Client { resolution_us: 1, monotonic: false },
        consistency: Consistency::Quorum,
        page_size: 5_000,
        timeout: Span::s(11),
        retry: Retry::None,
    },
    Profile {
        name: "gocql-1.17",
        about: "scylladb/gocql 1.17.0",
        stamps: Stamps::Client { resolution_us: 1, monotonic: false },
        consistency: Consistency::Quorum,
        page_size: 5_000,
        timeout: Span::s(11),
        retry: Retry::None,
    },
    Profile {
        name: "gocql-v2",
        about: "cassandra-gocql-driver 2.1.2",
        stamps: Stamps::Client { resolution_us: 1, monotonic: false },
        consistency: Consistency::Quorum,
        page_size: 5_000,
        timeout: Span::s(11),
        retry: Retry::None,
    },
    Profile {
        name: "java",
        about: "Java driver 4.19",
        stamps: CLIENT_US,
        consistency: Consistency::LocalOne,
        page_size: 5_000,
        timeout: Span::s(2),
        retry: Retry::Default,
    },
    Profile {
        name: "python",
        about: "Python cassandra-driver 3.30",
        stamps: CLIENT_US,
        consistency: Consistency::LocalOne,
        page_size: 5_000,
        timeout: Span::s(10),
        retry: Retry::Default,
    },
    Profile {
        name: "scylla-python",
        about: "Python scylla-driver 3.29",
        stamps: CLIENT_US,
        consistency: Consistency::LocalOne,
        page_size: 5_000,
        timeout: Span::s(10),
        retry: Retry::Default,
    },
    Profile {
        name: "node",
        about: "Node cassandra-driver 4.10",
        stamps: Stamps::Client { resolution_us: 1_000, monotonic: true },
        consistency: Consistency::LocalOne,
        page_size: 5_000,
        timeout: Span::s(12),
        retry: Retry::Default,
    },
    Profile {
        name: "rust",
        about: "Rust scylla 1.9",
        stamps: Stamps::Server,
        consistency: Consistency::LocalQuorum,
        page_size: 5_000,
        timeout: Span::s(30),
        retry: Retry::Default,
    },
    Profile {
        name: "cdrs",
        about: "cdrs-tokio 9.0",
        stamps: Stamps::Server,
        consistency: Consistency::One,
        page_size: 0,
        timeout: Span::s(30),
        retry: Retry::Default,
    },
];

/// The profile with this name.
#[must_use]
pub fn profile(name: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|profile| profile.name == name)
}
