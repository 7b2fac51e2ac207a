//! The page, drawn without a browser: state and panes over a run made by hand.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends by panicking")]

mod common;

use common::{ran, state};
use scenario::told::Told;
use std::rc::Rc;
use web::{
    scene::{At, Left},
    state::{
        Action, Effect, Filter, Go, Guess, Run, Screen, State, Tab, Theme,
        commands::{COMMANDS, keyed},
        reduce,
    },
};

#[test]
fn a_run_puts_its_outcomes_into_the_text_and_keeps_the_draft() {
    let state = ran();
    assert_eq!(state.run, Run::Idle);
    assert_eq!(*state.text, *common::blessed());
    assert_eq!(state.drafts.len(), 1);
    assert_eq!(*state.drafts[0], *common::blessed());
    assert_eq!(scenario::Gist::of(&state.reading.outcomes[0].words).to_string(), "1 row");
}

#[test]
fn the_cursor_goes_by_event_by_statement_and_by_anomaly() {
    let mut state = ran();
    let last = state.cursor;
    assert_eq!(last + 1, state.ran.as_ref().map_or(0, |ran| ran.tale.len()), "a run is shown at its end");
    let mut go = |to| {
        reduce(&mut state, Action::Go(to));
        state.cursor
    };
    assert_eq!(go(Go::On), last, "there is nothing after the end");
    assert_eq!(go(Go::Back), last - 1);
    assert_eq!(go(Go::First), 0);
    let insert = go(Go::StatementOn);
    let delete = go(Go::StatementOn);
    assert!(0 < insert && insert < delete);
    assert_eq!(go(Go::StatementBack), insert);
    let odd = go(Go::AnomalyOn);
    assert!(odd > insert, "the skewed stamp");
    assert_eq!(go(Go::Cause), insert, "the stamp is because of the submit");
    assert_eq!(go(Go::To(u32::MAX)), last);
}

#[test]
fn a_damaged_link_leaves_the_gallery_at_hand() {
    let mut state = State::new(Vec::new(), Theme::System, (1440, 900));
    let effects = reduce(&mut state, Action::Address("AQABqqqq".into()));
    assert_eq!(effects, [Effect::FetchGallery]);
    assert!(state.notice.expect("it is said").what.contains("damaged"));
}

#[test]
fn a_title_that_is_cut_says_so() {
    let long = format!("-- {}.\nSELECT 1;\n", "word ".repeat(30).trim_end());
    let state = State::new(vec![long.as_str().into()], Theme::System, (1440, 900));
    assert!(state.title().ends_with("word…") && state.title().chars().count() <= 91, "{}", state.title());
}

#[test]
fn on_a_phone_the_drawer_is_a_tab() {
    let mut state = ran();
    reduce(&mut state, Action::ToName);
    assert_eq!((state.tab, state.drawer), (Tab::Details, web::state::Drawer::History));
}

#[test]
fn an_open_question_folds_the_run_until_it_is_answered() {
    let text: Rc<str> = common::TEXT.replace("DELETE", "--? How many rows are left? | 0 | 1\nDELETE").into();
    let mut state = state();
    common::edit(&mut state, text);
    assert_eq!(state.asked(), Some(0));
    assert_eq!(state.title(), "How many rows are left?", "the title gives nothing away");
    reduce(&mut state, Action::Guess("How many rows are left?".into(), Guess::Chose("0".into())));
    assert_eq!(state.asked(), None);
    let mut hasty = self::state();
    reduce(&mut hasty, Action::Edit(state.text.clone()));
    reduce(&mut hasty, Action::Run);
    assert_eq!(
        hasty.guesses.iter().map(|(_, guess)| guess).collect::<Vec<_>>(),
        [&Guess::Skipped],
        "who presses Run wants to see"
    );
}

