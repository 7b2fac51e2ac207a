//! The engine against the plainest reading of the rules: gather every write, take each cell's winner, and ask whether any
//! deletion is as new. Memtable, flush, compaction, crash and restart may not change what is read.

#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use proptest::{collection::vec, prelude::*};
use std::collections::BTreeMap;
use std::rc::Rc;
use storage::{
    Bytes, Cell, Column, ColumnId, Content, Crash, Dialect, Engine, Expiry, KeyRange, LogSync, Marker, Mutation,
    Partition, PartitionKey, ReadCommand, Reading, Row, Shadow, Slice, TableOptions,
};

/// What a client could see of one partition: live rows with their marker and live values.
type Seen = BTreeMap<Option<Bytes>, (bool, Vec<(ColumnId, Option<Bytes>, Bytes)>)>;

/// Semantics.md 1, 5, 6 and 10, word for word, over a heap of writes.
fn naive(writes: &[Partition], dialect: Dialect, now: i64) -> Seen {
    let mut keys: Vec<Option<Bytes>> =
        writes.iter().flat_map(|w| w.rows.iter().map(|(k, _)| Some(k.clone()))).collect();
    keys.push(None);
    let mut seen = Seen::new();
    for key in keys {
        let row_of = |w: &Partition| match &key {
            Some(key) => w.rows.get(key).cloned(),
            None => w.static_row.as_deref().cloned(),
        };
        let rows: Vec<Row> = writes.iter().filter_map(row_of).collect();
        let mut deletions: Vec<i64> = writes.iter().filter_map(|w| w.tombstone).map(|t| t.timestamp).collect();
        if let Some(key) = &key {
            let covering = writes
                .iter()
                .flat_map(|w| &w.ranges)
                .filter(|range| range.start <= *key && range.end.as_ref().is_none_or(|end| key < end));
            deletions.extend(covering.map(|range| range.tombstone.timestamp));
        }
        deletions.extend(rows.iter().filter_map(|row| row.tombstone).map(|t| t.timestamp));
        let marker = rows.iter().filter_map(|row| row.marker).reduce(Marker::join);
        let marked = marker.is_some_and(|m| {
            deletions.iter().all(|d| *d < m.timestamp) && m.expiry.is_none_or(|expiry| now < expiry.at)
        });
        let mut cells: BTreeMap<(ColumnId, Option<Bytes>), Cell> = BTreeMap::new();
        let mut overwrites: Vec<(ColumnId, i64)> = Vec::new();
        for row in &rows {
            for (id, path, cell) in row.cells() {
                let place = (id, path.cloned());
                let winner = match cells.remove(&place) {
                    Some(have) => have.join(cell.clone(), dialect),
                    None => cell.clone(),
                };
                cells.insert(place, winner);
            }
            overwrites.extend(row.columns.iter().filter_map(|(id, column)| match column {
                Column::Collection(all) => Some((*id, all.tombstone?.timestamp)),
                Column::Simple(_) => None,
            }));
        }
        let values: Vec<_> = cells
            .into_iter()
            .filter(|((id, _), cell)| {
                let newer = |d: &i64| *d < cell.timestamp;
                deletions.iter().all(newer)
                    && overwrites.iter().filter(|(of, _)| of == id).all(|(_, d)| newer(d))
                    && match &cell.content {
                        Content::Live(_) => true,
                        Content::Expiring(_, expiry) => now < expiry.at,
                        Content::Dead { .. } => false,
                    }
            })
            .map(|((id, path), cell)| (id, path, cell.value().unwrap().clone()))
            .collect();
        if marked || !values.is_empty() {
            seen.insert(key, (marked, values));
        }
    }
    seen
}

fn seen(partition: &Partition, now: i64) -> Seen {
    let mut out = Seen::new();
    let of_row = |row: &Row, above: Option<Shadow>| {
        let cover = row.cover(above);
        let marked = row.marker.is_some_and(|marker| marker.shadow(cover, now).is_none());
        let mut values = Vec::new();
        for (id, column) in &row.columns {
            match column {
                Column::Simple(cell) if cell.is_live(cover, now) => {
                    values.push((*id, None, cell.value().unwrap().clone()))
                }
                Column::Simple(_) => {}
                Column::Collection(all) => values.extend(
                    all.live_cells(cover, now)
                        .map(|(path, cell)| (*id, Some(path.clone()), cell.value().unwrap().clone())),
                ),
            }
        }
        (marked || !values.is_empty()).then_some((marked, values))
    };
    for (key, row) in &partition.rows {
        if let Some(row) = of_row(row, partition.cover_at(key)) {
            out.insert(Some(key.clone()), row);
        }
    }
    if let Some(row) = partition.static_row.as_ref().and_then(|row| of_row(row, partition.static_cover())) {
        out.insert(None, row);
    }
    out
}

