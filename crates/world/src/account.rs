//! The model's own account: the trace's lines, in the words of CQL.

use crate::world::World;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use scenario::CqlNames;
use trace::{EventId, Words};

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
