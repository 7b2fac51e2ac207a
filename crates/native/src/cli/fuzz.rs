//! `fuzz-cql`: random programs on the model and on a real server, until they differ.

use super::Found;
use super::args::Args;
use super::error::Error;
use super::out::{Out, Tone};
use super::suite::real;
use super::{model, serve};
use crate::differ;
use std::net::SocketAddr;

/// Statements, where nobody says how many.
const COUNT: u64 = 10_000;

/// `tombstone fuzz-cql --against cassandra[:HOST:PORT] [--seed N] [--count N] [--save FILE]`
pub fn fuzz(mut args: Args, out: &mut Out) -> Result<Found, Error> {
    let against = args.value("--against")?;
    let seed = serve::number(&mut args, "--seed", u64::MAX)?.unwrap_or(1);
    let count = serve::number(&mut args, "--count", u64::MAX)?.unwrap_or(COUNT);
    let save = args.value("--save")?;
    let rest = args.rest(&["--against", "--seed", "--count", "--save"])?;
    if !rest.is_empty() {
        return Err(Error::usage("fuzz-cql takes no file"));
    }
    let server = server(against.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let hunt = runtime.block_on(differ::hunt(server, seed, count, 1, |hunt| {
        eprint!("\r{} of {count} statements agree, {} programs", hunt.agreed, hunt.programs);
    }));
    eprintln!();
    let hunt = hunt.map_err(|error| Error::Stopped(error.to_string()))?;
    out.line(format_args!("seed {seed}\n{hunt}"))?;
    let Some(found) = hunt.found.first() else { return Ok(Found::Same) };
    out.line(format_args!("\n{found}"))?;
    match save {
        Some(name) => {
            std::fs::write(&name, found.scenario())
                .map_err(|error| Error::File { name: name.clone(), why: model::told(&error) })?;
            out.line(format_args!("saved as {name}"))?;
        }
        None => {
            out.aside(Tone::Faint, format_args!("--seed {} --save FILE.cql writes it as a scenario", found.seed))?
        }
    }
    Ok(Found::Different)
}

fn server(against: Option<&str>) -> Result<SocketAddr, Error> {
    let unknown = || Error::usage("fuzz-cql needs --against cassandra or --against cassandra:HOST:PORT");
    match against.ok_or_else(unknown)?.strip_prefix("cassandra").ok_or_else(unknown)? {
        "" => real::kept_at(),
        at => at.strip_prefix(':').and_then(|at| at.parse().ok()).ok_or_else(unknown),
    }
}
