//! Every fault says where, what is so, what was expected, and the nearest right word; and its one button repairs it.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail it")]

use scenario::{Fault, parse};

fn faults(text: &str) -> Vec<Fault> {
    parse(text).1
}

/// The text's only fault.
#[track_caller]
fn only(text: &str) -> Fault {
    let all = faults(text);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_iter().next().unwrap()
}

/// The text after its only fault's button was pressed.
#[track_caller]
fn repaired(text: &str) -> String {
    let fix = only(text).fix.expect("a button");
    let mut text = text.to_string();
    text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.text);
    text
}

#[track_caller]
fn says(text: &str, line: u32, column: u32, so: &str, nearest: Option<&str>) {
    let fault = only(text);
    assert_eq!((fault.line, fault.column), (line, column), "{fault}");
    assert!(fault.so.contains(so), "{fault}");
    assert_eq!(fault.nearest.as_deref(), nearest, "{fault}");
}

const CLIENTS: &str = "--@ client api\n--@ client cron\n";

#[test]
fn a_misspelt_directive() {
    says("--@ advnace 10s\n", 1, 5, "no directive advnace", Some("advance"));
    assert_eq!(repaired("--@ advnace 10s\n"), "--@ advance 10s\n");
    says("SELECT v FROM t;\n\n  --@ kil n3\n", 3, 7, "no directive kil", Some("kill"));
    says("--@ frobnicate\n", 1, 5, "no directive frobnicate", None);
    assert!(only("--@ frobnicate\n").known.contains("cluster, client, as, advance"));
    says("--@\n", 1, 4, "names no directive", None);
}

#[test]
fn a_message_is_named_by_numbers() {
    says("--@ swap delete.2 1.2\nSELECT v FROM t;\n", 1, 10, "delete.2 is no message", None);
    says("--@ swap 1.0 1.2\nSELECT v FROM t;\n", 1, 10, "1.0 is no message", None);
}

#[test]
fn a_wrong_value() {
    says("--@ advance soon\n", 1, 13, "soon is not a length of time", None);
    says("--@ advance -5s\n", 1, 13, "has a sign", None);
    says("--@ advance 1500ns\n", 1, 13, "finer than a microsecond", None);
    says("--@ advance 4000d\n", 1, 13, "longer than a run may last", None);
    assert!(only("--@ advance 4000d\n").known.contains("3660 days"));
    says("--@ cluster nodes=301\n", 1, 19, "301 is over the limit", None);
    says("--@ cluster nodes=0\n", 1, 19, "0 is too few", None);
    says("--@ cluster like=scyla\n", 1, 18, "scyla is not known here", Some("scylla"));
    says("--@ cluster start=yesterday\n", 1, 19, "is not a date", None);
    says("--@ client api driver=gocq-1.14\n", 1, 23, "is not known here", Some("gocql-1.14"));
    says("--@ client api clock=fast\n", 1, 22, "fast is not an offset", None);
    says("--@ client api step=-20ms\n", 1, 21, "does not say how often", None);
    says("--@ client n2\n", 1, 12, "n2 is a node's name", None);
    says("--@ drop n1 n2 p=1.5\n", 1, 18, "1.5 is not a probability", None);
    says("--@ until seen-don n3\n", 1, 11, "seen-don is not known here", Some("seen-down"));
    says("--@ at noon\n", 1, 8, "noon is not a whole number", None);
}

#[test]
fn a_wrong_key() {
    says("--@ cluster node=3\n", 1, 13, "cluster has no node=", Some("nodes"));
    assert_eq!(repaired("--@ cluster node=3\n"), "--@ cluster nodes=3\n");
    says("--@ cluster nodes=3 nodes=3\n", 1, 21, "nodes= is given twice", None);
    says("--@ cluster nodes=\n", 1, 13, "nodes= has no value", None);
    says("--@ heal n1=2\n", 1, 10, "heal has no n1=", None);
    says("--@ cluster nodes 3\n", 1, 13, "nodes has no =", None);
    assert_eq!(repaired("--@ cluster nodes 3\n"), "--@ cluster nodes=3\n");
}

