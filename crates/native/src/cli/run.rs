//! `run` and `bless`: a text on the model, compared with what it says, or rewritten.

use super::Found;
use super::args::Args;
use super::error::Error;
use super::model::{self, Ran, Source, Tree};
use super::out::{Out, Tone};
use scenario::link::{MODEL_VERSION, digests, first_difference};
use scenario::{Agreement, End, compare, with_seed};
use serde_json::json;

/// `tombstone run FILE|LINK|- [--branch NAME] [--trace] [--json] [--digest] [--seed N]`
pub fn run(mut args: Args, out: &mut Out) -> Result<Found, Error> {
    let (traced, json, digest) = (args.flag("--trace"), args.flag("--json"), args.flag("--digest"));
    let (seed, branch) = (args.value("--seed")?, args.value("--branch")?);
    let names = args.rest(&["--trace", "--json", "--digest", "--seed", "--branch"])?;
    let [name] = names.as_slice() else {
        return Err(Error::usage(format!("run takes one file, link or -, and was given {}", names.len())));
    };
    let mut source = model::read(name)?.in_branch(branch)?;
    if let Some(seed) = seed {
        let seed = seed.parse().map_err(|_| Error::usage(format!("--seed {seed} is not a whole number")))?;
        source.text = with_seed(&source.text, seed);
    }
    // Always traced: the digest is over the trace.
    let tree = Tree::of(&source.text, true);
    let ran = &tree.trunk;
    let agreement = compare(&source.text, &ran.blessed.text);
    let same = tree.text == source.text && tree.is_whole();
    if json {
        let mut all = as_json(&source.text, ran, &agreement, traced);
        all["name"] = json!(source.name);
        all["same"] = json!(same);
        all["text"] = json!(tree.text);
        all["branches"] = tree
            .branches
            .iter()
            .map(|(name, text, ran)| {
                let mut own = as_json(text, ran, &compare(text, &ran.blessed.text), traced);
                own["name"] = json!(name);
                own
            })
            .collect();
        out.line(format_args!("{all}"))?;
    } else if digest {
        out.line(format_args!("{} {}", ran.digest, trace::DIGEST_ALGORITHM))?;
        for (name, _, ran) in &tree.branches {
            out.line(format_args!("{} {} {name}", ran.digest, trace::DIGEST_ALGORITHM))?;
        }
    } else if traced {
        for line in ran.trace.as_ref().map(model::lines).unwrap_or_default() {
            out.line(format_args!("{line}"))?;
        }
    } else {
        out.text(&tree.text)?;
    }
    if !ran.blessed.faults.is_empty() {
        return Err(Error::Faulty { name: source.name, text: source.text, faults: tree.trunk.blessed.faults });
    }
    if !json {
        report(&source, ran, &agreement, out)?;
        for (name, text, ran) in &tree.branches {
            for line in told(&compare(text, &ran.blessed.text), &ran.blessed.end) {
                out.aside(Tone::Bad, format!("in {name}: {line}"))?;
            }
        }
    }
    out.flush()?;
    Ok(if same { Found::Same } else { Found::Different })
}

/// What a person wants to know besides the text.
fn report(source: &Source, ran: &Ran, agreement: &Agreement, out: &mut Out) -> Result<(), Error> {
    for line in told(agreement, &ran.blessed.end) {
        out.aside(Tone::Bad, line)?;
    }
    if ran.blessed.text != source.text && agreement.compared > 0 {
        out.aside(Tone::Faint, format!("{}: {agreement}", source.name))?;
    }
    let now = digests(&ran.blessed.answers);
    if let Some(number) = first_difference(&source.linked, &now) {
        let whose = if source.model == MODEL_VERSION {
            String::new()
        } else {
            format!(" (model {}, this is {MODEL_VERSION})", source.model)
        };
        out.aside(Tone::Bad, format!("since this link was made, statement {number} comes to something else{whose}"))?;
    }
    Ok(())
}

