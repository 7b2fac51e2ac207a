//! What is said in the largest type, and what is asked.

use crate::{
    panes::verdict::Ask,
    scene::{Tone, Verdict, Word},
    state::{Guess, Ran, Run, State, same, thousands},
};
use scenario::{Gist, in_words, says};

pub(super) fn going(state: &State) -> Option<u32> {
    match state.run {
        Run::Going { done: (done, of), events, .. } if events > 0 && of > 0 => Some(done * 100 / of),
        Run::Going { .. } | Run::Idle | Run::Failed(_) => None,
    }
}

/// The open question, or the last one with its guess and what happened.
pub(super) fn ask(state: &State) -> Option<Ask> {
    let at = state.asked().or_else(|| state.reading.questions.len().checked_sub(1))?;
    asked(state, at).filter(|ask| ask.guess != Some(Guess::Skipped))
}

/// A question with its guess and what happened, as far as that may be said.
pub(super) fn asked(state: &State, at: usize) -> Option<Ask> {
    let question = state.reading.questions.get(at)?.clone();
    let guess = state.guess(&question.words).cloned();
    let outcome = guess
        .as_ref()
        .and(state.ran.as_ref())
        .filter(|ran| same(&ran.blessed, &state.text))
        .and(question.outcome)
        .and_then(|at| state.reading.outcomes.get(at));
    let choice = outcome.and_then(|outcome| question.right(&outcome.words));
    let answer = outcome
        .map(|outcome| choice.map_or_else(|| Gist::of(&outcome.words).to_string(), |choice| in_words(choice).into()));
    let right = match (&guess, outcome.filter(|_| choice.is_some())) {
        (Some(Guess::Chose(mine)), Some(outcome)) => Some(says(mine, &outcome.words)),
        _ => None,
    };
    let world = state.asks.wish.clone().filter(|_| at + 1 == state.reading.questions.len());
    Some(Ask { question, guess, answer, right, world })
}

/// The verdict of a run; one that ended early says where and why.
pub(super) fn ended(ran: &Ran) -> Verdict {
    if ran.stopped.is_empty() {
        let mut verdict = ran.tale.verdict();
        if let Some(lines) = ran.tale.refused().and_then(|at| ran.reading.statements.get(at)) {
            verdict.strong = format!("Line {} was refused.", lines.start + 1);
        }
        verdict
    } else {
        plain(Tone::Unsure, "It stopped before its end.", "", &ran.stopped)
    }
}

fn plain(tone: Tone, strong: &str, rest: &str, why: &str) -> Verdict {
    Verdict { tone, strong: strong.into(), rest: rest.into(), why: vec![Word::Plain(why.into())] }
}

/// The verdict speaks of the end of the run, not of the cursor.
pub(super) fn verdict(state: &State) -> Verdict {
    match (&state.run, state.shown()) {
        (Run::Going { events, done: (done, of), .. }, _) if *events > 0 => plain(
            Tone::Plain,
            "",
            &format!("Running … {} events", thousands(u64::from(*events))),
            &format!("{done} of {of} steps. The page stays usable; Stop ends it."),
        ),
        (Run::Failed(words), _) => plain(Tone::Refused, "It did not run.", "", words),
        (_, Some(ran)) => ended(ran),
        (_, None) if state.asked().is_some() => plain(
            Tone::Asking,
            "What do you expect?",
            "",
            if state.ran.is_some() { "It has run. Guess, and see." } else { "Guess, then press Run." },
        ),
        (_, None) if !state.reading.runs && !state.reading.faults.is_empty() => {
            let line = state.reading.faults.first().map_or(0, |fault| fault.line + 1);
            plain(
                Tone::Plain,
                "",
                "It cannot run yet.",
                &format!("Line {line} is not understood, and nothing stands above it."),
            )
        }
        (_, None) if !state.reading.runs => {
            plain(Tone::Plain, "", "Nothing to run yet.", "Write a statement of CQL; end it with a semicolon.")
        }
        (_, None) => plain(Tone::Plain, "", "What will come of it?", "Nothing has run yet. Press Run."),
    }
}
