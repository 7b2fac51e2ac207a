//! Bytes to tokens, and a whole text to statements and comments.

mod keyword;
mod split;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use keyword::{Class, Keyword};
pub use split::{Split, split};
pub(crate) use token::{Lexer, Tok, Token};

/// A range of bytes of a text, from `start` to just before `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The bytes of `text` that this span covers; nothing if it does not fit.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// A part of a text that is neither white space nor a stray `;`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes.
    pub span: Span,
    /// What it is.
    pub kind: PieceKind,
}

/// What a [`Piece`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// A statement, with its `;` if it has one. `terminated` is false when the text ended first.
    Statement {
        /// Whether it ended by `;` or, for cqlsh's own commands, by its line's end.
        terminated: bool,
    },
    /// A comment. One `inside` a statement comes before that statement's piece; behind a statement that nothing ends
    /// all count as inside.
    Comment {
        /// How it is written.
        style: CommentStyle,
        /// Whether a statement has begun and not yet ended.
        inside: bool,
    },
    /// A string, quoted name, comment or batch that never ends: everything from its statement's start to the text's end.
    Fault(crate::parse::SyntaxError),
}

/// How a comment is written. A line's comment ends before its line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommentStyle {
    /// `-- …`
    Dashes,
    /// `// …`
    Slashes,
    /// `/* … */`
    Block,
}
