//! What each replica holds of one partition, placed by write timestamp: a tombstone is a shade, and what stands in it is hidden.

use crate::{
    panes::{press, stage::px},
    scene::{Atom, AtomKind, Block, Replicas, Seen},
    state::{Action, Go},
};
use std::rc::Rc;
use yew::prelude::*;

/// Height of an atom, px: the row of the table.
const ROW: f32 = 20.0;

/// What the replicas are given.
#[derive(Clone, PartialEq)]
pub struct Props {
    /// The picture.
    pub replicas: Rc<Replicas>,
    /// Width of the plot, px.
    pub plot: f32,
    /// A card for each replica, as on a phone.
    pub cards: bool,
    /// What happens.
    pub act: Callback<Action>,
}

/// The replicas.
pub fn draw(props: &Props) -> Html {
    let replicas = &*props.replicas;
    let places = (replicas.keys.len() > 1).then(|| places(replicas, &props.act));
    if props.cards {
        return html! {<>
            <h2>{ "What each replica holds" }<span>{ "by write timestamp" }</span></h2>
            { for places }
            { nothing(props) }
            { for replicas.blocks.iter().map(|block| card(block, replicas, props.plot)) }
            <div class="scale">{ scale(replicas, props.plot - 50.0, 0.0) }</div>
            <p class="sr">{ replicas.says.clone() }</p>
        </>};
    }
    html! {
        <div class="rep panel">
            <header><h2>{ "What each replica holds" }</h2><span>{ "placed by write timestamp: newer wins" }</span>{ for places }</header>
            <div class="grid" tabindex="0" role="group" aria-label="Replicas">
                <table>
                    <caption class="sr">{ replicas.says.clone() }</caption>
                    <thead><tr>
                        <th class="c-node" scope="col"><span class="sr">{ "replica" }</span></th><th class="c-cell" scope="col">{ "cell" }</th><th class="c-val" scope="col">{ "value" }</th>
                        <th class="c-ts" scope="col">{ "timestamp µs" }</th><th class="c-del" scope="col">{ "deletion time" }</th>
                        <th scope="col" style={format!("width:{}px;position:sticky", px(props.plot))}><span class="sr">{ "seen" }</span>{ scale(replicas, props.plot, 8.0) }</th>
                    </tr></thead>
                    { for replicas.blocks.iter().map(|block| body(block, replicas, props.plot)) }
                    if replicas.others > 0 { <tbody><tr class="more"><td colspan="6">{ format!("+ {} replicas more, each again different", replicas.others) }</td></tr></tbody> }
                </table>
                { nothing(props) }
            </div>
        </div>
    }
}

fn places(replicas: &Replicas, act: &Callback<Action>) -> Html {
    html! {
        <span class="places push" role="group" aria-label="Partition">
            { for replicas.keys.iter().enumerate().take(6).map(|(at, key)| {
                let act = act.clone();
                let on = at == replicas.chosen;
                html! { <button class={if on { "chip on" } else { "chip" }} aria-pressed={on.to_string()} onclick={move |_| act.emit(Action::Place(at))}>{ key.clone() }</button> }
            }) }
            if let Some(more) = replicas.keys.len().checked_sub(6).filter(|more| *more > 0) { <span class="count">{ format!("+ {more}") }</span> }
        </span>
    }
}

/// Where a timestamp stands on a plot of `width` px.
fn place(timestamp: i64, replicas: &Replicas, width: f32) -> f32 {
    let (low, high) = replicas.ends;
    let span = i128::from(high) - i128::from(low);
    if span <= 0 {
        return width * 0.6;
    }
    let part = (i128::from(timestamp) - i128::from(low)) as f32 / span as f32;
    14.0 + part.clamp(0.0, 1.0) * (width - 60.0)
}

