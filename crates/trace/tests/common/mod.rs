//! What the tests of this crate share: machines, and one of every fact.
#![allow(dead_code, reason = "each test uses a part of it")]

use sim::{Action, Clock, Id, Rule, Side, Span};
use std::rc::Rc;
use storage::{
    Bytes, Cell, Collection, Column, ColumnId, Content, Expiry, Marker, Mutation, Partition, PartitionKey,
    RangeTombstone, Row, TableId, Tombstone,
};
use trace::{
    ColumnInfo, Error, ErrorInfo, Fact, HintState, Index, Indexing, Log, Loss, MachineInfo, MachineKind, Message, Met,
    Outcome, PaxosStep, Place, Role, Source, TableInfo, Work,
};

/// 2025-01-01T00:00:00Z, microseconds.
pub const EPOCH: i64 = 1_735_689_600_000_000;

pub fn machines() -> Vec<MachineInfo> {
    let machine = |id, name: &str, kind, token| MachineInfo {
        id: Id(id),
        name: name.into(),
        kind,
        token,
        about: "".into(),
        clock: Clock::right(EPOCH),
    };
    let node = MachineKind::Node;
    let mut all = vec![
        machine(0, "n1", node, Some(-6)),
        machine(1, "n2", node, Some(0)),
        machine(2, "n3", node, Some(6)),
        machine(3, "api", MachineKind::Client, None),
        machine(4, "cron", MachineKind::Client, None),
    ];
    all[3].clock.offset = 20_000;
    all[3].clock.step = Some((-20_000, Span::s(30)));
    all
}

/// The index, built so much at a time.
pub fn sliced(log: &Log<'_>, work: u32) -> Result<Index, Error> {
    let mut indexing = Indexing::new(log);
    loop {
        if let Some(index) = indexing.step(log, work)? {
            return Ok(index);
        }
    }
}

pub fn key(text: &str) -> PartitionKey {
    PartitionKey { token: text.len() as i64, bytes: Bytes::from(text.as_bytes()) }
}

pub fn live(timestamp: i64, value: &[u8]) -> Cell {
    Cell { timestamp, content: Content::Live(Bytes::from(value)) }
}

pub fn tombstone(timestamp: i64) -> Tombstone {
    Tombstone { timestamp, deletion_time: timestamp / 1_000_000 }
}

/// An INSERT of one row with one column.
pub fn insert(table: u32, partition: &str, row: &str, timestamp: i64, value: &[u8]) -> Rc<Mutation> {
    let marker = Some(Marker { timestamp, expiry: None });
    let columns = vec![(ColumnId(3), Column::Simple(live(timestamp, value)))];
    let mut delta = Partition::default();
    delta.rows.insert(Bytes::from(row.as_bytes()), Row { marker, tombstone: None, columns });
    Rc::new(Mutation { table: TableId(table), key: key(partition), delta })
}

/// A DELETE of a whole partition.
pub fn delete_partition(table: u32, partition: &str, timestamp: i64) -> Rc<Mutation> {
    let delta = Partition { tombstone: Some(tombstone(timestamp)), ..Partition::default() };
    Rc::new(Mutation { table: TableId(table), key: key(partition), delta })
}

/// A partition with one of everything in it.
pub fn rich_partition() -> Partition {
    let expiry = Expiry { ttl: 60, at: 99 };
    let cells = vec![
        (Bytes::from(&b"a"[..]), live(i64::MAX, b"")),
        (
            Bytes::from(&b"b"[..]),
            Cell { timestamp: i64::MIN, content: Content::Expiring(Bytes::from(&b"x"[..]), expiry) },
        ),
    ];
    let columns = vec![
        (ColumnId(1), Column::Simple(Cell { timestamp: -1, content: Content::Dead { deletion_time: 7 } })),
        (ColumnId(900), Column::Collection(Box::new(Collection { tombstone: Some(tombstone(4)), cells }))),
        (ColumnId(901), Column::Collection(Box::default())),
    ];
    let row =
        Row { marker: Some(Marker { timestamp: 3, expiry: Some(expiry) }), tombstone: Some(tombstone(2)), columns };
    let mut partition = Partition {
        tombstone: Some(tombstone(1)),
        ranges: vec![
            RangeTombstone { start: Bytes::default(), end: Some(Bytes::from(&b"b"[..])), tombstone: tombstone(9) },
            RangeTombstone { start: Bytes::from(&b"c"[..]), end: None, tombstone: tombstone(8) },
        ],
        static_row: Some(Box::new(Row { marker: None, ..row.clone() })),
        ..Partition::default()
    };
    partition.rows.insert(Bytes::from(&b"k"[..]), row);
    partition.rows.insert(Bytes::from(&b"l"[..]), Row::default());
    partition
}

pub fn table_info() -> TableInfo {
    let column = |id, name: &str, role| ColumnInfo {
        id: ColumnId(id),
        name: name.into(),
        kind: "text".into(),
        role,
        descending: id == 2,
    };
    TableInfo {
        id: TableId(1),
        keyspace: "demo".into(),
        name: "platform_users".into(),
        columns: vec![
            column(1, "org_id", Role::Partition),
            column(2, "user_id", Role::Clustering),
            column(3, "version", Role::Regular),
            column(4, "s", Role::Static),
        ],
        dropped: false,
        gc_grace: Some(864_000),
    }
}

