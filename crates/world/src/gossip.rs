//! Who hears whom, and when each node comes to know it. No heartbeat is an event: the world knows the truth, and when the
//! truth changes it schedules the moment at which each node will have noticed.
//!
//! Nodes that hear each other by way of a third do not give each other up (real-cluster.md 1, "a partition"), so what
//! counts is whether two nodes are in one connected part of the network of those that run.

use crate::machines::{Due, Health};
use crate::world::World;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use sim::{Id, Span};
use trace::EventId;

/// phi 8 is reached about 20 s after the last heartbeat (real-cluster.md 1, "a crash").
const CONVICT_AFTER: Span = Span::s(18);
const CONVICT_SPREAD: Span = Span::s(4);

/// A node that is back is seen within a second.
const REVIVE_AFTER: Span = Span::ms(200);
const REVIVE_SPREAD: Span = Span::ms(800);

/// Changes of mind that are on their way: (observer, subject) to the number of the latest, and what it will be.
#[derive(Debug, Default)]
pub(crate) struct Gossip {
    coming: BTreeMap<(Id, Id), (u32, bool)>,
    seq: u32,
}

impl World {
    /// Something changed, as this event says: see who will notice.
    pub(crate) fn topology_changed(&mut self, cause: Option<EventId>) {
        let parts = self.parts();
        let nodes = self.nodes.len();
        for observer in 0..nodes {
            let Some(part) = parts.get(observer).copied().flatten() else { continue };
            for subject in 0..nodes {
                if subject == observer {
                    continue;
                }
                let reachable = parts.get(subject).copied().flatten() == Some(part);
                self.expect(id(observer), id(subject), reachable, cause);
            }
        }
    }

    /// This observer will come to believe this, unless it does already.
    fn expect(&mut self, observer: Id, subject: Id, up: bool, cause: Option<EventId>) {
        let Some(server) = self.nodes.get_mut(observer.index()) else { return };
        let believes = server.node.believes_up(subject);
        let pair = (observer, subject);
        match self.gossip.coming.get(&pair) {
            Some((_, coming)) if *coming == up => return,
            Some(_) if believes == up => {
                self.gossip.coming.remove(&pair);
                return;
            }
            None if believes == up => return,
            Some(_) | None => {}
        }
        let (after, spread) = if up { (REVIVE_AFTER, REVIVE_SPREAD) } else { (CONVICT_AFTER, CONVICT_SPREAD) };
        let after = after + Span(server.luck.below(spread.0));
        self.gossip.seq = self.gossip.seq.wrapping_add(1);
        let seq = self.gossip.seq;
        self.gossip.coming.insert(pair, (seq, up));
        self.queue.push(self.now + after, Due::Belief { observer, subject, seq, up, cause });
    }

    /// The moment has come: is the reason still there?
    pub(crate) fn belief(&mut self, observer: Id, subject: Id, seq: u32, up: bool, cause: Option<EventId>) {
        let pair = (observer, subject);
        if self.gossip.coming.get(&pair).is_none_or(|(latest, _)| *latest != seq) {
            return;
        }
        self.gossip.coming.remove(&pair);
        if self.nodes.get(observer.index()).is_none_or(|server| server.health != Health::Running) {
            return;
        }
        let input = if up { cluster::Input::Revive(subject) } else { cluster::Input::Convict(subject) };
        self.step_node(observer, input, cause);
    }

    /// A node forgets what it was about to learn: it died, or begins anew.
    pub(crate) fn forget_beliefs(&mut self, observer: Id) {
        self.gossip.coming.retain(|(other, _), _| *other != observer);
    }

    /// For each node that runs, the number of the connected part it is in.
    fn parts(&self) -> Vec<Option<u32>> {
        let running = |at: usize| self.nodes.get(at).is_some_and(|server| server.health == Health::Running);
        let nodes = self.nodes.len();
        if self.network.uncut() {
            return (0..nodes).map(|at| running(at).then_some(0)).collect();
        }
        let mut parts: Vec<Option<u32>> = alloc::vec![None; nodes];
        let mut next = 0;
        for start in 0..nodes {
            if parts.get(start).copied().flatten().is_some() || !running(start) {
                continue;
            }
            let mut reached = alloc::vec![start];
            while let Some(at) = reached.pop() {
                match parts.get_mut(at) {
                    Some(part) if part.is_none() => *part = Some(next),
                    Some(_) | None => continue,
                }
                // A heartbeat needs both ways: one asks, the other answers.
                reached.extend((0..nodes).filter(|other| {
                    running(*other)
                        && parts.get(*other).copied().flatten().is_none()
                        && self.network.open(id(at), id(*other))
                        && self.network.open(id(*other), id(at))
                }));
            }
            next += 1;
        }
        parts
    }
}

fn id(at: usize) -> Id {
    Id(u16::try_from(at).unwrap_or(u16::MAX))
}
