//! A served session as a scenario: what each client said, in the order it arrived, with the values it bound and the dates its driver
//! gave, so that the model does the same again without the drivers. That is how bugs get reported.

use super::literal::with_values;
use cql::ast::{Attribute, Attributes, Literal, Modification, Statement, Term};
use cql::{BatchItem, BatchKind, Consistency, Params, PreparedId, Request, Schema};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::rc::Rc;

/// What is recorded, until it is as long as a scenario may be.
#[derive(Debug)]
pub struct Recorder {
    path: PathBuf,
    /// The world's own directive.
    cluster: String,
    clients: Vec<Client>,
    body: String,
    /// When the last statement arrived, microseconds since the world began.
    last: u64,
    speaker: Option<usize>,
    prepared: BTreeMap<PreparedId, (Rc<str>, Option<Rc<str>>)>,
    statements: u32,
    full: bool,
    dirty: bool,
}

/// One client and the state in which its next statement would find it.
#[derive(Debug)]
struct Client {
    name: String,
    /// What its driver says of itself, and what tells two of its processes apart.
    key: (String, String),
    driver: Option<&'static str>,
    keyspace: Option<Rc<str>>,
    consistency: Option<Consistency>,
    serial: Option<Consistency>,
    page: Option<u32>,
}

/// Who says something, and when.
pub struct Said<'a> {
    /// `DRIVER_NAME` and version, or nothing.
    pub driver: &'a str,
    /// What its driver calls this process, or nothing.
    pub process: &'a str,
    /// Microseconds since the world began.
    pub at: u64,
}

impl Recorder {
    /// Record into this file. `cluster` is the scenario's first directive.
    pub fn new(path: PathBuf, cluster: String) -> Recorder {
        Recorder {
            path,
            cluster,
            clients: Vec::new(),
            body: String::new(),
            last: 0,
            speaker: None,
            prepared: BTreeMap::new(),
            statements: 0,
            full: false,
            dirty: true,
        }
    }

    /// A node has given a statement a name.
    pub fn prepared(&mut self, id: PreparedId, text: &Rc<str>, keyspace: Option<&Rc<str>>) {
        if self.prepared.len() < scenario::limits::STATEMENTS_MAX as usize {
            self.prepared.insert(id, (text.clone(), keyspace.cloned()));
        }
    }

    /// A client says something.
    pub fn said(&mut self, said: &Said<'_>, request: &Request, schema: &Schema) {
        if self.full {
            return;
        }
        let (statement, params) = match request {
            Request::Query { text, params } => (dated(text, params, params.keyspace.as_deref(), schema), params),
            Request::Execute { id, params } => {
                let Some((text, keyspace)) = self.prepared.get(id) else { return };
                (dated(text, params, keyspace.as_deref().or(params.keyspace.as_deref()), schema), params)
            }
            Request::Batch { kind, statements, params } => (self.batch(*kind, statements, params, schema), params),
            Request::Startup | Request::Prepare { .. } => return,
        };
        // The next page of what was asked before: a scenario's statement is answered with all of them.
        if params.paging_state.is_some() {
            return;
        }
        // A driver's own questions are its own business.
        let Some(statement) = statement.filter(|statement| !asks_the_server_itself(statement)) else { return };
        let before = self.body.len();
        self.speak(said, params);
        // Writing to a string cannot fail.
        let _written = writeln!(self.body, "{statement};");
        self.statements += 1;
        let most = scenario::limits::TEXT_BYTES_MAX as usize;
        let head = self.head().len();
        if head + self.body.len() > most - 200 || self.statements >= scenario::limits::STATEMENTS_MAX {
            self.body.truncate(before);
            self.body.push_str("-- The recording ends here: this is as long as a scenario may be.\n");
            self.full = true;
        }
        self.dirty = true;
    }

