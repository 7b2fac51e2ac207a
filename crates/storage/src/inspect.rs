//! What a write meets: how much an incoming deletion hides, and how much of the incoming data is hidden on arrival.
//! Asked before the write, and only when somebody wants to know.

use crate::{Collection, Column, Mutation, Partition, Row, Shadow, Slice, Tombstone, visibility::hidden_by};

/// The meeting of a write with what a node holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// The newest deletion that arrives, cell tombstones apart.
    pub tombstone: Option<Tombstone>,
    /// Of the cells (and row markers) held where it deletes and not yet hidden: how many there were.
    pub of: u32,
    /// How many of them it hides.
    pub covered: u32,
    /// The smallest timestamp among those it does not hide: "tombstone 999 980 < cell 1 000 000".
    pub spared: Option<i64>,
    /// Cells and row markers that arrive.
    pub arriving: u32,
    /// How many of them are hidden on arrival.
    pub shadowed: u32,
    /// The newest deletion that hides one of them.
    pub shadow: Option<Shadow>,
}

/// Holds `incoming` against `held`, the plain join of all a node has of the partition.
pub(crate) fn inspect(held: Option<&Mutation>, incoming: &Partition) -> Inspection {
    let mut seen = Inspection::default();
    let empty = Partition::default();
    let held = held.map_or(&empty, |held| &held.delta);
    if let Some(row) = &incoming.static_row {
        arrive(&mut seen, row, held.static_row.as_deref(), held.static_cover());
    }
    for (key, row) in &incoming.rows {
        arrive(&mut seen, row, held.rows.get(key), held.cover_at(key));
    }
    if let Some(tombstone) = incoming.tombstone {
        seen.tombstone = seen.tombstone.max(Some(tombstone));
        if let Some(row) = &held.static_row {
            cover(&mut seen, row, held.static_cover(), tombstone);
        }
        for (key, row) in &held.rows {
            cover(&mut seen, row, held.cover_at(key), tombstone);
        }
    }
    for range in &incoming.ranges {
        seen.tombstone = seen.tombstone.max(Some(range.tombstone));
        let slice = Slice { start: range.start.clone(), end: range.end.clone() };
        for (key, row) in held.rows.range(&slice.start, slice.end.as_deref()) {
            cover(&mut seen, row, held.cover_at(key), range.tombstone);
        }
    }
    for (key, row) in &incoming.rows {
        if let Some(have) = held.rows.get(key) {
            narrow(&mut seen, row, have, held.cover_at(key));
        } else {
            seen.tombstone = seen.tombstone.max(row.tombstone);
        }
    }
    if let (Some(row), Some(have)) = (&incoming.static_row, &held.static_row) {
        narrow(&mut seen, row, have, held.static_cover());
    }
    seen
}

/// Counts what of an incoming row is hidden by what is held.
fn arrive(seen: &mut Inspection, row: &Row, held: Option<&Row>, above: Option<Shadow>) {
    let above = held.map_or(above, |held| held.cover(above));
    let mut one = |cover: Option<Shadow>, timestamp: i64| {
        seen.arriving += 1;
        if let Some(shadow) = hidden_by(cover, timestamp) {
            seen.shadowed += 1;
            seen.shadow = Shadow::newer(seen.shadow, Some(shadow));
        }
    };
    if let Some(marker) = row.marker {
        one(above, marker.timestamp);
    }
    for (id, column) in &row.columns {
        match column {
            Column::Simple(cell) => {
                // A newer cell tombstone hides it as well as a wider one would.
                let own = held.and_then(|held| match held.column(*id) {
                    Some(Column::Simple(have)) => have.shadow(None, i64::MIN),
                    Some(Column::Collection(_)) | None => None,
                });
                one(Shadow::newer(above, own), cell.timestamp);
            }
            Column::Collection(elements) => {
                let cover = match held.and_then(|held| held.column(*id)) {
                    Some(Column::Collection(have)) => have.cover(above),
                    Some(Column::Simple(_)) | None => above,
                };
                elements.cells.iter().for_each(|(_, cell)| one(cover, cell.timestamp));
            }
        }
    }
}

/// Counts what of a held row an incoming deletion hides, beyond what is hidden already.
fn cover(seen: &mut Inspection, held: &Row, above: Option<Shadow>, tombstone: Tombstone) {
    let cover = held.cover(above);
    if let Some(marker) = held.marker {
        meet(seen, cover, marker.timestamp, tombstone);
    }
    for (_, column) in &held.columns {
        match column {
            Column::Simple(cell) => meet(seen, cover, cell.timestamp, tombstone),
            Column::Collection(elements) => elements_under(seen, elements, cover, tombstone),
        }
    }
}

fn elements_under(seen: &mut Inspection, held: &Collection, row: Option<Shadow>, tombstone: Tombstone) {
    let cover = held.cover(row);
    held.cells.iter().for_each(|(_, cell)| meet(seen, cover, cell.timestamp, tombstone));
}

fn meet(seen: &mut Inspection, cover: Option<Shadow>, timestamp: i64, tombstone: Tombstone) {
    if hidden_by(cover, timestamp).is_some() {
        return;
    }
    seen.of += 1;
    if tombstone.covers(timestamp) {
        seen.covered += 1;
    } else {
        seen.spared = Some(seen.spared.map_or(timestamp, |spared| spared.min(timestamp)));
    }
}

/// The deletions inside an incoming row: of the row, and of its collections.
fn narrow(seen: &mut Inspection, incoming: &Row, held: &Row, above: Option<Shadow>) {
    if let Some(tombstone) = incoming.tombstone {
        seen.tombstone = seen.tombstone.max(Some(tombstone));
        cover(seen, held, above, tombstone);
    }
    for (id, column) in &incoming.columns {
        if let (Column::Collection(new), Some(Column::Collection(have))) = (column, held.column(*id))
            && let Some(tombstone) = new.tombstone
        {
            seen.tombstone = seen.tombstone.max(Some(tombstone));
            elements_under(seen, have, held.cover(above), tombstone);
        }
    }
}
