//! A scenario on a real server: one node, one replica, every client dated by its own clock.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use cql::Response;
use scenario::{Act, Backend, Client as Place, Condition, Failed, Machine, Need, Node, Outcome, Persona, Progress};
use scenario::{ClientSpec, Setup, Statement, Step, Table};
use sim::Time;

use super::clock::{Clock, now_us};
use super::keyspaces::Keyspaces;
use super::scylla::Client;
use super::{ClientError, Manner, PLAIN};

/// Real clients of one real node.
pub struct Drivers {
    server: SocketAddr,
    /// The program that does to this server what CQL cannot.
    nodetool: PathBuf,
    keyspaces: Keyspaces,
    /// The keyspace that everybody starts in, by its name on the server.
    home: Option<String>,
    speakers: BTreeMap<Place, Speaker>,
    specs: Vec<ClientSpec>,
    later: Vec<(Place, u32, Outcome)>,
    began: Instant,
    began_us: i64,
    /// Statements dated by clients: who, and when, µs, without the time that `advance` slept.
    said: Vec<(Place, i64)>,
    /// How many statements were said by anybody.
    count: i64,
    slept_us: i64,
}

/// What a statement takes in the model's time: client, coordinator, replica and back, 1 ms each.
const STATEMENT_US: i64 = 4_000;

struct Speaker {
    client: Client,
    clock: Clock,
    profile: &'static driver::Profile,
}

impl Drivers {
    /// Clients of `server`; `run` makes the names of keyspaces this run's own.
    #[must_use]
    pub fn new(server: SocketAddr, nodetool: PathBuf, run: &str) -> Self {
        Self {
            server,
            nodetool,
            keyspaces: Keyspaces::of_run(run),
            home: None,
            speakers: BTreeMap::new(),
            specs: Vec::new(),
            later: Vec::new(),
            began: Instant::now(),
            began_us: now_us(),
            said: Vec::new(),
            count: 0,
            slept_us: 0,
        }
    }

    /// Drops every keyspace this run made.
    ///
    /// # Errors
    /// When the server is gone.
    pub async fn clean(&mut self) -> Result<(), ClientError> {
        let client = Client::connect(self.server).await?;
        for drop in self.keyspaces.drops() {
            client.ask(&drop, &PLAIN).await?;
        }
        Ok(())
    }

    /// When two clients' clocks are studied and a real pause between their statements was longer than the difference of
    /// the clocks, the outcome says something about the pause: `(longest pause, smallest difference)` in µs.
    #[must_use]
    pub fn inconclusive(&self) -> Option<(i64, i64)> {
        let offset = |place: Place| self.speakers.get(&place).and_then(|speaker| speaker.clock.dates_with_offset());
        let between = self.said.windows(2).filter_map(|two| match two {
            [(a, from), (b, to)] => Some((to - from, (offset(*a)? - offset(*b)?).abs())),
            _ => None,
        });
        let apart: Vec<(i64, i64)> = between.filter(|(_, difference)| *difference > 0).collect();
        let pause = apart.iter().map(|(pause, _)| *pause).max()?;
        let difference = apart.iter().map(|(_, difference)| *difference).min()?;
        (pause > difference).then_some((pause, difference))
    }

    /// True time. When every statement is dated by a clock of ours, that clock is paced, so that a busy machine cannot
    /// change what a scenario about 20 ms shows; beside a server that dates by its own clock, it is the real one.
    fn now_us(&self) -> i64 {
        if self.speakers.values().all(|speaker| speaker.clock.dates_with_offset().is_some()) {
            self.began_us + self.slept_us + STATEMENT_US * self.count
        } else {
            now_us()
        }
    }

    async fn speaker(&mut self, place: Place) -> Result<&mut Speaker, ClientError> {
        if !self.speakers.contains_key(&place) {
            let spec = self.specs.get(usize::from(place.0)).cloned().unwrap_or_else(|| ClientSpec::named("cqlsh"));
            let name = spec.driver.unwrap_or("cqlsh");
            let profile =
                driver::profile(name).ok_or_else(|| ClientError(format!("no profile for the driver {name}")))?;
            let client = Client::connect(self.server).await?;
            if let Some(home) = &self.home {
                client.ask(&format!("USE {}", cql::ast::Name::from(home.as_str())), &PLAIN).await?;
            }
            let clock = Clock::new(&spec, profile, now_us());
            self.speakers.insert(place, Speaker { client, clock, profile });
        }
        self.speakers.get_mut(&place).ok_or_else(|| ClientError("the client is gone".into()))
    }

    async fn cql(&mut self, statement: &Statement) -> Result<Outcome, ClientError> {
        let Ok(parsed) = cql::parse(&statement.text) else { return self.unreadable(statement).await };
        let renamed = match self.keyspaces.renamed(parsed) {
            Ok(renamed) => renamed.to_string(),
            Err(why) => return Ok(Outcome::Skipped(why)),
        };
        let (now, slept) = (self.now_us(), self.slept_us);
        self.count += 1;
        let speaker = self.speaker(statement.client).await?;
        let manner = Manner {
            consistency: statement
                .settings
                .consistency
                .map_or(speaker.profile.consistency.name(), |level| level.name()),
            serial: statement.settings.serial.map_or("SERIAL", |level| level.name()),
            page_rows: statement.settings.page.unwrap_or(speaker.profile.page_size),
            timestamp: speaker.clock.stamp(now),
        };
        let answer = speaker.client.ask(&renamed, &manner).await?;
        if manner.timestamp.is_some() {
            self.said.push((statement.client, now - slept));
        }
        Ok(self.outcome(answer))
    }

