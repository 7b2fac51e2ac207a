//! `tombstone`: where did my rows go?

use std::process::ExitCode;

fn main() -> ExitCode {
    native::cli::main(std::env::args().skip(1).collect())
}
