//! What a view shows is what storage holds: at the end, and at every event on the way, flushes, compactions, power cuts
//! and truncates included.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{EPOCH, live, machines, tombstone};
use proptest::prelude::*;
use sim::{Id, Time};
use std::rc::Rc;
use storage::{
    Bytes, Cell, Collection, Column, ColumnId, Content, Dialect, Engine, Expiry, LogSync, Marker, Mutation, Partition,
    PartitionKey, RangeTombstone, Row, TableId, TableOptions,
};
use trace::{EventId, Fact, Focus, Index, Kind, Met, Place, Received, Sight, Trace, View, Window};

const TABLE: TableId = TableId(1);
const KEYS: [&str; 2] = ["a", "b"];

#[derive(Clone, Debug)]
enum Step {
    Write { nodes: u8, key: usize, delta: Partition },
    Flush { node: u8 },
    Compact { node: u8 },
    Truncate { node: u8 },
}

fn bytes(n: u8) -> Bytes {
    Bytes::from([0x40, n])
}

/// Timestamps from a small range, so that ties and shadows are common.
fn stamp() -> impl Strategy<Value = i64> {
    (0..12i64).prop_map(|t| EPOCH + t)
}

fn cell() -> impl Strategy<Value = Cell> {
    (stamp(), 0..3u8, 0..3u8).prop_map(|(timestamp, kind, value)| match kind {
        0 => live(timestamp, &[value]),
        1 => {
            let expiry = Expiry { ttl: 10, at: EPOCH / 1_000_000 + i64::from(value) };
            Cell { timestamp, content: Content::Expiring(Bytes::from([value]), expiry) }
        }
        _ => Cell { timestamp, content: Content::Dead { deletion_time: i64::from(value) } },
    })
}

fn collection() -> impl Strategy<Value = Collection> {
    let cells = prop::collection::btree_map((0..4u8).prop_map(bytes), cell(), 0..3);
    (prop::option::of(stamp()), cells)
        .prop_map(|(at, cells)| Collection { tombstone: at.map(tombstone), cells: cells.into_iter().collect() })
}

fn row() -> impl Strategy<Value = Row> {
    let marker = prop::option::of(stamp().prop_map(|timestamp| Marker { timestamp, expiry: None }));
    let row_tombstone = prop::option::weighted(0.2, stamp().prop_map(tombstone));
    let simple = prop::collection::btree_map(0..3u32, cell(), 0..3);
    (marker, row_tombstone, simple, prop::option::weighted(0.3, collection())).prop_map(
        |(marker, tombstone, simple, collection)| {
            let mut columns: Vec<_> =
                simple.into_iter().map(|(id, cell)| (ColumnId(id), Column::Simple(cell))).collect();
            columns.extend(collection.map(|collection| (ColumnId(9), Column::Collection(Box::new(collection)))));
            Row { marker, tombstone, columns }
        },
    )
}

fn delta() -> impl Strategy<Value = Partition> {
    let range = (0..5u8, prop::option::of(0..5u8), stamp());
    let rows = prop::collection::btree_map((0..5u8).prop_map(bytes), row(), 0..3);
    (prop::option::weighted(0.1, stamp()), prop::collection::vec(range, 0..2), prop::option::weighted(0.2, row()), rows)
        .prop_map(|(at, ranges, static_row, rows)| {
            let mut delta = Partition { tombstone: at.map(tombstone), ..Partition::default() };
            for (start, end, at) in ranges {
                let end = end.map(bytes);
                delta.delete_range(RangeTombstone { start: bytes(start), end, tombstone: tombstone(at) });
            }
            delta.static_row = static_row.map(Box::new);
            delta.rows = rows.into_iter().collect();
            delta
        })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (1..8u8, 0..2usize, delta()).prop_map(|(nodes, key, delta)| Step::Write { nodes, key, delta }),
        2 => (0..3u8).prop_map(|node| Step::Flush { node }),
        1 => (0..3u8).prop_map(|node| Step::Compact { node }),
        1 => (0..3u8).prop_map(|node| Step::Truncate { node }),
    ]
}

fn key(at: usize) -> PartitionKey {
    PartitionKey::new(KEYS[at].as_bytes())
}

type Held = Vec<Option<Partition>>;

/// Three engines, a trace of what they do, and after each event what they hold of both partitions.
struct Run {
    engines: Vec<Engine>,
    trace: Trace,
    held: Vec<Held>,
    dialect: Dialect,
}

impl Run {
    fn new(dialect: Dialect) -> Run {
        let options = TableOptions { gc_grace_seconds: 1, ..TableOptions::default() };
        let engine = || {
            let mut engine = Engine::new(dialect, LogSync::Batch);
            engine.create(TABLE, options.clone()).unwrap();
            engine
        };
        let trace = Trace::new(EPOCH, machines()).with_dialect(dialect);
        Run { engines: (0..3).map(|_| engine()).collect(), trace, held: Vec::new(), dialect }
    }

