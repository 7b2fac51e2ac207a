//! The world before the first statement: the cluster and who speaks to it.

use crate::step::Node;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use sim::Span;

/// Everything a backend must know before the first step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// The nodes.
    pub cluster: Cluster,
    /// Whoever speaks, in the order of their directives; a [`crate::Client`] is a place in here.
    pub clients: Vec<ClientSpec>,
    /// The statement that makes the keyspace every client starts in; `None` when the scenario makes or uses its own.
    pub demo: Option<String>,
    /// Messages that land at each other's time.
    pub swaps: Vec<(MessageName, MessageName)>,
}

/// A message of a run, by what made somebody send it: `2.3` is the third message that statement 2 leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageName {
    /// The statement, from 1.
    pub statement: u32,
    /// Which of its messages in the order they are sent, from 1; the client's request is the first.
    pub number: u32,
}

impl fmt::Display for MessageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.statement, self.number)
    }
}

/// What `--@ cluster` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// How many nodes.
    pub nodes: u16,
    /// Replicas of each row, in each data centre, of the keyspace `demo`.
    pub rf: u16,
    /// The data centres in node order; the sum of their nodes is `nodes`.
    pub dcs: Vec<Dc>,
    /// Whose rules hold.
    pub like: Persona,
    /// The only source of luck.
    pub seed: u64,
    /// The start of virtual time, microseconds since the Unix epoch.
    pub start: i64,
    /// The mean time of a message between two machines.
    pub latency: Span,
    /// Whether coordinators keep hints.
    pub hints: bool,
}

/// A data centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dc {
    /// Its name.
    pub name: String,
    /// Its nodes.
    pub nodes: u16,
}

/// Whose rules a cluster follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persona {
    /// Apache Cassandra 5.0.
    Cassandra50,
    /// ScyllaDB; not verified on a server.
    Scylla,
}

/// What `--@ client` says; `None` is the driver's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSpec {
    /// Its name.
    pub name: String,
    /// Its driver, one of [`crate::DRIVERS`]; the writer may leave it to the backend.
    pub driver: Option<&'static str>,
    /// How far its clock is ahead of true time, microseconds.
    pub clock: i64,
    /// How much faster than true time its clock runs, parts in a million.
    pub drift_ppm: i32,
    /// Its clock jumps by so many microseconds every so often.
    pub step: Option<(i64, Span)>,
    /// Who dates its writes.
    pub stamps: Option<Stamps>,
    /// The smallest difference in its own timestamps.
    pub resolution: Option<Span>,
    /// Its coordinator.
    pub node: Option<Node>,
}

/// Who dates a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamps {
    /// The driver, with the client's clock.
    Client,
    /// The coordinator, with the node's clock.
    Server,
}

/// 2025-01-01T00:00:00Z, microseconds since the Unix epoch.
pub const START: i64 = 1_735_689_600_000_000;

impl Default for Cluster {
    fn default() -> Cluster {
        Cluster {
            nodes: 3,
            rf: 3,
            dcs: alloc::vec![Dc { name: "dc1".into(), nodes: 3 }],
            like: Persona::Cassandra50,
            seed: 0,
            start: START,
            latency: Span::ms(1),
            hints: true,
        }
    }
}

impl Cluster {
    /// The statement that makes the keyspace `demo`: a scenario that names none runs in it, an export writes it out.
    #[must_use]
    pub fn demo(&self) -> String {
        let rf = self.rf;
        let replication = if self.dcs.len() == 1 {
            format!("'class': 'SimpleStrategy', 'replication_factor': {rf}")
        } else {
            let mut text = String::from("'class': 'NetworkTopologyStrategy'");
            for dc in &self.dcs {
                text += &format!(", '{}': {}", dc.name, rf.min(dc.nodes));
            }
            text
        };
        format!("CREATE KEYSPACE demo WITH replication = {{{replication}}}")
    }
}

impl ClientSpec {
    /// A client that leaves everything to its driver.
    #[must_use]
    pub fn named(name: &str) -> ClientSpec {
        ClientSpec {
            name: name.into(),
            driver: None,
            clock: 0,
            drift_ppm: 0,
            step: None,
            stamps: None,
            resolution: None,
            node: None,
        }
    }
}
