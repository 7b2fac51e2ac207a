//! What a delete reaches, and what it could reach instead: a partition, a range, a row, cells.

use crate::scan::{Word, said};
use alloc::format;
use alloc::vec::Vec;
use core::ops::Range;
use scenario::told::Choice;
use scenario::{Act, Edit, Scenario};

/// The columns of a table, as its `CREATE TABLE` names them.
#[derive(Default)]
struct Table<'a> {
    name: &'a str,
    partition: Vec<&'a str>,
    clustering: Vec<&'a str>,
    cells: Vec<&'a str>,
}

/// The last delete of the text with another reach; none: there is no delete of whose table all is known.
pub(crate) fn reaches(text: &str, scenario: &Scenario) -> Vec<Choice> {
    let (mut tables, mut last) = (Vec::new(), None);
    for step in scenario.steps.iter().filter(|step| matches!(step.act, Act::Cql(_))) {
        let words = said(text, step);
        tables.extend(table(&words));
        if words.first().is_some_and(|word| word.is("DELETE")) {
            last = Some((words, step.span.end));
        }
    }
    last.and_then(|(words, end)| other(text, &words, end, &tables)).unwrap_or_default()
}

/// The columns that a `CREATE TABLE` defines.
fn table<'a>(words: &[Word<'a>]) -> Option<Table<'a>> {
    let open = words.iter().position(|word| word.text == "(")?;
    let [create, kind, ..] = words else { return None };
    if !create.is("CREATE") || !(kind.is("TABLE") || kind.is("COLUMNFAMILY")) {
        return None;
    }
    let mut made = Table { name: words.get(open.checked_sub(1)?)?.text, ..Table::default() };
    for item in items(words.get(open + 1..)?) {
        let has = |word: &str| item.iter().any(|other| other.is(word));
        match item {
            [first, second, .., last] if first.is("PRIMARY") && second.is("KEY") && last.text == ")" => {
                let keys = items(item.get(3..)?);
                let (partition, clustering) = keys.split_first()?;
                let names = partition.iter().filter(|word| !matches!(word.text, "(" | ")" | ","));
                made.partition = names.map(|word| word.text).collect();
                made.clustering = clustering.iter().filter_map(|key| Some(key.first()?.text)).collect();
            }
            [name, ..] if has("PRIMARY") => made.partition = [name.text].into(),
            [name, ..] if !has("STATIC") => made.cells.push(name.text),
            _ => {}
        }
    }
    let keys = |name: &&str| !made.partition.contains(name) && !made.clustering.contains(name);
    made.cells = made.cells.iter().copied().filter(keys).collect();
    Some(made)
}

/// What stands between commas, up to the bracket that closes all of it.
fn items<'a, 'w>(words: &'w [Word<'a>]) -> Vec<&'w [Word<'a>]> {
    let (mut all, mut from, mut depth) = (Vec::new(), 0, 0_i32);
    for (at, word) in words.iter().enumerate() {
        depth += match word.text {
            "(" | "<" => 1,
            ")" | ">" => -1,
            _ => 0,
        };
        if depth < 0 || (depth == 0 && word.text == ",") {
            all.extend(words.get(from..at).filter(|item| !item.is_empty()));
            from = at + 1;
        }
        if depth < 0 {
            break;
        }
    }
    all
}

/// A condition: its column, its operator, its bytes.
struct Condition<'a> {
    column: &'a str,
    operator: Word<'a>,
    span: Range<u32>,
}

fn conditions<'a>(words: &[Word<'a>], end: u32) -> Option<Vec<Condition<'a>>> {
    let mut all = Vec::new();
    for said in words.split(|word| word.is("AND")) {
        let [column, operator, ..] = said else { return None };
        all.push(Condition { column: column.text, operator: operator.clone(), span: column.span.start..end });
    }
    let ands = words.iter().filter(|word| word.is("AND"));
    for (condition, and) in all.iter_mut().zip(ands) {
        condition.span.end = and.span.start;
    }
    Some(all)
}

fn other(text: &str, words: &[Word<'_>], end: u32, tables: &[Table<'_>]) -> Option<Vec<Choice>> {
    let place = |word: &str| words.iter().position(|other| other.is(word));
    let (from, where_) = (place("FROM")?, place("WHERE")?);
    if place("IF").is_some() {
        return None;
    }
    let close = words.last().filter(|word| word.text == ";");
    let end = close.map_or(end, |word| word.span.start);
    let said = words.get(where_ + 1..words.len() - usize::from(close.is_some()))?;
    let conditions = conditions(said, end)?;
    let name = words.get(from + 1..where_)?.iter().take_while(|word| !word.is("USING")).last()?.text;
    let table = tables.iter().rev().find(|table| table.name == name)?;

    let head = Edit::new(words.first()?.span.end..words.get(from)?.span.start, " ");
    let keyed = |condition: &&Condition<'_>| table.clustering.contains(&condition.column);
    let clustering: Vec<&Condition<'_>> = conditions.iter().filter(keyed).collect();
    let row = clustering.len() == table.clustering.len() && clustering.iter().all(|one| one.operator.text == "=");
    let named = from > 1;

    let mut all = Vec::new();
    if !clustering.is_empty() || (named && table.clustering.is_empty()) {
        let kept: Vec<&str> = conditions
            .iter()
            .filter(|one| !table.clustering.contains(&one.column))
            .filter_map(|one| Some(text.get(one.span.start as usize..one.span.end as usize)?.trim()))
            .collect();
        let place = said.first()?.span.start..end;
        let edits = [head.clone(), Edit::new(place, kept.join(" AND "))].into();
        all.push(Choice { label: "the whole partition".into(), edits });
    }
    if let Some(last) = clustering.last().filter(|_| row) {
        let edits = [head.clone(), Edit::new(last.operator.span.clone(), ">=")].into();
        all.push(Choice { label: format!("every row with {} >= its", last.column), edits });
        if named {
            all.push(Choice { label: "the whole row".into(), edits: [head.clone()].into() });
        }
    }
    if row && !named && !table.cells.is_empty() {
        let cells = Edit::new(head.span, format!(" {} ", table.cells.join(", ")));
        all.push(Choice { label: "its cells, one by one".into(), edits: [cells].into() });
    }
    Some(all)
}
