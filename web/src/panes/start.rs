//! The start: one idea to drag, and the gallery of what one sees when rows go astray.

use crate::{
    axis::signed,
    gallery::{Card, LESSONS, Story, shelves, symptoms},
    panes::{
        bar::{commands, theme},
        entered, press,
        stage::px,
        verdict::share,
    },
    state::{Action, Theme},
};
use std::rc::Rc;
use yew::prelude::*;

/// What the start is given.
#[derive(Clone, PartialEq)]
pub struct Props {
    /// Titles of the drafts, newest first.
    pub drafts: Vec<String>,
    /// The theme.
    pub theme: Theme,
    /// One column.
    pub narrow: bool,
    /// Date of the delete in the picture of the one idea, tenths of a millisecond.
    pub idea: i32,
    /// Lessons that are done.
    pub learned: Vec<String>,
    /// The gallery's cards.
    pub gallery: Rc<[Story]>,
    /// So many of the gallery's shelves are drawn.
    pub shelves: usize,
    /// What happens.
    pub act: Callback<Action>,
}

/// The start page.
pub fn draw(props: &Props) -> Html {
    let act = &props.act;
    let pasted = entered(act, 0, |_, text| {
        Action::Address(text.split_once('#').map_or(text.as_str(), |(_, link)| link).trim().to_string())
    });
    let of = props.gallery.len() - symptoms(&props.gallery).len();
    let left = |lesson: &&Card| !props.learned.iter().any(|slug| slug == lesson.slug);
    // The next lesson of somebody who has begun.
    let next = LESSONS.iter().enumerate().find(|(_, lesson)| left(lesson)).filter(|_| !props.learned.is_empty());
    html! {<>
        <header class="bar">
            <a class="brand" href="#start"><svg class="ic" width="14" height="16" aria-hidden="true"><use href="#stone"/></svg>{ "Tombstone" }</a>
            <nav><a class="btn on" href="#start" aria-current="page">{ "Start" }</a><a class="btn" href="#lessons">{ "Lessons" }</a><a class="btn" href="#scenarios">{ "Scenarios" }if of > 0 { <span class="count">{ of }</span> }</a><a class="btn" href="directives.html">{ "Directives" }</a></nav>
            <span class="group push" style="gap:8px">
                <label class="field link">{ crate::panes::icon("#link", 13) }<span class="sr">{ "Paste a link to open it" }</span><input placeholder="Paste a link to open it" onchange={pasted}/></label>
                { theme(props.theme, act) }
                { commands(props.narrow, act) }
            </span>
        </header>
        <main class="start"><div>
            <section class="hero">
                <div><h1>{ "Where did my rows go?" }</h1>
                    <p>{ "Write a few statements. Break something. Watch every replica, cell by cell. Send the whole experiment to somebody as a link." }</p>
                    <div class="acts">
                        if !props.drafts.is_empty() { <button class="btn run" onclick={press(act, Action::Draft(0))}>{ "Go on with your draft" }</button> }
                        if let Some((at, lesson)) = next { <a class={if props.drafts.is_empty() { "btn run" } else { "btn line" }} href={format!("#lesson/{}", lesson.slug)}>{ format!("Go on with lesson {}", at + 1) }</a> }
                        <button class={if props.drafts.is_empty() && next.is_none() { "btn run" } else { "btn line" }} onclick={press(act, Action::New)}>{ "New scenario" }</button>
                    </div>
                    <small>{ "A Cassandra-like cluster runs inside this tab. No account; nothing leaves your browser." }</small></div>
                <figure>{ idea(props) }</figure>
            </section>
            <div class="sec" id="lessons" tabindex="-1"><h2>{ "Learn it in six lessons" }</h2><span>{ "each under five minutes: guess, see, and change it yourself" }</span>
                if !props.learned.is_empty() { <span class="push">{ format!("{} of {} done", LESSONS.len() - LESSONS.iter().filter(left).count(), LESSONS.len()) }</span> }</div>
            <ol class="ladder">{ for LESSONS.iter().enumerate().map(|(at, lesson)| {
                let done = !left(&lesson);
                let next = next.is_some_and(|(_, next)| next.slug == lesson.slug);
                html! { <li><a class={classes!(done.then_some("done"), next.then_some("next"))} href={format!("#lesson/{}", lesson.slug)}>{ picture(lesson.slug) }<span class="no">{ if done { "✓".to_string() } else { (at + 1).to_string() } }</span><h3>{ lesson.title }if done { <span class="sr">{ ", done" }</span> }</h3><p>{ lesson.about }</p></a></li> }
            }) }</ol>
            <div class="sec"><h2>{ "Start from what you see" }</h2><span>{ "each one is a scenario you can run, change and send" }</span>
                if of > 0 { <a class="push" href="#scenarios">{ format!("All {of} scenarios") }</a> }</div>
            <ul class="cards">{ for symptoms(&props.gallery).iter().map(card) }</ul>
            // Each with its key: one more is put below, and the others stay.
            <div id="scenarios" tabindex="-1">{ for shelves(&props.gallery).take(props.shelves).map(|(shelf, stories)| html! {
                <section key={shelf.to_string()}>
                    <div class="sec"><h2>{ heading(shelf) }</h2><span>{ format!("{} scenarios, each a test of the suite", stories.len()) }</span></div>
                    <ul class="cards shelf">{ for stories.iter().map(card) }</ul>
                </section>
            }) }</div>
            <p class="more"><a href="directives.html">{ "Every directive, with scenarios to run" }</a></p>
            if props.drafts.len() > 1 {
                <div class="sec"><h2>{ "Earlier drafts" }</h2><span>{ "kept in this browser only" }</span></div>
                <ul class="cards">{ for props.drafts.iter().enumerate().skip(1).map(|(at, title)| html! { <li><button class="btn line" onclick={press(act, Action::Draft(at))}>{ title.clone() }</button></li> }) }</ul>
            }
        </div></main>
    </>}
}

