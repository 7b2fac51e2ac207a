//! One real node: started, waited for, always ended.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::house;
use crate::run::{self, Failure};
use crate::tools;

const YAML: &str = include_str!("../../oracle/cassandra.yaml");
const LOGBACK: &str = include_str!("../../oracle/logback.xml");
const START_SECONDS_MAX: u64 = 120;

/// What Cassandra 5.0 wants opened on Java 17 (real-cluster.md, section 1).
const EXPORTS: &str = "java.base/jdk.internal.misc java.base/jdk.internal.ref java.base/sun.nio.ch \
    java.management.rmi/com.sun.jmx.remote.internal.rmi java.rmi/sun.rmi.registry java.rmi/sun.rmi.server \
    java.sql/java.sql java.base/java.lang.ref jdk.unsupported/sun.misc";
const OPENS: &str = "java.base/java.lang.module java.base/java.net java.base/jdk.internal.loader \
    java.base/jdk.internal.ref java.base/jdk.internal.reflect java.base/jdk.internal.math java.base/jdk.internal.module \
    java.base/jdk.internal.util.jar jdk.management/com.sun.management.internal java.base/sun.nio.ch java.base/java.io \
    java.base/java.lang java.base/java.nio java.base/java.util java.base/java.util.concurrent \
    java.base/java.util.concurrent.atomic java.base/java.lang.reflect";

/// Ends the node by its id and removes its folder as soon as our end of the pipe closes.
const KEEPER: &str = r#"
    trap '' INT HUP
    dir=$1; shift
    "$@" >"$dir/log" 2>&1 </dev/null & pid=$!
    echo $pid >"$dir/pid"
    read -r closed
    kill -9 $pid
    wait $pid
    rm -rf "$dir"
"#;

/// A node that lives as long as this value, and no longer than this process, however the process ends.
///
/// A shell stands between: it reads from a pipe that we hold, and the pipe closes on drop, panic, Ctrl-C and kill -9.
pub struct Node {
    /// Where it answers CQL, on loopback.
    pub port: u16,
    /// Its folder.
    pub dir: PathBuf,
    keeper: Child,
}

impl Node {
    /// Starts a node in a folder of its own and waits until it answers.
    pub fn start() -> Result<Self, Failure> {
        let dir = std::env::temp_dir().join(format!("tombstone-oracle-{}", std::process::id()));
        let (port, java) = prepared(&dir)?;
        let began = Instant::now();
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "sh"]).arg(&dir).arg(java.get_program()).args(java.get_args());
        keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let keeper = keeper.spawn().map_err(|error| no_java(&error.to_string()))?;
        let node = Self { port, dir, keeper };
        await_answer(&node.dir, port, began)?;
        Ok(node)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// The folder of the node that `--keep` leaves running.
pub fn kept_dir() -> Result<PathBuf, Failure> {
    Ok(house::cache()?.join("oracle-kept"))
}

/// The port of the kept node, if it runs and answers.
pub fn running() -> Result<Option<u16>, Failure> {
    let dir = kept_dir()?;
    let port = std::fs::read_to_string(dir.join("port")).ok().and_then(|text| text.trim().parse().ok());
    Ok(port.filter(|port| alive(&dir) && answers(*port)))
}

/// The port of the kept node, which is started if need be.
pub fn kept() -> Result<u16, Failure> {
    let _held = house::lock("oracle")?;
    if let Some(port) = running()? {
        return Ok(port);
    }
    stop_kept()?;
    let dir = kept_dir()?;
    let (port, java) = prepared(&dir)?;
    let began = Instant::now();
    let path = dir.join("log");
    let log = std::fs::File::create(&path).map_err(|error| Failure::io("write", &path, &error))?;
    let again = log.try_clone().map_err(|error| Failure::io("write", &path, &error))?;
    let mut command = Command::new("nohup");
    command
        .arg(java.get_program())
        .args(java.get_args())
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(again)
        .process_group(0);
    let child = command.spawn().map_err(|error| no_java(&error.to_string()))?;
    house::write(&dir.join("pid"), &child.id().to_string())?;
    house::write(&dir.join("port"), &port.to_string())?;
    await_answer(&dir, port, began)?;
    Ok(port)
}

