//! The editor without a browser: what the state makes of it, and what the rich one is told to draw.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends by panicking")]

mod common;

use common::ran;
use scenario::{
    Edit,
    told::{Choice, Question, Told},
};
use std::rc::Rc;
use web::{
    app::written,
    code::{fold, marks, paint},
    reading::Mark,
    state::{Action, Effect, Go, State, Tab, Theme, reduce},
};
use yew::Callback;

/// Under which number that was asked of the worker.
fn asked(effects: &[Effect], such: impl Fn(&Question) -> bool) -> u32 {
    let id = effects.iter().find_map(|effect| match effect {
        Effect::Ask { id, question, .. } if such(question) => Some(*id),
        _ => None,
    });
    id.unwrap_or_else(|| panic!("{effects:?}"))
}

#[test]
fn the_caret_in_a_statement_takes_the_cursor_there() {
    let mut state = ran();
    let line = |state: &State, word: &str| state.text.lines().position(|line| line.starts_with(word)).unwrap() as u32;
    let (insert, last) = (line(&state, "INSERT"), state.cursor);
    let here = state.reading.statements[state.statement().unwrap()].start as u32;
    assert_eq!(reduce(&mut state, Action::Caret(here)), [], "it is there");
    let effects = reduce(&mut state, Action::Caret(insert));
    assert!(state.cursor < last && effects == [Effect::ShowEvent(state.cursor)], "{effects:?}");
    let at = state.cursor;
    reduce(&mut state, Action::Caret(0));
    assert_eq!(state.cursor, at, "no statement, no move");
    let effects = reduce(&mut state, Action::Go(Go::Last));
    assert!(effects.contains(&Effect::ShowLine(here)), "the statement comes into view: {effects:?}");
    let mine: Rc<str> = format!("{}-- more\n", state.text).into();
    reduce(&mut state, Action::Edit(mine));
    assert_eq!(reduce(&mut state, Action::Caret(insert)), [], "the run is of another text");
}

#[test]
fn a_turned_number_runs_and_what_comes_is_the_same_step() {
    let mut state = ran();
    reduce(&mut state, Action::Tab(Tab::Cql));
    let text: Rc<str> = state.text.replace("+20ms", "+21ms").into();
    let effects = reduce(&mut state, Action::Turned(text.clone()));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::RunInWorker { text: ran, .. } if *ran == text)));
    let id =
        effects.iter().find_map(|effect| if let Effect::RunInWorker { id, .. } = effect { Some(*id) } else { None });
    let blessed = format!("{text}\n");
    let answer = common::answer_to(&blessed);
    let effects = common::come(&mut state, id.unwrap(), answer);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Turned { came: true, .. })), "{effects:?}");
    assert_eq!(state.tab, Tab::Cql, "nobody is led away from the number");
    let typed: Rc<str> = format!("{}-- typed\n", state.text).into();
    reduce(&mut state, Action::Edit(typed));
    let effects = reduce(&mut state, Action::Run);
    let id =
        effects.iter().find_map(|effect| if let Effect::RunInWorker { id, .. } = effect { Some(*id) } else { None });
    let answer = common::answer_to(&format!("{}\n", state.text));
    let effects = common::come(&mut state, id.unwrap(), answer);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::SetText(_))), "a step of its own: {effects:?}");
    assert_eq!(state.tab, Tab::Story);
}

#[test]
fn a_table_is_renamed_by_the_worker_s_edits() {
    let mut state = ran();
    let at = state.text.find("platform_users").unwrap() as u32 + 3;
    assert_eq!(reduce(&mut state, Action::Rename(at)), [Effect::Focus("name")]);
    assert_eq!(state.code.rename.as_ref().map(|rename| rename.old.as_str()), Some("platform_users"));
    reduce(&mut state, Action::RenameTo("people".into()));
    let effects = reduce(&mut state, Action::RenameEnd(true));
    let id = asked(&effects, |question| matches!(question, Question::Rename(_, name) if name == "people"));
    let edits: Vec<Edit> = scenario::rename(&state.text, at, "people");
    assert_eq!(edits.len(), 4);
    let told = Rc::new(Told::Change(Choice { label: "Renamed.".into(), edits }));
    let effects = reduce(&mut state, Action::Told(id, told.clone()));
    assert!(effects.contains(&Effect::SetText(state.text.clone())) && !state.text.contains("platform_users"));
    let text = state.text.clone();
    reduce(&mut state, Action::Told(id, told));
    assert_eq!(state.text, text, "once");
    reduce(&mut state, Action::Rename(0));
    assert!(state.notice.take().is_some(), "no name there");
}

