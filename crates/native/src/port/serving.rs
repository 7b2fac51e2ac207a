//! The port in this process, on a thread of its own: a cluster for one scenario, gone when it is dropped.

use super::served::{Authenticator, Served, wall};
use super::server::{Unbound, bind};
use scenario::{Cluster, Setup};
use sim::Span;
use std::fmt;
use std::io;
use std::sync::mpsc;
use std::thread::JoinHandle;
use tokio::sync::oneshot;
use world::{Limits, World};

/// A port that is free at n1's address may not be at the others'; so many are tried.
const TRIES_MAX: u32 = 8;

/// A cluster that is served until this value is dropped.
pub struct Serving {
    port: u16,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Why nothing is served.
#[derive(Debug)]
pub enum Unserved {
    /// An address could not be had.
    Unbound(Unbound),
    /// There is no thread or no runtime.
    Io(io::Error),
}

impl Serving {
    /// Serve the cluster of a scenario, on a port that is free, without anything that the scenario says.
    ///
    /// # Errors
    /// When there is no such port.
    pub fn start(setup: &Setup) -> Result<Serving, Unserved> {
        let (stop, stopped) = oneshot::channel();
        let (sender, bound) = mpsc::channel();
        let setup = setup.clone();
        let thread = std::thread::Builder::new()
            .name("port".into())
            .spawn(move || {
                let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                    Ok(runtime) => runtime,
                    Err(error) => return drop(sender.send(Err(Unserved::Io(error)))),
                };
                tokio::task::LocalSet::new().block_on(&runtime, serve(setup, sender, stopped));
            })
            .map_err(Unserved::Io)?;
        let gone = || Unserved::Io(io::Error::other("the thread is gone"));
        let port = bound.recv().map_err(|_| gone())??;
        Ok(Serving { port, stop: Some(stop), thread: Some(thread) })
    }

    /// Where every node listens, each at its own address.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ended_already = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

async fn serve(mut setup: Setup, sender: mpsc::Sender<Result<u16, Unserved>>, stopped: oneshot::Receiver<()>) {
    let mut tried = 0;
    let bound = loop {
        tried += 1;
        match bind(setup.cluster.nodes, 0, setup.cluster.like).await {
            Ok(bound) => break bound,
            Err(unbound) if unbound.error.kind() == io::ErrorKind::AddrInUse && tried < TRIES_MAX => {}
            Err(unbound) => return drop(sender.send(Err(Unserved::Unbound(unbound)))),
        }
    };
    setup.demo = None;
    let persona = setup.cluster.like;
    let (start, port) = (wall(), bound.port());
    let world = begin(&mut setup, start);
    let _waits = sender.send(Ok(port));
    let served = Served::new(world, start, port, persona, Authenticator::AllowAll);
    tokio::select! {
        // It records nothing, so no file can fail.
        _ = bound.serve(served, false) => {}
        _ = stopped => {}
    }
}

/// A world that begins at `start`, microseconds since the Unix epoch, and has no limits. Messages take no time in it unless the
/// scenario says so: a delay would be a real wait.
pub fn begin(setup: &mut Setup, start: i64) -> World {
    setup.cluster.start = start;
    if setup.cluster.latency == Cluster::default().latency {
        setup.cluster.latency = Span::ZERO;
    }
    let mut world = World::new(setup, false);
    world.set_limits(Limits { events: u64::MAX, time: Span(u64::MAX / 2) });
    world
}

impl fmt::Display for Unserved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unserved::Unbound(Unbound { address, error }) => write!(f, "cannot listen on {address}: {error}"),
            Unserved::Io(error) => write!(f, "cannot serve: {error}"),
        }
    }
}

impl std::error::Error for Unserved {}
