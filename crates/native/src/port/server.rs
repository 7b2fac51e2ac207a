//! The sockets: a listener for each node, a task for each connection, one that wakes when the model's next event is due. All on one
//! thread, for the model is one.

use super::served::{Served, wall};
use cluster::Address;
use scenario::Persona;
use sim::Id;
use std::cell::RefCell;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Room for this many more bytes is made before a socket is read.
const READ_BYTES: usize = 16 << 10;
/// What was recorded is in its file after this long at most.
const SAVE_EVERY: Duration = Duration::from_secs(1);
/// So far is Scylla's shard-aware port above the usual one.
const SHARD_AWARE_ABOVE: u16 = 19_042 - 9_042;
/// So long after an answer the next request is looked for before the task sleeps: being woken takes longer than answering.
/// Seastar, below Scylla, does the same (`idle-poll-time-us`, 200 there).
const LOOK_FOR: Duration = Duration::from_micros(100);
/// How long a client may leave what it is sent unread.
const WRITE_PATIENCE: Duration = Duration::from_secs(30);

/// The sockets of all nodes, bound and not yet served.
pub struct Bound {
    listeners: Vec<(Id, TcpListener)>,
    /// Those where a client chooses its shard by the port that it comes from; a Cassandra has none.
    shard_aware: Vec<(Id, TcpListener)>,
}

/// An address that could not be had.
#[derive(Debug)]
pub struct Unbound {
    /// Which.
    pub address: SocketAddr,
    /// Why.
    pub error: io::Error,
}

/// Bind every node to its own loopback address on one port: drivers know peers by address. A Scylla has a second port, as far
/// above the first as 19042 is above 9042, or any that is free.
pub async fn bind(nodes: u16, port: u16, persona: Persona) -> Result<Bound, Unbound> {
    let listeners = bound(nodes, port).await?;
    let shard_aware = match persona {
        Persona::Cassandra50 => Vec::new(),
        Persona::Scylla => {
            let beside = port.checked_add(SHARD_AWARE_ABOVE).filter(|_| port != 0).unwrap_or(0);
            bound(nodes, beside).await?
        }
    };
    Ok(Bound { listeners, shard_aware })
}

async fn bound(nodes: u16, mut port: u16) -> Result<Vec<(Id, TcpListener)>, Unbound> {
    let mut listeners = Vec::new();
    for node in (0..nodes).map(Id) {
        let address = SocketAddr::from((Ipv4Addr::from(Address(node).octets()), port));
        let listener = TcpListener::bind(address).await.map_err(|error| Unbound { address, error })?;
        // Port 0 is any that is free; the others then take the same.
        port = port_of(&listener);
        listeners.push((node, listener));
    }
    Ok(listeners)
}

fn port_of(listener: &TcpListener) -> u16 {
    listener.local_addr().map_or(0, |address| address.port())
}

impl Bound {
    /// The port of all of them.
    pub fn port(&self) -> u16 {
        self.listeners.first().map_or(0, |(_, listener)| port_of(listener))
    }

    /// The port where a client chooses its shard.
    pub fn shard_aware_port(&self) -> Option<u16> {
        self.shard_aware.first().map(|(_, listener)| port_of(listener))
    }

    /// Serve until Ctrl-C, where there is a console, which is also asked for directives; else until this is dropped. Call within a [`tokio::task::LocalSet`].
    ///
    /// # Errors
    /// That of the file that is recorded into.
    pub async fn serve(self, mut served: Served, console: bool) -> io::Result<()> {
        served.shard_aware_port = self.shard_aware_port();
        let hub = Rc::new(Hub { served: RefCell::new(served), sooner: Notify::new(), look_for: look_for() });
        for (node, listener) in self.listeners {
            tokio::task::spawn_local(accept(hub.clone(), node, listener, false));
        }
        for (node, listener) in self.shard_aware {
            tokio::task::spawn_local(accept(hub.clone(), node, listener, true));
        }
        keep_time(&hub, console).await
    }
}

struct Hub {
    served: RefCell<Served>,
    /// Something is due earlier than it was.
    sooner: Notify,
    /// How long a task looks for the next request.
    look_for: Duration,
}

