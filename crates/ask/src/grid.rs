//! The same text over two axes, each cell a whole run, and what can be learned from it in a sentence.

use crate::axis::{Axis, Choice};
use crate::edit::{Edit, applied};
use crate::{Came, Runner};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Runs over two axes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// What is chosen line by line; the first is the text as it is.
    pub rows: Vec<Choice>,
    /// What is chosen column by column; the first is the text as it is.
    pub columns: Vec<Choice>,
    /// The cells, line by line.
    pub cells: Vec<Cell>,
    /// What can be learned from it.
    pub moral: String,
}

/// What came of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// In few words; empty: it does not run to its end.
    pub words: String,
    /// Whether it is what comes of the text as it is.
    pub same: bool,
}

/// Runs every pair of choices. Lines of which nothing runs are left out; what the runner does not run is an empty cell.
pub fn grid(text: &str, rows: &Axis, columns: &Axis, run: &mut Runner<'_>) -> Option<Grid> {
    let here = run(text)?;
    let mut out = Grid { rows: Vec::new(), columns: columns.choices.clone(), cells: Vec::new(), moral: String::new() };
    for row in &rows.choices {
        let cells: Vec<Cell> = columns
            .choices
            .iter()
            .map(|column| {
                let edits: Vec<&Edit> = row.edits.iter().chain(&column.edits).collect();
                let came = if edits.is_empty() { Some(here.clone()) } else { run(&applied(text, &edits)) };
                came.map_or_else(Cell::default, |came: Came| Cell { words: came.short(), same: came.same(&here) })
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

impl Grid {
    fn row(&self, at: usize) -> impl Iterator<Item = &Cell> {
        let wide = self.columns.len();
        self.cells.iter().skip(at * wide).take(wide).filter(|cell| !cell.words.is_empty())
    }

    fn column(&self, at: usize) -> impl Iterator<Item = &Cell> {
        self.cells.iter().skip(at).step_by(self.columns.len().max(1)).filter(|cell| !cell.words.is_empty())
    }
}

fn agree<'a>(mut cells: impl Iterator<Item = &'a Cell>) -> bool {
    let first = cells.next();
    cells.all(|cell| first.is_some_and(|first| first.words == cell.words && first.same == cell.same))
}

fn moral(grid: &Grid, columns: &str) -> String {
    let across = (0..grid.rows.len()).all(|at| agree(grid.row(at)));
    let down = (0..grid.columns.len()).all(|at| agree(grid.column(at)));
    let other = |at: &usize| grid.row(*at).any(|cell| !cell.same);
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
                let words = &grid.column(at).next()?.words;
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
