//! The only place that touches the browser: effects are performed here, and what the browser says becomes actions.

mod area;
mod code;
mod host;
mod keys;
mod named;
mod outside;
mod paint;
mod show;
mod store;
mod worker;

pub use area::fill;
pub use store::{learned, theme};

use crate::state::{Action, Effect, Past};
use gloo::{
    events::{EventListener, EventListenerOptions},
    render::{AnimationFrame, request_animation_frame},
    timers::callback::Timeout,
};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Event, KeyboardEvent, Window};
use worker::Hand;
use yew::Callback;

use crate::gallery::LESSONS;

/// The browser, as far as the page uses it.
pub struct Edge {
    act: Callback<Action>,
    worker: Rc<RefCell<Hand>>,
    /// The rich editor, once it has come.
    code: Rc<code::Code>,
    /// What this tab keeps in the browser.
    lists: store::Lists,
    /// What waits for the screen.
    frame: RefCell<Option<AnimationFrame>>,
    listeners: Vec<EventListener>,
}

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
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

/// Whether the page is part of another: `?embed`.
pub fn embedded() -> bool {
    outside::search().trim_start_matches('?').split('&').any(|part| part == "embed" || part.starts_with("embed="))
}

/// Does this in a task of its own once the browser has shown what is drawn now, unless the frame is let go before.
fn once_shown(then: impl FnOnce() + 'static) -> AnimationFrame {
    request_animation_frame(move |_| {
        let _ = Timeout::new(0, then).forget();
    })
}

impl Edge {
    /// Listens to the window: its size, its address, its keys.
    pub fn new(act: Callback<Action>) -> Self {
        let mut edge = Self {
            act: act.clone(),
            worker: Rc::default(),
            code: Rc::default(),
            lists: store::Lists::default(),
            frame: RefCell::default(),
            listeners: Vec::new(),
        };
        let (size_act, hash_act, host_act) = (act.clone(), act.clone(), act.clone());
        edge.listen("resize", move |_| {
            let (width, height) = size();
            size_act.emit(Action::Window(width, height));
        });
        edge.listen("hashchange", move |_| hash_act.emit(Action::Address(fragment())));
        if embedded() {
            edge.listen("message", move |event| {
                if let Some(action) = host::said(event) {
                    host_act.emit(action);
                }
            });
            host::tell("ready", &[]);
        }
        edge.listen("keydown", move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>()
                && let Some(action) = keys::key(event)
            {
                event.prevent_default();
                act.emit(action);
            }
        });
        edge
    }

    fn listen(&mut self, name: &'static str, heard: impl FnMut(&Event) + 'static) {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = |window: Window| EventListener::new_with_options(&window, name, options, heard);
        self.listeners.extend(window().map(listener));
    }

    /// Does what the state asked for. A browser that refuses is not an error of the page.
    pub fn perform(&self, effect: Effect) {
        match effect {
            Effect::RunInWorker { id, text } => {
                worker::give(&self.worker, &self.act, worker::Job { id, text, question: None });
            }
            Effect::Ask { id, text, question } => {
                worker::give(&self.worker, &self.act, worker::Job { id, text, question: Some(question) });
            }
            Effect::Later(action) => self.soon(0, action),
            Effect::Shown(action) => {
                let act = self.act.clone();
                self.frame.replace(Some(once_shown(move || act.emit(action))));
            }
            Effect::Soon(wait, action) => self.soon(wait, action),
            Effect::Fetch(slug) => {
                let path = format!("scenarios/{slug}.cql");
                outside::fetch(&path, &self.act, move |text| Action::Fetched(slug.clone(), text));
            }
            Effect::FetchGallery => outside::fetch("gallery.tsv", &self.act, Action::Gallery),
            Effect::FetchLesson(at) => {
                let path = LESSONS.get(at).map_or_else(String::new, |lesson| format!("lessons/{}.md", lesson.slug));
                outside::fetch(&path, &self.act, move |text| Action::Taught(at, text));
            }
            Effect::SaveLearned(learned) => store::save_learned(&learned),
            Effect::EndWorker => worker::end(&self.worker),
            Effect::SetText(text) => self.put(&text, code::Step::Own),
            Effect::Turned { text, came } => self.put(&text, if came { code::Step::Came } else { code::Step::Turn }),
            Effect::Offer(id, told) => self.code.offer(id, &told),
            Effect::Code(what) => {
                if !self.code.command(what) && what == "rename" {
                    self.act.emit(Action::Rename(area::caret()));
                }
            }
            Effect::SaveDrafts(drafts) => self.kept(self.lists.save_drafts(&drafts)),
            Effect::SavePast(past) => self.kept(self.lists.save_past(&past)),
            Effect::Tell(what, said) => host::tell(what, &said),
            Effect::Copy(text) => outside::copy(&text, &self.act),
            Effect::SaveFile(name, text) => outside::save(&name, &text),
            Effect::SetHash(hash) => outside::set_hash(&hash),
            Effect::Wear(theme) => store::wear(theme),
            Effect::ShowLine(line) => {
                if !self.code.go(line) {
                    show::line(line);
                }
            }
            // Not before the browser has laid out what was drawn.
            Effect::ShowEvent(event) => {
                let _ = Timeout::new(0, move || show::event(event)).forget();
            }
            Effect::TopOfLog => show::top_of_log(),
            Effect::Focus(id) => show::focus(id),
            Effect::Title(title) => {
                if let Some(document) = document() {
                    document.set_title(&format!("{title} · Tombstone"));
                }
            }
        }
    }

    /// Says so when the browser did not keep something.
    fn kept(&self, kept: bool) {
        if !kept {
            self.soon(0, Action::Unkept);
        }
    }

    /// Drafts and earlier runs as they were left, newest first.
    pub fn left(&self) -> (Vec<Rc<str>>, Vec<Past>) {
        (self.lists.drafts(), self.lists.past())
    }

    fn put(&self, text: &str, step: code::Step) {
        if !self.code.put(text, step) {
            area::set_text(text);
        }
    }

    /// Has the rich editor fetched, when the page has nothing else to do.
    pub fn enrich(&self) {
        code::fetch(&self.code, &self.act);
    }

    /// The rich editor stands where the page leaves room for it, and shows this.
    pub fn stand(&self, written: crate::panes::editor::Props) {
        code::stand(&self.code, &self.act, written);
    }

    /// Paints what is no element of the page.
    pub fn paint(&self, stage: &crate::panes::stage::Props) {
        let _ = paint::paint(stage);
    }

    /// In a task of its own: what the browser has to do meanwhile, it does.
    fn soon(&self, wait: u32, action: Action) {
        let act = self.act.clone();
        Timeout::new(wait, move || act.emit(action)).forget();
    }

    /// Starts the worker before it is asked for, so that the first run does not wait for its download.
    pub fn warm(&self) {
        let _ = worker::start(&self.worker, &self.act);
    }
}
