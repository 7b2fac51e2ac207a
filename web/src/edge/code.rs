//! The rich editor (`web/editor`): fetched when the page is idle, put in the text area's place, told what the state says, and heard.
//!
//! It calls back through one function, [`Code::hear`]. Nothing is borrowed while it is called: it asks in the middle of being told.

use super::{
    area, document,
    named::{call, get},
    once_shown, outside, window,
};
use crate::{
    code::{byte, fold, marks, number, paint, turned, wide},
    panes::editor::Props,
    state::Action,
};
use gloo::render::AnimationFrame;
use scenario::told::{Question, Told};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsValue, closure::Closure};
use yew::Callback;

/// What the page and the bundle must agree on.
const VERSION: f64 = 1.0;

/// How a change of the text is undone.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// By itself.
    Own,
    /// Together with the turns before it.
    Turn,
    /// Together with the turn that it came of.
    Came,
}

/// The rich editor, once it has come.
#[derive(Default)]
pub(super) struct Code {
    view: RefCell<Option<JsValue>>,
    /// What it shows.
    props: RefCell<Option<Rc<Props>>>,
    /// What it shows once the browser has drawn the rest.
    next: RefCell<Option<Rc<Props>>>,
    frame: RefCell<Option<AnimationFrame>>,
    /// It has not been told anything yet but its text, or not what has come since it was away.
    bare: Cell<bool>,
    /// What the text area had when it went: the ends of the selection, how far it was scrolled, whether it had the focus.
    taken: Cell<(u32, u32, i32, bool)>,
}

/// Has the bundle fetched; when it has come and is of this build, the text area gives way to it.
pub(super) fn fetch(code: &Rc<Code>, act: &Callback<Action>) {
    let plain = outside::search().split(['?', '&']).any(|part| part == "editor=plain");
    let Some(window) = window().filter(|_| !plain) else { return };
    let (code, act) = (code.clone(), act.clone());
    let come = Closure::once_into_js(move || {
        let version = get(&js_sys::global(), "tombstoneEditor").and_then(|editor| get(&editor, "version"));
        if version.and_then(|version| version.as_f64()) == Some(VERSION) {
            code.taken.set(area::taken());
            act.emit(Action::Rich(true));
        }
    });
    call(&window, "richEditor", &[come]);
}

/// Stands where there is room for it, and shows this. What was just drawn as a whole, a run that has come or the page around an editor
/// that is new, it would have the browser lay out to see where its own caret is: it waits until that is done.
pub(super) fn stand(code: &Rc<Code>, act: &Callback<Action>, props: Props) {
    let props = Rc::new(props);
    let Some(room) = document().and_then(|document| document.get_element_by_id("rich")) else {
        code.next.take();
        code.props.replace(Some(props));
        // What it was told last is not this: it is told when it is back.
        code.bare.set(true);
        return;
    };
    let (from, to, top, focused) = code.taken.get();
    let fresh = code.view().is_none();
    if fresh {
        // It asks for what it shows while it is opened.
        code.props.replace(Some(props.clone()));
        match open(code, act, &props.text, from, to) {
            Some(view) => *code.view.borrow_mut() = Some(view),
            // The text area comes back.
            None => return act.emit(Action::Rich(false)),
        }
        code.bare.set(true);
    }
    if let Some(view) = code.view().filter(|_| room.child_element_count() == 0) {
        call(&view, "stand", &[room.into(), top.into()]);
        if focused {
            call(&view, "focus", &[]);
        }
        code.taken.take();
    }
    let waits = code.next.borrow().is_some();
    let whole = fresh || code.props().is_some_and(|before| before.ran != props.ran);
    code.next.replace(Some(props));
    if !waits && !whole {
        code.show_next();
    } else if !waits {
        let then = code.clone();
        code.frame.replace(Some(once_shown(move || then.show_next())));
    }
}

/// Whether two are drawn alike, by all that this hangs on.
fn looks(a: &Props, b: &Props) -> bool {
    Rc::ptr_eq(&a.text, &b.text)
        && Rc::ptr_eq(&a.reading, &b.reading)
        && a.ran == b.ran
        && a.at == b.at
        && a.fold == b.fold
}

