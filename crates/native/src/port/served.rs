//! The model behind the port: its time is the wall clock's, its clients are connections.

use super::error::Refused;
use super::frame::{self, answer};
use super::persona::{SHARDS, supported};
use super::record::{Recorder, Said};
use super::request::Asked;
use super::response::{self, Manner};
use super::session::{Session, Stage, Wants};
use super::tracing::Tracing;
use cql::{Changed, Request, Response};
use scenario::Persona;
use sim::{Id, Time};
use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::Notify;
use world::World;

/// Bytes that may wait for a client that does not read; beyond, its connection ends.
const UNREAD_MAX: usize = 64 << 20;

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authenticator {
    /// Whoever comes.
    AllowAll,
    /// Whoever says `cassandra` and `cassandra`, as a new Cassandra wants it.
    Password,
}

/// A connection, by a number that is not given twice.
pub type Place = u64;

/// The served cluster.
pub struct Served {
    pub(super) world: World,
    /// Unix time at the world's start, microseconds.
    pub(super) epoch: i64,
    /// By so much the world is ahead of the wall clock.
    pub(super) shift: i64,
    /// Where every node listens.
    pub(super) port: u16,
    /// Where a client of a Scylla chooses its shard.
    pub(super) shard_aware_port: Option<u16>,
    /// Connections so far that left the choice of a shard to the node.
    shardless: u16,
    /// Requests that were traced.
    pub(super) traced: u64,
    /// What clients were told that one node believes of another.
    pub(super) beliefs: BTreeMap<(Id, Id), bool>,
    persona: Persona,
    authenticator: Authenticator,
    pub(super) sessions: HashMap<Place, (Session, Rc<Notify>)>,
    next_place: Place,
    waiting: HashMap<u32, Waiting>,
    next_stream: u32,
    recorder: Option<Recorder>,
}

/// Who waits for an answer, and how it is to be written.
struct Waiting {
    place: Place,
    stream: i16,
    manner: Manner,
    /// The statement that is to be given a name, if that is what is asked and somebody records.
    naming: Option<(Rc<str>, Option<Rc<str>>)>,
    /// What becomes of it is to be told.
    tracing: Option<Tracing>,
}

/// The wall clock, microseconds since the Unix epoch.
pub fn wall() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

impl Served {
    /// Serve a world that began at `epoch`; what it is ahead of the wall clock now, it stays ahead.
    pub fn new(mut world: World, epoch: i64, port: u16, persona: Persona, authenticator: Authenticator) -> Served {
        world.listen_on(port);
        let ahead = epoch.saturating_add_unsigned(world.now().0).saturating_sub(wall());
        Served {
            world,
            epoch,
            shift: ahead.max(0),
            port,
            shard_aware_port: None,
            shardless: 0,
            traced: 0,
            beliefs: BTreeMap::new(),
            persona,
            authenticator,
            sessions: HashMap::new(),
            next_place: 0,
            waiting: HashMap::new(),
            next_stream: 0,
            recorder: None,
        }
    }

    /// Record what is said from here on.
    pub fn record(&mut self, recorder: Recorder) {
        self.recorder = Some(recorder);
    }

    /// Bring the recording's file up to date.
    ///
    /// # Errors
    /// The file's.
    pub fn save(&mut self) -> std::io::Result<()> {
        self.recorder.as_mut().map_or(Ok(()), Recorder::save)
    }

    /// How many nodes there are.
    pub(super) fn nodes(&self) -> u16 {
        self.world.nodes()
    }

    /// Something besides a statement is to be in the recording.
    pub(super) fn note(&mut self, directive: &str) {
        let at = self.now().0;
        if let Some(recorder) = &mut self.recorder {
            recorder.directive(directive, at);
        }
    }

    /// This moment, as the world counts.
    pub(super) fn now(&self) -> Time {
        let now = wall().saturating_add(self.shift).saturating_sub(self.epoch);
        Time(u64::try_from(now).unwrap_or(0))
    }

    /// The versions that this persona speaks.
    fn versions(&self) -> RangeInclusive<u8> {
        match self.persona {
            Persona::Cassandra50 => frame::VERSIONS,
            Persona::Scylla => 4..=4,
        }
    }

