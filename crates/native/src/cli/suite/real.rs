//! A scenario through real drivers: which, on what, and how often when the machine is too slow for its clocks.

use crate::cli::error::Error;
use crate::drivers::{ClientError, Drivers, Fleet, Ground, adapter, named, names};
use scenario::{Blessed, End, bless, parse};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::runtime::Runtime;

/// Who speaks when `--backend` names no driver.
const DRIVER: &str = "rust";
/// How often a run is tried whose pauses were longer than the difference of clocks that it studies.
const TRIES_MAX: u32 = 3;

/// A driver and what it speaks to.
pub struct Real {
    to: To,
    driver: &'static str,
    fleet: Fleet,
    runtime: Runtime,
}

#[derive(Clone)]
enum To {
    Port,
    Server { kind: &'static str, at: SocketAddr, nodetool: Option<PathBuf> },
}

impl Real {
    /// `port:DRIVER`, `cassandra:DRIVER` or `contact:HOST:PORT[:DRIVER]`.
    pub fn parse(text: &str) -> Result<Real, Error> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        let (to, driver) = match kind {
            "port" => (To::Port, rest),
            "cassandra" => (kept()?, rest),
            "contact" => {
                let mut parts = rest.splitn(3, ':');
                let (host, port) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
                let found = port.parse::<u16>().ok().and_then(|port| (host, port).to_socket_addrs().ok()?.next());
                let at = found.ok_or_else(|| Error::usage(format!("there is no host and port in {text}")))?;
                (To::Server { kind: "contact", at, nodetool: None }, parts.next().unwrap_or(""))
            }
            other => {
                let near = scenario::nearest(other, ["model", "port", "cassandra", "contact"]);
                return Err(Error::usage_near(format!("there is no backend {other}"), near));
            }
        };
        Real::new(to, if driver.is_empty() { DRIVER } else { driver })
    }

    /// Every driver on the port; their programs are shared.
    pub fn every() -> Result<impl Iterator<Item = Real>, Error> {
        let fleet = Fleet::of(DRIVER).map_err(|error| Error::Usage(error.to_string()))?;
        let all: Result<Vec<Real>, Error> = names()
            .map(|driver| Ok(Real { to: To::Port, driver, fleet: fleet.with_default(driver), runtime: runtime()? }))
            .collect();
        Ok(all?.into_iter())
    }

    fn new(to: To, driver: &str) -> Result<Real, Error> {
        let near = || scenario::nearest(driver, names());
        let fleet = Fleet::of(driver).map_err(|error| Error::usage_near(error.to_string(), near()))?;
        let driver = named(driver).unwrap_or(DRIVER);
        Ok(Real { to, driver, fleet, runtime: runtime()? })
    }

    /// As a line of the table begins with it.
    pub fn name(&self) -> String {
        match &self.to {
            To::Port => format!("port:{}", self.driver),
            To::Server { kind, .. } => format!("{kind}:{}", self.driver),
        }
    }

    /// Why this driver cannot be used on this machine.
    pub fn unready(&self) -> Result<Option<String>, Error> {
        match adapter::adapter(self.driver).map(adapter::Process::ready).transpose() {
            Ok(_) => Ok(None),
            Err(error) if error.is_skip() => Ok(Some(error.to_string())),
            Err(error) => Err(Error::Stopped(error.to_string())),
        }
    }

    /// One scenario's run.
    pub fn run(&mut self, text: &str) -> Blessed {
        let (scenario, _) = parse(text);
        let mut tries = 0;
        loop {
            tries += 1;
            let mut drivers = Drivers::new(self.ground(), self.fleet.clone(), &unique()).expecting(&scenario);
            let (mut blessed, cleaned) = self.runtime.block_on(async {
                let blessed = bless(text, &mut drivers, &mut ()).await;
                let inconclusive = drivers.inconclusive();
                ((blessed, inconclusive), drivers.clean().await)
            });
            if let (End::Broken(why), true) = (&blessed.0.end, drivers.declined()) {
                blessed.0.end = End::Skipped(why.clone());
            }
            if let (Err(error), End::Whole) = (cleaned, &blessed.0.end) {
                blessed.0.end = End::Broken(format!("what it made is still there: {error}"));
            }
            match blessed {
                (mut blessed, Some((pause, difference))) if blessed.end == End::Whole => {
                    if tries == TRIES_MAX {
                        let (pause, difference) = (pause / 1000, difference / 1000);
                        blessed.end = End::Skipped(format!("inconclusive ({pause} ms > {difference} ms)"));
                        return blessed;
                    }
                }
                (blessed, _) => return blessed,
            }
        }
    }

    fn ground(&self) -> Ground {
        match &self.to {
            To::Port => Ground::Port(None),
            To::Server { at, nodetool, .. } => Ground::Server { at: *at, nodetool: nodetool.clone() },
        }
    }
}

fn runtime() -> Result<Runtime, Error> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

/// Where the node answers that `cargo xtask oracle --keep` leaves running.
pub fn kept_at() -> Result<SocketAddr, Error> {
    match kept()? {
        To::Server { at, .. } => Ok(at),
        _ => Err(Error::Stopped("no real Cassandra is kept here".into())),
    }
}

/// The node that `cargo xtask oracle --keep` leaves running.
fn kept() -> Result<To, Error> {
    let stopped = |error: ClientError| Error::Stopped(error.to_string());
    let dir = adapter::cache().map_err(stopped)?.join("oracle-kept");
    let port = std::fs::read_to_string(dir.join("port")).ok().and_then(|text| text.trim().parse::<u16>().ok());
    match port {
        Some(port) => Ok(To::Server {
            kind: "cassandra",
            at: SocketAddr::from(([127, 0, 0, 1], port)),
            nodetool: Some(dir.join("nodetool")),
        }),
        None => Err(Error::Stopped("no real Cassandra is kept here; start one with cargo xtask oracle --keep".into())),
    }
}

/// A word that no other run has: keyspaces are named after it.
fn unique() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:x}{:x}", since.as_micros(), std::process::id())
}
