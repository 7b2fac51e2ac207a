//! CQL from anybody: never a panic, and what parses is printed as text that parses to the same tree.
#![no_main]

use cql::ast::{Literal, Term};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for piece in cql::split(text) {
        let _ = piece.kind;
    }
    let Ok(statement) = cql::parse(text) else { return };
    let printed = statement.to_string();
    let again = cql::parse(&printed).unwrap_or_else(|error| panic!("`{printed}` does not parse: {error}"));
    assert_eq!(again, statement, "printed as `{printed}`");
    let mut renamed = statement.clone();
    renamed.rename_keyspaces(&|name| format!("ts_{name}"));
    assert!(cql::parse(&renamed.to_string()).is_ok(), "renamed it does not parse: `{renamed}`");
    if cfg!(feature = "seeded-bug")
        && let cql::ast::Statement::Select(select) = &statement
    {
        let large = |term: &Term| matches!(term, Term::Literal(Literal::Integer(rows)) if *rows > 100_000);
        assert!(!select.limit.as_ref().is_some_and(large), "seeded bug: a limit of more than 100,000 rows");
    }
});
