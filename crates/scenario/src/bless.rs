//! Runs a scenario and writes what comes of it under each statement. Every byte that is no outcome survives.

use crate::backend::{Backend, Need, Outcome, Progress, Watch};
use crate::fault::Fault;
use crate::limits::{DAYS_MAX, EVENTS_MAX, RUN_TIME_MAX};
use crate::names::{Fed, Luck, Names};
use crate::parse::parse;
use crate::print::{Printed, print};
use crate::scenario::{Block, Scenario};
use crate::setup::ClientSpec;
use crate::step::{Act, Step};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A text that has run, as far as it could.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Blessed {
    /// The text with its outcomes; those of steps that did not run stay as they were.
    pub text: String,
    /// How the run ended.
    pub end: End,
    /// What is wrong with the text.
    pub faults: Vec<Fault>,
    /// Statement by statement, what is written under it.
    pub answers: Vec<Answer>,
    /// How far it came.
    pub progress: Progress,
}

/// What came of one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The statement's number.
    pub number: u32,
    /// Its line, from 1.
    pub line: u32,
    /// The outcome's lines.
    pub lines: Vec<String>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Every step was done.
    Whole,
    /// The text has faults; what stands before the first one ran.
    Faulty,
    /// The backend cannot express this scenario: the reason.
    Skipped(String),
    /// A step could not be done, or met a limit; what stands above it ran.
    Stopped {
        /// Its line, from 1.
        line: u32,
        /// Why.
        why: String,
    },
    /// Whoever watched ended it.
    Cancelled,
    /// The backend failed before the first step.
    Broken(String),
}

/// Run a text on a backend and write the outcomes into it.
///
/// `bless` of a blessed text gives the same text again, on every backend that gives the same outcomes.
pub async fn bless<B: Backend, W: Watch>(text: &str, backend: &mut B, watch: &mut W) -> Blessed {
    let (scenario, faults) = parse(text);
    let mut run = Run {
        results: alloc::vec![None; scenario.steps.len()],
        accounts: alloc::vec![Vec::new(); scenario.steps.len()],
        progress: Progress { steps: scenario.steps.len() as u32, ..Progress::default() },
        heard: scenario.heard(),
    };
    let whole = if faults.is_empty() { End::Whole } else { End::Faulty };
    let end = match unmet(&scenario, backend) {
        Some(reason) => End::Skipped(reason),
        None => match backend.open(&scenario.setup).await {
            Err(why) => End::Broken(why),
            Ok(()) => run.steps(&scenario, backend, watch).await.err().unwrap_or(whole),
        },
    };
    let answers = if matches!(end, End::Skipped(_)) { Vec::new() } else { run.print(&scenario) };
    let text = match end {
        End::Skipped(_) | End::Broken(_) => text.into(),
        _ => run.write(text, &scenario, &answers),
    };
    let answers = answers.into_iter().flatten().map(|(answer, _)| answer).collect();
    Blessed { text, end, faults, answers, progress: run.progress }
}

/// The reason of the first need that the backend does not meet.
pub fn unmet<B: Backend>(scenario: &Scenario, backend: &B) -> Option<String> {
    let said = scenario.needs.iter().map(|(need, reason)| (*need, reason.clone()));
    let clients = scenario.setup.clients.iter().filter(|c| has_own_clock(c));
    let clients = clients.map(|c| (Need::Clock, format!("{} has a clock of its own", c.name)));
    let steps = scenario.steps.iter().filter_map(|s| s.act.need().map(|need| (need, format!("line {}", s.line))));
    let swaps = scenario.setup.swaps.iter().map(|(one, other)| (Need::Model, format!("swap {one} {other}")));
    said.chain(clients)
        .chain(swaps)
        .chain(steps)
        .find(|(need, _)| !backend.can(*need))
        .map(|(need, reason)| format!("needs {}: {reason}", need.word()))
}

fn has_own_clock(client: &ClientSpec) -> bool {
    client.clock != 0 || client.drift_ppm != 0 || client.step.is_some()
}

