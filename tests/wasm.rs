//! The same suite as wasm, in Node and in headless Chrome: the same outcomes, the same links, the same digests. Where it
//! runs, `cargo xtask test` says: in a worker of the browser, as the page does, or in Node.
#![cfg(target_arch = "wasm32")]

use ask::Came;
use scenario::told::{Question, Told};
use suite::{CASES, golden, link_hash, run, texts};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn every_scenario_passes() {
    for (name, text) in texts() {
        assert_eq!(run(&text).blessed.text, text, "{name}");
    }
}

#[wasm_bindgen_test]
fn every_link_is_that_of_every_other_runtime() {
    for case in CASES {
        let name = format!("link-{}", case.path);
        assert_eq!(golden(&name), Some(link_hash(case.text).as_str()), "{name}");
    }
}

#[wasm_bindgen_test]
fn every_digest_is_that_of_every_other_runtime() {
    // The account that this prints is compared natively (`tests/common/account.rs`), so that the first event is named.
    let differing = suite::differing();
    assert!(differing.is_none(), "{}", differing.unwrap_or_default());
}

/// The knob of the skew story tips at the same microsecond as natively (`tests/determinism.rs`).
#[wasm_bindgen_test]
fn a_number_tips_where_it_tips_in_every_other_runtime() {
    let story = CASES.iter().find(|case| case.path.ends_with("the-writer-is-20-ms-ahead.cql"));
    let mut run = |text: &str, _: Option<ask::Reseed>| Came::of(&run(text).blessed);
    let told = story.map(|story| ask::answer(story.text, &Question::Tip, &mut run));
    let Some(Told::Tip(tip)) = told else { panic!("{told:?}") };
    assert_eq!(tip.sides.iter().map(|side| side.at).collect::<Vec<_>>(), [suite::TIPS_AT]);
}
