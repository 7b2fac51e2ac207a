//! What the worker is at, and what waits for it. Nothing here calls the browser.

use scenario::told::Question;
use std::{collections::VecDeque, rc::Rc};
use trace::Shared;
use web_sys::Worker;

/// The worker, if one lives, and what waits for it.
#[derive(Default)]
pub(in crate::edge) struct Hand {
    pub(super) worker: Option<Worker>,
    pub(super) ready: bool,
    /// Whether its memory has grown so that another should take over when it is done.
    pub(super) spent: bool,
    /// What it is at.
    pub(super) at: Option<u32>,
    /// What it is given next.
    pub(super) jobs: VecDeque<Job>,
    /// What the shell began it with.
    pub(super) ahead: Option<Ahead>,
}

/// A run that began before the page was there: that of the link in the address.
pub(super) struct Ahead {
    pub text: Rc<str>,
    pub came: Option<Shared>,
}

/// A text to run, or a question about it.
pub(in crate::edge) struct Job {
    pub id: u32,
    pub text: Rc<str>,
    pub question: Option<Question>,
}

impl Hand {
    /// The worker is there. It is free, unless it has a text of its own to run first.
    pub(super) fn listens(&mut self) {
        let runs = self.ahead.as_ref().is_some_and(|ahead| ahead.came.is_none());
        self.ready = self.at.is_none() && !runs;
    }

    /// Whose answers are waited for.
    pub(super) fn concerned(&self) -> Vec<u32> {
        self.at.into_iter().chain(self.jobs.iter().map(|job| job.id)).collect()
    }

    /// This text is to be run: what is asked about an older one waits no more. The run that began without being asked for, if it is
    /// of this text; of another its answer is not kept.
    pub(super) fn claim(&mut self, text: &str) -> Option<Ahead> {
        self.jobs.clear();
        let goes_on = self.ahead.as_ref().is_some_and(|ahead| ahead.came.is_none() && *ahead.text != *text);
        if goes_on { None } else { self.ahead.take().filter(|ahead| *ahead.text == *text) }
    }

    /// Has a job wait for its turn.
    pub(super) fn wait(&mut self, job: Job) {
        // Only the last text that was typed is worth reading.
        if job.question == Some(Question::Meaning) {
            self.jobs.retain(|job| job.question != Some(Question::Meaning));
        }
        // Somebody waits for a word while typing: those questions are short, and go first.
        match job.question {
            Some(Question::Complete(_) | Question::Explain(_)) => self.jobs.push_front(job),
            _ => self.jobs.push_back(job),
        }
    }

    /// What is next, when the worker is free: it is at it then.
    pub(super) fn next(&mut self) -> Option<(Worker, Job)> {
        let worker = self.worker.clone().filter(|_| self.ready)?;
        let job = self.jobs.pop_front()?;
        (self.ready, self.at) = (false, Some(job.id));
        Some((worker, job))
    }
}
