//! A lesson: prose beside a live scenario. What answers a question is said when it has been guessed.

use crate::{
    gallery::LESSONS,
    panes::{
        icon, press,
        verdict::{Ask, card},
    },
    state::{Action, Checked, Taught},
};
use yew::prelude::*;

/// What the lesson is given.
#[derive(Clone, PartialEq)]
pub struct Props {
    /// The lesson, and how far it is read.
    pub taught: Taught,
    /// Its questions, as far as they are in the text, with their guesses and answers.
    pub asks: Vec<Ask>,
    /// What must hold at the end.
    pub checks: Vec<Checked>,
    /// Lessons that are done.
    pub learned: Vec<String>,
    /// What happens.
    pub act: Callback<Action>,
}

/// The lesson.
pub fn draw(props: &Props) -> Html {
    let Taught { at, lesson, step, .. } = &props.taught;
    let open = (*step).min(lesson.steps.len());
    html! {
        <section class="lesson" aria-label={lesson.title.clone()}>
            <div class="prose">
                <p class="kicker">{ format!("Lesson {} of {} · step {open} of {}", at + 1, LESSONS.len(), lesson.steps.len()) }</p>
                <h1>{ lesson.title.clone() }</h1>
                { for (0..open).map(|at| one(at, open, props)) }
                if props.taught.all() && props.asks.iter().all(|ask| ask.guess.is_some()) { { turn(props) } }
            </div>
            { foot(props) }
        </section>
    }
}

fn one(at: usize, open: usize, props: &Props) -> Html {
    let Some(step) = props.taught.lesson.steps.get(at) else { return Html::default() };
    let asks: Vec<&Ask> = props.taught.questions(at).filter_map(|at| props.asks.get(at)).collect();
    let guessed = asks.iter().all(|ask| ask.guess.is_some());
    html! {
        <section id={(at + 1 == open).then_some("step")} tabindex="-1">
            { for step.prose.iter().map(|paragraph| html! { <p>{ rich(paragraph) }</p> }) }
            { for asks.iter().map(|ask| card(ask, &props.act)) }
            if guessed {
                { for step.reveal.iter().map(|paragraph| html! { <p class="reveal">{ rich(paragraph) }</p> }) }
                { for step.after.iter().map(|paragraph| html! { <p>{ rich(paragraph) }</p> }) }
            }
        </section>
    }
}

fn turn(props: &Props) -> Html {
    let turn = &props.taught.lesson.turn;
    html! {
        <section class="check" aria-label="Your turn">
            <h2>{ icon("#flag", 13) }{ " Your turn" }</h2>
            { for turn.prose.iter().map(|paragraph| html! { <p>{ rich(paragraph) }</p> }) }
            <ul aria-live="polite">{ for props.checks.iter().map(|check| html! {
                <li class={check.holds.then_some("ok")}><i aria-hidden="true">{ if check.holds { "✓" } else { "" } }</i><span>{ rich(&check.words) }</span><span class="sr">{ if check.holds { ", done" } else { ", not yet" } }</span>
                    if let Some(now) = check.now.as_ref().filter(|_| !check.holds) { <small>{ format!("now {now}") }</small> }
                </li>
            }) }</ul>
            { for turn.hints.iter().take(props.taught.hints).map(|hint| html! { <p class="reveal">{ rich(hint) }</p> }) }
        </section>
    }
}

fn foot(props: &Props) -> Html {
    let (taught, act) = (&props.taught, &props.act);
    let guessed = (0..taught.step)
        .flat_map(|step| taught.questions(step))
        .all(|at| props.asks.get(at).is_none_or(|ask| ask.guess.is_some()));
    let done = LESSONS.get(taught.at).is_some_and(|lesson| props.learned.iter().any(|slug| slug == lesson.slug));
    let next = LESSONS.get(taught.at + 1);
    html! {
        <footer>
            <nav class="steps" aria-label="Lessons">{ for LESSONS.iter().enumerate().map(|(at, lesson)| {
                let learned = props.learned.iter().any(|slug| slug == lesson.slug);
                let on = at == taught.at;
                let name = format!("Lesson {}: {}{}", at + 1, lesson.title, if learned { ", done" } else { "" });
                html! { <a class={match (on, learned) { (true, true) => "on done", (true, false) => "on", (false, true) => "done", (false, false) => "" }} href={format!("#lesson/{}", lesson.slug)} aria-label={name.clone()} title={name} aria-current={on.then_some("page")}>{ if learned && !on { "✓".to_string() } else { (at + 1).to_string() } }</a> }
            }) }</nav>
            <span class="push">
                <button class="btn small" onclick={press(act, Action::LessonBack)}>{ "Back to the lesson’s text" }</button>
                if taught.all() && !done && taught.hints < taught.lesson.turn.hints.len() { <button class="btn small" onclick={press(act, Action::Hint)}>{ "A hint" }</button> }
                if !taught.all() { <button class="btn run small" disabled={!guessed} title={(!guessed).then_some("Guess first")} onclick={press(act, Action::LessonNext)}>{ "Next step " }{ icon("#next", 11) }</button> }
                else if let Some(next) = next.filter(|_| done) { <a class="btn run small" href={format!("#lesson/{}", next.slug)}>{ "Next lesson " }{ icon("#next", 11) }</a> }
                else if done { <a class="btn run small" href="#start">{ "That was the last one " }{ icon("#next", 11) }</a> }
            </span>
        </footer>
    }
}

/// A paragraph: `code`, **strong** and *stressed* words.
fn rich(text: &str) -> Html {
    let mut out: Vec<Html> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*']) {
        let (before, from) = rest.split_at(at);
        let mark = if from.starts_with("**") { "**" } else { from.get(..1).unwrap_or("`") };
        let inner = from.get(mark.len()..).unwrap_or("");
        let Some((said, after)) = inner.split_once(mark) else { break };
        out.push(html! { before.to_string() });
        out.push(match mark {
            "`" => html! { <code class="num">{ said.to_string() }</code> },
            "**" => html! { <b>{ said.to_string() }</b> },
            _ => html! { <em>{ said.to_string() }</em> },
        });
        rest = after;
    }
    out.push(html! { rest.to_string() });
    out.into_iter().collect()
}
