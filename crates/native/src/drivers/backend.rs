//! A scenario through real clients: on one real node with one replica, or on the model behind the port.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use cql::Response;
use scenario::{Act, Backend, Client as Place, Failed, Machine, Need, Outcome, Progress};
use scenario::{ClientSpec, Scenario, Setup, Statement, Step, Table};
use sim::Time;

use super::clock::now_us;
use super::fleet::{Dating, Fleet, Speaker};
use super::ground::Ground;
use super::keyspaces::Keyspaces;
use super::ledger::{self, Ledger};
use super::scylla::Client;
use super::{Client as _, ClientError, Manner, PLAIN, Stamp};

/// Real clients of what they stand on.
pub struct Drivers {
    ground: Ground,
    fleet: Fleet,
    keyspaces: Keyspaces,
    /// The name of this run, and where its keyspaces on a server that is another's are written down.
    run: String,
    ledger: Option<Ledger>,
    /// The keyspace that everybody starts in, by its name on the server.
    home: Option<String>,
    speakers: BTreeMap<Place, Speaker>,
    setup: Setup,
    /// Whose clocks the scenario sets while they run.
    moving: BTreeSet<Place>,
    later: Vec<(Place, u32, Outcome)>,
    began: Instant,
    began_us: i64,
    /// Writes dated by clients.
    said: Vec<Said>,
    /// How many statements were said by anybody.
    count: i64,
    slept_us: i64,
    declined: bool,
}

/// A write that its client dated: by a clock so far from true time, at a moment between these two, without the time that `advance`
/// slept.
struct Said {
    offset_us: i64,
    earliest_us: i64,
    latest_us: i64,
}

/// What a statement takes in the model's time: client, coordinator, replica and back, 1 ms each.
const STATEMENT_US: i64 = 4_000;

impl Drivers {
    /// For the oracle: `server` asked as each driver would ask it, by one that is always there.
    #[must_use]
    pub fn oracle(server: SocketAddr, nodetool: PathBuf, run: &str) -> Self {
        Self::new(Ground::Server { at: server, nodetool: Some(nodetool) }, Fleet::ourselves(), run)
    }

    /// Clients of this fleet; `run` makes the names of keyspaces on a server that is another's this run's own.
    #[must_use]
    pub fn new(ground: Ground, fleet: Fleet, run: &str) -> Self {
        Self {
            ground,
            fleet,
            keyspaces: Keyspaces::of_run(run),
            run: run.into(),
            ledger: None,
            home: None,
            speakers: BTreeMap::new(),
            setup: Setup::default(),
            moving: BTreeSet::new(),
            later: Vec::new(),
            began: Instant::now(),
            began_us: now_us(),
            said: Vec::new(),
            count: 0,
            slept_us: 0,
            declined: false,
        }
    }

    /// What is to be known of a scenario before anybody connects: a program's clock can be set while it runs only if it is started
    /// for that.
    #[must_use]
    pub fn expecting(mut self, scenario: &Scenario) -> Self {
        let clocks = scenario.steps.iter().filter_map(|step| match &step.act {
            Act::Clock(Machine::Client(place), _) => Some(*place),
            _ => None,
        });
        self.moving.extend(clocks);
        self
    }

    /// Whether the run was not begun because this machine or these drivers cannot do what the scenario says.
    #[must_use]
    pub fn declined(&self) -> bool {
        self.declined
    }

    /// Drops every keyspace this run made on a server that is another's.
    ///
    /// # Errors
    /// When the server is gone.
    pub async fn clean(&mut self) -> Result<(), ClientError> {
        self.speakers.clear();
        let Ground::Server { at, .. } = self.ground else { return Ok(()) };
        let mut client = Client::connect(at).await?;
        for drop in self.keyspaces.drops() {
            client.ask(&drop, &PLAIN).await?;
        }
        if let Some(ledger) = self.ledger.take() {
            ledger.end();
        }
        Ok(())
    }

