//! The scrubber: a slider over the run's events, with buttons that do the same, and the phone's sheet around it.

use crate::{
    axis::Axis,
    panes::{
        icon, press,
        stage::{EDGE, LEFT, RIGHT, px},
    },
    scene::Scrub,
    state::{Action, Go, thousands},
};
use std::rc::Rc;
use yew::prelude::*;

/// What the scrubber is given.
#[derive(Clone, PartialEq)]
pub struct Props {
    /// Where the cursor is.
    pub scrub: Rc<Scrub>,
    /// The stage's own axis, where all events are on it: the handle then stands under the cursor's line.
    pub axis: Option<Axis>,
    /// Width, px: of the stage on a desk, of the window on a phone.
    pub width: f32,
    /// As a sheet at the thumb.
    pub sheet: bool,
    /// What happens.
    pub act: Callback<Action>,
}

/// The scrubber.
pub fn draw(props: &Props) -> Html {
    let (scrub, act) = (&*props.scrub, &props.act);
    let long = if props.sheet { props.width } else { props.width - LEFT - RIGHT };
    let (class, size) = if props.sheet { ("icon", 15) } else { ("icon small", 12) };
    let step = |name: &'static str, sign, go| html! { <button {class} aria-label={name} onclick={press(act, Action::Go(go))}>{ icon(sign, size) }</button> };
    if props.sheet {
        return html! {
            <footer class="sheet" aria-label="Steps">
                <p class="say">{ scrub.line.clone() }</p>
                <p class="sub">{ format!("event {} of {}", thousands(u64::from(scrub.event) + 1), thousands(u64::from(scrub.of))) }</p>
                { slider(props, long, 30.0) }
                <div class="row">
                    { step("First event", "#first", Go::First) }
                    { step("Back one event", "#prev", Go::Back) }
                    if scrub.warns.is_empty() { <button class="btn run" onclick={press(act, Action::Go(Go::StatementOn))}>{ "Next statement" }</button> }
                    else { <button class="btn run" onclick={press(act, Action::Go(Go::AnomalyOn))}>{ icon("#warn", 14) }{ " Next anomaly" }</button> }
                    { step("On one event", "#next", Go::On) }
                    { step("Last event", "#last", Go::Last) }
                </div>
            </footer>
        };
    }
    html! {
        <div class="track">
            <span class="steps" role="group" aria-label="Steps">
                { step("First event", "#first", Go::First) }
                { step("Back one event", "#prev", Go::Back) }
                { step("On one event", "#next", Go::On) }
                { step("Last event", "#last", Go::Last) }
            </span>
            { slider(props, long, 34.0) }
            if let Some((event, _, of)) = scrub.decided { <button class="icon small" title={decided(event, of)} aria-label={decided(event, of)} onclick={press(act, Action::Go(Go::To(event)))}>{ icon("#flag", 12) }</button> }
            <span class="of"><b>{ thousands(u64::from(scrub.event) + 1) }</b>{ format!(" of {}", thousands(u64::from(scrub.of))) }</span>
        </div>
    }
}

/// What the flag means, never without its number of futures.
fn decided(event: u32, of: u16) -> String {
    if event == 0 {
        format!("decided from the start, in {of} of {of} futures: luck has no part in it")
    } else {
        format!("decided here, at event {}, in {of} of {of} futures", event + 1)
    }
}

fn slider(props: &Props, long: f32, tall: f32) -> Html {
    let scrub = &*props.scrub;
    let last = scrub.of.saturating_sub(1);
    let even = move |event: u32| EDGE + (long - 2.0 * EDGE) * if last == 0 { 0.0 } else { event as f32 / last as f32 };
    let place = |event: u32, time: u64| props.axis.as_ref().map_or_else(|| even(event), |axis| EDGE + axis.place(time));
    let now = scrub
        .ticks
        .iter()
        .find(|(event, _)| *event == scrub.event)
        .map_or_else(|| even(scrub.event), |(event, time)| place(*event, *time));
    let places: Rc<Vec<(u32, f32)>> =
        Rc::new(scrub.ticks.iter().map(|(event, time)| (*event, place(*event, *time))).collect());
    let whole = scrub.ticks.len() as u32 == scrub.of;
    let drag = {
        let (act, places) = (props.act.clone(), places.clone());
        Callback::from(move |event: PointerEvent| {
            if event.buttons() & 1 != 1 {
                return;
            }
            let x = event.offset_x() as f32;
            let to = if whole {
                places.iter().min_by(|a, b| (a.1 - x).abs().total_cmp(&(b.1 - x).abs())).map_or(0, |(event, _)| *event)
            } else {
                (((x - EDGE) / (long - 2.0 * EDGE)).clamp(0.0, 1.0) * last as f32) as u32
            };
            act.emit(Action::Go(Go::To(to)));
        })
    };
    let dense = places.len() > (long / 3.0) as usize;
    html! {
        <svg class="scrub" width={px(long)} height={px(tall)} viewBox={format!("0 0 {} {}", px(long), px(tall))} role="slider" tabindex="0" aria-label="Event" aria-valuemin="1" aria-valuemax={scrub.of.to_string()}
            aria-valuenow={(scrub.event + 1).to_string()} aria-valuetext={format!("event {} of {}: {}", scrub.event + 1, scrub.of, scrub.line)} onpointerdown={drag.clone()} onpointermove={drag}>
            <line x1={px(4.0)} x2={px(long - 4.0)} y1="12" y2="12" stroke="var(--line-strong)" stroke-width="4" stroke-linecap="round"/>
            <line x1={px(4.0)} x2={px(now)} y1="12" y2="12" stroke="var(--ink)" stroke-width="4" stroke-linecap="round"/>
            if !dense { { for places.iter().map(|(event, x)| html! { <line x1={px(*x)} x2={px(*x)} y1="23" y2="28" stroke={if *event <= scrub.event { "var(--ink)" } else { "var(--control)" }}/> }) } }
            { for scrub.warns.iter().take(200).map(|(event, time)| { let x = place(*event, *time); html! { <path d={format!("M{} 22l5 8.5h-10Z", px(x))} class="f-clock"/> } }) }
            { scrub.decided.map(|(event, time, of)| { let x = place(event, time); html! { <g class="decided"><title>{ decided(event, of) }</title><use href="#flag" x={px(x - 1.0)} y="-1" width="11" height="11"/><line x1={px(x)} x2={px(x)} y1="0" y2="23" stroke="var(--ink)"/></g> } }).unwrap_or_default() }
            <circle cx={px(now)} cy="12" r="7" fill="var(--surface)" stroke="var(--ink)" stroke-width="2.5"/><circle cx={px(now)} cy="12" r="2" class="f-ink"/>
        </svg>
    }
}
