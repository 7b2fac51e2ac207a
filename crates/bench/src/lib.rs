//! What the house costs as a whole: the same workloads natively and as wasm in Node, each figure per unit, so that growth
//! can be seen. What one crate costs, its own benches say.
//!
//! *Never*: is imported by another room, or measures one part alone.
//!
//! One figure's life: `cargo xtask bench` runs each of [`WORKLOADS`] in a fresh process (memory is measured too), natively
//! by `src/main.rs` and in Node through [`wasm`]; the workload makes its world, starts the [`Watch`], does its units, stops.

mod model;
mod text;
mod view;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

/// Tells the time of the platform it runs on.
pub trait Watch {
    /// Seconds since some moment, those of our own work if the platform can tell.
    fn seconds(&self) -> f64;
    /// Bytes that the program holds by now.
    fn memory(&self) -> f64;
}

/// What one run of a workload gave.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// How many units were done.
    pub units: f64,
    /// In how many seconds.
    pub seconds: f64,
    /// Bytes more than before; 0 where memory is not what is asked.
    pub bytes: f64,
    /// Simulated seconds that passed; 0 where nothing is simulated.
    pub simulated: f64,
}

/// Something that is measured.
pub struct Workload {
    /// Its name.
    pub name: &'static str,
    /// What is counted.
    pub unit: &'static str,
    /// Natively at these sizes.
    pub native: &'static [u32],
    /// In wasm at these sizes.
    pub wasm: &'static [u32],
    /// Does it at a size.
    pub run: fn(u32, &dyn Watch) -> Result<Figure, String>,
}

/// All of them.
pub const WORKLOADS: &[Workload] = &[
    Workload { name: "prepared", unit: "statement", native: &[100_000], wasm: &[100_000], run: model::prepared },
    Workload { name: "parsed", unit: "statement", native: &[100_000], wasm: &[100_000], run: model::parsed },
    Workload { name: "prepared, traced", unit: "statement", native: &[100_000], wasm: &[100_000], run: model::traced },
    Workload { name: "nodes made", unit: "node", native: &[3, 30, 300], wasm: &[3, 30, 300], run: model::made },
    Workload { name: "nodes", unit: "statement", native: &[3, 30, 300], wasm: &[3, 30, 300], run: model::nodes },
    Workload {
        name: "rows at rf 1",
        unit: "row",
        native: &[100_000, 1_000_000, 10_000_000],
        wasm: &[100_000, 1_000_000],
        run: model::rows,
    },
    Workload { name: "cells at rf 1", unit: "cell", native: &[1_000_000], wasm: &[1_000_000], run: model::cells },
    Workload { name: "ten quiet days", unit: "day", native: &[10], wasm: &[10], run: model::quiet },
    Workload { name: "View::at", unit: "view", native: &[1_000_000], wasm: &[1_000_000], run: view::at },
    Workload { name: "event, noted", unit: "event", native: &[1_000_000], wasm: &[1_000_000], run: view::event },
    Workload { name: "event, indexed", unit: "event", native: &[1_000_000], wasm: &[1_000_000], run: view::index },
    Workload { name: "parse CQL", unit: "MB", native: &[8], wasm: &[8], run: text::cql },
    Workload { name: "parse scenario", unit: "MB", native: &[1], wasm: &[1], run: text::scenario },
    Workload { name: "link round trip", unit: "link", native: &[1_000], wasm: &[1_000], run: text::link },
];

/// Times what it is given, which says how many units it did and how many simulated seconds passed.
fn timed(watch: &dyn Watch, work: impl FnOnce() -> Result<(f64, f64), String>) -> Result<Figure, String> {
    let began = watch.seconds();
    let (units, simulated) = work()?;
    Ok(Figure { units, seconds: watch.seconds() - began, bytes: 0.0, simulated })
}

/// The same, with the memory that it keeps.
fn weighed(watch: &dyn Watch, work: impl FnOnce() -> Result<(f64, f64), String>) -> Result<Figure, String> {
    let before = watch.memory();
    let figure = timed(watch, work)?;
    Ok(Figure { bytes: (watch.memory() - before).max(0.0), ..figure })
}
