//! What no two servers agree on: which values these are is decided from the text alone, so that it is the same everywhere.
//!
//! A value is luck when `uuid()`, `now()`, `current…` made it, whether in the same SELECT or in a write that fed its column,
//! and when it is the WRITETIME of a column that some write of the text leaves the server or the client to date, or a TTL.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cql::ast::{
    Assignment, Attributes, Batch, Deletion, Expr, InsertSource, Modification, Reference, Select, Selection, Selector,
    Statement, WriteFact,
};

/// What a value that is luck is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// `<uuid 1>`
    Uuid,
    /// `<time 1>`
    Time,
}

/// The numbers given so far; equal values have the same.
#[derive(Debug, Default)]
pub(crate) struct Names {
    given: BTreeMap<(Kind, String), u32>,
    uuids: u32,
    times: u32,
}

impl Names {
    /// The name of a value.
    pub fn of(&mut self, kind: Kind, text: &str) -> String {
        let last = match kind {
            Kind::Uuid => &mut self.uuids,
            Kind::Time => &mut self.times,
        };
        let n = *self.given.entry((kind, text.into())).or_insert_with(|| {
            *last += 1;
            *last
        });
        match kind {
            Kind::Uuid => format!("<uuid {n}>"),
            Kind::Time => format!("<time {n}>"),
        }
    }
}

/// Which columns of one result are luck.
#[derive(Debug, Default)]
pub(crate) struct Luck {
    /// By place, for a list of selectors.
    places: Vec<Option<Kind>>,
    /// By name, for `*`.
    columns: Vec<(String, Kind)>,
}

impl Luck {
    /// Whether the result's column at this place, with this name, is luck.
    pub fn of(&self, at: usize, name: &str) -> Option<Kind> {
        self.places
            .get(at)
            .copied()
            .flatten()
            .or_else(|| self.columns.iter().find(|(column, _)| column == name).map(|(_, kind)| *kind))
    }
}

/// What the writes of a text feed into its tables, by table and column.
#[derive(Debug, Default)]
pub(crate) struct Fed {
    luck: BTreeMap<(String, String), Kind>,
    /// Columns that a write without a timestamp of its own touches; an empty column is the whole row.
    undated: BTreeSet<(String, String)>,
}

impl Fed {
    /// Note what a statement writes.
    pub fn note(&mut self, statement: &Statement) {
        match statement {
            Statement::Modify(one) => self.modification(one, false),
            Statement::Batch(Batch { using, statements, .. }) => {
                statements.iter().for_each(|one| self.modification(one, using.timestamp().is_some()));
            }
            _ => {}
        }
    }

    fn modification(&mut self, one: &Modification, dated: bool) {
        let table = String::from(one.table().name.as_str());
        let dated = dated || one.using().timestamp().is_some();
        let mut fed: Vec<(&str, Option<Kind>)> = Vec::new();
        match one {
            Modification::Insert(insert) => match &insert.source {
                InsertSource::Values { columns, values } => {
                    fed.extend(columns.iter().zip(values).map(|(column, value)| (column.as_str(), lucky(value))));
                }
                // A JSON document names its columns in a string: all of the row, then.
                InsertSource::Json { .. } => fed.push(("", None)),
            },
            Modification::Update(update) => fed.extend(update.assignments.iter().map(|assignment| {
                let value = match assignment {
                    Assignment::Set(_, v)
                    | Assignment::Add(_, v)
                    | Assignment::Subtract(_, v)
                    | Assignment::Prepend(_, v)
                    | Assignment::Element(_, _, v)
                    | Assignment::Field(_, _, v) => v,
                };
                (assignment.column().as_str(), lucky(value))
            })),
            Modification::Delete(delete) => fed.extend(delete.targets.iter().map(|target| {
                let (Deletion::Column(column) | Deletion::Element(column, _) | Deletion::Field(column, _)) = target;
                (column.as_str(), None)
            })),
        }
        for (column, kind) in fed {
            let at = (table.clone(), String::from(column));
            if let Some(kind) = kind {
                self.luck.insert(at.clone(), kind);
            }
            if !dated {
                self.undated.insert(at);
            }
        }
    }

