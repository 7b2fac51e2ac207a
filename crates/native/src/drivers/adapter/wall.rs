//! The wall clock of an adapter's machine.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::super::ClientError;
use super::overlay;
use super::table::{Adapter, Toolchain};

/// The wall clock of an adapter's machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wall {
    /// How far it is from true time, µs.
    pub offset_us: i64,
    /// It is set to something else while the adapter runs.
    pub moves: bool,
}

/// How the name of such a file begins; the process and a number follow.
const FILE: &str = "tombstone-clock-";
/// Files of this process so far.
static FILES: AtomicU32 = AtomicU32::new(0);

impl Wall {
    /// Gives this clock to a program that is about to start; the file that it is read from, if it is read from one.
    pub fn set(self, command: &mut Command, adapter: &Adapter) -> Result<Option<PathBuf>, ClientError> {
        if self == Wall::default() {
            return Ok(None);
        }
        match adapter.toolchain {
            Toolchain::Go(_) => {
                command.env(overlay::SKEW, format!("{}us", self.offset_us));
                Ok(None)
            }
            // Under libfaketime a JVM takes half a minute to connect, and reading a file for each look at the clock, it may not.
            Toolchain::Java if self.moves => {
                Err(ClientError::Cannot(format!("the clock of {} cannot be set while it runs", adapter.name)))
            }
            Toolchain::Python { .. } | Toolchain::Node | Toolchain::Java => {
                let library = faketime().ok_or_else(|| ClientError::Missing {
                    program: "libfaketime".into(),
                    why: "gives a program a clock of its own (apt-get install faketime)".into(),
                })?;
                command.env("LD_PRELOAD", library).env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
                if !self.moves {
                    command.env("FAKETIME", seconds(self.offset_us));
                    return Ok(None);
                }
                let number = FILES.fetch_add(1, Ordering::Relaxed);
                if number == 0 {
                    remove_those_of_the_dead();
                }
                let file = std::env::temp_dir().join(format!("{FILE}{}-{number}", std::process::id()));
                write(&file, self.offset_us)?;
                // The library keeps what it read for ten seconds, unless it is told not to.
                command.env("FAKETIME_TIMESTAMP_FILE", &file).env("FAKETIME_NO_CACHE", "1");
                Ok(Some(file))
            }
        }
    }
}

/// A process that is killed leaves the files of its adapters' clocks behind.
fn remove_those_of_the_dead() {
    let processes = Path::new("/proc");
    if !processes.join("self").exists() {
        return;
    }
    for entry in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_prefix(FILE)).and_then(|rest| rest.split('-').next());
        if id.is_some_and(|id| id.parse::<u32>().is_ok() && !processes.join(id).exists()) {
            let _removed = std::fs::remove_file(entry.path());
        }
    }
}

/// Moves the clock of the program that reads this file. Renamed into place: it is read at any moment.
pub fn write(file: &Path, offset_us: i64) -> Result<(), ClientError> {
    let beside = file.with_extension("new");
    let written = std::fs::write(&beside, seconds(offset_us)).and_then(|()| std::fs::rename(&beside, file));
    written.map_err(|error| ClientError::Lost(format!("the clock in {}: {error}", file.display())))
}

/// As libfaketime reads it.
fn seconds(offset_us: i64) -> String {
    let sign = if offset_us < 0 { '-' } else { '+' };
    let us = offset_us.unsigned_abs();
    format!("{sign}{}.{:06}", us / 1_000_000, us % 1_000_000)
}

/// libfaketime for programs with threads, where Debian and its like put it.
fn faketime() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    let mut folders = folders.chain([PathBuf::from("/usr/lib"), PathBuf::from("/usr/local/lib")]);
    folders.find_map(|folder| Some(folder.join("faketime/libfaketimeMT.so.1")).filter(|file| file.exists()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_seconds_with_a_sign() {
        assert_eq!((seconds(-20_000), seconds(1_500_000)), ("-0.020000".into(), "+1.500000".into()));
    }
}
