//! What a replica answers: only what was asked for, counted as Cassandra counts, the same bytes for the same contents.
#![allow(clippy::unwrap_used)]

mod common;

use common::{TABLE, bytes, dead, delete, insert, live, mutation, tomb};
use std::rc::Rc;
use storage::{
    Column, ColumnId, Dialect, Engine, Inspection, LogSync, Partition, RangeTombstone, ReadCommand, Reading, Row,
    Shadow, Slice, TableOptions, after,
};

fn engine(deltas: impl IntoIterator<Item = Partition>) -> Engine {
    let mut engine = Engine::new(Dialect::Cassandra, LogSync::default());
    engine.create(TABLE, TableOptions::default()).unwrap();
    for delta in deltas {
        engine.apply(&mutation("p", delta), 0).unwrap();
    }
    engine
}

fn read(engine: &Engine, command: &ReadCommand) -> Reading {
    engine.read(TABLE, &mutation("p", delete(0, 0)).key, command).unwrap()
}

fn update(timestamp: i64, key: &str, values: &[(u32, &str)]) -> Partition {
    let cell = |(id, value): &(u32, &str)| (ColumnId(*id), Column::Simple(live(timestamp, value)));
    let row = Row { columns: values.iter().map(cell).collect(), ..Row::default() };
    Partition { rows: [(bytes(key), row)].into_iter().collect(), ..Partition::default() }
}

fn delete_row(timestamp: i64, key: &str) -> Partition {
    let row = Row { tombstone: Some(tomb(timestamp, 0)), ..Row::default() };
    Partition { rows: [(bytes(key), row)].into_iter().collect(), ..Partition::default() }
}

fn delete_range(timestamp: i64, start: &str, end: &str) -> Partition {
    let range = RangeTombstone { start: bytes(start), end: Some(bytes(end)), tombstone: tomb(timestamp, 0) };
    Partition { ranges: vec![range], ..Partition::default() }
}

#[test]
fn what_was_written_once_is_answered_without_a_copy() {
    let write = mutation("p", insert(1, "a", "v"));
    let mut engine = engine([]);
    engine.apply(&write, 0).unwrap();
    assert!(Rc::ptr_eq(&read(&engine, &ReadCommand::all(0)).state, &write));
    engine.flush(TABLE).unwrap();
    assert!(Rc::ptr_eq(&read(&engine, &ReadCommand::all(0)).state, &write));
    engine.compact_major(TABLE, 0).unwrap();
    assert!(Rc::ptr_eq(&read(&engine, &ReadCommand::all(0)).state, &write));
}

#[test]
fn a_row_that_lives_by_other_columns_is_seen_and_repair_moves_only_what_was_asked_for() {
    // real-cluster.md 2c: SELECT v moved v and left w null on the replica.
    let full = engine([update(1, "a", &[(0, "v"), (1, "w")])]);
    let command = ReadCommand { columns: Some(Rc::from([ColumnId(0)])), ..ReadCommand::all(0) };
    let reading = read(&full, &command);
    assert_eq!(reading.live_rows, 1);
    assert_eq!(reading.state.delta, update(1, "a", &[(0, "v"), (1, "")]));
    let by_w = read(&engine([update(1, "a", &[(1, "w")])]), &command);
    assert_eq!(by_w.live_rows, 1, "v is null, the row is there");
    let repair = Partition::default().diff(&reading.state.delta, Some(&[ColumnId(0)]));
    assert_eq!(repair, Some(update(1, "a", &[(0, "v")])));
}

#[test]
fn a_limit_says_nothing_about_what_lies_behind() {
    let rows = ["a", "b", "c", "d", "e"].map(|key| insert(1, key, "v"));
    let engine = engine(rows.into_iter().chain([delete_row(2, "b"), delete_range(2, "c", "z")]));
    let command = ReadCommand { limit: 1, ..ReadCommand::all(0) };
    let first = read(&engine, &command);
    assert_eq!(first.resume(false), Some(&bytes("a")));
    assert_eq!(first.state.delta, insert(1, "a", "v"), "no tombstone from behind the last row");
    let rest = read(&engine, &ReadCommand { after: Some(bytes("a")), ..command.clone() });
    let mut tombstones = delete_row(2, "b");
    tombstones.join(&delete_range(2, "c", "z"), Dialect::Cassandra);
    assert_eq!(rest.state.delta, tombstones);
    assert_eq!((rest.live_rows, rest.complete), (0, true));
    let last = read(&engine, &ReadCommand { reversed: true, ..command });
    assert_eq!(last.live_rows, 1);
    assert_eq!(last.resume(true), Some(&bytes("a")));
}

