//! What storage costs, each printed per unit: writes, reads, joins, bytes. `cargo bench -p storage`; growth to 10 million rows
//! needs 5 GB: `cargo bench -p storage -- grow --include-ignored`.
#![allow(clippy::unwrap_used, missing_docs)]

use divan::{Bencher, black_box, counter::BytesCount, counter::ItemsCount};
use std::rc::Rc;
use storage::{
    Bytes, Cell, Column, ColumnId, Content, Dialect, Engine, KeyRange, LogSync, Marker, Mutation, Partition,
    PartitionKey, ReadCommand, Row, Rows, Slice, TableId, TableOptions, Tombstone,
};

#[global_allocator]
static ALLOCATOR: divan::AllocProfiler = divan::AllocProfiler::system();

const TABLE: TableId = TableId(1);
const OTHER: TableId = TableId(2);

fn main() {
    divan::main();
}

/// `INSERT INTO t (org_id, user_id, version)`: partition key, clustering key, one regular column.
fn insert(partition: u64, row: u64, timestamp: i64) -> Rc<Mutation> {
    let key = PartitionKey::new(format!("org-{partition}").into_bytes());
    let clustering: Bytes = [&[0x40], format!("user-{row:07}").as_bytes()].concat().into();
    let version: Bytes = (row as i32).to_be_bytes().into();
    let cell = Cell { timestamp, content: Content::Live(version) };
    let row = Row {
        marker: Some(Marker { timestamp, expiry: None }),
        tombstone: None,
        columns: vec![(ColumnId(2), Column::Simple(cell))],
    };
    Rc::new(Mutation {
        table: TABLE,
        key,
        delta: Partition { rows: Rows::one(clustering, row), ..Partition::default() },
    })
}

fn delete(partition: u64, timestamp: i64) -> Rc<Mutation> {
    let key = PartitionKey::new(format!("org-{partition}").into_bytes());
    let tombstone = Some(Tombstone { timestamp, deletion_time: 0 });
    Rc::new(Mutation { table: TABLE, key, delta: Partition { tombstone, ..Partition::default() } })
}

fn empty() -> Engine {
    let mut engine = Engine::new(Dialect::Cassandra, LogSync::default());
    engine.create(TABLE, TableOptions::default()).unwrap();
    engine.create(OTHER, TableOptions::default()).unwrap();
    engine
}

fn filled(partitions: u64) -> Engine {
    let mut engine = empty();
    for partition in 0..partitions {
        engine.apply(&insert(partition, 1, 1), 0).unwrap();
    }
    engine
}

/// 1,000 writes, each to a partition of its own, into a memtable that already holds so many.
#[divan::bench(args = [0, 10_000, 100_000])]
fn write_new_partition(bencher: Bencher, held: u64) {
    let base = filled(held);
    let writes: Vec<_> = (0..1000).map(|i| insert(held + i, 1, 1)).collect();
    bencher.counter(ItemsCount::new(1000u32)).with_inputs(|| base.clone()).bench_local_values(|mut engine| {
        for write in &writes {
            black_box(engine.apply(write, 0).unwrap());
        }
        engine
    });
}

/// 1,000 writes into one partition: rows in order of arrival, then the same rows again.
#[divan::bench(args = ["new rows", "same rows"])]
fn write_wide_partition(bencher: Bencher, rows: &str) {
    let mut base = empty();
    if rows == "same rows" {
        (0..1000).for_each(|i| drop(base.apply(&insert(0, i, 1), 0)));
    } else {
        base.apply(&insert(0, 5000, 1), 0).unwrap();
        base.apply(&insert(0, 5001, 1), 0).unwrap();
    }
    let writes: Vec<_> = (0..1000).map(|i| insert(0, i, 2)).collect();
    bencher.counter(ItemsCount::new(1000u32)).with_inputs(|| base.clone()).bench_local_values(|mut engine| {
        // The clone shares the state: the first write copies it, as it would not in a running engine.
        for write in &writes {
            black_box(engine.apply(write, 0).unwrap());
        }
        engine
    });
}

