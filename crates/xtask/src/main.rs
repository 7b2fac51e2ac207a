//! `cargo xtask`: every command of the house, and the tools they need.
//!
//! *Never*: depends on a crate, of ours or of anybody. It is the first thing a fresh machine builds, so it builds in
//! seconds; what needs more (a driver, a browser) it runs as another program.
//!
//! The life of `cargo xtask test`: [`main`] finds the command in [`COMMANDS`]; the command names the [`tools`] it needs;
//! each is looked for in the per-user cache, or installed there under a lock, saying how far it is; then the command
//! runs its programs through [`run`], whose failures are one line of what, why and how by hand.

mod bench;
mod bless;
mod editor;
mod fuzz;
mod house;
mod oracle;
mod page;
mod run;
mod test;
mod tools;

use std::process::ExitCode;

use run::Failure;

/// One command: its name, what it takes, what it is for, and its body.
struct Command {
    name: &'static str,
    takes: &'static str,
    about: &'static str,
    body: fn(&[String]) -> Result<(), Failure>,
}

const COMMANDS: &[Command] = &[
    Command { name: "play", takes: "[--port N]", about: "build the page and serve it on loopback", body: page::play },
    Command {
        name: "test",
        takes: "[STEP…]",
        about: "run everything that must hold, and say where the time went",
        body: test::main,
    },
    Command {
        name: "oracle",
        takes: "FILE…",
        about: "ask a real Cassandra 5.0.6 for a scenario's outcomes",
        body: oracle::main,
    },
    Command {
        name: "bench",
        takes: "[WORD…|native|web] [--json FILE]",
        about: "what it costs, natively and as wasm; the port beside a real Cassandra; the page in a browser",
        body: bench::main,
    },
    Command {
        name: "fuzz",
        takes: "[TARGET…] [--seconds N]",
        about: "try bad input: scenario text, CQL, links, the wire, the port",
        body: fuzz::main,
    },
    Command {
        name: "soak",
        takes: "[--minutes N]",
        about: "many seeds and long fuzzing, for a night",
        body: fuzz::soak,
    },
    Command {
        name: "finish",
        takes: "",
        about: "make the built page short, its worker two halves; trunk calls it",
        body: page::finish,
    },
    Command { name: "editor", takes: "", about: "build the rich editor's bundle anew, with npm", body: editor::main },
    Command {
        name: "bless",
        takes: "",
        about: "write anew what only the model can say: its scenarios, the digests, every golden file",
        body: bless::main,
    },
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = args.split_first() else {
        list();
        return ExitCode::SUCCESS;
    };
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprintln!("cargo xtask: no command `{name}`; there are:");
        list();
        return ExitCode::from(2);
    };
    match (command.body)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("cargo xtask {name}: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn list() {
    for Command { name, takes, about, .. } in COMMANDS {
        println!("cargo xtask {:<32} {about}", format!("{name} {takes}"));
    }
}
