//! A coordinator's part: from a statement to a ballot, to a decision, to an answer.

use super::acceptor::ballot_of;
use super::op::{After, Phase};
use super::{Ballot, PaxosOp, Promise, Proposal, Serial, Then, Work, plain};
use crate::consistency::Need;
use crate::message::{Message, Question, Target, Timer};
use crate::node::{Client, Cx, Node};
use crate::ops::Op;
use crate::read::{Purpose, ReadOp};
use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::vec::Vec;
use cql::{Cas, Consistency, Decision, Error, Params, Response};
use sim::{Id, Span};
use storage::{Mutation, Partition, PartitionKey, TableId};
use trace::{Fact, PaxosStep as Step, Place, Source};

/// For so long a transaction begins anew when others were first (`cas_contention_timeout`).
const CONTENTION: Span = Span::ms(1_800);

/// Whoever was refused waits up to so many milliseconds.
const PAUSE_MS: u64 = 100;

impl Node {
    /// Begin a conditional write.
    pub(crate) fn cas(&mut self, cx: &mut Cx<'_>, client: Client, cas: Box<Cas>, params: &Params) {
        let level = params.serial_consistency.unwrap_or(Consistency::Serial);
        let refused = if !level.is_serial() {
            Some("Invalid consistency for conditional update. Must be one of SERIAL or LOCAL_SERIAL".into())
        } else if params.consistency.is_serial() {
            Some(format!(
                "{} is not supported as conditional update commit consistency. Use ANY if you mean \"make sure it is accepted but I don't care how many replicas commit it for non-SERIAL reads\"",
                params.consistency
            ))
        } else {
            None
        };
        if let Some(message) = refused {
            return self.reply(cx, client, Response::Error(Error::Invalid(message)));
        }
        let (table, key) = (cas.table().id, cas.key().clone());
        self.begin_paxos(cx, client, Work::Cas(cas), (table, key), level, params.consistency);
    }

    /// Begin a read at a serial level: its partitions are settled one after the other, then it is a plain read.
    pub(crate) fn serial_read(&mut self, cx: &mut Cx<'_>, client: Client, mut serial: Serial, level: Consistency) {
        let Some(key) = serial.keys.pop_front() else { return };
        let table = serial.read.table();
        self.begin_paxos(cx, client, Work::Read(serial), (table, key), level, plain(level));
    }

    fn begin_paxos(
        &mut self,
        cx: &mut Cx<'_>,
        client: Client,
        work: Work,
        (table, key): (TableId, PartitionKey),
        level: Consistency,
        commit: Consistency,
    ) {
        let number = self.ops.next();
        let op = PaxosOp {
            client,
            work,
            table,
            key,
            level,
            commit,
            began: cx.elapsed,
            rounds: 0,
            ballot: Ballot::NONE,
            seen: Ballot::NONE,
            contentions: 0,
            asked: Rc::from([]),
            required: 0,
            phase: Phase::Waiting,
        };
        self.wait(cx, Timer::Writes, number);
        self.ops.add(Op::Paxos(Box::new(op)));
        self.attempt(cx, number);
    }

    /// A new ballot.
    pub(crate) fn attempt(&mut self, cx: &mut Cx<'_>, number: u64) {
        let Some(op) = self.ops.paxos(number) else { return };
        let (table, key, level, client, began) = (op.table, op.key.clone(), op.level, op.client, op.began);
        let least = op.seen.at.saturating_add(i64::from(op.seen != Ballot::NONE));
        let Some(home) = self.catalog.home(table) else {
            return self.fail_paxos(cx, number, Error::invalid("unconfigured table"));
        };
        let need = Need::of(level, &home.placement.strategy, &self.dc);
        let (required, ring) = (need.required(), self.catalog.ring());
        let counts = |id: &Id| self.believes_up(*id) && need.counted(ring, core::iter::once(id)) == 1;
        let asked: Rc<[Id]> = home.placement.replicas(key.token).iter().copied().filter(counts).collect();
        let alive = asked.len() as u32;
        if alive < required {
            self.ops.remove(number);
            return self.unavailable(cx, client, level, required, alive);
        }
        if cx.elapsed - began >= CONTENTION {
            return self.cas_timed_out(cx, number, level, 0, required);
        }
        let ballot = Ballot { at: self.stamper.ballot(cx.now, least), luck: cx.luck.draw128() as u64 };
        let Some(op) = self.ops.paxos(number) else { return };
        (op.ballot, op.required, op.asked) = (ballot, required, asked.clone());
        op.phase = Phase::Preparing(Vec::new());
        let round = op.next_round(number);
        for id in asked.iter() {
            self.peer(cx, *id, Message::Prepare { round, ballot, table, key: key.clone() });
        }
    }

