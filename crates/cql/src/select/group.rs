//! GROUP BY: a prefix of the primary key, whose columns may be left out where `=` fixes them.

use super::invalid;
use crate::{
    ast::{Expr, Reference, Selector},
    functions::is_aggregate,
    plan::restrict::{Restriction, Restrictions},
    request::Error,
    schema::{ColumnKind, Table, not_executed_change},
};
use alloc::format;

const OUT_OF_ORDER: &str =
    "Group by currently only support groups of columns following their declared order in the PRIMARY KEY";

/// By how many leading clustering columns rows are grouped, within their partition.
pub(super) fn prefix(
    group_by: &[Selector],
    table: &Table,
    restrictions: &Restrictions,
    distinct: bool,
) -> Result<Option<u32>, Error> {
    if group_by.is_empty() {
        return Ok(None);
    }
    let keys = table.partition_key().len();
    let columns = table.partition_key().iter().chain(table.clustering());
    let mut next = 0..keys + table.clustering().len();
    let mut grouped = 0;
    for selector in group_by {
        let column = match selector {
            Expr::Reference(Reference::Column(name)) => table.need(name)?,
            other => return function(other, table),
        };
        if !column.is_key() {
            return invalid(format!(
                "Group by is currently only supported on the columns of the PRIMARY KEY, got {}",
                column.name
            ));
        }
        loop {
            let Some(at) = next.next() else { return invalid(OUT_OF_ORDER) };
            grouped = at + 1;
            if columns.clone().nth(at).is_some_and(|here| here.id == column.id) {
                break;
            }
            if !matches!(restrictions.at(at), Some(Restriction::Equal(_))) {
                return invalid(OUT_OF_ORDER);
            }
        }
    }
    if grouped < keys {
        return invalid("Group by is not supported on only a part of the partition key");
    }
    if grouped > keys && distinct {
        return invalid("Grouping on clustering columns is not allowed for SELECT DISTINCT queries");
    }
    Ok(Some((grouped - keys) as u32))
}

/// What is no column: an aggregate is refused, and so is a function of anything but clustering columns.
fn function(selector: &Selector, table: &Table) -> Result<Option<u32>, Error> {
    let aggregate =
        |name: &str| invalid(format!("Aggregate functions are not supported within the GROUP BY clause, got: {name}"));
    match selector {
        Expr::Reference(Reference::CountRows) => return aggregate("system.count_rows"),
        Expr::Call(call) if is_aggregate(&call.function.name) => {
            return aggregate(&format!("system.{}", call.function.name));
        }
        _ => {}
    }
    let mut of = None;
    columns_of(selector, &mut |name| {
        of = of.or_else(|| table.column(name).filter(|column| !matches!(column.kind, ColumnKind::Clustering { .. })));
    });
    match of {
        Some(column) => {
            invalid(format!("Group by functions are only supported on clustering columns, got {}", column.name))
        }
        None => Err(not_executed_change("GROUP BY of a function")),
    }
}

fn columns_of(selector: &Selector, found: &mut dyn FnMut(&str)) {
    match selector {
        Expr::Reference(Reference::Column(name)) => found(name),
        Expr::Call(call) => call.arguments.iter().for_each(|one| columns_of(one, found)),
        Expr::Binary(binary) => [&binary.left, &binary.right].into_iter().for_each(|one| columns_of(one, found)),
        Expr::Negate(inner) | Expr::Cast(inner, _) => columns_of(inner, found),
        Expr::Tuple(items) => items.iter().for_each(|one| columns_of(one, found)),
        _ => {}
    }
}
