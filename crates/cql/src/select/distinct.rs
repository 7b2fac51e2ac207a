//! What is asked of partitions alone: DISTINCT, and statics without rows.

use super::{Choices, invalid};
use crate::ast;
use crate::plan::restrict::{Restriction, Restrictions};
use crate::request::Error;
use crate::schema::{Column, ColumnKind, Table};
use alloc::format;

/// What only partitions are asked for goes with no condition on rows.
pub(super) fn check_statics(selected: &Choices, restrictions: &Restrictions, table: &Table) -> Result<(), Error> {
    let asked = selected.places();
    let columns = || asked.iter().filter_map(|place| table.columns().get(*place as usize));
    let mut restricted = restrictions.touched().filter_map(|at| table.columns().get(at));
    if columns().all(of_partition)
        && columns().any(|column| matches!(column.kind, ColumnKind::Static))
        && restricted.any(|column| matches!(column.kind, ColumnKind::Clustering { .. }))
    {
        return invalid("Cannot restrict clustering columns when selecting only static columns");
    }
    Ok(())
}

/// `DISTINCT` is of partitions.
pub(super) fn check_distinct(
    selected: &Choices,
    select: &ast::Select,
    restrictions: &Restrictions,
    table: &Table,
) -> Result<(), Error> {
    if !select.distinct {
        return Ok(());
    }
    if select.per_partition_limit.is_some() {
        return invalid("PER PARTITION LIMIT is not allowed with SELECT DISTINCT queries");
    }
    let asked = selected.places();
    let columns = || asked.iter().filter_map(|place| table.columns().get(*place as usize));
    let mut restricted = restrictions.touched().filter_map(|at| table.columns().get(at));
    if restricted.any(|column| !of_partition(column)) {
        return invalid(
            "SELECT DISTINCT with WHERE clause only supports restriction by partition key and/or static columns.",
        );
    }
    let several = (0..table.partition_key().len()).any(|at| matches!(restrictions.at(at), Some(Restriction::In(_))));
    let sorted = select.order_by.iter().filter(|_| several).filter_map(|by| table.need(&by.column).ok());
    if let Some(column) = columns().chain(sorted).find(|column| !of_partition(column)) {
        return invalid(format!(
            "SELECT DISTINCT queries must only request partition key columns and/or static columns (not {})",
            column.name
        ));
    }
    // Over many partitions each must be told from the next.
    let keys = table.partition_key();
    let named = |at| matches!(restrictions.at(at), Some(Restriction::Equal(_) | Restriction::In(_)));
    match (0u32..).zip(keys).find(|(at, _)| !asked.contains(at)) {
        Some((_, missing)) if !(0..keys.len()).all(named) => invalid(format!(
            "SELECT DISTINCT queries must request all the partition key columns (missing {})",
            missing.name
        )),
        _ => Ok(()),
    }
}

fn of_partition(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::Partition(_) | ColumnKind::Static)
}
