//! The page as part of another.

use super::answer;
use crate::{
    panes::{Pane, icon, replicas, scrub, verdict},
    state::{Action, State},
};
use std::rc::Rc;
use yew::prelude::*;

/// The page as part of another: the answer, the replicas, the scrubber, and the way to the whole.
pub(super) fn embed(state: &State, act: &Callback<Action>) -> Html {
    let verdict = Pane::Verdict(verdict::Props {
        verdict: Rc::new(answer::verdict(state)),
        ask: answer::ask(state),
        knob: None,
        going: answer::going(state),
        act: act.clone(),
    });
    let width = state.window.0 as f32;
    let shown = state.shown().map(|ran| {
        let replicas = ran.tale.replicas(state.cursor, state.place);
        let plot = ((width - 20.0) * 0.36).clamp(140.0, 360.0);
        let scrub = Rc::new(ran.tale.scrub(state.cursor, state.decided()));
        html! {<>
            { Pane::Replicas(replicas::Props { replicas, plot, cards: false, act: act.clone() }).shown() }
            <div class="stage">{ scrub::draw(&scrub::Props { scrub, axis: None, width, sheet: false, act: act.clone() }) }</div>
        </>}
    });
    let link = state.link();
    html! {
        <main class="embed">
            { verdict.shown() }
            { shown.unwrap_or_default() }
            <footer><span>{ state.title() }</span><a class="push" href={format!("./{link}")} target="_blank" rel="noopener">{ icon("#stone", 12) }{ " Open in Tombstone" }</a></footer>
        </main>
    }
}
