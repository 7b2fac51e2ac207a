//! Hinted handoff: what a replica missed is kept for it, for a while (semantics.md 14, real-cluster.md b).

use crate::message::{Message, Timer, Why};
use crate::node::{Cx, Node, seconds};
use crate::ops::Op;
use crate::write::{Part, WriteOp};
use alloc::collections::BTreeMap;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use sim::{Cause, Id, Span};
use storage::{Mutation, TableId};
use trace::{Fact, HintState};

/// A dispatcher looks every ten seconds; one round closes the file, the next sends it.
const DISPATCH: Span = Span::s(10);

/// Waiting doubles with each round in vain, so many times: to three days.
const BACKOFF_MAX: u32 = 14;

/// So many hints go out at once.
const ROUND: usize = 1024;

/// A write that one replica missed.
#[derive(Clone, Debug)]
pub(crate) struct Hint {
    pub(crate) mutation: Rc<Mutation>,
    /// When it was first kept: Unix seconds by the coordinator's clock.
    written: i64,
    /// That it was kept.
    cause: Cause,
}

/// Every hint one node keeps. Hints are on its disk: they survive a crash; plans to send them do not.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    waiting: BTreeMap<Id, VecDeque<Hint>>,
    plans: BTreeMap<Id, Attempt>,
    /// Counts plans, so that the timer of one that was given up is known.
    count: u32,
}

/// A plan to send a node its hints.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    number: u32,
    /// Rounds in a row that were not acknowledged.
    failed: u32,
    /// A timer runs for it; else a round is on its way.
    waiting: bool,
}

impl Hints {
    pub(crate) fn forget_plans(&mut self) {
        self.plans.clear();
    }

    /// What was kept of a table is as gone as its rows.
    pub(crate) fn forget_table(&mut self, table: TableId) {
        self.waiting.values_mut().for_each(|queue| queue.retain(|hint| hint.mutation.table != table));
        self.waiting.retain(|_, queue| !queue.is_empty());
    }

    /// How many are kept for one node.
    pub(crate) fn kept_for(&self, target: Id) -> usize {
        self.waiting.get(&target).map_or(0, VecDeque::len)
    }

    /// Nodes that hints are kept for.
    pub(crate) fn targets(&self) -> Vec<Id> {
        self.waiting.keys().copied().collect()
    }
}

impl Node {
    /// Keep a write for a replica that missed it. False when it is not kept: hints are off, or the node has been down
    /// for longer than the window.
    pub(crate) fn hint(&mut self, cx: &mut Cx<'_>, target: Id, mutation: &Rc<Mutation>) -> bool {
        let down_for =
            self.beliefs.get(target.index()).and_then(|b| b.down_since).map_or(Span::ZERO, |t| cx.elapsed - t);
        let keep = self.settings.hints && target != self.id && down_for <= self.settings.hint_window;
        let state = if keep { HintState::Stored } else { HintState::Refused };
        let before = cx.remember();
        cx.note(|| Fact::Hint { state, target, mutation: mutation.clone() });
        if keep {
            let hint = Hint { mutation: mutation.clone(), written: seconds(cx.now), cause: cx.remember() };
            self.hints.waiting.entry(target).or_default().push_back(hint);
            if self.believes_up(target) {
                self.schedule_hints(cx, target);
            }
        }
        cx.recall(&before);
        keep
    }

    /// A round was acknowledged, or time ran out with this left over: keep that again, in front.
    pub(crate) fn hints_sent(&mut self, cx: &mut Cx<'_>, target: Id, left: Vec<Hint>) {
        let failed = match self.hints.plans.remove(&target) {
            Some(attempt) if !left.is_empty() => attempt.failed + 1,
            Some(_) | None => 0,
        };
        if !left.is_empty() {
            let queue = self.hints.waiting.entry(target).or_default();
            for hint in left.into_iter().rev() {
                queue.push_front(hint);
            }
        }
        if self.believes_up(target) {
            self.plan_hints(cx, target, failed);
        }
    }

    /// Plan to send what is kept for a node that is believed up, unless that is planned already.
    pub(crate) fn schedule_hints(&mut self, cx: &mut Cx<'_>, target: Id) {
        if !self.hints.plans.contains_key(&target) {
            self.plan_hints(cx, target, 0);
        }
    }

    /// Something about the network has changed: what was waiting for a better time is tried soon.
    pub(crate) fn nudge_hints(&mut self, cx: &mut Cx<'_>) {
        for target in self.hints.targets() {
            let waits = self.hints.plans.get(&target).is_none_or(|attempt| attempt.waiting && attempt.failed > 0);
            if waits && self.believes_up(target) {
                self.plan_hints(cx, target, 0);
            }
        }
    }

    /// A real dispatcher tries every ten seconds for ever. Trying less and less often, and soon again when anything
    /// changes, comes to the same for whoever looks at rows, and ten idle days cost nothing.
    fn plan_hints(&mut self, cx: &mut Cx<'_>, target: Id, failed: u32) {
        if self.hints.kept_for(target) == 0 {
            return;
        }
        self.hints.count = self.hints.count.wrapping_add(1);
        let number = self.hints.count;
        self.hints.plans.insert(target, Attempt { number, failed, waiting: true });
        let wait = Span(DISPATCH.0 << failed.min(BACKOFF_MAX)) + Span(cx.luck.below(DISPATCH.0));
        cx.wake(wait, Timer::Hints(target, number));
    }

    /// Send what is kept for a node, if it is there.
    pub(crate) fn send_hints(&mut self, cx: &mut Cx<'_>, target: Id, number: u32) {
        match self.hints.plans.get_mut(&target) {
            Some(attempt) if attempt.number == number => attempt.waiting = false,
            Some(_) | None => return,
        }
        if !self.believes_up(target) {
            self.hints.plans.remove(&target);
            return;
        }
        let Some(mut queue) = self.hints.waiting.remove(&target) else { return };
        let round: Vec<Hint> = queue.drain(..queue.len().min(ROUND)).collect();
        if !queue.is_empty() {
            self.hints.waiting.insert(target, queue);
        }
        let op = self.ops.next();
        let mut parts = Vec::new();
        for hint in round {
            let home = self.catalog.home(hint.mutation.table);
            let grace = home.map_or(0, |home| home.table.options.gc_grace_seconds);
            // Older than gc_grace it could bring back what others have deleted and purged.
            let expired = seconds(cx.now).saturating_sub(hint.written) > grace;
            let state = if expired { HintState::Expired } else { HintState::Replayed };
            cx.recall(&hint.cause);
            cx.note(|| Fact::Hint { state, target, mutation: hint.mutation.clone() });
            if !expired {
                let (mutation, part) = (hint.mutation.clone(), parts.len() as u32);
                self.peer(cx, target, Message::Write { op, part, mutation, why: Why::Hint });
                parts.push(Part::hint(hint, target));
            }
        }
        if parts.is_empty() {
            return self.hints_sent(cx, target, Vec::new());
        }
        self.wait(cx, Timer::Writes, op);
        self.ops.add(Op::Write(WriteOp::hints(target, parts)));
    }
}