    /// On a server that is another's: what runs that were killed left there goes, and what this one makes will be written down.
    async fn take_away_what_was_left(&mut self) -> Result<(), ClientError> {
        let Ground::Server { at, .. } = self.ground else { return Ok(()) };
        for (file, keyspaces) in ledger::abandoned(at)? {
            let mut client = Client::connect(at).await?;
            for name in keyspaces {
                let name = cql::ast::Name::from(name.as_str());
                client.ask(&format!("DROP KEYSPACE IF EXISTS {name}"), &PLAIN).await?;
            }
            let _removed = std::fs::remove_file(file);
        }
        self.ledger = Some(Ledger::begin(at, &self.run)?);
        Ok(())
    }

    /// Before a keyspace is made on a server that is another's.
    fn write_down(&mut self) -> Result<(), ClientError> {
        self.ledger.as_mut().map_or(Ok(()), |ledger| ledger.write(self.keyspaces.made()))
    }

    /// When clocks that differ are studied, two clients' or one that was set, and a real pause between two writes was longer than
    /// the difference, the outcome says something about the pause: `(longest pause, smallest difference)` in µs.
    #[must_use]
    pub fn inconclusive(&self) -> Option<(i64, i64)> {
        let between = self.said.windows(2).filter_map(|two| match two {
            [one, next] => Some((next.latest_us - one.earliest_us, (one.offset_us - next.offset_us).abs())),
            _ => None,
        });
        let apart: Vec<(i64, i64)> = between.filter(|(_, difference)| *difference > 0).collect();
        let pause = apart.iter().map(|(pause, _)| *pause).max()?;
        let difference = apart.iter().map(|(_, difference)| *difference).min()?;
        (pause > difference).then_some((pause, difference))
    }

    /// True time. When every statement is dated by a clock of ours, that clock is paced, so that a busy machine cannot
    /// change what a scenario about 20 ms shows; beside a server or a driver that dates by its own clock, it is the real one.
    fn now_us(&self) -> i64 {
        let ours =
            |speaker: &Speaker| matches!(&speaker.dating, Dating::Ours(clock) if clock.dates_with_offset().is_some());
        if self.speakers.values().all(ours) {
            self.began_us + self.slept_us + STATEMENT_US * self.count
        } else {
            now_us()
        }
    }

    async fn speaker(&mut self, place: Place) -> Result<&mut Speaker, ClientError> {
        if !self.speakers.contains_key(&place) {
            let turn = usize::from(place.0);
            let spec = self.setup.clients.get(turn).cloned().unwrap_or_else(|| ClientSpec::named("cqlsh"));
            let node = self.ground.node(&spec, turn, self.setup.cluster.nodes);
            let speaker = self.fleet.connect(&spec, node, self.home.as_deref(), self.moving.contains(&place)).await?;
            self.speakers.insert(place, speaker);
        }
        self.speakers.get_mut(&place).ok_or_else(|| ClientError::Lost("the client is gone".into()))
    }

