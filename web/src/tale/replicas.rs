//! What each replica holds of one partition at the cursor, atom by atom. What hides what is `storage`'s rule, told by the view.

use super::{Tale, ring};
use crate::scene::{Atom, AtomKind, Block, Replicas, Ring, Seen};
use std::fmt;
use storage::{Partition, Shadow};
use trace::{
    Atom as Which, AtomView, EventId, Fact, Focus, Kind, Message, Names, PartitionNo, PartitionView, Place,
    ReplicaView, RowView, Sight, TableInfo, View, Window, Words,
};

/// Most rows of a partition that are looked at: those that differ are shown first.
const ROWS_MAX: usize = 200;
/// The same over all replicas, and least rows of each.
const ROWS_BUDGET: usize = 600;
const ROWS_MIN: usize = 16;
/// Most blocks of replicas that differ.
const BLOCKS_MAX: usize = 12;
/// Most atoms in a block.
const ATOMS_MAX: usize = 14;

/// Something that prints by a function.
struct With<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for With<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

/// What a fold of one partition needs to know.
struct Room<'a> {
    words: &'a Words<'a>,
    names: &'a dyn Names,
    table: Option<&'a TableInfo>,
    key: String,
    epoch: i64,
}

pub(super) fn fold(tale: &Tale, cursor: u32, place: Option<usize>) -> Replicas {
    let log = tale.log();
    let words = tale.words();
    let keys: Vec<String> = tale.places.iter().map(|(_, place)| key(&words, tale, place)).collect();
    let chosen = place.filter(|at| *at < keys.len()).or(tale.home).or_else(|| near(tale, cursor)).unwrap_or(0);
    let empty = |says: &str| Replicas {
        key: keys.get(chosen).cloned().unwrap_or_default(),
        keys: keys.clone(),
        chosen,
        ends: (0, 0),
        ticks: Vec::new(),
        blocks: Vec::new(),
        others: 0,
        ring: Ring::default(),
        says: says.into(),
    };
    let Some((no, place)) = tale.places.get(chosen) else { return empty("Nothing was written.") };
    // Of many rows those around the one that was written last; of many replicas fewer rows of each.
    let rows = (ROWS_BUDGET / tale.index.replicas(*no).max(1)).clamp(ROWS_MIN, ROWS_MAX);
    let skip = last_row(tale, *no, cursor).map_or(0, |key| {
        let (known, before) = tale.index.rows_before(&log, *no, &key, EventId(cursor));
        if known <= rows { 0 } else { before.saturating_sub(rows / 2).min(known - rows) }
    });
    let focus = Focus { partitions: vec![Window { partition: *no, skip, rows }] };
    let Ok(view) = View::at(&tale.index, &log, EventId(cursor), &focus) else {
        return empty("This part of the trace cannot be read.");
    };
    let Some(partition) = view.partitions.first() else { return empty("Nothing was written.") };
    let room = Room {
        words: &words,
        names: &tale.names,
        table: words.dictionary().table(place.table),
        key: key(&words, tale, place),
        epoch: log.epoch(),
    };
    let (blocks, others) = blocks(&room, partition, &view);
    let ends = ends(&blocks);
    let says = says(&room, &blocks);
    let ring = ring::fold(&tale.index, &log, place, partition);
    Replicas { key: room.key, keys, chosen, ends, ticks: ticks(ends, room.epoch), blocks, others, ring, says }
}

