//! The one number that would have changed the outcome, and where it tips.

use crate::dial::{dials, probes};
use crate::{Came, Runner};
use alloc::vec::Vec;
use scenario::applied;
use scenario::told::{Dial, Side, Tip};

/// The number nearest to a cause that changes the outcome when it is turned, found by whole runs: some to find out whether it
/// matters, some fifty more to halve the way to where it tips. `None` when no number of the text matters, or the runner had enough.
pub fn tip(text: &str, run: &mut Runner<'_>) -> Option<Tip> {
    let here = run(text, None)?;
    dials(text).into_iter().find_map(|dial| {
        let sides = [false, true].into_iter().filter_map(|up| side(text, &dial, up, &here, run));
        let sides: Vec<(i64, Came)> = sides.collect();
        let here_said = sides.first()?.1.apart(&here).1;
        let sides = sides.into_iter().map(|(at, came)| Side { at, words: came.apart(&here).0 }).collect();
        Some(Tip { dial, here: here_said, sides })
    })
}

fn side(text: &str, dial: &Dial, up: bool, here: &Came, run: &mut Runner<'_>) -> Option<(i64, Came)> {
    let mut at = |value: i64| run(&applied(text, &[&dial.turned(value)]), None);
    let mut same = dial.value;
    let (mut other, mut came) = probes(dial, up).into_iter().find_map(|value| {
        let came = at(value)?;
        if came.same(here) {
            same = if up { same.max(value) } else { same.min(value) };
            return None;
        }
        Some((value, came))
    })?;
    // A probe may have jumped over a nearer one: what is between the last that was alike and the first that was not, is halved.
    if (same > other) == up {
        same = dial.value;
    }
    while same.abs_diff(other) > 1 {
        let middle = same.midpoint(other);
        if middle == same || middle == other {
            break;
        }
        let there = at(middle)?;
        if there.same(here) {
            same = middle;
        } else {
            (other, came) = (middle, there);
        }
    }
    Some((other, came))
}
