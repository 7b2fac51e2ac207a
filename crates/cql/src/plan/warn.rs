//! What a server warns of beside its answer, as Cassandra 5.0.6 words it.

use super::{Body, Prepared, Write};
use crate::{
    request::BatchKind,
    schema::{Replication, Schema},
};
use alloc::{collections::BTreeSet, format, rc::Rc, string::String, vec::Vec};
use storage::TableId;

/// `unlogged_batch_across_partitions_warn_threshold`: so many partitions go without a word.
const UNLOGGED_PARTITIONS: usize = 10;

impl Prepared {
    /// Whether it has an `IF`.
    pub fn conditional(&self) -> bool {
        match &self.body {
            Body::Modify(modify) => modify.guard.is_some(),
            Body::Batch(batch) => batch.conditional(),
            _ => false,
        }
    }
}

impl Write {
    /// An unlogged batch over many partitions. `name`: a table's, with its keyspace's.
    pub fn warning(&self, name: impl Fn(TableId) -> String) -> Option<String> {
        if self.kind != Some(BatchKind::Unlogged) || self.mutations.len() <= UNLOGGED_PARTITIONS {
            return None;
        }
        let keys: BTreeSet<_> = self.mutations.iter().map(|mutation| &mutation.key).collect();
        if keys.len() <= UNLOGGED_PARTITIONS {
            return None;
        }
        let tables: BTreeSet<TableId> = self.mutations.iter().map(|mutation| mutation.table).collect();
        let tables: Vec<String> = tables.into_iter().map(name).collect();
        let s = if tables.len() == 1 { "" } else { "s" };
        let (count, tables) = (keys.len(), tables.join(", "));
        Some(format!(
            "Unlogged batch covering {count} partitions detected against table{s} [{tables}]. You should use a logged batch for atomicity, or asynchronous writes for performance."
        ))
    }
}

impl Schema {
    /// A keyspace with more replicas than there are nodes; `dcs`: the data centre of each node.
    pub fn replication_warnings(&self, keyspace: &str, dcs: &[Rc<str>]) -> Vec<String> {
        let Some(keyspace) = self.keyspace(keyspace) else { return Vec::new() };
        let name = &keyspace.name;
        let many = |factor: u32, nodes: usize| usize::try_from(factor).is_ok_and(|factor| factor > nodes);
        let said = |factor: u32, nodes: usize| {
            format!("Your replication factor {factor} for keyspace {name} is higher than the number of nodes {nodes}")
        };
        match &keyspace.replication {
            Replication::Simple(factor) if many(*factor, dcs.len()) => Vec::from([said(*factor, dcs.len())]),
            Replication::Simple(_) => Vec::new(),
            Replication::Topology { dcs: factors, every } => {
                let here: BTreeSet<&Rc<str>> = dcs.iter().collect();
                let factor = |dc: &Rc<str>| factors.iter().find(|(name, _)| *name == dc).map(|(_, factor)| *factor);
                let each = here.into_iter().filter_map(|dc| Some((dc, factor(dc).or(*every)?)));
                let nodes = |dc: &Rc<str>| dcs.iter().filter(|other| *other == dc).count();
                each.filter(|(dc, factor)| many(*factor, nodes(dc)))
                    .map(|(dc, factor)| format!("{} for datacenter {dc}", said(factor, nodes(dc))))
                    .collect()
            }
        }
    }
}
