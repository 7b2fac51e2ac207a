//! Writes to a list by place or by value: the coordinator reads the list at the statement's consistency level first.

use super::{
    Write,
    collection::{Pending, Stamp, collection, put},
    write::Gathered,
};
use crate::{
    request::{BatchKind, Error},
    schema::Table,
};
use alloc::{format, rc::Rc, vec::Vec};
use storage::{
    Bytes, Cell, Column, ColumnId, Content, Dialect, Mutation, Partition, PartitionKey, ReadCommand, Row, Slice, order,
};

/// A write that has to know what is there.
#[derive(Clone, Debug)]
pub struct ReadFirst {
    mutations: Vec<Rc<Mutation>>,
    places: Vec<Place>,
    kind: Option<BatchKind>,
    own_timestamp: Option<i64>,
    seconds: i64,
}

/// A list that is needed, and what to do with it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) table: Rc<Table>,
    /// Which of the mutations it belongs to.
    pub(super) mutation: usize,
    /// Places of one statement have one number.
    pub(super) statement: usize,
    /// What the statement did to the column before: that is seen too.
    pub(super) own: Option<(ColumnId, Column)>,
    /// Its row; `None` is the static row.
    pub(super) clustering: Option<Bytes>,
    pub(super) column: ColumnId,
    pub(super) pending: Pending,
    pub(super) stamp: Stamp,
}

impl ReadFirst {
    pub(super) fn new(gathered: Gathered, kind: Option<BatchKind>) -> ReadFirst {
        let seconds = gathered.places.first().map_or(0, |place| place.stamp.seconds);
        ReadFirst {
            mutations: gathered.mutations,
            places: gathered.places,
            kind,
            own_timestamp: gathered.own_timestamp,
            seconds,
        }
    }

    /// What to read, partition by partition.
    pub fn questions(&self) -> Vec<(Rc<Table>, PartitionKey, ReadCommand)> {
        let mut questions = Vec::new();
        for (at, mutation) in self.mutations.iter().enumerate() {
            let places = || self.places.iter().filter(|place| place.mutation == at);
            let Some(Place { table, .. }) = places().next() else { continue };
            let mut slices: Vec<Slice> =
                places().filter_map(|place| place.clustering.as_ref().map(Slice::prefix)).collect();
            order::sort_dedup(&mut slices);
            let mut columns: Vec<ColumnId> = places().map(|place| place.column).collect();
            order::sort_dedup(&mut columns);
            let statics = places().any(|place| place.clustering.is_none());
            let command =
                ReadCommand { slices, columns: Some(columns.into()), statics, ..ReadCommand::all(self.seconds) };
            questions.push((table.clone(), mutation.key.clone(), command));
        }
        questions
    }

    /// The write, now that what [`ReadFirst::questions`] asked for is known.
    pub fn resolve<'a>(
        self,
        found: impl IntoIterator<Item = (&'a PartitionKey, &'a Partition)>,
    ) -> Result<Write, Error> {
        let found: Vec<(&PartitionKey, &Partition)> = found.into_iter().collect();
        let ReadFirst { mut mutations, places, kind, own_timestamp, seconds } = self;
        // What the places of one statement and row have written, before the next.
        let mut before = (0, 0, None, Row::default());
        for place in places {
            if (before.0, before.1, &before.2) != (place.statement, place.mutation, &place.clustering) {
                before = (place.statement, place.mutation, place.clustering.clone(), Row::default());
            }
            let Some(mutation) = mutations.get_mut(place.mutation).map(Rc::make_mut) else { continue };
            let partition = found.iter().find(|(key, _)| **key == mutation.key).map(|(_, partition)| *partition);
            let mut own = Row { columns: place.own.iter().cloned().collect(), ..Row::default() };
            own.join(&before.3, Dialect::Cassandra);
            let list = elements(partition, &own, &place, seconds);
            let row = match &place.clustering {
                Some(key) => mutation.delta.rows.row_mut(key),
                None => mutation.delta.static_row_mut(),
            };
            let mut written = Row::default();
            place.write(&mut written, &list)?;
            row.join(&written, Dialect::Cassandra);
            before.3.join(&written, Dialect::Cassandra);
        }
        Ok(Write { mutations, kind, own_timestamp })
    }
}

/// The live elements of the list, in order: of what was found and of the statement's own.
fn elements(partition: Option<&Partition>, own: &Row, place: &Place, seconds: i64) -> Vec<(Bytes, Bytes)> {
    let (found, above) = match (partition, &place.clustering) {
        (Some(partition), Some(key)) => (partition.rows.get(key), partition.cover_at(key)),
        (Some(partition), None) => (partition.static_row.as_deref(), partition.static_cover()),
        (None, _) => (None, None),
    };
    // A coordinator's read brings what lives and no tombstone, so what was deleted before hides nothing of the statement's own.
    let mut row = Row::default();
    let column = found.and_then(|found| found.columns.iter().find(|(id, _)| *id == place.column));
    if let (Some(found), Some((_, Column::Collection(list)))) = (found, column) {
        let into = collection(&mut row, place.column);
        list.live_cells(found.cover(above), seconds).for_each(|(path, cell)| put(into, path.clone(), cell.clone()));
    }
    row.join(own, Dialect::Cassandra);
    let column = row.columns.iter().find(|(id, _)| *id == place.column).map(|(_, column)| column);
    let Some(Column::Collection(list)) = column else { return Vec::new() };
    list.live_cells(row.cover(None), seconds).filter_map(|(path, cell)| Some((path.clone(), value(cell)?))).collect()
}

fn value(cell: &Cell) -> Option<Bytes> {
    match &cell.content {
        Content::Live(value) | Content::Expiring(value, _) => Some(value.clone()),
        Content::Dead { .. } => None,
    }
}

impl Place {
    fn write(self, row: &mut Row, list: &[(Bytes, Bytes)]) -> Result<(), Error> {
        let at = |at: i32, verb: &str| {
            if list.is_empty() {
                return Err(Error::Invalid(format!("Attempted to {verb} a list which is null")));
            }
            let found = usize::try_from(at).ok().and_then(|at| list.get(at));
            found
                .map(|(path, _)| path.clone())
                .ok_or_else(|| Error::Invalid(format!("List index {at} out of bound, list has size {}", list.len())))
        };
        if let Pending::LookAt(place) = self.pending {
            return at(place, "set an element on").map(|_| ());
        }
        let into = collection_of(row, self.column);
        match self.pending {
            Pending::LookAt(_) => {}
            Pending::SetAt(place, value) => put(into, at(place, "set an element on")?, self.stamp.cell(value)),
            Pending::RemoveAt(place) => put(into, at(place, "delete an element from")?, self.stamp.cell(None)),
            Pending::RemoveValues(values) => {
                for (path, value) in list {
                    if values.contains(value) {
                        put(into, path.clone(), self.stamp.cell(None));
                    }
                }
            }
        }
        Ok(())
    }
}

/// The column's collection, in its place among the row's columns.
fn collection_of(row: &mut Row, id: ColumnId) -> &mut storage::Collection {
    let later = row.columns.partition_point(|(other, _)| *other <= id);
    let tail = row.columns.split_off(later);
    collection(row, id);
    row.columns.extend(tail);
    let at = row.columns.partition_point(|(other, _)| *other < id);
    match row.columns.get_mut(at) {
        Some((_, Column::Collection(collection))) => collection,
        _ => unreachable!("it has just been made"),
    }
}
