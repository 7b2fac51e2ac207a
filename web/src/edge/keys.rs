//! What keys do.

use super::area::insert;
use crate::state::{Action, Go};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// What a key does (design, Keyboard): nothing without a modifier while somebody types.
pub(super) fn key(event: &KeyboardEvent) -> Option<Action> {
    let name = event.key();
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let tag = target.as_ref().map(|target| target.tag_name()).unwrap_or_default();
    let typing = matches!(tag.as_str(), "TEXTAREA" | "INPUT" | "SELECT");
    if event.ctrl_key() || event.meta_key() {
        return match name.as_str() {
            "Enter" => Some(Action::Run),
            "C" | "c" if event.shift_key() => Some(Action::Share),
            _ => None,
        };
    }
    if typing {
        if name == "Escape" {
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
    Some(Action::Go(match (name.as_str(), event.shift_key()) {
        _ if slider => return None,
        ("ArrowLeft", false) => Go::Back,
        ("ArrowRight", false) => Go::On,
        ("ArrowLeft", true) => Go::StatementBack,
        ("ArrowRight", true) => Go::StatementOn,
        ("Home", _) => Go::First,
        ("End", _) => Go::Last,
        ("a", false) => Go::AnomalyOn,
        ("A", true) => Go::AnomalyBack,
        ("Backspace", _) => Go::Cause,
        ("e", false) => return Some(Action::ToEditor),
        ("/", _) => return Some(Action::ToFind),
        ("Escape", _) => return Some(Action::Dismiss),
        _ => return None,
    }))
}

/// In the text, Tab is two spaces; Escape first, and it leaves as everywhere else.
fn tab(event: &KeyboardEvent, tag: &str) -> Option<Action> {
    if tag == "TEXTAREA" && event.key() == "Tab" && !event.shift_key() {
        event.prevent_default();
        insert("  ");
    }
    None
}
