//! Commands by name, and events that go by by themselves.

use super::{go::go, reduce};
use crate::state::{Action, Effect, Go, State, commands::matching};

/// Four events a second: one can follow that.
const BEAT: u32 = 250;

pub(super) fn open(state: &mut State, open: bool) -> Vec<Effect> {
    state.palette = open.then(|| (String::new(), 0));
    if open { vec![Effect::Focus("command")] } else { Vec::new() }
}

pub(super) fn choose(state: &mut State, by: i32) -> Vec<Effect> {
    if let Some((find, at)) = &mut state.palette {
        let count = matching(find).count().max(1) as i32;
        *at = (*at as i32 + by).rem_euclid(count) as usize;
    }
    Vec::new()
}

pub(super) fn perform(state: &mut State, at: Option<usize>) -> Vec<Effect> {
    let Some((find, chosen)) = state.palette.take() else { return Vec::new() };
    match matching(&find).nth(at.unwrap_or(chosen)) {
        Some(command) => reduce(state, command.action.clone()),
        None => Vec::new(),
    }
}

pub(super) fn play(state: &mut State) -> Vec<Effect> {
    state.playing = !state.playing && state.shown().is_some();
    if !state.playing {
        return Vec::new();
    }
    let at_the_end = state.shown().is_some_and(|ran| state.cursor + 1 >= ran.tale.len());
    let mut effects = if at_the_end { go(state, Go::First) } else { Vec::new() };
    effects.push(Effect::Soon(BEAT, Action::Tick));
    effects
}

pub(super) fn tick(state: &mut State) -> Vec<Effect> {
    if !state.playing {
        return Vec::new();
    }
    let mut effects = go(state, Go::On);
    state.playing = state.shown().is_some_and(|ran| state.cursor + 1 < ran.tale.len());
    if state.playing {
        effects.push(Effect::Soon(BEAT, Action::Tick));
    }
    effects
}
