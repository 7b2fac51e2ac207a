//! Laws that hold for every statement and every text.

use super::strategy::{soup, statement};
use crate::ast::{Marker, Statement, Visitor, walk};
use crate::lex::{PieceKind, split};
use crate::parse::{parse, parse_in};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use proptest::prelude::{Just, Strategy, any};
use proptest::{prop_assert, prop_assert_eq, prop_oneof, proptest};

/// The numbers of a statement's markers, in text order.
pub(super) fn marker_numbers(statement: &mut Statement) -> Vec<u32> {
    struct Collect(Vec<u32>);
    impl Visitor for Collect {
        fn marker(&mut self, marker: &mut Marker) {
            self.0.push(marker.index);
        }
    }
    let mut collect = Collect(Vec::new());
    walk(statement, &mut collect);
    collect.0
}

/// Numbers the markers as a parser would.
fn numbered(mut statement: Statement) -> Statement {
    struct Number(u32);
    impl Visitor for Number {
        fn marker(&mut self, marker: &mut Marker) {
            marker.index = self.0;
            self.0 += 1;
        }
    }
    walk(&mut statement, &mut Number(0));
    statement
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![2 => soup(), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 500, failure_persistence: None, ..Default::default() })]

    /// What is printed parses to the tree that was printed.
    #[test]
    fn parse_undoes_render(statement in statement().prop_map(numbered)) {
        let text = statement.to_string();
        let again = parse(&text).map_err(|error| format!("{text}\n{error}"));
        prop_assert_eq!(again.as_ref(), Ok(&statement), "{}", text);
    }

    /// Whatever parses is printed in a form that parses to the same, and printing that again changes nothing.
    #[test]
    fn no_text_is_too_strange(text in any_text()) {
        match parse(&text) {
            Ok(statement) => {
                let printed = statement.to_string();
                prop_assert_eq!(parse(&printed), Ok(statement), "{}", printed);
            }
            Err(error) => {
                prop_assert!(text.get(error.span.start as usize..error.span.end as usize).is_some());
                prop_assert!(error.line >= 1 && error.column >= 1);
                prop_assert!(!error.to_string().contains('\n'));
            }
        }
    }

    /// Pieces end in order and cover everything but white space and `;`.
    #[test]
    fn split_loses_nothing(text in any_text()) {
        let (mut covered, mut inside, mut last_end) = (0, Vec::new(), 0);
        for piece in split(&text) {
            // A statement that nothing ended leaves open where it would have: comments behind it count as inside.
            let is_open = matches!(piece.kind, PieceKind::Statement { terminated: false });
            prop_assert!(is_open || piece.span.end >= last_end);
            last_end = piece.span.end;
            let slice = text.get(piece.span.start as usize..piece.span.end as usize);
            prop_assert!(slice.is_some_and(|slice| !slice.is_empty()));
            if matches!(piece.kind, PieceKind::Comment { inside: true, .. }) {
                inside.push(piece.span);
                continue;
            }
            let gap = text.get(covered..piece.span.start as usize);
            prop_assert!(gap.is_some_and(|gap| gap.chars().all(|c| c.is_ascii_whitespace() || c == ';')), "{gap:?}");
            let (start, end) = (piece.span.start, if is_open { text.len() as u32 } else { piece.span.end });
            prop_assert!(inside.drain(..).all(|comment| comment.start >= start && comment.end <= end));
            covered = end as usize;
        }
        prop_assert!(text[covered..].chars().all(|c| c.is_ascii_whitespace() || c == ';'));
    }

    /// Statements and comments between them come back as they were.
    #[test]
    fn split_finds_every_statement(
        statements in proptest::collection::vec((statement().prop_map(numbered), comment()), 0..5),
    ) {
        let mut text = String::new();
        for (statement, comment) in &statements {
            text.push_str(&format!("{comment}{statement};\n"));
        }
        let found: Result<Vec<Statement>, _> = split(&text)
            .filter(|piece| !matches!(piece.kind, PieceKind::Comment { .. }))
            .map(|piece| parse_in(&text, piece.span))
            .collect();
        let expected: Vec<Statement> = statements.into_iter().map(|(statement, _)| statement).collect();
        prop_assert_eq!(found, Ok(expected), "{}", text);
    }
}

fn comment() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(""), Just("-- it's; a \"comment\n"), Just("// BEGIN BATCH\r\n"), Just("/* ' ; -- */ ")]
}
