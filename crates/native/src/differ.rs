//! The hunt for a difference: random programs on the model and on a real server, statement by statement.
//!
//! One program's life: [`program`](grammar::program) writes it from a seed; [`Pair`] puts each statement to both, in a keyspace of its
//! own, with the same client timestamp; what they answer is compared whole: rows, their order, columns and markers with their
//! types, error class and message. Of the first program that differs [`shrink`] leaves out every statement and every value
//! that the difference does not need, and what is left is a scenario.

mod features;
mod grammar;
mod known;
mod pair;
mod schema;
mod statement;
mod told;

use crate::drivers::ClientError;
use pair::{Agreed, Pair};
use statement::Statement;
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;

pub use known::KNOWN;
pub use pair::Difference;

/// Programs are counted by statement; each has about so many.
const STATEMENTS: u32 = 300;

/// What a hunt came to.
#[derive(Debug, Default)]
pub struct Hunt {
    /// Statements that both answered alike.
    pub agreed: u64,
    /// Programs run.
    pub programs: u64,
    /// How often each kind of statement was put, and how often it was refused.
    pub kinds: BTreeMap<&'static str, (u64, u64)>,
    /// How often each feature was there.
    pub features: BTreeMap<&'static str, u64>,
    /// How often each entry of `DIFFERENCES.md` was met.
    pub known: BTreeMap<&'static str, u64>,
    /// The differences, each as few statements as show it, and of a kind only the first.
    pub found: Vec<Found>,
    /// Differences of a kind already found.
    pub again: u64,
}

/// A difference, made small.
#[derive(Debug)]
pub struct Found {
    /// Of the program.
    pub seed: u64,
    /// What makes another difference one of the same kind.
    alike: String,
    statements: Vec<Statement>,
    /// At the last of them.
    pub difference: Difference,
}

impl Found {
    /// As a text that the model runs, with what the server said.
    #[must_use]
    pub fn scenario(&self) -> String {
        let said = self.difference.to_string();
        let said: String = said.trim_end().lines().map(|line| format!("-- {line}\n")).collect();
        let statements: String = self.statements.iter().map(|statement| format!("{statement}\n")).collect();
        format!("-- Program {} of the differential tester: at the last statement\n{said}\n{statements}", self.seed)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "program {}: at the last of these\n", self.seed)?;
        self.statements.iter().try_for_each(|statement| writeln!(f, "{statement}"))?;
        let page = pair::page_of(self.difference.at);
        if page > 0 {
            writeln!(f, "(in pages of {page})")?;
        }
        write!(f, "\n{}", self.difference)
    }
}

impl fmt::Display for Hunt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<20} {:>10} {:>10}", "statement", "put", "refused")?;
        for (kind, (put, refused)) in &self.kinds {
            writeln!(f, "{kind:<20} {put:>10} {refused:>10}")?;
        }
        writeln!(f, "\n{:<20} {:>10}", "feature", "statements")?;
        for (name, count) in &self.features {
            writeln!(f, "{name:<20} {count:>10}")?;
        }
        writeln!(f, "\n{:<20} {:>10}", "known difference", "met")?;
        for (name, count) in &self.known {
            writeln!(f, "{name:<20} {count:>10}")?;
        }
        write!(f, "\n{} statements in {} programs agree", self.agreed, self.programs)?;
        match self.again {
            0 => Ok(()),
            again => write!(f, "; {again} more differ as one of those found"),
        }
    }
}

