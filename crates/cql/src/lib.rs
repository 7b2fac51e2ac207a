//! CQL: from text to what a coordinator does, and from cells back to what a person reads.
//!
//! *Never*: cql opens no socket and does not know the ring: where a partition lives and who answers is the cluster's.
//! It reads no clock and draws no luck: both come in with each execution as a [`Moment`].
//!
//! The life of one SELECT:
//!
//! ```text
//! "SELECT v FROM t WHERE p = ?"
//!   │ parse            lex, parse     text to ast::Statement, or an error with its place
//!   │ prepare          plan, schema   names to columns, literals to bytes, Cassandra's refusals in its words
//!   │ bind             plan, select   values and a Moment to a Plan: here a Read
//!   │ Read::questions  select         partitions or tokens, and a storage::ReadCommand for each: the cluster asks
//!   │ Read::project    select         the cells that came back to Rows, and where the next page begins
//!   ▼ print::table     print          as cqlsh prints them
//! ```
//!
//! A write ends at bind, in [`storage::Mutation`]s, one for each partition. DDL ends in [`Schema::apply`].
//! [`comparable`] is how clustering keys lie in storage: byte strings whose order is the order of their types.
#![no_std]
extern crate alloc;

pub mod ast;
pub mod comparable;
mod edits;
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

pub use edits::edits;
pub use functions::Moment;
pub use lex::{CommentStyle, Piece, PieceKind, Span, Split, split};
pub use parse::{BYTES_MAX, DEPTH_MAX, Problem, SyntaxError, Word, WordKind, expected, parse, parse_in, words};
pub use plan::{Cas, Decision, Plan, Prepared, ReadFirst, Write, bind_batch, prepare, system_row};
pub use print::{Printer, TableShape};
pub use request::{
    BatchItem, BatchKind, Changed, ClientError, ColumnSpec, Consistency, Error, PagingError, PagingState, Params,
    PreparedId, Request, Response, Rows, Value, WriteType,
};
pub use schema::{
    Column, ColumnKind, DroppedColumn, Index, Keyspace, ReadRepair, Replication, Schema, SchemaChange,
    SpeculativeRetry, Table, TableOptions, is_system,
};
pub use select::{Questions, Read, Target};
pub use types::{Type, TypeError, Udt};
