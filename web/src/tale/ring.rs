//! Who keeps a partition: the ring, and the walk along it.

use crate::scene::Ring;
use trace::{Log, MachineInfo, PartitionView, Place};

/// Where a partition falls on the ring, and who keeps it: the walk goes by token from its owner on.
pub(super) fn fold(log: &Log<'_>, place: &Place, partition: &PartitionView) -> Ring {
    let Some(token) = place.key.as_ref().map(|key| key.token) else { return Ring::default() };
    let mut nodes: Vec<(i64, &MachineInfo)> = Vec::new();
    for (end, node) in log.machines().iter().filter_map(|node| Some((node.token?, node))) {
        nodes.insert(nodes.partition_point(|(before, _)| *before < end), (end, node));
    }
    let owner = nodes.iter().position(|(end, _)| token <= *end).unwrap_or(0);
    let (before, after) = (0..owner, owner..nodes.len());
    let keeps = |at: &usize| {
        let node = nodes.get(*at).map(|(_, node)| node.id);
        partition.replicas.iter().any(|replica| Some(replica.who) == node)
    };
    let walk: Vec<usize> = after.chain(before).filter(keeps).collect();
    let order = |at: usize| walk.iter().position(|kept| *kept == at);
    let nodes = nodes.iter().enumerate().map(|(at, (_, node))| (node.name.to_string(), order(at))).collect();
    Ring { token: token.to_string(), nodes, owner }
}
