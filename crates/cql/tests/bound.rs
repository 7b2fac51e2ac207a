//! What Apache Cassandra 5.0.6 made of bytes that were bound to a marker: the same through prepare, bind and read.
//!
//! Each line of `cassandra-5.0.6/bound.txt` names a type, where a column of it stands, the bytes, and what was read back or the error. Lines
//! of clustering columns that the server shows in another form of an equal value are left out (DIFFERENCES.md, equal-keys).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod node;

use cql::{Error, Value, values};
use node::Node;

#[test]
fn a_collection_is_taken_apart_and_put_together_again() {
    let text = include_str!("cassandra-5.0.6/bound.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let mut wrong = Vec::new();
    let mut compared = 0;
    for line in lines {
        let [ty, place, bytes, want] = line.split(" | ").collect::<Vec<_>>().try_into().unwrap();
        let got = match read_back(ty, place, &values::hex(bytes).unwrap()) {
            Ok(bytes) => values::hex_text(&bytes).trim_start_matches("0x").to_string(),
            Err(error) => format!("! {} {}", error.name(), error.message()),
        };
        if got != want {
            wrong.push(format!("{line}\n  model: {got}"));
        }
        compared += 1;
    }
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 400, "{compared} lines");
}

/// Of a table with one column of this type: what is there after these bytes were bound to it.
fn read_back(ty: &str, place: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut node = Node::new(None);
    let whole = ty.starts_with(['t', 'v']);
    let column = if place == "multi" || whole { ty.to_string() } else { format!("frozen<{ty}>") };
    let rest = match place {
        "asc" => "PRIMARY KEY (k, c))",
        "desc" => "PRIMARY KEY (k, c)) WITH CLUSTERING ORDER BY (c DESC)",
        "pk" => "PRIMARY KEY (c))",
        _ => "PRIMARY KEY (k))",
    };
    node.run(&format!("CREATE TABLE t (k int, c {column}, {rest}"))?;
    let insert = node.prepare("INSERT INTO t (k, c) VALUES (?, ?)")?;
    let key = Value::Bytes((&0i32.to_be_bytes()[..]).into());
    node.execute(&insert, &[key, Value::Bytes(bytes.into())])?;
    let rows = node.run("SELECT c FROM t")?.unwrap();
    Ok(rows.rows[0][0].as_deref().unwrap_or_default().to_vec())
}

/// Seen on the server: a key of the byte 127 is another partition than `true`, but all such bytes are one clustering key, and equal
/// where rows are filtered.
#[test]
fn every_byte_but_nought_is_true() {
    let mut node = Node::new(None);
    node.run("CREATE TABLE t (p boolean, q int, c boolean, v boolean, PRIMARY KEY ((p, q), c))").unwrap();
    let insert = node.prepare("INSERT INTO t (p, q, c, v) VALUES (?, 0, ?, ?)").unwrap();
    for bytes in [[127, 5, 5], [1, 1, 1], [127, 1, 6]] {
        node.execute(&insert, &bytes.map(|byte| Value::Bytes((&[byte][..]).into()))).unwrap();
    }
    let rows =
        |node: &mut Node, test: &str| node.run(&format!("SELECT * FROM t WHERE {test}")).unwrap().unwrap().rows.len();
    let tests =
        ["p = true ALLOW FILTERING", "v = true ALLOW FILTERING", "c = true ALLOW FILTERING", "p = true AND q = 0"];
    assert_eq!(tests.map(|test| rows(&mut node, test)), [2, 2, 2, 1]);
}

/// Seen on the server: in a list that is bound to `IN ?` what has no bytes, and no such value, is null too. A condition takes null for a
/// value that a row may lack; a filter reads the list as far as the first one.
#[test]
fn nulls_in_a_list_that_is_bound() {
    let mut node = Node::new(None);
    node.run("CREATE TABLE t (k int PRIMARY KEY, v int, t text, l list<int>)").unwrap();
    node.run("INSERT INTO t (k, v, t, l) VALUES (1, 1, '', [1])").unwrap();
    node.run("INSERT INTO t (k) VALUES (2)").unwrap();
    let list = |items: &[Option<&[u8]>]| {
        let mut out = (items.len() as i32).to_be_bytes().to_vec();
        for item in items {
            out.extend(item.map_or(-1, |item| item.len() as i32).to_be_bytes());
            out.extend(item.unwrap_or_default());
        }
        Value::Bytes(out.into())
    };
    let one = Some(&[0u8, 0, 0, 1][..]);
    let applied = |node: &mut Node, key: i32, condition: &str, value: Value| {
        let update = node.prepare(&format!("UPDATE t SET v = 1 WHERE k = {key} IF {condition} IN ?")).unwrap();
        let rows = node.execute(&update, &[value]).unwrap().unwrap();
        node.run("UPDATE t SET v = null WHERE k = 2").unwrap();
        rows.rows[0][0].as_deref() == Some(&[1])
    };
    for (condition, items, want) in [
        ("v", &[None][..], [false, true]),
        ("v", &[Some(&[][..])], [false, true]),
        ("v", &[one, None], [true, true]),
        ("t", &[None], [false, true]),
        ("t", &[Some(&[])], [true, false]),
        ("l[0]", &[None], [false, true]),
        ("l[0]", &[None, one], [true, true]),
        ("l[7]", &[None], [true, true]),
    ] {
        let got = [1, 2].map(|key| applied(&mut node, key, condition, list(items)));
        assert_eq!(got, want, "{condition} {items:?}");
    }
    let mut found = |column: &str, values: &[Value], marks: &str| {
        let select = node.prepare(&format!("SELECT k FROM t WHERE {column} IN {marks} ALLOW FILTERING")).unwrap();
        node.execute(&select, values).map(|rows| rows.unwrap().rows.len())
    };
    assert_eq!(found("v", &[list(&[one, None])], "?"), Ok(1));
    assert_eq!(found("v", &[list(&[None, one])], "?"), Ok(0));
    assert_eq!(found("t", &[list(&[None])], "?"), Ok(0));
    assert_eq!(found("t", &[list(&[Some(&[])])], "?"), Ok(1));
    let one = || Value::Bytes((&[0u8, 0, 0, 1][..]).into());
    assert_eq!(found("v", &[one(), Value::Null], "(?, ?)"), Ok(1));
    assert_eq!(found("v", &[Value::Null, one()], "(?, ?)"), Ok(0));
    assert_eq!(found("v", &[Value::Null], "?").unwrap_err().message(), "Invalid null value for column v");
}
