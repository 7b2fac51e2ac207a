//! The answer first: one sentence in the largest type, why in a smaller one; while a question is open, the question.

use crate::{
    panes::{press, stage::px, why::words},
    reading::{Knob, Question, offset},
    scene::{Tone, Verdict},
    state::{Action, Guess},
};
use std::rc::Rc;
use yew::prelude::*;

/// What the verdict is given.
#[derive(Clone, PartialEq)]
pub struct Props {
    /// The sentence.
    pub verdict: Rc<Verdict>,
    /// The open question, or the last one with its guess and what happened.
    pub ask: Option<Ask>,
    /// The one parameter that would change it.
    pub knob: Option<Knob>,
    /// Share of the run that is done, in percent; none: nothing runs.
    pub going: Option<u32>,
    /// What happens.
    pub act: Callback<Action>,
}

/// A question, and how far it is answered.
#[derive(Clone, PartialEq)]
pub struct Ask {
    /// The question.
    pub question: Question,
    /// The guess.
    pub guess: Option<Guess>,
    /// What happened, once it is known and may be shown.
    pub answer: Option<String>,
}

/// The verdict.
pub fn draw(props: &Props) -> Html {
    let verdict = &props.verdict;
    let class = match verdict.tone {
        Tone::Asking => "pr",
        Tone::Plain => "",
        Tone::Live => "lv",
        Tone::Tomb => "tt",
        Tone::Unsure => "un",
        Tone::Refused => "er",
    };
    html! {
        <section class="verdict" aria-label="Verdict">
            <div class="words" aria-live="polite">
                <h1><b class={class}>{ verdict.strong.clone() }</b>{ verdict.rest.clone() }</h1>
                <p>{ words(&verdict.why) }</p>
            </div>
            { props.ask.as_ref().map(|ask| card(ask, &props.act)).unwrap_or_default() }
            { props.knob.as_ref().filter(|_| props.ask.as_ref().is_none_or(|ask| ask.guess.is_some())).map(|knob| self::knob(&KnobProps { knob: knob.clone(), act: props.act.clone() })).unwrap_or_default() }
            { props.going.map(|part| html! { <span class="going" style={format!("width:{part}%")}></span> }).unwrap_or_default() }
        </section>
    }
}

fn card(ask: &Ask, act: &Callback<Action>) -> Html {
    let pick = |choice: &str| Action::Guess(ask.question.words.clone(), Guess::Chose(choice.to_string()));
    let (line, question) = (ask.question.line + 1, ask.question.words.clone());
    let Some(guess) = &ask.guess else {
        return html! {
            <div class="ask" role="group" aria-label={format!("Prediction, line {line}")}>
                <div class="q">{ question.clone() }</div>
                <div class="choices">
                    { for ask.question.choices.iter().map(|choice| html! { <button class="pick" onclick={press(act, pick(choice))}>{ choice.clone() }</button> }) }
                    <button class="btn small skip" onclick={press(act, Action::Guess(question, Guess::Skipped))}>{ "Skip" }</button>
                </div>
            </div>
        };
    };
    let (mine, right) = match guess {
        Guess::Chose(mine) => (Some(mine.clone()), ask.answer.as_ref().is_some_and(|answer| agrees(mine, answer))),
        Guess::Skipped => return Html::default(),
    };
    html! {
        <div class={classes!("ask", right.then_some("done"))} role="group" aria-label={format!("Prediction, line {line}")}>
            <div class="q">{ question }</div>
            <div class="choices">
                if right { <span class="pick was">{ mine.clone() }{ " " }<small>{ "your guess, and right" }</small></span> }
                else {
                    <span class="pick mine">{ mine.clone() }{ " " }<small>{ "your guess" }</small></span>
                    if let Some(answer) = &ask.answer { <span class="pick was">{ answer.clone() }{ " " }<small>{ "what happened" }</small></span> }
                    else { <small>{ "Run to find out." }</small> }
                }
            </div>
        </div>
    }
}

