//! Asks a real server. `cargo xtask oracle` starts one and calls this.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use cql::Response;
use native::drivers::clock::now_us;
use native::drivers::scylla::Client;
use native::drivers::{Client as _, Drivers, Manner, PLAIN, Stamp};
use scenario::{Blessed, End, Need};

const USAGE: &str = "\
oracle HOST:PORT NODETOOL ask 'CQL; CQL …'     each statement and what the server says, values as cqlsh prints them
oracle HOST:PORT NODETOOL bless FILE…          writes each outcome under its statement, and `--@ checked`
oracle HOST:PORT NODETOOL differ SEED N        random statements on the server and on the model, until N agree or 20 differences are found
oracle HOST:PORT NODETOOL check FILE…          says where the files differ from the server, and writes nothing";

/// Differences after which a hunt is over.
const FOUND_MAX: usize = 20;

/// How often a run is repeated whose pauses were longer than the difference of clocks that it studies.
const TRIES_MAX: u32 = 3;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let server = args.next().and_then(|text| text.parse::<SocketAddr>().ok());
    let (Some(server), Some(nodetool), Some(verb)) = (server, args.next(), args.next()) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        eprintln!("oracle: no runtime");
        return ExitCode::from(2);
    };
    let rest: Vec<String> = args.collect();
    let done = match verb.as_str() {
        "ask" => runtime.block_on(ask(server, &rest.join(" "))).map(|()| true),
        "differ" => runtime.block_on(differ(server, &rest)),
        "bless" => runtime.block_on(files(server, &nodetool, &rest, true)),
        "check" => runtime.block_on(files(server, &nodetool, &rest, false)),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(text) => {
            eprintln!("oracle: {text}");
            ExitCode::from(2)
        }
    }
}

/// The hunt for a difference; what it found is a scenario.
async fn differ(server: SocketAddr, rest: &[String]) -> Result<bool, String> {
    let number = |at: usize| rest.get(at).and_then(|word| word.parse::<u64>().ok()).ok_or_else(|| USAGE.to_owned());
    let (seed, statements) = (number(0)?, number(1)?);
    let mut shown = 0;
    let hunt = native::differ::hunt(server, seed, statements, FOUND_MAX, |hunt| {
        hunt.found.iter().skip(shown).for_each(|found| println!("{found}\n"));
        shown = hunt.found.len();
        if hunt.programs.is_multiple_of(20) {
            eprintln!("{} of {statements} statements agree", hunt.agreed);
        }
    });
    let hunt = hunt.await.map_err(|error| error.to_string())?;
    println!("{hunt}");
    Ok(hunt.found.is_empty())
}

/// The quick question: as cqlsh asks (ONE, client stamps in µs); `CONSISTENCY X;` and `TIMESTAMPS SERVER;` are heeded.
/// Nothing is renamed: it is our own server.
async fn ask(server: SocketAddr, text: &str) -> Result<(), String> {
    let mut client = Client::connect(server).await.map_err(|error| error.to_string())?;
    let (mut consistency, mut stamps) = ("ONE", true);
    for statement in split(text) {
        let words: Vec<String> = statement.split_whitespace().map(str::to_uppercase).collect();
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["CONSISTENCY", level] => {
                let known = cql::Consistency::ALL.iter().map(|known| known.name()).find(|known| *known == level);
                consistency = known.ok_or_else(|| format!("no consistency level {level}"))?;
                continue;
            }
            ["TIMESTAMPS", "SERVER"] => {
                stamps = false;
                continue;
            }
            _ => {}
        }
        let stamp = if stamps { Stamp::At(now_us()) } else { Stamp::Server };
        let manner = Manner { consistency, stamp, ..PLAIN };
        println!("{statement};");
        match client.ask(&statement, &manner).await.map_err(|error| error.to_string())? {
            Response::Rows(rows, _) => cql::print::table(&rows).iter().for_each(|line| println!("  {line}")),
            Response::Error(error) => println!("  {error}: {}", error.message()),
            _ => println!("  ok"),
        }
    }
    Ok(())
}

/// Runs each file; true when every one of them ran whole, and agrees when nothing is to be written.
async fn files(server: SocketAddr, nodetool: &str, files: &[String], write: bool) -> Result<bool, String> {
    let version = version(server).await?;
    let mut good = true;
    for name in files {
        let text = std::fs::read_to_string(name).map_err(|error| format!("{name}: {error}"))?;
        let (parsed, faults) = scenario::parse(&text);
        if let Some(fault) = faults.first() {
            println!("{name}: {fault}");
            good = false;
            continue;
        }
        if let Some((_, why)) = parsed.needs.iter().find(|(need, _)| *need == Need::Model) {
            println!("{name}: left as it is, for it needs the model: {why}");
            continue;
        }
        let (mut fine, mut futures) = (true, Vec::new());
        let stamped = asked(server, nodetool, name, &text, &version, write, &mut fine).await?;
        for branch in scenario::branches(&text) {
            let name = format!("{name} ~ {}", branch.name);
            if let Some(stamped) = asked(server, nodetool, &name, &branch.text, &version, write, &mut fine).await? {
                futures.push((branch.name, stamped));
            }
        }
        let futures: Vec<(&str, &str)> = futures.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        if let Some(stamped) = stamped.filter(|_| write && fine) {
            let whole = if futures.is_empty() { stamped } else { scenario::with_branches(&stamped, &futures) };
            if whole != text {
                std::fs::write(name, whole).map_err(|error| format!("{name}: {error}"))?;
            }
        }
        good &= fine;
    }
    Ok(good)
}

