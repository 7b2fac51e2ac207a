//! A run made by hand: the story of a delete that is older than its row, so that what the page draws can be tested
//! without the model that usually makes it.

#![allow(dead_code, reason = "each test uses its part of it")]

use scenario::{
    START,
    told::{Question, Told},
    wire::{Done, Said},
};
use sim::{Clock, Id, Time};
use std::rc::Rc;
use storage::{
    Bytes, Cell, Column, ColumnId, Content, Marker, Mutation, Partition, PartitionKey, Row, Rows, TableId, Tombstone,
};
use trace::{
    ColumnInfo, EventId, Fact, MachineInfo, MachineKind, Message, Met, Outcome, Place, Role, Shared, Source, TableInfo,
    Trace,
};
use web::state::{Action, Answer, Effect, State, Theme, reduce};

/// The text as it was run.
pub const TEXT: &str = "-- A delete that is older than the rows it should remove.
-- The tombstone lands on every replica and shadows nothing: last write wins by timestamp, not by arrival.
--@ cluster nodes=3 rf=3 seed=7 like=scylla
--@ client api driver=gocql-1.14 clock=+20ms
--@ client cron driver=rust

CREATE TABLE platform_users (org_id text, user_id text, version int, PRIMARY KEY (org_id, user_id));

--@ as api
INSERT INTO platform_users (org_id, user_id, version) VALUES ('org-1', 'user-1', 1);

--@ as cron
DELETE FROM platform_users WHERE org_id = 'org-1';
SELECT count(*) FROM platform_users WHERE org_id = 'org-1';
";

/// What a bless makes of it.
pub fn blessed() -> String {
    format!("{TEXT}--> count\n--> -----\n-->     1\n-->\n--> (1 rows)\n")
}

const API: Id = Id(3);
const CRON: Id = Id(4);
const NODES: [Id; 3] = [Id(0), Id(1), Id(2)];
const TABLE: TableId = TableId(1);

fn machine(id: Id, name: &str, about: &str, kind: MachineKind, offset: i64) -> MachineInfo {
    let token =
        (kind == MachineKind::Node).then(|| i64::from(id.0) * 3_000_000_000_000_000_000 - 6_000_000_000_000_000_000);
    MachineInfo {
        id,
        name: name.into(),
        kind,
        token,
        about: about.into(),
        clock: Clock { offset, ..Clock::right(START) },
    }
}

fn table() -> TableInfo {
    let column = |id: u32, name: &str, kind: &str, role| ColumnInfo {
        id: ColumnId(id),
        name: name.into(),
        kind: kind.into(),
        role,
        descending: false,
    };
    let columns = vec![
        column(0, "org_id", "text", Role::Partition),
        column(1, "user_id", "text", Role::Clustering),
        column(2, "version", "int", Role::Regular),
    ];
    TableInfo {
        id: TABLE,
        keyspace: "demo".into(),
        name: "platform_users".into(),
        columns,
        dropped: false,
        gc_grace: Some(864_000),
    }
}

fn bytes(text: &[u8]) -> Bytes {
    Bytes::from(text)
}

/// The clustering key of a text, byte-comparable.
fn clustering(text: &str) -> Bytes {
    let mut key = vec![0x40];
    key.extend_from_slice(text.as_bytes());
    key.extend_from_slice(&[0, 0]);
    bytes(&key)
}

struct Writer {
    trace: Trace,
}

impl Writer {
    fn note(&mut self, at: u64, who: Id, cause: Option<EventId>, fact: Fact) -> EventId {
        let offset = if who == API { 20_000 } else { 0 };
        self.trace.note(Time(at), START + at as i64 + offset, who, cause, &fact).expect("room")
    }
}

