//! The stage: which events are in view around the cursor, and what each of them looks like.

use super::{
    Tale,
    machines::{cast, clock_at, frozen, of, spells},
};
use crate::{
    axis::moment,
    scene::{Bracket, Carries, Earlier, Fate, Lane, Mark, MarkKind, Side, Stage, Stroke},
};
use sim::{Id, Time};
use std::ops::Range;
use trace::{EventId, Fact, Kind, Log, MachineKind, Outcome, Said};

/// How far beyond the view the end of a message is looked for, events.
const AHEAD: u32 = 2_000;

/// The view: the statement at the cursor, and as many around it as can be read. Each way it stops at the schema's statements.
fn window(tale: &Tale, cursor: u32, most: usize) -> Range<u32> {
    let starts = &tale.submits;
    let here = starts.partition_point(|&start| start <= cursor);
    let group = |at: usize| {
        let from = if at == 0 { 0 } else { starts.get(at - 1).copied().unwrap_or(0) };
        from..starts.get(at).copied().unwrap_or_else(|| tale.len())
    };
    let log = tale.log();
    let told = |range: &Range<u32>| log.text(EventId(range.start)).is_none_or(|text| !schema(text));
    let mut view = group(here);
    let (mut low, mut high) = (here, here);
    loop {
        let before = low.checked_sub(1).map(group).filter(|range| range.start < range.end && told(range) && low > 1);
        let after = (high < starts.len()).then(|| group(high + 1));
        let mut grown = false;
        if let Some(after) = after
            && (after.end - view.start) as usize <= most
        {
            (view.end, high, grown) = (after.end, high + 1, true);
        }
        if let Some(before) = before
            && (view.end - before.start) as usize <= most
            && told(&view)
        {
            (view.start, low, grown) = (before.start, low - 1, true);
        }
        if !grown {
            break;
        }
    }
    // A statement too long to be seen whole: what is around the cursor.
    if view.len() > most * 2 {
        let half = most as u32;
        view = cursor.saturating_sub(half).max(view.start)..cursor.saturating_add(half).min(view.end);
    }
    view
}

/// Whether a statement is about the schema: it makes the stage, it is not the play.
fn schema(text: &str) -> bool {
    matches!(first_words(text).split(' ').next(), Some("CREATE" | "ALTER" | "DROP" | "USE"))
}

/// `SELECT count` of `select count(*) from …`; comments are skipped.
fn first_words(text: &str) -> String {
    let code: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap_or("")).collect();
    let code = code.join(" ");
    let mut words = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or("").to_ascii_uppercase();
    match (first.as_str(), words.next()) {
        ("SELECT", Some(second)) if second.eq_ignore_ascii_case("count") => "SELECT count".into(),
        ("BEGIN", _) => "BATCH".into(),
        _ => first,
    }
}

fn carried(verb: &str) -> Carries {
    match verb.split(' ').next() {
        Some("DELETE" | "TRUNCATE") => Carries::Tomb,
        Some("INSERT" | "UPDATE" | "BATCH") => Carries::Row,
        _ => Carries::Read,
    }
}

/// What the statement at an event carries.
pub(super) fn statement(tale: &Tale, event: u32) -> Carries {
    statement_of(&tale.log(), EventId(event))
}

fn statement_of(log: &Log<'_>, id: EventId) -> Carries {
    log.submit_of(id, 64).and_then(|submit| log.text(submit)).map_or(Carries::Read, |text| carried(&first_words(text)))
}

/// What a write is drawn as.
fn drawn(carries: trace::Carries) -> Carries {
    match carries {
        trace::Carries::Row => Carries::Row,
        trace::Carries::Tombstone => Carries::Tomb,
        trace::Carries::Read => Carries::Read,
        trace::Carries::Reply => Carries::Reply,
    }
}