/// The dates of the plot's lines. One that would touch the one before it, or what is beside the plot, is left out; its line is there.
fn scale(replicas: &Replicas, width: f32, beside: f32) -> Html {
    let mut end = beside;
    let labels = replicas.ticks.iter().filter_map(|(timestamp, words)| {
        let (x, half) = (place(*timestamp, replicas, width), 3.3 * words.len() as f32);
        (x - half >= end).then(|| {
            end = x + half + 8.0;
            (x, words)
        })
    });
    html! {
        <svg width={px(width)} height="14" aria-hidden="true" style="position:absolute;left:0;top:0">
            { for labels.map(|(x, words)| html! { <text class="mono" x={px(x)} y="11" text-anchor="middle">{ words.clone() }</text> }) }
        </svg>
    }
}

/// What is said where no replica holds anything: why, and where something begins.
fn nothing(props: &Props) -> Html {
    let replicas = &*props.replicas;
    if replicas.blocks.iter().any(|block| !block.atoms.is_empty()) {
        return Html::default();
    }
    let (what, why) = match replicas.first {
        _ if replicas.keys.is_empty() => ("No replica holds anything.", "Nothing was written in this run."),
        Some(_) => ("No replica holds this partition.", "The cursor is before its first write: "),
        None => ("No replica holds this partition.", "Whatever was written to it is gone."),
    };
    let go = replicas.first.map(|event| html! { <button class="ev" onclick={press(&props.act, Action::Go(Go::To(event)))}>{ format!("go to event {}", event + 1) }</button> });
    html! { <p class="hint"><b>{ what }</b>{ " " }{ why }{ for go }</p> }
}

/// The replicas of a block where there is little room: `n1 +4` of five that hold the same.
fn short_name(name: &str) -> String {
    let mut names = name.split(" = ");
    let (first, more) = (names.next().unwrap_or_default(), names.count());
    if more == 0 { first.into() } else { format!("{first} +{more}") }
}

fn body(block: &Block, replicas: &Replicas, width: f32) -> Html {
    let rows = block.atoms.len().max(1);
    html! {
        <tbody>
            { for block.atoms.iter().enumerate().map(|(at, atom)| html! {
                <tr class={(atom.seen == Seen::OnItsWay).then_some("way")} title={atom.why.clone()}>
                    if at == 0 { <th scope="rowgroup" rowspan={(rows + usize::from(block.more > 0)).to_string()}><b title={block.name.clone()}>{ short_name(&block.name) }</b></th> }
                    { cells(atom) }
                    if at == 0 { <td class="plot" rowspan={rows.to_string()}>{ picture(block, replicas, width) }</td> }
                </tr>
            }) }
            if block.atoms.is_empty() { <tr><th scope="rowgroup"><b title={block.name.clone()}>{ short_name(&block.name) }</b></th><td colspan="4" class="no">{ "holds nothing of it" }</td><td></td></tr> }
            if block.more > 0 { <tr class="more"><td colspan="5">{ format!("+ {} {}", block.more, if block.alike { "alike" } else { "more rows" }) }</td></tr> }
        </tbody>
    }
}

fn cells(atom: &Atom) -> Html {
    let (sign, tone) = match (atom.kind, atom.seen) {
        (AtomKind::Tomb, _) => (
            html! { <span class="tb"><svg width="9" height="10" aria-hidden="true"><use href="#stone"/></svg></span> },
            "mono tt",
        ),
        (AtomKind::Marker, Seen::Live) => (html! { <span class="mk" aria-hidden="true">{ "◆" }</span> }, "mono lv"),
        (AtomKind::Marker, _) => (html! { <span class="mk dd" aria-hidden="true">{ "◇" }</span> }, "mono dd"),
        (AtomKind::Cell, Seen::Live) => (html! { <span class="mk" aria-hidden="true">{ "●" }</span> }, "mono lv"),
        (AtomKind::Cell, _) => (html! { <span class="mk dd" aria-hidden="true">{ "○" }</span> }, "mono dd"),
        (AtomKind::Gone, _) => (html! { <span class="mk tt" aria-hidden="true">{ "◌" }</span> }, "mono tt"),
    };
    html! {<>
        <td class="w" title={format!("{} {}", atom.row, atom.what)}>{ sign }{ " " }{ atom.row.clone() }{ " " }<small>{ atom.what.clone() }</small><span class="sr">{ word(atom) }</span></td>
        <td class="mono c-val" title={atom.value.clone()}>{ atom.value.clone() }</td>
        <td class={tone} title={format!("{} µs since 1970", atom.timestamp)}>{ atom.dated.clone() }</td>
        <td class={if atom.dies == "–" { "mono c-del no" } else { "mono c-del" }}>{ atom.dies.clone() }</td>
    </>}
}

