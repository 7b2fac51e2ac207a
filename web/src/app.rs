//! The page itself: it holds the state, asks `reduce`, hands effects to the edge, and lays the panes out.

use crate::{
    edge::{self, Edge},
    panes::{
        Pane, bar, drawer, editor, icon, knob, lanes, log, palette, replicas, ring, says, scrub,
        stage::{self, EDGE, LEFT, RIGHT},
        start,
        verdict::{self, Ask},
        why,
    },
    reading::{Reading, look},
    scene::{Carries, Stage, Tone, Verdict, Word},
    state::{Action, Effect, Guess, Ran, Run, Screen, State, Tab, reduce, thousands},
};
use std::rc::Rc;
use yew::prelude::*;

/// About how many lines of the log are in view at most.
const IN_VIEW: usize = 60;

/// The page.
pub struct App {
    state: State,
    edge: Edge,
    /// What can only be done to what is drawn.
    later: Vec<Effect>,
}

impl Component for App {
    type Message = Action;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let edge = Edge::new(ctx.link().callback(|action| action));
        let mut state = State::new(edge::drafts(), edge::theme(), edge::size());
        state.embed = edge::embedded();
        for effect in reduce(&mut state, Action::Address(edge::fragment())) {
            edge.perform(effect);
        }
        edge.warm();
        for effect in reduce(&mut state, Action::Ponder) {
            edge.perform(effect);
        }
        Self { state, edge, later: Vec::new() }
    }

    fn update(&mut self, _: &Context<Self>, action: Action) -> bool {
        let (reads, found) = (matches!(action, Action::ReadOn { .. } | Action::SearchOn), self.state.found.len());
        for effect in reduce(&mut self.state, action) {
            match effect {
                Effect::ShowEvent(_) | Effect::ShowLine(_) | Effect::Focus(_) => self.later.push(effect),
                _ => self.edge.perform(effect),
            }
        }
        // Long work is drawn when it is over, and what a search finds as soon as it fills the log.
        !reads || !(self.state.opening() || self.state.searching) || (found < IN_VIEW && found < self.state.found.len())
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        draw(&self.state, &ctx.link().callback(|action| action))
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        edge::fill(&self.state.text);
        for effect in self.later.drain(..) {
            self.edge.perform(effect);
        }
    }
}

/// The whole page, of a state.
pub fn draw(state: &State, act: &Callback<Action>) -> Html {
    let page = match state.screen {
        Screen::Start => {
            let drafts = state.drafts.iter().map(|draft| look(draft, &Reading::default()).title).collect::<Vec<_>>();
            Pane::Start(start::Props {
                drafts,
                theme: state.theme,
                narrow: state.narrow(),
                idea: state.idea,
                act: act.clone(),
            })
            .shown()
        }
        Screen::Play => play(state, act),
    };
    // One child, there or not: a list that grows would be drawn anew, and the text area with it.
    let notice = state.notice.as_ref().map(|notice| says(notice, act)).unwrap_or_default();
    let palette = state.palette.as_ref().map(|(find, at)| palette::draw(find, *at, act)).unwrap_or_default();
    html! {<>{ page }{ notice }{ palette }</>}
}

/// The page as part of another: the answer, the replicas, the scrubber, and the way to the whole.
fn embed(state: &State, act: &Callback<Action>) -> Html {
    let verdict = Pane::Verdict(verdict::Props {
        verdict: Rc::new(verdict(state)),
        ask: ask(state),
        knob: None,
        going: going(state),
        act: act.clone(),
    });
    let width = state.window.0 as f32;
    let shown = state.shown().map(|ran| {
        let replicas = Rc::new(ran.tale.replicas(state.cursor, state.place));
        let plot = ((width - 20.0) * 0.36).clamp(140.0, 360.0);
        let scrub = Rc::new(ran.tale.scrub(state.cursor));
        html! {<>
            { Pane::Replicas(replicas::Props { replicas, plot, cards: false, act: act.clone() }).shown() }
            <div class="stage">{ scrub::draw(&scrub::Props { scrub, axis: None, width, sheet: false, act: act.clone() }) }</div>
        </>}
    });
    let link = state.link();
    html! {
        <main class="embed">
            { verdict.shown() }
            { shown.unwrap_or_default() }
            <footer><span>{ state.title() }</span><a class="push" href={format!("./{link}")} target="_blank" rel="noopener">{ icon("#stone", 12) }{ " Open in Tombstone" }</a></footer>
        </main>
    }
}

