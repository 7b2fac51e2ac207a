//! `cargo xtask bench native`: the CQL port beside a real Cassandra, through the same driver, in the same run.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
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
    let sockets: Vec<_> = (0..1_000).filter_map(|_| TcpStream::connect(("127.0.0.1", port.port)).ok()).collect();
    std::thread::sleep(std::time::Duration::from_millis(200));
    let count = sockets.len();
    println!("resident: {loaded} KiB with 100,000 rows; {} KiB with {count} idle connections more", port.resident());
    drop((sockets, port));
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
        let mut serve = Command::new(release.join("tombstone"));
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

impl Drop for Port {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
