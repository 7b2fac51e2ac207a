//! The clipboard, the address, and the stories beside the page.

use super::{named::call, window};
use crate::state::Action;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use yew::Callback;

/// Makes this the address's fragment.
pub(super) fn set_hash(hash: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let address =
            if hash.is_empty() { ".".to_string() + &search() } else { format!("#{}", hash.trim_start_matches('#')) };
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

pub(super) fn search() -> String {
    window().and_then(|window| window.location().search().ok()).unwrap_or_default()
}

pub(super) fn copy(text: &str, act: &Callback<Action>) {
    // A link inside Markdown wants the page before it as well.
    let text = if text.contains('\n') { text.replace("](#", &format!("]({}", address("#"))) } else { address(text) };
    let Some(window) = window() else { return };
    let clipboard = window.navigator().clipboard();
    if clipboard.is_undefined() {
        act.emit(Action::Copied(false));
        return;
    }
    let (worked, refused) = (act.clone(), act.clone());
    let promise = clipboard.write_text(&text).into();
    then(&promise, move |_| worked.emit(Action::Copied(true)), move |_| refused.emit(Action::Copied(false)));
}

/// Has the shell save a text as a file.
pub(super) fn save(name: &str, text: &str) {
    call(&js_sys::global(), "saveFile", &[name.into(), text.into()]);
}

/// Hears how a promise ends; the promise keeps who hears it.
fn then(promise: &JsValue, kept: impl FnOnce(JsValue) + 'static, broken: impl FnOnce(JsValue) + 'static) {
    let (kept, broken) = (Closure::once_into_js(kept), Closure::once_into_js(broken));
    call(promise, "then", &[kept, broken]);
}

/// Fetches a text from beside the page; what becomes of it is `then`.
pub(super) fn fetch(path: &str, act: &Callback<Action>, made: impl Fn(Option<Rc<str>>) -> Action + Clone + 'static) {
    let Some(window) = window() else { return };
    let (good, bad, made_none) = (act.clone(), act.clone(), made.clone());
    let none = move |_| bad.emit(made_none(None));
    let again = none.clone();
    let answered = move |answer: JsValue| match answer.dyn_into::<web_sys::Response>() {
        Ok(answer) if answer.ok() => match answer.text() {
            Ok(text) => {
                let text: JsValue = text.into();
                let read = move |text: JsValue| good.emit(made(text.as_string().map(Rc::from)));
                then(&text, read, again);
            }
            Err(error) => again(error),
        },
        Ok(answer) => again(answer.into()),
        Err(error) => again(error),
    };
    let promise: JsValue = window.fetch_with_str(path).into();
    then(&promise, answered, none);
}

/// The page's own address with this fragment.
fn address(link: &str) -> String {
    let here = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let here = here.split('#').next().unwrap_or("");
    if link.starts_with('#') { format!("{here}{link}") } else { link.to_string() }
}
