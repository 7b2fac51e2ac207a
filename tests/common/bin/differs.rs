//! Reads what the suite said on another runtime and prints it with the first event that differs from what happens here:
//! `cargo xtask test` sends it what failed in Node or in Chrome.

use std::io::{Read, Write};

fn main() -> std::io::Result<()> {
    let mut said = Vec::new();
    std::io::stdin().read_to_end(&mut said)?;
    std::io::stdout().write_all(suite::compared(&String::from_utf8_lossy(&said)).as_bytes())
}
