//! `cargo xtask test`: everything that must hold, as named steps, each with its time.
//!
//! A step that fails shows its whole output and the others go on: one run tells all that is wrong. The last line is
//! `N passed, N failed`, summed over every test of every step; a step without tests of its own counts as one.

mod report;
mod size;

use std::process::Command;

use crate::house;
use crate::page;
use crate::run::{self, Failure};
use crate::tools::{self, AXE, CAPNP, CHROMEDRIVER, CHROMIUM, NO_STD, WASM, WASM_BINDGEN};
use report::{Report, Tally};

/// Floors 1 to 4: what must compile where there is no std.
const FLOORS: &[&str] = &["sim", "storage", "trace", "cql", "cluster", "driver", "scenario", "world", "ask"];

/// `cargo xtask test [STEP…]`: all steps, or those whose names begin with one of these words.
pub fn main(args: &[String]) -> Result<(), Failure> {
    let mut report = Report::new(args);
    report.step("tools", || {
        for tool in [&WASM, &NO_STD, &WASM_BINDGEN, &CHROMIUM, &CHROMEDRIVER, &AXE, &CAPNP] {
            tool.ready()?;
        }
        Ok(Tally::one())
    });
    report.step("format", || check(cargo(&["fmt", "--all", "--check"])));
    report.step("no std", || {
        let mut command = cargo(&["check", "--quiet", "--target", NO_STD.name]);
        command.args(FLOORS.iter().flat_map(|floor| ["--package", floor]));
        check(command)
    });
    report.step("clippy", || {
        check(cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
    });
    report.step("clippy for wasm", || {
        let mut command = wasm(&["clippy", "--quiet", "--package", "web", "--package", "worker"])?;
        check({
            command.args(["--target", WASM.name, "--", "--deny", "warnings"]);
            command
        })
    });
    report.step("native tests", || tests(cargo(&["test", "--workspace", "--no-fail-fast"])));
    report.step("drivers", || tests(drivers()?));
    report.step("the suite in Node", || compared(suite(Runtime::Node)?));
    report.step("the suite in Chrome", || compared(suite(Runtime::Chrome)?));
    report.step("page", || page::build().map(|_| Tally::one()));
    report.step("page size", || size::check(&house::top().join("dist")));
    report.step("page in Chromium", || tests(drive()?));
    report.close()
}

/// Where the suite runs besides natively.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runtime {
    Node,
    Chrome,
}

/// The suite's tests, compiled to wasm.
fn suite(runtime: Runtime) -> Result<Command, Failure> {
    let mut command = wasm(&["test", "--package", "suite", "--test", "wasm", "--release", "--target", WASM.name])?;
    if runtime == Runtime::Chrome {
        command.env("WASM_BINDGEN_USE_DEDICATED_WORKER", "1");
    }
    Ok(command)
}

/// The real drivers: their own tests, and each of them on the model by its port; built where the oracle is.
fn drivers() -> Result<Command, Failure> {
    let mut command = cargo(&["test", "--package", "native", "--features", "drivers", "--lib", "--bins"]);
    command.args(["--test", "drivers", "--target-dir"]).arg(house::drivers_target()?);
    Ok(command)
}

/// The page, served from `dist/`, driven by the Node scripts in `tests/page`.
fn drive() -> Result<Command, Failure> {
    let dist = house::top().join("dist");
    let port = page::Server::open(dist, 0)?.spawn();
    let mut command = Command::new("node");
    command.args(["--test", "--test-concurrency=1", "--test-reporter=spec", "tests/page/"]).current_dir(house::top());
    command.env("AXE", AXE.ready()?.join("axe.min.js"));
    command.env("PAGE", format!("http://127.0.0.1:{port}/")).env("CHROMEDRIVER", chromedriver()?);
    Ok(command)
}

fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(args).current_dir(house::top()).env("CARGO_TERM_COLOR", "never").env("RUST_BACKTRACE", "0");
    command
}

/// cargo with all that wasm needs: the fallback toolchain, the runner of tests and what it wants to know.
fn wasm(args: &[&str]) -> Result<Command, Failure> {
    let mut command = cargo(args);
    if let Some(toolchain) = tools::fallback() {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    command.env("PATH", tools::path(&[&WASM, &WASM_BINDGEN])?);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    command.env("CHROMEDRIVER", chromedriver()?);
    command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", house::top().join("crates/xtask/browser/webdriver.json"));
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    Ok(command)
}

fn chromedriver() -> Result<std::path::PathBuf, Failure> {
    Ok(CHROMEDRIVER.ready()?.join("chromedriver"))
}

/// Counts as one: it passed or it did not.
fn check(mut command: Command) -> Result<Tally, Failure> {
    let (said, ended_well) = run::said(&mut command)?;
    Ok(if ended_well { Tally::one() } else { Tally::of(&said, false) })
}

/// As [`tests`]; what failed is compared with what happens natively, so that the first event that differs is named.
fn compared(mut command: Command) -> Result<Tally, Failure> {
    let (said, ended_well) = run::said(&mut command)?;
    if ended_well {
        return Ok(Tally::of(&said, true));
    }
    let mut differs = cargo(&["run", "--quiet", "--package", "suite", "--bin", "differs"]);
    let told = run::answered(&mut differs, &said).unwrap_or(said);
    Ok(Tally::of(&told, false))
}

/// Counts what the runs inside it say.
fn tests(mut command: Command) -> Result<Tally, Failure> {
    let (said, ended_well) = run::said(&mut command)?;
    Ok(Tally::of(&said, ended_well))
}
