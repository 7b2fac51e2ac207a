//! Equal timestamps: the table of real-cluster.md 2i, seen on Apache Cassandra 5.0.6, and Scylla's rules (semantics.md 5).

#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use storage::{Cell, Dialect, Expiry, Marker, Row};

#[track_caller]
fn wins(winner: Cell, loser: Cell, dialect: Dialect) {
    assert_eq!(winner.clone().join(loser.clone(), dialect), winner);
    assert_eq!(loser.join(winner.clone(), dialect), winner);
}

#[test]
fn larger_bytes_win_and_are_compared_unsigned() {
    for dialect in DIALECTS {
        wins(live(1, "b"), live(1, "a"), dialect);
        wins(live(1, "ab"), live(1, "a"), dialect);
        wins(live(1, "a"), live(1, ""), dialect);
        let int = |n: i32| Cell { timestamp: 1, content: storage::Content::Live(n.to_be_bytes().into()) };
        wins(int(-1), int(1), dialect);
        wins(int(-5), int(5), dialect);
    }
}

#[test]
fn tombstone_over_expiring_over_plain() {
    for dialect in DIALECTS {
        wins(dead(1, 0), live(1, "z"), dialect);
        wins(dead(1, 0), expiring(1, "z", 600, 700), dialect);
        wins(expiring(1, "a", 600, 700), live(1, "z"), dialect);
        wins(live(2, "a"), dead(1, 99), dialect);
    }
}

#[test]
fn an_expired_value_wins_over_a_plain_one_and_hides_it() {
    let expired = expiring(1, "a", 1, 10);
    wins(expired.clone(), live(1, "0"), Dialect::Cassandra);
    assert!(!expired.is_live(None, 10));
    assert!(expired.is_live(None, 9));
}

#[test]
fn later_expiry_wins_before_the_value() {
    for dialect in DIALECTS {
        wins(expiring(1, "a", 900, 1000), expiring(1, "z", 600, 700), dialect);
        wins(expiring(1, "z", 600, 703), expiring(1, "a", 600, 700), dialect);
        wins(dead(1, 8), dead(1, 7), dialect);
    }
}

#[test]
fn at_equal_expiry_scylla_prefers_the_smaller_ttl_and_cassandra_the_larger_value() {
    wins(expiring(1, "a", 5, 100), expiring(1, "z", 9, 100), Dialect::Scylla);
    wins(expiring(1, "z", 9, 100), expiring(1, "a", 5, 100), Dialect::Cassandra);
}

#[test]
fn each_cell_is_resolved_alone() {
    use storage::{Column, ColumnId};
    let row = |a: &str, b: &str| Row {
        columns: vec![(ColumnId(0), Column::Simple(live(1, a))), (ColumnId(1), Column::Simple(live(1, b)))],
        ..Row::default()
    };
    let mut mixture = row("a", "9");
    mixture.join(&row("b", "1"), Dialect::Cassandra);
    assert_eq!(mixture, row("b", "9"), "a row nobody wrote");
}

#[test]
fn an_expired_insert_hides_a_plain_one() {
    let plain = Marker { timestamp: 1, expiry: None };
    let expired = Marker { timestamp: 1, expiry: Some(Expiry { ttl: 1, at: 10 }) };
    assert_eq!(plain.join(expired), expired);
    assert_eq!(expired.join(plain), expired);
    assert!(expired.shadow(None, 11).is_some());
}

#[test]
fn a_row_delete_hides_a_value_and_an_insert_of_its_own_date() {
    let mut state = insert(1, "r", "v");
    state.rows.row_mut(&bytes("r")).tombstone = Some(tomb(1, 0));
    assert_eq!(state.live_rows(0), 0);
    state.join(&insert(2, "r", "w"), Dialect::Cassandra);
    assert_eq!(state.live_rows(0), 1);
}
