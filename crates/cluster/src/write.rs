//! Coordinating writes: to every replica, until the consistency level is met; then on, until all have it or a hint does.

use crate::Ring;
use crate::consistency::Need;
use crate::hints::Hint;
use crate::message::{Message, Why};
use crate::node::{Client, Cx, Node};
use crate::ops::Op;
use crate::paxos::{Then, cas_timeout};
use crate::read::words;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use cql::{BatchKind, Consistency, Error, Response, WriteType};
use sim::Id;
use storage::Mutation;
use trace::Fact;

/// The most replicas one partition may have: their answers are kept as bits.
pub const REPLICAS_MAX: u32 = 128;

/// Mutations on their way.
#[derive(Debug)]
pub(crate) struct WriteOp {
    /// Who waits, until answered. Hints wait for nobody.
    client: Option<Client>,
    level: Consistency,
    kind: WriteType,
    pub(crate) parts: Vec<Part>,
    /// Parts whose consistency level is not met.
    unmet: usize,
    /// Of a transaction's commit: what follows it.
    then: Option<Box<Then>>,
    /// Set when this is the sending of hints to one node.
    pub(crate) hints_for: Option<Id>,
}

/// One mutation and who has it.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) mutation: Rc<Mutation>,
    replicas: Rc<[Id]>,
    need: Need,
    /// Bits over `replicas`.
    sent: u128,
    pub(crate) acked: u128,
    met: bool,
    /// The hint that it is, to be kept again if nobody acknowledges it.
    hint: Option<Hint>,
}

impl Part {
    /// A hint for one node.
    pub(crate) fn hint(hint: Hint, target: Id) -> Part {
        Part {
            mutation: hint.mutation.clone(),
            replicas: Rc::from([target]),
            need: Need::Count(1),
            sent: 1,
            acked: 0,
            met: true,
            hint: Some(hint),
        }
    }

    fn with(&self, bits: u128) -> impl Iterator<Item = &Id> + Clone {
        self.replicas.iter().enumerate().filter(move |(bit, _)| bits >> bit & 1 == 1).map(|(_, id)| id)
    }

    /// Every replica, and whether it is sent the mutation: else it is believed down.
    pub(crate) fn targets(&self) -> Vec<(Id, bool)> {
        let each = self.replicas.iter().enumerate().take(REPLICAS_MAX as usize);
        each.map(|(bit, id)| (*id, self.sent >> bit & 1 == 1)).collect()
    }

    fn complete(&self) -> bool {
        self.acked == self.sent
    }

    /// Whether these replicas are enough.
    fn met_by(&self, bits: u128, ring: &Ring) -> bool {
        match self.need {
            Need::Count(n) => bits.count_ones() >= n,
            Need::Local(..) | Need::Each(_) => self.need.met(ring, self.with(bits)),
        }
    }
}

impl WriteOp {
    /// What a timeout says: of the first mutation that too few have.
    fn counts(&self, ring: &Ring) -> (u32, u32) {
        let part = self.parts.iter().find(|part| !part.met);
        part.map_or((0, 0), |part| (part.need.counted(ring, part.with(part.acked)), part.need.required()))
    }

    pub(crate) fn hints(target: Id, parts: Vec<Part>) -> WriteOp {
        WriteOp {
            client: None,
            level: Consistency::One,
            kind: WriteType::Simple,
            parts,
            unmet: 0,
            then: None,
            hints_for: Some(target),
        }
    }

    /// A transaction's commit. Nobody waits for one that finishes another's.
    pub(crate) fn commit(client: Option<Client>, level: Consistency, part: Part, then: Then) -> WriteOp {
        let (parts, then) = (Vec::from([part]), Some(Box::new(then)));
        WriteOp { client, level, kind: WriteType::Cas, parts, unmet: 1, then, hints_for: None }
    }
}

impl Node {
    /// Send a statement's mutations to their replicas.
    pub(crate) fn write(&mut self, cx: &mut Cx<'_>, client: Client, write: &cql::Write, level: Consistency) {
        if level.is_serial() {
            let message = "You must use conditional updates for serializable writes";
            return self.reply(cx, client, Response::Error(Error::invalid(message)));
        }
        let kind = kind_of(write.kind);
        let mut parts = Vec::with_capacity(write.mutations.len());
        for mutation in &write.mutations {
            let Some(part) = self.part(mutation, level) else {
                return self.reply(cx, client, Response::Error(Error::invalid("unconfigured table")));
            };
            if let (true, Some((required, alive))) = (level != Consistency::Any, self.lacking(&part)) {
                return self.unavailable(cx, client, level, required, alive);
            }
            parts.push(part);
        }
        if parts.is_empty() {
            return self.reply(cx, client, Response::Void);
        }
        let number = self.ops.next();
        let mut unmet = parts.len();
        for (index, part) in (0u32..).zip(&mut parts) {
            for (bit, id) in part.replicas.iter().enumerate().take(REPLICAS_MAX as usize) {
                if part.sent >> bit & 1 == 1 {
                    let mutation = part.mutation.clone();
                    self.peer(cx, *id, Message::Write { op: number, part: index, mutation, why: Why::Statement });
                } else {
                    // At ANY a hint that is kept is an acknowledgement (semantics.md 18).
                    let kept = self.hint(cx, *id, &part.mutation);
                    if kept && level == Consistency::Any && !part.met {
                        part.met = true;
                        unmet -= 1;
                    }
                }
            }
        }
        self.wait(cx, crate::Timer::Writes, number);
        let answered = unmet == 0;
        let client_waits = (!answered).then_some(client);
        let op = WriteOp { client: client_waits, level, kind, parts, unmet, then: None, hints_for: None };
        if answered {
            self.reply(cx, client, Response::Void);
        }
        self.ops.add(Op::Write(op));
    }

