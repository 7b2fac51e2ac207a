//! Hinted handoff: what a replica missed is kept for it, for a while (semantics.md 14, real-cluster.md b).

use crate::message::{Message, Timer, Why};
use crate::node::{Cx, Node, seconds};
use crate::ops::Op;
use crate::write::{Part, WriteOp};
use alloc::collections::BTreeMap;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use sim::{Id, Span};
use storage::Mutation;
use trace::{Fact, HintState};

/// A dispatcher looks every ten seconds; one round closes the file, the next sends it.
const DISPATCH: Span = Span::s(10);

/// So many hints go out at once.
const ROUND: usize = 1024;

/// A write that one replica missed.
#[derive(Clone, Debug)]
struct Hint {
    mutation: Rc<Mutation>,
    /// Unix seconds by the coordinator's clock.
    written: i64,
}

/// Every hint one node keeps. Hints are on its disk: they survive a crash.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    waiting: BTreeMap<Id, VecDeque<Hint>>,
    /// Targets for which a timer runs.
    armed: Vec<Id>,
}

impl Hints {
    pub(crate) fn forget_timers(&mut self) {
        self.armed.clear();
    }

    /// How many are kept for one node.
    pub(crate) fn kept_for(&self, target: Id) -> usize {
        self.waiting.get(&target).map_or(0, VecDeque::len)
    }

    /// Nodes that hints are kept for.
    pub(crate) fn targets(&self) -> Vec<Id> {
        self.waiting.keys().copied().collect()
    }

    fn has(&self, target: Id) -> bool {
        self.waiting.get(&target).is_some_and(|hints| !hints.is_empty())
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
        cx.note(|| Fact::Hint { state, target, mutation: mutation.clone() });
        if keep {
            let hint = Hint { mutation: mutation.clone(), written: seconds(cx.now) };
            self.hints.waiting.entry(target).or_default().push_back(hint);
            if self.believes_up(target) {
                self.schedule_hints(cx, target);
            }
        }
        keep
    }

    /// Hints that were sent and not written: keep them again, in front.
    pub(crate) fn keep_again(&mut self, cx: &mut Cx<'_>, target: Id, left: Vec<Rc<Mutation>>) {
        let written = seconds(cx.now);
        let queue = self.hints.waiting.entry(target).or_default();
        for mutation in left.into_iter().rev() {
            queue.push_front(Hint { mutation, written });
        }
        if self.believes_up(target) {
            self.schedule_hints(cx, target);
        }
    }

    /// Plan to send what is kept for a node that is believed up, unless that is planned already.
    pub(crate) fn schedule_hints(&mut self, cx: &mut Cx<'_>, target: Id) {
        if self.hints.has(target) && !self.hints.armed.contains(&target) {
            self.arm_hints(cx, target);
        }
    }

    fn arm_hints(&mut self, cx: &mut Cx<'_>, target: Id) {
        self.hints.armed.push(target);
        let wait = DISPATCH + Span(cx.luck.below(DISPATCH.0));
        cx.wake(wait, Timer::Hints(target));
    }

    /// Send what is kept for a node, if it is there.
    pub(crate) fn send_hints(&mut self, cx: &mut Cx<'_>, target: Id) {
        self.hints.armed.retain(|id| *id != target);
        if !self.believes_up(target) {
            return;
        }
        let Some(queue) = self.hints.waiting.get_mut(&target) else { return };
        let round: Vec<Hint> = queue.drain(..queue.len().min(ROUND)).collect();
        if queue.is_empty() {
            self.hints.waiting.remove(&target);
        }
        let number = self.ops.next();
        let mut parts = Vec::new();
        for hint in round {
            let grace = self.catalog.home(hint.mutation.table).map_or(0, |home| home.table.options.gc_grace_seconds);
            // Older than gc_grace it could bring back what others have deleted and purged.
            let expired = seconds(cx.now).saturating_sub(hint.written) > i64::from(grace);
            let state = if expired { HintState::Expired } else { HintState::Replayed };
            cx.note(|| Fact::Hint { state, target, mutation: hint.mutation.clone() });
            if !expired {
                let mutation = hint.mutation.clone();
                self.peer(
                    cx,
                    target,
                    Message::Write { op: number, part: parts.len() as u32, mutation, why: Why::Hint },
                );
                parts.push(Part::hint(hint.mutation, target));
            }
        }
        if parts.is_empty() {
            return self.schedule_hints(cx, target);
        }
        if let Some(span) = self.writes.begin(cx.elapsed, number) {
            cx.wake(span, Timer::Writes);
        }
        self.ops.add(Op::Write(WriteOp::hints(target, parts)));
    }
}
