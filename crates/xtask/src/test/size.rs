//! What a first visit costs: bytes after brotli, as a server would send them.

use std::path::Path;
use std::process::Command;

use super::report::Tally;
use crate::run::{self, Failure};

/// First load (html, css, glue, UI wasm), KiB after brotli.
const PAGE_KIB_MAX: f64 = 350.0;
/// The worker's glue and first half, which the first run waits for, KiB after brotli.
const WORKER_KIB_MAX: f64 = 250.0;
/// The worker's second half, which comes when something of it is called, KiB after brotli.
const MORE_KIB_MAX: f64 = 300.0;
/// The rich editor's bundle, which comes when nothing else is to be done, KiB after brotli.
const EDITOR_KIB_MAX: f64 = 150.0;

/// Node's zlib has the brotli that we need not install.
const MEASURE: &str = "
    const { readdirSync, readFileSync } = require('fs'), { brotliCompressSync } = require('zlib');
    for (const name of readdirSync(process.argv[1]))
        if (/\\.(html|css|js|wasm)$/.test(name) && name !== 'directives.html')
            console.log(name, readFileSync(`${process.argv[1]}/${name}`).length,
                brotliCompressSync(readFileSync(`${process.argv[1]}/${name}`)).length);";

/// Measures `dist` against the limits.
pub fn check(dist: &Path) -> Result<Tally, Failure> {
    let said = run::output(Command::new("node").arg("-e").arg(MEASURE).arg(dist))?;
    let (mut page, mut worker, mut more, mut editor) = (0.0, 0.0, 0.0, 0.0);
    for line in said.lines() {
        let mut words = line.split(' ');
        let (Some(name), Some(_), Some(Ok(small))) = (words.next(), words.next(), words.next().map(str::parse::<f64>))
        else {
            continue;
        };
        if name == "worker_more.wasm" {
            more += small / 1024.0
        } else if name.starts_with("worker") {
            worker += small / 1024.0
        } else if name == "editor.js" {
            editor += small / 1024.0
        } else {
            page += small / 1024.0
        }
        eprintln!("  {line}");
    }
    let note = format!(
        "first load {page:.1} KiB of {PAGE_KIB_MAX}, worker {worker:.1} KiB of {WORKER_KIB_MAX}, its rest {more:.1} KiB \
         of {MORE_KIB_MAX}, editor {editor:.1} KiB of {EDITOR_KIB_MAX} (brotli)"
    );
    let parts = [(page, PAGE_KIB_MAX), (worker, WORKER_KIB_MAX), (more, MORE_KIB_MAX), (editor, EDITOR_KIB_MAX)];
    if parts.iter().any(|(is, most)| is > most || *is == 0.0) {
        return Err(Failure::new("keep the page small", note, ""));
    }
    Ok(Tally::one().noted(note))
}
