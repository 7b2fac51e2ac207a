//! `whatif`: what would have changed the outcome: the number that tips it, the same text in other worlds, other seeds.

use super::Found;
use super::args::Args;
use super::error::Error;
use super::model;
use super::out::{Out, Tone};
use ask::{Came, Reseed};
use scenario::told::{Decided, Futures, Grid, Question, Tip, Told};
use serde_json::{Value, json};

/// What may be run for a question, in events: some seconds.
const EVENTS_MAX: u64 = 20_000_000;
/// So many other seeds, if nobody says otherwise.
const SEEDS: u16 = 64;

/// `tombstone whatif FILE|LINK|- [--axes LINES,COLUMNS] [--seeds N] [--branch NAME] [--json]`
pub fn whatif(mut args: Args, out: &mut Out) -> Result<Found, Error> {
    let json = args.flag("--json");
    let axes = args.value("--axes")?;
    let seeds = args.value("--seeds")?;
    let branch = args.value("--branch")?;
    let names = args.rest(&["--axes", "--seeds", "--branch", "--json"])?;
    let [name] = names.as_slice() else { return Err(Error::usage("whatif takes one file, link or -")) };
    let seeds = match seeds {
        Some(count) => {
            count.parse().map_err(|_| Error::usage(format!("--seeds {count} is no number up to {}", u16::MAX)))?
        }
        None => SEEDS,
    };
    let source = model::read(name)?.in_branch(branch)?;
    let faults = scenario::parse(&source.text).1;
    if !faults.is_empty() {
        return Err(Error::Faulty { name: source.name, text: source.text, faults });
    }
    let (rows, columns) = chosen(axes.as_deref().unwrap_or("one change,consistency"), &source.text)?;
    let mut left = EVENTS_MAX;
    let mut run = |text: &str, other: Option<Reseed>| {
        let (ran, reseeded) = (left > 0).then(|| model::run_anew(text, other))?;
        left = left.saturating_sub(ran.progress.events.max(10));
        Came::of(&ran).map(|came| Came { reseeded, ..came })
    };
    let mut told = |question| ask::answer(&source.text, &question, &mut run);
    let (tip, grid, futures) =
        (told(Question::Tip), told(Question::Grid(rows, columns)), told(Question::Futures(seeds)));
    let decided = told(Question::Decided(seeds));
    if json {
        out.line(format_args!(
            "{}",
            json!({ "tip": tip_json(&tip), "grid": grid_json(&grid), "seeds": seeds_json(&futures), "decided": decided_json(&decided) })
        ))?;
    } else {
        say_tip(&tip, out)?;
        say_grid(&grid, out)?;
        say_seeds(&futures, out)?;
        say_decided(&decided, out)?;
    }
    out.flush()?;
    Ok(Found::Same)
}

/// Two axes of the text by name; a name need not be whole.
fn chosen(said: &str, text: &str) -> Result<(u16, u16), Error> {
    let axes = ask::axes(text);
    let names: Vec<String> = axes.iter().map(|axis| axis.name.to_lowercase()).collect();
    let place = |name: &str| {
        let name = name.trim().to_lowercase();
        let at = names.iter().position(|axis| !name.is_empty() && axis.contains(&name));
        at.map(|at| at as u16)
            .ok_or_else(|| Error::usage(format!("there is no axis {name}: this text has {}", names.join(", "))))
    };
    match said.split_once(',') {
        Some((rows, columns)) => Ok((place(rows)?, place(columns)?)),
        None => Err(Error::usage("--axes takes two of them, as --axes seed,consistency")),
    }
}

fn say_tip(told: &Told, out: &mut Out) -> Result<(), Error> {
    let Told::Tip(tip) = told else { return out.text("No number of this text would have changed the outcome.\n") };
    let Tip { dial, here, sides } = tip;
    let now = dial.measure.written(dial.value);
    out.line(format_args!("{}", out.toned(Tone::Strong, format!("What if {} were not {now}?", dial.what))))?;
    out.line(format_args!("  {now}: {here}"))?;
    for side in sides {
        let way = if side.at < dial.value { "down" } else { "up" };
        out.line(format_args!("  from {} {way}: {}", dial.measure.written(side.at), side.words))?;
    }
    out.text("\n")
}

