//! The program as a shell sees it: exit codes, what goes where, and what it does with rubbish.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail it")]

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn tombstone(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tombstone"));
    command.args(args).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    command
}

/// Exit code, standard output, standard error.
fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn run(args: &[&str]) -> (i32, String, String) {
    said(&tombstone(args).stdin(Stdio::null()).output().unwrap())
}

fn fed(args: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut child =
        tombstone(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    said(&child.wait_with_output().unwrap())
}

fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

const STORY: &str = "tests/scenarios/clocks/the-writer-is-20-ms-ahead.cql";
const TABLE: &str = "CREATE TABLE t (k int PRIMARY KEY);\nSELECT * FROM t;\n";
const BLESSED: &str = "CREATE TABLE t (k int PRIMARY KEY);\nSELECT * FROM t;\n--> k\n--> -\n-->\n--> (0 rows)\n";

#[test]
fn run_says_the_same_or_shows_the_difference() {
    assert_eq!(run(&["run", STORY]), (0, std::fs::read_to_string(format!("../../{STORY}")).unwrap(), String::new()));
    assert_eq!(fed(&["run", "-"], BLESSED.as_bytes()), (0, BLESSED.into(), String::new()));
    let (code, out, err) = fed(&["run", "-"], BLESSED.replace("(0 rows)", "(1 rows)").as_bytes());
    assert_eq!((code, out.as_str()), (1, BLESSED));
    assert!(
        err.contains("---> (1 rows)\n") && err.contains("+--> (0 rows)\n") && err.contains("agrees on 1 of 2"),
        "{err}"
    );
}

#[test]
fn what_cannot_be_read_is_2_and_says_why() {
    let (code, out, err) = fed(&["run", "-"], b"SELECT v FROM t;\n--@ advnace 1s\n");
    assert_eq!(code, 2);
    assert!(out.starts_with("SELECT v FROM t;\n--> Error Invalid\n"), "what stands above the fault ran: {out}");
    assert!(err.contains("-:2:5: there is no directive advnace; did you mean advance?"), "{err}");
    for (args, says) in [
        (&["run", "nowhere.cql"][..], "nowhere.cql: No such file"),
        (&["run"], "run takes one file, link or -, and was given 0"),
        (&["run", STORY, "--sede", "3"], "did you mean --seed?"),
        (&["run", STORY, "--seed", "x"], "--seed x is not a whole number"),
        (&["rnu"], "did you mean run?"),
        (&["open", "AQ!A"], "a link cannot contain '!' (character 3)"),
        (&["help", "advnace"], "did you mean advance?"),
        (&["explain", STORY, "--row", "org-2"], "did you mean org-1?"),
        (&["suite", "nowhere"], "nowhere: No such file"),
        (&["run", "tests"], "tests: it is a directory; tombstone suite"),
        (&["open", STORY], "is a file, and open takes a link"),
        (&["open", "foo"], "this is no link, or one of a later version: its format is 126"),
    ] {
        let (code, _, err) = run(args);
        assert_eq!(code, 2, "{args:?}");
        assert!(err.starts_with("tombstone: ") && err.contains(says), "{args:?}: {err}");
    }
    let (code, _, err) = fed(&["run", "-"], b"\xff\xfe");
    assert_eq!((code, err.contains("UTF-8")), (2, true), "{err}");
    let (code, out, err) = fed(&["run", "-"], "a".repeat((1 << 20) + 1).as_bytes());
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("more than 1048576 bytes") && err.len() < 200, "{err}");
}

#[test]
fn what_other_editors_write_is_read() {
    let dressed = |text: &str| format!("\u{feff}--@ cluster nodes=1 rf=1\n{text}").replace('\n', "\r\n");
    let (code, out, err) = fed(&["run", "-"], dressed(TABLE).as_bytes());
    assert_eq!((code, out), (1, dressed(BLESSED)), "{err}");
    assert_eq!(fed(&["run", "-"], dressed(BLESSED).as_bytes()), (0, dressed(BLESSED), String::new()));
    assert_eq!(fed(&["run", "-"], b""), (0, String::new(), String::new()));
}

#[test]
fn one_file_that_cannot_be_read_does_not_end_the_suite() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("half");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("a.cql"), b"\xff").unwrap();
    std::fs::copy(format!("../../{STORY}"), folder.join("b.cql")).unwrap();
    let (code, out, _) = run(&["suite", &folder.display().to_string()]);
    assert_eq!(code, 1);
    assert!(out.contains("it is not UTF-8 text: its byte 1") && out.ends_with("1 passed, 1 failed\n"), "{out}");
}