    /// Enough have promised: what did they know?
    pub(crate) fn all_promised(&mut self, cx: &mut Cx<'_>, number: u64, promises: &[(Id, Rc<Promise>)]) {
        let Some(op) = self.ops.paxos(number) else { return };
        let newest = |of: fn(&Promise) -> &Option<Proposal>| {
            let all = promises.iter().filter_map(move |(_, promise)| of(promise).as_ref());
            all.reduce(|a, b| if b.ballot.is_after(a.ballot) { b } else { a })
        };
        let (accepted, committed) = (newest(|promise| &promise.accepted), newest(|promise| &promise.committed));
        op.seen = ballot_of(accepted);
        let (ballot, client) = (op.ballot, op.client);
        let unfinished = |p: &&Proposal| !p.is_empty() && p.ballot.is_after(ballot_of(committed));
        if let Some(proposal) = accepted.filter(unfinished) {
            let place = proposal.place();
            cx.note(|| Fact::Paxos { place, ballot: proposal.ballot.at, step: Step::Unfinished });
            cx.note(|| Fact::Stamp { timestamp: ballot.at, source: Source::Ballot });
            return self.propose(cx, number, Proposal::dated(ballot, &proposal.mutation), After::Anew);
        }
        if let Some(committed) = committed {
            let lack = |(_, promise): &&(Id, Rc<Promise>)| ballot_of(promise.committed.as_ref()) != committed.ballot;
            let lacking: Vec<Id> = promises.iter().filter(lack).map(|(id, _)| *id).collect();
            if !lacking.is_empty() {
                for id in lacking {
                    self.peer(cx, id, Message::Commit { op: None, proposal: committed.clone() });
                }
                return self.attempt(cx, number);
            }
        }
        let (table, key, level) = (op.table, op.key.clone(), op.level);
        match &op.work {
            Work::Read(_) => {
                let nothing = Mutation { table, key, delta: Partition::default() };
                self.propose(cx, number, Proposal { ballot, mutation: Rc::new(nothing) }, After::Read);
            }
            Work::Cas(cas) => {
                let command = cas.command();
                let question = Question { table, target: Target::Key(key), command, rows_max: u32::MAX, whole: false };
                op.phase = Phase::Reading;
                let purpose = Purpose::Condition { client, paxos: number };
                self.begin_read(cx, ReadOp::new(purpose, plain(level), table, [question].into(), u64::MAX));
            }
        }
    }

    /// The condition is read.
    pub(crate) fn condition_read(&mut self, cx: &mut Cx<'_>, number: u64, found: Option<&Partition>) {
        let Some(PaxosOp { work: Work::Cas(cas), ballot, table, key, .. }) = self.ops.paxos(number) else { return };
        let (ballot, decision) = (*ballot, cas.decide(found));
        let (place, applied) = (Place { table: *table, key: Some(key.clone()) }, cas.applied());
        let nothing = Mutation { table: *table, key: key.clone(), delta: Partition::default() };
        let note = |cx: &mut Cx<'_>, step| cx.note(|| Fact::Paxos { place, ballot: ballot.at, step });
        match decision {
            Err(error) => self.fail_paxos(cx, number, error),
            // What changes nothing is proposed too: so the answer has a place among those before and after it.
            Ok(Decision::Refuse(rows)) => {
                note(cx, Step::Fails);
                self.propose(cx, number, Proposal { ballot, mutation: Rc::new(nothing) }, After::Show(rows));
            }
            Ok(Decision::Apply(mutation)) => {
                note(cx, Step::Holds);
                cx.note(|| Fact::Stamp { timestamp: ballot.at, source: Source::Ballot });
                self.propose(cx, number, Proposal::dated(ballot, &mutation), After::Show(applied));
            }
        }
    }

    /// A quorum has accepted.
    pub(crate) fn decided(&mut self, cx: &mut Cx<'_>, number: u64, proposal: Proposal, after: After) {
        let Some(op) = self.ops.paxos(number) else { return };
        let (client, commit, contentions) = (op.client, op.commit, op.contentions);
        match after {
            After::Anew => self.commit_paxos(cx, number, client, proposal, commit, Then::Resume(number)),
            After::Show(rows) if proposal.is_empty() => {
                self.ops.remove(number);
                self.reply(cx, client, Response::Rows(rows, None));
            }
            After::Show(rows) => self.commit_paxos(cx, number, client, proposal, commit, Then::Show(rows, contentions)),
            After::Read => self.settled(cx, number),
        }
    }

    /// A partition of a serial read is settled: on to the next, or to the reading.
    fn settled(&mut self, cx: &mut Cx<'_>, number: u64) {
        let Some(op) = self.ops.paxos(number) else { return };
        let Work::Read(serial) = &mut op.work else { return };
        if let Some(key) = serial.keys.pop_front() {
            op.key = key;
            op.seen = Ballot::NONE;
            return self.attempt(cx, number);
        }
        let Some(Op::Paxos(op)) = self.ops.remove(number) else { return };
        let (client, level, table) = (op.client, plain(op.level), op.table);
        let Work::Read(Serial { read, page_size, paging, questions, wanted, .. }) = op.work else { return };
        let purpose = Purpose::Select { client, read, page_size, paging };
        self.begin_read(cx, ReadOp::new(purpose, level, table, questions, wanted));
    }

    /// Somebody else was first: wait a moment, then begin anew.
    pub(crate) fn contended(&mut self, cx: &mut Cx<'_>, number: u64) {
        let Some(op) = self.ops.paxos(number) else { return };
        op.contentions += 1;
        op.phase = Phase::Waiting;
        let (place, ballot) = (Place { table: op.table, key: Some(op.key.clone()) }, op.ballot);
        cx.note(|| Fact::Paxos { place, ballot: ballot.at, step: Step::Contended });
        let pause = Span::ms(cx.luck.below(PAUSE_MS));
        cx.wake(pause, Timer::Paxos(number));
    }

    /// It ends with an error.
    pub(crate) fn fail_paxos(&mut self, cx: &mut Cx<'_>, number: u64, error: Error) {
        if let Some(Op::Paxos(op)) = self.ops.remove(number) {
            self.reply(cx, op.client, Response::Error(error));
        }
    }
}
