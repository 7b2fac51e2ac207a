//! What the port says beside its answers, and how it passes for one server or the other.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod raw;

use native::port::{Authenticator, SHARDS};
use raw::{Answer, Client, plain, query, serve, string, string_map};
use scenario::Persona;
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What OPTIONS is answered with, by key.
fn options(client: &mut Client) -> Vec<(String, Vec<String>)> {
    client.send(0, 0x05, &[]);
    let (_, opcode, body) = client.read().unwrap();
    assert_eq!(opcode, 0x06);
    let mut texts = Vec::new();
    let count = u16::from_be_bytes([body[0], body[1]]);
    let mut place = 2;
    let take = |place: &mut usize| {
        let length = usize::from(u16::from_be_bytes([body[*place], body[*place + 1]]));
        *place += 2 + length;
        String::from_utf8(body[*place - length..*place].to_vec()).unwrap()
    };
    for _ in 0..count {
        let key = take(&mut place);
        let values = u16::from_be_bytes([body[place], body[place + 1]]);
        place += 2;
        texts.push((key, (0..values).map(|_| take(&mut place)).collect()));
    }
    texts
}

fn option(options: &[(String, Vec<String>)], key: &str) -> String {
    options.iter().find(|(name, _)| name == key).map(|(_, values)| values.join(",")).unwrap_or_default()
}

/// A Scylla has shards: the usual port gives them out in turn, the other by the port that a client comes from (drivers-live.md 3c).
#[test]
fn a_scylla_has_a_port_where_the_shard_is_chosen() {
    let port = serve(1, Persona::Scylla, Authenticator::AllowAll);
    let shards: Vec<String> = (0..4).map(|_| option(&options(&mut Client::connect(port)), "SCYLLA_SHARD")).collect();
    assert!(shards[0] != shards[1] && shards[0] == shards[2] && shards[1] == shards[3], "{shards:?}");
    let told = options(&mut Client::connect(port));
    assert_eq!(option(&told, "SCYLLA_NR_SHARDS"), SHARDS.to_string());
    assert_eq!(option(&told, "SCYLLA_PARTITIONER"), "org.apache.cassandra.dht.Murmur3Partitioner");
    assert_eq!(option(&told, "SCYLLA_SHARDING_ALGORITHM"), "biased-token-round-robin");
    assert_eq!(option(&told, "SCYLLA_SHARDING_IGNORE_MSB"), "12");
    let aware: u16 = option(&told, "SCYLLA_SHARD_AWARE_PORT").parse().unwrap();
    for _ in 0..8 {
        let mut client = Client::connect(aware);
        let from = client.socket.local_addr().unwrap().port();
        assert_eq!(option(&options(&mut client), "SCYLLA_SHARD"), (from % SHARDS).to_string());
    }
    let cassandra = options(&mut Client::connect(plain(1)));
    assert!(cassandra.iter().all(|(key, _)| !key.starts_with("SCYLLA")), "{cassandra:?}");
}

