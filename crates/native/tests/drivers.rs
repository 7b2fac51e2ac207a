//! Real drivers on the model, by its port: scenarios that a real Cassandra has checked come to the same there.
//!
//! One program for each driver, warm for all its scenarios; the port is in this process. A driver whose toolchain is not on this
//! machine is left out by name, and fails where `CI` is set.
#![cfg(feature = "drivers")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's helpers are tests")]

use cql::Response;
use native::drivers::adapter::{Idle, Remote, Wall, adapter};
use native::drivers::{Client, Drivers, Fleet, Ground, Manner, PLAIN, Stamp, names};
use native::port::Serving;
use scenario::{Blessed, End, bless, compare};
use std::net::SocketAddr;

/// What every driver is asked: each kind of value, of statement and of error once.
const CORE: &[&str] = &[
    "deletes/a-batch-deletes-what-it-inserts",
    "deletes/a-map-entry-under-three-tombstones",
    "deletes/null-is-a-tombstone",
    "deletes/ranges-of-several-columns",
    "deletes/rows-from-the-future",
    "transactions/an-if-answers",
    "values/a-field-is-a-cell",
    "values/lists-by-position",
    "values/numbers-as-cqlsh-prints-them",
    "values/partitions-in-token-order",
    "values/statics-belong-to-the-partition",
    "values/what-cassandra-refuses",
];

/// How often a run is tried whose pauses were longer than the clocks lie apart.
const TRIES_MAX: u32 = 5;

/// One run on a cluster of its own; nothing when the machine was too slow for the scenario's clocks, or lacks a toolchain.
fn run(text: &str, fleet: &Fleet) -> Option<Blessed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for _ in 0..TRIES_MAX {
        let mut drivers = Drivers::new(Ground::Port(None), fleet.clone(), "test").expecting(&scenario::parse(text).0);
        let (blessed, inconclusive) = runtime.block_on(async {
            let blessed = bless(text, &mut drivers, &mut ()).await;
            let inconclusive = drivers.inconclusive();
            drivers.clean().await.unwrap();
            (blessed, inconclusive)
        });
        if drivers.declined() {
            println!("left out: {:?}", blessed.end);
            return None;
        }
        assert_eq!(blessed.end, End::Whole, "{text}");
        match inconclusive {
            None => return Some(blessed),
            Some((pause, difference)) => println!("again: {pause} µs between statements, {difference} between clocks"),
        }
    }
    println!("inconclusive");
    None
}

fn file(name: &str) -> String {
    let top = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/scenarios");
    std::fs::read_to_string(format!("{top}/{name}.cql")).unwrap()
}

fn agrees(name: &str, fleet: &Fleet) {
    holds(name, &file(name), fleet);
}

fn holds(name: &str, text: &str, fleet: &Fleet) {
    let Some(blessed) = run(text, fleet) else { return };
    let agreement = compare(text, &blessed.text);
    let told: Vec<String> = agreement.differences.iter().map(ToString::to_string).collect();
    assert!(told.is_empty() && agreement.compared > 0, "{name}: {agreement}\n{}", told.join("\n"));
}

fn core(driver: &str) {
    let fleet = Fleet::of(driver).unwrap();
    for name in CORE {
        agrees(name, &fleet);
    }
}

macro_rules! drivers {
    ($($test:ident = $name:literal),+) => {
        $(#[test]
        fn $test() {
            core($name);
        })+

        #[test]
        fn no_driver_is_forgotten() {
            let mut known: Vec<&str> = names().collect();
            known.sort_unstable();
            let mut here = vec![$($name),+];
            here.sort_unstable();
            assert_eq!(here, known);
        }
    };
}

drivers!(
    rust_scylla = "rust",
    rust_cdrs = "cdrs",
    gocql_upstream = "gocql",
    gocql_fork_1_14 = "gocql-1.14",
    gocql_fork_1_17 = "gocql-1.17",
    gocql_2 = "gocql-v2",
    python_cassandra = "python",
    python_scylla = "scylla-python",
    cqlsh = "cqlsh",
    node_cassandra = "node",
    java_4 = "java"
);

