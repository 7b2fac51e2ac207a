//! What each replica holds of one partition at the cursor, atom by atom. What hides what is `storage`'s rule, told by the view.

mod atoms;

use super::{Tale, ring};
use crate::scene::{AtomKind, Block, Replicas, Ring, Seen};
use atoms::{on_its_way, row_atoms, tomb};
use std::fmt;
use storage::Slice;
use trace::{
    EventId, Fact, Focus, Kind, Message, Names, PartitionNo, PartitionView, Place, ReplicaView, TableInfo, View,
    Window, Words,
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
        first: None,
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
    let none = blocks.iter().all(|block| block.atoms.is_empty());
    let first = none.then(|| first_write(tale, *no, cursor)).flatten();
    Replicas { key: room.key, keys, chosen, ends, ticks: ticks(ends, room.epoch), blocks, others, first, ring, says }
}

/// The first event after this one that writes to a partition.
fn first_write(tale: &Tale, no: PartitionNo, cursor: u32) -> Option<u32> {
    let log = tale.log();
    let writes = |id: &EventId| log.kind(*id) == Some(Kind::Apply) && tale.index.partition_of(&log, *id) == Some(no);
    (cursor + 1..tale.len()).map(EventId).find(writes).map(|id| id.0)
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
        row_atoms(room, row, "static".into(), &mut atoms, replica.seconds);
    }
    let (mut more, mut seen, mut places) = (0, 0, Vec::new());
    for at in order {
        let Some(row) = replica.rows.get(*at).and_then(Option::as_ref) else { continue };
        seen += u32::from(row.seen);
        if atoms.len() >= ATOMS_MAX {
            more += 1;
            continue;
        }
        let label = if row.key.is_empty() { room.key.clone() } else { atoms::row(room, &row.key) };
        let from = atoms.len();
        row_atoms(room, row, label, &mut atoms, replica.seconds);
        places.push((&row.key, from, atoms.len() - from));
    }
    // A partition's shade is as high as all that it could cover; a range's as the rows in it, wherever they stand.
    let (all, mut ranges) = (atoms.len(), replica.ranges.iter());
    for at in 0..heads {
        let Some(atom) = atoms.get_mut(at).filter(|atom| atom.kind == AtomKind::Tomb) else { continue };
        if atom.what == "partition" || atom.seen == Seen::OnItsWay {
            atom.shade = vec![(at, all - at)];
        } else if let Some(range) = ranges.next().map(|range| &range.what) {
            let slice = Slice { start: range.start.clone(), end: range.end.clone() };
            let inside = places.iter().filter(|(key, ..)| slice.contains(key)).map(|(_, from, many)| (*from, *many));
            atom.shade = [(at, 1)].into_iter().chain(inside).collect();
        }
    }
    Block { name, atoms, more, alike: true, rows: seen }
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
