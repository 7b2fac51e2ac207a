//! Questions about the text that ran: asked when a run is shown, answered by the worker, and acted upon.

use super::{edit::edit, run::run};
use crate::state::{Action, Asks, Drawer, Effect, Guess, Notice, Run, State, Tone, Turn};
use scenario::{
    Edit, applied, says,
    told::{Dial, Question, Told},
};
use std::rc::Rc;

/// A run of more events than this is not repeated while a number is dragged.
const LIVE_MAX: u32 = 5_000;

/// So many other seeds are run beside a grid.
const FUTURES: u16 = 32;

/// So many futures with other luck say from when on it is decided.
const SETTLED: u16 = 64;

/// A run of more events than this is not repeated that often, events.
const SETTLED_MAX: u32 = 3_000;

/// So long nothing else may be asked before that is, milliseconds: a hand that drags a number has other questions.
const CALM: u32 = 700;

/// A run is shown: what may be asked about it is asked.
pub(super) fn begin(state: &mut State) -> Vec<Effect> {
    let Some(ran) = state.ran.clone() else { return Vec::new() };
    // Until the new answer is there the old one is shown: it is one of nearly the same text.
    let tip = state.asks.tip.take();
    state.asks = Asks { about: ran.blessed.clone(), tip, ..Asks::default() };
    if !ran.stopped.is_empty() || !ran.reading.faults.is_empty() {
        state.asks.tip = None;
        return Vec::new();
    }
    let mut effects = ask(state, Question::Tip);
    if ran.tale.len() <= SETTLED_MAX {
        effects.push(Effect::Soon(CALM, Action::Settled));
    }
    if state.drawer == Drawer::WhatIf {
        effects.extend(grid(state));
    }
    effects
}

/// Nothing else is asked any more: from when on is it decided?
pub(super) fn settled(state: &mut State) -> Vec<Effect> {
    if !state.asks.waiting.is_empty() && *state.asks.about == *state.text {
        return vec![Effect::Soon(CALM, Action::Settled)];
    }
    let idle = state.run == Run::Idle && state.asks.decided.is_none() && *state.asks.about == *state.text;
    if idle && state.ran.is_some() { ask(state, Question::Decided(SETTLED)) } else { Vec::new() }
}

fn ask(state: &mut State, question: Question) -> Vec<Effect> {
    state.runs += 1;
    let (id, text) = (state.runs, state.asks.about.clone());
    state.asks.waiting.push((id, question.clone()));
    vec![Effect::Ask { id, text, question }]
}

/// The grid of the axes that are chosen, unless it is there or on its way.
pub(super) fn grid(state: &mut State) -> Vec<Effect> {
    let asked = state.asks.grid.is_some() || state.asks.waits(|question| matches!(question, Question::Grid(..)));
    if asked || state.asks.about.is_empty() {
        return Vec::new();
    }
    ask(state, Question::Grid(state.axes.0, state.axes.1))
}

/// Other axes; one that both are asked to be swaps them.
pub(super) fn axes(state: &mut State, rows: u16, columns: u16) -> Vec<Effect> {
    let (old_rows, old_columns) = state.axes;
    state.axes = match (rows == old_rows, rows == columns) {
        (_, false) => (rows, columns),
        (true, true) => (old_columns, columns),
        (false, true) => (rows, old_rows),
    };
    state.asks.grid = None;
    state.asks.waiting.retain(|(_, question)| !matches!(question, Question::Grid(..)));
    grid(state)
}

/// A guess was wrong: in which world would it be true?
pub(super) fn wonder(state: &mut State) -> Vec<Effect> {
    let wrong = || {
        let reading = &state.reading;
        let question = reading.questions.last().filter(|_| *state.asks.about == *state.text)?;
        let Guess::Chose(guess) = state.guess(&question.words)? else { return None };
        let outcome = reading.outcomes.get(question.outcome?)?;
        let number = reading.statements.partition_point(|lines| lines.end <= outcome.lines.start);
        let wrong = question.right(&outcome.words).is_some() && !says(guess, &outcome.words);
        wrong.then(|| Question::Wish(number as u32, guess.clone()))
    };
    let known = state.asks.wish.is_some() || state.asks.waits(|question| matches!(question, Question::Wish(..)));
    match wrong().filter(|_| !known) {
        Some(question) => ask(state, question),
        None => Vec::new(),
    }
}

