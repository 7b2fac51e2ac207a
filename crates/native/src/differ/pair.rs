//! The model and a real server, asked the same.

use crate::drivers::scylla::Client as Scylla;
use crate::drivers::{Client, ClientError, Manner, Stamp};
use cql::{Consistency, Error, Params, Request, Response};
use scenario::Setup;
use sim::Span;
use std::fmt;
use std::net::SocketAddr;
use std::rc::Rc;
use world::{Limits, World};

/// Rows a page on both: few, so that most answers have several.
const PAGE_ROWS: u32 = 3;

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

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server says\n{}\nthe model says\n{}", self.real, self.model)
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

    /// Puts a program to both, from nothing. `each` hears of every statement on which they agree whether it was refused.
    pub async fn run(
        &mut self,
        statements: &[String],
        mut each: impl FnMut(usize, bool),
    ) -> Result<Option<Difference>, ClientError> {
        // One keyspace for all programs, emptied: making one takes a real server seconds.
        self.run += 1;
        let name = self.keyspace.clone();
        let mut model = model();
        let create = format!(
            "CREATE KEYSPACE IF NOT EXISTS {name} WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}}"
        );
        for text in [create, format!("USE {name}")] {
            self.real.ask(&text, &manner(None, 0)).await?;
            ask(&mut model, &text, None, None, 0);
        }
        let table = format!("t{}", self.run);
        let mut found = None;
        for (at, statement) in statements.iter().enumerate() {
            let text = statement.replace("$T", &table);
            // Few dates, so that many are equal.
            let timestamp = Some(1_000 + (at as i64 * 7) % 12);
            let page = if at % 3 == 0 { PAGE_ROWS } else { 0 };
            let real = self.real.ask(&text, &manner(timestamp, page)).await?;
            let ours = ask(&mut model, &text, Some(&name), timestamp, page);
            if let Response::Error(Error::Client(_)) = real {
                // The driver cannot read the answer, as it cannot `max(timeuuid)`: there is nothing to compare.
                continue;
            }
            let (real, ours) = (told(&real), told(&ours));
            if real != ours {
                let plain = |said: String| said.replace(&table, "t").replace(&format!("{name}."), "");
                found = Some(Difference { at, real: plain(real), model: plain(ours) });
                break;
            }
            each(at, real.starts_with('!'));
        }
        for kind in ["TABLE", "TYPE"] {
            let drop = format!("DROP {kind} IF EXISTS {name}.{table}");
            self.real.ask(&drop, &manner(None, 0)).await?;
        }
        Ok(found)
    }
}

fn model() -> World {
    let mut setup = Setup::default();
    setup.cluster.nodes = 1;
    setup.cluster.rf = 1;
    setup.cluster.dcs[0].nodes = 1;
    setup.cluster.latency = Span::ZERO;
    setup.cluster.start = crate::drivers::clock::now_us();
    let mut world = World::new(&setup, false);
    world.set_limits(Limits { events: u64::MAX, time: Span(u64::MAX / 2) });
    world
}

fn manner(timestamp: Option<i64>, page_rows: u32) -> Manner {
    let stamp = timestamp.map_or(Stamp::Server, Stamp::At);
    Manner { consistency: "ONE", serial: "SERIAL", page_rows, stamp }
}

/// The model's answer, page by page as the driver reads them.
fn ask(model: &mut World, text: &str, keyspace: Option<&str>, timestamp: Option<i64>, page: u32) -> Response {
    let mut params = Params::at(Consistency::One);
    params.keyspace = keyspace.map(Into::into);
    params.timestamp = timestamp;
    params.page_size = (page > 0).then_some(page);
    let mut all: Option<cql::Rows> = None;
    loop {
        let request = Request::Query { text: text.into(), params: params.clone() };
        let response = match model.ask(Rc::new(request)) {
            Ok(response) => (*response).clone(),
            Err(error) => return Response::Error(Error::Server(error.to_string())),
        };
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

/// `toJson` and `to_json` are one function, and which of the two a server calls it is luck that each start of it draws anew.
fn named(column: &str) -> String {
    column.replace("system.tojson(", "system.to_json(")
}

/// A type as it crosses the wire, which says of none that it is frozen.
fn thawed(ty: &str) -> String {
    let Some((before, rest)) = ty.split_once("frozen<") else { return ty.to_string() };
    let mut depth = 1;
    let close = rest.find(|c: char| {
        depth += i32::from(c == '<') - i32::from(c == '>');
        depth == 0
    });
    let (inner, after) = rest.split_at(close.unwrap_or(rest.len()));
    thawed(&format!("{before}{inner}{}", after.strip_prefix('>').unwrap_or(after)))
}

/// All of an answer that two servers can agree on.
fn told(response: &Response) -> String {
    match response {
        Response::Rows(rows, _) => {
            let columns: Vec<String> = rows
                .columns
                .iter()
                .map(|column| format!("{} {}", named(&column.name), thawed(&column.ty.to_string())))
                .collect();
            let mut text = format!("{}\n", columns.join(", "));
            for row in &rows.rows {
                let cells = row.iter().zip(rows.columns.iter());
                let cells: Vec<String> = cells
                    .map(|(value, column)| match value {
                        Some(value) => cql::print::literal(&column.ty, value),
                        None => "null".into(),
                    })
                    .collect();
                text.push_str(&format!("  {}\n", cells.join(" | ")));
            }
            text
        }
        // A syntax error's words are the parser's own.
        Response::Error(Error::Syntax(_)) => "! SyntaxError".into(),
        Response::Error(error) => {
            let message = error.message();
            // The order of the signatures is that of a hash map.
            let said = message.split(" (known type signatures").next().unwrap_or_default();
            format!("! {} {said}", error.name())
        }
        _ => "ok".into(),
    }
}
