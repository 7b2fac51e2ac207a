//! The wide page: the text or a lesson on the left, the pictures on the right.

use super::answer;
use crate::{
    panes::{
        Pane, drawer, editor, futures, lanes, log, replicas, ring, scrub,
        stage::{self, EDGE, LEFT, RIGHT},
        why,
    },
    scene::{Carries, Stage},
    state::{Action, Drawer, Ran, Screen, State, WIDE_MAX},
};
use std::rc::Rc;
use yew::prelude::*;

/// Width of the left column, CSS px; none: what would be in it stands above.
fn left(width: u32, taught: bool) -> f32 {
    match width {
        1280.. if taught => 540.0,
        1280.. => 476.0,
        1024.. => 400.0,
        _ => 0.0,
    }
}

/// How much room the stage has across, px.
fn wide(width: u32, taught: bool) -> f32 {
    width as f32 - left(width, taught) - aside(width) - 37.0
}

/// What stands beside the stage, px.
fn aside(width: u32) -> f32 {
    if width >= 1280 { 186.0 } else { 0.0 }
}

/// The wide page's stage.
pub(super) fn stage(state: &State, act: &Callback<Action>) -> Option<stage::Props> {
    let ran = state.shown().filter(|_| state.screen != Screen::Start && !state.narrow() && !state.embed)?;
    let width = wide(state.window.0, state.lesson.is_some());
    let most = (if width > 700.0 { 130 } else { 80 }) << (2 * state.wide);
    Some(stage::Props { stage: Rc::new(staged(state, ran, most)), width, down: false, act: act.clone() })
}

/// The wide page: what ran and its stage, and the lower half as it was drawn.
pub(super) fn desk(
    state: &State,
    shown: Option<(&Rc<Ran>, &stage::Props)>,
    bar: Html,
    verdict: Html,
    lower: Html,
    act: &Callback<Action>,
) -> Html {
    let (width, _) = state.window;
    let editor = editor(state, act);
    let lesson = super::taught(state, act);
    let wide = wide(width, lesson.is_some());
    let replicas = shown.map(|(ran, _)| ran.tale.replicas(state.cursor, state.place));
    let keeps = match replicas.as_ref().filter(|replicas| aside(width) > 0.0 && !replicas.ring.nodes.is_empty()) {
        Some(replicas) => {
            html! {<><h2>{ format!("Who keeps {}", replicas.key) }</h2>{ ring::draw(&ring::Props { ring: replicas.ring.clone(), key_words: replicas.key.clone() }) }</>}
        }
        None => html! { <h2>{ "Signs" }</h2> },
    };
    html! {<>
        { bar }
        <div class={if lesson.is_some() { "play taught" } else { "play" }}>
            { lesson.clone().unwrap_or_else(|| html! { <div class="column">{ futures(state, act) }{ editor.clone() }</div> }) }
            <main class="right">
                { verdict }
                if lesson.is_some() { { editor } }
                <section class="stage panel">
                    <div class="main panel">
                        <header><h2>{ if shown.is_some() { "What happened" } else { "What will happen" } }</h2>
                            if let Some((ran, _)) = shown { <div class="push">{ compared(state, act) }{ breadth(state, ran, act) }{ anomaly(ran, act) }if lesson.is_none() { <button class="btn line small" onclick={crate::panes::press(act, Action::ForkHere)}>{ crate::panes::icon("#fork", 13) }{ " Fork here " }<kbd>{ "F" }</kbd></button> }</div> }
                        </header>
                        { match shown {
                            Some((ran, props)) => html! {<>
                                <div class="scroll pic">{ Pane::Stage(props.clone()).shown() }</div>
                                { scrub::draw(&scrub::Props { scrub: Rc::new(ran.tale.scrub(state.cursor, state.decided())), axis: whole(&props.stage, ran).then(|| props.stage.axis(wide - LEFT - RIGHT - 2.0 * EDGE)), width: wide, sheet: false, act: act.clone() }) }
                            </>},
                            _ => lanes::draw(&lanes::Props { lanes: state.reading.cast.iter().take(9).cloned().collect(), width: wide }),
                        } }
                    </div>
                    <aside>{ keeps }{ lanes::legend() }</aside>
                </section>
                { lower }
            </main>
        </div>
    </>}
}

