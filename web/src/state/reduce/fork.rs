//! Futures: forked, chosen, named, forgotten.

use super::{
    ask,
    edit::{become_own, ponder},
    find::search,
    run::{run, stop},
};
use crate::{
    reading::{Reading, look},
    state::{Action, Effect, Future, Futures, Notice, State, Tone, same},
};
use scenario::{Edit, applied, limits::BRANCHES_MAX};
use std::rc::Rc;

/// A branch that was typed into the text becomes a future of it.
pub(super) fn adopt(state: &mut State) -> Vec<Effect> {
    let typed = scenario::branches(&state.text);
    let room = (BRANCHES_MAX + 1).saturating_sub(state.futures.all.len().max(1));
    if typed.is_empty() || typed.len() > room || state.lesson.is_some() {
        return Vec::new();
    }
    let (text, at): (Rc<str>, _) = (scenario::trunk(&state.text).into(), state.futures.at);
    state.text = text.clone();
    begin(state);
    for branch in typed {
        let name = free(state, &branch.name);
        let text = branch.text.into();
        state.futures.all.push(Future { named: true, name, text, ran: None, cursor: 0, of: at });
    }
    let reading = Rc::new(look(&text, &state.reading));
    let mut effects = become_own(state, text.clone(), reading);
    effects.extend(ponder(state));
    effects.push(Effect::SetText(text));
    effects
}

/// There is more than the text from now on.
fn begin(state: &mut State) {
    if state.futures.all.is_empty() {
        let (text, ran, cursor) = (state.text.clone(), state.ran.clone(), state.cursor);
        state.futures.all.push(Future { name: String::new(), named: true, text, ran, cursor, of: 0 });
    }
}

/// A name that no future has.
fn free(state: &State, name: &str) -> String {
    let taken = |name: &str| state.futures.all.iter().any(|future| future.name == name);
    if !taken(name) {
        return name.into();
    }
    (2..).map(|n| format!("{name}-{n}")).find(|name| !taken(name)).unwrap_or_default()
}

/// What is left of words when they are to be a name: letters, digits, - and _.
fn slug(words: &str) -> String {
    let fits = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '-' };
    let name: String = words.trim().chars().take(40).map(fits).collect();
    let name = name.trim_matches('-');
    // A node's name says a node, wherever it stands.
    let node =
        name.strip_prefix('n').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty());
    if node { format!("future-{name}") } else { name.into() }
}

/// Another future begins where the present one stands; with these edits, if any, and then it runs.
pub(super) fn fork(state: &mut State, name: &str, edits: &[Edit]) -> Vec<Effect> {
    if state.futures.all.len() > BRANCHES_MAX {
        state.notice = Some(Notice {
            tone: Tone::Warn,
            what: format!("There are {BRANCHES_MAX} other futures."),
            why: "That is the limit of one scenario: forget one of them first.".into(),
            offers: Vec::new(),
        });
        return Vec::new();
    }
    let mut effects = stop(state);
    begin(state);
    park(state);
    let wanted = slug(name);
    let name = free(state, if wanted.is_empty() { "what-if" } else { &wanted });
    let (text, ran, cursor, of) = (state.text.clone(), state.ran.clone(), state.cursor, state.futures.at);
    state.futures.all.push(Future { named: false, name, text, ran, cursor, of });
    state.futures.at = state.futures.all.len() - 1;
    if edits.is_empty() {
        let (text, reading) = (state.text.clone(), state.reading.clone());
        effects.extend(become_own(state, text, reading));
        effects.push(Effect::Focus("future"));
        return effects;
    }
    effects.extend(ask::put(state, &edits.iter().collect::<Vec<_>>()));
    effects.extend(run(state));
    effects
}

/// What is in the editor is kept in its place.
fn park(state: &mut State) {
    let (text, ran, cursor) = (state.text.clone(), state.ran.clone(), state.cursor);
    if let Some(future) = state.futures.all.get_mut(state.futures.at) {
        (future.text, future.ran, future.cursor) = (text, ran, cursor);
    }
}

/// Opens a future; one that has not run yet runs.
pub(super) fn switch(state: &mut State, to: usize) -> Vec<Effect> {
    if to == state.futures.at || to >= state.futures.all.len() {
        return Vec::new();
    }
    let mut effects = stop(state);
    park(state);
    effects.extend(load(state, to));
    effects
}

fn load(state: &mut State, to: usize) -> Vec<Effect> {
    let Some(future) = state.futures.all.get(to).cloned() else { return Vec::new() };
    state.futures.at = to;
    state.reading = match &future.ran {
        Some(ran) if same(&ran.blessed, &future.text) => ran.reading.clone(),
        _ => Rc::new(look(&future.text, &Reading::default())),
    };
    (state.text, state.ran, state.cursor, state.place) = (future.text.clone(), future.ran, future.cursor, None);
    state.playing = false;
    let mut effects = vec![Effect::SetText(future.text), Effect::Title(state.title())];
    effects.extend(ponder(state));
    effects.extend(search(state));
    match state.ran.is_some() {
        true => effects.extend(ask::begin(state)),
        false => effects.extend(run(state)),
    }
    effects
}

