//! The model and a real server, asked the same.

use super::known::{Met, known};
use super::statement::Statement;
use super::told::{columns, told};
use crate::drivers::clock::now_us;
use crate::drivers::scylla::Client as Scylla;
use crate::drivers::{Client, ClientError, Manner, Stamp};
use cql::{Consistency, Error, Params, Request, Response, Value};
use scenario::Setup;
use sim::{Span, Time};
use std::fmt;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use world::{Limits, World};

/// An index is built beside the statements that follow.
const INDEX_WAIT: Duration = Duration::from_millis(150);

/// Microseconds into a second from which on nothing that expires is written.
const SECOND_ENDS: i64 = 800_000;

/// Both, and the keyspace of the next program.
pub struct Pair {
    real: Scylla,
    run: u32,
    keyspace: String,
}

/// A statement to which they answer differently.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Its place in the program.
    pub at: usize,
    /// What the real server says.
    pub real: String,
    /// What the model says.
    pub model: String,
}

/// How one statement went on which they agree.
pub enum Agreed {
    /// Rows, or done.
    Answered,
    /// An error, the same of both.
    Refused,
    /// As this entry of `DIFFERENCES.md` says.
    Known(&'static str),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server says\n{}\nthe model says\n{}", self.real, self.model)
    }
}

impl Difference {
    /// The same for differences that are likely one: how both answers begin, without what is of this table.
    pub fn shape(&self) -> String {
        let start = |said: &str| {
            let said = said.split_once(") ! ").map_or(said, |(_, error)| error);
            said.chars().filter(|c| !c.is_ascii_digit()).take(32).collect::<String>()
        };
        format!("{} / {}", start(&self.real), start(&self.model))
    }
}

/// Rows a page of a program's statement, on both: few, so that most answers have several. None is all at once.
pub fn page_of(at: usize) -> u32 {
    match at % 6 {
        0 => 3,
        2 => 1,
        4 => 5,
        _ => 0,
    }
}

impl Pair {
    pub async fn connect(server: SocketAddr) -> Result<Pair, ClientError> {
        let real = Scylla::connect(server).await?;
        Ok(Pair { real, run: 0, keyspace: format!("ts_differ_{}", std::process::id()) })
    }

    /// Takes away what it made on the server.
    pub async fn leave(&mut self) -> Result<(), ClientError> {
        let drop = format!("DROP KEYSPACE IF EXISTS {}", self.keyspace);
        self.real.ask(&drop, &manner(None, 0)).await.map(|_| ())
    }

