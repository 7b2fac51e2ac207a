//! One node: coordinator for its clients, replica for the others.

use crate::hints::Hints;
use crate::message::{Message, Timeouts, Timer};
use crate::ops::{Op, Ops};
use crate::paxos::Acceptors;
use crate::prepared::Remembered;
use crate::system::Traced;
use crate::{Catalog, Stamper};
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use cql::{Request, Response};
use sim::{Deadlines, Id, Machine, Span, Time};
use storage::{Crash, Dialect, Engine, LogSync, PartitionKey, TableId};
use trace::Fact;

/// What the whole cluster is set up with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whose tie rules, and whose clock resolution.
    pub dialect: Dialect,
    /// How long a coordinator waits.
    pub timeouts: Timeouts,
    /// Whether hints are kept at all.
    pub hints: bool,
    /// How long after a node was seen down hints are kept for it.
    pub hint_window: Span,
    /// Where every node listens for clients, as `system.local` tells it.
    pub native_port: u16,
}

impl Settings {
    /// As the server of this dialect comes.
    #[must_use]
    pub fn new(dialect: Dialect) -> Settings {
        Settings {
            dialect,
            timeouts: Timeouts::default(),
            hints: true,
            hint_window: Span::s(3 * 3600),
            native_port: 9042,
        }
    }

    /// The resolution of the server's own timestamps, microseconds (semantics.md d2).
    #[must_use]
    pub fn stamp_resolution_us(&self) -> u32 {
        match self.dialect {
            Dialect::Cassandra => 1_000,
            Dialect::Scylla => 1,
        }
    }
}

/// What reaches a node.
#[derive(Clone, Debug)]
pub enum Input {
    /// A client's request.
    Request {
        /// Who asks. The node knows no more of it.
        from: Id,
        /// The client's own number for it.
        stream: u32,
        /// What it asks.
        request: Rc<Request>,
    },
    /// Another node's message.
    Message {
        /// Which node.
        from: Id,
        /// What it says.
        message: Message,
    },
    /// A timer it set.
    Timer(Timer),
    /// Its failure detector gives a node up.
    Convict(Id),
    /// Its failure detector hears a node again.
    Revive(Id),
    /// Something about the network has changed for the better.
    Nudge,
    /// What `nodetool` would tell it.
    Order(Order),
    /// The process dies.
    Kill,
    /// The machine dies.
    Power,
    /// The process starts again and reads its commit log.
    Start,
}

/// What an operator tells a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Write memtables to sstables.
    Flush,
    /// Compact all sstables of each table into one.
    Compact,
    /// Make all replicas of what this node keeps agree.
    Repair,
}

/// What a node sends.
#[derive(Clone, Debug)]
pub enum Outbound {
    /// To a node, itself perhaps.
    Peer(Message),
    /// To a client.
    Reply {
        /// The client's number for the request.
        stream: u32,
        /// The answer.
        response: Rc<Response>,
    },
}

pub(crate) type Cx<'a> = sim::Ctx<'a, Outbound, Timer, Fact>;

/// What a node believes of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Belief {
    /// Given up, and since when by this node's monotonic clock.
    pub(crate) down_since: Option<Time>,
}

/// What waits, by the timer that serves it.
#[derive(Debug)]
pub(crate) struct Waits {
    writes: Deadlines,
    reads: Deadlines,
    ranges: Deadlines,
    schemas: Deadlines,
    truncations: Deadlines,
}

impl Waits {
    fn new(timeouts: &Timeouts) -> Waits {
        let Timeouts { write, read, range, truncate } = *timeouts;
        // A real node answers at once and its client then waits for the others to know, without a timeout of its own; here
        // the answer waits, for less than any driver's patience.
        let schema = Span::ms(1_800);
        let [writes, reads, ranges, schemas, truncations] = [write, read, range, schema, truncate].map(Deadlines::new);
        Waits { writes, reads, ranges, schemas, truncations }
    }

    fn of(&mut self, timer: Timer) -> Option<&mut Deadlines> {
        match timer {
            Timer::Writes => Some(&mut self.writes),
            Timer::Reads => Some(&mut self.reads),
            Timer::Ranges => Some(&mut self.ranges),
            Timer::Schemas => Some(&mut self.schemas),
            Timer::Truncations => Some(&mut self.truncations),
            Timer::Speculate(_) | Timer::Paxos(_) | Timer::Hints(..) => None,
        }
    }

    fn clear(&mut self) {
        [&mut self.writes, &mut self.reads, &mut self.ranges, &mut self.schemas, &mut self.truncations]
            .into_iter()
            .for_each(Deadlines::clear);
    }
}

