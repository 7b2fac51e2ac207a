//! Messages on their way.

use crate::EventId;
use crate::kind::Kind;
use crate::log::Log;
use crate::trace::NONE;
use alloc::{vec, vec::Vec};

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

impl Flights {
    pub fn build(log: &Log<'_>) -> Flights {
        let mut landing = vec![NONE; log.len()];
        let mut again = Vec::new();
        for (at, kind) in (0u32..).zip(log.kind) {
            if *kind == Kind::Receive as u8 || *kind == Kind::Lost as u8 {
                let cause = log.cause.get(at as usize).copied().unwrap_or(NONE);
                match landing.get_mut(cause as usize) {
                    Some(landed) if *landed == NONE => *landed = at,
                    Some(_) => again.push((cause, at)),
                    None => {}
                }
            }
        }
        let send = Kind::Send as u8;
        let sends = (0u32..).zip(log.kind).filter(|(_, kind)| **kind == send);
        let mut all: Vec<(u32, u32)> = sends.map(|(at, _)| (at, landing[at as usize])).collect();
        if !again.is_empty() {
            all.extend(again.into_iter().filter(|(cause, _)| log.kind.get(*cause as usize) == Some(&send)));
            all.sort_unstable();
        }
        let mut flights = Flights { all, frames: Vec::new() };
        flights.keyframes(log.len());
        flights
    }

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

    fn keyframes(&mut self, events: usize) {
        let mut open: Vec<u32> = Vec::new();
        let mut next = 0;
        let mut event = 0;
        loop {
            event += KEYFRAME_EVERY.max(open.len() * 4);
            if event >= events {
                return;
            }
            while let Some((send, _)) = self.all.get(next)
                && *send as usize <= event
            {
                open.push(next as u32);
                next += 1;
            }
            open.retain(|number| self.all.get(*number as usize).is_some_and(|flight| flight.1 as usize > event));
            self.frames.push(Frame { event: event as u32, open: open.clone(), next: next as u32 });
        }
    }
}
