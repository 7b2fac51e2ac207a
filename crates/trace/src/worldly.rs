//! What the world does to machines: up or down, frozen, clocks, cuts, rules, who believes whom dead.

use crate::kind::Kind;
use crate::log::Log;
use crate::sorted::Sorted;
use crate::{Error, EventId, Fact};
use alloc::{rc::Rc, vec::Vec};
use sim::{Id, Rule};

/// Such events between two keyframes, or the size of a keyframe, whichever is more.
const KEYFRAME_EVERY: usize = 256;

/// One machine, as far as the world has changed it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lane {
    pub down: Option<EventId>,
    pub frozen: bool,
    pub offset: Option<i64>,
    /// In order.
    pub convicted: Vec<Id>,
}

/// No packet passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutView {
    /// One side.
    pub left: Rc<[Id]>,
    /// The other side.
    pub right: Rc<[Id]>,
    /// Only from left to right.
    pub one_way: bool,
    /// Since when.
    pub since: EventId,
}

/// Everything the world has done, added up.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub lanes: Sorted<Id, Lane>,
    pub cuts: Vec<CutView>,
    pub rules: Vec<(EventId, Rc<Rule>)>,
}

/// The events of this kind, with keyframes.
#[derive(Debug, Default)]
pub(crate) struct Worldly {
    events: Vec<u32>,
    frames: Vec<(u32, Rc<State>)>,
}

/// Such events while a trace is read.
#[derive(Debug, Default)]
pub(crate) struct Turning {
    worldly: Worldly,
    state: State,
    since: usize,
}

impl Turning {
    pub fn take(&mut self, log: &Log<'_>, id: EventId, kind: Kind) -> Result<(), Error> {
        if !(Kind::Kill..=Kind::Revive).contains(&kind) {
            return Ok(());
        }
        self.worldly.events.push(id.0);
        self.state.take(log, id)?;
        self.since += 1;
        if self.since >= KEYFRAME_EVERY.max(self.state.size()) {
            self.since = 0;
            self.worldly.frames.push((self.worldly.events.len() as u32, Rc::new(self.state.clone())));
        }
        Ok(())
    }

    pub fn done(&mut self) -> Worldly {
        core::mem::take(&mut self.worldly)
    }
}

impl Worldly {
    /// The world after an event.
    pub fn at(&self, log: &Log<'_>, upto: u32) -> Result<State, Error> {
        let to = self.events.partition_point(|event| *event <= upto);
        let next = self.frames.partition_point(|(position, _)| *position as usize <= to);
        let (from, mut state) = match next.checked_sub(1).and_then(|frame| self.frames.get(frame)) {
            Some((position, state)) => (*position as usize, State::clone(state)),
            None => (0, State::default()),
        };
        for event in self.events.get(from..to).unwrap_or_default() {
            state.take(log, EventId(*event))?;
        }
        Ok(state)
    }
}

impl State {
    fn size(&self) -> usize {
        let convicted: usize = self.lanes.values().map(|lane| lane.convicted.len()).sum();
        self.lanes.values().len() + convicted + self.cuts.len() + self.rules.len()
    }

    fn take(&mut self, log: &Log<'_>, id: EventId) -> Result<(), Error> {
        let who = log.who(id).ok_or(Error::Damaged)?;
        let lane = self.lanes.slot(who, Lane::default);
        match log.fact(id)? {
            Fact::Kill | Fact::Power => *lane = Lane { down: Some(id), offset: lane.offset, ..Lane::default() },
            Fact::Start => *lane = Lane { offset: lane.offset, ..Lane::default() },
            Fact::Pause => lane.frozen = true,
            Fact::Resume => lane.frozen = false,
            Fact::Clock { offset } => lane.offset = Some(offset),
            Fact::Cut { left, right, one_way } => self.cuts.push(CutView { left, right, one_way, since: id }),
            Fact::Heal => {
                self.cuts.clear();
                self.rules.clear();
            }
            Fact::Rule(rule) => self.rules.push((id, rule)),
            Fact::Convict { node } => {
                if let Err(place) = lane.convicted.binary_search(&node) {
                    lane.convicted.insert(place, node);
                }
            }
            Fact::Revive { node } => {
                lane.convicted.retain(|known| *known != node);
            }
            _ => {}
        }
        Ok(())
    }
}
