//! The suite: every scenario says what the model does, and says honestly whose word that is. The same cases run in Node and
//! in Chrome (`browser.rs`) and on a real Cassandra (`cargo xtask oracle --check`).

use scenario::directives::DIRECTIVES;
use scenario::link::{decode, digests, encode};
use scenario::{End, Provenance, compare, parse, provenance};
use std::path::Path;
use std::{env, fs};
use suite::{CASES, run, texts};

#[test]
fn every_outcome_is_what_the_model_answers() {
    let mut wrong = String::new();
    for (name, text) in texts() {
        let blessed = run(&text).blessed;
        for fault in &blessed.faults {
            wrong += &format!("{name}:{fault}\n");
        }
        if blessed.end != End::Whole {
            wrong += &format!("{name}: {:?}\n", blessed.end);
        } else if blessed.text != text {
            let agreement = compare(&text, &blessed.text);
            wrong += &format!("{name} {agreement}\n");
            agreement.differences.iter().for_each(|difference| wrong += &difference.to_string());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_outcome_says_whose_word_it_is() {
    let mut model = 0;
    let mut wrong = String::new();
    let all = texts().count();
    for (name, text) in texts() {
        match provenance(&text) {
            Provenance::Checked(_) => {}
            Provenance::ModelOnly(_) => model += 1,
            Provenance::Dishonest(why) => wrong += &format!("{name}: {why}\n"),
        }
    }
    println!("{model} of {all} texts ({} %) are the model's own word", model * 100 / all);
    assert!(wrong.is_empty(), "{wrong}");
    // Scenarios about replicas can be checked when three real nodes can be driven; until then they must not be the most.
    assert!(model * 2 < all, "{model} of {all} texts are the model's own word");
}

#[test]
fn every_scenario_teaches() {
    for case in CASES {
        let comment: Vec<&str> = case.text.lines().take_while(|line| line.starts_with("-- ")).collect();
        assert!(comment.len() >= 2, "{} does not begin with a comment that teaches", case.path);
        let (scenario, _) = parse(case.text);
        assert!(!scenario.questions.is_empty(), "{} asks the reader nothing", case.path);
        let said = scenario.blocks.iter().any(|block| !block.lines.is_empty());
        assert!(said, "{} shows no outcome", case.path);
    }
    assert!(CASES.len() >= 24, "{} scenarios", CASES.len());
}

/// A link that somebody has kept opens for ever. Files are only ever added here: `BLESS=1` writes what is missing.
#[test]
fn golden_links_decode_for_ever() {
    let links = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/links");
    let mut kept = 0;
    for case in CASES.iter().filter(|case| case.path.starts_with("seeds/") || case.path.starts_with("clocks/")) {
        let name = case.path.replace('/', "-").replace(".cql", "");
        let (link, text) = (links.join(format!("{name}.link")), links.join(format!("{name}.cql")));
        if env::var_os("BLESS").is_some() && !link.exists() {
            fs::write(&link, encode(case.text, &digests(&run(case.text).blessed.answers)) + "\n").unwrap();
            fs::write(&text, case.text).unwrap();
        }
    }
    for entry in fs::read_dir(&links).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "link") {
            let linked =
                decode(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            assert_eq!(linked.text, fs::read_to_string(path.with_extension("cql")).unwrap(), "{}", path.display());
            kept += 1;
        }
    }
    assert!(kept >= 6, "only {kept} links are kept");
}

#[test]
fn a_bug_report_fits_in_a_chat() {
    for case in CASES.iter().filter(|case| case.path.starts_with("seeds/")) {
        let link = encode(case.text, &digests(&run(case.text).blessed.answers));
        println!("{}: {} characters", case.path, link.len());
        assert!(link.len() <= 2_000, "{}: {} characters", case.path, link.len());
    }
}

/// `docs/scenario.md` lists exactly the table of directives, each as it is written.
#[test]
fn the_page_about_the_format_is_true() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.md")).unwrap();
    let (_, page) = page.split_once("## Directives").unwrap();
    let rows: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("| `--@ ")).collect();
    let listed: Vec<&str> = rows.iter().map(|row| row.split(['`', ' ']).next().unwrap()).collect();
    let table: Vec<&str> = DIRECTIVES.iter().map(|directive| directive.name).collect();
    assert_eq!(listed, table);
    for (row, directive) in rows.iter().zip(DIRECTIVES) {
        assert!(row.contains(directive.help), "{}: the page does not say: {}", directive.name, directive.help);
        for key in directive.keys {
            assert!(
                row.contains(&format!("{}=", key.name)),
                "{}: the page does not name {}=",
                directive.name,
                key.name
            );
        }
        for alias in directive.aliases {
            assert!(row.contains(alias), "{}: the page does not name {alias}", directive.name);
        }
        let example = format!("--@ {}\n", directive.example);
        let with = |head: &str, tail: &str| parse(&format!("{head}{example}{tail}")).1;
        let head = "--@ client api\n";
        // A line of a branch needs the branch, and a text above it that has what it speaks of.
        let read = "SELECT v FROM t;\n";
        let above = &format!("{read}{read}--@ flush\n{read}{read}--@ branch b\n");
        let faults = match directive.name {
            "client" => with("", ""),
            "branch" => with(read, ""),
            "instead" | "before" => with(above, read),
            "without" => with(above, ""),
            "swap" => with(head, &read.repeat(3)),
            _ => with(head, read),
        };
        assert!(faults.is_empty(), "{}: its example is wrong: {}", directive.name, faults[0]);
    }
}

/// `scenario` may not know `driver`; the two lists of names are one all the same.
#[test]
fn every_driver_that_can_be_named_has_a_profile() {
    let profiles: Vec<&str> = driver::PROFILES.iter().map(|profile| profile.name).collect();
    assert_eq!(profiles, scenario::DRIVERS);
}