impl Act {
    /// What a backend must be able to do for it.
    #[must_use]
    pub fn need(&self) -> Option<Need> {
        match self {
            Act::Kill(_) | Act::Start(_) | Act::Pause(_) | Act::Resume(_) | Act::Partition(_) | Act::Heal => {
                Some(Need::Faults)
            }
            Act::Power(_) | Act::Rule(_) => Some(Need::Root),
            Act::Clock(..) => Some(Need::Clock),
            Act::Advance(span) if *span > sim::Span::s(5) => Some(Need::Time),
            Act::Cql(_) | Act::Shell(_) | Act::Advance(_) | Act::Until(_) => None,
            Act::Flush(_) | Act::Compact(_) | Act::Repair(_) | Act::Await(_) => None,
        }
    }
}

struct Run {
    results: Vec<Option<Outcome>>,
    accounts: Vec<Vec<String>>,
    progress: Progress,
    /// Whether anybody wants the backend's account.
    heard: bool,
}

impl Run {
    async fn steps<B: Backend, W: Watch>(
        &mut self,
        scenario: &Scenario,
        backend: &mut B,
        watch: &mut W,
    ) -> Result<(), End> {
        let mut later: BTreeMap<u32, usize> = BTreeMap::new();
        for (at, step) in scenario.steps.iter().enumerate() {
            self.look(backend, watch, step.line).await?;
            let outcome = match &step.act {
                Act::Shell(asked) => Outcome::Text(asked.lines.clone()),
                Act::Advance(span) if backend.progress().now + *span > sim::Time(RUN_TIME_MAX.0) => {
                    let why =
                        format!("the run would last longer than {DAYS_MAX} days of virtual time, which is the limit");
                    return Err(End::Stopped { line: step.line, why });
                }
                _ => backend.perform(step).await,
            };
            if let (Outcome::Later, Act::Cql(statement)) = (&outcome, &step.act) {
                later.insert(statement.number, at);
            }
            self.take(outcome, at, step, &mut later)?;
            self.hear(scenario, backend, at, step);
            self.progress.done = at as u32 + 1;
        }
        if let (Some(at), Some(last)) = (later.values().next_back().copied(), scenario.steps.last()) {
            // Whoever is still waited for at the end of the text is waited for.
            let rest = Step { span: last.span.clone(), line: last.line, act: Act::Await(None) };
            let outcome = backend.perform(&rest).await;
            self.take(outcome, at, &rest, &mut later)?;
            self.hear(scenario, backend, scenario.steps.len() - 1, &rest);
        }
        let line = scenario.steps.last().map_or(1, |step| step.line);
        self.look(backend, &mut (), line).await?;
        backend.close().await.map_err(|why| End::Stopped { line, why })
    }

    async fn look<B: Backend, W: Watch>(&mut self, backend: &B, watch: &mut W, line: u32) -> Result<(), End> {
        let now = backend.progress();
        self.progress = Progress { done: self.progress.done, steps: self.progress.steps, ..now };
        if now.events > EVENTS_MAX {
            return Err(End::Stopped {
                line,
                why: format!("the run has {} events; the limit is {EVENTS_MAX}", now.events),
            });
        }
        if watch.look(&self.progress).await.is_break() { Err(End::Cancelled) } else { Ok(()) }
    }

    fn take(&mut self, outcome: Outcome, at: usize, step: &Step, later: &mut BTreeMap<u32, usize>) -> Result<(), End> {
        match outcome {
            Outcome::Skipped(why) => return Err(End::Skipped(format!("line {}: {why}", step.line))),
            Outcome::Stuck(why) => return Err(End::Stopped { line: step.line, why }),
            Outcome::Settled(all) => {
                for (number, outcome) in all {
                    if let Some(result) = later.remove(&number).and_then(|at| self.results.get_mut(at)) {
                        *result = Some(outcome);
                    }
                }
            }
            Outcome::Done | Outcome::Rows(_) | Outcome::Text(_) | Outcome::Error(_) | Outcome::Later => {
                if let Some(result) = self.results.get_mut(at) {
                    *result = Some(outcome);
                }
                return Ok(());
            }
        }
        if matches!(step.act, Act::Await(_))
            && let Some(result @ None) = self.results.get_mut(at)
        {
            *result = Some(Outcome::Done);
        }
        Ok(())
    }

