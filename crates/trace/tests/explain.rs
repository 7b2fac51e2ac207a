//! Why a row is still there, or not: chains and verdicts of small runs as golden text.
//! `BLESS=1 cargo test -p trace --test explain` writes it.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{EPOCH, delete_partition, insert, key, machines, table_info};
use sim::{Id, Time};
use std::{fmt::Write as _, rc::Rc};
use storage::{Bytes, Cell, Column, Content, Expiry, Mutation, Partition, TableId};
use trace::{
    AnomalyKind, ErrorInfo, EventId, Fact, Index, Loss, Message, Met, Outcome, Place, Plain, Source, Trace, Verdict,
    Words, explain, verdict,
};

const API: u16 = 3;
const CRON: u16 = 4;

/// A run noted by hand, the way the world notes it.
struct Run {
    trace: Trace,
    now: u64,
    step: u32,
}

impl Run {
    fn new() -> Run {
        let mut run = Run { trace: Trace::new(EPOCH, machines()), now: 1_000_000, step: 0 };
        run.note(0, 0, None, Fact::Schema(Rc::new(table_info())));
        run
    }

    fn note(&mut self, who: u16, ahead: i64, cause: Option<EventId>, fact: Fact) -> EventId {
        self.now += 100;
        self.trace.note(Time(self.now), EPOCH + self.now as i64 + ahead, Id(who), cause, &fact).unwrap()
    }

    /// A write by `client` that n1 coordinates, applied on these nodes and lost on the way to the others.
    fn write(
        &mut self,
        client: u16,
        by: (Source, i64),
        text: &str,
        mutation: &Rc<Mutation>,
        timestamp: i64,
        on: &[u16],
    ) -> EventId {
        let (step, (source, ahead)) = (self.step, by);
        self.step += 1;
        let submit = self.note(client, 0, None, Fact::Submit { step, text: text.into() });
        let stamp = Fact::Stamp { timestamp, source };
        let mut cause = submit;
        if source == Source::Client {
            cause = self.note(client, ahead, Some(cause), stamp.clone());
        }
        let send = self.note(client, 0, Some(cause), Fact::Send { to: Id(0), message: Message::Request { step } });
        cause = self.note(0, 0, Some(send), Fact::Receive { from: Id(client) });
        if source != Source::Client {
            cause = self.note(0, ahead, Some(cause), stamp);
        }
        for node in 0..3 {
            let to = Fact::Send { to: Id(node), message: Message::Mutation(mutation.clone()) };
            let send = self.note(0, 0, Some(cause), to);
            if on.contains(&node) {
                let got = self.note(node, 0, Some(send), Fact::Receive { from: Id(0) });
                self.note(node, 0, Some(got), Fact::Apply { mutation: mutation.clone(), met: Met::default() });
            } else {
                self.note(node, 0, Some(send), Fact::Lost { from: Id(0), why: Loss::Dropped });
            }
        }
        submit
    }

    fn ok(&mut self, client: u16, submit: EventId) {
        let step = self.step - 1;
        self.note(client, 0, Some(submit), Fact::Answer { step, outcome: Outcome::Void });
    }

    fn select(&mut self, client: u16, rows: u32, from: u16) {
        let step = self.step;
        self.step += 1;
        let submit = self.note(client, 0, None, Fact::Submit { step, text: "SELECT * FROM platform_users".into() });
        let place = Place { table: TableId(1), key: Some(key("org-1")) };
        self.note(from, 0, Some(submit), Fact::Read { place, rows, tombstones: 0 });
        let outcome = Outcome::Rows { rows, counted: None, content: Rc::from(&b""[..]) };
        self.note(client, 0, Some(submit), Fact::Answer { step, outcome });
    }

    fn told(&self, title: &str) -> String {
        let log = self.trace.log();
        let index = Index::build(&log).unwrap();
        let words = Words::new(log, &Plain);
        let verdict = verdict(&index, &log).unwrap();
        let mut all = format!("== {title}\n{} {}\n", words.headline(&verdict), words.because(&verdict));
        let place = Place { table: TableId(1), key: Some(key("org-1")) };
        if let Some(no) = index.find(&log, &place) {
            let chain = explain(&index, &log, log.last().unwrap(), no, b"user-1").unwrap();
            write!(all, "{}", words.chain(&chain)).unwrap();
        }
        for anomaly in &index.story().anomalies {
            writeln!(all, "! {} {}", anomaly.event, words.anomaly(anomaly.kind)).unwrap();
        }
        all + "\n"
    }
}

const INSERT: &str = "INSERT INTO platform_users (org_id, user_id, version) VALUES ('org-1', 'user-1', 1)";
const DELETE: &str = "DELETE FROM platform_users WHERE org_id = 'org-1'";
const ALL: &[u16] = &[0, 1, 2];

fn row(timestamp: i64) -> Rc<Mutation> {
    insert(1, "org-1", "user-1", EPOCH + timestamp, b"1")
}

fn gone(timestamp: i64) -> Rc<Mutation> {
    delete_partition(1, "org-1", EPOCH + timestamp)
}

