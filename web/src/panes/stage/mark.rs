//! Marks on the lanes: what happened at one machine, and the words beside it.

use super::{LEFT, Plan, RIGHT, aside, px, sign, token, tone};
use crate::{
    scene::{Bracket, Carries, Mark, MarkKind, Side, Stage},
    state::{Action, Go},
};
use yew::prelude::*;

/// The words that a mark puts beside itself.
fn label(mark: &Mark) -> Option<&str> {
    match &mark.kind {
        MarkKind::Word(words) | MarkKind::Answer(words, _) if !words.is_empty() => Some(words),
        _ => None,
    }
}

/// Whether a label would run into the one before it on its lane: it then stands above the lane, on a phone below its mark.
pub(super) fn crowded(at: usize, stage: &Stage, plan: &Plan) -> bool {
    let Some(mark) = stage.marks.get(at).filter(|mark| label(mark).is_some()) else { return false };
    // From the first label of the crowd on, every other one stands above.
    let (mut above, mut last) = (false, mark);
    for other in stage.marks.iter().take(at).rev().filter(|other| other.lane == mark.lane) {
        let Some(words) = label(other) else { continue };
        // Down a phone a line is in the way, not a word's length.
        let room = if plan.down { 14.0 } else { words.chars().count() as f32 * 6.9 + 8.0 };
        if plan.along(last.at) - plan.along(other.at) > room {
            break;
        }
        (above, last) = (!above, other);
    }
    above
}

pub(super) fn draw(mark: &Mark, above: bool, stage: &Stage, plan: &Plan, act: &Callback<Action>) -> Html {
    let (x, y) = plan.point(mark.lane, mark.at);
    let client = stage.lanes.get(mark.lane).is_some_and(|lane| lane.client);
    let press = {
        let (act, event) = (act.clone(), mark.event);
        let action = if mark.side == Side::There { Action::GoBeside(event) } else { Action::Go(Go::To(event)) };
        Callback::from(move |_: MouseEvent| act.emit(action.clone()))
    };
    let text = |class: &'static str, words: &str| {
        let wide = words.chars().count() as f32 * 7.0;
        // Where the cursor's own time stands there is no room before a lane; where each one's clock stands, none behind it.
        let now = plan.down && (plan.along(mark.at) - plan.along(stage.cursor)).abs() < 20.0;
        let before = if plan.down { wide < x - if now { 60.0 } else { 0.0 } } else { x + wide > plan.width - 50.0 };
        let (tx, ty) = match (plan.down, before) {
            (true, true) => (x - 7.0, if above { y + 13.0 } else { y - 4.0 }),
            (true, false) => (x + 8.0, if now != above { y + 14.0 } else { y - 5.0 }),
            (false, true) => (x - 7.0, y - 6.0),
            (false, false) => (x + 7.0, if above { y - 6.0 } else { y + 13.0 }),
        };
        html! { <text class={class} x={px(tx)} y={px(ty)} text-anchor={before.then_some("end")}>{ words.to_string() }</text> }
    };
    let shape = match &mark.kind {
        MarkKind::Submit => html! { <circle cx={px(x)} cy={px(y)} r="3.5" class="f-ink"/> },
        MarkKind::Write(Carries::Tomb) => {
            html! {<><circle cx={px(x)} cy={px(y)} r="8.5" class="paper"/>{ sign("#stone", x - 5.5, y - 7.0, 11.0, 12.9, "color:var(--tomb)") }</>}
        }
        MarkKind::Write(_) => html! { <circle cx={px(x)} cy={px(y)} r="4.2" class="f-live"/> },
        MarkKind::Read => html! { <circle cx={px(x)} cy={px(y)} r="2.6" class="f-msg"/> },
        MarkKind::Answer(words, error) => {
            let stroke = if *error {
                "var(--fault)"
            } else if words == "ok" {
                "var(--reply)"
            } else {
                "var(--live)"
            };
            let class = if *error {
                "b t-fault"
            } else if words == "ok" {
                "b t-2"
            } else {
                "b t-live"
            };
            html! {<><circle cx={px(x)} cy={px(y)} r="3" class="paper" stroke={stroke} stroke-width="1.2"/>{ text(class, words) }</>}
        }
        MarkKind::Stamp(words, carries) => stamp((x, y), words, *carries, client, plan),
        MarkKind::Word(words) => {
            html! {<><path d={format!("M{} {}l4 4l-4 4l-4 -4Z", px(x), px(y - 4.0))} class="f-fault"/>{ text("t-fault m", words) }</>}
        }
    };
    html! { <g class={classes!(mark.future.then_some("future"), aside(mark.side))} onclick={press} style="cursor:pointer">{ shape }</g> }
}

