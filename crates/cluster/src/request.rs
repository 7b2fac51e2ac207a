//! A client's request becomes a plan, and the plan becomes messages.

use crate::message::{Question, Target};
use crate::node::{Client, Cx, Node};
use crate::read::{Purpose, ReadOp};
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use cql::{
    BatchItem, BatchKind, Consistency, Error, Moment, Params, Plan, Prepared, PreparedId, Request, Response, Table,
};
use storage::Dialect;
use trace::{Fact, Source};

impl Node {
    /// Answer a request, or begin to.
    pub(crate) fn request(&mut self, cx: &mut Cx<'_>, client: Client, request: &Request) {
        let outcome = match request {
            Request::Startup => Err(Response::Ready),
            Request::Query { text, params } => self
                .prepare(text, params.keyspace.as_deref())
                .map_err(Response::Error)
                .and_then(|prepared| self.bind(cx, &prepared, params).map_err(Response::Error))
                .map(|plan| (plan, params)),
            Request::Prepare { text, keyspace } => Err(self.remember(text, keyspace.as_deref())),
            Request::Execute { id, params } => self
                .prepared(*id)
                .and_then(|prepared| self.bind(cx, &prepared, params))
                .map_err(Response::Error)
                .map(|plan| (plan, params)),
            Request::Batch { kind, statements, params } => {
                return match self.bind_batch(cx, *kind, statements, params) {
                    Ok(write) => self.carry_out(cx, client, Plan::Write(write), params),
                    Err(error) => self.reply(cx, client, Response::Error(error)),
                };
            }
        };
        match outcome {
            Ok((plan, params)) => self.carry_out(cx, client, plan, params),
            Err(response) => self.reply(cx, client, response),
        }
    }

    fn prepare(&self, text: &str, keyspace: Option<&str>) -> Result<Prepared, Error> {
        let statement = cql::parse(text).map_err(|error| Error::Syntax(alloc::format!("{error}")))?;
        if let (Some(clause), Dialect::Cassandra) = (statement.scylla_only(), self.settings.dialect) {
            let message =
                alloc::format!("{clause} is ScyllaDB's; Cassandra does not know it. Say like=scylla, or leave it out");
            return Err(Error::Syntax(message));
        }
        cql::prepare(&statement, &self.catalog.schema, keyspace)
    }

    fn remember(&mut self, text: &str, keyspace: Option<&str>) -> Response {
        match self.prepare(text, keyspace) {
            Ok(prepared) => {
                let id = PreparedId(self.prepared.len() as u64);
                let response = Response::Prepared {
                    id,
                    variables: prepared.variables().into(),
                    columns: prepared.columns().into(),
                };
                self.prepared.push(Rc::new(prepared));
                response
            }
            Err(error) => Response::Error(error),
        }
    }

    fn prepared(&self, id: PreparedId) -> Result<Rc<Prepared>, Error> {
        usize::try_from(id.0).ok().and_then(|at| self.prepared.get(at)).cloned().ok_or(Error::Unprepared(id))
    }
}

impl Node {
    /// Bind a statement, with the date it gets (semantics.md 4): its own, the client's, or this coordinator's.
    fn bind(&mut self, cx: &mut Cx<'_>, prepared: &Prepared, params: &Params) -> Result<Plan, Error> {
        let (timestamp, source) = match params.timestamp {
            Some(timestamp) => (timestamp, Source::Client),
            None if prepared.writes() => (self.stamper.stamp(cx.now), Source::Coordinator),
            None => (cx.now, Source::Coordinator),
        };
        let plan = {
            let luck = &mut *cx.luck;
            let mut uuid = || luck.draw128();
            prepared.bind(&params.values, &mut Moment { timestamp, now: cx.now, uuid: &mut uuid })?
        };
        if let (Plan::Write(write), true) = (&plan, cx.noting) {
            match write.own_timestamp {
                Some(own) => cx.note(|| Fact::Stamp { timestamp: own, source: Source::Statement }),
                None if source == Source::Coordinator => cx.note(|| Fact::Stamp { timestamp, source }),
                None => {}
            }
        }
        Ok(plan)
    }

