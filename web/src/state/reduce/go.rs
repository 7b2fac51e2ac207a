//! The cursor moves.

use crate::state::{Effect, Go, State};

pub(super) fn go(state: &mut State, to: Go) -> Vec<Effect> {
    let Some(tale) = state.shown().map(|ran| &ran.tale) else { return Vec::new() };
    let (last, now) = (tale.len().saturating_sub(1), state.cursor);
    let before = |list: &[u32]| list.iter().rev().find(|&&at| at < now).copied().unwrap_or(0);
    let after = |list: &[u32]| list.iter().find(|&&at| at > now).copied();
    let cursor = match to {
        Go::First => 0,
        Go::Last => last,
        Go::Back => now.saturating_sub(1),
        Go::On => now.saturating_add(1),
        Go::StatementBack => before(tale.submits()),
        Go::StatementOn => after(tale.submits()).unwrap_or(last),
        Go::AnomalyBack => {
            tale.anomalies().iter().rev().find(|&&at| at < now).or(tale.anomalies().last()).copied().unwrap_or(now)
        }
        Go::AnomalyOn => after(tale.anomalies()).or(tale.anomalies().first().copied()).unwrap_or(now),
        Go::Cause => tale.cause(now).unwrap_or(now),
        Go::To(event) => event,
    };
    state.cursor = cursor.min(last);
    let mut effects = vec![Effect::ShowEvent(state.cursor)];
    // Where the editor has its own column, the statement comes into view; elsewhere the page would jump to it.
    let line = state.statement().and_then(|at| state.reading.statements.get(at)).map(|lines| lines.start as u32);
    effects.extend(line.filter(|_| state.window.0 >= 1024).map(Effect::ShowLine));
    effects
}
