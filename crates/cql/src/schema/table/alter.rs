//! `ALTER TABLE`: columns come, go and are renamed.

use super::{COLUMNS_MAX, Column, ColumnKind, DroppedColumn, STATIC_ALONE, Table, column_type, invalid};
use crate::{
    ast::{ColumnDefinition, Name, TableChange},
    print::identifier,
    request::Error,
    schema::{Keyspace, not_executed_change},
    types::Type,
};
use alloc::format;

/// The table after an `ALTER TABLE`.
pub(in crate::schema) fn alter(old: &Table, change: &TableChange, keyspace: &Keyspace) -> Result<Table, Error> {
    let mut table = old.clone();
    match change {
        TableChange::Add { if_not_exists, columns } => {
            for column in columns {
                add_column(&mut table, column, *if_not_exists, keyspace)?;
            }
        }
        TableChange::Drop { if_exists, columns, timestamp: _ } => {
            for name in columns {
                drop_column(&mut table, name, *if_exists)?;
            }
        }
        // Cassandra reads `IF EXISTS` here, and does not heed it.
        TableChange::Rename { if_exists: _, renames } => {
            renames.iter().try_for_each(|(from, to)| rename(&mut table, from, to))?;
        }
        TableChange::With(properties) => {
            table.options.set(properties)?;
            if table.is_counter() && table.options.default_time_to_live > 0 {
                return invalid("Cannot set default_time_to_live on a table with counters".into());
            }
        }
        TableChange::Type { .. } => return invalid("Altering column types is no longer supported".into()),
        TableChange::DropCompactStorage => {
            return invalid("Cannot DROP COMPACT STORAGE on table without COMPACT STORAGE".into());
        }
        TableChange::Mask { .. } => return Err(not_executed_change("ALTER TABLE … MASKED")),
    }
    table.sort();
    Ok(table)
}

fn add_column(
    table: &mut Table,
    column: &ColumnDefinition,
    if_not_exists: bool,
    keyspace: &Keyspace,
) -> Result<(), Error> {
    let name = column.name.as_str();
    let ty = column_type(&column.ty, keyspace)?;
    if column.mask.is_some() {
        return Err(not_executed_change("ALTER TABLE … ADD … MASKED"));
    }
    if table.columns.iter().any(|have| &*have.name == name) {
        return if if_not_exists { Ok(()) } else { invalid(format!("Column with name '{name}' already exists")) };
    }
    if column.is_static && table.clustering == 0 {
        return invalid(STATIC_ALONE.into());
    }
    if table.columns.len() >= COLUMNS_MAX {
        return invalid(format!("a table may have {COLUMNS_MAX} columns"));
    }
    if (ty == Type::Counter) != table.is_counter()
        && table.columns.len() > (table.partition + table.clustering) as usize
    {
        let message = if ty == Type::Counter {
            format!("{}: Cannot have a counter column (\"{name}\") in a non counter table", table.full_name())
        } else {
            format!("{}: Cannot have a non counter column (\"{name}\") in a counter table", table.full_name())
        };
        return Err(Error::Config(message));
    }
    if let Some(before) =
        table.dropped.iter().rev().find(|dropped| &*dropped.name == name).filter(|dropped| dropped.ty != ty)
    {
        return invalid(format!(
            "Cannot re-add previously dropped column '{name}' of type {ty}, incompatible with previous type {}",
            before.ty
        ));
    }
    table.add(&column.name, ty, if column.is_static { ColumnKind::Static } else { ColumnKind::Regular });
    Ok(())
}

fn drop_column(table: &mut Table, name: &Name, if_exists: bool) -> Result<(), Error> {
    let name = name.as_str();
    let Some(at) = table.columns.iter().position(|column| &*column.name == name) else {
        return if if_exists {
            Ok(())
        } else {
            invalid(format!("Column {name} was not found in table '{}.{}'", table.keyspace, table.name))
        };
    };
    if table.columns.get(at).is_some_and(Column::is_key) {
        return invalid(format!("Cannot drop PRIMARY KEY column {name}"));
    }
    if let Some(Type::Udt(udt)) = table.columns.get(at).map(|column| &column.ty) {
        return invalid(format!("Cannot drop non-frozen column {name} of user type {}", udt.name));
    }
    if let Some(indexes) = table.columns.get(at).and_then(|column| table.dependent_indexes(column.id)) {
        return invalid(format!("Cannot drop column {name} because it has dependent secondary indexes ({indexes})"));
    }
    let column = table.columns.remove(at);
    table.dropped.push(DroppedColumn { id: column.id, name: column.name, ty: column.ty });
    Ok(())
}

fn rename(table: &mut Table, from: &Name, to: &Name) -> Result<(), Error> {
    let (from, to) = (from.as_str(), to.as_str());
    if let Some(indexes) = table.column(from).and_then(|column| table.dependent_indexes(column.id)) {
        return invalid(format!("Can't rename column {from} because it has dependent secondary indexes ({indexes})"));
    }
    let taken = table.columns.iter().any(|column| &*column.name == to);
    let full = format!("{}.{}", table.keyspace, table.name);
    let column = table.columns.iter_mut().find(|column| &*column.name == from);
    let undefined = || Error::Invalid(format!("Undefined column name {} in table {full}", identifier(from)));
    let column = column.ok_or_else(undefined)?;
    if !column.is_key() {
        return invalid(format!("Cannot rename non PRIMARY KEY column {from}"));
    }
    if taken {
        return invalid(format!(
            "Cannot rename column {from} to {to} in table '{full}'; another column with that name already exists"
        ));
    }
    column.name = to.into();
    Ok(())
}
