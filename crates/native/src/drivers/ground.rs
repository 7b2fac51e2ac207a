//! What the clients of a scenario stand on: a real server, or our own port.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Command;

use cluster::Address;
use scenario::{ClientSpec, Condition, Node, Outcome, Persona, Setup};
use sim::Id;

use super::ClientError;
use super::keyspaces::Keyspaces;
use crate::port::Serving;

/// What the clients of a scenario stand on.
pub enum Ground {
    /// A real server that is there already. It is treated as one node: one replica is all there is.
    Server {
        /// Where it answers.
        at: SocketAddr,
        /// The program that does to it what CQL cannot, if there is one.
        nodetool: Option<PathBuf>,
    },
    /// The model behind the port, a new cluster for each scenario: its nodes, its replicas, its persona.
    Port(Option<Serving>),
}

impl Ground {
    /// Makes ready what a scenario begins with.
    pub fn open(&mut self, setup: &Setup) -> Result<(), ClientError> {
        match self {
            Ground::Server { .. } if setup.cluster.like != Persona::Cassandra50 => {
                Err(ClientError::Cannot("the scenario is about Scylla, and this server is a Cassandra".into()))
            }
            Ground::Server { .. } => Ok(()),
            Ground::Port(serving) => {
                *serving = Some(Serving::start(setup).map_err(|error| ClientError::Lost(error.to_string()))?);
                Ok(())
            }
        }
    }

    /// The node that a client speaks to: the one it names, n1 for cqlsh, else the next along the list, client by client. The
    /// model's own drivers choose theirs in the same way.
    pub fn node(&self, spec: &ClientSpec, turn: usize, nodes: u16) -> SocketAddr {
        match self {
            Ground::Server { at, .. } => *at,
            Ground::Port(serving) => {
                let next = || u16::try_from(turn % usize::from(nodes.max(1))).unwrap_or(0);
                let named = spec.driver.is_some_and(|name| name != "cqlsh");
                let node = spec.node.map_or_else(|| if named { next() } else { 0 }, |node| node.0);
                let port = serving.as_ref().map_or(0, Serving::port);
                SocketAddr::from((Ipv4Addr::from(Address(Id(node)).octets()), port))
            }
        }
    }

    /// Whether this is somebody's server, where nothing of a scenario may stay behind and keyspaces get names of their own.
    pub fn is_anothers(&self) -> bool {
        matches!(self, Ground::Server { .. })
    }

    /// Whether a condition holds, or will never: nobody dies here, so nobody has a hint to send.
    pub fn holds(&self, condition: Condition) -> Result<(), &'static str> {
        match (self, condition) {
            (_, Condition::Hints | Condition::Repaired | Condition::Quiet | Condition::SeenUp(Node(0))) => Ok(()),
            (Ground::Port(_), Condition::SeenUp(_)) => Ok(()),
            (Ground::Port(_), Condition::SeenDown(_)) => Err("nobody dies behind the port"),
            (Ground::Server { .. }, Condition::SeenUp(_) | Condition::SeenDown(_)) => Err("there is one real node"),
        }
    }

    /// Flush or compact every keyspace of this run.
    pub fn nodetool(&self, verb: &str, keyspaces: &Keyspaces) -> Outcome {
        let program = match self {
            Ground::Server { nodetool: Some(program), .. } => program,
            Ground::Server { nodetool: None, .. } => return Outcome::Skipped(format!("no nodetool to {verb} with")),
            Ground::Port(_) => return Outcome::Skipped(format!("a driver cannot ask to {verb}")),
        };
        for keyspace in keyspaces.made() {
            match Command::new(program).args([verb, keyspace]).output() {
                Ok(out) if out.status.success() => {}
                Ok(out) => return Outcome::Stuck(String::from_utf8_lossy(&out.stderr).into_owned()),
                Err(error) => return Outcome::Stuck(format!("nodetool: {error}")),
            }
        }
        Outcome::Done
    }
}
