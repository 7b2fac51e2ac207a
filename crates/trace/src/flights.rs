//! Messages on their way.

use crate::EventId;
use crate::kind::Kind;
use crate::log::Log;
use crate::trace::NONE;
use crate::work::{Sorting, Work};
use alloc::vec::Vec;

/// Events between two keyframes of what is in flight, unless more is in flight than a quarter of that.
const KEYFRAME_EVERY: usize = 1024;

/// Every message with the event at which it landed or was lost.
#[derive(Debug, Default)]
pub(crate) struct Flights {
    /// Send, landing ([`NONE`] when the run ended first), sorted.
    all: Vec<(u32, u32)>,
    frames: Vec<Frame>,
}

/// What is in flight after an event.
#[derive(Debug)]
struct Frame {
    event: u32,
    /// Numbers in `all`.
    open: Vec<u32>,
    /// The first number whose Send comes later.
    next: u32,
}

/// Flights while a trace is read.
#[derive(Debug, Default)]
pub(crate) struct Flying {
    all: Vec<(u32, u32)>,
    /// Landings after the first: a rule doubled the message.
    again: Vec<(u32, u32)>,
    sorting: Option<Sorting<(u32, u32)>>,
    flights: Flights,
    /// Numbers of what is in flight after `event`, and the first whose Send comes later.
    open: Vec<u32>,
    next: usize,
    event: usize,
}

impl Flying {
    pub fn take(&mut self, log: &Log<'_>, id: EventId, kind: Kind) {
        match kind {
            Kind::Send => self.all.push((id.0, NONE)),
            Kind::Receive | Kind::Lost => {
                let Some(cause) = log.cause(id) else { return };
                let found = self.all.binary_search_by_key(&cause.0, |flight| flight.0);
                match found.ok().and_then(|found| self.all.get_mut(found)) {
                    Some((_, landing)) if *landing == NONE => *landing = id.0,
                    Some(_) => self.again.push((cause.0, id.0)),
                    None => {}
                }
            }
            _ => {}
        }
    }

    /// Once all is taken in: goes on; all flights when there is nothing more to do.
    pub fn step(&mut self, events: usize, work: &mut Work) -> Option<Flights> {
        if !self.all.is_empty() {
            let mut all = core::mem::take(&mut self.all);
            all.append(&mut self.again);
            self.sorting = Some(Sorting::new(all));
        }
        if let Some(sorting) = &mut self.sorting {
            self.flights.all = sorting.step(work, |a, b| a < b)?;
            self.sorting = None;
        }
        loop {
            self.event += KEYFRAME_EVERY.max(self.open.len() * 4);
            if self.event >= events {
                return Some(core::mem::take(&mut self.flights));
            }
            let all = &self.flights.all;
            while let Some((send, _)) = all.get(self.next)
                && *send as usize <= self.event
            {
                self.open.push(self.next as u32);
                self.next += 1;
            }
            work.spend(self.open.len());
            let event = self.event;
            self.open.retain(|number| all.get(*number as usize).is_some_and(|flight| flight.1 as usize > event));
            let (open, next) = (self.open.clone(), self.next as u32);
            self.flights.frames.push(Frame { event: event as u32, open, next });
            if work.over() {
                return None;
            }
        }
    }
}

impl Flights {
    pub fn bytes_used(&self) -> usize {
        self.all.len() * 8 + self.frames.iter().map(|frame| 32 + frame.open.len() * 4).sum::<usize>()
    }

    /// What is in flight after an event: Send and landing.
    pub fn at(&self, event: u32) -> impl Iterator<Item = (EventId, Option<EventId>)> {
        let frame = self.frames.partition_point(|frame| frame.event <= event);
        let frame = frame.checked_sub(1).and_then(|frame| self.frames.get(frame));
        let (open, next) = frame.map_or((&[][..], 0), |frame| (&frame.open[..], frame.next as usize));
        let to = self.all.partition_point(|(send, _)| *send <= event).max(next);
        let since = self.all.get(next..to).unwrap_or_default();
        let before = open.iter().filter_map(|number| self.all.get(*number as usize));
        let flying = before.chain(since).filter(move |(_, landing)| *landing > event);
        flying.map(|(send, landing)| (EventId(*send), (*landing != NONE).then_some(EventId(*landing))))
    }

    /// Where messages of a Send land.
    pub fn landings(&self, send: EventId) -> impl Iterator<Item = EventId> {
        let from = self.all.partition_point(|(other, _)| *other < send.0);
        let own = self.all.get(from..).unwrap_or_default().iter().take_while(move |(other, _)| *other == send.0);
        own.filter(|(_, landing)| *landing != NONE).map(|(_, landing)| EventId(*landing))
    }
}
