//! Schema changes: the coordinator makes the next version, every node it believes alive takes it over, the client hears.

use crate::message::{Message, Timer};
use crate::node::{Client, Cx, Node};
use crate::ops::Op;
use alloc::rc::Rc;
use alloc::vec::Vec;
use cql::{Response, Schema};
use sim::Id;

/// A change that waits for other nodes to know it.
#[derive(Debug)]
pub(crate) struct SchemaOp {
    client: Client,
    response: Response,
    waiting: Vec<Id>,
}

impl Node {
    /// Spread a changed schema.
    pub(crate) fn change_schema(&mut self, cx: &mut Cx<'_>, client: Client, schema: Schema, response: Response) {
        let before = self.catalog.clone();
        let catalog = Rc::new(before.next(schema));
        for fact in crate::describe::changes(&before.schema, &catalog.schema) {
            cx.note(|| fact);
        }
        self.adopt(catalog.clone());
        let waiting: Vec<Id> = catalog.ring().nodes().filter(|id| *id != self.id && self.believes_up(*id)).collect();
        if waiting.is_empty() {
            return self.reply(cx, client, response);
        }
        let number = self.ops.next();
        for id in &waiting {
            self.peer(cx, *id, Message::Schema { op: Some(number), catalog: catalog.clone() });
        }
        self.wait(cx, Timer::Schemas, number);
        self.ops.add(Op::Schema(SchemaOp { client, response, waiting }));
    }

    /// A node has taken the change over.
    pub(crate) fn schema_known(&mut self, cx: &mut Cx<'_>, from: Id, number: u64) {
        let Some(Op::Schema(op)) = self.ops.get_mut(number) else { return };
        op.waiting.retain(|id| *id != from);
        if op.waiting.is_empty() {
            self.schema_timed_out(cx, number);
        }
    }

    /// All know it, or a driver would wait no longer: the change stands either way.
    pub(crate) fn schema_timed_out(&mut self, cx: &mut Cx<'_>, number: u64) {
        if let Some(Op::Schema(_)) = self.ops.get_mut(number)
            && let Some(Op::Schema(op)) = self.ops.remove(number)
        {
            self.reply(cx, op.client, op.response);
        }
    }
}
