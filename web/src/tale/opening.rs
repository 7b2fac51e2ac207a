//! A run that has arrived, while it is read: bit by bit, so that the page is never blocked by a long one.

use super::Tale;
use crate::{
    reading::{Reading, read},
    state::Ran,
};
use scenario::wire::{Done, Heard, Said};
use std::{fmt, rc::Rc};
use trace::{Indexing, Received, Shared};

/// A run of no more events than this is read at once: it takes less than a blink.
const SHORT: usize = 1_000;

/// See the module's page.
pub struct Opening {
    heard: Heard,
    /// The text that was run, and what it says.
    text: Rc<str>,
    said: Rc<Reading>,
    short: bool,
    stage: Stage,
}

/// What is next.
enum Stage {
    Index(Received, Box<Indexing>),
    Look(Box<Tale>),
    Judge(Box<Tale>),
    Parse(Box<Tale>),
    Tell(Box<Tale>, Rc<str>, Rc<Reading>),
    /// To be drawn: that is work enough for the task that takes it.
    Read(Box<Ran>),
    Done,
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opening")
    }
}

impl Opening {
    /// Begins with what the worker sent for this text, which said this. The trace stays where it lies.
    ///
    /// # Errors
    /// In words, when the bytes are no run.
    pub fn new(bytes: &Shared, text: Rc<str>, said: Rc<Reading>) -> Result<Self, String> {
        let heard = Heard::open(bytes.clone()).map_err(|error| error.to_string())?;
        let received = Received::within(bytes.part(done(&heard)?.trace)).map_err(|error| error.to_string())?;
        let log = received.log();
        let (short, indexing) = (log.len() <= SHORT, Box::new(Indexing::new(&log)));
        Ok(Self { heard, text, said, short, stage: Stage::Index(received, indexing) })
    }

    /// Whether it is read in less than a blink.
    pub fn is_short(&self) -> bool {
        self.short
    }

    /// Reads on, for about so much work; the run, once all is read.
    ///
    /// # Errors
    /// In words, when the trace is damaged.
    pub fn step(&mut self, work: u32) -> Result<Option<Ran>, String> {
        loop {
            let ran = self.stage(work)?;
            if ran.is_some() || !self.short || matches!(self.stage, Stage::Read(_)) {
                return Ok(ran);
            }
        }
    }

    fn stage(&mut self, work: u32) -> Result<Option<Ran>, String> {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Index(received, mut indexing) => {
                let index = indexing.step(&received.log(), work).map_err(|error| error.to_string())?;
                match index {
                    Some(index) => Stage::Look(Box::new(Tale::new(received, index))),
                    None => Stage::Index(received, indexing),
                }
            }
            Stage::Look(mut tale) => {
                tale.look_through();
                Stage::Judge(tale)
            }
            Stage::Judge(mut tale) => {
                tale.judge();
                Stage::Parse(tale)
            }
            Stage::Parse(tale) => {
                let blessed: Rc<str> = done(&self.heard)?.text.into();
                let reading = Rc::new(read(&blessed, &done(&self.heard)?.meaning));
                Stage::Tell(tale, blessed, reading)
            }
            Stage::Tell(mut tale, blessed, reading) => {
                let done = done(&self.heard)?;
                tale.tell();
                tale.opening = tale.first_shown(&reading);
                Stage::Read(Box::new(Ran {
                    text: self.text.clone(),
                    was: Ran::before(&self.said, &reading),
                    blessed,
                    reading,
                    tale: *tale,
                    digest: done.digest.into(),
                    stopped: done.stopped.map(|(line, why)| format!("Line {line}: {why}")).unwrap_or_default(),
                    outcomes: done.outcomes,
                }))
            }
            Stage::Read(ran) => return Ok(Some(*ran)),
            Stage::Done => return Err("It was read before.".into()),
        };
        Ok(None)
    }
}

fn done(heard: &Heard) -> Result<Done<'_>, String> {
    match heard.said() {
        Ok(Said::Done(done)) => Ok(done),
        Ok(_) | Err(_) => Err("The worker sent something that is no run.".into()),
    }
}
