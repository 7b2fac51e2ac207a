//! The same text under other luck.

use crate::Runner;
use alloc::string::String;
use alloc::vec::Vec;
use scenario::told::Futures;

/// Runs the text with `of` other seeds, 1 and on. `None` when the runner had enough.
pub fn futures(text: &str, of: u32, run: &mut Runner<'_>) -> Option<Futures> {
    let here = run(text, None)?;
    let mut found: Vec<(String, u32)> = Vec::new();
    let mut same = 0;
    for seed in 1..=of {
        let came = run(&scenario::with_seed(text, u64::from(seed)), None)?;
        same += u32::from(came.same(&here));
        let words = came.short();
        match found.iter_mut().find(|(known, _)| *known == words) {
            Some((_, count)) => *count += 1,
            None => found.push((words, 1)),
        }
    }
    let mut outcomes: Vec<(String, u32)> = Vec::with_capacity(found.len());
    for one in found {
        outcomes.insert(outcomes.partition_point(|other| (one.1, &other.0) <= (other.1, &one.0)), one);
    }
    Some(Futures { outcomes, of, same })
}