#[test]
fn a_link_is_run_as_it_comes_and_its_text_is_read_while_something_is_asked() {
    let text = common::blessed().replace("DELETE", "--? How many rows are left? | 0 | 1\nDELETE");
    let mut state = State::new(Vec::new(), Theme::System, (390, 844));
    let fragment = scenario::link::encode(&text, &[]);
    let effects = reduce(&mut state, Action::Address(fragment));
    let sent = effects.iter().find_map(|effect| match effect {
        Effect::RunInWorker { id, text: sent } => Some((*id, sent.clone())),
        _ => None,
    });
    let (id, sent) = sent.expect("nobody has to press Run");
    assert_eq!(*sent, *text, "the very text that the worker runs ahead");
    assert_eq!(reduce(&mut state, Action::Ponder), [], "what it means comes with its run");
    let asks = |effect: &Effect| matches!(effect, Effect::Ask { question: scenario::told::Question::Meaning, .. });
    for ending in [Action::Stop, Action::Crashed { id, words: "unreachable".into() }] {
        let mut ended = State::new(Vec::new(), Theme::System, (390, 844));
        reduce(&mut ended, Action::Address(scenario::link::encode(&text, &[])));
        assert!(reduce(&mut ended, ending).iter().any(asks), "unless that ends");
    }
    let effects = common::come(&mut state, id, common::answer_to(&text));
    assert!(effects.iter().any(asks), "what is folded is another text");
    assert_eq!((state.tab, state.shown().is_some()), (Tab::Cql, false));
    reduce(&mut state, Action::Guess("How many rows are left?".into(), Guess::Chose("0".into())));
    assert_eq!((state.tab, state.shown().is_some()), (Tab::Story, true));
}

#[test]
fn what_an_ended_run_still_says_is_not_heard() {
    let mut state = state();
    reduce(&mut state, Action::Run);
    assert_eq!(reduce(&mut state, Action::Run), [], "one run at a time");
    reduce(&mut state, Action::Progress { id: 1, done: (1, 4), events: 20 });
    assert_eq!(state.run, Run::Going { id: 1, done: (1, 4), events: 20 });
    assert_eq!(reduce(&mut state, Action::Stop), [Effect::EndWorker]);
    assert_eq!(common::come(&mut state, 1, common::answer()), []);
    assert!(state.ran.is_none());
}

#[test]
fn words_are_looked_for_in_the_whole_log() {
    let mut state = ran();
    reduce(&mut state, Action::Scrolled(9_000, 400));
    let mut effects = reduce(&mut state, Action::Find(" TOMBSTONE ".into()));
    assert_eq!((state.searching, state.log), (true, (0, 400)), "from the first line on");
    while let Some(Effect::Later(action)) = effects.pop() {
        effects.extend(reduce(&mut state, action));
    }
    let told = state.found.clone();
    assert!(told.len() > 3 && !state.searching && told.is_sorted(), "{told:?}");
    let tale = &state.ran.as_ref().expect("it ran").tale;
    let (entries, lines) = tale.entries(Filter::Writes, Some(&told), (0, 400));
    assert_eq!((entries.len(), lines), (3, 3), "each replica writes it once");
    assert!(entries.iter().all(|entry| entry.words.contains("tombstone")));
}

#[test]
fn a_crash_or_garbage_keeps_text_and_link() {
    for action in [
        Action::Crashed { id: 1, words: "unreachable".into() },
        Action::Finished { id: 1, answer: common::sent(&[2, 9, 9, 9, 9]) },
        Action::Finished { id: 1, answer: common::sent(&[]) },
    ] {
        let mut state = state();
        let link = state.link();
        reduce(&mut state, Action::Run);
        assert_eq!(common::on(&mut state, action), [Effect::EndWorker]);
        assert!(matches!(state.run, Run::Failed(_)) && state.notice.is_some());
        assert_eq!(*state.text, *common::TEXT);
        assert_eq!(state.link(), link);
    }
    // A trace that is cut anywhere is refused, never a panic.
    let whole = common::answer();
    for cut in (0..whole.0.len()).step_by(7) {
        let mut state = state();
        reduce(&mut state, Action::Run);
        let answer = common::sent(whole.0.get(..cut).unwrap_or_default());
        common::come(&mut state, 1, answer);
        assert!(matches!(state.run, Run::Failed(_)), "{cut}");
    }
}

#[test]
fn a_question_that_is_lost_is_said_and_nothing_is_claimed() {
    let mut state = ran();
    let (id, _) = *state.asks.waiting.first().expect("which number decides is asked at once");
    common::on(&mut state, Action::Crashed { id, words: "unreachable".into() });
    assert!(state.asks.waiting.is_empty() && state.asks.tip.is_none() && !state.asks.no_tip);
    assert!(state.notice.is_some_and(|notice| notice.why == "unreachable") && state.ran.is_some());
}

