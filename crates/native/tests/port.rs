//! The CQL port from outside, byte by byte: handshakes as real drivers send them (drivers-live.md 3), and everything that a
//! broken or hostile client may send instead.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod raw;

use native::port::{self, Authenticator};
use raw::{Client, error_of, exchange, frame, plain, query, serve, served, string, string_map};
use scenario::Persona;
use sim::Id;
use std::io::Write;
use std::net::{Shutdown, TcpStream};

/// Every driver steps down on this, and only on stream 0 (drivers-live.md 3a).
#[test]
fn an_unknown_version_is_refused_on_stream_0() {
    let port = plain(1);
    for version in [66u8, 65, 6, 3, 2, 1] {
        let mut client = Client { version, ..Client::connect(port) };
        client.send(640, 0x05, &[]);
        let answer = client.read().unwrap();
        assert_eq!(answer.0, 0);
        let told = format!("Invalid or unsupported protocol version ({version}); supported versions are (4/v4, 5/v5)");
        assert_eq!(error_of(&answer), (0x000A, told));
        assert_eq!(client.read(), None);
    }
    let scylla = serve(1, Persona::Scylla, Authenticator::AllowAll);
    let mut client = Client { version: 5, ..Client::connect(scylla) };
    client.send(1, 0x05, &[]);
    let answer = client.read().unwrap();
    assert_eq!((answer.0, error_of(&answer).1.as_str()), (0, "Invalid or unsupported protocol version: 5"));
}

#[test]
fn options_say_what_every_driver_needs() {
    let mut client = Client::connect(plain(1));
    client.send(-5, 0x05, &[]);
    let (stream, opcode, body) = client.read().unwrap();
    assert_eq!((stream, opcode), (-5, 0x06));
    let text = String::from_utf8_lossy(&body).into_owned();
    assert!(
        ["COMPRESSION", "CQL_VERSION", "PROTOCOL_VERSIONS", "lz4"].iter().all(|word| text.contains(word)),
        "{text}"
    );
}

#[test]
fn many_requests_at_once_on_any_stream() {
    let mut client = Client::open(plain(1));
    for stream in [i16::MAX, 0, 64, 32_704, 1] {
        client.send(stream, 0x07, &query("SELECT key FROM system.local WHERE key='local';"));
    }
    let streams: Vec<i16> = (0..5).map(|_| client.read().unwrap().0).collect();
    assert_eq!(streams, [i16::MAX, 0, 64, 32_704, 1]);
}

#[test]
fn a_request_before_startup_is_refused_and_the_connection_goes_on() {
    let mut client = Client::connect(plain(1));
    assert_eq!(error_of(&client.query("SELECT key FROM system.local")).0, 0x000A);
    client.send(1, 0x01, &string_map(&[("CQL_VERSION", "3.0.0")]));
    assert_eq!(client.read().unwrap().1, 0x02);
    assert_eq!(client.query("SELECT key FROM system.local").1, 0x08);
}

#[test]
fn whoever_registers_is_told_of_schema_changes_made_anywhere() {
    let port = plain(3);
    let mut listener = Client::open(port);
    let events = [vec![0, 3], string("TOPOLOGY_CHANGE"), string("STATUS_CHANGE"), string("SCHEMA_CHANGE")].concat();
    listener.send(2, 0x0B, &events);
    assert_eq!(listener.read().unwrap().1, 0x02);
    let mut other = Client { socket: TcpStream::connect(("127.0.0.3", port)).unwrap(), version: 4 };
    other.send(1, 0x01, &string_map(&[("CQL_VERSION", "3.0.0")]));
    other.read().unwrap();
    let made = other.query("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}");
    let change = [string("CREATED"), string("KEYSPACE"), string("k")].concat();
    assert_eq!(made, (7, 0x08, [vec![0, 0, 0, 5], change.clone()].concat()));
    assert_eq!(listener.read().unwrap(), (-1, 0x0C, [string("SCHEMA_CHANGE"), change].concat()));
    listener.send(3, 0x0B, &[vec![0, 1], string("WEATHER")].concat());
    assert_eq!(error_of(&listener.read().unwrap()).1, "Invalid value 'WEATHER' for Type");
}

#[test]
fn a_password_is_asked_for_and_checked() {
    let port = serve(1, Persona::Cassandra50, Authenticator::Password);
    let mut client = Client::connect(port);
    client.send(1, 0x01, &string_map(&[("CQL_VERSION", "3.0.0")]));
    assert_eq!(client.read().unwrap().1, 0x03);
    assert_eq!(error_of(&client.query("SELECT key FROM system.local")).0, 0x000A);
    let token = |text: &[u8]| [&(text.len() as u32).to_be_bytes()[..], text].concat();
    client.send(2, 0x0F, &token(b"\0cassandra\0guess"));
    let refused = error_of(&client.read().unwrap());
    assert_eq!(refused, (0x0100, "Provided username cassandra and/or password are incorrect".into()));
    client.send(3, 0x0F, &token(b"\0cassandra\0cassandra"));
    assert_eq!(client.read().unwrap().1, 0x10);
    assert_eq!(client.query("SELECT key FROM system.local").1, 0x08);
}

