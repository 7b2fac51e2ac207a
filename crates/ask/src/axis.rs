//! What can be changed about a text, one choice at a time: the axes of a grid.

use crate::dial::dials;
use crate::reach::reaches;
use crate::scan::{Line, directives, said};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use scenario::told::{Choice, Dial, Measure};
use scenario::{Act, DRIVERS, Edit, START, Scenario, Step, with_key};

/// Choices of one kind; the first is the text as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// What is chosen, to begin a sentence: `Consistency`.
    pub name: &'static str,
    /// The choices.
    pub choices: Vec<Choice>,
}

/// Most single changes that are listed.
const CHANGES_MAX: usize = 9;
/// Seeds beside the text's own.
const SEEDS: u64 = 5;
/// A write dated so is later than any that a clock of a scenario dates: a century after virtual time begins.
const LATEST: i64 = START + 36_525 * 86_400 * 1_000_000;
/// Graces that are tried, s, as people say them: a test's, an hour, Cassandra's default, longer than a node is away.
const GRACES: [(i64, &str); 4] = [(60, "60 s"), (3_600, "an hour"), (864_000, "10 days"), (3_456_000, "40 days")];
/// Twice the default of `gc_grace_seconds`.
const LONG_GRACE: i64 = 1_728_000;

/// The axes of a text: single changes first, then what every text has. Only axes with a choice are there.
#[must_use]
pub fn axes(text: &str) -> Vec<Axis> {
    let (scenario, _) = scenario::parse(text);
    let (lines, dials) = (directives(text), dials(text));
    let all = [
        ("One change", changes(text, &scenario, &lines, &dials)),
        ("Consistency", consistency(text, &scenario)),
        ("The number of replicas", replicas(text, &scenario)),
        ("The seed", seeds(text, &scenario)),
        ("The delete", reaches(text, &scenario)),
        ("The driver", drivers(&lines)),
        ("The grace", graces(&dials)),
    ];
    all.into_iter()
        .filter(|(_, choices)| !choices.is_empty())
        .map(|(name, choices)| {
            let as_written = Choice { label: "as written".into(), edits: Vec::new() };
            Axis { name, choices: core::iter::once(as_written).chain(choices).collect() }
        })
        .collect()
}

fn choice(label: impl Into<String>, edits: Vec<Edit>) -> Choice {
    Choice { label: label.into(), edits }
}

/// What makes a fault, and is not needed to end one.
fn is_fault(verb: &str) -> bool {
    matches!(
        verb,
        "kill" | "down" | "power" | "pause" | "partition" | "drop" | "delay" | "duplicate" | "reorder" | "clock"
    )
}

