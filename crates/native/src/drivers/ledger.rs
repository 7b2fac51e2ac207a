//! What a run makes on a server that is another's is written down before it is made: should the run be killed, or the server be
//! gone when it cleans up, the next run on that server takes it away.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{ClientError, adapter};

/// A server that nobody has come to for so long is taken to be gone, with what was left there.
const FORGOTTEN: Duration = Duration::from_secs(30 * 24 * 3600);

/// The keyspaces of one run, in a file that is locked while the run lives.
#[derive(Debug)]
pub struct Ledger {
    file: File,
    path: PathBuf,
    written: usize,
}

impl Ledger {
    /// For a run that begins on this server.
    ///
    /// # Errors
    /// When there is nowhere to write.
    pub fn begin(at: SocketAddr, run: &str) -> Result<Ledger, ClientError> {
        Self::within(&folder()?, at, run)
    }

    fn within(folder: &Path, at: SocketAddr, run: &str) -> Result<Ledger, ClientError> {
        let path = folder.join(format!("{}{run}", prefix(at)));
        let open = OpenOptions::new().create(true).append(true).open(&path);
        let file = open.and_then(|file| file.lock().map(|()| file)).map_err(|error| unwritten(&path, &error))?;
        Ok(Ledger { file, path, written: 0 })
    }

    /// These keyspaces, in the order in which they were made, are about to be there.
    ///
    /// # Errors
    /// When they cannot be written down.
    pub fn write<'a>(&mut self, made: impl Iterator<Item = &'a str>) -> Result<(), ClientError> {
        for name in made.skip(self.written) {
            writeln!(self.file, "{name}").map_err(|error| unwritten(&self.path, &error))?;
            self.written += 1;
        }
        Ok(())
    }

    /// All of them are gone.
    pub fn end(self) {
        let _removed = std::fs::remove_file(&self.path);
    }
}

/// The keyspaces that runs on this server left behind, and the files that tell of them.
pub fn abandoned(at: SocketAddr) -> Result<Vec<(PathBuf, Vec<String>)>, ClientError> {
    Ok(abandoned_within(&folder()?, at))
}

fn abandoned_within(folder: &Path, at: SocketAddr) -> Vec<(PathBuf, Vec<String>)> {
    let mut left = Vec::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        // Whoever holds the lock lives.
        let Ok(file) = File::open(&path) else { continue };
        if file.try_lock().is_err() {
            continue;
        }
        let age = file.metadata().and_then(|about| about.modified()).ok().and_then(|made| made.elapsed().ok());
        let named = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix(at)));
        if !named && age.is_some_and(|age| age > FORGOTTEN) {
            let _removed = std::fs::remove_file(&path);
        }
        if named {
            let names = std::fs::read_to_string(&path).unwrap_or_default();
            // Nothing is dropped but what a run of ours made.
            let ours = names.lines().filter(|name| name.starts_with("ts_"));
            left.push((path, ours.map(String::from).collect()));
        }
    }
    left
}

fn prefix(at: SocketAddr) -> String {
    format!("{}-", at.to_string().replace([':', '[', ']'], "_"))
}

fn folder() -> Result<PathBuf, ClientError> {
    let folder = adapter::cache()?.join("runs");
    std::fs::create_dir_all(&folder).map_err(|error| unwritten(&folder, &error))?;
    Ok(folder)
}

fn unwritten(path: &Path, error: &std::io::Error) -> ClientError {
    ClientError::Lost(format!("what a run makes cannot be written down in {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_dead_run_made_on_this_server_is_abandoned() {
        let folder = std::env::temp_dir().join(format!("tombstone-ledger-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (here, there) = ("127.0.0.1:9042".parse().unwrap(), "127.0.0.1:9043".parse().unwrap());
        let mut lives = Ledger::within(&folder, here, "a").unwrap();
        lives.write(["ts_a_x"].into_iter()).unwrap();
        let mut killed = Ledger::within(&folder, here, "b").unwrap();
        killed.write(["ts_b_x"].into_iter()).unwrap();
        killed.write(["ts_b_x", "ts_b_y", "system"].into_iter()).unwrap();
        drop((killed, Ledger::within(&folder, there, "c").unwrap()));
        let left = abandoned_within(&folder, here);
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].1, ["ts_b_x", "ts_b_y"]);
        lives.end();
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
