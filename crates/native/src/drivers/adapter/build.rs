//! Makes an adapter once: in the cache that all clones of one user share, in a folder whose name is a hash of its files.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::super::ClientError;
use super::overlay;
use super::table::{Adapter, Toolchain};

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
    Ok(dir)
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
            let mut go = Command::new("go");
            go.args(["build", "-overlay", "overlay.json", "-modfile", versions, "-o", "adapter", "."]);
            run("builds the gocql adapters", go.current_dir(dir)).map(drop)
        }
        Toolchain::Python(pinned) => {
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
