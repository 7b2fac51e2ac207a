//! What a schema change did, as facts: the entries of the trace's dictionary that readers print names from.

use alloc::rc::Rc;
use alloc::vec::Vec;
use cql::{Column, ColumnKind, Schema, Table};
use storage::TableOptions;
use trace::{ColumnInfo, Fact, Role, TableInfo};

/// A fact for each table that is new, different or gone.
pub(crate) fn changes(before: &Schema, after: &Schema) -> Vec<Fact> {
    let mut facts = Vec::new();
    for table in before.tables() {
        if after.table(&table.keyspace, &table.name).is_none_or(|now| now.id != table.id) {
            facts.push(Fact::Truncate { table: table.id });
            facts.push(Fact::Schema(Rc::new(info(table, true))));
        }
    }
    for table in after.tables() {
        let known = before.table(&table.keyspace, &table.name);
        if known.is_none_or(|known| !Rc::ptr_eq(known, table) && known != table) {
            facts.push(Fact::Schema(Rc::new(info(table, false))));
        }
    }
    facts
}

fn info(table: &Table, dropped: bool) -> TableInfo {
    let options = storage_options(table);
    TableInfo {
        id: table.id,
        keyspace: table.keyspace.clone(),
        name: table.name.clone(),
        columns: table.columns().iter().map(column).collect(),
        dropped,
        // What only a repair makes forgettable is taken to stay.
        gc_grace: (!options.only_purge_repaired_tombstones).then_some(options.gc_grace_seconds),
    }
}

fn column(column: &Column) -> ColumnInfo {
    ColumnInfo {
        id: column.id,
        name: column.name.clone(),
        kind: alloc::format!("{:#}", column.ty).into(),
        role: match column.kind {
            ColumnKind::Partition(_) => Role::Partition,
            ColumnKind::Clustering { .. } => Role::Clustering,
            ColumnKind::Static => Role::Static,
            ColumnKind::Regular => Role::Regular,
        },
        descending: column.descending(),
    }
}

/// What a table's DDL says to storage.
pub(crate) fn storage_options(table: &Table) -> TableOptions {
    let defaults = TableOptions::default();
    let said = |name: &str| table.options.compaction.get(name).map(|value| value.trim());
    let number = |name: &str, default| said(name).and_then(|value| value.parse().ok()).unwrap_or(default);
    TableOptions {
        gc_grace_seconds: table.options.gc_grace_seconds,
        min_threshold: number("min_threshold", defaults.min_threshold),
        max_threshold: number("max_threshold", defaults.max_threshold),
        bucket_low_permille: said("bucket_low").and_then(permille).unwrap_or(defaults.bucket_low_permille),
        bucket_high_permille: said("bucket_high").and_then(permille).unwrap_or(defaults.bucket_high_permille),
        min_sstable_bytes: said("min_sstable_size").and_then(bytes).unwrap_or(defaults.min_sstable_bytes),
        only_purge_repaired_tombstones: said("only_purge_repaired_tombstones") == Some("true"),
        compaction_enabled: said("enabled") != Some("false"),
        memtable_bytes_max: defaults.memtable_bytes_max,
        dropped: table.dropped.iter().map(|column| column.id).collect(),
    }
}

/// `0.5` as 500, without floats.
fn permille(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: u32 = alloc::format!("{part:0<3}").get(..3)?.parse().ok()?;
    whole.parse::<u32>().ok()?.checked_mul(1_000)?.checked_add(digits)
}

/// `50MiB`, or a bare number of bytes.
fn bytes(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match text.get(digits.len()..)? {
        "" | "B" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_shl(shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sub_options_without_floats() {
        assert_eq!(
            [permille("0.5"), permille("1.25"), permille("2"), permille("x")],
            [Some(500), Some(1_250), Some(2_000), None]
        );
        assert_eq!([bytes("50MiB"), bytes("7"), bytes("3 parsecs")], [Some(50 << 20), Some(7), None]);
    }
}
