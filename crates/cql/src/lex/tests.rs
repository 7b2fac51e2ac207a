//! Where a text's statements and comments begin and end.

use super::{CommentStyle, PieceKind, split};
use crate::parse::Problem;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Each piece as a letter for its kind and its text: Statement, unterminated (U), Comment, comment inside (I), Fault.
fn pieces(text: &str) -> Vec<String> {
    split(text)
        .map(|piece| {
            let letter = match piece.kind {
                PieceKind::Statement { terminated: true } => "S",
                PieceKind::Statement { terminated: false } => "U",
                PieceKind::Comment { inside: false, .. } => "C",
                PieceKind::Comment { inside: true, .. } => "I",
                PieceKind::Fault(_) => "F",
            };
            format!("{letter} {}", piece.span.of(text))
        })
        .collect()
}

#[test]
fn statements_end_at_their_semicolon() {
    assert_eq!(pieces("SELECT a FROM t; ;;\r\n USE k"), ["S SELECT a FROM t;", "U USE k"]);
    assert_eq!(
        pieces("SELECT ';' FROM \"a;b\" WHERE c = $$;$$;x"),
        ["S SELECT ';' FROM \"a;b\" WHERE c = $$;$$;", "U x"]
    );
    assert_eq!(pieces(" \n ; "), [""; 0]);
}

#[test]
fn commands_of_cqlsh_end_with_their_line() {
    let text = "CONSISTENCY QUORUM\nDESCRIBE TABLES; paging off -- why\ntracing on\r\nSELECT a\nFROM t;";
    assert_eq!(
        pieces(text),
        [
            "S CONSISTENCY QUORUM",
            "S DESCRIBE TABLES;",
            "S paging off",
            "C -- why",
            "S tracing on",
            "S SELECT a\nFROM t;"
        ]
    );
    assert_eq!(pieces("SERIAL CONSISTENCY"), ["S SERIAL CONSISTENCY"]);
    assert_eq!(pieces("desc t\nuse k;"), ["S desc t", "S use k;"]);
}

#[test]
fn a_batch_is_one_statement() {
    let batch =
        "BEGIN UNLOGGED BATCH USING TTL 5\n  INSERT INTO t (a) VALUES (1); DELETE FROM t WHERE a = 1\nAPPLY BATCH;";
    assert_eq!(pieces(&format!("{batch} USE k;")), [format!("S {batch}"), String::from("S USE k;")]);
    // APPLY alone does not end it, and BEGIN alone begins none.
    assert_eq!(pieces("BEGIN BATCH a; APPLY; APPLY BATCH; b;"), ["S BEGIN BATCH a; APPLY; APPLY BATCH;", "S b;"]);
    assert_eq!(pieces("BEGIN; a;"), ["S BEGIN;", "S a;"]);
    let unclosed = "USE k; BEGIN BATCH INSERT INTO t (a) VALUES (1); USE k;";
    let last = split(unclosed).last().unwrap();
    let PieceKind::Fault(error) = last.kind else { panic!() };
    assert_eq!((*error.problem, error.column), (Problem::Unclosed("BEGIN BATCH"), 8));
    assert_eq!(last.span.of(unclosed), "BEGIN BATCH INSERT INTO t (a) VALUES (1); USE k;");
}

#[test]
fn comments_are_found_where_they_stand() {
    let text = "-- one\r\n--@ as api\nSELECT a -- two\nFROM t; // three\n/* four\n*/ --> 1";
    assert_eq!(
        pieces(text),
        [
            "C -- one",
            "C --@ as api",
            "I -- two",
            "S SELECT a -- two\nFROM t;",
            "C // three",
            "C /* four\n*/",
            "C --> 1"
        ]
    );
    let styles: Vec<_> = split(text)
        .filter_map(|piece| match piece.kind {
            PieceKind::Comment { style, .. } => Some(style),
            _ => None,
        })
        .collect();
    use CommentStyle::{Block, Dashes, Slashes};
    assert_eq!(styles, [Dashes, Dashes, Dashes, Slashes, Block, Dashes]);
    assert_eq!(pieces("SELECT '-- no' FROM t;"), ["S SELECT '-- no' FROM t;"]);
}

#[test]
fn what_never_ends_is_a_fault_with_its_place() {
    for (text, what, line, column) in [
        ("USE k;\nSELECT 'a FROM t; -- x", "string", 2, 8),
        ("SELECT \"a FROM t;", "quoted name", 1, 8),
        ("SELECT $$a$ FROM t;", "string", 1, 8),
        ("SELECT a /* FROM t;", "comment", 1, 10),
        ("/*/", "comment", 1, 1),
    ] {
        let PieceKind::Fault(error) = split(text).last().unwrap().kind else { panic!("{text}") };
        assert_eq!(*error.problem, Problem::Unclosed(what));
        assert_eq!((error.line, error.column), (line, column), "{text}");
    }
    assert_eq!(pieces("USE k;\nSELECT 'a;\n"), ["S USE k;", "F SELECT 'a;\n"]);
}
