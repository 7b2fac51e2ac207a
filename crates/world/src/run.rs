//! The loop: take what is due next, hand it over, perform what comes of it.

use crate::machines::{Due, Health, Landing, Parcel};
use crate::tell;
use crate::world::{Error, World};
use alloc::rc::Rc;
use alloc::string::String;
use cluster::{Input, Outbound};
use cql::{Request, Response};
use sim::{Chance, Ctx, Effect, Id, Loss, Machine, Span, Time, Verdict};
use trace::{EventId, Fact};

/// Who asks from outside: no machine of this world.
pub(crate) const OUTSIDE: Id = Id(u16::MAX - 1);

impl World {
    /// Hand a request straight to n1, as a connection without a driver would, and wait for the answer. For whoever brings
    /// drivers of their own.
    ///
    /// # Errors
    /// The limits of the run.
    pub fn ask(&mut self, request: Rc<Request>) -> Result<Rc<Response>, Error> {
        self.replies.clear();
        self.step_node(Id(0), Input::Request { from: OUTSIDE, stream: 0, request }, None);
        self.run_until(|world| !world.replies.is_empty())?;
        self.replies.pop().map(|(_, response)| response).ok_or(Error::Never)
    }

    /// A request from outside reaches a node now. Its answer will be among [`World::replies`], under this number; a node that
    /// is dead answers nothing.
    pub fn deliver(&mut self, node: Id, stream: u32, request: Rc<Request>) {
        let parcel = Parcel::Request { stream, request };
        self.land(Landing { from: OUTSIDE, to: node, parcel, cause: None, expires: Time(u64::MAX) });
    }

    /// Let everything happen that is due by then. Time does not step back.
    ///
    /// # Errors
    /// The limits of the run.
    pub fn catch_up(&mut self, then: Time) -> Result<(), Error> {
        self.run_to(then.max(self.now))
    }

