//! The page's behaviour, by what it is about.

mod ask;
mod code;
mod edit;
mod embed;
mod find;
mod fork;
mod go;
mod lesson;
mod open;
mod palette;
mod past;
mod run;
mod share;

use super::{Action, Copying, Drawer, Effect, Guess, Notice, Origin, State, Tab, Theme, Tone, WIDE_MAX};
use crate::gallery;
use edit::{edit, meant, ponder, replace};
use find::{search, search_on, top};
use go::go;
use open::{address, open};
use run::{crashed, finished, progress, read_on, reveal, run, stop};
use scenario::told::Told;
use share::{copied, share};
use std::rc::Rc;

pub(super) use embed::Heard;

/// The page's behaviour: what an action makes of the state, and what is to be done outside.
pub fn reduce(state: &mut State, action: Action) -> Vec<Effect> {
    let mut effects = act(state, action);
    if state.embed {
        effects.extend(embed::tell(state));
    }
    effects
}

/// Whoever runs a text by hand wants to see: a question that is still open counts as skipped.
fn skip(state: &mut State) {
    for question in &state.reading.clone().questions {
        if state.guess(&question.words).is_none() {
            state.guessed(question.words.clone(), Guess::Skipped);
        }
    }
}

fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Edit(text) => edit(state, text),
        Action::Turned(text) => code::turned(state, text),
        Action::Rich(rich) => {
            state.code.rich = rich;
            Vec::new()
        }
        Action::Caret(line) => code::caret(state, line as usize),
        Action::Wonder(id, question) => code::wonder(state, id, question),
        Action::Format => code::format(state),
        Action::Rename(at) => code::rename(state, at as usize),
        Action::RenameTo(name) => {
            if let Some(rename) = &mut state.code.rename {
                rename.new = name;
            }
            Vec::new()
        }
        Action::RenameEnd(done) => code::rename_end(state, done),
        Action::Code(what) => {
            state.tab = Tab::Cql;
            vec![Effect::Code(what)]
        }
        Action::Replace(range, with) => replace(state, range, &with),
        Action::Run => {
            state.stays = false;
            skip(state);
            let mut effects = fork::adopt(state);
            effects.extend(run(state));
            effects
        }
        Action::Stop => stop(state),
        Action::Progress { id, done, events } => progress(state, id, done, events),
        Action::Finished { id, answer } => finished(state, id, &answer),
        Action::ReadOn { id } => read_on(state, id),
        Action::Lower => open::lower(state),
        Action::Crashed { id, words } => {
            ask::lost(state, id, &words);
            crashed(state, id, &words)
        }
        Action::Go(to) => {
            state.playing = false;
            go(state, to)
        }
        Action::Wider(by) => {
            state.wide = state.wide.saturating_add_signed(by).min(WIDE_MAX);
            Vec::new()
        }
        Action::Place(place) => {
            state.place = Some(place);
            Vec::new()
        }
        Action::Guess(question, guess) => {
            state.guessed(question, guess);
            if state.asked().is_some() {
                return Vec::new();
            }
            let mut effects = reveal(state);
            effects.extend(ask::wonder(state));
            effects.extend(lesson::judge(state));
            effects
        }
        Action::Knob(value) => ask::turn(state, value),
        Action::Told(id, told) => {
            if let Told::Meaning(meaning) = &*told {
                meant(state, id, meaning);
            }
            let mut effects = ask::told(state, id, &told);
            effects.extend(code::told(state, id, &told));
            effects
        }
        Action::Ponder => ponder(state),
        Action::Settled => ask::settled(state),
        Action::Drawer(drawer) => {
            state.opens(drawer);
            if drawer == Drawer::WhatIf { ask::grid(state) } else { Vec::new() }
        }
        Action::Axes(rows, columns) => ask::axes(state, rows, columns),
        Action::Enter(row, column) => {
            let edits = ask::cell(state, row, column);
            fork::enter(state, "cell", &edits)
        }
        Action::YourWorld => match state.asks.wish.clone().flatten() {
            Some(wish) => fork::enter(state, "your-world", &wish.choice.edits),
            None => Vec::new(),
        },
        Action::ForkHere => palette::offer(state),
        Action::Fork(name, edits) => fork::fork(state, &name, &edits),
        Action::Future(at) => fork::switch(state, at),
        Action::NameFuture(words) => fork::name(state, &words),
        Action::Forget(at) => fork::forget(state, at),
        Action::Alone(alone) => {
            state.futures.alone = alone;
            Vec::new()
        }
        Action::GoBeside(event) => fork::go_beside(state, event),
        Action::Again(at) => past::again(state, at),
        Action::Compare(at) => past::compare(state, at),
        Action::ToName => past::to_name(state),
        Action::NamePast(at, words) => past::name(state, at, &words),
        Action::ForgetPast(at) => past::forget(state, at),
        Action::Unkept => past::unkept(state),
        Action::Theme => {
            state.theme = match state.theme {
                Theme::System => Theme::Dark,
                Theme::Dark => Theme::Light,
                Theme::Light => Theme::System,
            };
            vec![Effect::Wear(state.theme)]
        }
        Action::Tab(tab) => {
            (state.tab, state.stays) = (tab, true);
            vec![Effect::ShowEvent(state.cursor)]
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
            state.notice = Some(copied(state, worked));
            Vec::new()
        }
        Action::CopyText => {
            state.copying = Copying::Text;
            vec![Effect::Copy(state.whole().to_string())]
        }
        Action::SaveFile => vec![Effect::SaveFile(share::file(&state.reading.title), state.whole())],
        Action::CopyReport => {
            state.copying = Copying::Report;
            vec![Effect::Copy(state.report())]
        }
        Action::Address(fragment) => address(state, &fragment),
        Action::Given(text) => {
            let mut effects = open(state, text, Origin::Link);
            effects.extend(run(state));
            effects
        }
        Action::Fetched(_, Some(text)) => {
            let mut effects = open(state, text, Origin::Story);
            // Who reads another page has no Run to press.
            if state.embed {
                effects.extend(run(state));
            }
            effects
        }
        Action::Fetched(slug, None) => {
            state.notice = Some(Notice {
                tone: Tone::Bad,
                what: "This story could not be loaded.".into(),
                why: format!("“{slug}” is not beside the page, or nobody answered."),
                offers: vec![("Try again".into(), Action::Address(format!("story/{slug}")))],
            });
            Vec::new()
        }
        Action::Gallery(cards) => open::shelve(state, cards.as_deref()),
        Action::Idea(tenths) => {
            state.idea = tenths.clamp(-20, 240);
            Vec::new()
        }
        Action::Taught(at, text) => lesson::fetched(state, at, text.as_deref()),
        Action::LessonNext => lesson::next(state),
        Action::LessonBack => lesson::back(state),
        Action::Hint => lesson::hint(state),
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
        Action::ToFind => {
            state.opens(Drawer::Events);
            vec![Effect::Focus("words")]
        }
        Action::Palette(open) => palette::open(state, open),
        Action::PaletteFind(words) => {
            palette::find(state, words);
            Vec::new()
        }
        Action::PaletteMove(by) => palette::choose(state, by),
        Action::PaletteDo(at) => palette::perform(state, at),
        Action::Play => palette::play(state),
        Action::Tick => palette::tick(state),
        Action::ToLine(line) => {
            state.tab = Tab::Cql;
            vec![Effect::ShowLine(line)]
        }
    }
}
