//! An answer as text: all of it that two servers can agree on.

use cql::{ColumnSpec, Response, Type};

/// Rows with their columns, or the error.
pub fn told(response: &Response) -> String {
    match response {
        Response::Rows(rows, _) => {
            let mut text = format!("{}\n", columns(&rows.columns));
            for row in &rows.rows {
                let cells = row.iter().zip(rows.columns.iter());
                let cells: Vec<String> = cells.map(|(value, column)| cell(value.as_deref(), column)).collect();
                text.push_str(&format!("  {}\n", cells.join(" | ")));
            }
            text
        }
        Response::Error(error) => {
            // Which is the older name of two is luck that each start of a server draws anew.
            let message = error.message().replace("system.tojson", "system.to_json");
            format!("! {} {message}", error.name())
        }
        _ => "ok".into(),
    }
}

/// Names and types.
pub fn columns(columns: &[ColumnSpec]) -> String {
    let one = |column: &ColumnSpec| format!("{} {}", named(&column.name), thawed(&column.ty.to_string()));
    columns.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A value as a literal. What the clock of either has made is only said to be there.
fn cell(value: Option<&[u8]>, column: &ColumnSpec) -> String {
    let Some(value) = value else { return "null".into() };
    let number = <[u8; 8]>::try_from(value).map_or(0, i64::from_be_bytes);
    let name = &*column.name;
    if name.starts_with("ttl(") && column.ty == Type::Int
        || name.contains("writetime(") && column.ty == Type::Bigint && number > 1_000_000_000
    {
        return "some".into();
    }
    let said = cql::print::literal(&column.ty, value);
    if name.starts_with("ttl(") || name.contains("writetime(") {
        let digits = |part: &str| part.parse::<i64>().is_ok_and(|number| number > 10_000);
        return said
            .split_inclusive(' ')
            .map(|part| if digits(part.trim_matches(['[', ']', ',', ' '])) { "some " } else { part })
            .collect();
    }
    said
}

/// `toJson` and `to_json` are one function, and which of the two a server calls it is luck that each start of it draws anew.
fn named(column: &str) -> String {
    column.replace("system.tojson(", "system.to_json(")
}

/// A type as it crosses the wire, which says of none that it is frozen.
fn thawed(ty: &str) -> String {
    let Some((before, rest)) = ty.split_once("frozen<") else { return ty.to_string() };
    let mut depth = 1;
    let close = rest.find(|c: char| {
        depth += i32::from(c == '<') - i32::from(c == '>');
        depth == 0
    });
    let (inner, after) = rest.split_at(close.unwrap_or(rest.len()));
    thawed(&format!("{before}{inner}{}", after.strip_prefix('>').unwrap_or(after)))
}
