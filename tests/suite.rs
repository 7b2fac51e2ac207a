//! The suite: every scenario says what the model does, and says honestly whose word that is. The same cases run in Node and
//! in Chrome (`browser.rs`) and on a real Cassandra (`cargo xtask oracle --check`).

use scenario::directives::DIRECTIVES;
use scenario::link::{decode, digests, encode};
use scenario::{End, Provenance, compare, parse, provenance};
use std::path::Path;
use std::{env, fs};
use suite::{CASES, run};

#[test]
fn every_outcome_is_what_the_model_answers() {
    let mut wrong = String::new();
    for case in CASES {
        let blessed = run(case.text).blessed;
        for fault in &blessed.faults {
            wrong += &format!("{}:{fault}\n", case.path);
        }
        if blessed.end != End::Whole {
            wrong += &format!("{}: {:?}\n", case.path, blessed.end);
        } else if blessed.text != case.text {
            let agreement = compare(case.text, &blessed.text);
            wrong += &format!("{} {agreement}\n", case.path);
            agreement.differences.iter().for_each(|difference| wrong += &difference.to_string());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_outcome_says_whose_word_it_is() {
    let mut model = 0;
    let mut wrong = String::new();
    for case in CASES {
        match provenance(case.text) {
            Provenance::Checked(_) => {}
            Provenance::ModelOnly(_) => model += 1,
            Provenance::Dishonest(why) => wrong += &format!("{}: {why}\n", case.path),
        }
    }
    println!("{model} of {} scenarios ({} %) are the model's own word", CASES.len(), model * 100 / CASES.len());
    assert!(wrong.is_empty(), "{wrong}");
    // Scenarios about replicas can be checked when three real nodes can be driven; until then they must not be the most.
    assert!(model * 2 < CASES.len(), "{model} of {} scenarios are the model's own word", CASES.len());
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

/// A link that somebody has kept opens for ever. Files are only ever added here: `UPDATE=1` writes what is missing.
#[test]
fn golden_links_decode_for_ever() {
    let links = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/links");
    let mut kept = 0;
    for case in CASES.iter().filter(|case| case.path.starts_with("seeds/") || case.path.starts_with("clocks/")) {
        let name = case.path.replace('/', "-").replace(".cql", "");
        let (link, text) = (links.join(format!("{name}.link")), links.join(format!("{name}.cql")));
        if env::var_os("UPDATE").is_some() && !link.exists() {
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
        let faults = if directive.name == "client" { with("", "") } else { with(head, "SELECT v FROM t;\n") };
        assert!(faults.is_empty(), "{}: its example is wrong: {}", directive.name, faults[0]);
    }
}

/// `scenario` may not know `driver`; the two lists of names are one all the same.
#[test]
fn every_driver_that_can_be_named_has_a_profile() {
    let profiles: Vec<&str> = driver::PROFILES.iter().map(|profile| profile.name).collect();
    assert_eq!(profiles, scenario::DRIVERS);
}
