//! The model, as something a scenario runs on.

use crate::machines::Health;
use crate::outcome::outcome;
use crate::world::{Error, World};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cluster::Order;
use scenario::{Act, Backend, Client, Condition, Need, Node, Outcome, Progress, Setup, Statement, Step};
use sim::Id;
use storage::order;
use trace::Fact;

impl Backend for World {
    fn can(&self, need: Need) -> bool {
        match need {
            Need::Model | Need::Clock | Need::Faults | Need::Root | Need::Time => true,
        }
    }

    async fn open(&mut self, setup: &Setup) -> Result<(), String> {
        let (limits, reseed) = (self.limits, self.reseed);
        *self = World::new(setup, self.trace.is_some());
        (self.limits, self.reseed) = (limits, reseed);
        self.take_other_luck();
        Ok(())
    }

    async fn perform(&mut self, step: &Step) -> Outcome {
        let outcome = self.act(&step.act).unwrap_or_else(|error| Outcome::Stuck(error.to_string()));
        self.done += 1;
        outcome
    }

    async fn close(&mut self) -> Result<(), String> {
        self.swaps.undone().map_or(Ok(()), |error| Err(error.to_string()))
    }

    fn account(&mut self) -> Vec<String> {
        self.account_since()
    }

    fn progress(&self) -> Progress {
        Progress { events: self.events, now: self.now, done: self.done, steps: 0 }
    }
}

impl World {
    fn act(&mut self, act: &Act) -> Result<Outcome, Error> {
        match act {
            Act::Cql(statement) => return self.say(statement),
            Act::Shell(asked) => {
                return Ok(if asked.lines.is_empty() { Outcome::Done } else { Outcome::Text(asked.lines.clone()) });
            }
            Act::Advance(by) => {
                let by = *by;
                self.note(trace::WORLD, None, || Fact::Advance { by });
                self.run_to(self.now + by)?;
            }
            Act::Until(condition) => self.run_until(|world| world.holds(*condition))?,
            Act::Kill(node) => self.kill(*node, false),
            Act::Start(node) => self.start(*node),
            Act::Power(node) => self.kill(*node, true),
            Act::Pause(node) => self.pause(*node),
            Act::Resume(node) => self.resume(*node),
            Act::Partition(cut) => self.cut(cut),
            Act::Heal => self.heal(),
            Act::Rule(rule) => self.rule(rule),
            Act::Clock(machine, offset) => self.set_clock(*machine, *offset),
            Act::Flush(node) => self.order(*node, Order::Flush),
            Act::Compact(node) => self.order(*node, Order::Compact),
            Act::Repair(node) => self.order(*node, Order::Repair),
            Act::Await(client) => return self.settle(*client),
        }
        Ok(Outcome::Done)
    }

    fn say(&mut self, statement: &Statement) -> Result<Outcome, Error> {
        let id = self.id(scenario::Machine::Client(statement.client));
        let (number, text) = (statement.number, statement.text.clone());
        let submitted = self.note(id, None, || Fact::Submit { step: number, text: text.clone() });
        let submit = driver::Submit {
            number,
            text,
            values: Vec::new(),
            consistency: statement.settings.consistency,
            serial: statement.settings.serial,
            page: statement.settings.page,
        };
        self.step_client(id, driver::Input::Submit(submit), submitted);
        if !statement.waits {
            return Ok(Outcome::Later);
        }
        self.run_until(|world| world.answers.contains_key(&number))?;
        Ok(self.answers.remove(&number).map_or(Outcome::Done, |response| outcome(&response)))
    }

    /// Wait for the answers of one client, or of all, that were not waited for.
    fn settle(&mut self, client: Option<Client>) -> Result<Outcome, Error> {
        let first = self.nodes.len();
        let meant = |at: usize| client.is_none_or(|client| usize::from(client.0) == at);
        let desks = |world: &World| -> Vec<u32> {
            let desks = world.clients.iter().enumerate().filter(|(at, _)| meant(*at));
            desks.flat_map(|(_, desk)| desk.driver.waiting().collect::<Vec<_>>()).collect()
        };
        debug_assert!(first > 0 || self.nodes.is_empty());
        let mut numbers = desks(self);
        // Those that were answered before anybody asked are settled too.
        numbers.extend(self.answers.keys().copied());
        order::sort_dedup(&mut numbers);
        self.run_until(|world| desks(world).is_empty())?;
        let settled = numbers
            .into_iter()
            .filter_map(|number| self.answers.remove(&number).map(|response| (number, outcome(&response))));
        Ok(Outcome::Settled(settled.collect()))
    }

    fn holds(&self, condition: Condition) -> bool {
        let running = || self.nodes.iter().filter(|server| server.health == Health::Running);
        match condition {
            Condition::SeenDown(Node(n)) => {
                running().all(|server| server.node.id() == Id(n) || !server.node.believes_up(Id(n)))
            }
            Condition::SeenUp(Node(n)) => {
                running().all(|server| server.node.id() == Id(n) || server.node.believes_up(Id(n)))
            }
            Condition::Hints => {
                let runs = |id: Id| self.health(id) == Health::Running;
                running().all(|server| server.node.hints_for(runs) == 0)
            }
            Condition::Repaired => running().all(|server| !server.node.repairing()),
            Condition::Quiet => self.queue.is_empty(),
        }
    }
}