/// A partition's key in words, with its table where there are several.
pub(super) fn key(words: &Words<'_>, tale: &Tale, place: &Place) -> String {
    let Some(table) = words.dictionary().table(place.table) else { return "?".into() };
    let key = place.key.as_ref().map_or_else(String::new, |key| {
        With(|f: &mut fmt::Formatter<'_>| tale.names.partition(table, &key.bytes, f)).to_string()
    });
    let several = tale.places.iter().any(|(_, other)| other.table != place.table);
    if several { format!("{} {key}", table.name) } else { key }
}

/// The partition that the event at the cursor, or the last one before it, is about.
fn near(tale: &Tale, cursor: u32) -> Option<usize> {
    let log = tale.log();
    let about = |event: u32| tale.index.partition_of(&log, EventId(event));
    let found = (0..=cursor).rev().take(2_000).find_map(|event| {
        let no = about(event)?;
        tale.places.iter().position(|(place, _)| *place == no)
    });
    found.or_else(|| tale.places.iter().position(|(no, _)| *no == PartitionNo(0)))
}

/// The key of the row that was written last, or is on its way.
fn last_row(tale: &Tale, no: PartitionNo, cursor: u32) -> Option<storage::Bytes> {
    let log = tale.log();
    (0..=cursor).rev().take(2_000).map(EventId).find_map(|id| {
        if tale.index.partition_of(&log, id) != Some(no) || !matches!(log.kind(id)?, Kind::Send | Kind::Apply) {
            return None;
        }
        let mutation = match log.fact(id).ok()? {
            Fact::Apply { mutation, .. } => mutation,
            Fact::Send { message: Message::Mutation(mutation), .. } => mutation,
            _ => return None,
        };
        mutation.delta.rows.iter().next().map(|(key, _)| key.clone())
    })
}

/// What each replica holds, those that hold the same as one; and how many are left out because each is again different.
fn blocks(room: &Room<'_>, partition: &PartitionView, view: &View) -> (Vec<Block>, usize) {
    // Rows that differ between replicas first.
    let differs = |row: usize| {
        let mut held = partition
            .replicas
            .iter()
            .map(|replica| replica.rows.get(row).and_then(|row| row.as_ref().map(|row| &row.row)));
        let first = held.next();
        held.any(|other| Some(other) != first)
    };
    let coming = |row: usize| {
        partition.rows.get(row).is_some_and(|key| {
            partition.replicas.iter().any(|replica| {
                replica.coming.iter().any(|coming| coming.mutation.delta.rows.iter().any(|(at, _)| at == key))
            })
        })
    };
    let (first, then): (Vec<usize>, Vec<usize>) =
        (0..partition.rows.len()).partition(|row| differs(*row) || coming(*row));
    let odd = first.len();
    let beyond = partition.rows_known.saturating_sub(partition.rows.len());
    let order = [first, then].concat();
    let (mut out, mut others): (Vec<(Block, &ReplicaView)>, usize) = (Vec::new(), 0);
    for replica in &partition.replicas {
        let name = room.words.machine(replica.who).to_string();
        if let Some((block, _)) = out
            .iter_mut()
            .find(|(_, other)| partition.replicas.len() > 3 && other.same_coming(replica) && other.same(replica))
        {
            block.name = format!("{} = {name}", block.name);
            continue;
        }
        if out.len() == BLOCKS_MAX {
            others += 1;
            continue;
        }
        let mut block = block(room, replica, &order, name, view);
        block.more += beyond;
        block.alike = beyond == 0 && order.len().saturating_sub(block.more) >= odd;
        out.push((block, replica));
    }
    (out.into_iter().map(|(block, _)| block).collect(), others)
}

fn block(room: &Room<'_>, replica: &ReplicaView, order: &[usize], name: String, view: &View) -> Block {
    let mut atoms = Vec::new();
    if let Some(tombstone) = replica.tombstone {
        atoms.push(tomb(room, "partition", room.key.clone(), tombstone.what.timestamp, tombstone.what.deletion_time));
    }
    for range in &replica.ranges {
        let slice = room.table.map_or_else(String::new, |table| {
            With(|f: &mut fmt::Formatter<'_>| room.names.slice(table, &range.what.start, range.what.end.as_deref(), f))
                .to_string()
        });
        atoms.push(tomb(room, "range", slice, range.what.tombstone.timestamp, range.what.tombstone.deletion_time));
    }
    for coming in &replica.coming {
        on_its_way(
            room,
            &coming.mutation.delta,
            coming.flight.lands.map(|(_, at)| at.0.saturating_sub(view.at.0)),
            &mut atoms,
        );
    }
    let heads = atoms.len();
    if let Some(row) = &replica.static_row {
        row_atoms(room, row, "static".into(), &mut atoms);
    }
    let (mut more, mut seen) = (0, 0);
    for at in order {
        let Some(row) = replica.rows.get(*at).and_then(Option::as_ref) else { continue };
        seen += u32::from(row.seen);
        if atoms.len() >= ATOMS_MAX {
            more += 1;
            continue;
        }
        let label = if row.key.is_empty() { room.key.clone() } else { self::row(room, &row.key) };
        row_atoms(room, row, label, &mut atoms);
    }
    // A partition's shade is as high as all that it could cover; a range's as the rows in it.
    let all = atoms.len();
    for at in 0..heads {
        if let Some(atom) = atoms.get_mut(at)
            && (atom.what == "partition" || atom.what == "range" || atom.seen == Seen::OnItsWay)
            && atom.kind == AtomKind::Tomb
        {
            atom.shade = all - at;
        }
    }
    Block { name, atoms, more, alike: true, rows: seen }
}

fn tomb(room: &Room<'_>, scope: &str, row: String, timestamp: i64, deletion: i64) -> Atom {
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
        shade: 1,
    }
}

fn dated(room: &Room<'_>, timestamp: i64) -> String {
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

fn row(room: &Room<'_>, key: &[u8]) -> String {
    room.table
        .map_or_else(String::new, |table| With(|f: &mut fmt::Formatter<'_>| room.names.row(table, key, f)).to_string())
}

fn row_atoms(room: &Room<'_>, row: &RowView, label: String, atoms: &mut Vec<Atom>) {
    if let Some(tombstone) = row.tombstone {
        let mut atom = tomb(room, "row", label.clone(), tombstone.what.timestamp, tombstone.what.deletion_time);
        atom.shade = row.atoms.len() + 1;
        atoms.push(atom);
    }
    atoms.extend(row.atoms.iter().map(|atom| one(room, atom, &label)));
}

fn one(room: &Room<'_>, atom: &AtomView, label: &str) -> Atom {
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
        (Some(expiry), _) => format!("TTL {} s", expiry.ttl),
        (None, Some(deletion)) => second(room, deletion),
        (None, None) => "–".into(),
    };
    let kind = match (&atom.atom, &atom.sight) {
        (Which::Marker, _) => AtomKind::Marker,
        (Which::Collection(_), _) | (_, Sight::Tombstone) => AtomKind::Gone,
        _ => AtomKind::Cell,
    };
    Atom { kind, row: label.into(), what, value, timestamp: atom.timestamp, dated: here, dies, seen, why, shade: 1 }
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
fn on_its_way(room: &Room<'_>, delta: &Partition, lands: Option<u64>, atoms: &mut Vec<Atom>) {
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
        shade: 1,
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

/// The ends of the picture: every timestamp in it, with room before the first for the shade.
fn ends(blocks: &[Block]) -> (i64, i64) {
    let all = || blocks.iter().flat_map(|block| block.atoms.iter().map(|atom| atom.timestamp));
    let (Some(low), Some(high)) = (all().min(), all().max()) else { return (0, 0) };
    let room = (high.saturating_sub(low) / 2).max(if high == low { 10_000 } else { 1 });
    (low.saturating_sub(room), high)
}

/// Round timestamps in the picture, relative to the start where that is near.
fn ticks((low, high): (i64, i64), epoch: i64) -> Vec<(i64, String)> {
    let span = high.abs_diff(low);
    if span == 0 {
        return Vec::new();
    }
    let mut step = 1_u64;
    while span / step > 3 {
        step = match step.checked_mul(if step.to_string().starts_with('2') { 5 } else { 2 }) {
            Some(next) => next,
            None => return Vec::new(),
        };
        if step.to_string().starts_with('4') {
            step = step / 4 * 5;
        }
    }
    let (mut out, step) = (Vec::new(), i64::try_from(step).unwrap_or(i64::MAX));
    let near = low.abs_diff(epoch) < 366 * 86_400 * 1_000_000;
    let base = if near { epoch } else { 0 };
    let mut at = (low - base).div_euclid(step).saturating_add(1).saturating_mul(step);
    while let Some(timestamp) = at.checked_add(base).filter(|timestamp| *timestamp <= high)
        && out.len() < 4
    {
        out.push((timestamp, grouped(at)));
        at = at.saturating_add(step);
    }
    out
}

/// `1_020_000`
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}

fn says(room: &Room<'_>, blocks: &[Block]) -> String {
    let each: Vec<String> = blocks
        .iter()
        .map(|block| {
            let hidden = block.atoms.iter().filter(|atom| atom.seen == Seen::Hidden).count();
            let tombs: Vec<&str> = block
                .atoms
                .iter()
                .filter(|atom| atom.kind == AtomKind::Tomb && atom.seen != Seen::OnItsWay)
                .map(|atom| atom.dated.as_str())
                .collect();
            let tombs = if tombs.is_empty() {
                "no tombstone".into()
            } else {
                format!("a tombstone up to {}", tombs.join(" and "))
            };
            format!(
                "On {} there is {tombs}; {hidden} cells are hidden, and a reader sees {} rows",
                block.name, block.rows
            )
        })
        .collect();
    format!("Partition {}. {}.", room.key, each.join(". "))
}
