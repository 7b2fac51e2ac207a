//! What happened, by true time: lanes, messages and marks. On a phone the same picture is turned, so that time runs down.

mod crowd;
mod lane;
mod mark;

use crate::{
    axis::{Axis, exact, moment, signed},
    panes::press,
    scene::{Bracket, Carries, Fate, Side, Stage, Stroke},
    state::{Action, Go},
};
pub use crowd::{Layer, crowded, layers};
use std::rc::Rc;
use yew::prelude::*;

/// Where the axis begins on a desk, px: room for the lanes' names.
pub const LEFT: f32 = 110.0;
/// Where it ends, px from the right: room for each one's own clock.
pub const RIGHT: f32 = 96.0;
/// Room inside the axis on both sides, so that marks are not cut.
pub const EDGE: f32 = 18.0;

/// Room above and below the axis on a phone, px.
const TOP: f32 = 34.0;

/// A day, µs.
const DAY: u64 = 86_400_000_000;

/// What the stage is given.
#[derive(Clone, PartialEq)]
pub struct Props {
    /// The picture.
    pub stage: Rc<Stage>,
    /// Its width, px.
    pub width: f32,
    /// Time runs down.
    pub down: bool,
    /// What happens when a mark is pressed.
    pub act: Callback<Action>,
}

/// Where lanes and times lie.
struct Plan {
    axis: Axis,
    lanes: Vec<f32>,
    down: bool,
    width: f32,
    height: f32,
}

impl Plan {
    fn of(props: &Props) -> Self {
        if props.down { Self::phone(&props.stage, props.width) } else { Self::desk(&props.stage, props.width) }
    }

    fn desk(stage: &Stage, width: f32) -> Self {
        let (mut at, mut client) = (52.0, true);
        let lanes = stage
            .lanes
            .iter()
            .map(|lane| {
                at += if client && !lane.client { 46.0 } else { 38.0 };
                client = lane.client;
                at - 38.0
            })
            .collect();
        Self {
            axis: stage.axis((width - LEFT - RIGHT - 2.0 * EDGE).max(120.0)),
            lanes,
            down: false,
            width,
            height: at - 38.0 + 40.0,
        }
    }

    fn phone(stage: &Stage, width: f32) -> Self {
        let distinct = stage.times.iter().zip(stage.times.iter().skip(1)).filter(|(a, b)| a != b).count();
        let long = (distinct as f32 * 26.0).clamp(300.0, 6_000.0);
        let (first, step) = (66.0, (width - 66.0 - 34.0) / (stage.lanes.len().saturating_sub(1).max(1)) as f32);
        let lanes = (0..stage.lanes.len()).map(|at| first + at as f32 * step).collect();
        Self { axis: stage.axis(long), lanes, down: true, width, height: long + 2.0 * TOP }
    }

    fn across(&self, lane: usize) -> f32 {
        self.lanes.get(lane).copied().unwrap_or(0.0)
    }

    fn along(&self, time: u64) -> f32 {
        self.axis.place(time) + if self.down { TOP } else { LEFT + EDGE }
    }

    fn point(&self, lane: usize, time: u64) -> (f32, f32) {
        if self.down { (self.across(lane), self.along(time)) } else { (self.along(time), self.across(lane)) }
    }
}