    fn bind_batch(
        &mut self,
        cx: &mut Cx<'_>,
        kind: BatchKind,
        items: &[(BatchItem, Vec<cql::Value>)],
        params: &Params,
    ) -> Result<cql::Write, Error> {
        let mut all = cql::Write { mutations: Vec::new(), kind: Some(kind), own_timestamp: None };
        // One date for all of them (semantics.md 8).
        let timestamp = match params.timestamp {
            Some(timestamp) => timestamp,
            None => self.stamper.stamp(cx.now),
        };
        if params.timestamp.is_none() {
            cx.note(|| Fact::Stamp { timestamp, source: Source::Coordinator });
        }
        for (item, values) in items {
            let prepared = match item {
                BatchItem::Text(text) => Rc::new(self.prepare(text, params.keyspace.as_deref())?),
                BatchItem::Prepared(id) => self.prepared(*id)?,
            };
            let luck = &mut *cx.luck;
            let mut uuid = || luck.draw128();
            match prepared.bind(values, &mut Moment { timestamp, now: cx.now, uuid: &mut uuid })? {
                Plan::Write(write) => all.mutations.extend(write.mutations),
                _ => {
                    return Err(Error::invalid(
                        "Invalid statement in batch: only UPDATE, INSERT and DELETE statements are allowed.",
                    ));
                }
            }
        }
        Ok(all)
    }
}

impl Node {
    fn carry_out(&mut self, cx: &mut Cx<'_>, client: Client, plan: Plan, params: &Params) {
        match plan {
            Plan::Write(write) => self.write(cx, client, &write, params.consistency),
            Plan::ReadThenWrite(write) => {
                let questions = write.questions();
                let Some(table) = questions.first().map(|(table, ..)| table.id) else {
                    return self.reply(cx, client, Response::Void);
                };
                let question = |(table, key, command): (Rc<Table>, _, _)| Question {
                    table: table.id,
                    target: Target::Key(key),
                    command,
                    rows_max: u32::MAX,
                    whole: false,
                };
                let todo = questions.into_iter().map(question).collect();
                let purpose = Purpose::Before { client, write };
                self.begin_read(cx, ReadOp::new(purpose, params.consistency, table, todo, u64::MAX));
            }
            Plan::Read(read) => self.select(cx, client, read, params),
            Plan::Schema(change) => {
                let mut schema = self.catalog.schema.clone();
                match schema.apply(&change) {
                    Ok(Some(changed)) => self.change_schema(cx, client, schema, Response::SchemaChange(changed)),
                    Ok(None) => self.reply(cx, client, Response::Void),
                    Err(error) => self.reply(cx, client, Response::Error(error)),
                }
            }
            Plan::Use(keyspace) => self.reply(cx, client, Response::SetKeyspace(keyspace)),
            Plan::Truncate(table) => self.truncate(cx, client, table),
            Plan::Nothing => self.reply(cx, client, Response::Void),
        }
    }

    fn select(&mut self, cx: &mut Cx<'_>, client: Client, read: Rc<cql::Read>, params: &Params) {
        if matches!(params.consistency, Consistency::Any) {
            let message = "ANY ConsistencyLevel is only supported for writes";
            return self.reply(cx, client, Response::Error(Error::invalid(message)));
        }
        let (page_size, paging) = (params.page_size, params.paging_state.clone());
        let questions = match read.questions(cx.now, page_size, paging.as_ref()) {
            Ok(questions) => questions,
            Err(error) => return self.reply(cx, client, Response::Error(error)),
        };
        let table = read.table();
        let Some(home) = self.catalog.home(table) else {
            let message = alloc::format!("table {} does not exist", read.schema().name);
            return self.reply(cx, client, Response::Error(Error::Invalid(message)));
        };
        let question = |target, command| Question { table, target, command, rows_max: u32::MAX, whole: false };
        let mut todo = VecDeque::new();
        for (target, command) in questions.list {
            match target {
                cql::Target::Key(key) => todo.push_back(question(Target::Key(key), command)),
                cql::Target::Range(range) => {
                    for (part, _) in home.placement.parts(&range) {
                        todo.push_back(question(Target::Range(part), command.clone()));
                    }
                }
            }
        }
        let purpose = Purpose::Select { client, read, page_size, paging };
        self.begin_read(cx, ReadOp::new(purpose, params.consistency, table, todo, questions.wanted));
    }
}
