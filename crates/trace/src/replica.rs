//! One partition on one replica: every atom with where it comes from and why it is seen or not.

use crate::fold::{CollectionFold, ColumnFold, CoverFold, From, RowFold};
use crate::index::{Index, PartitionNo, RowPlace};
use crate::story::Story;
use crate::unit::{Everywhere, Unit, Which};
use crate::view::{Coming, View};
use crate::{Error, EventId, Log, Place, Said};
use alloc::{boxed::Box, rc::Rc, vec::Vec};
use sim::Id;
use storage::{Bytes, Cell, ColumnId, Expiry, Marker, Partition, RangeTombstone, Row, Shadow, Tombstone, hidden_by};

/// What a replica holds of a partition, as far as it is on screen.
#[derive(Clone, Debug)]
pub struct ReplicaView {
    /// Which machine.
    pub who: Id,
    /// The partition tombstone.
    pub tombstone: Option<Written<Tombstone>>,
    /// Range tombstones, sorted.
    pub ranges: Vec<Written<RangeTombstone>>,
    /// The static row.
    pub static_row: Option<RowView>,
    /// The rows in the window: one for each of the partition's rows, `None` where this replica holds nothing of it.
    pub rows: Vec<Option<RowView>>,
    /// Writes on their way here.
    pub coming: Vec<Coming>,
    /// The second by this machine's own clock, which decides whether a TTL has run out.
    pub seconds: i64,
}

/// Something written, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written<T> {
    /// What.
    pub what: T,
    /// The event that put it on this replica.
    pub here: EventId,
    /// The Submit of the statement that it stems from, when the chain of causes leads there.
    pub submit: Option<EventId>,
}

/// A row on a replica.
#[derive(Clone, Debug)]
pub struct RowView {
    /// Its clustering key; empty for the static row and in tables without clustering columns.
    pub key: Bytes,
    /// The row tombstone.
    pub tombstone: Option<Written<Tombstone>>,
    /// The row marker, then the cells by column and path.
    pub atoms: Vec<AtomView>,
    /// Whether a reader sees the row.
    pub seen: bool,
    /// The row as storage holds it, without provenance.
    pub row: Row,
}

/// The smallest things: a marker, a cell, an element, the tombstone of an overwritten collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtomView {
    /// Which.
    pub atom: Atom,
    /// The write timestamp, microseconds since the Unix epoch.
    pub timestamp: i64,
    /// The value; none for a marker or a tombstone.
    pub value: Option<Bytes>,
    /// The TTL, when it has one.
    pub expiry: Option<Expiry>,
    /// Deletion time of a tombstone, Unix seconds.
    pub deletion_time: Option<i64>,
    /// The event that put it on this replica.
    pub here: EventId,
    /// The Submit of the statement that it stems from.
    pub submit: Option<EventId>,
    /// Whether a reader sees it, and why.
    pub sight: Sight,
}

/// Which atom of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Atom {
    /// The row marker that INSERT leaves.
    Marker,
    /// A plain value.
    Cell(ColumnId),
    /// An element of a collection.
    Element(ColumnId, Bytes),
    /// What an overwrite of a collection leaves.
    Collection(ColumnId),
}

/// Whether a reader sees an atom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Live; and nothing covers its place.
    Live,
    /// Live; the nearest tombstone that covers its place is older than it: the hinge.
    Spared(Cover),
    /// Hidden by a tombstone that is as new or newer.
    Shadowed(Cover),
    /// Its TTL has run out.
    Expired(Expiry),
    /// A tombstone itself.
    Tombstone,
}

/// A tombstone over some place, and the event that wrote it on this replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Which kind, with its timestamps.
    pub shadow: Shadow,
    /// The event that put it here.
    pub event: EventId,
}

impl ReplicaView {
    /// Whether two replicas hold the same, as far as it is on screen.
    #[must_use]
    pub fn same(&self, other: &ReplicaView) -> bool {
        fn held(row: &Option<RowView>) -> Option<&Row> {
            row.as_ref().map(|row| &row.row)
        }
        self.tombstone.map(|t| t.what) == other.tombstone.map(|t| t.what)
            && self.ranges.iter().map(|range| &range.what).eq(other.ranges.iter().map(|range| &range.what))
            && held(&self.static_row) == held(&other.static_row)
            && self.rows.iter().map(held).eq(other.rows.iter().map(held))
    }

