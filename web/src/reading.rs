//! What a text says, as far as the page shows it: its title, its faults with their repairs, its questions, its outcomes
//! and the one number that may be turned. Meaning is `scenario`'s, and the worker has that: the page could not read CQL
//! if it wanted to, which is a tenth of its download.

use crate::highlight::{Ink, Kind, Line, lines};
use scenario::told::{Dial, Measure};
use scenario::{Meaning, says};
use std::ops::Range;

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Its lines, coloured.
    pub lines: Vec<Line>,
    /// The first sentence of its leading comment.
    pub title: String,
    /// Lines of the leading comment: it may give an answer away.
    pub lead: Range<usize>,
    /// What is not understood.
    pub faults: Vec<Mark>,
    /// Whether anything can run.
    pub runs: bool,
    /// Outcome blocks, in order.
    pub outcomes: Vec<Outcome>,
    /// Questions, in order.
    pub questions: Vec<Question>,
    /// Where each statement stands, by its number from 1: its lines, from 0.
    pub statements: Vec<Range<usize>>,
    /// Who takes part: names, and whether it is a client.
    pub cast: Vec<(String, bool)>,
    /// The seed.
    pub seed: u64,
    /// The one parameter that may change the verdict.
    pub knob: Option<Dial>,
    /// The row that the page shows first.
    pub row: Option<String>,
    /// The event that the page shows first, from 1.
    pub at: Option<u64>,
}

/// A fault, where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its bytes.
    pub span: Range<usize>,
    /// Its line, from 0.
    pub line: usize,
    /// What is so.
    pub so: String,
    /// What is known.
    pub known: String,
    /// What repairs it: the button's words, the bytes, and what they become.
    pub fix: Option<(String, Range<usize>, String)>,
}

/// The lines under a statement that say what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its lines, from 0.
    pub lines: Range<usize>,
    /// What stands behind the `-->`, line by line.
    pub words: Vec<String>,
}

/// A question about the outcome that comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its line, from 0.
    pub line: usize,
    /// What it asks.
    pub words: String,
    /// What can be chosen.
    pub choices: Vec<String>,
    /// The outcome it is about, a place in [`Reading::outcomes`]; none: not run yet.
    pub outcome: Option<usize>,
}

impl Question {
    /// The choice that says what came. None: not even one does, so no guess can be judged.
    pub fn right(&self, came: &[String]) -> Option<&str> {
        self.choices.iter().find(|choice| says(choice, came)).map(String::as_str)
    }
}

/// Reads a text as far as it can be seen: its lines, its questions, its outcomes. What it means is the worker's to say; until
/// it has, what `before` meant holds.
pub fn look(text: &str, before: &Reading) -> Reading {
    let lines = lines(text);
    let outcomes = outcomes(text, &lines);
    let words = |line: &Line| text.get(line.range.clone()).unwrap_or("").trim();
    let asked = lines.iter().enumerate().filter(|(_, line)| line.kind == Kind::Question);
    let questions = asked.map(|(at, line)| question(at, words(line).get(3..).unwrap_or(""), &outcomes)).collect();
    let code = |line: &Line| line.kind == Kind::Code && !words(line).is_empty() && !words(line).starts_with("--");
    let lead = lead(text, &lines);
    Reading {
        title: title(text, &lines, &lead),
        lead,
        runs: lines.iter().any(code) && (before.runs || before.faults.is_empty()),
        knob: knob(text, &lines),
        outcomes,
        questions,
        lines,
        faults: before.faults.clone(),
        statements: before.statements.clone(),
        cast: before.cast.clone(),
        seed: before.seed,
        row: before.row.clone(),
        at: before.at,
    }
}

