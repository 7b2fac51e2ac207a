//! What a bug report's client really meets (its seed is 004), as far as no text of a scenario can say it. Each was seen so on a real
//! Cassandra 5.0.6 first, by the client and in the version that stands beside it.
#![cfg(feature = "drivers")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's helpers are tests")]

mod raw;

use native::drivers::adapter::{Process, adapter};
use native::port::Authenticator;
use raw::{Client, error_of, plain, serve};
use scenario::Persona;
use std::process::Command;

/// cassandra-driver 3.30.1: what happens between a program and a server, a line each.
const PROGRAM: &str = r#"
import io, logging, sys
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster, NoHostAvailable
from cassandra.policies import RoundRobinPolicy
log = io.StringIO()
logging.basicConfig(stream=log, level=logging.WARNING, format="%(message)s")
port, name = int(sys.argv[1]), sys.argv[2]
auth = None if name == "nobody" else PlainTextAuthProvider(name, "cassandra")
cluster = Cluster(["127.0.0.1"], port=port, auth_provider=auth, connect_timeout=20, load_balancing_policy=RoundRobinPolicy())
try:
    session = cluster.connect()
    print("connected by v%d" % cluster.protocol_version)
    for text in ("SELECT key FROM system.local WHERE key = ?", "SELECT key FROM system.local WHERE key = %s"):
        try:
            print(session.execute(text, ("local",)).one().key)
        except TypeError as error:
            print("TypeError: %s" % error)
except NoHostAvailable as error:
    for met in error.errors.values():
        print("%s: %s" % (type(met).__name__, met))
for line in log.getvalue().splitlines():
    if "Downgrading" in line:
        print(line.split(" for ")[0])
    elif "challenge was not sent" in line:
        print("unasked")
cluster.shutdown()
"#;

/// What the program tells, or nothing on a machine that lacks the toolchain.
fn python(port: u16, name: &str) -> Option<Vec<String>> {
    let folder = match Process::ready(adapter("python").unwrap()) {
        Err(error) if error.is_skip() => {
            println!("left out: {error}");
            return None;
        }
        folder => folder.unwrap(),
    };
    let out =
        Command::new(folder.join("venv/bin/python")).args(["-c", PROGRAM, &port.to_string(), name]).output().unwrap();
    let said = String::from_utf8(out.stdout).unwrap();
    assert!(out.status.success(), "{said}{}", String::from_utf8_lossy(&out.stderr));
    let mut lines: Vec<String> = said.lines().map(String::from).collect();
    lines.dedup();
    Some(lines)
}

const DOWN: [&str; 3] = [
    "Downgrading core protocol version from 66 to 65",
    "Downgrading core protocol version from 65 to 5",
    "Downgrading core protocol version from 5 to 4",
];
/// A statement with `?` that nobody prepared is a format string without a place for its values.
const UNPREPARED: &str = "TypeError: not all arguments converted during string formatting";

/// "Downgrading … to 5" is the end of it on a Cassandra, which speaks v5; a Scylla is asked once more. Nobody is authenticated where
/// nobody asks, and a client with credentials only wonders.
#[test]
fn a_client_probes_versions_formats_texts_and_is_not_asked_who_it_is() {
    for (persona, version, steps) in [(Persona::Cassandra50, 5, 2), (Persona::Scylla, 4, 3)] {
        let port = serve(1, persona, Authenticator::AllowAll);
        let Some(said) = python(port, "nobody") else { return };
        let connected = format!("connected by v{version}");
        let mut expected = vec![connected.as_str(), UNPREPARED, "local"];
        expected.extend(&DOWN[..steps]);
        assert_eq!(said, expected);
        let Some(said) = python(port, "cassandra") else { return };
        expected.push("unasked");
        assert_eq!(said, expected);
    }
}

/// The other two of four: a server that asks.
#[test]
fn a_server_that_asks_who_it_is() {
    let port = serve(1, Persona::Cassandra50, Authenticator::Password);
    let Some(said) = python(port, "cassandra") else { return };
    assert_eq!(said, ["connected by v5", UNPREPARED, "local", DOWN[0], DOWN[1]]);
    let said = python(port, "nobody").unwrap();
    assert!(said[0].starts_with("AuthenticationFailed: ") && said[0].contains("requires authentication"), "{said:?}");
    let said = python(port, "guest").unwrap();
    let refused = "Provided username guest and/or password are incorrect";
    assert!(said[0].starts_with("AuthenticationFailed: ") && said[0].contains(refused), "{said:?}");
}

/// scylladb/gocql 1.15.0 asks for a table that no server has, by a typing error, and connects to no Cassandra from 4.0 on: `gocql:
/// unable to create session: unable to fetch peer host info: table peers_2 does not exist`.
#[test]
fn a_fork_asks_for_peers_2() {
    let answer = Client::open(plain(1)).query("SELECT * FROM system.peers_2");
    assert_eq!(error_of(&answer), (0x2200, "table peers_2 does not exist".into()));
}