    fn note(&mut self, node: usize, fact: &Fact) {
        let at = Time(self.trace.len() as u64);
        self.trace.note(at, EPOCH, Id(node as u16), None, fact).unwrap();
    }

    /// Remember what the engines hold after the last event.
    fn hold(&mut self) {
        let state = |engine: &Engine, at| {
            let state = engine.state(TABLE, &key(at)).unwrap();
            state.map(|state| state.delta.clone()).filter(|state| !state.is_empty())
        };
        let held: Held = self.engines.iter().flat_map(|engine| [state(engine, 0), state(engine, 1)]).collect();
        self.held.resize(self.trace.len(), held);
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Write { nodes, key: at, delta } => {
                let mutation = Rc::new(Mutation { table: TABLE, key: key(*at), delta: delta.clone() });
                for node in (0..3).filter(|node| nodes & 1 << node != 0) {
                    self.engines[node].apply(&mutation, self.trace.len() as u64).unwrap();
                    self.note(node, &Fact::Apply { mutation: mutation.clone(), met: Met::default() });
                    self.hold();
                }
            }
            Step::Flush { node } => {
                let changes = self.engines[usize::from(*node)].flush(TABLE).unwrap().changes;
                self.replace(usize::from(*node), changes);
            }
            Step::Compact { node } => {
                let now = EPOCH / 1_000_000 + 100;
                let done = self.engines[usize::from(*node)].compact_major(TABLE, now).unwrap();
                self.replace(usize::from(*node), done.into_iter().flat_map(|done| done.changes).collect());
            }
            Step::Truncate { node } => {
                self.engines[usize::from(*node)].truncate(TABLE).unwrap();
                self.note(usize::from(*node), &Fact::Truncate { table: TABLE });
                self.hold();
            }
        }
    }

    /// Several partitions change in one go: only after the last of their events do engine and trace agree.
    fn replace(&mut self, node: usize, changes: Vec<Rc<Mutation>>) {
        let before = self.trace.len();
        for change in changes {
            let fact = Fact::Replace { table: TABLE, key: change.key.clone(), left: Rc::new(change.delta.clone()) };
            self.note(node, &fact);
        }
        if self.trace.len() > before {
            self.hold();
        }
    }

    /// Look at every `stride`th event and the last, and at the index in slices of so much work.
    fn check(&self, stride: usize, work: u32) {
        let bytes = self.trace.to_bytes().unwrap();
        let received = Received::open(&bytes).unwrap();
        let log = received.log();
        assert_eq!(log.dialect(), self.dialect);
        let index = Index::build(&log).unwrap();
        let sliced = common::sliced(&log, work).unwrap();
        assert_eq!(format!("{sliced:?}"), format!("{index:?}"), "the same in slices of {work}");
        let no = |at| index.find(&log, &Place { table: TABLE, key: Some(key(at)) });
        let partitions = [no(0), no(1)];
        let window = |no| Window { partition: no, skip: 0, rows: usize::MAX };
        let focus = Focus { partitions: partitions.iter().flatten().map(|no| window(*no)).collect() };
        for (at, held) in self.held.iter().enumerate() {
            let next = self.held.get(at + 1);
            if next.is_some() && at % stride != 0 {
                continue;
            }
            if next.is_some() && log.kind(EventId(at as u32 + 1)) == Some(Kind::Replace) {
                continue;
            }
            let view = View::at(&index, &log, EventId(at as u32), &focus).unwrap();
            for (node, engine) in held.chunks(2).enumerate() {
                for (at, expected) in engine.iter().enumerate() {
                    let shown = view.partitions.iter().find(|partition| Some(partition.no) == partitions[at]);
                    let shown = shown.and_then(|p| p.replicas.iter().find(|r| r.who == Id(node as u16)));
                    let mut shown = shown.map(trace::ReplicaView::partition).unwrap_or_default();
                    let mut expected = expected.clone().unwrap_or_default();
                    // A row of which nothing is said is no row; storage may keep its key.
                    for partition in [&mut shown, &mut expected] {
                        partition.rows.retain(|_, row| !row.is_empty());
                        partition.static_row = partition.static_row.take().filter(|row| !row.is_empty());
                    }
                    assert_eq!(shown, expected, "event {} node {node} partition {at}", view.cursor);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_view_is_what_storage_holds(steps in prop::collection::vec(step(), 1..60), scylla: bool, work in 1..300u32) {
        let mut run = Run::new(if scylla { Dialect::Scylla } else { Dialect::Cassandra });
        for step in &steps {
            run.step(step);
        }
        run.check(1, work);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    /// Long enough for keyframes on every unit.
    #[test]
    fn keyframes_change_nothing(steps in prop::collection::vec(step(), 400..600), work in 1..3_000u32) {
        let mut run = Run::new(Dialect::Cassandra);
        for step in &steps {
            run.step(step);
        }
        run.check(7, work);
    }
}

/// Machines, clocks, cuts and messages at each event of a small run.
#[test]
fn the_world_at_an_event() {
    use trace::{Carries, Loss, Message};
    let mut trace = Trace::new(EPOCH, machines());
    let mut note = |at: u64, who: u16, cause: Option<EventId>, fact: Fact| {
        trace.note(Time(at), EPOCH, Id(who), cause, &fact).unwrap()
    };
    let gone = common::delete_partition(1, "org-1", EPOCH);
    let send = |to| Fact::Send { to: Id(to), message: Message::Mutation(gone.clone()) };
    let to_two = note(10, 0, None, send(1));
    let to_three = note(10, 0, None, send(2));
    let cut =
        note(11, trace::WORLD.0, None, Fact::Cut { left: Rc::from([Id(0)]), right: Rc::from([Id(1)]), one_way: false });
    note(12, 0, None, Fact::Convict { node: Id(1) });
    note(13, 3, None, Fact::Clock { offset: -5 });
    let killed = note(14, 2, None, Fact::Kill);
    let lost = note(15, 2, Some(to_three), Fact::Lost { from: Id(0), why: Loss::Down });
    let landed = note(16, 1, Some(to_two), Fact::Receive { from: Id(0) });
    note(17, 2, None, Fact::Start);
    let healed = note(18, trace::WORLD.0, None, Fact::Heal);
    let log = trace.log();
    let index = Index::build(&log).unwrap();
    let no = index.partition_of(&log, to_two).unwrap();
    let focus = Focus { partitions: vec![Window { partition: no, skip: 0, rows: 1 }] };
    let at = |id| View::at(&index, &log, id, &focus).unwrap();

    let both = at(to_three);
    assert_eq!(both.flights.iter().map(|flight| flight.send).collect::<Vec<_>>(), [to_two, to_three]);
    assert_eq!(both.flights[0].lands, Some((landed, Time(16))));
    assert!(both.flights[1].lost && both.flights[0].carries == Carries::Tombstone);
    let replicas = &both.partitions[0].replicas;
    assert_eq!(replicas.iter().map(|replica| replica.who).collect::<Vec<_>>(), [Id(1), Id(2)]);
    assert_eq!(replicas[0].coming[0].mutation, gone);
    assert!(replicas[0].tombstone.is_none(), "on its way it covers nothing yet");

    let dark = at(lost);
    assert_eq!(dark.flights.len(), 1);
    assert_eq!(dark.machine(Id(2)).unwrap().down, Some(killed));
    assert_eq!(dark.machine(Id(0)).unwrap().convicted, [Id(1)]);
    assert_eq!(dark.cuts[0].since, cut);
    let api = dark.machine(Id(3)).unwrap();
    assert_eq!((api.offset, api.own), (-5, EPOCH + 10));

    let after = at(healed);
    assert!(after.flights.is_empty() && after.cuts.is_empty());
    assert_eq!(after.machine(Id(2)).unwrap().down, None);
    assert_eq!(after.walk(1).collect::<Vec<_>>(), [Id(2), Id(0), Id(1)], "n3 owns (0, 6]");
}

#[test]
fn the_hinge_is_the_tombstone_that_falls_short() {
    let mut trace = Trace::new(EPOCH, machines());
    let row = common::insert(1, "org-1", "user-1", EPOCH + 1_020_000, b"1");
    let gone = common::delete_partition(1, "org-1", EPOCH + 1_008_700);
    for (at, mutation) in [row, gone].into_iter().enumerate() {
        let fact = Fact::Apply { mutation, met: Met::default() };
        trace.note(Time(at as u64), EPOCH, Id(0), None, &fact).unwrap();
    }
    let log = trace.log();
    let index = Index::build(&log).unwrap();
    let no = index.partition_of(&log, EventId(0)).unwrap();
    let focus = Focus { partitions: vec![Window { partition: no, skip: 0, rows: 10 }] };
    let before = View::at(&index, &log, EventId(0), &focus).unwrap();
    let row = before.partitions[0].replicas[0].rows[0].as_ref().unwrap();
    assert!(row.seen && row.atoms.iter().all(|atom| atom.sight == Sight::Live));
    let after = View::at(&index, &log, EventId(1), &focus).unwrap();
    let row = after.partitions[0].replicas[0].rows[0].as_ref().unwrap();
    assert!(row.seen);
    for atom in &row.atoms {
        let Sight::Spared(cover) = &atom.sight else { panic!("{:?}", atom.sight) };
        assert_eq!(cover.shadow.tombstone().timestamp, EPOCH + 1_008_700);
        assert_eq!((cover.event, atom.here), (EventId(1), EventId(0)));
    }
}
