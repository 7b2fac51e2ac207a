//! The tables of a text: what they are made of, and every place where one is named. Found by the words, for a tree has no places.

use crate::cut::{Mark, What, cut};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;
use cql::ast::{Qualified, Statement, TableChange};
use cql::{Span, Word, WordKind, words};

/// The keyspace of whoever has not said `USE`.
const DEMO: &str = "demo";

/// A table that the text makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    pub keyspace: String,
    pub name: String,
    /// Name, type, and what it is in the key.
    pub columns: Vec<(String, String, &'static str)>,
}

/// A place where a table is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub keyspace: String,
    pub name: String,
    /// The bytes of the name, without its keyspace.
    pub span: Range<usize>,
}

/// A statement of the text: its bytes, and the keyspace that its client is in.
pub(crate) struct Said {
    pub span: Range<usize>,
    pub keyspace: String,
}

/// A name as CQL takes it: folded, or without its quotes.
pub(crate) fn folded(written: &str) -> String {
    match written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inside) => inside.replace("\"\"", "\""),
        None => written.to_ascii_lowercase(),
    }
}

pub(crate) fn span(of: &Range<usize>) -> Span {
    Span { start: of.start as u32, end: of.end as u32 }
}

/// The words of a statement, and each as written.
pub(crate) fn written<'a>(text: &'a str, of: &Range<usize>) -> Vec<(Word, &'a str)> {
    words(text, span(of)).into_iter().map(|word| (word, word.span.of(text))).collect()
}

pub(crate) fn is_name(word: &Word) -> bool {
    matches!(word.kind, WordKind::Name | WordKind::Quoted)
}

/// The statements, each with its keyspace: `USE` is a client's own.
pub(crate) fn statements(text: &str) -> Vec<Said> {
    let (mut uses, mut client, mut all) = (Vec::<(&str, String)>::new(), "", Vec::new());
    for item in cut(text) {
        match item.what {
            What::Statement { .. } => {
                let keyspace =
                    uses.iter().rev().find(|(who, _)| *who == client).map_or(DEMO, |(_, name)| name).to_string();
                if let [(first, _), (name, as_written), ..] = written(text, &item.span).as_slice()
                    && first.span.of(text).eq_ignore_ascii_case("USE")
                    && is_name(name)
                {
                    uses.push((client, folded(as_written)));
                }
                all.push(Said { span: item.span, keyspace });
            }
            What::Marked(Mark::Directive) => {
                let mut said = text.get(item.span.start + 3..item.span.end).unwrap_or("").split_whitespace();
                if said.next() == Some("as") {
                    client = said.next().unwrap_or("");
                }
            }
            _ => {}
        }
    }
    all
}

/// The tables that the text makes, in order, with what is added to them.
pub(crate) fn known(text: &str) -> Vec<Known> {
    let mut all: Vec<Known> = Vec::new();
    for said in statements(text) {
        let of = |name: &Qualified| {
            let keyspace = name.keyspace.as_ref().map_or(said.keyspace.as_str(), |name| name.as_str());
            (String::from(keyspace), String::from(name.name.as_str()))
        };
        match cql::parse_in(text, span(&said.span)) {
            Ok(Statement::CreateTable(made)) => {
                let (keyspace, name) = of(&made.name);
                let role = |column: &str| {
                    let key = made.primary_keys.first();
                    match key {
                        Some(key) if key.partition.iter().any(|name| *name == column) => "partition key",
                        Some(key) if key.clustering.iter().any(|name| *name == column) => "clustering column",
                        _ => "",
                    }
                };
                let columns = made.columns.iter().map(|column| {
                    let place = if column.is_static { "static" } else { role(&column.name) };
                    (column.name.to_string(), format!("{}", column.ty), place)
                });
                all.push(Known { keyspace, name, columns: columns.collect() });
            }
            Ok(Statement::AlterTable(altered)) => {
                let (keyspace, name) = of(&altered.name);
                let table = all.iter_mut().find(|table| table.keyspace == keyspace && table.name == name);
                if let (Some(table), TableChange::Add { columns, .. }) = (table, &altered.change) {
                    let added = columns.iter().map(|column| (column.name.to_string(), format!("{}", column.ty), ""));
                    table.columns.extend(added);
                }
            }
            _ => {}
        }
    }
    all
}

/// The keyspaces that the text names, and the one that is there.
pub(crate) fn keyspaces(text: &str) -> Vec<String> {
    let mut all = Vec::from([DEMO.to_string()]);
    for said in statements(text) {
        if let Ok(Statement::CreateKeyspace(made)) = cql::parse_in(text, span(&said.span)) {
            all.push(made.name.as_str().into());
        }
    }
    all
}

/// Every place where this statement names a table.
pub(crate) fn places(text: &str, said: &Said) -> Vec<Place> {
    let all = written(text, &said.span);
    let is = |at: usize, word: &str| all.get(at).is_some_and(|(_, written)| written.eq_ignore_ascii_case(word));
    let mut found = Vec::new();
    // What cqlsh is told has no tables, but for DESCRIBE.
    if all.first().is_none_or(|(word, _)| word.kind == WordKind::Name) {
        return found;
    }
    for (at, (word, as_written)) in all.iter().enumerate() {
        let upper = as_written.to_ascii_uppercase();
        let before = matches!(
            upper.as_str(),
            "FROM" | "INTO" | "UPDATE" | "TABLE" | "COLUMNFAMILY" | "TRUNCATE" | "ON" | "DESCRIBE" | "DESC"
        );
        if word.kind != WordKind::Keyword || !before || (upper.starts_with("DESC") && at > 0) {
            continue;
        }
        let mut next = at + 1;
        for skipped in ["IF", "NOT", "EXISTS"] {
            next +=
                usize::from(is(next, skipped) && all.get(next).is_some_and(|(word, _)| word.kind == WordKind::Keyword));
        }
        let Some((name, first)) = all.get(next).filter(|(word, _)| is_name(word)) else { continue };
        let (keyspace, name, as_written) = match (is(next + 1, "."), all.get(next + 2)) {
            (true, Some((table, as_written))) => (folded(first), table, *as_written),
            _ => (said.keyspace.clone(), name, *first),
        };
        // A call has its parenthesis; a table's columns have theirs only behind INTO, ON or TABLE.
        if is_name(name) && !(upper == "FROM" && is(next + 1, "(")) {
            let span = name.span.start as usize..name.span.end as usize;
            found.push(Place { keyspace, name: folded(as_written), span });
        }
    }
    found
}