/// Hunts from this seed on until so many statements agree, or until so many differences are found. `progress` hears after each program.
///
/// # Errors
/// When the server cannot be asked any more.
pub async fn hunt(
    server: SocketAddr,
    seed: u64,
    statements: u64,
    differences: usize,
    mut progress: impl FnMut(&Hunt),
) -> Result<Hunt, ClientError> {
    let mut pair = Pair::connect(server).await?;
    let mut hunt = Hunt::default();
    let mut seed = seed;
    while hunt.agreed < statements {
        let program = grammar::program(seed, STATEMENTS);
        let found = pair.run(&program.statements, |at, agreed| {
            let kind = program.kinds.get(at).copied().unwrap_or("");
            let (put, no) = hunt.kinds.entry(kind).or_default();
            *put += 1;
            if let Some(statement) = program.statements.get(at) {
                features::count(statement, pair::page_of(at), &mut hunt.features);
            }
            match agreed {
                Agreed::Answered => {}
                Agreed::Refused => *no += 1,
                Agreed::Known(name) => *hunt.known.entry(name).or_default() += 1,
            }
        });
        let found = found.await?;
        let after = found.last().map_or(program.statements.len(), |last| last.at);
        hunt.agreed += after.saturating_sub(found.len()) as u64;
        hunt.programs += u64::from(found.is_empty());
        for difference in found {
            if hunt.found.iter().any(|found| found.alike == difference.shape()) {
                hunt.again += 1;
                continue;
            }
            let alike = difference.shape();
            let (statements, difference) = shrink(&mut pair, &program.statements, difference).await?;
            hunt.found.push(Found { seed, alike, statements, difference });
        }
        progress(&hunt);
        if hunt.found.len() >= differences {
            break;
        }
        seed += 1;
    }
    pair.leave().await?;
    Ok(hunt)
}

/// Leaves out what the difference does not need: all but the last statement, halves, quarters, single statements; then columns.
async fn shrink(
    pair: &mut Pair,
    statements: &[Statement],
    difference: Difference,
) -> Result<(Vec<Statement>, Difference), ClientError> {
    let mut left: Vec<Statement> = statements.iter().take(difference.at + 1).cloned().collect();
    let mut last = difference;
    // The last one shows it, so it stays; a refusal mostly needs nothing else.
    let creates = |statement: &Statement| statement.text.starts_with("CREATE T");
    let bare: Vec<Statement> =
        (0..).zip(&left).filter(|(at, one)| *at == last.at || creates(one)).map(|(_, one)| one.clone()).collect();
    if let Some((fewer, difference)) = still(pair, bare, &last).await? {
        (left, last) = (fewer, difference);
    }
    let mut size = left.len() / 2;
    while size > 0 {
        let mut from = 0;
        while from + size < left.len() {
            let mut fewer = left.clone();
            fewer.drain(from..from + size);
            match still(pair, fewer, &last).await? {
                Some((fewer, difference)) => (left, last) = (fewer, difference),
                None => from += size,
            }
        }
        size /= 2;
    }
    // Columns that nobody needs, from the table's end on.
    let mut at = 0;
    while let Some(create) = left.iter().position(|statement| statement.text.starts_with("CREATE TABLE")) {
        let Some(shorter) = left.get(create).and_then(|statement| without(&statement.text, at)) else { break };
        let mut fewer = left.clone();
        if let Some(statement) = fewer.get_mut(create) {
            statement.text = shorter;
        }
        match still(pair, fewer, &last).await?.filter(|(_, other)| other.real == last.real && other.model == last.model)
        {
            Some((fewer, difference)) => (left, last) = (fewer, difference),
            None => at += 1,
        }
    }
    Ok((left, last))
}

/// The statements up to this difference, if it is still there.
async fn still(
    pair: &mut Pair,
    mut statements: Vec<Statement>,
    difference: &Difference,
) -> Result<Option<(Vec<Statement>, Difference)>, ClientError> {
    let found = pair.run(&statements, |_, _| ()).await?;
    let found = found.into_iter().find(|other| other.shape() == difference.shape());
    Ok(found.map(|difference| {
        statements.truncate(difference.at + 1);
        (statements, difference)
    }))
}

/// A `CREATE TABLE` without one of its static and regular columns.
fn without(create: &str, column: usize) -> Option<String> {
    let (head, tail) = create.split_once(", PRIMARY KEY")?;
    let mut depth = 0;
    let columns = head.split(|c: char| {
        depth += i32::from(matches!(c, '(' | '<')) - i32::from(matches!(c, ')' | '>'));
        c == ',' && depth == 1
    });
    let columns: Vec<&str> = columns.collect();
    let spare = columns.iter().filter(|column| column.starts_with(" s") || column.starts_with(" v")).nth(column)?;
    let kept: Vec<&str> = columns.iter().copied().filter(|column| column != spare).collect();
    Some(format!("{}, PRIMARY KEY{tail}", kept.join(",")))
}
