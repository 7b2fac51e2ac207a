//! A stage with more on it than can be elements of the page: the same messages and marks as lines, discs and stones for a canvas,
//! in layers of one colour each. Lanes, axis, words, the cursor and what stands at it are drawn above them as always.

use super::{Plan, Props, short_of, token};
use crate::scene::{Carries, Fate, Mark, MarkKind, Side, Stage, Stroke};

/// From so many messages and marks on, they are painted.
pub const CROWD: usize = 400;
/// How near a press must be to a mark, px.
const NEAR: f32 = 14.0;
/// Most words that are written over a crowd.
const WORDS_MAX: usize = 60;

/// What is painted in one go.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The token of its colour.
    pub token: &'static str,
    /// It lies beyond the cursor.
    pub future: bool,
    /// Whose it is.
    pub side: Side,
    /// Lines: from x, y to x, y, px.
    pub lines: Vec<[f32; 4]>,
    /// Discs: x, y, radius, px.
    pub discs: Vec<[f32; 3]>,
    /// Headstones: x, y of their middles, px.
    pub stones: Vec<[f32; 2]>,
}

/// Whether a stage is painted.
pub fn crowded(stage: &Stage) -> bool {
    stage.strokes.len() + stage.marks.len() > CROWD
}

/// What is painted, and how large it is, px. What lies beyond the cursor comes first, under all else.
pub fn layers(props: &Props) -> (Vec<Layer>, (f32, f32)) {
    let (stage, plan) = (&*props.stage, Plan::of(props));
    let mut all: Vec<Layer> = Vec::new();
    for stroke in &stage.strokes {
        line(&mut all, stroke, &plan);
    }
    for mark in &stage.marks {
        disc(&mut all, mark, &plan);
    }
    let (mut beyond, known): (Vec<_>, Vec<_>) = all.into_iter().partition(|layer| layer.future);
    beyond.extend(known);
    (beyond, (plan.width, plan.height))
}

fn layer<'a>(all: &'a mut Vec<Layer>, token: &'static str, future: bool, side: Side) -> &'a mut Layer {
    let at = all.iter().position(|layer| (layer.token, layer.future, layer.side) == (token, future, side));
    let at = at.unwrap_or_else(|| {
        all.push(Layer { token, future, side, lines: Vec::new(), discs: Vec::new(), stones: Vec::new() });
        all.len() - 1
    });
    &mut all[at]
}

/// The name of the token that an element would wear.
fn named(carries: Carries) -> &'static str {
    token(carries).trim_start_matches("var(").trim_end_matches(')')
}

fn line(all: &mut Vec<Layer>, stroke: &Stroke, plan: &Plan) {
    let (from, to) = (plan.point(stroke.from, stroke.sent), plan.point(stroke.to, stroke.ends));
    let future = stroke.future || stroke.fate == Fate::Flying;
    let lost = stroke.fate == Fate::Lost;
    let layer = layer(all, if lost { "--dropped" } else { named(stroke.carries) }, future, stroke.side);
    let (x, y) = if lost { short_of(from, to, 12.0) } else { to };
    layer.lines.push([from.0, from.1, x, y]);
    if lost {
        layer.lines.extend([[x - 3.0, y - 3.0, x + 3.0, y + 3.0], [x - 3.0, y + 3.0, x + 3.0, y - 3.0]]);
    }
}

fn disc(all: &mut Vec<Layer>, mark: &Mark, plan: &Plan) {
    let (x, y) = plan.point(mark.lane, mark.at);
    let mut put = |token, radius| layer(all, token, mark.future, mark.side).discs.push([x, y, radius]);
    match &mark.kind {
        MarkKind::Submit => put("--ink", 2.4),
        MarkKind::Write(Carries::Tomb) => layer(all, "--tomb", mark.future, mark.side).stones.push([x, y]),
        MarkKind::Write(_) => put("--live", 2.6),
        MarkKind::Read => put("--message", 1.8),
        MarkKind::Answer(_, true) => put("--fault", 2.8),
        MarkKind::Answer(..) => put("--reply", 2.0),
        MarkKind::Word(_) => put("--fault", 3.2),
        // A date has no place of its own: it is that of what it dates.
        MarkKind::Stamp(..) => {}
    }
}

/// The marks that stay elements: what stands at the cursor, and as many words as can be read.
pub(super) fn spoken(stage: &Stage) -> Vec<usize> {
    let here = |mark: &Mark| mark.at == stage.cursor && !mark.future;
    let word = |mark: &Mark| matches!(&mark.kind, MarkKind::Word(words) if !words.is_empty());
    let marks = stage.marks.iter().enumerate();
    marks.filter(|(_, mark)| here(mark) || word(mark)).map(|(at, _)| at).take(WORDS_MAX).collect()
}

/// The mark or message that is nearest to a press.
pub(super) fn nearest(stage: &Stage, plan: &Plan, (x, y): (f32, f32)) -> Option<(u32, Side)> {
    let far = |(a, b): (f32, f32)| (a - x) * (a - x) + (b - y) * (b - y);
    let marks = stage.marks.iter().map(|mark| (far(plan.point(mark.lane, mark.at)), mark.event, mark.side));
    let ends =
        stage.strokes.iter().map(|stroke| (far(plan.point(stroke.from, stroke.sent)), stroke.event, stroke.side));
    let near = marks.chain(ends).filter(|(far, ..)| *far <= NEAR * NEAR);
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, event, side)| (event, side))
}