/// Reads a text of which is known what it means.
pub fn read(text: &str, meaning: &Meaning) -> Reading {
    let seen = look(text, &Reading::default());
    let line_of = |byte: u32| seen.lines.partition_point(|line| line.range.start <= byte as usize).saturating_sub(1);
    let nodes = usize::from(meaning.nodes).min(32);
    let clients = meaning.clients.iter().map(|name| (name.clone(), true));
    let bytes = |span: &Range<u32>| span.start as usize..span.end as usize;
    Reading {
        runs: meaning.runs,
        statements: meaning
            .statements
            .iter()
            .map(|span| line_of(span.start)..line_of(span.end.max(span.start + 1) - 1) + 1)
            .collect(),
        cast: clients.chain((1..=nodes).map(|node| (format!("n{node}"), false))).collect(),
        seed: meaning.seed,
        row: meaning.row.clone(),
        at: meaning.at,
        faults: meaning
            .faults
            .iter()
            .map(|fault| Mark {
                span: bytes(&fault.span),
                line: (fault.line as usize).saturating_sub(1),
                so: fault.so.clone(),
                known: fault.known.clone(),
                fix: fault.fix.as_ref().map(|fix| (button(&fix.text), bytes(&fix.span), fix.text.clone())),
            })
            .collect(),
        ..seen
    }
}

fn button(text: &str) -> String {
    match text.trim() {
        "" => "Remove it".into(),
        word => format!("Use {word}"),
    }
}

fn outcomes(text: &str, lines: &[Line]) -> Vec<Outcome> {
    let mut out: Vec<Outcome> = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.kind == Kind::Outcome) {
        let words = text.get(line.range.clone()).unwrap_or("").trim_start().get(3..).unwrap_or("");
        let words = words.strip_prefix(' ').unwrap_or(words).to_string();
        match out.last_mut() {
            Some(last) if last.lines.end == at => {
                last.lines.end = at + 1;
                last.words.push(words);
            }
            _ => out.push(Outcome { lines: at..at + 1, words: vec![words] }),
        }
    }
    out
}

fn question(line: usize, words: &str, outcomes: &[Outcome]) -> Question {
    let mut parts = words.split('|').map(|part| part.trim().to_string());
    let words = parts.next().unwrap_or_default();
    let mut choices: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let outcome = outcomes.iter().position(|block| block.lines.start > line);
    if choices.is_empty() {
        choices = scenario::choices(outcome.and_then(|at| outcomes.get(at)).map_or(&[], |block| &block.words));
    }
    Question { line, words, choices, outcome }
}

fn lead(text: &str, lines: &[Line]) -> Range<usize> {
    let plain = |line: &Line| {
        line.kind == Kind::Code && text.get(line.range.clone()).is_some_and(|line| line.starts_with("--"))
    };
    0..lines.iter().position(|line| !plain(line)).unwrap_or(lines.len())
}

fn title(text: &str, lines: &[Line], lead: &Range<usize>) -> String {
    let words = lines.get(lead.clone()).unwrap_or_default().iter().filter_map(|line| text.get(line.range.clone()));
    let words: Vec<&str> = words.map(|line| line.trim_start_matches('-').trim()).collect();
    let whole = words.join(" ");
    let sentence = whole.split_once(". ").map_or(whole.as_str(), |(first, _)| first).trim_end_matches('.');
    match sentence.char_indices().nth(90) {
        None if sentence.is_empty() => "Untitled".into(),
        None => sentence.into(),
        Some((at, _)) => format!("{}…", sentence.get(..at).unwrap_or_default().trim_end()),
    }
}

fn knob(text: &str, lines: &[Line]) -> Option<Dial> {
    let mut found = Vec::new();
    for line in lines.iter().filter(|line| line.kind == Kind::Directive) {
        let piece = |ink: Ink| line.spans.iter().find(|(at, _)| *at == ink).map(|(_, range)| range.clone());
        let (Some(verb), Some(name), Some(range)) = (piece(Ink::Verb), piece(Ink::Value), piece(Ink::Knob)) else {
            continue;
        };
        if text.get(verb) == Some("client")
            && let Some(value) = text.get(range.clone()).and_then(scenario::micros)
        {
            found.push(Dial {
                what: format!("the clock of {}", text.get(name).unwrap_or("")),
                measure: Measure::Offset,
                span: range.start as u32..range.end as u32,
                lead: String::new(),
                value,
            });
        }
    }
    let at = found.iter().position(|knob| knob.value != 0).unwrap_or(0);
    (!found.is_empty()).then(|| found.swap_remove(at))
}
