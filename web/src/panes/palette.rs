//! The palette: every command by name, with its keys. It is also the sheet of keys.

use crate::{
    panes::press,
    state::{Action, commands::matching},
};
use yew::prelude::*;

/// The palette: what is looked for, and which of what is found is chosen.
pub fn draw(find: &str, at: usize, act: &Callback<Action>) -> Html {
    let typed = {
        let act = act.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<web_sys::HtmlInputElement>() {
                act.emit(Action::PaletteFind(field.value()));
            }
        })
    };
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
    let row = |(place, command): (usize, &'static crate::state::commands::Command)| {
        let on = place == at;
        html! {
            <li id={format!("command-{place}")} role="option" class={on.then_some("on")} aria-selected={on.to_string()} onclick={press(act, Action::PaletteDo(Some(place)))}>
                <span>{ command.words }</span>if !command.keys.is_empty() { <kbd>{ command.keys }</kbd> }
            </li>
        }
    };
    html! {
        <div class="veil" onclick={press(act, Action::Palette(false))}>
            <div class="palette" role="dialog" aria-modal="true" aria-label="Commands" onclick={|event: MouseEvent| event.stop_propagation()} onkeydown={keys}>
                <input id="command" type="text" role="combobox" aria-expanded="true" aria-controls="commands" aria-activedescendant={format!("command-{at}")} aria-label="Find a command" placeholder="What do you want to do?" autocomplete="off" value={find.to_string()} oninput={typed}/>
                <ul id="commands" role="listbox" aria-label="Commands">{ for matching(find).enumerate().map(row) }</ul>
            </div>
        </div>
    }
}
