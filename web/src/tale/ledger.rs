//! The ledger: what became of each write, from whoever said it to whoever sees it.

use super::{Tale, replicas::key};
use crate::scene::{At, Entry, Ledger, Left};
use sim::Id;
use trace::{AtomView, EventId, Focus, Kind, MachineKind, PartitionNo, ReplicaView, Said, Sight, View, Window};

/// Most writes that are listed; there is a line that counts the others.
const WRITES_MAX: usize = 200;
/// Rows of a partition that are asked what of a write is seen.
const ROWS_MAX: usize = 64;

pub(super) fn fold(tale: &Tale) -> Ledger {
    let (log, words) = (tale.log(), tale.words());
    let nodes: Vec<Id> =
        log.machines().iter().filter(|machine| machine.kind == MachineKind::Node).map(|machine| machine.id).collect();
    let mut out =
        Ledger { nodes: nodes.iter().map(|id| words.machine(*id).to_string()).collect(), entries: Vec::new(), more: 0 };
    let mut ends: Vec<(PartitionNo, Vec<ReplicaView>)> = Vec::new();
    for statement in &tale.index.story().statements {
        let events: Vec<EventId> = tale.index.story().events_of(statement.submit).collect();
        let sends: Vec<EventId> = events
            .iter()
            .copied()
            .filter(|id| {
                log.kind(*id) == Some(Kind::Send) && matches!(log.said(*id), Some(Said::Mutation | Said::Commit))
            })
            .collect();
        let mut places: Vec<PartitionNo> = Vec::new();
        for no in sends.iter().filter_map(|id| tale.index.partition_of(&log, *id)) {
            if !places.contains(&no) {
                places.push(no);
            }
        }
        for no in places {
            if out.entries.len() == WRITES_MAX {
                out.more += 1;
                continue;
            }
            let here = |id: &EventId| tale.index.partition_of(&log, *id) == Some(no);
            let Some(first) = sends.iter().copied().find(here) else { continue };
            let line = words.line(first).to_string();
            let record = line.split_once(": ").map_or(line.as_str(), |(_, said)| said).to_string();
            let applied: Vec<EventId> =
                events.iter().copied().filter(|id| log.kind(*id) == Some(Kind::Apply) && here(id)).collect();
            let at: Vec<At> = nodes
                .iter()
                .map(|node| {
                    if let Some(event) = applied.iter().find(|id| log.who(**id) == Some(*node)) {
                        return At::Applied(event.0);
                    }
                    let sent = sends.iter().find(|id| here(id) && log.receiver(**id) == Some(*node));
                    match sent.map(|send| tale.index.landings(*send).next()) {
                        None => At::NotSent,
                        Some(None) => At::OnItsWay,
                        Some(Some(land)) if log.kind(land) == Some(Kind::Lost) => At::Lost(land.0),
                        Some(Some(land)) => At::Refused(land.0),
                    }
                })
                .collect();
            let stamp = events.iter().copied().find(|id| log.kind(*id) == Some(Kind::Stamp));
            let dated = |id: EventId| {
                let line = words.line(id).to_string();
                // What it dates, and how, is in the column before.
                line.rsplit_once(" by ").map_or(line.clone(), |(_, by)| format!("by {by}"))
            };
            let stamped = stamp.map(|id| (dated(id), id.0));
            let answer = statement.answer.map(|id| words.line(id).to_string().trim_start_matches("hears ").to_string());
            if !ends.iter().any(|(known, _)| *known == no) {
                let focus = Focus { partitions: vec![Window { partition: no, skip: 0, rows: ROWS_MAX }] };
                let view = log.last().and_then(|last| View::at(&tale.index, &log, last, &focus).ok());
                let replicas =
                    view.and_then(|view| view.partitions.into_iter().next()).map(|partition| partition.replicas);
                ends.push((no, replicas.unwrap_or_default()));
            }
            let replicas = ends.iter().find(|(known, _)| *known == no).map_or(&[][..], |(_, replicas)| replicas);
            let place = tale.places.iter().find(|(known, _)| *known == no);
            out.entries.push(Entry {
                submit: statement.submit.0,
                key: place.map_or_else(String::new, |(_, place)| key(&words, tale, place)),
                record,
                stamped,
                left: left(tale, replicas, statement.submit),
                at,
                answer: answer.unwrap_or_else(|| "no answer".into()),
                troubled: statement.troubled,
            });
        }
    }
    out
}

/// What of a write the replicas hold at the end, and whether it is seen.
fn left(tale: &Tale, replicas: &[ReplicaView], submit: EventId) -> Left {
    let (mut seen, mut hidden, mut deletes, mut holders, mut hides) = (0, 0, false, 0, 0);
    for replica in replicas {
        let own = |written: Option<EventId>| written == Some(submit);
        let rows = || replica.static_row.iter().chain(replica.rows.iter().flatten());
        let tombstones = replica.tombstone.is_some_and(|tombstone| own(tombstone.submit))
            || replica.ranges.iter().any(|range| own(range.submit))
            || rows().any(|row| row.tombstone.is_some_and(|tombstone| own(tombstone.submit)));
        let atoms: Vec<&AtomView> = rows().flat_map(|row| &row.atoms).filter(|atom| own(atom.submit)).collect();
        let live = atoms.iter().filter(|atom| matches!(atom.sight, Sight::Live | Sight::Spared(_))).count();
        let dead = atoms.iter().filter(|atom| matches!(atom.sight, Sight::Shadowed(_) | Sight::Expired(_))).count();
        deletes |= tombstones || atoms.iter().any(|atom| atom.sight == Sight::Tombstone);
        let covered = |atom: &&AtomView| match atom.sight {
            Sight::Shadowed(cover) => tale.index.story().submit_of(cover.event) == Some(submit),
            Sight::Live | Sight::Spared(_) | Sight::Expired(_) | Sight::Tombstone => false,
        };
        hides += rows().flat_map(|row| &row.atoms).filter(covered).count();
        holders += usize::from(tombstones || !atoms.is_empty());
        seen += usize::from(live > 0);
        hidden += usize::from(live == 0 && dead > 0);
    }
    match (seen, hidden, deletes) {
        (0, 0, true) => Left::Deletes(holders, hides),
        (0, 0, false) => Left::Gone,
        (0, hidden, _) => Left::Hidden(hidden),
        (seen, _, _) => Left::Seen(seen),
    }
}
