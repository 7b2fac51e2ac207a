//! What passed, what failed, and where the time went.

use std::time::{Duration, Instant};

use crate::run::Failure;

/// Counts of one step, and what it said when something failed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Tally {
    passed: u32,
    failed: u32,
    skipped: u32,
    said: String,
    note: String,
}

impl Tally {
    /// A step without tests of its own that went well.
    pub fn one() -> Self {
        Self { passed: 1, ..Self::default() }
    }

    /// The same, with a remark for the table.
    pub fn noted(self, note: String) -> Self {
        Self { note, ..self }
    }

    /// Sums every `test result: ok. 3 passed; 0 failed; 1 ignored` of cargo and wasm-bindgen, and `pass 3` of Node.
    /// Something that ended badly has failed at least once, whatever it counted.
    pub fn of(said: &str, ended_well: bool) -> Self {
        let mut tally = Self::default();
        for line in said.lines() {
            if let Some(counts) = line.trim_start().strip_prefix("test result: ") {
                for part in counts.split(['.', ';']) {
                    let mut words = part.split_whitespace();
                    let (Some(Ok(n)), Some(what)) = (words.next().map(str::parse::<u32>), words.next()) else {
                        continue;
                    };
                    match what {
                        "passed" => tally.passed += n,
                        "failed" => tally.failed += n,
                        "ignored" => tally.skipped += n,
                        _ => {}
                    }
                }
            } else if let Some(("pass" | "fail" | "skipped", _)) =
                line.trim_start_matches(['ℹ', '#', ' ']).split_once(' ')
            {
                let mut words = line.trim_start_matches(['ℹ', '#', ' ']).split(' ');
                let (what, n) = (words.next(), words.next().and_then(|n| n.parse::<u32>().ok()).unwrap_or(0));
                match what {
                    Some("pass") => tally.passed += n,
                    Some("fail") => tally.failed += n,
                    _ => tally.skipped += n,
                }
            }
        }
        if !ended_well {
            tally.failed = tally.failed.max(1);
        }
        if tally.failed > 0 {
            tally.said = said.to_owned();
        }
        tally
    }
}

/// Runs steps and remembers them.
pub struct Report {
    only: Vec<String>,
    names: Vec<&'static str>,
    done: Vec<(&'static str, Duration, Tally)>,
}

impl Report {
    /// `only`: names, or what several begin with; none is all.
    pub fn new(only: &[String]) -> Self {
        Self { only: only.to_vec(), names: Vec::new(), done: Vec::new() }
    }

    /// Runs one step and says what came of it.
    pub fn step(&mut self, name: &'static str, body: impl FnOnce() -> Result<Tally, Failure>) {
        // A word that is a whole name means that step alone.
        let meant = |word: &String| name.starts_with(word) && !self.names.contains(&word.as_str());
        let meant = self.only.is_empty() || self.only.iter().any(meant);
        self.names.push(name);
        if !meant {
            return;
        }
        eprintln!("… {name}");
        let began = Instant::now();
        let tally = body().unwrap_or_else(|failure| Tally { failed: 1, said: failure.to_string(), ..Tally::default() });
        let took = began.elapsed();
        if tally.failed > 0 {
            println!("{}\n✗ {name}: {} failed", tally.said.trim_end(), tally.failed);
        }
        println!("{} {}", if tally.failed > 0 { "✗" } else { "✓" }, row(name, took, &tally));
        self.done.push((name, took, tally));
    }

    /// The closing table and the closing line.
    pub fn close(self) -> Result<(), Failure> {
        let unknown = self.only.iter().find(|word| !self.names.iter().any(|name| name.starts_with(word.as_str())));
        if let Some(word) = unknown {
            return Err(Failure::new(
                "find a step",
                format!("`{word}` begins no name"),
                format!("one of: {}", self.names.join(", ")),
            ));
        }
        let all = self.done.iter().map(|(_, took, _)| *took).sum::<Duration>();
        println!("\nwhere the time went ({:.1} s)", all.as_secs_f32());
        let mut slowest_first: Vec<_> = self.done.iter().collect();
        slowest_first.sort_by_key(|(_, took, _)| std::cmp::Reverse(*took));
        for (name, took, tally) in slowest_first {
            let share = 100.0 * took.as_secs_f32() / all.as_secs_f32().max(0.001);
            println!("{share:>4.0} %  {}", row(name, *took, tally));
        }
        let sum = |of: fn(&Tally) -> u32| self.done.iter().map(|(_, _, tally)| of(tally)).sum::<u32>();
        let (passed, failed, skipped) = (sum(|t| t.passed), sum(|t| t.failed), sum(|t| t.skipped));
        let skips = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
        println!("\n{passed} passed, {failed} failed{skips}");
        let bad: Vec<&str> =
            self.done.iter().filter(|(_, _, tally)| tally.failed > 0).map(|(name, ..)| *name).collect();
        if bad.is_empty() {
            return Ok(());
        }
        Err(Failure::new(
            "call this good",
            format!("failed: {}", bad.join(", ")),
            "cargo xtask test STEP runs one alone",
        ))
    }
}

fn row(name: &str, took: Duration, tally: &Tally) -> String {
    format!("{name:<22} {:>7.1} s  {:>5} passed  {}", took.as_secs_f32(), tally.passed, tally.note)
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_runner_is_counted() {
        let said = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s\n\
                    test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 filtered out\nℹ pass 4\nℹ fail 0\n# fail 1\n";
        let tally = Tally::of(said, false);
        assert_eq!((tally.passed, tally.failed, tally.skipped), (8, 3, 1));
    }

    #[test]
    fn a_bad_end_is_a_failure_whatever_was_counted() {
        assert_eq!(Tally::of("test result: ok. 3 passed; 0 failed", false).failed, 1);
        assert_eq!(Tally::of("test result: ok. 3 passed; 0 failed", true).failed, 0);
    }
}
