//! One partition as a query sees it: sources merged in clustering order, hidden data shed, purgeable deletions left out,
//! and no more live rows than asked for.

use crate::{
    Bytes, Cell, Column, ColumnId, Content, Dialect, Mutation, Partition, Purge, RangeTombstone, Row, Rows, Shadow,
    Slice, key::after, ranges, rows,
};
use alloc::{borrow::Cow, rc::Rc, vec, vec::Vec};

/// What to read of a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadCommand {
    /// Which rows: sorted, not overlapping. None at all reads the static row alone.
    pub slices: Vec<Slice>,
    /// From the last row to the first; answers are in ascending order all the same.
    pub reversed: bool,
    /// The columns asked for, sorted; `None` is all. Of the others only dates are answered, their values emptied: a row that
    /// lives by them is still seen, and [`Partition::diff`] leaves them out (real-cluster.md 2c).
    pub columns: Option<Rc<[ColumnId]>>,
    /// Whether to read the static row.
    pub statics: bool,
    /// Stop at this many live rows.
    pub limit: u32,
    /// Go on behind this clustering key, in the direction of reading.
    pub after: Option<Bytes>,
    /// Seconds since the Unix epoch, by the coordinator's clock: decides what has expired.
    pub now: i64,
}

impl ReadCommand {
    /// A whole partition.
    pub fn all(now: i64) -> Self {
        Self {
            slices: vec![Slice::all()],
            reversed: false,
            columns: None,
            statics: true,
            limit: u32::MAX,
            after: None,
            now,
        }
    }

    fn wants(&self, column: ColumnId) -> bool {
        self.columns.as_ref().is_none_or(|columns| columns.binary_search(&column).is_ok())
    }

    /// The slices in ascending order, with what `after` rules out cut off.
    fn open_slices(&self) -> Vec<Slice> {
        let mut slices = self.slices.clone();
        if let Some(seen) = &self.after {
            for slice in &mut slices {
                if self.reversed {
                    slice.end = Some(slice.end.take().map_or(seen.clone(), |end| end.min(seen.clone())));
                } else {
                    slice.start = slice.start.clone().max(after(seen));
                }
            }
        }
        slices.retain(|slice| slice.end.as_ref().is_none_or(|end| slice.start < *end));
        slices
    }
}

/// What a replica found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The state of what was read, deletions included, as one replica has it. Shared with the store where that is exact.
    pub state: Rc<Mutation>,
    /// Live rows in it.
    pub live_rows: u32,
    /// Deletions walked over: dead cells, rows with nothing but a deletion, ends of range tombstones (semantics.md 20).
    pub tombstones: u32,
    /// False when the limit stopped it: there may be more behind the last row in reading direction.
    pub complete: bool,
}

impl Reading {
    /// The clustering key to go on behind ([`ReadCommand::after`]), if the limit stopped it.
    pub fn resume(&self, reversed: bool) -> Option<&Bytes> {
        let mut rows = self.state.delta.rows.iter();
        let last = if reversed { rows.next() } else { rows.next_back() };
        last.map(|(key, _)| key).filter(|_| !self.complete)
    }
}

