//! The only place that touches the browser: effects are performed here, and what the browser says becomes actions.

use crate::{
    state::{Action, Answer, Effect, Go, Theme},
    wire::{self, Said},
};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    Document, HtmlElement, HtmlTextAreaElement, KeyboardEvent, MessageEvent, Storage, Window, Worker, WorkerOptions,
    WorkerType,
};
use yew::Callback;

const DRAFTS: &str = "tombstone/drafts";
const THEME: &str = "tombstone/theme";
/// Between drafts in the store: a character that no text field gives.
const BETWEEN: char = '\u{0}';

/// The browser, as far as the page uses it.
pub struct Edge {
    act: Callback<Action>,
    worker: Rc<RefCell<Hand>>,
    keep: Vec<Closure<dyn FnMut(web_sys::Event)>>,
}

/// The worker, if one lives, and what waits for it.
#[derive(Default)]
struct Hand {
    worker: Option<Worker>,
    keep: Vec<JsValue>,
    ready: bool,
    run: Option<(u32, Rc<str>)>,
}

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

fn store() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// Drafts as they were left, newest first. Whatever is in the store, it is only text.
pub fn drafts() -> Vec<Rc<str>> {
    let kept = store().and_then(|store| store.get_item(DRAFTS).ok()?);
    kept.map(|kept| {
        kept.split(BETWEEN).filter(|draft| !draft.is_empty()).take(crate::state::DRAFTS_MAX).map(Rc::from).collect()
    })
    .unwrap_or_default()
}

/// The theme as it was left.
pub fn theme() -> Theme {
    store().and_then(|store| store.get_item(THEME).ok()?).map(|name| Theme::named(&name)).unwrap_or_default()
}

/// The window's size, CSS px.
pub fn size() -> (u32, u32) {
    let measure = |value: Result<JsValue, JsValue>| value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0) as u32;
    window().map_or((1440, 900), |window| (measure(window.inner_width()), measure(window.inner_height())))
}

/// The address's fragment, without its `#`.
pub fn fragment() -> String {
    window()
        .and_then(|window| window.location().hash().ok())
        .map(|hash| hash.trim_start_matches('#').to_string())
        .unwrap_or_default()
}

impl Edge {
    /// Listens to the window: its size, its address, its keys.
    pub fn new(act: Callback<Action>) -> Self {
        let mut edge = Self { act: act.clone(), worker: Rc::default(), keep: Vec::new() };
        let (size_act, hash_act) = (act.clone(), act.clone());
        edge.listen("resize", move |_| {
            let (width, height) = size();
            size_act.emit(Action::Window(width, height));
        });
        edge.listen("hashchange", move |_| hash_act.emit(Action::Address(fragment())));
        edge.listen("keydown", move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>()
                && let Some(action) = key(event)
            {
                event.prevent_default();
                act.emit(action);
            }
        });
        edge
    }

    fn listen(&mut self, name: &str, heard: impl FnMut(web_sys::Event) + 'static) {
        let closure = Closure::<dyn FnMut(web_sys::Event)>::new(heard);
        if let Some(window) = window() {
            let _ = window.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        }
        self.keep.push(closure);
    }

    /// Does what the state asked for. A browser that refuses is not an error of the page.
    pub fn perform(&self, effect: Effect) {
        match effect {
            Effect::RunInWorker { id, text } => run(&self.worker, &self.act, id, text),
            Effect::Fetch(at) => fetch(at, &self.act),
            Effect::EndWorker => end(&self.worker),
            Effect::SetText(text) => set_text(&text),
            Effect::SaveDrafts(drafts) => {
                let kept: Vec<String> = drafts.iter().map(|draft| draft.replace(BETWEEN, "")).collect();
                if let Some(store) = store() {
                    let _ = store.set_item(DRAFTS, &kept.join("\u{0}"));
                }
            }
            Effect::Copy(text) => copy(&text, &self.act),
            Effect::SetHash(hash) => {
                if let Some(history) = window().and_then(|window| window.history().ok()) {
                    let address = if hash.is_empty() {
                        ".".to_string() + &search()
                    } else {
                        format!("#{}", hash.trim_start_matches('#'))
                    };
                    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
                }
            }
            Effect::Wear(theme) => {
                if let Some(root) = document().and_then(|document| document.document_element()) {
                    let _ = if theme == Theme::System {
                        root.remove_attribute("data-theme")
                    } else {
                        root.set_attribute("data-theme", theme.name())
                    };
                }
                if let Some(store) = store() {
                    let _ = store.set_item(THEME, theme.name());
                }
            }
            Effect::ShowLine(line) => show(&format!("#editor .marks > :nth-child({})", line + 1)),
            Effect::ShowEvent(event) => {
                show_middle(".story #now");
                if let Some(list) = document().and_then(|document| document.get_element_by_id("log")) {
                    let (at, top, tall) = (
                        (i64::from(event) * i64::from(crate::panes::log::LINE)).min(i64::from(i32::MAX)) as i32,
                        list.scroll_top(),
                        list.client_height(),
                    );
                    if at < top || at + crate::panes::log::LINE > top + tall {
                        list.set_scroll_top(at - tall / 2);
                    }
                }
            }
            Effect::Focus(id) => {
                if let Some(element) = document()
                    .and_then(|document| document.get_element_by_id(id))
                    .and_then(|element| element.dyn_into::<HtmlElement>().ok())
                {
                    let _ = element.focus();
                }
            }
            Effect::Title(title) => {
                if let Some(document) = document() {
                    document.set_title(&format!("{title} · Tombstone"));
                }
            }
        }
    }
}

