//! A branch, read: the text above with what this future has elsewhere.

use super::parts::{Part, bare, parts};
use super::place::Place;
use crate::line::Raw;
use crate::value::Wrong;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// What stands below a line of a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Directly under `branch`: lines of the head.
    Head,
    Instead,
    Before,
    Without,
}

/// A line of a branch and what stands below it, as bytes of the whole text.
#[derive(Clone, Debug)]
pub(crate) struct Hunk {
    pub how: How,
    pub places: Vec<(Place, Range<usize>)>,
    pub line: Range<usize>,
    pub body: Range<usize>,
}

/// A future's text, and where its bytes are from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Woven {
    pub text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
struct Piece {
    out: usize,
    source: Range<usize>,
    /// Written in the branch, and not above it.
    own: bool,
}

impl Woven {
    fn put(&mut self, text: &str, source: Range<usize>, own: bool) {
        let said = text.get(source.clone()).unwrap_or("");
        if said.is_empty() {
            return;
        }
        if !self.text.is_empty() && !self.text.ends_with(['\n', '\r']) {
            self.text += if text.contains("\r\n") { "\r\n" } else { "\n" };
        }
        self.pieces.push(Piece { out: self.text.len(), source, own });
        self.text += said;
    }

    /// Where these bytes of the future's text stand in the whole text, and whether that is in the branch. Nothing for what
    /// crosses from one to the other.
    pub fn source(&self, span: &Range<usize>) -> Option<(Range<usize>, bool)> {
        let at = self.pieces.partition_point(|piece| piece.out <= span.start).checked_sub(1)?;
        let piece = self.pieces.get(at)?;
        let end = piece.out + piece.source.len();
        let from = piece.source.start + (span.start.min(end) - piece.out);
        (span.end <= end).then(|| (from..from + (span.end - span.start.min(end)), piece.own))
    }
}

/// What happens to one part.
#[derive(Default)]
struct Change {
    before: Vec<Range<usize>>,
    instead: Option<Range<usize>>,
    gone: bool,
}

pub(crate) fn weave(text: &str, base: &str, hunks: &[Hunk], faults: &mut Vec<Raw>) -> Woven {
    let parts = parts(base);
    let mut changes: Vec<Change> = parts.iter().map(|_| Change::default()).collect();
    for hunk in hunks {
        let body = without_blanks(text, &hunk.body);
        if hunk.how == How::Head {
            head(text, &body, &parts, &mut changes, faults);
            continue;
        }
        if hunk.how == How::Without && !body.is_empty() {
            let known = "it takes away; instead puts what stands below it there, and before adds it";
            faults.push(Raw::at(body.clone(), Wrong::new("something stands below without", known)));
        }
        for (place, span) in &hunk.places {
            let Some(at) = parts.iter().position(|part| part.is(place)) else {
                faults.push(Raw::at(span.clone(), Wrong::new(format!("the text above has no {place}"), known(&parts))));
                continue;
            };
            let change = &mut changes[at];
            match hunk.how {
                How::Before => change.before.push(body.clone()),
                _ if change.gone || change.instead.is_some() => {
                    let wrong = Wrong::new(format!("{place} is changed twice"), "once is enough");
                    faults.push(Raw::at(hunk.line.clone(), wrong));
                }
                How::Instead if !body.is_empty() => change.instead = Some(body.clone()),
                _ => change.gone = true,
            }
        }
    }
    let mut woven = Woven::default();
    for (part, change) in parts.iter().zip(changes) {
        for body in change.before {
            woven.put(text, body, true);
        }
        let blank = without_blanks(text, &part.span).start;
        match change.instead {
            Some(body) => {
                woven.put(text, part.span.start..blank, false);
                woven.put(text, body, true);
            }
            // What a server said of the text above, it did not say of this one.
            None if change.gone || part.place == Place::Checked => {}
            None => woven.put(text, part.span.clone(), false),
        }
    }
    if !woven.text.is_empty() && !woven.text.ends_with(['\n', '\r']) && base.ends_with(['\n', '\r']) {
        woven.text += if base.ends_with("\r\n") { "\r\n" } else { "\n" };
    }
    woven
}

/// What stands directly under the branch's line: its title, and lines of the head.
fn head(text: &str, body: &Range<usize>, parts: &[Part], changes: &mut [Change], faults: &mut Vec<Raw>) {
    let first = parts.iter().position(|part| part.place != Place::Lead && !part.place.is_head()).unwrap_or(0);
    for own in self::parts(text.get(body.clone()).unwrap_or("")) {
        let span = without_blanks(text, &(body.start + own.span.start..body.start + own.span.end));
        if span.is_empty() {
            continue;
        }
        match &own.place {
            Place::Step { .. } => {
                let known = "under the branch's line stand lines of the head; for a step say where: --@ before 3, --@ instead 3 or --@ before end";
                faults.push(Raw::at(span, Wrong::new("the branch does not say where this stands", known)));
            }
            Place::Lead => changes[0].instead = Some(span),
            place => match parts.iter().position(|part| part.place == *place && *place != Place::Checked) {
                Some(at) if *place != Place::End => changes[at].instead = Some(span),
                _ => changes[first].before.push(span),
            },
        }
    }
}

fn known(parts: &[Part]) -> String {
    match parts.last().map_or(0, |part| part.last) {
        0 => "it has no statement".into(),
        1 => "it has one statement".into(),
        all => format!("its statements are 1 to {all}"),
    }
}

/// These bytes without the empty lines above and below.
pub(crate) fn without_blanks(text: &str, span: &Range<usize>) -> Range<usize> {
    let bare = bare(text.get(span.clone()).unwrap_or(""));
    span.start + bare.start..span.start + bare.end
}
