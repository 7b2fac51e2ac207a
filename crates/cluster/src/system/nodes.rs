//! `system.local` and `system.peers`: who is there, and where.

use super::{Insert, Inserts, Uuid};
use crate::node::Node;
use core::fmt;
use sim::Id;
use storage::Dialect;

/// Where a server of today listens.
pub(super) const STORAGE_PORT: u16 = 7000;

/// What the cluster is called.
pub(super) const CLUSTER: &str = "Tombstone";

/// A node's address: the n-th of the loopback network, so that drivers, which know peers by address, can tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address(pub Id);

impl Address {
    /// The four bytes of it: 127.0.0.1 for the first node.
    #[must_use]
    pub fn octets(self) -> [u8; 4] {
        let [high, low] = (u32::from(self.0.0) + 1).min(0xffff).to_be_bytes().last_chunk().copied().unwrap_or([0, 1]);
        [127, 0, high, low]
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.octets();
        write!(f, "{a}.{b}.{c}.{d}")
    }
}

impl Node {
    pub(super) fn local(&self) -> Insert {
        let address = Address(self.id);
        let port = self.settings.native_port;
        self.about(Insert::default().text_of("key", "local"), self.id)
            .text_of("bootstrapped", "COMPLETED")
            .text_of("broadcast_address", address)
            .plain("broadcast_port", STORAGE_PORT)
            .text_of("cluster_name", CLUSTER)
            .text_of("cql_version", "3.4.7")
            .plain("gossip_generation", 1)
            .text_of("listen_address", address)
            .plain("listen_port", STORAGE_PORT)
            .text_of("native_protocol_version", self.protocol())
            .text_of("partitioner", "org.apache.cassandra.dht.Murmur3Partitioner")
            .text_of("rpc_address", address)
            .plain("rpc_port", port)
            .plain("truncated_at", "{}")
    }

    /// Every other node, dead ones too: a server forgets none by itself.
    pub(super) fn peers(&self, ports: bool) -> Inserts {
        let port = self.settings.native_port;
        let others = self.catalog.ring().nodes().filter(|id| *id != self.id);
        others
            .map(|id| {
                let address = Address(id);
                let insert =
                    self.about(Insert::default().text_of("peer", address), id).text_of("preferred_ip", address);
                if ports {
                    insert
                        .plain("peer_port", STORAGE_PORT)
                        .text_of("native_address", address)
                        .plain("native_port", port)
                        .plain("preferred_port", STORAGE_PORT)
                } else {
                    insert.text_of("rpc_address", address)
                }
            })
            .collect()
    }

    /// What both tables say of a node.
    fn about(&self, insert: Insert, id: Id) -> Insert {
        let ring = self.catalog.ring();
        let dc = ring.dc_of(id).map_or("", |dc| dc);
        let token = ring.token_of(id).unwrap_or_default();
        insert
            .text_of("data_center", dc)
            .plain("host_id", Uuid((u128::from(id.0) + 1) << 96))
            .text_of("rack", "rack1")
            .text_of("release_version", self.release())
            .plain("schema_version", Uuid(u128::from(self.catalog.version) + 1))
            .plain("tokens", alloc::format!("{{'{token}'}}"))
    }

    /// The release this node claims to be.
    fn release(&self) -> &'static str {
        match self.settings.dialect {
            Dialect::Cassandra => "5.0.6",
            // What ScyllaDB says of itself, so that drivers know which tables to ask.
            Dialect::Scylla => "3.0.8",
        }
    }

    fn protocol(&self) -> &'static str {
        match self.settings.dialect {
            Dialect::Cassandra => "5",
            Dialect::Scylla => "4",
        }
    }
}
