//! Style as a unit test: what a reviewer would otherwise have to say again and again.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's helpers are tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A file is a room: past this it is several.
const LINES_MAX: usize = 450;
/// What a room usually has; longer ones are listed, not refused.
const LINES_USUAL: usize = 180;

/// Longer than that, and known to be: each may only become shorter, and then leave this list.
const LONG: &[(&str, usize)] = &[];

/// Every crate of ours, its floor, and what it may never know although its floor would allow it.
/// Arrows point down only: a crate depends on lower floors.
const ROOMS: &[(&str, &str, u8, &[&str])] = &[
    ("sim", "crates/sim", 1, &[]),
    ("storage", "crates/storage", 1, &[]),
    ("trace", "crates/trace", 2, &[]),
    ("cql", "crates/cql", 2, &["sim"]),
    ("cluster", "crates/cluster", 3, &[]),
    ("driver", "crates/driver", 3, &[]),
    ("scenario", "crates/scenario", 3, &[]),
    ("world", "crates/world", 4, &[]),
    ("ask", "crates/ask", 4, &["world", "cql"]),
    ("native", "crates/native", 5, &[]),
    ("web", "web", 5, &["world", "cluster", "driver", "ask"]),
    ("worker", "web/worker", 6, &["native", "web"]),
    ("xtask", "crates/xtask", 1, &[]),
    ("split", "crates/split", 5, &["native", "web"]),
    ("bench", "crates/bench", 6, &["native", "web", "worker"]),
    ("suite", ".", 7, &[]),
];

/// Floors that live without std.
const NO_STD: std::ops::RangeInclusive<u8> = 1..=4;

#[test]
fn no_file_is_longer_than_a_room() {
    let (mut long, mut many) = (Vec::new(), Vec::new());
    for path in sources(&["rs", "mjs", "css"]) {
        let text = read(&path);
        if text.lines().take(3).any(|line| line.contains("@generated")) {
            continue;
        }
        let known = LONG.iter().find(|(long, _)| Path::new(long) == path);
        match text.lines().count() {
            n if n > known.map_or(LINES_MAX, |(_, lines)| *lines) => long.push(format!("{n:>5} {}", path.display())),
            n if n > LINES_USUAL => many.push(format!("{n:>5} {}", path.display())),
            _ => {}
        }
    }
    many.sort();
    println!("{} files have more than {LINES_USUAL} lines:\n{}", many.len(), many.join("\n"));
    assert!(long.is_empty(), "files of more than {LINES_MAX} lines:\n{}", long.join("\n"));
}

#[test]
fn crates_depend_downwards_and_never_on_what_they_may_not_know() {
    let floors: BTreeMap<&str, u8> = ROOMS.iter().map(|(name, _, floor, _)| (*name, *floor)).collect();
    for (name, dir, floor, nevers) in ROOMS {
        for dependency in dependencies(dir, &["dependencies", "build-dependencies"]) {
            let Some(below) = floors.get(dependency.as_str()) else { continue };
            assert!(below < floor, "{name} (floor {floor}) depends on {dependency} (floor {below})");
            assert!(!nevers.contains(&dependency.as_str()), "{name} may never know {dependency}");
            assert!(
                !["native", "xtask", "bench"].contains(&dependency.as_str()) || *name == "suite",
                "{name} imports {dependency}"
            );
        }
    }
    assert!(dependencies("crates/xtask", &["dependencies"]).is_empty(), "xtask must build in seconds: no dependencies");
}

#[test]
fn every_room_is_in_the_table_and_floors_without_std_say_so() {
    for dir in fs::read_dir(top().join("crates")).unwrap() {
        let name = dir.unwrap().file_name().into_string().unwrap();
        assert!(ROOMS.iter().any(|(room, ..)| *room == name), "crates/{name} is in no floor");
    }
    for (name, dir, floor, _) in ROOMS.iter().filter(|(name, ..)| *name != "xtask") {
        let path = top().join(dir).join("src/lib.rs");
        if NO_STD.contains(floor) {
            let text = read(&path);
            assert!(text.lines().any(|line| line == "#![no_std]"), "{name} does not say #![no_std]");
            assert!(text.contains("*Never*"), "{name} opens without its never");
        }
    }
}

