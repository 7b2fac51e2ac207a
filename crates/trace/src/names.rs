//! Words for keys and values: whoever reads a trace brings them, for only `cql` knows how they print.

use crate::schema::{ColumnInfo, TableInfo};
use core::fmt;

/// Prints keys and values. Table and column names need no printer: they are in the [`TableInfo`], whose column types are
/// text that an implementation may parse (and remember by `(table.id, column.id)`).
pub trait Names {
    /// A partition key: `org-1`, `(org-1, 7)`.
    ///
    /// # Errors
    /// Those of the formatter.
    fn partition(&self, table: &TableInfo, key: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// A row's clustering key: `user-1`, `(2025, user-1)`. Never asked for a table without clustering columns.
    ///
    /// # Errors
    /// Those of the formatter.
    fn row(&self, table: &TableInfo, clustering: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// A slice of positions: `[a, c)`; `end` is `None` where it is open.
    ///
    /// # Errors
    /// Those of the formatter.
    fn slice(&self, table: &TableInfo, start: &[u8], end: Option<&[u8]>, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// The value of a column, or of one element of a collection that is not frozen.
    ///
    /// # Errors
    /// Those of the formatter.
    fn value(
        &self,
        table: &TableInfo,
        column: &ColumnInfo,
        element: bool,
        value: &[u8],
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result;

    /// Where an element stands in its collection: a set's element, a map's key, a list's timeuuid, a field's name.
    ///
    /// # Errors
    /// Those of the formatter.
    fn path(&self, table: &TableInfo, column: &ColumnInfo, path: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// Names for who knows no CQL: printable ASCII as it is, everything else as a blob literal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain;

impl Names for Plain {
    fn partition(&self, _: &TableInfo, key: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        plain(key, f)
    }

    fn row(&self, _: &TableInfo, clustering: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        plain(clustering, f)
    }

    fn slice(&self, _: &TableInfo, start: &[u8], end: Option<&[u8]>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        plain(start, f)?;
        f.write_str(", ")?;
        plain(end.unwrap_or_default(), f)?;
        f.write_str(")")
    }

    fn value(&self, _: &TableInfo, _: &ColumnInfo, _: bool, value: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        plain(value, f)
    }

    fn path(&self, _: &TableInfo, _: &ColumnInfo, path: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        plain(path, f)
    }
}

fn plain(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match core::str::from_utf8(bytes) {
        Ok(text) if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => f.write_str(text),
        _ => {
            f.write_str("0x")?;
            bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
        }
    }
}
