//! Results as cqlsh prints them, without the blank before and the blanks behind each line (scenario.md, Outcomes).

use super::{cell, width};
use crate::request::Rows;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// The lines of a result: header, rule, cells aligned to the right, a blank line, `(N rows)`.
pub fn table(rows: &Rows) -> Vec<String> {
    let names: Vec<String> = rows.columns.iter().map(|column| column.name.to_string()).collect();
    let cells: Vec<Vec<String>> = rows
        .rows
        .iter()
        .map(|row| rows.columns.iter().zip(row).map(|(column, value)| cell(&column.ty, value.as_deref())).collect())
        .collect();
    table_text(&names, &cells)
}

/// The same from texts.
pub fn table_text(names: &[String], cells: &[Vec<String>]) -> Vec<String> {
    let mut widths: Vec<usize> = names.iter().map(|name| width(name)).collect();
    for row in cells {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let line = |texts: &[String], right: bool| {
        let mut out = String::new();
        for (i, (text, widest)) in texts.iter().zip(&widths).enumerate() {
            if i > 0 {
                out.push_str(" | ");
            }
            let pad = " ".repeat(widest - width(text));
            out.push_str(&if right { format!("{pad}{text}") } else { format!("{text}{pad}") });
        }
        out.truncate(out.trim_end_matches(' ').len());
        out
    };
    let rule: Vec<String> = widths.iter().map(|widest| "-".repeat(*widest)).collect();
    let mut out = Vec::with_capacity(cells.len() + 4);
    out.push(line(names, false));
    out.push(rule.join("-+-"));
    out.extend(cells.iter().map(|row| line(row, true)));
    out.push(String::new());
    out.push(format!("({} rows)", cells.len()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_like_cqlsh() {
        let names = ["k".to_string(), "名前".to_string(), "v".to_string()];
        let cells = [
            ["1".to_string(), "東京都".to_string(), "null".to_string()].to_vec(),
            ["20".to_string(), "a".to_string(), String::new()].to_vec(),
        ];
        assert_eq!(
            table_text(&names, &cells),
            ["k  | 名前   | v", "---+--------+-----", " 1 | 東京都 | null", "20 |      a |", "", "(2 rows)"]
        );
    }
}
