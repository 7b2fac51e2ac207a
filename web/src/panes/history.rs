//! The runs of this visit: each is its text, and a click runs it again.

use crate::{
    panes::{drawer::Props, press},
    state::Action,
};
use yew::prelude::*;

/// The history.
pub fn draw(props: &Props) -> Html {
    if props.past.is_empty() {
        return html! { <p class="none">{ "Every text that you run is kept here while this page is open, with how it ended." }</p> };
    }
    html! {
        <ol class="history" tabindex="0" aria-label="Runs of this visit">
            { for props.past.iter().enumerate().map(|(at, past)| {
                let now = props.now.as_ref() == Some(&past.digest);
                html! {
                    <li class={now.then_some("now")} aria-current={now.then_some("true")}>
                        <b>{ past.words.clone() }</b><span>{ past.title.clone() }</span><span class="mono">{ past.digest.clone() }</span>
                        if now { <small>{ "shown" }</small> } else { <button class="btn line small" onclick={press(&props.act, Action::Again(at))}>{ "Run again" }</button> }
                    </li>
                }
            }) }
        </ol>
    }
}
