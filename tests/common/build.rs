//! Embeds every scenario of `tests/scenarios`, sorted by path.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("tests/scenarios");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut cases = String::from("[\n");
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let path = file.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        writeln!(cases, "    Case {{ path: {path:?}, text: include_str!({:?}) }},", file.display().to_string())?;
    }
    cases.push(']');
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("cases.rs"), cases)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "cql") {
            files.push(path);
        }
    }
    Ok(())
}
