//! What is wrong with a text: where, what was expected there, what was found, and the nearest right word.

use super::{BYTES_MAX, DEPTH_MAX};
use crate::lex::Span;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A text that is no CQL. `Display` is one line without the place; line and column are for whoever shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The bytes that are wrong, in the text that was handed in.
    pub span: Span,
    /// The line where they begin, from 1.
    pub line: u32,
    /// The column where they begin, in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub problem: Box<Problem>,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Something else was expected here.
    Unexpected {
        /// What stands there, as written (shortened), or `the end of the text`.
        found: Rc<str>,
        /// What could have stood there: keywords in capitals, symbols in quotes, or a description.
        expected: Vec<&'static str>,
        /// The nearest right word: the word as written, and the keyword it nearly is.
        hint: Option<(Rc<str>, &'static str)>,
    },
    /// A string, name, comment or batch that begins here never ends.
    Unclosed(&'static str),
    /// Nested more deeply than [`DEPTH_MAX`].
    TooDeep,
    /// Longer than [`BYTES_MAX`].
    TooLong,
    /// It reads as CQL, but Cassandra's parser refuses it for this reason.
    Refused(String),
}

impl SyntaxError {
    /// A problem at `span` of `text`.
    pub(crate) fn new(text: &str, span: Span, problem: Problem) -> SyntaxError {
        let (line, column) = place(text, span.start);
        SyntaxError { span, line, column, problem: Box::new(problem) }
    }

    /// As a server tells its client: before the words the place, its column from 0, where it is the grammar that the text breaks.
    pub fn served(&self) -> String {
        match &*self.problem {
            Problem::Unexpected { .. } | Problem::Unclosed(_) => {
                alloc::format!("line {}:{} {self}", self.line, self.column.saturating_sub(1))
            }
            Problem::TooDeep | Problem::TooLong | Problem::Refused(_) => alloc::format!("{self}"),
        }
    }

    /// The nearest right word: the word as written, and the keyword it nearly is.
    pub fn hint(&self) -> Option<(&str, &'static str)> {
        match &*self.problem {
            Problem::Unexpected { hint: Some((written, word)), .. } => Some((written, word)),
            _ => None,
        }
    }
}

/// The line and the column, in characters, of a byte; both from 1. A line ends with `\n`.
pub(crate) fn place(text: &str, at: u32) -> (u32, u32) {
    let mut end = (at as usize).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text.get(..end).unwrap_or_default();
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count());
    (line as u32 + 1, column as u32 + 1)
}

/// How many of the things expected are listed.
const LISTED_MAX: usize = 6;

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.problem {
            Problem::Unexpected { found, expected, hint } => {
                f.write_str("expected ")?;
                for (i, what) in expected.iter().take(LISTED_MAX).enumerate() {
                    let between = match i {
                        0 => "",
                        _ if i + 1 == expected.len() => " or ",
                        _ => ", ",
                    };
                    write!(f, "{between}{what}")?;
                }
                if expected.len() > LISTED_MAX {
                    f.write_str(" …")?;
                }
                f.write_str(", found ")?;
                for (i, line) in found.lines().enumerate() {
                    f.write_str(if i == 0 { line } else { " …" })?;
                    if i == 1 {
                        break;
                    }
                }
                match hint {
                    Some((written, word)) if written == found => write!(f, " (did you mean {word}?)"),
                    Some((written, word)) => write!(f, " (did you mean {word} instead of {written}?)"),
                    None => Ok(()),
                }
            }
            Problem::Unclosed(what) => write!(f, "this {what} never ends"),
            Problem::TooDeep => write!(f, "nested more than {DEPTH_MAX} levels deep"),
            Problem::TooLong => write!(f, "longer than {BYTES_MAX} bytes"),
            Problem::Refused(reason) => f.write_str(reason),
        }
    }
}

impl core::error::Error for SyntaxError {}
