//! What each replica holds, drawn: what a tombstone reaches, what runs out, and what is said where nothing is held.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends by panicking")]

mod common;

use std::rc::Rc;
use web::{
    panes::{Pane, replicas::Props},
    scene::{Atom, AtomKind, Block, Replicas, Ring, Seen},
    state::{Action, Go, reduce},
};
use yew::{LocalServerRenderer, prelude::*};

#[derive(Clone, PartialEq, Properties)]
struct Of {
    pane: Props,
}

#[component]
fn Shown(props: &Of) -> Html {
    Pane::Replicas(props.pane.clone()).shown()
}

async fn drawn(blocks: Vec<Block>, first: Option<u32>, cards: bool) -> String {
    let ticks = vec![(0, "0".to_string()), (900, "900_000_000".to_string()), (1_000, "1_000_000_000".to_string())];
    let replicas = Replicas {
        key: "a".into(),
        keys: vec!["a".into()],
        chosen: 0,
        ends: (0, 1_000),
        ticks,
        blocks,
        others: 0,
        first,
        ring: Ring::default(),
        says: "What is so.".into(),
    };
    let pane = Props { replicas: Rc::new(replicas), plot: 300.0, cards, act: Callback::noop() };
    LocalServerRenderer::<Shown>::with_props(Of { pane }).hydratable(false).render().await
}

fn block(atoms: Vec<Atom>) -> Block {
    Block { name: "n1".into(), atoms, more: 0, alike: true, rows: 0 }
}

fn atom(kind: AtomKind, seen: Seen) -> Atom {
    Atom {
        kind,
        row: "r".into(),
        what: "v".into(),
        value: String::new(),
        timestamp: 500,
        dated: "+500".into(),
        dies: "–".into(),
        seen,
        why: String::new(),
        shade: Vec::new(),
        left: None,
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_range_shades_its_own_rows_and_no_other() {
    let range = Atom { shade: vec![(0, 1), (3, 2)], ..atom(AtomKind::Tomb, Seen::Live) };
    let cells = |seen| (0..2).map(move |_| atom(AtomKind::Cell, seen));
    let atoms = [range].into_iter().chain(cells(Seen::Live)).chain(cells(Seen::Hidden)).collect();
    let html = drawn(vec![block(atoms)], None, false).await;
    let shades: Vec<&str> = html.split("<rect ").filter(|rect| rect.contains("url(#hatch)")).collect();
    assert_eq!(shades.len(), 2, "{html}");
    assert!(shades[0].contains("y=\"0\"") && shades[0].contains("height=\"18\""), "its own line: {}", shades[0]);
    assert!(shades[1].contains("y=\"60\"") && shades[1].contains("height=\"38\""), "the rows in it: {}", shades[1]);
}

#[tokio::test(flavor = "current_thread")]
async fn a_time_to_live_runs_down_in_a_ring() {
    let lives = Atom { left: Some(25), ..atom(AtomKind::Cell, Seen::Live) };
    let html = drawn(vec![block(vec![lives, atom(AtomKind::Cell, Seen::Expired)])], None, false).await;
    let rings: Vec<&str> = html.split("<circle ").filter(|circle| circle.contains("r=\"8.5\"")).collect();
    assert!(
        rings[0].contains("s-live") && rings[0].contains("stroke-dasharray=\"13.4 99\""),
        "a quarter is left: {html}"
    );
    assert!(rings[1].contains("s-dead") && rings[1].contains("stroke-dasharray=\"2 3\""), "it is over: {html}");
}

#[tokio::test(flavor = "current_thread")]
async fn dates_on_the_scale_never_touch() {
    let html = drawn(vec![block(vec![atom(AtomKind::Cell, Seen::Live)])], None, false).await;
    assert!(html.contains(">900_000_000<") && !html.contains(">1_000_000_000<"), "{html}");
}

#[tokio::test(flavor = "current_thread")]
async fn where_nothing_is_held_it_is_said_where_something_begins() {
    let html = drawn(vec![block(Vec::new())], Some(8), true).await;
    assert!(html.contains("No replica holds this partition.") && html.contains("go to event 9"), "{html}");
    let mut state = common::ran();
    reduce(&mut state, Action::Go(Go::First));
    let before = state.ran.as_ref().expect("it ran").tale.replicas(state.cursor, None);
    let first = before.first.expect("it is written later");
    let there = state.ran.as_ref().expect("it ran").tale.replicas(first, None);
    assert!(there.first.is_none() && there.blocks.iter().any(|block| !block.atoms.is_empty()), "it is there then");
}

#[tokio::test(flavor = "current_thread")]
async fn a_card_says_each_thing_once() {
    let marker = Atom { what: "row marker".into(), ..atom(AtomKind::Marker, Seen::Live) };
    let html = drawn(vec![block(vec![marker, atom(AtomKind::Cell, Seen::Live)])], None, true).await;
    assert!(html.contains("<span>r +500</span>"), "{html}");
}
