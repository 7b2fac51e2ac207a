//! Statements that a node remembers for its clients, by a name that any node gives the same text: drivers prepare on one node and
//! execute on another, and one that is told "unprepared" prepares again.

use crate::node::Node;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;
use cql::{Error, Prepared, PreparedId, Response, Schema};

/// Remembered statements at most; beyond, one is forgotten for each that is new.
const STATEMENTS_MAX: usize = 10_000;

/// The statements a node remembers.
#[derive(Debug, Default)]
pub(crate) struct Remembered(BTreeMap<PreparedId, Rc<Prepared>>);

impl Remembered {
    pub(crate) fn get(&self, id: PreparedId) -> Result<Rc<Prepared>, Error> {
        self.0.get(&id).cloned().ok_or(Error::Unprepared(id))
    }

    fn put(&mut self, id: PreparedId, prepared: Prepared) {
        if self.0.len() >= STATEMENTS_MAX && !self.0.contains_key(&id) {
            self.0.pop_first();
        }
        self.0.insert(id, Rc::new(prepared));
    }

    /// Names may mean something else from here on.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

impl Node {
    pub(crate) fn remember(&mut self, text: &str, keyspace: Option<&str>) -> Response {
        let prepared = match self.prepare(text, keyspace) {
            Ok(prepared) => prepared,
            Err(error) => return Response::Error(error),
        };
        let mut name = trace::Digest::begin();
        name.bytes(keyspace.unwrap_or_default().as_bytes());
        name.bytes(text.as_bytes());
        let id = PreparedId(name.end().0);
        let response = Response::Prepared {
            id,
            variables: prepared.variables().into(),
            partition_key: routing(&prepared, &self.catalog.schema).into(),
            columns: prepared.columns().into(),
            conditional: prepared.conditional(),
        };
        self.prepared.put(id, prepared);
        response
    }
}

/// Which bind markers make the partition key, in its order; none where they do not make all of it.
fn routing(prepared: &Prepared, schema: &Schema) -> Vec<u16> {
    let variables = prepared.variables();
    let Some(table) = variables.first().and_then(|first| schema.table(&first.keyspace, &first.table)) else {
        return Vec::new();
    };
    let marker = |column: &cql::Column| variables.iter().position(|variable| variable.name == column.name);
    let places = table.partition_key().iter().map(|column| marker(column).and_then(|at| u16::try_from(at).ok()));
    places.collect::<Option<Vec<u16>>>().unwrap_or_default()
}
