//! The page itself: it holds the state, asks `reduce`, hands effects to the edge, and lays the panes out.

mod answer;
mod desk;
mod embed;
mod phone;

use crate::{
    edge::{self, Edge},
    panes::{Pane, bar, lesson, palette, rename, says, stage, start, verdict},
    reading::{Reading, look},
    state::{Action, Effect, Run, Screen, State, reduce},
};
use std::{cell::RefCell, rc::Rc};
use yew::prelude::*;

/// About how many lines of the log are in view at most.
const IN_VIEW: usize = 60;

/// How long the wide page's lower half waits for a run, ms.
const LOWER: u32 = 200;

/// The page.
pub struct App {
    state: State,
    edge: Edge,
    /// The one way for what is drawn to act: another would make every pane differ from what it was.
    act: Callback<Action>,
    /// What can only be done to what is drawn.
    later: Vec<Effect>,
    /// The lower half of the wide page, as it was drawn last.
    lower: RefCell<Html>,
    /// The wide page's stage, as it was drawn last: a crowd is painted.
    stage: RefCell<Option<stage::Props>>,
    /// Whether the rich editor has been asked for.
    enriched: bool,
}

impl Component for App {
    type Message = Action;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let act = ctx.link().callback(|action| action);
        let edge = Edge::new(act.clone());
        let embed = edge::embedded();
        // What is kept here is nothing that another page is shown.
        let (drafts, past) = if embed { Default::default() } else { edge.left() };
        let mut state = State::new(drafts, edge::theme(), edge::size());
        (state.embed, state.learned, state.past) = (embed, edge::learned(), past);
        let fragment = edge::fragment();
        let first = if fragment.is_empty() && state.screen == Screen::Start { "start".into() } else { fragment };
        let (later, first): (Vec<_>, Vec<_>) =
            reduce(&mut state, Action::Address(first)).into_iter().partition(of_what_is_drawn);
        first.into_iter().for_each(|effect| edge.perform(effect));
        state.lower = 0;
        // With a run that is short the lower half comes with what came of it.
        let lower = if matches!(state.run, Run::Going { .. }) {
            Effect::Soon(LOWER, Action::Lower)
        } else {
            Effect::Shown(Action::Lower)
        };
        edge.perform(lower);
        edge.warm();
        for effect in reduce(&mut state, Action::Ponder) {
            edge.perform(effect);
        }
        let (lower, stage) = Default::default();
        Self { state, edge, act, later, lower, stage, enriched: false }
    }

    fn update(&mut self, _: &Context<Self>, action: Action) -> bool {
        let reads = matches!(action, Action::Finished { .. } | Action::ReadOn { .. } | Action::SearchOn);
        let found = self.state.found.len();
        for effect in reduce(&mut self.state, action) {
            if of_what_is_drawn(&effect) {
                self.later.push(effect);
            } else {
                self.edge.perform(effect);
            }
        }
        // Long work is drawn when it is over, and what a search finds as soon as it fills the log.
        !reads || !(self.state.opening() || self.state.searching) || (found < IN_VIEW && found < self.state.found.len())
    }

    fn view(&self, _: &Context<Self>) -> Html {
        if self.state.lower > 0 {
            *self.lower.borrow_mut() = desk::lower(&self.state, &self.act);
        }
        *self.stage.borrow_mut() = desk::stage(&self.state, &self.act);
        page(&self.state, self.stage.borrow().as_ref(), &self.lower.borrow(), &self.act)
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        // A text that came with the page is run first; what the editor takes would be taken from that.
        let busy = matches!(self.state.run, Run::Going { .. }) || self.state.opening();
        if !(self.enriched || busy || self.state.embed) {
            self.enriched = true;
            self.edge.enrich();
        }
        edge::fill(&self.state.text);
        if self.state.code.rich {
            self.edge.stand(desk::written(&self.state, &self.act));
        }
        if let Some(stage) = self.stage.borrow().as_ref().filter(|stage| stage::crowded(&stage.stage)) {
            self.edge.paint(stage);
        }
        for effect in self.later.drain(..) {
            self.edge.perform(effect);
        }
    }
}

/// Whether this can only be done to what is drawn.
fn of_what_is_drawn(effect: &Effect) -> bool {
    matches!(effect, Effect::ShowEvent(_) | Effect::ShowLine(_) | Effect::Focus(_) | Effect::Code(_))
}

/// The question beside the verdict, of a state.
pub fn asked(state: &State) -> Option<verdict::Ask> {
    answer::ask(state)
}

/// What the editor is given, of a state.
pub fn written(state: &State, act: &Callback<Action>) -> crate::panes::editor::Props {
    desk::written(state, act)
}

/// The whole page, of a state.
pub fn draw(state: &State, act: &Callback<Action>) -> Html {
    page(state, desk::stage(state, act).as_ref(), &desk::lower(state, act), act)
}

fn page(state: &State, stage: Option<&stage::Props>, lower: &Html, act: &Callback<Action>) -> Html {
    let page = match state.screen {
        Screen::Start => {
            let drafts = state.drafts.iter().map(|draft| look(draft, &Reading::default()).title).collect::<Vec<_>>();
            Pane::Start(start::Props {
                drafts,
                theme: state.theme,
                narrow: state.narrow(),
                idea: state.idea,
                learned: state.learned.clone(),
                gallery: state.gallery.clone(),
                shelves: state.lower,
                act: act.clone(),
            })
            .shown()
        }
        Screen::Play | Screen::Lesson => play(state, stage, lower, act),
    };
    // One child, there or not: a list that grows would be drawn anew, and the text area with it.
    let notice = state.notice.as_ref().map(|notice| says(notice, act)).unwrap_or_default();
    let palette = state.palette.as_ref().map(|palette| palette::draw(palette, act)).unwrap_or_default();
    let rename = state.code.rename.as_ref().map(|rename| rename::draw(rename, act)).unwrap_or_default();
    html! {<>{ page }{ notice }{ palette }{ rename }</>}
}

fn play(state: &State, stage: Option<&stage::Props>, lower: &Html, act: &Callback<Action>) -> Html {
    if state.embed {
        return embed::embed(state, act);
    }
    let shown = state.shown().cloned();
    let bar = Pane::Bar(bar::Props {
        title: state.title(),
        origin: state.origin.clone(),
        run: state.run.clone(),
        runs: state.reading.runs,
        ran: shown.is_some(),
        playing: state.playing,
        link: state.link_length(),
        theme: state.theme,
        narrow: state.narrow(),
        act: act.clone(),
    })
    .shown();
    let verdict = Pane::Verdict(verdict::Props {
        verdict: Rc::new(answer::verdict(state)),
        // A lesson asks in its own words, where it is read.
        ask: answer::ask(state).filter(|_| state.lesson.is_none()),
        knob: (!state.narrow()).then(|| state.turn()).flatten(),
        going: answer::going(state),
        act: act.clone(),
    })
    .shown_as(if shown.is_some() { "said" } else { "unsaid" });
    if state.narrow() {
        return phone::phone(state, shown.as_ref(), bar, verdict, act);
    }
    desk::desk(state, shown.as_ref().zip(stage), bar, verdict, lower.clone(), act)
}

/// The lesson that is being read.
fn taught(state: &State, act: &Callback<Action>) -> Option<Html> {
    let taught = state.lesson.clone()?;
    let asks = (0..state.reading.questions.len()).filter_map(|at| answer::asked(state, at)).collect();
    let (checks, learned) = (state.checks(), state.learned.clone());
    Some(Pane::Lesson(lesson::Props { taught, asks, checks, learned, act: act.clone() }).shown())
}