/// Whether a guess and what happened are the same, `an error` standing for any.
pub fn agrees(guess: &str, answer: &str) -> bool {
    guess == answer
        || (guess == "an error" && answer.starts_with("Error "))
        || answer.strip_suffix(" rows").or(answer.strip_suffix(" row")) == Some(guess)
}

/// What the knob is given.
#[derive(Clone, PartialEq)]
pub struct KnobProps {
    /// The parameter.
    pub knob: Knob,
    /// What happens.
    pub act: Callback<Action>,
}

/// Width of the knob's picture, px.
const WIDE: f32 = 276.0;
/// Where its handle may be, px.
const EDGE: f32 = 12.0;

/// The one knob: drags and keys edit the text.
pub fn knob(props: &KnobProps) -> Html {
    let knob = &props.knob;
    let (low, high) = knob.range();
    let x =
        |micros: i64| EDGE + (WIDE - 2.0 * EDGE) * ((micros - low) as f32 / (high - low).max(1) as f32).clamp(0.0, 1.0);
    let step = ((high - low) / 40).max(1);
    let set = {
        let act = props.act.clone();
        Callback::from(move |micros: i64| act.emit(Action::Knob(micros.clamp(low, high))))
    };
    let keys = {
        let (set, now) = (set.clone(), knob.micros);
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" | "ArrowDown" => now - step,
                "ArrowRight" | "ArrowUp" => now + step,
                "Home" => low,
                "End" => high,
                "0" => 0,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            set.emit(to);
        })
    };
    let drag = {
        let set = set.clone();
        Callback::from(move |event: PointerEvent| {
            if event.buttons() & 1 == 1 {
                let Some(part) = share(&event) else { return };
                let part = (part * WIDE - EDGE) / (WIDE - 2.0 * EDGE);
                let micros = low + ((high - low) as f32 * part.clamp(0.0, 1.0)) as i64;
                set.emit((micros + step / 2).div_euclid(step) * step);
            }
        })
    };
    let handle = x(knob.micros);
    let words = crate::axis::signed(knob.micros);
    html! {
        <div class="knob-box">
            <p><span>{ "What if " }<b>{ knob.client.clone() }</b>{ "’s clock were off by" }</span><b class="num">{ words.clone() }</b></p>
            <svg class="scrub" width="100%" viewBox={format!("0 0 {WIDE} 44")} role="slider" tabindex="0" aria-label={format!("Clock of {}", knob.client)}
                aria-valuemin={(low as f64 / 1000.0).to_string()} aria-valuemax={(high as f64 / 1000.0).to_string()} aria-valuenow={(knob.micros as f64 / 1000.0).to_string()} aria-valuetext={format!("{words}, in the text as clock={}", offset(knob.micros))}
                onkeydown={keys} onpointerdown={drag.clone()} onpointermove={drag}>
                <rect x="0" y="4" width={px(WIDE)} height="16" rx="2" fill="var(--sunken)"/>
                <rect x={px(x(0).min(handle))} y="4" width={px((x(0) - handle).abs())} height="16" fill="var(--clock-wash)"/>
                <line x1={px(x(0))} x2={px(x(0))} y1="2" y2="26" stroke="var(--control)"/>
                { for [low, 0, high].iter().map(|at| html! { <text class="mono" x={px(x(*at))} y="38" text-anchor={if *at == low { "start" } else if *at == high { "end" } else { "middle" }}>{ if *at == 0 { "0".to_string() } else { crate::axis::signed(*at) } }</text> }) }
                <circle cx={px(handle)} cy="12" r="9" fill="var(--surface)" stroke="var(--clock)" stroke-width="2"/><path d={format!("M{} 8.5v7M{} 8.5v7", px(handle - 2.0), px(handle + 2.0))} class="s-clock" stroke-width="1.2"/>
            </svg>
        </div>
    }
}

/// How far across a picture a pointer is, 0 to 1.
pub fn share(event: &PointerEvent) -> Option<f32> {
    let picture = event.target_dyn_into::<web_sys::Element>()?.closest("svg").ok().flatten()?;
    let bounds = picture.get_bounding_client_rect();
    Some(((f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0)) as f32)
}
