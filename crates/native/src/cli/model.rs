//! One run on the model, from a name on the command line to everything that came of it.

use super::error::Error;
use ask::Reseed;
use scenario::{Blessed, CqlNames, End, bless, link};
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

impl Source {
    /// The future that `--branch` asks for, if it does.
    pub fn in_branch(self, name: Option<String>) -> Result<Source, Error> {
        let Some(name) = name else { return Ok(self) };
        let all = scenario::branches(&self.text);
        match all.iter().find(|branch| branch.name == name) {
            Some(branch) => Ok(Source { text: branch.text.clone(), linked: Vec::new(), ..self }),
            None if all.is_empty() => Err(Error::usage(format!("--branch {name}: the text has no branch"))),
            None => {
                let names: Vec<String> = all.into_iter().map(|branch| branch.name).collect();
                Err(Error::usage(format!("--branch {name}: the text has {}", names.join(", "))))
            }
        }
    }
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

/// Run a text on the model; with a record where it is asked for, or the text asks for it.
pub fn run(text: &str, traced: bool) -> Ran {
    let (scenario, _) = scenario::parse(text);
    let mut world = World::new(&scenario.setup, traced || scenario.heard());
    let blessed = now(bless(text, &mut world, &mut ()));
    let (digest, trace) = (world.digest(), world.take_trace());
    let events = trace.as_ref().map_or(0, |trace| trace.log().len() as u64);
    Ran { digest, events, trace, blessed }
}

/// Run a text without a record, if asked to with other luck from an event on; and when that began, microseconds.
pub fn run_anew(text: &str, other: Option<Reseed>) -> (Blessed, u64) {
    let (scenario, _) = scenario::parse(text);
    let mut world = World::new(&scenario.setup, false);
    if let Some(other) = other {
        world.reseed_after(other.after, other.seed);
    }
    (now(bless(text, &mut world, &mut ())), world.reseeded().0)
}

/// A text and its other futures, each run.
pub struct Tree {
    pub trunk: Ran,
    /// Each future's name, its text as it stands, and its run.
    pub branches: Vec<(String, String, Ran)>,
    /// The whole text with everybody's outcomes.
    pub text: String,
}

impl Tree {
    /// Run a text, and what stands under it.
    pub fn of(text: &str, traced: bool) -> Tree {
        let trunk = run(text, traced);
        let mut whole = trunk.blessed.text.clone();
        let mut branches = Vec::new();
        for branch in scenario::branches(text) {
            let ran = run(&branch.text, traced);
            if matches!(trunk.blessed.end, End::Whole) {
                whole = scenario::with_outcomes(&whole, &branch.name, &ran.blessed.text);
            }
            branches.push((branch.name, branch.text, ran));
        }
        Tree { trunk, branches, text: whole }
    }

    /// Whether every future came to its end.
    pub fn is_whole(&self) -> bool {
        let mut all = std::iter::once(&self.trunk).chain(self.branches.iter().map(|(.., ran)| ran));
        all.all(|ran| ran.blessed.end == End::Whole)
    }
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
