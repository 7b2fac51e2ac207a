//! Faults while real clients are connected: a line of `serve`'s input is a directive, as in a scenario.

use super::frame::answer;
use super::served::Served;
use cluster::Address;
use scenario::{Act, Backend, Step};
use sim::{Id, Time};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

impl Served {
    /// Do what a directive says, as `--@` or without. What is wrong with it otherwise.
    ///
    /// # Errors
    /// In words: no directive, or one that says nothing to a cluster that is served.
    pub fn direct(&mut self, line: &str) -> Result<(), String> {
        let line = line.trim().trim_start_matches("--@").trim_start();
        if line.is_empty() {
            return Ok(());
        }
        let head = format!("--@ cluster nodes={} rf=1\n", self.nodes());
        let (scenario, faults) = scenario::parse(&format!("{head}--@ {line}\n"));
        if let Some(fault) = faults.first() {
            let near =
                fault.nearest.as_ref().map_or_else(|| fault.known.clone(), |near| format!("did you mean {near}?"));
            return Err(format!("{}; {near}", fault.so));
        }
        let Some(step) = scenario.steps.first() else {
            return Err(format!(
                "{line} says nothing to a cluster that is served; kill, pause, partition and the like do"
            ));
        };
        match &step.act {
            Act::Advance(by) => self.advance(by.0),
            Act::Until(_) | Act::Await(_) => {
                return Err("the wall clock cannot be waited with; look, or advance".into());
            }
            _ => self.perform(step),
        }
        self.note(line);
        self.tick();
        self.hang_up();
        Ok(())
    }

    fn perform(&mut self, step: &Step) {
        // The model waits for nothing outside: it is ready when it is asked.
        let mut done = pin!(self.world.perform(step));
        let mut context = Context::from_waker(Waker::noop());
        while done.as_mut().poll(&mut context).is_pending() {}
    }

    /// So much time passes at once: from here on the cluster is ahead of the wall clock by that much more.
    fn advance(&mut self, by: u64) {
        let then = Time(self.world.now().0.saturating_add(by));
        // Nothing limits a served world.
        let _there = self.world.catch_up(then);
        self.shift = self.shift.saturating_add_unsigned(by);
    }

    /// A process that died has no connections.
    fn hang_up(&mut self) {
        let world = &self.world;
        for (session, wake) in self.sessions.values_mut().filter(|(session, _)| !world.runs(session.node)) {
            session.ended = true;
            wake.notify_one();
        }
    }

    /// Tell whoever registered for it what a node has come to believe of another.
    pub fn news(&mut self) {
        let nodes = self.nodes();
        for observer in (0..nodes).map(Id) {
            for subject in (0..nodes).map(Id).filter(|subject| *subject != observer) {
                let up = self.world.believes_up(observer, subject);
                let told = self.beliefs.entry((observer, subject)).or_insert(true);
                if *told != up {
                    *told = up;
                    self.tell_status(observer, subject, up);
                }
            }
        }
    }

    fn tell_status(&mut self, observer: Id, subject: Id, up: bool) {
        let port = self.port;
        let wanted = |session: &super::Session| session.node == observer && session.wants.status && !session.ended;
        for (session, wake) in self.sessions.values_mut().filter(|(session, _)| wanted(session)) {
            session.put(-1, answer::EVENT, |out| {
                out.string("STATUS_CHANGE");
                out.string(if up { "UP" } else { "DOWN" });
                let octets = Address(subject).octets();
                out.byte(octets.len() as u8);
                octets.into_iter().for_each(|octet| out.byte(octet));
                out.int(i32::from(port));
            });
            wake.notify_one();
        }
    }
}
