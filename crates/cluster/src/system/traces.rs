//! `system_traces`: what became of the requests that were traced. A real server writes rows; here the last traces are kept as
//! they are, by every node, and the rows are made up like all others.

use super::{Address, Insert, Inserts, Uuid, map};
use crate::node::Node;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use sim::Id;

/// So many are remembered.
const TRACES_MAX: usize = 32;

/// A request that was traced.
#[derive(Clone, Debug)]
pub struct Traced {
    /// Its session's number.
    pub id: TimeUuid,
    /// The client's address.
    pub client: [u8; 4],
    /// Who coordinated it.
    pub coordinator: Id,
    /// When it came, Unix microseconds.
    pub started: i64,
    /// How long it took, microseconds.
    pub duration: u64,
    /// `QUERY` or another of the protocol's words.
    pub command: &'static str,
    /// What is executed, in words.
    pub request: &'static str,
    /// The statement and how it was to be executed.
    pub parameters: Vec<(&'static str, String)>,
    /// What happened, in order.
    pub events: Vec<TracedEvent>,
}

/// Something that happened because of it.
#[derive(Clone, Debug)]
pub struct TracedEvent {
    /// In words.
    pub activity: String,
    /// On which node.
    pub source: Id,
    /// Microseconds since the request came.
    pub elapsed: u64,
}

/// A UUID of version 1: a time, and a number that tells two of one time apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeUuid {
    /// Unix time in units of 100 ns.
    pub ticks: i64,
    /// The number, in the place of a machine's address.
    pub node: u64,
}

/// From the Gregorian calendar's first day to the Unix epoch, in units of 100 ns.
const GREGORIAN: i64 = 0x01B2_1DD2_1381_4000;

impl TimeUuid {
    /// Its bits.
    #[must_use]
    pub fn bits(self) -> u128 {
        let ticks = self.ticks.saturating_add(GREGORIAN).unsigned_abs();
        let (low, middle, high) = (ticks & 0xffff_ffff, ticks >> 32 & 0xffff, ticks >> 48 & 0x0fff);
        let clock = u128::from(0x8000_u16);
        u128::from(low << 32 | middle << 16 | 0x1000 | high) << 64
            | clock << 48
            | u128::from(self.node & 0xffff_ffff_ffff)
    }
}

impl fmt::Display for TimeUuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Uuid::as_it_is(self.bits(), f)
    }
}

impl Node {
    /// Tell of this request from here on.
    pub fn keep_trace(&mut self, traced: Rc<Traced>) {
        if self.traces.len() >= TRACES_MAX {
            self.traces.pop_front();
        }
        self.traces.push_back(traced);
    }

    pub(super) fn trace_sessions(&self) -> Inserts {
        let row = |traced: &Rc<Traced>| {
            let [a, b, c, d] = traced.client;
            let parameters = traced.parameters.iter().map(|(key, value)| (*key, value.as_str()));
            Insert::default()
                .plain("session_id", traced.id)
                .text_of("client", format_args!("{a}.{b}.{c}.{d}"))
                .text_of("command", traced.command)
                .text_of("coordinator", Address(traced.coordinator))
                .plain("coordinator_port", super::nodes::STORAGE_PORT)
                .plain("duration", int(traced.duration))
                .text_of("request", traced.request)
                .plain("started_at", traced.started.div_euclid(1_000))
                .plain("parameters", map(parameters))
        };
        self.traces.iter().map(row).collect()
    }

    pub(super) fn trace_events(&self) -> Inserts {
        let rows = self.traces.iter().flat_map(|traced| {
            (1..).zip(&traced.events).map(|(number, event)| {
                let ticks = (traced.started.saturating_add_unsigned(event.elapsed)).saturating_mul(10);
                let id = TimeUuid { ticks: ticks.saturating_add(number), node: traced.id.node };
                Insert::default()
                    .plain("session_id", traced.id)
                    .plain("event_id", id)
                    .text_of("activity", &event.activity)
                    .text_of("source", Address(event.source))
                    .plain("source_elapsed", int(event.elapsed))
                    .plain("source_port", super::nodes::STORAGE_PORT)
                    .text_of("thread", format_args!("n{}", u32::from(event.source.0) + 1))
            })
        });
        rows.collect()
    }
}

fn int(us: u64) -> i32 {
    i32::try_from(us).unwrap_or(i32::MAX)
}
