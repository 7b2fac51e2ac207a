//! How fast a trace is written, indexed and looked at, on traces of 1,000,000 events of several shapes.
//! `cargo bench -p trace`; what one number means stands beside it.
#![allow(clippy::unwrap_used, missing_docs, reason = "a bench")]

use divan::{Bencher, black_box, counter::ItemsCount};
use sim::{Clock, Id, Time};
use std::{fmt, rc::Rc};
use storage::{Cell, Column, ColumnId, Content, Marker, Mutation, Partition, PartitionKey, Row, Rows, TableId};
use trace::{
    ColumnInfo, EventId, Fact, Focus, Index, MachineInfo, MachineKind, Message, Met, Outcome, PartitionNo, Plain,
    Received, Role, Source, TableInfo, Trace, View, Window, Words,
};

const EPOCH: i64 = 1_735_689_600_000_000;
const EVENTS: usize = 1_000_000;
const TABLE: TableId = TableId(1);

fn main() {
    for shape in SHAPES {
        let trace = made(shape);
        let (per, index) = (trace.bytes_used() as f64 / trace.len() as f64, Index::build(&trace.log()).unwrap());
        let (bytes, keyframes) = (index.bytes_used(), index.keyframe_bytes());
        println!(
            "{shape:>16}: {} events, {per:.1} bytes per event; index {} MB, of it keyframes {} MB",
            trace.len(),
            bytes >> 20,
            keyframes >> 20
        );
    }
    divan::main();
}

/// What a million events are about.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// INSERTs at RF 3, a partition each.
    Inserts,
    /// INSERTs at RF 3, rows of one partition.
    Partition,
    /// UPDATEs at RF 3 of one row.
    Row,
    /// A million rows of one partition, nothing but applied, in random order.
    MillionRows,
    /// A million writes of one row, nothing but applied.
    MillionWrites,
}

const SHAPES: [Shape; 5] = [Shape::Inserts, Shape::Partition, Shape::Row, Shape::MillionRows, Shape::MillionWrites];

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{self:?}"))
    }
}

fn machines() -> Vec<MachineInfo> {
    let machine = |id, kind| MachineInfo {
        id: Id(id),
        name: format!("m{id}").into(),
        kind,
        token: None,
        about: "".into(),
        clock: Clock::right(EPOCH),
    };
    (0..3).map(|id| machine(id, MachineKind::Node)).chain([machine(3, MachineKind::Client)]).collect()
}

fn table() -> TableInfo {
    let column = |id, role| ColumnInfo {
        id: ColumnId(id),
        name: format!("c{id}").into(),
        kind: "text".into(),
        role,
        descending: false,
    };
    let roles = [Role::Partition, Role::Clustering, Role::Regular, Role::Regular];
    let columns = (1..).zip(roles).map(|(id, role)| column(id, role)).collect();
    TableInfo { id: TABLE, keyspace: "demo".into(), name: "t".into(), columns, dropped: false, gc_grace: Some(864_000) }
}

fn write(partition: u64, row: u64, at: i64) -> Rc<Mutation> {
    let cell =
        |value: String| Column::Simple(Cell { timestamp: at, content: Content::Live(value.into_bytes().into()) });
    let columns = vec![(ColumnId(3), cell(format!("value {row}"))), (ColumnId(4), cell("another".into()))];
    let content = Row { marker: Some(Marker { timestamp: at, expiry: None }), tombstone: None, columns };
    let rows = Rows::one(format!("\u{40}user-{row:08}").into_bytes().into(), content);
    let key = PartitionKey::new(format!("org-{partition}").into_bytes());
    Rc::new(Mutation { table: TABLE, key, delta: Partition { rows, ..Partition::default() } })
}

/// One INSERT at RF 3, QUORUM, nearly as the world notes it: that also tells what the coordinator says to itself.
fn statement(trace: &mut Trace, step: u32, mutation: &Rc<Mutation>, text: &Rc<str>) {
    let start = u64::from(step) * 5_000;
    let mut note = |at: u64, who: u16, cause: Option<EventId>, fact: Fact| {
        trace.note(Time(start + at), EPOCH + (start + at) as i64, Id(who), cause, &fact).unwrap()
    };
    let write = || Message::Mutation(mutation.clone());
    let apply = || Fact::Apply { mutation: mutation.clone(), met: Met::default() };
    let submit = note(0, 3, None, Fact::Submit { step, text: text.clone() });
    let stamp = Fact::Stamp { timestamp: EPOCH + start as i64, source: Source::Client };
    let stamp = note(0, 3, Some(submit), stamp);
    let request = note(0, 3, Some(stamp), Fact::Send { to: Id(0), message: Message::Request { step } });
    let got = note(900, 0, Some(request), Fact::Receive { from: Id(3) });
    let to_two = note(900, 0, Some(got), Fact::Send { to: Id(1), message: write() });
    let to_three = note(900, 0, Some(got), Fact::Send { to: Id(2), message: write() });
    note(900, 0, Some(got), apply());
    let at_two = note(1_800, 1, Some(to_two), Fact::Receive { from: Id(0) });
    note(1_800, 1, Some(at_two), apply());
    let ack_two = note(1_800, 1, Some(at_two), Fact::Send { to: Id(0), message: Message::Ack });
    let at_three = note(2_000, 2, Some(to_three), Fact::Receive { from: Id(0) });
    note(2_000, 2, Some(at_three), apply());
    let ack_three = note(2_000, 2, Some(at_three), Fact::Send { to: Id(0), message: Message::Ack });
    let acked = note(2_700, 0, Some(ack_two), Fact::Receive { from: Id(1) });
    let reply = Message::Reply { rows: 0, error: false };
    let reply = note(2_700, 0, Some(acked), Fact::Send { to: Id(3), message: reply });
    note(3_000, 0, Some(ack_three), Fact::Receive { from: Id(2) });
    let heard = note(3_600, 3, Some(reply), Fact::Receive { from: Id(0) });
    note(3_600, 3, Some(heard), Fact::Answer { step, outcome: Outcome::Void });
}

