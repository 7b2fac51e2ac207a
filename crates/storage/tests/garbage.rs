//! What flush and compaction leave out and what they must keep. Every case marked (seen) was dumped with sstabledump from
//! Apache Cassandra 5.0.6; the rules are semantics.md 12 to 14 and real-cluster.md 2d.
#![allow(clippy::unwrap_used)]

mod common;

use common::{TABLE, bytes, dead, delete, expiring, insert, live, mutation, tomb};
use std::rc::Rc;
use storage::{
    Choice, Column, ColumnId, Dialect, Engine, Expiry, LogSync, Marker, Mutation, Partition, RangeTombstone,
    ReadCommand, Row, TableOptions,
};

const NOW: i64 = 1000;

fn engine(options: TableOptions) -> Engine {
    let mut engine = Engine::new(Dialect::Cassandra, LogSync::default());
    engine.create(TABLE, options).unwrap();
    engine
}

fn no_grace() -> TableOptions {
    TableOptions { gc_grace_seconds: 0, ..TableOptions::default() }
}

fn write(engine: &mut Engine, key: &str, delta: Partition) {
    engine.apply(&mutation(key, delta), 0).unwrap();
}

fn state(engine: &Engine, key: &str) -> Option<Rc<Mutation>> {
    engine.state(TABLE, &mutation(key, Partition::default()).key).unwrap()
}

fn row(key: &str, row: Row) -> Partition {
    Partition { rows: [(bytes(key), row)].into_iter().collect(), ..Partition::default() }
}

#[test]
fn a_flush_sheds_what_is_hidden() {
    // (seen)
    let mut engine = engine(TableOptions::default());
    write(&mut engine, "1", insert(100, "1", "v"));
    let static_row = Row { columns: vec![(ColumnId(9), Column::Simple(live(100, "s")))], ..Row::default() };
    write(&mut engine, "1", Partition { static_row: Some(Box::new(static_row)), ..Partition::default() });
    write(&mut engine, "1", row("1", Row { tombstone: Some(tomb(90, NOW)), ..Row::default() }));
    write(&mut engine, "1", delete(150, NOW));
    write(&mut engine, "1", insert(200, "2", "v"));
    let range = RangeTombstone { start: bytes("5"), end: None, tombstone: tomb(140, NOW) };
    write(&mut engine, "1", Partition { ranges: vec![range], ..Partition::default() });
    write(&mut engine, "2", insert(100, "1", "v"));
    let newer = Row {
        tombstone: Some(tomb(100, NOW)),
        columns: vec![(ColumnId(1), Column::Simple(live(101, "w")))],
        ..Row::default()
    };
    write(&mut engine, "2", row("1", newer.clone()));
    let flushed = engine.flush(TABLE).unwrap();
    assert_eq!(flushed.changes.len(), 2);
    let mut first = insert(200, "2", "v");
    first.tombstone = Some(tomb(150, NOW));
    assert_eq!(state(&engine, "1").unwrap().delta, first, "the range tombstone, the static and row 1 are gone");
    assert_eq!(state(&engine, "2").unwrap().delta, row("1", newer), "marker and v of date 100 are gone");
}

/// A flushed tombstone of date 200, then writes that stay in the memtable, then a major compaction: is it still there?
fn survives(writes: &[(&str, i64)]) -> bool {
    let mut engine = engine(no_grace());
    write(&mut engine, "2", insert(500, "1", "v"));
    write(&mut engine, "1", delete(200, NOW - 3));
    engine.flush(TABLE).unwrap();
    for (key, timestamp) in writes {
        write(&mut engine, key, insert(*timestamp, "1", "v"));
    }
    engine.compact_major(TABLE, NOW).unwrap();
    engine.sstables(TABLE).unwrap()[0].partitions().iter().any(|partition| &*partition.key.bytes == b"1")
}

#[test]
fn a_tombstone_stays_while_the_memtable_may_need_it() {
    // (seen, all five): the date that counts is the smallest of the whole memtable, once the memtable has the key.
    assert!(survives(&[("1", 100)]));
    assert!(survives(&[("1", 200)]));
    assert!(survives(&[("1", 300), ("9", 100)]));
    assert!(!survives(&[("1", 300)]));
    assert!(!survives(&[("9", 100)]));
}

#[test]
fn a_tombstone_stays_while_an_sstable_outside_the_compaction_may_need_it() {
    let mut engine = engine(no_grace());
    write(&mut engine, "1", insert(100, "1", "v"));
    engine.flush(TABLE).unwrap();
    write(&mut engine, "1", delete(200, NOW - 3));
    engine.flush(TABLE).unwrap();
    let newest = engine.sstables(TABLE).unwrap()[1].id;
    let alone = engine.compact(TABLE, Choice::Merge(vec![newest]), NOW).unwrap();
    assert_eq!((alone.purged, alone.output.is_some()), (0, true));
    let both = engine.compact_major(TABLE, NOW).unwrap();
    assert_eq!((both[0].purged, both[0].shed, both[0].output), (1, 2, None));
    assert_eq!(both[0].changes.len(), 1);
    assert!(both[0].changes[0].delta.is_empty());
}