    /// What we cannot parse we cannot rename, so it is never executed: the server is asked what it thinks of the text.
    async fn unreadable(&mut self, statement: &Statement) -> Result<Outcome, ClientError> {
        let judged = self.speaker(statement.client).await?.client.judge(&statement.text).await;
        Ok(match judged {
            Some(error) => self.outcome(Response::Error(error)),
            None => Outcome::Skipped("the server can read this statement and we cannot".into()),
        })
    }

    fn outcome(&self, response: Response) -> Outcome {
        match response {
            Response::Rows(rows, _) => {
                let columns = rows.columns.iter().map(|column| self.keyspaces.unnamed(&column.name)).collect();
                let cell = |(value, column): (&Option<_>, &cql::ColumnSpec)| {
                    let value: Option<&storage::Bytes> = value.as_ref();
                    cql::print::cell(&column.ty, value.map(|value| value.as_ref()))
                };
                let rows = rows.rows.iter().map(|row| row.iter().zip(&*rows.columns).map(cell).collect()).collect();
                Outcome::Rows(Table { columns, rows })
            }
            Response::Error(error) => {
                Outcome::Error(Failed { line: error.to_string(), message: self.keyspaces.unnamed(&error.message()) })
            }
            _ => Outcome::Done,
        }
    }

    /// Flush or compact every keyspace of this run.
    fn nodetool(&self, verb: &str) -> Outcome {
        for keyspace in self.keyspaces.made() {
            match Command::new(&self.nodetool).args([verb, keyspace]).output() {
                Ok(out) if out.status.success() => {}
                Ok(out) => return Outcome::Stuck(String::from_utf8_lossy(&out.stderr).into_owned()),
                Err(error) => return Outcome::Stuck(format!("nodetool: {error}")),
            }
        }
        Outcome::Done
    }

    /// One node is always up, and has nobody to send a hint to.
    fn holds(condition: Condition) -> Option<&'static str> {
        match condition {
            Condition::Hints | Condition::Repaired | Condition::Quiet | Condition::SeenUp(Node(0)) => None,
            Condition::SeenUp(_) | Condition::SeenDown(_) => Some("there is one real node"),
        }
    }
}

impl Backend for Drivers {
    fn can(&self, need: Need) -> bool {
        match need {
            Need::Clock => true,
            Need::Model | Need::Faults | Need::Root | Need::Time => false,
        }
    }

    async fn open(&mut self, setup: &Setup) -> Result<(), String> {
        if setup.cluster.like != Persona::Cassandra50 {
            return Err("the scenario is about Scylla, and this server is a Cassandra".into());
        }
        self.specs.clone_from(&setup.clients);
        if let Some(demo) = &setup.demo {
            let parsed = cql::parse(demo).map_err(|error| error.to_string())?;
            let made = self.keyspaces.renamed(parsed)?.to_string();
            let client = Client::connect(self.server).await.map_err(|error| error.0)?;
            if let Response::Error(error) = client.ask(&made, &PLAIN).await.map_err(|error| error.0)? {
                return Err(error.message());
            }
            self.home = Some(self.keyspaces.name("demo"));
        }
        // Connecting takes longer than the clocks lie apart: it is over before anybody speaks.
        for place in 0..self.specs.len() {
            let place = Place(u16::try_from(place).map_err(|error| error.to_string())?);
            self.speaker(place).await.map_err(|error| error.0)?;
        }
        self.began = Instant::now();
        self.began_us = now_us();
        Ok(())
    }

    async fn perform(&mut self, step: &Step) -> Outcome {
        match &step.act {
            Act::Cql(statement) => {
                let outcome = self.cql(statement).await.unwrap_or_else(|error| Outcome::Stuck(error.0));
                if statement.waits || matches!(outcome, Outcome::Skipped(_) | Outcome::Stuck(_)) {
                    return outcome;
                }
                // One healthy node answers at once: what was not waited for is kept until somebody does.
                self.later.push((statement.client, statement.number, outcome));
                Outcome::Later
            }
            Act::Shell(asked) => Outcome::Text(asked.lines.clone()),
            Act::Advance(span) => {
                tokio::time::sleep(Duration::from_micros(span.0)).await;
                self.slept_us += i64::try_from(span.0).unwrap_or(i64::MAX);
                Outcome::Done
            }
            Act::Until(condition) => Self::holds(*condition).map_or(Outcome::Done, |why| Outcome::Skipped(why.into())),
            Act::Await(whom) => {
                let (settled, rest) = std::mem::take(&mut self.later)
                    .into_iter()
                    .partition(|(place, ..)| whom.is_none_or(|whom| whom == *place));
                self.later = rest;
                let settled: Vec<(Place, u32, Outcome)> = settled;
                Outcome::Settled(settled.into_iter().map(|(_, number, outcome)| (number, outcome)).collect())
            }
            Act::Clock(Machine::Client(place), offset) => match self.speaker(*place).await {
                Ok(speaker) => {
                    speaker.clock.set(*offset);
                    Outcome::Done
                }
                Err(error) => Outcome::Stuck(error.0),
            },
            Act::Clock(Machine::Node(_), _) => Outcome::Skipped("a real node's clock is not ours to set".into()),
            Act::Repair(_) => Outcome::Done, // one replica agrees with itself
            Act::Flush(_) => self.nodetool("flush"),
            Act::Compact(_) => self.nodetool("compact"),
            Act::Kill(_)
            | Act::Start(_)
            | Act::Power(_)
            | Act::Pause(_)
            | Act::Resume(_)
            | Act::Partition(_)
            | Act::Heal
            | Act::Rule(_) => Outcome::Skipped("needs model: faults".into()),
        }
    }

    fn account(&mut self) -> Vec<String> {
        Vec::new()
    }

    fn progress(&self) -> Progress {
        let now = Time(u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX));
        Progress { events: 0, now, ..Progress::default() }
    }
}