fn word(atom: &Atom) -> &'static str {
    match (atom.kind, atom.seen) {
        (_, Seen::OnItsWay) => "on its way",
        (AtomKind::Tomb | AtomKind::Gone, _) => "a tombstone",
        (_, Seen::Live) => "seen",
        (_, Seen::Hidden) => "hidden",
        (_, Seen::Expired) => "expired",
    }
}

fn picture(block: &Block, replicas: &Replicas, width: f32) -> Html {
    let rows = block.atoms.len();
    html! {
        <svg width={px(width)} height={px(rows as f32 * ROW)} aria-hidden="true">
            { for replicas.ticks.iter().map(|(timestamp, _)| { let x = px(place(*timestamp, replicas, width)); html! { <line class="axis" x1={x.clone()} x2={x} y1="0" y2={px(rows as f32 * ROW)}/> } }) }
            { for block.atoms.iter().map(|atom| shade(atom, replicas, width, ROW)) }
            { short(block, replicas, width, ROW) }
            { for block.atoms.iter().enumerate().map(|(at, atom)| dot(at, atom, replicas, width, ROW)) }
        </svg>
    }
}

fn shade(atom: &Atom, replicas: &Replicas, width: f32, row: f32) -> Html {
    let x = place(atom.timestamp, replicas, width);
    let runs = atom.shade.iter().map(|(from, many)| (*from as f32 * row, *many as f32 * row - 2.0));
    let draw = |(y, h): (f32, f32)| {
        if atom.seen == Seen::OnItsWay {
            return html! { <rect x=".5" y={px(y + 0.5)} width={px(x)} height={px(h)} fill="none" stroke="var(--tomb)" stroke-dasharray="3 3"/> };
        }
        html! {<>
            <rect x="0" y={px(y)} width={px(x)} height={px(h)} fill="var(--tomb-wash)"/>
            <rect x="0" y={px(y)} width={px(x)} height={px(h)} fill="url(#hatch)"/>
            <line x1={px(x)} x2={px(x)} y1={px(y)} y2={px(y + h)} class="s-tomb" stroke-width="1.6"/>
        </>}
    };
    runs.map(draw).collect()
}

/// The distance that decides, from the block's first tombstone to the nearest thing it does not reach.
fn short(block: &Block, replicas: &Replicas, width: f32, row: f32) -> Html {
    let Some((at, tomb)) =
        block.atoms.iter().enumerate().find(|(_, atom)| atom.kind == AtomKind::Tomb && atom.seen != Seen::OnItsWay)
    else {
        return Html::default();
    };
    let beyond = block
        .atoms
        .iter()
        .filter(|atom| atom.kind != AtomKind::Tomb && atom.seen == Seen::Live && atom.timestamp > tomb.timestamp)
        .map(|atom| atom.timestamp)
        .min();
    let Some(beyond) = beyond else { return Html::default() };
    let (a, b, y) =
        (place(tomb.timestamp, replicas, width) + 12.0, place(beyond, replicas, width), at as f32 * row + row / 2.0);
    let words = format!("{} short", crate::axis::span(beyond.abs_diff(tomb.timestamp)));
    let wide = words.chars().count() as f32 * 6.2;
    if b - a < wide + 16.0 {
        return Html::default();
    }
    html! {<>
        <path d={format!("M{0} {1}H{2}M{0} {3}v8M{2} {3}V{4}", px(a), px(y), px(b), px(y - 4.0), px(y + row * 0.65))} stroke="var(--ink)" fill="none"/>
        <rect x={px((a + b - wide) / 2.0 - 3.0)} y={px(y - 8.0)} width={px(wide + 6.0)} height="16" fill="var(--surface)"/>
        <text class="t-ink b" x={px((a + b) / 2.0)} y={px(y + 4.0)} text-anchor="middle">{ words }</text>
    </>}
}

