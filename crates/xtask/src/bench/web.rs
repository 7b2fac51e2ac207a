//! `cargo xtask bench web`: the page in a real browser, at sizes, and what Lighthouse says of it.

use std::path::PathBuf;
use std::process::Command;

use crate::house;
use crate::page;
use crate::run::{self, Failure};
use crate::tools::{CHROMEDRIVER, CHROMIUM, LIGHTHOUSE};

/// Builds the page as it is shipped, and measures it; `json` is where the figures go.
pub fn main(json: Option<PathBuf>) -> Result<(), Failure> {
    CHROMIUM.ready()?;
    let (driver, judge) = (CHROMEDRIVER.ready()?.join("chromedriver"), LIGHTHOUSE.ready()?.join("index.js"));
    let dist = page::build()?;
    let mut command = Command::new("node");
    command.arg(house::top().join("crates/xtask/browser/bench.mjs")).current_dir(house::top());
    command.env("DIST", dist).env("CHROMEDRIVER", driver).env("LIGHTHOUSE", judge);
    if let Some(path) = json {
        command.env("FIGURES", path);
    }
    run::shown(&mut command)
}
