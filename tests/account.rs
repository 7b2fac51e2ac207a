//! The account of a run: each fact once, with who, when and because of what.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use suite::{all, run};
use trace::{EventId, Kind, Log};

/// Facts that nothing in the world led to: a client takes up a step, or a directive of the scenario does something.
/// Everything else has a cause.
const ROOTS: &[Kind] = &[
    Kind::Submit,
    Kind::Advance,
    Kind::Kill,
    Kind::Power,
    Kind::Start,
    Kind::Pause,
    Kind::Resume,
    Kind::Clock,
    Kind::Cut,
    Kind::Heal,
    Kind::Rule,
    Kind::Order,
];

fn ids(log: &Log<'_>) -> impl Iterator<Item = EventId> + use<> {
    (0..log.len() as u32).map(EventId)
}

#[test]
fn every_fact_but_the_roots_has_a_cause_that_came_before() {
    let mut wrong: Vec<String> = Vec::new();
    for (name, text) in all() {
        let ran = run(&text);
        let log = ran.world.trace().unwrap().log();
        let bad = ids(&log).find(|id| match (log.cause(*id), log.kind(*id).unwrap()) {
            (None, kind) => !ROOTS.contains(&kind),
            (Some(cause), kind) => cause >= *id || ROOTS.contains(&kind),
        });
        if let Some(bad) = bad {
            wrong.push(format!("{name}: {}", ran.lines().swap_remove(bad.index())));
        }
    }
    assert!(wrong.is_empty(), "{} runs, the first of them:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

/// What led to an event, from the event back to its root.
fn chain(log: &Log<'_>, id: EventId) -> Vec<Kind> {
    std::iter::successors(Some(id), |id| log.cause(*id)).map(|id| log.kind(id).unwrap()).collect()
}

/// The last event of a kind.
fn last(log: &Log<'_>, kind: Kind) -> EventId {
    ids(log).filter(|id| log.kind(*id) == Some(kind)).last().unwrap()
}

/// One timer serves many operations; each fact it leads to is because of its own.
#[test]
fn what_a_timer_leads_to_is_because_of_what_waited() {
    let head = "--@ cluster nodes=3 rf=3 seed=1\nCREATE TABLE t (k int PRIMARY KEY, v int);\nCONSISTENCY ALL;\n";
    let waited = run(&format!(
        "{head}--@ pause n3\n--@ async\nINSERT INTO t (k, v) VALUES (1, 1);\n--@ advance 1s\nINSERT INTO t (k, v) VALUES (2, 2);\n"
    ));
    let log = waited.world.trace().unwrap().log();
    let submitted = |id: EventId| log.text(log.submit_of(id, 64).unwrap()).unwrap();
    let waited: Vec<&str> = ids(&log).filter(|id| log.kind(*id) == Some(Kind::Timeout)).map(submitted).collect();
    assert_eq!(waited, ["INSERT INTO t (k, v) VALUES (1, 1)", "INSERT INTO t (k, v) VALUES (2, 2)"]);

    let hinted = run(&format!(
        "{head}CONSISTENCY ONE;\n--@ kill n3\n--@ until seen-down n3\nINSERT INTO t (k, v) VALUES (1, 1);\n--@ start n3\n--@ until hints\n"
    ));
    let log = hinted.world.trace().unwrap().log();
    let stored = [Kind::Hint, Kind::Receive, Kind::Send, Kind::Stamp, Kind::Submit];
    let applied = [Kind::Apply, Kind::Receive, Kind::Send, Kind::Hint].into_iter().chain(stored).collect::<Vec<_>>();
    assert_eq!(chain(&log, last(&log, Kind::Apply)), applied);
    assert_eq!(chain(&log, last(&log, Kind::Convict)), [Kind::Convict, Kind::Kill]);
    assert_eq!(chain(&log, last(&log, Kind::Revive)), [Kind::Revive, Kind::Start]);
}

/// What a dialect breaks ties by is in its trace: what is drawn is folded with it.
#[test]
fn the_trace_knows_whose_rules_break_ties() {
    let of = |like: &str| {
        let ran = run(&format!("--@ cluster nodes=1 rf=1 seed=1 like={like}\nCREATE TABLE t (k int PRIMARY KEY);\n"));
        ran.world.trace().unwrap().log().dialect()
    };
    assert_eq!(of("cassandra-5.0"), storage::Dialect::Cassandra);
    assert_eq!(of("scylla"), storage::Dialect::Scylla);
}

/// How often each fact stands in the account of the last statement of a text.
fn facts_of_the_last(text: &str) -> Vec<(String, usize)> {
    let ran = run(text);
    let log = ran.world.trace().unwrap().log();
    let submit = last(&log, Kind::Submit);
    let mut counts = BTreeMap::new();
    for id in ids(&log).filter(|id| log.submit_of(*id, 64) == Some(submit)) {
        let name = match (log.kind(id).unwrap(), log.said(id)) {
            (_, Some(said)) => format!("Send {said:?}"),
            (Kind::Receive, None) => format!("Receive {:?}", log.said(log.cause(id).unwrap()).unwrap()),
            (kind, None) => format!("{kind:?}"),
        };
        counts.entry(name).or_insert((id, 0)).1 += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, (first, _))| *first);
    counts.into_iter().map(|(name, (_, count))| (name, count)).collect()
}

/// The facts of one statement are a fixed list, in this order.
#[test]
fn a_statement_has_a_fixed_list_of_facts() {
    let text = |statement: &str| {
        format!(
            "--@ cluster nodes=3 rf=3 seed=1\n--@ client api driver=gocql-1.14\n\
             CREATE TABLE t (k int PRIMARY KEY, v int);\nCONSISTENCY QUORUM;\n{statement}\n--@ until quiet\n"
        )
    };
    let listed = |statement: &str| -> Vec<String> {
        let facts = facts_of_the_last(&text(statement));
        facts.into_iter().map(|(name, count)| format!("{count} {name}")).collect()
    };
    let write = listed("INSERT INTO t (k, v) VALUES (1, 1);");
    assert_eq!(
        write,
        [
            "1 Submit",
            "1 Stamp",
            "1 Send Request",
            "1 Receive Request",
            "3 Send Mutation",
            "3 Receive Mutation",
            "3 Apply",
            "3 Send Ack",
            "3 Receive Ack",
            "1 Send Reply",
            "1 Receive Reply",
            "1 AnswerVoid",
        ]
    );
    let read = listed("SELECT v FROM t WHERE k = 1;");
    assert_eq!(
        read,
        [
            "1 Submit",
            "1 Send Request",
            "1 Receive Request",
            "1 Send Data",
            "1 Send Digest",
            "1 Receive Data",
            "2 Read",
            "1 Send Rows",
            "1 Receive Rows",
            "1 Receive Digest",
            "1 Send DigestReply",
            "1 Receive DigestReply",
            "1 Send Reply",
            "1 Receive Reply",
            "1 AnswerRows",
        ]
    );
}
