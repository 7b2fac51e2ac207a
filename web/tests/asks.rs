//! What the page asks of its model, and what it makes of the answers: knob, grid, other worlds, guesses.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends by panicking")]

mod common;

use common::state;
use scenario::{
    Edit,
    told::{Cell, Choice, Grid, Question, Side, Tip, Told},
};
use std::rc::Rc;
use web::state::{Action, Drawer, Effect, Guess, Run, State, reduce};

/// The run of the story, and what was asked when it came.
fn ran_and_asked() -> (State, u32) {
    let mut state = state();
    reduce(&mut state, Action::Run);
    let effects = common::come(&mut state, 1, common::answer());
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Ask { id, text, question: Question::Tip } if **text == *common::blessed() => Some(*id),
        _ => None,
    });
    (state, asked.expect("a run asks which number decides"))
}

fn tip(state: &State) -> Told {
    let dial = state.reading.knob.clone().expect("a client has a clock");
    Told::Tip(Tip { dial, here: "1 row".into(), sides: vec![Side { at: 8_700, words: "0 rows".into() }] })
}

#[test]
fn the_number_that_decides_is_turned_and_the_picture_follows() {
    let (mut state, asked) = ran_and_asked();
    assert_eq!(state.turn().map(|turn| turn.zones.len()), Some(0), "until it is known, the first clock");
    let told = Rc::new(tip(&state));
    reduce(&mut state, Action::Told(asked + 7, told.clone()));
    assert!(state.asks.tip.is_none(), "nobody asked that");
    reduce(&mut state, Action::Told(asked, told));
    let turn = state.turn().expect("it decides");
    assert_eq!(
        (turn.here(), turn.tips().collect::<Vec<_>>(), turn.range),
        (Some("1 row"), vec![8_700], (-40_000, 40_000))
    );
    let effects = reduce(&mut state, Action::Knob(5_000));
    assert!(state.text.contains("clock=+5ms"), "{}", state.text);
    assert_eq!(state.turn().expect("still").here(), Some("0 rows"), "what is known is known for every value");
    let ran = effects.iter().find_map(|effect| match effect {
        Effect::RunInWorker { id, text } if *text == state.text => Some(*id),
        _ => None,
    });
    let ran = ran.expect("a short run follows the hand");
    let effects = reduce(&mut state, Action::Knob(-2_000_000));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::RunInWorker { .. })), "one run at a time");
    let effects = common::come(&mut state, ran, common::answer());
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::RunInWorker { text, .. } if *text == state.text)),
        "{effects:?}"
    );
    assert!(state.text.contains("clock=-2s"));
}

#[test]
fn no_number_decides_no_knob() {
    let (mut state, asked) = ran_and_asked();
    reduce(&mut state, Action::Told(asked, Rc::new(Told::Nothing)));
    assert_eq!(state.turn(), None);
    common::edit(&mut state, common::TEXT.replace("+20ms", "+30ms").into());
    assert!(state.turn().is_some(), "of another text it is not known");
}

#[test]
fn a_cell_of_the_grid_opens_its_world() {
    let (mut state, _) = ran_and_asked();
    let effects = reduce(&mut state, Action::Drawer(Drawer::WhatIf));
    let [Effect::Ask { id, question: Question::Grid(0, 1), .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(reduce(&mut state, Action::Drawer(Drawer::WhatIf)), [], "it is asked once");
    let choice = |label: &str, edits: Vec<Edit>| Choice { label: label.into(), edits };
    let at = common::blessed().find("clock=+20ms").expect("it is there") as u32;
    let grid = Grid {
        axes: vec!["One change".into(), "Consistency".into()],
        rows: vec![choice("as written", vec![]), choice("the clock right", vec![Edit::new(at + 6..at + 11, "+0ms")])],
        columns: vec![choice("as written", vec![])],
        cells: vec![Cell { words: "1 row".into(), same: true }, Cell { words: "0 rows".into(), same: false }],
        moral: String::new(),
    };
    reduce(&mut state, Action::Told(*id, Rc::new(Told::Grid(grid))));
    assert_eq!(reduce(&mut state, Action::Enter(0, 0)), [], "one is there already");
    let effects = reduce(&mut state, Action::Enter(1, 0));
    assert!(state.text.contains("clock=+0ms"), "{}", state.text);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::RunInWorker { .. })));
    assert_eq!(reduce(&mut state, Action::Enter(1, 0)), [], "the grid was that of another text");
}

