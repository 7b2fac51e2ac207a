//! Makes an adapter once: in the cache that all clones of one user share, in a folder whose name is a hash of its files.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::super::ClientError;
use super::overlay;
use super::table::{Adapter, Toolchain};

/// The versions that name the second gocql.
const GO_2: &str = "go.v2.mod";
/// So long ago an adapter's older build was made, at least, before it is removed: whoever has another version of this project on the
/// same machine may be using it.
const OLD: Duration = Duration::from_secs(24 * 3600);

/// The folder of this adapter, built if it is not.
pub fn ready(adapter: &Adapter) -> Result<PathBuf, ClientError> {
    let cache = cache()?;
    let dir = cache.join(format!("adapter-{}-{:08x}", adapter.name, hash(adapter)));
    if dir.is_dir() {
        return Ok(dir);
    }
    // One at a time, and who waited finds it made.
    let held =
        File::create(cache.join(format!("adapter-{}.lock", adapter.name))).map_err(|error| io("a lock", &error))?;
    held.lock().map_err(|error| io("a lock", &error))?;
    if dir.is_dir() {
        return Ok(dir);
    }
    eprintln!("building the adapter of {}, once for this version of it", adapter.name);
    let stage = dir.with_extension("partial");
    let _none = std::fs::remove_dir_all(&stage);
    std::fs::create_dir_all(&stage).map_err(|error| io("a folder", &error))?;
    for (name, text) in adapter.files {
        std::fs::write(stage.join(name), text).map_err(|error| io(name, &error))?;
    }
    build(adapter.toolchain, &stage)?;
    std::fs::rename(&stage, &dir).map_err(|error| io("a folder", &error))?;
    prune(&cache, adapter.name, &dir);
    Ok(dir)
}

/// Removes the builds of other versions of this adapter.
fn prune(cache: &Path, name: &str, but: &Path) {
    let prefix = format!("adapter-{name}-");
    for entry in std::fs::read_dir(cache).into_iter().flatten().flatten() {
        let file = entry.file_name();
        let hash = file.to_str().and_then(|file| file.strip_prefix(&prefix)).and_then(|rest| rest.get(..8));
        // `adapter-gocql-1.14-…` begins like a build of `gocql`, and is none.
        let build = hash.is_some_and(|hash| u32::from_str_radix(hash, 16).is_ok());
        let age = entry.metadata().and_then(|about| about.modified()).ok().and_then(|made| made.elapsed().ok());
        if build && entry.path() != but && age.is_some_and(|age| age > OLD) {
            let _removed = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// `$XDG_CACHE_HOME/tombstone` or `~/.cache/tombstone`, where the project's tools are.
pub fn cache() -> Result<PathBuf, ClientError> {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
        .ok_or_else(|| ClientError::Unbuilt("neither XDG_CACHE_HOME nor HOME is set: nowhere to build".into()))?;
    let dir = base.join("tombstone");
    std::fs::create_dir_all(&dir).map_err(|error| io("the cache", &error))?;
    Ok(dir)
}

fn hash(adapter: &Adapter) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(format!("{:?}", adapter.toolchain).as_bytes());
    for (name, text) in adapter.files {
        hasher.update(name.as_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize()
}

fn build(toolchain: Toolchain, dir: &Path) -> Result<(), ClientError> {
    match toolchain {
        Toolchain::Go(versions) => {
            let root = run("builds the gocql adapters", Command::new("go").args(["env", "GOROOT"]))?;
            overlay::write(dir, Path::new(root.trim()))?;
            if versions == GO_2 {
                renamed(&dir.join("main.go"))?;
            }
            // `go.v2.mod` builds with the tag `go_v2`.
            let tag = versions.trim_end_matches(".mod").replace('.', "_");
            let mut go = Command::new("go");
            go.args(["build", "-tags", &tag, "-overlay", "overlay.json", "-modfile", versions, "-o", "adapter", "."]);
            run("builds the gocql adapters", go.current_dir(dir)).map(drop)
        }
        Toolchain::Python { pinned, .. } => {
            run("runs the Python adapters", Command::new("python3").args(["-m", "venv", "venv"]).current_dir(dir))?;
            let mut pip = Command::new(dir.join("venv/bin/python"));
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", pinned]);
            run("fetches the Python drivers", pip.current_dir(dir)).map(drop)
        }
        Toolchain::Node => {
            run("runs the Node adapter", Command::new("node").arg("--version"))?;
            let mut npm = Command::new("npm");
            run("fetches the Node driver", npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(dir)).map(drop)
        }
        Toolchain::Java => {
            let mut maven = Command::new("mvn");
            maven.args(["--quiet", "--batch-mode", "dependency:copy-dependencies", "-DoutputDirectory=lib"]);
            run("fetches the Java driver", maven.current_dir(dir))?;
            let mut javac = Command::new("javac");
            javac.args(["-nowarn", "-cp", "lib/*", "-d", "classes", "Main.java"]);
            run("compiles the Java adapter", javac.current_dir(dir)).map(drop)
        }
    }
}

/// The second version of gocql has another name; what is imported is called as before.
fn renamed(main: &Path) -> Result<(), ClientError> {
    let text = std::fs::read_to_string(main).map_err(|error| io("main.go", &error))?;
    let text = text.replace("\t\"github.com/gocql/gocql\"", "\tgocql \"github.com/apache/cassandra-gocql-driver/v2\"");
    std::fs::write(main, text).map_err(|error| io("main.go", &error))
}

fn run(why: &str, command: &mut Command) -> Result<String, ClientError> {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let out = command.stdin(Stdio::null()).output().map_err(|error| match error.kind() {
        ErrorKind::NotFound => ClientError::Missing { program: program.clone(), why: why.into() },
        _ => ClientError::Unbuilt(format!("{program}: {error}")),
    })?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines.get(lines.len().saturating_sub(4)..).unwrap_or_default();
    Err(ClientError::Unbuilt(format!("{program}, which {why}, ended with {}: {}", out.status, last.join("; "))))
}

fn io(what: &str, error: &std::io::Error) -> ClientError {
    ClientError::Unbuilt(format!("{what} in the cache: {error}"))
}
