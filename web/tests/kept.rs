//! What outlives a visit, what other pages hear, and what is painted: over a run made by hand.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends by panicking")]

mod common;

use common::{ran, state};
use std::rc::Rc;
use web::{
    panes::stage,
    scene::MarkKind,
    state::{Action, Effect, Go, PAST_BYTES, Past, Said, State, Theme, reduce},
};
use yew::Callback;

#[test]
fn a_crowd_is_painted_where_its_elements_would_be() {
    let state = ran();
    let ran = state.shown().expect("it ran").clone();
    let stage = Rc::new(ran.tale.stage(state.cursor, 130));
    let props = stage::Props { stage: stage.clone(), width: 780.0, down: false, act: Callback::noop() };
    let (layers, (width, height)) = stage::layers(&props);
    assert_eq!(layers.iter().map(|layer| layer.lines.len()).sum::<usize>(), stage.strokes.len());
    let dated = stage.marks.iter().filter(|mark| matches!(mark.kind, MarkKind::Stamp(..))).count();
    let drawn = layers.iter().map(|layer| layer.discs.len() + layer.stones.len()).sum::<usize>();
    assert_eq!(drawn, stage.marks.len() - dated);
    assert!(layers.iter().any(|layer| layer.token == "--tomb" && layer.stones.len() == 3), "a stone on each replica");
    let inside = |[x1, y1, x2, y2]: [f32; 4]| {
        [x1, x2].iter().all(|x| (0.0..=width).contains(x)) && [y1, y2].iter().all(|y| (0.0..=height).contains(y))
    };
    assert!(layers.iter().flat_map(|layer| layer.lines.iter().copied()).all(inside));
    assert!(
        layers.iter().map(|layer| layer.future).is_sorted_by(|a, b| a >= b),
        "what is to come lies under what is known"
    );
}

#[test]
fn a_run_is_named_kept_and_forgotten() {
    let mut state = ran();
    assert_eq!(state.past.len(), 1);
    assert_eq!(reduce(&mut state, Action::ToName), [Effect::Focus("run-name")]);
    let effects = reduce(&mut state, Action::NamePast(0, "  the  first ".into()));
    assert_eq!(effects, [Effect::SavePast(state.past.clone())]);
    assert_eq!(state.past[0].name, "the first");
    assert_eq!(Past::read(&state.past[0].written()).as_ref(), Some(&state.past[0]));
    assert_eq!(Past::read("of another program"), None);
    // The same text again is the same run; many and large ones let the oldest without a name go.
    let large = Past { name: String::new(), text: "x".repeat(PAST_BYTES / 2).into(), ..state.past[0].clone() };
    let first = state.past.remove(0);
    state.past = vec![large.clone(), Past { digest: "b".into(), ..large }, first];
    let effects = reduce(&mut state, Action::Run);
    let [Effect::RunInWorker { id, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    common::come(&mut state, *id, common::answer());
    let kept: Vec<&str> = state.past.iter().map(|past| past.name.as_str()).collect();
    assert_eq!(kept, ["the first", ""], "the older of the large ones is gone");
    reduce(&mut state, Action::ForgetPast(0));
    assert_eq!(state.past.len(), 1);
}

#[test]
fn a_drag_is_one_run_of_the_history() {
    let mut state = ran();
    for value in [-350, 0, 350] {
        let effects = reduce(&mut state, Action::Knob(value));
        let run = effects.iter().find_map(|effect| match effect {
            Effect::RunInWorker { id, text } => Some((*id, text.clone())),
            _ => None,
        });
        let (id, text) = run.expect("it runs");
        common::come(&mut state, id, common::answer_to(&text));
    }
    assert_eq!(state.past.len(), 2, "what was run by hand, and what the drag came to");
}

#[test]
fn what_the_browser_does_not_keep_is_said_once() {
    let mut state = state();
    reduce(&mut state, Action::Unkept);
    assert!(state.notice.as_ref().is_some_and(|notice| notice.what.contains("keeps no more")));
    reduce(&mut state, Action::Dismiss);
    reduce(&mut state, Action::Unkept);
    assert_eq!(state.notice, None);
}

#[test]
fn the_page_around_is_told_and_nothing_is_kept() {
    let mut state = State::new(Vec::new(), Theme::System, (720, 480));
    state.embed = true;
    let effects = reduce(&mut state, Action::Given(common::TEXT.into()));
    let id = effects.iter().find_map(|effect| match effect {
        Effect::RunInWorker { id, .. } => Some(*id),
        _ => None,
    });
    let done = common::come(&mut state, id.expect("it runs"), common::answer());
    assert!(!done.iter().any(|effect| matches!(effect, Effect::SavePast(_) | Effect::SaveDrafts(_))), "{done:?}");
    let told: Vec<&str> =
        done.iter().filter_map(|effect| if let Effect::Tell(what, _) = effect { Some(*what) } else { None }).collect();
    assert_eq!(told, ["ran", "at"]);
    let effects = reduce(&mut state, Action::Go(Go::To(4)));
    let at = |said: &Vec<(&str, Said)>| said.contains(&("event", Said::Number(5)));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Tell("at", said) if at(said))), "{effects:?}");
    let effects = reduce(&mut state, Action::Address("1nonsense".into()));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Tell("trouble", _))), "{effects:?}");
}
