//! One client: what it does with each statement.

use crate::profile::{Profile, Retry, Stamps};
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;
use cql::{ClientError, Consistency, Error, PagingState, Params, Request, Response, Rows, Value, WriteType};
use sim::{Ctx, Deadlines, Id, Machine};

/// What reaches a driver.
#[derive(Clone, Debug)]
pub enum Input {
    /// The application says a statement.
    Submit(Submit),
    /// A coordinator answers.
    Response {
        /// The driver's number for the request.
        stream: u32,
        /// The answer.
        response: Rc<Response>,
    },
    /// A timer it set.
    Timer(Timer),
    /// A connection broke: its node died.
    Lost(Id),
    /// A node can be connected to again.
    Found(Id),
}

/// A statement of the application.
#[derive(Clone, Debug)]
pub struct Submit {
    /// The scenario's number for it.
    pub number: u32,
    /// CQL without `;`.
    pub text: Rc<str>,
    /// Values for its bind markers.
    pub values: Vec<Value>,
    /// `CONSISTENCY`, where it was set.
    pub consistency: Option<Consistency>,
    /// `SERIAL CONSISTENCY`, where it was set.
    pub serial: Option<Consistency>,
    /// `PAGING`, where it was set; 0 asks for everything at once.
    pub page: Option<u32>,
}

/// Why a driver wakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// The oldest request may have waited long enough.
    Timeout,
}

/// What a driver tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// It dates a write: microseconds since the Unix epoch.
    Stamp(i64),
    /// The application has its answer.
    Answered(Answered),
}

/// What came of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The scenario's number for it.
    pub number: u32,
    /// All pages in one.
    pub response: Rc<Response>,
}

/// A statement on its way.
#[derive(Clone, Debug)]
struct Pending {
    submit: Submit,
    timestamp: Option<i64>,
    node: Id,
    tried: u32,
    pages: Option<Rows>,
}

/// A client and its driver.
#[derive(Clone, Debug)]
pub struct Driver {
    profile: Profile,
    /// Coordinators, the preferred one first.
    nodes: Vec<Id>,
    /// Those whose connection is broken.
    broken: Vec<Id>,
    keyspace: Option<Rc<str>>,
    last_stamp: i64,
    pending: BTreeMap<u32, Pending>,
    deadlines: Deadlines,
    next_stream: u32,
}

type Cx<'a> = Ctx<'a, (u32, Rc<Request>), Timer, Fact>;

impl Driver {
    /// A driver that knows these nodes and asks the first of them that is there.
    #[must_use]
    pub fn new(profile: Profile, nodes: Vec<Id>, keyspace: Option<Rc<str>>) -> Driver {
        Driver {
            deadlines: Deadlines::new(profile.timeout),
            profile,
            nodes,
            broken: Vec::new(),
            keyspace,
            last_stamp: i64::MIN,
            pending: BTreeMap::new(),
            next_stream: 0,
        }
    }

