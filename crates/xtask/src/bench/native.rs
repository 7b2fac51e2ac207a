//! `cargo xtask bench native`: the CQL port beside a real Cassandra, through the same driver, in the same run.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::house;
use crate::oracle::node::Node;
use crate::run::{self, Failure};

/// Of each workload, on each server.
const SECONDS: &str = "5";
/// Sockets that are open and say nothing while the port is loaded.
const IDLE: [usize; 4] = [0, 10, 100, 1_000];

/// So many connections say nothing, at the end.
const CROWD: usize = 10_000;
/// Raises the limit of open files as far as it may be, and becomes the program that is named.
const OPEN_MANY: &str = r#"ulimit -n "$(ulimit -Hn)"; exec "$@""#;

struct Line {
    server: String,
    workload: String,
    in_flight: u32,
    per_second: f64,
    p50: f64,
    p99: f64,
}

/// Every figure, printed, and written to `json` where one is named.
pub fn main(json: Option<PathBuf>) -> Result<(), Failure> {
    let target = house::drivers_target()?;
    let mut build = Command::new("cargo");
    build.current_dir(house::top()).args(["build", "--release", "--package", "native", "--features", "drivers"]);
    build.args(["--bin", "load", "--bin", "tombstone"]).arg("--target-dir").arg(&target);
    run::long("building the port and its load", &mut build, run::crates)?;
    let release = target.join("release");

    let began = Instant::now();
    let port = Port::start(&release)?;
    println!("the port listens {} ms after it is started", began.elapsed().as_millis());
    let mut lines = Vec::new();
    for idle in IDLE {
        let name = if idle == 0 { "port".to_owned() } else { format!("port, {idle} idle") };
        lines.extend(measured(&release, &name, port.port, idle)?);
    }
    let loaded = port.resident();
    let crowd = Crowd::gather(&release, port.port)?;
    let (crowded, count) = (port.resident(), crowd.count);
    let (more, short) = (crowded.saturating_sub(loaded), CROWD.saturating_sub(count));
    println!("resident: {loaded} KiB with 100,000 rows; {more} KiB more with {count} idle connections");
    if short > 0 {
        println!("{short} more are beyond this machine's hard limit of open files (ulimit -Hn)");
    }
    lines.extend(measured(&release, &format!("port, {count} idle"), port.port, 0)?);
    drop((crowd, port));
    let node = Node::start()?;
    lines.extend(measured(&release, "cassandra-5.0.6", node.port, 0)?);
    drop(node);
    print(&lines);
    if let Some(path) = json {
        let rows: Vec<String> = lines.iter().map(Line::json).collect();
        house::write(&path, &format!("[\n{}\n]\n", rows.join(",\n")))?;
    }
    Ok(())
}

fn print(lines: &[Line]) {
    println!("\n{:<16} {:<8} {:>9} {:>12} {:>8} {:>8}", "server", "", "in flight", "requests/s", "p50 us", "p99 us");
    for line in lines {
        println!(
            "{:<16} {:<8} {:>9} {:>12.0} {:>8} {:>8}",
            line.server, line.workload, line.in_flight, line.per_second, line.p50, line.p99
        );
    }
    for line in lines.iter().filter(|line| line.server == "port") {
        let same = |other: &&Line| {
            other.server.starts_with("cassandra")
                && (&other.workload, other.in_flight) == (&line.workload, line.in_flight)
        };
        if let Some(real) = lines.iter().find(same) {
            let (faster, later) = (line.per_second / real.per_second, line.p99 / real.p99);
            println!("{} with {} in flight: {faster:.1} × Cassandra, p99 {later:.2} ×", line.workload, line.in_flight);
        }
    }
}

impl Line {
    fn read(server: &str, line: &str) -> Option<Line> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [workload, in_flight, per_second, p50, p99] = fields[..] else { return None };
        Some(Line {
            server: server.to_owned(),
            workload: workload.to_owned(),
            in_flight: in_flight.parse().ok()?,
            per_second: per_second.parse().ok()?,
            p50: p50.parse().ok()?,
            p99: p99.parse().ok()?,
        })
    }

    fn json(&self) -> String {
        let Line { server, workload, in_flight, per_second, p50, p99 } = self;
        format!(
            "  {{\"server\": \"{server}\", \"workload\": \"{workload}\", \"in_flight\": {in_flight}, \
             \"per_second\": {per_second}, \"p50_us\": {p50}, \"p99_us\": {p99}}}"
        )
    }
}

fn measured(release: &Path, server: &str, port: u16, idle: usize) -> Result<Vec<Line>, Failure> {
    eprintln!("loading {server}");
    let mut load = Command::new(release.join("load"));
    load.arg(format!("127.0.0.1:{port}")).arg(SECONDS).arg(idle.to_string());
    let said = run::output(&mut load)?;
    Ok(said.lines().filter_map(|line| Line::read(server, line)).collect())
}

/// A served cluster of one node, ended with this value.
struct Port {
    port: u16,
    child: Child,
}

impl Port {
    fn start(release: &Path) -> Result<Port, Failure> {
        let why = |why: String| Failure::new("start the port", why, "tombstone serve --nodes 1 --port 0");
        let mut serve = open_many(release.join("tombstone"));
        serve.args(["serve", "--nodes", "1", "--port", "0"]).stdout(Stdio::piped());
        let mut child = serve.spawn().map_err(|error| why(error.to_string()))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(|error| why(error.to_string()))?;
        }
        let said = line.split("port ").nth(1).and_then(|rest| rest.split(';').next()?.trim().parse().ok());
        let port = said.ok_or_else(|| why(format!("it says {line:?}")))?;
        Ok(Port { port, child })
    }

    /// Resident memory, KiB.
    fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}

fn open_many(program: PathBuf) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", OPEN_MANY, "sh"]).arg(program);
    command
}

/// Connections that are open and say nothing, as long as this value lives.
struct Crowd {
    count: usize,
    child: Child,
}

impl Crowd {
    fn gather(release: &Path, port: u16) -> Result<Crowd, Failure> {
        let why = |why: String| Failure::new("open many connections", why, "load ADDRESS:PORT crowd N");
        let mut load = open_many(release.join("load"));
        load.arg(format!("127.0.0.1:{port}")).args(["crowd", &CROWD.to_string()]);
        let mut child =
            load.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(|error| why(error.to_string()))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(|error| why(error.to_string()))?;
        }
        let count = line.trim().parse().map_err(|_| why(format!("it says {line:?}")))?;
        Ok(Crowd { count, child })
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        // It ends when its standard input does.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
