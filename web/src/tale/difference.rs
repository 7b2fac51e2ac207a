//! What two runs have in common, and what only one of them has.

use super::Tale;
use crate::{
    axis::{moment, sort},
    scene::{Difference, Differs, Fate, MarkKind, Side, Stage},
};
use trace::EventId;

/// Events of each run that are compared from the first one on that differs.
const ROWS_MAX: u32 = 400;
/// Events at the beginning that are looked at to find it.
const ALIKE_MAX: u32 = 50_000;

/// An event in words, without its times: what it is, and not when.
fn line(tale: &Tale, event: u32) -> (String, String) {
    let (log, words) = (tale.log(), tale.words());
    let who = log.who(EventId(event)).map_or_else(String::new, |who| words.machine(who).to_string());
    (who, words.line(EventId(event)).to_string())
}

pub(super) fn between(here: &Tale, there: &Tale) -> Difference {
    let both = here.len().min(there.len());
    let alike = (0..both.min(ALIKE_MAX)).find(|at| line(here, *at) != line(there, *at)).unwrap_or(both.min(ALIKE_MAX));
    let lines = |tale: &Tale| -> Vec<(String, String)> {
        (alike..tale.len().min(alike + ROWS_MAX)).map(|event| line(tale, event)).collect()
    };
    let (own, other) = (lines(here), lines(there));
    let mut rows = Vec::new();
    let mut from = 0;
    for (ours, theirs) in scenario::gaps(&own, &other) {
        if ours.start > from && !rows.is_empty() {
            rows.push(Differs::Alike((ours.start - from) as u32));
        }
        from = ours.end;
        let sides = [(Side::There, there, &other, theirs), (Side::Here, here, &own, ours)];
        for (side, tale, lines, range) in sides {
            for place in range {
                let (Some((who, line)), event) = (lines.get(place), alike + place as u32) else { continue };
                let at = moment(tale.log().at(EventId(event)).map_or(0, |time| time.0));
                rows.push(Differs::Only { side, event, at, who: who.clone(), line: line.clone() });
            }
        }
    }
    let more = here.len().max(there.len()) > alike + ROWS_MAX;
    Difference { alike, rows, more }
}

/// Puts what the other run has elsewhere into the picture, and tells apart what only this one has.
pub(super) fn beside(stage: &mut Stage, other: &Tale, most: usize) {
    let log = other.log();
    // The other's events up to the same true time.
    let (mut low, mut high) = (0, other.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if log.at(EventId(middle)).is_some_and(|at| at.0 <= stage.cursor) { low = middle + 1 } else { high = middle }
    }
    let theirs = super::stage::fold(other, low.saturating_sub(1), most);
    let lane =
        |at: usize| stage.lanes.iter().position(|own| theirs.lanes.get(at).is_some_and(|lane| lane.name == own.name));
    let (from, to) = (stage.times.first().copied().unwrap_or(0), stage.times.last().copied().unwrap_or(u64::MAX));
    let mut strokes = theirs.strokes.clone();
    strokes.retain_mut(|stroke| match (lane(stroke.from), lane(stroke.to)) {
        (Some(a), Some(b)) if (from..=to).contains(&stroke.sent) => {
            (stroke.from, stroke.to) = (a, b);
            true
        }
        _ => false,
    });
    let mut marks = theirs.marks.clone();
    marks.retain_mut(|mark| match lane(mark.lane) {
        Some(at) if (from..=to).contains(&mark.at) => {
            mark.lane = at;
            true
        }
        _ => false,
    });
    for stroke in &mut stage.strokes {
        let same = strokes.iter().position(|other| {
            let ends = (other.from, other.to, other.sent, other.ends, other.carries);
            ends == (stroke.from, stroke.to, stroke.sent, stroke.ends, stroke.carries)
                && (other.fate == Fate::Lost) == (stroke.fate == Fate::Lost)
        });
        match same {
            Some(at) => drop(strokes.remove(at)),
            None => stroke.side = Side::Here,
        }
    }
    for mark in &mut stage.marks {
        let same =
            marks.iter().position(|other| (other.lane, other.at, &other.kind) == (mark.lane, mark.at, &mark.kind));
        match same {
            Some(at) => drop(marks.remove(at)),
            None => mark.side = Side::Here,
        }
    }
    for stroke in &mut strokes {
        // What flies at the cursor is drawn whole: there is one cursor, and it is this run's.
        stroke.fate = if stroke.fate == Fate::Lost { Fate::Lost } else { Fate::Landed };
        stroke.side = Side::There;
        stage.times.push(stroke.ends.min(to));
    }
    // Of the other's marks those that decide: what was written, and what came of it.
    marks.retain(|mark| matches!(mark.kind, MarkKind::Write(_) | MarkKind::Answer(..) | MarkKind::Word(_)));
    marks.iter_mut().for_each(|mark| mark.side = Side::There);
    sort(&mut stage.times);
    stage.strokes.extend(strokes);
    for mark in marks {
        let place = stage.marks.partition_point(|other| other.at <= mark.at);
        stage.marks.insert(place, mark);
    }
}
