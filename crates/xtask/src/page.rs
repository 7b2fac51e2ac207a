//! The page: built when something it is made of has changed, and served on loopback.

mod finish;
mod serve;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Instant, UNIX_EPOCH};

use crate::house;
use crate::run::{self, Failure};
use crate::tools::{self, ESBUILD, TRUNK, WASM, WASM_BINDGEN, WASM_OPT};

pub use finish::main as finish;
pub use serve::Server;

/// `cargo xtask play [--port N]`
pub fn play(args: &[String]) -> Result<(), Failure> {
    let port = match args {
        [] => 8080,
        [flag, port] if flag == "--port" => {
            port.parse().map_err(|_| Failure::new("read the port", format!("`{port}` is no number up to 65535"), ""))?
        }
        _ => return Err(Failure::new("understand this", args.join(" "), "cargo xtask play [--port N]")),
    };
    let dist = build()?;
    let server = Server::open(dist, port)?;
    println!("Tombstone is at http://127.0.0.1:{} (Ctrl-C ends it)", server.port);
    server.forever();
    Ok(())
}

/// Builds the page in release into `dist/`, unless the last build was of the same files.
pub fn build() -> Result<PathBuf, Failure> {
    let path = tools::path(&[&WASM, &WASM_BINDGEN, &TRUNK, &WASM_OPT])?;
    ESBUILD.ready()?;
    let _held = house::lock("page")?;
    let (top, dist) = (house::top(), house::top().join("dist"));
    let stamp = top.join("target/page.stamp");
    let inputs = fingerprint(&top);
    if dist.join("index.html").exists() && std::fs::read_to_string(&stamp).is_ok_and(|built| built == inputs) {
        return Ok(dist);
    }
    let mut trunk = Command::new("trunk");
    trunk.current_dir(&top).args(["build", "--release", "--offline"]).env("PATH", path).env_remove("NO_COLOR");
    if let Some(toolchain) = tools::fallback() {
        trunk.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    let began = Instant::now();
    run::long("building the page", &mut trunk, run::crates)?;
    eprintln!("the page is built after {} s", began.elapsed().as_secs());
    house::make(&top.join("target"))?;
    house::write(&stamp, &inputs)?;
    Ok(dist)
}

/// What the page is made of.
const INPUTS: [&str; 10] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates",
    "docs",
    "index.html",
    "tests/lessons",
    "tests/scenarios",
    "web",
];

/// Names, sizes and dates of all that.
fn fingerprint(top: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    for name in INPUTS {
        walk(&top.join(name), &mut |path| {
            let Ok(about) = path.metadata() else { return };
            let age = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            (path, about.len(), age).hash(&mut hasher);
        });
    }
    format!("{:016x}", hasher.finish())
}

/// Every file below, in the order of names.
fn walk(path: &Path, visit: &mut impl FnMut(&Path)) {
    if path.is_file() {
        return visit(path);
    }
    let Ok(entries) = std::fs::read_dir(path) else { return };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries.iter().filter(|entry| !entry.ends_with("target") && !entry.ends_with("node_modules")) {
        walk(entry, visit);
    }
}
