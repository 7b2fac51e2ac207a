//! The page, drawn without a browser: state and panes over a run made by hand.

mod common;

use std::rc::Rc;
use web::state::{Action, Answer, Effect, Run, State, Theme, reduce};

fn state() -> State {
    State::new(vec![Rc::from(common::TEXT)], Theme::System, (1440, 900))
}

fn ran() -> State {
    let mut state = state();
    let effects = reduce(&mut state, Action::Run);
    let [Effect::RunInWorker { id, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let done = reduce(&mut state, Action::Finished { id: *id, answer: Answer(Rc::new(common::answer())) });
    assert!(
        done.iter().any(|effect| matches!(effect, Effect::SetText(text) if **text == *common::blessed())),
        "{done:?}"
    );
    state
}

#[test]
fn a_run_puts_its_outcomes_into_the_text_and_keeps_the_draft() {
    let state = ran();
    assert_eq!(state.run, Run::Idle);
    assert_eq!(*state.text, *common::blessed());
    assert_eq!(state.drafts.len(), 1);
    assert_eq!(*state.drafts[0], *common::blessed());
    assert_eq!(state.reading.outcomes[0].short(), "1");
    std::fs::write(std::env::temp_dir().join("tombstone-answer.bin"), common::answer()).ok();
}
