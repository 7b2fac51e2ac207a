//! Every pane, drawn to exact HTML without a browser and compared with `golden/`. `BLESS=1 cargo test -p web` writes them
//! anew; read what changed.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends by panicking")]

mod common;

use std::{path::Path, rc::Rc};
use web::{
    app::draw,
    state::{Action, Drawer, Filter, Go, State, Tab, Theme, reduce},
};
use yew::{LocalServerRenderer, prelude::*};

#[derive(Clone, Properties)]
struct Of {
    state: Rc<State>,
}

impl PartialEq for Of {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.state, &other.state)
    }
}

#[component]
fn Page(props: &Of) -> Html {
    draw(&props.state, &Callback::noop())
}

/// The page of a state, a tag a line, so that a difference is a line.
async fn page(state: State) -> String {
    let html = LocalServerRenderer::<Page>::with_props(Of { state: Rc::new(state) }).hydratable(false).render().await;
    html.replace("><", ">\n<") + "\n"
}

fn golden(name: &str, html: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name).with_extension("html");
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        std::fs::write(&path, html).expect("it can be written");
    }
    let told = std::fs::read_to_string(&path).unwrap_or_default();
    let first = told.lines().zip(html.lines()).position(|(a, b)| a != b);
    assert!(told == html, "{name}: line {:?} differs; BLESS=1 writes it anew", first.map(|at| at + 1));
}

fn state(width: u32) -> State {
    let mut state = State::new(vec![Rc::from(common::TEXT)], Theme::System, (width, 900));
    reduce(&mut state, Action::Run);
    common::come(&mut state, 1, common::answer());
    state
}

#[tokio::test(flavor = "current_thread")]
async fn a_run_at_its_end() {
    golden("ran", &page(state(1440)).await);
}

#[tokio::test(flavor = "current_thread")]
async fn a_tombstone_on_its_way() {
    let mut state = state(1440);
    let way = (0..state.cursor).find(|&event| {
        let replicas = state.ran.as_ref().expect("it ran").tale.replicas(event, None);
        replicas
            .blocks
            .iter()
            .flat_map(|block| &block.atoms)
            .any(|atom| atom.seen == web::scene::Seen::OnItsWay && atom.kind == web::scene::AtomKind::Tomb)
    });
    reduce(&mut state, Action::Go(Go::To(way.expect("the delete travels"))));
    let html = page(state).await;
    assert!(html.contains("on its way") && html.contains("stroke-dasharray=\"3 3\""));
    golden("on-its-way", &html);
}

#[tokio::test(flavor = "current_thread")]
async fn on_a_phone() {
    for (name, tab) in [("phone-story", Tab::Story), ("phone-replicas", Tab::Replicas), ("phone-cql", Tab::Cql)] {
        let mut state = state(390);
        reduce(&mut state, Action::Tab(tab));
        golden(name, &page(state).await);
    }
}

#[tokio::test(flavor = "current_thread")]
async fn before_it_runs_with_a_question_and_a_fault() {
    let text = common::blessed().replace("DELETE", "--? How many rows are left? | 0 | 1\nDELETE") + "--@ flsh n4\n";
    let mut state = State::new(vec![Rc::from("")], Theme::Dark, (1440, 900));
    common::edit(&mut state, text.as_str().into());
    let html = page(state.clone()).await;
    assert!(html.contains("What do you expect?") && !html.contains("(1 rows)"), "the outcome is folded");
    golden("asked", &html);
    reduce(&mut state, Action::Filter(Filter::Anomalies));
}

#[tokio::test(flavor = "current_thread")]
async fn what_a_text_says_is_never_markup() {
    let text = "-- <script>alert(1)</script> & \"quotes\"\nSELECT '<img src=x onerror=alert(1)>' FROM t;\n";
    let html = page(State::new(vec![Rc::from(text)], Theme::System, (1440, 900))).await;
    assert!(!html.contains("<script>") && !html.contains("<img"), "{html}");
}

#[tokio::test(flavor = "current_thread")]
async fn the_ledger_and_the_palette() {
    let mut state = state(1440);
    reduce(&mut state, Action::Drawer(Drawer::Ledger));
    golden("ledger", &page(state.clone()).await);
    reduce(&mut state, Action::Palette(true));
    reduce(&mut state, Action::PaletteFind("statement".into()));
    let html = page(state).await;
    assert_eq!(html.matches("role=\"option\"").count(), 2, "{html}");
    golden("palette", &html);
}

#[tokio::test(flavor = "current_thread")]
async fn a_lesson() {
    let mut state = State::new(Vec::new(), Theme::System, (1440, 900));
    reduce(&mut state, Action::Taught(0, Some(include_str!("../../tests/lessons/1-equal-dates.md").into())));
    let html = page(state.clone()).await;
    assert!(html.contains("How many rows are left?") && !html.contains("up to and including"), "the answer waits");
    golden("lesson", &html);
}