/// What happened, beside the future that this one was forked from unless the reader looks at it alone.
pub(super) fn staged(state: &State, ran: &Ran, most: usize) -> Stage {
    match state.beside().filter(|_| !state.futures.alone) {
        Some((other, _)) => ran.tale.stage_beside(state.cursor, most, &other.tale),
        None => ran.tale.stage(state.cursor, most),
    }
}

/// Whose line is whose, and the switch.
fn compared(state: &State, act: &Callback<Action>) -> Html {
    let Some((_, of)) = state.beside() else { return Html::default() };
    let alone = state.futures.alone;
    html! {
        <button class="btn line small compare" aria-pressed={(!alone).to_string()} onclick={crate::panes::press(act, Action::Alone(!alone))}>
            <svg width="34" height="10" aria-hidden="true"><line x1="0" x2="14" y1="5" y2="5" class="msg here"/><line x1="20" x2="34" y1="5" y2="5" class="msg there"/></svg>
            { format!("beside “{}”", state.futures.called(of)) }
        </button>
    }
}

/// The futures, each with what came of it.
pub(super) fn futures(state: &State, act: &Callback<Action>) -> Html {
    let open = state.asked().is_some();
    let chip = |at: usize| {
        let future = state.futures.all.get(at);
        let ended = state.run_of(at).filter(|_| !open).map(|ran| answer::ended(ran));
        futures::Chip {
            name: state.futures.called(at).into(),
            named: future.is_none_or(|future| future.named),
            came: ended.map(|verdict| (verdict.strong, verdict.tone)),
        }
    };
    let all = (0..state.futures.all.len()).map(chip).collect();
    Pane::Futures(futures::Props { all, at: state.futures.at, act: act.clone() }).shown()
}

/// Whether all that follows the stage's first event is on it: the scrubber then shares its axis.
fn whole(stage: &Stage, ran: &Ran) -> bool {
    stage.view.1 + 1 == ran.tale.len()
}

/// More of the run around the cursor, or less; nothing where all of it is seen anyway.
fn breadth(state: &State, ran: &Ran, act: &Callback<Action>) -> Html {
    if ran.tale.len() < 200 {
        return Html::default();
    }
    let step = |sign, words, by, off| html! { <button class="icon small" aria-label={words} title={words} disabled={off} onclick={crate::panes::press(act, Action::Wider(by))}>{ sign }</button> };
    html! {<>{ step("−", "More around the cursor (−)", 1, state.wide == WIDE_MAX) }{ step("+", "Less, and larger (+)", -1, state.wide == 0) }</>}
}

fn anomaly(ran: &Ran, act: &Callback<Action>) -> Html {
    if ran.tale.anomalies().is_empty() {
        return Html::default();
    }
    html! { <button class="btn line small" onclick={crate::panes::press(act, Action::Go(crate::state::Go::AnomalyOn))}>{ crate::panes::icon("#warn", 12) }{ " Next anomaly " }<kbd>{ "A" }</kbd></button> }
}

pub(super) fn editor(state: &State, act: &Callback<Action>) -> Html {
    Pane::Editor(written(state, act)).shown()
}

/// What the editor is given.
pub(super) fn written(state: &State, act: &Callback<Action>) -> editor::Props {
    let shown = state.shown();
    let at = state.statement().zip(shown).map(|(statement, ran)| {
        let tone = match ran.tale.carries(state.cursor) {
            Carries::Row => "t-live",
            Carries::Tomb => "t-tomb",
            Carries::Read | Carries::Reply => "t-read",
        };
        editor::At { statement, event: state.cursor, tone }
    });
    editor::Props {
        text: state.text.clone(),
        reading: state.reading.clone(),
        ran: state.ran.clone().map(editor::Last),
        at,
        fold: state.asked().is_some(),
        digest: shown.map(|ran| ran.digest.clone()),
        rich: state.code.rich,
        act: act.clone(),
    }
}

/// The lower half of the wide page: what each replica holds and why, and the drawer.
pub(super) fn lower(state: &State, act: &Callback<Action>) -> Html {
    let wide = matches!(state.screen, Screen::Play | Screen::Lesson) && !state.narrow() && !state.embed;
    if !wide {
        return Html::default();
    }
    let shown = state.shown();
    let drawer = if state.lesson.is_none() { drawer(state, shown, act) } else { Html::default() };
    html! {<>{ held(state, shown, act) }{ drawer }</>}
}

