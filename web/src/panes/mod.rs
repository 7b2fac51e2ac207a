//! Panes only draw: each is a function of its props, so that a test can render it to exact HTML without a browser.

pub mod bar;
pub mod difference;
pub mod drawer;
pub mod editor;
pub mod futures;
pub mod grid;
pub mod history;
pub mod knob;
pub mod lanes;
pub mod ledger;
pub mod lesson;
pub mod log;
pub mod palette;
pub mod rename;
pub mod replicas;
pub mod ring;
pub mod scrub;
pub mod stage;
pub mod start;
pub mod verdict;
pub mod why;

use crate::state::{Action, Notice, Tone};
use std::rc::Rc;
use yew::prelude::*;

/// A pane and what it is given. There is one component for them all: each would bring its own machinery into the download.
#[derive(Clone, PartialEq)]
#[allow(missing_docs, clippy::large_enum_variant, reason = "each is a pane, where it is written what it shows")]
pub enum Pane {
    Bar(bar::Props),
    Drawer(drawer::Props),
    Editor(editor::Props),
    Futures(futures::Props),
    Lesson(lesson::Props),
    Replicas(replicas::Props),
    Stage(stage::Props),
    Start(start::Props),
    Verdict(verdict::Props),
}

impl Pane {
    /// The pane, drawn anew only when what it is given has changed.
    pub fn shown(self) -> Html {
        html! { <Part pane={Rc::new(self)}/> }
    }

    /// The same, but another one under another name: it is drawn at once, where one that has only changed waits for the next frame when
    /// the page takes long (Yew yields after 16 ms).
    pub fn shown_as(self, name: &'static str) -> Html {
        html! { <Part key={name} pane={Rc::new(self)}/> }
    }
}

#[derive(Properties, PartialEq)]
struct PartProps {
    pane: Rc<Pane>,
}

#[component]
fn Part(props: &PartProps) -> Html {
    match &*props.pane {
        Pane::Bar(props) => bar::draw(props),
        Pane::Drawer(props) => drawer::draw(props),
        Pane::Editor(props) => editor::draw(props),
        Pane::Futures(props) => futures::draw(props),
        Pane::Lesson(props) => lesson::draw(props),
        Pane::Replicas(props) => replicas::draw(props),
        Pane::Stage(props) => stage::draw(props),
        Pane::Start(props) => start::draw(props),
        Pane::Verdict(props) => verdict::draw(props),
    }
}

/// A sign of the page's own set, in the colour of its text.
pub fn icon(id: &'static str, size: u32) -> Html {
    let size = size.to_string();
    html! { <svg class="ic" width={size.clone()} height={size} aria-hidden="true"><use href={id}/></svg> }
}

/// Keys to press. What ⌘ is called, the shell knows: it is Ctrl elsewhere.
pub fn keys(words: &str) -> Html {
    let (before, after) = words.split_once('⌘').map_or((words, None), |(before, after)| (before, Some(after)));
    html! { <kbd>{ before.to_string() }if let Some(after) = after { <i class="mod"></i>{ after.trim_start().to_string() } }</kbd> }
}

/// The colour of an outcome in few words: nothing left, rows or a value, anything else.
pub fn tone(words: &str) -> &'static str {
    match words {
        "0 rows" => "tt",
        _ if words.ends_with("row") || words.ends_with("rows") || words.contains(" = ") || words == "ok" => "lv",
        _ => "bad",
    }
}

/// A click that becomes an action.
pub fn press(act: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    let act = act.clone();
    Callback::from(move |_| act.emit(action.clone()))
}

/// What a field holds, as long as it is typed.
pub fn typed(act: &Callback<Action>, make: fn(String) -> Action) -> Callback<InputEvent> {
    let act = act.clone();
    Callback::from(move |event: InputEvent| {
        if let Some(field) = event.target_dyn_into::<web_sys::HtmlInputElement>() {
            act.emit(make(field.value()));
        }
    })
}

/// What a field holds once it has been entered; of several, of this one.
pub fn entered(act: &Callback<Action>, at: usize, make: fn(usize, String) -> Action) -> Callback<Event> {
    let act = act.clone();
    Callback::from(move |event: Event| {
        if let Some(field) = event.target_dyn_into::<web_sys::HtmlInputElement>() {
            act.emit(make(at, field.value()));
        }
    })
}

/// What the page says beside its verdict.
pub fn says(notice: &Notice, act: &Callback<Action>) -> Html {
    let (class, sign) = match notice.tone {
        Tone::Fine => ("says ok", "✓"),
        Tone::Warn => ("says warn", "⚠"),
        Tone::Bad => ("says err", "✕"),
    };
    html! {
        <div {class} role={if notice.tone == Tone::Bad { "alert" } else { "status" }}>
            <span class="g" aria-hidden="true">{ sign }</span>
            <div><p><b>{ notice.what.clone() }</b>{ notice.why.clone() }</p>
                if !notice.offers.is_empty() {
                    <p class="acts">{ for notice.offers.iter().map(|(words, action)| html! { <button class="btn line small" onclick={press(act, action.clone())}>{ words.clone() }</button> }) }</p>
                }
            </div>
            <button class="icon small" aria-label="Close" onclick={press(act, Action::Dismiss)}>{ "✕" }</button>
        </div>
    }
}
