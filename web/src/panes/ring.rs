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
#[derive(Clone, PartialEq)]
pub struct Props {
    /// The ring.
    pub ring: Ring,
    /// The partition's key.
    pub key_words: String,
}

/// The ring.
pub fn draw(props: &Props) -> Html {
    let ring = &props.ring;
    let count = ring.nodes.len();
    let place =
        |order: usize| ring.nodes.iter().find(|(_, other)| *other == Some(order)).map(|(name, _)| name.as_str());
    let kept: Vec<&str> = (0..count).map_while(place).collect();
    let keeps = kept.join(", ");
    let says = format!("Token ring. {} is kept by {keeps}, in that order.", props.key_words);
    // Everything is drawn at the top and turned: degrees, clockwise.
    let each = 360.0 / count.max(1) as f32;
    let turn = |degrees: f32| format!("rotate({} {} {})", px(degrees), px(X), px(Y));
    let arc = |at: usize| {
        let own = at == ring.owner;
        let dashes = format!("{} 360", px((each - 30.0).max(4.0)));
        html! { <circle cx={px(X)} cy={px(Y)} r={px(R)} pathLength="360" fill="none" stroke-dasharray={dashes} transform={turn((at as f32 - 1.0) * each + 15.0 - 90.0)} stroke={if own { "var(--live)" } else { "var(--line-strong)" }} stroke-width={if own { "7" } else { "3" }}/> }
    };
    let here = turn((ring.owner as f32 - 0.5) * each);
    html! {<>
        if (1..=NODES_MAX).contains(&count) {
            <svg width="184" height="136" viewBox="0 0 184 136" role="img" aria-label={says}>
                if count > 1 { { for (0..count).map(arc) } }
                <path d={format!("M{} {}V{}", px(X), px(Y - R - 9.0), px(Y - R + 8.0))} transform={here} stroke="var(--ink)" stroke-width="2"/>
                { for ring.nodes.iter().enumerate().map(|(at, (name, order))| {
                    let degrees = at as f32 * each;
                    html! {
                        <g transform={format!("{} rotate({} {} {})", turn(degrees), px(-degrees), px(X), px(Y - R))}>
                            <circle cx={px(X)} cy={px(Y - R)} r="11" class={if order.is_some() { "f-ink" } else { "paper" }} stroke="var(--ink)" stroke-width="1.2"/>
                            <text x={px(X)} y={px(Y - R + 4.0)} text-anchor="middle" class="b" style={order.map(|_| "fill:var(--on-ink)")}>{ name.clone() }</text>
                        </g>
                    }
                }) }
                <text x={px(X)} y={px(Y + 4.0)} text-anchor="middle" class="t-2">{ format!("RF {}", kept.len()) }</text>
            </svg>
        }
        <dl><dt>{ "token" }</dt><dd class="mono" title={ring.token.clone()}>{ ring.token.clone() }</dd><dt>{ "keeps" }</dt><dd>{ keeps }</dd></dl>
    </>}
}
