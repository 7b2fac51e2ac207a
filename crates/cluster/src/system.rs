//! The tables in which a node tells of itself: `system.local`, `system.peers`, `system_schema`. Nothing of them is stored. A
//! read makes up the rows of the table it asks for, and then reads them as it reads any other.

mod describe;
mod nodes;
mod tables;
mod traces;

use crate::node::{Client, Cx, Node};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};
use cql::{Error, Params, Read, Response, Table};
use storage::{Dialect, Engine, LogSync, Mutation, Reading, TableOptions};

pub use nodes::Address;
pub use traces::{TimeUuid, Traced, TracedEvent};

/// A table's rows as INSERTs.
pub(crate) type Inserts = Vec<Insert>;

impl Node {
    /// Answer a SELECT on one of the server's own tables.
    pub(crate) fn select_system(&mut self, cx: &mut Cx<'_>, client: Client, read: &Read, params: &Params) {
        let response = match self.read_system(cx.now, read, params) {
            Ok(response) => response,
            Err(error) => Response::Error(error),
        };
        self.reply(cx, client, response);
    }

    fn read_system(&self, now: i64, read: &Read, params: &Params) -> Result<Response, Error> {
        let engine = self.made_up(read.schema())?;
        let questions = read.questions(now, params.page_size, params.paging_state.as_ref())?;
        let mut found: Vec<Rc<Mutation>> = Vec::new();
        let mut keep = |reading: Reading| {
            if !reading.state.delta.is_empty() {
                found.push(reading.state);
            }
        };
        for (target, command) in &questions.list {
            match target {
                cql::Target::Key(key) => keep(engine.read(read.table(), key, command).map_err(broken)?),
                cql::Target::Range(range) => {
                    let mut scan = engine.scan(read.table(), range).map_err(broken)?;
                    while let Some(reading) = scan.next(command) {
                        keep(reading);
                    }
                }
            }
        }
        let found = found.iter().map(|held| (&held.key, &held.delta));
        let (rows, next) = read.project(found, now, params.page_size, params.paging_state.as_ref())?;
        Ok(Response::Rows(rows, next))
    }

    /// A storage that holds nothing but this table.
    fn made_up(&self, table: &Table) -> Result<Engine, Error> {
        let mut engine = Engine::new(Dialect::Cassandra, LogSync::Batch);
        engine.create(table.id, TableOptions::default()).map_err(broken)?;
        for insert in self.told(table) {
            for mutation in cql::system_row(&insert.text(table), &self.catalog.schema)? {
                engine.apply(&mutation, 0).map_err(broken)?;
            }
        }
        Ok(engine)
    }

    /// What it tells in a table.
    fn told(&self, table: &Table) -> Inserts {
        match (&*table.keyspace, &*table.name) {
            ("system", "local") => Vec::from([self.local()]),
            ("system", "peers") => self.peers(false),
            ("system", "peers_v2") => self.peers(true),
            ("system_schema", "keyspaces") => self.keyspaces(),
            ("system_schema", "tables") => self.described_tables(),
            ("system_schema", "columns") => self.columns(false),
            ("system_schema", "types") => self.types(),
            ("system_schema", "indexes") => self.indexes(),
            ("system_traces", "sessions") => self.trace_sessions(),
            ("system_traces", "events") => self.trace_events(),
            ("system_virtual_schema", "keyspaces") => self.virtual_keyspaces(),
            ("system_virtual_schema", "tables") => self.virtual_tables(),
            ("system_virtual_schema", "columns") => self.columns(true),
            // Views, functions, aggregates, triggers, masks: this model makes none, so there are none to tell of.
            _ => Vec::new(),
        }
    }
}

fn broken(error: storage::Error) -> Error {
    Error::Server(error.to_string())
}

/// One row, column by column.
#[derive(Debug, Default)]
pub(crate) struct Insert {
    columns: String,
    values: String,
}

impl Insert {
    /// A value that CQL writes as it is displayed: a number, a UUID, a boolean.
    pub(crate) fn plain(mut self, column: &str, value: impl fmt::Display) -> Insert {
        let comma = if self.columns.is_empty() { "" } else { ", " };
        // Writing to a string cannot fail.
        let _written = write!(self.columns, "{comma}{column}");
        let _written = write!(self.values, "{comma}{value}");
        self
    }

    /// A text, or what CQL reads from one: an address.
    pub(crate) fn text_of(self, column: &str, value: impl fmt::Display) -> Insert {
        let quoted = quoted(&value.to_string());
        self.plain(column, quoted)
    }

    /// A list of texts.
    pub(crate) fn list<'a>(self, column: &str, values: impl Iterator<Item = &'a str>) -> Insert {
        let values: Vec<String> = values.map(quoted).collect();
        self.plain(column, alloc::format!("[{}]", values.join(", ")))
    }

    fn text(&self, table: &Table) -> String {
        alloc::format!("INSERT INTO {} ({}) VALUES ({})", table.full_name(), self.columns, self.values)
    }
}

/// A map of texts, as CQL writes it.
pub(crate) fn map<'a>(entries: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let entries: Vec<String> =
        entries.map(|(key, value)| alloc::format!("{}: {}", quoted(key), quoted(value))).collect();
    alloc::format!("{{{}}}", entries.join(", "))
}

pub(crate) fn quoted(text: &str) -> String {
    alloc::format!("'{}'", text.replace('\'', "''"))
}

/// A UUID of version 4 shape whose bits are a number's: the same for every node that knows the number.
pub(crate) struct Uuid(pub(crate) u128);

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Uuid::as_it_is((self.0 & !(0xf << 76) & !(0x3 << 62)) | (4 << 76) | (2 << 62), f)
    }
}

impl Uuid {
    /// Any bits as a UUID is written.
    fn as_it_is(bits: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |shift: u32, width: u32| (bits >> shift) & ((1 << width) - 1);
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            part(96, 32),
            part(80, 16),
            part(64, 16),
            part(48, 16),
            part(0, 48)
        )
    }
}
