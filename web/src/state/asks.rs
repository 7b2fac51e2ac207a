//! What was asked about the text, to be answered by whole runs, and what is known of it by now.

use scenario::told::{Decided, Dial, Futures, Grid, Measure, Question, Tip, Wish};
use std::rc::Rc;

/// Questions and answers about one text.
#[derive(Clone, Debug, Default)]
pub struct Asks {
    /// The text that they are about: an answer's edits fit no other.
    pub about: Rc<str>,
    /// The number that would have changed the outcome: none, when none was found.
    pub tip: Option<Turn>,
    /// Whether that is of this very text, so that it may be turned: until the answer comes, what is shown is what held before.
    pub fresh: bool,
    /// Whether it is known that no number of the text would have.
    pub no_tip: bool,
    /// What comes of two axes' choices.
    pub grid: Option<Rc<Grid>>,
    /// From when on other luck changes nothing.
    pub decided: Option<Decided>,
    /// What other seeds come to.
    pub futures: Option<Rc<Futures>>,
    /// The world in which the guess is true; `Some(None)`: it was looked for, and there is none nearby.
    pub wish: Option<Option<Rc<Wish>>>,
    /// What is not answered yet, by the number under which it was asked.
    pub waiting: Vec<(u32, Question)>,
}

impl Asks {
    /// Whether an answer to such a question is waited for.
    pub fn waits(&self, such: impl Fn(&Question) -> bool) -> bool {
        self.waiting.iter().any(|(_, question)| such(question))
    }
}

/// The one knob: a number of the text, and, once it is known, what comes of it where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The number.
    pub dial: Dial,
    /// From which value on what comes of the text, in order, the first from the least value on; none: not known.
    pub zones: Vec<(i64, String)>,
    /// The ends of the knob.
    pub range: (i64, i64),
}

impl Turn {
    /// A number of which nothing is known yet.
    pub fn unknown(dial: &Dial) -> Self {
        Self { dial: dial.clone(), zones: Vec::new(), range: range(dial, &[]) }
    }

    /// A number that decides.
    pub fn of(tip: &Tip) -> Self {
        let (dial, mut zones) = (&tip.dial, Vec::new());
        let below = tip.sides.iter().find(|side| side.at < dial.value);
        let above = tip.sides.iter().find(|side| side.at > dial.value);
        zones.extend(below.map(|side| (i64::MIN, side.words.clone())));
        zones.push((below.map_or(i64::MIN, |side| side.at.saturating_add(1)), tip.here.clone()));
        zones.extend(above.map(|side| (side.at, side.words.clone())));
        Self { dial: dial.clone(), range: range(dial, &zones), zones }
    }

    /// What comes of the text where the number stands.
    pub fn here(&self) -> Option<&str> {
        self.zones.iter().rev().find(|(from, _)| *from <= self.dial.value).map(|(_, words)| words.as_str())
    }

    /// The last values before another outcome begins.
    pub fn tips(&self) -> impl Iterator<Item = i64> {
        self.zones.iter().skip(1).map(|(from, _)| from.saturating_sub(1))
    }

    /// Whether all of it is within these ends.
    pub fn within(&self, (low, high): (i64, i64)) -> bool {
        self.tips().chain([self.dial.value]).all(|at| (low..=high).contains(&at))
    }
}

/// The ends of a knob: round, and such that the number and its tipping points stand well within.
fn range(dial: &Dial, zones: &[(i64, String)]) -> (i64, i64) {
    let all = || zones.iter().skip(1).map(|(from, _)| *from);
    let far = all().map(|at| at.saturating_abs() / 4 * 5).chain([dial.value.saturating_abs()]).max().unwrap_or(0);
    let round = |least: i64| {
        let mut high = least;
        while high < far && high < i64::MAX / 10 {
            high *= if high < far / 4 { 10 } else { 2 };
        }
        high
    };
    match dial.measure {
        Measure::Offset => (-round(40_000), round(40_000)),
        Measure::Span => (0, round(1_000)),
        Measure::Seconds => (0, round(10)),
        Measure::Stamp => {
            let ends = || all().chain([dial.value]);
            let (low, high) = (ends().min().unwrap_or(0), ends().max().unwrap_or(0));
            let room = (high.abs_diff(low) / 2).clamp(10, i64::MAX as u64 / 4) as i64;
            (low.saturating_sub(room), high.saturating_add(room))
        }
    }
}
