//! The model's own account: the trace's lines, in the words of CQL.

use crate::run::OUTSIDE;
use crate::world::World;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cluster::Traced;
use scenario::CqlNames;
use sim::{Clock, Id, Time};
use trace::{EventId, MachineInfo, MachineKind, Trace, Words};

impl World {
    /// Every line since the last time somebody asked.
    pub(crate) fn account_since(&mut self) -> Vec<String> {
        let Some(trace) = &self.trace else { return Vec::new() };
        let log = trace.log();
        let dictionary = trace.dictionary();
        let names = CqlNames::new(&dictionary);
        let words = Words::with(log, &names, dictionary);
        let until = u32::try_from(log.len()).unwrap_or(u32::MAX);
        let lines = (self.told..until).map(|at| words.whole_line(EventId(at)).to_string()).collect();
        self.told = until;
        lines
    }
}

/// Events of a record that somebody outside wants: beyond, it is given up.
const EVENTS_MAX: usize = 100_000;

/// Something that happened because of a request from outside.
#[derive(Clone, Debug)]
pub struct Became {
    /// When.
    pub at: Time,
    /// On which node.
    pub who: Id,
    /// In words.
    pub so: String,
}

impl World {
    /// Keep a record from here on, of a world that keeps none; what is there by now is not in it. How many events are in it.
    pub fn record(&mut self) -> usize {
        if self.trace.is_none() {
            let Some(first) = self.nodes.first() else { return 0 };
            let catalog = first.node.catalog().clone();
            let ring = catalog.ring();
            let machine = |id: Id, about: &Rc<str>| MachineInfo {
                id,
                name: alloc::format!("n{}", u32::from(id.0) + 1).into(),
                kind: MachineKind::Node,
                token: ring.token_of(id),
                about: about.clone(),
                clock: Clock::right(self.epoch),
            };
            let client = MachineInfo {
                id: OUTSIDE,
                name: "the client".into(),
                kind: MachineKind::Client,
                token: None,
                about: "".into(),
                clock: Clock::right(self.epoch),
            };
            let machines = ring.nodes().zip(ring.dcs()).map(|(id, dc)| machine(id, dc)).chain([client]).collect();
            let tables = first.node.known_tables();
            self.trace = Some(Trace::new(self.epoch, machines));
            for table in tables {
                self.note(Id(0), None, || table);
            }
        }
        self.trace.as_ref().map_or(0, Trace::len)
    }

    /// Whether the record is longer than anybody wants to read.
    #[must_use]
    pub fn recorded_enough(&self) -> bool {
        self.full || self.trace.as_ref().is_some_and(|trace| trace.len() > EVENTS_MAX)
    }

    /// Keep no record any more.
    pub fn end_record(&mut self) {
        self.trace = None;
        self.full = false;
    }

    /// What became so far of the request whose arrival is the event with this number.
    #[must_use]
    pub fn became(&self, arrival: usize) -> Vec<Became> {
        let Some(trace) = &self.trace else { return Vec::new() };
        let (log, dictionary) = (trace.log(), trace.dictionary());
        let names = CqlNames::new(&dictionary);
        let words = Words::with(log, &names, dictionary);
        let mut follows = alloc::vec![true];
        for at in arrival + 1..log.len() {
            let cause = u32::try_from(at).ok().and_then(|at| log.cause(EventId(at))).map(|cause| cause.0 as usize);
            let so = cause.and_then(|cause| cause.checked_sub(arrival)).and_then(|at| follows.get(at).copied());
            follows.push(so == Some(true));
        }
        let events = (arrival..log.len()).zip(follows).filter(|(_, follows)| *follows);
        let told = |(at, _): (usize, bool)| {
            let id = EventId(u32::try_from(at).ok()?);
            Some(Became { at: log.at(id)?, who: log.who(id)?, so: words.line(id).to_string() })
        };
        events.filter_map(told).collect()
    }

    /// Every node tells of a traced request from here on.
    pub fn keep_trace(&mut self, traced: &Rc<Traced>) {
        self.nodes.iter_mut().for_each(|server| server.node.keep_trace(traced.clone()));
    }
}
