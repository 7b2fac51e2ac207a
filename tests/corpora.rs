//! What the fuzzers start from, read natively: every committed input goes through its decoder without a panic, each corpus
//! holds good input and bad, and what was once found stays found.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test's helpers are tests")]

use scenario::told::Question;
use scenario::wire::{Asked, Done, Heard, Said, WireError};
use std::path::PathBuf;
use std::{env, fs};
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

/// What the worker says of a small run.
fn done() -> Vec<u8> {
    let mut run = suite::run("CREATE TABLE t (k int PRIMARY KEY);\nDELETE FROM t WHERE k = 1;\n");
    let (digest, outcomes) = (run.digest(), scenario::link::digests(&run.blessed.answers));
    let trace = run.world.take_trace().unwrap().to_bytes().unwrap();
    let meaning = scenario::meaning(&run.blessed.text);
    Said::Done(Done { text: &run.blessed.text, digest: &digest, stopped: None, outcomes, trace: &trace, meaning })
        .to_bytes()
}

/// A question of each kind and the answer to it.
fn talk() -> Vec<(String, Vec<u8>)> {
    let text = "--@ client api clock=+20ms\n--@ client cron\nCREATE TABLE t (k int PRIMARY KEY);\n--@ as api\nINSERT INTO t (k) VALUES (1);\n\
        --@ as cron\nDELETE FROM t WHERE k = 1;\nSELECT k FROM t;\n--@ flsh\n";
    let clean = text.replace("--@ flsh\n", "");
    let mut run = |text: &str, _: Option<ask::Reseed>| ask::Came::of(&suite::run(text).blessed);
    let wish = Question::Wish(4, "0".into());
    let counts = [Question::Futures(3), Question::Decided(3)];
    let questions = [Question::Tip, Question::Grid(0, 1), wish, Question::Meaning].into_iter().chain(counts);
    let each = questions.enumerate().flat_map(|(at, question)| {
        let about = if question == Question::Meaning { text } else { &clean };
        let told = Said::Told(ask::answer(about, &question, &mut run)).to_bytes();
        [(format!("question-{at}"), Asked::Question(about, question).to_bytes()), (format!("told-{at}"), told)]
    });
    each.collect()
}

#[test]
fn wire() {
    if env::var_os("BLESS").is_some() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/wire");
        fs::write(folder.join("done"), done()).unwrap();
        talk().into_iter().for_each(|(name, bytes)| fs::write(folder.join(name), bytes).unwrap());
    }
    let opened: Vec<_> = corpus("wire").iter().filter_map(|bytes| trace::Received::open(bytes).ok()).collect();
    assert!(opened.len() >= 5, "only {} traces open", opened.len());
    for received in opened {
        assert!(received.log().events().all(|event| event.is_ok()));
    }
    let heard: Vec<_> = corpus("wire").iter().filter_map(|bytes| Heard::open(Shared::from(&bytes[..])).ok()).collect();
    assert!(heard.iter().any(|heard| matches!(heard.asked(), Ok(Asked::Run(_)))), "what the page asks");
    let asks = heard.iter().filter(|heard| matches!(heard.asked(), Ok(Asked::Question(..)))).count();
    let told = heard.iter().filter(|heard| matches!(heard.said(), Ok(Said::Told(_)))).count();
    assert!(asks >= 5 && told >= 5, "{asks} questions, {told} answers: BLESS=1 writes them");
    let done =
        |heard: &Heard| matches!(heard.said(), Ok(Said::Done(done)) if trace::Received::open(done.trace).is_ok());
    assert!(heard.iter().any(done), "what the worker says: BLESS=1 writes it");
    // Short messages that claim millions of structs without a byte.
    let claims = |name: &str| {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/wire");
        Heard::open(Shared::from(&fs::read(folder.join(name)).unwrap()[..])).unwrap().said().unwrap_err()
    };
    assert_eq!(["claims-0", "claims-1"].map(claims), [WireError::TooLarge; 2]);
}
