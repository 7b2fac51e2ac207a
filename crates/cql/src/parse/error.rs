//! What is wrong with a text: where, what was expected there, what was found, and the nearest right word.

use crate::lex::Span;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

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
    /// Nested more deeply than [`DEPTH_MAX`](crate::parse::DEPTH_MAX).
    TooDeep,
    /// Longer than [`BYTES_MAX`](crate::parse::BYTES_MAX).
    TooLong,
    /// It reads as CQL, but Cassandra's parser refuses it for this reason.
    Refused(String),
}
