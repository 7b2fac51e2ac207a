//! Scenario text from anybody: never a panic; every fault and every step lies inside the text; its stamp holds.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (scenario, faults) = scenario::parse(text);
    for fault in &faults {
        assert!(text.get(fault.span.start as usize..fault.span.end as usize).is_some(), "{fault} is nowhere");
        assert!(!fault.to_string().is_empty());
    }
    for step in &scenario.steps {
        assert!(text.get(step.span.start as usize..step.span.end as usize).is_some());
    }
    // Only what can be read is run, and stamped.
    if faults.is_empty() {
        let _ = scenario::provenance(text);
        let stamped = scenario::stamp(text, "5.0.6");
        assert_eq!(scenario::text_hash(&stamped), scenario::text_hash(text), "a stamp is no part of what it vouches for");
    }
    if cfg!(feature = "seeded-bug") {
        let long = |step: &scenario::Step| matches!(step.act, scenario::Act::Advance(span) if span.0 > 60 * 86_400_000_000);
        assert!(!scenario.steps.iter().any(long), "seeded bug: more than 60 days");
    }
});