#[test]
fn digest_seed_and_json() {
    let digest = run(&["run", STORY, "--digest"]).1;
    assert_eq!(digest, run(&["run", STORY, "--digest"]).1);
    assert_ne!(digest, run(&["run", STORY, "--digest", "--seed", "8"]).1);
    let (hex, algorithm) = digest.trim().split_once(' ').unwrap();
    assert!(hex.len() == 16 && algorithm.starts_with("xxh3-64"), "{digest}");
    let (code, out, err) = run(&["run", STORY, "--json", "--trace"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["digest"], hex);
    assert_eq!((&json["same"], &json["compared"]), (&true.into(), &5.into()));
    assert!(json["trace"].as_array().unwrap().len() as u64 == json["events"].as_u64().unwrap());
    let json: serde_json::Value = serde_json::from_str(&fed(&["run", "-", "--json"], TABLE.as_bytes()).1).unwrap();
    assert_eq!((&json["same"], &json["differences"][0]["line"]), (&false.into(), &2.into()));
}

#[test]
fn a_link_brings_the_text_back() {
    let link = run(&["link", STORY, "--base", "http://127.0.0.1:8080/"]).1;
    let link = link.trim();
    assert!(link.starts_with("http://127.0.0.1:8080/#"));
    let text = std::fs::read_to_string(format!("../../{STORY}")).unwrap();
    assert_eq!(run(&["open", link]), (0, text.clone(), String::new()));
    assert_eq!(run(&["run", link]), (0, text, String::new()));
    assert_eq!(run(&["run", link, "--digest"]).1, run(&["run", STORY, "--digest"]).1);
    assert_eq!(run(&["open", &link[..link.len() - 8]]).0, 2);
    assert_eq!(run(&["open", &format!("{link}AAAA")]).0, 2);
    assert_eq!(fed(&["open", "-"], link.as_bytes()), run(&["open", link]));
    let json: serde_json::Value = serde_json::from_str(&run(&["link", STORY, "--json"]).1).unwrap();
    assert!(link.ends_with(json["link"].as_str().unwrap()));
}

#[test]
fn bless_writes_outcomes_and_nothing_else() {
    let name = file("bless.cql", TABLE);
    assert_eq!(run(&["bless", &name]).0, 0);
    assert_eq!(std::fs::read_to_string(&name).unwrap(), BLESSED);
    assert!(run(&["bless", &name]).1.contains("as it was"));
    let odd = file("odd.cql", "--@ advnace 1s\n");
    assert_eq!(run(&["bless", &odd]).0, 2);
    assert_eq!(std::fs::read_to_string(&odd).unwrap(), "--@ advnace 1s\n");
}

#[test]
fn bless_writes_the_account_that_a_text_asks_for() {
    let path = file("traced", "CREATE TABLE t (k int PRIMARY KEY);\n--@ trace\nSELECT * FROM t;\n");
    assert_eq!(run(&["bless", &path]).0, 0);
    let blessed = std::fs::read_to_string(&path).unwrap();
    assert!(blessed.lines().any(|line| line.starts_with("--~ ") && line.contains("submits SELECT")), "{blessed}");
    assert!(!blessed.contains("submits CREATE"), "{blessed}");
    assert_eq!(run(&["run", &path]).0, 0, "its own words agree with it");
}

#[test]
fn suite_ends_with_how_many_passed() {
    let (code, out, _) = run(&["suite"]);
    assert_eq!(code, 0, "{out}");
    let passed = out.lines().filter(|line| line.starts_with("ok ")).count();
    assert_eq!(out.lines().last().unwrap(), format!("{passed} passed, 0 failed"));
    assert!(passed >= 24);
    let name = file("nobody.cql", BLESSED);
    let (code, out, _) = run(&["suite", &name]);
    assert_eq!(code, 1);
    assert!(out.contains("no server checked it") && out.ends_with("0 passed, 1 failed\n"), "{out}");
}

#[test]
fn explain_gives_the_reason_in_words() {
    let (code, out, _) = run(&["explain", STORY, "--row", "org-1"]);
    assert_eq!(code, 0);
    assert!(out.contains("A tombstone covers what is not newer than itself"), "{out}");
    let json: serde_json::Value = serde_json::from_str(&run(&["explain", STORY, "--json"]).1).unwrap();
    assert!(json["rows"][0]["why"].as_array().unwrap().iter().any(|link| link["decides"] == true));
}

#[test]
fn whatif_says_where_it_tips() {
    let (code, out, _) = run(&["whatif", STORY, "--seeds", "3"]);
    assert_eq!(code, 0);
    for said in
        ["What if the clock of api were not +20ms?", "from +3328us down: 0 rows", "Consistency changes nothing here"]
    {
        assert!(out.contains(said), "{said} is not in:\n{out}");
    }
    assert!(out.contains("\nWith 3 other seeds it ends the same in 3: 1 row in 3.\n"), "{out}");
    assert!(out.ends_with("Decided from the start: other luck changes nothing, in 3 of 3 futures.\n"), "{out}");
    let json: serde_json::Value =
        serde_json::from_str(&run(&["whatif", STORY, "--json", "--axes", "seed,replicas"]).1).unwrap();
    assert_eq!(json["tip"]["tips"][0]["at"], "+3328us");
    assert_eq!((&json["grid"]["cells"][0][0], &json["seeds"]["of"]), (&"1 row".into(), &64.into()));
    let (code, _, err) = run(&["whatif", STORY, "--axes", "moon,replicas"]);
    assert!(code == 2 && err.contains("there is no axis moon"), "{err}");
}

#[test]
fn help_knows_every_command_and_directive() {
    let overview = run(&["help"]).1;
    for command in ["run", "bless", "suite", "link", "open", "explain", "help"] {
        assert!(overview.contains(&format!("tombstone {command}")), "{command}");
        assert_eq!(run(&[command, "--help"]).0, 0, "{command}");
    }
    let all = run(&["help", "directives"]).1;
    for directive in scenario::directives::DIRECTIVES {
        assert!(all.contains(directive.help));
        assert!(run(&["help", directive.name]).1.contains(directive.example), "{}", directive.name);
    }
    for topic in ["format", "limits", "exit-codes"] {
        assert_eq!(run(&["help", topic]).0, 0, "{topic}");
    }
    assert!(!overview.contains('\x1b'), "colours only on a terminal");
}

#[test]
fn whoever_reads_may_stop_reading() {
    let mut child =
        tombstone(&["run", STORY, "--trace"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut some = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut some).unwrap();
    let (_, _, err) = said(&child.wait_with_output().unwrap());
    assert_eq!(err, "");
}
