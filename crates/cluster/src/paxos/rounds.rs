//! The rounds of messages of one transaction: what is asked, what comes back, what never does.

use super::op::{After, Phase};
use super::{PaxosOp, Promise, Proposal, Then, Work};
use crate::message::{Message, Round};
use crate::node::{Client, Cx, Node};
use crate::ops::{Op, Ops};
use crate::read::words;
use crate::write::{WriteOp, timed_out};
use alloc::format;
use alloc::rc::Rc;
use alloc::vec::Vec;
use cql::{Consistency, Error, Response, WriteType};
use sim::Id;
use trace::Fact;

impl PaxosOp {
    pub(crate) fn next_round(&mut self, op: u64) -> Round {
        self.rounds += 1;
        Round { op, number: self.rounds }
    }
}

impl Ops {
    /// A transaction.
    pub(crate) fn paxos(&mut self, number: u64) -> Option<&mut PaxosOp> {
        match self.get_mut(number) {
            Some(Op::Paxos(op)) => Some(op),
            _ => None,
        }
    }

    fn paxos_at(&mut self, round: Round) -> Option<&mut PaxosOp> {
        self.paxos(round.op).filter(|op| op.rounds == round.number)
    }
}

impl Node {
    /// A replica promises, or does not.
    pub(crate) fn promised(&mut self, cx: &mut Cx<'_>, from: Id, round: Round, promise: Rc<Promise>) {
        let Some(op) = self.ops.paxos_at(round) else { return };
        let Phase::Preparing(promises) = &mut op.phase else { return };
        if promises.iter().any(|(id, _)| *id == from) {
            return;
        }
        if !promise.granted {
            op.seen = op.seen.newer(promise.newest);
            return self.contended(cx, round.op);
        }
        promises.push((from, promise));
        if promises.len() as u32 >= op.required {
            let promises = core::mem::take(promises);
            self.all_promised(cx, round.op, &promises);
        }
    }

    /// Ask for a proposal to be accepted.
    pub(crate) fn propose(&mut self, cx: &mut Cx<'_>, number: u64, proposal: Proposal, after: After) {
        let patience = self.settings.timeouts.write;
        let Some(op) = self.ops.paxos(number) else { return };
        let (asked, began) = (op.asked.clone(), op.began);
        let round = op.next_round(number);
        op.phase = Phase::Proposing { proposal: proposal.clone(), answers: Vec::new(), after };
        if cx.elapsed - began >= patience {
            // The condition's read took longer than a write may.
            return self.paxos_timed_out(cx, number);
        }
        for id in asked.iter() {
            self.peer(cx, *id, Message::Propose { round, proposal: proposal.clone() });
        }
    }

    /// A replica accepts, or does not.
    pub(crate) fn accepted(&mut self, cx: &mut Cx<'_>, from: Id, round: Round, accepted: bool) {
        let Some(op) = self.ops.paxos_at(round) else { return };
        let (asked, required, level) = (op.asked.len() as u32, op.required, op.level);
        let Phase::Proposing { answers, after, .. } = &mut op.phase else { return };
        if answers.iter().any(|(id, _)| *id == from) {
            return;
        }
        answers.push((from, accepted));
        let yes = answers.iter().filter(|(_, accepted)| *accepted).count() as u32;
        let open = asked.saturating_sub(answers.len() as u32);
        let is_anothers = matches!(after, After::Anew);
        if yes >= required {
            if let Phase::Proposing { proposal, after, .. } = core::mem::replace(&mut op.phase, Phase::Waiting) {
                self.decided(cx, round.op, proposal, after);
            }
        } else if is_anothers && open + yes < required || open == 0 && yes == 0 {
            self.contended(cx, round.op);
        } else if open == 0 {
            let consistency = level;
            let message = format!("CAS operation result is unknown - proposal accepted by {yes} but not a quorum.");
            cx.note(|| Fact::Timeout { received: words(yes), required: words(required), write: true });
            self.fail_paxos(cx, round.op, Error::CasWriteUnknown { consistency, received: yes, required, message });
        }
    }