/// Each of these is answered with a protocol error or hung up on, and a client beside it notices nothing.
#[test]
fn nonsense_ends_a_connection_and_no_other() {
    let port = plain(1);
    let mut beside = Client::open(port);
    let mut bomb = vec![0x7f, 0xff, 0xff, 0xff];
    bomb.extend([0; 64]);
    let compressed = [&[4, 1, 0, 9, 0x07, 0, 0, 0, bomb.len() as u8][..], &bomb].concat();
    let fatal: [(&str, Vec<u8>); 6] = [
        ("another protocol", b"GET / HTTP/1.1\r\n\r\n".to_vec()),
        ("an answer", vec![0x84, 0, 0, 1, 0x02, 0, 0, 0, 0]),
        ("a body of 2 GiB", vec![4, 0, 0, 1, 0x07, 0x7f, 0xff, 0xff, 0xff]),
        ("an unknown opcode", vec![4, 0, 0, 1, 0x77, 0, 0, 0, 0]),
        ("an answer's opcode", vec![4, 0, 0, 1, 0x08, 0, 0, 0, 0]),
        ("a compression bomb", compressed),
    ];
    for (what, bytes) in fatal {
        let mut client = Client::open(port);
        client.socket.write_all(&bytes).unwrap();
        while let Some(answer) = client.read() {
            // A bad opcode or body is one request's fault: it is told, and nothing is owed to what follows.
            assert_eq!(error_of(&answer).0, 0x000A, "{what}");
            client.socket.shutdown(Shutdown::Write).unwrap();
        }
        assert_eq!(beside.query("SELECT key FROM system.local").1, 0x08, "after {what}");
    }
    let faulty: [(&str, u8, Vec<u8>); 4] = [
        ("a body that ends within a value", 0x07, vec![0, 0, 0, 200, b'x']),
        ("a negative length", 0x07, vec![0xff, 0xff, 0xff, 0xfe]),
        ("no UTF-8", 0x07, [vec![0, 0, 0, 2, 0xc3, 0x28], vec![0, 1, 0]].concat()),
        (
            "an unknown consistency",
            0x07,
            [query("SELECT key FROM system.local"), vec![]]
                .concat()
                .iter()
                .rev()
                .skip(3)
                .rev()
                .copied()
                .chain([0, 99, 0])
                .collect(),
        ),
    ];
    let mut client = Client::open(port);
    for (what, opcode, body) in faulty {
        client.send(3, opcode, &body);
        assert_eq!(error_of(&client.read().unwrap()).0, 0x000A, "{what}");
    }
    assert_eq!(client.query("SELECT key FROM system.local").1, 0x08);
    let unprepared = [vec![0, 8], vec![9; 8], vec![0, 1, 0]].concat();
    client.send(5, 0x0A, &unprepared);
    assert_eq!(error_of(&client.read().unwrap()).0, 0x2500);
}

/// v5: a segment whose checksum is wrong says nothing that can be trusted, so nothing is answered.
#[test]
fn a_damaged_segment_ends_the_connection() {
    let mut client = Client { version: 5, ..Client::connect(plain(1)) };
    client.send(1, 0x01, &string_map(&[("CQL_VERSION", "3.0.0")]));
    assert_eq!(client.read().unwrap().1, 0x02);
    client.socket.write_all(&[9; 64]).unwrap();
    assert_eq!(client.read(), None);
}

/// Half a frame, half a handshake, answers that nobody reads: each holds up itself.
#[test]
fn slow_and_silent_clients_hold_up_nobody() {
    let port = plain(1);
    let mut beside = Client::open(port);
    beside.query("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
    beside.query("CREATE TABLE k.t (k int PRIMARY KEY, v blob)");
    let blob = "ab".repeat(100_000);
    assert_eq!(beside.query(&format!("INSERT INTO k.t (k, v) VALUES (1, 0x{blob})")).1, 0x08);
    let silent: Vec<Client> = (0..1000).map(|_| Client::connect(port)).collect();
    let mut half = Client::open(port);
    half.socket.write_all(&[4, 0, 0, 1, 0x07, 0, 0, 1, 0, b'x']).unwrap();
    let mut deaf = Client::open(port);
    for stream in 0..400 {
        deaf.send(stream, 0x07, &query("SELECT * FROM k.t"));
    }
    for _ in 0..20 {
        assert_eq!(beside.query("SELECT k FROM k.t").1, 0x08);
    }
    // What was asked is answered once it is read.
    assert_eq!((0..400).filter(|_| deaf.read().is_some()).count(), 400);
    drop((silent, half));
    assert_eq!(beside.query("SELECT k FROM k.t").1, 0x08);
}

/// What real drivers were recorded to send, from their first byte on: all of it is understood.
#[test]
fn the_bytes_of_real_drivers_are_understood() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/port");
    let mut drivers = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let Some(driver) = ["cqlsh", "go17", "node", "py", "sv"].into_iter().find(|driver| name.starts_with(driver))
        else {
            continue;
        };
        // The port steps down from a version that it does not speak, and then the driver comes again.
        let mut served = served(3);
        let place = served.connect(Id(0), None, std::rc::Rc::default()).unwrap();
        let bytes = std::fs::read(entry.path()).unwrap();
        served.session(place).unwrap().input().extend_from_slice(&bytes[1..]);
        served.received(place);
        let session = served.session(place).unwrap();
        let mut output = Vec::new();
        session.take_output(&mut output);
        assert!(!output.is_empty(), "{name}");
        if bytes[1] & 0x7f <= 5 {
            assert!(!session.ended && session.input().is_empty(), "{name}");
            drivers.insert(driver);
        }
    }
    assert_eq!(drivers.len(), 5, "{drivers:?}");
}

