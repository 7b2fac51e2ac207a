//! The rich editor's bundle: built from `web/editor`, committed, so that nobody needs npm to build the page.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::house;
use crate::run::{self, Failure};

/// What the bundle is made of; the lock file pins what it is made with.
const SOURCES: &[&str] =
    &["ask.js", "drag.js", "editor.css", "editor.js", "package-lock.json", "package.json", "parts.js", "steps.js"];
/// The packages whose code is in it, and so whose licence goes with it.
const SCOPES: &[&str] = &["@codemirror", "@lezer", "@marijn"];
const SINGLE: &[&str] = &["crelt", "style-mod", "w3c-keyname"];

fn folder() -> PathBuf {
    house::top().join("web/editor")
}

/// `cargo xtask editor`: fetches what the lock file names, and builds anew.
pub fn main(_: &[String]) -> Result<(), Failure> {
    let home = folder();
    let mut fetch = Command::new("npm");
    fetch.current_dir(&home).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run::long("fetching CodeMirror", &mut fetch, |_| None)?;
    let mut bundle = Command::new(home.join("node_modules/.bin/esbuild"));
    bundle.current_dir(&home).args([
        "editor.js",
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
        "--loader:.css=text",
    ]);
    let code = run::output(&mut bundle)?;
    house::make(&home.join("dist"))?;
    let head = format!("/* {} */\n", mark(&home)?);
    house::write(&home.join("dist/editor.js"), &(head + &code))?;
    house::write(&home.join("dist/editor.licences.txt"), &licences(&home)?)?;
    println!("web/editor/dist/editor.js has {} KiB", code.len() / 1024);
    Ok(())
}

/// What the bundle's first line says: of which sources it is.
fn mark(home: &Path) -> Result<String, Failure> {
    // FNV-1a: it need not keep anybody out, only tell one state of the sources from another.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for name in SOURCES {
        for byte in house::read(&home.join(name))?.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    Ok(format!("web/editor, sources {hash:016x}; licences in editor.licences.txt"))
}

/// The licence of every package in the bundle.
fn licences(home: &Path) -> Result<String, Failure> {
    let modules = home.join("node_modules");
    let mut packages: Vec<PathBuf> = SINGLE.iter().map(|name| modules.join(name)).collect();
    for scope in SCOPES {
        let dir = modules.join(scope);
        let entries = std::fs::read_dir(&dir).map_err(|error| Failure::io("list", &dir, &error))?;
        packages.extend(entries.flatten().map(|entry| entry.path()));
    }
    packages.sort();
    let mut out = String::from("editor.js holds code of these packages.\n");
    for package in packages {
        let name = package.strip_prefix(&modules).unwrap_or(&package).display().to_string();
        out += &format!("\n---- {name}\n\n{}\n", house::read(&package.join("LICENSE"))?.trim());
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundle_is_of_these_sources() {
        let home = folder();
        let bundle = house::read(&home.join("dist/editor.js")).unwrap();
        let said = bundle.lines().next().unwrap();
        assert!(said.contains(&mark(&home).unwrap()), "{said}: web/editor has changed: cargo xtask editor");
        assert!(
            !house::read(&home.join("package-lock.json")).unwrap().contains("\"resolved\""),
            "a lock names no host"
        );
    }
}