/// Reads one partition out of everything that holds a part of it.
pub(crate) fn read(
    like: (crate::TableId, &crate::PartitionKey),
    sources: &[&Rc<Mutation>],
    command: &ReadCommand,
    purge: &Purge,
    gone: &[ColumnId],
    dialect: Dialect,
) -> Reading {
    if let [only] = sources
        && gone.is_empty()
        && let Some(live_rows) = as_it_is(&only.delta, command)
    {
        return Reading { state: Rc::clone(only), live_rows, tombstones: 0, complete: live_rows < command.limit };
    }
    let mut reader = Reader { command, purge, gone, out: Vec::new(), live_rows: 0, tombstones: 0 };
    let slices = command.open_slices();
    let above = sources.iter().filter_map(|source| source.delta.tombstone).max();
    let mut deleted = Vec::new();
    for source in sources {
        let mut inside: Vec<RangeTombstone> = Vec::new();
        for slice in &slices {
            inside.extend(ranges::clip(&source.delta.ranges, slice));
        }
        ranges::normalise(&mut inside);
        ranges::join(&mut deleted, &inside);
    }
    // A deletion without rows, from here on: what the rows are held against.
    let mut answer = Partition { tombstone: above, ranges: deleted, ..Partition::default() };
    answer.shed(gone);
    if command.statics {
        answer.static_row = reader.static_row(sources, answer.static_cover(), dialect).map(Into::into);
    }
    let mut clip = None;
    let ordered: &mut dyn Iterator<Item = &Slice> =
        if command.reversed { &mut slices.iter().rev() } else { &mut slices.iter() };
    'slices: for slice in ordered {
        let mut merge = Merge::new(sources, slice, command.reversed, dialect);
        while let Some((key, row)) = merge.next() {
            if reader.live_rows >= command.limit {
                break 'slices;
            }
            reader.row(key, row, answer.cover_at(key));
            if reader.live_rows >= command.limit {
                clip = Some(key.clone());
                break 'slices;
            }
        }
    }
    if let Some(last) = &clip {
        // Nothing is said about what lies behind the last row.
        let said = if command.reversed {
            Slice { start: last.clone(), end: None }
        } else {
            Slice { start: Bytes::from([]), end: Some(after(last)) }
        };
        answer.ranges = ranges::clip(&answer.ranges, &said).collect();
    }
    if command.reversed {
        reader.out.reverse();
    }
    let Reader { out, live_rows, mut tombstones, .. } = reader;
    answer.rows = Rows::from_sorted(out);
    // Rows and statics are purged already; what is left are the partition's own deletions.
    let rows = core::mem::take(&mut answer.rows);
    let static_row = answer.static_row.take();
    answer.purge(purge);
    (answer.rows, answer.static_row) = (rows, static_row);
    tombstones += bounds(&answer.ranges);
    let state = Rc::new(Mutation { table: like.0, key: like.1.clone(), delta: answer });
    Reading { state, live_rows, tombstones, complete: clip.is_none() && live_rows < command.limit }
}

/// The count of live rows if the partition is exactly its own answer: nothing deleted, nothing cut off, nothing unasked for.
fn as_it_is(partition: &Partition, command: &ReadCommand) -> Option<u32> {
    let within = |key: &Bytes| command.slices.iter().any(|slice| slice.contains(key));
    let everywhere = matches!(&*command.slices, [slice] if slice.is_all());
    let asked = |row: &Row| row.columns.iter().all(|(id, _)| command.wants(*id));
    let plain = (command.statics || partition.static_row.is_none())
        && command.after.is_none()
        // Looking at all rows pays off only where all, or the only one, are asked for.
        && (everywhere || partition.rows.len() <= 1)
        && partition.rows.len() as u64 <= u64::from(command.limit)
        && !partition.has_deletions()
        && partition.static_row.iter().all(|row| asked(row))
        && partition.rows.iter().all(|(key, row)| asked(row) && (everywhere || within(key)));
    let live = |row: &Row| row.is_live(None, command.now);
    plain.then(|| partition.rows.values().filter(|row| live(row)).count() as u32)
}

/// Ends of range tombstones as Cassandra's counter sees them: one where two touch.
fn bounds(ranges: &[RangeTombstone]) -> u32 {
    let touching = ranges.windows(2).filter(|pair| matches!(pair, [a, b] if a.end.as_ref() == Some(&b.start))).count();
    (2 * ranges.len() - touching) as u32
}

struct Reader<'a> {
    command: &'a ReadCommand,
    purge: &'a Purge,
    gone: &'a [ColumnId],
    out: Vec<(Bytes, Row)>,
    live_rows: u32,
    tombstones: u32,
}