/// An answer; one that nobody waits for any more is not heard.
pub(super) fn told(state: &mut State, id: u32, told: &Told) -> Vec<Effect> {
    let Some(place) = state.asks.waiting.iter().position(|(asked, _)| *asked == id) else { return Vec::new() };
    let (_, question) = state.asks.waiting.remove(place);
    match (question, told) {
        (Question::Tip, Told::Tip(tip)) => {
            // The ends stay where they are under the hand that drags.
            let kept = state.asks.tip.as_ref().filter(|old| old.dial.what == tip.dial.what).map(|old| old.range);
            let turn = Turn::of(tip);
            let range = kept.filter(|range| turn.within(*range)).unwrap_or(turn.range);
            (state.asks.tip, state.asks.fresh) = (Some(Turn { range, ..turn }), true);
        }
        (Question::Tip, _) => (state.asks.tip, state.asks.no_tip) = (None, true),
        (Question::Grid(..), Told::Grid(grid)) => {
            state.asks.grid = Some(Rc::new(grid.clone()));
            if state.asks.futures.is_none() {
                return ask(state, Question::Futures(FUTURES));
            }
        }
        (Question::Decided(_), Told::Decided(decided)) => state.asks.decided = Some(*decided),
        (Question::Futures(_), Told::Futures(futures)) => state.asks.futures = Some(Rc::new(futures.clone())),
        (Question::Wish(..), Told::Wish(wish)) => state.asks.wish = Some(Some(Rc::new(wish.clone()))),
        (Question::Wish(..), _) => state.asks.wish = Some(None),
        _ => {}
    }
    Vec::new()
}

/// The worker died over a question: nobody knows the answer, and that is said.
pub(super) fn lost(state: &mut State, id: u32, words: &str) {
    let before = state.asks.waiting.len();
    state.asks.waiting.retain(|(asked, _)| *asked != id);
    if state.asks.waiting.len() < before {
        state.notice = Some(Notice {
            tone: Tone::Warn,
            what: "What could be asked about this run was not answered.".into(),
            why: words.into(),
            offers: vec![("Run again".into(), Action::Run)],
        });
    }
}

/// Turns the number that decides, and runs: the picture follows the hand.
pub(super) fn turn(state: &mut State, value: i64) -> Vec<Effect> {
    let about = *state.asks.about == *state.text;
    if about && state.asks.tip.is_some() && !state.asks.fresh {
        return Vec::new();
    }
    let tip = state.asks.tip.clone().filter(|_| about);
    let dial = match (&tip, &state.reading.knob) {
        (Some(turn), _) => turn.dial.clone(),
        (None, Some(dial)) => dial.clone(),
        (None, None) => return Vec::new(),
    };
    let (low, high) = dial.measure.limits();
    let value = value.clamp(low, high);
    let turned = dial.turned(value);
    let text: Rc<str> = applied(&state.text, &[&turned]).into();
    let mut effects = edit(state, text.clone());
    state.code.turning = true;
    effects.push(Effect::Turned { text, came: false });
    if let Some(tip) = tip {
        // The same dial in the new text: what was put before it stands there now.
        let start = dial.span.start + dial.lead.len() as u32;
        let span = start..dial.span.start + turned.text.len() as u32;
        let dial = Dial { span, lead: String::new(), value, ..dial };
        // All else was of the text before.
        let (tip, about) = (Some(Turn { dial, ..tip }), state.text.clone());
        state.asks = Asks { about, tip, fresh: true, ..Asks::default() };
    }
    effects.extend(follow(state));
    effects
}

/// The text was turned: it runs, when the last run was short, or runs again when the one that is at it has come.
pub(super) fn follow(state: &mut State) -> Vec<Effect> {
    state.stays = true;
    let live = state.ran.as_ref().is_some_and(|ran| ran.tale.len() <= LIVE_MAX);
    match (live, &state.run) {
        (true, Run::Going { .. }) => state.again = true,
        (true, _) => return run(state),
        (false, _) => {}
    }
    Vec::new()
}

/// Makes edits the text's own, where the reader can undo them.
pub(super) fn put(state: &mut State, edits: &[&Edit]) -> Vec<Effect> {
    let text: Rc<str> = applied(&state.text, edits).into();
    let mut effects = edit(state, text.clone());
    effects.push(Effect::SetText(text));
    effects
}

/// The edits of a cell of the grid.
pub(super) fn cell(state: &State, row: usize, column: usize) -> Vec<Edit> {
    let edits = |grid: &scenario::told::Grid| {
        let (row, column) = (grid.rows.get(row)?, grid.columns.get(column)?);
        Some(row.edits.iter().chain(&column.edits).cloned().collect())
    };
    state.asks.grid.as_ref().and_then(|grid| edits(grid)).unwrap_or_default()
}