/// Forgets a future; the one that it was forked from is opened in its place.
pub(super) fn forget(state: &mut State, at: usize) -> Vec<Effect> {
    if at == 0 || at >= state.futures.all.len() {
        return Vec::new();
    }
    let of = state.futures.all.get(at).map_or(0, |future| future.of);
    let mut effects = if at == state.futures.at { switch(state, of) } else { Vec::new() };
    park(state);
    state.futures.all.remove(at);
    let moved = |place: usize| if place == at { of } else { place - usize::from(place > at) };
    state.futures.at = moved(state.futures.at);
    for future in &mut state.futures.all {
        future.of = moved(future.of);
    }
    if state.futures.all.len() == 1 {
        state.futures = Futures::default();
    }
    effects.extend(kept(state));
    effects
}

/// Gives the future in the editor a name.
pub(super) fn name(state: &mut State, words: &str) -> Vec<Effect> {
    let (name, at) = (slug(words), state.futures.at);
    let taken = state.futures.all.iter().enumerate().any(|(other, future)| other != at && future.name == name);
    match state.futures.all.get_mut(at).filter(|_| at > 0 && !name.is_empty() && !taken) {
        Some(future) => (future.name, future.named) = (name, true),
        None => return Vec::new(),
    }
    kept(state)
}

/// The whole has changed, and not the text in the editor: the draft is kept as it is now.
fn kept(state: &mut State) -> Vec<Effect> {
    let (text, reading) = (state.text.clone(), state.reading.clone());
    become_own(state, text, reading)
}

/// An event of the run that is shown beside: there.
pub(super) fn go_beside(state: &mut State, event: u32) -> Vec<Effect> {
    let Some((_, at)) = state.beside() else { return Vec::new() };
    let mut effects = switch(state, at);
    effects.extend(super::go::go(state, crate::state::Go::To(event)));
    effects
}

/// What can be changed at the event that is shown, each as a future of its own.
pub(super) fn offers(state: &State) -> Vec<(String, Action)> {
    let mut all = vec![("Change the text by hand".to_string(), Action::Fork(String::new(), Vec::new()))];
    let text = &state.text;
    let seed = scenario::with_key(text, "seed", &state.reading.seed.wrapping_add(1).to_string());
    all.push((
        format!("Another seed: {}", state.reading.seed.wrapping_add(1)),
        Action::Fork("another-seed".into(), vec![seed]),
    ));
    let Some(ran) = state.shown().filter(|ran| same(&ran.blessed, text)) else { return all };
    let flying = ran.tale.flying(state.cursor);
    let head = state.reading.lines.get(state.reading.lead.end).map_or(0, |line| line.range.start) as u32;
    for (place, (one, from, to)) in flying.iter().enumerate() {
        for (other, by, at) in flying.iter().skip(place + 1).filter(|(.., at)| at == to) {
            let line = format!("--@ swap {}.{} {}.{}\n", one.0, one.1, other.0, other.1);
            let words = format!(
                "Swap two messages in flight: {from} to {to} ({}.{}), and {by} to {at} ({}.{})",
                one.0, one.1, other.0, other.1
            );
            all.push((words, Action::Fork("swapped".into(), vec![Edit::new(head..head, line)])));
        }
    }
    let Some(lines) = ran
        .tale
        .statement(state.cursor)
        .and_then(|at| state.reading.statements.get(at).cloned().map(|lines| (at, lines)))
    else {
        return all;
    };
    let (at, lines) = lines;
    let byte = |line: usize| state.reading.lines.get(line).map_or(text.len(), |line| line.range.start) as u32;
    let outcome = state.reading.outcomes.iter().find(|outcome| outcome.lines.start == lines.end);
    let (from, to) = (byte(lines.start), byte(outcome.map_or(lines.end, |outcome| outcome.lines.end)));
    let number = at + 1;
    all.push((
        format!("Without statement {number}"),
        Action::Fork(format!("without-{number}"), vec![Edit::new(from..to, "")]),
    ));
    for (node, _) in state.reading.cast.iter().filter(|(_, client)| !client).rev().take(3) {
        let down = format!("--@ kill {node}\n--@ until seen-down {node}\n");
        let words = format!("{node} is dead before statement {number}");
        all.push((words, Action::Fork(format!("{node}-dead"), vec![Edit::new(from..from, down)])));
    }
    let later = Edit::new(from..from, "--@ advance 10d\n");
    all.push((format!("Ten days pass before statement {number}"), Action::Fork("ten-days-later".into(), vec![later])));
    all
}

/// Opens a world of the grid or of a guess, beside the one that it comes from.
pub(super) fn enter(state: &mut State, name: &str, edits: &[Edit]) -> Vec<Effect> {
    let same = *applied(&state.text, &edits.iter().collect::<Vec<_>>()) == *state.text;
    if *state.asks.about != *state.text || same {
        return Vec::new();
    }
    // A lesson's tasks are about the one text in front of the reader.
    if state.lesson.is_some() {
        let mut effects = ask::put(state, &edits.iter().collect::<Vec<_>>());
        effects.extend(run(state));
        return effects;
    }
    fork(state, name, edits)
}
