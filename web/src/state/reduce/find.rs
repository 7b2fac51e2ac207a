//! Words are looked for in the log: in all of it, a piece at a time.

use crate::state::{Action, Effect, State};

/// Events that are put into words before the page looks up: each costs some microseconds.
const SLICE: u32 = 1_000;

/// Other lines are shown: from the first on.
pub(super) fn top(state: &mut State) -> Vec<Effect> {
    state.log.0 = 0;
    vec![Effect::TopOfLog]
}

/// Begins the search anew. One that is at it goes on with the new words.
pub(super) fn search(state: &mut State) -> Vec<Effect> {
    (state.found, state.searched) = (Vec::new(), 0);
    let begin = !state.searching && !state.find.trim().is_empty();
    state.searching |= begin;
    begin.then_some(Effect::Later(Action::SearchOn)).into_iter().collect()
}

pub(super) fn search_on(state: &mut State) -> Vec<Effect> {
    let words = state.find.trim().to_ascii_lowercase();
    let Some(ran) = state.ran.clone().filter(|_| !words.is_empty()) else {
        state.searching = false;
        return Vec::new();
    };
    let to = state.searched.saturating_add(SLICE).min(ran.tale.len());
    state.found.extend(ran.tale.told(&words, state.searched..to));
    state.searched = to;
    state.searching = to < ran.tale.len();
    if state.searching { vec![Effect::Later(Action::SearchOn)] } else { Vec::new() }
}