    /// The backend's account of a step. It gives what happened since it was last asked, so it is asked after every step of a
    /// scenario that wants it anywhere.
    fn hear<B: Backend>(&mut self, scenario: &Scenario, backend: &mut B, at: usize, step: &Step) {
        if !self.heard {
            return;
        }
        let lines = backend.account();
        let wanted = scenario.trace.is_some_and(|from| at as u32 >= from) || step.traces_itself();
        if let Some(account) = self.accounts.get_mut(at).filter(|_| wanted) {
            account.extend(lines);
        }
    }

    /// Each step's lines, in the text's order: names are numbered as they appear.
    fn print(&self, scenario: &Scenario) -> Vec<Option<(Answer, Printed)>> {
        let parsed: Vec<Option<cql::ast::Statement>> = scenario
            .steps
            .iter()
            .map(|step| match &step.act {
                Act::Cql(statement) => cql::parse(&statement.text).ok(),
                _ => None,
            })
            .collect();
        let mut fed = Fed::default();
        parsed.iter().flatten().for_each(|statement| fed.note(statement));
        let mut names = Names::default();
        let each = scenario.steps.iter().zip(&parsed).zip(&self.results);
        each.map(|((step, parsed), outcome)| {
            let outcome = outcome.as_ref()?;
            let luck = parsed.as_ref().map_or_else(Luck::default, |statement| fed.luck(statement));
            let expand = matches!(&step.act, Act::Cql(statement) if statement.settings.expand);
            let printed = print(outcome, expand, &luck, &mut names);
            let number = step.act.statement()?;
            Some((Answer { number, line: step.line, lines: printed.lines.clone() }, printed))
        })
        .collect()
    }

    fn write(&self, text: &str, scenario: &Scenario, answers: &[Option<(Answer, Printed)>]) -> String {
        let mut out = String::with_capacity(text.len() * 2);
        let mut from = 0;
        for block in &scenario.blocks {
            let steps = block.steps.start as usize..block.steps.end as usize;
            let ran =
                !steps.is_empty() && self.results.get(steps.clone()).is_some_and(|all| all.iter().all(Option::is_some));
            if !ran {
                continue;
            }
            let mut lines: Vec<String> = Vec::new();
            for at in steps {
                let printed = answers.get(at).and_then(Option::as_ref).map(|(_, printed)| printed);
                let traced = scenario.trace.is_some_and(|trace| at as u32 >= trace);
                for line in printed.map_or(&[][..], |printed| &printed.lines) {
                    lines.push(marked("-->", line));
                }
                for line in printed.filter(|_| traced).map_or(&[][..], |printed| &printed.words) {
                    lines.push(marked("--~", line));
                }
                for line in self.accounts.get(at).map_or(&[][..], |account| account) {
                    lines.push(marked("--~", line));
                }
            }
            let (start, end) = (block.span.start as usize, block.span.end as usize);
            out += text.get(from..start).unwrap_or("");
            put(&mut out, &lines, text, block);
            from = end;
        }
        out += text.get(from..).unwrap_or("");
        out
    }
}

/// A line behind its mark. A line break inside a value would be CQL on the next line: it is written out.
fn marked(mark: &str, line: &str) -> String {
    let line = line.replace('\r', "\\r").replace('\n', "\\n");
    format!("{mark} {}", line.trim_end()).trim_end().into()
}

/// Write a block's lines with the line ends of the text around it.
fn put(out: &mut String, lines: &[String], text: &str, block: &Block) {
    let start = block.span.start as usize;
    let before = text.get(..start).unwrap_or("");
    // The line end above the block; below a last line that has none, the text's first. Never a lone CR: with the LF of an
    // empty line below it would become another line end.
    let above = if before.ends_with(['\n', '\r']) { before } else { text.split_inclusive('\n').next().unwrap_or("") };
    let end = if above.ends_with("\r\n") { "\r\n" } else { "\n" };
    let last = block.span.end as usize == text.len();
    // What ended without a line end goes on doing so.
    let unended = last && !text.ends_with(['\n', '\r']);
    if unended && !before.ends_with(['\n', '\r']) && !lines.is_empty() {
        out.push_str(end);
    }
    for (n, line) in lines.iter().enumerate() {
        out.push_str(line);
        if !(unended && n + 1 == lines.len()) {
            out.push_str(end);
        }
    }
}
