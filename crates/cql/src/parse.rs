//! Tokens to statements, by recursive descent over Cassandra 5.0's grammar (Parser.g of its release) and the clauses
//! that Scylla adds to it.
//!
//! A text is read once and nothing is remembered on the way. Only when that fails it is read again, this time noting
//! at every place what was looked for, so that the error can say what was expected and which word comes nearest.

mod access;
mod cursor;
mod error;
mod expr;
mod modify;
mod names;
mod nearest;
mod number;
mod properties;
mod relation;
mod schema;
mod select;
mod shell;
mod table;
#[cfg(test)]
mod tests;
mod types;
mod words;

pub use error::{Problem, SyntaxError};
pub(crate) use names::RESERVED_TYPES;
pub use words::{Word, WordKind, expected, words};

use crate::ast::Statement;
use crate::lex::{Keyword, Span, Tok};
use cursor::{Cursor, Parsed, Stop};

/// The deepest nesting of parentheses, brackets, types and operators that is read.
pub const DEPTH_MAX: u32 = 64;

/// The longest text that is read, in bytes.
pub const BYTES_MAX: usize = 64 << 20;

/// Reads one statement, with or without its `;`.
///
/// # Errors
/// The first place where the text cannot be CQL any more.
pub fn parse(text: &str) -> Result<Statement, SyntaxError> {
    parse_in(text, Span { start: 0, end: text.len().min(u32::MAX as usize) as u32 })
}

/// Reads the one statement that `span` of a larger text holds; places in an error are those of the larger text.
///
/// # Errors
/// As [`parse`].
pub fn parse_in(text: &str, span: Span) -> Result<Statement, SyntaxError> {
    if text.len() > BYTES_MAX {
        return Err(SyntaxError::new(text, Span { start: 0, end: 0 }, Problem::TooLong));
    }
    let head = text.get(..span.end as usize).unwrap_or(text);
    match Cursor::new(head, span.start, false).whole() {
        Ok(statement) => Ok(statement),
        Err(Stop::Problem(at, problem)) => Err(SyntaxError { problem, ..SyntaxError::new(text, at, Problem::TooDeep) }),
        Err(Stop::Unexpected) => {
            let mut cursor = Cursor::new(head, span.start, true);
            // The same text fails in the same place; should it not, its tree is the answer.
            cursor.whole().map_err(|_| cursor.explain(text))
        }
    }
}

impl Cursor<'_> {
    fn whole(&mut self) -> Parsed<Statement> {
        let statement = self.statement()?;
        while self.take(Tok::Semicolon) {}
        self.expect_symbol(Tok::End)?;
        Ok(statement)
    }

    fn statement(&mut self) -> Parsed<Statement> {
        let Tok::Keyword(keyword) = self.kind() else { return self.shell() };
        match keyword {
            Keyword::Select => self.select(),
            Keyword::Insert | Keyword::Update | Keyword::Delete => Ok(Statement::Modify(self.modification()?)),
            Keyword::Begin => self.batch(),
            Keyword::Use => {
                self.advance();
                Ok(Statement::Use(self.name()?))
            }
            Keyword::Truncate => self.truncate(),
            Keyword::Create => self.create(),
            Keyword::Alter => self.alter(),
            Keyword::Drop => self.drop(),
            Keyword::Grant => self.grant(),
            Keyword::Revoke => self.revoke(),
            Keyword::List => self.list(),
            Keyword::Add => self.add_identity(),
            Keyword::Describe | Keyword::Desc => self.describe(),
            _ => self.shell(),
        }
    }
}