#[test]
fn gc_grace_counts_from_the_deletion() {
    let mut engine = engine(TableOptions { gc_grace_seconds: 10, ..TableOptions::default() });
    write(&mut engine, "1", delete(200, 100));
    engine.flush(TABLE).unwrap();
    assert_eq!(engine.compact_major(TABLE, 110).unwrap()[0].purged, 0, "not yet: 100 is not before 110 - 10");
    assert_eq!(engine.compact_major(TABLE, 111).unwrap()[0].purged, 1);
}

#[test]
fn an_expired_value_becomes_a_tombstone_of_the_second_of_its_write() {
    // (seen): the cell's deletion time is the write's second, the marker keeps its expiry.
    let expiry = Expiry { ttl: 5, at: 105 };
    let marker = Some(Marker { timestamp: 100, expiry: Some(expiry) });
    let expiring = Column::Simple(expiring(100, "v", 5, 105));
    let written = Row { marker, tombstone: None, columns: vec![(ColumnId(0), expiring)] };
    let grace = |seconds| TableOptions { gc_grace_seconds: seconds, ..TableOptions::default() };

    let mut lazy = engine(grace(1000));
    write(&mut lazy, "1", row("1", written.clone()));
    lazy.flush(TABLE).unwrap();
    assert_eq!(state(&lazy, "1").unwrap().delta, row("1", written.clone()), "a flush leaves it as it is");
    let compacted = lazy.compact_major(TABLE, 106).unwrap();
    let cell = Column::Simple(dead(100, 100));
    let turned = row("1", Row { marker, tombstone: None, columns: vec![(ColumnId(0), cell)] });
    assert_eq!(compacted[0].changes[0].delta, turned);

    let mut eager = engine(grace(4));
    write(&mut eager, "1", row("1", written));
    eager.flush(TABLE).unwrap();
    eager.compact_major(TABLE, 106).unwrap();
    let left = row("1", Row { marker, ..Row::default() });
    assert_eq!(state(&eager, "1").unwrap().delta, left, "after 6 s the cell is 6 s old, the marker 1 s");
    eager.compact_major(TABLE, 110).unwrap();
    assert!(state(&eager, "1").is_none());
}

#[test]
fn a_compaction_decides_a_tie_of_two_ttls_the_other_way() {
    // (seen): at one date the later expiry wins, unless the earlier has run out and been compacted: then it is a tombstone, and wins.
    for compacted in [false, true] {
        let mut engine = engine(TableOptions::default());
        let update = |value: &str, ttl: u32, at: i64| {
            let columns = vec![(ColumnId(0), Column::Simple(expiring(100, value, ttl, at)))];
            row("1", Row { columns, ..Row::default() })
        };
        write(&mut engine, "1", update("a", 1, 11));
        engine.flush(TABLE).unwrap();
        if compacted {
            engine.compact_major(TABLE, 13).unwrap();
        }
        write(&mut engine, "1", update("b", 600, 613));
        let key = mutation("1", Partition::default()).key.clone();
        let rows = engine.read(TABLE, &key, &ReadCommand::all(13)).unwrap().live_rows;
        assert_eq!(rows, u32::from(!compacted));
    }
}

#[test]
fn only_repaired_sstables_may_forget() {
    let mut engine = engine(TableOptions { only_purge_repaired_tombstones: true, ..no_grace() });
    write(&mut engine, "1", delete(200, NOW - 3));
    engine.flush(TABLE).unwrap();
    assert_eq!(engine.compact_major(TABLE, NOW).unwrap()[0].purged, 0);
    let seen = |engine: &Engine| {
        engine
            .read(TABLE, &mutation("1", Partition::default()).key, &ReadCommand::all(NOW))
            .unwrap()
            .state
            .delta
            .clone()
    };
    assert!(seen(&engine).tombstone.is_some(), "reads keep it too");
    engine.mark_repaired(TABLE, &[(i64::MIN, i64::MAX)]).unwrap();
    assert!(seen(&engine).tombstone.is_none());
    assert_eq!(engine.compact_major(TABLE, NOW).unwrap()[0].purged, 1);
}

