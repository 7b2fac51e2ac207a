//! What a text means, as far as it is shown beside it: where its statements stand, who takes part, what is wrong with it. Whoever
//! shows a text need not be able to read it.

use crate::fault::Fault;
use crate::parse::parse;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// What a text means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// Whether anything of it can run.
    pub runs: bool,
    /// The bytes of each statement, by its number from 1; up to the first fault.
    pub statements: Vec<Range<u32>>,
    /// Its clients by name, in order.
    pub clients: Vec<String>,
    /// How many nodes it has.
    pub nodes: u16,
    /// Its seed.
    pub seed: u64,
    /// The row that is shown first.
    pub row: Option<String>,
    /// The event that is shown first, from 1.
    pub at: Option<u64>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// Reads a text. Never fails: what cannot be read is a fault in it.
#[must_use]
pub fn meaning(text: &str) -> Meaning {
    let (scenario, faults) = parse(text);
    let said = scenario.steps.iter().filter(|step| step.act.statement().is_some());
    Meaning {
        runs: !scenario.steps.is_empty(),
        statements: said.map(|step| step.span.clone()).collect(),
        clients: scenario.setup.clients.iter().map(|client| client.name.clone()).collect(),
        nodes: scenario.setup.cluster.nodes,
        seed: scenario.setup.cluster.seed,
        row: scenario.focus.row,
        at: scenario.focus.at,
        faults,
    }
}