    /// A client connects to a node. `None` when no process is there. `from`: the port that it comes from, where that chooses the
    /// shard; elsewhere one gets the connection after the other.
    pub fn connect(&mut self, node: Id, from: Option<u16>, wake: Rc<Notify>) -> Option<Place> {
        if !self.world.runs(node) {
            return None;
        }
        let shard = from.unwrap_or_else(|| {
            self.shardless = self.shardless.wrapping_add(1);
            self.shardless.wrapping_sub(1)
        }) % SHARDS;
        self.next_place += 1;
        self.sessions.insert(self.next_place, (Session::new(node, shard, self.versions()), wake));
        Some(self.next_place)
    }

    /// The connection is gone; answers that were on their way to it go nowhere.
    pub fn disconnect(&mut self, place: Place) {
        self.sessions.remove(&place);
        self.waiting.retain(|_, waiting| waiting.place != place);
        self.record_no_more();
    }

    /// The session of a connection.
    pub fn session(&mut self, place: Place) -> Option<&mut Session> {
        self.sessions.get_mut(&place).map(|(session, _)| session)
    }

    /// When the world wants to go on by itself, microseconds of the wall clock.
    pub fn next_due(&self) -> Option<i64> {
        self.world.next_due().map(|due| self.epoch.saturating_add_unsigned(due.0).saturating_sub(self.shift))
    }

    /// Let everything happen that is due by now, and give out the answers.
    pub fn tick(&mut self) {
        // A served world has no limits, so there is nothing that could end it.
        let _on = self.world.catch_up(self.now());
        self.give_out();
    }

    /// Bytes have come: everything that is whole is carried out.
    pub fn received(&mut self, place: Place) {
        loop {
            let Some((session, _)) = self.sessions.get_mut(&place) else { return };
            if session.ended {
                return;
            }
            match session.next(self.shift) {
                Ok(None) => return,
                Ok(Some(arrived)) => match arrived.asked {
                    Ok(asked) => self.carry_out(place, arrived.stream, asked),
                    Err(refused) => session.refuse(arrived.stream, &refused),
                },
                Err(refused) => {
                    session.refuse(0, &refused);
                    return;
                }
            }
        }
    }

    fn carry_out(&mut self, place: Place, stream: i16, asked: Asked) {
        let (persona, authenticator) = (self.persona, self.authenticator);
        let said_at = self.recorder.is_some().then(|| self.now().0);
        let Some((session, _)) = self.sessions.get_mut(&place) else { return };
        match asked {
            Asked::Options => {
                let options = supported(persona, session.shard, self.shard_aware_port);
                session.put(stream, answer::SUPPORTED, |out| {
                    out.short(u16::try_from(options.len()).unwrap_or(0));
                    for (key, values) in &options {
                        out.string(key);
                        out.string_list(values.iter().map(String::as_str));
                    }
                });
            }
            Asked::Startup(startup) if session.stage == Stage::Fresh => {
                session.startup = startup;
                match authenticator {
                    Authenticator::AllowAll => session.open(stream, answer::READY),
                    Authenticator::Password => {
                        let class = "org.apache.cassandra.auth.PasswordAuthenticator";
                        session.put(stream, answer::AUTHENTICATE, |out| out.string(class));
                        session.stage = Stage::Asked;
                        session.pack();
                    }
                }
            }
            Asked::AuthResponse(token) if session.stage == Stage::Asked => match admitted(&token) {
                Ok(()) => session.open(stream, answer::AUTH_SUCCESS),
                Err(error) => session.answer(stream, &Response::Error(error), Manner::default()),
            },
            _ if session.stage != Stage::Open => {
                let waits = if session.stage == Stage::Fresh { "STARTUP or OPTIONS" } else { "AUTH_RESPONSE" };
                session.refuse(stream, &Refused::protocol(format!("Unexpected message, expecting {waits}")));
            }
            Asked::Startup(_) | Asked::AuthResponse(_) => {
                session.refuse(stream, &Refused::protocol("Unexpected message, the connection is open already"));
            }
            Asked::Register(events) => match wants(&events) {
                Ok(wants) => {
                    session.wants = wants;
                    session.put(stream, answer::READY, |_| ());
                }
                Err(refused) => session.refuse(stream, &refused),
            },
            Asked::Cql { request, skip_metadata, known, tracing } => {
                let (node, manner) = (session.node, Manner { skip_metadata, known, ..Manner::default() });
                let mut naming = None;
                if let (Some(recorder), Some(at)) = (&mut self.recorder, said_at) {
                    let text = |text: &Option<String>| text.clone().unwrap_or_default();
                    let (driver, process) = (text(&session.startup.driver), text(&session.startup.process));
                    if let Some(schema) = self.world.schema(node) {
                        recorder.said(&Said { driver: &driver, process: &process, at }, &request, schema);
                    }
                    if let Request::Prepare { text, keyspace } = &request {
                        naming = Some((text.clone(), keyspace.clone()));
                    }
                }
                self.ask(node, Waiting { place, stream, manner, naming, tracing: None }, request, tracing);
            }
        }
    }

