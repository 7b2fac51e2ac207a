//! From when on nothing that could still happen changes what comes of a text.

use crate::{Came, Reseed, Runner};
use scenario::told::Decided;

/// Finds the first event after which the outcome is the same in each of `of` futures with other luck: by bisection, for what is
/// decided stays decided. `None` when the runner had enough.
pub fn decided(text: &str, of: u16, run: &mut Runner<'_>) -> Option<Decided> {
    let here = run(text, None)?;
    // When other luck began, if all of them came to the same.
    let mut settled = |after: u64| -> Option<Option<u64>> {
        let mut at = 0;
        for seed in 1..=u64::from(of) {
            let came: Came = run(text, Some(Reseed { after, seed }))?;
            if !came.same(&here) {
                return Some(None);
            }
            at = came.reseeded;
        }
        Some(Some(at))
    };
    if settled(0)?.is_some() {
        return Some(Decided { at: 0, of });
    }
    let (mut open, mut closed, mut at) = (0, here.events, u64::MAX);
    while closed - open > 1 {
        let middle = open + (closed - open) / 2;
        match settled(middle)? {
            Some(when) => (closed, at) = (middle, when),
            None => open = middle,
        }
    }
    Some(Decided { at, of })
}