fn play(state: &State, act: &Callback<Action>) -> Html {
    if state.embed {
        return embed(state, act);
    }
    let shown = state.shown().cloned();
    let bar = Pane::Bar(bar::Props {
        title: state.title(),
        origin: state.origin.clone(),
        run: state.run.clone(),
        runs: state.reading.runs,
        ran: shown.is_some(),
        playing: state.playing,
        link: state.link_length(),
        theme: state.theme,
        narrow: state.narrow(),
        act: act.clone(),
    })
    .shown();
    let verdict = Pane::Verdict(verdict::Props {
        verdict: Rc::new(verdict(state)),
        ask: ask(state),
        knob: (!state.narrow()).then(|| state.turn()).flatten(),
        going: going(state),
        act: act.clone(),
    })
    .shown();
    let (width, _) = state.window;
    if state.narrow() {
        return html! {<>{ bar }<main class="play">{ verdict }{ tabs(state, act) }{ pane(state, shown.as_ref(), act) }{ shown.as_ref().map(|ran| sheet(state, ran, act)).unwrap_or_default() }</main></>};
    }
    let editor = editor(state, shown.as_ref(), act);
    let left = match width {
        1280.. => 476.0,
        1024.. => 400.0,
        _ => 0.0,
    };
    let aside = if width >= 1280 { 186.0 } else { 0.0 };
    let wide = width as f32 - left - aside - 37.0;
    let most = if wide > 700.0 { 130 } else { 80 };
    let keeps = shown
        .as_ref()
        .filter(|_| aside > 0.0)
        .map(|ran| ran.tale.replicas(state.cursor, state.place))
        .filter(|replicas| !replicas.ring.nodes.is_empty());
    let keeps = match keeps {
        Some(replicas) => {
            html! {<><h2>{ format!("Who keeps {}", replicas.key) }</h2>{ ring::draw(&ring::Props { ring: replicas.ring, key_words: replicas.key }) }</>}
        }
        None => html! { <h2>{ "Signs" }</h2> },
    };
    let stage = shown.as_ref().map(|ran| Rc::new(ran.tale.stage(state.cursor, most)));
    html! {<>
        { bar }
        <div class="play">
            { editor }
            <main class="right">
                { verdict }
                <section class="stage panel">
                    <div class="main panel">
                        <header><h2>{ if shown.is_some() { "What happened" } else { "What will happen" } }</h2>
                            if let Some(ran) = &shown { <div class="push">{ anomaly(ran, act) }</div> }
                        </header>
                        { match (&stage, &shown) {
                            (Some(stage), Some(ran)) => html! {<>
                                <div class="scroll pic">{ Pane::Stage(stage::Props { stage: stage.clone(), width: wide, down: false, act: act.clone() }).shown() }</div>
                                { scrub::draw(&scrub::Props { scrub: Rc::new(ran.tale.scrub(state.cursor)), axis: whole(stage, ran).then(|| stage.axis(wide - LEFT - RIGHT - 2.0 * EDGE)), width: wide, sheet: false, act: act.clone() }) }
                            </>},
                            _ => lanes::draw(&lanes::Props { lanes: state.reading.cast.iter().take(9).cloned().collect(), width: wide }),
                        } }
                    </div>
                    <aside>{ keeps }{ lanes::legend() }</aside>
                </section>
                { lower(state, shown.as_ref(), width, left, act) }
                { drawer(state, shown.as_ref(), act) }
            </main>
        </div>
    </>}
}

/// Whether all that follows the stage's first event is on it: the scrubber then shares its axis.
fn whole(stage: &Stage, ran: &Ran) -> bool {
    stage.view.1 + 1 == ran.tale.len()
}

fn anomaly(ran: &Ran, act: &Callback<Action>) -> Html {
    if ran.tale.anomalies().is_empty() {
        return Html::default();
    }
    html! { <button class="btn line small" onclick={crate::panes::press(act, Action::Go(crate::state::Go::AnomalyOn))}>{ crate::panes::icon("#warn", 12) }{ " Next anomaly " }<kbd>{ "A" }</kbd></button> }
}