    /// Tell all replicas what was decided, those that are down by a hint. The write takes the transaction's place and
    /// deadline, or, when the decision was another's, gets a number of its own.
    pub(crate) fn commit_paxos(
        &mut self,
        cx: &mut Cx<'_>,
        number: u64,
        client: Client,
        proposal: Proposal,
        level: Consistency,
        then: Then,
    ) {
        let resumes = matches!(then, Then::Resume(_));
        let Some(part) = self.part(&proposal.mutation, level) else {
            return self.fail_paxos(cx, number, Error::invalid("unconfigured table"));
        };
        let waits = level != Consistency::Any;
        if let (true, Some((required, alive))) = (waits, self.lacking(&part)) {
            self.ops.remove(number);
            return self.unavailable(cx, client, level, required, alive);
        }
        let own = if resumes { self.ops.next() } else { number };
        for (id, is_up) in part.targets() {
            if is_up {
                self.peer(cx, id, Message::Commit { op: waits.then_some(own), proposal: proposal.clone() });
            } else if !resumes {
                self.hint(cx, id, &proposal.mutation);
            }
        }
        if !waits {
            match then {
                Then::Show(rows, _) => {
                    self.ops.remove(number);
                    self.reply(cx, client, Response::Rows(rows, None));
                }
                Then::Resume(_) => self.attempt(cx, number),
            }
            return;
        }
        let write = WriteOp::commit((!resumes).then_some(client), level, part, then);
        if resumes {
            self.wait(cx, crate::Timer::Writes, own);
            self.ops.add(Op::Write(write));
            if let Some(op) = self.ops.paxos(number) {
                op.phase = Phase::Replaying(own);
            }
        } else {
            self.ops.take(number);
            self.ops.put(number, Op::Write(write));
        }
    }

    /// Time is up for a transaction that is not committing yet.
    pub(crate) fn paxos_timed_out(&mut self, cx: &mut Cx<'_>, number: u64) {
        let Some(op) = self.ops.paxos(number) else { return };
        let (level, commit, required) = (op.level, op.commit, op.required);
        match &op.phase {
            // Reads have a patience of their own.
            Phase::Reading => {}
            Phase::Preparing(promises) => {
                let received = promises.len() as u32;
                self.cas_timed_out(cx, number, level, received, required);
            }
            Phase::Proposing { answers, .. } => {
                let (received, required) = (answers.len() as u32, op.asked.len() as u32);
                self.cas_timed_out(cx, number, level, received, required);
            }
            Phase::Replaying(write) => {
                let write = *write;
                let (received, required) = self.write_counts(write);
                self.cas_timed_out(cx, number, commit, received, required);
            }
            Phase::Waiting => self.cas_timed_out(cx, number, level, 0, required),
        }
    }

    /// Nobody knows. Of a read only that it was in vain.
    pub(crate) fn cas_timed_out(
        &mut self,
        cx: &mut Cx<'_>,
        number: u64,
        consistency: Consistency,
        received: u32,
        required: u32,
    ) {
        let Some(op) = self.ops.paxos(number) else { return };
        let (write, contentions, level, quorum) =
            (matches!(op.work, Work::Cas(_)), op.contentions, op.level, op.required);
        cx.note(|| Fact::Timeout { received: words(received), required: words(required), write });
        let error = if write {
            cas_timeout(consistency, received, required, contentions)
        } else {
            let message = timed_out(0);
            Error::ReadTimeout { consistency: level, received: 0, required: quorum, data: false, message }
        };
        self.fail_paxos(cx, number, error);
    }
}

/// As protocol v5 words it; where a replica is frozen, too (real-cluster.md f).
pub(crate) fn cas_timeout(consistency: Consistency, received: u32, required: u32, contentions: u32) -> Error {
    let message = format!(
        "CAS operation timed out: received {received} of {required} required responses after {contentions} contention retries"
    );
    Error::WriteTimeout { consistency, received, required, write_type: WriteType::Cas, message }
}
