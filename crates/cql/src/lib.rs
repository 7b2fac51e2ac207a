//! CQL: text to statements.
#![no_std]
extern crate alloc;

pub mod ast;
pub mod comparable;
mod functions;
mod lex;
mod parse;
mod plan;
pub mod print;
mod render;
mod request;
mod schema;
mod select;
mod types;
pub mod values;

pub use functions::Moment;
pub use lex::{CommentStyle, Piece, PieceKind, Span, Split, split};
pub use parse::{BYTES_MAX, DEPTH_MAX, Problem, SyntaxError, parse, parse_in};
pub use plan::{Plan, Prepared, ReadFirst, Write, prepare};
pub use print::{Printer, TableShape};
pub use request::{
    BatchItem, BatchKind, Changed, ClientError, ColumnSpec, Consistency, Error, PagingError, PagingState, Params,
    PreparedId, Request, Response, Rows, Value, WriteType,
};
pub use schema::{
    Column, ColumnKind, DroppedColumn, Keyspace, ReadRepair, Replication, Schema, SchemaChange, SpeculativeRetry,
    Table, TableOptions,
};
pub use select::{Questions, Read, Target};
pub use types::{Type, TypeError, Udt};