fn editor(state: &State, shown: Option<&Rc<Ran>>, act: &Callback<Action>) -> Html {
    let at = shown.filter(|ran| *ran.blessed == *state.text).and_then(|ran| {
        let statement = ran.tale.statement(state.cursor)?;
        let tone = match ran.tale.carries(state.cursor) {
            Carries::Row => "t-live",
            Carries::Tomb => "t-tomb",
            Carries::Read | Carries::Reply => "t-read",
        };
        Some(editor::At { statement, event: state.cursor, tone })
    });
    Pane::Editor(editor::Props {
        text: state.text.clone(),
        reading: state.reading.clone(),
        ran: state.ran.clone().map(editor::Last),
        at,
        fold: state.asked().is_some(),
        digest: shown.map(|ran| ran.digest.clone()),
        act: act.clone(),
    })
    .shown()
}

fn lower(state: &State, shown: Option<&Rc<Ran>>, width: u32, left: f32, act: &Callback<Action>) -> Html {
    let side = match width {
        1280.. => 318.0,
        1024.. => 260.0,
        _ => 0.0,
    };
    // What is left of the replicas' table beside its columns of words.
    let table = width as f32 - left - side - 21.0;
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
    let replicas = Rc::new(ran.tale.replicas(state.cursor, state.place));
    let (title, chain) = ran.tale.chain();
    let replicas = Pane::Replicas(replicas::Props { replicas, plot, cards: false, act: act.clone() }).shown();
    html! { <section class="lower">{ replicas }{ why::draw(&why::Props { title, chain, act: act.clone() }) }</section> }
}

/// What to try, taken from the text itself.
fn tries(state: &State) -> Html {
    let mut tries: Vec<Html> = Vec::new();
    if let Some(knob) = &state.reading.knob {
        tries.push(html! { <li><span>{ "Change " }<b>{ knob.what.clone() }</b>{ ": " }<span class="num">{ format!("clock={}", knob.measure.written(knob.value)) }</span></span></li> });
    }
    if let Some((node, _)) = state.reading.cast.iter().rev().find(|(_, client)| !client) {
        tries.push(html! { <li><span>{ format!("Cut off {node} before a statement: ") }<span class="num">{ format!("--@ partition {node} | n1") }</span></span></li> });
        tries.push(html! { <li><span>{ format!("Kill {node} before a delete: ") }<span class="num">{ format!("--@ kill {node}") }</span></span></li> });
    }
    tries.push(
        html! { <li><span>{ "Date a write yourself: " }<span class="num">{ "USING TIMESTAMP" }</span></span></li> },
    );
    html! { <section class="why panel" aria-label="Then break it"><header><h2>{ "Then break it" }</h2></header><ol>{ tries }</ol></section> }
}

fn drawer(state: &State, shown: Option<&Rc<Ran>>, act: &Callback<Action>) -> Html {
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
        ledger: shown.map(|ran| ran.tale.ledger()),
        grid: state.asks.grid.clone().filter(|_| shown.is_some() && *state.asks.about == *state.text),
        futures: state.asks.futures.clone(),
        asking: state.asks.waits(|question| matches!(question, scenario::told::Question::Grid(..))),
        axes: state.axes,
        past: if state.asked().is_some() { Vec::new() } else { state.past.clone() },
        now: shown.map(|ran| ran.digest.clone()),
        act: act.clone(),
    })
    .shown()
}

fn tabs(state: &State, act: &Callback<Action>) -> Html {
    html! {
        <div class="tabs" role="tablist">
            { for [(Tab::Story, "Story"), (Tab::Replicas, "Replicas"), (Tab::Cql, "CQL")].into_iter().map(|(tab, name)| {
                let on = state.tab == tab;
                html! { <button role="tab" class={on.then_some("on")} aria-selected={on.to_string()} onclick={crate::panes::press(act, Action::Tab(tab))}>{ name }</button> }
            }) }
        </div>
    }
}

