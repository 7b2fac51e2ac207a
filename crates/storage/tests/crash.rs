//! What is there after a node died: after a kill what was appended, after a power cut what was synced.
#![allow(clippy::unwrap_used)]

mod common;

use common::{TABLE, delete, insert, mutation};
use storage::{Crash, Dialect, Engine, Error, LogSync, ReadCommand, TableId, TableOptions};

const SECOND: u64 = 1_000_000;

/// A write a second, flushed after the fifth.
fn engine(sync: LogSync) -> Engine {
    let mut engine = Engine::new(Dialect::Cassandra, sync);
    engine.create(TABLE, TableOptions::default()).unwrap();
    for i in 0..25u64 {
        engine.apply(&mutation(&i.to_string(), insert(i as i64, "r", "v")), i * SECOND).unwrap();
        if i == 4 {
            engine.flush(TABLE).unwrap();
        }
    }
    engine
}

fn there(engine: &Engine) -> Vec<u64> {
    let read = |i: &u64| engine.read(TABLE, &mutation(&i.to_string(), delete(0, 0)).key, &ReadCommand::all(0)).unwrap();
    (0..25).filter(|i| read(i).live_rows == 1).collect()
}

#[test]
fn after_a_kill_everything_appended_is_there() {
    let mut engine = engine(LogSync::default());
    let before = engine.digest();
    assert!(engine.crash(Crash::Kill).lost.is_empty());
    assert_eq!(engine.digest(), before, "what a restart would find");
    assert_eq!(engine.restart(), 20, "five were flushed");
    assert_eq!(there(&engine), (0..25).collect::<Vec<_>>());
    assert_eq!(engine.digest(), before);
}

#[test]
fn after_a_power_cut_what_was_synced_is_there() {
    let mut engine = engine(LogSync::Periodic { every: 10 * SECOND });
    let lost = engine.crash(Crash::Power { now: 24 * SECOND }).lost;
    assert_eq!(lost.len(), 4);
    assert_eq!(engine.restart(), 16);
    assert_eq!(there(&engine), (0..=20).collect::<Vec<_>>(), "synced at 20 s; what was flushed is on the disk anyway");
    assert!(engine.crash(Crash::Power { now: 30 * SECOND }).lost.is_empty());
}

#[test]
fn batch_sync_loses_nothing() {
    let mut engine = engine(LogSync::Batch);
    assert!(engine.crash(Crash::Power { now: 24 * SECOND }).lost.is_empty());
    engine.restart();
    assert_eq!(there(&engine).len(), 25);
}

#[test]
fn a_dead_node_answers_nothing_and_the_schema_survives() {
    let mut engine = engine(LogSync::default());
    engine.crash(Crash::Kill);
    let write = mutation("x", insert(1, "r", "v"));
    assert_eq!(engine.apply(&write, 0), Err(Error::Down));
    assert_eq!(engine.read(TABLE, &write.key, &ReadCommand::all(0)), Err(Error::Down));
    engine.restart();
    assert_eq!(engine.create(TABLE, TableOptions::default()), Err(Error::TableExists(TABLE)));
    assert_eq!(engine.truncate(TableId(9)), Err(Error::UnknownTable(TableId(9))));
    engine.truncate(TABLE).unwrap();
    engine.crash(Crash::Kill);
    engine.restart();
    assert!(there(&engine).is_empty(), "the log does not bring truncated rows back");
    engine.drop_table(TABLE).unwrap();
    assert_eq!(engine.apply(&write, 0), Err(Error::UnknownTable(TABLE)));
}
