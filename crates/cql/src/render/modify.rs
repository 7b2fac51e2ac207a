//! `INSERT`, `UPDATE`, `DELETE` and `BATCH`.

use super::select::relations;
use super::{Joined, Quoted, when};
use crate::ast::{
    Assignment, Attribute, Attributes, Batch, BatchKind, Condition, Delete, Deletion, Insert, InsertSource,
    JsonDefault, JsonValue, Modification, Update,
};
use core::fmt::{Display, Formatter, Result};

impl Display for Modification {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Modification::Insert(insert) => insert.fmt(f),
            Modification::Update(update) => update.fmt(f),
            Modification::Delete(delete) => delete.fmt(f),
        }
    }
}

impl Display for Insert {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "INSERT INTO {} ", self.table)?;
        match &self.source {
            InsertSource::Values { columns, values } => {
                write!(f, "({}) VALUES ({})", Joined(columns, ", "), Joined(values, ", "))?;
            }
            InsertSource::Json { value, default } => {
                match value {
                    JsonValue::Text(text) => write!(f, "JSON {}", Quoted(text))?,
                    JsonValue::Marker(marker) => write!(f, "JSON {marker}")?,
                }
                when(f, *default == JsonDefault::Unset, " DEFAULT UNSET")?;
            }
        }
        when(f, self.if_not_exists, " IF NOT EXISTS")?;
        self.using.fmt(f)
    }
}

impl Display for Update {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "UPDATE {}{} SET {}", self.table, self.using, Joined(&self.assignments, ", "))?;
        relations(f, " WHERE ", &self.relations)?;
        self.condition.fmt(f)
    }
}

impl Display for Assignment {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Assignment::Set(column, value) => write!(f, "{column} = {value}"),
            Assignment::Add(column, value) => write!(f, "{column} = {column} + {value}"),
            Assignment::Subtract(column, value) => write!(f, "{column} = {column} - {value}"),
            Assignment::Prepend(column, value) => write!(f, "{column} = {value} + {column}"),
            Assignment::Element(column, key, value) => write!(f, "{column}[{key}] = {value}"),
            Assignment::Field(column, field, value) => write!(f, "{column}.{field} = {value}"),
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Condition::None => Ok(()),
            Condition::Exists => f.write_str(" IF EXISTS"),
            Condition::All(conditions) => relations(f, " IF ", conditions),
        }
    }
}

impl Display for Delete {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("DELETE ")?;
        if !self.targets.is_empty() {
            write!(f, "{} ", Joined(&self.targets, ", "))?;
        }
        write!(f, "FROM {}{}", self.table, self.using)?;
        relations(f, " WHERE ", &self.relations)?;
        self.condition.fmt(f)
    }
}

impl Display for Deletion {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Deletion::Column(column) => column.fmt(f),
            Deletion::Element(column, key) => write!(f, "{column}[{key}]"),
            Deletion::Field(column, field) => write!(f, "{column}.{field}"),
        }
    }
}

impl Display for Attributes {
    /// With a leading space, or nothing at all.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(f, " USING {}", Joined(&self.0, " AND "))
    }
}

impl Display for Attribute {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Attribute::Timestamp(value) => write!(f, "TIMESTAMP {value}"),
            Attribute::Ttl(value) => write!(f, "TTL {value}"),
            Attribute::Timeout(value) => write!(f, "TIMEOUT {value}"),
        }
    }
}

impl Display for Batch {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self.kind {
            BatchKind::Logged => "BEGIN BATCH",
            BatchKind::Unlogged => "BEGIN UNLOGGED BATCH",
            BatchKind::Counter => "BEGIN COUNTER BATCH",
        })?;
        self.using.fmt(f)?;
        for statement in &self.statements {
            write!(f, " {statement};")?;
        }
        f.write_str(" APPLY BATCH")
    }
}
