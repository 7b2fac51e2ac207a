//! The schema as a node knows it, laid out on the ring.

use crate::{Placement, Ring, Strategy};
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;
use cql::{Replication, Schema, Table};
use storage::TableId;

/// A version of the schema with its placements. Nodes that agree share one.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Which change made it; the node with the higher one is right.
    pub version: u64,
    /// Keyspaces and tables.
    pub schema: Schema,
    ring: Rc<Ring>,
    placements: BTreeMap<Rc<str>, Rc<Placement>>,
    /// By table id.
    homes: Vec<Option<Home>>,
}

/// A table and where its partitions live.
#[derive(Clone, Debug)]
pub struct Home {
    /// The table.
    pub table: Rc<Table>,
    /// Its keyspace's replicas.
    pub placement: Rc<Placement>,
}

impl Catalog {
    /// Lay a schema out on a ring.
    #[must_use]
    pub fn new(version: u64, schema: Schema, ring: Rc<Ring>) -> Catalog {
        let mut placements = BTreeMap::new();
        let mut homes: Vec<Option<Home>> = Vec::new();
        for keyspace in schema.keyspaces() {
            let strategy = strategy(&keyspace.replication, &ring);
            let placement = Rc::new(Placement::new(&ring, strategy));
            for table in keyspace.tables() {
                let at = table.id.0 as usize;
                if homes.len() <= at {
                    homes.resize(at + 1, None);
                }
                if let Some(home) = homes.get_mut(at) {
                    *home = Some(Home { table: table.clone(), placement: placement.clone() });
                }
            }
            placements.insert(keyspace.name.clone(), placement);
        }
        Catalog { version, schema, ring, placements, homes }
    }

    /// The next version, with this schema.
    #[must_use]
    pub fn next(&self, schema: Schema) -> Catalog {
        Catalog::new(self.version + 1, schema, self.ring.clone())
    }

    /// Where a table lives.
    #[must_use]
    pub fn home(&self, table: TableId) -> Option<&Home> {
        self.homes.get(table.0 as usize)?.as_ref()
    }

    /// Every table.
    pub fn homes(&self) -> impl Iterator<Item = &Home> {
        self.homes.iter().flatten()
    }

    /// Where a keyspace's partitions live.
    #[must_use]
    pub fn placement(&self, keyspace: &str) -> Option<&Rc<Placement>> {
        self.placements.get(keyspace)
    }

    /// The ring under it.
    #[must_use]
    pub fn ring(&self) -> &Ring {
        &self.ring
    }
}

/// A keyspace's strategy on this ring. `NetworkTopologyStrategy` with a bare `replication_factor` means every data centre.
fn strategy(replication: &Replication, ring: &Ring) -> Strategy {
    match replication {
        Replication::Simple(n) => Strategy::Simple(*n),
        Replication::Topology { dcs, every } => {
            let mut by_dc: BTreeMap<Rc<str>, u32> = BTreeMap::new();
            if let Some(n) = every {
                by_dc.extend(ring.dcs().iter().map(|dc| (dc.clone(), *n)));
            }
            by_dc.extend(dcs.iter().map(|(dc, n)| (dc.clone(), *n)));
            Strategy::Topology(by_dc)
        }
    }
}
