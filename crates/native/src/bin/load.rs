//! Loads one server by CQL and says how fast it was: Rust scylla, one connection, prepared, ONE, values of 64 bytes, 100,000 keys, as
//! drivers-live.md 5 measured. One line for each workload: name, requests in flight, requests a second, p50 and p99 in microseconds.
//!
//! `load ADDRESS:PORT SECONDS [CONNECTIONS]`: with CONNECTIONS, so many sockets are opened first and stay idle.
//! `load ADDRESS:PORT crowd N`: opens N connections or as many as it may, through their handshake, says how many, and keeps them until
//! its standard input ends.

use scylla::client::PoolSize;
use scylla::client::execution_profile::ExecutionProfile;
use scylla::client::session::Session;
use scylla::client::session_builder::SessionBuilder;
use scylla::statement::Consistency;
use scylla::statement::prepared::PreparedStatement;
use std::cell::{Cell, RefCell};
use std::error::Error;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::rc::Rc;
use std::time::{Duration, Instant};

const KEYS: i64 = 100_000;
const VALUE_BYTES: usize = 64;

type Failed = Box<dyn Error>;

fn main() -> Result<(), Failed> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (address, seconds, idle) = match words.as_slice() {
        [address, word, count] if word == "crowd" => return crowd(address.parse()?, count.parse()?),
        [address, seconds] => (address, seconds, 0),
        [address, seconds, idle] => (address, seconds, idle.parse()?),
        _ => return Err("load ADDRESS:PORT SECONDS [CONNECTIONS]".into()),
    };
    let (address, span) = (address.parse()?, Duration::from_secs_f64(seconds.parse()?));
    let idle: Vec<TcpStream> = (0..idle).map(|_| TcpStream::connect(address)).collect::<Result<_, _>>()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done = tokio::task::LocalSet::new().block_on(&runtime, load(address, span));
    drop(idle);
    done
}

fn crowd(address: SocketAddr, count: usize) -> Result<(), Failed> {
    const STARTUP: &[u8] = b"\x04\0\0\0\x01\0\0\0\x16\0\x01\0\x0bCQL_VERSION\0\x053.0.0";
    let mut sockets = Vec::new();
    let mut ready = [0; 9];
    while sockets.len() < count {
        // Out of descriptors, here or there.
        let Ok(mut socket) = TcpStream::connect(address) else { break };
        socket.set_read_timeout(Some(Duration::from_secs(5)))?;
        if socket.write_all(STARTUP).and_then(|()| socket.read_exact(&mut ready)).is_err() {
            break;
        }
        sockets.push(socket);
    }
    println!("{}", sockets.len());
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

async fn load(address: SocketAddr, span: Duration) -> Result<(), Failed> {
    let profile = ExecutionProfile::builder().consistency(Consistency::One).build();
    let session = SessionBuilder::new()
        .known_node_addr(address)
        .default_execution_profile_handle(profile.into_handle())
        .pool_size(PoolSize::PerHost(std::num::NonZeroUsize::MIN))
        .build()
        .await?;
    let keyspace =
        "CREATE KEYSPACE IF NOT EXISTS load WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
    session.query_unpaged(keyspace, ()).await?;
    session.query_unpaged("CREATE TABLE IF NOT EXISTS load.t (k bigint PRIMARY KEY, v blob)", ()).await?;
    let session = Rc::new(session);
    let insert = session.prepare("INSERT INTO load.t (k, v) VALUES (?, ?)").await?;
    let select = session.prepare("SELECT v FROM load.t WHERE k = ?").await?;
    // Every key is there before one is read, and whatever compiles as it goes has compiled.
    run("warm", 64, &session, &insert, true, span).await?;
    for in_flight in [1, 64] {
        println!("{}", run("INSERT", in_flight, &session, &insert, true, span).await?);
        println!("{}", run("SELECT", in_flight, &session, &select, false, span).await?);
    }
    Ok(())
}

/// So many requests at any time, for so long.
async fn run(
    name: &str,
    in_flight: u32,
    session: &Rc<Session>,
    statement: &PreparedStatement,
    writes: bool,
    span: Duration,
) -> Result<String, Failed> {
    let (next, took, failed) =
        (Rc::new(Cell::new(0i64)), Rc::new(RefCell::new(Vec::<u32>::new())), Rc::new(Cell::new(None)));
    let began = Instant::now();
    let tasks: Vec<_> = (0..in_flight)
        .map(|_| {
            let (session, statement) = (session.clone(), statement.clone());
            let (next, took, failed) = (next.clone(), took.clone(), failed.clone());
            tokio::task::spawn_local(async move {
                while began.elapsed() < span {
                    let key = next.get() * 7_919 % KEYS;
                    next.set(next.get() + 1);
                    let sent = Instant::now();
                    let answer = if writes {
                        session.execute_unpaged(&statement, (key, vec![7u8; VALUE_BYTES])).await
                    } else {
                        session.execute_unpaged(&statement, (key,)).await
                    };
                    if let Err(error) = answer {
                        failed.set(Some(error.to_string()));
                        return;
                    }
                    took.borrow_mut().push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
                }
            })
        })
        .collect();
    for task in tasks {
        task.await?;
    }
    if let Some(why) = failed.take() {
        return Err(why.into());
    }
    let seconds = began.elapsed().as_secs_f64();
    let mut took = took.take();
    took.sort_unstable();
    let at = |permille: usize| took.get(took.len() * permille / 1_000).copied().unwrap_or(0);
    Ok(format!("{name}\t{in_flight}\t{:.0}\t{}\t{}", took.len() as f64 / seconds, at(500), at(990)))
}
