//! `cargo xtask oracle`: a real Apache Cassandra, asked what is true.

pub mod node;

use std::path::Path;
use std::process::Command;

use crate::house;
use crate::run::{self, Failure};
use node::Node;

const HELP: &str = "\
cargo xtask oracle FILE…            the scenario's statements on a real Cassandra 5.0.6: writes `-->` and `--@ checked`
cargo xtask oracle --check FILE…    says where the outcomes differ from the server, and writes nothing
cargo xtask oracle --ask 'CQL; …'   a quick question; rows as cqlsh prints them, errors with their text
                                    (between statements also: CONSISTENCY X; TIMESTAMPS SERVER;)
cargo xtask oracle --differ SEED N  random statements on it and on the model, until N agree; the differences, made small
cargo xtask oracle --keep           start the node and leave it running: later calls answer within a second
cargo xtask oracle --stop           end the kept node
cargo xtask oracle --log            where the kept node's log is
";

/// Reads the arguments; see `HELP`.
pub fn main(args: &[String]) -> Result<(), Failure> {
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] | ["--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        ["--keep"] => {
            let port = node::kept()?;
            println!("a real Cassandra 5.0.6 answers at 127.0.0.1:{port}; end it with cargo xtask oracle --stop");
            Ok(())
        }
        ["--stop"] => node::stop_kept(),
        ["--log"] => {
            println!("{}", node::kept_dir()?.join("log").display());
            Ok(())
        }
        ["--ask", ref cql @ ..] if !cql.is_empty() => with_node(|port, dir| ask(port, dir, "ask", cql)),
        ["--differ", seed, statements] => with_node(|port, dir| ask(port, dir, "differ", &[seed, statements])),
        ["--check", ref files @ ..] if !files.is_empty() => with_node(|port, dir| ask(port, dir, "check", files)),
        [word, ..] if word.starts_with("--") => {
            Err(Failure::new(format!("understand {word}"), "no such option", "cargo xtask oracle --help"))
        }
        ref files => with_node(|port, dir| ask(port, dir, "bless", files)),
    }
}

/// The kept node if there is one, else one that ends with this process.
fn with_node(then: impl FnOnce(u16, &Path) -> Result<(), Failure>) -> Result<(), Failure> {
    if let Some(port) = node::running()? {
        return then(port, &node::kept_dir()?);
    }
    let node = Node::start()?;
    let done = then(node.port, &node.dir);
    drop(node);
    done
}

/// The program with the driver in it: built apart, into a folder that all clones share, for the driver is heavy.
fn ask(port: u16, dir: &Path, verb: &str, rest: &[&str]) -> Result<(), Failure> {
    let target = house::drivers_target()?;
    let mut build = Command::new("cargo");
    build.current_dir(house::top()).args(["build", "--package", "native", "--features", "drivers", "--bin", "oracle"]);
    build.arg("--target-dir").arg(&target);
    run::output(build.arg("--quiet"))?;
    run::shown(
        Command::new(target.join("debug/oracle"))
            .arg(format!("127.0.0.1:{port}"))
            .arg(dir.join("nodetool"))
            .arg(verb)
            .args(rest),
    )
}