#[test]
fn too_few_and_too_many() {
    says("--@ advance\n", 1, 5, "advance says no D", None);
    says("--@ kill\n", 1, 5, "kill says no NODE", None);
    says("--@ until seen-down\n", 1, 11, "seen-down says no node", None);
    says("--@ until quiet n1\n", 1, 17, "a state of the whole cluster", None);
    says("--@ heal everything\n", 1, 10, "everything is one too many", None);
    says("--@ partition n1\n", 1, 15, "1 side(s)", None);
    says("--@ partition n1 |\n", 1, 15, "a side of the partition is empty", None);
    says("--@ partition n1 | n1 n2\n", 1, 20, "n1 stands on two sides", None);
    says("--@ needs model\n", 1, 11, "gives no reason", None);
    says("--@ checked cassandra=5.0.6\n", 1, 5, "checked says no text=", None);
}

#[test]
fn names_nobody_has() {
    says("--@ kill n4\n", 1, 10, "there is no n4", Some("n3"));
    says("--@ cluster nodes=1\n--@ kill n2\n", 2, 10, "there is no n2", Some("n1"));
    says(&format!("{CLIENTS}--@ as corn\n"), 3, 8, "there is no client corn", Some("cron"));
    says(&format!("{CLIENTS}--@ partition api | n7\n"), 3, 21, "there is no n7", Some("n3"));
    says("--@ client api\n--@ client api\n", 2, 1, "two clients named api", None);
    says("--@ needs modle: why\n", 1, 11, "nothing can need modle", Some("model"));
}

#[test]
fn a_world_that_cannot_be() {
    says("--@ cluster nodes=4 dcs=dc1:3,dc2:3\n", 1, 1, "nodes=4, but the data centres have 6", None);
    says("--@ cluster nodes=2 rf=3\n", 1, 1, "rf=3 asks for 3 replicas", None);
    says("--@ cluster\n--@ cluster\n", 2, 1, "described twice", None);
    says("--@ cluster dcs=dc1:200,dc2:200\n", 1, 1, "400 nodes", None);
    assert!(only("--@ cluster dcs=dc1:200,dc2:200\n").known.contains("300"));
}

#[test]
fn the_head_stands_above_the_first_step() {
    says("SELECT v FROM t;\n--@ cluster nodes=1\n", 2, 1, "cluster stands below the first step", None);
    says("--@ heal\n--@ client api\n", 2, 1, "client stands below the first step", None);
}

#[test]
fn outcomes_have_their_place() {
    says("--> v\n--> -\nSELECT v FROM t;\n", 1, 1, "under no statement", None);
    assert_eq!(repaired("--> v\n--> -\nSELECT v FROM t;\n"), "SELECT v FROM t;\n");
    says("SELECT v FROM t;\n\n--> v\n", 3, 1, "under no statement", None);
    says("--@ heal\n--> v\n", 2, 1, "under no statement", None);
    assert!(faults("--@ trace\n--@ heal\n--~ n1 says\nSELECT v FROM t;\n--~ n2 says\n--> v\n").is_empty());
    says("SELECT v FROM t; --> v\n", 1, 18, "behind something else", None);
    assert_eq!(repaired("SELECT v FROM t; --> v\n"), "SELECT v FROM t; \n--> v\n");
}

#[test]
fn questions_and_async_speak_of_a_statement() {
    says("SELECT v FROM t;\n--? How many? | 0 | 1\n", 2, 1, "no statement below", None);
    says("--@ async\n", 1, 1, "no statement below", None);
    assert!(faults("--@ async\n--? How many? | 0 | 1\nSELECT v FROM t;\n").is_empty());
}