    /// A fault, or whatever else is done to the cluster.
    pub fn directive(&mut self, line: &str, at: u64) {
        if self.full {
            return;
        }
        let is_time = line.starts_with("advance");
        if !is_time {
            self.wait(at);
        }
        let _written = writeln!(self.body, "--@ {line}");
        // Time that was passed has passed already.
        self.last = self.last.max(at);
        self.dirty = true;
    }

    /// Time up to this moment.
    fn wait(&mut self, at: u64) {
        let gap = at.saturating_sub(self.last);
        if gap > 0 {
            let _written = writeln!(self.body, "--@ advance {gap}us");
        }
        self.last = self.last.max(at);
    }

    /// Everything up to the statement: time, who speaks, and the client's settings where they are new.
    fn speak(&mut self, said: &Said<'_>, params: &Params) {
        self.wait(said.at);
        // cqlsh says of itself what the driver in it says, and asks for pages as nobody else does.
        let is_cqlsh = said.driver.contains("Python") && params.page_size == Some(100);
        let key = (if is_cqlsh { "cqlsh" } else { said.driver }.to_string(), said.process.to_string());
        let at = match self.clients.iter().position(|client| client.key == key) {
            Some(at) => at,
            None => {
                self.clients.push(Client::new(key, &self.clients));
                self.clients.len() - 1
            }
        };
        let Some(client) = self.clients.get_mut(at) else { return };
        if self.speaker != Some(at) {
            let _written = writeln!(self.body, "--@ as {}", client.name);
            self.speaker = Some(at);
        }
        if params.keyspace.is_some() && client.keyspace != params.keyspace {
            let name = params.keyspace.as_deref().map(cql::ast::Name::from);
            let _written = name.map(|name| writeln!(self.body, "USE {name};"));
            client.keyspace.clone_from(&params.keyspace);
        }
        if client.consistency.replace(params.consistency) != Some(params.consistency) {
            let _written = writeln!(self.body, "CONSISTENCY {};", params.consistency);
        }
        if let Some(serial) = params.serial_consistency
            && client.serial.replace(serial) != Some(serial)
        {
            let _written = writeln!(self.body, "SERIAL CONSISTENCY {serial};");
        }
        let page = params.page_size.unwrap_or(0);
        if client.page.replace(page) != Some(page) {
            let _written = match page {
                0 => writeln!(self.body, "PAGING OFF;"),
                rows => writeln!(self.body, "PAGING {rows};"),
            };
        }
    }

    fn batch(
        &self,
        kind: BatchKind,
        items: &[(BatchItem, Vec<cql::Value>)],
        params: &Params,
        schema: &Schema,
    ) -> Option<Statement> {
        let kind = match kind {
            BatchKind::Logged => "",
            BatchKind::Unlogged => "UNLOGGED ",
            BatchKind::Counter => "COUNTER ",
        };
        let mut text = format!("BEGIN {kind}BATCH ");
        if let Some(timestamp) = params.timestamp {
            let _written = write!(text, "USING TIMESTAMP {timestamp} ");
        }
        for (item, values) in items {
            let (said, own) = match item {
                BatchItem::Text(text) => (text, None),
                BatchItem::Prepared(id) => self.prepared.get(id).map(|(text, keyspace)| (text, keyspace.as_deref()))?,
            };
            let one = with_values(said, values, None, own.or(params.keyspace.as_deref()), schema)?;
            let _written = write!(text, "{one}; ");
        }
        text.push_str("APPLY BATCH");
        cql::parse(&text).ok()
    }

    fn head(&self) -> String {
        let mut head =
            String::from("-- Recorded from real clients: what they said, when, and the dates their drivers gave.\n");
        let _written = writeln!(head, "{}", self.cluster);
        for client in &self.clients {
            let driver = client.driver.map_or_else(String::new, |driver| format!(" driver={driver}"));
            let _written = writeln!(head, "--@ client {}{driver}", client.name);
        }
        head.push_str("--@ needs model: recorded, dates and all\n");
        head
    }

