//! Puts a card for each scenario of the suite into the page: the gallery's entries are the tests. Their texts are served
//! beside the page and fetched when one is opened.

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
        let text = fs::read_to_string(&file)?;
        let (title, facts, sign) = (title(&text), facts(&text), sign(&text));
        out += &format!("    Story {{ slug: {slug:?}, title: {title:?}, facts: {facts:?}, sign: Sign::{sign} }},\n");
    }
    out += "]\n";
    fs::write(Path::new(&env::var("OUT_DIR")?).join("stories.rs"), out)?;
    lessons()
}

/// The lessons, by name: title and first sentence.
fn lessons() -> Result<(), Box<dyn std::error::Error>> {
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
        let prose = text.lines().skip_while(|line| line.is_empty() || line.starts_with('#'));
        let first = prose.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ").replace(['*', '`'], "");
        let about = first.split_once(". ").map_or(first.as_str(), |(sentence, _)| sentence).trim_end_matches('.');
        out += &format!("    Card {{ slug: {slug:?}, title: {title:?}, about: {:?} }},\n", format!("{about}."));
    }
    out += "]\n";
    fs::write(Path::new(&env::var("OUT_DIR")?).join("lessons.rs"), out)?;
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

/// The first sentence of the leading comment, at most so long that a card holds it.
fn title(text: &str) -> String {
    let comment = text.lines().take_while(|line| line.starts_with("--") && !line.starts_with("--@"));
    let whole = comment.map(|line| line.trim_start_matches('-').trim()).collect::<Vec<_>>().join(" ");
    let title = whole.split_once(". ").map_or(whole.as_str(), |(first, _)| first).trim_end_matches('.');
    if title.chars().count() <= 84 {
        return title.into();
    }
    let cut: String = title.chars().take(84).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{} …", words.trim_end_matches([',', ':', ';']))
}

/// What the world of a scenario is made of, from its own directives.
fn facts(text: &str) -> String {
    let directives = || text.lines().filter_map(|line| line.strip_prefix("--@ "));
    let value = |key: &str| directives().flat_map(str::split_whitespace).find_map(|word| word.strip_prefix(key));
    let nodes = value("nodes=").unwrap_or("3");
    let mut out = vec![format!("{nodes} {}", if nodes == "1" { "node" } else { "nodes" })];
    out.extend(value("clock=").map(|clock| format!("clock {clock}")));
    let verbs = ["kill", "partition", "pause", "power", "drop", "advance", "repair"];
    let used = verbs.iter().filter(|verb| directives().any(|line| line.split_whitespace().next() == Some(verb)));
    out.extend(used.take(2).map(ToString::to_string));
    out.join(" · ")
}

/// Which small picture tells what it is about.
fn sign(text: &str) -> &'static str {
    let has = |word: &str| text.contains(word);
    if ["kill", "partition", "power", "drop", "pause"].iter().any(|verb| has(&format!("--@ {verb}"))) {
        "Broken"
    } else if has("clock=") || has("--@ clock") {
        "Clock"
    } else if has("TTL") || has("DELETE") {
        "Shade"
    } else {
        "Row"
    }
}
