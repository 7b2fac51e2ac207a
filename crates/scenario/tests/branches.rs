//! Branches: another future of a text is written as what it has elsewhere, and reading that gives the future again.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends by panicking")]

use proptest::prelude::*;
use scenario::{branches, parse, trunk, with_branches, with_outcomes};

const TEXT: &str = "\
-- The writer's clock is ahead.
--@ cluster nodes=3 seed=7
--@ client api clock=+20ms
--@ client cron
CREATE TABLE t (k int PRIMARY KEY, v int);
--@ as api
INSERT INTO t (k, v) VALUES (1, 1);

--@ advance 1s
--@ kill n3
-- This one does nothing.
--@ as cron
DELETE FROM t WHERE k = 1;
SELECT * FROM t;
--> (1 rows)
";

fn future(under: &str) -> String {
    let text = format!("{TEXT}\n{under}");
    let (_, faults) = parse(&text);
    assert!(faults.is_empty(), "{}", faults[0]);
    assert_eq!(trunk(&text), TEXT);
    branches(&text)[0].text.clone()
}

fn refused(under: &str) -> String {
    let text = format!("{TEXT}\n{under}");
    let faults = parse(&text).1;
    let fault = faults.first().unwrap_or_else(|| panic!("nothing is wrong with {under}"));
    assert!(text[..fault.span.start as usize].lines().count() >= TEXT.lines().count(), "{fault} is not in the branch");
    fault.to_string()
}

#[test]
fn a_line_of_the_head_takes_the_place_of_the_one_with_its_name() {
    let text = future("--@ branch right\n-- The clocks are right.\n--@ client api\n--@ client late\n");
    let (scenario, _) = parse(&text);
    let names: Vec<_> = scenario.setup.clients.iter().map(|client| (client.name.as_str(), client.clock)).collect();
    assert_eq!(names, [("api", 0), ("cron", 0), ("late", 0), ("cqlsh", 0)]);
    assert!(text.starts_with("-- The clocks are right.\n--@ cluster"), "{text}");
}

#[test]
fn steps_are_named_by_the_statement_above_them() {
    let text = future(
        "--@ branch b\n--@ without 2+2\n--@ before 2+1\n--@ flush\n--@ instead 4\nSELECT v FROM t;\n--> (0 rows)\n",
    );
    let expected = TEXT
        .replace("--@ kill n3\n", "")
        .replace("\n--@ advance 1s\n", "--@ flush\n\n--@ advance 1s\n")
        .replace("SELECT * FROM t;\n--> (1 rows)", "SELECT v FROM t;\n--> (0 rows)");
    assert_eq!(text, expected);
    let text = future("--@ branch b\n--@ before end\n--@ repair\nSELECT k FROM t;");
    assert!(text.ends_with("--> (1 rows)\n--@ repair\nSELECT k FROM t;\n"), "{text}");
}

#[test]
fn what_is_wrong_has_its_place() {
    assert_eq!(
        refused("--@ branch b\n--@ instead 9\nX;"),
        "18:13: the text above has no 9 (its statements are 1 to 4)"
    );
    assert!(refused("--@ branch b\nSELECT 1;\n").contains("where this stands"));
    assert!(refused("--@ branch b\n--@ instead 3\nSELEKT * FROM t;\n").starts_with("19:1: "));
    assert!(refused("--@ branch b\n--@ without 2+3\n").contains("no 2+3"));
    assert!(refused("--@ branch b\n--@ without 3\nSELECT * FROM t;\n").contains("below without"));
    assert!(refused("--@ branch b\n--@ instead 3\nSELECT * FROM t;\n--@ without 3\n").contains("changed twice"));
    assert!(refused("--@ branch b\n--@ branch b\n").contains("two branches named b"));
    assert!(refused("--@ branch\n").contains("says no NAME"));
    assert!(refused("--@ branch b\n--@ instead 1, 2\nSELECT * FROM t;\n").contains("one place too many"));
    // A future can break what stands above it: that is said at the branch.
    assert_eq!(
        refused("--@ branch b\n--@ cluster nodes=2\n"),
        "17:1: in b, there is no n3; did you mean n2? (the cluster has n1 to n2)"
    );
    assert!(parse("--@ instead 3\nSELECT 1;").1[0].to_string().contains("stands in no branch"));
    assert!(parse("--@ swap 1.1 7.1\nSELECT * FROM t;").1[0].to_string().contains("no statement 7"));
}

#[test]
fn the_repair_of_a_fault_in_a_branch_is_in_the_branch() {
    let text = format!("{TEXT}\n--@ branch b\n--@ before 3\n--@ flsh\n");
    let fault = parse(&text).1.remove(0);
    let fix = fault.fix.unwrap();
    let mended = scenario::applied(&text, &[&fix]);
    assert!(mended.ends_with("--@ flush\n"), "{mended}");
    assert!(parse(&mended).1.is_empty());
}