#[test]
fn a_statement_without_an_end() {
    says("SELECT v FROM t\n", 1, 1, "the statement has no ;", None);
    assert_eq!(repaired("SELECT v FROM t\n"), "SELECT v FROM t;\n");
    let text = "SELECT v\n  FROM t -- all\n-- of it\n--> v\nSELECT v FROM t;\n";
    says(text, 1, 1, "the statement has no ;", None);
    assert_eq!(
        repaired(text),
        "SELECT v\n  FROM t -- all;\n-- of it\n--> v\nSELECT v FROM t;\n".replace(" -- all;", "; -- all")
    );
}

#[test]
fn cql_that_is_none() {
    let fault = only("SELECT v FORM t;\n");
    assert_eq!((fault.line, fault.column), (1, 10), "{fault}");
    assert_eq!(fault.nearest.as_deref(), Some("FROM"), "{fault}");
    assert_eq!(repaired("SELECT v FORM t;\n"), "SELECT v FROM t;\n");
    let fault = only("-- é\nSELECT 'é' v FROM t WHERE k = ;\n");
    assert_eq!(fault.line, 2, "{fault}");
    assert!(!faults("INSERT INTO t (k) VALUES ('abc);\n").is_empty());
    assert!(!faults("/* never ends\nSELECT v FROM t;\n").is_empty());
}

#[test]
fn what_only_looks_like_white_space_is_said() {
    assert!(faults("\u{feff}\u{feff}--~ said\n").len() > 1, "one mark of UTF-8 is enough");
    // A form feed and a no-break space are no white space to CQL: neither may hide before a mark, or end a statement.
    for text in ["\u{c}--~ said\n", "\u{c}\n--~ said\n", "\u{feff}\u{c}--~ said\n", "USE demo\u{a0}\n--@ advance 1s\n"]
    {
        let all = faults(text);
        let said = |at: usize| all.iter().any(|fault| (fault.span.start..=fault.span.end).contains(&(at as u32)));
        assert!(said(text.find(['\u{c}', '\u{a0}']).unwrap()), "{all:#?}");
    }
}

#[test]
fn a_syntax_error_that_is_meant() {
    assert!(faults("SELECT v FROM t WHERE k NOT IN (1);\n--> Error SyntaxError\n").is_empty());
    assert!(!faults("SELECT v FROM t WHERE k NOT IN (1);\n--> v\n").is_empty());
}

#[test]
fn cqlsh_commands_that_touch_the_machine() {
    says("SOURCE 'file.cql';\n", 1, 1, "SOURCE is refused", None);
    says("LOGIN me;\n", 1, 1, "LOGIN is refused", None);
    says("CONSISTENCY QUROUM;\n", 1, 13, "", Some("QUORUM"));
    says("SERIAL CONSISTENCY ONE;\n", 1, 1, "ONE is no serial consistency level", None);
}

#[test]
fn what_stands_before_the_first_fault_still_runs() {
    let text = "SELECT a FROM t;\nSELECT b FROM t;\n--@ advnace 1s\nSELECT c FROM t;\n";
    let (scenario, faults) = parse(text);
    assert_eq!((scenario.steps.len(), faults.len()), (2, 1));
    let (scenario, _) = parse("SELECT a FROM t;\nSELECT b FORM t;\n");
    assert_eq!(scenario.steps.len(), 1);
}

#[test]
fn limits_say_the_limit() {
    let many = "CONSISTENCY;\n".repeat(scenario::limits::STATEMENTS_MAX as usize + 3);
    says(&many, scenario::limits::STATEMENTS_MAX + 1, 1, "one statement too many", None);
    let long = " ".repeat(scenario::limits::TEXT_BYTES_MAX as usize + 1);
    says(&long, 1, 1, "bytes", None);
    let clients: String = (0..65).map(|n| format!("--@ client c{n}\n")).collect();
    says(&clients, 65, 1, "one client too many", None);
}
