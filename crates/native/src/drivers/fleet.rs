//! Who speaks for a scenario's clients, and by whose clock.

use std::net::SocketAddr;
use std::rc::Rc;

use scenario::{ClientSpec, Stamps};

use super::adapter::{self, Remote, Wall};
use super::clock::{Clock, now_us};
use super::{Client, ClientError, PLAIN, Stamp};
use super::{cdrs, scylla};

/// The drivers that are in this process.
const RUST: &str = "rust";
const CDRS: &str = "cdrs";
/// Whose habits somebody has who names no driver.
const CQLSH: &str = "cqlsh";

/// Every driver that there is, by the name that `driver=` and `--backend` know.
pub fn names() -> impl Iterator<Item = &'static str> {
    adapter::adapters().iter().map(|adapter| adapter.name).chain([RUST, CDRS])
}

/// The driver of this name; the crate `scylla` is `driver=rust` in a scenario, and goes by both names here.
pub fn named(name: &str) -> Option<&'static str> {
    let name = if name == "scylla" { RUST } else { name };
    names().find(|known| *known == name)
}

/// Real drivers, their programs kept warm from one scenario to the next.
#[derive(Clone)]
pub struct Fleet {
    who: Who,
    idle: adapter::Idle,
}

#[derive(Clone, Copy)]
enum Who {
    /// The Rust crate speaks for every driver, and each statement is dated by us as that driver would: an outcome then says
    /// nothing about how busy this machine is.
    Ourselves,
    /// Everybody speaks for himself, by the clock of his own machine; whoever names no driver has this one.
    Themselves(&'static str),
}

/// A client with what it was connected with.
pub struct Speaker {
    pub client: Box<dyn Client>,
    pub dating: Dating,
    pub profile: &'static driver::Profile,
}

/// By whom statements are dated.
#[derive(Debug, Clone)]
pub enum Dating {
    /// By us.
    Ours(Clock),
    /// By the driver, on a machine whose clock is so many µs from true time.
    Theirs(i64),
    /// By the coordinator.
    Servers,
}

impl Dating {
    /// How far the clock is from true time, µs; `None` when the server dates.
    pub fn offset_us(&self) -> Option<i64> {
        match self {
            Dating::Ours(clock) => clock.dates_with_offset(),
            Dating::Theirs(offset) => Some(*offset),
            Dating::Servers => None,
        }
    }

    /// Who dates a statement that is said now.
    pub fn stamp(&mut self, now_us: i64) -> Stamp {
        match self {
            Dating::Ours(clock) => clock.stamp(now_us).map_or(Stamp::Server, Stamp::At),
            Dating::Theirs(_) => Stamp::Driver,
            Dating::Servers => Stamp::Server,
        }
    }
}

impl Speaker {
    /// Moves this client's clock, µs from true time.
    pub fn set_clock(&mut self, offset_us: i64) -> Result<(), ClientError> {
        match &mut self.dating {
            Dating::Ours(clock) => clock.set(offset_us),
            Dating::Theirs(offset) => {
                self.client.set_clock(offset_us)?;
                *offset = offset_us;
            }
            // The server dates, whatever this clock says.
            Dating::Servers => {}
        }
        Ok(())
    }
}

impl Fleet {
    /// For the oracle: outcomes that are the same on a busy machine.
    #[must_use]
    pub fn ourselves() -> Self {
        Self { who: Who::Ourselves, idle: Rc::default() }
    }

    /// Real drivers; whoever names none has this one.
    ///
    /// # Errors
    /// When there is no such driver.
    pub fn of(driver: &str) -> Result<Self, ClientError> {
        let known = named(driver).ok_or_else(|| ClientError::Cannot(unknown(driver)))?;
        Ok(Self { who: Who::Themselves(known), idle: Rc::default() })
    }

    /// The same programs for another driver.
    #[must_use]
    pub fn with_default(&self, driver: &'static str) -> Self {
        Self { who: Who::Themselves(driver), idle: self.idle.clone() }
    }

    /// Connects a client to this node, in this keyspace; `moves`: its clock will be set while it runs.
    pub async fn connect(
        &self,
        spec: &ClientSpec,
        server: SocketAddr,
        keyspace: Option<&str>,
        moves: bool,
    ) -> Result<Speaker, ClientError> {
        // What a client asks for is the scenario's word, and cqlsh's where it names no driver: another driver in its place
        // changes who speaks and who dates, and nothing that the outcomes tell of.
        let profile = habits(spec.driver.unwrap_or(CQLSH))?;
        match self.who {
            Who::Ourselves => {
                let mut client = Box::new(scylla::Client::connect(server).await?);
                enter(&mut *client, keyspace).await?;
                Ok(Speaker { client, dating: Dating::Ours(Clock::new(spec, profile, now_us())), profile })
            }
            Who::Themselves(driver) => {
                let name = spec.driver.unwrap_or(driver);
                if [RUST, CDRS].contains(&name) {
                    let mut client: Box<dyn Client> = match name {
                        CDRS => Box::new(cdrs::Client::connect(server).await?),
                        _ => Box::new(scylla::Client::connect(server).await?),
                    };
                    enter(&mut *client, keyspace).await?;
                    // Neither dates by itself.
                    let dating = match spec.stamps {
                        Some(Stamps::Client) => Dating::Ours(Clock::new(spec, habits(name)?, now_us())),
                        Some(Stamps::Server) | None => Dating::Servers,
                    };
                    return Ok(Speaker { client, dating, profile });
                }
                let adapter = adapter::adapter(name).ok_or_else(|| ClientError::Cannot(unknown(name)))?;
                let dating = self.dating(spec, name)?;
                let wall = Wall { offset_us: dating.offset_us().unwrap_or(0), moves };
                let client = Box::new(Remote::connect(&self.idle, adapter, wall, server, keyspace)?);
                let mut speaker = Speaker { client, dating, profile };
                // A driver's first statement takes many times longer than any later one.
                for _ in 0..2 {
                    speaker.client.ask("SELECT key FROM system.local WHERE key = 'local'", &PLAIN).await?;
                }
                Ok(speaker)
            }
        }
    }

    /// How a program dates by itself, as far as it can be made to do what the scenario says.
    fn dating(&self, spec: &ClientSpec, name: &str) -> Result<Dating, ClientError> {
        let cannot = |what: &str| Err(ClientError::Cannot(format!("{}: {what}", spec.name)));
        if spec.stamps == Some(Stamps::Server) {
            return Ok(Dating::Servers);
        }
        if spec.drift_ppm != 0 || spec.step.is_some() {
            return cannot("a real machine's clock neither drifts nor steps on demand");
        }
        if spec.resolution.is_some() {
            return cannot(&format!("{name} has its own resolution"));
        }
        Ok(Dating::Theirs(spec.clock))
    }
}

/// The keyspace of a client's session from here on.
async fn enter(client: &mut dyn Client, keyspace: Option<&str>) -> Result<(), ClientError> {
    if let Some(keyspace) = keyspace {
        client.ask(&format!("USE {}", cql::ast::Name::from(keyspace)), &PLAIN).await?;
    }
    Ok(())
}

fn habits(name: &str) -> Result<&'static driver::Profile, ClientError> {
    let name = adapter::adapter(name).map_or(name, |adapter| adapter.profile);
    driver::profile(name).ok_or_else(|| ClientError::Cannot(unknown(name)))
}

fn unknown(name: &str) -> String {
    let known: Vec<&str> = names().collect();
    format!("there is no real driver {name} here; there are {}", known.join(", "))
}