    async fn cql(&mut self, statement: &Statement) -> Result<Outcome, ClientError> {
        let text = match cql::parse(&statement.text) {
            _ if !self.ground.is_anothers() => {
                statement.text.trim_end_matches(|c: char| c == ';' || c.is_whitespace()).into()
            }
            Err(_) => return self.unreadable(statement).await,
            Ok(parsed) => match self.keyspaces.renamed(parsed) {
                Ok(renamed) => renamed.to_string(),
                Err(why) => return Ok(Outcome::Skipped(why)),
            },
        };
        self.write_down()?;
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
            stamp: speaker.dating.stamp(now),
        };
        let answer = speaker.client.ask(&text, &manner).await?;
        // Reads go between writes, and their time counts; they are dated, and nothing comes of it.
        let dated = match manner.stamp {
            Stamp::At(_) => Some(now),
            Stamp::Driver => Some(now_us()),
            Stamp::Server => None,
        };
        if let (Some(dated), Some(offset_us), false) = (dated, speaker.dating.offset_us(), is_read(&text)) {
            let (earliest_us, latest_us) = (now - slept, dated - slept);
            self.said.push(Said { offset_us, earliest_us, latest_us });
        }
        Ok(self.outcome(answer))
    }

    /// What we cannot parse we cannot rename, so it is never executed: the server is asked what it thinks of the text.
    async fn unreadable(&mut self, statement: &Statement) -> Result<Outcome, ClientError> {
        let Ground::Server { at, .. } = self.ground else { return Ok(Outcome::Done) };
        let client = Client::connect(at).await?;
        Ok(match client.judge(&statement.text).await {
            Some(error) => self.outcome(Response::Error(error)),
            None => Outcome::Skipped("the server can read this statement and we cannot".into()),
        })
    }

    async fn prepared(&mut self, setup: &Setup) -> Result<(), ClientError> {
        self.ground.open(setup)?;
        self.take_away_what_was_left().await?;
        self.setup.clone_from(setup);
        if let Some(demo) = &setup.demo {
            let (made, home) = if self.ground.is_anothers() {
                let parsed = cql::parse(demo).map_err(|error| ClientError::Lost(error.to_string()))?;
                let made = self.keyspaces.renamed(parsed).map_err(ClientError::Cannot)?;
                (made.to_string(), self.keyspaces.name("demo"))
            } else {
                (demo.clone(), "demo".into())
            };
            self.write_down()?;
            let mut client = Client::connect(self.ground.node(&ClientSpec::named("cqlsh"), 0, 1)).await?;
            if let Response::Error(error) = client.ask(&made, &PLAIN).await? {
                return Err(ClientError::Lost(error.message()));
            }
            self.home = Some(home);
        }
        // Connecting takes longer than the clocks lie apart: it is over before anybody speaks.
        for place in 0..setup.clients.len() {
            let place = u16::try_from(place).map_err(|error| ClientError::Lost(error.to_string()))?;
            self.speaker(Place(place)).await?;
        }
        Ok(())
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
}

impl Backend for Drivers {
    fn can(&self, need: Need) -> bool {
        match need {
            Need::Clock => true,
            Need::Model | Need::Faults | Need::Root | Need::Time => false,
        }
    }

    async fn open(&mut self, setup: &Setup) -> Result<(), String> {
        self.prepared(setup).await.map_err(|error| {
            self.declined = error.is_skip();
            error.to_string()
        })?;
        self.began = Instant::now();
        self.began_us = now_us();
        Ok(())
    }

    async fn perform(&mut self, step: &Step) -> Outcome {
        match &step.act {
            Act::Cql(statement) => {
                let outcome = self.cql(statement).await.unwrap_or_else(refused);
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
            Act::Until(condition) => match self.ground.holds(*condition) {
                Ok(()) => Outcome::Done,
                Err(why) => Outcome::Skipped(why.into()),
            },
            Act::Await(whom) => {
                let (settled, rest) = std::mem::take(&mut self.later)
                    .into_iter()
                    .partition(|(place, ..)| whom.is_none_or(|whom| whom == *place));
                self.later = rest;
                let settled: Vec<(Place, u32, Outcome)> = settled;
                Outcome::Settled(settled.into_iter().map(|(_, number, outcome)| (number, outcome)).collect())
            }
            Act::Clock(Machine::Client(place), offset) => self
                .speaker(*place)
                .await
                .and_then(|speaker| speaker.set_clock(*offset))
                .map_or_else(refused, |()| Outcome::Done),
            Act::Clock(Machine::Node(_), _) => Outcome::Skipped("a real node's clock is not ours to set".into()),
            Act::Repair(_) => Outcome::Done, // replicas that are all up agree
            Act::Flush(_) => self.ground.nodetool("flush", &self.keyspaces),
            Act::Compact(_) => self.ground.nodetool("compact", &self.keyspaces),
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

fn is_read(text: &str) -> bool {
    text.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"))
}

/// A step that no client could do.
fn refused(error: ClientError) -> Outcome {
    if error.is_skip() { Outcome::Skipped(error.to_string()) } else { Outcome::Stuck(error.to_string()) }
}
