//! One statement of a program: its text, and the values it is executed with if it is prepared first.

use cql::ast::{Comparison, Modification, Relation, Subject, Test};
use cql::values::{Constant, Kind, constant};
use cql::{Type, Value};
use std::fmt;

/// `$T` stands for the table, `$U` for its user-defined type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub text: String,
    /// For the markers of a prepared statement; `None` is a text that is sent as it is.
    pub values: Option<Vec<Marked>>,
}

/// A value for a marker: of which type it is sent, and as a literal; `null` and `unset` are neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    pub ty: &'static str,
    pub literal: String,
}

impl Statement {
    pub fn plain(text: impl Into<String>) -> Statement {
        Statement { text: text.into(), values: None }
    }

    /// How many clustering columns the table has that it creates.
    pub fn clustering(&self) -> usize {
        let order = self.text.split_once("CLUSTERING ORDER BY").map_or("", |(_, order)| order);
        order.split(',').filter(|column| !column.is_empty()).count()
    }

    /// Whether it deletes a range of rows, of a table with so many clustering columns.
    pub fn deletes_range(&self, clustering: usize) -> bool {
        let Ok(parsed) = cql::parse(&self.text.replace("$T", "t").replace("$U", "u")) else { return false };
        let all = match &parsed {
            cql::ast::Statement::Modify(one) => std::slice::from_ref(one),
            cql::ast::Statement::Batch(batch) => &batch.statements,
            _ => return false,
        };
        all.iter().any(|one| {
            let Modification::Delete(delete) = one else { return false };
            let behind = delete.relations.iter().filter(
                |relation| matches!(&relation.subject, Subject::Column(name) if !name.as_str().starts_with('p')),
            );
            let named =
                |relation: &&Relation| matches!(relation.test, Test::Compare(Comparison::Equal, _) | Test::In(_));
            delete.targets.is_empty() && behind.clone().count() > 0 && behind.filter(named).count() < clustering
        })
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{};", self.text.replace("$T", "t").replace("$U", "u"))?;
        let Some(values) = &self.values else { return Ok(()) };
        let values: Vec<String> = values.iter().map(|value| format!("{} {}", value.ty, value.literal)).collect();
        write!(f, "  -- prepared, with ({})", values.join(", "))
    }
}

impl Marked {
    /// As it crosses the wire.
    pub fn value(&self) -> Value {
        if let Some(collection) = self.collection() {
            return Value::Bytes(collection.into());
        }
        let text = self.literal.trim_matches('\'');
        let kind = match self.ty {
            "tinyint" | "smallint" | "int" | "bigint" | "varint" => Kind::Integer,
            "float" | "double" | "decimal" => Kind::Float,
            "boolean" => Kind::Boolean,
            "uuid" | "timeuuid" => Kind::Uuid,
            "blob" => Kind::Hex,
            "duration" => Kind::Duration,
            _ if self.literal.starts_with('\'') => Kind::String,
            _ => Kind::Integer,
        };
        let text = text.strip_prefix("0x").unwrap_or(text);
        match (self.literal.as_str(), Type::native(self.ty)) {
            ("unset", _) => Value::Unset,
            ("null", _) | (_, None) => Value::Null,
            (_, Some(ty)) => match constant(Constant { kind, text }, &ty, 0) {
                Ok(bytes) => Value::Bytes(bytes.into()),
                Err(_) => Value::Null,
            },
        }
    }
    /// A collection as it is written: elements in no order, and some of them twice, as a driver may send them.
    fn collection(&self) -> Option<Vec<u8>> {
        let inside = |text: &'static str, of: &str| text.strip_prefix(of)?.strip_prefix('<')?.strip_suffix('>');
        let ty = inside(self.ty, "frozen").unwrap_or(self.ty);
        let items = self.literal.strip_prefix(['[', '{'])?.strip_suffix([']', '}'])?;
        let items = items.split(", ").filter(|item| !item.is_empty());
        let value = |ty, literal: &str| match (Marked { ty, literal: literal.into() }).value() {
            Value::Bytes(bytes) => Some(bytes),
            Value::Null | Value::Unset => None,
        };
        if let Some((key, item)) = inside(ty, "map").and_then(|kv| kv.split_once(", ")) {
            let entry = |text: &str| text.split_once(": ").and_then(|(k, v)| Some((value(key, k)?, value(item, v)?)));
            let entries = items.map(entry).collect::<Option<Vec<_>>>()?;
            return Some(cql::values::map(entries.iter().map(|(key, item)| (&**key, &**item))));
        }
        let of = inside(ty, "list").or_else(|| inside(ty, "set"))?;
        let items = items.map(|item| value(of, item)).collect::<Option<Vec<_>>>()?;
        Some(cql::values::collection(items.iter().map(|item| &**item)))
    }
}