/// A node.
#[derive(Debug)]
pub struct Node {
    pub(crate) id: Id,
    pub(crate) dc: Rc<str>,
    pub(crate) settings: Rc<Settings>,
    pub(crate) catalog: Rc<Catalog>,
    pub(crate) engine: Engine,
    pub(crate) beliefs: Vec<Belief>,
    pub(crate) stamper: Stamper,
    pub(crate) ops: Ops,
    pub(crate) hints: Hints,
    pub(crate) prepared: Remembered,
    pub(crate) waits: Waits,
    /// What it has promised and accepted: on its disk.
    pub(crate) acceptors: Acceptors,
    /// What it warned of and nobody has taken yet.
    pub(crate) warnings: Vec<(Client, String)>,
    /// The requests of clients that were traced, the last ones.
    pub(crate) traces: VecDeque<Rc<Traced>>,
    /// Partitions that a power cut took something from.
    pub(crate) lost: Vec<(TableId, PartitionKey)>,
}

impl Node {
    /// A node with nothing on its disk.
    #[must_use]
    pub fn new(id: Id, settings: Rc<Settings>, catalog: Rc<Catalog>) -> Node {
        let dc = catalog.ring().dc_of(id).cloned().unwrap_or_else(|| Rc::from(""));
        let nodes = catalog.ring().dcs().len();
        let mut node = Node {
            id,
            dc,
            engine: Engine::new(settings.dialect, LogSync::default()),
            stamper: Stamper::new(settings.stamp_resolution_us()),
            beliefs: alloc::vec![Belief::default(); nodes],
            ops: Ops::default(),
            hints: Hints::default(),
            prepared: Remembered::default(),
            waits: Waits::new(&settings.timeouts),
            acceptors: Acceptors::default(),
            warnings: Vec::new(),
            traces: VecDeque::new(),
            lost: Vec::new(),
            settings,
            catalog: catalog.clone(),
        };
        node.learn();
        node
    }

    /// What is on its disk and in its memory.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The schema as it knows it.
    #[must_use]
    pub fn catalog(&self) -> &Rc<Catalog> {
        &self.catalog
    }

    /// Whether it believes another node to be alive.
    #[must_use]
    pub fn believes_up(&self, id: Id) -> bool {
        self.beliefs.get(id.index()).is_none_or(|belief| belief.down_since.is_none())
    }

    /// Clients find every node at this port from here on; it is what `system.local` tells.
    pub fn listen_on(&mut self, port: u16) {
        Rc::make_mut(&mut self.settings).native_port = port;
    }

    /// What it has warned of since somebody last asked: whom, of which request, in words. It goes beside the answer and is no part
    /// of it.
    pub fn take_warnings(&mut self) -> impl Iterator<Item = (Id, u32, String)> {
        self.warnings.drain(..).map(|(client, text)| (client.id, client.stream, text))
    }

