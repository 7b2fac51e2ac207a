//! CQL: text to statements.
#![no_std]
extern crate alloc;

pub mod ast;
mod lex;
mod parse;

pub use lex::{CommentStyle, Piece, PieceKind, Span, Split, split};
pub use parse::{BYTES_MAX, DEPTH_MAX, Problem, SyntaxError, parse, parse_in};
