//! What the rich editor is told: its lines as they are drawn, where they fold, what stands between them. The bundle
//! (`web/editor`) knows none of this and asks for what is in view.
//!
//! Lines are counted from 0. Places within a line cross in units of UTF-16, as JavaScript counts; here they are bytes.

mod number;
mod standing;

pub use number::{number, turned};
pub use standing::{Standing, standing};

use crate::{
    highlight::{Ink, Kind, Line},
    link::capital,
    panes::editor::Props,
    reading::{Mark, Reading},
};
use std::ops::Range;

/// Between the parts of what is told, and between marks: characters that no text has.
const PART: char = '\u{1}';
const NEXT: char = '\u{2}';

/// Fewer plain comment lines than that do not fold.
const COMMENT_FOLDS: usize = 3;

/// UTF-16 units of a text's first `at` bytes.
pub fn wide(text: &str, at: usize) -> usize {
    let head = text.get(..at).unwrap_or(text);
    if head.is_ascii() { head.len() } else { head.encode_utf16().count() }
}

/// The byte at which so many UTF-16 units of a text end.
pub fn byte(text: &str, wide: usize) -> usize {
    let mut left = wide;
    let at = text.char_indices().find(|(_, c)| match left.checked_sub(c.len_utf16()) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    });
    at.map_or(text.len(), |(at, _)| at)
}

/// The lines of a range as they are drawn, a line for each: class, pieces, tag.
pub fn paint(props: &Props, lines: Range<usize>) -> String {
    let mut out = String::new();
    for at in lines.clone() {
        if at > lines.start {
            out.push('\n');
        }
        if let Some(line) = props.reading.lines.get(at) {
            drawn(props, at, line, &mut out);
        }
    }
    out
}

fn drawn(props: &Props, at: usize, line: &Line, out: &mut String) {
    let reading = &*props.reading;
    let fault = reading.faults.iter().find(|mark| mark.line == at);
    let outcome = outcome_at(reading, at);
    let (class, tag) = match outcome {
        Some(block) => {
            let standing = standing(block, props);
            let last = reading.outcomes.get(block).is_some_and(|outcome| outcome.lines.end == at + 1);
            let (class, tag) = (standing.class(), standing.tag());
            // Room for the tag: a sign, or words.
            let end = match tag.chars().count() {
                _ if !last => "",
                0 => "",
                1 => " tick",
                _ => " end",
            };
            (format!("out {class}{end}"), if last { tag } else { String::new() })
        }
        None => (own_class(props, at, line), String::new()),
    };
    *out += &class;
    out.push(PART);
    let text = props.text.get(line.range.clone()).unwrap_or("");
    let mut first = true;
    let mut piece = |range: Range<usize>, class: &str| {
        let place = |at: usize| wide(text, at.saturating_sub(line.range.start));
        *out += &format!("{}{},{},{class}", if first { "" } else { ";" }, place(range.start), place(range.end));
        first = false;
    };
    for (ink, range) in &line.spans {
        let class = match (ink, outcome) {
            (Ink::Plain, _) | (Ink::Lead, None) => continue,
            (Ink::Number | Ink::Knob | Ink::Value, _) if turns(props, range) => format!("{} turns", ink.class()),
            (ink, _) => ink.class().into(),
        };
        piece(range.clone(), &class);
    }
    if let Some(mark) = fault {
        let clamp = |at: usize| at.clamp(line.range.start, line.range.end);
        piece(clamp(mark.span.start)..clamp(mark.span.end), "wave");
    }
    if !tag.is_empty() {
        out.push(PART);
        out.extend(tag.chars().map(|c| if c.is_control() { ' ' } else { c }));
    }
}

fn turns(props: &Props, range: &Range<usize>) -> bool {
    props.text.get(range.clone()).is_some_and(|word| turned(word, 1).is_some())
}

fn own_class(props: &Props, at: usize, line: &Line) -> String {
    let here = props
        .at
        .as_ref()
        .filter(|here| props.reading.statements.get(here.statement).is_some_and(|lines| lines.contains(&at)));
    let kind = match line.kind {
        Kind::Directive => "dir",
        Kind::Question => "q ask-line",
        Kind::Account => "acct",
        Kind::Code | Kind::Outcome => "",
    };
    match here {
        Some(here) => format!("{kind} at {}", here.tone),
        None => kind.into(),
    }
}

