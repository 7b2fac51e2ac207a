//! `serve`: the model on real sockets, for real drivers.

use super::Found;
use super::args::Args;
use super::error::Error;
use super::model;
use super::out::{Out, Tone};
use crate::port::{self, Authenticator, Recorder, Served, wall};
use cluster::Address;
use scenario::{Act, Backend, Dc, Outcome, Scenario};
use sim::Id;
use world::World;

/// Where a real server listens.
const PORT: u16 = 9042;

/// `tombstone serve [FILE|LINK|-] [--nodes N] [--port P] [--like scylla] [--password] [--record FILE]`
pub fn serve(mut args: Args, out: &mut Out) -> Result<Found, Error> {
    let authenticator = if args.flag("--password") { Authenticator::Password } else { Authenticator::AllowAll };
    let nodes = number(&mut args, "--nodes", u64::from(scenario::limits::NODES_MAX))?;
    let port = number(&mut args, "--port", u64::from(u16::MAX))?.map_or(PORT, |port| port as u16);
    let like = args.value("--like")?;
    let record = args.value("--record")?;
    let names = args.rest(&["--password", "--nodes", "--port", "--like", "--record"])?;
    if record.is_some() && !names.is_empty() {
        return Err(Error::usage("a recording begins with an empty cluster; leave the scenario out"));
    }
    // To the second, as a directive can say it.
    let start = wall() / 1_000_000 * 1_000_000;
    let text = match (names.as_slice(), nodes, like) {
        ([], nodes, like) => fresh(nodes.unwrap_or(3), start, like.as_deref()),
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
    let served = tokio::task::LocalSet::new().block_on(&runtime, async {
        let count = scenario.setup.cluster.nodes;
        let persona = scenario.setup.cluster.like;
        let bound = port::bind(count, port, persona).await.map_err(unbound)?;
        let dcs = names_of(&scenario.setup.cluster.dcs);
        let world = begin(scenario, start, names.is_empty(), out).await?;
        let (first, last, port) = (Address(Id(0)), Address(Id(count.saturating_sub(1))), bound.port());
        let which = if count > 1 { format!("{first} to {last}, port {port}") } else { format!("{first}, port {port}") };
        let noun = if count == 1 { "node" } else { "nodes" };
        let shards = bound
            .shard_aware_port()
            .map_or_else(String::new, |port| format!(", and with {} shards each at port {port}", port::SHARDS));
        out.line(format_args!("{count} {noun} of {dcs} at {which}{shards}; end with Ctrl-C"))?;
        out.flush()?;
        let mut served = Served::new(world, start, port, persona, authenticator);
        if let Some(path) = record {
            let recorder = Recorder::new(path.clone().into(), text.trim_end().to_string());
            served.record(recorder);
            served.save().map_err(|error| Error::File { name: path.clone(), why: model::told(&error) })?;
            out.line(format_args!("what is said is recorded in {path}"))?;
            out.flush()?;
        }
        bound.serve(served, true).await?;
        Ok(Found::Same)
    });
    // Nobody waits for a line that may never be typed.
    runtime.shutdown_background();
    served
}

/// A cluster without a scenario. Its data centre is called as that of any Cassandra is until somebody says otherwise: it is what a
/// client's program names.
fn fresh(nodes: u64, start: i64, like: Option<&str>) -> String {
    let like = like.map_or_else(String::new, |like| format!(" like={like}"));
    format!("--@ cluster dcs=datacenter1:{nodes} rf={nodes} latency=0ms start={}{like}\n", date(start))
}

fn names_of(dcs: &[Dc]) -> String {
    dcs.iter().map(|dc| &*dc.name).collect::<Vec<_>>().join(" and ")
}

/// The world as the scenario leaves it that began at `start`.
async fn begin(scenario: Scenario, start: i64, bare: bool, out: &mut Out) -> Result<World, Error> {
    let mut setup = scenario.setup;
    if bare {
        setup.demo = None;
    }
    let mut world = port::begin(&mut setup, start);
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
    Ok(world)
}

/// A moment as a directive says it.
fn date(us: i64) -> String {
    let text = cql::print::cell(&cql::Type::Timestamp, Some(&(us / 1_000).to_be_bytes()));
    format!("{}Z", text.get(..19).unwrap_or_default().replace(' ', "T"))
}

pub fn number(args: &mut Args, name: &str, most: u64) -> Result<Option<u64>, Error> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_cluster_is_one_data_centre_as_any_cassandra_is() {
        let (scenario, faults) = scenario::parse(&fresh(3, 1_735_689_600_000_000, Some("scylla")));
        let cluster = &scenario.setup.cluster;
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!((cluster.nodes, cluster.rf, cluster.start), (3, 3, 1_735_689_600_000_000));
        assert_eq!(names_of(&cluster.dcs), "datacenter1");
    }
}
