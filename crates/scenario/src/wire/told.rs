//! Questions and their answers as bytes.

use super::{WireError, listed, text};
use crate::complete::Completion;
use crate::edit::Edit;
use crate::limits::TEXT_BYTES_MAX;
use crate::told::{Cell, Choice, Decided, Dial, Futures, Grid, Measure, Question, Side, Tip, Told, Wish};
use crate::wire_capnp::{choice, edit, grid, question, tip, told, word};
use alloc::string::String;
use alloc::vec::Vec;

/// Words in an answer are a line at most.
const WORDS_MAX: usize = 1 << 12;

pub(super) fn put_question(asked: &Question, mut to: question::Builder<'_>) {
    match asked {
        Question::Tip => to.set_tip(()),
        Question::Grid(rows, columns) => {
            let mut pair = to.init_grid();
            pair.set_rows(*rows);
            pair.set_columns(*columns);
        }
        Question::Wish(statement, guess) => {
            let mut wish = to.init_wish();
            wish.set_statement(*statement);
            wish.set_words(guess.as_str());
        }
        Question::Futures(of) => to.set_futures(*of),
        Question::Decided(of) => to.set_decided(*of),
        Question::Meaning => to.set_meaning(()),
        Question::Complete(at) => to.set_complete(*at),
        Question::Explain(at) => to.set_explain(*at),
        Question::Format => to.set_format(()),
        Question::Rename(at, name) => {
            let mut rename = to.init_rename();
            rename.set_at(*at);
            rename.set_name(name.as_str());
        }
    }
}

pub(super) fn get_question(from: question::Reader<'_>) -> Result<Question, WireError> {
    Ok(match from.which()? {
        question::Tip(()) => Question::Tip,
        question::Grid(pair) => {
            let pair = pair?;
            Question::Grid(pair.get_rows(), pair.get_columns())
        }
        question::Wish(guess) => {
            let guess = guess?;
            Question::Wish(guess.get_statement(), text(guess.get_words()?, TEXT_BYTES_MAX as usize)?.into())
        }
        question::Futures(of) => Question::Futures(of),
        question::Decided(of) => Question::Decided(of),
        question::Meaning(()) => Question::Meaning,
        question::Complete(at) => Question::Complete(at),
        question::Explain(at) => Question::Explain(at),
        question::Format(()) => Question::Format,
        question::Rename(rename) => {
            let rename = rename?;
            Question::Rename(rename.get_at(), words(rename.get_name()?)?)
        }
    })
}

pub(super) fn put(said: &Told, mut to: told::Builder<'_>) {
    match said {
        Told::Nothing => to.set_nothing(()),
        Told::Tip(tip) => put_tip(tip, to.init_tip()),
        Told::Grid(grid) => put_grid(grid, to.init_grid()),
        Told::Meaning(said) => super::meaning::put(said, to.init_meaning()),
        Told::Decided(decided) => {
            let mut to = to.init_decided();
            to.set_at(decided.at);
            to.set_of(decided.of);
        }
        Told::Words(all) => {
            let mut to = to.init_words(all.len() as u32);
            for (at, word) in all.iter().enumerate() {
                let mut to = to.reborrow().get(at as u32);
                to.set_from(word.span.start);
                to.set_to(word.span.end);
                to.set_text(word.text.as_str());
                to.set_kind(word.kind.as_str());
                to.set_help(word.help.as_str());
            }
        }
        Told::Change(choice) => put_choice(choice, to.init_change()),
        Told::Wish(wish) => {
            let mut to = to.init_wish();
            put_choice(&wish.choice, to.reborrow().init_choice());
            to.set_words(wish.words.as_str());
        }
        Told::Futures(futures) => {
            let mut to = to.init_futures();
            to.set_of(futures.of);
            to.set_same(futures.same);
            let mut outcomes = to.reborrow().init_outcomes(futures.outcomes.len() as u32);
            for (at, (words, _)) in futures.outcomes.iter().enumerate() {
                outcomes.set(at as u32, words.as_str());
            }
            let mut counts = to.init_counts(futures.outcomes.len() as u32);
            for (at, (_, count)) in futures.outcomes.iter().enumerate() {
                counts.set(at as u32, *count);
            }
        }
    }
}

fn put_tip(tip: &Tip, mut to: tip::Builder<'_>) {
    let dial = &tip.dial;
    to.set_what(dial.what.as_str());
    to.set_measure(Measure::ALL.iter().position(|measure| *measure == dial.measure).unwrap_or(0) as u8);
    to.set_from(dial.span.start);
    to.set_to(dial.span.end);
    to.set_lead(dial.lead.as_str());
    to.set_value(dial.value);
    to.set_here(tip.here.as_str());
    let mut sides = to.init_sides(tip.sides.len() as u32);
    for (at, side) in tip.sides.iter().enumerate() {
        let mut to = sides.reborrow().get(at as u32);
        to.set_at(side.at);
        to.set_words(side.words.as_str());
    }
}