#[test]
fn deletions_are_counted_as_cassandra_counts_them() {
    let count = |deltas: Vec<Partition>| read(&engine(deltas), &ReadCommand::all(0)).tombstones;
    let null = |key: &str| {
        let row = Row { columns: vec![(ColumnId(0), Column::Simple(dead(2, 0)))], ..Row::default() };
        Partition { rows: [(bytes(key), row)].into_iter().collect(), ..Partition::default() }
    };
    assert_eq!(count(vec![insert(1, "a", "v")]), 0);
    assert_eq!(count(vec![null("a"), null("b")]), 2, "one a dead cell");
    assert_eq!(count(vec![insert(1, "a", "v"), null("a")]), 1, "in a live row too");
    assert_eq!(count(vec![insert(1, "a", "v"), delete_row(2, "a")]), 1, "one a deleted row, not its hidden cells");
    assert_eq!(count(vec![delete_row(2, "a"), insert(3, "a", "v")]), 0, "none for the deletion under a live row");
    assert_eq!(count(vec![delete_range(2, "a", "c")]), 2, "both ends of a range");
    assert_eq!(count(vec![delete_range(2, "a", "c"), delete_range(3, "b", "d")]), 3, "where two meet, one");
    assert_eq!(count(vec![delete(2, 0)]), 0, "none for the partition's own");
}

#[test]
fn equal_contents_are_equal_answers_however_they_came_about() {
    let writes = [
        insert(1, "a", "v"),
        insert(3, "b", "v"),
        delete_range(2, "a", "c"),
        delete_range(2, "c", "e"),
        delete_row(2, "d"),
        delete_range(1, "f", "g"),
        delete_row(1, "h"),
        delete(1, 0),
        update(1, "i", &[]),
    ];
    let mut orders = vec![engine(writes.clone()), engine(writes.iter().rev().cloned())];
    let mut flushed = engine([]);
    for write in &writes {
        flushed.apply(&mutation("p", write.clone()), 0).unwrap();
        flushed.flush(TABLE).unwrap();
    }
    orders.push(flushed.clone());
    flushed.compact_major(TABLE, 0).unwrap();
    orders.push(flushed);
    let answers: Vec<_> = orders.iter().map(|engine| read(engine, &ReadCommand::all(0)).state.delta.clone()).collect();
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1] && pair[0].digest() == pair[1].digest()));
    assert_eq!(answers[0].ranges.len(), 1, "neighbours of one date are one, older ones are not said");
    assert_eq!(answers[0].rows.len(), 1, "nor are row deletions that a wider one says too");
}

#[test]
fn slices_in_both_directions() {
    let rows: Vec<_> = "abcdefgh".chars().map(|key| insert(1, &key.to_string(), "v")).collect();
    let engine = engine(rows);
    let slice = |start: &str, end: &str| Slice { start: bytes(start), end: Some(after(end.as_bytes())) };
    let slices = vec![slice("b", "c"), slice("e", "g")];
    let keys = |command: &ReadCommand| {
        let reading = read(&engine, command);
        reading.state.delta.rows.iter().map(|(key, _)| key[0] as char).collect::<String>()
    };
    let command = ReadCommand { slices, ..ReadCommand::all(0) };
    assert_eq!(keys(&command), "bcefg");
    assert_eq!(keys(&ReadCommand { limit: 3, ..command.clone() }), "bce");
    assert_eq!(keys(&ReadCommand { limit: 3, reversed: true, ..command.clone() }), "efg", "ascending all the same");
    assert_eq!(keys(&ReadCommand { after: Some(bytes("f")), reversed: true, ..command.clone() }), "bce");
    assert_eq!(keys(&ReadCommand { after: Some(bytes("c")), ..command.clone() }), "efg");
    assert_eq!(keys(&ReadCommand { slices: vec![], ..command }), "");
}

#[test]
fn the_delete_that_is_older_than_the_rows() {
    // The scenario of the front page: a cell of 1 020 000, a tombstone of 1 008 700.
    let held = engine([insert(1_020_000, "user-1", "1")]);
    let told = held.inspect(&mutation("p", delete(1_008_700, 1))).unwrap();
    let expected = Inspection {
        tombstone: Some(tomb(1_008_700, 1)),
        of: 2,
        covered: 0,
        spared: Some(1_020_000),
        ..Inspection::default()
    };
    assert_eq!(told, expected, "marker and cell, neither covered");
    let tie = held.inspect(&mutation("p", delete(1_020_000, 1))).unwrap();
    assert_eq!((tie.covered, tie.of, tie.spared), (2, 2, None), "a delete of the same date wins");
    let deleted = engine([delete(1_008_700, 1)]);
    let late = deleted.inspect(&mutation("p", insert(1_008_700, "user-1", "1"))).unwrap();
    assert_eq!((late.arriving, late.shadowed, late.shadow), (2, 2, Some(Shadow::Partition(tomb(1_008_700, 1)))));
    let later = deleted.inspect(&mutation("p", insert(1_008_701, "user-1", "1"))).unwrap();
    assert_eq!((later.arriving, later.shadowed, later.shadow), (2, 0, None));
}
