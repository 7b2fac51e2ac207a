//! A write that came later than what a reader sees and changed nothing of it: it is dated earlier, or as that is and lost the tie.

use super::{Teller, Witness, link};
use crate::chain::{Dating, Link, Reason};
use crate::kind::Kind;
use crate::replica::{Atom, AtomView, Sight};
use crate::{EventId, Fact};
use alloc::{rc::Rc, vec::Vec};
use storage::{Cell, Column, ColumnId};

/// So many of the last things that happened to a row are looked through.
const LOOKED_AT: usize = 512;

/// What came too late.
struct Lost {
    here: EventId,
    submit: EventId,
    column: ColumnId,
    timestamp: i64,
    /// The date of what stands there instead, and whether only that has a TTL.
    atom: i64,
    expires: bool,
}

impl Teller<'_> {
    /// Tells of the last write that lost to what is seen there. Whether there was one.
    pub(super) fn outdone(&mut self, main: &Witness<'_>) -> bool {
        let Some(lost) = self.lost(main) else { return false };
        self.dated(Dating::Value, lost.here, Some(lost.submit), lost.timestamp);
        let (client, column) = (self.log.who(lost.submit), self.column(lost.column));
        let reason =
            Reason::Outdone { client, column, timestamp: lost.timestamp, atom: lost.atom, expires: lost.expires };
        self.links.push(Link { hinge: true, ..link(reason, [lost.here]) });
        true
    }

    /// The last statement whose first write came after that of what stands there, and is not newer.
    fn lost(&self, main: &Witness<'_>) -> Option<Lost> {
        let row = main.row?;
        let unit = self.index.unit(self.unit);
        let upto = unit.partition_point(|event| *event <= self.cursor.0);
        let from = upto.saturating_sub(LOOKED_AT);
        let began = if from == 0 { 0 } else { *unit.get(from)? };
        let (mut known, mut last) = (Vec::new(), None);
        for here in unit.get(from..upto)?.iter().map(|event| EventId(*event)) {
            // A statement is as old as its first write, wherever that was: hints and repairs bring it again.
            let submit = self.submit(here).filter(|submit| submit.0 >= began && !known.contains(submit));
            let (Some(submit), Some(Kind::Apply)) = (submit, self.log.kind(here)) else { continue };
            let beats = |atom: &&AtomView| {
                atom.submit.is_some_and(|other| other != submit && (atom.here < here || known.contains(&other)))
            };
            for (column, cell) in self.cells(here) {
                let seen = row.atoms.iter().filter(|atom| atom.atom == Atom::Cell(column)).find(beats);
                let Some(atom) = seen.filter(|atom| loses(&cell, atom)) else { continue };
                let expires = atom.expiry.is_some() && cell.expiry().is_none();
                last = Some(Lost { here, submit, column, timestamp: cell.timestamp, atom: atom.timestamp, expires });
            }
            known.push(submit);
        }
        last
    }

    /// The plain cells of the row that an event wrote.
    fn cells(&self, here: EventId) -> Vec<(ColumnId, Cell)> {
        let Ok(Fact::Apply { mutation, .. }) = self.log.fact(here) else { return Vec::new() };
        let row = mutation.delta.rows.get(self.key);
        let simple = row.into_iter().flat_map(|row| row.columns.iter()).filter_map(|(id, column)| match column {
            Column::Simple(cell) => Some((*id, cell.clone())),
            Column::Collection(_) => None,
        });
        simple.collect()
    }

    fn column(&self, id: ColumnId) -> Rc<str> {
        let dictionary = self.index.dictionary();
        let column = dictionary.table(self.table).and_then(|table| table.column(id));
        column.map_or_else(|| "?".into(), |column| column.name.clone())
    }
}

/// Whether a cell changes nothing where a reader sees this.
fn loses(cell: &Cell, seen: &AtomView) -> bool {
    matches!(seen.sight, Sight::Live | Sight::Spared(_))
        && (cell.timestamp < seen.timestamp || cell.timestamp == seen.timestamp && cell.value() != seen.value.as_ref())
}
