//! Each fact goes into the columns and comes out as it was.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{every_fact, machines};
use sim::{Id, Time};
use trace::{Error, EventId, Kind, Trace};

#[test]
fn every_fact_comes_out_as_it_went_in() {
    let facts = every_fact();
    let mut trace = Trace::new(5, machines());
    for (n, fact) in facts.iter().enumerate() {
        let cause = n.checked_sub(1).map(|before| EventId(before as u32));
        let id = trace.note(Time(n as u64), -3, Id(2), cause, fact).unwrap();
        assert_eq!(id.index(), n);
    }
    let log = trace.log();
    assert_eq!(trace.dictionary().table(storage::TableId(1)), Some(&common::table_info()));
    let mut kinds: Vec<Kind> = Vec::new();
    for (event, fact) in log.events().zip(&facts) {
        let event = event.unwrap();
        assert_eq!(event.fact, *fact);
        assert_eq!((event.own, event.who), (-3, Id(2)));
        kinds.extend(log.kind(event.id));
    }
    kinds.sort();
    kinds.dedup();
    let all: Vec<Kind> = (0..=u8::MAX).filter_map(Kind::of).collect();
    assert_eq!(kinds, all, "a kind is missing from the test");
}

#[test]
fn a_full_trace_says_so_and_keeps_what_it_has() {
    let mut trace = Trace::new(0, machines()).with_limit(2);
    let facts = every_fact();
    for fact in &facts[..2] {
        trace.note(Time(0), 0, Id(0), None, fact).unwrap();
    }
    let full = trace.note(Time(0), 0, Id(0), None, &facts[2]).unwrap_err();
    assert_eq!(full, Error::Full { what: "events", limit: 2 });
    assert_eq!(full.to_string(), "the trace is full: it keeps at most 2 events");
    assert_eq!(trace.len(), 2);
}

#[test]
fn the_digest_sees_facts_and_not_text() {
    use trace::Fact;
    let run = |text: &str, timestamp: i64| {
        let mut trace = Trace::new(0, machines());
        trace.note(Time(0), 0, Id(0), None, &Fact::Submit { step: 0, text: text.into() }).unwrap();
        let source = trace::Source::Client;
        trace.note(Time(0), 0, Id(0), None, &Fact::Stamp { timestamp, source }).unwrap();
        trace.digest()
    };
    assert_eq!(run("a", 1), run("b", 1));
    assert_ne!(run("a", 1), run("a", 2));
    assert_eq!(run("a", 1).to_string().len(), 16);
}