    /// Whether the same writes are on their way to both.
    #[must_use]
    pub fn same_coming(&self, other: &ReplicaView) -> bool {
        let coming = |view: &ReplicaView| view.coming.iter().map(|coming| coming.mutation.clone()).collect::<Vec<_>>();
        self.coming.len() == other.coming.len() && (self.coming.is_empty() || coming(self) == coming(other))
    }

    /// What it holds as storage knows it: with every row in the window, this is `Engine::state`.
    #[must_use]
    pub fn partition(&self) -> Partition {
        Partition {
            tombstone: self.tombstone.map(|tombstone| tombstone.what),
            ranges: self.ranges.iter().map(|range| range.what.clone()).collect(),
            static_row: self.static_row.as_ref().map(|row| Box::new(row.row.clone())),
            rows: self.rows.iter().flatten().map(|row| (row.key.clone(), row.row.clone())).collect(),
        }
    }
}

/// A partition on every machine that has or should have something of it.
pub(crate) fn replicas(
    view: &View,
    index: &Index,
    log: &Log<'_>,
    no: PartitionNo,
    place: &Place,
    rows: &[RowPlace],
) -> Result<Vec<ReplicaView>, Error> {
    let cursor = view.cursor.0;
    let unit = |number, which| Unit { number, place: no.0, table: place.table, which };
    let covers = index.frames.cover(index, log, unit(no.0 * 2, Which::Cover), cursor)?;
    let statics = index.frames.row(index, log, unit(no.0 * 2 + 1, Which::Static), cursor)?;
    let mut folded = Vec::with_capacity(rows.len());
    for row in rows {
        let key = row.key(log);
        folded.push((Bytes::from(key), index.frames.row(index, log, unit(row.unit, Which::Row(key)), cursor)?));
    }
    let mut all = Vec::new();
    for who in index.holders(no.0) {
        let nothing = CoverFold::default();
        let cover = find(&covers, who).unwrap_or(&nothing);
        let judge = Judge { story: &index.story, cover, held: cover_partition(cover), seconds: view.seconds(log, who) };
        let one = |(key, row): &(Bytes, Everywhere<RowFold>)| {
            find(row, who).filter(|row| !row.is_empty()).map(|row| judge.row(key.clone(), row, false))
        };
        all.push(ReplicaView {
            who,
            tombstone: cover.tombstone.map(|tombstone| written(&index.story, tombstone)),
            ranges: cover.ranges.ranges.iter().map(|range| judge.range(range)).collect(),
            static_row: find(&statics, who)
                .filter(|row| !row.is_empty())
                .map(|row| judge.row(Bytes::from(&[][..]), row, true)),
            rows: folded.iter().map(one).collect(),
            coming: coming(view, log, no, who)?,
            seconds: judge.seconds,
        });
    }
    Ok(all)
}

fn find<T>(everywhere: &Everywhere<T>, who: Id) -> Option<&T> {
    let at = everywhere.binary_search_by_key(&who.0, |held| held.who).ok()?;
    everywhere.get(at).map(|held| &held.fold)
}

fn coming(view: &View, log: &Log<'_>, no: PartitionNo, who: Id) -> Result<Vec<Coming>, Error> {
    let writes = view.flights.iter().filter(|flight| {
        flight.to == who
            && flight.partition == Some(no)
            && matches!(flight.said, Said::Mutation | Said::Hint | Said::Repair)
    });
    writes
        .map(|flight| {
            let (_, payload, _) = log.columns(flight.send).ok_or(Error::Damaged)?;
            Ok(Coming { flight: flight.clone(), mutation: Rc::new(log.mutation(payload)?) })
        })
        .collect()
}

fn written<T>(story: &Story, (what, event): From<T>) -> Written<T> {
    Written { what, here: EventId(event), submit: story.submit_of(EventId(event)) }
}

/// The cover of a partition in storage's terms, so that storage can be asked what covers a place.
fn cover_partition(cover: &CoverFold) -> Partition {
    Partition { tombstone: cover.tombstone.map(|tombstone| tombstone.0), ..cover.ranges.clone() }
}

/// Judges the atoms of one replica's partition by storage's rule.
struct Judge<'a> {
    story: &'a Story,
    cover: &'a CoverFold,
    /// The same cover as a partition without rows.
    held: Partition,
    seconds: i64,
}

/// A deletion over a place with the event that wrote it.
type Over = Option<(Shadow, u32)>;