    /// Puts a program to both, from nothing. `each` hears of every statement on which they agree. A difference after which
    /// both hold the same is not the end.
    pub async fn run(
        &mut self,
        statements: &[Statement],
        mut each: impl FnMut(usize, Agreed),
    ) -> Result<Vec<Difference>, ClientError> {
        // One keyspace for all programs, emptied: making one takes a real server seconds.
        self.run += 1;
        let name = self.keyspace.clone();
        let began = now_us();
        let mut model = model(began);
        let create = format!(
            "CREATE KEYSPACE IF NOT EXISTS {name} WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}}"
        );
        for text in [create, format!("USE {name}")] {
            self.real.ask(&text, &manner(None, 0)).await?;
            query(&mut model, &text, params(None, 0, None));
        }
        let (table, ty) = (format!("t{}", self.run), format!("u{}", self.run));
        let mut found = Vec::new();
        let create = statements.iter().find(|statement| statement.text.starts_with("CREATE TABLE"));
        let clustering = create.map_or(0, Statement::clustering);
        let create = create.map_or("", |statement| &statement.text);
        let index = statements.iter().find(|statement| statement.text.starts_with("CREATE INDEX"));
        let index = index.map_or("", |statement| &statement.text);
        let mut ranges = false;
        for (at, statement) in statements.iter().enumerate() {
            let text = statement.text.replace("$T", &table).replace("$U", &ty);
            // Few dates, so that many are equal.
            let timestamp = Some(1_000 + (at as i64 * 7) % 12);
            let page = page_of(at);
            // The elements of a list lie in the order of their times, and of two values of one date that expire the one that
            // does later stays: so both are asked at one time, in seconds too.
            let mut time = now_us();
            if text.contains("TTL") && time % 1_000_000 > SECOND_ENDS {
                tokio::time::sleep(Duration::from_micros((1_000_000 - time % 1_000_000).cast_unsigned())).await;
                time = now_us();
            }
            let elapsed = u64::try_from(time - began).unwrap_or(0);
            model.catch_up(Time(elapsed)).map_err(|error| ClientError::Lost(error.to_string()))?;
            let (manner, params) = (manner(timestamp, page), params(timestamp, page, Some(&name)));
            let (real, ours) = match &statement.values {
                None => (told(&self.real.ask(&text, &manner).await?), told(&query(&mut model, &text, params))),
                Some(values) => {
                    let values: Vec<Value> = values.iter().map(super::statement::Marked::value).collect();
                    let real = match self.real.prepared(&text, &values, &manner).await? {
                        (None, response) => told(&response),
                        (Some(variables), response) => format!("({}) {}", columns(&variables), told(&response)),
                    };
                    (real, prepared(&mut model, &text, values, params))
                }
            };
            ranges |= ours.ends_with("ok") && statement.deletes_range(clustering);
            if text.starts_with("CREATE INDEX") {
                tokio::time::sleep(INDEX_WAIT).await;
            }
            let bare = |said: &str| said.split_once(") ! ").map_or(said.to_string(), |(_, error)| format!("! {error}"));
            each(
                at,
                if real == ours {
                    if bare(&real).starts_with('!') { Agreed::Refused } else { Agreed::Answered }
                } else if (bare(&real) != bare(&ours) || real.starts_with('!') != ours.starts_with('!'))
                    && let Some(name) = known(&Met {
                        text: &text,
                        page,
                        create,
                        index,
                        ranges,
                        real: &bare(&real),
                        model: &bare(&ours),
                    })
                {
                    Agreed::Known(name)
                } else {
                    let plain =
                        |said: String| said.replace(&table, "t").replace(&ty, "u").replace(&format!("{name}."), "");
                    let reads = text.starts_with("SELECT");
                    let harmless = reads || bare(&real).starts_with('!') && bare(&ours).starts_with('!');
                    found.push(Difference { at, real: plain(real), model: plain(ours) });
                    if harmless {
                        continue;
                    }
                    break;
                },
            );
        }
        for drop in [format!("DROP TABLE IF EXISTS {name}.{table}"), format!("DROP TYPE IF EXISTS {name}.{ty}")] {
            let typed = statements.iter().any(|statement| statement.text.starts_with("CREATE TYPE"));
            if typed || drop.starts_with("DROP TABLE") {
                self.real.ask(&drop, &manner(None, 0)).await?;
            }
        }
        Ok(found)
    }
}

fn model(began: i64) -> World {
    let mut setup = Setup::default();
    setup.cluster.nodes = 1;
    setup.cluster.rf = 1;
    setup.cluster.dcs[0].nodes = 1;
    setup.cluster.latency = Span::ZERO;
    setup.cluster.start = began;
    let mut world = World::new(&setup, false);
    world.set_limits(Limits { events: u64::MAX, time: Span(u64::MAX / 2) });
    world
}

fn manner(timestamp: Option<i64>, page_rows: u32) -> Manner {
    let stamp = timestamp.map_or(Stamp::Server, Stamp::At);
    Manner { consistency: "ONE", serial: "SERIAL", page_rows, stamp }
}

fn params(timestamp: Option<i64>, page: u32, keyspace: Option<&str>) -> Params {
    let mut params = Params::at(Consistency::One);
    params.keyspace = keyspace.map(Into::into);
    params.timestamp = timestamp;
    params.page_size = (page > 0).then_some(page);
    params
}

fn once(model: &mut World, request: Request) -> Response {
    match model.ask(Rc::new(request)) {
        Ok(response) => (*response).clone(),
        Err(error) => Response::Error(Error::Server(error.to_string())),
    }
}

fn query(model: &mut World, text: &str, params: Params) -> Response {
    paged(model, params, |params| Request::Query { text: text.into(), params })
}

/// What the model says of the markers, then of the execution.
fn prepared(model: &mut World, text: &str, values: Vec<Value>, mut params: Params) -> String {
    let keyspace = params.keyspace.clone();
    match once(model, Request::Prepare { text: text.into(), keyspace }) {
        Response::Prepared { id, variables, .. } => {
            params.values = values;
            let response = paged(model, params, |params| Request::Execute { id, params });
            format!("({}) {}", columns(&variables), told(&response))
        }
        other => told(&other),
    }
}

/// The model's answer, page by page as the driver reads them.
fn paged(model: &mut World, mut params: Params, request: impl Fn(Params) -> Request) -> Response {
    let mut all: Option<cql::Rows> = None;
    loop {
        let response = once(model, request(params.clone()));
        let Response::Rows(rows, next) = response else { return response };
        match &mut all {
            Some(all) => all.rows.extend(rows.rows),
            None => all = Some(rows),
        }
        match next {
            Some(next) => params.paging_state = Some(next),
            None => return all.map_or(Response::Void, |rows| Response::Rows(rows, None)),
        }
    }
}