/// A card of the gallery.
fn card(story: &Story) -> Html {
    html! { <li><a href={format!("#story/{}", story.slug)}>{ picture(&story.slug) }<div><h3>{ story.title.clone() }</h3><p>{ story.about.clone() }</p><small>{ story.facts.clone() }</small></div></a></li> }
}

/// The small picture of a story or lesson, drawn from its own run: `look/pictures.svg`.
fn picture(slug: &str) -> Html {
    html! { <figure aria-hidden="true"><svg width="132" height="56"><use href={format!("pictures.svg#{slug}")}/></svg></figure> }
}

/// The title of a shelf: a folder's name, or what a newcomer would call it.
fn heading(shelf: &str) -> String {
    match shelf {
        "clocks" => "Clocks that disagree".into(),
        "deletes" => "What a delete reaches".into(),
        "faults" => "When something breaks".into(),
        "futures" => "What could have been".into(),
        "replicas" => "Replicas that differ".into(),
        "seeds" => "From real reports".into(),
        "transactions" => "Writes with an IF".into(),
        "values" => "Values and their dates".into(),
        other => other.into(),
    }
}

/// Dates of the three rows, tenths of a millisecond.
const ROWS: [(&str, i32); 3] = [("ada", 0), ("grace", 30), ("linus", 200)];

