//! What could stand at the caret of a statement: what the grammar expects there, and the text's own names.

use super::{Completion, Offer, offer};
use crate::explain::{HELP, about};
use crate::tables::{Known, Said, folded, keyspaces, known, places, written};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;
use cql::{PieceKind, split};

pub(super) fn complete(text: &str, at: usize) -> Vec<Completion> {
    let Some(head) = text.get(..at) else { return Vec::new() };
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let begun = head.len() - head.trim_end_matches(word).len();
    let from = at - begun;
    let Some(begins) = begins(head) else { return Vec::new() };
    let (before, begun) = (text.get(begins.min(from)..from).unwrap_or(""), text.get(from..at).unwrap_or(""));
    let expected = cql::expected(before);
    let mut offers: Vec<Offer> = Vec::new();
    // What is selected may be any value; a column is what is meant.
    let selected = || {
        let words = written(text, &(begins..from));
        let is = |word: &str| words.iter().any(|(_, said)| said.eq_ignore_ascii_case(word));
        is("SELECT") && !is("FROM")
    };
    let named = |what: &&str| matches!(*what, "a name" | "a column") || (*what == "a value" && selected());
    if expected.iter().any(named) {
        offers.extend(names(text, begins, from));
    }
    // The grammar also expects its own words where names are; those come after them.
    let words = expected.iter().filter(|what| what.starts_with(|c: char| c.is_ascii_uppercase()));
    let help = |what: &str| HELP.iter().find(|(known, _)| *known == what).map_or("", |(_, help)| *help);
    offers.extend(words.map(|what| offer(*what, "", help(what))));
    let fits = |(text, ..): &Offer| {
        text.get(..begun.len()).is_some_and(|head| head.eq_ignore_ascii_case(begun)) && text.as_str() != begun
    };
    let span = from as u32..at as u32;
    let offers = offers.into_iter().filter(fits);
    offers.map(|(text, kind, help)| Completion { span: span.clone(), text, kind, help }).collect()
}

/// Where the statement begins that the end of this text is within; nothing within a comment or a string.
fn begins(head: &str) -> Option<usize> {
    let mut end = 0;
    for piece in split(head) {
        let span = piece.span.start as usize..piece.span.end as usize;
        match piece.kind {
            PieceKind::Fault(ref fault) if fault.span.end as usize >= head.len() => {
                // A batch that is not closed yet is one that is being written.
                let batch = head.get(fault.span.start as usize..).is_some_and(|rest| {
                    rest.len() > 5 && rest.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("BEGIN"))
                });
                return batch.then_some(span.start);
            }
            PieceKind::Statement { terminated: false } => return Some(span.start),
            PieceKind::Comment { .. } if span.end == head.len() => return None,
            // What cqlsh is told ends with its line, and is still being written until then.
            PieceKind::Statement { .. } if span.end <= head.len() && !head.get(span.clone())?.ends_with(';') => {
                if !head.get(span.end..)?.contains(['\n', '\r']) {
                    return Some(span.start);
                }
                end = span.end;
            }
            _ => end = span.end,
        }
    }
    let gap = head.get(end..)?;
    Some(end + gap.len() - gap.trim_start_matches(|c: char| c.is_whitespace() || c == ';').len())
}

/// The text's own names that could stand at `from` of the statement that begins at `begins`.
fn names(text: &str, begins: usize, from: usize) -> Vec<Offer> {
    let head = begins..from;
    let words = written(text, &head);
    let back = |n: usize| words.len().checked_sub(n).and_then(|at| words.get(at)).map_or("", |(_, said)| *said);
    let (last, qualified) = if back(1) == "." { (back(3), Some(folded(back(2)))) } else { (back(1), None) };
    let last = last.to_ascii_uppercase();
    let tables = known(text);
    let of = |table: &Known| offer(table.name.as_str(), format!("table of {}", table.keyspace), &about(table));
    match last.as_str() {
        "USE" | "KEYSPACE" => keyspaces(text).iter().map(|name| offer(name.as_str(), "keyspace", "")).collect(),
        "FROM" | "INTO" | "UPDATE" | "TABLE" | "COLUMNFAMILY" | "TRUNCATE" | "ON" | "DESCRIBE" | "DESC" => {
            let fits = |table: &&Known| qualified.as_ref().is_none_or(|name| table.keyspace == *name);
            tables.iter().filter(fits).map(of).collect()
        }
        _ => columns(&tables, &statement(text, begins)),
    }
}

/// The columns of the tables that a statement names; of all, when it names none yet.
fn columns(tables: &[Known], named: &[(String, String)]) -> Vec<Offer> {
    let mut all: Vec<Offer> = Vec::new();
    let fits = |table: &&Known| {
        named.is_empty() || named.iter().any(|(keyspace, name)| table.keyspace == *keyspace && table.name == *name)
    };
    for (name, ty, role) in tables.iter().filter(fits).flat_map(|table| &table.columns) {
        if !all.iter().any(|(known, ..)| known == name) {
            all.push(offer(name.as_str(), ty.as_str(), role));
        }
    }
    all
}

/// The tables that the whole statement names, also behind the caret.
fn statement(text: &str, begins: usize) -> Vec<(String, String)> {
    let end = text.get(begins..).and_then(|rest| rest.find(';')).map_or(text.len(), |at| begins + at);
    let span: Range<usize> = begins..end;
    let said = crate::tables::statements(text).into_iter().find(|said| said.span.start == begins);
    let keyspace = said.map_or_else(|| "demo".into(), |said| said.keyspace);
    let of = Said { span, keyspace };
    places(text, &of).into_iter().map(|place| (place.keyspace, place.name)).collect()
}
