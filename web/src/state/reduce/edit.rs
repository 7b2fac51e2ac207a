//! The text changes, by hand or by a button, and with it the draft.

use crate::{
    reading::{Reading, look, read},
    state::{DRAFTS_MAX, Effect, Origin, State},
};
use scenario::{Meaning, told::Question};
use std::{ops::Range, rc::Rc};

pub(super) fn edit(state: &mut State, text: Rc<str>) -> Vec<Effect> {
    if *text == *state.text {
        return Vec::new();
    }
    let reading = Rc::new(look(&text, &state.reading));
    state.code.turning = false;
    let mut effects = become_own(state, text, reading);
    effects.extend(ponder(state));
    effects
}

/// What does the present text mean? The worker knows.
pub(super) fn ponder(state: &mut State) -> Vec<Effect> {
    state.runs += 1;
    state.meant = Some(state.runs);
    // What a text means comes with its run.
    if state.sent.as_ref().is_some_and(|(text, _)| *text == state.text) {
        return Vec::new();
    }
    vec![Effect::Ask { id: state.runs, text: state.text.clone(), question: Question::Meaning }]
}

/// It means this.
pub(super) fn meant(state: &mut State, id: u32, meaning: &Meaning) {
    if state.meant == Some(id) {
        state.meant = None;
        state.reading = Rc::new(read(&state.text, meaning));
    }
}

/// The text in the editor is another, and it is the reader's own.
pub(super) fn become_own(state: &mut State, text: Rc<str>, reading: Rc<Reading>) -> Vec<Effect> {
    let mut effects = Vec::new();
    if state.origin == Origin::Draft && !state.drafts.is_empty() {
        state.drafts.remove(0);
    }
    if state.origin != Origin::Draft {
        // What was opened is now the reader's own; the draft it replaces stays below it.
        state.origin = Origin::Draft;
        effects.push(Effect::SetHash(String::new()));
    }
    state.promised.clear();
    (state.text, state.reading) = (text, reading);
    state.drafts.insert(0, state.whole());
    state.drafts.truncate(DRAFTS_MAX);
    effects.push(Effect::SaveDrafts(state.drafts.clone()));
    effects
}

pub(super) fn replace(state: &mut State, range: Range<usize>, with: &str) -> Vec<Effect> {
    let (Some(before), Some(after)) = (state.text.get(..range.start), state.text.get(range.end..)) else {
        return Vec::new();
    };
    let text: Rc<str> = format!("{before}{with}{after}").into();
    let mut effects = edit(state, text.clone());
    effects.push(Effect::SetText(text));
    effects
}
