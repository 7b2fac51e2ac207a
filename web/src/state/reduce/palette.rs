//! Commands by name, and events that go by by themselves.

use super::{fork::offers, go::go, reduce};
use crate::state::{Action, Effect, Go, Palette, Screen, State};

/// Four events a second: one can follow that.
const BEAT: u32 = 250;

pub(super) fn open(state: &mut State, open: bool) -> Vec<Effect> {
    state.palette = open.then(Palette::default);
    if open { vec![Effect::Focus("command")] } else { Vec::new() }
}

/// The same with what can be changed at the event that is shown.
pub(super) fn offer(state: &mut State) -> Vec<Effect> {
    if state.screen != Screen::Play {
        return Vec::new();
    }
    state.palette = Some(Palette { offers: offers(state), ..Palette::default() });
    vec![Effect::Focus("command")]
}

pub(super) fn find(state: &mut State, words: String) {
    if let Some(palette) = &mut state.palette {
        (palette.find, palette.at) = (words, 0);
    }
}

pub(super) fn choose(state: &mut State, by: i32) -> Vec<Effect> {
    if let Some(palette) = &mut state.palette {
        let count = palette.shown().count().max(1) as i32;
        palette.at = (palette.at as i32 + by).rem_euclid(count) as usize;
    }
    Vec::new()
}

pub(super) fn perform(state: &mut State, at: Option<usize>) -> Vec<Effect> {
    let Some(palette) = state.palette.take() else { return Vec::new() };
    match palette.shown().nth(at.unwrap_or(palette.at)).map(|(.., action)| action.clone()) {
        Some(action) => reduce(state, action),
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
