//! `suite`: every scenario under a path, as a table.

use super::Found;
use super::args::Args;
use super::error::Error;
use super::model;
use super::out::{Out, Tone};
use super::run::ending;
use scenario::{End, Provenance, compare, provenance};
use serde_json::json;
use std::path::{Path, PathBuf};

/// One scenario's line.
struct Row {
    name: String,
    passed: Option<bool>,
    says: String,
    origin: String,
    details: Vec<String>,
}

/// `tombstone suite [PATH] [--json]`
pub fn suite(mut args: Args, out: &mut Out) -> Result<Found, Error> {
    let json = args.flag("--json");
    let paths = args.rest(&["--json"])?;
    let path = match paths.as_slice() {
        [] => "tests/scenarios",
        [path] => path,
        _ => return Err(Error::usage("suite takes one path")),
    };
    let files =
        scenarios(Path::new(path)).map_err(|error| Error::File { name: path.into(), why: model::told(&error) })?;
    if files.is_empty() {
        return Err(Error::Usage(format!("there is no .cql file in {path}")));
    }
    let mut rows = Vec::new();
    for file in &files {
        let row = one(file, Path::new(path));
        if !json {
            print(&row, out)?;
        }
        rows.push(row);
    }
    let count = |passed: Option<bool>| rows.iter().filter(|row| row.passed == passed).count();
    let (passed, failed, skipped) = (count(Some(true)), count(Some(false)), count(None));
    let model = rows.iter().filter(|row| row.origin == "model only").count();
    if json {
        let all = rows.iter().map(|row| {
            json!({ "name": row.name, "passed": row.passed, "says": row.says, "origin": row.origin, "details": row.details })
        });
        out.line(format_args!("{}", json!({ "scenarios": all.collect::<Vec<_>>(), "passed": passed, "failed": failed, "skipped": skipped, "model_only": model })))?;
    } else {
        out.line(format_args!(
            "{model} of {} scenarios ({} %) are the model's own word",
            rows.len(),
            model * 100 / rows.len()
        ))?;
        let skips = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
        out.line(format_args!("{}", out.toned(Tone::Strong, format!("{passed} passed, {failed} failed{skips}"))))?;
    }
    out.flush()?;
    Ok(if failed == 0 { Found::Same } else { Found::Different })
}

fn one(file: &Path, top: &Path) -> Row {
    let name =
        file.strip_prefix(top).ok().filter(|rest| rest.iter().next().is_some()).unwrap_or(file).display().to_string();
    let text = match model::read_file(&file.display().to_string()) {
        Ok(text) => text,
        // One that cannot be read is no reason not to run the others.
        Err(error) => {
            let (says, origin) = ("it cannot be read".into(), "nobody".into());
            return Row { name, passed: Some(false), says, origin, details: vec![error.to_string()] };
        }
    };
    let ran = model::run(&text, false);
    let agreement = compare(&text, &ran.blessed.text);
    let mut details: Vec<String> = agreement
        .differences
        .iter()
        .flat_map(|d| d.to_string().lines().map(String::from).collect::<Vec<_>>())
        .collect();
    let mut passed = Some(ran.blessed.text == text && ran.blessed.end == End::Whole);
    let mut says = agreement.to_string();
    match &ran.blessed.end {
        End::Whole => {}
        End::Skipped(why) => (passed, says) = (None, format!("skipped: {why}")),
        end => {
            says = ending(end).unwrap_or_default();
            details.extend(ran.blessed.faults.iter().map(|fault| format!("{name}:{fault}")));
        }
    }
    let origin = match provenance(&text) {
        Provenance::Checked(version) => format!("cassandra {version}"),
        Provenance::ModelOnly(_) => "model only".into(),
        Provenance::Dishonest(why) => {
            passed = Some(false);
            details.push(why);
            "nobody".into()
        }
    };
    Row { name, passed, says, origin, details }
}

fn print(row: &Row, out: &mut Out) -> Result<(), Error> {
    let mark = match row.passed {
        Some(true) => out.toned(Tone::Good, "ok  "),
        Some(false) => out.toned(Tone::Bad, "FAIL"),
        None => out.toned(Tone::Faint, "skip"),
    };
    let origin = out.toned(Tone::Faint, format!("{:<16}", row.origin));
    out.line(format_args!("{mark}  {:<52}  {origin}  {}", row.name, row.says))?;
    if row.passed == Some(false) {
        for line in &row.details {
            out.line(format_args!("      {line}"))?;
        }
    }
    Ok(())
}

/// Every scenario under a path, sorted by name.
fn scenarios(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.into()]);
    }
    let mut all = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_dir() {
            all.extend(scenarios(&path)?);
        } else if path.extension().is_some_and(|end| end == "cql") {
            all.push(path);
        }
    }
    all.sort();
    Ok(all)
}