#[test]
fn an_answer_about_another_text_changes_nothing() {
    let mut state = ran();
    let effects = reduce(&mut state, Action::Format);
    let id = asked(&effects, |question| *question == Question::Format);
    let mine: Rc<str> = format!("-- first\n{}", state.text).into();
    reduce(&mut state, Action::Edit(mine.clone()));
    let edits = vec![Edit::new(0..2, "")];
    reduce(&mut state, Action::Told(id, Rc::new(Told::Change(Choice { label: String::new(), edits }))));
    assert_eq!(state.text, mine);
    let effects = reduce(&mut state, Action::Wonder(7, Question::Complete(3)));
    let id = asked(&effects, |question| *question == Question::Complete(3));
    let effects = reduce(&mut state, Action::Told(id, Rc::new(Told::Words(Vec::new()))));
    assert!(matches!(effects.as_slice(), [Effect::Offer(7, _)]), "{effects:?}");
}

#[test]
fn what_the_rich_editor_is_told_to_draw() {
    let state = ran();
    let props = written(&state, &Callback::noop());
    let drawn = paint(&props, 0..state.reading.lines.len()).replace('\u{1}', " | ");
    let line = |word: &str| {
        let at = state.text.lines().position(|line| line.starts_with(word)).unwrap();
        drawn.lines().nth(at).unwrap()
    };
    assert_eq!(line("--@ client api"), "dir | 4,10,verb;11,14,v;15,22,key;22,32,v;33,39,key;39,44,knob turns");
    let here = state.reading.statements[state.statement().unwrap()].start;
    let at = drawn.lines().nth(here).unwrap();
    assert!(at.starts_with(" at t-") && at.contains("0,6,k;"), "{at}");
    assert!(line("--> (1 rows)").contains("out  tick | 0,3,lead | ✓"), "{}", line("--> (1 rows)"));
    let marks = marks(&props).replace('\u{1}', " ");
    assert_eq!(marks, format!("here {here} {} {}", state.cursor + 1, props.at.as_ref().unwrap().tone));
    let outcome = state.reading.outcomes[0].lines.clone();
    assert_eq!(fold(&state.reading, outcome.start), Some(outcome.end - 1));
    assert_eq!(fold(&state.reading, 0), None);
}

#[test]
fn what_would_answer_a_question_is_hidden() {
    let text = common::blessed().replace("DELETE", "--? How many rows are left? | 0 | 1\nDELETE") + "--@ flsh n4\n";
    let mut state = State::new(vec![Rc::from("")], Theme::System, (1440, 900));
    common::edit(&mut state, text.as_str().into());
    let marks = marks(&written(&state, &Callback::noop())).replace('\u{1}', " ");
    let all: Vec<&str> = marks.split('\u{2}').collect();
    assert!(all[0].starts_with("note 20 0 There is no directive flsh") && all[0].ends_with("Use flush"), "{}", all[0]);
    assert_eq!(all[1], "hide 0 2 hid ▸ 2 lines folded until you have guessed");
    assert!(all[2].starts_with("hide 15 20"), "{}", all[2]);
}

#[test]
fn a_fault_is_said_in_sentences_and_names_stay_as_they_are_written() {
    let mark = |so: &str, known: &str| Mark { span: 0..0, line: 0, so: so.into(), known: known.into(), fix: None };
    let said = |so: &str, known: &str| web::code::said(&mark(so, known));
    assert_eq!(
        said("n3 is one too many", "kill is written --@ kill NODE"),
        "n3 is one too many. Kill is written --@ kill NODE."
    );
    assert_eq!(said("there is no n4", "the cluster has n1 to n3"), "There is no n4. The cluster has n1 to n3.");
    assert_eq!(said("that is no number.", ""), "That is no number.");
}