/// The stage.
pub fn draw(props: &Props) -> Html {
    let (stage, plan) = (&*props.stage, Plan::of(props));
    if crowded(stage) {
        return draw_crowd(stage, plan, props);
    }
    let (w, h) = (plan.width, plan.height);
    let heads = props.down.then(|| heads(stage, &plan));
    let above: Vec<bool> = (0..stage.marks.len()).map(|at| mark::crowded(at, stage, &plan)).collect();
    let hidden = mark::hidden(stage, &plan, &above);
    html! {<>
        { for heads }
        { for stage.earlier.iter().filter(|_| props.down).map(|earlier| html! {
            <div class="earlier"><button class="chip" onclick={press(&props.act, Action::Go(Go::To(earlier.last)))}>{ format!("↑ {}, {} events", earlier.label, earlier.events) }</button></div>
        }) }
        <svg class="sequence" width={px(w)} height={px(h)} viewBox={format!("0 0 {} {}", px(w), px(h))} role="img" aria-label={stage.says.clone()}>
            if !props.down { { for stage.brackets.iter().map(|bracket| draw_bracket(bracket, &plan)) } }
            { grid(&plan) }
            { for stage.lanes.iter().enumerate().map(|(at, lane)| lane::draw(at, lane, stage, &plan)) }
            { for stage.strokes.iter().map(|stroke| draw_stroke(stroke, stage, &plan)) }
            { cursor(stage, &plan) }
            { for stage.marks.iter().zip(&above).enumerate().filter(|(at, _)| !hidden.contains(at)).map(|(_, (mark, above))| mark::draw(mark, *above, stage, &plan, &props.act)) }
            { for stage.strokes.iter().filter(|stroke| stroke.fate == Fate::Flying).map(|stroke| packet(stroke, stage, &plan)) }
            if props.down { { for stage.brackets.iter().map(|bracket| {
                let (x, y) = (mark::beside(bracket, stage, &plan), plan.along(bracket.from) - 7.0);
                html! { <text class={classes!("mono", tone(bracket.carries), bracket.now.then_some("b"))} x={px(x)} y={px(y)}>{ bracket.label.clone() }</text> }
            }) } }
        </svg>
    </>}
}

/// What is above a crowd, which is on a canvas under it.
fn draw_crowd(stage: &Stage, plan: Plan, props: &Props) -> Html {
    let (w, h) = (px(plan.width), px(plan.height));
    let wide = |bracket: &&Bracket| bracket.now || plan.along(bracket.to) - plan.along(bracket.from) > 14.0;
    let flying: Vec<&Stroke> = stage.strokes.iter().filter(|stroke| stroke.fate == Fate::Flying).take(40).collect();
    let layer = html! {<>
        { for stage.brackets.iter().filter(wide).map(|bracket| draw_bracket(bracket, &plan)) }
        { grid(&plan) }
        { for stage.lanes.iter().enumerate().map(|(at, lane)| lane::draw(at, lane, stage, &plan)) }
        { for flying.iter().map(|stroke| draw_stroke(stroke, stage, &plan)) }
        { cursor(stage, &plan) }
        { for crowd::spoken(stage).into_iter().filter_map(|at| Some(mark::draw(stage.marks.get(at)?, mark::crowded(at, stage, &plan), stage, &plan, &props.act))) }
        { for flying.iter().map(|stroke| packet(stroke, stage, &plan)) }
    </>};
    let press = {
        let (act, picture) = (props.act.clone(), props.stage.clone());
        Callback::from(move |event: MouseEvent| {
            match crowd::nearest(&picture, &plan, (event.offset_x() as f32, event.offset_y() as f32)) {
                Some((event, Side::There)) => act.emit(Action::GoBeside(event)),
                Some((event, _)) => act.emit(Action::Go(Go::To(event))),
                None => {}
            }
        })
    };
    let style = format!("width:{w}px;height:{h}px");
    html! {<>
        <canvas id="crowd" aria-hidden="true" {style}></canvas>
        <svg class="sequence" width={w.clone()} height={h.clone()} viewBox={format!("0 0 {w} {h}")} role="img" aria-label={stage.says.clone()} onclick={press}>{ layer }</svg>
    </>}
}

/// A length in px, to a tenth. Written by whole numbers: a float's own digits are several times the work and the code.
pub fn px(length: f32) -> String {
    let tenths = (length * 10.0).round() as i32;
    let (sign, whole, tenth) =
        (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    if tenth == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{tenth}") }
}

fn tone(carries: Carries) -> &'static str {
    match carries {
        Carries::Row => "t-live",
        Carries::Tomb => "t-tomb",
        Carries::Read => "t-msg",
        Carries::Reply => "t-2",
    }
}

fn line(class: &'static str, (x1, y1): (f32, f32), (x2, y2): (f32, f32), head: Option<&'static str>) -> Html {
    html! { <line class={class} x1={px(x1)} y1={px(y1)} x2={px(x2)} y2={px(y2)} marker-end={head} /> }
}