/// Time is the wall clock's at a frame's arrival (scenario.md, "Time"): a write that the server dates is dated between the moments at
/// which it was sent and answered, to the millisecond that Cassandra knows; so two clients on one machine see no order that the
/// stamps of that machine would not give.
#[test]
fn a_server_dates_a_write_when_it_arrives() {
    let port = plain(3);
    let mut clients = [Client::open(port), Client::open(port)];
    clients[0].query("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}");
    clients[0].query("CREATE TABLE k.t (k int PRIMARY KEY, v int)");
    let mut last = 0;
    for n in 0..500usize {
        let sent = port::wall();
        let answer = clients[n % 2].query(&format!("INSERT INTO k.t (k, v) VALUES (1, {n})"));
        assert_eq!(answer.2, [0, 0, 0, 1], "{answer:?}");
        let answered = port::wall();
        let (_, _, body) = clients[(n + 1) % 2].query("SELECT writetime(v), v FROM k.t WHERE k = 1");
        let stamp = i64::from_be_bytes(body[body.len() - 16..body.len() - 8].try_into().unwrap());
        let value = i32::from_be_bytes(body[body.len() - 4..].try_into().unwrap());
        // One more microsecond for each tie within the millisecond, and never an earlier one again.
        assert!(stamp >= sent / 1_000 * 1_000 && stamp <= answered.max(last + 1), "{sent} {stamp} {answered}");
        assert!(stamp > last && value == n as i32, "{last} {stamp}, {value}");
        last = stamp;
    }
}

/// A directive that is typed while clients are connected does what it does in a scenario, and the clients see what they would see of a
/// real cluster: the connection is gone, the others are told once the failure detector knows, QUORUM is not met.
#[test]
fn faults_happen_under_connected_clients() {
    let mut served = served(3);
    let ids = [Id(0), Id(1), Id(2)].map(|node| served.connect(node, None, std::rc::Rc::default()).unwrap());
    let startup = frame(0x01, &string_map(&[("CQL_VERSION", "3.0.0")]));
    for id in ids {
        assert_eq!(exchange(&mut served, id, &startup)[4], 0x02);
    }
    exchange(&mut served, ids[0], &frame(0x0B, &[vec![0, 1], string("STATUS_CHANGE")].concat()));
    for text in [
        "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}",
        "CREATE TABLE k.t (k int PRIMARY KEY)",
    ] {
        assert_eq!(exchange(&mut served, ids[0], &frame(0x07, &query(text)))[4], 0x08, "{text}");
    }
    assert!(served.direct("klil n3").unwrap_err().contains("kill"));
    assert!(served.direct("row a").is_err() && served.direct("until seen-down n3").is_err());
    for line in ["kill n3", "--@ kill n2", "advance 30s"] {
        served.direct(line).unwrap();
    }
    assert!(served.session(ids[2]).unwrap().ended && served.connect(Id(2), None, std::rc::Rc::default()).is_none());
    served.news();
    let mut told = Vec::new();
    served.session(ids[0]).unwrap().take_output(&mut told);
    let down =
        |last: u8| [string("STATUS_CHANGE"), string("DOWN"), vec![4, 127, 0, 0, last, 0, 0, 0x23, 0x52]].concat();
    for last in [2, 3] {
        assert!(told.windows(down(last).len()).any(|part| part == down(last)), "{told:?}");
    }
    let mut quorum = query("INSERT INTO k.t (k) VALUES (1)");
    let level = quorum.len() - 2;
    quorum[level] = 4;
    let refused = exchange(&mut served, ids[0], &frame(0x07, &quorum));
    assert_eq!((refused[4], &refused[9..13]), (0x00, &[0, 0, 0x10, 0][..]), "Unavailable");
    served.direct("start n3").unwrap();
    served.direct("advance 2s").unwrap();
    assert_eq!(exchange(&mut served, ids[0], &frame(0x07, &quorum))[4], 0x08);
}