/// The trace: an insert by `api`, a delete and a count by `cron`.
pub fn trace() -> Trace {
    let machines = vec![
        machine(NODES[0], "n1", "", MachineKind::Node, 0),
        machine(NODES[1], "n2", "", MachineKind::Node, 0),
        machine(NODES[2], "n3", "", MachineKind::Node, 0),
        machine(API, "api", "gocql-1.14", MachineKind::Client, 20_000),
        machine(CRON, "cron", "rust", MachineKind::Client, 0),
    ];
    let mut w = Writer { trace: Trace::new(START, machines) };
    w.note(500_000, trace::WORLD, None, Fact::Schema(Rc::new(table())));
    let key = PartitionKey::new(bytes(b"org-1"));
    let place = Place { table: TABLE, key: Some(key.clone()) };

    let submit = |w: &mut Writer, at, who, step: u32, text: &str| {
        w.note(at, who, None, Fact::Submit { step, text: text.into() })
    };
    // INSERT by api through n1.
    let insert = submit(
        &mut w,
        1_000_000,
        API,
        1,
        "INSERT INTO platform_users (org_id, user_id, version) VALUES ('org-1', 'user-1', 1)",
    );
    let date = START + 1_020_000;
    let stamp = w.note(1_000_000, API, Some(insert), Fact::Stamp { timestamp: date, source: Source::Client });
    let cell = Cell { timestamp: date, content: Content::Live(bytes(&1_i32.to_be_bytes())) };
    let row = Row {
        marker: Some(Marker { timestamp: date, expiry: None }),
        tombstone: None,
        columns: vec![(ColumnId(2), Column::Simple(cell))],
    };
    let delta = Partition { rows: Rows::one(clustering("user-1"), row), ..Partition::default() };
    let write = Rc::new(Mutation { table: TABLE, key: key.clone(), delta });
    round(&mut w, 1_000_000, API, 0, stamp, 1, &write, Met::default(), false);
    // DELETE by cron through n2, which stamps it.
    let delete = submit(&mut w, 1_008_000, CRON, 2, "DELETE FROM platform_users WHERE org_id = 'org-1'");
    let tombstone = Tombstone { timestamp: START + 1_008_700, deletion_time: START.div_euclid(1_000_000) + 1 };
    let delta = Partition { tombstone: Some(tombstone), ..Partition::default() };
    let erase = Rc::new(Mutation { table: TABLE, key: key.clone(), delta });
    round(&mut w, 1_008_000, CRON, 1, delete, 2, &erase, Met { covered: 0, of: 2, hidden: 0 }, true);
    // SELECT count by cron through n2, digests from n1.
    let select = submit(&mut w, 1_012_000, CRON, 3, "SELECT count(*) FROM platform_users WHERE org_id = 'org-1'");
    let send =
        w.note(1_012_000, CRON, Some(select), Fact::Send { to: NODES[1], message: Message::Request { step: 3 } });
    let got = w.note(1_012_700, NODES[1], Some(send), Fact::Receive { from: CRON });
    w.note(1_012_700, NODES[1], Some(got), Fact::Read { place: place.clone(), rows: 1, tombstones: 1 });
    let ask =
        w.note(1_012_800, NODES[1], Some(got), Fact::Send { to: NODES[0], message: Message::Digest(place.clone()) });
    let asked = w.note(1_013_500, NODES[0], Some(ask), Fact::Receive { from: NODES[1] });
    let read = w.note(1_013_500, NODES[0], Some(asked), Fact::Read { place, rows: 1, tombstones: 1 });
    let back = w.note(1_013_600, NODES[0], Some(read), Fact::Send { to: NODES[1], message: Message::DigestReply(7) });
    let here = w.note(1_014_300, NODES[1], Some(back), Fact::Receive { from: NODES[0] });
    let reply = w.note(
        1_014_300,
        NODES[1],
        Some(here),
        Fact::Send { to: CRON, message: Message::Reply { rows: 1, error: false } },
    );
    let heard = w.note(1_015_000, CRON, Some(reply), Fact::Receive { from: NODES[1] });
    w.note(
        1_015_000,
        CRON,
        Some(heard),
        Fact::Answer {
            step: 3,
            outcome: Outcome::Rows { rows: 1, counted: Some(1), content: Rc::from([1_u8].as_slice()) },
        },
    );
    w.trace
}

