//! A trace, read: the only room of the page that knows what a trace is made of. It folds pictures out of it and decides nothing.

mod log;
mod replicas;
mod stage;

use crate::{
    axis::moment,
    panes::log::Entry,
    reading::{Reading, read},
    scene::{Replicas, Scrub, Stage},
    state::{Filter, Ran},
    wire,
};
use scenario::CqlNames;
use std::{fmt, rc::Rc};
use trace::{Dictionary, EventId, Index, Kind, Log, PartitionNo, Place, Received, Words};

/// More ticks than this are not drawn: only the anomalies are.
const TICKS_MAX: u32 = 400;
/// Most partitions that can be chosen by hand.
const PLACES_MAX: usize = 64;

/// A run's trace and what is found in it once.
pub struct Tale {
    received: Received,
    submits: Vec<u32>,
    anomalies: Vec<u32>,
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
    /// Takes in what the worker sent for this text.
    ///
    /// # Errors
    /// In words, when the bytes are no run.
    pub fn open(bytes: Rc<Vec<u8>>, text: &Rc<str>) -> Result<Ran, String> {
        let done = wire::Done::read(&bytes).ok_or("The worker sent something that is no run.")?;
        let received = Received::open(done.trace).map_err(|error| error.to_string())?;
        let (index, names, places) = {
            let log = received.log();
            let index = Index::build(&log).map_err(|error| error.to_string())?;
            let numbers = (0..index.partitions()).map(PartitionNo);
            let keyed = numbers.filter_map(|no| {
                index.partition(&log, no).ok().filter(|place| place.key.is_some()).map(|place| (no, place))
            });
            let places = keyed.take(PLACES_MAX).collect();
            (index, CqlNames::new(&Dictionary::of(&log)), places)
        };
        let mut tale = Self {
            received,
            submits: Vec::new(),
            anomalies: Vec::new(),
            world: Vec::new(),
            opening: 0,
            index,
            names,
            places,
        };
        tale.look_through();
        let blessed: Rc<str> = done.blessed.into();
        let reading = Rc::new(read(&blessed));
        tale.opening = tale.first_shown(&reading);
        Ok(Ran {
            text: text.clone(),
            was: Ran::standing(&read(text)),
            blessed,
            reading,
            tale,
            digest: done.digest.into(),
            stopped: done.stopped.into(),
            outcomes: done.outcomes,
        })
    }

    /// One pass over the kinds, when the trace arrives.
    fn look_through(&mut self) {
        let (mut submits, mut world) = (Vec::new(), Vec::new());
        let log = self.received.log();
        for at in 0..log.len() as u32 {
            match log.kind(EventId(at)) {
                Some(Kind::Submit) => submits.push(at),
                Some(
                    Kind::Kill
                    | Kind::Power
                    | Kind::Start
                    | Kind::Pause
                    | Kind::Resume
                    | Kind::Cut
                    | Kind::Heal
                    | Kind::Clock,
                ) => world.push(at),
                _ => {}
            }
        }
        (self.submits, self.world) = (submits, world);
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

    /// The step of the scenario that an event belongs to: the last one taken up before it.
    pub fn step(&self, event: u32) -> Option<usize> {
        let log = self.log();
        let submit = log.submit_of(EventId(event), 64)?;
        match log.fact(submit) {
            Ok(trace::Fact::Submit { step, .. }) => Some(step as usize),
            _ => None,
        }
    }

    /// The scrubber at this event.
    pub fn scrub(&self, event: u32) -> Scrub {
        let (log, words) = (self.log(), Words::new(self.log(), &self.names));
        let of = self.len();
        let at = |event: u32| (event, log.at(EventId(event)).map_or(0, |time| time.0));
        Scrub {
            event,
            of,
            ticks: if of <= TICKS_MAX { (0..of).map(at).collect() } else { Vec::new() },
            warns: self.anomalies.iter().map(|event| at(*event)).collect(),
            line: format!(
                "{} {}",
                log.who(EventId(event)).map_or("", |who| words.machine(who)),
                words.line(EventId(event))
            ),
        }
    }

    /// What happened around this event.
    pub fn stage(&self, event: u32, marks: usize) -> Stage {
        stage::fold(self, event, marks)
    }

    /// The lines of the log that are in view, and how many the filter leaves.
    pub fn entries(&self, filter: Filter, find: &str, scroll: (i32, i32)) -> (Vec<Entry>, u32) {
        log::entries(self, filter, find, scroll)
    }

    /// What the statement at an event carries.
    pub fn carries(&self, event: u32) -> crate::scene::Carries {
        stage::statement(self, event)
    }

    /// What each replica holds at this event.
    pub fn replicas(&self, event: u32, place: Option<usize>) -> Replicas {
        replicas::fold(self, event, place)
    }

    /// Why.
    pub fn chain(&self) -> (String, Rc<Vec<crate::scene::Link>>) {
        ("Why?".into(), Rc::default())
    }

    /// The answer.
    pub fn verdict(&self, _reading: &Reading) -> crate::scene::Verdict {
        crate::scene::Verdict {
            tone: crate::scene::Tone::Plain,
            strong: String::new(),
            rest: "Done.".into(),
            why: Vec::new(),
        }
    }

    /// The true time of an event in words.
    pub fn time(&self, event: u32) -> String {
        self.log().at(EventId(event)).map_or_else(String::new, |time| moment(time.0))
    }
}
