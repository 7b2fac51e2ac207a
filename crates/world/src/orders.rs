//! What a scenario does to the world besides speaking: it kills, cuts, delays, sets clocks, and acts as an operator.

use crate::machines::{Due, Health};
use crate::world::World;
use alloc::rc::Rc;
use alloc::vec::Vec;
use cluster::{Input, Order};
use scenario::{Machine, Node, Party, RuleKind};
use sim::{Action, Id, Side};
use trace::{EventId, Fact, WORLD};

impl World {
    pub(crate) fn id(&self, machine: Machine) -> Id {
        match machine {
            Machine::Node(node) => Id(node.0),
            Machine::Client(client) => Id((self.nodes.len() as u16).saturating_add(client.0)),
        }
    }

    pub(crate) fn health(&self, id: Id) -> Health {
        self.nodes.get(id.index()).map_or(Health::Dead, |server| server.health)
    }

    fn set_health(&mut self, id: Id, health: Health) {
        if let Some(server) = self.nodes.get_mut(id.index()) {
            server.health = health;
        }
    }

    /// The process dies, or (with `power`) the machine under it.
    pub(crate) fn kill(&mut self, node: Node, power: bool) {
        let id = Id(node.0);
        if self.health(id) == Health::Dead {
            return;
        }
        let died = self.note(id, None, || if power { Fact::Power } else { Fact::Kill });
        self.step_node(id, if power { Input::Power } else { Input::Kill }, died);
        self.set_health(id, Health::Dead);
        let parked = self.nodes.get_mut(id.index()).map(|server| {
            server.life = server.life.wrapping_add(1);
            core::mem::take(&mut server.parked)
        });
        for due in parked.into_iter().flatten() {
            if let Due::Land(landing) = due {
                self.note(id, landing.cause, || Fact::Lost { from: landing.from, why: trace::Loss::Died });
            }
        }
        self.forget_beliefs(id);
        self.topology_changed(died);
        self.tell_clients(driver::Input::Lost(id), died);
    }

    /// A dead process returns.
    pub(crate) fn start(&mut self, node: Node) {
        let id = Id(node.0);
        if self.health(id) != Health::Dead {
            return;
        }
        self.set_health(id, Health::Running);
        let started = self.note(id, None, || Fact::Start);
        self.step_node(id, Input::Start, started);
        self.topology_changed(started);
        self.nudge(started);
        self.tell_clients(driver::Input::Found(id), started);
    }

    pub(crate) fn pause(&mut self, node: Node) {
        let id = Id(node.0);
        if self.health(id) == Health::Running {
            self.set_health(id, Health::Paused);
            let paused = self.note(id, None, || Fact::Pause);
            self.forget_beliefs(id);
            self.topology_changed(paused);
        }
    }

    pub(crate) fn resume(&mut self, node: Node) {
        let id = Id(node.0);
        if self.health(id) != Health::Paused {
            return;
        }
        self.set_health(id, Health::Running);
        let resumed = self.note(id, None, || Fact::Resume);
        // What came meanwhile is in its sockets: it is read now, in the order it came.
        let parked = self.nodes.get_mut(id.index()).map(|server| core::mem::take(&mut server.parked));
        for due in parked.into_iter().flatten() {
            self.happen(due);
        }
        self.topology_changed(resumed);
        self.nudge(resumed);
    }

    /// Whoever waits for a better time hears that it may have come.
    fn nudge(&mut self, cause: Option<EventId>) {
        for id in (0..self.nodes.len() as u16).map(Id) {
            if self.health(id) == Health::Running {
                self.step_node(id, Input::Nudge, cause);
            }
        }
    }

    fn tell_clients(&mut self, input: driver::Input, cause: Option<EventId>) {
        let first = self.nodes.len() as u16;
        for client in (first..).take(self.clients.len()) {
            self.step_client(Id(client), input.clone(), cause);
        }
    }

    /// No packet between the sides.
    pub(crate) fn cut(&mut self, cut: &scenario::Cut) {
        let sides: Vec<Vec<Id>> =
            cut.sides.iter().map(|side| side.iter().map(|machine| self.id(*machine)).collect()).collect();
        let mut done = None;
        for (at, left) in sides.iter().enumerate() {
            for right in sides.iter().skip(at + 1) {
                self.network.cut(sim::Cut { from: left.clone(), to: right.clone() });
                if !cut.one_way {
                    self.network.cut(sim::Cut { from: right.clone(), to: left.clone() });
                }
                let (left, right): (Rc<[Id]>, Rc<[Id]>) = (left.as_slice().into(), right.as_slice().into());
                done = self.note(WORLD, None, || Fact::Cut { left, right, one_way: cut.one_way });
            }
        }
        self.topology_changed(done);
    }

    pub(crate) fn heal(&mut self) {
        self.network.heal();
        let healed = self.note(WORLD, None, || Fact::Heal);
        self.topology_changed(healed);
        self.nudge(healed);
    }

    pub(crate) fn rule(&mut self, rule: &scenario::Rule) {
        let end = |party: Party| match party {
            Party::Any => Side::Any,
            Party::One(machine) => Side::These(alloc::vec![self.id(machine)]),
        };
        let (from, to) = (end(rule.from), end(rule.to));
        let action = match rule.kind {
            RuleKind::Drop => Action::Drop,
            RuleKind::Delay => Action::Delay(rule.by),
            RuleKind::Duplicate => Action::Duplicate(rule.by),
            RuleKind::Reorder => Action::Reorder(rule.by),
        };
        let rule = sim::Rule { from, to, action, ppm: rule.ppm, times: rule.times };
        self.note(WORLD, None, || Fact::Rule(Rc::new(rule.clone())));
        self.network.rule(rule);
    }

    /// Set how far a machine's clock is from true time.
    pub(crate) fn set_clock(&mut self, machine: Machine, offset: i64) {
        let id = self.id(machine);
        let nodes = self.nodes.len();
        let clock = match self.nodes.get_mut(id.index()) {
            Some(server) => &mut server.clock,
            None => match self.clients.get_mut(id.index() - nodes) {
                Some(desk) => &mut desk.clock,
                None => return,
            },
        };
        clock.offset = offset;
        self.note(id, None, || Fact::Clock { offset });
    }

    /// As `nodetool`, on one node or on each. A dead or frozen node hears nothing.
    pub(crate) fn order(&mut self, node: Option<Node>, order: Order) {
        let ids: Vec<Id> = match node {
            Some(node) => alloc::vec![Id(node.0)],
            None => (0..self.nodes.len() as u16).map(Id).collect(),
        };
        for id in ids {
            if self.health(id) == Health::Running {
                let work = match order {
                    Order::Flush => trace::Work::Flush,
                    Order::Compact => trace::Work::Compact,
                    Order::Repair => trace::Work::Repair,
                };
                let told = self.note(id, None, || Fact::Order { work });
                self.step_node(id, Input::Order(order), told);
            }
        }
    }
}
