//! A machine's lane: its name, its clock, and when it was not well.

use super::{DAY, EDGE, LEFT, Plan, RIGHT, TOP, px};
use crate::{
    axis::{exact, moment, signed},
    scene::{Lane, MarkKind, SpellKind, Stage},
};
use yew::prelude::*;

pub(super) fn draw(at: usize, lane: &Lane, stage: &Stage, plan: &Plan) -> Html {
    let across = plan.across(at);
    let (from, to) = if plan.down { (4.0, plan.height - 4.0) } else { (LEFT, plan.width - RIGHT) };
    let end = stage.times.last().copied().unwrap_or(0);
    let skew = lane.offset != 0;
    let wash = skew.then(|| {
        let (x, y, w, h) = if plan.down {
            (across - 17.0, from - 4.0, 34.0, to - from + 8.0)
        } else {
            (from, across - 15.0, to - from, 30.0)
        };
        let (dx, dy, dw, dh) = if plan.down { (across + 4.0, y, 13.0, h) } else { (x, across + 2.0, w, 13.0) };
        html! {<>
            <rect x={px(x)} y={px(y)} width={px(w)} height={px(h)} rx="3" fill="var(--clock-wash)"/>
            <rect x={px(dx)} y={px(dy)} width={px(dw)} height={px(dh)} rx="3" fill="url(#dots)" opacity=".35"/>
        </>}
    });
    // What is said at a mark stands to its right, 60 px at most.
    let speaks = |kind: &MarkKind| matches!(kind, MarkKind::Word(_) | MarkKind::Answer(..));
    let said =
        || stage.marks.iter().filter(|mark| mark.lane == at && speaks(&mark.kind)).map(|mark| plan.along(mark.at));
    let shade = lane.spells.iter().map(|spell| {
        let (a, b) = (plan.along(spell.from), plan.along(spell.to.unwrap_or(end)).max(plan.along(spell.from) + 12.0));
        let (word, class) = match spell.kind {
            SpellKind::Down => ("down", "s-fault"),
            SpellKind::Cut => ("cut off", "s-fault"),
            SpellKind::Paused => ("paused", "s-ink"),
        };
        let b = if spell.to.is_none() { to } else { b };
        if plan.down {
            html! { <rect x={px(across - 9.0)} y={px(a)} width="18" height={px(b - a)} fill="url(#cut)"><title>{ word }</title></rect> }
        } else {
            let dots = spell.kind == SpellKind::Down;
            // Looked for only where there is a word, and room for it.
            let middle = (b - a > 52.0).then(|| free_middle(a + 24.0, b - 24.0, &said().collect::<Vec<_>>()));
            html! {<>
                <rect x={px(a)} y={px(across - 9.0)} width={px(b - a)} height="18" fill={if dots { "var(--surface)" } else { "url(#cut)" }}/>
                <line class={class} x1={px(a)} x2={px(b)} y1={px(across)} y2={px(across)} stroke-dasharray="2 4" stroke-width="1.4"/>
                if let Some(cx) = middle { <rect x={px(cx - 22.0)} y={px(across - 8.0)} width="44" height="16" rx="3" fill="var(--surface)"/><text class={if spell.kind == SpellKind::Paused { "t-2" } else { "t-fault" }} x={px(cx)} y={px(across + 4.0)} text-anchor="middle">{ word }</text> }
            </>}
        }
    });
    let stroke = if skew { "stroke:var(--clock)" } else { "stroke:var(--line-strong)" };
    // Where an answer is written, its own time is not.
    let answers = stage.marks.iter().filter(|mark| mark.lane == at && matches!(mark.kind, MarkKind::Answer(..)));
    let answers: Vec<f32> = answers.map(|mark| plan.axis.place(mark.at)).collect();
    let free = |place: &f32| plan.down || answers.iter().all(|answer| !(answer - 62.0..answer + 44.0).contains(place));
    let own = |gap: f32, draw: &dyn Fn(f32, String) -> Html| -> Html {
        let mut ticks = if skew { plan.axis.ticks(gap) } else { Vec::new() };
        ticks.retain(|(_, place)| free(place));
        let own = |(time, place)| draw(place, own_moment((time as i64).saturating_add(lane.offset)));
        ticks.into_iter().map(own).collect()
    };
    if plan.down {
        let own = own(70.0, &|place, words| {
            html! { <text class="mono t-clock own" x={px(across)} y={px(place + TOP + 4.0)} text-anchor="middle">{ words }</text> }
        });
        return html! {<>{ for wash }<line x1={px(across)} x2={px(across)} y1={px(from)} y2={px(to)} style={stroke}/>{ for shade }{ own }</>};
    }
    let own = own(96.0, &|place, words| {
        let x = place + LEFT + EDGE;
        html! {<><line x1={px(x)} x2={px(x)} y1={px(across)} y2={px(across + 6.0)} class="s-clock"/><text class="mono t-clock" x={px(x + 4.0)} y={px(across + 12.0)}>{ words }</text></>}
    });
    let (hollow, name) = (
        lane.spells.last().is_some_and(|spell| spell.to.is_none() && spell.kind == SpellKind::Down),
        lane.name.clone(),
    );
    let about_at = 25.0 + name.chars().count() as f32 * 7.8;
    // As much of it as has room: all, its first word, nothing; nor what its name says already.
    let fits = |words: &&str| words.chars().count() as f32 * 5.6 <= LEFT - about_at;
    let first = lane.about.split(' ').next().unwrap_or_default();
    let about = [lane.about.as_str(), first].into_iter().find(fits).filter(|about| **about != name);
    let about = about.unwrap_or_default().to_string();
    html! {<>
        { for wash }
        <line x1={px(from)} x2={px(to)} y1={px(across)} y2={px(across)} style={stroke}/>
        { for shade }
        { own }
        if lane.client { <rect x="0" y={px(across - 5.0)} width="10" height="10" rx="1.5" class="f-ink"/> }
        else if hollow { <circle cx="5" cy={px(across)} r="4.4" class="s-fault" stroke-width="1.4"/> }
        else { <circle cx="5" cy={px(across)} r="5" class="f-ink"/> }
        <text class="sm b t-ink" x="18" y={px(across + 4.0)}>{ name }</text>
        <text x={px(about_at)} y={px(across + 4.0)}>{ about }</text>
        <text class={if skew { "mono sm t-clock b" } else { "mono sm t-2" }} x={px(plan.width)} y={px(across + 4.0)} text-anchor="end">{ own_exact(lane.now) }</text>
        if skew { <text class="mono t-clock" x={px(plan.width)} y={px(across + 17.0)} text-anchor="end">{ signed(lane.offset) }</text> }
    </>}
}

/// The place nearest to the middle between `a` and `b` where a word of 44 px touches none of these; the middle, where there is none.
fn free_middle(a: f32, b: f32, said: &[f32]) -> f32 {
    let (middle, step) = ((a + b) / 2.0, 6.0);
    let free = |at: &f32| said.iter().all(|said| !(said - 26.0..said + 82.0).contains(at));
    let steps = (0..=((b - a).max(0.0) / 2.0 / step) as u32).map(|n| n as f32 * step);
    let mut places = steps.flat_map(|off| [middle - off, middle + off]);
    places.find(free).unwrap_or(middle)
}

/// A clock's own time at a tick, without its day.
fn own_moment(micros: i64) -> String {
    u64::try_from(micros).map_or_else(|_| signed(micros), |micros| moment(micros % DAY))
}

/// A clock's own time without its day: that stands on the axis.
fn own_exact(micros: i64) -> String {
    u64::try_from(micros).map_or_else(|_| signed(micros), |micros| exact(micros % DAY))
}
