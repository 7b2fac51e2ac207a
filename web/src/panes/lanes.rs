//! The world before it has run: empty lanes of those who will take part, and the signs that will be drawn on them.

use crate::panes::stage::{LEFT, RIGHT, px};
use yew::prelude::*;

/// What the empty stage is given.
pub struct Props {
    /// Names, and whether it is a client.
    pub lanes: Vec<(String, bool)>,
    /// Width, px.
    pub width: f32,
}

/// Empty lanes.
pub fn draw(props: &Props) -> Html {
    let tall = props.lanes.len() as f32 * 38.0 + 60.0;
    let middle = LEFT + (props.width - LEFT - RIGHT) / 2.0;
    html! {
        <svg width={px(props.width)} height={px(tall)} viewBox={format!("0 0 {} {}", px(props.width), px(tall))} role="img" aria-label="Nothing has run yet. Run draws every message here, from client to node to node.">
            { for props.lanes.iter().enumerate().map(|(at, (name, client))| {
                let y = 32.0 + at as f32 * 38.0;
                html! {<>
                    <line class="lane" x1={px(LEFT)} x2={px(props.width - 20.0)} y1={px(y)} y2={px(y)}/>
                    if *client { <rect x="0" y={px(y - 5.0)} width="10" height="10" rx="1.5" class="f-ink"/> } else { <circle cx="5" cy={px(y)} r="5" class="f-ink"/> }
                    <text class="sm b t-ink" x="18" y={px(y + 4.0)}>{ name.clone() }</text>
                </>}
            }) }
            <rect x={px(middle - 130.0)} y={px(tall / 2.0 - 46.0)} width="260" height="56" fill="var(--paper)"/>
            <text class="serif t-2" style="font-size:16px" x={px(middle)} y={px(tall / 2.0 - 22.0)} text-anchor="middle">{ "Run draws every message here," }</text>
            <text class="serif t-2" style="font-size:16px" x={px(middle)} y={px(tall / 2.0)} text-anchor="middle">{ "from client to node to node." }</text>
        </svg>
    }
}

/// What the signs mean: a text of its own, for it is always the same.
const LEGEND: &str = concat!(
    r##"<ul class="legend"><li><svg width="22" height="14" aria-hidden="true"><circle cx="11" cy="7" r="4.2" class="f-live"/></svg>row written</li>"##,
    r##"<li><svg width="22" height="14" aria-hidden="true"><use href="#stone" x="5.5" y="1" width="11" height="12" style="color:var(--tomb)"/></svg>tombstone written</li>"##,
    r##"<li><svg width="22" height="18" aria-hidden="true"><circle cx="11" cy="9" r="8" class="paper" stroke="var(--tomb)" stroke-width="1.3"/><use href="#stone" x="7" y="4" width="8" height="9.4" style="color:var(--tomb)"/></svg>on its way</li>"##,
    r##"<li><svg width="22" height="14" aria-hidden="true"><line class="msg a" x1="2" x2="18" y1="7" y2="7" marker-end="url(#h-a)"/></svg>reply</li>"##,
    r##"<li><svg width="22" height="14" aria-hidden="true"><line class="msg x" x1="2" x2="13" y1="7" y2="7"/><path d="M14 4l5 5m0 -5l-5 5" stroke="var(--dropped)" stroke-width="1.5"/></svg>lost</li></ul>"##,
);

/// What the signs mean.
pub fn legend() -> Html {
    Html::from_html_unchecked(AttrValue::Static(LEGEND))
}