#[test]
fn colours_have_names() {
    // The page of directives is made of the tokens, and a test says when it is not.
    let tokens = ["tokens.css", "directives.html"];
    let mut found = Vec::new();
    for path in sources(&["rs", "css", "html"]) {
        let ours = path.starts_with("web") || path == Path::new("index.html");
        if !ours || tokens.iter().any(|name| path.ends_with(name)) {
            continue;
        }
        for (number, line) in read(&path).lines().enumerate() {
            if let Some(colour) = colour(line) {
                found.push(format!("{}:{}: {colour}", path.display(), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "literal colours outside tokens.css:\n{}", found.join("\n"));
}

/// The first `#abc`, `#aabbcc`, `rgb(` or the like; `&#160;` and `href="#start"` are none.
fn colour(line: &str) -> Option<String> {
    for function in ["rgb(", "rgba(", "hsl(", "hsla(", "oklch("] {
        if line.contains(function) {
            return Some(function.to_owned());
        }
    }
    line.match_indices('#').find_map(|(at, _)| {
        let digits: String = line[at + 1..].chars().take_while(char::is_ascii_hexdigit).collect();
        let ends =
            line[at + 1 + digits.len()..].chars().next().is_none_or(|next| !next.is_alphanumeric() && next != '-');
        let entity = line[..at].ends_with('&');
        (ends && !entity && [3, 4, 6, 8].contains(&digits.len()) && digits.chars().any(|c| c.is_ascii_digit()))
            .then(|| format!("#{digits}"))
    })
}

#[test]
fn nothing_names_a_machine() {
    let homes =
        [["/ro", "ot/"].concat(), ["/ho", "me/"].concat(), ["/wo", "rk/"].concat(), ["arti", "factory"].concat()];
    for path in
        sources(&["rs", "toml", "lock", "md", "cql", "mjs", "css", "html", "json", "yaml", "xml", "capnp", "run"])
    {
        let text = read(&path);
        for home in &homes {
            assert!(!text.contains(home.as_str()), "{} names {home}", path.display());
        }
    }
}

#[test]
fn every_dependency_has_its_line() {
    let architecture = read(Path::new("ARCHITECTURE.md"));
    let ours: Vec<&str> = ROOMS.iter().map(|(name, ..)| *name).collect();
    let mut missing = Vec::new();
    for (_, dir, ..) in ROOMS {
        for name in dependencies(dir, &["dependencies", "build-dependencies", "dev-dependencies"]) {
            if !ours.contains(&name.as_str())
                && !architecture.contains(&format!("`{name}`"))
                && !missing.contains(&name)
            {
                missing.push(name);
            }
        }
    }
    assert!(missing.is_empty(), "ARCHITECTURE.md says of these dependencies nothing: {missing:?}");
}

#[test]
fn documents_name_files_that_exist() {
    let mut gone = Vec::new();
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/scenario.md"] {
        let text = read(Path::new(name));
        let folder = Path::new(name).parent().unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap();
            if !file.is_empty() && !file.contains("://") && !top().join(folder).join(file).exists() {
                gone.push(format!("{name} links to {target}"));
            }
        }
        for word in text.split('`').skip(1).step_by(2) {
            let path = word.trim_end_matches('/');
            let rooted = ["crates/", "web/", "tests/", "docs/", "fuzz/"].iter().any(|root| path.starts_with(root));
            let plain = path.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
            if rooted && plain && !top().join(path).exists() {
                gone.push(format!("{name} names {word}"));
            }
        }
    }
    assert!(gone.is_empty(), "{}", gone.join("\n"));
}

/// The names in these sections of a crate's Cargo.toml.
fn dependencies(dir: &str, sections: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in read(&Path::new(dir).join("Cargo.toml")).lines() {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            let section = section.rsplit_once("'.").map_or(section, |(_, last)| last);
            inside = sections.contains(&section);
        } else if inside
            && let Some((name, _)) = line.split_once(['.', ' ', '='])
            && !name.is_empty()
            && !name.starts_with(['#', '"', ']'])
        {
            found.push(name.to_owned());
        }
    }
    found
}

/// Every file with one of these ends that we wrote, by its path from the top.
fn sources(ends: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    visit(&top(), &mut |path| {
        let end = path.extension().or(path.file_name()).and_then(|end| end.to_str()).unwrap_or_default();
        if ends.contains(&end) {
            found.push(path.strip_prefix(top()).unwrap().to_path_buf());
        }
    });
    assert!(found.len() > 2, "no sources found: this test looks in the wrong place");
    found
}

fn visit(dir: &Path, seen: &mut impl FnMut(&Path)) {
    let mut entries: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if ["target", "dist", "node_modules", ".git", "corpus", "artifacts", "coverage"].contains(&name) {
            continue;
        }
        if entry.is_dir() { visit(&entry, seen) } else { seen(&entry) }
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(top().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
