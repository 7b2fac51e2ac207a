//! The tables of a run, gathered from its schema events.

use crate::kind::Kind;
use crate::log::Log;
use crate::schema::{ColumnInfo, MachineInfo, Role, TableInfo};
use crate::sorted::Sorted;
use crate::{EventId, WORLD};
use sim::Id;
use storage::{ColumnId, TableId};

/// Every table that a trace ever described. A dropped column or table keeps its last name: old lines still print.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    tables: Sorted<TableId, TableInfo>,
}

impl Dictionary {
    /// Gather what a trace says.
    #[must_use]
    pub fn of(log: &Log<'_>) -> Dictionary {
        let mut dictionary = Dictionary::default();
        for (at, kind) in log.kind.iter().enumerate() {
            if *kind == Kind::Schema as u8
                && let Ok(table) = log.table_at(EventId(at as u32))
            {
                dictionary.learn(table);
            }
        }
        dictionary
    }

    /// A table, as last described.
    #[must_use]
    pub fn table(&self, id: TableId) -> Option<&TableInfo> {
        self.tables.get(id)
    }

    /// Every table, by number.
    pub fn tables(&self) -> impl Iterator<Item = &TableInfo> {
        self.tables.values()
    }

    /// Take in a description; the last one counts.
    pub(crate) fn learn(&mut self, mut table: TableInfo) {
        let known = self.tables.slot(table.id, || table.clone());
        let gone = known.columns.iter().filter(|column| table.column(column.id).is_none());
        let gone: alloc::vec::Vec<_> = gone.cloned().collect();
        table.columns.extend(gone);
        *known = table;
    }
}

impl TableInfo {
    /// A column, by number.
    #[must_use]
    pub fn column(&self, id: ColumnId) -> Option<&ColumnInfo> {
        self.columns.iter().find(|column| column.id == id)
    }

    /// Whether rows have a clustering key.
    #[must_use]
    pub fn has_clustering(&self) -> bool {
        self.columns.iter().any(|column| column.role == Role::Clustering)
    }
}

/// The name of a machine in a list of them; the world itself has one too.
pub(crate) fn machine_name(machines: &[MachineInfo], id: Id) -> &str {
    if id == WORLD {
        return "world";
    }
    let at = machines.get(id.index()).filter(|machine| machine.id == id);
    at.or_else(|| machines.iter().find(|machine| machine.id == id)).map_or("?", |machine| &machine.name)
}
