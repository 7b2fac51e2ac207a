//! What a replica holds, atom by atom: its name, its date, whether a reader sees it and why.

use super::{Room, With};
use crate::scene::{Atom, AtomKind, Seen};
use std::fmt;
use storage::{Partition, Shadow};
use trace::{Atom as Which, AtomView, RowView, Sight};

pub(super) fn tomb(room: &Room<'_>, scope: &str, row: String, timestamp: i64, deletion: i64) -> Atom {
    Atom {
        kind: AtomKind::Tomb,
        row,
        what: scope.into(),
        value: String::new(),
        timestamp,
        dated: dated(room, timestamp),
        dies: second(room, deletion),
        seen: Seen::Live,
        why: format!("A {scope} tombstone hides whatever is dated {} or earlier.", dated(room, timestamp)),
        shade: Vec::new(),
        left: None,
    }
}

pub(super) fn dated(room: &Room<'_>, timestamp: i64) -> String {
    room.words.dated(timestamp).to_string()
}

/// A deletion time, seconds of a node's clock: relative to the start where it is near.
fn second(room: &Room<'_>, seconds: i64) -> String {
    let since = seconds - room.epoch.div_euclid(1_000_000);
    if (0..86_400).contains(&since) {
        format!("{since} s")
    } else if since.unsigned_abs() < 366 * 86_400 {
        crate::axis::signed(since.saturating_mul(1_000_000))
    } else {
        seconds.to_string()
    }
}

