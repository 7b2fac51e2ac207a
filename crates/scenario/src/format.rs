//! A text in order: keywords in capitals, one space where one belongs, a clause a line where a statement is long. Strings, comments,
//! outcomes and line ends that somebody set stay as they are, and so does what the text means.

use crate::cut::{Item, Lines, Mark, What, cut};
use crate::directives::Directive;
use crate::edit::Edit;
use crate::line::bytes;
use crate::tables::written;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;
use cql::ast::{Shell, Statement};
use cql::{Word, WordKind};

/// A statement that is longer gets a line for each clause.
const WIDE: usize = 100;
/// Before these words a long statement is broken.
const CLAUSES: [&str; 13] =
    ["FROM", "WHERE", "SET", "VALUES", "USING", "IF", "ORDER", "GROUP", "LIMIT", "PER", "ALLOW", "WITH", "AND"];
/// Values, and names of functions, which stay as they are written.
const AS_WRITTEN: [&str; 11] =
    ["TRUE", "FALSE", "NULL", "NAN", "INFINITY", "COUNT", "TTL", "WRITETIME", "MAXWRITETIME", "CAST", "TOKEN"];
/// How many of them are values.
const VALUES: usize = 5;

/// The edits that put a text in order. What cannot be read is left alone. A text that is in order needs none.
#[must_use]
pub fn format(text: &str) -> Vec<Edit> {
    let (items, lines) = (cut(text), Lines::of(text));
    let mut edits = Vec::new();
    for (at, item) in items.iter().enumerate() {
        match item.what {
            What::Statement { open: false } => {
                let near = |other: Option<&Item>| other.map(|item| item.span.clone());
                let sides = (at.checked_sub(1).and_then(|at| near(items.get(at))), near(items.get(at + 1)));
                statement(text, &item.span, alone(&lines, &item.span, &sides), &mut edits);
            }
            What::Marked(Mark::Directive) => directive(text, item, &lines, &mut edits),
            _ => {}
        }
    }
    edits
}

/// Whether nothing else stands on a statement's lines.
fn alone(lines: &Lines<'_>, span: &Range<usize>, sides: &(Option<Range<usize>>, Option<Range<usize>>)) -> bool {
    let (first, last) = (lines.line(span.start), lines.line(span.end.saturating_sub(1)));
    let clear = |side: &Option<Range<usize>>, at: fn(&Range<usize>) -> usize, line: usize| {
        side.as_ref().is_none_or(|side| lines.line(at(side)) != line)
    };
    lines.start(first) == span.start
        && clear(&sides.0, |side| side.end.saturating_sub(1), first)
        && clear(&sides.1, |side| side.start, last)
}

fn statement(text: &str, span: &Range<usize>, alone: bool, edits: &mut Vec<Edit>) {
    let Ok(read) = cql::parse_in(text, crate::tables::span(span)) else { return };
    if matches!(read, Statement::Shell(Shell::Refused(_))) {
        return;
    }
    let shell = matches!(read, Statement::Shell(_));
    let words = written(text, span);
    let mut own = Vec::new();
    let mut wide = 0;
    for (at, (word, said)) in words.iter().enumerate() {
        wide += said.chars().count();
        let next = words.get(at + 1).map_or("", |(_, next)| *next);
        let upper = said.to_ascii_uppercase();
        let keyword = word.kind == WordKind::Keyword || (shell && word.kind == WordKind::Name);
        let function = AS_WRITTEN.iter().position(|known| *known == upper);
        let stays = next == "<" || function.is_some_and(|at| at < VALUES || next == "(");
        if keyword && !stays && upper != *said {
            own.push(Edit { span: word.span.start..word.span.end, text: upper });
        }
        let Some((after, next)) = words.get(at + 1) else { break };
        let gap = word.span.end as usize..after.span.start as usize;
        let blank = text.get(gap.clone()).unwrap_or("");
        let is =
            if blank.trim().is_empty() && !blank.contains(['\n', '\r']) { space(said, next, blank) } else { blank };
        wide += is.chars().count();
        if is != blank {
            own.push(Edit { span: bytes(&gap), text: is.to_string() });
        }
    }
    let one_line = text.get(span.clone()).is_some_and(|said| !said.contains(['\n', '\r', '\u{b}']));
    let comment = words.windows(2).any(|pair| {
        let [(a, _), (b, _)] = pair else { return false };
        text.get(a.span.end as usize..b.span.start as usize).is_some_and(|gap| !gap.trim().is_empty())
    });
    if alone && one_line && !comment && !shell && wide > WIDE {
        own.retain(|edit| {
            text.get(edit.span.start as usize..edit.span.end as usize).is_none_or(|was| !was.trim().is_empty())
        });
        own.extend(broken(text, &words));
    }
    edits.extend(own);
}

