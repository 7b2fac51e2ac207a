//! TRUNCATE: every node drops every row of a table, and all of them must be there to do it (real-cluster.md, Reset).

use crate::message::{Message, Timer};
use crate::node::{Client, Cx, Node};
use crate::ops::Op;
use alloc::vec::Vec;
use cql::{Error, Response};
use sim::Id;
use storage::TableId;
use trace::Fact;

/// A truncation that waits for other nodes.
#[derive(Debug)]
pub(crate) struct TruncateOp {
    client: Client,
    waiting: Vec<Id>,
}

impl Node {
    /// Ask every node, unless one of them is given up: a replica that kept its rows would give them all back.
    pub(crate) fn truncate(&mut self, cx: &mut Cx<'_>, client: Client, table: TableId) {
        let nodes: Vec<Id> = self.catalog.ring().nodes().collect();
        if !nodes.iter().all(|id| self.believes_up(*id)) {
            let message = "Error during truncate: Cannot achieve consistency level ALL";
            return self.reply(cx, client, Response::Error(Error::Truncate(message.into())));
        }
        let op = self.ops.next();
        for id in &nodes {
            self.peer(cx, *id, Message::Truncate { op, table });
        }
        self.wait(cx, Timer::Truncations, op);
        self.ops.add(Op::Truncate(TruncateOp { client, waiting: nodes }));
    }

    /// Drop the rows, and the hints that would bring some back.
    pub(crate) fn empty(&mut self, cx: &mut Cx<'_>, from: Id, op: u64, table: TableId) {
        if self.engine.truncate(table).is_err() {
            return;
        }
        self.hints.forget_table(table);
        cx.note(|| Fact::Truncate { table });
        self.peer(cx, from, Message::Truncated { op });
    }

    /// A node has done it.
    pub(crate) fn truncated(&mut self, cx: &mut Cx<'_>, from: Id, number: u64) {
        let Some(Op::Truncate(op)) = self.ops.get_mut(number) else { return };
        op.waiting.retain(|id| *id != from);
        if op.waiting.is_empty() {
            let client = op.client;
            self.ops.remove(number);
            self.reply(cx, client, Response::Void);
        }
    }

    /// Somebody has not: nobody knows which rows are left.
    pub(crate) fn truncation_timed_out(&mut self, cx: &mut Cx<'_>, number: u64) {
        let Some(Op::Truncate(op)) = self.ops.get_mut(number) else { return };
        let (client, done) = (op.client, self.catalog.ring().dcs().len() - op.waiting.len());
        self.ops.remove(number);
        let message = alloc::format!("Error during truncate: Truncate timed out - received only {done} responses");
        self.reply(cx, client, Response::Error(Error::Truncate(message)));
    }
}