/// The one idea: a tombstone hides what is not newer than itself. It drags.
fn idea(props: &Props) -> Html {
    let date = props.idea;
    // On a phone the picture is a smaller one: words keep their size.
    let (wide, left, zero, scale) = if props.narrow { (360.0, 66.0, 88.0, 0.83) } else { (600.0, 92.0, 150.0, 1.6) };
    let axis = if props.narrow {
        "the date that each carries"
    } else {
        "the date each write carries, not the time it arrived"
    };
    let (from, to) = (px(left), px(wide - 20.0));
    let x = |tenths: i32| zero + tenths as f32 * scale;
    let set = {
        let act = props.act.clone();
        Rc::new(move |tenths: i32| act.emit(Action::Idea(tenths)))
    };
    let keys = {
        let (set, now) = (set.clone(), date);
        Callback::from(move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowLeft" => -5,
                "ArrowRight" => 5,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            set(now + by);
        })
    };
    let drag = {
        let set = set.clone();
        Callback::from(move |event: PointerEvent| {
            if event.buttons() & 1 == 1
                && let Some(part) = share(&event)
            {
                set(((part * wide - zero) / scale) as i32);
            }
        })
    };
    let edge = x(date);
    let hidden = ROWS.iter().filter(|(_, at)| *at <= date).count();
    let dated = signed(i64::from(date) * 100);
    let label = if props.narrow { String::new() } else { format!("DELETE, dated {dated}") };
    html! {
        <svg class="scrub" width={px(wide)} height="212" viewBox={format!("0 0 {} 212", px(wide))} role="slider" tabindex="0" aria-label="Date of the delete" aria-valuemin="-20" aria-valuemax="240" aria-valuenow={date.to_string()}
            aria-valuetext={format!("{dated}: {hidden} of 3 rows hidden")} onkeydown={keys} onpointerdown={drag.clone()} onpointermove={drag}>
            <rect x={from.clone()} y="20" width={px(edge - left)} height="142" fill="var(--tomb-wash)"/><rect x={from.clone()} y="20" width={px(edge - left)} height="142" fill="url(#hatch)"/>
            <line x1={px(edge)} x2={px(edge)} y1="20" y2="162" class="s-tomb" stroke-width="1.8"/>
            { for ROWS.iter().enumerate().map(|(at, (name, tenths))| {
                let (y, cx, gone) = (76.0 + at as f32 * 34.0, x(*tenths), *tenths <= date);
                html! {<>
                    <line x1={from.clone()} x2={to.clone()} y1={px(y)} y2={px(y)} stroke="var(--line)"/><text class="sm t-ink m" x="0" y={px(y + 4.0)}>{ format!("row {name}") }</text>
                    if gone { <circle cx={px(cx)} cy={px(y)} r="5.9" class="s-dead" stroke-width="1.4" style="fill:var(--surface)"/><path d={format!("M{} {}l14.8 -14.8", px(cx - 7.4), px(y + 7.4))} class="s-dead" stroke-width="1.4"/><use href="#noeye" x={px(cx + 17.0)} y={px(y - 5.0)} width="14" height="10" style="color:var(--dead)"/><text x={px(cx + 36.0)} y={px(y + 4.0)}>{ "hidden" }</text> }
                    else { <circle cx={px(cx)} cy={px(y)} r="6.5" class="f-live"/><use href="#eye" x={px(cx + 17.0)} y={px(y - 5.0)} width="14" height="10" style="color:var(--live)"/><text class="t-live m" x={px(cx + 36.0)} y={px(y + 4.0)}>{ "still here" }</text> }
                </>}
            }) }
            <line x1={from.clone()} x2={to.clone()} y1="172" y2="172" stroke="var(--line-strong)"/>
            { for ROWS.iter().map(|(_, tenths)| html! {<><line x1={px(x(*tenths))} x2={px(x(*tenths))} y1="169" y2="175" stroke="var(--control)"/><text class="mono" x={px(x(*tenths))} y="190" text-anchor="middle">{ format!("+{}{}", tenths / 10, if *tenths == 200 { " ms" } else { "" }) }</text></>}) }
            <text x={from.clone()} y="208">{ "older" }</text><text x={px((left + wide - 20.0) / 2.0)} y="208" text-anchor="middle">{ axis }</text><text x={to.clone()} y="208" text-anchor="end">{ "newer" }</text>
            <text class="t-tomb b sm" x={px(edge - 24.0)} y="38" text-anchor="end">{ label }</text>
            <circle cx={px(edge)} cy="34" r="17" fill="var(--surface)" stroke="var(--tomb)" stroke-width="1.8"/><use href="#stone" x={px(edge - 6.5)} y="26" width="13" height="15" style="color:var(--tomb)"/>
            <text class="t-tomb m" x={px(edge + 24.0)} y="38">{ "↔ drag" }</text>
        </svg>
    }
}
