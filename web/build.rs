//! Puts the scenarios of the suite into the page: the gallery's entries are the tests.

use std::{env, fs, path::Path};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../tests/scenarios");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    walk(&root, &mut files)?;
    files.sort();
    let mut out = String::from("&[\n");
    for file in files {
        let slug = file.strip_prefix(&root)?.with_extension("").to_string_lossy().replace('\\', "/");
        println!("cargo::rerun-if-changed={}", file.display());
        out += &format!(
            "    Story {{ slug: {slug:?}, text: include_str!({:?}) }},\n",
            file.canonicalize()?.display().to_string()
        );
    }
    out += "]\n";
    fs::write(Path::new(&env::var("OUT_DIR")?).join("stories.rs"), out)?;
    Ok(())
}

fn walk(folder: &Path, files: &mut Vec<std::path::PathBuf>) -> std::io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|end| end == "cql") {
            files.push(path);
        }
    }
    Ok(())
}