#[test]
fn the_knob_edits_the_text_and_a_draft_is_never_lost() {
    let mut state = state();
    reduce(&mut state, Action::Knob(-350));
    assert!(state.text.contains("clock=-350us"), "{}", state.text);
    reduce(&mut state, Action::Knob(0));
    assert!(state.text.contains("clock=+0ms"));
    assert_eq!(state.drafts.len(), 1, "an edited draft is one draft");
    let mine = state.text.clone();
    let asked = reduce(&mut state, Action::Address("story/clocks/the-writer-is-20-ms-ahead".into()));
    let [Effect::Fetch(slug)] = asked.as_slice() else { panic!("{asked:?}") };
    reduce(&mut state, Action::Fetched(slug.clone(), None));
    assert_eq!(state.text, mine, "a story that does not come takes nothing away");
    reduce(&mut state, Action::Fetched(slug.clone(), Some("SELECT 0;".into())));
    assert_eq!(state.screen, Screen::Play);
    assert_ne!(state.text, mine);
    reduce(&mut state, Action::Edit("SELECT 1;".into()));
    assert_eq!(state.drafts, [Rc::from("SELECT 1;"), mine], "the draft below is still there");
    assert_eq!(state.link(), {
        let mut again = self::state();
        reduce(&mut again, Action::Edit("SELECT 1;".into()));
        again.link()
    });
}

#[test]
fn a_link_opens_its_text_and_runs_it() {
    let mut one = ran();
    let copied = reduce(&mut one, Action::Share);
    let [Effect::SetHash(hash), Effect::Copy(link)] = copied.as_slice() else { panic!("{copied:?}") };
    assert_eq!(hash, link);
    let mut two = State::new(Vec::new(), Theme::System, (1440, 900));
    assert_eq!(two.screen, Screen::Start);
    let effects = reduce(&mut two, Action::Address(link.trim_start_matches('#').into()));
    assert_eq!(two.text, one.text);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::RunInWorker { .. })), "{effects:?}");
    reduce(&mut two, Action::Address("AQ".into()));
    assert!(two.notice.is_some_and(|notice| notice.what.contains("damaged")));
    assert_eq!(two.text, one.text, "a damaged link takes nothing away");
}

#[test]
fn a_long_link_asks_first() {
    let mut state = state();
    let mut luck = 88_172_645_463_325_252_u64;
    let mut letter = || {
        luck ^= luck << 13;
        luck ^= luck >> 7;
        luck ^= luck << 17;
        char::from(b'a' + (luck % 26) as u8)
    };
    let noise: String = (0..12_000).map(|_| letter()).collect();
    reduce(&mut state, Action::Edit(format!("-- {noise}\nSELECT 1;").into()));
    assert!(state.link().len() > web::state::LINK_HUGE, "{}", state.link().len());
    assert_eq!(reduce(&mut state, Action::Share), []);
    assert!(state.notice.as_ref().is_some_and(|notice| notice.what.contains("characters")));
    assert_eq!(reduce(&mut state, Action::ShareAnyway).len(), 2);
}

#[test]
fn what_is_typed_while_it_runs_is_kept() {
    let mut state = state();
    reduce(&mut state, Action::Run);
    let mine: Rc<str> = format!("{}-- one more thought\n", common::TEXT).into();
    reduce(&mut state, Action::Edit(mine.clone()));
    common::come(&mut state, 1, common::answer());
    assert_eq!(state.text, mine);
    assert!(state.edited() && state.ran.is_some_and(|ran| *ran.text == *common::TEXT));
}

#[test]
fn the_worker_says_what_a_text_means() {
    let mut state = state();
    common::edit(&mut state, "SELECT k FROM t;\n--@ flsh\n".into());
    assert_eq!(state.reading.faults.len(), 1);
    let effects = reduce(&mut state, Action::Edit("SELECT k FROM t;\n--@ flush\n".into()));
    let Some(Effect::Ask { id, .. }) = effects.last() else { panic!("{effects:?}") };
    assert_eq!(state.reading.faults.len(), 1, "until the worker has read it");
    let meaning = |text: &str| Rc::new(Told::Meaning(scenario::meaning(text)));
    reduce(&mut state, Action::Told(id - 1, meaning("--@ clstr")));
    let now = meaning(&state.text);
    reduce(&mut state, Action::Told(*id, now));
    assert_eq!((state.reading.faults.len(), state.reading.runs), (0, true));
}

