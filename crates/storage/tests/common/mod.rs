//! Generators with so small an alphabet that writes collide: few dates, few keys, few values.
#![allow(dead_code)]

use proptest::{collection::vec, option, prelude::*};
use std::rc::Rc;
use storage::{
    Bytes, Cell, Collection, Column, ColumnId, Content, Dialect, Expiry, Marker, Mutation, Partition, PartitionKey,
    RangeTombstone, Row, TableId, Tombstone, normalise,
};

pub const TABLE: TableId = TableId(1);
pub const DIALECTS: [Dialect; 2] = [Dialect::Cassandra, Dialect::Scylla];

pub fn bytes(text: &str) -> Bytes {
    Bytes::from(text.as_bytes())
}

pub fn live(timestamp: i64, value: &str) -> Cell {
    Cell { timestamp, content: Content::Live(bytes(value)) }
}

pub fn dead(timestamp: i64, deletion_time: i64) -> Cell {
    Cell { timestamp, content: Content::Dead { deletion_time } }
}

pub fn expiring(timestamp: i64, value: &str, ttl: u32, at: i64) -> Cell {
    Cell { timestamp, content: Content::Expiring(bytes(value), Expiry { ttl, at }) }
}

pub fn tomb(timestamp: i64, deletion_time: i64) -> Tombstone {
    Tombstone { timestamp, deletion_time }
}

/// INSERT of one regular column.
pub fn insert(timestamp: i64, key: &str, value: &str) -> Partition {
    let marker = Some(Marker { timestamp, expiry: None });
    let row = Row { marker, tombstone: None, columns: vec![(ColumnId(0), Column::Simple(live(timestamp, value)))] };
    Partition { rows: [(bytes(key), row)].into_iter().collect(), ..Partition::default() }
}

/// DELETE of the whole partition.
pub fn delete(timestamp: i64, deletion_time: i64) -> Partition {
    Partition { tombstone: Some(tomb(timestamp, deletion_time)), ..Partition::default() }
}

pub fn mutation(key: &str, delta: Partition) -> Rc<Mutation> {
    Rc::new(Mutation { table: TABLE, key: PartitionKey::new(bytes(key)), delta })
}

pub fn a_tombstone() -> impl Strategy<Value = Tombstone> {
    (0..8i64, 0..6i64).prop_map(|(timestamp, deletion_time)| Tombstone { timestamp, deletion_time })
}

fn an_expiry() -> impl Strategy<Value = Expiry> {
    (1..4u32, 0..8i64).prop_map(|(ttl, at)| Expiry { ttl, at })
}

fn some_bytes() -> impl Strategy<Value = Bytes> {
    prop_oneof![Just(bytes("")), Just(bytes("a")), Just(bytes("ab")), Just(bytes("b")), Just(Bytes::from([0x80u8]))]
}

pub fn a_cell() -> impl Strategy<Value = Cell> {
    let content = prop_oneof![
        some_bytes().prop_map(Content::Live),
        (some_bytes(), an_expiry()).prop_map(|(value, expiry)| Content::Expiring(value, expiry)),
        (0..6i64).prop_map(|deletion_time| Content::Dead { deletion_time }),
    ];
    (0..8i64, content).prop_map(|(timestamp, content)| Cell { timestamp, content })
}

pub fn a_marker() -> impl Strategy<Value = Marker> {
    (0..8i64, option::of(an_expiry())).prop_map(|(timestamp, expiry)| Marker { timestamp, expiry })
}

pub fn a_collection() -> impl Strategy<Value = Collection> {
    (option::weighted(0.4, a_tombstone()), vec((0..4u8, a_cell()), 0..4)).prop_map(|(tombstone, cells)| {
        let cells: std::collections::BTreeMap<_, _> = cells.into_iter().collect();
        Collection { tombstone, cells: cells.into_iter().map(|(path, cell)| (Bytes::from([path]), cell)).collect() }
    })
}

/// Columns 0 and 1 are simple, 2 is a collection.
pub fn a_row() -> impl Strategy<Value = Row> {
    let columns = (option::of(a_cell()), option::of(a_cell()), option::weighted(0.3, a_collection()));
    (option::of(a_marker()), option::weighted(0.2, a_tombstone()), columns).prop_map(
        |(marker, tombstone, (a, b, c))| {
            let simple = [a, b].into_iter().map(|cell| cell.map(Column::Simple));
            let all = simple.chain([c.map(|collection| Column::Collection(Box::new(collection)))]);
            let columns = (0..).map(ColumnId).zip(all).filter_map(|(id, column)| Some((id, column?))).collect();
            Row { marker, tombstone, columns }
        },
    )
}

/// A clustering key of one component: as `cql` makes them, a marker byte before it.
pub fn key_of(i: u8) -> Bytes {
    Bytes::from([0x40, i])
}

pub fn some_ranges() -> impl Strategy<Value = Vec<RangeTombstone>> {
    let position =
        || (0..8u8, any::<bool>()).prop_map(|(i, behind)| if behind { storage::after(&key_of(i)) } else { key_of(i) });
    let range = (option::of(position()), option::of(position()), a_tombstone())
        .prop_map(|(start, end, tombstone)| RangeTombstone { start: start.unwrap_or_default(), end, tombstone });
    vec(range, 0..4).prop_map(|mut ranges| {
        normalise(&mut ranges);
        ranges
    })
}

pub fn a_partition() -> impl Strategy<Value = Partition> {
    let rows =
        vec((0..8u8, a_row()), 0..4).prop_map(|rows| rows.into_iter().map(|(key, row)| (key_of(key), row)).collect());
    (option::weighted(0.15, a_tombstone()), some_ranges(), option::weighted(0.3, a_row()), rows).prop_map(
        |(tombstone, ranges, static_row, rows)| Partition {
            tombstone,
            ranges,
            static_row: static_row.map(Box::new),
            rows,
        },
    )
}

/// What a statement writes: mostly one row, sometimes more.
pub fn a_delta() -> impl Strategy<Value = Partition> {
    let one_row = (0..8u8, a_row())
        .prop_map(|(key, row)| Partition { rows: [(key_of(key), row)].into_iter().collect(), ..Partition::default() });
    let only_ranges = some_ranges().prop_map(|ranges| Partition { ranges, ..Partition::default() });
    prop_oneof![4 => one_row, 1 => only_ranges, 1 => a_partition()]
}
