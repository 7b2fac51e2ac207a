//! `cargo xtask bench`: every workload natively and as wasm in Node, each figure per unit.

mod native;
mod web;

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::house;
use crate::run::{self, Failure};
use crate::tools::{self, WASM, WASM_BINDGEN, WASM_OPT};

/// A figure is the best of so many runs: what disturbs a machine only ever makes it slower.
const RUNS: u32 = 7;

/// What the compiler uses of wasm, as `index.html` tells it for the page and its worker.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-call-indirect-overlong",
];

/// Loads the module and measures one workload. Time is read as the native program reads it: `crates/bench/src/main.rs`.
const NODE: &str = "
const fs = require('fs'), pause = new Int32Array(new SharedArrayBuffer(4));
globalThis.seconds = () => {
    Atomics.wait(pause, 0, 0, 1);
    try { return fs.readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0] / 1e9; }
    catch { return performance.now() / 1e3; }
};
console.log(require(process.argv[1]).measure(+process.argv[2], +process.argv[3]));
";

struct Row {
    name: String,
    unit: String,
    size: u32,
    native: Figure,
    /// Compiled for speed, as the native program is.
    wasm: Option<Figure>,
    /// Compiled as the worker is: for the download.
    shipped: Option<Figure>,
}

/// A workload that is to be measured, as the native program lists it.
struct Chosen<'a> {
    place: usize,
    name: &'a str,
    unit: &'a str,
    native: Vec<u32>,
    wasm: Vec<u32>,
}

impl Chosen<'_> {
    fn read(place: usize, line: &str) -> Option<Chosen<'_>> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, unit, native, wasm] = fields[..] else { return None };
        Some(Chosen { place, name, unit, native: sizes(native), wasm: sizes(wasm) })
    }
}

/// Per unit.
#[derive(Clone, Copy)]
struct Figure {
    nanoseconds: f64,
    bytes: f64,
    /// Simulated seconds for each second of ours.
    faster: f64,
}

/// `cargo xtask bench [WORD…] [--json FILE]`: all workloads, or those whose names have one of these words; `native` is the
/// port beside a real Cassandra, `web` the page in a browser.
pub fn main(args: &[String]) -> Result<(), Failure> {
    let (words, json) = match args {
        [words @ .., flag, file] if flag == "--json" => (words, Some(PathBuf::from(file))),
        words => (words, None),
    };
    if words == ["native"] {
        return native::main(json);
    }
    if words == ["web"] {
        return web::main(json);
    }
    let native = native()?;
    let (fast, shipped) = (node("fast")?, node("worker")?);
    let list = run::output(&mut Command::new(&native))?;
    let chosen: Vec<Chosen<'_>> = list
        .lines()
        .enumerate()
        .filter_map(|(place, line)| Chosen::read(place, line))
        .filter(|chosen| words.is_empty() || words.iter().any(|word| chosen.name.contains(word.as_str())))
        .collect();
    let sizes = chosen.iter().map(|chosen| chosen.native.len()).sum::<usize>();
    let began = Instant::now();
    let mut rows = Vec::new();
    for chosen in &chosen {
        for size in &chosen.native {
            let (turn, seconds) = (rows.len() + 1, began.elapsed().as_secs());
            eprintln!("{turn} of {sizes}, {seconds} s: {} at {size}", chosen.name);
            let args = [chosen.place.to_string(), size.to_string()];
            let in_node = |module: &PathBuf| {
                let mut command = Command::new("node");
                command.arg("-e").arg(NODE).arg(module).args(&args);
                command
            };
            let mut natively = Command::new(&native);
            natively.args(&args);
            let mut commands = vec![natively];
            if chosen.wasm.contains(size) {
                commands.extend([in_node(&fast), in_node(&shipped)]);
            }
            let figures = best(chosen.name, *size, &mut commands)?;
            let (wasm, shipped) = (figures.get(1).copied(), figures.get(2).copied());
            let (name, unit) = (chosen.name.to_owned(), chosen.unit.to_owned());
            let row = Row { name, unit, size: *size, native: figures[0], wasm, shipped };
            println!("{}", row.line());
            rows.push(row);
        }
    }
    if let Some(path) = json {
        let rows: Vec<String> = rows.iter().map(Row::json).collect();
        house::write(&path, &format!("[\n{}\n]\n", rows.join(",\n")))?;
    }
    Ok(())
}

/// The native program, built as `tombstone` is built.
fn native() -> Result<PathBuf, Failure> {
    let mut build = Command::new("cargo");
    build.current_dir(house::top()).args(["build", "--package", "bench", "--bin", "bench", "--release"]);
    run::long("building the workloads", &mut build, run::crates)?;
    Ok(house::target().join("release/bench"))
}

