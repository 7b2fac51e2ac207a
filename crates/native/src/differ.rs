//! The hunt for a difference: random programs on the model and on a real server, statement by statement.
//!
//! One program's life: [`program`](grammar::program) writes it from a seed; [`Pair`] puts each statement to both, in a keyspace of its
//! own, with the same client timestamp; what they answer is compared whole: rows, their order, columns with their types, error
//! class and message. Of the first program that differs [`shrink`] leaves out every statement that the difference does not
//! need, and what is left is a scenario.

mod grammar;
mod pair;
mod schema;

use crate::drivers::ClientError;
use pair::Pair;
use std::collections::BTreeMap;
use std::net::SocketAddr;

pub use grammar::Program;
pub use pair::Difference;

/// Programs are counted by statement; each has about so many.
const STATEMENTS: u32 = 60;

/// What a hunt came to.
#[derive(Debug, Default)]
pub struct Hunt {
    /// Statements that both answered alike.
    pub agreed: u64,
    /// Programs run.
    pub programs: u64,
    /// How often each kind of statement was put, and how often it was refused.
    pub kinds: BTreeMap<&'static str, (u64, u64)>,
    /// The first difference, as few statements as show it.
    pub found: Option<(u64, Vec<String>, Difference)>,
}

/// Hunts from this seed on until so many statements agree, or one does not. `progress` hears after each program.
///
/// # Errors
/// When the server cannot be asked any more.
pub async fn hunt(
    server: SocketAddr,
    seed: u64,
    statements: u64,
    mut progress: impl FnMut(&Hunt),
) -> Result<Hunt, ClientError> {
    let mut pair = Pair::connect(server).await?;
    let mut hunt = Hunt::default();
    let mut seed = seed;
    while hunt.agreed < statements {
        let program = grammar::program(seed, STATEMENTS);
        let found = pair.run(&program.statements, |at, refused| {
            let kind = program.kinds.get(at).copied().unwrap_or("");
            let (put, no) = hunt.kinds.entry(kind).or_default();
            *put += 1;
            *no += u64::from(refused);
        });
        if let Some(difference) = found.await? {
            let (left, difference) = shrink(&mut pair, program.statements, difference).await?;
            hunt.found = Some((seed, left, difference));
            break;
        }
        hunt.agreed += program.statements.len() as u64;
        hunt.programs += 1;
        progress(&hunt);
        seed += 1;
    }
    pair.leave().await?;
    Ok(hunt)
}

/// Leaves out what the difference does not need: halves, quarters, single statements.
async fn shrink(
    pair: &mut Pair,
    statements: Vec<String>,
    difference: Difference,
) -> Result<(Vec<String>, Difference), ClientError> {
    let mut left: Vec<String> = statements.into_iter().take(difference.at + 1).collect();
    let mut last = difference;
    let mut size = left.len() / 2;
    while size > 0 {
        let mut from = 0;
        // The last one shows it, so it stays.
        while from + size < left.len() {
            let mut fewer = left.clone();
            fewer.drain(from..from + size);
            match pair.run(&fewer, |_, _| ()).await? {
                Some(difference) => {
                    fewer.truncate(difference.at + 1);
                    (left, last) = (fewer, difference);
                }
                None => from += size,
            }
        }
        size /= 2;
    }
    Ok((left, last))
}