/// Ends the kept node, if there is one.
pub fn stop_kept() -> Result<(), Failure> {
    let dir = kept_dir()?;
    if alive(&dir) {
        let pid = house::read(&dir.join("pid"))?;
        run::output(Command::new("kill").args(["-9", pid.trim()]))?;
        while alive(&dir) {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    let _ = std::fs::remove_dir_all(&dir);
    Ok(())
}

/// Whether the process of the folder's `pid` is ours: a number alone may have been given to somebody else since.
fn alive(dir: &Path) -> bool {
    let Ok(pid) = std::fs::read_to_string(dir.join("pid")) else { return false };
    let Ok(command) = std::fs::read(format!("/proc/{}/cmdline", pid.trim())) else { return false };
    String::from_utf8_lossy(&command).contains(&*dir.to_string_lossy())
}

/// Writes the configuration and `nodetool`, and gives the port and the command.
fn prepared(dir: &Path) -> Result<(u16, Command), Failure> {
    let lib = tools::CASSANDRA.ready()?;
    java_is_17()?;
    let _ = std::fs::remove_dir_all(dir);
    house::make(dir)?;
    let [port, internode, jmx] = free_ports()?;
    let yaml = YAML.replace("{dir}", &dir.to_string_lossy());
    let yaml = yaml.replace("{port}", &port.to_string()).replace("{internode}", &internode.to_string());
    house::write(&dir.join("cassandra.yaml"), &yaml)?;
    house::write(&dir.join("logback.xml"), LOGBACK)?;
    house::write(&dir.join("rackdc.properties"), "dc=dc1\nrack=r1\n")?;
    let class_path = format!("{}/*", lib.display());
    nodetool(dir, &class_path, jmx)?;
    let mut java = Command::new("java");
    java.args(["-Xms512M", "-Xmx512M", "-Xmn128M", "-XX:+UseSerialGC", "-Xss256k", "-XX:TieredStopAtLevel=1"]);
    java.args(["-XX:MaxDirectMemorySize=128M", "-Xlog:disable"]).args(opened());
    let here = dir.display();
    java.arg(format!("-Dcassandra.config=file://{here}/cassandra.yaml"));
    java.arg(format!("-Dlogback.configurationFile=file://{here}/logback.xml"));
    java.arg(format!("-Dcassandra-rackdc.properties=file://{here}/rackdc.properties"));
    java.arg(format!("-Dcassandra.storagedir={here}"));
    java.args([
        "-Dcassandra-foreground=yes",
        "-Dcassandra.skip_wait_for_gossip_to_settle=0",
        "-Dcassandra.ring_delay_ms=100",
    ]);
    java.args(["-Dcassandra.superuser_setup_delay_ms=0", "-Dcassandra.available_processors=2"]);
    java.arg("-Djdk.attach.allowAttachSelf=true").arg(format!("-Dcassandra.jmx.local.port={jmx}"));
    java.arg("-cp").arg(class_path).arg("org.apache.cassandra.service.CassandraDaemon");
    Ok((port, java))
}

/// The modules that Cassandra wants, as options.
fn opened() -> Vec<String> {
    let options = |flag: &str, modules: &str| {
        let each = modules.split_whitespace().map(|module| [flag.to_owned(), format!("{module}=ALL-UNNAMED")]);
        each.flatten().collect::<Vec<_>>()
    };
    [options("--add-exports", EXPORTS), options("--add-opens", OPENS)].concat()
}

/// A program in the node's folder that speaks to it as `nodetool` does.
fn nodetool(dir: &Path, class_path: &str, jmx: u16) -> Result<(), Failure> {
    let path = dir.join("nodetool");
    let opened = opened().join(" ");
    let script = format!(
        "#!/bin/sh\nexec java -Xmx128M -XX:+UseSerialGC -XX:TieredStopAtLevel=1 {opened} -Dlogback.configurationFile=file://{}/logback.xml \
         -cp '{class_path}' org.apache.cassandra.tools.NodeTool -h 127.0.0.1 -p {jmx} \"$@\"\n",
        dir.display()
    );
    house::write(&path, &script)?;
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .map_err(|error| Failure::io("make executable", &path, &error))
}

fn await_answer(dir: &Path, port: u16, began: Instant) -> Result<(), Failure> {
    let settled = Duration::from_millis(500); // a process just born is not yet the program it will be
    while !answers(port) {
        if began.elapsed() > settled && !alive(dir) || began.elapsed().as_secs() > START_SECONDS_MAX {
            let log = std::fs::read_to_string(dir.join("log")).unwrap_or_default();
            let why = log
                .lines()
                .rfind(|line| line.contains("ERROR") || line.contains("Exception"))
                .unwrap_or("it said nothing");
            return Err(Failure::new("start Cassandra", why, "it wants Java 17 and 1 GB of free memory"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    eprintln!("a real Cassandra 5.0.6 is up after {:.1} s", began.elapsed().as_secs_f32());
    Ok(())
}

/// An OPTIONS frame gets a SUPPORTED one.
fn answers(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let Ok(mut socket) = TcpStream::connect_timeout(&address, Duration::from_secs(1)) else { return false };
    let mut header = [0; 9];
    socket.set_read_timeout(Some(Duration::from_secs(1))).is_ok()
        && socket.write_all(&[4, 0, 0, 0, 5, 0, 0, 0, 0]).is_ok()
        && socket.read_exact(&mut header).is_ok()
        && header[4] == 6
}

/// Three that nobody uses now.
fn free_ports() -> Result<[u16; 3], Failure> {
    let failure = |error: std::io::Error| Failure::new("find a free port", error.to_string(), "");
    let free = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failure);
    let held = [free()?, free()?, free()?];
    let port = |socket: &TcpListener| Ok(socket.local_addr().map_err(failure)?.port());
    Ok([port(&held[0])?, port(&held[1])?, port(&held[2])?])
}

fn java_is_17() -> Result<(), Failure> {
    let out = Command::new("java").arg("-version").output().map_err(|error| no_java(&error.to_string()))?;
    let said = String::from_utf8_lossy(&out.stderr);
    if said.contains("\"17.") || said.contains("\"11.") {
        Ok(())
    } else {
        Err(no_java(said.lines().next().unwrap_or("no version")))
    }
}

fn no_java(why: &str) -> Failure {
    Failure::new(
        "run Cassandra 5.0",
        format!("it wants Java 17, and found {why}"),
        "apt-get install openjdk-17-jre-headless",
    )
}
