//! The lessons: each is a scenario that runs, asks, and ends with a task that is not done yet and can be done as its hints say.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's helpers are tests")]

use scenario::{End, Lesson, LessonRule, parse};
use std::path::Path;
use suite::run;

/// Runs a text to its end; the value of its last outcome, which is a count.
fn last(path: &Path, text: &str) -> String {
    let blessed = run(text).blessed;
    assert_eq!((&blessed.faults[..], &blessed.end), (&[][..], &End::Whole), "{}:\n{text}", path.display());
    blessed.answers.last().and_then(|answer| answer.lines.get(2)).map_or_else(String::new, |value| value.trim().into())
}

fn holds(lesson: &Lesson, text: &str, last: &str) -> Vec<bool> {
    let check = |rule: &LessonRule| match rule {
        LessonRule::Comes(value) => value == last,
        LessonRule::Keeps(_) => rule.kept(text),
    };
    lesson.turn.checks.iter().map(|check_of| check(&check_of.rule)).collect()
}

#[test]
fn every_lesson_asks_and_its_task_can_be_done() {
    let lessons = suite::lessons().unwrap();
    assert_eq!(lessons.len(), 6);
    for (at, (path, source)) in lessons.iter().enumerate() {
        let name = path.file_name().unwrap().to_string_lossy();
        assert!(name.starts_with(&format!("{}-", at + 1)), "{name} is out of order");
        let lesson = Lesson::read(source).unwrap_or_else(|(line, why)| panic!("{name}:{line}: {why}"));
        assert!(lesson.steps.len() > 1 && lesson.turn.hints.len() > 1, "{name}: steps and hints");
        for step in 1..=lesson.steps.len() {
            let text = lesson.text(step);
            last(path, &text);
            let questions = parse(&text).0.questions;
            assert!(step < lesson.steps.len() || !questions.is_empty(), "{name} asks nothing");
            for question in questions {
                assert!(question.choices.len() > 1, "{name}: {}", question.text);
            }
        }
        let text = lesson.text(lesson.steps.len());
        let before = holds(&lesson, &text, &last(path, &text));
        assert!(!before.iter().all(|holds| *holds), "{name}: the task is done before it is begun");
        for (check, holds) in lesson.turn.checks.iter().zip(&before) {
            assert!(
                *holds || matches!(check.rule, LessonRule::Comes(_)),
                "{name}: {} is to be kept, and is not there",
                check.words
            );
        }
        let solved: Vec<(String, String)> = source
            .lines()
            .filter_map(|line| line.strip_prefix("<!-- solve: ")?.strip_suffix(" -->")?.split_once(" => "))
            .map(|(from, to)| (from.into(), to.replace("\\n", "\n")))
            .collect();
        assert!(!solved.is_empty(), "{name} says how it is done: <!-- solve: this => that -->");
        for (from, to) in solved {
            let at = text.rfind(&from).unwrap_or_else(|| panic!("{name}: {from} is not in it"));
            let changed = format!("{}{to}{}", &text[..at], &text[at + from.len()..]);
            let after = holds(&lesson, &changed, &last(path, &changed));
            assert!(after.iter().all(|holds| *holds), "{name}: {from} => {to}: {after:?}\n{changed}");
        }
    }
}