fn search() -> String {
    window().and_then(|window| window.location().search().ok()).unwrap_or_default()
}

fn show(selector: &str) {
    if let Some(element) = document().and_then(|document| document.query_selector(selector).ok()?) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Brings what the phone's story shows now into its middle: there the picture is longer than the screen.
fn show_middle(selector: &str) {
    let Some(element) = document().and_then(|document| document.query_selector(selector).ok()?) else { return };
    if let Some(pane) = element.closest(".pane").ok().flatten() {
        let (at, of) = (element.get_bounding_client_rect(), pane.get_bounding_client_rect());
        let off = at.top() - of.top() - of.height() * 0.55;
        if off.abs() > of.height() * 0.3 {
            pane.set_scroll_top(pane.scroll_top() + off as i32);
        }
    }
}

/// What a key does (design, Keyboard): nothing without a modifier while somebody types.
fn key(event: &KeyboardEvent) -> Option<Action> {
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

/// Types into whatever has the focus, so that the browser can undo it.
fn insert(words: &str) -> bool {
    let Some(document) = document().and_then(|document| document.dyn_into::<web_sys::HtmlDocument>().ok()) else {
        return false;
    };
    document.exec_command_with_show_ui_and_value("insertText", false, words).unwrap_or(false)
}

fn area() -> Option<HtmlTextAreaElement> {
    document()?.get_element_by_id("text")?.dyn_into().ok()
}

/// Makes the text area hold `text`. Only what differs is replaced, as if it had been typed, so that undo takes it back.
fn set_text(text: &str) {
    let Some(area) = area() else { return };
    let old = area.value();
    if old == text {
        return;
    }
    let same = old.chars().zip(text.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum::<usize>();
    let (old_rest, new_rest) = (old.get(same..).unwrap_or(""), text.get(same..).unwrap_or(""));
    let tail = old_rest
        .chars()
        .rev()
        .zip(new_rest.chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum::<usize>();
    let wide = |part: &str| part.encode_utf16().count() as u32;
    let (from, to) = (wide(old.get(..same).unwrap_or("")), wide(old.get(..old.len() - tail).unwrap_or("")));
    let middle = new_rest.get(..new_rest.len() - tail).unwrap_or("");
    let caret = area.selection_start().ok().flatten().unwrap_or(0);
    let before = document().and_then(|document| document.active_element());
    let shown = area.offset_parent().is_some() && !old.is_empty();
    if shown {
        let _ = area.focus();
        let _ = area.set_selection_range(from, to);
    }
    if !shown || !(if middle.is_empty() { remove() } else { insert(middle) }) || area.value() != text {
        area.set_value(text);
    }
    let caret = if caret <= from {
        caret
    } else if caret >= to {
        caret - (to - from) + wide(middle)
    } else {
        from
    };
    let _ = area.set_selection_range(caret, caret);
    match before.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        Some(element) if shown && element.id() != "text" => {
            let _ = area.blur();
            let _ = element.focus();
        }
        _ => {}
    }
}

fn remove() -> bool {
    let Some(document) = document().and_then(|document| document.dyn_into::<web_sys::HtmlDocument>().ok()) else {
        return false;
    };
    document.exec_command_with_show_ui_and_value("delete", false, "").unwrap_or(false)
}

/// Makes a text area that has just been drawn hold the state's text.
pub fn fill(text: &str) {
    if let Some(area) = area()
        && area.value() != text
        && document().and_then(|document| document.active_element()).is_none_or(|element| element.id() != "text")
    {
        area.set_value(text);
    }
}

fn copy(text: &str, act: &Callback<Action>) {
    let text = if text.contains('\n') { text.to_string() } else { address(text) };
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

/// Hears how a promise ends; the promise keeps who hears it.
fn then(promise: &JsValue, kept: impl FnOnce(JsValue) + 'static, broken: impl FnOnce(JsValue) + 'static) {
    let (kept, broken) = (Closure::once_into_js(kept), Closure::once_into_js(broken));
    if let Ok(then) = js_sys::Reflect::get(promise, &"then".into())
        && let Ok(then) = then.dyn_into::<js_sys::Function>()
    {
        let _ = then.call2(promise, &kept, &broken);
    }
}

/// Fetches a story's text from beside the page.
fn fetch(at: usize, act: &Callback<Action>) {
    let (Some(window), Some(story)) = (window(), crate::gallery::STORIES.get(at)) else { return };
    let (good, bad) = (act.clone(), act.clone());
    let none = move |_| bad.emit(Action::Fetched(at, None));
    let again = none.clone();
    let answered = move |answer: JsValue| match answer.dyn_into::<web_sys::Response>() {
        Ok(answer) if answer.ok() => match answer.text() {
            Ok(text) => {
                let text: JsValue = text.into();
                let read = move |text: JsValue| good.emit(Action::Fetched(at, text.as_string().map(Rc::from)));
                then(&text, read, again);
            }
            Err(error) => again(error),
        },
        Ok(answer) => again(answer.into()),
        Err(error) => again(error),
    };
    let promise: JsValue = window.fetch_with_str(&format!("scenarios/{}.cql", story.slug)).into();
    then(&promise, answered, none);
}

/// The page's own address with this fragment.
fn address(link: &str) -> String {
    let here = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let here = here.split('#').next().unwrap_or("");
    if link.starts_with('#') { format!("{here}{link}") } else { link.to_string() }
}

fn end(hand: &Rc<RefCell<Hand>>) {
    let mut hand = hand.borrow_mut();
    if let Some(worker) = hand.worker.take() {
        worker.set_onmessage(None);
        worker.set_onerror(None);
        worker.terminate();
    }
    *hand = Hand::default();
}

/// Hands the text to the worker; one that is not there yet is started, and given the text when it says that it is ready.
fn run(hand: &Rc<RefCell<Hand>>, act: &Callback<Action>, id: u32, text: Rc<str>) {
    hand.borrow_mut().run = Some((id, text));
    if hand.borrow().worker.is_none()
        && let Err(why) = start(hand, act)
    {
        act.emit(Action::Crashed { id, words: format!("The worker did not start: {why}") });
        return;
    }
    send(hand);
}

/// Starts the worker before it is asked for, so that the first run does not wait for its download.
pub fn warm(edge: &Edge) {
    let _ = start(&edge.worker, &edge.act);
}

fn send(hand: &Rc<RefCell<Hand>>) {
    // The id stays: it is what the answer belongs to. Nothing is borrowed while the browser is called.
    let (worker, text) = {
        let mut hand = hand.borrow_mut();
        let (true, Some(worker)) = (hand.ready, hand.worker.clone()) else { return };
        let Some((_, text)) = hand.run.as_mut() else { return };
        let text = std::mem::replace(text, Rc::from(""));
        hand.ready = false;
        (worker, text)
    };
    let _ = worker.post_message(&wire::run(&text));
}

fn start(hand: &Rc<RefCell<Hand>>, act: &Callback<Action>) -> Result<(), String> {
    if hand.borrow().worker.is_some() {
        return Ok(());
    }
    let base = document().and_then(|document| document.base_uri().ok().flatten()).unwrap_or_default();
    let url = web_sys::Url::new_with_base("worker_loader.js", &base).map_err(words)?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&url.href(), &options).map_err(words)?;
    let heard = {
        let (hand, act) = (hand.clone(), act.clone());
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let id = hand.borrow().run.as_ref().map(|(id, _)| *id);
            match (wire::said(&event.data()), id) {
                (Ok((Said::Ready(model), _)), _) if model != scenario::link::MODEL_VERSION => {
                    end(&hand);
                    act.emit(Action::Crashed {
                        id: id.unwrap_or(0),
                        words: "Page and worker are of different versions. Reload the page.".into(),
                    });
                }
                (Ok((Said::Ready(_), _)), _) => {
                    hand.borrow_mut().ready = true;
                    if id.is_some() {
                        send(&hand);
                    }
                }
                (Ok((Said::Progress { done, of, events }, _)), Some(id)) => {
                    act.emit(Action::Progress { id, done: (done, of), events })
                }
                (Ok((Said::Done, bytes)), Some(id)) => {
                    let mut hand = hand.borrow_mut();
                    (hand.run, hand.ready) = (None, true);
                    drop(hand);
                    act.emit(Action::Finished { id, answer: Answer(Rc::new(bytes)) });
                }
                (Ok((Said::Failed(words), _)) | Err(words), Some(id)) => act.emit(Action::Crashed { id, words }),
                (_, None) => {}
            }
        })
    };
    let died = {
        let (hand, act) = (hand.clone(), act.clone());
        Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            let words = event
                .dyn_ref::<web_sys::ErrorEvent>()
                .map_or_else(|| "The worker could not be loaded.".to_string(), web_sys::ErrorEvent::message);
            event.prevent_default();
            let id = hand.borrow().run.as_ref().map(|(id, _)| *id);
            end(&hand);
            if let Some(id) = id {
                act.emit(Action::Crashed { id, words });
            }
        })
    };
    worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    worker.set_onerror(Some(died.as_ref().unchecked_ref()));
    let mut hand = hand.borrow_mut();
    hand.keep = vec![heard.into_js_value(), died.into_js_value()];
    hand.worker = Some(worker);
    Ok(())
}

fn words(error: JsValue) -> String {
    js_sys::Error::from(error).message().into()
}
