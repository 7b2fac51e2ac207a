//! `CREATE INDEX` and `DROP INDEX`. An index changes which queries need no `ALLOW FILTERING`, and nothing that they answer:
//! rows are tested one by one all the same.

use super::{Schema, Table, changed, location, no_such_keyspace, not_executed_change};
use crate::{
    ast::{CreateIndex, Drop, IndexTarget, IndexTargetKind},
    request::{Changed, Error},
    types::Type,
};
use alloc::{format, rc::Rc, string::String, vec::Vec};
use storage::ColumnId;

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: Rc<str>,
    /// Its column.
    pub column: ColumnId,
    /// The part of the column; of a collection that says nothing, its values.
    pub kind: IndexTargetKind,
    /// Storage-attached: it knows ranges, and several work together.
    pub attached: bool,
}

/// What a relation asks of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Equal,
    Range,
    Contains,
    ContainsKey,
    Entry,
    /// What no index answers.
    Other,
}

impl Index {
    /// Whether it answers a relation on its column.
    fn answers(&self, asked: Asked, ty: &Type) -> bool {
        match (asked, self.kind) {
            (Asked::Equal, IndexTargetKind::Simple | IndexTargetKind::Full) => true,
            (Asked::Range, IndexTargetKind::Simple) => {
                self.attached && !matches!(ty, Type::Text | Type::Ascii | Type::Boolean | Type::Uuid)
            }
            (Asked::Contains, IndexTargetKind::Values) => true,
            (Asked::ContainsKey, IndexTargetKind::Keys) => true,
            (Asked::Entry, IndexTargetKind::Entries) => true,
            _ => false,
        }
    }
}

impl Table {
    /// Whether an index answers a relation on the column at this place, and whether a storage-attached one does.
    pub(crate) fn answers(&self, place: usize, asked: Asked) -> (bool, bool) {
        let Some(column) = self.columns().get(place) else { return (false, false) };
        let answering = |index: &&Index| index.column == column.id && index.answers(asked, &column.ty);
        let mut any = false;
        for index in self.indexes.iter().filter(answering) {
            any = true;
            if index.attached {
                return (true, true);
            }
        }
        (any, false)
    }