fn changes(text: &str, scenario: &Scenario, lines: &[Line<'_>], dials: &[Dial]) -> Vec<Choice> {
    let mut all = Vec::new();
    for dial in dials.iter().filter(|dial| dial.measure == Measure::Offset && dial.value != 0) {
        all.push(choice(format!("{} right", dial.what), vec![dial.turned(0)]));
    }
    for line in lines.iter().filter(|line| line.verb() == "client") {
        let name = line.arg(0).map_or("", |word| word.text);
        all.push(match line.key("stamps") {
            Some(word) if word.text == "server" => {
                choice(format!("{name} dates its own writes"), vec![Edit::new(word.span, "client")])
            }
            Some(word) => choice(format!("the server dates {name}’s writes"), vec![Edit::new(word.span, "server")]),
            None => {
                let end = line.span.end;
                choice(format!("the server dates {name}’s writes"), vec![Edit::new(end..end, " stamps=server")])
            }
        });
    }
    let faults: Vec<&Line<'_>> = lines.iter().filter(|line| is_fault(line.verb())).collect();
    for line in &faults {
        let said: Vec<&str> = line.words.iter().map(|word| word.text).collect();
        all.push(choice(format!("without {}", said.join(" ")), vec![Edit::new(line.span.clone(), "")]));
    }
    if !faults.is_empty() {
        if let Some(read) = scenario.steps.iter().rev().find(|step| reads(text, step)) {
            let at = line_start(text, read.span.start);
            all.push(choice("repair before the last read", vec![Edit::new(at..at, "--@ repair\n")]));
        }
        let (label, word) = if scenario.setup.cluster.hints { ("no hints", "off") } else { ("with hints", "on") };
        all.push(choice(label, vec![with_key(text, "hints", word)]));
    }
    for dial in dials.iter().filter(|dial| dial.what == "gc_grace_seconds" && dial.value < LONG_GRACE) {
        all.push(choice("a longer gc_grace_seconds", vec![dial.turned(LONG_GRACE)]));
    }
    all.extend(scenario.steps.iter().rev().find_map(|step| later_delete(text, step)));
    all.truncate(CHANGES_MAX);
    all
}

fn reads(text: &str, step: &Step) -> bool {
    matches!(step.act, Act::Cql(_)) && said(text, step).first().is_some_and(|word| word.is("SELECT"))
}

/// The delete of this step, dated after everything else.
fn later_delete(text: &str, step: &Step) -> Option<Choice> {
    let words = matches!(step.act, Act::Cql(_)).then(|| said(text, step))?;
    let dated = words.iter().any(|word| word.is("TIMESTAMP") || word.is("IF"));
    if dated || !words.first().is_some_and(|word| word.is("DELETE")) {
        return None;
    }
    let from = words.iter().position(|word| word.is("WHERE"))?;
    let at = words.get(from)?.span.start;
    Some(choice("the delete dated after all else", vec![Edit::new(at..at, format!("USING TIMESTAMP {LATEST} "))]))
}

/// Every statement at this level: where a client sets one, it sets this, and where it sets none, it sets this first.
fn consistency(text: &str, scenario: &Scenario) -> Vec<Choice> {
    let mut places: Vec<(core::ops::Range<u32>, bool)> = Vec::new();
    let mut seen = Vec::new();
    for step in &scenario.steps {
        match &step.act {
            Act::Shell(asked) => {
                let words = said(text, step);
                if let (Some(first), Some(level)) = (words.first(), words.get(1))
                    && first.is("CONSISTENCY")
                    && level.text != ";"
                {
                    places.push((level.span.clone(), false));
                    seen.push(asked.client);
                }
            }
            Act::Cql(statement) if !seen.contains(&statement.client) => {
                seen.push(statement.client);
                let at = line_start(text, step.span.start);
                places.push((at..at, true));
            }
            _ => {}
        }
    }
    if places.is_empty() {
        return Vec::new();
    }
    let at = |level: &'static str| {
        let edits = places.iter().map(|(span, new)| {
            Edit::new(span.clone(), if *new { format!("CONSISTENCY {level};\n") } else { level.into() })
        });
        choice(level, edits.collect())
    };
    ["ONE", "QUORUM", "ALL"].map(at).into()
}

/// Where a line may be put in before the statement that begins at this byte: above what speaks of the statement.
fn line_start(text: &str, at: u32) -> u32 {
    let start = |at: usize| text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let mut from = start(at as usize);
    while from > 0 {
        let above = start(from - 1);
        let line = text.get(above..from).unwrap_or("").trim();
        if !(line.starts_with("--?") || line.strip_prefix("--@").is_some_and(|said| said.trim() == "async")) {
            break;
        }
        from = above;
    }
    from as u32
}

fn replicas(text: &str, scenario: &Scenario) -> Vec<Choice> {
    let cluster = &scenario.setup.cluster;
    if scenario.setup.demo.is_none() || cluster.dcs.len() > 1 {
        return Vec::new();
    }
    let other = (1..=cluster.nodes.min(5)).filter(|rf| *rf != cluster.rf);
    other.map(|rf| choice(format!("rf {rf}"), vec![with_key(text, "rf", &format!("{rf}"))])).collect()
}

fn seeds(text: &str, scenario: &Scenario) -> Vec<Choice> {
    let other = (1..).filter(|seed| *seed != scenario.setup.cluster.seed).take(SEEDS as usize);
    other.map(|seed| choice(format!("seed {seed}"), vec![with_key(text, "seed", &format!("{seed}"))])).collect()
}

/// Every client with this driver: what stamps its writes and how finely, what it sends again.
fn drivers(lines: &[Line<'_>]) -> Vec<Choice> {
    let clients: Vec<_> = lines.iter().filter(|line| line.verb() == "client").collect();
    let has = |driver: &str| clients.iter().all(|line| line.key("driver").is_some_and(|word| word.text == driver));
    let driven = |driver: &&'static str| {
        let edits = clients.iter().map(|line| match line.key("driver") {
            Some(word) => Edit::new(word.span, *driver),
            None => Edit::new(line.span.end..line.span.end, format!(" driver={driver}")),
        });
        choice(*driver, edits.collect())
    };
    if clients.is_empty() { Vec::new() } else { DRIVERS.iter().filter(|driver| !has(driver)).map(driven).collect() }
}

/// Every table with this `gc_grace_seconds`.
fn graces(dials: &[Dial]) -> Vec<Choice> {
    let all: Vec<_> = dials.iter().filter(|dial| dial.what == "gc_grace_seconds").collect();
    let other = GRACES.iter().filter(|(grace, _)| all.iter().any(|dial| dial.value != *grace));
    other.map(|(grace, words)| choice(*words, all.iter().map(|dial| dial.turned(*grace)).collect())).collect()
}