    /// Every table as it knows it, for a record that begins now.
    #[must_use]
    pub fn known_tables(&self) -> Vec<Fact> {
        crate::describe::changes(&cql::Schema::default(), &self.catalog.schema)
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> Id {
        self.id
    }

    /// How many hints it keeps for these nodes, sent ones that are not acknowledged included.
    #[must_use]
    pub fn hints_for(&self, wanted: impl Fn(Id) -> bool) -> usize {
        let kept: usize =
            self.hints.targets().into_iter().filter(|id| wanted(*id)).map(|id| self.hints.kept_for(id)).sum();
        let sent = self.ops.iter().filter(|op| matches!(op, Op::Write(write) if write.hints_for.is_some_and(&wanted)));
        kept + sent.count()
    }

    pub(crate) fn peer(&self, cx: &mut Cx<'_>, to: Id, message: Message) {
        cx.send(to, Outbound::Peer(message));
    }

    pub(crate) fn reply(&self, cx: &mut Cx<'_>, to: Client, response: Response) {
        cx.send(to.id, Outbound::Reply { stream: to.stream, response: Rc::new(response) });
    }

    fn message(&mut self, cx: &mut Cx<'_>, from: Id, message: Message) {
        match message {
            Message::Write { op, part, mutation, .. } => {
                if self.apply(cx, &mutation) {
                    self.peer(cx, from, Message::Written { op, part });
                }
            }
            Message::Written { op, part } => self.written(cx, from, op, part),
            Message::Read { round, question, depth } => self.answer(cx, from, round, &question, depth),
            Message::Held { round, answer, .. } => self.heard(cx, from, round, crate::read::Heard::Rows(answer)),
            Message::Digest { round, digest } => self.heard(cx, from, round, crate::read::Heard::Digest(digest)),
            Message::Prepare { round, ballot, table, key } => self.prepare_asked(cx, from, round, ballot, (table, key)),
            Message::Promised { round, promise } => self.promised(cx, from, round, promise),
            Message::Propose { round, proposal } => self.proposal_made(cx, from, round, proposal),
            Message::Accepted { round, accepted, .. } => self.accepted(cx, from, round, accepted),
            Message::Commit { op, proposal } => {
                if let (true, Some(op)) = (self.commit(cx, proposal), op) {
                    self.peer(cx, from, Message::Written { op, part: 0 });
                }
            }
            Message::Schema { op, catalog } => {
                self.adopt(catalog);
                if let Some(op) = op {
                    self.peer(cx, from, Message::SchemaKnown { op });
                }
            }
            Message::SchemaKnown { op } => self.schema_known(cx, from, op),
            Message::Truncate { op, table } => self.empty(cx, from, op, table),
            Message::Truncated { op } => self.truncated(cx, from, op),
        }
    }

    /// An operation begins to wait, for as long as operations of its kind do.
    pub(crate) fn wait(&mut self, cx: &mut Cx<'_>, timer: Timer, op: u64) {
        if let Some(span) = self.waits.of(timer).and_then(|waits| waits.begin(cx.elapsed, op, cx.remember())) {
            cx.wake(span, timer);
        }
    }

    /// Some operations of a kind have waited long enough, perhaps.
    fn time_out(&mut self, cx: &mut Cx<'_>, timer: Timer) {
        while let Some((op, cause)) = self.waits.of(timer).and_then(|waits| waits.next_due(cx.elapsed)) {
            cx.recall(&cause);
            match timer {
                Timer::Writes => self.write_timed_out(cx, op),
                Timer::Reads | Timer::Ranges => self.read_timed_out(cx, op),
                Timer::Schemas => self.schema_timed_out(cx, op),
                Timer::Truncations => self.truncation_timed_out(cx, op),
                Timer::Speculate(_) | Timer::Paxos(_) | Timer::Hints(..) => {}
            }
        }
        let ops = &self.ops;
        if let Some(span) = self.waits.of(timer).and_then(|waits| waits.rearm(cx.elapsed, |op| ops.has(op))) {
            cx.wake(span, timer);
        }
    }

    fn timer(&mut self, cx: &mut Cx<'_>, timer: Timer) {
        match timer {
            Timer::Writes | Timer::Reads | Timer::Ranges | Timer::Schemas | Timer::Truncations => {
                self.time_out(cx, timer);
            }
            Timer::Speculate(round) => self.speculate(cx, round),
            Timer::Paxos(op) => self.attempt(cx, op),
            Timer::Hints(target, number) => self.send_hints(cx, target, number),
        }
    }

    /// What was in memory besides memtables.
    pub(crate) fn forget(&mut self) {
        self.ops.clear();
        self.waits.clear();
        self.hints.forget_plans();
        self.prepared.clear();
    }
}

impl Machine for Node {
    type Input = Input;
    type Message = Outbound;
    type Timer = Timer;
    type Fact = Fact;

    fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        match input {
            Input::Request { from, stream, request } => self.request(cx, Client { id: from, stream }, &request),
            Input::Message { from, message } => self.message(cx, from, message),
            Input::Timer(timer) => self.timer(cx, timer),
            Input::Convict(node) => {
                if let Some(belief) = self.beliefs.get_mut(node.index()) {
                    belief.down_since.get_or_insert(cx.elapsed);
                }
                cx.note(|| Fact::Convict { node });
            }
            Input::Revive(node) => {
                if let Some(belief) = self.beliefs.get_mut(node.index()) {
                    belief.down_since = None;
                }
                cx.note(|| Fact::Revive { node });
                // A node that was away may know an older schema; gossip would tell it so now.
                let catalog = self.catalog.clone();
                self.peer(cx, node, Message::Schema { op: None, catalog });
                self.schedule_hints(cx, node);
            }
            Input::Nudge => self.nudge_hints(cx),
            Input::Order(Order::Flush) => self.flush(cx),
            Input::Order(Order::Compact) => self.compact(cx),
            Input::Order(Order::Repair) => self.repair(cx),
            Input::Kill => self.die(Crash::Kill),
            Input::Power => self.die(Crash::Power { now: cx.elapsed.0 }),
            Input::Start => self.start(cx),
        }
    }
}

/// Who waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) id: Id,
    pub(crate) stream: u32,
}

/// Whole seconds since the Unix epoch.
pub(crate) fn seconds(us: i64) -> i64 {
    us.div_euclid(1_000_000)
}