/// A write from client to coordinator to the replicas and back.
#[allow(clippy::too_many_arguments, reason = "a script, not an interface")]
fn round(
    w: &mut Writer,
    at: u64,
    client: Id,
    coordinator: usize,
    cause: EventId,
    step: u32,
    write: &Rc<Mutation>,
    met: Met,
    stamps: bool,
) {
    let node = NODES[coordinator];
    let send = w.note(at, client, Some(cause), Fact::Send { to: node, message: Message::Request { step } });
    let mut got = w.note(at + 700, node, Some(send), Fact::Receive { from: client });
    if stamps {
        got = w.note(
            at + 700,
            node,
            Some(got),
            Fact::Stamp { timestamp: START + at as i64 + 700, source: Source::Coordinator },
        );
    }
    w.note(at + 800, node, Some(got), Fact::Apply { mutation: write.clone(), met });
    let others: Vec<Id> = NODES.into_iter().filter(|other| *other != node).collect();
    let sends: Vec<EventId> = others
        .iter()
        .map(|to| w.note(at + 800, node, Some(got), Fact::Send { to: *to, message: Message::Mutation(write.clone()) }))
        .collect();
    let mut acks = Vec::new();
    for (n, (to, send)) in others.iter().zip(sends).enumerate() {
        let then = at + 1_600 + n as u64 * 300;
        let landed = w.note(then, *to, Some(send), Fact::Receive { from: node });
        let applied = w.note(then, *to, Some(landed), Fact::Apply { mutation: write.clone(), met });
        acks.push((*to, w.note(then, *to, Some(applied), Fact::Send { to: node, message: Message::Ack })));
    }
    let (from, ack) = acks[0];
    let quorum = w.note(at + 2_400, node, Some(ack), Fact::Receive { from });
    let reply = w.note(
        at + 2_400,
        node,
        Some(quorum),
        Fact::Send { to: client, message: Message::Reply { rows: 0, error: false } },
    );
    let (from, ack) = acks[1];
    w.note(at + 2_700, node, Some(ack), Fact::Receive { from });
    let heard = w.note(at + 3_100, client, Some(reply), Fact::Receive { from: node });
    w.note(at + 3_100, client, Some(heard), Fact::Answer { step, outcome: Outcome::Void });
}

/// The run as the worker would send it.
pub fn answer() -> Answer {
    answer_to(&blessed())
}

/// The same run of a text that reads so with its outcomes.
pub fn answer_to(text: &str) -> Answer {
    let trace = trace().to_bytes().expect("room");
    let outcomes = vec![0, 0, 0, 4_711];
    let meaning = scenario::meaning(text);
    let done = Done { text, stopped: None, digest: "5c1f00000000a9", outcomes, trace: &trace, meaning };
    sent(&Said::Done(done).to_bytes())
}

/// The page with the text in it, 1440 wide.
pub fn state() -> State {
    State::new(vec![Rc::from(TEXT)], Theme::System, (1440, 900))
}

/// The same once it has run, and has its outcomes.
pub fn ran() -> State {
    let mut state = state();
    let effects = reduce(&mut state, Action::Run);
    let [Effect::RunInWorker { id, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let done = come(&mut state, *id, answer());
    assert!(done.iter().any(|effect| matches!(effect, Effect::SetText(text) if **text == *blessed())), "{done:?}");
    state
}

/// The answer to a run comes, and is read to its end.
pub fn come(state: &mut State, id: u32, answer: Answer) -> Vec<Effect> {
    on(state, Action::Finished { id, answer })
}

/// What is done next is done, as long as it is to read on.
pub fn on(state: &mut State, action: Action) -> Vec<Effect> {
    let mut effects = reduce(state, action);
    while let [Effect::Later(next @ Action::ReadOn { .. })] = effects.as_slice() {
        effects = reduce(state, next.clone());
    }
    effects
}

/// Does what the page does at once and lets the worker say what the text means.
pub fn edit(state: &mut State, text: Rc<str>) {
    let effects = reduce(state, Action::Edit(text));
    let Some(Effect::Ask { id, text, question: Question::Meaning }) = effects.last() else { panic!("{effects:?}") };
    reduce(state, Action::Told(*id, Rc::new(Told::Meaning(scenario::meaning(text)))));
}

/// These bytes, as if a worker had sent them.
pub fn sent(bytes: &[u8]) -> Answer {
    Answer(Shared::from(bytes))
}