impl Judge<'_> {
    fn range(&self, range: &RangeTombstone) -> Written<RangeTombstone> {
        let writer = self.cover.writers.get(&range.tombstone).copied().unwrap_or(0);
        written(self.story, (range.clone(), writer))
    }

    fn row(&self, key: Bytes, fold: &RowFold, is_static: bool) -> RowView {
        let above = if is_static { self.held.static_cover() } else { self.held.cover_at(&key) };
        let row = fold.row();
        let over = self.written_by(row.cover(above), fold, None);
        let mut atoms = Vec::with_capacity(fold.atoms());
        if let Some(marker) = fold.marker {
            atoms.push(self.marker(marker, over));
        }
        for (id, column) in &fold.columns {
            match column {
                ColumnFold::Simple(cell) => atoms.push(self.cell(Atom::Cell(*id), cell, over)),
                ColumnFold::Collection(collection) => self.collection(*id, collection, over, fold, &mut atoms),
            }
        }
        RowView {
            key,
            tombstone: fold.tombstone.map(|tombstone| written(self.story, tombstone)),
            atoms,
            seen: row.is_live(above, self.seconds),
            row,
        }
    }

    fn collection(&self, id: ColumnId, fold: &CollectionFold, row: Over, of: &RowFold, atoms: &mut Vec<AtomView>) {
        if let Some((tombstone, event)) = fold.tombstone {
            let Written { here, submit, .. } = written(self.story, (tombstone, event));
            atoms.push(AtomView {
                atom: Atom::Collection(id),
                timestamp: tombstone.timestamp,
                value: None,
                expiry: None,
                deletion_time: Some(tombstone.deletion_time),
                here,
                submit,
                sight: Sight::Tombstone,
            });
        }
        let own = fold.tombstone.map(|(tombstone, _)| Shadow::Collection(tombstone));
        let cover = Shadow::newer(row.map(|(shadow, _)| shadow), own);
        let over = self.written_by(cover, of, Some(fold));
        for (path, cell) in &fold.cells {
            atoms.push(self.cell(Atom::Element(id, path.clone()), cell, over));
        }
    }

    fn marker(&self, (marker, event): From<Marker>, over: Over) -> AtomView {
        let shadow = marker.shadow(over.map(|(shadow, _)| shadow), self.seconds);
        let Written { here, submit, .. } = written(self.story, ((), event));
        AtomView {
            atom: Atom::Marker,
            timestamp: marker.timestamp,
            value: None,
            expiry: marker.expiry,
            deletion_time: None,
            here,
            submit,
            sight: sight(shadow, over, marker.timestamp),
        }
    }

    fn cell(&self, atom: Atom, (cell, event): &From<Cell>, over: Over) -> AtomView {
        let shadow = cell.shadow(over.map(|(shadow, _)| shadow), self.seconds);
        let Written { here, submit, .. } = written(self.story, ((), *event));
        let deletion_time = match cell.content {
            storage::Content::Dead { deletion_time } => Some(deletion_time),
            storage::Content::Live(_) | storage::Content::Expiring(..) => None,
        };
        AtomView {
            atom,
            timestamp: cell.timestamp,
            value: cell.value().cloned(),
            expiry: cell.expiry(),
            deletion_time,
            here,
            submit,
            sight: sight(shadow, over, cell.timestamp),
        }
    }

    /// Who wrote a deletion that storage names.
    fn written_by(&self, shadow: Option<Shadow>, row: &RowFold, collection: Option<&CollectionFold>) -> Over {
        let shadow = shadow?;
        let event = match shadow {
            Shadow::Partition(_) => self.cover.tombstone?.1,
            Shadow::Range(tombstone) => *self.cover.writers.get(&tombstone)?,
            Shadow::Row(_) => row.tombstone?.1,
            Shadow::Collection(_) => collection?.tombstone?.1,
            Shadow::Cell(_) | Shadow::Expired { .. } => return None,
        };
        Some((shadow, event))
    }
}

/// What storage's verdict on an atom means for a reader.
fn sight(shadow: Option<Shadow>, over: Over, timestamp: i64) -> Sight {
    let cover = over.map(|(shadow, event)| Cover { shadow, event: EventId(event) });
    match (shadow, cover) {
        (None, None) => Sight::Live,
        (None, Some(cover)) => Sight::Spared(cover),
        (Some(Shadow::Expired { expiry, .. }), _) => Sight::Expired(expiry),
        (Some(Shadow::Cell(_)), _) => Sight::Tombstone,
        (Some(_), Some(cover)) if hidden_by(Some(cover.shadow), timestamp).is_some() => Sight::Shadowed(cover),
        (Some(_), _) => Sight::Tombstone,
    }
}
