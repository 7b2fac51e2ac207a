//! `cargo xtask fuzz` and `soak`: bad input and many seeds, for as long as there is time.

use std::process::Command;
use std::time::Instant;

use crate::house;
use crate::run::{self, Failure};
use crate::tools::{self, CARGO_FUZZ, NIGHTLY};

/// What comes from outside, and the targets that try it.
const TARGETS: &[&str] = &["cql", "scenario", "link", "wire", "port"];
/// Seconds for each target when none are given.
const SECONDS: u64 = 60;
/// A seeded bug that is not found within this time is not found.
const SEEDED_SECONDS_MAX: u64 = 300;

/// `cargo xtask fuzz [TARGET…] [--seconds N] [--seeded-bug]`
pub fn main(args: &[String]) -> Result<(), Failure> {
    let (mut targets, mut seconds, mut seeded) = (Vec::new(), SECONDS, false);
    let mut words = args.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--seconds" => {
                let number = words.next().and_then(|word| word.parse().ok());
                seconds = number.ok_or_else(|| Failure::new("read --seconds", "it wants a number", ""))?;
            }
            "--seeded-bug" => seeded = true,
            target if TARGETS.contains(&target) => targets.push(target),
            other => {
                let why = format!("no target `{other}`; there are {}", TARGETS.join(", "));
                return Err(Failure::new("fuzz", why, "cargo xtask fuzz [TARGET…] [--seconds N] [--seeded-bug]"));
            }
        }
    }
    let targets = if targets.is_empty() { TARGETS } else { &targets };
    let mut lines = Vec::new();
    for target in targets {
        lines.push(if seeded { find_seeded(target)? } else { fuzz(target, seconds)? });
    }
    println!("\n{:<10} {:>12} {:>10} {:>10} {:>8}", "target", "executions", "per s", "coverage", "corpus");
    lines.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// Runs one target; a crash is a failure that says where the input lies.
fn fuzz(target: &str, seconds: u64) -> Result<String, Failure> {
    let mut command = libfuzzer(target, seconds, &[])?;
    let title = format!("fuzzing {target} for {seconds} s");
    let said = run::long(&title, &mut command, run::crates).map_err(|failure| {
        Failure::new(format!("fuzz {target} for {seconds} s"), failure.to_string(), "the input is in fuzz/artifacts")
    })?;
    Ok(line(target, &said))
}

/// Builds with the seeded bug and expects a crash.
fn find_seeded(target: &str) -> Result<String, Failure> {
    let began = Instant::now();
    let mut command = libfuzzer(target, SEEDED_SECONDS_MAX, &["--features", "seeded-bug"])?;
    let (said, ended_well) = run::said(&mut command)?;
    if !said.contains("seeded bug") {
        let why = match said.lines().find(|line| line.contains("panicked at") || line.contains("ERROR: libFuzzer")) {
            Some(other) if !ended_well => format!("something else was found, its input is in fuzz/artifacts: {other}"),
            _ => format!("{SEEDED_SECONDS_MAX} s were not enough: the fuzzer does not reach it"),
        };
        return Err(Failure::new(format!("find the seeded bug of {target}"), why, ""));
    }
    Ok(format!("{}  the seeded bug was found after {} s", line(target, &said), began.elapsed().as_secs()))
}

fn libfuzzer(target: &str, seconds: u64, features: &[&str]) -> Result<Command, Failure> {
    NIGHTLY.ready()?;
    let mut command = Command::new("cargo");
    command.current_dir(house::top()).env("PATH", tools::path(&[&CARGO_FUZZ])?).env("CARGO_TERM_COLOR", "never");
    // Without sanitizer: the house has no unsafe code, and what is looked for are panics.
    command.args(["+nightly", "fuzz", "run", "--sanitizer", "none"]).args(features).arg(target);
    // What is found goes into a folder of its own first: the committed corpus grows only by `cmin`.
    let found =
        house::top().join("fuzz/target").join(if features.is_empty() { "found" } else { "seeded" }).join(target);
    if !features.is_empty() {
        // A seeded bug is hunted from the committed corpus on, not from what earlier hunts found.
        let _ = std::fs::remove_dir_all(&found);
    }
    house::make(&found)?;
    command.arg(found).arg(format!("fuzz/corpus/{target}"));
    command.arg("--").arg(format!("-max_total_time={seconds}")).args([
        "-print_final_stats=1",
        "-timeout=10",
        "-max_len=16384",
    ]);
    let dictionary = house::top().join(format!("fuzz/dict/{target}.dict"));
    if dictionary.exists() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    Ok(command)
}

/// Executions and coverage, from libFuzzer's own account.
fn line(target: &str, said: &str) -> String {
    let stat = |name: &str| {
        let found = said.lines().rev().find_map(|line| line.trim().strip_prefix(name).map(str::trim));
        found.unwrap_or("?").to_owned()
    };
    let coverage = said.lines().rev().find_map(|line| {
        let mut words = line.split_whitespace().skip_while(|word| *word != "cov:");
        words.nth(1).map(str::to_owned)
    });
    let corpus = std::fs::read_dir(house::top().join("fuzz/corpus").join(target)).map_or(0, Iterator::count);
    format!(
        "{target:<10} {:>12} {:>10} {:>10} {corpus:>8}",
        stat("stat::number_of_executed_units:"),
        stat("stat::average_exec_per_sec:"),
        coverage.unwrap_or_else(|| "?".into()),
    )
}

/// `cargo xtask soak [--minutes N]`: what a night is for.
pub fn soak(args: &[String]) -> Result<(), Failure> {
    let minutes: u64 = match args {
        [] => 60,
        [flag, n] if flag == "--minutes" => {
            n.parse().map_err(|_| Failure::new("read --minutes", "it wants a number", ""))?
        }
        _ => return Err(Failure::new("understand this", args.join(" "), "cargo xtask soak [--minutes N]")),
    };
    let seconds = (minutes * 60 / TARGETS.len() as u64 / 2).max(1);
    let seeds = Command::new("cargo")
        .current_dir(house::top())
        .args(["test", "--release", "--package", "suite", "--test", "determinism", "--", "--nocapture", "--ignored"])
        .env("TOMBSTONE_PROGRAMS", (minutes * 20_000).to_string())
        .status();
    if !seeds.is_ok_and(|status| status.success()) {
        return Err(Failure::new("soak", "some program is not deterministic: see above", ""));
    }
    main(&["--seconds".to_owned(), seconds.to_string()])
}