pub(super) fn fold(tale: &Tale, cursor: u32, most: usize) -> Stage {
    let log = tale.log();
    let words = tale.words();
    let view = window(tale, cursor, most);
    let machines = cast(&log, &view);
    let lane = |who: &Id| machines.iter().position(|machine| machine.id == *who);
    let time = |event: u32| log.at(EventId(event)).map_or(0, |time| time.0);
    let now = time(cursor);
    let ends = endings(&log, &view);

    let (mut strokes, mut marks, mut brackets) = (Vec::new(), Vec::new(), Vec::<Bracket>::new());
    let (mut open, mut kept): (Vec<(u32, usize)>, _) = (Vec::new(), None);
    let statement = log
        .submit_of(EventId(cursor), 64)
        .or_else(|| tale.submits.iter().rev().find(|&&at| at <= cursor).map(|&at| EventId(at)));
    for event in view.clone() {
        let id = EventId(event);
        let (Some(who), Ok(fact)) = (log.who(id), log.fact(id)) else { continue };
        let Some(on) = lane(&who) else { continue };
        let (at, future) = (time(event), event > cursor);
        let mut mark = |kind: MarkKind| marks.push(Mark { lane: on, at, kind, event, future, side: Side::Both });
        match &fact {
            Fact::Submit { step, text } => {
                let label = first_words(text);
                let carries = carried(&label);
                open.push((*step, brackets.len()));
                brackets.push(Bracket { from: at, to: at, label, carries, now: Some(id) == statement, future });
                mark(MarkKind::Submit);
            }
            Fact::Answer { step, outcome } => {
                if let Some(at_hand) = open.iter().position(|(asked, _)| asked == step)
                    && let Some(bracket) = brackets.get_mut(open.swap_remove(at_hand).1)
                {
                    bracket.to = at;
                }
                let (said, error) = answer(outcome);
                mark(MarkKind::Answer(said, error));
            }
            Fact::Stamp { timestamp, .. } => {
                // Each date once: on its own statement when the cursor is in it, else where there is room for it.
                let of = log.submit_of(id, 64).and_then(|submit| log.text(submit)).map(first_words).unwrap_or_default();
                mark(MarkKind::Stamp(words.dated(*timestamp).to_string(), carried(&of)));
            }
            Fact::Send { to, .. } => {
                if let Some(to) = lane(to) {
                    let (ends, end, lost) = ends.of(event).unwrap_or((at + 1_000, u32::MAX, false));
                    let fate = if event <= cursor && end > cursor {
                        Fate::Flying
                    } else if lost {
                        Fate::Lost
                    } else {
                        Fate::Landed
                    };
                    // A request is drawn as what it asks for.
                    let asks = log.said(id) == Some(Said::Request);
                    let carries =
                        if asks { statement_of(&log, id) } else { log.carries(id).map_or(Carries::Read, drawn) };
                    strokes.push(Stroke {
                        from: on,
                        to,
                        sent: at,
                        ends,
                        carries,
                        fate,
                        late: false,
                        future,
                        event,
                        side: Side::Both,
                    });
                }
            }
            Fact::Apply { .. } => {
                let tomb = log.shape(id).is_some_and(|shape| shape.tombstone && !shape.live);
                mark(MarkKind::Write(if tomb { Carries::Tomb } else { Carries::Row }));
            }
            Fact::Read { .. } => mark(MarkKind::Read),
            Fact::Kill => mark(MarkKind::Word("killed".into())),
            Fact::Power => mark(MarkKind::Word("power cut".into())),
            Fact::Start => mark(MarkKind::Word("starts".into())),
            Fact::Flush { .. } => mark(MarkKind::Word("flush".into())),
            Fact::Compact { .. } => mark(MarkKind::Word("compact".into())),
            Fact::Clock { offset } => mark(MarkKind::Word(format!("clock {}", crate::axis::signed(*offset)))),
            // One for each replica that is away: it is said once.
            Fact::Hint { state: trace::HintState::Stored, .. } => {
                if kept.replace((on, at)) != Some((on, at)) {
                    mark(MarkKind::Word("hint kept".into()));
                }
            }
            Fact::Timeout { .. } => mark(MarkKind::Word(String::new())),
            Fact::Unavailable { .. } => mark(MarkKind::Word(String::new())),
            Fact::Paxos { step: trace::PaxosStep::NotPromised | trace::PaxosStep::NotAccepted, .. } => {
                mark(MarkKind::Word("refuses".into()));
            }
            Fact::Paxos { step: trace::PaxosStep::Holds, .. } => mark(MarkKind::Word("IF holds".into())),
            Fact::Paxos { step: trace::PaxosStep::Fails, .. } => mark(MarkKind::Word("IF fails".into())),
            Fact::Paxos { step: trace::PaxosStep::Unfinished, .. } => mark(MarkKind::Word("finishes another's".into())),
            Fact::Mismatch { .. } => mark(MarkKind::Word("digests differ".into())),
            Fact::Delayed { .. } => {
                let held =
                    strokes.iter_mut().rev().find(|stroke| Some(stroke.event) == log.cause(id).map(|cause| cause.0));
                if let Some(stroke) = held {
                    stroke.late = true;
                }
            }
            Fact::Receive { .. }
            | Fact::Lost { .. }
            | Fact::Duplicated { .. }
            | Fact::Reordered { .. }
            | Fact::Hint { .. }
            | Fact::Paxos { .. }
            | Fact::Replace { .. }
            | Fact::Truncate { .. }
            | Fact::Replay { .. }
            | Fact::Repair { .. }
            | Fact::Pause
            | Fact::Resume
            | Fact::Cut { .. }
            | Fact::Heal
            | Fact::Rule(_)
            | Fact::Convict { .. }
            | Fact::Revive { .. }
            | Fact::Schema(_)
            | Fact::Order { .. }
            | Fact::Advance { .. }
            | Fact::Note(_) => {}
        }
    }
    let last = time(view.end.saturating_sub(1));
    for (_, place) in open {
        if let Some(bracket) = brackets.get_mut(place) {
            bracket.to = last;
        }
    }
    let mut times: Vec<u64> = view.clone().map(time).chain(strokes.iter().map(|stroke| stroke.ends)).collect();
    crate::axis::sort(&mut times);
    let mut spells = spells(tale, &view);
    let lanes: Vec<Lane> = machines
        .iter()
        .map(|machine| {
            let clock = clock_at(tale, machine, cursor);
            let read = clock.read(Time(now)).saturating_sub(log.epoch());
            Lane {
                name: machine.name.to_string(),
                about: if machine.kind == MachineKind::Client {
                    machine.about.rsplit('/').next().unwrap_or_default().to_string()
                } else {
                    String::new()
                },
                client: machine.kind == MachineKind::Client,
                offset: read.saturating_sub(now as i64),
                now: read,
                spells: of(&mut spells, machine.id).clone(),
            }
        })
        .collect();
    let says = format!(
        "Messages between {}. At {} seconds, event {} of {}: {} {}.",
        lanes.iter().map(|lane| lane.name.as_str()).collect::<Vec<_>>().join(", "),
        moment(now),
        cursor + 1,
        tale.len(),
        log.who(EventId(cursor)).map_or("", |who| words.machine(who)),
        words.line(EventId(cursor))
    );
    let view = (view.start, view.end.saturating_sub(1));
    let earlier = earlier(tale, view.0);
    Stage { lanes, times, brackets, strokes, marks, cursor: now, view, earlier, says }
}