/// The outcome block that a line is part of.
fn outcome_at(reading: &Reading, line: usize) -> Option<usize> {
    let block = reading.outcomes.partition_point(|outcome| outcome.lines.end <= line);
    reading.outcomes.get(block).filter(|outcome| outcome.lines.contains(&line)).map(|_| block)
}

/// What is told of the text as a whole: notes under faults, where the cursor is, what is hidden until a question is answered.
pub fn marks(props: &Props) -> String {
    let reading = &*props.reading;
    let mut all: Vec<Vec<String>> = Vec::new();
    for (at, mark) in reading.faults.iter().enumerate() {
        let more = if at == 0 && reading.runs { "What stands above it still runs." } else { "" };
        let repair = mark.fix.as_ref().map_or("", |(words, ..)| words);
        all.push(vec!["note".into(), mark.line.to_string(), at.to_string(), said(mark), more.into(), repair.into()]);
    }
    if let Some((here, lines)) = props.at.as_ref().and_then(|at| Some((at, reading.statements.get(at.statement)?))) {
        all.push(vec!["here".into(), lines.start.to_string(), (here.event + 1).to_string(), here.tone.into()]);
    }
    let mut hide = |lines: &Range<usize>, words: String| {
        all.push(vec!["hide".into(), lines.start.to_string(), lines.end.to_string(), "hid".into(), words]);
    };
    if props.fold && reading.lead.len() > 1 {
        hide(&reading.lead, format!("▸ {} lines folded until you have guessed", reading.lead.len()));
    }
    if props.fold {
        for (block, outcome) in reading.outcomes.iter().enumerate() {
            if standing(block, props) == Standing::Folded {
                hide(&outcome.lines, "▸ folded until you have guessed".into());
            }
        }
    }
    let all: Vec<String> = all.iter().map(|mark| mark.join(&PART.to_string())).collect();
    all.join(&NEXT.to_string())
}

/// A fault in a sentence or two.
pub fn said(mark: &Mark) -> String {
    [&mark.so, &mark.known].map(|words| sentence(words)).join(" ").trim_end().into()
}

/// Words as a sentence. A name at their beginning is written as it is in the text.
fn sentence(words: &str) -> String {
    let first = words.split(' ').next().unwrap_or_default();
    let words = if first.chars().all(char::is_alphabetic) { capital(words) } else { words.into() };
    let ends = words.is_empty() || words.ends_with(['.', '?']);
    if ends { words } else { words + "." }
}

/// The last line of what begins on this one and can be folded: an outcome, a statement of several lines, a longer comment.
pub fn fold(reading: &Reading, line: usize) -> Option<usize> {
    let outcome = outcome_at(reading, line).and_then(|block| reading.outcomes.get(block)).map(|outcome| &outcome.lines);
    let statement = || {
        let at = reading.statements.partition_point(|lines| lines.start < line);
        reading.statements.get(at)
    };
    let whole = outcome.or_else(statement).filter(|lines| lines.start == line && lines.len() > 1).cloned();
    whole.or_else(|| comment(reading, line)).map(|lines| lines.end - 1)
}

fn comment(reading: &Reading, line: usize) -> Option<Range<usize>> {
    let plain = |at: usize| {
        reading
            .lines
            .get(at)
            .is_some_and(|line| line.kind == Kind::Code && matches!(line.spans.as_slice(), [(Ink::Comment, _)]))
    };
    if !plain(line) || (line > 0 && plain(line - 1)) {
        return None;
    }
    let end = (line..).find(|at| !plain(*at))?;
    (end - line >= COMMENT_FOLDS).then_some(line..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_both_countings() {
        let text = "a é𝄞b";
        for (at, _) in text.char_indices() {
            assert_eq!(byte(text, wide(text, at)), at);
        }
        assert_eq!((wide(text, text.len()), byte(text, 99)), (6, text.len()));
    }
}
