//! One run on the model, from a name on the command line to everything that came of it.

use super::error::Error;
use scenario::{Blessed, CqlNames, bless, link};
use std::future::Future;
use std::io::Read;
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use trace::{Dictionary, Digest, Trace, Words};
use world::World;

/// A text and where it is from.
pub struct Source {
    pub name: String,
    pub text: String,
    /// What the link said that each statement came to; empty without a link.
    pub linked: Vec<u16>,
    pub model: u16,
}

/// Read FILE, LINK or `-`.
pub fn read(name: &str) -> Result<Source, Error> {
    let plain = |text| Source { name: name.into(), text, linked: Vec::new(), model: link::MODEL_VERSION };
    if name == "-" {
        let text = text(std::io::stdin().lock(), "standard input")?;
        return Ok(Source { name: "-".into(), ..plain(text) });
    }
    if is_link(name) {
        let linked = link::decode(name)?;
        return Ok(Source { name: "link".into(), text: linked.text, linked: linked.outcomes, model: linked.model });
    }
    Ok(plain(read_file(name)?))
}

pub fn read_file(name: &str) -> Result<String, Error> {
    let file = |why: String| Error::File { name: name.into(), why };
    let opened = std::fs::File::open(name).map_err(|error| file(told(&error)))?;
    if opened.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(file("it is a directory; tombstone suite runs all that is in one".into()));
    }
    text(opened, name)
}

/// Never reads more than a scenario can be: a pipe or a device has no size to be asked before.
fn text(from: impl Read, name: &str) -> Result<String, Error> {
    let file = |why: String| Error::File { name: name.into(), why };
    let most = u64::from(scenario::limits::TEXT_BYTES_MAX);
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes).map_err(|error| file(told(&error)))?;
    if bytes.len() as u64 > most {
        return Err(file(format!("it has more than {most} bytes, which is the limit of a scenario")));
    }
    String::from_utf8(bytes).map_err(|error| {
        file(format!("it is not UTF-8 text: its byte {} is none", error.utf8_error().valid_up_to() + 1))
    })
}

/// What the system says, without its number.
pub fn told(error: &std::io::Error) -> String {
    let said = error.to_string();
    said.split_once(" (os error").map_or(said.as_str(), |(words, _)| words).to_string()
}

/// A name is a link when no file has it, and it has a fragment or nothing but a link's characters.
pub fn is_link(name: &str) -> bool {
    let fragment = || name.len() > 20 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    !Path::new(name).exists() && (name.contains('#') || fragment())
}

/// Everything that came of a run.
pub struct Ran {
    pub blessed: Blessed,
    pub digest: Digest,
    pub events: u64,
    pub trace: Option<Trace>,
}

/// Run a text on the model.
pub fn run(text: &str, traced: bool) -> Ran {
    let (scenario, _) = scenario::parse(text);
    let mut world = World::new(&scenario.setup, traced);
    let blessed = now(bless(text, &mut world, &mut ()));
    let (digest, trace) = (world.digest(), world.take_trace());
    let events = trace.as_ref().map_or(0, |trace| trace.log().len() as u64);
    Ran { digest, events, trace, blessed }
}

/// The model waits for nothing outside: its future is ready whenever it is asked.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
}

/// The lines of a whole trace.
pub fn lines(trace: &Trace) -> Vec<String> {
    let log = trace.log();
    let names = CqlNames::new(&Dictionary::of(&log));
    let words = Words::new(log, &names);
    (0..log.len())
        .filter_map(|at| u32::try_from(at).ok())
        .map(|at| words.whole_line(trace::EventId(at)).to_string())
        .collect()
}