/// One of every fact, message, outcome and verdict.
pub fn every_fact() -> Vec<Fact> {
    let write = insert(1, "org-1", "user-1", 1_020_000, b"1");
    let table = TableId(1);
    let point = Place { table, key: Some(key("org-1")) };
    let range = Place { table, key: None };
    let rich = Rc::new(Mutation { table, key: key(""), delta: rich_partition() });
    let error = ErrorInfo { unknown: true, name: "WriteTimeout(received=1)".into(), text: "timed out".into() };
    let rule = |action, times| {
        Fact::Rule(Rc::new(Rule { from: Side::Any, to: Side::These(vec![Id(1), Id(2)]), action, ppm: 3, times }))
    };
    let mut facts = vec![
        Fact::Submit { step: 4, text: "INSERT …".into() },
        Fact::Answer { step: 4, outcome: Outcome::Void },
        Fact::Answer { step: 4, outcome: Outcome::Rows { rows: 1, counted: Some(0), content: Rc::from(&b"rows"[..]) } },
        Fact::Answer { step: 4, outcome: Outcome::Rows { rows: 2, counted: None, content: Rc::from(&b""[..]) } },
        Fact::Answer { step: 4, outcome: Outcome::Error(Rc::new(error)) },
        Fact::Receive { from: Id(65535) },
        Fact::Delayed { to: Id(1), by: Span(u64::MAX) },
        Fact::Duplicated { to: Id(1) },
        Fact::Reordered { to: Id(1) },
        Fact::Apply { mutation: write.clone(), met: Met { covered: 1, of: u32::MAX, hidden: 3 } },
        Fact::Apply { mutation: rich.clone(), met: Met::default() },
        Fact::Read { place: point.clone(), rows: 1, tombstones: u32::MAX },
        Fact::Mismatch { place: range.clone() },
        Fact::Timeout { received: 1, required: 2, write: true },
        Fact::Unavailable { alive: 1, required: 2 },
        Fact::Flush { table, sstable: 7, partitions: 8 },
        Fact::Compact { table, inputs: Rc::from([1, 2]), output: Some(u32::MAX), purged: 3 },
        Fact::Compact { table, inputs: Rc::from([]), output: None, purged: 0 },
        Fact::Replace { table, key: key("org-1"), left: Rc::new(rich_partition()) },
        Fact::Truncate { table },
        Fact::Replay { mutations: 3, lost: 1 },
        Fact::Repair { table, with: Id(2), differing: 4 },
        Fact::Kill,
        Fact::Power,
        Fact::Start,
        Fact::Pause,
        Fact::Resume,
        Fact::Clock { offset: -20_000 },
        Fact::Cut { left: Rc::from([Id(0)]), right: Rc::from([Id(1), Id(2)]), one_way: true },
        Fact::Heal,
        rule(Action::Drop, Some(0)),
        rule(Action::Delay(Span(1)), Some(u32::MAX)),
        rule(Action::Duplicate(Span(2)), None),
        rule(Action::Reorder(Span(3)), None),
        Fact::Convict { node: Id(2) },
        Fact::Revive { node: Id(2) },
        Fact::Schema(Rc::new(table_info())),
        Fact::Advance { by: Span::s(1) },
        Fact::Note("stopped".into()),
    ];
    for source in [Source::Statement, Source::Batch, Source::Client, Source::Coordinator, Source::Ballot] {
        facts.push(Fact::Stamp { timestamp: -1, source });
    }
    for work in [Work::Flush, Work::Compact, Work::Repair] {
        facts.push(Fact::Order { work });
    }
    for why in [Loss::Dropped, Loss::Cut, Loss::Down, Loss::Expired, Loss::Died] {
        facts.push(Fact::Lost { from: Id(3), why });
    }
    for state in [HintState::Stored, HintState::Replayed, HintState::Expired, HintState::Refused] {
        facts.push(Fact::Hint { state, target: Id(1), mutation: write.clone() });
    }
    for step in [
        PaxosStep::Promised,
        PaxosStep::NotPromised,
        PaxosStep::Accepted,
        PaxosStep::NotAccepted,
        PaxosStep::Holds,
        PaxosStep::Fails,
        PaxosStep::Unfinished,
        PaxosStep::Contended,
    ] {
        facts.push(Fact::Paxos { place: point.clone(), ballot: 1_020_000, step });
    }
    let nothing = Rc::new(Mutation { table, key: key("org-1"), delta: Partition::default() });
    let messages = [
        Message::Request { step: 4 },
        Message::Reply { rows: 3, error: true },
        Message::Mutation(write.clone()),
        Message::Hint(rich.clone()),
        Message::Repair(write.clone()),
        Message::BatchLog(2),
        Message::Ack,
        Message::Failure,
        Message::Data(point.clone()),
        Message::Digest(point.clone()),
        Message::Full(range),
        Message::Rows { rows: 1, tombstones: 2 },
        Message::DigestReply(u64::MAX),
        Message::Schema,
        Message::Truncate { table },
        Message::Stream { partitions: 9 },
        Message::Prepare { place: point.clone(), ballot: 1_020_000 },
        Message::Promise { ballot: 1_020_000, given: true },
        Message::Promise { ballot: 1_020_000, given: false },
        Message::Propose { ballot: 1_020_000, mutation: write.clone() },
        Message::Propose { ballot: 1_020_000, mutation: nothing },
        Message::Accept { ballot: 1_020_000, given: true },
        Message::Accept { ballot: 1_020_000, given: false },
        Message::Commit(write.clone()),
    ];
    facts.extend(messages.into_iter().map(|message| Fact::Send { to: Id(65535), message }));
    facts
}