fn grid(plan: &Plan) -> Html {
    let ticks = plan.axis.ticks(if plan.down { 70.0 } else { 96.0 });
    let last = plan.lanes.last().copied().unwrap_or(0.0);
    html! {<>
        { for ticks.iter().enumerate().map(|(at, (time, place))| {
            let unit = if at == 0 && !plan.down { " s" } else { "" };
            if plan.down {
                let y = place + TOP;
                // For a day there is no room: the cursor has it.
                html! {<><line class="axis" x1="52" x2={px(plan.width)} y1={px(y)} y2={px(y)}/><text class="mono" x="0" y={px(y + 4.0)}>{ moment(*time % DAY) }</text></>}
            } else {
                let x = place + LEFT + EDGE;
                html! {<><line class="axis" x1={px(x)} x2={px(x)} y1="28" y2={px(last + 20.0)}/><text class="mono" x={px(x)} y={px(last + 34.0)} text-anchor="middle">{ format!("{}{unit}", moment(*time)) }</text></>}
            }
        }) }
        if !plan.down { <text class="t-2" x="0" y={px(last + 34.0)}>{ "true time" }</text> }
        { for plan.axis.cuts().map(|at| {
            let at = at + if plan.down { TOP } else { LEFT + EDGE };
            let d = if plan.down { format!("M52 {0}H{2}M52 {1}H{2}", px(at - 2.0), px(at + 2.0), px(plan.width)) }
                else { format!("M{0} 30V{2}M{1} 30V{2}", px(at - 2.0), px(at + 2.0), px(last + 20.0)) };
            html! { <path d={d} fill="none" stroke="var(--control)" stroke-width="1"><title>{ "idle time, cut out" }</title></path> }
        }) }
    </>}
}

fn draw_bracket(bracket: &Bracket, plan: &Plan) -> Html {
    let (a, b) = (plan.along(bracket.from), plan.along(bracket.to).max(plan.along(bracket.from) + 8.0));
    // All of it, its first word, or nothing: half a word says less.
    let room = if bracket.now { 12 } else { ((b - a) / 6.9) as usize };
    let first = bracket.label.split(' ').next().unwrap_or_default();
    let label = [&bracket.label, first].into_iter().find(|words| words.len() <= room).unwrap_or_default().to_string();
    let (colour, width) = if bracket.now { (token(bracket.carries), "1.5") } else { ("var(--line-strong)", "1") };
    html! {
        <g class={bracket.future.then_some("future")}>
            <path d={format!("M{} 20v-5H{}v5", px(a), px(b))} fill="none" stroke={colour} stroke-width={width}/>
            <text class={classes!("mono", bracket.now.then(|| tone(bracket.carries)), bracket.now.then_some("b"))} x={px((a + b) / 2.0)} y="10" text-anchor="middle">{ label }</text>
        </g>
    }
}

fn token(carries: Carries) -> &'static str {
    match carries {
        Carries::Row => "var(--live)",
        Carries::Tomb => "var(--tomb)",
        Carries::Read => "var(--message)",
        Carries::Reply => "var(--reply)",
    }
}

fn stroke_class(stroke: &Stroke) -> (&'static str, &'static str) {
    match (stroke.fate, stroke.carries) {
        (Fate::Lost, _) => ("msg x", "url(#h-a)"),
        (_, Carries::Row) => ("msg w", "url(#h-w)"),
        (_, Carries::Tomb) => ("msg t", "url(#h-t)"),
        (_, Carries::Read) => ("msg r", "url(#h-r)"),
        (_, Carries::Reply) => ("msg a", "url(#h-a)"),
    }
}

/// The line style of what only one of two futures has.
fn aside(side: Side) -> Option<&'static str> {
    match side {
        Side::Both => None,
        Side::Here => Some("here"),
        Side::There => Some("there"),
    }
}

/// The point `by` px before `to`, seen from `from`.
fn short_of(from: (f32, f32), to: (f32, f32), by: f32) -> (f32, f32) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let long = (dx * dx + dy * dy).sqrt().max(1.0);
    let part = ((long - by) / long).max(0.0);
    (from.0 + dx * part, from.1 + dy * part)
}

