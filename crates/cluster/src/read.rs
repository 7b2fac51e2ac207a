//! Coordinating reads: one replica for data, others for digests; where they differ, everything from all that were asked,
//! joined, and what each of them lacked is written back (semantics.md 17, real-cluster.md c and h).

use crate::consistency::Need;
use crate::merge::{Merged, merge};
use crate::message::{Answer, Depth, Message, Question, Round, Target, Timer, Why};
use crate::node::{Client, Cx, Node, seconds};
use crate::ops::Op;
use crate::write::timed_out;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use cql::{Consistency, Error, Read, ReadRepair, Response, SpeculativeRetry};
use sim::{Id, Span};
use storage::{Mutation, Partition, TableId};
use trace::Fact;

/// A read in progress.
#[derive(Debug)]
pub(crate) struct ReadOp {
    pub(crate) purpose: Purpose,
    pub(crate) level: Consistency,
    pub(crate) table: TableId,
    /// What is still to be asked, in order.
    pub(crate) todo: VecDeque<Question>,
    /// What has been found, in order.
    found: Vec<Rc<Mutation>>,
    /// Live rows in `found`.
    live: u64,
    /// Live rows that are enough.
    pub(crate) wanted: u64,
    fetch: Option<Fetch>,
    rounds: u32,
}

/// What a read is for.
#[derive(Debug)]
pub(crate) enum Purpose {
    /// A client's SELECT.
    Select { client: Client, read: Rc<Read>, page_size: Option<u32>, paging: Option<cql::PagingState> },
    /// A client's write that has to know what is there first.
    Before { client: Client, write: Box<cql::ReadFirst> },
    /// What a transaction has to know: the operation that goes on with it.
    Condition { client: Client, paxos: u64 },
    /// Anti-entropy repair, with the number of partitions that differed so far.
    Repair { differing: u32 },
}

/// One question on its way.
#[derive(Debug)]
struct Fetch {
    round: Round,
    question: Rc<Question>,
    asked: Vec<Id>,
    /// Replicas that could be asked besides.
    spare: Vec<Id>,
    required: u32,
    phase: Phase,
    rows: Vec<(Id, Rc<Answer>)>,
    digests: Vec<(Id, u64)>,
}

#[derive(Debug)]
enum Phase {
    /// Data from one, digests from the others.
    First,
    /// Data from all that were asked.
    Full,
    /// The joined answer is known; this many replicas have still to write what they lacked.
    Repairing(usize, Answer),
}

/// What a replica answered.
pub(crate) enum Heard {
    Rows(Rc<Answer>),
    Digest(u64),
}

impl ReadOp {
    pub(crate) fn new(
        purpose: Purpose,
        level: Consistency,
        table: TableId,
        todo: VecDeque<Question>,
        wanted: u64,
    ) -> ReadOp {
        ReadOp { purpose, level, table, todo, found: Vec::new(), live: 0, wanted, fetch: None, rounds: 0 }
    }

    fn client(&self) -> Option<Client> {
        match &self.purpose {
            Purpose::Select { client, .. } | Purpose::Before { client, .. } | Purpose::Condition { client, .. } => {
                Some(*client)
            }
            Purpose::Repair { .. } => None,
        }
    }

    pub(crate) fn repairs(&self) -> bool {
        matches!(self.purpose, Purpose::Repair { .. })
    }
}

impl Node {
    /// Begin a read.
    pub(crate) fn begin_read(&mut self, cx: &mut Cx<'_>, op: ReadOp) {
        let is_range = op.todo.front().is_some_and(|q| matches!(q.target, Target::Range(_)));
        let number = self.ops.next();
        self.wait(cx, if is_range { Timer::Ranges } else { Timer::Reads }, number);
        self.ops.add(Op::Read(Box::new(op)));
        self.with_read(cx, number, |node, cx, op| node.ask_next(cx, number, op));
    }

