//! What differs from the future beside: from the first event on that only one of them has.

use crate::{
    panes::{drawer::Props, press},
    scene::{Differs, Side},
    state::{Action, Go},
};
use yew::prelude::*;

/// The difference.
pub fn draw(props: &Props) -> Html {
    let Some((name, difference)) = &props.difference else {
        return html! { <p class="none">{ "Fork (F) and change something: what differs from the future you came from stands here, from the first event on." }</p> };
    };
    if difference.rows.is_empty() {
        return html! { <p class="none">{ format!("All {} events are the same as in “{name}”.", difference.alike) }</p> };
    }
    html! {
        <div class="difference" tabindex="0" role="region" aria-label={format!("What differs from {name}")}>
            <p>{ match difference.alike {
                0 => "They differ from the first event on.".to_string(),
                1 => "The first event is the same; from the second on they differ.".to_string(),
                alike => format!("The first {alike} events are the same. What only one of them has, from there on:"),
            } }</p>
            <ol>{ for difference.rows.iter().map(|row| draw_row(row, name, &props.act)) }</ol>
            if difference.more { <p>{ "And more: the list ends here." }</p> }
        </div>
    }
}

fn draw_row(row: &Differs, name: &str, act: &Callback<Action>) -> Html {
    match row {
        Differs::Alike(events) => {
            html! { <li class="alike">{ format!("{events} {} in both", if *events == 1 { "event" } else { "events" }) }</li> }
        }
        Differs::Only { side, event, at, who, line } => {
            let (class, sign, whose, action) = match side {
                Side::There => ("there", "−", name, Action::GoBeside(*event)),
                Side::Here | Side::Both => ("here", "+", "this future", Action::Go(Go::To(*event))),
            };
            html! {
                <li class={class}>
                    <span class="sign" aria-hidden="true">{ sign }</span><span class="sr">{ format!("Only in {whose}: ") }</span>
                    <button class="ev num" title={format!("Event {} of {whose}", event + 1)} onclick={press(act, action)}>{ event + 1 }</button>
                    <span class="num">{ at.clone() }</span><b>{ who.clone() }</b><span>{ line.clone() }</span>
                </li>
            }
        }
    }
}