/// What cqlsh would print is its answer: rows, a transaction's, a description, of a table that another has made a moment ago.
#[test]
fn what_cqlsh_would_print_is_what_it_answers() {
    let text = "--@ client a driver=cqlsh\n--@ client b driver=cqlsh\n--@ as a\nCREATE TABLE t (k int PRIMARY KEY, v text);\n\
        --@ as b\nINSERT INTO t (k, v) VALUES (1, 'a;b') IF NOT EXISTS;\n--> [applied]\n--> ---------\n-->      True\n-->\n--> (1 rows)\n\
        SELECT v FROM t;\n--> v\n--> ---\n--> a;b\n-->\n--> (1 rows)\n\
        DESCRIBE TABLES;\n--> keyspace_name | type  | name\n--> --------------+-------+-----\n-->          demo | table |    t\n-->\n--> (1 rows)\n\
        DESCRIBE TABLE nosuch;\n--> Error Invalid\n";
    holds("cqlsh", text, &Fleet::of("rust").unwrap());
}

#[test]
fn the_drivers_that_the_seeds_name() {
    let fleet = Fleet::of("rust").unwrap();
    for name in ["seeds/000-delete-by-partition-key", "seeds/000-the-platforms-are-clocks"] {
        agrees(name, &fleet);
    }
    for name in ["the-writer-is-20-ms-ahead", "the-writer-is-20-ms-behind"] {
        agrees(&format!("clocks/{name}"), &fleet);
    }
}

/// A session, unless this machine lacks the toolchain.
fn connected(name: &str, at: SocketAddr, idle: &Idle) -> Option<Remote> {
    match Remote::connect(idle, adapter(name).unwrap(), Wall::default(), at, None) {
        Err(error) if error.is_skip() => {
            println!("{name} left out: {error}");
            None
        }
        connected => Some(connected.unwrap()),
    }
}

/// A cluster of one node, and where it is.
fn one_node() -> (Serving, SocketAddr) {
    let setup = scenario::parse("--@ cluster nodes=1 rf=1\nSELECT * FROM t;\n").0.setup;
    let serving = Serving::start(&setup).unwrap();
    let at = SocketAddr::from(([127, 0, 0, 1], serving.port()));
    (serving, at)
}

/// A driver dates as it does in life, or not at all, or as it is told.
#[test]
fn every_adapter_dates_as_it_is_told() {
    let (_serving, at) = one_node();
    let (idle, runtime) = (Idle::default(), tokio::runtime::Builder::new_current_thread().build().unwrap());
    for (number, adapter) in names().filter_map(adapter).enumerate() {
        let Some(mut client) = connected(adapter.name, at, &idle) else { continue };
        let mut ask = |text: &str, stamp: Stamp| {
            let manner = Manner { stamp, ..PLAIN };
            match runtime.block_on(client.ask(text, &manner)).unwrap() {
                Response::Rows(rows, _) => {
                    rows.rows[0][0].as_ref().map(|bytes| i64::from_be_bytes(bytes.as_ref().try_into().unwrap()))
                }
                Response::Error(error) => panic!("{}: {text}: {error}", adapter.name),
                _ => None,
            }
        };
        let one = "{'class': 'SimpleStrategy', 'replication_factor': 1}";
        ask(&format!("CREATE KEYSPACE k{number} WITH replication = {one}"), PLAIN.stamp);
        ask(&format!("CREATE TABLE k{number}.t (k int PRIMARY KEY, v int)"), PLAIN.stamp);
        let mut dated = |stamp: Stamp, key: i32| {
            ask(&format!("INSERT INTO k{number}.t (k, v) VALUES ({key}, 1)"), stamp);
            ask(&format!("SELECT writetime(v) FROM k{number}.t WHERE k = {key}"), PLAIN.stamp).unwrap()
        };
        assert_eq!(dated(Stamp::At(1_234_567), 1), 1_234_567, "{}", adapter.name);
        // Whole milliseconds, and a microsecond more for what falls into one of them: the server's stamps, and Node's.
        let coarse = |stamp: i64| stamp % 1_000 < 10;
        let (servers, own): (Vec<i64>, Vec<i64>) =
            (2..6).map(|key| (dated(Stamp::Server, key), dated(Stamp::Driver, 10 + key))).unzip();
        assert!(servers.iter().all(|stamp| coarse(*stamp)), "{} dates although told not to: {servers:?}", adapter.name);
        assert_eq!(own.iter().all(|stamp| coarse(*stamp)), adapter.name == "node", "{}: {own:?}", adapter.name);
    }
}

