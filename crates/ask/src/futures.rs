//! The same text under other luck.

use crate::Runner;
use alloc::string::String;
use alloc::vec::Vec;

/// How often which outcome came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Futures {
    /// Outcomes in few words, the most frequent first, and how many seeds gave each.
    pub outcomes: Vec<(String, u32)>,
    /// How many seeds were run.
    pub of: u32,
    /// How many gave what the text's own seed gives.
    pub same: u32,
}

/// Runs the text with `of` other seeds, 1 and on. `None` when the runner had enough.
pub fn futures(text: &str, of: u32, run: &mut Runner<'_>) -> Option<Futures> {
    let here = run(text)?;
    let mut found: Vec<(String, u32)> = Vec::new();
    let mut same = 0;
    for seed in 1..=of {
        let came = run(&scenario::with_seed(text, u64::from(seed)))?;
        same += u32::from(came.same(&here));
        let words = came.short();
        match found.iter_mut().find(|(known, _)| *known == words) {
            Some((_, count)) => *count += 1,
            None => found.push((words, 1)),
        }
    }
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Some(Futures { outcomes: found, of, same })
}
