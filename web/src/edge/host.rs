//! Messages to and from the page that this one is part of (`docs/embed.md`). Only that page is heard.

use super::window;
use crate::state::{Action, Go, Said};
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent};

/// Tells it `{ tombstone: what, … }`.
pub(super) fn tell(what: &'static str, said: &[(&'static str, Said)]) {
    let message = Object::new();
    let put = |key: &str, value: &JsValue| {
        let _ = Reflect::set(&message, &key.into(), value);
    };
    put("tombstone", &what.into());
    for (key, said) in said {
        match said {
            Said::Words(words) => put(key, &words.into()),
            Said::Number(number) => put(key, &(*number).into()),
        }
    }
    if let Some(parent) = window().and_then(|window| window.parent().ok()?) {
        let _ = parent.post_message(&message, "*");
    }
}

/// What it wants: `{ tombstone: "run" }`, `{ tombstone: "go", event }`, `{ tombstone: "open", text }` or `{ …, link }`.
pub(super) fn said(event: &Event) -> Option<Action> {
    let event: &MessageEvent = event.dyn_ref()?;
    let parent: JsValue = window()?.parent().ok()??.into();
    let source = Reflect::get(event, &"source".into()).ok()?;
    if source != parent {
        return None;
    }
    let data = event.data();
    let part = |key: &str| Reflect::get(&data, &key.into()).ok();
    let words = |key: &str| part(key)?.as_string();
    match words("tombstone")?.as_str() {
        "run" => Some(Action::Run),
        "go" => Some(Action::Go(Go::To((part("event")?.as_f64()? as u32).saturating_sub(1)))),
        "open" => match words("text") {
            Some(text) => Some(Action::Given(text.into())),
            None => Some(Action::Address(words("link")?.trim_start_matches('#').to_string())),
        },
        _ => None,
    }
}