#[test]
fn past_gc_grace_a_read_does_not_mention_the_tombstone_but_still_obeys_it() {
    // real-cluster.md 2d: this alone lets the row of a lagging replica come back, before any compaction.
    let mut engine = engine(no_grace());
    write(&mut engine, "1", insert(100, "1", "v"));
    engine.flush(TABLE).unwrap();
    write(&mut engine, "1", delete(200, NOW - 3));
    let key = mutation("1", Partition::default()).key.clone();
    let reading = engine.read(TABLE, &key, &ReadCommand::all(NOW)).unwrap();
    assert!(reading.state.delta.is_empty());
    assert_eq!(reading.tombstones, 0);
    let earlier = engine.read(TABLE, &key, &ReadCommand::all(NOW - 3)).unwrap();
    assert_eq!(earlier.state.delta, delete(200, NOW - 3));
}

#[test]
fn the_zombie() {
    let missed = |purged: bool| {
        let (mut a, mut b) = (engine(no_grace()), engine(no_grace()));
        write(&mut a, "1", insert(100, "1", "v"));
        write(&mut b, "1", insert(100, "1", "v"));
        write(&mut a, "1", delete(200, NOW));
        a.flush(TABLE).unwrap();
        if purged {
            a.compact_major(TABLE, NOW + 1).unwrap();
        }
        let now = if purged { NOW + 1 } else { NOW };
        let read = |engine: &Engine| {
            engine
                .read(TABLE, &mutation("1", Partition::default()).key, &ReadCommand::all(now))
                .unwrap()
                .state
                .delta
                .clone()
        };
        let mut merged = read(&a);
        merged.join(&read(&b), Dialect::Cassandra);
        merged.shed(&[]);
        let repair = read(&a).diff(&merged, None);
        (merged.live_rows(now), repair)
    };
    assert_eq!(missed(false), (0, None));
    let (rows, repair) = missed(true);
    assert_eq!(rows, 1, "the deleted row is back");
    assert_eq!(repair, Some(insert(100, "1", "v")), "and read repair writes it to the replica that had deleted it");
}

#[test]
fn size_tiers() {
    let options = TableOptions { min_sstable_bytes: 0, ..TableOptions::default() };
    let mut engine = engine(options.clone());
    let flush_of = |engine: &mut Engine, rows: u32| {
        (0..rows).for_each(|i| write(engine, &i.to_string(), insert(1, "1", "value")));
        engine.flush(TABLE).unwrap();
    };
    [10, 1000, 11, 10].iter().for_each(|rows| flush_of(&mut engine, *rows));
    assert_eq!(engine.choose(TABLE).unwrap(), Choice::Nothing, "three of a size and a large one");
    flush_of(&mut engine, 12);
    let Choice::Merge(mut ids) = engine.choose(TABLE).unwrap() else { panic!("four of a size are due") };
    ids.sort_unstable();
    let sizes: Vec<u64> = engine.sstables(TABLE).unwrap().iter().map(|s| s.id).collect();
    assert_eq!(ids, [sizes[0], sizes[2], sizes[3], sizes[4]]);
    engine.alter(TABLE, TableOptions { max_threshold: 3, min_threshold: 3, ..options.clone() }).unwrap();
    assert!(matches!(engine.choose(TABLE).unwrap(), Choice::Merge(ids) if ids.len() == 3));
    engine.mark_repaired(TABLE, &[(i64::MIN, i64::MAX)]).unwrap();
    flush_of(&mut engine, 10);
    let Choice::Merge(ids) = engine.choose(TABLE).unwrap() else { panic!("the repaired ones are due") };
    let newest = engine.sstables(TABLE).unwrap().last().unwrap().id;
    assert!(!ids.contains(&newest), "repaired and unrepaired are never merged");
    engine.alter(TABLE, TableOptions { compaction_enabled: false, ..options }).unwrap();
    assert_eq!(engine.choose(TABLE).unwrap(), Choice::Nothing);
    engine.alter(TABLE, TableOptions::default()).unwrap();
    assert!(
        matches!(engine.choose(TABLE).unwrap(), Choice::Merge(ids) if ids.len() == 5),
        "all small ones are similar"
    );
}

#[test]
fn a_dropped_column_is_not_read_and_goes_with_the_next_compaction() {
    let mut engine = engine(TableOptions::default());
    let update = Row { columns: vec![(ColumnId(1), Column::Simple(live(5, "w")))], ..Row::default() };
    write(&mut engine, "1", row("1", update));
    engine.alter(TABLE, TableOptions { dropped: vec![ColumnId(1)], ..TableOptions::default() }).unwrap();
    let key = mutation("1", Partition::default()).key.clone();
    let reading = engine.read(TABLE, &key, &ReadCommand::all(NOW)).unwrap();
    assert_eq!((reading.live_rows, reading.state.delta.is_empty()), (0, true), "it kept the row alive");
    assert_eq!(engine.flush(TABLE).unwrap().changes.len(), 1);
    engine.compact_major(TABLE, NOW).unwrap();
    assert!(state(&engine, "1").is_none());
}
