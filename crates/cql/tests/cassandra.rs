//! Programs that were run on Apache Cassandra 5.0.6, with everything it answered: the same through parser, plan and
//! projection, on one storage engine.
//!
//! Each file under `cassandra-5.0.6/` holds statements after `> `, and under each its table as cqlsh prints it or
//! `! Class message`. Syntax errors are compared by class only: their words are the parser's own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod node;

use cql::{Error, Rows, Value};
use node::Node;

/// An answer without what differs between two runs of Cassandra, or is its libraries' own: the order of the signatures
/// that a call might have meant, and what Jackson says of broken JSON.
fn comparable(lines: &[&str]) -> Vec<String> {
    lines
        .iter()
        .map(|line| match line.split_once(" signatures: ").filter(|_| line.starts_with("! ")) {
            Some((head, known)) => {
                let (known, tail) = known.rsplit_once(')').unwrap_or((known, ""));
                let mut known: Vec<&str> =
                    known.split(", system.").map(|one| one.trim_start_matches("system.")).collect();
                known.sort_unstable();
                format!("{head} signatures: {})){tail}", known.join(", "))
            }
            None => line.split_once("com.fasterxml").map_or(*line, |(head, _)| head).to_string(),
        })
        .collect()
}

fn answer(result: Result<Option<Rows>, Error>) -> Vec<String> {
    match result {
        Ok(None) => Vec::new(),
        Ok(Some(rows)) => cql::print::table(&rows),
        Err(Error::AlreadyExists { keyspace, table }) => vec![format!("! AlreadyExists {keyspace} {table}")],
        Err(error) => vec![format!("! {} {}", error.name(), error.message())],
    }
}

