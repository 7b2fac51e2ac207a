//! Where things are: the top of the project, and the cache of tools that all clones of one user share.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::run::Failure;

/// The project's top folder, where `Cargo.lock` lies.
pub fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new(".")).to_path_buf()
}

/// Where Cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| top().join("target"), PathBuf::from)
}

/// `$XDG_CACHE_HOME/tombstone` or `~/.cache/tombstone`, made if missing.
pub fn cache() -> Result<PathBuf, Failure> {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
        .ok_or_else(|| Failure::new("find the cache of tools", "neither XDG_CACHE_HOME nor HOME is set", "set HOME"))?;
    let dir = base.join("tombstone");
    make(&dir)?;
    Ok(dir)
}

/// Makes a folder and those above it.
pub fn make(dir: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(dir).map_err(|error| Failure::io("make", dir, &error))
}

/// Writes a whole file.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| Failure::io("write", path, &error))
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))
}

/// Where everything with a real driver in it is built, for all clones of one user: the driver is heavy. It is this process's
/// until it ends, for Cargo tells our crates apart by their place within a clone: what another clone left there would pass for
/// ours, and is taken away first.
pub fn drivers_target() -> Result<PathBuf, Failure> {
    static OURS: OnceLock<File> = OnceLock::new();
    let target = cache()?.join("oracle-target");
    if OURS.get().is_some() {
        return Ok(target);
    }
    let lock = lock("oracle-target")?;
    let (owner, here) = (target.join("owner"), top().display().to_string());
    if std::fs::read_to_string(&owner).ok().as_deref() != Some(&here) {
        for profile in ["dev", "release"] {
            let mut clean = Command::new("cargo");
            clean.current_dir(top()).args(["clean", "--quiet", "--profile", profile, "--target-dir"]).arg(&target);
            for name in OURS_IN_IT {
                clean.args(["--package", name]);
            }
            crate::run::output(&mut clean)?;
        }
        make(&target)?;
        write(&owner, &here)?;
    }
    let _held = OURS.set(lock);
    Ok(target)
}

/// What `native` is made of.
const OURS_IN_IT: [&str; 10] =
    ["ask", "cluster", "cql", "driver", "native", "scenario", "sim", "storage", "trace", "world"];

/// One process at a time for each name: held until dropped, or until the process ends, however it ends.
pub fn lock(name: &str) -> Result<File, Failure> {
    let path = cache()?.join(format!("{name}.lock"));
    let mut file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| Failure::io("open", &path, &error))?;
    if file.try_lock().is_err() {
        eprintln!("waiting: another cargo xtask is busy with {name}");
        file.lock().map_err(|error| Failure::io("lock", &path, &error))?;
    }
    // The holder's id, for a person who wonders; nothing reads it.
    let _ = write!(file, "{}", std::process::id());
    Ok(file)
}
