//! `suite`: every scenario under a path, as a table; on the model, or through real drivers on what they reach.

#[cfg(feature = "drivers")]
pub mod real;

use super::Found;
use super::args::Args;
use super::error::Error;
use super::model;
use super::out::{Out, Tone};
use super::run::ending;
use scenario::{Agreement, Blessed, End, Provenance, compare, provenance};
use serde_json::json;
use std::path::{Path, PathBuf};

/// One scenario's line.
struct Row {
    /// What it ran on.
    on: String,
    name: String,
    passed: Option<bool>,
    says: String,
    origin: String,
    details: Vec<String>,
}

/// What the scenarios run on.
enum On {
    Model,
    #[cfg(feature = "drivers")]
    Real(real::Real),
}

/// `tombstone suite [PATH] [--backend model|port:DRIVER|cassandra:DRIVER|contact:HOST:PORT[:DRIVER]] [--all] [--json]`
pub fn suite(mut args: Args, out: &mut Out) -> Result<Found, Error> {
    let (json, all) = (args.flag("--json"), args.flag("--all"));
    let backend = args.value("--backend")?;
    let paths = args.rest(&["--json", "--all", "--backend"])?;
    let backends = backends(backend.as_deref(), all)?;
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
    for mut on in backends {
        if let Some(row) = on.unready()? {
            rows.extend(shown(row, json, out)?);
            continue;
        }
        for file in &files {
            for row in one(file, Path::new(path), &mut on) {
                rows.extend(shown(Row { on: on.name(), ..row }, json, out)?);
            }
        }
    }
    let count = |passed: Option<bool>| rows.iter().filter(|row| row.passed == passed).count();
    let (passed, failed, skipped) = (count(Some(true)), count(Some(false)), count(None));
    let model = rows.iter().filter(|row| row.origin == "model only").count();
    if json {
        let all = rows.iter().map(|row| {
            json!({ "on": row.on, "name": row.name, "passed": row.passed, "says": row.says, "origin": row.origin, "details": row.details })
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

/// What `--backend` and `--all` say.
#[cfg(feature = "drivers")]
fn backends(backend: Option<&str>, all: bool) -> Result<Vec<On>, Error> {
    match (backend, all) {
        (None | Some("model"), false) => Ok(vec![On::Model]),
        (None | Some("port"), true) => Ok(real::Real::every()?.map(On::Real).collect()),
        (Some(text), false) => Ok(vec![On::Real(real::Real::parse(text)?)]),
        (Some(text), true) => Err(Error::usage(format!("--all is every driver on the port, and not {text}"))),
    }
}

#[cfg(not(feature = "drivers"))]
fn backends(backend: Option<&str>, all: bool) -> Result<Vec<On>, Error> {
    match (backend, all) {
        (None | Some("model"), false) => Ok(vec![On::Model]),
        _ => Err(Error::usage("real drivers are not in this program; build it with --features native/drivers")),
    }
}

impl On {
    /// As a row names it; the model, which everything else is beside, goes without.
    fn name(&self) -> String {
        match self {
            On::Model => String::new(),
            #[cfg(feature = "drivers")]
            On::Real(real) => real.name(),
        }
    }

    /// The line that stands for all scenarios when none can be run.
    fn unready(&self) -> Result<Option<Row>, Error> {
        match self {
            On::Model => Ok(None),
            #[cfg(feature = "drivers")]
            On::Real(real) => Ok(real.unready()?.map(|why| Row {
                on: real.name(),
                name: "every scenario".into(),
                passed: None,
                says: format!("skipped: {why}"),
                origin: "nobody".into(),
                details: Vec::new(),
            })),
        }
    }

    fn run(&mut self, text: &str) -> Blessed {
        match self {
            On::Model => model::run(text, false).blessed,
            #[cfg(feature = "drivers")]
            On::Real(real) => real.run(text),
        }
    }

    /// Whether a run came to what its text says. The model gives the same bytes, its account too; of others the outcomes are
    /// compared, and what nobody compared agrees with nothing.
    fn agrees(&self, text: &str, blessed: &Blessed, agreement: &Agreement) -> bool {
        let same = agreement.differences.is_empty();
        let same = match self {
            On::Model => same && blessed.text == text,
            #[cfg(feature = "drivers")]
            On::Real(_) => same && agreement.compared > 0,
        };
        same && blessed.end == End::Whole
    }
}

fn shown(row: Row, json: bool, out: &mut Out) -> Result<Option<Row>, Error> {
    if !json {
        print(&row, out)?;
        out.flush()?;
    }
    Ok(Some(row))
}

/// A file's rows: its text, and each other future that stands under it.
fn one(file: &Path, top: &Path, on: &mut On) -> Vec<Row> {
    let nobody = String::new;
    let name =
        file.strip_prefix(top).ok().filter(|rest| rest.iter().next().is_some()).unwrap_or(file).display().to_string();
    let text = match model::read_file(&file.display().to_string()) {
        Ok(text) => text,
        // One that cannot be read is no reason not to run the others.
        Err(error) => {
            let (says, origin) = ("it cannot be read".into(), "nobody".into());
            return vec![Row {
                on: nobody(),
                name,
                passed: Some(false),
                says,
                origin,
                details: vec![error.to_string()],
            }];
        }
    };
    let futures = scenario::branches(&text).into_iter();
    let futures: Vec<Row> = futures.map(|branch| ran(format!("{name} ~ {}", branch.name), &branch.text, on)).collect();
    std::iter::once(ran(name, &text, on)).chain(futures).collect()
}

fn ran(name: String, text: &str, on: &mut On) -> Row {
    let blessed = on.run(text);
    let agreement = compare(text, &blessed.text);
    let mut details: Vec<String> = agreement
        .differences
        .iter()
        .flat_map(|d| d.to_string().lines().map(String::from).collect::<Vec<_>>())
        .collect();
    let mut passed = Some(on.agrees(text, &blessed, &agreement));
    let mut says = agreement.to_string();
    match &blessed.end {
        End::Whole => {}
        End::Skipped(why) => (passed, says) = (None, format!("skipped: {why}")),
        end => {
            says = ending(end).unwrap_or_default();
            details.extend(blessed.faults.iter().map(|fault| format!("{name}:{fault}")));
        }
    }
    let origin = match provenance(text) {
        Provenance::Checked(version) => format!("cassandra {version}"),
        Provenance::ModelOnly(_) => "model only".into(),
        Provenance::Dishonest(why) => {
            passed = Some(false);
            details.push(why);
            "nobody".into()
        }
    };
    Row { on: String::new(), name, passed, says, origin, details }
}

fn print(row: &Row, out: &mut Out) -> Result<(), Error> {
    let mark = match row.passed {
        Some(true) => out.toned(Tone::Good, "ok  "),
        Some(false) => out.toned(Tone::Bad, "FAIL"),
        None => out.toned(Tone::Faint, "skip"),
    };
    let origin = out.toned(Tone::Faint, format!("{:<16}", row.origin));
    let on = if row.on.is_empty() { String::new() } else { format!("{:<24}", row.on) };
    out.line(format_args!("{mark}  {on}{:<52}  {origin}  {}", row.name, row.says))?;
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
