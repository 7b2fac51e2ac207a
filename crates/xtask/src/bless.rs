//! `cargo xtask bless`: what only the model can say is written anew, and then read by a person in the diff.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::house;
use crate::run::{self, Failure};

/// Tests that write what they compare with when they are told to: lines, sentences, pictures, the gallery, panes.
const GOLDEN: [&[&str]; 4] = [
    &["--package", "cql", "--lib"],
    &["--package", "trace", "--test", "explain", "--test", "lines"],
    &["--package", "suite", "--test", "verdicts", "--test", "pictures"],
    &["--package", "web"],
];

/// Outcomes of scenarios that need the model; then the digests that every runtime is held against; then every golden file.
///
/// What a real server said is never touched here: that is the oracle's.
pub fn main(args: &[String]) -> Result<(), Failure> {
    if let Some(word) = args.first() {
        return Err(Failure::new(format!("understand {word}"), "bless takes nothing", ""));
    }
    let top = house::top();
    let mut files = Vec::new();
    scenarios(&top.join("tests/scenarios"), &mut files)?;
    files.sort();
    let mut ours = Vec::new();
    for file in files {
        let text = house::read(&file)?;
        if text.lines().any(|line| line.starts_with("--@ needs model")) {
            ours.push(file);
        }
    }
    println!("{} scenarios need the model", ours.len());
    let mut tombstone =
        cargo(&["run", "--quiet", "--release", "--package", "native", "--bin", "tombstone", "--", "bless"]);
    run::shown(tombstone.args(&ours))?;
    let said = run::output(&mut cargo(&["run", "--quiet", "--release", "--package", "suite", "--bin", "digests"]))?;
    let path = top.join("tests/digests.txt");
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let changed = said.lines().filter(|line| !before.lines().any(|old| old == *line)).count();
    house::write(&path, &said)?;
    println!("{} digests, {changed} of them changed", said.lines().count());
    for tests in GOLDEN {
        run::output(cargo(&[&["test", "--quiet"], tests].concat()).env("BLESS", "1"))?;
    }
    println!("golden files are written; read the diff");
    Ok(())
}

fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(args).current_dir(house::top());
    command
}

fn scenarios(dir: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in std::fs::read_dir(dir).map_err(|error| Failure::io("list", dir, &error))?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            scenarios(&path, found)?;
        } else if path.extension().is_some_and(|end| end == "cql") {
            found.push(path);
        }
    }
    Ok(())
}