pub(super) fn row(room: &Room<'_>, key: &[u8]) -> String {
    room.table
        .map_or_else(String::new, |table| With(|f: &mut fmt::Formatter<'_>| room.names.row(table, key, f)).to_string())
}

pub(super) fn row_atoms(room: &Room<'_>, row: &RowView, label: String, atoms: &mut Vec<Atom>, now: i64) {
    if let Some(tombstone) = row.tombstone {
        let mut atom = tomb(room, "row", label.clone(), tombstone.what.timestamp, tombstone.what.deletion_time);
        atom.shade = vec![(atoms.len(), row.atoms.len() + 1)];
        atoms.push(atom);
    }
    atoms.extend(row.atoms.iter().map(|atom| one(room, atom, &label, now)));
}

fn one(room: &Room<'_>, atom: &AtomView, label: &str, now: i64) -> Atom {
    let column = |id| room.table.and_then(|table| table.column(id));
    let name = |id| column(id).map_or_else(|| "?".to_string(), |column| column.name.to_string());
    let (what, value) = match &atom.atom {
        Which::Marker => ("row marker".to_string(), String::new()),
        Which::Cell(id) => (name(*id), print(room, *id, false, atom.value.as_deref())),
        Which::Element(id, path) => {
            let path = match (room.table, column(*id)) {
                (Some(table), Some(column)) => {
                    With(|f: &mut fmt::Formatter<'_>| room.names.path(table, column, path, f)).to_string()
                }
                _ => String::new(),
            };
            (format!("{}[{path}]", name(*id)), print(room, *id, true, atom.value.as_deref()))
        }
        Which::Collection(id) => (format!("{} overwritten", name(*id)), String::new()),
    };
    let here = dated(room, atom.timestamp);
    let (seen, why) = match &atom.sight {
        Sight::Live => (Seen::Live, "Seen: nothing covers its place.".to_string()),
        Sight::Spared(cover) => {
            let by = cover.shadow.tombstone().timestamp;
            (
                Seen::Live,
                format!(
                    "Seen: the {} tombstone is dated {}, before it ({here}).",
                    scope(cover.shadow),
                    dated(room, by)
                ),
            )
        }
        Sight::Shadowed(cover) => {
            let by = cover.shadow.tombstone().timestamp;
            let than = if by == atom.timestamp { "as it is; a tie hides" } else { "after it" };
            (
                Seen::Hidden,
                format!("Hidden: the {} tombstone is dated {}, {than} ({here}).", scope(cover.shadow), dated(room, by)),
            )
        }
        Sight::Expired(_) => (Seen::Expired, "Gone: its time to live is over.".to_string()),
        Sight::Tombstone => (Seen::Live, format!("A tombstone of its own, dated {here}.")),
    };
    let dies = match (atom.expiry, atom.deletion_time) {
        (Some(expiry), _) if expiry.is_live(now) => {
            let left = expiry.at.saturating_sub(now).unsigned_abs();
            format!("{} left", crate::axis::span(left.saturating_mul(1_000_000)))
        }
        (Some(expiry), _) => format!("TTL {} s", expiry.ttl),
        (None, Some(deletion)) => second(room, deletion),
        (None, None) => "–".into(),
    };
    let kind = match (&atom.atom, &atom.sight) {
        (Which::Marker, _) => AtomKind::Marker,
        (Which::Collection(_), _) | (_, Sight::Tombstone) => AtomKind::Gone,
        _ => AtomKind::Cell,
    };
    let (row, timestamp, shade) = (label.into(), atom.timestamp, Vec::new());
    let left = atom.expiry.filter(|expiry| expiry.is_live(now)).map(|expiry| {
        let part = expiry.at.saturating_sub(now).saturating_mul(100) / i64::from(expiry.ttl.max(1));
        part.clamp(1, 100) as u8
    });
    Atom { kind, row, what, value, timestamp, dated: here, dies, seen, why, shade, left }
}

fn print(room: &Room<'_>, id: storage::ColumnId, element: bool, value: Option<&[u8]>) -> String {
    match (room.table, room.table.and_then(|table| table.column(id)), value) {
        (Some(table), Some(column), Some(value)) => {
            With(|f: &mut fmt::Formatter<'_>| room.names.value(table, column, element, value, f)).to_string()
        }
        _ => String::new(),
    }
}

fn scope(shadow: Shadow) -> &'static str {
    match shadow {
        Shadow::Partition(_) => "partition",
        Shadow::Range(_) => "range",
        Shadow::Row(_) => "row",
        Shadow::Collection(_) => "collection",
        Shadow::Cell(_) => "cell",
        Shadow::Expired { .. } => "expired cell's",
    }
}

/// What a write that has not landed will bring: outlined, it covers nothing yet.
pub(super) fn on_its_way(room: &Room<'_>, delta: &Partition, lands: Option<u64>, atoms: &mut Vec<Atom>) {
    let dies = lands.map_or_else(|| "on its way".to_string(), |micros| format!("in {}", crate::axis::span(micros)));
    let way = |kind: AtomKind, row: String, what: &str, timestamp: i64| Atom {
        kind,
        row,
        what: what.into(),
        value: String::new(),
        timestamp,
        dated: dated(room, timestamp),
        dies: dies.clone(),
        seen: Seen::OnItsWay,
        why: "On its way: it is not here yet, and covers nothing.".into(),
        shade: Vec::new(),
        left: None,
    };
    if let Some(tombstone) = delta.tombstone {
        atoms.push(way(AtomKind::Tomb, room.key.clone(), "partition", tombstone.timestamp));
    }
    for range in &delta.ranges {
        atoms.push(way(AtomKind::Tomb, String::new(), "range", range.tombstone.timestamp));
    }
    for (key, held) in delta.rows.iter().take(3) {
        let label = if key.is_empty() { room.key.clone() } else { row(room, key) };
        if let Some(tombstone) = held.tombstone {
            atoms.push(way(AtomKind::Tomb, label.clone(), "row", tombstone.timestamp));
        } else if let Some(marker) = held.marker {
            atoms.push(way(AtomKind::Marker, label, "row", marker.timestamp));
        } else {
            atoms.push(way(
                AtomKind::Cell,
                label,
                "cells",
                held.cells().map(|(_, _, cell)| cell.timestamp).max().unwrap_or_default(),
            ));
        }
    }
}