    /// Take a read out, go on with it, put it back unless it is done.
    fn with_read(
        &mut self,
        cx: &mut Cx<'_>,
        number: u64,
        go_on: impl FnOnce(&mut Node, &mut Cx<'_>, &mut ReadOp) -> Progress,
    ) {
        if !matches!(self.ops.get_mut(number), Some(Op::Read(_))) {
            return;
        }
        let Some(Op::Read(mut op)) = self.ops.take(number) else { return };
        match go_on(self, cx, &mut op) {
            Progress::Waiting => self.ops.put(number, Op::Read(op)),
            Progress::Done => {
                self.ops.remove(number);
            }
        }
    }

    /// Ask the next question, or finish.
    fn ask_next(&mut self, cx: &mut Cx<'_>, number: u64, op: &mut ReadOp) -> Progress {
        if op.live >= op.wanted {
            return self.finish_read(cx, op);
        }
        let Some(mut question) = op.todo.pop_front() else { return self.finish_read(cx, op) };
        question.rows_max = u32::try_from(op.wanted - op.live).unwrap_or(u32::MAX);
        let Some(home) = self.catalog.home(op.table) else {
            return self.fail_read(cx, op, Error::invalid("unconfigured table"));
        };
        let token = match &question.target {
            Target::Key(key) => key.token,
            Target::Range(range) => range.to,
        };
        let replicas = home.placement.replicas(token);
        let need = Need::of(op.level, &home.placement.strategy, &self.dc);
        let retry = home.table.options.speculative_retry;
        let ring = self.catalog.clone();
        // The coordinator's own copy first, then along the ring; of other data centres last (real-cluster.md 1).
        let rank = |id: Id| (id != self.id, ring.ring().dc_of(id) != Some(&self.dc));
        let up = |id: &Id| self.believes_up(*id);
        let alive: Vec<Id> = [(false, false), (true, false), (false, true), (true, true)]
            .into_iter()
            .flat_map(|of| replicas.iter().copied().filter(move |id| up(id) && rank(*id) == of))
            .collect();
        if !need.met(ring.ring(), alive.iter()) {
            let (required, alive) = need.lacking(ring.ring(), alive.iter());
            if let Some(client) = self.in_vain(op) {
                self.unavailable(cx, client, op.level, required, alive);
            }
            return Progress::Done;
        }
        let required = if op.repairs() { alive.len() as u32 } else { need.required() };
        let mut asked = Vec::new();
        let mut spare = Vec::new();
        for id in alive {
            let enough = need.met(ring.ring(), asked.iter()) && !op.repairs();
            let useful = need.counted(ring.ring(), core::iter::once(&id)) == 1;
            if enough || !useful { spare.push(id) } else { asked.push(id) }
        }
        op.rounds += 1;
        let round = Round { op: number, number: op.rounds };
        let question = Rc::new(question);
        let everything = op.repairs() || matches!(question.target, Target::Range(_));
        for (index, id) in asked.iter().enumerate() {
            let depth = match (op.repairs(), index == 0 || everything) {
                (true, _) => Depth::Full,
                (false, true) => Depth::Data,
                (false, false) => Depth::Digest,
            };
            self.peer(cx, *id, Message::Read { round, question: question.clone(), depth });
        }
        let phase = if op.repairs() { Phase::Full } else { Phase::First };
        if let (Some(span), false) = (patience(retry), spare.is_empty() || op.repairs()) {
            cx.wake(span, Timer::Speculate(round));
        }
        op.fetch =
            Some(Fetch { round, question, asked, spare, required, phase, rows: Vec::new(), digests: Vec::new() });
        Progress::Waiting
    }

    /// A replica is slow: ask one more (semantics.md 18).
    pub(crate) fn speculate(&mut self, cx: &mut Cx<'_>, round: Round) {
        self.with_read(cx, round.op, |node, cx, op| {
            let Some(fetch) = op.fetch.as_mut().filter(|f| f.round == round) else { return Progress::Waiting };
            if !fetch.spare.is_empty() {
                let id = fetch.spare.remove(0);
                // It replaces whichever is missing, so it must be able to stand in for the data.
                let depth = if matches!(fetch.phase, Phase::First) { Depth::Data } else { Depth::Full };
                node.peer(cx, id, Message::Read { round, question: fetch.question.clone(), depth });
                fetch.asked.push(id);
            }
            Progress::Waiting
        });
    }

    /// A replica has answered.
    pub(crate) fn heard(&mut self, cx: &mut Cx<'_>, from: Id, round: Round, heard: Heard) {
        self.with_read(cx, round.op, |node, cx, op| {
            let Some(fetch) = op.fetch.as_mut().filter(|f| f.round == round) else { return Progress::Waiting };
            if matches!(fetch.phase, Phase::Repairing(..)) {
                return Progress::Waiting;
            }
            match heard {
                Heard::Rows(answer) if fetch.rows.iter().all(|(id, _)| *id != from) => fetch.rows.push((from, answer)),
                Heard::Digest(digest) if fetch.digests.iter().all(|(id, _)| *id != from) => {
                    fetch.digests.push((from, digest));
                }
                Heard::Rows(_) | Heard::Digest(_) => {}
            }
            if (fetch.rows.len() + fetch.digests.len()) as u32 >= fetch.required && !fetch.rows.is_empty() {
                node.settle(cx, round.op, op)
            } else {
                Progress::Waiting
            }
        });
    }

    /// Enough have answered: do they agree?
    fn settle(&mut self, cx: &mut Cx<'_>, number: u64, op: &mut ReadOp) -> Progress {
        let Some(mut fetch) = op.fetch.take() else { return Progress::Waiting };
        let Some((_, first)) = fetch.rows.first().cloned() else { return Progress::Waiting };
        match fetch.phase {
            Phase::First => {
                let agree = fetch.rows.iter().all(|(_, answer)| Rc::ptr_eq(answer, &first) || **answer == *first)
                    && (fetch.digests.is_empty() || {
                        let digest = first.digest();
                        fetch.digests.iter().all(|(_, other)| *other == digest)
                    });
                if agree {
                    drop(fetch);
                    return self.take(cx, number, op, Rc::unwrap_or_clone(first));
                }
                let place = fetch.question.place();
                cx.note(|| Fact::Mismatch { place });
                // Those that answered are asked for everything (real-cluster.md c: only they are repaired).
                let asked: Vec<Id> =
                    fetch.rows.iter().map(|(id, _)| *id).chain(fetch.digests.iter().map(|(id, _)| *id)).collect();
                self.ask_fully(cx, number, op, fetch.question, asked);
                Progress::Waiting
            }
            Phase::Full => {
                let now = seconds(cx.now);
                let Merged { answer, lacking, short } = merge(&fetch.question, &fetch.rows, self.settings.dialect, now);
                if short {
                    // Short-read protection: what was cut off might have been live (real-cluster.md h).
                    let mut question = Rc::unwrap_or_clone(fetch.question);
                    question.command.limit = question.command.limit.saturating_mul(2);
                    question.rows_max = question.rows_max.saturating_mul(2);
                    self.ask_fully(cx, number, op, Rc::new(question), fetch.asked);
                    return Progress::Waiting;
                }
                let blocking =
                    self.catalog.home(op.table).is_some_and(|h| h.table.options.read_repair == ReadRepair::Blocking);
                if lacking.is_empty() || !(blocking || op.repairs()) {
                    return self.take(cx, number, op, answer);
                }
                if let Purpose::Repair { differing } = &mut op.purpose {
                    *differing += lacking.len() as u32;
                }
                let waiting = lacking.len();
                for (part, (id, mutation)) in (0u32..).zip(lacking) {
                    self.peer(cx, id, Message::Write { op: number, part, mutation, why: Why::Repair });
                }
                fetch.phase = Phase::Repairing(waiting, answer);
                op.fetch = Some(fetch);
                Progress::Waiting
            }
            Phase::Repairing(..) => {
                op.fetch = Some(fetch);
                Progress::Waiting
            }
        }
    }

    fn ask_fully(&mut self, cx: &mut Cx<'_>, number: u64, op: &mut ReadOp, question: Rc<Question>, asked: Vec<Id>) {
        op.rounds += 1;
        let round = Round { op: number, number: op.rounds };
        for id in &asked {
            self.peer(cx, *id, Message::Read { round, question: question.clone(), depth: Depth::Full });
        }
        let required = asked.len() as u32;
        let spare = Vec::new();
        op.fetch = Some(Fetch {
            round,
            question,
            asked,
            spare,
            required,
            phase: Phase::Full,
            rows: Vec::new(),
            digests: Vec::new(),
        });
    }

    /// A replica has written what it lacked.
    pub(crate) fn repaired(&mut self, cx: &mut Cx<'_>, number: u64) {
        self.with_read(cx, number, |node, cx, op| {
            let Some(Fetch { phase: Phase::Repairing(left, answer), .. }) = &mut op.fetch else {
                return Progress::Waiting;
            };
            *left -= 1;
            if *left > 0 {
                return Progress::Waiting;
            }
            let answer = core::mem::take(answer);
            node.take(cx, number, op, answer)
        });
    }

    /// One question is answered: keep it, go on behind it.
    fn take(&mut self, cx: &mut Cx<'_>, number: u64, op: &mut ReadOp, answer: Answer) -> Progress {
        let question = op.fetch.take().map(|fetch| fetch.question);
        let now = seconds(cx.now);
        // Behind a page's end, and where only certain rows are asked for, a static row is no row of its own.
        let alone = question.as_ref().is_some_and(|question| {
            question.command.after.is_none() && question.command.slices.iter().all(storage::Slice::is_all)
        });
        let live: u64 = answer.partitions.iter().map(|held| seen_rows(&held.state.delta, alone, now)).sum();
        op.live += live;
        if answer.more
            && op.live < op.wanted
            && let Some(question) = question
            && let (Target::Range(range), Some(last)) = (&question.target, answer.partitions.last())
        {
            let target = Target::Range(range.clone().behind(last.state.key.clone()));
            op.todo.push_front(Question { target, ..Question::clone(&question) });
        }
        if !op.repairs() {
            op.found.extend(answer.partitions.into_iter().map(|held| held.state));
        }
        self.ask_next(cx, number, op)
    }

    fn finish_read(&mut self, cx: &mut Cx<'_>, op: &mut ReadOp) -> Progress {
        let found = core::mem::take(&mut op.found);
        let purpose = core::mem::replace(&mut op.purpose, Purpose::Repair { differing: 0 });
        match purpose {
            Purpose::Select { client, read, page_size, paging } => {
                let found = found.iter().map(|held| (&held.key, &held.delta));
                let response = match read.project(found, cx.now, page_size, paging.as_ref()) {
                    Ok((rows, next)) => Response::Rows(rows, next),
                    Err(error) => Response::Error(error),
                };
                self.reply(cx, client, response);
            }
            Purpose::Before { client, write } => match write.resolve(found.iter().map(|held| (&held.key, &held.delta)))
            {
                Ok(write) => self.write(cx, client, &write, op.level),
                Err(error) => self.reply(cx, client, Response::Error(error)),
            },
            Purpose::Condition { paxos, .. } => {
                self.condition_read(cx, paxos, found.first().map(|held| &held.delta));
            }
            Purpose::Repair { differing } => self.repair_done(cx, op.table, differing),
        }
        Progress::Done
    }

    /// A read failed: who is to hear of it. A transaction that waited for it ends too.
    fn in_vain(&mut self, op: &ReadOp) -> Option<Client> {
        if let Purpose::Condition { paxos, .. } = op.purpose {
            self.ops.remove(paxos);
        }
        op.client()
    }

    fn fail_read(&mut self, cx: &mut Cx<'_>, op: &mut ReadOp, error: Error) -> Progress {
        if let Some(client) = self.in_vain(op) {
            self.reply(cx, client, Response::Error(error));
        }
        Progress::Done
    }

    /// Time is up.
    pub(crate) fn read_timed_out(&mut self, cx: &mut Cx<'_>, number: u64) {
        self.with_read(cx, number, |node, cx, op| {
            let (received, required, data) = op.fetch.as_ref().map_or((0, 0, false), |fetch| {
                ((fetch.rows.len() + fetch.digests.len()) as u32, fetch.required, !fetch.rows.is_empty())
            });
            // While a repair is not acknowledged the answers are there, one too few counts (real-cluster.md c).
            let received = received.min(required.saturating_sub(1));
            cx.note(|| Fact::Timeout { received: words(received), required: words(required), write: false });
            let consistency = op.level;
            let message = timed_out(received);
            node.fail_read(cx, op, Error::ReadTimeout { consistency, received, required, data, message })
        });
    }
}

/// Whether a read goes on.
enum Progress {
    Waiting,
    Done,
}

/// How long to wait for a slow replica before one more is asked. 99p is what a healthy local network shows
/// (real-cluster.md c: 15 ms).
fn patience(retry: SpeculativeRetry) -> Option<Span> {
    match retry {
        SpeculativeRetry::Never => None,
        SpeculativeRetry::Always => Some(Span::ZERO),
        SpeculativeRetry::After(us) => Some(Span(u64::from(us))),
        SpeculativeRetry::Percentile(_) => Some(Span::ms(15)),
    }
}

/// The rows of a partition that count towards a limit: live ones, or the static row `alone`, where that is one.
fn seen_rows(partition: &Partition, alone: bool, now: i64) -> u64 {
    match partition.live_rows(now) {
        0 => u64::from(alone && partition.is_static_live(now)),
        rows => rows,
    }
}

/// Counts of replicas as facts keep them.
pub(crate) fn words(n: u32) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}
