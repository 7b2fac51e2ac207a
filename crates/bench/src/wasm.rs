//! The same workloads for Node.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{WORKLOADS, Watch};

#[wasm_bindgen]
extern "C" {
    /// Set by whoever loads this module.
    fn seconds() -> f64;
}

struct Node;

impl Watch for Node {
    fn seconds(&self) -> f64 {
        seconds()
    }
    fn memory(&self) -> f64 {
        core::arch::wasm32::memory_size::<0>() as f64 * 65_536.0
    }
}

/// Runs a workload at a size: `units seconds bytes simulated`, or `error …`.
#[wasm_bindgen]
pub fn measure(workload: usize, size: u32) -> String {
    let Some(workload) = WORKLOADS.get(workload) else { return "error no such workload".into() };
    match (workload.run)(size, &Node) {
        Ok(f) => format!("{} {} {} {}", f.units, f.seconds, f.bytes, f.simulated),
        Err(why) => format!("error {why}"),
    }
}