fn put_grid(grid: &Grid, mut to: grid::Builder<'_>) {
    let mut axes = to.reborrow().init_axes(grid.axes.len() as u32);
    for (at, name) in grid.axes.iter().enumerate() {
        axes.set(at as u32, name.as_str());
    }
    let mut rows = to.reborrow().init_rows(grid.rows.len() as u32);
    for (at, choice) in grid.rows.iter().enumerate() {
        put_choice(choice, rows.reborrow().get(at as u32));
    }
    let mut columns = to.reborrow().init_columns(grid.columns.len() as u32);
    for (at, choice) in grid.columns.iter().enumerate() {
        put_choice(choice, columns.reborrow().get(at as u32));
    }
    let mut cells = to.reborrow().init_cells(grid.cells.len() as u32);
    for (at, cell) in grid.cells.iter().enumerate() {
        let mut to = cells.reborrow().get(at as u32);
        to.set_words(cell.words.as_str());
        to.set_same(cell.same);
    }
    to.set_moral(grid.moral.as_str());
}

fn put_choice(choice: &Choice, mut to: choice::Builder<'_>) {
    to.set_label(choice.label.as_str());
    let mut edits = to.init_edits(choice.edits.len() as u32);
    for (at, edit) in choice.edits.iter().enumerate() {
        let mut to = edits.reborrow().get(at as u32);
        to.set_from(edit.span.start);
        to.set_to(edit.span.end);
        to.set_text(edit.text.as_str());
    }
}

/// In a message of so many words.
pub(super) fn get(from: told::Reader<'_>, size: u32) -> Result<Told, WireError> {
    Ok(match from.which()? {
        told::Nothing(()) => Told::Nothing,
        told::Tip(tip) => Told::Tip(get_tip(tip?, size)?),
        told::Grid(grid) => Told::Grid(get_grid(grid?, size)?),
        told::Meaning(said) => Told::Meaning(super::meaning::get(said?, size)?),
        told::Words(all) => {
            let word = |word: word::Reader<'_>| {
                Ok(Completion {
                    span: word.get_from()..word.get_to(),
                    text: words(word.get_text()?)?,
                    kind: words(word.get_kind()?)?,
                    help: words(word.get_help()?)?,
                })
            };
            Told::Words(listed(all, size)?.iter().map(word).collect::<Result<_, WireError>>()?)
        }
        told::Change(choice) => Told::Change(get_choice(choice?, size)?),
        told::Wish(wish) => {
            let wish = wish?;
            Told::Wish(Wish { choice: get_choice(wish.get_choice()?, size)?, words: words(wish.get_words()?)? })
        }
        told::Decided(decided) => {
            let decided = decided?;
            Told::Decided(Decided { at: decided.get_at(), of: decided.get_of() })
        }
        told::Futures(futures) => {
            let futures = futures?;
            let outcomes = futures.get_outcomes()?.iter().zip(futures.get_counts()?);
            let outcomes = outcomes.map(|(outcome, count)| Ok((words(outcome?)?, count)));
            let outcomes = outcomes.collect::<Result<_, WireError>>()?;
            Told::Futures(Futures { of: futures.get_of(), same: futures.get_same(), outcomes })
        }
    })
}

fn words(read: capnp::text::Reader<'_>) -> Result<String, WireError> {
    text(read, WORDS_MAX).map(String::from)
}

fn get_tip(from: tip::Reader<'_>, size: u32) -> Result<Tip, WireError> {
    let sides = listed(from.get_sides(), size)?
        .iter()
        .map(|side| Ok(Side { at: side.get_at(), words: words(side.get_words()?)? }));
    Ok(Tip {
        dial: Dial {
            what: words(from.get_what()?)?,
            measure: Measure::ALL.get(usize::from(from.get_measure())).copied().ok_or(WireError::Unknown)?,
            span: from.get_from()..from.get_to(),
            lead: words(from.get_lead()?)?,
            value: from.get_value(),
        },
        here: words(from.get_here()?)?,
        sides: sides.collect::<Result<_, WireError>>()?,
    })
}

fn get_grid(from: grid::Reader<'_>, size: u32) -> Result<Grid, WireError> {
    let cells = listed(from.get_cells(), size)?
        .iter()
        .map(|cell| Ok(Cell { words: words(cell.get_words()?)?, same: cell.get_same() }));
    let choice = |from: choice::Reader<'_>| get_choice(from, size);
    let grid = Grid {
        axes: from.get_axes()?.iter().map(|name| words(name?)).collect::<Result<_, WireError>>()?,
        rows: listed(from.get_rows(), size)?.iter().map(choice).collect::<Result<_, WireError>>()?,
        columns: listed(from.get_columns(), size)?.iter().map(choice).collect::<Result<_, WireError>>()?,
        cells: cells.collect::<Result<Vec<_>, WireError>>()?,
        moral: words(from.get_moral()?)?,
    };
    // Whoever draws it counts on a cell for each pair.
    if grid.cells.len() == grid.rows.len() * grid.columns.len() { Ok(grid) } else { Err(WireError::Damaged) }
}

fn get_choice(from: choice::Reader<'_>, size: u32) -> Result<Choice, WireError> {
    let edits = listed(from.get_edits(), size)?.iter().map(|edit: edit::Reader<'_>| {
        Ok(Edit { span: edit.get_from()..edit.get_to(), text: text(edit.get_text()?, TEXT_BYTES_MAX as usize)?.into() })
    });
    Ok(Choice { label: words(from.get_label()?)?, edits: edits.collect::<Result<_, WireError>>()? })
}
