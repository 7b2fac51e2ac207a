//! The answer first: one sentence in the largest type, why in a smaller one; while a question is open, the question.

use crate::{
    panes::{icon, knob, press, why::words},
    reading::Question,
    scene::{Tone, Verdict},
    state::{Action, Guess, Turn},
};
use scenario::told::Wish;
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
            if !right {
                { match &ask.world {
                    Some(Some(wish)) => html! { <p class="world"><button class="btn line small" onclick={press(act, Action::YourWorld)}>{ icon("#fork", 12) }{ " See your world" }</button><small>{ wish.choice.label.clone() }</small></p> },
                    Some(None) => html! { <p class="world"><small>{ "No world near this one makes it true: none of its numbers does, and no single change." }</small></p> },
                    None => Html::default(),
                } }
            }
        </div>
    }
}

/// Whether a guess and what happened are the same, `an error` standing for any.
pub fn agrees(guess: &str, answer: &str) -> bool {
    guess == answer
        || (guess == "an error" && answer.starts_with("Error "))
        || answer.strip_suffix(" rows").or(answer.strip_suffix(" row")) == Some(guess)
}

/// How far across a picture a pointer is, 0 to 1.
pub fn share(event: &PointerEvent) -> Option<f32> {
    let picture = event.target_dyn_into::<web_sys::Element>()?.closest("svg").ok().flatten()?;
    let bounds = picture.get_bounding_client_rect();
    Some(((f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0)) as f32)
}
