//! A text as its parts: each step with what stands above it since the last one, and its outcomes under it.

use super::place::Place;
use super::verb;
use crate::cut::{Item, Lines, Mark, What, cut};
use crate::directives::Verb;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// Whole lines of a text. Parts follow one another without a gap; the last one is [`Place::End`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub place: Place,
    /// The last statement that ends on its lines; that of `place`, unless several stand on one line.
    pub last: u32,
    pub span: Range<usize>,
}

/// The parts of a text without branches.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let (lines, items) = (Lines::of(text), cut(text));
    let plain = |line: &str| line.starts_with("--") && !line.starts_with("--@") && !is_marked(line);
    let lead = lines.start(lines.each().take_while(|line| plain(line)).count());
    let mut all = alloc::vec![Part { place: Place::Lead, last: 0, span: 0..lead }];
    let (mut from, mut n, mut statement, mut more) = (lead, 0, 0_u32, 0_u32);
    while let Some(item) = items.get(n) {
        n += 1;
        let verb = verb(text, item);
        let place = match (&item.what, verb) {
            (What::Statement { .. }, _) => {
                (statement, more) = (statement + 1, 0);
                Place::Step { statement, more }
            }
            (_, Some(Verb::Cluster)) => Place::Cluster,
            (_, Some(Verb::Client)) => Place::Client(words(text, item, 1)),
            (_, Some(Verb::Swap)) => Place::Swap(words(text, item, 2)),
            (_, Some(Verb::Checked)) => Place::Checked,
            (_, Some(verb)) if verb.acts() => {
                more += 1;
                Place::Step { statement, more }
            }
            _ => continue,
        };
        let mut end = lines.line(item.span.end.saturating_sub(1));
        while let Some(next) = items.get(n) {
            let line = lines.line(next.span.start);
            if line != end && !(line == end + 1 && is_outcome(next) && !place.is_head()) {
                break;
            }
            if matches!(next.what, What::Statement { .. }) {
                (statement, more) = (statement + 1, 0);
            }
            end = lines.line(next.span.end.saturating_sub(1));
            n += 1;
        }
        let to = lines.start(end + 1);
        all.push(Part { place, last: statement, span: from..to });
        from = to;
    }
    all.push(Part { place: Place::End, last: statement, span: from..text.len() });
    all
}

fn is_marked(line: &str) -> bool {
    ["-->", "--~", "--?"].iter().any(|mark| line.starts_with(mark))
}

fn is_outcome(item: &Item) -> bool {
    matches!(item.what, What::Marked(Mark::Outcome | Mark::Account))
}

/// So many words behind a directive's name.
fn words(text: &str, item: &Item, count: usize) -> String {
    let said = text.get(item.span.start + 3..item.span.end).unwrap_or("");
    said.split_whitespace().skip(1).take(count).collect::<Vec<_>>().join(" ")
}

impl Part {
    /// Whether this place is it.
    pub fn is(&self, place: &Place) -> bool {
        match (&self.place, place) {
            (Place::Step { statement, more: 0 }, Place::Step { statement: asked, more: 0 }) => {
                (*statement..=self.last).contains(asked)
            }
            (own, place) => own == place,
        }
    }

    /// What it says, without the empty lines around it.
    pub fn says<'a>(&self, text: &'a str) -> &'a str {
        let said = text.get(self.span.clone()).unwrap_or("");
        said.get(bare(said)).unwrap_or("")
    }
}

/// Which bytes are left without the empty lines above and below.
pub(crate) fn bare(text: &str) -> Range<usize> {
    let from = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    let line = text.get(..from).and_then(|blank| blank.rfind(['\n', '\r'])).map_or(0, |at| at + 1);
    line.min(end)..end
}
