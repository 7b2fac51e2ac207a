//! The futures of a scenario, side by side above its text: a thought is dashed until it has a name.

use crate::{
    panes::{entered, icon, press, verdict::class_of},
    scene::Tone,
    state::Action,
};
use yew::prelude::*;

/// What the strip is given.
#[derive(Clone, PartialEq)]
pub struct Props {
    /// Each future; the first is the text as written.
    pub all: Vec<Chip>,
    /// Which is in the editor.
    pub at: usize,
    /// What happens.
    pub act: Callback<Action>,
}

/// One future.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// Its name.
    pub name: String,
    /// Whether somebody gave it that name.
    pub named: bool,
    /// What came of it, in few words; none: it has not run, or that would give an answer away.
    pub came: Option<(String, Tone)>,
}

/// The strip; nothing where there is only the text.
pub fn draw(props: &Props) -> Html {
    if props.all.len() < 2 {
        return Html::default();
    }
    html! {
        <nav class="futures" aria-label="Futures of this scenario">
            { for props.all.iter().enumerate().map(|(at, chip)| draw_chip(at, chip, props)) }
            { fork(&props.act) }
        </nav>
    }
}

/// The way to another future.
pub fn fork(act: &Callback<Action>) -> Html {
    html! { <button class="btn small" title="What if something had been otherwise? (F)" onclick={press(act, Action::ForkHere)}>{ icon("#fork", 12) }{ " Fork here" }</button> }
}

fn draw_chip(at: usize, chip: &Chip, props: &Props) -> Html {
    let (act, here) = (&props.act, at == props.at);
    let class = classes!("chip", here.then_some("on"), (!chip.named).then_some("thought"));
    let came = html! { if let Some((words, tone)) = &chip.came { <b class={class_of(*tone)}>{ words.clone() }</b> } };
    if !here || at == 0 {
        return html! { <button class={class} aria-pressed={here.to_string()} onclick={press(act, Action::Future(at))}>{ chip.name.clone() }{ " " }{ came }</button> };
    }
    let named = entered(act, at, |_, words| Action::NameFuture(words));
    html! {
        <span class={class}>
            <input id="future" aria-label="Name of this future" title="Give it a name: then it is more than a thought" size={chip.name.chars().count().max(6).to_string()} maxlength="40" spellcheck="false" value={chip.name.clone()} onchange={named}/>
            { came }
            <button class="icon small" aria-label={format!("Forget {}", chip.name)} title="Forget this future" onclick={press(act, Action::Forget(at))}>{ "✕" }</button>
        </span>
    }
}