fn inserted(timestamp: i64, ahead: i64) -> Run {
    let mut run = Run::new();
    let submit = run.write(API, (Source::Client, ahead), INSERT, &row(timestamp), EPOCH + timestamp, ALL);
    run.ok(API, submit);
    run
}

fn deleted(mut run: Run, timestamp: i64, on: &[u16]) -> Run {
    let submit = run.write(CRON, (Source::Coordinator, 0), DELETE, &gone(timestamp), EPOCH + timestamp, on);
    run.ok(CRON, submit);
    run
}

#[test]
fn chains_and_verdicts() {
    let mut all = String::new();

    let mut run = deleted(inserted(1_020_000, 20_000), 1_008_700, ALL);
    run.select(CRON, 1, 0);
    all += &run.told("a delete older than its row");

    let mut run = deleted(inserted(1_000_000, 0), 1_008_700, ALL);
    run.select(CRON, 0, 0);
    all += &run.told("a delete that works");

    let mut run = deleted(inserted(1_008_700, 0), 1_008_700, ALL);
    run.select(CRON, 0, 0);
    all += &run.told("a tie");

    let mut run = deleted(inserted(1_000_000, 0), 1_008_700, &[0, 1]);
    run.select(CRON, 1, 2);
    all += &run.told("a replica that missed the delete");

    let mut run = deleted(inserted(1_000_000, 0), 1_008_700, &[0, 1]);
    run.now += 11 * 86_400_000_000;
    for node in [0, 1] {
        let left = Rc::new(Partition::default());
        let compact = Fact::Compact { table: TableId(1), inputs: Rc::from([1, 2]), output: None, purged: 1 };
        run.note(node, 0, None, compact);
        run.note(node, 0, None, Fact::Replace { table: TableId(1), key: key("org-1"), left });
    }
    run.select(CRON, 1, 2);
    all += &run.told("the zombie");

    let mut run = Run::new();
    let expiry = Expiry { ttl: 1, at: EPOCH / 1_000_000 + 1 };
    let mut mutation = Mutation::clone(&row(1_000_000));
    for (_, row) in core::mem::take(&mut mutation.delta.rows).iter() {
        let mut row = row.clone();
        row.marker = None;
        let cell = Cell { timestamp: EPOCH + 1_000_000, content: Content::Expiring(Bytes::from(&b"1"[..]), expiry) };
        row.columns = vec![(storage::ColumnId(3), Column::Simple(cell))];
        mutation.delta.rows.insert(Bytes::from(&b"user-1"[..]), row);
    }
    let submit = run.write(API, (Source::Statement, 0), INSERT, &Rc::new(mutation), EPOCH + 1_000_000, ALL);
    run.ok(API, submit);
    run.select(API, 0, 0);
    all += &run.told("a TTL that has run out");

    let mut run = inserted(1_000_000, 0);
    let submit = run.write(CRON, (Source::Client, 0), DELETE, &gone(1_008_700), EPOCH + 1_008_700, &[0]);
    let timeout = run.note(0, 0, Some(submit), Fact::Timeout { received: 1, required: 2, write: true });
    let error = ErrorInfo { unknown: true, name: "WriteTimeout(received=1)".into(), text: "".into() };
    run.note(CRON, 0, Some(timeout), Fact::Answer { step: 1, outcome: Outcome::Error(Rc::new(error)) });
    all += &run.told("written, or not?");

    let mut run = Run::new();
    let submit = run.note(API, 0, None, Fact::Submit { step: 0, text: INSERT.into() });
    let refused = run.note(0, 0, Some(submit), Fact::Unavailable { alive: 1, required: 2 });
    let error = ErrorInfo { unknown: false, name: "Unavailable(alive=1)".into(), text: "".into() };
    run.note(API, 0, Some(refused), Fact::Answer { step: 0, outcome: Outcome::Error(Rc::new(error)) });
    all += &run.told("refused");

    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/chains.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &all).unwrap();
    }
    assert_eq!(all, std::fs::read_to_string(&path).unwrap_or_default());
}

#[test]
fn the_story_knows_its_statements() {
    let mut run = deleted(inserted(1_020_000, 20_000), 1_008_700, &[0, 1]);
    run.select(CRON, 1, 2);
    let log = run.trace.log();
    let index = Index::build(&log).unwrap();
    let story = index.story();
    assert_eq!(story.statements.iter().map(|statement| statement.step).collect::<Vec<_>>(), [0, 1, 2]);
    for statement in &story.statements {
        assert_eq!(statement.answer, Some(statement.last));
        assert_eq!(story.events_of(statement.submit).count(), statement.events as usize);
        assert_eq!(story.submit_of(statement.last), Some(statement.submit));
    }
    let first = story.next_anomaly(EventId(0)).unwrap();
    assert_eq!(first.kind, AnomalyKind::Skewed { ahead: 20_000 });
    assert!(story.anomalies.iter().any(|anomaly| anomaly.kind == AnomalyKind::Lost));
    assert_eq!(story.previous_anomaly(first.event), None);
    assert!(matches!(verdict(&index, &log).unwrap(), Verdict::Rows { rows: 1, .. }));
}
