//! Tokens to statements, by recursive descent.

mod error;

pub use error::{Problem, SyntaxError};

/// The deepest nesting of parentheses, brackets, types and operators that is read.
pub const DEPTH_MAX: u32 = 64;

/// The longest text that is read, in bytes.
pub const BYTES_MAX: usize = 64 << 20;
