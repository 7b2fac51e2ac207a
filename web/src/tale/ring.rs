//! Who keeps a partition: the ring, and the walk along it.

use crate::scene::Ring;
use trace::{Index, Log, MachineInfo, PartitionNo, PartitionView, Place};

/// Partitions of a keyspace that are looked at for how many keep one.
const LOOKED_AT: u32 = 64;

/// Where a partition falls on the ring, and who keeps it: the walk goes by token from its owner on.
pub(super) fn fold(index: &Index, log: &Log<'_>, place: &Place, partition: &PartitionView) -> Ring {
    let Some(token) = place.key.as_ref().map(|key| key.token) else { return Ring::default() };
    let mut nodes: Vec<(i64, &MachineInfo)> = Vec::new();
    for (end, node) in log.machines().iter().filter_map(|node| Some((node.token?, node))) {
        nodes.insert(nodes.partition_point(|(before, _)| *before < end), (end, node));
    }
    let owner = nodes.iter().position(|(end, _)| token <= *end).unwrap_or(0);
    let (before, after) = (0..owner, owner..nodes.len());
    // Of several data centres each has its own number: there only who has something is known.
    let one_dc = nodes.iter().all(|(_, node)| nodes.first().is_some_and(|(_, first)| first.about == node.about));
    let held = partition.replicas.len();
    let mut more = if one_dc && held < nodes.len() { copies(index, log, place).saturating_sub(held) } else { 0 };
    let mut keeps = |at: &usize| {
        let node = nodes.get(*at).map(|(_, node)| node.id);
        let has = partition.replicas.iter().any(|replica| Some(replica.who) == node);
        let should = !has && more > 0;
        more -= usize::from(should);
        has || should
    };
    let walk: Vec<usize> = after.chain(before).filter(|at| keeps(at)).collect();
    let order = |at: usize| walk.iter().position(|kept| *kept == at);
    let nodes = nodes.iter().enumerate().map(|(at, (_, node))| (node.name.to_string(), order(at))).collect();
    Ring { token: token.to_string(), nodes, owner }
}

/// How many keep a partition of this keyspace: as many as ever had one, for a write that was refused went to nobody.
fn copies(index: &Index, log: &Log<'_>, place: &Place) -> usize {
    let dictionary = index.dictionary();
    let keyspace = |place: &Place| dictionary.table(place.table).map(|table| &table.keyspace);
    let all = (0..index.partitions().min(LOOKED_AT)).map(PartitionNo);
    let alike = all.filter(|no| {
        index.partition(log, *no).is_ok_and(|other| other.key.is_some() && keyspace(&other) == keyspace(place))
    });
    alike.map(|no| index.replicas(no)).max().unwrap_or(0)
}
