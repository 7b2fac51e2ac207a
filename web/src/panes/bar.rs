//! The bar: where one is, Run, and what can be done with the whole.

use crate::{
    panes::{icon, keys, press},
    state::{Action, Go, Origin, Run, Theme, thousands},
};
use yew::prelude::*;

/// What the bar is given.
#[derive(Clone, PartialEq)]
pub struct Props {
    /// The title of the text.
    pub title: String,
    /// Where the text came from.
    pub origin: Origin,
    /// Whether something runs.
    pub run: Run,
    /// Whether anything in the text can run.
    pub runs: bool,
    /// Whether there is a run to step through.
    pub ran: bool,
    /// Whether events go by.
    pub playing: bool,
    /// Characters of the link.
    pub link: usize,
    /// The theme.
    pub theme: Theme,
    /// One column.
    pub narrow: bool,
    /// What happens.
    pub act: Callback<Action>,
}

/// The bar.
pub fn draw(props: &Props) -> Html {
    let act = &props.act;
    let about = match props.origin {
        Origin::Draft => "draft, kept in this browser",
        Origin::Story => "from the gallery",
        Origin::Link => "from a link",
        Origin::Lesson => "from a lesson",
    };
    let characters = thousands(props.link as u64);
    html! {
        <header class="bar">
            <a class="brand" href="#start" aria-label={props.narrow.then_some("Tombstone, start")}><svg class="ic" width="14" height="16" aria-hidden="true"><use href="#stone"/></svg>{ "Tombstone" }</a>
            <span class="rule"></span>
            <span class="title">{ props.title.clone() }<small>{ about }</small></span>
            <span class="group" role="group" aria-label="Run">
                { run(props) }
                if !props.narrow {<>
                    <button class="icon" disabled={!props.ran} aria-label={if props.playing { "Pause" } else { "Play" }} aria-pressed={props.playing.to_string()} onclick={press(act, Action::Play)}>{ icon(if props.playing { "#pause" } else { "#play" }, 12) }</button>
                    <button class="icon" disabled={!props.ran} aria-label="Step one event" onclick={press(act, Action::Go(Go::On))}>{ icon("#next", 12) }</button>
                </>}
            </span>
            <span class="group push">
                if props.narrow {
                    <button class="icon" aria-label={format!("Share, {characters} characters")} onclick={press(act, Action::Share)}>{ icon("#link", 18) }</button>
                } else {
                    <button class="btn" onclick={press(act, Action::Share)} title="Copy the link: the whole experiment is in it">{ icon("#link", 14) }{ " Share " }<span class="count">{ format!("{characters} chars") }</span></button>
                    // On a phone its room is the title's: the palette has it.
                    { theme(props.theme, act) }
                }
                { commands(props.narrow, act) }
            </span>
        </header>
    }
}

/// The button that opens the palette.
pub fn commands(narrow: bool, act: &Callback<Action>) -> Html {
    let open = press(act, Action::Palette(true));
    if narrow {
        html! { <button class="icon" aria-label="Commands" onclick={open}>{ icon("#find", 16) }</button> }
    } else {
        html! { <button class="btn" onclick={open}>{ "Commands " }{ keys("⌘K") }</button> }
    }
}

/// The button that changes the theme.
pub fn theme(theme: Theme, act: &Callback<Action>) -> Html {
    let name = match theme {
        Theme::System => "Theme: follows the system",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    };
    html! { <button class="icon" aria-label={name} title={name} onclick={press(act, Action::Theme)}>{ icon("#half", 14) }</button> }
}

fn run(props: &Props) -> Html {
    match &props.run {
        Run::Going { done: (done, of), events, .. } if *events > 0 || *of > 0 => {
            let part = if *of > 0 { done * 100 / of } else { 0 };
            html! {
                <button class="btn run prog" onclick={press(&props.act, Action::Stop)} aria-label={format!("Stop, {part} % done")}>
                    <i style={format!("width:{part}%")}></i><span>{ icon("#stop", 11) }{ format!(" {part} %") }</span>
                </button>
            }
        }
        _ => {
            let why = if props.runs {
                "Run the scenario in this tab"
            } else {
                "Nothing can run yet: mend the first line that is not understood"
            };
            html! { <button id="run" class="btn run" disabled={!props.runs} title={why} onclick={press(&props.act, Action::Run)}>{ icon("#play", 11) }{ " Run " }{ keys("⌘↵") }</button> }
        }
    }
}
