//! The whole world at one event, as far as it is on screen.
//!
//! `View::at` asks the [`Index`] for the machines, the messages in flight and, of each partition in focus, what every
//! replica holds: folded by `storage`'s joins, and each atom judged by `storage`'s own rule of what hides what.

use crate::index::{Index, PartitionNo};
use crate::replica::{ReplicaView, replicas};
use crate::worldly::CutView;
use crate::{Carries, Error, EventId, Kind, Log, MachineKind, Place, Said};
use alloc::{rc::Rc, vec::Vec};
use sim::{Clock, Id, Rule, Time};
use storage::{Bytes, Mutation, order};

/// The most messages that a view tells one by one.
pub const FLIGHTS_MAX: usize = 1_000;

/// What is on screen.
#[derive(Clone, Debug, Default)]
pub struct Focus {
    /// The partitions.
    pub partitions: Vec<Window>,
}

/// A partition, and which of its rows.
#[derive(Clone, Debug)]
pub struct Window {
    /// Which partition.
    pub partition: PartitionNo,
    /// Rows that were written by then are counted in clustering order; so many are left out.
    pub skip: usize,
    /// At most so many are shown.
    pub rows: usize,
}

/// The world after an event.
#[derive(Clone, Debug)]
pub struct View {
    /// Which event.
    pub cursor: EventId,
    /// Its true time.
    pub at: Time,
    /// Every machine, in the order of the trace.
    pub machines: Vec<MachineView>,
    /// Ways that are cut.
    pub cuts: Vec<CutView>,
    /// Rules on messages that were made and not lifted, each with the event that made it. How often each still holds
    /// is not told.
    pub rules: Vec<(EventId, Rc<Rule>)>,
    /// Messages on their way, by Send.
    pub flights: Vec<Flight>,
    /// How many more are on their way than [`FLIGHTS_MAX`].
    pub flights_more: usize,
    /// The partitions in focus, in the order asked for.
    pub partitions: Vec<PartitionView>,
}

/// A machine at an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineView {
    /// Which.
    pub id: Id,
    /// Node or client.
    pub kind: MachineKind,
    /// Its place on the ring, of a node.
    pub token: Option<i64>,
    /// The Kill or Power that it lies down since.
    pub down: Option<EventId>,
    /// It is frozen.
    pub frozen: bool,
    /// What its clock shows, Unix microseconds.
    pub own: i64,
    /// How far its clock is ahead of true time, microseconds.
    pub offset: i64,
    /// Whom it believes dead.
    pub convicted: Vec<Id>,
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flight {
    /// Its Send.
    pub send: EventId,
    /// From.
    pub from: Id,
    /// To.
    pub to: Id,
    /// Which message.
    pub said: Said,
    /// What it carries, for drawing.
    pub carries: Carries,
    /// When it left.
    pub sent: Time,
    /// The event at which it lands or is lost, and when; `None`: the run ends first.
    pub lands: Option<(EventId, Time)>,
    /// It will not arrive.
    pub lost: bool,
    /// The partition of what it carries or asks for.
    pub partition: Option<PartitionNo>,
}

/// A partition at an event, on every machine that has or should have something of it.
#[derive(Clone, Debug)]
pub struct PartitionView {
    /// Its number in this trace.
    pub no: PartitionNo,
    /// Its table and key.
    pub place: Place,
    /// How many rows had been written by then, on any replica, gone ones included.
    pub rows_known: usize,
    /// The rows shown, in clustering order: `replicas[i].rows[j]` is row `rows[j]`.
    pub rows: Vec<Bytes>,
    /// What each replica holds.
    pub replicas: Vec<ReplicaView>,
}

/// A write to a replica that has left and not landed: it covers nothing yet.
#[derive(Clone, Debug)]
pub struct Coming {
    /// The message.
    pub flight: Flight,
    /// What it will write.
    pub mutation: Rc<Mutation>,
}