/// kill -9 of an adapter: while it works its scenario says so and ends, while it waits nobody notices, and no process is left.
#[cfg(target_os = "linux")]
#[test]
fn an_adapter_that_is_killed_says_so_and_the_next_is_another() {
    let ((_serving, at), idle) = (one_node(), Idle::default());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let Some(mut client) = connected("python", at, &idle) else { return };
    let asks = |client: &mut Remote| runtime.block_on(client.ask("SELECT key FROM system.local", &PLAIN)).map(drop);
    let kill = |id: u32| {
        assert!(std::process::Command::new("kill").args(["-9", &id.to_string()]).status().unwrap().success());
    };
    let there = |id: u32| std::path::Path::new(&format!("/proc/{id}")).exists();
    let first = client.id().unwrap();
    asks(&mut client).unwrap();
    kill(first);
    let said = asks(&mut client).unwrap_err();
    assert!(!said.is_skip() && said.to_string().contains("has ended (signal: 9"), "{said}");
    drop(client);
    assert!(!there(first) && idle.borrow().is_empty());
    let client = connected("python", at, &idle).unwrap();
    let second = client.id().unwrap();
    drop(client);
    kill(second);
    let mut client = connected("python", at, &idle).unwrap();
    asks(&mut client).unwrap();
    let third = client.id().unwrap();
    drop((client, idle));
    assert!(!there(second) && !there(third));
}

/// The bug report about gocql, by the fork that it names and by upstream: a clock that is 20 ms ahead, and a delete by a right one
/// that silently does nothing. The driver dates; nothing of it is changed but the clock of its machine.
#[test]
fn a_delete_20_ms_behind_does_nothing_through_the_fork_and_through_upstream() {
    for driver in ["gocql-1.14", "gocql"] {
        let story = |clock: &str| {
            format!(
                "--@ client api driver={driver}{clock}\n--@ client cron driver={driver}\n\
                 CREATE TABLE users (org text, id text, PRIMARY KEY (org, id));\n\
                 --@ as api\nINSERT INTO users (org, id) VALUES ('o', 'u');\n\
                 --@ as cron\nDELETE FROM users WHERE org = 'o';\nSELECT count(*) FROM users WHERE org = 'o';\n"
            )
        };
        let fleet = Fleet::of(driver).unwrap();
        for (clock, left) in [(" clock=+20ms", "1"), ("", "0")] {
            let Some(blessed) = run(&story(clock), &fleet) else { continue };
            let last = blessed.answers.last().unwrap();
            assert_eq!(last.lines.get(2).map(|line| line.trim()), Some(left), "{driver}{clock}: {:?}", last.lines);
        }
    }
}

/// The Rust driver knows every node of a cluster and is held to one. The server dates for it: on a node of its own each of these
/// deletes would be dated by another clock, and some would be older than the row.
#[test]
fn a_client_speaks_to_one_node() {
    let mut text = String::from("--@ cluster nodes=3 rf=3\nCREATE TABLE t (k int PRIMARY KEY, v int);\n");
    for _ in 0..40 {
        text += "INSERT INTO t (k, v) VALUES (1, 1);\nDELETE FROM t WHERE k = 1;\nSELECT v FROM t;\n";
    }
    let blessed = run(&text, &Fleet::of("rust").unwrap()).unwrap();
    let read = |answer: &&scenario::Answer| !answer.lines.is_empty();
    let reads: Vec<&scenario::Answer> = blessed.answers.iter().filter(read).collect();
    assert_eq!(reads.len(), 40);
    assert!(reads.iter().all(|answer| answer.lines.last() == reads[0].lines.last()), "{}", blessed.text);
    assert!(blessed.text.contains("--> (0 rows)"), "{}", blessed.text);
}