fn draw_stroke(stroke: &Stroke, stage: &Stage, plan: &Plan) -> Html {
    let (from, to) = (plan.point(stroke.from, stroke.sent), plan.point(stroke.to, stroke.ends));
    let (class, head) = stroke_class(stroke);
    let tip = short_of(from, to, 7.0);
    match stroke.fate {
        // One that was held up has a wave in the middle of its way.
        Fate::Landed => {
            let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
            let points = [from, middle, tip].map(|(x, y)| px(x) + " " + &px(y)).join(" ");
            let way = if stroke.late {
                html! { <polyline class={class} {points} marker-mid="url(#h-l)" marker-end={head}/> }
            } else {
                line(class, from, tip, Some(head))
            };
            html! { <g class={classes!(stroke.future.then_some("future"), aside(stroke.side))}>{ way }</g> }
        }
        Fate::Lost => {
            let end = short_of(from, to, 12.0);
            html! {
                <g class={classes!(stroke.future.then_some("future"), aside(stroke.side))}>
                    { line(class, from, end, None) }
                    <circle cx={px(end.0)} cy={px(end.1)} r="7" class="paper" stroke="var(--dropped)" stroke-width="1.2"/>
                    <path d={format!("M{} {}l5 5m0 -5l-5 5", px(end.0 - 2.5), px(end.1 - 2.5))} stroke="var(--dropped)" stroke-width="1.5"/>
                </g>
            }
        }
        Fate::Flying => {
            let now = on_the_way(stroke, stage, plan);
            html! {<>{ line(class, from, now, None) }<g class="future"><line class={class} x1={px(now.0)} y1={px(now.1)} x2={px(tip.0)} y2={px(tip.1)} stroke-dasharray="3 3" marker-end={head}/></g></>}
        }
    }
}

fn on_the_way(stroke: &Stroke, stage: &Stage, plan: &Plan) -> (f32, f32) {
    let (from, to) = (plan.point(stroke.from, stroke.sent), plan.point(stroke.to, stroke.ends));
    let whole = plan.along(stroke.ends) - plan.along(stroke.sent);
    let part =
        if whole > 0.0 { ((plan.along(stage.cursor) - plan.along(stroke.sent)) / whole).clamp(0.0, 1.0) } else { 0.0 };
    (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part)
}

fn packet(stroke: &Stroke, stage: &Stage, plan: &Plan) -> Html {
    let (x, y) = on_the_way(stroke, stage, plan);
    let stone = stroke.carries == Carries::Tomb;
    html! {
        <g>
            <circle cx={px(x)} cy={px(y)} r={if stone { "9" } else { "6" }} class="paper" stroke={token(stroke.carries)} stroke-width="1.3"/>
            if stone { { sign("#stone", x - 4.4, y - 5.2, 8.9, 10.4, "color:var(--tomb)") } }
            else if stroke.carries == Carries::Row { <circle cx={px(x)} cy={px(y)} r="3" class="f-live"/> }
        </g>
    }
}

fn sign(id: &'static str, x: f32, y: f32, w: f32, h: f32, style: &'static str) -> Html {
    html! { <use href={id} x={px(x)} y={px(y)} width={px(w)} height={px(h)} style={style}/> }
}

fn cursor(stage: &Stage, plan: &Plan) -> Html {
    let at = plan.along(stage.cursor);
    if plan.down {
        let words = exact(stage.cursor);
        html! {<>
            <line x1="46" x2={px(plan.width)} y1={px(at)} y2={px(at)} stroke="var(--now)" stroke-width="1.5"/>
            <rect id="now" x="-13" y={px(at - 9.0)} width={px(7.0 + 6.7 * words.len() as f32)} height="18" rx="3" fill="var(--now)"/>
            <text class="mono" x="-9" y={px(at + 4.0)} style="fill:var(--on-ink)">{ words }</text>
        </>}
    } else {
        let last = plan.lanes.last().copied().unwrap_or(0.0);
        html! { <line id="now" x1={px(at)} x2={px(at)} y1="22" y2={px(last + 40.0)} stroke="var(--now)" stroke-width="1.5"/> }
    }
}

fn heads(stage: &Stage, plan: &Plan) -> Html {
    html! {
        <ol class="heads" aria-hidden="true">
            { for stage.lanes.iter().enumerate().map(|(at, lane)| html! {
                <li class={(lane.offset != 0).then_some("off")} style={format!("left:{}px", px(plan.across(at) + 16.0))}>
                    <i class={lane.client.then_some("c")}></i><b>{ lane.name.clone() }</b>
                    if lane.offset != 0 { <small>{ signed(lane.offset) }</small> }
                </li>
            }) }
        </ol>
    }
}
