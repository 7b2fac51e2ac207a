//! A request with the tracing flag: what became of it is in `system_traces` by the time it is answered, as cqlsh and drivers read
//! it there. The world keeps a record only while such a request is on its way.

use super::served::Served;
use cluster::{TimeUuid, Traced, TracedEvent};
use cql::{Params, Request};
use sim::{Id, Time};
use std::rc::Rc;

/// A request that is traced.
#[derive(Debug)]
pub struct Tracing {
    /// Its arrival's number in the record.
    arrival: usize,
    came: Time,
    told: Traced,
}

impl Served {
    /// The request is about to be handed to the node.
    pub(super) fn begin_tracing(&mut self, node: Id, request: &Request) -> Tracing {
        self.traced += 1;
        let came = self.world.now();
        let started = self.epoch.saturating_add_unsigned(came.0);
        let (command, words, parameters) = described(request);
        let told = Traced {
            id: TimeUuid { ticks: started.saturating_mul(10), node: self.traced },
            client: [127, 0, 0, 1],
            coordinator: node,
            started,
            duration: 0,
            command,
            request: words,
            parameters,
            events: Vec::new(),
        };
        Tracing { arrival: self.world.record(), came, told }
    }

    /// It is about to be answered.
    pub(super) fn end_tracing(&mut self, tracing: Tracing) -> TimeUuid {
        let Tracing { arrival, came, mut told } = tracing;
        let since = |at: Time| at.0.saturating_sub(came.0);
        told.duration = since(self.world.now());
        // cqlsh takes 0 for a time that is not known.
        let elapsed = |at: Time| since(at).max(1);
        let event = |became: world::Became| TracedEvent {
            elapsed: elapsed(became.at),
            activity: became.so,
            source: became.who,
        };
        told.events = self.world.became(arrival).into_iter().map(event).collect();
        let id = told.id;
        self.world.keep_trace(&Rc::new(told));
        id
    }
}

type Described = (&'static str, &'static str, Vec<(&'static str, String)>);

/// A request as `system_traces.sessions` tells it.
fn described(request: &Request) -> Described {
    match request {
        Request::Startup => ("QUERY", "", Vec::new()),
        Request::Query { text, params } => {
            let mut all = manner(params);
            all.push(("query", text.to_string()));
            ("QUERY", "Execute CQL3 query", all)
        }
        Request::Prepare { text, .. } => ("QUERY", "Preparing CQL3 query", vec![("query", text.to_string())]),
        Request::Execute { params, .. } => ("QUERY", "Execute CQL3 prepared query", manner(params)),
        Request::Batch { params, .. } => ("QUERY", "Execute batch of CQL3 queries", manner(params)),
    }
}

fn manner(params: &Params) -> Vec<(&'static str, String)> {
    let mut all = vec![("consistency_level", params.consistency.to_string())];
    all.extend(params.page_size.map(|size| ("page_size", size.to_string())));
    all.extend(params.serial_consistency.map(|level| ("serial_consistency_level", level.to_string())));
    all
}
