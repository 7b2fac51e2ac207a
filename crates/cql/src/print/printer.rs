//! Keys and values of trace lines, from nothing but the names and types of a table's columns.

use super::{cell, literal};
use crate::{comparable, types::Type, values};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use storage::{ColumnId, TableId};

/// What a reader of a trace knows of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableShape {
    /// Types of the partition key.
    pub partition: Vec<Type>,
    /// Types of the clustering columns, and whether each descends.
    pub clustering: Vec<(Type, bool)>,
    /// Every column by number: name and type.
    pub columns: Vec<(ColumnId, String, Type)>,
}

/// Prints keys, paths and values. What it has no type for, and bytes that are no value of their type, print as blobs.
#[derive(Clone, Debug, Default)]
pub struct Printer {
    tables: Vec<(TableId, TableShape)>,
}

impl FromIterator<(TableId, TableShape)> for Printer {
    fn from_iter<I: IntoIterator<Item = (TableId, TableShape)>>(tables: I) -> Self {
        Printer { tables: tables.into_iter().collect() }
    }
}

impl Printer {
    /// A printer for these tables.
    pub fn new(tables: impl IntoIterator<Item = (TableId, TableShape)>) -> Printer {
        tables.into_iter().collect()
    }

    /// A partition key: `org-1`, `(org-1, 7)`.
    pub fn partition(&self, table: TableId, key: &[u8]) -> String {
        let Some(shape) = self.shape(table) else { return blob(key) };
        let parts: Vec<String> = values::key_components(shape.partition.len(), key)
            .zip(&shape.partition)
            .map(|(value, ty)| cell(ty, Some(value)))
            .collect();
        if parts.len() == shape.partition.len() { together(&parts) } else { blob(key) }
    }

    /// A clustering key or a prefix of one: `user-1`, `(2025, user-1)`.
    pub fn row(&self, table: TableId, clustering: &[u8]) -> String {
        self.components(table, clustering).map_or_else(|| blob(clustering), |parts| together(&parts))
    }

    /// An interval of clustering positions: `[a, c)`; `a]` and `(a` are the positions behind everything that begins with `a`.
    pub fn slice(&self, table: TableId, start: &[u8], end: Option<&[u8]>) -> String {
        let start = match self.bound(table, start) {
            (text, _) if text.is_empty() => "(-∞".to_string(),
            (text, true) => format!("({text}"),
            (text, false) => format!("[{text}"),
        };
        let end = match end.map(|end| self.bound(table, end)) {
            None => "∞)".to_string(),
            Some((text, true)) => format!("{text}]"),
            Some((text, false)) => format!("{text})"),
        };
        format!("{start}, {end}")
    }

    /// A column's name.
    pub fn column(&self, table: TableId, column: ColumnId) -> Option<&str> {
        self.find(table, column).map(|(_, name, _)| name.as_str())
    }

    /// The value of a column or, with `path`, of one element of a collection that is not frozen.
    pub fn value(&self, table: TableId, column: ColumnId, path: Option<&[u8]>, value: &[u8]) -> String {
        let Some((_, _, ty)) = self.find(table, column) else { return blob(value) };
        match (path, ty) {
            (None, ty) => literal(ty, value),
            (Some(_), Type::List(element)) => literal(element, value),
            (Some(_), Type::Map(kv)) => literal(&kv.1, value),
            (Some(_), Type::Set(_)) => String::new(),
            (Some(path), Type::Udt(udt)) => {
                field(path).and_then(|at| udt.fields.get(at)).map_or_else(|| blob(value), |(_, ty)| literal(ty, value))
            }
            (Some(_), _) => blob(value),
        }
    }

    /// Where an element stands: a set's element, a map's key, a list's timeuuid, a field's name.
    pub fn path(&self, table: TableId, column: ColumnId, path: &[u8]) -> String {
        let Some((_, _, ty)) = self.find(table, column) else { return blob(path) };
        let of = |ty: &Type| match comparable::decode_component(ty, false, path) {
            Ok((value, [])) => literal(ty, &value),
            _ => blob(path),
        };
        match ty {
            Type::Set(element) => of(element),
            Type::Map(kv) => of(&kv.0),
            Type::List(_) => of(&Type::Timeuuid),
            Type::Udt(udt) => {
                field(path).and_then(|at| udt.fields.get(at)).map_or_else(|| blob(path), |(name, _)| name.clone())
            }
            _ => blob(path),
        }
    }

    fn shape(&self, table: TableId) -> Option<&TableShape> {
        self.tables.iter().find(|(id, _)| *id == table).map(|(_, shape)| shape)
    }

    fn find(&self, table: TableId, column: ColumnId) -> Option<&(ColumnId, String, Type)> {
        self.shape(table)?.columns.iter().find(|(id, ..)| *id == column)
    }

    fn components(&self, table: TableId, clustering: &[u8]) -> Option<Vec<String>> {
        let types = &self.shape(table)?.clustering;
        let values = comparable::decode(types.iter().map(|(ty, descending)| (ty, *descending)), clustering).ok()?;
        Some(values.iter().zip(types).map(|(value, (ty, _))| cell(ty, Some(value))).collect())
    }

    /// A position without its mark, and whether it lies behind what begins with it.
    fn bound(&self, table: TableId, position: &[u8]) -> (String, bool) {
        match position.split_last() {
            Some((&comparable::AFTER, prefix)) if self.components(table, prefix).is_some() => {
                (self.row(table, prefix), true)
            }
            _ => (if position.is_empty() { String::new() } else { self.row(table, position) }, false),
        }
    }
}

fn field(path: &[u8]) -> Option<usize> {
    <[u8; 2]>::try_from(path).ok().map(|at| usize::from(u16::from_be_bytes(at)))
}

fn together(parts: &[String]) -> String {
    match parts {
        [one] => one.clone(),
        many => format!("({})", many.join(", ")),
    }
}

fn blob(bytes: &[u8]) -> String {
    format!("0x{}", values::hex_text(bytes))
}
