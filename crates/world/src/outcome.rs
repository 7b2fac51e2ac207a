//! What came of a statement, as a scenario writes it.

use alloc::string::ToString;
use alloc::vec::Vec;
use cql::Response;
use scenario::{Failed, Outcome, Table};

/// The outcome that a driver's answer is.
pub(crate) fn outcome(response: &Response) -> Outcome {
    match response {
        Response::Rows(rows, _) => Outcome::Rows(Table {
            columns: rows.columns.iter().map(|column| column.name.to_string()).collect(),
            rows: rows
                .rows
                .iter()
                .map(|row| {
                    let cells = row.iter().zip(rows.columns.iter());
                    cells.map(|(value, column)| cql::print::cell(&column.ty, value.as_deref())).collect::<Vec<_>>()
                })
                .collect(),
        }),
        Response::Error(error) => Outcome::Error(Failed { line: error.to_string(), message: error.message() }),
        Response::Ready
        | Response::Void
        | Response::SetKeyspace(_)
        | Response::SchemaChange(_)
        | Response::Prepared { .. } => Outcome::Done,
    }
}
