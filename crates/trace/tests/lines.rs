//! The line of every fact, as golden text: generated, then read. `BLESS=1 cargo test -p trace --test lines` writes it.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{EPOCH, delete_partition, every_fact, insert, machines, table_info};
use sim::{Id, Time};
use std::fmt::Write as _;
use std::rc::Rc;
use trace::{EventId, Fact, Message, Met, Outcome, Plain, Source, Trace, Words};

fn golden(name: &str, is: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, is).unwrap();
    }
    assert_eq!(is, std::fs::read_to_string(&path).unwrap_or_default(), "{name}");
}

fn lines(trace: &Trace) -> String {
    let words = Words::new(trace.log(), &Plain);
    let mut all = String::new();
    for at in 0..trace.len() as u32 {
        writeln!(all, "{}", words.whole_line(EventId(at))).unwrap();
    }
    all
}

#[test]
fn every_fact_has_its_line() {
    let mut trace = Trace::new(EPOCH, machines());
    for (n, fact) in every_fact().iter().enumerate() {
        trace.note(Time(n as u64 * 100), EPOCH, Id(n as u16 % 5), None, fact).unwrap();
    }
    golden("every_fact.txt", &lines(&trace));
}

/// The fuzzer of messages begins with a trace of each fact, and one of all: 00 is that.
#[test]
fn every_fact_begins_a_fuzzers_corpus() {
    let facts = every_fact();
    let trace = |facts: &[Fact]| {
        let mut trace = Trace::new(EPOCH, machines());
        for (n, fact) in facts.iter().enumerate() {
            trace.note(Time(n as u64 * 100), EPOCH, Id(n as u16 % 5), None, fact).unwrap();
        }
        trace.to_bytes().unwrap()
    };
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/wire");
    for (n, facts) in std::iter::once(&facts[..]).chain(facts.chunks(1)).enumerate() {
        let (path, bytes) = (corpus.join(format!("{n:02}")), trace(facts));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &bytes).unwrap();
        }
        assert!(bytes == std::fs::read(&path).unwrap_or_default(), "{} is not fresh", path.display());
    }
}

/// The main story of the drawings: a delete that is older than the row it should remove.
#[test]
fn a_story_reads_as_one() {
    let mut trace = Trace::new(EPOCH, machines());
    let mut note = |at: u64, who: u16, cause: Option<EventId>, fact: Fact| {
        trace.note(Time(at), EPOCH + at as i64, Id(who), cause, &fact).unwrap()
    };
    note(0, 0, None, Fact::Schema(Rc::new(table_info())));
    let row = insert(1, "org-1", "user-1", EPOCH + 1_020_000, b"1");
    let text = "-- the row\nINSERT INTO platform_users (org_id, user_id, version)\n VALUES ('org-1', 'user-1', 1);";
    let submit = note(1_000_000, 3, None, Fact::Submit { step: 0, text: text.into() });
    let source = Source::Client;
    note(1_000_000, 3, Some(submit), Fact::Stamp { timestamp: EPOCH + 1_020_000, source });
    let send = note(1_000_000, 3, Some(submit), Fact::Send { to: Id(0), message: Message::Request { step: 0 } });
    let got = note(1_001_000, 0, Some(send), Fact::Receive { from: Id(3) });
    note(1_001_000, 0, Some(got), Fact::Apply { mutation: row.clone(), met: Met::default() });
    let send = note(1_001_000, 0, Some(got), Fact::Send { to: Id(1), message: Message::Mutation(row.clone()) });
    let got = note(1_001_900, 1, Some(send), Fact::Receive { from: Id(0) });
    note(1_001_900, 1, Some(got), Fact::Apply { mutation: row.clone(), met: Met::default() });
    note(1_001_900, 1, Some(got), Fact::Send { to: Id(0), message: Message::Ack });

    let text = "DELETE FROM platform_users WHERE org_id = 'org-1';";
    let submit = note(1_008_000, 4, None, Fact::Submit { step: 1, text: text.into() });
    let send = note(1_008_000, 4, Some(submit), Fact::Send { to: Id(1), message: Message::Request { step: 1 } });
    let got = note(1_008_700, 1, Some(send), Fact::Receive { from: Id(4) });
    let source = Source::Coordinator;
    let stamp = note(1_008_700, 1, Some(got), Fact::Stamp { timestamp: EPOCH + 1_008_700, source });
    let gone = delete_partition(1, "org-1", EPOCH + 1_008_700);
    let met = Met { covered: 0, of: 2, hidden: 0 };
    note(1_008_800, 1, Some(stamp), Fact::Apply { mutation: gone.clone(), met });
    note(1_008_800, 1, Some(stamp), Fact::Send { to: Id(0), message: Message::Mutation(gone) });
    let late = insert(1, "org-1", "user-2", EPOCH + 1_000, b"1");
    let met = Met { covered: 0, of: 0, hidden: 2 };
    note(1_009_000, 1, None, Fact::Apply { mutation: late, met });
    note(1_009_600, 4, Some(submit), Fact::Answer { step: 1, outcome: Outcome::Void });
    golden("story.txt", &lines(&trace));
}