/// What is due by itself happens when it is due; a line that is typed is a directive; a recording is saved now and then; Ctrl-C ends it.
async fn keep_time(hub: &Hub, console: bool) -> io::Result<()> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut listening = console;
    loop {
        let due = hub.served.borrow().next_due();
        let pause =
            due.map_or(SAVE_EVERY, |due| Duration::from_micros(u64::try_from(due.saturating_sub(wall())).unwrap_or(0)));
        tokio::select! {
            () = tokio::time::sleep(pause.min(SAVE_EVERY)) => {
                let mut served = hub.served.borrow_mut();
                served.tick();
                served.news();
                served.save()?;
            }
            () = hub.sooner.notified() => {}
            line = lines.next_line(), if listening => match line {
                Ok(Some(line)) => match hub.served.borrow_mut().direct(&line) {
                    Ok(()) => {}
                    Err(why) => eprintln!("{why}"),
                },
                // Nobody types any more; the clients may still speak.
                Ok(None) | Err(_) => listening = false,
            },
            ended = tokio::signal::ctrl_c(), if console => {
                ended?;
                return hub.served.borrow_mut().save();
            }
        }
    }
}

async fn accept(hub: Rc<Hub>, node: Id, listener: TcpListener, shard_aware: bool) {
    loop {
        match listener.accept().await {
            Ok((socket, from)) => {
                let from = shard_aware.then(|| from.port());
                tokio::task::spawn_local(connection(hub.clone(), node, from, socket));
            }
            // Out of descriptors, most likely: those that are there go on, and one may close.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// One connection, to its end; `from`: its port, if that chooses the shard.
async fn connection(hub: Rc<Hub>, node: Id, from: Option<u16>, mut socket: TcpStream) {
    let wake = Rc::new(Notify::new());
    let Some(place) = hub.served.borrow_mut().connect(node, from, wake.clone()) else { return };
    let _nodelay = socket.set_nodelay(true);
    let mut output = Vec::new();
    // What ends it, on either side, is the end of it: there is nobody to tell.
    let _end = converse(&hub, place, &mut socket, &wake, &mut output).await;
    hub.served.borrow_mut().disconnect(place);
}

async fn converse(
    hub: &Hub,
    place: u64,
    socket: &mut TcpStream,
    wake: &Notify,
    output: &mut Vec<u8>,
) -> io::Result<()> {
    let mut input = Vec::with_capacity(READ_BYTES);
    loop {
        let before = hub.served.borrow().next_due();
        tokio::select! {
            read = heard(socket, &mut input, hub.look_for) => {
                if read? == 0 {
                    return Ok(());
                }
                let mut served = hub.served.borrow_mut();
                if let Some(session) = served.session(place) {
                    session.input().append(&mut input);
                }
                served.received(place);
            }
            () = wake.notified() => {}
        }
        let ended = {
            let mut served = hub.served.borrow_mut();
            let due = served.next_due();
            if due.is_some_and(|due| before.is_none_or(|before| due < before)) {
                hub.sooner.notify_one();
            }
            let Some(session) = served.session(place) else { return Ok(()) };
            session.take_output(output);
            session.ended
        };
        if !output.is_empty() {
            // A client that does not read holds up itself and nobody else.
            tokio::time::timeout(WRITE_PATIENCE, socket.write_all(output)).await??;
            output.clear();
            if output.capacity() > 1 << 20 {
                output.shrink_to(READ_BYTES);
            }
        }
        if ended {
            return socket.shutdown().await;
        }
        input.reserve(READ_BYTES);
    }
}

/// More of what the client says; 0 at its end.
async fn heard(socket: &mut TcpStream, input: &mut Vec<u8>, look_for: Duration) -> io::Result<usize> {
    let until = Instant::now() + look_for;
    while Instant::now() < until {
        match socket.try_read_buf(input) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => tokio::task::yield_now().await,
            read => return read,
        }
    }
    socket.read_buf(input).await
}

/// Looking takes a core, and where there is one it is the client's.
fn look_for() -> Duration {
    match std::thread::available_parallelism() {
        Ok(cores) if cores.get() > 1 => LOOK_FOR,
        _ => Duration::ZERO,
    }
}