/// What belongs between two words of a line.
fn space<'a>(before: &str, after: &str, is: &'a str) -> &'a str {
    let one = if is.is_empty() { "" } else { " " };
    match (before, after) {
        (_, "," | ";" | ")" | "]" | ".") | ("(" | "[" | ".", _) => "",
        ("," | "=" | "!=" | ">=" | "<=" | "+=" | "-=", _) | (_, "=" | "!=" | ">=" | "<=" | "+=" | "-=") => " ",
        _ => one,
    }
}

/// A long statement in several lines: what goes between its words.
fn broken(text: &str, words: &[(Word, &str)]) -> Vec<Edit> {
    let is = |at: usize, word: &str| words.get(at).is_some_and(|(_, said)| said.eq_ignore_ascii_case(word));
    let made = is(0, "CREATE") && (is(1, "TABLE") || is(1, "TYPE") || is(1, "COLUMNFAMILY"));
    let batch = is(0, "BEGIN");
    let (mut depth, mut edits) = (0_i32, Vec::new());
    for (at, pair) in words.windows(2).enumerate() {
        let [(word, said), (after, next)] = pair else { continue };
        let gap = word.span.end as usize..after.span.start as usize;
        let blank = text.get(gap.clone()).unwrap_or("");
        depth += match *said {
            "(" | "[" | "{" => 1,
            ")" | "]" | "}" => -1,
            _ => 0,
        };
        let upper = next.to_ascii_uppercase();
        let clause = after.kind == WordKind::Keyword && CLAUSES.contains(&upper.as_str());
        // `CREATE TABLE IF NOT EXISTS` stays together.
        let exists = upper == "IF" && is(0, "CREATE");
        let line = if batch {
            match upper.as_str() {
                "INSERT" | "UPDATE" | "DELETE" if depth == 0 => Some("\n  "),
                "APPLY" if depth == 0 => Some("\n"),
                _ => None,
            }
        } else if made && depth == 1 && matches!(*said, "(" | ",") {
            Some("\n  ")
        } else if made && depth == 1 && *next == ")" {
            Some("\n")
        } else if depth == 0 && clause && !exists && at > 0 {
            Some("\n  ")
        } else {
            None
        };
        let is = line.unwrap_or_else(|| space(said, next, blank));
        if is != blank {
            edits.push(Edit { span: bytes(&gap), text: is.into() });
        }
    }
    edits
}

/// One space between the words of a directive, but for those that a neighbour of the same kind is lined up with.
fn directive(text: &str, item: &Item, lines: &Lines<'_>, edits: &mut Vec<Edit>) {
    let from = item.span.start + 3;
    let said = text.get(from..item.span.end).unwrap_or("");
    let mut words = said.split_whitespace();
    let Some(directive) = words.next().and_then(Directive::named) else { return };
    let line = lines.line(item.span.start);
    let neighbour = |at: usize| {
        let line = text.get(lines.start(at)..lines.start(at + 1)).unwrap_or("");
        line.trim_start().strip_prefix("--@").and_then(|line| line.split_whitespace().next()).and_then(Directive::named)
    };
    let lined_up = [line.checked_sub(1), Some(line + 1)]
        .into_iter()
        .flatten()
        .any(|at| at != line && neighbour(at).is_some_and(|other| other.verb == directive.verb));
    let (mut at, mut args) = (0, 0);
    // The verb first: what stands before it is one space.
    for number in 0.. {
        let rest = said.get(at..).unwrap_or("");
        let gap = rest.len() - rest.trim_start().len();
        let word = rest.trim_start().split(char::is_whitespace).next().unwrap_or("");
        if word.is_empty() {
            return;
        }
        if rest.get(..gap) != Some(" ") && (number == 0 || !lined_up) {
            edits.push(Edit::new((from + at) as u32..(from + at + gap) as u32, String::from(" ")));
        }
        at += gap + word.len();
        if number > 0 {
            let rest = directive.args.get(args).is_some_and(|arg| arg.kind.is_rest());
            if rest {
                return;
            }
            args += usize::from(!word.contains('='));
        }
    }
}
