//! Outcomes to the lines that stand under their statements, the same on every backend.

use crate::backend::{Outcome, Table};
use crate::names::{Luck, Names};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cql::print::{table_text, width};

/// What is written under one statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// The `-->` lines, without their mark.
    pub lines: Vec<String>,
    /// The server's own words for an error: a `--~` line.
    pub words: Vec<String>,
}

/// Print what came of a statement. `luck` says which of its columns no two servers agree on.
pub(crate) fn print(outcome: &Outcome, expand: bool, luck: &Luck, names: &mut Names) -> Printed {
    match outcome {
        Outcome::Rows(table) => {
            let cells = named(table, luck, names);
            let lines = if expand { expanded(&table.columns, &cells) } else { table_text(&table.columns, &cells) };
            Printed { lines, words: Vec::new() }
        }
        Outcome::Text(lines) => Printed { lines: lines.clone(), words: Vec::new() },
        Outcome::Error(failed) => {
            let words = failed.message.lines().map(String::from).collect();
            Printed { lines: alloc::vec![failed.line.clone()], words }
        }
        Outcome::Done | Outcome::Later | Outcome::Settled(_) | Outcome::Skipped(_) | Outcome::Stuck(_) => {
            Printed::default()
        }
    }
}

/// The cells, with what is luck replaced by its number.
fn named(table: &Table, luck: &Luck, names: &mut Names) -> Vec<Vec<String>> {
    let kinds: Vec<_> = table.columns.iter().enumerate().map(|(at, name)| luck.of(at, name)).collect();
    let cell = |(at, text): (usize, &String), names: &mut Names| match kinds.get(at).copied().flatten() {
        Some(kind) if text != "null" => names.of(kind, text),
        _ => text.to_string(),
    };
    table.rows.iter().map(|row| row.iter().enumerate().map(|c| cell(c, names)).collect()).collect()
}

/// `EXPAND ON`: as cqlsh prints a row's columns under each other.
fn expanded(columns: &[String], rows: &[Vec<String>]) -> Vec<String> {
    if rows.is_empty() {
        return table_text(columns, rows);
    }
    let widest = |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| width(text)).max().unwrap_or(0);
    let left = widest(&mut columns.iter());
    let right = widest(&mut rows.iter().flatten());
    let mut lines = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        lines.push(format!("@ Row {}", n + 1));
        lines.push(format!("{}-+-{}", "-".repeat(left), "-".repeat(right)));
        for (column, cell) in columns.iter().zip(row) {
            let pad = " ".repeat(left - width(column));
            lines.push(format!("{column}{pad} | {cell}").trim_end().into());
        }
        lines.push(String::new());
    }
    lines.push(format!("({} rows)", rows.len()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expand_puts_columns_under_each_other() {
        let lines = expanded(&["k".into(), "version".into()], &[alloc::vec!["org-1".into(), "1".into()]]);
        assert_eq!(lines, ["@ Row 1", "--------+------", "k       | org-1", "version | 1", "", "(1 rows)"]);
        assert_eq!(expanded(&["k".into(), "v".into()], &[]), ["k | v", "--+--", "", "(0 rows)"]);
    }
}
