//! One row as the selection sees it: key values, static values and its own, null where nothing lives.

use crate::{
    comparable,
    plan::field_path,
    schema::{Column, ColumnKind, Table},
    types::Type,
    values,
};
use alloc::vec::Vec;
use core::cell::OnceCell;
use storage::{Bytes, Cell, ColumnId, Content, PartitionKey, Row, Shadow};

/// A row, or a static row alone.
pub(crate) struct RowView<'a> {
    pub(crate) table: &'a Table,
    pub(super) key: &'a PartitionKey,
    /// The clustering key; `None` when the static row stands alone.
    pub(super) clustering: Option<&'a Bytes>,
    /// The static row and the deletion over it.
    pub(super) statics: Option<(&'a Row, Option<Shadow>)>,
    /// The row and the deletion over it.
    pub(crate) row: Option<(&'a Row, Option<Shadow>)>,
    /// Seconds since the Unix epoch.
    pub(super) now: i64,
    components: OnceCell<Vec<Vec<u8>>>,
}

impl<'a> RowView<'a> {
    pub(crate) fn new(
        table: &'a Table,
        key: &'a PartitionKey,
        clustering: Option<&'a Bytes>,
        statics: Option<(&'a Row, Option<Shadow>)>,
        row: Option<(&'a Row, Option<Shadow>)>,
        now: i64,
    ) -> Self {
        RowView { table, key, clustering, statics, row, now, components: OnceCell::new() }
    }

    /// The value of a column.
    pub(crate) fn value(&self, column: &Column) -> Option<Bytes> {
        match column.kind {
            ColumnKind::Partition(0) if self.table.partition_key().len() == 1 => Some(self.key.bytes.clone()),
            ColumnKind::Partition(at) => values::key_components(self.table.partition_key().len(), &self.key.bytes)
                .nth(at as usize)
                .map(Into::into),
            ColumnKind::Clustering { position, .. } => {
                let key = self.clustering?;
                let components = self
                    .components
                    .get_or_init(|| comparable::decode(self.table.clustering_types(), key).unwrap_or_default());
                components.get(position as usize).map(|value| value.as_slice().into())
            }
            ColumnKind::Static | ColumnKind::Regular => match self.stored(column)? {
                (storage::Column::Simple(cell), cover) => live(cell, cover, self.now),
                (storage::Column::Collection(collection), cover) => {
                    let items: Vec<(&Bytes, Bytes)> = collection
                        .live_cells(cover, self.now)
                        .filter_map(|(path, cell)| Some((path, value(cell)?)))
                        .collect();
                    assembled(&column.ty, &items)
                }
            },
        }
    }

    /// What is stored of a column outside the key, and the deletion over its row.
    fn stored(&self, column: &Column) -> Option<(&'a storage::Column, Option<Shadow>)> {
        let (row, above) = if column.kind == ColumnKind::Static { self.statics } else { self.row }?;
        find(row, column.id).map(|found| (found, row.cover(above)))
    }

    /// The paths of what is dead in a collection, without what a deletion over it covers.
    pub(super) fn dead(&self, column: &Column) -> impl Iterator<Item = &'a Bytes> {
        let cells = match self.stored(column) {
            Some((storage::Column::Collection(collection), cover)) => Some(collection.dead_cells(cover, self.now)),
            _ => None,
        };
        cells.into_iter().flatten().map(|(path, _)| path)
    }

    /// The live cells of a column, in order, with their paths; a plain value has one.
    pub(super) fn cells(&self, column: &Column) -> Vec<(Option<&'a Bytes>, &'a Cell)> {
        match self.stored(column) {
            None => Vec::new(),
            Some((storage::Column::Simple(cell), cover)) => {
                if cell.is_live(cover, self.now) {
                    [(None, cell)].into()
                } else {
                    Vec::new()
                }
            }
            Some((storage::Column::Collection(collection), cover)) => {
                collection.live_cells(cover, self.now).map(|(path, cell)| (Some(path), cell)).collect()
            }
        }
    }
}

fn find(row: &Row, id: ColumnId) -> Option<&storage::Column> {
    let at = row.columns.binary_search_by_key(&id, |(have, _)| *have).ok()?;
    row.columns.get(at).map(|(_, column)| column)
}

fn live(cell: &Cell, cover: Option<Shadow>, now: i64) -> Option<Bytes> {
    if cell.is_live(cover, now) { value(cell) } else { None }
}

fn value(cell: &Cell) -> Option<Bytes> {
    match &cell.content {
        Content::Live(value) | Content::Expiring(value, _) => Some(value.clone()),
        Content::Dead { .. } => None,
    }
}

/// A collection's cells as one serialized value; an empty one is null.
fn assembled(ty: &Type, items: &[(&Bytes, Bytes)]) -> Option<Bytes> {
    if items.is_empty() {
        return None;
    }
    let decoded = |ty: &Type| -> Vec<Vec<u8>> {
        items
            .iter()
            .map(|(path, _)| comparable::decode_component(ty, false, path).map(|(value, _)| value).unwrap_or_default())
            .collect()
    };
    Some(match ty {
        Type::Udt(udt) => {
            let field = |at: usize| {
                let path = field_path(at as u16);
                items.iter().find(|(have, _)| **have == path).map(|(_, value)| &**value)
            };
            values::tuple((0..udt.fields.len()).map(field)).into()
        }
        Type::Set(element) => values::collection(decoded(element).iter().map(Vec::as_slice)).into(),
        Type::Map(kv) => {
            let keys = decoded(&kv.0);
            let entries: Vec<(&[u8], &[u8])> =
                keys.iter().map(Vec::as_slice).zip(items.iter().map(|(_, value)| &**value)).collect();
            values::map(entries.into_iter()).into()
        }
        _ => values::collection(items.iter().map(|(_, value)| &**value)).into(),
    })
}
