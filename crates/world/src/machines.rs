//! The machines of a world: what each has besides its own mind, a clock, luck, and a state of health.

use alloc::collections::VecDeque;
use alloc::rc::Rc;
use cluster::{Message, Node};
use cql::{Request, Response};
use driver::Driver;
use sim::{Chance, Clock, Id, Time};
use trace::EventId;

/// A node on its machine.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) node: Node,
    pub(crate) clock: Clock,
    pub(crate) luck: Chance,
    pub(crate) health: Health,
    /// Counts its lives: a timer of an earlier one is nobody's.
    pub(crate) life: u32,
    /// What waits for a frozen process.
    pub(crate) parked: VecDeque<Due>,
}

/// Whether a process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    Running,
    /// Frozen, not dead.
    Paused,
    Dead,
}

/// A client on its machine.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) driver: Driver,
    pub(crate) clock: Clock,
    pub(crate) luck: Chance,
}

/// What waits in the queue.
#[derive(Clone, Debug)]
pub(crate) enum Due {
    /// A message lands.
    Land(Landing),
    /// A node's timer, and because of what it was set.
    NodeTimer { id: Id, life: u32, timer: cluster::Timer, cause: Option<EventId> },
    /// A client's timer, and because of what it was set.
    ClientTimer { id: Id, timer: driver::Timer, cause: Option<EventId> },
    /// A node changes its mind about another, unless the reason (the cause) has gone by then.
    Belief { observer: Id, subject: Id, seq: u32, up: bool, cause: Option<EventId> },
}

/// A message on its way.
#[derive(Clone, Debug)]
pub(crate) struct Landing {
    pub(crate) from: Id,
    pub(crate) to: Id,
    pub(crate) parcel: Parcel,
    /// Where it was sent.
    pub(crate) cause: Option<EventId>,
    /// After this it is not worth acting on.
    pub(crate) expires: Time,
}

/// What travels.
#[derive(Clone, Debug)]
pub(crate) enum Parcel {
    /// A client's request.
    Request { stream: u32, request: Rc<Request> },
    /// The answer to it.
    Reply { stream: u32, response: Rc<Response> },
    /// Node to node.
    Peer(Message),
}