    /// A mutation and the replicas that are believed up.
    pub(crate) fn part(&self, mutation: &Rc<Mutation>, level: Consistency) -> Option<Part> {
        let home = self.catalog.home(mutation.table)?;
        let replicas = home.placement.replicas(mutation.key.token);
        let need = Need::of(level, &home.placement.strategy, &self.dc);
        let mut sent = 0;
        for (bit, id) in replicas.iter().enumerate().take(REPLICAS_MAX as usize) {
            sent |= u128::from(self.believes_up(*id)) << bit;
        }
        Some(Part { mutation: mutation.clone(), replicas, need, sent, acked: 0, met: false, hint: None })
    }

    /// What an `Unavailable` says, where too few are believed up.
    pub(crate) fn lacking(&self, part: &Part) -> Option<(u32, u32)> {
        let ring = self.catalog.ring();
        (!part.met_by(part.sent, ring)).then(|| part.need.lacking(ring, part.with(part.sent)))
    }

    /// How many have written of how many that must.
    pub(crate) fn write_counts(&mut self, number: u64) -> (u32, u32) {
        let ring = self.catalog.ring();
        match self.ops.get_mut(number) {
            Some(Op::Write(op)) => op.counts(ring),
            _ => (0, 0),
        }
    }

    /// A replica has written.
    pub(crate) fn written(&mut self, cx: &mut Cx<'_>, from: Id, number: u64, part: u32) {
        let ring = self.catalog.ring();
        let op = match self.ops.get_mut(number) {
            Some(Op::Write(op)) => op,
            Some(Op::Read(_)) => return self.repaired(cx, number),
            Some(Op::Schema(_) | Op::Truncate(_) | Op::Paxos(_)) | None => return,
        };
        let Some(part) = op.parts.get_mut(part as usize) else { return };
        let Some(bit) = part.replicas.iter().position(|id| *id == from) else { return };
        part.acked |= 1 << bit;
        if !part.met && part.met_by(part.acked, ring) {
            part.met = true;
            op.unmet -= 1;
        }
        let (answer, then) = if op.unmet == 0 { (op.client.take(), op.then.take()) } else { (None, None) };
        let complete = op.parts.iter().all(Part::complete);
        let hints_for = op.hints_for;
        match (answer, then.map(|then| *then)) {
            (Some(client), Some(Then::Show(rows, _))) => self.reply(cx, client, Response::Rows(rows, None)),
            (Some(client), _) => self.reply(cx, client, Response::Void),
            (None, Some(Then::Resume(paxos))) => self.attempt(cx, paxos),
            (None, _) => {}
        }
        if complete {
            self.ops.remove(number);
            if let Some(target) = hints_for {
                self.hints_sent(cx, target, Vec::new());
            }
        }
    }

    /// Time is up: who has not written gets a hint, and a client that still waits learns that nobody knows.
    pub(crate) fn write_timed_out(&mut self, cx: &mut Cx<'_>, number: u64) {
        match self.ops.get_mut(number) {
            Some(Op::Write(_)) => {}
            Some(Op::Paxos(_)) => return self.paxos_timed_out(cx, number),
            _ => return,
        }
        let Some(Op::Write(op)) = self.ops.remove(number) else { return };
        if let Some(target) = op.hints_for {
            let left = op.parts.into_iter().filter(|part| !part.complete()).filter_map(|part| part.hint);
            return self.hints_sent(cx, target, left.collect());
        }
        let mut kept_any = false;
        for part in &op.parts {
            let missing: Vec<Id> = part.with(part.sent & !part.acked).copied().collect();
            for id in missing {
                kept_any |= self.hint(cx, id, &part.mutation);
            }
        }
        let Some(client) = op.client else { return };
        if op.level == Consistency::Any && kept_any {
            return self.reply(cx, client, Response::Void);
        }
        let ring = self.catalog.clone();
        let (received, required) = op.counts(ring.ring());
        cx.note(|| Fact::Timeout { received: words(received), required: words(required), write: true });
        if let Some(Then::Show(_, contentions)) = op.then.as_deref() {
            let error = cas_timeout(op.level, received, required, *contentions);
            return self.reply(cx, client, Response::Error(error));
        }
        self.reply(
            cx,
            client,
            Response::Error(Error::WriteTimeout {
                consistency: op.level,
                received,
                required,
                write_type: op.kind,
                message: timed_out(received),
            }),
        );
    }

    /// Too few replicas are believed alive.
    pub(crate) fn unavailable(
        &self,
        cx: &mut Cx<'_>,
        client: Client,
        consistency: Consistency,
        required: u32,
        alive: u32,
    ) {
        cx.note(|| Fact::Unavailable { alive: words(alive), required: words(required) });
        let message = match consistency {
            Consistency::EachQuorum => alloc::format!("Cannot achieve consistency level EACH_QUORUM in DC {}", self.dc),
            level => alloc::format!("Cannot achieve consistency level {level}"),
        };
        self.reply(cx, client, Response::Error(Error::Unavailable { consistency, required, alive, message }));
    }
}

/// What a timeout calls this kind of write.
fn kind_of(kind: Option<BatchKind>) -> WriteType {
    match kind {
        None => WriteType::Simple,
        Some(BatchKind::Logged) => WriteType::Batch,
        Some(BatchKind::Unlogged) => WriteType::UnloggedBatch,
        Some(BatchKind::Counter) => WriteType::Counter,
    }
}

/// A timeout's text (real-cluster.md a).
pub(crate) fn timed_out(received: u32) -> alloc::string::String {
    alloc::format!("Operation timed out - received only {received} responses.")
}
