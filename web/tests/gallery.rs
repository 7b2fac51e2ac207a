//! The gallery's cards are made of the suite: an entry is a test, its first comment is what the card says. They are served beside the
//! page (`look/gallery.tsv`); `BLESS=1 cargo test -p web` writes them anew.

use scenario::says;
use std::{fs, path::Path};
use web::gallery::{read, shelves, symptoms};
use web::reading::{Reading, look};

/// What one sees when rows go astray: the story that shows why, the words of who sees it, and the reason.
const SYMPTOMS: [(&str, &str, &str); 12] = [
    ("clocks/the-writer-is-20-ms-ahead", "My delete did nothing.", "Its date is older than the rows it should remove."),
    ("replicas/the-zombie", "Deleted rows came back.", "One replica missed the delete; the others forgot it."),
    ("clocks/the-writer-is-20-ms-behind", "What I write disappears.", "A tombstone from a moment ago is dated later."),
    (
        "clocks/an-update-that-changes-nothing",
        "My update changed nothing.",
        "It was answered with success, and dated earlier.",
    ),
    ("replicas/a-replica-missed-the-delete", "Two reads, two answers.", "ONE asks one replica. It depends on which."),
    ("deletes/rows-from-the-future", "These rows cannot be deleted.", "They are dated in the future."),
    ("faults/unavailable-or-timed-out", "It timed out. Is it written?", "Nobody knows; the replicas do."),
    ("values/a-row-nobody-wrote", "Nobody wrote this row.", "Cells are resolved one by one, also within a row."),
    ("values/a-row-without-its-marker", "The row is half empty.", "What the delete missed came after it."),
    (
        "transactions/applied-and-yet-not-there",
        "Applied, and not there.",
        "IF is decided by Paxos, the value by its date.",
    ),
    ("faults/the-power-goes", "Acknowledged, and lost.", "It was in memory when the power went."),
    ("seeds/000-the-platforms-are-clocks", "It fails on my laptop only.", "A platform is, to a database, a clock."),
];

#[test]
fn the_gallery_says_what_the_suite_has() {
    let mut cards = String::new();
    let stories = suite().expect("it is there");
    for (slug, says, why) in SYMPTOMS {
        let (_, text) = stories.iter().find(|(story, _)| story == slug).expect("a symptom has its story");
        cards += &format!("{slug}\t{}\t“{says}”\t{why}\n", facts(text));
    }
    for (slug, text) in &stories {
        let text = text.as_str();
        cards += &format!("{slug}\t{}\t{}\t\n", facts(text), title(text));
        let meaning = scenario::meaning(text);
        assert_eq!(meaning.faults, [], "{slug}");
        assert!(meaning.runs, "{slug}");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("look/gallery.tsv");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &cards).expect("it can be written");
    }
    assert!(fs::read_to_string(&path).is_ok_and(|told| told == cards), "BLESS=1 writes it anew");
    let (files, stories) = (stories.len(), read(&cards));
    assert_eq!(symptoms(&stories).len(), SYMPTOMS.len());
    assert_eq!(shelves(&stories).map(|(_, shelf)| shelf.len()).sum::<usize>(), files);
    assert!(stories.iter().all(|story| !story.title.is_empty()));
}

#[test]
fn one_choice_of_each_question_is_right() {
    for (slug, text) in suite().expect("it is there") {
        let seen = look(&text, &Reading::default());
        for question in &seen.questions {
            let came = question.outcome.map(|at| &seen.outcomes[at].words);
            let came = came.unwrap_or_else(|| panic!("{slug}: nothing comes of {}", question.words));
            let right: Vec<_> = question.choices.iter().filter(|choice| says(choice, came)).collect();
            assert_eq!(right.len(), 1, "{slug}: {} {:?}: {came:#?}", question.words, question.choices);
        }
    }
}

/// Every scenario of the suite, in order: its name and its text.
fn suite() -> std::io::Result<Vec<(String, String)>> {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/scenarios");
    let mut files = Vec::new();
    walk(&suite, &mut files)?;
    files.sort();
    let named = |file: &std::path::PathBuf| {
        let below = file.strip_prefix(&suite).unwrap_or(file).with_extension("");
        Ok((below.to_string_lossy().replace('\\', "/"), fs::read_to_string(file)?))
    };
    files.iter().map(named).collect()
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
