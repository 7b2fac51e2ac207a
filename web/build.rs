//! Puts a card for each lesson into the page. Their texts are served beside the page and fetched when one is opened.

use std::{env, fs, path::Path};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../tests/lessons");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files: Vec<_> = fs::read_dir(&root)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut out = String::from("&[\n");
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "md")) {
        println!("cargo::rerun-if-changed={}", file.display());
        let (text, slug) = (fs::read_to_string(file)?, file.with_extension(""));
        let slug = slug.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let title = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default();
        let (title, about) = title.split_once(": ").unwrap_or((title, ""));
        out += &format!("    Card {{ slug: {slug:?}, title: {title:?}, about: {about:?} }},\n");
    }
    out += "]\n";
    fs::write(Path::new(&env::var("OUT_DIR")?).join("lessons.rs"), out)?;
    Ok(())
}
