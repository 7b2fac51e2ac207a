//! The same suite in headless Chrome: the same outcomes, the same digests.
#![cfg(target_arch = "wasm32")]

use suite::{CASES, all, golden, run};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn every_scenario_passes() {
    for case in CASES {
        assert_eq!(run(case.text).blessed.text, case.text, "{}", case.path);
    }
}

#[wasm_bindgen_test]
fn every_digest_is_that_of_every_other_runtime() {
    let wrong: Vec<String> = all()
        .filter_map(|(name, text)| {
            let digest = run(&text).digest();
            (golden(&name) != Some(digest.as_str())).then(|| format!("{name}: {digest} instead of {:?}", golden(&name)))
        })
        .collect();
    assert!(wrong.is_empty(), "{} differ: {}", wrong.len(), wrong.join("\n"));
}
