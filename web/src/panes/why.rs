//! Why is this row still here? At most six sentences, each ending in links to its events.

use crate::{
    panes::press,
    scene::{Link, Word},
    state::{Action, Go},
};
use std::rc::Rc;
use yew::prelude::*;

/// What the chain is given.
#[derive(Clone, PartialEq)]
pub struct Props {
    /// The title, a question.
    pub title: String,
    /// The sentences.
    pub chain: Rc<Vec<Link>>,
    /// What happens.
    pub act: Callback<Action>,
}

/// The chain.
pub fn draw(props: &Props) -> Html {
    html! {
        <section class="why panel" aria-label={props.title.clone()}>
            <header><h2>{ props.title.clone() }</h2></header>
            if props.chain.is_empty() { <p class="hint">{ "When a scenario ends by reading rows, it says here why they are there, or why not." }</p> }
            <ol>
                { for props.chain.iter().map(|link| html! {
                    <li class={link.hinge.then_some("hinge")}><span>
                        { words(&link.words) }
                        { for link.events.iter().map(|event| html! {<>{ " " }<button class="ev" aria-label={format!("event {}", event + 1)} onclick={press(&props.act, Action::Go(Go::To(*event)))}>{ event + 1 }</button></>}) }
                    </span></li>
                }) }
            </ol>
        </section>
    }
}

/// A sentence's words, each in its voice.
pub fn words(words: &[Word]) -> Html {
    words
        .iter()
        .map(|word| match word {
            Word::Plain(text) => html! { text.clone() },
            Word::Strong(text) => html! { <b>{ text.clone() }</b> },
            Word::Live(text) => html! { <span class="num lv">{ text.clone() }</span> },
            Word::Tomb(text) => html! { <span class="num tt">{ text.clone() }</span> },
        })
        .collect()
}
