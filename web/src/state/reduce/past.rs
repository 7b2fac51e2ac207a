//! The history: runs are put into it, named, opened again, compared, forgotten.

use super::{edit::edit, fork::fork, run::run, skip};
use crate::state::{Action, Drawer, Effect, Notice, PAST_BYTES, PAST_MAX, Past, Ran, State, Tone};
use scenario::Edit;

/// Puts a run into the history; the same text again is the same run, and keeps its name.
pub(super) fn remember(state: &mut State, ran: &Ran) -> Vec<Effect> {
    let verdict = ran.tale.verdict();
    // A drag of a number is one run in the history: its last.
    let turned = std::mem::replace(&mut state.turned, state.code.turning);
    if turned && state.code.turning && state.past.first().is_some_and(|past| past.name.is_empty()) {
        state.past.remove(0);
    }
    let known = state.past.iter().position(|past| past.text == ran.blessed).map(|at| state.past.remove(at));
    let past = Past {
        name: known.map(|past| past.name).unwrap_or_default(),
        text: ran.blessed.clone(),
        title: ran.reading.title.clone(),
        words: format!("{}{}", verdict.strong, verdict.rest),
        digest: ran.digest.clone(),
    };
    state.past.insert(0, past);
    trim(&mut state.past);
    save(state)
}

/// As many runs as are kept: the oldest without a name go first.
fn trim(past: &mut Vec<Past>) {
    while past.len() > PAST_MAX || (past.len() > 1 && past.iter().map(Past::bytes).sum::<usize>() > PAST_BYTES) {
        let oldest = past.iter().skip(1).rposition(|past| past.name.is_empty()).map_or(past.len() - 1, |at| at + 1);
        past.remove(oldest);
    }
}

/// Keeps the history in this browser; not where the page is part of another's.
fn save(state: &State) -> Vec<Effect> {
    if state.embed { Vec::new() } else { vec![Effect::SavePast(state.past.clone())] }
}

/// The history, with the field for the name of the run that is shown.
pub(super) fn to_name(state: &mut State) -> Vec<Effect> {
    if state.shown().is_none() {
        return Vec::new();
    }
    state.opens(Drawer::History);
    vec![Effect::Focus("run-name")]
}

pub(super) fn name(state: &mut State, at: usize, name: &str) -> Vec<Effect> {
    let Some(past) = state.past.get_mut(at) else { return Vec::new() };
    past.name = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(80).collect();
    save(state)
}

pub(super) fn forget(state: &mut State, at: usize) -> Vec<Effect> {
    if at < state.past.len() {
        state.past.remove(at);
    }
    save(state)
}

/// Opens a run again.
pub(super) fn again(state: &mut State, at: usize) -> Vec<Effect> {
    let Some(text) = state.past.get(at).map(|past| past.text.clone()) else { return Vec::new() };
    let mut effects = edit(state, text.clone());
    effects.push(Effect::SetText(text));
    skip(state);
    effects.extend(run(state));
    effects
}

/// Opens a run as another future of what is in the editor: what differs is then shown.
pub(super) fn compare(state: &mut State, at: usize) -> Vec<Effect> {
    let Some(past) = state.past.get(at).cloned() else { return Vec::new() };
    let name = if past.name.is_empty() { "earlier" } else { &past.name };
    let mut effects = fork(state, name, &[Edit::new(0..state.text.len() as u32, past.text.to_string())]);
    skip(state);
    state.opens(Drawer::Difference);
    effects.push(Effect::Focus("drawer"));
    effects
}

/// The browser did not keep something: it is said once, for nothing is lost while the page is open.
pub(super) fn unkept(state: &mut State) -> Vec<Effect> {
    if !std::mem::replace(&mut state.unkept, true) {
        state.notice = Some(Notice {
            tone: Tone::Warn,
            what: "This browser keeps no more of your work: its storage is full or closed.".into(),
            why: "All of it stays here while the page is open. To keep it longer, copy its link, or make room in the history.".into(),
            offers: vec![("Copy the link".into(), Action::Share), ("Show the history".into(), Action::Drawer(Drawer::History))],
        });
    }
    Vec::new()
}