/// Runs a file; as many statements as `refused` are answered by the model's honest "not executed yet".
fn check(file: &str, page_size: Option<u32>, refused: usize) {
    let path = format!("{}/tests/cassandra-5.0.6/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut node = Node::new(page_size);
    let mut wrong = Vec::new();
    let mut compared = 0;
    let mut not_executed = Vec::new();
    let mut steps: Vec<(String, Vec<&str>)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix("> ") {
            Some(statement) => steps.push((statement.replace("\\n", "\n"), Vec::new())),
            None => steps.last_mut().unwrap().1.push(line),
        }
    }
    for (statement, want) in &steps {
        let got = answer(node.run(statement));
        if got.first().is_some_and(|line| line.contains("is not executed yet by this model")) {
            not_executed.push(statement.clone());
            continue;
        }
        let same = match (want.first(), got.first()) {
            (Some(want), Some(got)) if want.starts_with("! SyntaxError ") => got.starts_with("! SyntaxError"),
            _ => got == *want || comparable(&got.iter().map(String::as_str).collect::<Vec<_>>()) == comparable(want),
        };
        compared += 1;
        if !same {
            wrong.push(format!("> {statement}\n-- Cassandra\n{}\n-- model\n{}\n", want.join("\n"), got.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{} of {compared} differ in {file}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 50, "{file} has {compared} statements");
    assert_eq!(not_executed.len(), refused, "not executed: {not_executed:#?}");
}

#[test]
fn programs() {
    check("programs.txt", None, 0);
}

#[test]
fn programs_by_pages_of_one_row() {
    check("programs.txt", Some(1), 0);
}

#[test]
fn programs_by_pages_of_two_rows() {
    check("programs.txt", Some(2), 0);
}

#[test]
fn refusals_in_cassandras_words() {
    check("refusals.txt", None, 1);
}

#[test]
fn ddl_and_its_refusals() {
    check("ddl.txt", None, 0);
}

/// Each condition on a row that has everything, on one that has nothing but its key, and on none.
#[test]
fn conditions_hold_as_on_cassandra() {
    check("conditions.txt", None, 0);
}

#[test]
fn conditions_on_fields() {
    check("fields.txt", None, 0);
}

#[test]
fn transactions_and_their_refusals() {
    check("transactions.txt", None, 0);
}

/// Every type as a key, ascending and descending: its order, its bounds, what `IN` takes for equal.
#[test]
fn orders_of_every_type() {
    check("orders.txt", None, 0);
    check("orders.txt", Some(3), 0);
}

#[test]
fn values_as_cqlsh_prints_them() {
    check("printing.txt", None, 0);
}

#[test]
fn keys_collections_and_static_rows() {
    for page_size in [None, Some(1)] {
        check("keys.txt", page_size, 0);
        check("collections.txt", page_size, 0);
        check("statics.txt", page_size, 0);
    }
}

#[test]
fn changes_of_tables_and_what_time_does() {
    check("changes.txt", None, 0);
    check("times.txt", None, 0);
}

const RANDOM: [&str; 5] = ["random-1.txt", "random-2.txt", "random-3.txt", "random-4.txt", "random-5.txt"];

/// Random writes with explicit timestamps (many ties), and random reads between them.
#[test]
fn random_programs() {
    for file in RANDOM {
        check(file, None, 0);
    }
}

#[test]
fn random_programs_by_pages_of_three_rows() {
    for file in RANDOM {
        check(file, Some(3), 0);
    }
}

#[test]
fn arithmetic_casts_and_functions() {
    check("arithmetic.txt", None, 0);
    check("cast.txt", None, 0);
    check("functions.txt", None, 0);
    check("mixed.txt", None, 0);
}

#[test]
fn what_the_tester_found() {
    check("tester.txt", None, 0);
}

#[test]
fn groups_and_partitions() {
    for page_size in [None, Some(1), Some(2), Some(3)] {
        check("groups.txt", page_size, 1);
    }
}

#[test]
fn json_in_and_out() {
    check("json.txt", None, 0);
    check("json.txt", Some(1), 0);
}

#[test]
fn user_defined_types() {
    check("types.txt", None, 0);
    check("types.txt", Some(2), 0);
}

#[test]
fn indexes_and_what_they_answer() {
    check("index.txt", None, 0);
    check("index.txt", Some(1), 0);
}

#[test]
fn relations_of_several_columns() {
    for page_size in [None, Some(2)] {
        check("tuples.txt", page_size, 0);
        check("multi.txt", page_size, 0);
    }
}

fn marker_tables() -> Node {
    let mut node = Node::new(None);
    node.run("CREATE TABLE x (p int PRIMARY KEY, v int, t text, l list<int>, s set<int>, m map<text,int>, tu tuple<int,text>)").unwrap();
    node.run("CREATE TABLE w (p int, c int, d int, e int, v int, PRIMARY KEY (p,c,d,e))").unwrap();
    node
}

/// Names and types of the markers, as Cassandra 5.0.6 prepared these.
#[test]
fn markers_are_named_as_cassandra_names_them() {
    let node = marker_tables();
    for (text, want) in [
        ("SELECT * FROM w WHERE p=? AND c IN ? AND d>? LIMIT ?", "p int, in(c) frozen<list<int>>, d int, [limit] int"),
        (
            "UPDATE x SET m[?]=?, l=l+?, s=s-?, l[?]=? WHERE p=:key",
            "key(m) text, value(m) int, l list<int>, s set<int>, idx(l) int, value(l) int, key int",
        ),
        ("DELETE m[?] FROM x USING TIMESTAMP ? WHERE p IN (?,?)", "key(m) text, [timestamp] bigint, p int, p int"),
        (
            "SELECT * FROM w WHERE p=? AND c=? AND (d,e) > (?,?) PER PARTITION LIMIT ?",
            "p int, c int, d int, e int, [per_partition_limit] int",
        ),
        (
            "SELECT m[?], intasblob(?) FROM x WHERE token(p) > ?",
            "key(m) text, [selection] int, partition key token bigint",
        ),
        (
            "SELECT * FROM x WHERE p IN (?,?) AND v=? AND m CONTAINS KEY ? AND l CONTAINS ? ALLOW FILTERING",
            "p int, p int, v int, key(m) text, value(l) int",
        ),
        ("UPDATE x SET m=m-?, tu=(?,?) WHERE p=?", "m set<text>, tu[0] int, tu[1] text, p int"),
        ("SELECT * FROM w WHERE p=1 AND (c,d) > ? AND (c,d) < (?,?)", "(c,d) frozen<tuple<int, int>>, c int, d int"),
        ("SELECT * FROM w WHERE p=1 AND (c,d) IN ?", "in(c,d) list<frozen<tuple<int, int>>>"),
        ("SELECT * FROM w WHERE p=1 AND (c,d) IN (?,:t)", "(c,d) frozen<tuple<int, int>>, t frozen<tuple<int, int>>"),
        ("SELECT * FROM w WHERE p=1 AND (c) = ?", "(c) frozen<tuple<int>>"),
        ("INSERT INTO x JSON ?", "[json] text"),
        ("SELECT v + (int) ?, abs((int)?) FROM x WHERE p=1", "[selection] int, [selection] int"),
        ("INSERT INTO x (p,v) VALUES (1,from_json(?))", "arg0(system.from_json) text"),
        (
            "UPDATE x SET v=? WHERE p=? IF v=? AND l[?]>? AND t IN ? AND m[?] IN (?,?) AND m CONTAINS KEY ? AND s CONTAINS ? AND l=?",
            "v int, p int, v int, idx(l) int, value(l) int, in(t) frozen<list<text>>, key(m) text, value(m) int, value(m) int, key(m) text, value(s) int, l list<int>",
        ),
        (
            "BEGIN BATCH USING TIMESTAMP ? INSERT INTO x (p,v) VALUES (?,?) APPLY BATCH",
            "[timestamp] bigint, p int, v int",
        ),
    ] {
        let prepared = node.prepare(text).unwrap();
        let got: Vec<String> = prepared.variables().iter().map(|spec| format!("{} {}", spec.name, spec.ty)).collect();
        assert_eq!(got.join(", "), want, "{text}");
    }
    let refused = node.prepare("INSERT INTO x (p,m) VALUES (?,{'a':?})").unwrap_err();
    assert_eq!(
        refused.message(),
        "Invalid map literal for m: bind variables are not supported inside collection literals"
    );
}

/// Bound values in conditions: what null and unset do there.
#[test]
fn markers_in_conditions() {
    let mut node = marker_tables();
    node.run("INSERT INTO x (p, v, t, l) VALUES (1, 7, 'a', [1,2])").unwrap();
    let int = |n: i32| Value::Bytes(n.to_be_bytes()[..].into());
    let update = node.prepare("UPDATE x SET v=? WHERE p=1 IF v IN (?,?) AND l[?]=?").unwrap();
    let applied = |node: &mut Node, values: &[Value]| match node.execute(&update, values) {
        Ok(rows) => Ok(rows.unwrap().columns.len() == 1),
        Err(error) => Err(error.message()),
    };
    assert_eq!(applied(&mut node, &[int(8), int(7), Value::Unset, int(0), int(1)]), Ok(true));
    assert_eq!(applied(&mut node, &[int(9), int(7), Value::Null, int(0), int(1)]), Ok(false));
    let unset = Err("Invalid 'unset' value in condition".to_owned());
    assert_eq!(applied(&mut node, &[int(9), int(8), int(8), int(0), Value::Unset]), unset);
    let null = Err("Invalid null value for list element access".to_owned());
    assert_eq!(applied(&mut node, &[int(9), int(8), int(8), Value::Null, int(1)]), null);
    let missing = Err("there were 5 markers(?) in CQL but 1 bound variables".to_owned());
    assert_eq!(applied(&mut node, &[int(9)]), missing);
}

#[test]
fn null_deletes_and_unset_leaves_alone() {
    let mut node = marker_tables();
    let int = |n: i32| Value::Bytes(n.to_be_bytes()[..].into());
    let insert = node.prepare("INSERT INTO x (p, v, t) VALUES (?, ?, ?)").unwrap();
    node.execute(&insert, &[int(1), int(7), Value::Bytes(b"a"[..].into())]).unwrap();
    node.execute(&insert, &[int(1), Value::Unset, Value::Null]).unwrap();
    let rows = answer(node.run("SELECT p, v, t FROM x"));
    assert_eq!(rows, ["p | v | t", "--+---+-----", "1 | 7 | null", "", "(1 rows)"]);
    for (values, message) in [
        (vec![Value::Null, int(1), Value::Null], "Invalid null value in condition for column p"),
        (vec![Value::Unset, int(1), Value::Null], "Invalid unset value for column p"),
        (vec![int(1), Value::Bytes(b"x"[..].into()), Value::Null], "Expected 4 or 0 byte int (1)"),
        (vec![int(1)], "there were 3 markers(?) in CQL but 1 bound variables"),
    ] {
        assert_eq!(node.execute(&insert, &values).unwrap_err().message(), message);
    }
    // The list is looked at, though nothing is set.
    node.run("CREATE TABLE lists (p int PRIMARY KEY, l list<int>)").unwrap();
    let set = node.prepare("UPDATE lists SET l[0] = ? WHERE p = 1").unwrap();
    let refused = node.execute(&set, &[Value::Unset]).unwrap_err();
    assert_eq!(refused.message(), "Attempted to set an element on a list which is null");
    node.run("INSERT INTO lists (p, l) VALUES (1, [5])").unwrap();
    node.execute(&set, &[Value::Unset]).unwrap();
    assert_eq!(answer(node.run("SELECT l FROM lists")), ["l", "---", "[5]", "", "(1 rows)"]);
}

/// The words are ours, the place is told as a server tells it: columns from 0.
#[test]
fn a_syntax_error_says_where() {
    let served = |text: &str| cql::parse(text).unwrap_err().served();
    assert!(served("INSERT INTO t p) VALUES (1)").starts_with("line 1:14 expected "));
    assert!(served("SELECT *\nFRM t").starts_with("line 2:0 expected "));
    assert!(served("SELECT v FROM t WHERE v = 'a").starts_with("line 1:26 this string never ends"));
    assert_eq!(served("UPDATE t SET v = 1, v = 2 WHERE p = 1"), "Multiple incompatible setting of column v");
}
