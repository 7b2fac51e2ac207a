//! A trace, read: the only room of the page that knows what a trace is made of. It folds pictures out of it and decides nothing.

mod difference;
mod ledger;
mod log;
mod machines;
mod opening;
mod replicas;
mod ring;
mod stage;
mod why;

pub use opening::Opening;

use crate::{
    axis::moment,
    panes::log::Entry,
    reading::Reading,
    scene::{Difference, Ledger, Link, Replicas, Scrub, Stage, Verdict},
    state::{Filter, Kept},
};
use scenario::{CqlNames, told::Decided};
use std::{cell::OnceCell, fmt, ops::Range, rc::Rc};
use trace::{EventId, Index, Kind, Log, PartitionNo, Place, Received, Words};

/// More ticks than this are not drawn: only the anomalies are.
const TICKS_MAX: u32 = 400;
/// Most partitions that can be chosen by hand.
const PLACES_MAX: usize = 64;

/// A run's trace and what is found in it once.
pub struct Tale {
    received: Received,
    submits: Vec<u32>,
    anomalies: Vec<u32>,
    ending: Option<trace::Verdict>,
    /// The question, and the sentences that answer it.
    why: (String, Rc<Vec<Link>>),
    /// What became of each write, once somebody has asked.
    ledger: OnceCell<Rc<Ledger>>,
    /// What the replicas held when they were last looked at: ring and table both ask.
    held: Kept<(u32, Option<usize>), Rc<Replicas>>,
    /// The partition that the verdict speaks of, a place in `places`.
    home: Option<usize>,
    world: Vec<u32>,
    opening: u32,
    index: Index,
    names: CqlNames,
    /// Partitions that were written, in the order in which they were first met.
    places: Vec<(PartitionNo, Place)>,
}

impl fmt::Debug for Tale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tale of {} events", self.len())
    }
}

impl Tale {
    /// A trace with its index; nobody has looked through it yet.
    fn new(received: Received, index: Index) -> Self {
        let (names, places) = {
            let log = received.log();
            let numbers = (0..index.partitions()).map(PartitionNo);
            let keyed = numbers.filter_map(|no| {
                index.partition(&log, no).ok().filter(|place| place.key.is_some()).map(|place| (no, place))
            });
            (CqlNames::new(&index.dictionary()), keyed.take(PLACES_MAX).collect())
        };
        Self {
            received,
            submits: Vec::new(),
            anomalies: Vec::new(),
            ending: None,
            why: (String::new(), Rc::default()),
            ledger: OnceCell::new(),
            held: Kept::default(),
            home: None,
            world: Vec::new(),
            opening: 0,
            index,
            names,
            places,
        }
    }

    /// What is found once, when the trace arrives: what the world did, statements, anomalies.
    fn look_through(&mut self) {
        let log = self.received.log();
        let of_the_world = |at: &u32| {
            let kind = log.kind(EventId(*at));
            let machines = matches!(kind, Some(Kind::Kill | Kind::Power | Kind::Start | Kind::Pause | Kind::Resume));
            machines || matches!(kind, Some(Kind::Cut | Kind::Heal | Kind::Clock))
        };
        let world = (0..log.len() as u32).filter(of_the_world).collect();
        let story = self.index.story();
        let submits = story.statements.iter().map(|statement| statement.submit.0).collect();
        let anomalies = story.anomalies.iter().map(|anomaly| anomaly.event.0).collect();
        (self.world, self.submits, self.anomalies) = (world, submits, anomalies);
        self.anomalies.dedup();
    }

    /// How it ended, and why.
    fn judge(&mut self) {
        self.ending = why::ending(self);
    }

    /// What the judgement speaks of, in words.
    fn tell(&mut self) {
        self.home = why::partition(self).and_then(|no| self.places.iter().position(|(place, _)| *place == no));
        let (title, chain) = why::chain(self);
        self.why = (title, Rc::new(chain));
    }

    /// The event that is shown first: the last, where everything has been said; or what the scenario asks for.
    fn first_shown(&self, reading: &Reading) -> u32 {
        let last = self.len().saturating_sub(1);
        reading.at.and_then(|at| u32::try_from(at).ok()).map_or(last, |at| at.saturating_sub(1).min(last))
    }

