//! What is wrong with a text, where, and how to put it right.

use crate::edit::Edit;
use alloc::string::String;
use core::fmt;
use core::ops::Range;

/// A place in a scenario's text that does not mean anything. What stands before the first fault still runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its bytes.
    pub span: Range<u32>,
    /// Its line, from 1.
    pub line: u32,
    /// Its column, from 1, in characters.
    pub column: u32,
    /// What is so.
    pub so: String,
    /// What is known: what was expected, or why it cannot be.
    pub known: String,
    /// The nearest right word.
    pub nearest: Option<String>,
    /// One replacement that repairs it.
    pub fix: Option<Edit>,
}

/// `3:5: there is no directive avance; did you mean advance?`
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.so)?;
        if let Some(word) = &self.nearest {
            write!(f, "; did you mean {word}?")?;
        }
        if !self.known.is_empty() {
            write!(f, " ({})", self.known)?;
        }
        Ok(())
    }
}