#[derive(Clone, Debug)]
enum Step {
    Write(u8, Partition),
    Flush,
    Compact,
    Major,
    Restart,
    Repair(i64, i64),
}

/// Gives writes of one date one expiry. A compaction turns what has expired into a tombstone, and that wins a tie which the
/// expired value would have lost to a later expiry: Cassandra's own inconsistency, kept (see `garbage.rs`).
fn one_expiry_a_date(mut delta: Partition) -> Partition {
    let one = |timestamp: i64, expiry: &mut Expiry| *expiry = Expiry { ttl: 2, at: timestamp * 3 % 8 };
    let fix = |row: &mut Row| {
        if let Some(marker) = &mut row.marker
            && let Some(expiry) = &mut marker.expiry
        {
            one(marker.timestamp, expiry);
        }
        for (_, column) in &mut row.columns {
            let cells: Vec<&mut Cell> = match column {
                Column::Simple(cell) => vec![cell],
                Column::Collection(all) => all.cells.iter_mut().map(|(_, cell)| cell).collect(),
            };
            for cell in cells {
                if let Content::Expiring(_, expiry) = &mut cell.content {
                    one(cell.timestamp, expiry);
                }
            }
        }
    };
    delta.static_row.iter_mut().for_each(|row| fix(row));
    delta.rows.retain(|_, row| {
        fix(row);
        true
    });
    delta
}

fn a_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        10 => (0..4u8, a_delta()).prop_map(|(key, delta)| Step::Write(key, one_expiry_a_date(delta))),
        3 => Just(Step::Flush),
        1 => Just(Step::Compact),
        1 => Just(Step::Major),
        1 => Just(Step::Restart),
        1 => (any::<i64>(), any::<i64>()).prop_map(|(a, b)| Step::Repair(a.min(b), a.max(b))),
    ]
}

/// The first three keys share a token, as different keys may.
fn key(i: u8) -> PartitionKey {
    PartitionKey { token: if i < 3 { 7 } else { -7 }, bytes: Bytes::from([i]) }
}

fn run(engine: &mut Engine, step: &Step) {
    match step {
        Step::Write(partition, delta) => {
            let mutation = Rc::new(Mutation { table: TABLE, key: key(*partition), delta: delta.clone() });
            engine.apply(&mutation, 0).unwrap();
        }
        Step::Flush => {
            engine.flush(TABLE).unwrap();
        }
        Step::Compact => {
            let choice = engine.choose(TABLE).unwrap();
            engine.compact(TABLE, choice, 0).unwrap();
        }
        Step::Major => {
            engine.compact_major(TABLE, 0).unwrap();
        }
        Step::Restart => {
            engine.crash(Crash::Kill);
            engine.restart();
        }
        Step::Repair(after, to) => engine.mark_repaired(TABLE, &[(*after, *to)]).unwrap(),
    }
}

fn writes_to(steps: &[Step], partition: u8) -> Vec<Partition> {
    let of = |step: &Step| match step {
        Step::Write(to, delta) if *to == partition => Some(delta.clone()),
        _ => None,
    };
    steps.iter().filter_map(of).collect()
}

