//! The small picture of every story and lesson, drawn from its own run: `BLESS=1 cargo test -p suite --test pictures` writes
//! `web/look/pictures.svg`, which the start page shows.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's helpers are tests")]

mod dates;
mod lanes;
mod sprite;

use scenario::Lesson;
use std::path::{Path, PathBuf};
use std::{env, fs};
use suite::{CASES, run};
use trace::{Index, Verdict, verdict};

#[test]
fn every_story_has_the_picture_of_its_run() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut is = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\">\n");
    let stories = CASES.iter().map(|case| (case.path.trim_end_matches(".cql").to_string(), case.text.to_string()));
    for (name, text) in stories.chain(lessons()) {
        is += &format!("<symbol id=\"{name}\" viewBox=\"0 0 132 56\">{}</symbol>\n", picture(&text));
    }
    is += "</svg>\n";
    let path = top.join("web/look/pictures.svg");
    if env::var_os("BLESS").is_some() {
        fs::write(&path, &is).unwrap();
    }
    assert!(fs::read_to_string(&path).is_ok_and(|was| was == is), "BLESS=1 writes it anew");
}

/// Every lesson: its name and what it runs before the reader's turn.
fn lessons() -> Vec<(String, String)> {
    let named = |(file, source): (PathBuf, String)| {
        let lesson = Lesson::read(&source).unwrap_or_else(|(line, why)| panic!("{}:{line}: {why}", file.display()));
        (file.file_stem().unwrap().to_string_lossy().into_owned(), lesson.text(lesson.steps.len()))
    };
    suite::lessons().unwrap().into_iter().map(named).collect()
}

fn picture(text: &str) -> String {
    let ran = run(text);
    let log = ran.world.trace().unwrap().log();
    let index = Index::build(&log).unwrap();
    let end = verdict(&index, &log).unwrap();
    let (why, met) = match &end {
        Verdict::Rows { rows, why, .. } => (why.as_ref(), Some(*rows > 0)),
        Verdict::Condition { why: Some(why), .. } => (Some(why), Some(!dates::hides(&why.chain))),
        _ => (None, None),
    };
    let dates = why
        .filter(|why| dates::decide(&log, &why.chain))
        .and_then(|why| dates::draw(&index, &log, why, met == Some(true)));
    dates.unwrap_or_else(|| lanes::draw(&index, &log, why, met))
}
