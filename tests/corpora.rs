//! What the fuzzers start from, read natively: every committed input goes through its decoder without a panic, each corpus
//! holds good input and bad, and what was once found stays found.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test's helpers are tests")]

use scenario::wire::{Heard, Said};
use std::fs;
use std::path::PathBuf;
use trace::Shared;

/// Every input of a target.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let inputs: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
    assert!(inputs.len() >= 5, "{target} has {} inputs", inputs.len());
    inputs
}

fn texts(target: &str) -> Vec<String> {
    corpus(target).into_iter().filter_map(|bytes| String::from_utf8(bytes).ok()).collect()
}

#[test]
fn cql() {
    let good = texts("cql").iter().filter(|text| cql::parse(text).is_ok()).count();
    assert!(good >= 40, "only {good} inputs parse");
}

#[test]
fn scenario() {
    let (good, bad): (Vec<_>, Vec<_>) =
        texts("scenario").into_iter().partition(|text| scenario::parse(text).1.is_empty());
    assert!(!good.is_empty() && !bad.is_empty(), "{} good, {} bad", good.len(), bad.len());
}

#[test]
fn link() {
    for bytes in corpus("link") {
        let _ = scenario::link::decode(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn wire() {
    let opened: Vec<_> = corpus("wire").iter().filter_map(|bytes| trace::Received::open(bytes).ok()).collect();
    assert!(opened.len() >= 5, "only {} traces open", opened.len());
    for received in opened {
        assert!(received.log().events().all(|event| event.is_ok()));
    }
    let heard: Vec<_> = corpus("wire").iter().filter_map(|bytes| Heard::open(Shared::from(&bytes[..])).ok()).collect();
    assert!(heard.iter().any(|heard| heard.asked().is_ok_and(|run| run.trace)), "what the page asks");
    let done = |heard: &Heard| matches!(heard.said(), Ok(Said::Done(done)) if !done.trace.is_empty());
    assert!(heard.iter().any(done), "what the worker says");
}