    fn log(&self) -> Log<'_> {
        self.received.log()
    }

    /// How many events there are.
    pub fn len(&self) -> u32 {
        self.log().len() as u32
    }

    /// Nothing happened.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The event to begin with.
    pub fn opening(&self) -> u32 {
        self.opening
    }

    /// Events in which a client takes up a statement.
    pub fn submits(&self) -> &[u32] {
        &self.submits
    }

    /// Events that a reader would not expect.
    pub fn anomalies(&self) -> &[u32] {
        &self.anomalies
    }

    /// What caused an event.
    pub fn cause(&self, event: u32) -> Option<u32> {
        self.log().cause(EventId(event)).map(|cause| cause.0)
    }

    /// The statement that an event stems from, counted from 0 through the scenario.
    pub fn statement(&self, event: u32) -> Option<usize> {
        let story = self.index.story();
        let statement = story.statements.get(story.statement_of(EventId(event))?)?;
        (statement.step as usize).checked_sub(1)
    }

    /// The scrubber at this event; from when on it is decided, if that is known.
    pub fn scrub(&self, event: u32, decided: Option<Decided>) -> Scrub {
        let (log, words) = (self.log(), self.words());
        let of = self.len();
        let at = |event: u32| (event, log.at(EventId(event)).map_or(0, |time| time.0));
        Scrub {
            event,
            of,
            ticks: if of <= TICKS_MAX { (0..of).map(at).collect() } else { Vec::new() },
            decided: decided.filter(|decided| decided.at < u64::MAX).and_then(|decided| {
                let first = (0..of).find(|event| log.at(EventId(*event)).is_some_and(|time| time.0 >= decided.at))?;
                Some((first, log.at(EventId(first))?.0, decided.of))
            }),
            warns: self.anomalies.iter().map(|event| at(*event)).collect(),
            line: format!(
                "{} {}",
                log.who(EventId(event)).map_or("", |who| words.machine(who)),
                words.line(EventId(event))
            ),
        }
    }

    /// The words of this trace. Its tables are known: to look for them would be to look at every event.
    fn words(&self) -> Words<'_> {
        Words::with(self.log(), &self.names, self.index.dictionary())
    }

    /// What happened around this event.
    pub fn stage(&self, event: u32, marks: usize) -> Stage {
        stage::fold(self, event, marks)
    }

    /// The same, beside another run: what only one of them has is told apart.
    pub fn stage_beside(&self, event: u32, marks: usize, other: &Tale) -> Stage {
        let mut stage = self.stage(event, marks);
        difference::beside(&mut stage, other, marks);
        stage
    }

    /// What differs from another run, from the first event on that only one of them has.
    pub fn difference(&self, other: &Tale) -> Difference {
        difference::between(self, other)
    }

    /// Messages in flight at this event: the statement and which of its messages, who sent it, and to whom.
    pub fn flying(&self, event: u32) -> Vec<((u32, u32), String, String)> {
        stage::flying(self, event)
    }

    /// The lines of the log that are in view, and how many the filter leaves.
    pub fn entries(&self, filter: Filter, found: Option<&[u32]>, scroll: (i32, i32)) -> (Vec<Entry>, u32) {
        log::entries(self, filter, found, scroll)
    }

    /// Of these events the ones in whose lines these words are, which are in small letters.
    pub fn told(&self, words: &str, events: Range<u32>) -> Vec<u32> {
        log::told(self, words, events)
    }

    /// What became of each write.
    pub fn ledger(&self) -> Rc<Ledger> {
        self.ledger.get_or_init(|| Rc::new(ledger::fold(self))).clone()
    }

    /// The same, if somebody has asked before: it is work.
    pub fn ledger_known(&self) -> Option<Rc<Ledger>> {
        self.ledger.get().cloned()
    }

    /// What the statement at an event carries.
    pub fn carries(&self, event: u32) -> crate::scene::Carries {
        stage::statement(self, event)
    }

    /// What each replica holds at this event.
    pub fn replicas(&self, event: u32, place: Option<usize>) -> Rc<Replicas> {
        self.held.of((event, place), |_| Rc::new(replicas::fold(self, event, place)))
    }

    /// Why: the question, and the sentences that answer it.
    pub fn chain(&self) -> (String, Rc<Vec<Link>>) {
        (self.why.0.clone(), self.why.1.clone())
    }

    /// The answer.
    pub fn verdict(&self) -> Verdict {
        why::told(self)
    }

    /// The statement that the answer speaks of, if it was refused: counted from 0 through the scenario.
    pub fn refused(&self) -> Option<usize> {
        match &self.ending {
            Some(trace::Verdict::Refused { step, .. }) => (*step as usize).checked_sub(1),
            _ => None,
        }
    }

    /// What is odd about an event, if anything is.
    pub fn odd(&self, event: u32) -> Option<String> {
        let at = self.anomalies.binary_search(&event).ok()?;
        let odd = self.index.story().anomalies.get(at)?;
        Some(self.words().anomaly(odd.kind).to_string())
    }

    /// The true time of an event in words.
    pub fn time(&self, event: u32) -> String {
        self.log().at(EventId(event)).map_or_else(String::new, |time| moment(time.0))
    }
}