    /// The names of the indexes on a column, as an error lists them.
    pub(super) fn dependent_indexes(&self, column: ColumnId) -> Option<String> {
        let names: Vec<&str> =
            self.indexes.iter().filter(|index| index.column == column).map(|index| &*index.name).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

fn invalid<T>(message: String) -> Result<T, Error> {
    Err(Error::Invalid(message))
}

impl Schema {
    pub(super) fn create_index(
        &mut self,
        create: &CreateIndex,
        current: Option<&str>,
    ) -> Result<Option<Changed>, Error> {
        let name = location(&create.table, current)?;
        let Some(keyspace) = self.keyspaces.get_mut(name.0) else { return Err(no_such_keyspace(name.0)) };
        let taken =
            |name: &str| keyspace.tables.values().any(|table| table.indexes.iter().any(|index| &*index.name == name));
        let Some(table) = keyspace.tables.get(name.1) else {
            return invalid(format!("Table '{}' doesn't exist", name.1));
        };
        if let Some(given) = &create.name {
            if !given.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err(Error::Config(format!("Illegal index name {}", given.as_str())));
            }
            if taken(given) {
                return if create.if_not_exists {
                    Ok(None)
                } else {
                    invalid(format!("Index '{}' already exists", given.as_str()))
                };
            }
        }
        if table.is_counter() {
            return invalid("Secondary indexes on counter tables aren't supported".into());
        }
        let target = match create.targets.as_slice() {
            [target] => target,
            _ if create.custom => return Err(not_executed_change("a custom index of several columns, or of none")),
            [] => {
                return invalid("Only CUSTOM indexes can be created without specifying a target column".into());
            }
            _ => return invalid("Only CUSTOM indexes support multiple columns".into()),
        };
        let (column, kind) = checked(target, table)?;
        let index_name = create.name.as_ref().map_or_else(
            || {
                let word: String = target.column.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                let base = format!("{}_{word}_idx", name.1);
                let mut numbered = (1..).map(|n: u32| format!("{base}_{n}"));
                if taken(&base) { numbered.find(|name| !taken(name)).unwrap_or(base) } else { base }
            },
            |given| given.as_str().into(),
        );
        let attached = attached(create)?;
        if !create.properties.is_empty() {
            return Err(not_executed_change("an index with options"));
        }
        let index = Index { name: index_name.as_str().into(), column, kind, attached };
        if let Some(same) =
            table.indexes.iter().find(|have| Index { name: index.name.clone(), ..(*have).clone() } == index)
        {
            return if create.if_not_exists {
                Ok(None)
            } else {
                invalid(format!("Index {index_name} is a duplicate of existing index {}", same.name))
            };
        }
        let mut table = (**table).clone();
        let at = table.indexes.partition_point(|have| have.name < index.name);
        table.indexes.insert(at, index);
        keyspace.tables.insert(name.1.into(), Rc::new(table));
        Ok(changed("UPDATED", name))
    }

    pub(super) fn drop_index(&mut self, drop: &Drop, current: Option<&str>) -> Result<Option<Changed>, Error> {
        let name = location(&drop.name, current)?;
        let holds = |table: &&mut Rc<Table>| table.indexes.iter().any(|index| &*index.name == name.1);
        match self.keyspaces.get_mut(name.0).and_then(|keyspace| keyspace.tables.values_mut().find(holds)) {
            Some(table) => {
                Rc::make_mut(table).indexes.retain(|index| &*index.name != name.1);
                Ok(changed("UPDATED", (name.0, &table.name)))
            }
            None if drop.if_exists => Ok(None),
            // The quote at the end is Cassandra's.
            None => invalid(format!("Index '{}.{}' doesn't exist'", name.0, name.1)),
        }
    }
}

/// Whether the class is the storage-attached one; of the others this model has the one without a name.
fn attached(create: &CreateIndex) -> Result<bool, Error> {
    let class = create.using.as_deref().unwrap_or("legacy_local_table");
    let short = class.strip_prefix("org.apache.cassandra.index.sai.").unwrap_or(class);
    match short {
        "sai" | "StorageAttachedIndex" => Ok(true),
        "legacy_local_table" if !create.custom => Ok(false),
        sasi if sasi.ends_with("SASIIndex") => Err(not_executed_change("a SASI index")),
        _ => Err(Error::Config(format!("Unable to find custom indexer class '{class}'"))),
    }
}

/// The column of a target and the part of it that is meant.
fn checked(target: &IndexTarget, table: &Table) -> Result<(ColumnId, IndexTargetKind), Error> {
    use IndexTargetKind::{Entries, Full, Keys, Simple, Values};
    let column = table.need(&target.column)?;
    let name = &column.name;
    if table.partition_key().len() == 1 && table.place(column) == 0 {
        return invalid(format!("Cannot create secondary index on the only partition key column {name}"));
    }
    if column.ty.holds_duration() {
        let what = match column.ty.thawed() {
            Type::Udt(_) => "UDTs containing durations",
            Type::Tuple(_) => "tuples containing durations",
            _ if column.ty.is_collection() => "collections containing durations",
            _ => "duration columns",
        };
        return invalid(format!("Secondary indexes are not supported on {what}"));
    }
    let shown = match target.kind {
        // The other way round it is no collection to Cassandra, so nothing is put in for the part that is meant.
        Simple if column.descending() => "()",
        Simple | Values => "values()",
        Keys => "keys()",
        Entries => "entries()",
        Full => "full()",
    };
    let frozen = matches!(column.ty, Type::Frozen(_));
    match (target.kind, column.ty.is_collection()) {
        (Full, true) if frozen => {}
        (Full, _) => return invalid("full() indexes can only be created on frozen collections".into()),
        (_, true) if frozen => {
            return invalid(format!(
                "Cannot create {shown} index on frozen column {name}. Frozen collections are immutable and must be fully indexed by using the 'full({name})' modifier"
            ));
        }
        (Simple, _) => {}
        (_, false) => {
            return invalid(format!(
                "Cannot create {shown} index on {name}. Non-collection columns only support simple indexes"
            ));
        }
        (Keys | Entries, true) if !matches!(column.ty, Type::Map(_)) => {
            let part = if target.kind == Keys { "keys" } else { "entries" };
            return invalid(format!("Cannot create index on {part} of column {name} with non-map type"));
        }
        _ => {}
    }
    if matches!(column.ty, Type::Udt(_)) {
        return invalid(format!("Cannot create index on non-frozen UDT column {name}"));
    }
    let kind = if target.kind == Simple && column.ty.is_collection() { Values } else { target.kind };
    Ok((column.id, kind))
}
