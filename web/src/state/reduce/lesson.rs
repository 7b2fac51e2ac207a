//! A lesson is opened, goes on, is done.

use super::{open::open, run::run};
use crate::{
    gallery::LESSONS,
    state::{Action, Effect, Notice, Origin, Screen, State, Tab, Taught, Tone},
};
use scenario::Lesson;
use std::rc::Rc;

pub(super) fn fetched(state: &mut State, at: usize, text: Option<&str>) -> Vec<Effect> {
    let read = text.ok_or((0, "nobody answered")).and_then(Lesson::read);
    match read {
        Ok(lesson) => {
            state.lesson = Some(Taught { at, lesson: Rc::new(lesson), step: 1, hints: 0 });
            show(state)
        }
        Err((_, why)) => {
            let again =
                LESSONS.get(at).map(|lesson| ("Try again".into(), Action::Address(format!("lesson/{}", lesson.slug))));
            state.notice = Some(Notice {
                tone: Tone::Bad,
                what: "This lesson could not be loaded.".into(),
                why: format!("It is served beside the page: {why}."),
                offers: again.into_iter().collect(),
            });
            Vec::new()
        }
    }
}

/// Shows the text of the steps that are open, and runs it: what its question would give away stays folded.
fn show(state: &mut State) -> Vec<Effect> {
    let Some(taught) = state.lesson.clone() else { return Vec::new() };
    let mut effects = open(state, taught.lesson.text(taught.step).into(), Origin::Lesson);
    state.lesson = Some(taught);
    (state.screen, state.tab) = (Screen::Lesson, Tab::Lesson);
    effects.extend(run(state));
    effects
}

/// On to the next step.
pub(super) fn next(state: &mut State) -> Vec<Effect> {
    match &mut state.lesson {
        Some(taught) if !taught.all() => taught.step += 1,
        _ => return Vec::new(),
    }
    let mut effects = show(state);
    effects.push(Effect::Focus("step"));
    effects
}

/// The lesson's own text again, without what was tried.
pub(super) fn back(state: &mut State) -> Vec<Effect> {
    show(state)
}

pub(super) fn hint(state: &mut State) -> Vec<Effect> {
    if let Some(taught) = &mut state.lesson {
        taught.hints = (taught.hints + 1).min(taught.lesson.turn.hints.len());
    }
    Vec::new()
}

/// A run is shown: is the lesson done?
pub(super) fn judge(state: &mut State) -> Vec<Effect> {
    let Some(taught) = state.lesson.as_ref().filter(|taught| taught.all()) else { return Vec::new() };
    let Some(lesson) = LESSONS.get(taught.at).filter(|lesson| !state.learned.iter().any(|slug| slug == lesson.slug))
    else {
        return Vec::new();
    };
    if !state.checks().iter().all(|check| check.holds) {
        return Vec::new();
    }
    state.learned.push(lesson.slug.to_string());
    vec![Effect::SaveLearned(state.learned.clone())]
}
