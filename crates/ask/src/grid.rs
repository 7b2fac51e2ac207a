//! The same text over two axes, each cell a whole run, and what can be learned from it in a sentence.

use crate::axis::Axis;
use crate::{Came, Runner};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use scenario::told::{Cell, Grid};
use scenario::{Edit, applied};

/// Runs every pair of choices. Lines of which nothing runs are left out; what the runner does not run is an empty cell.
pub fn grid(text: &str, rows: &Axis, columns: &Axis, run: &mut Runner<'_>) -> Option<Grid> {
    let here = run(text, None)?;
    let mut out = Grid { columns: columns.choices.clone(), ..Grid::default() };
    for row in &rows.choices {
        let cells: Vec<Cell> = columns
            .choices
            .iter()
            .map(|column| {
                let edits: Vec<&Edit> = row.edits.iter().chain(&column.edits).collect();
                let came = if edits.is_empty() { Some(here.clone()) } else { run(&applied(text, &edits), None) };
                came.map_or_else(Cell::default, |came: Came| Cell {
                    words: came.apart(&here).0,
                    same: came.same(&here),
                })
            })
            .collect();
        if cells.iter().any(|cell| !cell.words.is_empty()) {
            out.rows.push(row.clone());
            out.cells.extend(cells);
        }
    }
    out.moral = moral(&out, columns.name);
    Some(out)
}

fn row(grid: &Grid, at: usize) -> impl Iterator<Item = &Cell> {
    let wide = grid.columns.len();
    grid.cells.iter().skip(at * wide).take(wide).filter(|cell| !cell.words.is_empty())
}

fn column(grid: &Grid, at: usize) -> impl Iterator<Item = &Cell> {
    grid.cells.iter().skip(at).step_by(grid.columns.len().max(1)).filter(|cell| !cell.words.is_empty())
}

fn agree<'a>(mut cells: impl Iterator<Item = &'a Cell>) -> bool {
    let first = cells.next();
    cells.all(|cell| first.is_some_and(|first| first.words == cell.words && first.same == cell.same))
}

fn moral(grid: &Grid, columns: &str) -> String {
    let across = (0..grid.rows.len()).all(|at| agree(row(grid, at)));
    let down = (0..grid.columns.len()).all(|at| agree(column(grid, at)));
    let other = |at: &usize| row(grid, *at).any(|cell| !cell.same);
    let matter: Vec<&str> =
        (1..grid.rows.len()).filter(other).filter_map(|at| grid.rows.get(at)).map(|row| &*row.label).collect();
    match (across, down) {
        (true, true) => "Nothing that is tried here changes the outcome.".into(),
        (true, false) => {
            let only = match matter.as_slice() {
                [one] => format!("Only one change does: {one}."),
                [first, second] => format!("Two changes do, each alone: {first}, or {second}."),
                many => format!("{} changes do, each alone.", many.len()),
            };
            format!("{columns} changes nothing here: every column agrees. {only}")
        }
        (false, true) => {
            let told = (0..grid.columns.len()).filter_map(|at| {
                let words = &column(grid, at).next()?.words;
                Some(format!("{}: {words}", grid.columns[at].label))
            });
            let told: Vec<String> = told.collect();
            format!("No single change matters here, only the columns do. {}.", told.join("; "))
        }
        (false, false) => {
            let ran = grid.cells.iter().filter(|cell| !cell.words.is_empty()).count();
            let same = grid.cells.iter().filter(|cell| cell.same).count();
            format!("In {same} of {ran} worlds it ends as written. Both the lines and the columns matter.")
        }
    }
}
