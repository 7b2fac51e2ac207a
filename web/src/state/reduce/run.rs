//! A run: it begins, goes on, ends, fails; and what came of it goes into the text.

use super::{
    ask,
    edit::{become_own, ponder},
    find::search,
    lesson, past,
};
use crate::{
    state::{Action, Answer, Effect, Kept, Notice, Origin, Ran, Run, State, Tab, Tone, same},
    tale::Opening,
};
use std::{cell::RefCell, rc::Rc};

/// How much of a run is read before the page looks up, in units of `trace::Indexing`: some milliseconds.
const SLICE: u32 = 100_000;

pub(super) fn run(state: &mut State) -> Vec<Effect> {
    if !state.reading.runs || matches!(state.run, Run::Going { .. }) {
        return Vec::new();
    }
    state.runs += 1;
    state.notice = None;
    state.run = Run::Going { id: state.runs, done: (0, 0), events: 0 };
    state.sent = Some((state.text.clone(), state.reading.clone()));
    vec![Effect::RunInWorker { id: state.runs, text: state.text.clone() }]
}

pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    if !matches!(state.run, Run::Going { .. }) {
        return Vec::new();
    }
    (state.run, state.opening, state.again, state.sent) = (Run::Idle, None, false, None);
    state.asks.waiting.clear();
    let mut effects = vec![Effect::EndWorker];
    if state.meant.is_some() {
        effects.extend(ponder(state));
    }
    effects
}

/// Whether that run is the one that is at it: what an earlier one still says is not heard.
fn going(state: &State, id: u32) -> bool {
    matches!(state.run, Run::Going { id: going, .. } if going == id)
}

pub(super) fn progress(state: &mut State, id: u32, done: (u32, u32), events: u32) -> Vec<Effect> {
    if going(state, id) {
        state.run = Run::Going { id, done, events };
    }
    Vec::new()
}

pub(super) fn crashed(state: &mut State, id: u32, words: &str) -> Vec<Effect> {
    if !going(state, id) {
        return Vec::new();
    }
    (state.opening, state.sent) = (None, None);
    state.run = Run::Failed(words.into());
    state.notice = Some(Notice {
        tone: Tone::Bad,
        what: "The cluster failed, your scenario did not.".into(),
        why: format!("The text and its link are as they were. {words}"),
        offers: vec![("Run again".into(), Action::Run), ("Copy the link".into(), Action::Share)],
    });
    let mut effects = vec![Effect::EndWorker];
    if state.meant.is_some() {
        effects.extend(ponder(state));
    }
    effects
}

/// The worker's answer has arrived. A long one is read in several tasks, and what was read is drawn in its own: keys are heard between.
pub(super) fn finished(state: &mut State, id: u32, answer: &Answer) -> Vec<Effect> {
    if !going(state, id) {
        return Vec::new();
    }
    let Some((text, reading)) = state.sent.take() else { return Vec::new() };
    match Opening::new(&answer.0, text, reading) {
        Ok(opening) => {
            let short = opening.is_short();
            state.opening = Some(Rc::new(RefCell::new(opening)));
            if short { read_on(state, id) } else { vec![Effect::Later(Action::ReadOn { id })] }
        }
        Err(why) => crashed(state, id, &why),
    }
}

/// Reads on for a while.
pub(super) fn read_on(state: &mut State, id: u32) -> Vec<Effect> {
    let Some(opening) = state.opening.clone().filter(|_| going(state, id)) else { return Vec::new() };
    let read = opening.borrow_mut().step(SLICE);
    match read {
        Ok(None) => vec![Effect::Later(Action::ReadOn { id })],
        Ok(Some(ran)) => shown(state, ran),
        Err(why) => crashed(state, id, &why),
    }
}

fn shown(state: &mut State, ran: Ran) -> Vec<Effect> {
    (state.run, state.opening, state.place) = (Run::Idle, None, None);
    let promised = if state.futures.at == 0 { &state.promised[..] } else { &[] };
    if let Some(number) = scenario::link::first_difference(promised, &ran.outcomes) {
        state.notice = Some(changed(&ran, number));
    }
    state.cursor = ran.tale.opening();
    let ran = Rc::new(ran);
    let mut effects = vec![Effect::Shown(Action::Lower)];
    effects.extend(past::remember(state, &ran));
    state.ran = Some(ran);
    state.linked = Kept::default();
    state.lower = 0;
    effects.extend(search(state));
    if state.asked().is_none() {
        effects.extend(reveal(state));
    }
    // It did not come with the run after all: the text is still folded, or another by now.
    if state.meant.is_some() {
        effects.extend(ponder(state));
    }
    if std::mem::take(&mut state.again) {
        effects.extend(run(state));
    } else {
        effects.extend(ask::begin(state));
        effects.extend(ask::wonder(state));
        effects.extend(lesson::judge(state));
    }
    effects
}

/// Puts the outcomes into the text, where the browser's undo can take them out again.
fn bless(state: &mut State, ran: &Ran) -> Vec<Effect> {
    let text = ran.blessed.clone();
    let mut effects =
        vec![if state.code.turning { Effect::Turned { text, came: true } } else { Effect::SetText(text) }];
    if state.origin == Origin::Draft {
        effects.extend(become_own(state, ran.blessed.clone(), ran.reading.clone()));
    } else {
        (state.text, state.reading) = (ran.blessed.clone(), ran.reading.clone());
    }
    effects
}

/// The last question is answered: what was folded is shown. Until then a phone shows the text that is asked about.
pub(super) fn reveal(state: &mut State) -> Vec<Effect> {
    state.tab = if state.tab == Tab::Cql && !state.stays { Tab::Story } else { state.tab };
    let mut effects = vec![Effect::Title(state.title())];
    if let Some(ran) = state.ran.clone() {
        effects.push(Effect::ShowEvent(state.cursor));
        // A lesson's text has a few lines of room: those that are spoken of.
        let line = ran.tale.statement(state.cursor).and_then(|at| ran.reading.statements.get(at));
        let line = line.filter(|_| state.lesson.is_some() && state.window.0 >= 1024);
        let ends = line.map(|lines| [lines.end, lines.start]).into_iter().flatten();
        effects.extend(ends.map(|line| Effect::ShowLine(line as u32)));
        // A text that was edited while it ran keeps its edits; its outcomes show as edited since.
        if same(&ran.text, &state.text) {
            // What it means came with it.
            state.meant = None;
            if same(&ran.blessed, &state.text) {
                state.reading = ran.reading.clone();
            } else {
                effects.extend(bless(state, &ran));
            }
        }
    }
    effects
}

fn changed(ran: &Ran, number: u32) -> Notice {
    let line = ran.reading.statements.get((number as usize).saturating_sub(1)).map_or(0, |lines| lines.start);
    Notice {
        tone: Tone::Warn,
        what: "The model has changed since this link was made.".into(),
        why: format!("The first outcome that differs is that of line {}.", line + 1),
        offers: vec![("Show it".into(), Action::ToLine(line as u32))],
    }
}