impl View {
    /// The world after the event `cursor`. A cursor beyond the last event means the last.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the trace has no event, a payload cannot be read, or the index is of another trace.
    pub fn at(index: &Index, log: &Log<'_>, cursor: EventId, focus: &Focus) -> Result<View, Error> {
        let cursor = cursor.min(log.last().ok_or(Error::Damaged)?);
        let at = log.at(cursor).ok_or(Error::Damaged)?;
        let world = index.worldly.at(log, cursor.0)?;
        let machines = log.machines().iter().map(|machine| {
            let lane = world.lanes.get(machine.id).cloned().unwrap_or_default();
            let offset = lane.offset.unwrap_or(machine.clock.offset);
            let clock = Clock { offset, ..machine.clock.clone() };
            MachineView {
                id: machine.id,
                kind: machine.kind,
                token: machine.token,
                down: lane.down,
                frozen: lane.frozen,
                own: clock.read(at),
                offset: clock.error(at),
                convicted: lane.convicted,
            }
        });
        let machines: Vec<MachineView> = machines.collect();
        let mut flying = index.flights.at(cursor.0);
        let flights: Vec<Flight> =
            flying.by_ref().take(FLIGHTS_MAX).filter_map(|(send, lands)| flight(log, send, lands)).collect();
        let flights_more = flying.count();
        let mut view = View {
            cursor,
            at,
            machines,
            cuts: world.cuts,
            rules: world.rules,
            flights,
            flights_more,
            partitions: Vec::new(),
        };
        for window in &focus.partitions {
            let partition = view.partition(index, log, window)?;
            view.partitions.push(partition);
        }
        Ok(view)
    }

    /// The nodes in the order of the ring, beginning with the owner of a token: where a partition's replicas are looked for.
    pub fn walk(&self, token: i64) -> impl Iterator<Item = Id> {
        let mut ring: Vec<(i64, Id)> =
            self.machines.iter().filter_map(|machine| Some((machine.token?, machine.id))).collect();
        order::sort_by(&mut ring, Ord::cmp);
        // A node owns the tokens after its predecessor's, up to and with its own.
        let owner = ring.partition_point(|(own, _)| *own < token) % ring.len().max(1);
        ring.rotate_left(owner);
        ring.into_iter().map(|(_, id)| id)
    }

    /// A machine's view.
    #[must_use]
    pub fn machine(&self, id: Id) -> Option<&MachineView> {
        self.machines.iter().find(|machine| machine.id == id)
    }

    /// Unix seconds by a machine's own clock, which is what it judges TTLs by.
    pub(crate) fn seconds(&self, log: &Log<'_>, id: Id) -> i64 {
        let right = || Clock::right(log.epoch()).read(self.at);
        let own = self.machine(id).map_or_else(right, |machine| machine.own);
        own.div_euclid(1_000_000)
    }

    fn partition(&self, index: &Index, log: &Log<'_>, window: &Window) -> Result<PartitionView, Error> {
        let place = index.partition(log, window.partition)?;
        let known = index.rows(window.partition.0);
        let here = || known.iter().filter(|row| row.first <= self.cursor.0);
        let shown: Vec<_> = here().skip(window.skip).take(window.rows).copied().collect();
        Ok(PartitionView {
            no: window.partition,
            rows_known: here().count(),
            rows: shown.iter().map(|row| Bytes::from(row.key(log))).collect(),
            replicas: replicas(self, index, log, window.partition, &place, &shown)?,
            place,
        })
    }
}

fn flight(log: &Log<'_>, send: EventId, lands: Option<EventId>) -> Option<Flight> {
    let landing = lands.and_then(|lands| Some((lands, log.at(lands)?)));
    let (_, _, c) = log.columns(send)?;
    Some(Flight {
        send,
        from: log.who(send)?,
        to: Id(c as u16),
        said: log.said(send)?,
        carries: log.carries(send)?,
        sent: log.at(send)?,
        lands: landing,
        lost: lands.is_some_and(|lands| log.kind(lands) == Some(Kind::Lost)),
        partition: match log.said(send)? {
            Said::Mutation | Said::Hint | Said::Repair | Said::Data | Said::Digest | Said::Full => {
                log.place_no(send).map(PartitionNo)
            }
            _ => None,
        },
    })
}
