//! Trees of every kind that a text can give, and soups of tokens.

#![allow(clippy::wildcard_imports, reason = "every type of the tree is made here")]

mod access;
mod exprs;
mod rows;
mod schema;

use crate::ast::*;
use access::{access, shell};
use alloc::string::String;
use exprs::{name, qualified};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use rows::{modification, select_statement, using};
use schema::{routines, schema};

/// Any statement.
pub(super) fn statement() -> BoxedStrategy<Statement> {
    let kind = select(&[BatchKind::Logged, BatchKind::Unlogged, BatchKind::Counter][..]);
    let batch = (kind, using(true), vec(modification(), 0..3))
        .prop_map(|(kind, using, statements)| Statement::Batch(Batch { kind, using, statements }));
    prop_oneof![
        4 => select_statement(),
        6 => modification().prop_map(Statement::Modify),
        2 => batch,
        1 => name().prop_map(Statement::Use),
        1 => qualified().prop_map(|table| Statement::Truncate { table, using: Attributes::default() }),
        6 => schema(),
        3 => routines(),
        3 => access(),
        3 => shell(),
    ]
    .boxed()
}

/// Tokens in any order: texts that get further into the parser than letters by chance would.
pub(super) fn soup() -> BoxedStrategy<String> {
    const TOKENS: &[&str] = &[
        "SELECT",
        "FROM",
        "WHERE",
        "INSERT",
        "INTO",
        "VALUES",
        "UPDATE",
        "SET",
        "DELETE",
        "BEGIN",
        "BATCH",
        "APPLY",
        "CREATE",
        "ALTER",
        "DROP",
        "TABLE",
        "TYPE",
        "INDEX",
        "KEYSPACE",
        "WITH",
        "AND",
        "IF",
        "NOT",
        "EXISTS",
        "IN",
        "a",
        "b",
        "f",
        "int",
        "list",
        "frozen",
        "token",
        "count",
        "ttl",
        "json",
        "USING",
        "TIMESTAMP",
        "TTL",
        "PRIMARY",
        "KEY",
        "ORDER",
        "BY",
        "LIMIT",
        "GRANT",
        "ON",
        "TO",
        "LIST",
        "DESCRIBE",
        "CONSISTENCY",
        "COPY",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        ",",
        ";",
        ":",
        ".",
        "..",
        "?",
        "=",
        "!=",
        "<=",
        "+",
        "-",
        "*",
        "/",
        "+=",
        "'x'",
        "'",
        "\"q\"",
        "\"",
        "$$",
        "--",
        "//",
        "/*",
        "*/",
        "\n",
        "\r\n",
        "1",
        "-1",
        "1.5",
        "1e",
        "0x",
        "1d",
        "P1Y",
        "-P",
        "é",
        "\u{0}",
        "cafebabe-",
        "5a1c395e-b41f-11e5-9f22-ba0be0483c18",
        "NULL",
        "NaN",
    ];
    vec((select(TOKENS), any::<bool>()), 0..40)
        .prop_map(|soup| soup.into_iter().flat_map(|(token, space)| [token, if space { " " } else { "" }]).collect())
        .boxed()
}