    /// Bring the file up to date. An error is the file's.
    pub fn save(&mut self) -> std::io::Result<()> {
        if !std::mem::take(&mut self.dirty) {
            return Ok(());
        }
        // A file that is there is whole, whenever this process ends.
        let beside = self.path.with_extension("part");
        std::fs::write(&beside, self.head() + &self.body)?;
        std::fs::rename(&beside, &self.path)
    }
}

impl Client {
    fn new(key: (String, String), others: &[Client]) -> Client {
        let driver = profile(&key.0);
        let base = driver.map_or("client", |driver| driver.split('-').next().unwrap_or(driver));
        let alike = others.iter().filter(|other| other.name.trim_end_matches(|c: char| c.is_ascii_digit()) == base);
        let name = match alike.count() {
            0 => base.to_string(),
            n => format!("{base}{}", n + 1),
        };
        Client { name, key, driver, keyspace: None, consistency: None, serial: None, page: None }
    }
}

/// The profile of a driver that says this of itself (drivers-live.md 3).
fn profile(said: &str) -> Option<&'static str> {
    let said = said.to_ascii_lowercase();
    let known: [(&str, &'static str); 11] = [
        ("cqlsh", "cqlsh"),
        ("scylladb gocql", "gocql-1.17"),
        ("scylladb/gocql", "gocql-1.14"),
        // 1.7 has the second version's name already.
        ("cassandra-gocql-driver v1", "gocql"),
        ("cassandra-gocql-driver", "gocql-v2"),
        ("gocql", "gocql"),
        ("scylladb python", "scylla-python"),
        ("python", "python"),
        ("node.js", "node"),
        ("java", "java"),
        ("rust", "rust"),
    ];
    known.into_iter().find(|(part, _)| said.contains(part)).map(|(_, profile)| profile)
}

fn asks_the_server_itself(statement: &Statement) -> bool {
    match statement {
        Statement::Select(select) => select.from.keyspace.as_ref().is_some_and(|name| cql::is_system(name.as_str())),
        // Who speaks to whom is told with each statement.
        Statement::Use(_) => true,
        _ => false,
    }
}

/// A statement with its values in it, and the date that its driver gave, where it may say one.
fn dated(text: &str, params: &Params, keyspace: Option<&str>, schema: &Schema) -> Option<Statement> {
    let mut statement = with_values(text, &params.values, params.names.as_deref(), keyspace, schema)?;
    let Some(timestamp) = params.timestamp else { return Some(statement) };
    match &mut statement {
        Statement::Modify(one) if !one.is_conditional() => date(using(one), timestamp),
        Statement::Batch(batch) => {
            let own = |one: &Modification| one.is_conditional() || one.using().timestamp().is_some();
            if !batch.statements.iter().any(own) {
                date(&mut batch.using, timestamp);
            }
        }
        _ => {}
    }
    Some(statement)
}

fn using(one: &mut Modification) -> &mut Attributes {
    match one {
        Modification::Insert(insert) => &mut insert.using,
        Modification::Update(update) => &mut update.using,
        Modification::Delete(delete) => &mut delete.using,
    }
}

