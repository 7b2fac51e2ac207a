//! Futures on the page: forked, chosen, named, forgotten, kept in the draft and in the link.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends by panicking")]

mod common;

use common::ran;
use scenario::{branches, with_key};
use web::{
    scene::Differs,
    state::{Action, Drawer, Effect, State, Theme, reduce},
};

/// The run that was asked for comes to its end: its text as it is.
fn finish(state: &mut State, effects: &[Effect]) {
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::RunInWorker { id, text } => Some((*id, text.clone())),
        _ => None,
    });
    let (id, text) = asked.unwrap_or_else(|| panic!("nothing runs: {effects:?}"));
    let tail = common::blessed().replace(common::TEXT, "");
    let blessed = if text.contains(&tail) { text.to_string() } else { format!("{text}{tail}") };
    common::come(state, id, common::answer_to(&blessed));
}

fn forked() -> State {
    let mut state = ran();
    let seed = with_key(&state.text, "seed", "8");
    let effects = reduce(&mut state, Action::Fork("Another seed!".into(), vec![seed]));
    finish(&mut state, &effects);
    state
}

#[test]
fn a_fork_keeps_what_it_comes_from() {
    let mut state = forked();
    assert!(state.text.contains("seed=8"));
    let names: Vec<_> = state.futures.all.iter().map(|future| (future.name.as_str(), future.named)).collect();
    assert_eq!(names, [("", true), ("Another-seed", false)]);
    let effects = reduce(&mut state, Action::Future(0));
    assert!(effects.contains(&Effect::SetText(common::blessed().into())), "{effects:?}");
    assert_eq!(*state.text, *common::blessed());
    assert!(state.ran.is_some(), "it is not run again");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::RunInWorker { .. })));
    reduce(&mut state, Action::Future(1));
    assert!(state.text.contains("seed=8") && state.ran.is_some());
    assert_eq!(reduce(&mut state, Action::Future(9)), [], "there is none");
}

#[test]
fn futures_are_in_the_draft_and_in_the_link() {
    let mut state = forked();
    let kept = state.drafts.first().expect("a draft").clone();
    assert_eq!(scenario::trunk(&kept).trim_end(), common::blessed().trim_end());
    assert_eq!(branches(&kept).len(), 1);
    assert!(kept.contains("--@ branch Another-seed\n--@ cluster nodes=3 rf=3 seed=8 like=scylla\n"), "{kept}");
    reduce(&mut state, Action::NameFuture("its seed is 8".into()));
    assert!(state.futures.all[1].named);
    let link = state.link();
    assert_eq!(state.link_length(), link.len());

    let mut other = State::new(Vec::new(), Theme::System, (1440, 900));
    let effects = reduce(&mut other, Action::Address(link.trim_start_matches('#').into()));
    assert_eq!(*other.text, *common::blessed(), "the text as written is in the editor");
    assert_eq!(*other.whole(), *state.whole());
    finish(&mut other, &effects);
    let effects = reduce(&mut other, Action::Future(1));
    assert!(other.text.contains("seed=8"));
    finish(&mut other, &effects);
    assert_eq!(other.futures.called(1), "its-seed-is-8");
    assert_eq!(*other.whole(), *state.whole(), "running it changes nothing");
    // A page that is opened again has them too.
    let again = State::new(
        other.drafts.clone().into_iter().chain([other.whole()]).take(1).collect(),
        Theme::System,
        (1440, 900),
    );
    assert_eq!(again.futures.all.len(), 2);
}

#[test]
fn a_branch_that_is_typed_becomes_a_future() {
    let mut state = ran();
    let text = format!("{}\n--@ branch later\n--@ before 3\n--@ advance 10d\n", state.text);
    common::edit(&mut state, text.into());
    let effects = reduce(&mut state, Action::Run);
    assert_eq!(state.text.trim_end(), common::blessed().trim_end(), "the text is the text as written");
    assert_eq!(state.futures.called(1), "later");
    assert!(
        state.futures.all[1].text.contains("--@ advance 10d\n\n--@ as cron\nDELETE")
            || state.futures.all[1].text.contains("--@ advance 10d")
    );
    assert!(effects.iter().any(|effect| matches!(effect, Effect::SetText(text) if **text == *state.text)));
    finish(&mut state, &effects);
}

#[test]
fn a_future_is_forgotten() {
    let mut state = forked();
    let effects = reduce(&mut state, Action::ForkHere);
    assert_eq!(effects, [Effect::Focus("command")]);
    let offers = state.palette.clone().expect("what can be changed").offers;
    assert!(offers.iter().any(|(words, _)| words.starts_with("Another seed: ")), "{offers:?}");
    assert!(offers.iter().any(|(words, _)| words.starts_with("Without statement")), "{offers:?}");
    let effects = reduce(&mut state, Action::PaletteDo(Some(1)));
    finish(&mut state, &effects);
    assert_eq!((state.futures.all.len(), state.futures.at), (3, 2));
    assert_eq!(state.futures.all[2].of, 1, "it was forked from a fork");
    reduce(&mut state, Action::Forget(1));
    assert_eq!((state.futures.all.len(), state.futures.at, state.futures.all[1].of), (2, 1, 0));
    reduce(&mut state, Action::Forget(1));
    assert!(state.futures.all.is_empty(), "there is only the text");
    assert_eq!(*state.text, *common::blessed());
    assert_eq!(*state.whole(), *state.text);
    assert_eq!(reduce(&mut state, Action::Forget(0)), [], "the text as written stays");
}

#[test]
fn what_differs_is_told_and_alike_is_not() {
    let mut state = forked();
    let (_, of) = state.beside().expect("it stands beside what it was forked from");
    assert_eq!(state.futures.called(of), "As written");
    reduce(&mut state, Action::Drawer(Drawer::Difference));
    let difference = state.difference().expect("two runs");
    assert_eq!(difference.rows, [], "both runs were made by one hand");
    assert_eq!(difference.alike, state.ran.as_ref().unwrap().tale.len());
    assert!(!difference.rows.iter().any(|row| matches!(row, Differs::Only { .. })));
    reduce(&mut state, Action::Future(0));
    assert!(state.beside().is_none(), "the text as written stands for itself");
}
