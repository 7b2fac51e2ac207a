//! One column: tabs, one pane at a time, the scrubber at the thumb.

use crate::{
    panes::{Pane, futures, knob, replicas, scrub, stage, why},
    state::{Action, Ran, State, Tab},
};
use std::rc::Rc;
use yew::prelude::*;

/// The narrow page.
pub(super) fn phone(state: &State, shown: Option<&Rc<Ran>>, bar: Html, verdict: Html, act: &Callback<Action>) -> Html {
    let sheet = shown.map(|ran| sheet(state, ran, act)).unwrap_or_default();
    html! {<>{ bar }<main class="play">{ verdict }{ super::desk::futures(state, act) }{ tabs(state, act) }{ pane(state, shown, act) }{ sheet }</main></>}
}

fn tabs(state: &State, act: &Callback<Action>) -> Html {
    let all = [
        (Tab::Lesson, "Lesson"),
        (Tab::Story, "Story"),
        (Tab::Replicas, "Replicas"),
        (Tab::Cql, "CQL"),
        (Tab::Details, "Details"),
    ];
    // As on a desk: a lesson has neither drawer nor futures.
    let all = if state.lesson.is_some() { &all[..4] } else { &all[1..] };
    // Where there is nothing to choose from yet, the way to fork has no row of its own.
    let lone = state.futures.all.len() < 2 && state.shown().is_some() && state.lesson.is_none();
    html! {
        <div class="tabs">
            <div role="tablist">{ for all.iter().map(|(tab, name)| {
                let on = state.tab == *tab;
                html! { <button role="tab" class={on.then_some("on")} aria-selected={on.to_string()} onclick={crate::panes::press(act, Action::Tab(*tab))}>{ *name }</button> }
            }) }</div>
            { if lone { futures::fork(act) } else { Html::default() } }
        </div>
    }
}

fn pane(state: &State, shown: Option<&Rc<Ran>>, act: &Callback<Action>) -> Html {
    let width = state.window.0 as f32;
    match (state.tab, shown) {
        (Tab::Lesson, _) => {
            html! { <section key="lesson" class="pane" role="tabpanel">{ super::taught(state, act).unwrap_or_default() }</section> }
        }
        (Tab::Cql, _) => {
            html! { <section key="cql" class="pane cql" role="tabpanel">{ super::desk::editor(state, act) }</section> }
        }
        (Tab::Details, _) => {
            html! { <section key="details" class="pane" role="tabpanel">{ super::desk::drawer(state, shown, act) }</section> }
        }
        (_, None) => {
            html! { <section key="none" class="pane" role="tabpanel"><p class="none">{ "Run draws every message here, from client to node to node, and what each replica holds." }</p></section> }
        }
        (Tab::Story, Some(ran)) => {
            let stage = Rc::new(super::desk::staged(state, ran, 110));
            html! { <section key="story" class="pane story" role="tabpanel">{ Pane::Stage(stage::Props { stage, width: width - 32.0, down: true, act: act.clone() }).shown() }</section> }
        }
        (Tab::Replicas, Some(ran)) => {
            let replicas = ran.tale.replicas(state.cursor, state.place);
            let (title, chain) = ran.tale.chain();
            html! {
                <section key="replicas" class="pane replicas" role="tabpanel">
                    { Pane::Replicas(replicas::Props { replicas, plot: width - 60.0, cards: true, act: act.clone() }).shown() }
                    { why::draw(&why::Props { title, chain, act: act.clone() }) }
                    { state.turn().map(|turn| knob::draw(&knob::Props { turn, act: act.clone() })).unwrap_or_default() }
                </section>
            }
        }
    }
}

fn sheet(state: &State, ran: &Rc<Ran>, act: &Callback<Action>) -> Html {
    scrub::draw(&scrub::Props {
        scrub: Rc::new(ran.tale.scrub(state.cursor, state.decided())),
        axis: None,
        width: state.window.0 as f32 - 32.0,
        sheet: true,
        act: act.clone(),
    })
}
