//! A lesson that is being read: how far, and what of its task is done.

use super::{State, same};
use scenario::{Gist, Lesson, LessonRule, says};
use std::rc::Rc;

/// A lesson that is being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taught {
    /// Its place among the lessons.
    pub at: usize,
    /// The lesson.
    pub lesson: Rc<Lesson>,
    /// How many steps are open, from 1.
    pub step: usize,
    /// How many hints have been asked for.
    pub hints: usize,
}

impl Taught {
    /// Whether every step is open, and so the task.
    pub fn all(&self) -> bool {
        self.step >= self.lesson.steps.len()
    }

    /// The questions of a step, by their places among those of the whole text.
    pub fn questions(&self, step: usize) -> std::ops::Range<usize> {
        let asked =
            |step: &scenario::LessonStep| step.code.lines().filter(|line| line.trim_start().starts_with("--?")).count();
        let before: usize = self.lesson.steps.iter().take(step).map(asked).sum();
        before..before + self.lesson.steps.get(step).map_or(0, asked)
    }
}

/// Something that must hold, whether it does, and what comes of the text now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// In words.
    pub words: String,
    /// Whether it holds.
    pub holds: bool,
    /// What comes of it now, of a check of that.
    pub now: Option<String>,
}

impl State {
    /// What must hold at the end of the lesson, and whether it does.
    pub fn checks(&self) -> Vec<Checked> {
        let Some(taught) = &self.lesson else { return Vec::new() };
        let shown = self.shown().filter(|ran| same(&ran.blessed, &self.text));
        let last = shown.and_then(|ran| ran.reading.outcomes.last());
        let check = |check: &scenario::Check| {
            let holds = match &check.rule {
                LessonRule::Comes(value) => last.is_some_and(|last| says(value, &last.words)),
                LessonRule::Keeps(_) => check.rule.kept(&self.text),
            };
            let now = last
                .filter(|_| matches!(check.rule, LessonRule::Comes(_)))
                .map(|last| Gist::of(&last.words).to_string());
            Checked { words: check.words.clone(), holds, now }
        };
        taught.lesson.turn.checks.iter().map(check).collect()
    }
}
