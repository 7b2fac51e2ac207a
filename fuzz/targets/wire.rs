//! A message from anybody, of page or worker, or the trace in one: never a panic; what opens can be read, event by event,
//! and crosses again unchanged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scenario::wire::{Heard, Said};
use trace::{Received, Shared};

fuzz_target!(|bytes: &[u8]| {
    let bytes = Shared::from(bytes);
    let Ok(heard) = Heard::open(bytes.clone()) else { return };
    if let Ok(asked) = heard.asked() {
        let again = Heard::open(Shared::from(&asked.to_bytes()[..])).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again.asked(), Ok(asked));
    }
    if let Ok(said) = heard.said() {
        let again = Heard::open(Shared::from(&said.to_bytes()[..])).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again.said(), Ok(said.clone()));
        if let Said::Done(done) = said {
            trace(bytes.part(done.trace));
        }
    }
    trace(bytes);
});

fn trace(bytes: Shared) {
    let Ok(received) = Received::within(bytes) else { return };
    let log = received.log();
    let digest = log.digest();
    for event in log.events().take(10_000).flatten() {
        let _ = event.fact;
    }
    let Ok(again) = log.to_bytes() else { return };
    let again = Received::open(&again).unwrap_or_else(|error| panic!("what we write does not open: {error}"));
    assert_eq!(again.log().len(), log.len());
    assert_eq!(again.log().digest(), digest);
    if cfg!(feature = "seeded-bug") {
        let rare = log.dialect() == storage::Dialect::Scylla && log.epoch() != 1_735_689_600_000_000;
        assert!(!rare || log.is_empty(), "seeded bug: Scylla at another time");
    }
}
