//! A text that was put in order is in order, and means what it meant.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail it")]

use proptest::prelude::*;
use scenario::{Act, Edit, applied, format, parse};
use std::fs;
use std::path::{Path, PathBuf};

fn formatted(text: &str) -> String {
    applied(text, &format(text).iter().collect::<Vec<&Edit>>())
}

/// What a text means: its steps without places, its statements as trees, its faults in words.
fn meaning(text: &str) -> Vec<String> {
    let (scenario, faults) = parse(text);
    let step = |act: &Act| match act {
        Act::Cql(said) => match cql::parse(&said.text) {
            Ok(tree) => format!("{} {:?} {:?} {} {tree:?}", said.number, said.client, said.settings, said.waits),
            Err(_) => format!("{said:?}"),
        },
        other => format!("{other:?}"),
    };
    let mut all: Vec<String> = scenario.steps.iter().map(|one| step(&one.act)).collect();
    all.push(format!("{:?} {:?} {:?} {:?}", scenario.setup, scenario.focus, scenario.needs, scenario.trace));
    all.extend(scenario.blocks.iter().map(|block| format!("{:?} {:?}", block.steps, block.lines)));
    all.extend(scenario.questions.iter().map(|question| format!("{} {:?}", question.text, question.choices)));
    all.extend(faults.iter().map(|fault| fault.so.clone()));
    all
}

fn holds(text: &str) -> String {
    let once = formatted(text);
    assert_eq!(meaning(text), meaning(&once), "\n{text}\n----\n{once}");
    assert_eq!(formatted(&once), once, "twice");
    once
}

fn scenarios() -> Vec<String> {
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios"), &mut found);
    assert!(found.len() > 50);
    found.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
}

#[test]
fn every_scenario_keeps_its_meaning() {
    for text in scenarios() {
        holds(&text);
    }
}

#[test]
fn words_and_spaces() {
    for (text, is) in [
        ("select  a,b from t where k=1 ;", "SELECT a, b FROM t WHERE k = 1;"),
        (
            "insert into t (k,  v) values ( 1,'a  b' ) using ttl 5;",
            "INSERT INTO t (k, v) VALUES (1, 'a  b') USING TTL 5;",
        ),
        (
            "create table t (key int primary key, v map<text,int>);",
            "CREATE TABLE t (key int PRIMARY KEY, v map<text, int>);",
        ),
        (
            "select count(*), ttl(v) from t -- from  here\n where k = true;",
            "SELECT count(*), ttl(v) FROM t -- from  here\n WHERE k = true;",
        ),
        ("consistency quorum\n", "CONSISTENCY QUORUM\n"),
        ("--@   cluster  nodes=3   rf=3\n", "--@ cluster nodes=3 rf=3\n"),
        (
            "--@ client api  driver=rust\n--@ client cron driver=rust\n",
            "--@ client api  driver=rust\n--@ client cron driver=rust\n",
        ),
        ("--@  needs model:  two   spaces\n", "--@ needs model:  two   spaces\n"),
        ("selct  x;\n--> Error SyntaxError\n", "selct  x;\n--> Error SyntaxError\n"),
    ] {
        assert_eq!(holds(text), is);
    }
}

#[test]
fn a_long_statement_has_a_line_for_each_clause() {
    let long = "select user_id, version, writetime(version) from platform_users where org_id = 'org-1' and user_id > 'user-1' limit 3;\n--> x\n";
    assert_eq!(
        holds(long),
        "SELECT user_id, version, writetime(version)\n  FROM platform_users\n  WHERE org_id = 'org-1'\n  AND user_id > 'user-1'\n  LIMIT 3;\n--> x\n"
    );
    let table = "CREATE TABLE IF NOT EXISTS platform_users (org_id text, user_id text, version int, note text, PRIMARY KEY (org_id, user_id)) WITH gc_grace_seconds = 60;";
    assert_eq!(
        holds(table),
        "CREATE TABLE IF NOT EXISTS platform_users (\n  org_id text,\n  user_id text,\n  version int,\n  note text,\n  PRIMARY KEY (org_id, user_id)\n)\n  WITH gc_grace_seconds = 60;"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// A scenario whose spaces and letters somebody has been careless with, where that means nothing: outside of quotes and comments.
    #[test]
    fn however_it_is_written(which in any::<prop::sample::Index>(), luck in prop::collection::vec(0_u8..12, 400)) {
        let all = scenarios();
        let text = which.get(&all);
        let mut luck = luck.into_iter().cycle();
        let (mut out, mut quoted, mut comment) = (String::new(), false, false);
        for c in text.chars() {
            comment = c != '\n' && (comment || out.ends_with("--") || out.ends_with("/*"));
            quoted ^= !comment && matches!(c, '\'' | '"');
            match (c, luck.next().unwrap()) {
                (' ', 0) if !quoted && !comment => out.push_str("   "),
                (',', 1) if !quoted && !comment => out.push_str(" ,"),
                (c, 2) if !quoted && !comment && c.is_ascii_lowercase() => out.push(c.to_ascii_uppercase()),
                (c, 3) if !quoted && !comment && c.is_ascii_uppercase() => out.push(c.to_ascii_lowercase()),
                (c, _) => out.push(c),
            }
        }
        holds(&out);
    }

    /// Whatever it is: formatting never panics, and twice is once.
    #[test]
    fn of_any_text(text in "[a-zA-Z'\"$;,.()<>={}@?~ \n-]{0,120}") {
        let once = formatted(&text);
        prop_assert_eq!(formatted(&once), once);
    }
}
