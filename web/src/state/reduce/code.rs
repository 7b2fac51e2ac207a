//! The editor: what it asks of the worker, what comes of that, and how caret and cursor point at each other.

use super::{ask, edit::edit};
use crate::state::{
    Effect, Notice, State, Tone,
    code::{Rename, Wait},
    same,
};
use scenario::{
    applied,
    told::{Choice, Question, Told},
};
use std::rc::Rc;

/// The caret went into another statement: the cursor goes to where that begins, when what is shown is a run of this very text.
pub(super) fn caret(state: &mut State, line: usize) -> Vec<Effect> {
    let Some(ran) = state.shown().filter(|ran| same(&ran.blessed, &state.text)) else { return Vec::new() };
    let holds = |at: usize| state.reading.statements.get(at).is_some_and(|lines| lines.contains(&line));
    if ran.tale.statement(state.cursor).is_some_and(holds) {
        return Vec::new();
    }
    let first = ran.tale.submits().iter().copied().find(|event| ran.tale.statement(*event).is_some_and(holds));
    let Some(first) = first else { return Vec::new() };
    (state.cursor, state.playing) = (first, false);
    vec![Effect::ShowEvent(first)]
}

/// A hand turned a number: the picture follows, when a run is short.
pub(super) fn turned(state: &mut State, text: Rc<str>) -> Vec<Effect> {
    let mut effects = edit(state, text);
    if !effects.is_empty() && state.asked().is_none() {
        state.code.turning = true;
        effects.extend(ask::follow(state));
    }
    effects
}

/// The rich editor wants to know something.
pub(super) fn wonder(state: &mut State, id: u32, question: Question) -> Vec<Effect> {
    wait(state, Wait::Editor(id), question)
}

pub(super) fn format(state: &mut State) -> Vec<Effect> {
    wait(state, Wait::Format, Question::Format)
}

fn wait(state: &mut State, wait: Wait, question: Question) -> Vec<Effect> {
    state.runs += 1;
    state.code.waits.retain(|(_, other, _)| std::mem::discriminant(other) != std::mem::discriminant(&wait));
    state.code.waits.push((state.runs, wait, state.text.clone()));
    vec![Effect::Ask { id: state.runs, text: state.text.clone(), question }]
}

/// The table whose name stands there is to have another.
pub(super) fn rename(state: &mut State, at: usize) -> Vec<Effect> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (head, tail) = state.text.split_at_checked(at).unwrap_or((&state.text, ""));
    let from = head.len() - head.chars().rev().take_while(|c| word(*c)).map(char::len_utf8).sum::<usize>();
    let to = head.len() + tail.chars().take_while(|c| word(*c)).map(char::len_utf8).sum::<usize>();
    let Some(old) = state.text.get(from..to).filter(|old| !old.is_empty()).map(String::from) else {
        state.notice =
            Some(none("There is no name at the caret.", "Put the caret into a table's name, wherever it stands."));
        return Vec::new();
    };
    state.code.rename = Some(Rename { at: from as u32, new: old.clone(), old });
    vec![Effect::Focus("name")]
}

/// The new name is there, or nobody wants one any more.
pub(super) fn rename_end(state: &mut State, done: bool) -> Vec<Effect> {
    let Some(rename) = state.code.rename.take() else { return Vec::new() };
    let mut effects = vec![Effect::Focus("text")];
    if done && rename.new != rename.old {
        effects.extend(wait(state, Wait::Rename, Question::Rename(rename.at, rename.new)));
    }
    effects
}

/// An answer came; one that nobody waits for, or of another text, is not heard.
pub(super) fn told(state: &mut State, id: u32, told: &Rc<Told>) -> Vec<Effect> {
    let Some(place) = state.code.waits.iter().position(|(asked, ..)| *asked == id) else { return Vec::new() };
    let (_, wait, about) = state.code.waits.remove(place);
    match (wait, &**told) {
        (Wait::Editor(of), _) => vec![Effect::Offer(of, told.clone())],
        (_, Told::Change(choice)) if *about == *state.text => change(state, choice),
        (Wait::Format, _) => {
            state.notice = Some(none("Nothing to put in order.", "What cannot be read is left as it is."));
            Vec::new()
        }
        (Wait::Rename, _) => {
            state.notice = Some(none(
                "It has not been renamed.",
                "Only a table can be, to a name that is CQL's and that no other table of its keyspace has.",
            ));
            Vec::new()
        }
    }
}

fn change(state: &mut State, choice: &Choice) -> Vec<Effect> {
    let text: Rc<str> = applied(&state.text, &choice.edits.iter().collect::<Vec<_>>()).into();
    let mut effects = edit(state, text.clone());
    effects.push(Effect::SetText(text));
    state.notice = Some(Notice { tone: Tone::Fine, ..none(&choice.label, "Undo takes it back.") });
    effects
}

fn none(what: &str, why: &str) -> Notice {
    Notice { tone: Tone::Warn, what: what.into(), why: why.into(), offers: Vec::new() }
}