/// What differs from the text, and why a run did not do every step.
fn told(agreement: &Agreement, end: &End) -> Vec<String> {
    let differences = agreement.differences.iter().map(|difference| difference.to_string().trim_end().to_string());
    differences.chain(ending(end)).collect()
}

/// Why a run did not do every step.
pub fn ending(end: &End) -> Option<String> {
    match end {
        End::Whole => None,
        End::Faulty => Some("the text has faults; what stands before the first one ran".into()),
        End::Skipped(why) => Some(format!("skipped: {why}")),
        End::Stopped { line, why } => Some(format!("stopped at line {line}: {why}")),
        End::Cancelled => Some("cancelled".into()),
        End::Broken(why) => Some(why.clone()),
    }
}

fn as_json(text: &str, ran: &Ran, agreement: &Agreement, traced: bool) -> serde_json::Value {
    let differences = agreement
        .differences
        .iter()
        .map(|d| json!({ "statement": d.number, "line": d.line, "was": d.was, "is": d.is }));
    let answers =
        ran.blessed.answers.iter().map(|a| json!({ "statement": a.number, "line": a.line, "outcome": a.lines }));
    let faults = ran
        .blessed
        .faults
        .iter()
        .map(|f| json!({ "line": f.line, "column": f.column, "so": f.so, "known": f.known, "nearest": f.nearest }));
    let mut all = json!({
        "same": ran.blessed.text == text && ran.blessed.end == End::Whole,
        "text": ran.blessed.text,
        "digest": ran.digest.to_string(),
        "digest_algorithm": trace::DIGEST_ALGORITHM,
        "model": MODEL_VERSION,
        "events": ran.events,
        "virtual_us": ran.blessed.progress.now.0,
        "ended_early": ending(&ran.blessed.end),
        "outcomes": answers.collect::<Vec<_>>(),
        "compared": agreement.compared,
        "differences": differences.collect::<Vec<_>>(),
        "faults": faults.collect::<Vec<_>>(),
    });
    if let (true, Some(lines)) = (traced, ran.trace.as_ref().map(model::lines)) {
        all["trace"] = json!(lines);
    }
    all
}

/// `tombstone bless FILE…`
pub fn bless(args: Args, out: &mut Out) -> Result<Found, Error> {
    let names = args.rest(&[])?;
    if names.is_empty() {
        return Err(Error::usage("bless takes files"));
    }
    for name in names {
        let text = model::read_file(&name)?;
        let tree = Tree::of(&text, false);
        if !tree.trunk.blessed.faults.is_empty() {
            return Err(Error::Faulty { name, text, faults: tree.trunk.blessed.faults });
        }
        if let Some(why) = ending(&tree.trunk.blessed.end) {
            return Err(Error::Stopped(format!("{name}: {why}")));
        }
        let mut changed = compare(&text, &tree.trunk.blessed.text).differences.len();
        for (branch, text, ran) in &tree.branches {
            if let Some(why) = ending(&ran.blessed.end) {
                return Err(Error::Stopped(format!("{name}, in {branch}: {why}")));
            }
            changed += compare(text, &ran.blessed.text).differences.len();
        }
        let said = if tree.text == text {
            out.toned(Tone::Faint, "as it was")
        } else {
            // A file is either the old one or the new one, whatever happens meanwhile.
            let beside = format!("{name}.blessed");
            let written = std::fs::write(&beside, &tree.text)
                .and_then(|()| std::fs::set_permissions(&beside, std::fs::metadata(&name)?.permissions()))
                .and_then(|()| std::fs::rename(&beside, &name));
            written.map_err(|error| Error::File { name: name.clone(), why: model::told(&error) })?;
            format!("{changed} outcomes changed")
        };
        out.line(format_args!("{name}: {said}"))?;
    }
    out.flush()?;
    Ok(Found::Same)
}
