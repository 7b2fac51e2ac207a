//! One node without a cluster around it.

use cql::{Decision, Error, Moment, Plan, Prepared, Rows, Schema, Target, Value};
use std::rc::Rc;
use storage::{Dialect, Engine, LogSync, Partition, PartitionKey, TableOptions};

/// See the module's page.
pub struct Node {
    pub schema: Schema,
    engine: Engine,
    keyspace: Option<Rc<str>>,
    now: i64,
    luck: u128,
    page_size: Option<u32>,
}

impl Node {
    pub fn new(page_size: Option<u32>) -> Node {
        let mut node = Node {
            schema: Schema::of([Rc::from("dc1")]),
            engine: Engine::new(Dialect::Cassandra, LogSync::Batch),
            keyspace: None,
            now: 1_735_689_600_000_000,
            luck: 7,
            page_size,
        };
        node.run("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}").unwrap();
        node.run("USE k").unwrap();
        node
    }

    pub fn run(&mut self, text: &str) -> Result<Option<Rows>, Error> {
        let statement = cql::parse(text).map_err(|error| Error::Syntax(error.served()))?;
        let prepared = cql::prepare(&statement, &self.schema, self.keyspace.as_deref())?;
        self.execute(&prepared, &[])
    }

    pub fn prepare(&self, text: &str) -> Result<Prepared, Error> {
        let statement = cql::parse(text).map_err(|error| Error::Syntax(error.served()))?;
        cql::prepare(&statement, &self.schema, self.keyspace.as_deref())
    }

    pub fn execute(&mut self, prepared: &Prepared, values: &[Value]) -> Result<Option<Rows>, Error> {
        self.now += 1000;
        let mut luck = || {
            self.luck = self.luck.wrapping_mul(0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645).wrapping_add(1);
            self.luck
        };
        let plan = prepared.bind(values, &mut Moment { timestamp: self.now, now: self.now, uuid: &mut luck })?;
        match plan {
            Plan::Nothing | Plan::Describe(_) => {}
            Plan::Write(write) => self.write(write),
            Plan::ReadThenWrite(first) => {
                let found: Vec<(PartitionKey, Partition)> = first
                    .questions()
                    .into_iter()
                    .map(|(table, key, command)| {
                        let state = self.engine.read(table.id, &key, &command).unwrap().state;
                        (key, state.delta.clone())
                    })
                    .collect();
                let write = first.resolve(found.iter().map(|(key, partition)| (key, partition)))?;
                self.write(write);
            }
            Plan::Cas(cas) => {
                let found = self.engine.read(cas.table().id, cas.key(), &cas.command()).unwrap().state;
                match cas.decide(Some(&found.delta))? {
                    Decision::Refuse(rows) => return Ok(Some(rows)),
                    Decision::Apply(mutation) => {
                        let mut mutation = Rc::unwrap_or_clone(mutation);
                        mutation.delta.date(self.now);
                        self.engine.apply(&Rc::new(mutation), 0).unwrap();
                        return Ok(Some(cas.applied()));
                    }
                }
            }
            Plan::Read(read) => return self.read(&read).map(Some),
            Plan::Schema(change) => {
                let before: Vec<_> = self.schema.tables().map(|table| table.id).collect();
                self.schema.apply(&change)?;
                for table in self.schema.tables() {
                    let options = TableOptions {
                        dropped: table.dropped.iter().map(|column| column.id).collect(),
                        ..TableOptions::default()
                    };
                    if before.contains(&table.id) {
                        self.engine.alter(table.id, options).unwrap();
                    } else {
                        self.engine.create(table.id, options).unwrap();
                    }
                }
            }
            Plan::Use(keyspace) => self.keyspace = Some(keyspace),
            Plan::Truncate(table) => self.engine.truncate(table).unwrap(),
        }
        Ok(None)
    }

    fn write(&mut self, write: cql::Write) {
        for mutation in &write.mutations {
            self.engine.apply(mutation, 0).unwrap();
        }
    }

    /// All pages of a read.
    pub fn read(&self, read: &cql::Read) -> Result<Rows, Error> {
        let mut all: Option<Rows> = None;
        let mut paging = None;
        let page_size = if read.questions(self.now, self.page_size, None).is_ok() { self.page_size } else { None };
        loop {
            let questions = read.questions(self.now, page_size, paging.as_ref())?;
            let mut found = Vec::new();
            for (target, command) in &questions.list {
                match target {
                    Target::Key(key) => found.push(self.engine.read(read.table(), key, command).unwrap().state),
                    Target::Range(range) => {
                        let mut scan = self.engine.scan(read.table(), range).unwrap();
                        while let Some(reading) = scan.next(command) {
                            found.push(reading.state);
                        }
                    }
                }
            }
            let (rows, next) =
                read.project(found.iter().map(|m| (&m.key, &m.delta)), self.now, page_size, paging.as_ref())?;
            match &mut all {
                None => all = Some(rows),
                Some(all) => all.rows.extend(rows.rows),
            }
            match next {
                None => return Ok(all.unwrap()),
                // Through bytes, as a client would send it back.
                Some(state) => paging = Some(cql::PagingState::decode(&state.encode()).unwrap()),
            }
        }
    }
}
