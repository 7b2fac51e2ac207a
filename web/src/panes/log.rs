//! The event log: the trace's own words, one line an event. Only the lines in view are drawn, so that a million cost no more than fifty.

use crate::{
    panes::{press, typed},
    state::{Action, Filter, Go, thousands},
};
use std::rc::Rc;
use yew::prelude::*;

/// Height of a line, px.
pub const LINE: i32 = 21;
/// Most px that a browser scrolls through: above it, lines are reached by scrubbing and searching.
const TALL_MAX: i32 = 15_000_000;

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its event.
    pub event: u32,
    /// Its place among the lines that the filter leaves.
    pub place: u32,
    /// True time in words.
    pub time: String,
    /// Who.
    pub who: String,
    /// Who is a node.
    pub node: bool,
    /// What.
    pub words: String,
    /// Because of which event.
    pub cause: Option<u32>,
    /// It is something that a reader would not expect.
    pub warn: bool,
}

/// What the log is given.
#[derive(Clone, PartialEq)]
pub struct Props {
    /// The lines in view.
    pub entries: Rc<Vec<Entry>>,
    /// How many lines the filter leaves.
    pub lines: u32,
    /// How many events there are.
    pub of: u32,
    /// How many anomalies.
    pub warns: u32,
    /// The cursor.
    pub now: u32,
    /// The filter.
    pub filter: Filter,
    /// What is looked for.
    pub find: String,
    /// It is still being looked for.
    pub searching: bool,
    /// What happens.
    pub act: Callback<Action>,
}

/// What the log can be asked for, beside its tab.
pub fn controls(props: &Props) -> Html {
    let act = &props.act;
    if props.of == 0 {
        return Html::default();
    }
    let typed = typed(act, Action::Find);
    let chip = |filter: Filter, words: String| {
        let on = props.filter == filter;
        html! { <button class={if on { "chip on" } else { "chip" }} aria-pressed={on.to_string()} onclick={press(act, Action::Filter(filter))}>{ words }</button> }
    };
    html! {
        <span class="push">
            { chip(Filter::All, "all".into()) }{ chip(Filter::Anomalies, format!("⚠ anomalies {}", props.warns)) }{ chip(Filter::Writes, "writes".into()) }
            <label class="field"><span class="sr">{ "Find in the log" }</span><input id="words" type="search" placeholder="Find in the log" value={props.find.clone()} oninput={typed}/><kbd aria-hidden="true">{ "/" }</kbd></label>
        </span>
    }
}

/// The log.
pub fn draw(props: &Props) -> Html {
    let act = &props.act;
    let scrolled = {
        let act = act.clone();
        Callback::from(move |event: Event| {
            if let Some(list) = event.target_dyn_into::<web_sys::Element>() {
                act.emit(Action::Scrolled(list.scroll_top(), list.client_height()));
            }
        })
    };
    let tall = (props.lines as i64 * i64::from(LINE)).min(i64::from(TALL_MAX));
    let of = thousands(u64::from(props.of));
    if props.of == 0 {
        html! { <p class="none">{ "No events yet. The log says in words what the pictures show." }</p> }
    } else if props.lines == 0 && props.searching {
        html! { <p class="none">{ format!("Looking through {of} events …") }</p> }
    } else if props.lines == 0 {
        let find = props.find.trim();
        let (what, clear) = if find.is_empty() {
            ("No events of that kind".into(), Action::Filter(Filter::All))
        } else {
            (format!("No events match “{find}”"), Action::Find(String::new()))
        };
        html! { <p class="none">{ what + ": " + &of + " events in this run. " }<button class="btn line small" onclick={press(act, clear)}>{ "Clear" }</button></p> }
    } else {
        html! {
            <div class="log" id="log" role="table" aria-label="Events" aria-rowcount={props.lines.to_string()} tabindex="0" onscroll={scrolled}>
                <div class="all" role="rowgroup" style={format!("height:{tall}px")}>
                    { for props.entries.iter().map(|entry| line(entry, props)) }
                </div>
            </div>
        }
    }
}

fn line(entry: &Entry, props: &Props) -> Html {
    let class = if entry.event > props.now {
        "row fut"
    } else if entry.event == props.now {
        "row now"
    } else {
        "row"
    };
    html! {
        <div key={entry.event} class={class} role="row" aria-rowindex={(entry.place + 1).to_string()} aria-current={(entry.event == props.now).then_some("true")} style={format!("top:{}px", i64::from(entry.place) * i64::from(LINE))} onclick={press(&props.act, Action::Go(Go::To(entry.event)))}>
            <span class="m" role="cell">if entry.warn { <span class="sr">{ "anomaly" }</span>{ crate::panes::icon("#warn", 12) } } else if entry.event == props.now { <span aria-hidden="true">{ "▸" }</span> }</span>
            <span class="n" role="cell">{ entry.event + 1 }</span><span role="cell">{ entry.time.clone() }</span>
            <span role="cell"><i class={if entry.node { "who n" } else { "who" }}></i>{ entry.who.clone() }</span>
            <span class="f" role="cell">{ entry.words.clone() }</span>
            <span class="ca" role="cell">if let Some(cause) = entry.cause { { format!("because of {}", cause + 1) } }</span>
        </div>
    }
}
