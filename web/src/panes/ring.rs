//! Who keeps a partition: the ring, walked from its token on.

use crate::{panes::stage::px, scene::Ring};
use yew::prelude::*;

/// More nodes than this are a list, not a ring.
const NODES_MAX: usize = 12;
/// The ring's middle, px from the left.
const X: f32 = 92.0;
/// Its middle, from the top.
const Y: f32 = 66.0;
/// Its radius.
const R: f32 = 48.0;

/// What the ring is given.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The ring.
    pub ring: Ring,
    /// The partition's key.
    pub key_words: String,
}

/// A point of the ring; `turn` is a share of it, from the top clockwise.
fn point(turn: f32, radius: f32) -> (f32, f32) {
    let angle = (turn - 0.25) * std::f32::consts::TAU;
    (X + radius * angle.cos(), Y + radius * angle.sin())
}

/// The ring.
#[component]
pub fn RingPane(props: &Props) -> Html {
    let ring = &props.ring;
    let count = ring.nodes.len();
    let mut kept: Vec<(usize, &str)> =
        ring.nodes.iter().filter_map(|(name, order)| Some(((*order)?, name.as_str()))).collect();
    kept.sort_unstable();
    let keeps = kept.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ");
    let says = format!("Token ring. {} is kept by {keeps}, in that order.", props.key_words);
    let turn = |at: usize| at as f32 / count.max(1) as f32;
    let arc = |at: usize| {
        let long = 1.0 / count.max(1) as f32;
        let ((x1, y1), (x2, y2)) = (point(turn(at) - long + 0.04, R), point(turn(at) - 0.04, R));
        let own = at == ring.owner;
        html! { <path d={format!("M{} {}A{R} {R} 0 {} 1 {} {}", px(x1), px(y1), i32::from(long > 0.58), px(x2), px(y2))} fill="none" stroke={if own { "var(--live)" } else { "var(--line-strong)" }} stroke-width={if own { "7" } else { "3" }}/> }
    };
    let here = turn(ring.owner) - 0.5 / count.max(1) as f32;
    let ((x1, y1), (x2, y2)) = (point(here, R - 8.0), point(here, R + 9.0));
    html! {<>
        if (1..=NODES_MAX).contains(&count) {
            <svg width="184" height="136" viewBox="0 0 184 136" role="img" aria-label={says}>
                if count > 1 { { for (0..count).map(arc) } }
                <path d={format!("M{} {}L{} {}", px(x1), px(y1), px(x2), px(y2))} stroke="var(--ink)" stroke-width="2"/>
                { for ring.nodes.iter().enumerate().map(|(at, (name, order))| {
                    let (x, y) = point(turn(at), R);
                    html! {<>
                        <circle cx={px(x)} cy={px(y)} r="11" class={if order.is_some() { "f-ink" } else { "paper" }} stroke="var(--ink)" stroke-width="1.2"/>
                        <text x={px(x)} y={px(y + 4.0)} text-anchor="middle" class="b" style={order.map(|_| "fill:var(--on-ink)")}>{ name.clone() }</text>
                    </>}
                }) }
                <text x={px(X)} y={px(Y + 4.0)} text-anchor="middle" class="t-2">{ format!("RF {}", kept.len()) }</text>
            </svg>
        }
        <dl><dt>{ "token" }</dt><dd class="mono" title={ring.token.clone()}>{ ring.token.clone() }</dd><dt>{ "keeps" }</dt><dd>{ keeps }</dd></dl>
    </>}
}