fn row_command() -> ReadCommand {
    ReadCommand { slices: vec![Slice::prefix(&[&[0x40], &b"user-0000001"[..]].concat().into())], ..ReadCommand::all(0) }
}

/// Point reads of one row by its whole key, 1,000 different partitions.
#[divan::bench(args = [10_000, 100_000, 1_000_000], consts = [0, 1, 4])]
fn read_row<const SSTABLES: u64>(bencher: Bencher, held: u64) {
    let mut engine = empty();
    for partition in 0..held {
        engine.apply(&insert(partition, 1, 1), 0).unwrap();
        if SSTABLES > 0 && (partition + 1) % (held / SSTABLES) == 0 {
            engine.flush(TABLE).unwrap();
        }
    }
    let step = held / 1000;
    let keys: Vec<_> = (0..1000).map(|i| insert(i * step, 1, 1).key.clone()).collect();
    let command = row_command();
    bencher
        .counter(ItemsCount::new(1000u32))
        .bench_local(|| keys.iter().map(|key| engine.read(TABLE, key, &command).unwrap().live_rows).sum::<u32>());
}

/// The same where a newer tombstone lies in the memtable: two sources, merged and shed.
#[divan::bench]
fn read_deleted_row(bencher: Bencher) {
    let mut engine = filled(10_000);
    engine.flush(TABLE).unwrap();
    (0..1000).for_each(|i| drop(engine.apply(&delete(i, 2), 0)));
    let keys: Vec<_> = (0..1000).map(|i| insert(i, 1, 1).key.clone()).collect();
    let command = row_command();
    bencher
        .counter(ItemsCount::new(1000u32))
        .bench_local(|| keys.iter().map(|key| engine.read(TABLE, key, &command).unwrap().live_rows).sum::<u32>());
}

/// One row by its whole key out of a partition of many.
#[divan::bench(args = [1_000, 100_000, 1_000_000])]
fn read_row_of_wide_partition(bencher: Bencher, rows: u64) {
    let mut engine = empty();
    (0..rows).for_each(|i| drop(engine.apply(&insert(0, i, 1), 0)));
    let key = insert(0, 0, 1).key.clone();
    let command = row_command();
    bencher.counter(ItemsCount::new(1u32)).bench_local(|| engine.read(TABLE, &key, &command).unwrap());
}

/// What a traced write costs on top: the meeting of a delete of one row with a partition in memtable and sstable.
#[divan::bench(args = [1_000, 100_000])]
fn inspect(bencher: Bencher, rows: u64) {
    let mut engine = empty();
    (0..rows).for_each(|i| drop(engine.apply(&insert(0, i, 1), 0)));
    engine.flush(TABLE).unwrap();
    (0..rows).for_each(|i| drop(engine.apply(&insert(0, i, 2), 0)));
    let write = insert(0, 1, 3);
    bencher.counter(ItemsCount::new(1u32)).bench_local(|| engine.inspect(&write).unwrap());
}

/// A slice of 100 rows out of a partition of many, by rows.
#[divan::bench(args = [1_000, 100_000])]
fn read_slice_of_100(bencher: Bencher, rows: u64) {
    let mut engine = empty();
    (0..rows).for_each(|i| drop(engine.apply(&insert(0, i, 1), 0)));
    let key = insert(0, 0, 1).key.clone();
    let command = ReadCommand { limit: 100, ..ReadCommand::all(0) };
    bencher.counter(ItemsCount::new(100u32)).bench_local(|| engine.read(TABLE, &key, &command).unwrap());
}

/// A range read over all partitions, by partitions.
#[divan::bench(args = [10_000, 1_000_000], sample_count = 5)]
fn scan(bencher: Bencher, partitions: u64) {
    let mut engine = filled(partitions / 2);
    engine.flush(TABLE).unwrap();
    (partitions / 2..partitions).for_each(|i| drop(engine.apply(&insert(i, 1, 1), 0)));
    let command = ReadCommand::all(0);
    bencher.counter(ItemsCount::new(partitions)).bench_local(|| {
        let mut scan = engine.scan(TABLE, &KeyRange::tokens(i64::MIN, i64::MAX)).unwrap();
        let mut rows = 0;
        while let Some(reading) = scan.next(&command) {
            rows += reading.live_rows;
        }
        assert_eq!(u64::from(rows), partitions);
    });
}