    fn ask(&mut self, node: Id, mut waiting: Waiting, request: Request, tracing: bool) {
        while self.waiting.contains_key(&self.next_stream) {
            self.next_stream = self.next_stream.wrapping_add(1);
        }
        let stream = self.next_stream;
        self.next_stream = stream.wrapping_add(1);
        // Its arrival is now: what was due before comes first, and without latency what it leads to is due at once.
        self.tick();
        if tracing {
            waiting.tracing = Some(self.begin_tracing(node, &request));
        }
        self.waiting.insert(stream, waiting);
        self.world.deliver(node, stream, Rc::new(request));
        self.tick();
    }

    /// Answers to whom they belong, and news to whoever wants them.
    fn give_out(&mut self) {
        for (stream, text) in self.world.warnings() {
            if let Some(waiting) = self.waiting.get_mut(&stream) {
                waiting.manner.warnings.push(text);
            }
        }
        let replies: Vec<(u32, Rc<Response>)> = self.world.replies().collect();
        for (stream, response) in replies {
            let mut waiting = self.waiting.remove(&stream);
            if let Some(waiting) = &mut waiting {
                waiting.manner.tracing = waiting.tracing.take().map(|tracing| self.end_tracing(tracing));
                self.record_no_more();
            }
            if let (Response::Prepared { id, .. }, Some(recorder)) = (&*response, &mut self.recorder)
                && let Some((text, keyspace)) = waiting.as_ref().and_then(|waiting| waiting.naming.as_ref())
            {
                recorder.prepared(*id, text, keyspace.as_ref());
            }
            if let Some(waiting) = waiting
                && let Some((session, wake)) = self.sessions.get_mut(&waiting.place)
            {
                session.answer(waiting.stream, &response, waiting.manner);
                wake.notify_one();
            }
            if let Response::SchemaChange(change) = &*response {
                self.tell(change);
            }
        }
    }

    /// A record is kept only as long as somebody waits for what is in it.
    fn record_no_more(&mut self) {
        let wanted = || self.waiting.values().any(|waiting| waiting.tracing.is_some());
        if self.world.trace().is_some() && (self.world.recorded_enough() || !wanted()) {
            self.world.end_record();
        }
    }

    fn tell(&mut self, change: &Changed) {
        for (session, wake) in self.sessions.values_mut() {
            if !session.wants.schema || session.ended {
                continue;
            }
            session.put(-1, answer::EVENT, |out| {
                out.string("SCHEMA_CHANGE");
                response::schema_change(out, change);
            });
            session.ended |= session.unread() > UNREAD_MAX;
            wake.notify_one();
        }
    }
}

/// SASL PLAIN: an identity that nobody uses, a name, a password, with a zero before each of the latter.
fn admitted(token: &[u8]) -> Result<(), cql::Error> {
    let mut parts = token.split(|byte| *byte == 0).skip(1).map(String::from_utf8_lossy);
    let (name, password) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if name == "cassandra" && password == "cassandra" {
        return Ok(());
    }
    Err(cql::Error::Authentication(format!("Provided username {name} and/or password are incorrect")))
}

fn wants(events: &[String]) -> Result<Wants, Refused> {
    let mut wants = Wants::default();
    for event in events {
        match event.as_str() {
            "SCHEMA_CHANGE" => wants.schema = true,
            "TOPOLOGY_CHANGE" => wants.topology = true,
            "STATUS_CHANGE" => wants.status = true,
            other => return Err(Refused::protocol(format!("Invalid value '{other}' for Type"))),
        }
    }
    Ok(wants)
}