impl Reader<'_> {
    fn row(&mut self, key: &Bytes, row: Cow<'_, Row>, above: Option<Shadow>) {
        let (row, live) = self.answer(row, above);
        self.live_rows += u32::from(live);
        if !row.is_empty() {
            self.out.push((key.clone(), row));
        }
    }

    fn static_row(&mut self, sources: &[&Rc<Mutation>], above: Option<Shadow>, dialect: Dialect) -> Option<Row> {
        let mut all = sources.iter().filter_map(|source| source.delta.static_row.as_deref());
        let mut joined = all.next()?.clone();
        all.for_each(|row| joined.join(row, dialect));
        let (row, _) = self.answer(Cow::Owned(joined), above);
        (!row.is_empty()).then_some(row)
    }

    /// Sheds, purges, counts, and empties the values nobody asked for. Says whether the row is seen.
    fn answer(&mut self, row: Cow<'_, Row>, above: Option<Shadow>) -> (Row, bool) {
        let mut row = row.into_owned();
        let now = self.command.now;
        if above.is_some() || !self.gone.is_empty() || row.has_deletions() {
            row.shed(above, self.gone);
            row.purge(self.purge);
            let dead = row.cells().filter(|(.., cell)| !cell.is_live(None, now)).count() as u32;
            let deleted =
                row.tombstone.is_some() || row.marker.is_some_and(|marker| marker.shadow(None, now).is_some());
            // Whatever was hidden is gone by now: no cover is needed to see what lives.
            let live = row.is_live(None, now);
            self.tombstones += if dead == 0 && deleted && !live { 1 } else { dead };
        }
        let live = row.is_live(None, now);
        if let Some(columns) = &self.command.columns {
            for (_, column) in row.columns.iter_mut().filter(|(id, _)| columns.binary_search(id).is_err()) {
                match column {
                    Column::Simple(cell) => cell.forget_value(),
                    Column::Collection(collection) => {
                        collection.cells.iter_mut().for_each(|(_, cell)| cell.forget_value())
                    }
                }
            }
        }
        (row, live)
    }
}

impl Cell {
    fn forget_value(&mut self) {
        match &mut self.content {
            Content::Live(value) | Content::Expiring(value, _) if !value.is_empty() => *value = Bytes::from([]),
            Content::Live(_) | Content::Expiring(..) | Content::Dead { .. } => {}
        }
    }
}

/// The rows of several sources within one slice, joined where several hold one key.
struct Merge<'a> {
    heads: Vec<(Option<(&'a Bytes, &'a Row)>, rows::Iter<'a>)>,
    reversed: bool,
    dialect: Dialect,
}

impl<'a> Merge<'a> {
    fn new(sources: &[&'a Rc<Mutation>], slice: &Slice, reversed: bool, dialect: Dialect) -> Self {
        let heads = sources
            .iter()
            .map(|source| {
                let mut rows = source.delta.rows.range(&slice.start, slice.end.as_deref());
                (pull(&mut rows, reversed), rows)
            })
            .collect();
        Self { heads, reversed, dialect }
    }

    fn next(&mut self) -> Option<(&'a Bytes, Cow<'a, Row>)> {
        let keys = self.heads.iter().filter_map(|(head, _)| head.map(|(key, _)| key));
        let key = if self.reversed { keys.max() } else { keys.min() }?;
        let mut joined: Option<Cow<'a, Row>> = None;
        for (head, rest) in &mut self.heads {
            if let Some((_, row)) = head.take_if(|(have, _)| *have == key) {
                *head = pull(rest, self.reversed);
                match &mut joined {
                    None => joined = Some(Cow::Borrowed(row)),
                    Some(all) => all.to_mut().join(row, self.dialect),
                }
            }
        }
        joined.map(|row| (key, row))
    }
}

fn pull<'a>(rows: &mut rows::Iter<'a>, reversed: bool) -> Option<(&'a Bytes, &'a Row)> {
    if reversed { rows.next_back() } else { rows.next() }
}