/// An atom at its date: one of the shell's signs, its middle 12 px from their corner.
fn dot(at: usize, atom: &Atom, replicas: &Replicas, width: f32, row: f32) -> Html {
    let (x, y) = (place(atom.timestamp, replicas, width), at as f32 * row + row / 2.0);
    let sign = match (atom.kind, atom.seen) {
        (AtomKind::Tomb, Seen::OnItsWay) => "#tomb-coming",
        (AtomKind::Tomb, _) => "#tomb",
        (AtomKind::Gone, _) => "#gone",
        (AtomKind::Marker, Seen::Live) => "#marker-live",
        (AtomKind::Marker, Seen::OnItsWay) => "#marker-coming",
        (AtomKind::Marker, _) => "#marker-dead",
        (AtomKind::Cell, Seen::Live) => "#cell-live",
        (AtomKind::Cell, Seen::OnItsWay) => "#cell-coming",
        (AtomKind::Cell, _) => "#cell-dead",
    };
    // A ring runs down with the time to live; once that is over it is dots.
    let ring = match (atom.seen, atom.left) {
        (Seen::Expired, _) => Some(("s-dead", "2 3".to_string())),
        (_, Some(left)) => Some(("s-live", format!("{} 99", px(f32::from(left) * 0.534)))),
        _ => None,
    };
    html! {<>
        <use href={sign} x={px(x - 12.0)} y={px(y - 12.0)} width="38" height="24"/>
        { for ring.map(|(class, dashes)| html! { <circle cx={px(x)} cy={px(y)} r="8.5" {class} stroke-width="1.2" stroke-dasharray={dashes} transform={format!("rotate(-90 {} {})", px(x), px(y))}/> }) }
    </>}
}

fn card(block: &Block, replicas: &Replicas, width: f32) -> Html {
    let row = 18.0;
    let mut said: Vec<String> = Vec::new();
    for atom in &block.atoms {
        let what = if atom.kind == AtomKind::Tomb { "tombstone" } else { &atom.row };
        let said_of = format!("{what} {}", if atom.seen == Seen::OnItsWay { &atom.dies } else { &atom.dated });
        if said.len() < 2 && !said.contains(&said_of) {
            said.push(said_of);
        }
    }
    let seen = match block.rows {
        1 => "1 row".to_string(),
        rows => format!("{rows} rows"),
    };
    let tall = block.atoms.len().max(1) as f32 * row;
    html! {
        <figure class="cover">
            <figcaption><b>{ block.name.clone() }</b><span>{ said.join(", ") }</span><em class={(block.rows == 0).then_some("tt")}>{ seen }</em></figcaption>
            <svg width={px(width)} height={px(tall)} viewBox={format!("0 0 {} {}", px(width), px(tall))} role="img" aria-label={format!("On {}: {}", block.name, said.join(", "))}>
                { for block.atoms.iter().map(|atom| shade(atom, replicas, width - 50.0, row)) }
                { short(block, replicas, width - 50.0, row) }
                { for block.atoms.iter().enumerate().map(|(at, atom)| {
                    let x = place(atom.timestamp, replicas, width - 50.0);
                    let text = if atom.kind == AtomKind::Tomb { Html::default() } else { html! { <text x={px(x + 28.0)} y={px(at as f32 * row + 13.0)}>{ if atom.what == "row marker" { "marker".to_string() } else { atom.what.clone() } }</text> } };
                    html! {<>{ dot(at, atom, replicas, width - 50.0, row) }{ text }</>}
                }) }
            </svg>
            if block.more > 0 { <p class="no">{ format!("+ {} {}", block.more, if block.alike { "alike" } else { "more rows" }) }</p> }
        </figure>
    }
}