fn held(state: &State, shown: Option<&Rc<Ran>>, act: &Callback<Action>) -> Html {
    let (width, _) = state.window;
    let side = match width {
        1280.. if state.lesson.is_some() => 260.0,
        1280.. => 318.0,
        1024.. => 260.0,
        _ => 0.0,
    };
    // What is left of the replicas' table beside its columns of words.
    let table = width as f32 - left(width, state.lesson.is_some()) - side - 21.0;
    let plot = (table * 0.36).clamp(140.0, 360.0);
    let Some(ran) = shown else {
        return html! {
            <section class="lower">
                <div class="rep panel"><header><h2>{ "What each replica holds" }</h2><span>{ "placed by write timestamp: newer wins" }</span></header>
                    <div class="hollow"><p>{ "Cells and tombstones appear here, one block for each replica, placed by their timestamp. What a tombstone covers is hatched." }</p></div></div>
                { tries(state) }
            </section>
        };
    };
    let (title, chain) = ran.tale.chain();
    let replicas = ran.tale.replicas(state.cursor, state.place);
    let replicas = Pane::Replicas(replicas::Props { replicas, plot, cards: false, act: act.clone() }).shown();
    html! { <section class="lower">{ replicas }{ why::draw(&why::Props { title, chain, act: act.clone() }) }</section> }
}

/// What to try, taken from the text itself.
fn tries(state: &State) -> Html {
    let mut tries: Vec<(String, String)> = Vec::new();
    if let Some(knob) = &state.reading.knob {
        tries.push((format!("Change {}: ", knob.what), format!("clock={}", knob.measure.written(knob.value))));
    }
    if let Some((node, _)) = state.reading.cast.iter().rev().find(|(_, client)| !client) {
        tries.push((format!("Cut off {node} before a statement: "), format!("--@ partition {node} | n1")));
        tries.push((format!("Kill {node} before a delete: "), format!("--@ kill {node}")));
    }
    tries.push(("Date a write yourself: ".into(), "USING TIMESTAMP".into()));
    let tries = tries
        .into_iter()
        .map(|(words, text)| html! { <li><span>{ words }<span class="num">{ text }</span></span></li> });
    html! { <section class="why panel" aria-label="Then break it"><header><h2>{ "Then break it" }</h2></header><ol>{ for tries }</ol></section> }
}

pub(super) fn drawer(state: &State, shown: Option<&Rc<Ran>>, act: &Callback<Action>) -> Html {
    let (entries, lines, of, warns) = shown.map_or((Vec::new(), 0, 0, 0), |ran| {
        let found = (!state.find.trim().is_empty()).then_some(state.found.as_slice());
        let (entries, lines) = ran.tale.entries(state.filter, found, state.log);
        (entries, lines, ran.tale.len(), ran.tale.anomalies().len() as u32)
    });
    let events = log::Props {
        entries: Rc::new(entries),
        lines,
        of,
        warns,
        now: state.cursor,
        filter: state.filter,
        find: state.find.clone(),
        searching: state.searching,
        act: act.clone(),
    };
    Pane::Drawer(drawer::Props {
        open: state.drawer,
        events,
        ledger: shown.and_then(|ran| match state.drawer {
            Drawer::Ledger => Some(ran.tale.ledger()),
            Drawer::Events | Drawer::WhatIf | Drawer::History | Drawer::Difference => ran.tale.ledger_known(),
        }),
        grid: state.asks.grid.clone().filter(|_| shown.is_some() && *state.asks.about == *state.text),
        futures: state.asks.futures.clone(),
        asking: state.asks.waits(|question| matches!(question, scenario::told::Question::Grid(..))),
        axes: state.axes,
        difference: (state.drawer == Drawer::Difference)
            .then(|| state.difference().zip(state.beside()))
            .flatten()
            .map(|(difference, (_, of))| (state.futures.called(of).to_string(), difference)),
        past: if state.asked().is_some() { Vec::new() } else { state.past.clone() },
        now: shown.map(|ran| ran.digest.clone()),
        act: act.clone(),
    })
    .shown()
}
