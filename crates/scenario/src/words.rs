//! Keys and values of trace lines in the words of CQL: where the trace's names and `cql`'s printing meet.

use alloc::vec::Vec;
use core::fmt;
use cql::{Printer, TableShape, Type};
use trace::{ColumnInfo, Dictionary, Names, Role, TableInfo};

/// Prints the keys and values of a trace's tables.
#[derive(Clone, Debug, Default)]
pub struct CqlNames(Printer);

impl CqlNames {
    /// Names for these tables.
    #[must_use]
    pub fn new(dictionary: &Dictionary) -> CqlNames {
        CqlNames(dictionary.tables().map(|table| (table.id, shape(table))).collect())
    }
}

fn shape(table: &TableInfo) -> TableShape {
    let of = |role: Role| table.columns.iter().filter(move |column| column.role == role);
    TableShape {
        partition: of(Role::Partition).map(ty).collect(),
        clustering: of(Role::Clustering).map(|column| (ty(column), column.descending)).collect(),
        columns: table
            .columns
            .iter()
            .map(|column| (column.id, column.name.as_ref().into(), ty(column)))
            .collect::<Vec<_>>(),
    }
}

/// A type that does not parse prints as blobs.
fn ty(column: &ColumnInfo) -> Type {
    Type::parse(&column.kind).unwrap_or(Type::Blob)
}

impl Names for CqlNames {
    fn partition(&self, table: &TableInfo, key: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.partition(table.id, key))
    }

    fn row(&self, table: &TableInfo, clustering: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.row(table.id, clustering))
    }

    fn slice(&self, table: &TableInfo, start: &[u8], end: Option<&[u8]>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.slice(table.id, start, end))
    }

    fn value(
        &self,
        table: &TableInfo,
        column: &ColumnInfo,
        element: bool,
        value: &[u8],
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        f.write_str(&self.0.value(table.id, column.id, element.then_some(&[]), value))
    }

    fn path(&self, table: &TableInfo, column: &ColumnInfo, path: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.path(table.id, column.id, path))
    }
}