fn eager() -> TableOptions {
    TableOptions { min_threshold: 2, ..TableOptions::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reads_are_the_writes_in_any_order(steps in vec(a_step(), 1..40), scylla in any::<bool>(), now in 0..9i64) {
        let dialect = DIALECTS[usize::from(scylla)];
        let mut engine = Engine::new(dialect, LogSync::default());
        engine.create(TABLE, eager()).unwrap();
        steps.iter().for_each(|step| run(&mut engine, step));
        for partition in 0..4 {
            let writes = writes_to(&steps, partition);
            let expected = naive(&writes, dialect, now);
            let reading = engine.read(TABLE, &key(partition), &ReadCommand::all(now)).unwrap();
            prop_assert_eq!(seen(&reading.state.delta, now), expected.clone());
            prop_assert_eq!(reading.live_rows as usize, expected.keys().flatten().count());
            let mut backwards = writes;
            backwards.reverse();
            prop_assert_eq!(naive(&backwards, dialect, now), expected);
        }
    }

    #[test]
    fn purging_changes_no_reading_of_one_node(steps in vec(a_step(), 1..40), more in vec(a_step(), 0..12), now in 0..9i64, grace in 0..5i64) {
        let mut engine = Engine::new(Dialect::Cassandra, LogSync::default());
        engine.create(TABLE, eager()).unwrap();
        steps.iter().for_each(|step| run(&mut engine, step));
        let expected: Vec<Seen> = (0..4).map(|p| naive(&writes_to(&steps, p), Dialect::Cassandra, now)).collect();
        engine.alter(TABLE, TableOptions { gc_grace_seconds: grace, ..eager() }).unwrap();
        let mut purged = 0;
        for step in more.iter().filter(|step| !matches!(step, Step::Write(..))) {
            match step {
                Step::Major => purged += engine.compact_major(TABLE, now).unwrap().iter().map(|c| c.purged).sum::<u64>(),
                Step::Compact => {
                    let choice = engine.choose(TABLE).unwrap();
                    purged += engine.compact(TABLE, choice, now).unwrap().purged;
                }
                other => run(&mut engine, other),
            }
            for (partition, expected) in (0..).zip(&expected) {
                let reading = engine.read(TABLE, &key(partition), &ReadCommand::all(now)).unwrap();
                prop_assert_eq!(&seen(&reading.state.delta, now), expected, "after {:?}, {} purged", step, purged);
            }
        }
    }

    #[test]
    fn a_page_at_a_time_is_the_whole(steps in vec(a_step(), 1..40), now in 0..9i64, page in 1..4u32, reversed in any::<bool>(),
                                     bounds in vec(0..9u8, 0..4)) {
        let mut engine = Engine::new(Dialect::Cassandra, LogSync::default());
        engine.create(TABLE, eager()).unwrap();
        steps.iter().for_each(|step| run(&mut engine, step));
        let mut bounds = bounds;
        bounds.sort_unstable();
        bounds.dedup();
        let mut slices: Vec<Slice> =
            bounds.chunks_exact(2).map(|pair| Slice { start: key_of(pair[0]), end: Some(key_of(pair[1])) }).collect();
        if slices.is_empty() {
            slices.push(Slice::all());
        }
        let inside = |key: &Bytes| slices.iter().any(|slice| slice.contains(key));
        for partition in 0..4 {
            let all = naive(&writes_to(&steps, partition), Dialect::Cassandra, now);
            let mut expected: Vec<Bytes> = all.keys().flatten().filter(|key| inside(key)).cloned().collect();
            if reversed {
                expected.reverse();
            }
            let mut command = ReadCommand { slices: slices.clone(), reversed, limit: page, ..ReadCommand::all(now) };
            let mut got = Vec::new();
            loop {
                let reading = engine.read(TABLE, &key(partition), &command).unwrap();
                prop_assert!(reading.live_rows <= page);
                let delta = &reading.state.delta;
                let mut live: Vec<Bytes> = delta.rows.iter()
                    .filter(|(key, row)| row.is_live(delta.cover_at(key), now)).map(|(key, _)| key.clone()).collect();
                if reversed {
                    live.reverse();
                }
                prop_assert_eq!(live.len(), reading.live_rows as usize);
                got.extend(live);
                match reading.resume(reversed) {
                    Some(last) => command.after = Some(last.clone()),
                    None => break,
                }
            }
            prop_assert_eq!(got, expected);
        }
    }

    #[test]
    fn a_scan_is_every_partition_in_ring_order(steps in vec(a_step(), 1..40), now in 0..9i64, after in any::<i64>(), to in any::<i64>()) {
        let mut engine = Engine::new(Dialect::Cassandra, LogSync::default());
        engine.create(TABLE, eager()).unwrap();
        steps.iter().for_each(|step| run(&mut engine, step));
        let command = ReadCommand::all(now);
        for range in [KeyRange::tokens(i64::MIN, i64::MAX), KeyRange::tokens(after, to)] {
            let whole = range.to == i64::MAX;
            let mut keys: Vec<PartitionKey> = (0..4).map(key).filter(|k| whole || (after < k.token && k.token <= to)).collect();
            keys.sort();
            let expected: Vec<Reading> =
                keys.iter().map(|k| engine.read(TABLE, k, &command).unwrap()).filter(|r| !r.state.delta.is_empty()).collect();
            let mut scan = engine.scan(TABLE, &range).unwrap();
            let mut got = Vec::new();
            while let Some(reading) = scan.next(&command) {
                if !reading.state.delta.is_empty() {
                    got.push(reading);
                }
            }
            prop_assert_eq!(&got, &expected);
            if let Some(first) = got.first() {
                let mut rest = engine.scan(TABLE, &range.clone().behind(first.state.key.clone())).unwrap();
                let second = core::iter::from_fn(|| rest.next(&command)).find(|r| !r.state.delta.is_empty());
                prop_assert_eq!(second.as_ref(), expected.get(1));
                let mut again = engine.scan(TABLE, &range.starting_at(first.state.key.clone())).unwrap();
                let first = again.next(&command);
                prop_assert_eq!(first.as_ref(), expected.first());
            }
        }
    }

    #[test]
    fn whoever_is_told_the_changes_has_the_state(steps in vec(a_step(), 1..40), grace in 0..9i64) {
        let options = TableOptions { gc_grace_seconds: grace, ..eager() };
        let mut engine = Engine::new(Dialect::Cassandra, LogSync::default());
        engine.create(TABLE, options).unwrap();
        let mut told: BTreeMap<PartitionKey, Partition> = BTreeMap::new();
        for step in &steps {
            let changes = match step {
                Step::Write(partition, delta) => {
                    told.entry(key(*partition)).or_default().join(delta, Dialect::Cassandra);
                    run(&mut engine, step);
                    Vec::new()
                }
                Step::Flush => engine.flush(TABLE).unwrap().changes,
                Step::Compact => {
                    let choice = engine.choose(TABLE).unwrap();
                    engine.compact(TABLE, choice, 9).unwrap().changes
                }
                Step::Major => {
                    engine.compact_major(TABLE, 9).unwrap().into_iter().flat_map(|c| c.changes).collect()
                }
                Step::Restart | Step::Repair(..) => {
                    run(&mut engine, step);
                    Vec::new()
                }
            };
            for change in changes {
                told.insert(change.key.clone(), change.delta.clone());
            }
            for partition in 0..4 {
                let held = engine.state(TABLE, &key(partition)).unwrap().map(|m| m.delta.clone()).unwrap_or_default();
                prop_assert_eq!(&held, &told.get(&key(partition)).cloned().unwrap_or_default(), "after {:?}", step);
            }
        }
    }

    #[test]
    fn an_inspection_foretells_the_write(steps in vec(a_step(), 1..20), delta in a_delta()) {
        let mut engine = Engine::new(Dialect::Cassandra, LogSync::default());
        engine.create(TABLE, eager()).unwrap();
        steps.iter().for_each(|step| run(&mut engine, step));
        let write = Rc::new(Mutation { table: TABLE, key: key(0), delta: delta.clone() });
        let told = engine.inspect(&write).unwrap();
        prop_assert!(told.covered <= told.of && told.shadowed <= told.arriving);
        prop_assert_eq!(told.shadow.is_some(), told.shadowed > 0);
        let cells = |p: &Partition| -> usize {
            let rows = p.rows.values().chain(p.static_row.as_deref());
            rows.map(|row| row.cells().count() + usize::from(row.marker.is_some())).sum()
        };
        prop_assert_eq!(told.arriving as usize, cells(&delta));
        // However the state is spread over memtable and sstables, as long as nothing was shed.
        let mut whole = Engine::new(Dialect::Cassandra, LogSync::default());
        whole.create(TABLE, eager()).unwrap();
        if let Some(state) = engine.state(TABLE, &key(0)).unwrap() {
            whole.apply(&state, 0).unwrap();
        }
        prop_assert_eq!(whole.inspect(&write).unwrap(), told);
        let deletes = delta.tombstone.is_some() || !delta.ranges.is_empty();
        // A delete of the partition alone: what it leaves is what it did not cover.
        if deletes && delta.rows.is_empty() && delta.static_row.is_none() && delta.ranges.is_empty() {
            let shed = |p: Option<Rc<Mutation>>| {
                let mut p = p.map(|m| m.delta.clone()).unwrap_or_default();
                p.shed(&[]);
                p
            };
            let before = shed(engine.state(TABLE, &key(0)).unwrap());
            engine.apply(&write, 0).unwrap();
            let after = shed(engine.state(TABLE, &key(0)).unwrap());
            prop_assert_eq!(cells(&before) - cells(&after), told.covered as usize);
            prop_assert_eq!(cells(&before), told.of as usize);
        }
    }
}