fn made(shape: Shape) -> Trace {
    let mut trace = Trace::new(EPOCH, machines());
    trace.note(Time(0), EPOCH, Id(0), None, &Fact::Schema(Rc::new(table()))).unwrap();
    let mut n = 0u32;
    while trace.len() < EVENTS {
        let at = EPOCH + i64::from(n) * 5_000;
        let text: Rc<str> =
            format!("INSERT INTO t (a, b, c, d) VALUES ('org-{n}', 'user-{n}', 'value', 'another');").into();
        let far = u64::from(n.wrapping_mul(2_654_435_761));
        match shape {
            Shape::Inserts => statement(&mut trace, n, &write(u64::from(n), u64::from(n), at), &text),
            Shape::Partition => statement(&mut trace, n, &write(0, u64::from(n), at), &text),
            Shape::Row => statement(&mut trace, n, &write(0, 0, at), &text),
            Shape::MillionRows => apply(&mut trace, write(0, far, at)),
            Shape::MillionWrites => apply(&mut trace, write(0, 0, at)),
        }
        n += 1;
    }
    trace
}

fn apply(trace: &mut Trace, mutation: Rc<Mutation>) {
    let at = Time(trace.len() as u64);
    trace.note(at, EPOCH, Id(0), None, &Fact::Apply { mutation, met: Met::default() }).unwrap();
}

/// One statement of eighteen facts; divide by 18 for one `note`.
#[divan::bench(sample_count = 50, sample_size = 1_000)]
fn note_statement(bencher: Bencher<'_, '_>) {
    let mut trace = Trace::new(EPOCH, machines());
    let mutations: Vec<_> = (0..50_000u64).map(|n| write(n, n, EPOCH + n as i64)).collect();
    let text: Rc<str> = "INSERT INTO t (a, b, c, d) VALUES (?, ?, ?, ?)".into();
    let mut n = 0;
    bencher.counter(ItemsCount::new(18usize)).bench_local(|| {
        statement(&mut trace, n, &mutations[n as usize % mutations.len()], &text);
        n += 1;
    });
}

#[divan::bench(args = SHAPES, sample_count = 5, sample_size = 1)]
fn index(bencher: Bencher<'_, '_>, shape: Shape) {
    let trace = made(shape);
    bencher.bench_local(|| Index::build(black_box(&trace.log())).unwrap());
}

/// A screen of 50 rows, everything in flight, all machines, at events all over the trace.
#[divan::bench(args = SHAPES, sample_count = 50, sample_size = 4)]
fn view_at(bencher: Bencher<'_, '_>, shape: Shape) {
    let trace = made(shape);
    let log = trace.log();
    let index = Index::build(&log).unwrap();
    let mut cursor = 0u32;
    bencher.bench_local(|| {
        cursor = (cursor + 611_953) % EVENTS as u32;
        let partition = PartitionNo(index.partitions() / 2);
        let focus = Focus { partitions: vec![Window { partition, skip: 0, rows: 50 }] };
        View::at(&index, &log, EventId(cursor), &focus).unwrap()
    });
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn digest(bencher: Bencher<'_, '_>) {
    let trace = made(Shape::Inserts);
    bencher.bench_local(|| black_box(&trace).digest());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn to_bytes(bencher: Bencher<'_, '_>) {
    let trace = made(Shape::Inserts);
    bencher.bench_local(|| black_box(&trace).to_bytes().unwrap());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn receive(bencher: Bencher<'_, '_>) {
    let bytes = made(Shape::Inserts).to_bytes().unwrap();
    bencher.bench_local(|| Received::open(black_box(&bytes)).unwrap());
}

/// 40 lines: a log pane.
#[divan::bench(sample_count = 20, sample_size = 10)]
fn lines(bencher: Bencher<'_, '_>) {
    let trace = made(Shape::Inserts);
    let words = Words::new(trace.log(), &Plain);
    bencher.bench_local(|| (0..40u32).map(|n| words.whole_line(EventId(500_000 + n)).to_string().len()).sum::<usize>());
}
