//! A text to its pieces: statements, and the comments that mean something. Nothing is understood yet, nothing is lost.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;
use cql::{CommentStyle, PieceKind, split};

const BYTE_ORDER_MARK: char = '\u{feff}';
/// White space as CQL knows it. Whatever else looks like it belongs to a statement, where it is a fault.
const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// What a comment is by its third character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// `--@`
    Directive,
    /// `-->`
    Outcome,
    /// `--~`
    Account,
    /// `--?`
    Question,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub span: Range<usize>,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A statement with its `;`; `open` when it has none and should.
    Statement { open: bool },
    /// A comment with a mark that stands alone on its line.
    Marked(Mark),
    /// A comment with a mark behind something else on its line.
    Misplaced(Mark),
    /// Any other comment.
    Comment,
    /// A string, name, comment or batch that is never closed: what, and where it begins.
    Unclosed(String, usize),
}

fn mark(comment: &str) -> Option<Mark> {
    match comment.as_bytes() {
        [b'-', b'-', b'@', ..] => Some(Mark::Directive),
        [b'-', b'-', b'>', ..] => Some(Mark::Outcome),
        [b'-', b'-', b'~', ..] => Some(Mark::Account),
        [b'-', b'-', b'?', ..] => Some(Mark::Question),
        _ => None,
    }
}

/// Cut a text. A marked line inside a statement ends it: nobody writes one there on purpose, a `;` is missing above.
pub(crate) fn cut(text: &str) -> Vec<Item> {
    let mut items = Vec::new();
    // Some editors put a mark of UTF-8 before everything; cqlsh passes over it, too.
    let mut from = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    while let Some(tail) = text.get(from..) {
        let mut done = from;
        let mut again = None;
        let mut comments = Vec::new();
        for piece in split(tail) {
            let span = from + piece.span.start as usize..from + piece.span.end as usize;
            let what = match piece.kind {
                PieceKind::Statement { terminated } => What::Statement { open: !terminated },
                PieceKind::Fault(fault) => {
                    let at = from + fault.span.start as usize;
                    What::Unclosed(alloc::format!("{fault}"), at)
                }
                PieceKind::Comment { style, inside } => {
                    let mark = if style == CommentStyle::Dashes { mark(piece.span.of(tail)) } else { None };
                    match mark {
                        Some(mark) if !alone(text, span.start) => What::Misplaced(mark),
                        Some(_) if inside => {
                            again = Some(span.start);
                            break;
                        }
                        Some(mark) => What::Marked(mark),
                        // A comment inside a statement is part of that statement's piece.
                        None if inside => {
                            comments.push(span);
                            continue;
                        }
                        None => What::Comment,
                    }
                }
            };
            done = span.end;
            items.push(Item { span, what });
        }
        let Some(next) = again else { break };
        let gap = text.get(done..next).unwrap_or("");
        let begins = done + gap.find(|c: char| !SPACE.contains(&c) && c != ';').unwrap_or(0);
        let ends = code_end(text, begins, next, &mut comments);
        items.push(Item { span: begins..ends, what: What::Statement { open: true } });
        from = next;
    }
    items
}

/// Where the code before `end` ends: before white space and comments. Uses up the comments that it passes.
fn code_end(text: &str, begins: usize, mut end: usize, comments: &mut Vec<Range<usize>>) -> usize {
    loop {
        end = begins + text.get(begins..end).unwrap_or("").trim_end_matches(SPACE).len();
        match comments.pop() {
            Some(comment) if comment.end == end => end = comment.start,
            _ => return end,
        }
    }
}

/// Whether only white space stands before this on its line.
fn alone(text: &str, at: usize) -> bool {
    let head = text.get(..at).unwrap_or("");
    let line = head.rfind(['\n', '\r']).map_or(0, |n| n + 1);
    let before = head.get(line..).unwrap_or("");
    let before = if line == 0 { before.strip_prefix(BYTE_ORDER_MARK).unwrap_or(before) } else { before };
    before.trim_matches(SPACE).is_empty()
}

/// Where lines begin. They end with LF, CRLF or CR, as CQL's comments do.
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub fn of(text: &'a str) -> Lines<'a> {
        let bytes = text.as_bytes();
        let is_end = |at: usize| bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        let ends = (0..bytes.len()).filter(|at| is_end(*at)).map(|at| at + 1);
        Lines { text, starts: core::iter::once(0).chain(ends).collect() }
    }

    /// The line of a byte, from 0.
    pub fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The first byte of a line, or the text's end.
    pub fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.text.len())
    }

    /// Every line, with its line end.
    pub fn each(&self) -> impl Iterator<Item = &'a str> {
        let ends = self.starts.iter().skip(1).copied().chain([self.text.len()]);
        let text = self.text;
        self.starts
            .clone()
            .into_iter()
            .zip(ends.collect::<Vec<_>>())
            .map(move |(from, to)| text.get(from..to).unwrap_or(""))
    }

    /// The column of a byte, from 1, in characters.
    pub fn column(&self, at: usize) -> usize {
        let start = self.start(self.line(at));
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        self.text.get(start..at).unwrap_or("").chars().count() + 1
    }
}
