//! A new name for a table: asked for in the middle of the page, as the palette is.

use crate::{
    panes::typed,
    state::{Action, Rename},
};
use yew::prelude::*;

/// The field for the new name.
pub fn draw(rename: &Rename, act: &Callback<Action>) -> Html {
    let typed = typed(act, Action::RenameTo);
    let keys = {
        let act = act.clone();
        Callback::from(move |event: KeyboardEvent| {
            let done = match event.key().as_str() {
                "Enter" => true,
                "Escape" => false,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            act.emit(Action::RenameEnd(done));
        })
    };
    html! {
        <div class="veil" onclick={super::press(act, Action::RenameEnd(false))}>
            <div class="palette" role="dialog" aria-modal="true" aria-label="Rename a table" onclick={|event: MouseEvent| event.stop_propagation()} onkeydown={keys}>
                <label class="sr" for="name">{ format!("New name for {}", rename.old) }</label>
                <input id="name" type="text" autocomplete="off" autocapitalize="off" spellcheck="false" value={rename.new.clone()} oninput={typed}/>
                <p class="acts"><span>{ "Every place where " }<b class="num">{ rename.old.clone() }</b>{ " is a table gets the new name." }</span><button class="btn run small" onclick={super::press(act, Action::RenameEnd(true))}>{ "Rename" }</button></p>
            </div>
        </div>
    }
}
