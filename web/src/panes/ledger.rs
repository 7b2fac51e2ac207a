//! The ledger: a line for each write, from whoever said it to whoever sees it; where it was lost stands out.

use crate::{
    panes::{drawer::Props, press},
    scene::{At, Entry, Left},
    state::{Action, Go},
};
use yew::prelude::*;

/// The ledger.
pub fn draw(props: &Props) -> Html {
    let Some(ledger) = props.ledger.as_ref().filter(|ledger| !ledger.entries.is_empty()) else {
        return html! { <p class="none">{ "Nothing was written. Each write will be a line here: who dated it, which replicas have it, what is left of it." }</p> };
    };
    html! {
        <div class="ledger" tabindex="0" role="region" aria-label="Ledger">
            <table>
                <thead><tr>
                    <th scope="col">{ "write" }</th><th scope="col">{ "partition" }</th><th scope="col">{ "dated" }</th>
                    { for ledger.nodes.iter().map(|node| html! { <th scope="col">{ node.clone() }</th> }) }
                    <th scope="col">{ "client hears" }</th><th scope="col">{ "in the end" }</th>
                </tr></thead>
                <tbody>{ for ledger.entries.iter().map(|entry| line(entry, props)) }</tbody>
            </table>
            if ledger.more > 0 { <p class="none">{ format!("And {} more writes.", ledger.more) }</p> }
        </div>
    }
}

fn line(entry: &Entry, props: &Props) -> Html {
    let go = |event: u32| press(&props.act, Action::Go(Go::To(event)));
    let event = |class: &'static str, words: String, at: u32| {
        html! { <button class={class} onclick={go(at)} aria-label={format!("{words}, event {}", at + 1)}>{ words }</button> }
    };
    let cell = |at: &At| match *at {
        At::NotSent => html! { <span class="no">{ "–" }</span> },
        At::OnItsWay => html! { <span class="tt">{ "on its way" }</span> },
        At::Lost(at) => event("bad", "✕ lost".into(), at),
        At::Refused(at) => event("bad", "✕ not written".into(), at),
        At::Applied(at) => event("", "✓".into(), at),
    };
    let (tone, left) = match entry.left {
        Left::Seen(on) => ("lv", format!("seen on {on}")),
        Left::Hidden(on) => ("dd", format!("hidden on {on}")),
        Left::Deletes(on, 0) => ("tt", format!("on {on}, hides nothing")),
        Left::Deletes(on, cells) => ("tt", format!("on {on}, hides {cells}")),
        Left::Gone => ("no", "nothing left".into()),
    };
    html! {
        <tr>
            <th scope="row">{ event("rec", entry.record.clone(), entry.submit) }</th><td class="mono">{ entry.key.clone() }</td>
            <td>{ match &entry.stamped { Some((words, at)) => event("", words.clone(), *at), None => html! { <span class="no">{ "by its text" }</span> } } }</td>
            { for entry.at.iter().map(|at| html! { <td>{ cell(at) }</td> }) }
            <td class={entry.troubled.then_some("bad")}>{ entry.answer.clone() }</td><td class={tone}>{ left }</td>
        </tr>
    }
}