fn date(using: &mut Attributes, timestamp: i64) {
    if using.timestamp().is_none() {
        using.0.push(Attribute::Timestamp(Term::Literal(Literal::Integer(timestamp))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cql::Value;

    const SAID: [Said<'static>; 2] = [
        Said { driver: "ScyllaDB GoCQL Driver v1.17.0", process: "", at: 5 },
        Said { driver: "", process: "a", at: 9 },
    ];

    fn schema() -> Schema {
        let mut schema = Schema::default();
        let made = [
            "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
            "CREATE TABLE k.t (a int PRIMARY KEY, d double, s set<text>)",
        ];
        for text in made {
            let prepared = cql::prepare(&cql::parse(text).unwrap(), &schema, None).unwrap();
            let mut moment = cql::Moment { timestamp: 0, now: 0, uuid: &mut || 0 };
            if let cql::Plan::Schema(change) = prepared.bind(&[], &mut moment).unwrap() {
                schema.apply(&change).unwrap();
            }
        }
        schema
    }

    fn query(text: &str, values: Vec<Value>, timestamp: Option<i64>) -> Request {
        let keyspace = Some("k".into());
        Request::Query {
            text: text.into(),
            params: Params { values, timestamp, keyspace, ..Params::at(Consistency::Quorum) },
        }
    }

    #[test]
    fn drivers_are_known_by_what_they_say() {
        let said =
            ["github.com/apache/cassandra-gocql-driver v1.7.0", "github.com/apache/cassandra-gocql-driver v2.1.2"];
        assert_eq!(said.map(profile), [Some("gocql"), Some("gocql-v2")]);
        assert_eq!(profile("somebody's own 1.0"), None);
    }

    /// Values in their places, dates where a statement may say one, each client's settings once, and a text without a fault.
    #[test]
    fn a_session_is_a_scenario() {
        let mut recorder = Recorder::new("x".into(), "--@ cluster nodes=1 rf=1 latency=0ms".into());
        let schema = schema();
        let bytes = |bytes: &[u8]| Value::Bytes(bytes.into());
        let set = [&[0, 0, 0, 1, 0, 0, 0, 4][..], b"it's"].concat();
        let values = vec![bytes(&[0, 0, 0, 7]), bytes(&0.1f64.to_be_bytes()), bytes(&set)];
        recorder.said(&SAID[0], &query("INSERT INTO t (a, d, s) VALUES (?, ?, ?)", values, Some(11)), &schema);
        recorder.said(&SAID[1], &query("INSERT INTO t (a) VALUES (1) IF NOT EXISTS", vec![], Some(12)), &schema);
        recorder.said(&SAID[1], &query("SELECT * FROM system.local", vec![], None), &schema);
        recorder.said(
            &SAID[0],
            &query("SELECT * FROM t WHERE a IN (?, ?)", vec![bytes(&[0, 0, 0, 7]), Value::Null], None),
            &schema,
        );
        let paging_state = cql::PagingState::decode(&[0; 21]).ok();
        assert!(paging_state.is_some());
        let params = Params { paging_state, keyspace: Some("k".into()), ..Params::at(Consistency::Quorum) };
        recorder.said(&SAID[0], &Request::Query { text: "SELECT * FROM t".into(), params }, &schema);
        recorder.prepared(PreparedId(3), &"DELETE FROM t WHERE a = :a".into(), None);
        let item = (BatchItem::Prepared(PreparedId(3)), vec![bytes(&[0, 0, 0, 7])]);
        let params = Params { timestamp: Some(13), keyspace: Some("k".into()), ..Params::at(Consistency::Quorum) };
        let batch = Request::Batch { kind: BatchKind::Unlogged, statements: vec![item], params };
        recorder.said(&SAID[1], &batch, &schema);
        let text = recorder.head() + &recorder.body;
        let (_, faults) = scenario::parse(&text);
        assert!(faults.is_empty(), "{faults:?}\n{text}");
        let told: Vec<&str> = recorder.body.lines().collect();
        let expected = [
            "--@ advance 5us",
            "--@ as gocql",
            "USE k;",
            "CONSISTENCY QUORUM;",
            "PAGING OFF;",
            "INSERT INTO t (a, d, s) VALUES (7, 0.1, {'it''s'}) USING TIMESTAMP 11;",
            "--@ advance 4us",
            "--@ as client",
            "USE k;",
            "CONSISTENCY QUORUM;",
            "PAGING OFF;",
            "INSERT INTO t (a) VALUES (1) IF NOT EXISTS;",
            "--@ as gocql",
            "SELECT * FROM t WHERE a IN (7, NULL);",
            "--@ as client",
            "BEGIN UNLOGGED BATCH USING TIMESTAMP 13 DELETE FROM t WHERE a = 7; APPLY BATCH;",
        ];
        assert_eq!(told, expected);
    }
}