fn open(code: &Rc<Code>, act: &Callback<Action>, text: &str, from: u32, to: u32) -> Option<JsValue> {
    let host = {
        let (code, act) = (code.clone(), act.clone());
        Closure::<dyn FnMut(String, i32, i32, String) -> String>::new(
            move |kind: String, a: i32, b: i32, words: String| code.hear(&act, &kind, a, b, words).unwrap_or_default(),
        )
    };
    let editor = get(&js_sys::global(), "tombstoneEditor")?;
    call(&editor, "open", &[host.into_js_value(), text.into(), from.into(), to.into()])
}

impl Code {
    fn props(&self) -> Option<Rc<Props>> {
        self.props.borrow().clone()
    }

    fn view(&self) -> Option<JsValue> {
        self.view.borrow().clone()
    }

    /// Shows what is next, if it looks otherwise.
    fn show_next(&self) {
        let (Some(view), Some(props)) = (self.view(), self.next.take()) else { return };
        let same = self.props.replace(Some(props.clone())).is_some_and(|before| looks(&before, &props));
        if self.bare.take() || !same {
            call(&view, "show", &[marks(&props).into()]);
        }
    }

    /// What the editor says or asks, and the answer.
    fn hear(&self, act: &Callback<Action>, kind: &str, a: i32, b: i32, words: String) -> Option<String> {
        let props = self.props()?;
        let (text, at) = (&*props.text, usize::try_from(b).unwrap_or(0));
        match kind {
            "paint" => return Some(paint(&props, usize::try_from(a).ok()?..at)),
            "fold" => return Some(fold(&props.reading, usize::try_from(a).ok()?)?.to_string()),
            "number" => {
                let line = props.reading.lines.get(usize::try_from(a).ok()?)?;
                let written = text.get(line.range.clone())?;
                let found = number(text, line, line.range.start + byte(written, at))?;
                let place = |at: usize| wide(written, at - line.range.start);
                return Some(format!("{},{}", place(found.start), place(found.end)));
            }
            "turn" => return turned(&words, a.into()),
            "edit" => act.emit(Action::Edit(words.into())),
            "turned" => act.emit(Action::Turned(words.into())),
            "caret" => act.emit(Action::Caret(a.unsigned_abs())),
            "format" => act.emit(Action::Format),
            "rename" => act.emit(Action::Rename(byte(text, usize::try_from(a).ok()?) as u32)),
            "complete" => act.emit(Action::Wonder(a.unsigned_abs(), Question::Complete(byte(text, at) as u32))),
            "explain" => act.emit(Action::Wonder(a.unsigned_abs(), Question::Explain(byte(text, at) as u32))),
            "fix" => {
                let (_, span, with) = props.reading.faults.get(usize::try_from(a).ok()?)?.fix.clone()?;
                act.emit(Action::Replace(span, with));
            }
            _ => {}
        }
        None
    }

    /// Makes the text this; whether there is an editor to do so.
    pub(super) fn put(&self, text: &str, step: Step) -> bool {
        self.view().is_some_and(|view| call(&view, "put", &[text.into(), (step as u32).into()]).is_some())
    }

    /// Brings a line into view; whether there is an editor to do so.
    pub(super) fn go(&self, line: u32) -> bool {
        self.view().is_some_and(|view| call(&view, "go", &[line.into()]).is_some())
    }

    /// Does what only the editor can; whether there is one.
    pub(super) fn command(&self, what: &str) -> bool {
        self.view().is_some_and(|view| call(&view, "command", &[what.into()]).is_some())
    }

    /// Answers it.
    pub(super) fn offer(&self, id: u32, told: &Told) {
        let (Some(view), Some(props)) = (self.view(), self.props()) else { return };
        let all: &[_] = if let Told::Words(all) = told { all } else { &[] };
        let place = |at: u32| wide(&props.text, at as usize);
        let all: Vec<String> = all
            .iter()
            .map(|word| {
                let (from, to) = (place(word.span.start), place(word.span.end));
                format!("{from}\u{1}{to}\u{1}{}\u{1}{}\u{1}{}", word.text, word.kind, word.help)
            })
            .collect();
        call(&view, "told", &[id.into(), all.join("\u{2}").into()]);
    }
}
