//! Another text is opened: from the gallery, a link, a draft.

use super::{
    edit::ponder,
    run::{run, stop},
};
use crate::{
    gallery,
    link::{self, Opened},
    reading::{Reading, look},
    state::{Action, Asks, DRAFTS_MAX, Effect, Notice, Origin, Run, Screen, State, Tab, Tone},
};
use std::rc::Rc;

pub(super) fn address(state: &mut State, fragment: &str) -> Vec<Effect> {
    match link::open(fragment) {
        Opened::Nothing => Vec::new(),
        Opened::Start(place) => {
            state.screen = Screen::Start;
            state.notice = None;
            let mut effects = browse(state);
            effects.push(Effect::Title("Where did my rows go?".into()));
            effects.extend(place.map(Effect::Focus));
            effects
        }
        Opened::Story(slug) => vec![Effect::Fetch(slug)],
        Opened::Lesson(at) => vec![Effect::FetchLesson(at)],
        Opened::Text { text, outcomes } => {
            let mut effects = open(state, text, Origin::Link);
            state.promised = outcomes;
            effects.extend(run(state));
            effects
        }
        Opened::Damaged(why) => {
            state.notice = Some(Notice {
                tone: Tone::Bad,
                what: "This link is damaged.".into(),
                why: format!("{why}. Ask for it again, or paste the text."),
                offers: Vec::new(),
            });
            // Who has nothing else open reads this above the gallery.
            if state.screen == Screen::Start { browse(state) } else { Vec::new() }
        }
    }
}

pub(super) fn open(state: &mut State, text: Rc<str>, origin: Origin) -> Vec<Effect> {
    let mut effects = stop(state);
    state.screen = Screen::Play;
    state.lesson = None;
    state.take(&text);
    state.reading = Rc::new(look(&state.text, &Reading::default()));
    effects.extend(ponder(state));
    state.origin = origin.clone();
    state.ran = None;
    state.asks = Asks::default();
    state.again = false;
    state.run = Run::Idle;
    state.cursor = 0;
    (state.tab, state.stays) = (Tab::Cql, false);
    state.notice = None;
    state.promised.clear();
    if origin == Origin::Draft {
        state.drafts.retain(|draft| **draft != *text);
        state.drafts.insert(0, text.clone());
        state.drafts.truncate(DRAFTS_MAX);
        effects.push(Effect::SetHash(String::new()));
        effects.push(Effect::SaveDrafts(state.drafts.clone()));
    }
    effects.push(Effect::SetText(state.text.clone()));
    effects.push(Effect::Title(state.title()));
    effects
}

/// The start page wants the gallery, unless it has it.
pub(super) fn browse(state: &State) -> Vec<Effect> {
    if state.gallery.is_empty() { vec![Effect::FetchGallery] } else { Vec::new() }
}

/// The gallery's cards are there: shelf by shelf they are drawn. Without them the page is only shorter.
pub(super) fn shelve(state: &mut State, cards: Option<&str>) -> Vec<Effect> {
    state.gallery = gallery::read(cards.unwrap_or_default());
    if state.screen == Screen::Start {
        state.lower = 0;
    }
    vec![Effect::Shown(Action::Lower)]
}

/// One more part of the page is drawn: of the start a shelf, of a run all the rest.
pub(super) fn lower(state: &mut State) -> Vec<Effect> {
    if state.screen == Screen::Start && state.lower < gallery::shelves(&state.gallery).count() {
        state.lower += 1;
        return vec![Effect::Shown(Action::Lower)];
    }
    state.lower = usize::MAX;
    // The log has come after the run that it shows.
    vec![Effect::ShowEvent(state.cursor)]
}