fn pane(state: &State, shown: Option<&Rc<Ran>>, act: &Callback<Action>) -> Html {
    let width = state.window.0 as f32;
    match (state.tab, shown) {
        (Tab::Cql, _) => {
            html! { <section key="cql" class="pane cql" role="tabpanel">{ editor(state, shown, act) }</section> }
        }
        (_, None) => {
            html! { <section key="none" class="pane" role="tabpanel"><p class="none">{ "Run draws every message here, from client to node to node, and what each replica holds." }</p></section> }
        }
        (Tab::Story, Some(ran)) => {
            let stage = Rc::new(ran.tale.stage(state.cursor, 110));
            html! { <section key="story" class="pane story" role="tabpanel">{ Pane::Stage(stage::Props { stage, width: width - 32.0, down: true, act: act.clone() }).shown() }</section> }
        }
        (Tab::Replicas, Some(ran)) => {
            let replicas = Rc::new(ran.tale.replicas(state.cursor, state.place));
            let (title, chain) = ran.tale.chain();
            html! {
                <section key="replicas" class="pane replicas" role="tabpanel">
                    { Pane::Replicas(replicas::Props { replicas, plot: width - 60.0, cards: true, act: act.clone() }).shown() }
                    { why::draw(&why::Props { title, chain, act: act.clone() }) }
                    { state.turn().map(|turn| knob::draw(&knob::Props { turn, act: act.clone() })).unwrap_or_default() }
                </section>
            }
        }
    }
}

fn sheet(state: &State, ran: &Rc<Ran>, act: &Callback<Action>) -> Html {
    scrub::draw(&scrub::Props {
        scrub: Rc::new(ran.tale.scrub(state.cursor)),
        axis: None,
        width: state.window.0 as f32 - 32.0,
        sheet: true,
        act: act.clone(),
    })
}

fn going(state: &State) -> Option<u32> {
    match state.run {
        Run::Going { done: (done, of), events, .. } if events > 0 && of > 0 => Some(done * 100 / of),
        Run::Going { .. } | Run::Idle | Run::Failed(_) => None,
    }
}

fn ask(state: &State) -> Option<Ask> {
    let at = state.asked().or_else(|| state.reading.questions.len().checked_sub(1))?;
    let question = state.reading.questions.get(at)?.clone();
    let guess = state.guesses.get(&question.words).cloned();
    let answer = guess
        .as_ref()
        .and(state.ran.as_ref())
        .filter(|ran| *ran.blessed == *state.text)
        .and(question.outcome)
        .and_then(|at| state.reading.outcomes.get(at))
        .map(crate::reading::Outcome::short);
    (guess != Some(Guess::Skipped)).then_some(Ask { question, guess, answer, world: state.asks.wish.clone() })
}

/// The verdict of a run; one that ended early says where and why.
fn ended(ran: &Ran) -> Verdict {
    if ran.stopped.is_empty() {
        ran.tale.verdict()
    } else {
        plain(Tone::Unsure, "It stopped before its end.", "", &ran.stopped)
    }
}

fn plain(tone: Tone, strong: &str, rest: &str, why: &str) -> Verdict {
    Verdict { tone, strong: strong.into(), rest: rest.into(), why: vec![Word::Plain(why.into())] }
}

/// The verdict speaks of the end of the run, not of the cursor.
fn verdict(state: &State) -> Verdict {
    match (&state.run, state.shown()) {
        (Run::Going { events, done: (done, of), .. }, _) if *events > 0 => plain(
            Tone::Plain,
            "",
            &format!("Running … {} events", thousands(u64::from(*events))),
            &format!("{done} of {of} steps. The page stays usable; Stop ends it."),
        ),
        (Run::Failed(words), _) => plain(Tone::Refused, "It did not run.", "", words),
        (_, Some(ran)) => ended(ran),
        (_, None) if state.asked().is_some() => plain(
            Tone::Asking,
            "What do you expect?",
            "",
            if state.ran.is_some() { "It has run. Guess, and see." } else { "Guess, then press Run." },
        ),
        (_, None) if !state.reading.runs && !state.reading.faults.is_empty() => {
            let line = state.reading.faults.first().map_or(0, |fault| fault.line + 1);
            plain(
                Tone::Plain,
                "",
                "It cannot run yet.",
                &format!("Line {line} is not understood, and nothing stands above it."),
            )
        }
        (_, None) if !state.reading.runs => {
            plain(Tone::Plain, "", "Nothing to run yet.", "Write a statement of CQL; end it with a semicolon.")
        }
        (_, None) => plain(Tone::Plain, "", "What will come of it?", "Nothing has run yet. Press Run."),
    }
}