/// A question is put before the delete and guessed, and the run comes: one row is left.
fn guessed(question: &str, guess: &str) -> (State, Vec<Effect>) {
    let mut state = state();
    common::edit(&mut state, common::TEXT.replace("DELETE", &format!("--? {question}\nDELETE")).into());
    let words = question.split('|').next().unwrap_or_default().trim();
    reduce(&mut state, Action::Guess(words.into(), Guess::Chose(guess.into())));
    let effects = reduce(&mut state, Action::Run);
    let Some(Effect::RunInWorker { id, .. }) = effects.last() else { panic!("{effects:?}") };
    let blessed = format!("{}--> count\n--> -----\n-->     1\n-->\n--> (1 rows)\n", state.text);
    let effects = common::come(&mut state, *id, common::answer_to(&blessed));
    (state, effects)
}

#[test]
fn a_wrong_guess_has_its_world() {
    let (mut state, effects) = guessed("How many rows are left? | 0 | 1", "7");
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Ask { id, question: Question::Wish(4, guess), .. } if guess == "7" => Some(*id),
        _ => None,
    });
    reduce(&mut state, Action::Told(asked.expect("in which world?"), Rc::new(Told::Nothing)));
    assert_eq!(state.asks.wish, Some(None), "there is none");
}

/// What the card of a question says to a guess, and whether its world is looked for.
fn judged(choices: &str, guess: &str) -> (String, bool) {
    let (state, effects) = guessed(&format!("Is the row gone? {choices}"), guess);
    let seeks = effects.iter().any(|effect| matches!(effect, Effect::Ask { question: Question::Wish(..), .. }));
    let ask = web::app::asked(&state).expect("it was asked");
    let words = match (ask.right, ask.answer) {
        (Some(true), _) => "right".into(),
        (Some(false), answer) => format!("wrong, {}", answer.unwrap_or_default()),
        (None, answer) => format!("not judged, {}", answer.unwrap_or_default()),
    };
    (words, seeks)
}

#[test]
fn a_guess_in_words_is_judged() {
    let choices = "| yes (0 rows) | no (1 row)";
    assert_eq!(judged(choices, "no (1 row)"), ("right".into(), false));
    assert_eq!(judged(choices, "yes (0 rows)"), ("wrong, no".into(), true));
    assert_eq!(judged("", "1"), ("right".into(), false));
    assert_eq!(judged("| yes | no", "no"), ("not judged, 1 row".into(), false));
}

#[test]
fn a_knob_of_the_text_before_is_shown_and_not_turned() {
    let (mut state, asked) = ran_and_asked();
    let told = Rc::new(tip(&state));
    reduce(&mut state, Action::Told(asked, told));
    reduce(&mut state, Action::Run);
    let Run::Going { id, .. } = state.run else { panic!() };
    let effects = common::come(&mut state, id, common::answer());
    assert!(state.turn().is_some_and(|turn| turn.here().is_some()), "what held before is still shown");
    let text = state.text.clone();
    assert_eq!(reduce(&mut state, Action::Knob(1)), [], "its place in the text is not known yet");
    assert_eq!(state.text, text);
    let again = effects.iter().find_map(|effect| match effect {
        Effect::Ask { id, question: Question::Tip, .. } => Some(*id),
        _ => None,
    });
    let told = Rc::new(tip(&state));
    reduce(&mut state, Action::Told(again.expect("it is asked again"), told));
    reduce(&mut state, Action::Knob(1));
    assert!(state.text.contains("clock=+1us"));
}