/// The statement above what is in view, if it is part of the play.
fn earlier(tale: &Tale, start: u32) -> Option<Earlier> {
    let statements = &tale.index.story().statements;
    let above = statements.partition_point(|statement| statement.submit.0 < start);
    let before = statements.get(above.checked_sub(1)?)?;
    let text = tale.log().text(before.submit).filter(|text| !schema(text))?;
    Some(Earlier { label: first_words(text), events: before.events, last: before.last.0 })
}

/// Messages in flight at an event that another may overtake, by the names that `--@ swap` gives them.
pub(super) fn flying(tale: &Tale, event: u32) -> Vec<((u32, u32), String, String)> {
    let log = tale.log();
    let words = tale.words();
    let view = event.saturating_sub(AHEAD)..event.saturating_add(1).min(tale.len());
    let ends = endings(&log, &view);
    let story = tale.index.story();
    let sends = |id: &EventId| log.kind(*id) == Some(Kind::Send);
    let in_flight = view.map(EventId).filter(sends).filter(|id| ends.of(id.0).is_some_and(|(_, end, _)| end > event));
    let named = |id: EventId| {
        let submit = story.submit_of(id)?;
        let statement = story.statements.get(story.statement_of(id)?)?.step;
        let number = story.events_of(submit).filter(sends).take_while(|other| *other <= id).count() as u32;
        let to = log.receiver(id).filter(|to| !frozen(tale, *to, event))?;
        Some(((statement, number), words.machine(log.who(id)?).to_string(), words.machine(to).to_string()))
    };
    in_flight.filter_map(named).collect()
}

/// Where a message ends: when, at which event, and whether it is lost.
type End = (u64, u32, bool);

/// Where each message sent in the view ends, by the place of its sending there.
struct Ends(u32, Vec<Option<End>>);

impl Ends {
    fn of(&self, event: u32) -> Option<End> {
        *self.1.get(event.checked_sub(self.0)? as usize)?
    }
}

fn endings(log: &Log<'_>, view: &Range<u32>) -> Ends {
    let mut ends = vec![None; view.len()];
    for event in view.start..view.end.saturating_add(AHEAD).min(log.len() as u32) {
        let id = EventId(event);
        let lost = match log.kind(id) {
            Some(Kind::Receive) => false,
            Some(Kind::Lost) => true,
            _ => continue,
        };
        if let (Some(cause), Some(at)) = (log.cause(id), log.at(id))
            && let Some(end) = cause.0.checked_sub(view.start).and_then(|place| ends.get_mut(place as usize))
        {
            end.get_or_insert((at.0, event, lost));
        }
    }
    Ends(view.start, ends)
}

fn answer(outcome: &Outcome) -> (String, bool) {
    match outcome {
        Outcome::Void => ("ok".into(), false),
        Outcome::Rows { counted: Some(1), .. } | Outcome::Rows { counted: None, rows: 1, .. } => {
            ("1 row".into(), false)
        }
        Outcome::Rows { counted: Some(rows), .. } => (format!("{rows} rows"), false),
        Outcome::Rows { rows, .. } => (format!("{rows} rows"), false),
        Outcome::Error(error) => (error.name.split('(').next().unwrap_or("error").to_string(), true),
    }
}
