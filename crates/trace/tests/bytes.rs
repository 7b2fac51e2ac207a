//! A trace that crossed as bytes is the trace, and bytes that are no trace are an error and never a panic.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{EPOCH, every_fact, machines};
use proptest::prelude::*;
use sim::{Id, Time};
use trace::{
    Error, EventId, Focus, Index, Log, PartitionNo, Plain, Received, Trace, View, Window, Words, explain, verdict,
};

fn trace() -> Trace {
    let mut trace = Trace::new(EPOCH, machines());
    for (n, fact) in every_fact().iter().enumerate() {
        let cause = n.checked_sub(3).map(|cause| EventId(cause as u32));
        trace.note(Time(n as u64), n as i64, Id(n as u16 % 5), cause, fact).unwrap();
    }
    trace
}

/// Read everything there is to read, in every way there is.
fn read(log: &Log<'_>) -> usize {
    let _ = log.digest();
    let words = Words::new(*log, &Plain);
    for at in 0..log.len() as u32 {
        let _ = words.whole_line(EventId(at)).to_string();
    }
    let built = Index::build(log);
    for work in [1, 97] {
        assert_eq!(format!("{:?}", common::sliced(log, work)), format!("{built:?}"), "however it is sliced");
    }
    if let Ok(index) = built {
        look(log, &index, &words);
    }
    let carried = (0..log.len()).filter(|at| log.carries(EventId(*at as u32)).is_some()).count();
    carried + log.events().filter(Result::is_ok).count()
}

fn look(log: &Log<'_>, index: &Index, words: &Words<'_>) {
    if let Ok(verdict) = verdict(index, log) {
        let _ = format!("{} {}", words.headline(&verdict), words.because(&verdict));
    }
    let partitions = (0..index.partitions()).map(PartitionNo);
    let window = |partition| Window { partition, skip: 0, rows: 9 };
    let focus = Focus { partitions: partitions.clone().map(window).collect() };
    for at in 0..log.len() as u32 {
        let _ = View::at(index, log, EventId(at), &focus);
        let _ = index.landings(EventId(at)).count();
    }
    for no in partitions {
        for row in index.row_keys(log, no) {
            let chain = explain(index, log, EventId(u32::MAX), no, &row);
            let _ = chain.map(|chain| words.chain(&chain).to_string());
        }
    }
}

#[test]
fn what_crosses_is_what_was_noted() {
    let trace = trace();
    let bytes = trace.to_bytes().unwrap();
    let received = Received::open(&bytes).unwrap();
    let (ours, theirs) = (trace.log(), received.log());
    assert_eq!(ours.machines(), theirs.machines());
    assert_eq!(ours.epoch(), theirs.epoch());
    assert_eq!(ours.first_difference(&theirs), None);
    assert_eq!(ours.digest(), theirs.digest());
    assert_eq!(theirs.to_bytes().unwrap(), bytes);
    assert!(read(&theirs) > ours.len());
}

#[test]
fn an_empty_trace_crosses_too() {
    let bytes = Trace::new(0, Vec::new()).to_bytes().unwrap();
    assert!(Received::open(&bytes).unwrap().log().is_empty());
    assert_eq!(Received::open(&[]).unwrap_err(), Error::Damaged);
}

#[test]
fn the_first_difference_is_named() {
    let (one, mut two) = (trace(), trace());
    two.note(Time(999), 0, Id(0), None, &trace::Fact::Heal).unwrap();
    assert_eq!(one.log().first_difference(&two.log()), Some(EventId(one.len() as u32)));
    assert_ne!(one.digest(), two.digest());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn damaged_bytes_never_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in prop::option::of(any::<prop::sample::Index>())) {
        let mut bytes = trace().to_bytes().unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(received) = Received::open(&bytes) {
            read(&received.log());
        }
    }

    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(received) = Received::open(&bytes) {
            read(&received.log());
        }
    }
}
