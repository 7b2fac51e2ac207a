//! A world: its machines, its network, its queue, its record.

use crate::gossip::Gossip;
use crate::machines::{Desk, Due, Health, Server};
use crate::swap::Swaps;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use cluster::{Catalog, Node, Ring, Settings};
use core::fmt;
use cql::{Response, Schema};
use driver::{Driver, Profile};
use scenario::{ClientSpec, MessageName, Persona, Setup};
use sim::{Chance, Clock, Id, Latency, Network, Queue, Span, Time};
use storage::Dialect;
use trace::{MachineInfo, MachineKind, Trace};

/// A deterministic cluster with its clients.
#[derive(Debug)]
pub struct World {
    pub(crate) now: Time,
    /// Unix time at the start, microseconds.
    pub(crate) epoch: i64,
    pub(crate) queue: Queue<Due>,
    pub(crate) network: Network,
    pub(crate) nodes: Vec<Server>,
    pub(crate) clients: Vec<Desk>,
    pub(crate) gossip: Gossip,
    pub(crate) trace: Option<Trace>,
    pub(crate) limits: Limits,
    /// Answers to whoever asks from outside.
    pub(crate) replies: Vec<(u32, Rc<Response>)>,
    /// What nodes warned whoever asks from outside of, by the number of the request.
    pub(crate) warnings: Vec<(u32, String)>,
    /// Answers that nobody has fetched, by statement number.
    pub(crate) answers: BTreeMap<u32, Rc<Response>>,
    /// Lines of the account told so far.
    pub(crate) told: u32,
    pub(crate) done: u32,
    pub(crate) node_effects: Vec<sim::Effect<cluster::Outbound, cluster::Timer, trace::Fact>>,
    pub(crate) client_effects: Vec<sim::Effect<(u32, Rc<cql::Request>), driver::Timer, driver::Fact>>,
    pub(crate) events: u64,
    pub(crate) swaps: Swaps,
    /// After how many events other luck begins, and its seed.
    pub(crate) reseed: Option<(u64, u64)>,
    /// When it began.
    pub(crate) reseeded: Time,
    /// The record has no room left.
    pub(crate) full: bool,
}

/// How much is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events that happen.
    pub events: u64,
    /// Virtual time.
    pub time: Span,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { events: scenario::limits::EVENTS_MAX, time: scenario::limits::RUN_TIME_MAX }
    }
}

/// Why a run cannot go on. The writer of the text may change it; nothing else helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// More events than the limit.
    Events(u64),
    /// More virtual time than the limit.
    Time(Span),
    /// What is waited for will not come: nothing is on its way that could bring it.
    Never,
    /// Two messages that should have changed places did not.
    Swap(MessageName, MessageName, Unswapped),
}

/// Why two messages did not change places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unswapped {
    /// The one had landed before the other was sent.
    Landed,
    /// The network lost it.
    Lost(MessageName),
    /// Its statement led to so many messages only.
    Unsent(MessageName, u32),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Events(max) => write!(f, "the run was ended at its limit of {max} events; use fewer statements"),
            Error::Time(max) => write!(f, "the run was ended at its limit of {max} of virtual time; advance less"),
            Error::Never => f.write_str("this never comes: nothing is on its way that could bring it about"),
            Error::Swap(one, other, why) => {
                write!(f, "{one} and {other} did not change places: ")?;
                match why {
                    Unswapped::Landed => f.write_str("the one had landed before the other was sent"),
                    Unswapped::Lost(name) => write!(f, "{name} was lost on its way"),
                    Unswapped::Unsent(name, sent) => {
                        write!(f, "statement {} led to {sent} messages", name.statement)
                    }
                }
            }
        }
    }
}

impl core::error::Error for Error {}

impl World {
    /// A world as `setup` says, with a record of everything that happens in it, or (for speed) without one. Messages that change
    /// places are found in the record: then there is one.
    #[must_use]
    pub fn new(setup: &Setup, traced: bool) -> World {
        let cluster = &setup.cluster;
        let dcs: Vec<Rc<str>> = cluster
            .dcs
            .iter()
            .flat_map(|dc| core::iter::repeat_n(Rc::<str>::from(dc.name.as_str()), usize::from(dc.nodes)))
            .collect();
        let ring = Rc::new(Ring::new(dcs));
        let dialect = match cluster.like {
            Persona::Cassandra50 => Dialect::Cassandra,
            Persona::Scylla => Dialect::Scylla,
        };
        let settings = Rc::new(Settings { hints: cluster.hints, ..Settings::new(dialect) });
        let mut schema = Schema::of(cluster.dcs.iter().map(|dc| dc.name.as_str().into()));
        let keyspace = setup.demo.as_deref().and_then(|text| found(text, &mut schema));
        let catalog = Rc::new(Catalog::new(0, schema, ring.clone()));
        let luck = |id: Id| Chance::new(cluster.seed, u64::from(id.0));
        let nodes: Vec<Server> = ring
            .nodes()
            .map(|id| Server {
                node: Node::new(id, settings.clone(), catalog.clone()),
                clock: Clock::right(cluster.start),
                luck: luck(id),
                health: Health::Running,
                life: 0,
                parked: Default::default(),
            })
            .collect();
        let first = nodes.len() as u16;
        let clients: Vec<Desk> = (first..)
            .zip(clients(setup))
            .enumerate()
            .map(|(turn, (id, spec))| Desk {
                driver: Driver::new(profile_of(&spec), coordinators(&spec, turn, first), keyspace.clone()),
                clock: clock_of(&spec, cluster.start),
                luck: luck(Id(id)),
            })
            .collect();
        World {
            now: Time(0),
            epoch: cluster.start,
            queue: Queue::default(),
            network: Network::new(Latency { mean: cluster.latency }, cluster.seed, nodes.len() + clients.len()),
            nodes,
            clients,
            gossip: Gossip::default(),
            trace: (traced || !setup.swaps.is_empty())
                .then(|| Trace::new(cluster.start, introduce(setup, &ring)).with_dialect(dialect)),
            limits: Limits::default(),
            replies: Vec::new(),
            warnings: Vec::new(),
            answers: BTreeMap::new(),
            told: 0,
            done: 0,
            node_effects: Vec::new(),
            client_effects: Vec::new(),
            events: 0,
            swaps: Swaps::new(&setup.swaps),
            reseed: None,
            reseeded: Time(0),
            full: false,
        }
    }

