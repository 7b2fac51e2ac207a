//! From when on nothing that could still happen changes what comes of a text.

use crate::{Came, Reseed, Runner};
use scenario::told::Decided;

/// Finds the first event after which the outcome is the same in each of `of` futures with other luck: by bisection, for what is
/// decided stays decided. `None` when the runner had enough.
pub fn decided(text: &str, of: u16, run: &mut Runner<'_>) -> Option<Decided> {
    let here = run(text, None)?;
    let mut at = 0;
    let mut settled = |after: u64| -> Option<bool> {
        for seed in 1..=u64::from(of) {
            let came: Came = run(text, Some(Reseed { after, seed }))?;
            if !came.same(&here) {
                return Some(false);
            }
            at = came.reseeded;
        }
        Some(true)
    };
    let (mut open, mut closed) = (0, here.events);
    if settled(0)? {
        return Some(Decided { at: 0, of });
    }
    while closed - open > 1 {
        let middle = open + (closed - open) / 2;
        if settled(middle)? { closed = middle } else { open = middle }
    }
    // When that is: the last time that it was asked may have been of another event.
    if closed == here.events || !settled(closed)? {
        return Some(Decided { at: u64::MAX, of });
    }
    Some(Decided { at, of })
}