/// Where a date's pill begins, and how wide it is.
fn pill(x: f32, words: &str, client: bool, plan: &Plan) -> (f32, f32) {
    let wide = (words.chars().count() as f32) * 6.7 + if plan.down { 12.0 } else { 52.0 };
    let left = if plan.down {
        (x + 10.0).min(plan.width - wide)
    } else if (client && x + 8.0 + wide <= plan.width - RIGHT) || x - 12.0 - wide < LEFT {
        x + 8.0
    } else {
        x - 12.0 - wide
    };
    (left, wide)
}

/// Where a statement's words begin on a phone: behind the client's mark, and its date if it has one there.
pub(super) fn beside(bracket: &Bracket, stage: &Stage, plan: &Plan) -> f32 {
    let here = || stage.marks.iter().filter(|mark| mark.at == bracket.from);
    let lane = here().find(|mark| mark.kind == MarkKind::Submit).map_or(0, |mark| mark.lane);
    let x = plan.across(lane);
    let dated = here().filter(|mark| mark.lane == lane).find_map(|mark| match &mark.kind {
        MarkKind::Stamp(words, _) => Some(pill(x, words, true, plan)),
        _ => None,
    });
    let x = dated.map_or(x + 10.0, |(left, wide)| left + wide + 6.0);
    x.min(plan.width - bracket.label.len() as f32 * 6.7)
}

/// The dates for which there is no room beside others of their lane, by their places among the marks. Those of the statement at the cursor
/// come first.
pub(super) fn hidden(stage: &Stage, plan: &Plan, above: &[bool]) -> Vec<usize> {
    let now = stage.brackets.iter().find(|bracket| bracket.now);
    let of_now = |mark: &Mark| now.is_some_and(|now| (now.from..=now.to).contains(&mark.at));
    let stamps = || {
        stage.marks.iter().enumerate().filter_map(|(at, mark)| match &mark.kind {
            MarkKind::Stamp(words, _) if !plan.down => Some((at, mark, words)),
            _ => None,
        })
    };
    let (mut taken, mut hidden): (Vec<(usize, f32, f32)>, Vec<usize>) = (Vec::new(), Vec::new());
    let first = stamps().filter(|stamp| of_now(stamp.1)).count();
    let sorted = stamps().filter(|stamp| of_now(stamp.1)).chain(stamps().filter(|stamp| !of_now(stamp.1)));
    for (turn, (at, mark, words)) in sorted.enumerate() {
        if turn == first {
            taken.extend(spoken(stage, plan, above));
        }
        let client = stage.lanes.get(mark.lane).is_some_and(|lane| lane.client);
        let (left, wide) = pill(plan.point(mark.lane, mark.at).0, words, client, plan);
        if taken.iter().any(|(lane, from, to)| *lane == mark.lane && left < *to && *from < left + wide) {
            hidden.push(at);
        } else {
            taken.push((mark.lane, left, left + wide));
        }
    }
    hidden
}

/// Where words stand above a lane.
fn spoken<'a>(stage: &'a Stage, plan: &'a Plan, above: &'a [bool]) -> impl Iterator<Item = (usize, f32, f32)> + 'a {
    stage.marks.iter().zip(above).filter(|(_, above)| **above).map(|(mark, _)| {
        let (from, words) = (plan.along(mark.at) + 7.0, label(mark).unwrap_or_default());
        (mark.lane, from, from + words.chars().count() as f32 * 6.9)
    })
}

fn stamp((x, y): (f32, f32), words: &str, carries: Carries, client: bool, plan: &Plan) -> Html {
    let (left, wide) = pill(x, words, client, plan);
    let top = y - if client || plan.down { 19.0 } else { 17.0 };
    html! {<>
        <rect class="pill" x={px(left)} y={px(top)} width={px(wide)} height="17" rx="3" stroke={token(carries)}/>
        <text x={px(left + 6.0)} y={px(top + 12.0)} class={tone(carries)}>{ if plan.down { "" } else { "stamps " } }<tspan class="mono b" style="font-family:var(--font-data);font-weight:600">{ words.to_string() }</tspan></text>
    </>}
}