    /// Whether any statement waits for its answer.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.pending.is_empty()
    }

    /// The statements that wait for their answers, by the scenario's numbers.
    pub fn waiting(&self) -> impl Iterator<Item = u32> {
        self.pending.values().map(|pending| pending.submit.number)
    }

    /// The keyspace of unqualified names.
    #[must_use]
    pub fn keyspace(&self) -> Option<&Rc<str>> {
        self.keyspace.as_ref()
    }

    /// Work in this keyspace from now on.
    pub fn set_keyspace(&mut self, keyspace: Option<Rc<str>>) {
        self.keyspace = keyspace;
    }

    fn stamp(&mut self, now: i64) -> Option<i64> {
        match self.profile.stamps {
            Stamps::Server => None,
            Stamps::Client { resolution_us, monotonic } => {
                let cut = now.saturating_sub(now.rem_euclid(i64::from(resolution_us.max(1))));
                self.last_stamp = if monotonic { cut.max(self.last_stamp.saturating_add(1)) } else { cut };
                Some(self.last_stamp)
            }
        }
    }

    fn coordinator(&self) -> Option<Id> {
        self.nodes.iter().copied().find(|id| !self.broken.contains(id))
    }

    fn submit(&mut self, cx: &mut Cx<'_>, submit: Submit) {
        // Drivers date reads too; it shows nowhere, so only what writes is told.
        let timestamp = self.stamp(cx.now);
        if let (Some(stamp), true) = (timestamp, writes(&submit.text)) {
            cx.note(|| Fact::Stamp(stamp));
        }
        let Some(node) = self.coordinator() else {
            return self.answer(cx, submit.number, Rc::new(Response::Error(Error::Client(ClientError::NoHost))));
        };
        let stream = self.next_stream;
        self.next_stream = self.next_stream.wrapping_add(1);
        let pending = Pending { submit, timestamp, node, tried: 0, pages: None };
        self.send(cx, stream, &pending, None);
        self.pending.insert(stream, pending);
        if let Some(span) = self.deadlines.begin(cx.elapsed, u64::from(stream), cx.remember()) {
            cx.wake(span, Timer::Timeout);
        }
    }

    fn send(&self, cx: &mut Cx<'_>, stream: u32, pending: &Pending, paging_state: Option<PagingState>) {
        let page = pending.submit.page.unwrap_or(self.profile.page_size);
        let params = Params {
            consistency: pending.submit.consistency.unwrap_or(self.profile.consistency),
            serial_consistency: pending.submit.serial,
            values: pending.submit.values.clone(),
            names: None,
            timestamp: pending.timestamp,
            page_size: (page > 0).then_some(page),
            paging_state,
            keyspace: self.keyspace.clone(),
        };
        cx.send(pending.node, (stream, Rc::new(Request::Query { text: pending.submit.text.clone(), params })));
    }

    fn answer(&mut self, cx: &mut Cx<'_>, number: u32, response: Rc<Response>) {
        if let Response::SetKeyspace(name) = &*response {
            self.keyspace = Some(name.clone());
        }
        cx.note(|| Fact::Answered(Answered { number, response }));
    }

    fn response(&mut self, cx: &mut Cx<'_>, stream: u32, response: Rc<Response>) {
        let Some(mut pending) = self.pending.remove(&stream) else { return };
        match &*response {
            Response::Rows(rows, more) if more.is_some() || pending.pages.is_some() => {
                let pages =
                    pending.pages.get_or_insert_with(|| Rows { columns: rows.columns.clone(), rows: Vec::new() });
                pages.rows.extend(rows.rows.iter().cloned());
                if let Some(state) = more {
                    self.send(cx, stream, &pending, Some(state.clone()));
                    self.pending.insert(stream, pending);
                } else if let Some(pages) = pending.pages.take() {
                    self.answer(cx, pending.submit.number, Rc::new(Response::Rows(pages, None)));
                }
            }
            Response::Error(error) => match self.again(error, &pending) {
                Some(node) => {
                    pending.node = node;
                    pending.tried += 1;
                    pending.pages = None;
                    self.send(cx, stream, &pending, None);
                    self.pending.insert(stream, pending);
                }
                None => self.answer(cx, pending.submit.number, response),
            },
            _ => self.answer(cx, pending.submit.number, response),
        }
    }

    fn time_out(&mut self, cx: &mut Cx<'_>) {
        while let Some((stream, cause)) = self.deadlines.next_due(cx.elapsed) {
            if let Some(pending) = u32::try_from(stream).ok().and_then(|stream| self.pending.remove(&stream)) {
                cx.recall(&cause);
                let error = Response::Error(Error::Client(ClientError::Timeout));
                self.answer(cx, pending.submit.number, Rc::new(error));
            }
        }
        let pending = &self.pending;
        let lives = |stream| u32::try_from(stream).is_ok_and(|stream| pending.contains_key(&stream));
        if let Some(span) = self.deadlines.rearm(cx.elapsed, lives) {
            cx.wake(span, Timer::Timeout);
        }
    }

    /// Where to try again, if the profile does that for this error.
    fn again(&self, error: &Error, pending: &Pending) -> Option<Id> {
        if self.profile.retry == Retry::None || pending.tried > 0 {
            return None;
        }
        match error {
            Error::ReadTimeout { received, required, data, .. } if received >= required && !data => Some(pending.node),
            Error::WriteTimeout { write_type: WriteType::BatchLog, .. } => Some(pending.node),
            Error::Unavailable { .. } => {
                self.nodes.iter().copied().find(|id| *id != pending.node && !self.broken.contains(id))
            }
            _ => None,
        }
    }
}

impl Machine for Driver {
    type Input = Input;
    type Message = (u32, Rc<Request>);
    type Timer = Timer;
    type Fact = Fact;

    fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        match input {
            Input::Submit(submit) => self.submit(cx, submit),
            Input::Response { stream, response } => self.response(cx, stream, response),
            Input::Timer(Timer::Timeout) => self.time_out(cx),
            Input::Lost(node) => {
                if !self.broken.contains(&node) {
                    self.broken.push(node);
                }
                // What was on its way to a node that died: nobody knows whether it was done, so nobody repeats it.
                let lost: Vec<u32> = self.pending.iter().filter(|(_, p)| p.node == node).map(|(s, _)| *s).collect();
                for stream in lost {
                    if let Some(pending) = self.pending.remove(&stream) {
                        let error = Response::Error(Error::Client(ClientError::NoHost));
                        self.answer(cx, pending.submit.number, Rc::new(error));
                    }
                }
            }
            Input::Found(node) => self.broken.retain(|id| *id != node),
        }
    }
}

/// Whether a statement writes, told from its first word: only such a one has a date worth telling.
fn writes(text: &str) -> bool {
    let word = text.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    ["INSERT", "UPDATE", "DELETE", "BEGIN"].iter().any(|w| w.eq_ignore_ascii_case(word))
}