/// Two drivers on one machine, by one clock: Python dates to the microsecond, Node to the whole millisecond. A delete of Node's
/// within the millisecond of the row it follows is older than it, and lost, without an error anywhere. The other way round none is.
#[test]
fn two_drivers_one_clock_and_some_deletes_are_lost() {
    let ((_serving, at), idle) = (one_node(), Idle::default());
    let (Some(mut python), Some(mut node)) = (connected("python", at, &idle), connected("node", at, &idle)) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let ask = |who: &mut Remote, text: &str| {
        let manner = Manner { stamp: Stamp::Driver, ..PLAIN };
        match runtime.block_on(who.ask(text, &manner)).unwrap() {
            Response::Rows(rows, _) => rows.rows.len(),
            Response::Error(error) => panic!("{text}: {error}"),
            _ => 0,
        }
    };
    for keyspace in ["a", "b"] {
        let one = "{'class': 'SimpleStrategy', 'replication_factor': 1}";
        ask(&mut python, &format!("CREATE KEYSPACE {keyspace} WITH replication = {one}"));
        ask(&mut python, &format!("CREATE TABLE {keyspace}.t (k int PRIMARY KEY, v int)"));
    }
    let left = |keyspace: &str, inserts: &mut Remote, deletes: &mut Remote, key: u32| {
        ask(inserts, &format!("INSERT INTO {keyspace}.t (k, v) VALUES ({key}, 1)"));
        ask(deletes, &format!("DELETE FROM {keyspace}.t WHERE k = {key}"));
        ask(deletes, &format!("SELECT v FROM {keyspace}.t WHERE k = {key}"))
    };
    // One in four on a machine with nothing else to do (drivers-live.md 2a); the busier it is the longer the pause, and the fewer.
    let (mut runs, mut lost) = (0, 0);
    while runs < 200 || (lost == 0 && runs < 4_000) {
        lost += left("a", &mut python, &mut node, runs);
        runs += 1;
    }
    println!("{lost} of {runs} deletes are lost");
    assert!(lost > 0 && lost * 10 < runs as usize * 8, "{lost} of {runs}");
    let lost: usize = (0..200).map(|key| left("b", &mut node, &mut python, key)).sum();
    assert_eq!(lost, 0, "a clock of microseconds is never behind one of milliseconds");
}

/// The port's time law (scenario.md, "Time"), by the drivers of two languages: each dates by the clock of this machine, or leaves it to
/// the server, which has the same, and in a thousand writes that take turns none is older than the one before it.
#[test]
fn a_thousand_writes_of_java_and_go_come_in_the_order_of_one_clock() {
    let ((_serving, at), idle) = (one_node(), Idle::default());
    let (Some(java), Some(go)) = (connected("java", at, &idle), connected("gocql", at, &idle)) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut clients = [java, go];
    let mut ask = |who: usize, text: &str, stamp: Stamp| match runtime
        .block_on(clients[who].ask(text, &Manner { stamp, ..PLAIN }))
        .unwrap()
    {
        Response::Rows(rows, _) => {
            let number = |at: usize| {
                rows.rows[0][at].as_ref().unwrap().iter().fold(0i64, |all, byte| all << 8 | i64::from(*byte))
            };
            Some((number(0), number(1)))
        }
        Response::Error(error) => panic!("{text}: {error}"),
        _ => None,
    };
    ask(0, "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}", Stamp::Driver);
    ask(0, "CREATE TABLE k.t (k int PRIMARY KEY, v int)", Stamp::Driver);
    let mut last = 0;
    for n in 0..1_000 {
        // Whoever the server dates for is behind the others by the rest of a millisecond: they take turns apart.
        let stamp = if n < 500 { Stamp::Driver } else { Stamp::Server };
        if n == 500 {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        let (who, n) = ((n % 2) as usize, i64::from(n));
        ask(who, &format!("INSERT INTO k.t (k, v) VALUES (1, {n})"), stamp);
        let (value, written) = ask(1 - who, "SELECT v, writetime(v) FROM k.t WHERE k = 1", Stamp::Driver).unwrap();
        assert!(value == n && written > last, "write {n}: {value} is there, of {written}, after {last}");
        last = written;
    }
}
