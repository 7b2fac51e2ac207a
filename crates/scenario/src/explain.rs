//! What stands at a place of the text, in a line or two.

use crate::complete::Completion;
use crate::directives::{Directive, Key};
use crate::parse::parse;
use crate::tables::{Known, folded, is_name, known, places, statements, written};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;
use cql::WordKind;

/// Words of CQL of which something can be said in a line.
pub(crate) const HELP: &[(&str, &str)] = &[
    ("ALLOW", "Lets a query test rows that it would otherwise refuse to read: it may read them all."),
    ("APPLY", "Ends a batch."),
    ("BATCH", "Several writes under one timestamp; of one partition they are one mutation."),
    ("CONSISTENCY", "How many replicas must answer this client's statements from here on."),
    ("CONTAINS", "Whether a collection holds this."),
    ("DELETE", "Writes a tombstone: what is not newer than it is hidden."),
    ("DISTINCT", "Each partition once."),
    ("EXISTS", "Whether the row is there: a transaction decides."),
    ("EXPAND", "Prints a row's columns under each other."),
    ("FILTERING", "Lets a query test rows that it would otherwise refuse to read: it may read them all."),
    ("IF", "Makes it a transaction: a quorum of replicas agrees on it, or it is not applied."),
    ("INSERT", "Writes cells and a row marker; what is there already is overwritten."),
    ("LIMIT", "At most so many rows."),
    ("PAGING", "How many rows a page of an answer has."),
    ("SELECT", "Reads rows."),
    ("SERIAL", "The level of a transaction's agreement."),
    ("STATIC", "One value for a whole partition."),
    ("TIMESTAMP", "Dates a write, microseconds since 1970. The newest wins; of equal ones a delete."),
    ("TRACING", "Keeps an account of what this client's statements do."),
    ("TRUNCATE", "Empties a table on every node."),
    ("TTL", "After so many seconds the cells expire and are as deleted."),
    ("UNLOGGED", "A batch of which part may be lost."),
    ("UPDATE", "Writes cells, but no row marker: without cells the row is gone."),
    ("USE", "The keyspace of this client from here on."),
    ("USING", "Dates a write (TIMESTAMP), or lets it expire (TTL)."),
    ("WRITETIME", "The timestamp that a cell was written with, microseconds since 1970."),
];

/// What stands at byte `at` of a text: its bytes, what it is, and a line or two about it.
#[must_use]
pub fn explain(text: &str, at: u32) -> Option<Completion> {
    let place = at as usize;
    let from = text.get(..place)?.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let line = text.get(from..)?.lines().next()?;
    match line.trim_start().strip_prefix("--@") {
        Some(said) => directive(text, said, from + line.len() - said.len(), place),
        None => statement(text, place),
    }
}

fn told(span: Range<usize>, text: impl Into<String>, kind: impl Into<String>, help: String) -> Option<Completion> {
    Some(Completion { span: span.start as u32..span.end as u32, text: text.into(), kind: kind.into(), help })
}

fn directive(text: &str, said: &str, from: usize, at: usize) -> Option<Completion> {
    let directive = Directive::named(said.split_whitespace().next()?)?;
    let head = from + said.len() - said.trim_start().len();
    let before = text.get(from..at)?.rfind(char::is_whitespace).map_or(from, |gap| from + gap + 1);
    let word = text.get(before..)?.split(char::is_whitespace).next().filter(|word| !word.is_empty())?;
    let span = before..before + word.len();
    if before == head {
        let help = format!("{}\nas --@ {}", directive.help, directive.example);
        return told(span, directive.usage(), "directive", help);
    }
    if let Some(key) = word.split_once('=').and_then(|(name, _)| directive.key(name)) {
        return told(span, format!("{}=", key.name), said_of(key), format!("{}: {}", key.help, key.kind.wanted()));
    }
    let (scenario, _) = parse(text);
    let client = scenario.setup.clients.iter().find(|client| client.name == word)?;
    let driver = client.driver.unwrap_or("any driver");
    let clock = crate::length(client.clock, true);
    told(span, word, "client", format!("{driver}, its clock at {clock}"))
}

/// A key's default in a word or two.
pub(crate) fn said_of(key: &Key) -> String {
    if key.default.is_empty() { "must be given".into() } else { format!("else {}", key.default) }
}

fn statement(text: &str, at: usize) -> Option<Completion> {
    let said = statements(text).into_iter().find(|said| (said.span.start..said.span.end).contains(&at))?;
    let all = written(text, &said.span);
    let (word, as_written) =
        all.iter().find(|(word, _)| (word.span.start as usize..word.span.end as usize).contains(&at))?;
    let span = word.span.start as usize..word.span.end as usize;
    let upper = as_written.to_ascii_uppercase();
    let help = || HELP.iter().find(|(known, _)| *known == upper).map(|(_, help)| help.to_string());
    if word.kind == WordKind::Keyword || (word.span.start as usize == said.span.start) {
        return told(span, upper.clone(), "CQL", help()?);
    }
    if !is_name(word) {
        return None;
    }
    let (tables, named) = (known(text), places(text, &said));
    let table = |keyspace: &str, name: &str| tables.iter().find(|t| t.keyspace == keyspace && t.name == name);
    if let Some(place) = named.iter().find(|place| place.span == span) {
        return told(
            span,
            place.name.as_str(),
            format!("table of {}", place.keyspace),
            about(table(&place.keyspace, &place.name)?),
        );
    }
    let name = folded(as_written);
    let (column, ty, role) = named
        .iter()
        .filter_map(|place| table(&place.keyspace, &place.name))
        .flat_map(|table| &table.columns)
        .find(|(column, ..)| *column == name)?;
    told(span, column.as_str(), ty.as_str(), String::from(if role.is_empty() { "a column" } else { *role }))
}

/// A table's columns in a few lines.
pub(crate) fn about(table: &Known) -> String {
    let column = |(name, ty, role): &(String, String, &str)| {
        format!("{name} {ty}{}{role}", if role.is_empty() { "" } else { ", " })
    };
    table.columns.iter().map(column).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(marked: &str) -> Option<(String, String, String)> {
        let at = marked.find('^').unwrap() as u32;
        explain(&marked.replace('^', ""), at).map(|word| (word.text, word.kind, word.help))
    }

    #[test]
    fn what_stands_here() {
        let of = |marked: &str| said(marked).unwrap();
        assert!(of("--@ cli^ent api\n").0.starts_with("client NAME"));
        assert_eq!(of("--@ cluster no^des=3\n").0, "nodes=");
        assert_eq!(of("--@ client api clock=+20ms\n--@ as a^pi\n").1, "client");
        let table = "CREATE TABLE t (k int, c text, PRIMARY KEY (k, c));\n";
        assert_eq!(of(&format!("{table}SELECT c FROM ^t;")).2, "k int, partition key\nc text, clustering column");
        assert_eq!(of(&format!("{table}SELECT ^C FROM t;")), ("c".into(), "text".into(), "clustering column".into()));
        assert_eq!(of(&format!("{table}INSERT INTO t (k) VALUES (1) USING ^ttl 9;")).0, "TTL");
        for nothing in ["SELECT 'a^b' FROM t;", "-- SEL^ECT", "SELECT ^nobody FROM t;", "^", "--@ nothing ^x"] {
            assert_eq!(said(nothing), None, "{nothing}");
        }
    }
}
