//! The sockets: a listener for each node, a task for each connection, one that wakes when the model's next event is due. All on one
//! thread, for the model is one.

use super::served::{Served, wall};
use cluster::Address;
use sim::Id;
use std::cell::RefCell;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Room for this many more bytes is made before a socket is read.
const READ_BYTES: usize = 16 << 10;
/// What was recorded is in its file after this long at most.
const SAVE_EVERY: Duration = Duration::from_secs(1);
/// How long a client may leave what it is sent unread.
const WRITE_PATIENCE: Duration = Duration::from_secs(30);

/// The sockets of all nodes, bound and not yet served.
pub struct Bound {
    listeners: Vec<(Id, TcpListener)>,
}

/// An address that could not be had.
#[derive(Debug)]
pub struct Unbound {
    /// Which.
    pub address: SocketAddr,
    /// Why.
    pub error: io::Error,
}

/// Bind every node to its own loopback address on one port: drivers know peers by address.
pub async fn bind(nodes: impl Iterator<Item = Id>, port: u16) -> Result<Bound, Unbound> {
    let mut listeners = Vec::new();
    let mut port = port;
    for node in nodes {
        let address = SocketAddr::from((Ipv4Addr::from(Address(node).octets()), port));
        let listener = TcpListener::bind(address).await.map_err(|error| Unbound { address, error })?;
        // Port 0 is any that is free; the others then take the same.
        port = listener.local_addr().map_or(port, |address| address.port());
        listeners.push((node, listener));
    }
    Ok(Bound { listeners })
}

impl Bound {
    /// The port of all of them.
    pub fn port(&self) -> u16 {
        let first = self.listeners.first().and_then(|(_, listener)| listener.local_addr().ok());
        first.map_or(0, |address| address.port())
    }

    /// Serve until Ctrl-C, where there is a console, which is also asked for directives; else until this is dropped. Call within a [`tokio::task::LocalSet`].
    ///
    /// # Errors
    /// That of the file that is recorded into.
    pub async fn serve(self, served: Served, console: bool) -> io::Result<()> {
        let hub = Rc::new(Hub { served: RefCell::new(served), sooner: Notify::new() });
        for (node, listener) in self.listeners {
            tokio::task::spawn_local(accept(hub.clone(), node, listener));
        }
        keep_time(&hub, console).await
    }
}

struct Hub {
    served: RefCell<Served>,
    /// Something is due earlier than it was.
    sooner: Notify,
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

async fn accept(hub: Rc<Hub>, node: Id, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((socket, _)) => {
                tokio::task::spawn_local(connection(hub.clone(), node, socket));
            }
            // Out of descriptors, most likely: those that are there go on, and one may close.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// One connection, to its end.
async fn connection(hub: Rc<Hub>, node: Id, mut socket: TcpStream) {
    let wake = Rc::new(Notify::new());
    let Some(place) = hub.served.borrow_mut().connect(node, wake.clone()) else { return };
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
            read = socket.read_buf(&mut input) => {
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