    /// Which columns of a statement's result are luck. A conditional write answers with the row it found.
    pub fn luck(&self, statement: &Statement) -> Luck {
        match statement {
            Statement::Select(select) => self.select(select),
            Statement::Modify(one) => Luck { places: Vec::new(), columns: self.columns(one.table().name.as_str()) },
            Statement::Batch(batch) => {
                let columns = batch.statements.iter().flat_map(|one| self.columns(one.table().name.as_str()));
                Luck { places: Vec::new(), columns: columns.collect() }
            }
            _ => Luck::default(),
        }
    }

    fn columns(&self, table: &str) -> Vec<(String, Kind)> {
        let of = self.luck.iter().filter(|((t, _), _)| t == table);
        of.map(|((_, column), kind)| (column.clone(), *kind)).collect()
    }

    fn select(&self, select: &Select) -> Luck {
        let table = select.from.name.as_str();
        match &select.selection {
            Selection::All => Luck { places: Vec::new(), columns: self.columns(table) },
            Selection::Some(all) => {
                let places = all.iter().map(|one| self.selector(&one.selector, table)).collect();
                Luck { places, columns: Vec::new() }
            }
        }
    }

    fn selector(&self, selector: &Selector, table: &str) -> Option<Kind> {
        match selector {
            Expr::Reference(reference) => match reference {
                Reference::Column(name) => self.luck.get(&(table.into(), name.as_str().into())).copied(),
                Reference::Field(of, _) | Reference::Element(of, _) | Reference::Slice(of, _) => {
                    self.selector(of, table)
                }
                Reference::CountRows => None,
                Reference::Write(WriteFact::Ttl, _) => Some(Kind::Time),
                Reference::Write(WriteFact::WriteTime | WriteFact::MaxWriteTime, of) => {
                    let column = column_of(of).unwrap_or("");
                    let undated = |column: &str| self.undated.contains(&(table.into(), column.into()));
                    (undated(column) || undated("")).then_some(Kind::Time)
                }
            },
            Expr::Call(call) => made(call.function.name.as_str()).or_else(|| {
                let inside = call.arguments.iter().find_map(|one| self.selector(one, table));
                inside.map(|kind| after(call.function.name.as_str(), kind))
            }),
            Expr::Cast(of, _) => self.selector(of, table).map(|_| Kind::Time),
            Expr::Hint(of) => self.selector(&of.1, table),
            Expr::Negate(of) => self.selector(of, table),
            Expr::Binary(of) => self.selector(&of.left, table).or_else(|| self.selector(&of.right, table)),
            Expr::List(all) | Expr::Set(all) | Expr::Tuple(all) => all.iter().find_map(|one| self.selector(one, table)),
            Expr::Map(all) => all.iter().find_map(|(k, v)| self.selector(k, table).or_else(|| self.selector(v, table))),
            Expr::Udt(all) => all.iter().find_map(|(_, v)| self.selector(v, table)),
            Expr::Literal(_) | Expr::Null | Expr::Marker(_) => None,
        }
    }
}

fn column_of(selector: &Selector) -> Option<&str> {
    match selector {
        Expr::Reference(Reference::Column(name)) => Some(name.as_str()),
        Expr::Reference(Reference::Field(of, _) | Reference::Element(of, _) | Reference::Slice(of, _)) => column_of(of),
        _ => None,
    }
}

/// What a function makes out of nothing.
fn made(function: &str) -> Option<Kind> {
    match function {
        "uuid" | "now" | "currenttimeuuid" | "current_timeuuid" => Some(Kind::Uuid),
        _ if function.starts_with("current") => Some(Kind::Time),
        _ => None,
    }
}

/// What a function makes out of luck: a time out of a timeuuid, else the same again.
fn after(function: &str, kind: Kind) -> Kind {
    match function {
        "min" | "max" | "tojson" | "to_json" | "mintimeuuid" | "maxtimeuuid" => kind,
        _ => Kind::Time,
    }
}

/// Whether a value that is written is luck.
fn lucky<R>(value: &Expr<R>) -> Option<Kind> {
    match value {
        Expr::Call(call) => made(call.function.name.as_str()).or_else(|| {
            let inside = call.arguments.iter().find_map(lucky);
            inside.map(|kind| after(call.function.name.as_str(), kind))
        }),
        Expr::List(all) | Expr::Set(all) | Expr::Tuple(all) => all.iter().find_map(lucky),
        Expr::Map(all) => all.iter().find_map(|(k, v)| lucky(k).or_else(|| lucky(v))),
        Expr::Udt(all) => all.iter().find_map(|(_, v)| lucky(v)),
        Expr::Hint(of) => lucky(&of.1),
        Expr::Cast(of, _) => lucky(of).map(|_| Kind::Time),
        Expr::Negate(of) => lucky(of),
        Expr::Binary(of) => lucky(&of.left).or_else(|| lucky(&of.right)),
        Expr::Literal(_) | Expr::Null | Expr::Marker(_) | Expr::Reference(_) => None,
    }
}

