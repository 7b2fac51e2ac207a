//! A whole text to its statements and comments, without understanding them.

use super::keyword::Keyword;
use super::token::{Lexer, Tok, Token};
use super::{Piece, PieceKind, Span};
use crate::parse::{BYTES_MAX, Problem, SyntaxError};

/// Cuts a text into statements and comments, in the order in which they end; between them are only white space and
/// stray `;`. A statement ends with its `;`, cqlsh's own commands also with their line, `BEGIN BATCH` after
/// `APPLY BATCH`. Whatever never ends is one [`PieceKind::Fault`], the last piece.
pub fn split(text: &str) -> Split<'_> {
    Split { text, lexer: Lexer::new(text.as_bytes(), 0), open: None, done: false }
}

/// The pieces of a text; see [`split`].
#[derive(Clone)]
pub struct Split<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    open: Option<Open>,
    done: bool,
}

/// A statement that has begun.
#[derive(Clone, Copy)]
struct Open {
    first: Span,
    end: u32,
    shape: Shape,
}

/// What decides where the open statement ends.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// The next `;`.
    Plain,
    /// Its line's end, or a `;`.
    Line,
    /// It began with `BEGIN`: a batch if `BATCH` follows soon.
    Begin(u8),
    /// `APPLY BATCH`.
    Batch,
    /// The `BATCH` after `APPLY`.
    Apply,
}

/// The commands of cqlsh that end with their line. `COPY` needs its `;`.
const LINE_COMMANDS: [&str; 17] = [
    "CAPTURE",
    "CLEAR",
    "CLS",
    "CONSISTENCY",
    "DEBUG",
    "EXIT",
    "EXPAND",
    "HELP",
    "HISTORY",
    "LOGIN",
    "PAGING",
    "QUIT",
    "SERIAL",
    "SHOW",
    "SOURCE",
    "TRACING",
    "UNICODE",
];

impl Shape {
    fn of(first: Token, text: &str) -> Shape {
        match first.kind {
            Tok::Keyword(Keyword::Begin) => Shape::Begin(0),
            Tok::Keyword(Keyword::Describe | Keyword::Desc) | Tok::Question => Shape::Line,
            Tok::Word | Tok::Keyword(Keyword::Login) => {
                let word = first.span.of(text);
                let is_line = LINE_COMMANDS.iter().any(|command| command.eq_ignore_ascii_case(word));
                if is_line { Shape::Line } else { Shape::Plain }
            }
            _ => Shape::Plain,
        }
    }

    fn after(self, token: Tok) -> Shape {
        match (self, token) {
            (Shape::Begin(_), Tok::Keyword(Keyword::Batch)) => Shape::Batch,
            // `BEGIN`, one word such as UNLOGGED (even a wrong one), `BATCH`.
            (Shape::Begin(0), Tok::Keyword(_) | Tok::Word) => Shape::Begin(1),
            (Shape::Begin(_), _) => Shape::Plain,
            (Shape::Batch | Shape::Apply, Tok::Keyword(Keyword::Apply)) => Shape::Apply,
            (Shape::Apply, Tok::Keyword(Keyword::Batch)) => Shape::Plain,
            (Shape::Apply, _) => Shape::Batch,
            (shape, _) => shape,
        }
    }
}

impl Split<'_> {
    fn close(&mut self, terminated: bool) -> Option<Piece> {
        let open = self.open.take()?;
        let span = Span { start: open.first.start, end: open.end };
        Some(Piece { span, kind: PieceKind::Statement { terminated } })
    }

    /// The last piece: `at` begins what never ends.
    fn fault(&mut self, at: Span, problem: Problem) -> Option<Piece> {
        self.done = true;
        let start = self.open.map_or(at.start, |open| open.first.start);
        let span = Span { start, end: self.text.len().min(u32::MAX as usize) as u32 };
        Some(Piece { span, kind: PieceKind::Fault(SyntaxError::new(self.text, at, problem)) })
    }
}

impl Iterator for Split<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if self.done {
            return None;
        }
        if self.text.len() > BYTES_MAX {
            return self.fault(Span { start: 0, end: 0 }, Problem::TooLong);
        }
        loop {
            let line_ended = self.lexer.skip_space();
            let is_line = self.open.is_some_and(|open| open.shape == Shape::Line);
            if is_line && line_ended {
                return self.close(true);
            }
            if let Some(style) = self.lexer.comment_ahead() {
                if is_line {
                    return self.close(true);
                }
                let comment = self.lexer.comment(style);
                if !comment.closed {
                    return self.fault(comment.span, Problem::Unclosed("comment"));
                }
                let inside = self.open.is_some();
                return Some(Piece { span: comment.span, kind: PieceKind::Comment { style, inside } });
            }
            let token = self.lexer.token();
            match (token.kind, &mut self.open) {
                (Tok::End, Some(open)) => match open.shape {
                    Shape::Batch | Shape::Apply => {
                        let at = open.first;
                        return self.fault(at, Problem::Unclosed("BEGIN BATCH"));
                    }
                    Shape::Line => return self.close(true),
                    Shape::Plain | Shape::Begin(_) => return self.close(false),
                },
                (Tok::End, None) => return None,
                (Tok::Unclosed(what), _) => return self.fault(token.span, Problem::Unclosed(what.text())),
                (Tok::Semicolon, None) => {}
                (Tok::Semicolon, Some(open)) => {
                    open.end = token.span.end;
                    if !matches!(open.shape, Shape::Batch | Shape::Apply) {
                        return self.close(true);
                    }
                    open.shape = Shape::Batch;
                }
                (kind, Some(open)) => {
                    open.end = token.span.end;
                    open.shape = open.shape.after(kind);
                }
                (_, None) => {
                    let shape = Shape::of(token, self.text);
                    self.open = Some(Open { first: token.span, end: token.span.end, shape });
                }
            }
        }
    }
}
