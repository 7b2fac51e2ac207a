//! A client's request becomes a plan, and the plan becomes messages.

use crate::message::{Question, Target};
use crate::node::{Client, Cx, Node};
use crate::paxos::Serial;
use crate::read::{Purpose, ReadOp};
use alloc::borrow::Cow;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use cql::{BatchItem, BatchKind, Consistency, Error, Moment, Params, Plan, Prepared, Request, Response, Table, Value};
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
                .prepared
                .get(*id)
                .and_then(|prepared| self.bind(cx, &prepared, params))
                .map_err(Response::Error)
                .map(|plan| (plan, params)),
            Request::Batch { kind, statements, params } => {
                let plan = self.bind_batch(cx, *kind, statements, params);
                plan.map_err(Response::Error).map(|plan| (plan, params))
            }
        };
        match outcome {
            Ok((plan, params)) => self.carry_out(cx, client, plan, params),
            Err(response) => self.reply(cx, client, response),
        }
    }

    pub(crate) fn prepare(&self, text: &str, keyspace: Option<&str>) -> Result<Prepared, Error> {
        let statement = cql::parse(text).map_err(|error| Error::Syntax(error.served()))?;
        if let (Some(clause), Dialect::Cassandra) = (statement.scylla_only(), self.settings.dialect) {
            let message =
                alloc::format!("{clause} is ScyllaDB's; Cassandra does not know it. Say like=scylla, or leave it out");
            return Err(Error::Syntax(message));
        }
        cql::prepare(&statement, &self.catalog.schema, keyspace)
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
            prepared.bind(&in_order(prepared, params)?, &mut Moment { timestamp, now: cx.now, uuid: &mut uuid })?
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
    ) -> Result<Plan, Error> {
        // One date for all of them (semantics.md 8).
        let timestamp = match params.timestamp {
            Some(timestamp) => timestamp,
            None => self.stamper.stamp(cx.now),
        };
        let mut statements = Vec::with_capacity(items.len());
        for (item, values) in items {
            let prepared = match item {
                BatchItem::Text(text) => Rc::new(self.prepare(text, params.keyspace.as_deref())?),
                BatchItem::Prepared(id) => self.prepared.get(*id)?,
            };
            statements.push((prepared, &**values));
        }
        let plan = {
            let luck = &mut *cx.luck;
            let mut uuid = || luck.draw128();
            cql::bind_batch(kind, &statements, &mut Moment { timestamp, now: cx.now, uuid: &mut uuid })?
        };
        if params.timestamp.is_none() && !matches!(plan, Plan::Cas(_)) {
            cx.note(|| Fact::Stamp { timestamp, source: Source::Coordinator });
        }
        Ok(plan)
    }
}

impl Node {
    fn carry_out(&mut self, cx: &mut Cx<'_>, client: Client, plan: Plan, params: &Params) {
        match &plan {
            Plan::Read(read) => self.warnings.extend(read.warning().map(|text| (client, text.into()))),
            Plan::Write(write) => {
                let name = |table| self.catalog.home(table).map_or_else(String::new, |home| home.table.full_name());
                self.warnings.extend(write.warning(name).map(|text| (client, text)));
            }
            _ => {}
        }
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
            Plan::Cas(cas) => self.cas(cx, client, cas, params),
            Plan::Read(read) => self.select(cx, client, read, params),
            Plan::Schema(change) => {
                let mut schema = self.catalog.schema.clone();
                match schema.apply(&change) {
                    Ok(Some(changed)) => {
                        if changed.table.is_none() && changed.user_type.is_none() {
                            let texts = schema.replication_warnings(&changed.keyspace, self.catalog.ring().dcs());
                            self.warnings.extend(texts.into_iter().map(|text| (client, text)));
                        }
                        self.change_schema(cx, client, schema, Response::SchemaChange(changed));
                    }
                    Ok(None) => self.reply(cx, client, Response::Void),
                    Err(error) => self.reply(cx, client, Response::Error(error)),
                }
            }
            Plan::Use(keyspace) => self.reply(cx, client, Response::SetKeyspace(keyspace)),
            Plan::Describe(what) => {
                let response = self.describe(&what, params.keyspace.as_deref()).unwrap_or_else(Response::Error);
                self.reply(cx, client, response);
            }
            Plan::Truncate(table) => self.truncate(cx, client, table),
            Plan::Nothing => self.reply(cx, client, Response::Void),
        }
    }

    fn select(&mut self, cx: &mut Cx<'_>, client: Client, read: Rc<cql::Read>, params: &Params) {
        if matches!(params.consistency, Consistency::Any) {
            let message = "ANY ConsistencyLevel is only supported for writes";
            return self.reply(cx, client, Response::Error(Error::invalid(message)));
        }
        if read.schema().is_system() {
            return self.select_system(cx, client, &read, params);
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
        let serial = params.consistency.is_serial().then(|| todo.iter().filter_map(Question::key).cloned().collect());
        if let Some(keys) = serial.filter(|keys: &VecDeque<_>| !keys.is_empty()) {
            if keys.len() > 1 && page_size.is_none() {
                let message = "SERIAL/LOCAL_SERIAL consistency may only be requested for one partition at a time";
                return self.reply(cx, client, Response::Error(Error::invalid(message)));
            }
            let serial = Serial { read, page_size, paging, questions: todo, wanted: questions.wanted, keys };
            return self.serial_read(cx, client, serial, params.consistency);
        }
        let purpose = Purpose::Select { client, read, page_size, paging };
        self.begin_read(cx, ReadOp::new(purpose, params.consistency, table, todo, questions.wanted));
    }
}

/// Values in the order of their markers, where the client names them.
fn in_order<'a>(prepared: &Prepared, params: &'a Params) -> Result<Cow<'a, [Value]>, Error> {
    let Some(names) = &params.names else { return Ok(Cow::Borrowed(&params.values)) };
    let of = |variable: &cql::ColumnSpec| {
        let at = names.iter().position(|name| *name == variable.name);
        at.and_then(|at| params.values.get(at)).cloned().unwrap_or(Value::Unset)
    };
    Ok(Cow::Owned(prepared.variables().iter().map(of).collect()))
}