fn say_grid(told: &Told, out: &mut Out) -> Result<(), Error> {
    let Told::Grid(grid) = told else {
        return out.text("This text has no two axes to be run over, or is too long for it.\n");
    };
    let wide = |words: &mut dyn Iterator<Item = &str>| words.map(|word| word.chars().count()).max().unwrap_or(0);
    let first = wide(&mut grid.rows.iter().map(|row| row.label.as_str()));
    let mut columns: Vec<usize> = Vec::new();
    for (at, column) in grid.columns.iter().enumerate() {
        let cells = grid.cells.iter().skip(at).step_by(grid.columns.len().max(1)).map(|cell| cell.words.as_str());
        columns.push(wide(&mut cells.chain([column.label.as_str()])));
    }
    let line = |label: &str, cells: &mut dyn Iterator<Item = &str>| {
        let cells: Vec<String> = cells.zip(&columns).map(|(cell, wide)| format!("{cell:<wide$}")).collect();
        format!("{label:<first$}  {}", cells.join("  ")).trim_end().to_string()
    };
    out.line(format_args!(
        "{}",
        out.toned(Tone::Strong, line("", &mut grid.columns.iter().map(|column| column.label.as_str())))
    ))?;
    for (row, cells) in grid.rows.iter().zip(grid.cells.chunks(grid.columns.len().max(1))) {
        let mut words = cells.iter().map(|cell| if cell.words.is_empty() { "-" } else { &cell.words });
        out.line(format_args!("{}", line(&row.label, &mut words)))?;
    }
    out.line(format_args!("{}\n", grid.moral))
}

fn say_seeds(told: &Told, out: &mut Out) -> Result<(), Error> {
    let Told::Futures(futures) = told else { return Ok(()) };
    let Futures { outcomes, of, same } = futures;
    let each: Vec<String> = outcomes.iter().map(|(words, count)| format!("{words} in {count}")).collect();
    out.line(format_args!("With {of} other seeds it ends the same in {same}: {}.", each.join(", ")))
}

fn say_decided(told: &Told, out: &mut Out) -> Result<(), Error> {
    let Told::Decided(Decided { at, of }) = told else { return Ok(()) };
    let when = match *at {
        0 => "from the start: other".to_string(),
        u64::MAX => return out.line(format_args!("Nothing is decided before the end.")),
        at => format!("at {}: from there on other", scenario::length(i64::try_from(at).unwrap_or(i64::MAX), false)),
    };
    out.line(format_args!("Decided {when} luck changes nothing, in {of} of {of} futures."))
}

fn decided_json(told: &Told) -> Value {
    match told {
        Told::Decided(Decided { at, of }) => json!({ "at_us": (*at < u64::MAX).then_some(at), "of": of }),
        _ => Value::Null,
    }
}

fn tip_json(told: &Told) -> Value {
    let Told::Tip(Tip { dial, here, sides }) = told else { return Value::Null };
    let sides: Vec<_> =
        sides.iter().map(|side| json!({ "at": dial.measure.written(side.at), "comes": side.words })).collect();
    json!({ "what": dial.what, "now": dial.measure.written(dial.value), "comes": here, "tips": sides })
}

fn grid_json(told: &Told) -> Value {
    let Told::Grid(Grid { axes, rows, columns, cells, moral }) = told else { return Value::Null };
    let labels =
        |choices: &[scenario::told::Choice]| choices.iter().map(|choice| choice.label.clone()).collect::<Vec<_>>();
    let cells: Vec<Vec<_>> =
        cells.chunks(columns.len().max(1)).map(|row| row.iter().map(|cell| cell.words.clone()).collect()).collect();
    json!({ "axes": axes, "lines": labels(rows), "columns": labels(columns), "cells": cells, "moral": moral })
}

fn seeds_json(told: &Told) -> Value {
    let Told::Futures(futures) = told else { return Value::Null };
    let outcomes: Vec<_> =
        futures.outcomes.iter().map(|(words, count)| json!({ "comes": words, "times": count })).collect();
    json!({ "of": futures.of, "same": futures.same, "outcomes": outcomes })
}
