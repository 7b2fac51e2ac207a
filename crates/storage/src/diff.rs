//! What a replica must be sent to come to a merged state: the write of a read repair.

use crate::{Cell, Collection, Column, ColumnId, Partition, Row, ranges};
use alloc::{boxed::Box, vec::Vec};

impl Partition {
    /// The smallest delta that brings a replica which answered `self` to `merged` (all answers joined, then shed). Columns that
    /// were not asked for are left out: their values were not answered either (real-cluster.md 2c). `None`: nothing to send.
    pub fn diff(&self, merged: &Partition, columns: Option<&[ColumnId]>) -> Option<Partition> {
        let tombstone = merged.tombstone.filter(|tombstone| self.tombstone < Some(*tombstone));
        let ranges = ranges::missing(&merged.ranges, &self.ranges, self.tombstone);
        let empty = Row::default();
        let static_row = merged
            .static_row
            .as_deref()
            .and_then(|row| self.static_row.as_deref().unwrap_or(&empty).diff(row, columns));
        let rows = merged.rows.iter().filter_map(|(key, row)| {
            let held = self.rows.get(key).unwrap_or(&empty);
            held.diff(row, columns).map(|row| (key.clone(), row))
        });
        let delta = Partition { tombstone, ranges, static_row: static_row.map(Box::new), rows: rows.collect() };
        (!delta.is_empty()).then_some(delta)
    }
}

impl Row {
    fn diff(&self, merged: &Row, columns: Option<&[ColumnId]>) -> Option<Row> {
        let asked = |id: &ColumnId| columns.is_none_or(|columns| columns.binary_search(id).is_ok());
        let row = Row {
            marker: merged.marker.filter(|marker| self.marker.is_none_or(|have| have.join(*marker) != have)),
            tombstone: merged.tombstone.filter(|tombstone| self.tombstone < Some(*tombstone)),
            columns: merged
                .columns
                .iter()
                .filter(|(id, _)| asked(id))
                .filter_map(|(id, column)| Some((*id, column.beyond(self.column(*id))?)))
                .collect(),
        };
        (!row.is_empty()).then_some(row)
    }
}

impl Column {
    /// What of this column is not in `held`.
    fn beyond(&self, held: Option<&Column>) -> Option<Column> {
        match (self, held) {
            (Column::Collection(merged), Some(Column::Collection(held))) => {
                merged.beyond(held).map(|collection| Column::Collection(Box::new(collection)))
            }
            (same, Some(held)) if same == held => None,
            (missing, _) => Some(missing.clone()),
        }
    }
}

impl Collection {
    fn beyond(&self, held: &Collection) -> Option<Collection> {
        let has = |path: &crate::Bytes, cell: &Cell| {
            held.cells.binary_search_by(|(have, _)| have.cmp(path)).is_ok_and(|i| held.cells[i].1 == *cell)
        };
        let cells: Vec<_> = self.cells.iter().filter(|(path, cell)| !has(path, cell)).cloned().collect();
        let tombstone = self.tombstone.filter(|tombstone| held.tombstone < Some(*tombstone));
        let collection = Collection { tombstone, cells };
        (!collection.is_empty()).then_some(collection)
    }
}