/// One text's outcomes by the server, stamped; nothing when it did not run whole. Says what differs.
async fn asked(
    server: SocketAddr,
    nodetool: &str,
    name: &str,
    text: &str,
    version: &str,
    write: bool,
    fine: &mut bool,
) -> Result<Option<String>, String> {
    match run(server, nodetool, text).await? {
        Err(why) => {
            println!("{name}: {why}");
            *fine = false;
            Ok(None)
        }
        Ok(blessed) => {
            let changed = difference(text, &blessed.text);
            let all = blessed.answers.iter().filter(|answer| !answer.lines.is_empty()).count();
            println!("{name}: {all} outcomes by cassandra {version}, {} lines differ", changed.len());
            changed.iter().for_each(|line| println!("  {line}"));
            *fine &= write || changed.is_empty();
            Ok(Some(scenario::stamp(&blessed.text, version)))
        }
    }
}

/// One file's run, in keyspaces of its own; the inner error is a skip, with its reason.
async fn run(server: SocketAddr, nodetool: &str, text: &str) -> Result<Result<Blessed, String>, String> {
    for _ in 0..TRIES_MAX {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
        let run = format!("{:x}{:x}", since.as_millis(), std::process::id());
        let mut drivers = Drivers::oracle(server, nodetool.into(), &run);
        let blessed = scenario::bless(text, &mut drivers, &mut ()).await;
        drivers.clean().await.map_err(|error| error.to_string())?;
        match &blessed.end {
            End::Skipped(why) => return Ok(Err(format!("skipped: {why}"))),
            End::Stopped { line, why } => return Ok(Err(format!("stopped at line {line}: {why}"))),
            End::Broken(why) => return Ok(Err(format!("not begun: {why}"))),
            End::Faulty | End::Cancelled => return Ok(Err("not run whole".into())),
            End::Whole => {}
        }
        match drivers.inconclusive() {
            None => return Ok(Ok(blessed)),
            Some((pause, difference)) => {
                eprintln!(
                    "again: {} ms between two statements, {} ms between the clocks",
                    pause / 1000,
                    difference / 1000
                );
            }
        }
    }
    Ok(Err("inconclusive: the machine is too slow for these clocks".into()))
}

async fn version(server: SocketAddr) -> Result<String, String> {
    let mut client = Client::connect(server).await.map_err(|error| error.to_string())?;
    match client.ask("SELECT release_version FROM system.local", &PLAIN).await.map_err(|error| error.to_string())? {
        Response::Rows(rows, _) => {
            let first = rows.rows.first().and_then(|row| row.first()).and_then(Option::as_ref);
            first
                .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
                .ok_or_else(|| "the server has no version".into())
        }
        other => Err(format!("the server does not tell its version: {other:?}")),
    }
}

/// The outcomes that differ, the file's with `-` and the server's with `+`.
fn difference(before: &str, after: &str) -> Vec<String> {
    let outcomes = |text: &str| {
        let lines = text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("-->"));
        lines.map(|(_, line)| line.trim().to_owned()).collect::<Vec<_>>()
    };
    let (old, new) = (outcomes(before), outcomes(after));
    let same_head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[same_head..], &new[same_head..]);
    let same_tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let removed = old[..old.len() - same_tail].iter().map(|line| format!("- {line}"));
    removed.chain(new[..new.len() - same_tail].iter().map(|line| format!("+ {line}"))).collect()
}

/// At each `;` outside quotes; `BEGIN BATCH … APPLY BATCH` stays whole.
fn split(text: &str) -> Vec<String> {
    let (mut found, mut current, mut quote) = (Vec::new(), String::new(), None);
    for letter in text.chars() {
        match quote {
            Some(mark) if mark == letter => quote = None,
            None if letter == '\'' || letter == '"' => quote = Some(letter),
            _ => {}
        }
        let upper = current.trim().to_uppercase();
        let batching = upper.starts_with("BEGIN ") && !upper.ends_with("APPLY BATCH");
        if letter == ';' && quote.is_none() && !batching {
            found.push(std::mem::take(&mut current));
        } else {
            current.push(letter);
        }
    }
    found.push(current);
    found.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}
