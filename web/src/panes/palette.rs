//! The palette: every command by name, with its keys. It is also the sheet of keys.

use crate::{
    panes::{press, typed},
    state::{Action, Palette},
};
use yew::prelude::*;

/// The palette.
pub fn draw(palette: &Palette, act: &Callback<Action>) -> Html {
    let (at, fork) = (palette.at, !palette.offers.is_empty());
    let (name, hint) = if fork { ("Fork here", "What if …") } else { ("Commands", "What do you want to do?") };
    let typed = typed(act, Action::PaletteFind);
    let keys = {
        let act = act.clone();
        Callback::from(move |event: KeyboardEvent| {
            let action = match event.key().as_str() {
                "ArrowDown" => Action::PaletteMove(1),
                "ArrowUp" => Action::PaletteMove(-1),
                "Enter" => Action::PaletteDo(None),
                "Escape" => Action::Palette(false),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            act.emit(action);
        })
    };
    let row = |(place, (words, keys, _)): (usize, (&str, &'static str, &Action))| {
        let on = place == at;
        html! {
            <li id={format!("command-{place}")} role="option" class={on.then_some("on")} aria-selected={on.to_string()} onclick={press(act, Action::PaletteDo(Some(place)))}>
                <span>{ words.to_string() }</span>if !keys.is_empty() { { super::keys(keys) } }
            </li>
        }
    };
    html! {
        <div class="veil" onclick={press(act, Action::Palette(false))}>
            <div class="palette" role="dialog" aria-modal="true" aria-label={name} onclick={|event: MouseEvent| event.stop_propagation()} onkeydown={keys}>
                <input id="command" type="text" role="combobox" aria-expanded="true" aria-controls="commands" aria-activedescendant={format!("command-{at}")} aria-label={format!("Find: {name}")} placeholder={hint} autocomplete="off" value={palette.find.clone()} oninput={typed}/>
                <ul id="commands" role="listbox" aria-label={name}>{ for palette.shown().enumerate().map(row) }</ul>
                <p class="acts"><a href="directives.html" target="_blank">{ "Every directive, with scenarios to run" }</a></p>
            </div>
        </div>
    }
}