/// One row with one cell, two states.
#[divan::bench]
fn join_rows(bencher: Bencher) {
    let (a, b) = (insert(0, 1, 1), insert(0, 1, 2));
    let row = |m: &Rc<Mutation>| m.delta.rows.values().next().unwrap().clone();
    let (a, b) = (row(&a), row(&b));
    bencher
        .counter(ItemsCount::new(1u32))
        .with_inputs(|| a.clone())
        .bench_local_refs(|a| a.join(&b, Dialect::Cassandra));
}

fn thousand_rows() -> Partition {
    let mut all = Partition::default();
    (0..1000).for_each(|i| all.join(&insert(0, i, 1).delta, Dialect::Cassandra));
    all
}

#[divan::bench]
fn encode(bencher: Bencher) {
    let partition = thousand_rows();
    let mut bytes = Vec::new();
    partition.encode(&mut bytes);
    bencher.counter(BytesCount::new(bytes.len())).bench_local(|| {
        bytes.clear();
        partition.encode(&mut bytes);
    });
}

#[divan::bench]
fn decode_partition(bencher: Bencher) {
    let mut bytes = Vec::new();
    thousand_rows().encode(&mut bytes);
    bencher.counter(BytesCount::new(bytes.len())).bench_local(|| Partition::decode(&bytes).unwrap());
}

#[divan::bench]
fn digest_of_one_row(bencher: Bencher) {
    let mutation = insert(0, 1, 1);
    bencher.counter(ItemsCount::new(1u32)).bench_local(|| mutation.delta.digest());
}

#[divan::bench(args = [10_000, 100_000], sample_count = 5)]
fn flush(bencher: Bencher, partitions: u64) {
    let base = filled(partitions);
    bencher
        .counter(ItemsCount::new(partitions))
        .with_inputs(|| base.clone())
        .bench_local_refs(|engine| engine.flush(TABLE).unwrap());
}

/// Four sstables that each hold every key.
#[divan::bench(args = [10_000, 100_000], sample_count = 5)]
fn compact_four(bencher: Bencher, partitions: u64) {
    let mut base = empty();
    for version in 0..4 {
        (0..partitions).for_each(|i| drop(base.apply(&insert(i, 1, version), 0)));
        base.flush(TABLE).unwrap();
    }
    let choice = base.choose(TABLE).unwrap();
    bencher
        .counter(ItemsCount::new(4 * partitions))
        .with_inputs(|| base.clone())
        .bench_local_refs(|engine| engine.compact(TABLE, choice.clone(), 0).unwrap());
}

fn grow(bencher: Bencher, rows: u64, per_partition: u64) {
    bencher.counter(ItemsCount::new(rows)).bench_local(|| {
        let mut engine = empty();
        for i in 0..rows {
            if engine.apply(&insert(i / per_partition, i % per_partition, 1), 0).unwrap().flush_due {
                engine.flush(TABLE).unwrap();
            }
        }
        engine
    });
}

/// Time per row and, as `max alloc`, the bytes all rows take, mutations included.
#[divan::bench(args = [10_000, 100_000, 1_000_000], sample_count = 1, sample_size = 1)]
fn grow_one_row_partitions(bencher: Bencher, rows: u64) {
    grow(bencher, rows, 1);
}

#[divan::bench(args = [10_000, 100_000, 1_000_000], sample_count = 1, sample_size = 1)]
fn grow_partitions_of_1000(bencher: Bencher, rows: u64) {
    grow(bencher, rows, 1000);
}

#[divan::bench(sample_count = 1, sample_size = 1, ignore)]
fn grow_to_ten_million(bencher: Bencher) {
    grow(bencher, 10_000_000, 1);
}
