//! A replica's part: it promises, accepts and commits, and never forgets what it said.

use super::Ballot;
use crate::message::{Message, Round};
use crate::node::{Cx, Node, seconds};
use alloc::collections::{BTreeMap, VecDeque};
use alloc::rc::Rc;
use sim::Id;
use storage::{LogSync, Mutation, PartitionKey, TableId};
use trace::{Fact, PaxosStep as Step, Place};

/// What was proposed under a ballot. A mutation that is empty changes nothing: so a serial read takes its place in line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Under which ballot; the mutation is dated by it.
    pub ballot: Ballot,
    /// What to write.
    pub mutation: Rc<Mutation>,
}

impl Proposal {
    /// The same change, dated by a ballot.
    pub(crate) fn dated(ballot: Ballot, mutation: &Rc<Mutation>) -> Proposal {
        let mut mutation = Mutation::clone(mutation);
        mutation.delta.date(ballot.at);
        Proposal { ballot, mutation: Rc::new(mutation) }
    }

    /// Whether it changes nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.mutation.delta.is_empty()
    }

    pub(crate) fn place(&self) -> Place {
        Place { table: self.mutation.table, key: Some(self.mutation.key.clone()) }
    }
}

/// The ballot of what may be there.
pub(crate) fn ballot_of(proposal: Option<&Proposal>) -> Ballot {
    proposal.map_or(Ballot::NONE, |proposal| proposal.ballot)
}

/// What a replica answers to a prepare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Under which ballot it was asked.
    pub ballot: Ballot,
    /// Whether it promises.
    pub granted: bool,
    /// The newest ballot it has seen, when it does not.
    pub newest: Ballot,
    /// The last proposal it accepted.
    pub accepted: Option<Proposal>,
    /// The last proposal it knows to be decided.
    pub committed: Option<Proposal>,
}

/// What one replica keeps of one partition: Cassandra's row in `system.paxos`.
#[derive(Clone, Debug)]
struct State {
    promised: Ballot,
    accepted: Option<Proposal>,
    committed: Option<Proposal>,
}

impl State {
    const NEW: State = State { promised: Ballot::NONE, accepted: None, committed: None };

    fn newest(&self) -> Ballot {
        self.promised.newer(ballot_of(self.accepted.as_ref())).newer(ballot_of(self.committed.as_ref()))
    }

    /// Without what is as old as its time to live: else a commit could come back after the tombstones that hid it were
    /// purged.
    fn fresh(mut self, before: i64) -> State {
        self.accepted.take_if(|proposal| proposal.ballot.at < before);
        self.committed.take_if(|proposal| proposal.ballot.at < before);
        self
    }
}

type Of = (TableId, PartitionKey);

/// All of it. It is in the commit log like every write: a kill loses nothing, a power cut what was not synced.
#[derive(Debug, Default)]
pub(crate) struct Acceptors {
    states: BTreeMap<Of, State>,
    /// What stood there before each change that may not be on the disk yet, with the time of the change.
    unsynced: VecDeque<(u64, Of, Option<State>)>,
}

impl Acceptors {
    fn get(&self, of: &Of) -> State {
        self.states.get(of).cloned().unwrap_or(State::NEW)
    }

    fn set(&mut self, of: Of, state: State, sync: LogSync, now: u64) {
        while self.unsynced.pop_front_if(|(at, ..)| sync.is_synced(*at, now)).is_some() {}
        let before = self.states.insert(of.clone(), state);
        self.unsynced.push_back((now, of, before));
    }

    /// The machine lost its power at `now`.
    pub(crate) fn cut(&mut self, sync: LogSync, now: u64) {
        while let Some((_, of, before)) = self.unsynced.pop_back_if(|(at, ..)| !sync.is_synced(*at, now)) {
            match before {
                Some(state) => self.states.insert(of, state),
                None => self.states.remove(&of),
            };
        }
        self.unsynced.clear();
    }

    /// A table is gone.
    pub(crate) fn drop_table(&mut self, table: TableId) {
        self.states.retain(|(id, _), _| *id != table);
        self.unsynced.retain(|(_, (id, _), _)| *id != table);
    }
}

/// Paxos state lives three hours at least.
const LIFE_MIN: i64 = 3 * 3600;

impl Node {
    fn paxos_state(&self, of: &Of, now: i64) -> State {
        let grace = self.catalog.home(of.0).map_or(0, |home| home.table.options.gc_grace_seconds);
        let before = seconds(now).saturating_sub(grace.max(LIFE_MIN)).saturating_mul(1_000_000);
        self.acceptors.get(of).fresh(before)
    }

    fn keep(&mut self, cx: &Cx<'_>, of: Of, state: State) {
        self.acceptors.set(of, state, self.engine.sync(), cx.elapsed.0);
    }

    fn note_step(cx: &mut Cx<'_>, of: &Of, ballot: Ballot, step: Step) {
        cx.note(|| Fact::Paxos { place: Place { table: of.0, key: Some(of.1.clone()) }, ballot: ballot.at, step });
    }

    /// Somebody wants a promise.
    pub(crate) fn prepare_asked(&mut self, cx: &mut Cx<'_>, from: Id, round: Round, ballot: Ballot, of: Of) {
        if self.catalog.home(of.0).is_none() {
            return;
        }
        let state = self.paxos_state(&of, cx.now);
        let newest = state.newest();
        let promise = |granted| Promise {
            ballot,
            granted,
            newest,
            accepted: state.accepted.clone(),
            committed: state.committed.clone(),
        };
        // The same prepare, come twice, is answered as it was the first time.
        let granted = ballot.is_after(newest) || ballot == state.promised;
        let promise = promise(granted);
        Node::note_step(cx, &of, ballot, if granted { Step::Promised } else { Step::NotPromised });
        if granted {
            self.keep(cx, of, State { promised: ballot, ..state });
        }
        self.peer(cx, from, Message::Promised { round, promise: Rc::new(promise) });
    }

    /// Somebody wants a proposal to be accepted.
    pub(crate) fn proposal_made(&mut self, cx: &mut Cx<'_>, from: Id, round: Round, proposal: Proposal) {
        let of = (proposal.mutation.table, proposal.mutation.key.clone());
        if self.catalog.home(of.0).is_none() {
            return;
        }
        let (ballot, state) = (proposal.ballot, self.paxos_state(&of, cx.now));
        let newest = state.newest();
        let accepted = ballot == newest || ballot.is_after(newest);
        Node::note_step(cx, &of, ballot, if accepted { Step::Accepted } else { Step::NotAccepted });
        if accepted && ballot != ballot_of(state.committed.as_ref()) {
            self.keep(cx, of, State { accepted: Some(proposal), ..state });
        }
        self.peer(cx, from, Message::Accepted { round, ballot, accepted });
    }

    /// A proposal is decided. False when its table is unknown here.
    pub(crate) fn commit(&mut self, cx: &mut Cx<'_>, proposal: Proposal) -> bool {
        if !self.apply(cx, &proposal.mutation) {
            return false;
        }
        let of = (proposal.mutation.table, proposal.mutation.key.clone());
        let mut state = self.paxos_state(&of, cx.now);
        if proposal.ballot.is_after(ballot_of(state.committed.as_ref())) {
            state.accepted.take_if(|accepted| !accepted.ballot.is_after(proposal.ballot));
            state.committed = Some(proposal);
            self.keep(cx, of, state);
        }
        true
    }
}