    /// When something will happen by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<Time> {
        self.queue.due()
    }

    /// Answers that nobody has taken yet, in the order they came.
    pub fn replies(&mut self) -> impl Iterator<Item = (u32, Rc<Response>)> {
        self.replies.drain(..)
    }

    /// What nodes warned of since somebody last asked, by the number of the request.
    pub fn warnings(&mut self) -> impl Iterator<Item = (u32, String)> {
        self.warnings.drain(..)
    }

    /// How many nodes there are.
    #[must_use]
    pub fn nodes(&self) -> u16 {
        u16::try_from(self.nodes.len()).unwrap_or(u16::MAX)
    }

    /// Whether a node believes another to be alive.
    #[must_use]
    pub fn believes_up(&self, observer: Id, subject: Id) -> bool {
        self.nodes.get(observer.index()).is_none_or(|server| server.node.believes_up(subject))
    }

    /// The schema as a node knows it; nothing of a node that is not there.
    #[must_use]
    pub fn schema(&self, node: Id) -> Option<&cql::Schema> {
        self.nodes.get(node.index()).map(|server| &server.node.catalog().schema)
    }

    /// Whether a node's process is there: one that is frozen is.
    #[must_use]
    pub fn runs(&self, node: Id) -> bool {
        self.health(node) != Health::Dead
    }

    /// Go on until `done`, or until nothing can bring it about.
    pub(crate) fn run_until(&mut self, mut done: impl FnMut(&World) -> bool) -> Result<(), Error> {
        loop {
            if done(self) {
                return Ok(());
            }
            if !self.tick(Time(self.limits.time.0))? {
                return Err(if self.queue.is_empty() { Error::Never } else { Error::Time(self.limits.time) });
            }
        }
    }

    /// Let everything happen that is due by then, and be there.
    pub(crate) fn run_to(&mut self, then: Time) -> Result<(), Error> {
        if then.0 > self.limits.time.0 {
            return Err(Error::Time(self.limits.time));
        }
        while self.tick(then)? {}
        self.now = self.now.max(then);
        Ok(())
    }

    /// The next thing that is due by `last` happens. False when nothing is.
    fn tick(&mut self, last: Time) -> Result<bool, Error> {
        if self.queue.due().is_none_or(|due| due > last) {
            return Ok(false);
        }
        let Some((at, due)) = self.queue.pop() else { return Ok(false) };
        self.now = self.now.max(at);
        self.events += 1;
        if self.events > self.limits.events || self.full {
            return Err(Error::Events(self.limits.events));
        }
        self.happen(due);
        self.take_other_luck();
        Ok(true)
    }

    /// Other luck from here on, once its event has come.
    pub(crate) fn take_other_luck(&mut self) {
        let Some((_, seed)) = self.reseed.filter(|(after, _)| *after <= self.events) else { return };
        self.reseed = None;
        let nodes = self.nodes.iter_mut().map(|server| &mut server.luck);
        let all = nodes.chain(self.clients.iter_mut().map(|desk| &mut desk.luck));
        for (stream, luck) in (0_u64..).zip(all) {
            *luck = Chance::new(seed, stream);
        }
        self.network.reseed(seed);
        self.reseeded = self.now;
    }

    /// One thing happens.
    pub(crate) fn happen(&mut self, due: Due) {
        match due {
            Due::Land(landing) => self.land(landing),
            Due::NodeTimer { id, life, timer, cause } => {
                let Some(server) = self.nodes.get_mut(id.index()) else { return };
                match server.health {
                    _ if server.life != life => {}
                    Health::Dead => {}
                    Health::Paused => server.parked.push_back(Due::NodeTimer { id, life, timer, cause }),
                    Health::Running => self.step_node(id, Input::Timer(timer), cause),
                }
            }
            Due::ClientTimer { id, timer, cause } => self.step_client(id, driver::Input::Timer(timer), cause),
            Due::Belief { observer, subject, seq, up, cause } => self.belief(observer, subject, seq, up, cause),
        }
    }

    fn land(&mut self, landing: Landing) {
        let Landing { from, to, cause, expires, .. } = landing;
        let Some(server) = self.nodes.get_mut(to.index()) else {
            let received = self.note(to, cause, || Fact::Receive { from });
            if let Parcel::Reply { stream, response } = landing.parcel {
                self.step_client(to, driver::Input::Response { stream, response }, received);
            }
            return;
        };
        match server.health {
            Health::Dead => {
                self.note(to, cause, || Fact::Lost { from, why: trace::Loss::Down });
            }
            Health::Paused => server.parked.push_back(Due::Land(landing)),
            Health::Running if self.now > expires => {
                self.note(to, cause, || Fact::Lost { from, why: trace::Loss::Expired });
            }
            Health::Running => {
                let received = self.note(to, cause, || Fact::Receive { from });
                let input = match landing.parcel {
                    Parcel::Request { stream, request } => Input::Request { from, stream, request },
                    Parcel::Peer(message) => Input::Message { from, message },
                    Parcel::Reply { .. } => return,
                };
                self.step_node(to, input, received);
            }
        }
    }

    /// Step a node and perform what it wants.
    pub(crate) fn step_node(&mut self, id: Id, input: Input, cause: Option<EventId>) {
        let noting = self.trace.is_some();
        let Some(server) = self.nodes.get_mut(id.index()) else { return };
        let mut effects = core::mem::take(&mut self.node_effects);
        let own = server.clock.read(self.now);
        server.node.step(input, &mut Ctx::new(own, self.now, &mut server.luck, noting, &mut effects));
        let outside = server.node.take_warnings().filter(|(to, ..)| *to == OUTSIDE);
        self.warnings.extend(outside.map(|(_, stream, text)| (stream, text)));
        let life = server.life;
        let mut cause = cause;
        for effect in effects.drain(..) {
            match effect {
                Effect::Note(fact) => {
                    let leads = tell::leads(&fact);
                    let noted = self.note(id, cause, || fact);
                    if leads {
                        cause = noted;
                    }
                }
                Effect::Wake(span, timer) => {
                    self.queue.push(self.now + span, Due::NodeTimer { id, life, timer, cause });
                }
                Effect::Remember(kept) => kept.set(cause.map(|cause| cause.0)),
                Effect::Recall(kept) => cause = kept.get().map(EventId),
                Effect::Send(to, Outbound::Peer(message)) => self.send(id, to, Parcel::Peer(message), cause),
                Effect::Send(OUTSIDE, Outbound::Reply { stream, response }) => self.replies.push((stream, response)),
                Effect::Send(to, Outbound::Reply { stream, response }) => {
                    self.send(id, to, Parcel::Reply { stream, response }, cause);
                }
            }
        }
        self.node_effects = effects;
    }

    /// Step a client's driver and perform what it wants.
    pub(crate) fn step_client(&mut self, id: Id, input: driver::Input, cause: Option<EventId>) {
        let Some(desk) = self.clients.get_mut(id.index() - self.nodes.len()) else { return };
        let mut effects = core::mem::take(&mut self.client_effects);
        let own = desk.clock.read(self.now);
        // A driver's facts are always wanted: its answers are how a statement ends.
        desk.driver.step(input, &mut Ctx::new(own, self.now, &mut desk.luck, true, &mut effects));
        let mut cause = cause;
        for effect in effects.drain(..) {
            match effect {
                Effect::Note(driver::Fact::Stamp(timestamp)) => {
                    let source = trace::Source::Client;
                    cause = self.note(id, cause, || Fact::Stamp { timestamp, source });
                }
                Effect::Note(driver::Fact::Answered(answered)) => {
                    let (step, response) = (answered.number, answered.response);
                    self.note(id, cause, || Fact::Answer { step, outcome: tell::outcome(&response) });
                    self.answers.insert(step, response);
                }
                Effect::Wake(span, timer) => {
                    self.queue.push(self.now + span, Due::ClientTimer { id, timer, cause });
                }
                Effect::Remember(kept) => kept.set(cause.map(|cause| cause.0)),
                Effect::Recall(kept) => cause = kept.get().map(EventId),
                Effect::Send(to, (stream, request)) => self.send(id, to, Parcel::Request { stream, request }, cause),
            }
        }
        self.client_effects = effects;
    }

    /// Give a message to the network.
    fn send(&mut self, from: Id, to: Id, parcel: Parcel, cause: Option<EventId>) {
        let sent = self.note(from, cause, || Fact::Send { to, message: tell::message(&parcel) });
        let worth = match &parcel {
            Parcel::Peer(message) => message.worth(&cluster::Timeouts::default()),
            Parcel::Request { .. } | Parcel::Reply { .. } => None,
        };
        let expires = worth.map_or(Time(u64::MAX), |span| self.now + span);
        let first = self.nodes.len();
        let luck = match self.nodes.get_mut(from.index()) {
            Some(server) => &mut server.luck,
            None => match self.clients.get_mut(from.index() - first) {
                Some(desk) => &mut desk.luck,
                None => return,
            },
        };
        let verdict = self.network.verdict(self.now, from, to, luck);
        let named = sent.filter(|_| !self.swaps.is_empty()).and_then(|sent| self.swaps.sent(sent));
        let landing = Landing { from, to, parcel, cause: sent, expires };
        let ticket = match verdict {
            Verdict::Deliver { at, late } => {
                if late > Span::ZERO {
                    self.note(from, sent, || Fact::Delayed { to, by: late });
                }
                self.queue.push(at, Due::Land(landing))
            }
            Verdict::Twice { at, again } => {
                self.note(from, sent, || Fact::Duplicated { to });
                let ticket = self.queue.push(at, Due::Land(landing.clone()));
                self.queue.push(again, Due::Land(landing));
                ticket
            }
            Verdict::Lost(why) => {
                let why = match why {
                    Loss::Rule => trace::Loss::Dropped,
                    Loss::Cut => trace::Loss::Cut,
                };
                self.note(to, sent, || Fact::Lost { from, why });
                None
            }
        };
        if let (Some(name), Some(ticket)) = (named, ticket) {
            self.swaps.waits(name, ticket, &mut self.queue);
        }
    }

    /// Record a fact about a machine, or about the world. `None` when nothing is recorded, or no room is left: then the next
    /// tick ends the run at its limit.
    pub(crate) fn note(&mut self, who: Id, cause: Option<EventId>, fact: impl FnOnce() -> Fact) -> Option<EventId> {
        let trace = self.trace.as_mut()?;
        let clock = match self.nodes.get(who.index()) {
            Some(server) => Some(&server.clock),
            None => self.clients.get(who.index() - self.nodes.len()).map(|desk| &desk.clock),
        };
        let own = clock.map_or(self.epoch.saturating_add(self.now.0 as i64), |clock| clock.read(self.now));
        let fact = fact();
        let noted = trace.note(self.now, own, who, cause, &fact).ok();
        if let Some(event) = noted.filter(|_| !self.swaps.is_empty()) {
            let begins = if let Fact::Submit { step, .. } = &fact { Some(*step) } else { None };
            self.swaps.noted(event, cause, begins);
        }
        self.full |= noted.is_none();
        noted
    }
}