    /// True time since the run began.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// The record, if one is kept.
    #[must_use]
    pub fn trace(&self) -> Option<&Trace> {
        self.trace.as_ref()
    }

    /// Take the record out; nothing is recorded from here on.
    pub fn take_trace(&mut self) -> Option<Trace> {
        self.trace.take()
    }

    /// Other limits than the usual.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// The same past with another future: after so many events all luck comes from this seed. What is on its way by then lands
    /// when it would have.
    pub fn reseed_after(&mut self, events: u64, seed: u64) {
        self.reseed = Some((events, seed));
    }

    /// When that was.
    #[must_use]
    pub fn reseeded(&self) -> Time {
        self.reseeded
    }

    /// Where real clients will find every node.
    pub fn listen_on(&mut self, port: u16) {
        self.nodes.iter_mut().for_each(|server| server.node.listen_on(port));
    }

    /// Everything that happened and everything that is there at the end, in 64 bits: see [`trace::Digest`].
    #[must_use]
    pub fn digest(&self) -> trace::Digest {
        let mut digest = trace::Digest::begin();
        digest.int(self.trace.as_ref().map_or(0, |trace| trace.digest().0));
        for server in &self.nodes {
            digest.int(server.node.engine().digest());
        }
        digest.end()
    }

    /// How many events happened.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }
}

/// Every machine, for the record.
fn introduce(setup: &Setup, ring: &Ring) -> Vec<MachineInfo> {
    let nodes = ring.nodes().zip(ring.dcs()).map(|(id, dc)| MachineInfo {
        id,
        name: alloc::format!("n{}", u32::from(id.0) + 1).into(),
        kind: MachineKind::Node,
        token: ring.token_of(id),
        about: dc.clone(),
        clock: Clock::right(setup.cluster.start),
    });
    let first = ring.dcs().len() as u16;
    let clients = (first..).zip(clients(setup)).map(|(id, spec)| MachineInfo {
        id: Id(id),
        name: spec.name.as_str().into(),
        kind: MachineKind::Client,
        token: None,
        about: profile_of(&spec).about.into(),
        clock: clock_of(&spec, setup.cluster.start),
    });
    nodes.chain(clients).collect()
}

/// Who speaks: those the scenario names, or cqlsh.
fn clients(setup: &Setup) -> Vec<ClientSpec> {
    if setup.clients.is_empty() { alloc::vec![ClientSpec::named("cqlsh")] } else { setup.clients.clone() }
}

/// A driver's profile, with what the scenario says about it.
fn profile_of(spec: &ClientSpec) -> Profile {
    let cqlsh = &driver::PROFILES[0];
    let mut profile = *spec.driver.and_then(driver::profile).unwrap_or(cqlsh);
    match spec.stamps {
        Some(scenario::Stamps::Server) => profile.stamps = driver::Stamps::Server,
        Some(scenario::Stamps::Client) if profile.stamps == driver::Stamps::Server => {
            profile.stamps = driver::Stamps::Client { resolution_us: 1, monotonic: true };
        }
        Some(scenario::Stamps::Client) | None => {}
    }
    if let (Some(span), driver::Stamps::Client { resolution_us, .. }) = (spec.resolution, &mut profile.stamps) {
        *resolution_us = u32::try_from(span.0).unwrap_or(u32::MAX).max(1);
    }
    profile
}

fn clock_of(spec: &ClientSpec, start: i64) -> Clock {
    Clock { offset: spec.clock, drift_ppm: i64::from(spec.drift_ppm), step: spec.step, ..Clock::right(start) }
}

/// Coordinators in the order a client tries them: the one it names and no other, or, client by client, the next node
/// along the list and then the rest. cqlsh knows only n1.
fn coordinators(spec: &ClientSpec, turn: usize, nodes: u16) -> Vec<Id> {
    let preferred = match spec.node {
        Some(node) => return alloc::vec![Id(node.0)],
        None if spec.driver.is_none_or(|name| name == "cqlsh") => return alloc::vec![Id(0)],
        None => u16::try_from(turn % usize::from(nodes.max(1))).unwrap_or(0),
    };
    (0..nodes).map(|step| Id((preferred + step) % nodes.max(1))).collect()
}

/// Make the keyspace `demo` without a word on the record: it is there before the scenario begins.
fn found(text: &str, schema: &mut Schema) -> Option<Rc<str>> {
    let statement = cql::parse(text).ok()?;
    let prepared = cql::prepare(&statement, schema, None).ok()?;
    let mut uuids = || 0;
    let mut moment = cql::Moment { timestamp: 0, now: 0, uuid: &mut uuids };
    match prepared.bind(&[], &mut moment).ok()? {
        cql::Plan::Schema(change) => {
            schema.apply(&change).ok()?;
            Some(Rc::from("demo"))
        }
        _ => None,
    }
}
