//! Splits the worker: what a newcomer's first runs call is downloaded before them, the rest when something of it is called.
//!
//! `split DIR TESTS` takes the `worker_bg.wasm` of DIR, lets it run lessons and stories in Node to see which functions are called
//! ([`watch`]), and moves the others into `worker_more.wasm` ([`parts`]). Both share one memory and one table; a function that was
//! moved leaves a door behind, which fetches the rest, once, while the call waits, and goes through.
//!
//! *Never*: changes what a function does.

mod parts;
mod watch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use walrus::{Module, ModuleConfig};

/// What could not be done, and why.
type Failure = String;

fn main() -> ExitCode {
    let args: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [dir, tests] = args.as_slice() else {
        eprintln!("split DIR TESTS");
        return ExitCode::from(2);
    };
    match run(dir, tests) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("split: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(dir: &Path, tests: &Path) -> Result<(), Failure> {
    let path = dir.join("worker_bg.wasm");
    let wasm = read(&path)?;
    let called = watch::called(&wasm, dir, tests)?;
    let (first, more) = parts::split(&wasm, &called)?;
    write(&path, &first)?;
    write(&dir.join("worker_more.wasm"), &more)
}

/// A module as wasm-bindgen and wasm-opt left it; nothing is added to what it says of itself.
fn open(wasm: &[u8]) -> Result<Module, Failure> {
    let mut config = ModuleConfig::new();
    config.generate_producers_section(false).generate_name_section(false);
    config.parse(wasm).map_err(|error| format!("{error:#}"))
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}
