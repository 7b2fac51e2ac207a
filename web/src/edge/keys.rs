//! What keys do.

use super::area::insert;
use crate::state::{Action, commands::keyed};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// What a key does (design, Keyboard): nothing without a modifier while somebody types.
pub(super) fn key(event: &KeyboardEvent) -> Option<Action> {
    let name = event.key();
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let tag = target.as_ref().map(|target| target.tag_name()).unwrap_or_default();
    let rich = target.as_ref().is_some_and(|target| target.is_content_editable());
    let typing = rich || matches!(tag.as_str(), "TEXTAREA" | "INPUT" | "SELECT");
    if event.ctrl_key() || event.meta_key() {
        return keyed(&name, event.shift_key(), true);
    }
    if typing {
        // The rich editor has a use for it when a list of words is open.
        if name == "Escape" && !event.default_prevented() {
            // Out of the editor: Tab goes on from here, as everywhere else.
            if let Some(target) = target {
                let _ = target.blur();
            }
        }
        return tab(event, &tag);
    }
    if event.alt_key() {
        return None;
    }
    let slider = target.is_some_and(|target| {
        target.get_attribute("role").as_deref() == Some("slider")
            && target.get_attribute("aria-label").as_deref() != Some("Event")
    });
    // What has the focus does its own with these: a button is pressed by Space, a list scrolls.
    let own = name == " " && matches!(tag.as_str(), "BUTTON" | "A" | "SUMMARY");
    match name.as_str() {
        _ if slider || own => None,
        "Escape" => Some(Action::Dismiss),
        _ => keyed(&name, event.shift_key() && !matches!(name.as_str(), "?" | "+"), false),
    }
}

/// In the text, Tab is two spaces; Escape first, and it leaves as everywhere else.
fn tab(event: &KeyboardEvent, tag: &str) -> Option<Action> {
    if tag == "TEXTAREA" && event.key() == "Tab" && !event.shift_key() {
        event.prevent_default();
        insert("  ");
    }
    None
}
