//! The grammar against Cassandra's verdicts, the laws of parsing and printing, and errors that help.

extern crate std;

mod laws;
mod strategy;

use super::{DEPTH_MAX, Problem, parse, parse_in};
use crate::ast::{Modification, Statement};
use crate::lex::Span;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

const GRAMMAR: &str = include_str!("grammar.txt");

/// Every text, with the verdict on it and what we make of it.
#[test]
fn grammar_agrees_with_cassandra() {
    let (mut blessed, mut wrong, mut asked) = (String::new(), Vec::new(), 0);
    for line in GRAMMAR.lines().filter(|line| !line.starts_with("    ")) {
        blessed.push_str(line);
        blessed.push('\n');
        let Some((verdict, text)) = line.split_once(' ').filter(|(word, _)| !word.starts_with('#')) else { continue };
        asked += 1;
        let parsed = parse(&text.replace("\\n", "\n"));
        let ours = match &parsed {
            Ok(statement) => statement.to_string(),
            Err(error) => format!("{}:{} {error}", error.line, error.column),
        };
        blessed.push_str(&format!("    {}\n", ours.replace('\n', "\\n")));
        let agrees = match verdict {
            "yes" | "~no" => parsed.is_ok(),
            "no" | "~yes" => parsed.is_err(),
            _ => false,
        };
        if !agrees {
            wrong.push(line);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(asked > 400, "only {asked} texts were asked about");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/parse/grammar.txt"), &blessed).unwrap();
    } else {
        assert!(blessed == GRAMMAR, "the errors or the printing changed: BLESS=1 writes them, git diff shows them");
    }
}

fn error(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn errors_say_where_in_the_whole_text() {
    let text = "-- é\nSELECT 1 FROM t;\n  SELECT ü;";
    let start = text.find("  SELECT ü").unwrap() as u32;
    let error = parse_in(text, Span { start, end: text.len() as u32 }).unwrap_err();
    assert_eq!((error.line, error.column), (3, 10));
    assert_eq!(error.span.of(text), "ü");

    let unclosed = parse("SELECT a\nFROM t WHERE a = 'x").unwrap_err();
    assert_eq!((unclosed.line, unclosed.column), (2, 18));
    assert_eq!(*unclosed.problem, Problem::Unclosed("string"));
}

#[test]
fn errors_name_the_nearest_right_word() {
    let hint = |text| parse(text).unwrap_err().hint().map(|(_, word)| word);
    assert_eq!(hint("SELCT a FROM t"), Some("SELECT"));
    assert_eq!(hint("SELECT a FORM t"), Some("FROM"));
    assert_eq!(hint("DELETE FORM t WHERE a = 1"), Some("FROM"));
    assert_eq!(hint("INSERT INTO t (a) VALEUS (1)"), Some("VALUES"));
    assert_eq!(hint("CONSISTENCY QUORM"), Some("QUORUM"));
    assert_eq!(hint("SELECT a FROM t WHERE a = 1 )"), None);
    assert_eq!(error("SELECT a FRM t"), "expected AS, `,` or FROM, found FRM (did you mean FROM?)");
}

#[test]
fn depth_has_a_limit_that_is_named() {
    let deep = DEPTH_MAX as usize * 2;
    let nested = [
        format!("SELECT {}a{} FROM t", "(".repeat(deep), ")".repeat(deep)),
        format!("SELECT a{} FROM t", " + a".repeat(deep)),
        format!("SELECT a{} FROM t", ".a".repeat(deep)),
        format!("SELECT {}a FROM t", "- ".repeat(deep)),
        format!("SELECT {}a FROM t", "(int)".repeat(deep)),
        format!("INSERT INTO t (a) VALUES ({}1{})", "[".repeat(deep), "]".repeat(deep)),
        format!("INSERT INTO t (a) VALUES ({}1{})", "f(".repeat(deep), ")".repeat(deep)),
        format!("CREATE TABLE t (a {}int{})", "list<".repeat(deep), ">".repeat(deep)),
        format!("SELECT a FROM t WHERE {}a = 1{}", "(".repeat(deep), ")".repeat(deep)),
    ];
    for text in nested {
        let error = parse(&text).unwrap_err();
        assert_eq!(*error.problem, Problem::TooDeep, "{text}");
        assert_eq!(error.to_string(), "nested more than 64 levels deep");
    }
    let half = DEPTH_MAX as usize / 2 - 2;
    parse(&format!("SELECT {}a{} FROM t", "(".repeat(half), ")".repeat(half))).unwrap();
}

#[test]
fn names_fold_unless_quoted() {
    assert_eq!(parse("select A, \"B\" from KS.\"T\""), parse("SELECT a, \"B\" FROM ks.\"T\""));
    assert_ne!(parse("SELECT a FROM T"), parse("SELECT a FROM \"T\""));
    assert_eq!(parse("SELECT a FROM \"t\"").unwrap().to_string(), "SELECT a FROM t");
    assert_eq!(
        parse("SELECT \"select\", \"a\"\"b\" FROM t").unwrap().to_string(),
        "SELECT \"select\", \"a\"\"b\" FROM t"
    );
}

#[test]
fn an_empty_batch_is_a_batch() {
    let Statement::Batch(batch) = parse("BEGIN BATCH APPLY BATCH;").unwrap() else { panic!() };
    assert!(batch.statements.is_empty());
}

#[test]
fn markers_count_through_a_whole_batch() {
    let text = "BEGIN BATCH USING TIMESTAMP ? INSERT INTO t (a) VALUES (:b); \
                UPDATE t USING TTL ? SET a = ?, m[?] = ? WHERE k = ? IF c IN ? APPLY BATCH";
    let mut statement = parse(text).unwrap();
    assert_eq!(laws::marker_numbers(&mut statement), (0..8).collect::<Vec<u32>>());
    let Statement::Batch(batch) = &statement else { panic!() };
    assert!(batch.statements.iter().any(Modification::is_conditional));
}

#[test]
fn keyspaces_are_renamed_wherever_they_stand() {
    let rename = |text: &str| {
        let mut statement = parse(text).unwrap();
        statement.rename_keyspaces(&|old| format!("ts_{old}"));
        statement.to_string()
    };
    for (text, renamed) in [
        ("USE a", "USE ts_a"),
        ("SELECT a.f(b) FROM a.t", "SELECT ts_a.f(b) FROM ts_a.t"),
        ("SELECT (a.u)b FROM t WHERE c = a.f(1)", "SELECT (ts_a.u) b FROM t WHERE c = ts_a.f(1)"),
        ("CREATE KEYSPACE a WITH b = 1", "CREATE KEYSPACE ts_a WITH b = 1"),
        ("CREATE TABLE a.t (b frozen<list<a.u>>)", "CREATE TABLE ts_a.t (b frozen<list<ts_a.u>>)"),
        ("CREATE INDEX i ON a.t (b)", "CREATE INDEX i ON ts_a.t (b)"),
        (
            "BEGIN BATCH DELETE FROM a.t WHERE b = 1 APPLY BATCH",
            "BEGIN BATCH DELETE FROM ts_a.t WHERE b = 1; APPLY BATCH",
        ),
        (
            "CREATE MATERIALIZED VIEW a.v AS SELECT b FROM a.t PRIMARY KEY (b)",
            "CREATE MATERIALIZED VIEW ts_a.v AS SELECT b FROM ts_a.t PRIMARY KEY (b)",
        ),
        ("DESCRIBE KEYSPACE a", "DESCRIBE KEYSPACE ts_a"),
        ("DESCRIBE a.t", "DESCRIBE ts_a.t"),
        ("GRANT SELECT ON ALL TABLES IN KEYSPACE a TO a", "GRANT SELECT ON ALL TABLES IN KEYSPACE ts_a TO a"),
        ("DROP TYPE a.u", "DROP TYPE ts_a.u"),
        ("TRUNCATE a.a", "TRUNCATE ts_a.a"),
    ] {
        assert_eq!(rename(text), renamed);
    }
}

/// What only Scylla or cqlsh understands is not in the table of Cassandra's verdicts.
#[test]
fn scylla_and_cqlsh_have_their_own_words() {
    for text in [
        "SELECT a FROM t WHERE a = 1 ALLOW FILTERING BYPASS CACHE USING TIMEOUT 5s",
        "SELECT a FROM MUTATION_FRAGMENTS(k.t) WHERE a = 1",
        "INSERT INTO t (a) VALUES (1) USING TTL 5 AND TIMEOUT 500ms",
        "DELETE FROM t USING TIMEOUT ? AND TIMESTAMP 5 WHERE a = 1",
        "TRUNCATE t USING TIMEOUT 1m",
        "CONSISTENCY",
        "CONSISTENCY LOCAL_QUORUM",
        "SERIAL CONSISTENCY LOCAL_SERIAL",
        "PAGING OFF",
        "PAGING 50",
        "TRACING ON",
        "EXPAND OFF",
        "EXPAND",
    ] {
        let statement = parse(text).unwrap();
        assert_eq!(statement.to_string(), text);
        let of_scylla = ["TIMEOUT", "BYPASS", "FRAGMENTS"].iter().any(|word| text.contains(word));
        assert_eq!(statement.scylla_only().is_some(), of_scylla, "{text}");
    }
    for (text, kind) in [
        ("source 'file.cql'", "SOURCE"),
        ("COPY t (a) FROM 'x.csv' WITH HEADER = true;", "COPY"),
        ("capture off", "CAPTURE"),
        ("LOGIN bob 'it''s", "LOGIN"),
        ("quit;", "EXIT"),
        ("? select", "HELP"),
    ] {
        assert_eq!(parse(text).unwrap().kind(), kind);
    }
}

#[test]
fn bypass_cache_is_no_value_behind_parentheses() {
    for text in ["SELECT * FROM t GROUP BY a * (b) BYPASS CACHE", "SELECT (b) bypass FROM t"] {
        assert_eq!(parse(text).map(|statement| statement.to_string()), Ok(text.to_string()));
    }
}