/// Whether a write is dated by a clock, not by its own text.
pub(crate) fn is_clock_dated(statement: &Statement) -> bool {
    match statement {
        Statement::Modify(one) => one.using().timestamp().is_none(),
        Statement::Batch(batch) => {
            batch.using.timestamp().is_none() && batch.statements.iter().any(|one| one.using().timestamp().is_none())
        }
        _ => false,
    }
}

/// The timestamps that a statement writes out, microseconds.
pub(crate) fn written_stamps(statement: &Statement) -> Vec<i64> {
    let of = |using: &Attributes| match using.timestamp() {
        Some(Expr::Literal(cql::ast::Literal::Integer(us))) => Some(*us),
        _ => None,
    };
    match statement {
        Statement::Modify(one) => of(one.using()).into_iter().collect(),
        Statement::Batch(batch) => {
            of(&batch.using).into_iter().chain(batch.statements.iter().filter_map(|one| of(one.using()))).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds of the columns of a text's last statement, asked by name.
    fn kinds(text: &str, columns: &[&str]) -> Vec<Option<Kind>> {
        let statements: Vec<Statement> = text.split(';').map(|s| cql::parse(s).unwrap()).collect();
        let mut fed = Fed::default();
        statements.iter().for_each(|statement| fed.note(statement));
        let luck = fed.luck(statements.last().unwrap());
        columns.iter().enumerate().map(|(at, name)| luck.of(at, name)).collect()
    }

    #[test]
    fn what_no_two_servers_agree_on() {
        let (uuid, time) = (Some(Kind::Uuid), Some(Kind::Time));
        let fed = "INSERT INTO t (k, u, at) VALUES (1, uuid(), toTimestamp(now()))";
        assert_eq!(kinds(&alloc::format!("{fed};SELECT * FROM t"), &["k", "at", "u"]), [None, time, uuid]);
        assert_eq!(
            kinds(&alloc::format!("{fed};SELECT u AS x, k, toDate(at) FROM t"), &["x", "k", "?"]),
            [uuid, None, time]
        );
        assert_eq!(kinds(&alloc::format!("{fed};SELECT count(*), max(u) FROM t"), &["count", "max"]), [None, uuid]);
        assert_eq!(kinds(&alloc::format!("{fed};SELECT * FROM other"), &["u"]), [None]);
        assert_eq!(kinds("SELECT now(), uuid(), currentDate(), k FROM t", &["", "", "", ""]), [uuid, uuid, time, None]);
    }

    #[test]
    fn a_writetime_is_known_when_the_text_dates_every_write() {
        let dated = "INSERT INTO t (k, v) VALUES (1, 1) USING TIMESTAMP 5";
        let read = "SELECT WRITETIME(v), TTL(v) FROM t";
        assert_eq!(kinds(&alloc::format!("{dated};{read}"), &["", ""]), [None, Some(Kind::Time)]);
        let other = "UPDATE t SET w = 1 WHERE k = 1";
        assert_eq!(kinds(&alloc::format!("{dated};{other};{read}"), &["", ""])[0], None);
        let undated = "BEGIN BATCH UPDATE t SET v = 2 WHERE k = 1; APPLY BATCH";
        let batch = cql::parse(undated).unwrap();
        let mut fed = Fed::default();
        fed.note(&batch);
        assert_eq!(fed.luck(&cql::parse(read).unwrap()).of(0, ""), Some(Kind::Time));
    }

    #[test]
    fn equal_values_have_one_name() {
        let mut names = Names::default();
        let mut of = |kind, text| names.of(kind, text);
        assert_eq!(of(Kind::Uuid, "a"), "<uuid 1>");
        assert_eq!(of(Kind::Time, "a"), "<time 1>");
        assert_eq!(of(Kind::Uuid, "b"), "<uuid 2>");
        assert_eq!(of(Kind::Uuid, "a"), "<uuid 1>");
    }
}
