//! A trace from anybody: never a panic; what opens can be read event by event, and crosses again unchanged.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(received) = trace::Received::open(bytes) else { return };
    let log = received.log();
    let digest = log.digest();
    for event in log.events().take(10_000).flatten() {
        let _ = event.fact;
    }
    let Ok(again) = log.to_bytes() else { return };
    let again = trace::Received::open(&again).unwrap_or_else(|error| panic!("what we write does not open: {error}"));
    assert_eq!(again.log().len(), log.len());
    assert_eq!(again.log().digest(), digest);
    if cfg!(feature = "seeded-bug") {
        let rare = log.dialect() == storage::Dialect::Scylla && log.epoch() != 1_735_689_600_000_000;
        assert!(!rare || log.is_empty(), "seeded bug: Scylla at another time");
    }
});
