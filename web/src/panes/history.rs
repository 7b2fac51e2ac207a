//! Earlier runs: each is its text, and can be named, run again, compared, forgotten.

use crate::{
    panes::{drawer::Props, entered, press},
    state::{Action, Past},
};
use yew::prelude::*;

/// The history.
pub fn draw(props: &Props) -> Html {
    if props.past.is_empty() {
        return html! { <p class="none"><b>{ "No history yet." }</b>{ " Each run is kept here, in this browser only. Name one to find it again." }</p> };
    }
    html! {
        <ol class="history" tabindex="0" aria-label="Earlier runs">
            { for props.past.iter().enumerate().map(|(at, past)| draw_run(at, past, props)) }
        </ol>
    }
}

fn draw_run(at: usize, past: &Past, props: &Props) -> Html {
    let (act, now) = (&props.act, props.now.as_ref() == Some(&past.digest));
    let called = if past.name.is_empty() { &past.title } else { &past.name };
    let named = entered(act, at, Action::NamePast);
    html! {
        <li key={past.digest.clone()} class={now.then_some("now")} aria-current={now.then_some("true")}>
            <b>{ past.words.clone() }</b>
            if now { <input id="run-name" aria-label="Name of this run" placeholder={past.title.clone()} maxlength="80" spellcheck="false" value={past.name.clone()} onchange={named}/> }
            else { <span class={(!past.name.is_empty()).then_some("b")}>{ called.clone() }</span> }
            <span class="mono">{ past.digest.clone() }</span>
            <span class="acts">if now { <small>{ "shown above" }</small> } else {
                <button class="btn line small" onclick={press(act, Action::Again(at))}>{ "Run again" }</button>
                if props.now.is_some() { <button class="btn line small" title="As another future of the present text, with what differs" onclick={press(act, Action::Compare(at))}>{ "Compare" }</button> }
            }</span>
            <button class="icon small" aria-label={format!("Forget {called}")} title="Forget this run" onclick={press(act, Action::ForgetPast(at))}>{ "✕" }</button>
        </li>
    }
}