#[test]
fn commands_by_name_and_by_key() {
    let mut state = ran();
    assert_eq!(reduce(&mut state, Action::Palette(true)), [Effect::Focus("command")]);
    reduce(&mut state, Action::PaletteFind("first".into()));
    reduce(&mut state, Action::PaletteDo(None));
    assert_eq!((state.cursor, state.palette.is_none()), (0, true));
    let effects = reduce(&mut state, Action::Play);
    assert!(
        state.playing && effects.iter().any(|effect| matches!(effect, Effect::Soon(250, Action::Tick))),
        "{effects:?}"
    );
    reduce(&mut state, Action::Tick);
    assert_eq!(state.cursor, 1);
    reduce(&mut state, Action::Go(Go::Last));
    assert!(!state.playing, "whoever steps, has the cursor");
    for command in COMMANDS.iter().filter(|command| !command.key.0.is_empty()) {
        let control = command.keys.starts_with('⌘');
        assert_eq!(keyed(command.key.0, command.key.1, control).as_ref(), Some(&command.action), "{}", command.words);
    }
}

#[test]
fn each_write_is_a_line_of_the_ledger() {
    let state = ran();
    let ledger = state.ran.as_ref().expect("it ran").tale.ledger();
    let told: Vec<(&str, Left)> = ledger.entries.iter().map(|entry| (entry.key.as_str(), entry.left)).collect();
    assert_eq!(told, [("org-1", Left::Seen(3)), ("org-1", Left::Deletes(3, 0))]);
    assert!(ledger.entries.iter().all(|entry| entry.at.iter().all(|at| matches!(at, At::Applied(_)))));
    assert_eq!(ledger.nodes, ["n1", "n2", "n3"]);
}

#[test]
fn a_run_of_this_visit_runs_again() {
    let mut state = ran();
    reduce(&mut state, Action::Edit("SELECT 1;".into()));
    let effects = reduce(&mut state, Action::Again(0));
    assert_eq!(*state.text, *common::blessed());
    assert!(effects.iter().any(|effect| matches!(effect, Effect::RunInWorker { .. })));
}

const LESSON: &str = include_str!("../../tests/lessons/1-equal-dates.md");

#[test]
fn a_lesson_goes_step_by_step_and_is_done_by_doing() {
    let mut state = State::new(Vec::new(), Theme::System, (1440, 900));
    assert_eq!(reduce(&mut state, Action::Address("lesson/1-equal-dates".into())), [Effect::FetchLesson(0)]);
    reduce(&mut state, Action::Taught(0, None));
    assert!(state.notice.is_some() && state.lesson.is_none(), "a lesson that does not come says so");
    let effects = reduce(&mut state, Action::Taught(0, Some(LESSON.into())));
    assert_eq!((state.screen, state.asked().is_some()), (Screen::Lesson, true));
    let run = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::RunInWorker { id, text } => Some((*id, text.clone())),
            _ => None,
        })
    };
    let (id, text) = run(&effects).expect("a step runs by itself: its answer is folded");
    assert!(text.contains("'ada'") && !text.contains("'grace'"));
    let zero = "--> count\n--> -----\n-->     0\n-->\n--> (1 rows)\n";
    common::come(&mut state, id, common::answer_to(&format!("{text}{zero}")));
    assert!(state.shown().is_none(), "until the question is answered");
    let asked = state.title();
    reduce(&mut state, Action::Guess(asked, Guess::Chose("0".into())));
    assert!(state.shown().is_some());
    let effects = reduce(&mut state, Action::LessonNext);
    let (id, text) = run(&effects).expect("the next step runs");
    assert!(text.contains("'grace'"));
    let one = zero.replace('0', "1");
    let asked = state.title();
    reduce(&mut state, Action::Guess(asked, Guess::Chose("0".into())));
    assert!(state.checks().iter().any(|check| !check.holds), "nothing has come yet");
    let effects = common::come(&mut state, id, common::answer_to(&format!("{text}{one}")));
    assert!(state.checks().iter().all(|check| check.holds), "{:?}", state.checks());
    assert!(effects.iter().any(|effect| matches!(effect, Effect::SaveLearned(all) if all == &["1-equal-dates"])));
    reduce(&mut state, Action::Hint);
    assert_eq!(state.lesson.as_ref().map(|taught| (taught.step, taught.hints)), Some((2, 1)));
}

#[test]
fn a_text_is_saved_whole_under_its_title() {
    let mut state = ran();
    let name = "a-delete-that-is-older-than-the-rows.cql";
    assert_eq!(reduce(&mut state, Action::SaveFile), [Effect::SaveFile(name.into(), state.whole())]);
}
