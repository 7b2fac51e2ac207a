//! The `tombstone` program: the same texts and links that the page shows, in a terminal and in CI.
//!
//! A command's life: [`main`] takes it apart, reads its text or link, runs it on the model, prints to standard output what
//! another program may want to read and to standard error what only a person does, and answers with an exit code: 0 as
//! expected, 1 different, 2 it could not be read.

mod args;
mod error;
mod explain;
#[cfg(feature = "drivers")]
mod fuzz;
mod help;
mod links;
mod model;
mod out;
mod run;
mod serve;
mod suite;
mod whatif;

use args::Args;
use error::Error;
use out::Out;
use std::process::ExitCode;

/// How a command ended that could be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// All is as the text says.
    Same,
    /// It is not.
    Different,
}

/// Carry out a command line, without the program's name.
#[must_use]
pub fn main(words: Vec<String>) -> ExitCode {
    let mut out = Out::to_terminal();
    let found = command(words, &mut out);
    match found {
        Ok(Found::Same) => ExitCode::SUCCESS,
        Ok(Found::Different) => ExitCode::from(1),
        // Whoever read our output has read enough.
        Err(Error::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            out.fault(&error);
            ExitCode::from(2)
        }
    }
}

fn command(words: Vec<String>, out: &mut Out) -> Result<Found, Error> {
    let mut args = Args::new(words);
    let verb = args.next_word().unwrap_or_default();
    if args.flag("--help") || args.flag("-h") {
        return help::of(&verb, out);
    }
    match verb.as_str() {
        "" | "help" | "--help" | "-h" => help::of(&args.next_word().unwrap_or_default(), out),
        "run" => run::run(args, out),
        "bless" => run::bless(args, out),
        "suite" => suite::suite(args, out),
        "serve" => serve::serve(args, out),
        #[cfg(feature = "drivers")]
        "fuzz-cql" => fuzz::fuzz(args, out),
        #[cfg(not(feature = "drivers"))]
        "fuzz-cql" => Err(Error::usage("fuzz-cql asks through a real driver; build with --features native/drivers")),
        "link" => links::link(args, out),
        "open" => links::open(args, out),
        "explain" => explain::explain(args, out),
        "whatif" => whatif::whatif(args, out),
        "--version" | "-V" => {
            let model = scenario::link::MODEL_VERSION;
            out.line(format_args!("tombstone {} (model {model})", env!("CARGO_PKG_VERSION")))?;
            Ok(Found::Same)
        }
        other => {
            let near = help::COMMANDS.iter().map(|command| command.name);
            Err(Error::usage_near(format!("there is no command {other}"), scenario::nearest(other, near)))
        }
    }
}
