//! The suite: what the whole house promises, held against the scenarios in `tests/scenarios` and against programs that a
//! [`generate`]d seed writes. Native tests, the browser's and the Node harness all read this.

mod account;
pub mod generate;
mod run;

pub use account::{account, compared, differing, first_difference};
pub use run::{Run, run, run_with_seed};
use std::path::{Path, PathBuf};

/// A scenario of the suite: its path below `tests/scenarios`, and its text.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// `clocks/a-delete-older-than-its-rows.cql`
    pub path: &'static str,
    /// All of it.
    pub text: &'static str,
}

/// Every scenario, by path: embedded, so that a browser has them too.
pub const CASES: &[Case] = &include!(concat!(env!("OUT_DIR"), "/cases.rs"));

/// Digests of every scenario and program and hashes of every link, as the last `cargo xtask bless` wrote them: `name
/// digest`, a line each.
pub const DIGESTS: &str = include_str!("../digests.txt");

/// From which offset of its writer's clock on, microseconds, the skew story ends otherwise: found by whole runs, so the same everywhere.
pub const TIPS_AT: i64 = 3_328;

/// How many programs the determinism tests run.
pub const PROGRAMS: u64 = 1_000;

/// Every text of the suite, by name: each scenario, and each other future that stands under it.
pub fn texts() -> impl Iterator<Item = (String, String)> {
    CASES.iter().flat_map(|case| {
        let futures = scenario::branches(case.text).into_iter();
        let futures = futures.map(|branch| (format!("{}~{}", case.path, branch.name), branch.text));
        std::iter::once((case.path.to_string(), case.text.to_string())).chain(futures)
    })
}

/// Every lesson, in order: its file and its source.
///
/// # Errors
/// What the disk says.
pub fn lessons() -> std::io::Result<Vec<(PathBuf, String)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lessons");
    let files = std::fs::read_dir(root)?.map(|file| Ok(file?.path())).collect::<std::io::Result<Vec<PathBuf>>>();
    let mut files = files?;
    files.sort();
    files.into_iter().map(|file| std::fs::read_to_string(&file).map(|source| (file, source))).collect()
}

/// Every run whose digest is compared across runtimes: its name and its text.
pub fn all() -> impl Iterator<Item = (String, String)> {
    let cases = texts();
    let programs = (0..PROGRAMS).map(|seed| (format!("program-{seed}"), generate::program(seed).text));
    cases.chain(programs)
}

/// The digest that `tests/digests.txt` has for a run.
#[must_use]
pub fn golden(name: &str) -> Option<&'static str> {
    DIGESTS.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
}

/// A hash of the link to a scenario and its outcomes, 16 hex digits.
#[must_use]
pub fn link_hash(text: &str) -> String {
    let link = scenario::link::encode(text, &scenario::link::digests(&run(text).blessed.answers));
    format!("{:016x}", scenario::text_hash(&link))
}