/// A driver that asks for it is told which prepared statements are transactions, and only by a Scylla.
#[test]
fn a_scylla_marks_transactions() {
    let port = serve(1, Persona::Scylla, Authenticator::AllowAll);
    for (wants, mark) in [(&[("CQL_VERSION", "3.0.0"), ("SCYLLA_LWT_ADD_METADATA_MARK", "")][..], 0x80), (&[], 0)] {
        let mut client = Client::connect(port);
        client.send(1, 0x01, &string_map(wants));
        assert_eq!(client.read().unwrap().1, 0x02);
        client.query("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        client.query("CREATE TABLE k.t (k int PRIMARY KEY, v int)");
        let mut flags = |text: &str| {
            client.send(1, 0x09, &[&(text.len() as u32).to_be_bytes()[..], text.as_bytes()].concat());
            let (_, opcode, body) = client.read().unwrap();
            assert_eq!((opcode, body[3]), (0x08, 4));
            let id = usize::from(u16::from_be_bytes([body[4], body[5]]));
            body[6 + id]
        };
        assert_eq!(flags("INSERT INTO k.t (k, v) VALUES (?, ?) IF NOT EXISTS"), mark);
        assert_eq!(flags("INSERT INTO k.t (k, v) VALUES (?, ?)"), 0);
    }
}

/// `USING TIMEOUT` is Scylla's alone, and its drivers end every question to the system's tables with it.
#[test]
fn using_timeout_is_for_a_scylla() {
    let text = "SELECT peer FROM system.peers USING TIMEOUT 2000ms";
    assert_eq!(Client::open(serve(1, Persona::Scylla, Authenticator::AllowAll)).query(text).1, 0x08);
    assert_eq!(Client::open(plain(1)).query(text).1, 0x00);
}

/// A QUERY with these flags in its header, and the flags of the answer's.
fn flagged(client: &mut Client, flags: u8, text: &str) -> (u8, Answer) {
    use std::io::{Read, Write};
    let body = query(text);
    let head = [&[4, flags, 0, 9, 0x07][..], &(body.len() as u32).to_be_bytes()].concat();
    client.socket.write_all(&[head, body].concat()).unwrap();
    let mut header = [0; 9];
    client.socket.read_exact(&mut header).unwrap();
    let mut body = vec![0; u32::from_be_bytes(header[5..9].try_into().unwrap()) as usize];
    client.socket.read_exact(&mut body).unwrap();
    (header[1], (9, header[4], body))
}

/// As Cassandra 5.0.6 was seen to warn.
#[test]
fn warnings_come_before_the_answer() {
    let mut client = Client::open(plain(1));
    let mut warned = |text: &str| {
        let (flags, (_, opcode, body)) = flagged(&mut client, 0, text);
        assert_eq!(opcode, 0x08, "{text}: {}", String::from_utf8_lossy(&body));
        (flags & 0x08 != 0).then(|| {
            let length = usize::from(u16::from_be_bytes([body[2], body[3]]));
            assert_eq!((body[0], body[1]), (0, 1), "one warning");
            String::from_utf8(body[4..4 + length].to_vec()).unwrap()
        })
    };
    let none = None::<String>;
    let many = "Your replication factor 3 for keyspace k is higher than the number of nodes 1";
    assert_eq!(
        warned("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}").as_deref(),
        Some(many)
    );
    let dc = "Your replication factor 2 for keyspace n is higher than the number of nodes 1 for datacenter dc1";
    assert_eq!(
        warned("CREATE KEYSPACE n WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': 2}").as_deref(),
        Some(dc)
    );
    for text in [
        "ALTER KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
        "CREATE TABLE k.t (k int, c int, v text, PRIMARY KEY (k, c))",
        "CREATE TABLE k.u (k int PRIMARY KEY)",
        "SELECT count(*) FROM k.t WHERE k = 1",
        "SELECT count(*) FROM k.t WHERE k IN (1)",
        "SELECT count(*) FROM k.t WHERE token(k) > 5",
        "SELECT k FROM k.t WHERE k IN (1, 2)",
        "SELECT k FROM k.t",
    ] {
        assert_eq!(warned(text), none, "{text}");
    }
    let unkeyed = Some("Aggregation query used without partition key");
    for text in [
        "SELECT count(*) FROM k.t",
        "SELECT max(c) FROM k.t WHERE c = 1 ALLOW FILTERING",
        "SELECT k, count(*) FROM k.t GROUP BY k",
        "SELECT count(*) FROM system.local",
    ] {
        assert_eq!(warned(text).as_deref(), unkeyed, "{text}");
    }
    let several = Some("Aggregation query used on multiple partition keys (IN restriction)");
    assert_eq!(warned("SELECT count(*) FROM k.t WHERE k IN (1, 2)").as_deref(), several);
    let batch = |count: u32, kind: &str, table: &str| {
        let rows = (0..count).map(|k| match table {
            "t" => format!("INSERT INTO k.t (k, c) VALUES ({k}, 1); "),
            _ => format!("INSERT INTO k.t (k, c) VALUES ({k}, 1); INSERT INTO k.u (k) VALUES ({k}); "),
        });
        format!("BEGIN {kind} BATCH {}APPLY BATCH", rows.collect::<String>())
    };
    assert_eq!(warned(&batch(10, "UNLOGGED", "t")), none);
    assert_eq!(warned(&batch(6, "UNLOGGED", "both")), none, "keys are counted, not rows");
    assert_eq!(warned(&batch(20, "", "t")), none);
    let unlogged = "Unlogged batch covering 11 partitions detected against table [k.t]. You should use a logged batch for atomicity, or asynchronous writes for performance.";
    assert_eq!(warned(&batch(11, "UNLOGGED", "t")).as_deref(), Some(unlogged));
}

/// What cqlsh's TRACING ON does: the answer names a session, and its events are there at once, on every node.
#[test]
fn a_traced_request_is_told_in_system_traces() {
    let port = plain(3);
    let mut client = Client::open(port);
    client.query("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}");
    client.query("CREATE TABLE k.t (k int PRIMARY KEY, v int)");
    let (flags, (_, opcode, body)) = flagged(&mut client, 0x02, "INSERT INTO k.t (k, v) VALUES (7, 1)");
    assert_eq!((flags, opcode, body.len()), (0x02, 0x08, 20), "a session, then VOID");
    let session: String = body[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |from: usize, to: usize| session[from..to].to_string();
    let session = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-");
    assert_eq!(&session[14..15], "1", "a UUID of version 1: {session}");
    let mut other = Client { socket: TcpStream::connect(("127.0.0.2", port)).unwrap(), version: 4 };
    other.send(1, 0x01, &string_map(&[("CQL_VERSION", "3.0.0")]));
    other.read().unwrap();
    let asked = format!(
        "SELECT request, duration, command, parameters FROM system_traces.sessions WHERE session_id = {session}"
    );
    let (_, opcode, body) = other.query(&asked);
    let text = String::from_utf8_lossy(&body).into_owned();
    assert!(opcode == 0x08 && text.contains("Execute CQL3 query") && text.contains("VALUES (7, 1)"), "{text}");
    let asked = format!("SELECT activity, source, thread FROM system_traces.events WHERE session_id = {session}");
    let (_, opcode, body) = other.query(&asked);
    let text = String::from_utf8_lossy(&body).into_owned();
    assert!(opcode == 0x08 && text.contains("mutation") && text.contains("n3"), "{text}");
    let (flags, (_, opcode, _)) = flagged(&mut client, 0x02, "SELECT nothing FROM k.t");
    assert_eq!((flags, opcode), (0x02, 0x00), "an error is traced too");
    let (flags, _) = flagged(&mut client, 0, "SELECT * FROM k.t");
    assert_eq!(flags, 0);
}

/// Sockets that a server holds at this port: connected, or left by the other side.
fn held(port: u16) -> usize {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let end = format!("0100007F:{port:04X}");
    let open = |line: &&str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.get(1).is_some_and(|local| local.ends_with(&end)) && ["01", "08"].contains(&words[3])
    };
    table.lines().skip(1).filter(open).count()
}

/// kill -9 of a client, with a request half sent and answers that it never read: the others go on, and no socket is left.
#[cfg(target_os = "linux")]
#[test]
fn a_client_that_is_killed_leaves_nothing_behind() {
    let port = plain(1);
    let mut beside = Client::open(port);
    beside.query("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
    beside.query("CREATE TABLE k.t (k int PRIMARY KEY, v blob)");
    beside.query(&format!("INSERT INTO k.t (k, v) VALUES (1, 0x{})", "ab".repeat(100_000)));
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
    let frame =
        |opcode: u8, body: &[u8]| [&[4, 0, 0, 1, opcode][..], &(body.len() as u32).to_be_bytes(), body].concat();
    let startup = hex(&frame(0x01, &[vec![0, 1], string("CQL_VERSION"), string("3.0.0")].concat()));
    let asks = hex(&frame(0x07, &query("SELECT * FROM k.t")));
    let script = format!(
        "exec 3<>/dev/tcp/127.0.0.1/{port}; printf '{startup}' >&3; for n in $(seq 200); do printf '{asks}' >&3; done; \
         printf '\\x04\\x00\\x00' >&3; echo ready; exec sleep 60"
    );
    let mut killed =
        Command::new("bash").args(["-c", &script]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut ready = [0; 6];
    std::io::Read::read_exact(killed.stdout.as_mut().unwrap(), &mut ready).unwrap();
    assert_eq!(beside.query("SELECT k FROM k.t").1, 0x08);
    // The table is read while other tests open and close, and may show a line twice or not at all.
    let mut settles_at = |count: usize| {
        let began = Instant::now();
        while held(port) != count {
            assert!(began.elapsed() < Duration::from_secs(10), "{} sockets instead of {count}", held(port));
            assert_eq!(beside.query("SELECT k FROM k.t").1, 0x08);
        }
    };
    settles_at(2);
    killed.kill().unwrap();
    killed.wait().unwrap();
    settles_at(1);
    let again = SocketAddr::from(([127, 0, 0, 1], port));
    assert!(TcpStream::connect(again).is_ok());
}

/// Rust scylla 1.9.0 as it comes: a connection for each shard, the missing one by the port where it is chosen.
#[cfg(all(feature = "drivers", target_os = "linux"))]
#[test]
fn a_real_scylla_driver_finds_every_shard() {
    let port = serve(1, Persona::Scylla, Authenticator::AllowAll);
    let aware: u16 = option(&options(&mut Client::connect(port)), "SCYLLA_SHARD_AWARE_PORT").parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let node = SocketAddr::from(([127, 0, 0, 1], port));
        let building = scylla::client::session_builder::SessionBuilder::new().known_node_addr(node);
        let session = building.build().await.unwrap();
        let began = Instant::now();
        while held(aware) != usize::from(SHARDS) - 1 {
            assert!(began.elapsed() < Duration::from_secs(10), "{} connections of {SHARDS} shards", held(aware));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        for text in [
            "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
            "CREATE TABLE k.t (k int PRIMARY KEY)",
            "SELECT k FROM k.t USING TIMEOUT 500ms",
        ] {
            session.query_unpaged(text, ()).await.unwrap();
        }
    });
}
