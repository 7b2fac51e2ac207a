//! The page's behaviour, by what it is about.

mod edit;
mod find;
mod go;
mod open;
mod run;
mod share;

use super::{Action, Effect, Guess, Notice, Origin, State, Tab, Theme, Tone};
use crate::gallery;
use edit::{edit, replace};
use find::{search, search_on, top};
use go::go;
use open::{address, open};
use run::{crashed, finished, progress, read_on, reveal, run, stop};
use share::{copied, share};
use std::rc::Rc;

/// The page's behaviour: what an action makes of the state, and what is to be done outside.
pub fn reduce(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Edit(text) => edit(state, text),
        Action::Replace(range, with) => replace(state, range, &with),
        Action::Run => {
            // Whoever presses Run wants to see: a question that is still open counts as skipped.
            for question in &state.reading.questions {
                state.guesses.entry(question.words.clone()).or_insert(Guess::Skipped);
            }
            run(state)
        }
        Action::Stop => stop(state),
        Action::Progress { id, done, events } => progress(state, id, done, events),
        Action::Finished { id, answer } => finished(state, id, &answer),
        Action::ReadOn { id } => read_on(state, id),
        Action::Crashed { id, words } => crashed(state, id, &words),
        Action::Go(to) => go(state, to),
        Action::Place(place) => {
            state.place = Some(place);
            Vec::new()
        }
        Action::Guess(question, guess) => {
            state.guesses.insert(question, guess);
            if state.asked().is_some() { Vec::new() } else { reveal(state) }
        }
        Action::Knob(micros) => match state.reading.knob.as_ref() {
            Some(knob) => {
                let (range, with) = (knob.range.clone(), crate::reading::offset(micros));
                replace(state, range, &with)
            }
            None => Vec::new(),
        },
        Action::Theme => {
            state.theme = match state.theme {
                Theme::System => Theme::Dark,
                Theme::Dark => Theme::Light,
                Theme::Light => Theme::System,
            };
            vec![Effect::Wear(state.theme)]
        }
        Action::Tab(tab) => {
            state.tab = tab;
            Vec::new()
        }
        Action::Filter(filter) => {
            state.filter = filter;
            top(state)
        }
        Action::Find(words) => {
            state.find = words;
            let mut effects = top(state);
            effects.extend(search(state));
            effects
        }
        Action::SearchOn => search_on(state),
        Action::Scrolled(top, height) => {
            state.log = (top, height);
            Vec::new()
        }
        Action::Share => share(state, false),
        Action::ShareAnyway => share(state, true),
        Action::Copied(worked) => {
            state.notice = Some(copied(worked, state.link().len()));
            Vec::new()
        }
        Action::CopyText => vec![Effect::Copy(state.text.to_string())],
        Action::Address(fragment) => address(state, &fragment),
        Action::Fetched(at, Some(text)) => open(state, text, Origin::Story(at)),
        Action::Fetched(at, None) => {
            state.notice = Some(Notice {
                tone: Tone::Bad,
                what: "This story could not be loaded.".into(),
                why: "It is served beside the page, and nobody answered.".into(),
                offers: gallery::STORIES
                    .get(at)
                    .map(|story| ("Try again".into(), Action::Address(format!("story/{}", story.slug))))
                    .into_iter()
                    .collect(),
            });
            Vec::new()
        }
        Action::Idea(tenths) => {
            state.idea = tenths.clamp(-20, 240);
            Vec::new()
        }
        Action::New => open(state, Rc::from(gallery::FIRST_LINES), Origin::Draft),
        Action::Draft(at) => match state.drafts.get(at).cloned() {
            Some(text) => open(state, text, Origin::Draft),
            None => Vec::new(),
        },
        Action::Window(width, height) => {
            state.window = (width, height);
            Vec::new()
        }
        Action::Dismiss => {
            state.notice = None;
            Vec::new()
        }
        Action::ToEditor => {
            state.tab = Tab::Cql;
            vec![Effect::Focus("text")]
        }
        Action::ToFind => vec![Effect::Focus("words")],
        Action::ToLine(line) => {
            state.tab = Tab::Cql;
            vec![Effect::ShowLine(line)]
        }
    }
}
