//! The one number that would have changed the outcome: drags and keys edit the text. Where the outcome tips is known from whole runs.

use crate::{
    axis::signed,
    panes::{stage::px, tone},
    state::{Action, Turn},
};
use scenario::{length, told::Measure};
use yew::prelude::*;

/// What the knob is given.
#[derive(Clone, PartialEq)]
pub struct Props {
    /// The number, and what is known of it.
    pub turn: Turn,
    /// What happens.
    pub act: Callback<Action>,
}

/// Width of the picture, px.
const WIDE: f32 = 276.0;
/// Where the handle may be, px.
const EDGE: f32 = 12.0;
/// Steps of the keys from end to end.
const STEPS: i64 = 80;

/// A value as a reader says it.
pub fn said(measure: Measure, value: i64) -> String {
    match measure {
        Measure::Offset => signed(value),
        Measure::Span => length(value, false),
        Measure::Seconds => length(value.saturating_mul(1_000_000), false),
        Measure::Stamp => value.to_string(),
    }
}

/// What a side of the tipping point is drawn as.
fn fill(words: &str) -> &'static str {
    match tone(words) {
        "tt" => "url(#hatch)",
        "lv" => "var(--live-wash)",
        _ => "var(--fault-wash)",
    }
}

/// As much of an outcome as has room: all, its value, the beginning of that.
fn fitting(words: &str, wide: f32) -> String {
    let room = (wide / 6.2) as usize;
    let value = words.split_once(" = ").map_or(words, |(_, value)| value);
    match [words, value].into_iter().find(|words| words.chars().count() <= room) {
        Some(words) => words.into(),
        None => value.chars().take(room.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// The knob.
pub fn draw(props: &Props) -> Html {
    let Turn { dial, zones, range: (low, high) } = &props.turn;
    let (low, high, value) = (*low, *high, dial.value);
    let long = high.abs_diff(low).max(1) as f32;
    let x = |at: i64| EDGE + (WIDE - 2.0 * EDGE) * (at.clamp(low, high).abs_diff(low) as f32 / long);
    let step = (high.abs_diff(low) as i64 / STEPS).max(1);
    let set = {
        let act = props.act.clone();
        Callback::from(move |value: i64| act.emit(Action::Knob(value.clamp(low, high))))
    };
    let keys = {
        let set = set.clone();
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" | "ArrowDown" => value.saturating_sub(step),
                "ArrowRight" | "ArrowUp" => value.saturating_add(step),
                "Home" => low,
                "End" => high,
                "0" if low <= 0 => 0,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            set.emit(to);
        })
    };
    let drag = Callback::from(move |event: PointerEvent| {
        if event.buttons() & 1 == 1 {
            let Some(part) = super::verdict::share(&event) else { return };
            let part = ((part * WIDE - EDGE) / (WIDE - 2.0 * EDGE)).clamp(0.0, 1.0);
            let to = low.saturating_add((part * long) as i64);
            set.emit(to.saturating_add(step / 2).div_euclid(step).saturating_mul(step));
        }
    });
    let known = !zones.is_empty();
    let (what, now) = (dial.what.clone(), said(dial.measure, value));
    let text = props.turn.here().map_or_else(|| now.clone(), |here| format!("{now}: {here}"));
    let tips: Vec<i64> = props.turn.tips().collect();
    let label = match tips.as_slice() {
        [] => what.clone(),
        tips => format!(
            "{what}, tips at {}",
            tips.iter().map(|at| said(dial.measure, *at)).collect::<Vec<_>>().join(" and ")
        ),
    };
    let ends = |at: usize| {
        let from = if at == 0 { EDGE } else { zones.get(at).map_or(EDGE, |(from, _)| x(*from)) };
        (from, zones.get(at + 1).map_or(WIDE - EDGE, |(from, _)| x(*from)))
    };
    let part = |(from, to): (f32, f32), words: &str| {
        let middle = ((from + to) / 2.0).clamp(30.0, WIDE - 30.0);
        html! {<>
            if fill(words).starts_with("url") { <rect x={px(from)} y="18" width={px(to - from)} height="16" fill="var(--tomb-wash)"/> }
            <rect x={px(from)} y="18" width={px(to - from)} height="16" fill={fill(words)}/>
            <text x={px(middle)} y="11" text-anchor="middle" class={if fill(words).starts_with("url") { "t-tomb" } else { "t-live" }}>{ fitting(words, (to - from).max(60.0)) }</text>
        </>}
    };
    let tip = |at: i64| {
        html! {<>
            <line x1={px(x(at))} x2={px(x(at))} y1="14" y2="40" class="s-tomb" stroke-width="1.6"/>
            <text class="mono t-tomb" x={px(x(at).clamp(46.0, WIDE - 46.0))} y="52" text-anchor="middle">{ format!("tips at {}", said(dial.measure, at)) }</text>
        </>}
    };
    html! {
        <div class="knob-box">
            <p><span>{ "What if " }<b>{ what }</b>{ " were" }</span><b class="num">{ now }</b></p>
            <svg class="scrub" width="100%" viewBox={format!("0 0 {} 56", px(WIDE))} role="slider" tabindex="0" aria-label={label}
                aria-valuemin={low.to_string()} aria-valuemax={high.to_string()} aria-valuenow={value.to_string()} aria-valuetext={text}
                onkeydown={keys} onpointerdown={drag.clone()} onpointermove={drag}>
                <rect x="0" y="18" width={px(WIDE)} height="16" rx="2" fill="var(--sunken)"/>
                if known {
                    { for zones.iter().enumerate().map(|(at, (_, words))| part(ends(at), words)) }
                    { for tips.iter().map(|at| tip(*at)) }
                } else {
                    { for [low, high].iter().map(|at| html! { <text class="mono" x={px(x(*at))} y="52" text-anchor={if *at == low { "start" } else { "end" }}>{ said(dial.measure, *at) }</text> }) }
                }
                if low < 0 && high > 0 { <line x1={px(x(0))} x2={px(x(0))} y1="16" y2="38" stroke="var(--control)"/> }
                <circle cx={px(x(value))} cy="26" r="9" fill="var(--surface)" stroke="var(--clock)" stroke-width="2"/><path d={format!("M{} 22.5v7M{} 22.5v7", px(x(value) - 2.0), px(x(value) + 2.0))} class="s-clock" stroke-width="1.2"/>
            </svg>
        </div>
    }
}
