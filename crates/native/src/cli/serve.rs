//! `serve`: the model on real sockets, for real drivers.

use super::Found;
use super::args::Args;
use super::error::Error;
use super::model;
use super::out::{Out, Tone};
use crate::port::{self, Authenticator, Served};
use cluster::Address;
use scenario::{Act, Backend, Outcome, Scenario};
use sim::Id;
use world::World;

/// Where a real server listens.
const PORT: u16 = 9042;

/// `tombstone serve [FILE|LINK|-] [--nodes N] [--port P] [--like scylla] [--password]`
pub fn serve(mut args: Args, out: &mut Out) -> Result<Found, Error> {
    let authenticator = if args.flag("--password") { Authenticator::Password } else { Authenticator::AllowAll };
    let nodes = number(&mut args, "--nodes", u64::from(scenario::limits::NODES_MAX))?;
    let port = number(&mut args, "--port", u64::from(u16::MAX))?.map_or(PORT, |port| port as u16);
    let like = args.value("--like")?;
    let names = args.rest(&["--password", "--nodes", "--port", "--like"])?;
    let text = match (names.as_slice(), nodes, like) {
        ([], nodes, like) => {
            let like = like.map_or_else(String::new, |like| format!(" like={like}"));
            format!("--@ cluster nodes={0} rf={0} latency=0ms{like}\n", nodes.unwrap_or(3))
        }
        ([name], None, None) => model::read(name)?.text,
        ([_], _, _) => {
            let what = "--nodes and --like are for a cluster without a scenario; with one, say it in its --@ cluster";
            return Err(Error::usage(what));
        }
        (many, ..) => {
            return Err(Error::usage(format!("serve takes one file, link or -, and was given {}", many.len())));
        }
    };
    let (scenario, faults) = scenario::parse(&text);
    if !faults.is_empty() {
        return Err(Error::Faulty { name: names.first().cloned().unwrap_or_default(), text, faults });
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let count = scenario.setup.cluster.nodes;
        let bound = port::bind((0..count).map(Id), port).await.map_err(unbound)?;
        let persona = scenario.setup.cluster.like;
        let (mut world, epoch) = begin(scenario, names.is_empty(), out).await?;
        let (first, last, port) = (Address(Id(0)), Address(Id(count.saturating_sub(1))), bound.port());
        world.listen_on(port);
        let which = if count > 1 { format!("{first} to {last}, port {port}") } else { format!("{first}, port {port}") };
        out.line(format_args!("{count} nodes are at {which}; end them with Ctrl-C"))?;
        out.flush()?;
        bound.serve(Served::new(world, epoch, persona, authenticator)).await;
        Ok(Found::Same)
    })
}

/// The world as the scenario leaves it, and when it began.
async fn begin(scenario: Scenario, bare: bool, out: &mut Out) -> Result<(World, i64), Error> {
    let mut setup = scenario.setup;
    if bare {
        setup.demo = None;
    }
    let (mut world, epoch) = port::begin(&mut setup);
    for step in &scenario.steps {
        match world.perform(step).await {
            Outcome::Stuck(why) => {
                return Err(Error::Stopped(format!("the scenario cannot be played to its end: {why}")));
            }
            Outcome::Error(failed) if matches!(step.act, Act::Cql(_)) => {
                out.aside(Tone::Faint, format_args!("line {}: {}", step.line, failed.line))?;
            }
            _ => {}
        }
    }
    Ok((world, epoch))
}

fn number(args: &mut Args, name: &str, most: u64) -> Result<Option<u64>, Error> {
    let Some(said) = args.value(name)? else { return Ok(None) };
    match said.parse::<u64>() {
        Ok(n) if n <= most => Ok(Some(n)),
        Ok(_) | Err(_) => Err(Error::usage(format!("{name} {said} is not a whole number up to {most}"))),
    }
}

fn unbound(unbound: port::Unbound) -> Error {
    let port::Unbound { address, error } = unbound;
    let way_out = match error.kind() {
        std::io::ErrorKind::AddrInUse => "another server is there; take another port with --port".to_string(),
        std::io::ErrorKind::AddrNotAvailable => format!(
            "this machine has no such address; add it (macOS: sudo ifconfig lo0 alias {}), or serve --nodes 1",
            address.ip()
        ),
        _ => "take another port with --port".to_string(),
    };
    Error::Stopped(format!("cannot listen on {address}: {}; {way_out}", model::told(&error)))
}