/// The same as wasm by this profile, with the JavaScript that Node loads.
fn node(profile: &str) -> Result<PathBuf, Failure> {
    let top = house::top();
    let path = tools::path(&[&WASM, &WASM_BINDGEN, &WASM_OPT])?;
    let mut build = Command::new("cargo");
    build.current_dir(&top).args(["build", "--package", "bench", "--lib", "--profile", profile, "--target", WASM.name]);
    if profile == "fast" {
        // What `.cargo/config.toml` says for the sake of size is not said here.
        build.env("RUSTFLAGS", "--cfg getrandom_backend=\"wasm_js\"");
    }
    if let Some(toolchain) = tools::fallback() {
        build.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    run::long(&format!("building the workloads for wasm, profile {profile}"), &mut build, run::crates)?;
    let out = house::target().join("bench").join(profile);
    let mut bindgen = Command::new("wasm-bindgen");
    bindgen.args(["--target", "nodejs", "--out-dir"]).arg(&out).env("PATH", &path);
    run::output(bindgen.arg(house::target().join(WASM.name).join(profile).join("bench.wasm")))?;
    let wasm = out.join("bench_bg.wasm");
    let mut optimise = Command::new("wasm-opt");
    optimise.arg("-O3").args(FEATURES).arg("-o").arg(&wasm).arg(&wasm).env("PATH", &path);
    run::output(&mut optimise)?;
    Ok(out.join("bench.js"))
}

/// The best of each over several rounds, every run in a fresh process. They take turns: a machine that is slower for a while is so for all.
fn best(name: &str, size: u32, commands: &mut [Command]) -> Result<Vec<Figure>, Failure> {
    let mut best: Vec<Figure> = Vec::new();
    for _ in 0..RUNS {
        let mut slow = false;
        for (place, command) in commands.iter_mut().enumerate() {
            let (figure, seconds) = measured(name, size, command)?;
            slow |= seconds > 10.0;
            match best.get_mut(place) {
                Some(best) if best.nanoseconds <= figure.nanoseconds => {}
                Some(best) => *best = figure,
                None => best.push(figure),
            }
        }
        if slow {
            break;
        }
    }
    Ok(best)
}

/// One run, and how many seconds it took.
fn measured(name: &str, size: u32, command: &mut Command) -> Result<(Figure, f64), Failure> {
    let said = run::output(command)?;
    let numbers: Vec<f64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [units, seconds, bytes, simulated] = numbers[..] else {
        return Err(Failure::new(format!("measure {name} at {size}"), said.trim(), ""));
    };
    let faster = simulated / seconds.max(1e-9);
    Ok((Figure { nanoseconds: seconds * 1e9 / units, bytes: bytes / units, faster }, seconds))
}

impl Row {
    fn line(&self) -> String {
        let Figure { nanoseconds, bytes, faster } = self.native;
        let in_wasm = |figure: Option<Figure>| match figure {
            Some(figure) => format!("{:>12} {:>5.2}×", rate(figure.nanoseconds), figure.nanoseconds / nanoseconds),
            None => format!("{:>19}", ""),
        };
        let bytes = if bytes > 0.0 { format!("  {bytes:.1} bytes") } else { String::new() };
        let faster = if faster > 0.0 { format!("  {faster:.0} s simulated in 1 s") } else { String::new() };
        format!(
            "{:<18} {:>10}  per {:<10} {:>10} {:>12}  wasm {}  as shipped {}{bytes}{faster}",
            self.name,
            self.size,
            self.unit,
            time(nanoseconds),
            rate(nanoseconds),
            in_wasm(self.wasm),
            in_wasm(self.shipped)
        )
    }

    fn json(&self) -> String {
        let figure = |figure: Option<Figure>| match figure {
            Some(Figure { nanoseconds, bytes, faster }) => {
                format!("{{\"ns\": {nanoseconds:.1}, \"bytes\": {bytes:.1}, \"simulated_per_second\": {faster:.1}}}")
            }
            None => "null".to_owned(),
        };
        format!(
            "  {{\"name\": \"{}\", \"unit\": \"{}\", \"size\": {}, \"native\": {}, \"wasm\": {}, \"shipped\": {}}}",
            self.name,
            self.unit,
            self.size,
            figure(Some(self.native)),
            figure(self.wasm),
            figure(self.shipped)
        )
    }
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        n if n < 1e3 => format!("{n:.0} ns"),
        n if n < 1e6 => format!("{:.2} µs", n / 1e3),
        n if n < 1e9 => format!("{:.2} ms", n / 1e6),
        n => format!("{:.2} s", n / 1e9),
    }
}

fn rate(nanoseconds: f64) -> String {
    match 1e9 / nanoseconds {
        r if r < 1e3 => format!("{r:.1}/s"),
        r if r < 1e6 => format!("{:.0} k/s", r / 1e3),
        r => format!("{:.1} M/s", r / 1e6),
    }
}

fn sizes(list: &str) -> Vec<u32> {
    list.trim_matches(['[', ']']).split(", ").filter_map(|size| size.parse().ok()).collect()
}