#[test]
fn outcomes_are_written_into_the_branch() {
    let text = format!("{TEXT}\n--@ branch b\n-- Why not.\n--@ instead 3\nDELETE FROM t WHERE k = 2;\n");
    let future = &branches(&text)[0].text;
    let blessed =
        future.replace("WHERE k = 2;\n", "WHERE k = 2;\n--> Error X\n").replace("--> (1 rows)", "--> (0 rows)");
    let whole = with_outcomes(&text, "b", &blessed);
    assert_eq!(
        whole,
        text.replace("k = 2;\n", "k = 2;\n--> Error X\n").trim_end().to_string()
            + "\n--@ instead 4\nSELECT * FROM t;\n--> (0 rows)\n"
    );
    assert_eq!(branches(&whole)[0].text, blessed);
    assert_eq!(with_outcomes(&whole, "b", &blessed), whole, "writing it again changes nothing");
}

/// Parts a text may be made of; each ends a step, or is the head's.
const PARTS: &[&str] = &[
    "CREATE TABLE t (k int PRIMARY KEY, v int);\n",
    "INSERT INTO t (k, v) VALUES (1, 1);\n",
    "INSERT INTO t (k, v) VALUES (2, 2); DELETE FROM t WHERE k = 2;\n",
    "SELECT * FROM t;\n--> (1 rows)\n",
    "SELECT * FROM t;\n--> (0 rows)\n--~ a line\n",
    "--@ as api\nDELETE FROM t\n WHERE k = 1;\n",
    "--@ advance 1s\n",
    "--@ kill n2\n",
    "-- said\n--@ flush\n",
    "--@ async\n-- a comment\nUPDATE t SET v = 3 WHERE k = 1;\n",
    "--? what | 0 | 1\nSELECT v FROM t;\n",
    "\n\n--@ repair\n",
];
const HEADS: &[&str] = &[
    "--@ client api\n",
    "--@ client cron clock=+1s\n",
    "--@ client api clock=+20ms\n",
    "--@ swap 1.1 1.2\n",
    "--@ cluster nodes=3\n",
    "--@ cluster seed=1\n",
];
const LEADS: &[&str] = &["", "-- A title.\n", "-- Another.\n-- Two lines.\n"];

fn text() -> impl Strategy<Value = (usize, Vec<usize>, Vec<usize>, bool)> {
    (
        0..LEADS.len(),
        prop::collection::vec(0..HEADS.len(), 0..4),
        prop::collection::vec(0..PARTS.len(), 0..12),
        any::<bool>(),
    )
}

fn written((lead, heads, parts, ended): &(usize, Vec<usize>, Vec<usize>, bool)) -> String {
    // A name stands in the head once.
    let name = |line: &str| line.split_whitespace().take(3).filter(|word| !word.contains('=')).collect::<String>();
    let mut named: Vec<String> = Vec::new();
    let heads = heads.iter().map(|at| HEADS[*at]).filter(|line| {
        let new = !named.contains(&name(line));
        named.push(name(line));
        new
    });
    let tail = if *ended { "" } else { "-- the end" };
    std::iter::once(LEADS[*lead]).chain(heads).chain(parts.iter().map(|at| PARTS[*at])).chain([tail]).collect()
}

/// A text without the empty lines that stand between steps.
fn dense(text: &str) -> String {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| format!("{line}\n")).collect()
}

proptest! {
    #[test]
    fn a_future_written_and_read_is_the_same(base in text(), others in prop::collection::vec(text(), 1..4)) {
        let base = written(&base);
        let mut others: Vec<String> = others.iter().map(written).collect();
        // A title is there or is the text's own: a future cannot take it away.
        for other in &mut others {
            if base.starts_with("-- ") && !other.starts_with("-- ") {
                other.insert_str(0, LEADS[1]);
            }
        }
        let names: Vec<String> = (0..others.len()).map(|n| format!("b{n}")).collect();
        let futures: Vec<(&str, &str)> = names.iter().zip(&others).map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let whole = with_branches(&base, &futures);
        prop_assert_eq!(dense(trunk(&whole)), dense(&base));
        let read = branches(&whole);
        prop_assert_eq!(read.len(), others.len());
        for (branch, other) in read.iter().zip(&others) {
            prop_assert_eq!(dense(&branch.text), dense(other), "{}", whole);
        }
        let again: Vec<(&str, &str)> = read.iter().map(|branch| (branch.name.as_str(), branch.text.as_str())).collect();
        prop_assert_eq!(with_branches(&whole, &again), whole);
    }

    #[test]
    fn no_branch_is_too_odd(base in "(?s).{0,60}", under in "(--@ (branch b|instead 1|before end|without 2|client a)\n|SELECT 1;\n|--> 1\n|'|/\\*|\\PC{0,4}|\r\n){0,12}") {
        let text = format!("{base}\n{under}");
        let (_, faults) = parse(&text);
        for fault in faults {
            prop_assert!(fault.span.end as usize <= text.len());
        }
        for branch in branches(&text) {
            let _ = with_outcomes(&text, &branch.name, &branch.text);
        }
    }
}
