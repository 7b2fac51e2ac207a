//! The answer first: one sentence in the largest type, why in a smaller one; while a question is open, the question.

use crate::{
    panes::{icon, knob, press, why::words},
    reading::Question,
    scene::{Tone, Verdict},
    state::{Action, Guess, Turn},
};
use scenario::{in_words, told::Wish};
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
    pub knob: Option<Turn>,
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
    /// Whether the guess says that; none: not known yet, or none of the choices does.
    pub right: Option<bool>,
    /// The world in which a wrong guess is true; `Some(None)`: there is none nearby.
    pub world: Option<Option<Rc<Wish>>>,
}

/// The class of a verdict's colour.
pub fn class_of(tone: Tone) -> &'static str {
    match tone {
        Tone::Asking => "pr",
        Tone::Plain => "",
        Tone::Live => "lv",
        Tone::Tomb => "tt",
        Tone::Unsure => "un",
        Tone::Refused => "er",
    }
}

/// The verdict.
pub fn draw(props: &Props) -> Html {
    let verdict = &props.verdict;
    let class = class_of(verdict.tone);
    html! {
        <section class="verdict" aria-label="Verdict">
            <div class="words" aria-live="polite">
                <h1><b class={class}>{ verdict.strong.clone() }</b>{ verdict.rest.clone() }</h1>
                <p>{ words(&verdict.why) }</p>
            </div>
            { props.ask.as_ref().map(|ask| card(ask, &props.act)).unwrap_or_default() }
            { props.knob.as_ref().filter(|_| props.ask.as_ref().is_none_or(|ask| ask.guess.is_some())).map(|knob| knob::draw(&knob::Props { turn: knob.clone(), act: props.act.clone() })).unwrap_or_default() }
            { props.going.map(|part| html! { <span class="going" style={format!("width:{part}%")}></span> }).unwrap_or_default() }
        </section>
    }
}

/// A question: asked, or answered.
pub fn card(ask: &Ask, act: &Callback<Action>) -> Html {
    let pick = |choice: &str| Action::Guess(ask.question.words.clone(), Guess::Chose(choice.to_string()));
    let (line, question) = (ask.question.line + 1, ask.question.words.clone());
    let Some(guess) = &ask.guess else {
        return html! {
            <div class="ask" role="group" aria-label={format!("Prediction, line {line}")}>
                <div class="q">{ question.clone() }</div>
                <div class="choices">
                    { for ask.question.choices.iter().map(|choice| html! { <button class="pick" onclick={press(act, pick(choice))}>{ in_words(choice) }</button> }) }
                    <button class="btn small skip" onclick={press(act, Action::Guess(question, Guess::Skipped))}>{ "Skip" }</button>
                </div>
            </div>
        };
    };
    let Guess::Chose(mine) = guess else { return Html::default() };
    let note = |words: &'static str| html! { <small>{ words }</small> };
    let happened = ask
        .answer
        .as_ref()
        .map(|answer| html! { <span class="pick was">{ answer.clone() }{ " " }{ note("what happened") }</span> });
    // A guess that no outcome can be held against is neither right nor wrong.
    let (right, wrong) = (ask.right == Some(true), ask.right == Some(false));
    html! {
        <div class={if right { "ask done" } else { "ask" }} role="group" aria-label={format!("Prediction, line {line}")}>
            <div class="q">{ question }</div>
            <div class="choices">
                if right { <span class="pick was">{ in_words(mine) }{ " " }{ note("your guess, and right") }</span> }
                else {
                    <span class="pick mine">{ in_words(mine) }{ " " }{ note("your guess") }</span>
                    { happened.unwrap_or_else(|| note("Run to find out.")) }
                }
            </div>
            if wrong {
                { match &ask.world {
                    Some(Some(wish)) => html! { <p class="world"><button class="btn line small" onclick={press(act, Action::YourWorld)}>{ icon("#fork", 12) }{ " See your world" }</button><small>{ wish.choice.label.clone() }</small></p> },
                    Some(None) => html! { <p class="world"><small>{ "No world near this one makes it true: none of its numbers does, and no single change." }</small></p> },
                    None => Html::default(),
                } }
            }
        </div>
    }
}

/// How far across a picture a pointer is, 0 to 1.
pub fn share(event: &PointerEvent) -> Option<f32> {
    let picture = event.target_dyn_into::<web_sys::Element>()?.closest("svg").ok().flatten()?;
    let bounds = picture.get_bounding_client_rect();
    Some(((f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0)) as f32)
}
