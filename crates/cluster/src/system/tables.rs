//! `system_schema` and `system_virtual_schema`: what DDL has made, as Cassandra describes it.

use super::{Insert, Inserts, Uuid, map, quoted};
use crate::Strategy;
use crate::node::Node;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cql::ast::{IndexTargetKind, Name};
use cql::{Column, ColumnKind, Index, Keyspace, ReadRepair, Replication, SpeculativeRetry, Table};

/// The keyspace whose tables say that they are made up.
pub(super) const VIRTUAL: &str = "system_virtual_schema";

impl Node {
    /// Every keyspace that is kept, the server's own too.
    fn all_keyspaces(&self) -> impl Iterator<Item = &Keyspace> {
        let schema = &self.catalog.schema;
        schema.keyspaces().chain(schema.system().keyspaces().filter(|keyspace| &*keyspace.name != VIRTUAL))
    }

    fn all_tables(&self) -> impl Iterator<Item = &Rc<Table>> {
        self.all_keyspaces().flat_map(Keyspace::tables)
    }

    fn made_up_tables(&self) -> impl Iterator<Item = &Rc<Table>> {
        self.catalog.schema.system().keyspace(VIRTUAL).into_iter().flat_map(Keyspace::tables)
    }

    pub(super) fn keyspaces(&self) -> Inserts {
        let row = |keyspace: &Keyspace| {
            let strategy = self.catalog.placement(&keyspace.name).map(|placement| &placement.strategy);
            let entries = replication(keyspace, strategy);
            let entries = entries.iter().map(|(key, value)| (key.as_str(), value.as_str()));
            Insert::default()
                .text_of("keyspace_name", &keyspace.name)
                .plain("durable_writes", keyspace.durable_writes)
                .plain("replication", map(entries))
        };
        self.all_keyspaces().map(row).collect()
    }

    pub(super) fn described_tables(&self) -> Inserts {
        self.all_tables().map(|table| described(table)).collect()
    }

    pub(super) fn columns(&self, made_up: bool) -> Inserts {
        let rows = |table: &Rc<Table>| table.columns().iter().map(|one| column(table, one)).collect::<Vec<_>>();
        if made_up {
            self.made_up_tables().flat_map(rows).collect()
        } else {
            self.all_tables().flat_map(rows).collect()
        }
    }

    pub(super) fn types(&self) -> Inserts {
        let types = self.all_keyspaces().flat_map(|keyspace| keyspace.types().map(move |ty| (keyspace, ty)));
        types
            .map(|(keyspace, ty)| {
                let types: Vec<String> = ty.fields.iter().map(|(_, ty)| ty.to_string()).collect();
                Insert::default()
                    .text_of("keyspace_name", &keyspace.name)
                    .text_of("type_name", &ty.name)
                    .list("field_names", ty.fields.iter().map(|(name, _)| name.as_str()))
                    .list("field_types", types.iter().map(String::as_str))
            })
            .collect()
    }

    pub(super) fn indexes(&self) -> Inserts {
        let rows = |table: &Rc<Table>| table.indexes.iter().map(|index| indexed(table, index)).collect::<Vec<_>>();
        self.all_tables().flat_map(rows).collect()
    }

    pub(super) fn virtual_keyspaces(&self) -> Inserts {
        Vec::from([Insert::default().text_of("keyspace_name", VIRTUAL)])
    }

    pub(super) fn virtual_tables(&self) -> Inserts {
        self.made_up_tables().map(|table| of(table).text_of("comment", &table.options.comment)).collect()
    }
}

/// The beginning of a row about a table.
fn of(table: &Table) -> Insert {
    Insert::default().text_of("keyspace_name", &table.keyspace).text_of("table_name", &table.name)
}

fn column(table: &Table, column: &Column) -> Insert {
    let (kind, position, order) = match column.kind {
        ColumnKind::Partition(position) => ("partition_key", i64::from(position), "none"),
        ColumnKind::Clustering { position, descending } => {
            ("clustering", i64::from(position), if descending { "desc" } else { "asc" })
        }
        ColumnKind::Static => ("static", -1, "none"),
        ColumnKind::Regular => ("regular", -1, "none"),
    };
    let bytes: String = column.name.bytes().map(|byte| alloc::format!("{byte:02x}")).collect();
    of(table)
        .text_of("column_name", &column.name)
        .text_of("clustering_order", order)
        .plain("column_name_bytes", alloc::format!("0x{bytes}"))
        .text_of("kind", kind)
        .plain("position", position)
        .text_of("type", &column.ty)
}

fn described(table: &Table) -> Insert {
    let said = options(table).into_iter().filter(|option| option.said);
    said.fold(of(table), |row, option| row.plain(option.name, option.value))
        .plain("dclocal_read_repair_chance", "0.0")
        .plain("flags", if table.is_counter() { "{'compound', 'counter'}" } else { "{'compound'}" })
        .plain("id", id(table))
        .plain("read_repair_chance", "0.0")
}

/// An option of a table, its value as CQL writes it.
pub(super) struct Described {
    pub(super) name: &'static str,
    pub(super) value: String,
    /// `system_schema` leaves the others null: nobody said them, and the server decides.
    said: bool,
}

/// Every option, in the order of `DESCRIBE TABLE`.
pub(super) fn options(table: &Table) -> Vec<Described> {
    let options = &table.options;
    let plain = |name, value: String| Described { name, value, said: true };
    let kept = |name, usual: &str| plain(name, options.other.get(name).map_or(usual, String::as_str).to_string());
    let unsaid = |name, usual: &str| Described { said: options.other.contains_key(name), ..kept(name, usual) };
    let text = |name, value: &str| plain(name, quoted(value));
    // A class is named in full here, whatever the statement said.
    let compaction = options.compaction.iter().map(|(key, value)| match key.as_str() {
        "class" => (key.clone(), full("org.apache.cassandra.db.compaction.", value)),
        _ => (key.clone(), value.clone()),
    });
    let compaction: Vec<(String, String)> = compaction.collect();
    let mut memtable = unsaid("memtable", "default");
    memtable.value = quoted(&memtable.value);
    Vec::from([
        text("additional_write_policy", &Retry(options.additional_write_policy).to_string()),
        unsaid("allow_auto_snapshot", "true"),
        kept("bloom_filter_fp_chance", "0.01"),
        kept("caching", "{'keys': 'ALL', 'rows_per_partition': 'NONE'}"),
        unsaid("cdc", "false"),
        text("comment", &options.comment),
        plain("compaction", map(compaction.iter().map(|(key, value)| (key.as_str(), value.as_str())))),
        kept("compression", "{'chunk_length_in_kb': '16', 'class': 'org.apache.cassandra.io.compress.LZ4Compressor'}"),
        memtable,
        kept("crc_check_chance", "1.0"),
        plain("default_time_to_live", options.default_time_to_live.to_string()),
        plain("extensions", "{}".to_string()),
        plain("gc_grace_seconds", options.gc_grace_seconds.to_string()),
        unsaid("incremental_backups", "true"),
        kept("max_index_interval", "2048"),
        kept("memtable_flush_period_in_ms", "0"),
        kept("min_index_interval", "128"),
        text("read_repair", if options.read_repair == ReadRepair::Blocking { "BLOCKING" } else { "NONE" }),
        text("speculative_retry", &Retry(options.speculative_retry).to_string()),
    ])
}

fn indexed(table: &Table, index: &Index) -> Insert {
    let target = target(table, index);
    let class = index.attached.then_some(("class_name", "sai"));
    of(table)
        .text_of("index_name", &index.name)
        .text_of("kind", if index.attached { "CUSTOM" } else { "COMPOSITES" })
        .plain("options", map(class.into_iter().chain([("target", target.as_str())])))
}

/// What an index is on, as `CREATE INDEX` says it.
pub(super) fn target(table: &Table, index: &Index) -> String {
    let column = table.column_by_id(index.column);
    let name = column.map_or_else(String::new, |column| Name::from(&*column.name).to_string());
    let whole = column.is_none_or(|column| !column.ty.is_collection());
    match index.kind {
        IndexTargetKind::Keys => alloc::format!("keys({name})"),
        IndexTargetKind::Entries => alloc::format!("entries({name})"),
        IndexTargetKind::Full => alloc::format!("full({name})"),
        IndexTargetKind::Values | IndexTargetKind::Simple if whole => name,
        IndexTargetKind::Values | IndexTargetKind::Simple => alloc::format!("values({name})"),
    }
}

/// A table's UUID, as drivers know it.
pub(super) fn id(table: &Table) -> Uuid {
    Uuid(0x7461_626c << 96 | u128::from(table.id.0))
}

fn full(package: &str, class: &str) -> String {
    if class.contains('.') { class.to_string() } else { alloc::format!("{package}{class}") }
}

/// As it is laid out: a factor for every data centre is said for each.
pub(super) fn replication(keyspace: &Keyspace, strategy: Option<&Strategy>) -> Vec<(String, String)> {
    let entries = |name: &str, rest: &mut dyn Iterator<Item = (String, u32)>| {
        let class = ("class".to_string(), full("org.apache.cassandra.locator.", name));
        core::iter::once(class).chain(rest.map(|(key, n)| (key, n.to_string()))).collect()
    };
    // The server's own are not laid out on the ring.
    match (strategy, &keyspace.replication) {
        (Some(Strategy::Topology(dcs)), _) => {
            entries("NetworkTopologyStrategy", &mut dcs.iter().map(|(dc, n)| (dc.to_string(), *n)))
        }
        (Some(Strategy::Simple(n)), _) | (None, Replication::Simple(n)) if !keyspace.is_local() => {
            entries("SimpleStrategy", &mut core::iter::once(("replication_factor".to_string(), *n)))
        }
        _ => entries("LocalStrategy", &mut core::iter::empty()),
    }
}

/// `99p`, `NEVER`, `50ms`, as a table's description says it.
struct Retry(SpeculativeRetry);

impl core::fmt::Display for Retry {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            SpeculativeRetry::Never => f.write_str("NEVER"),
            SpeculativeRetry::Always => f.write_str("ALWAYS"),
            SpeculativeRetry::After(us) if us % 1_000 == 0 => write!(f, "{}ms", us / 1_000),
            SpeculativeRetry::After(us) => write!(f, "{}.{:03}ms", us / 1_000, us % 1_000),
            SpeculativeRetry::Percentile(hundredths) if hundredths % 100 == 0 => write!(f, "{}p", hundredths / 100),
            SpeculativeRetry::Percentile(hundredths) => write!(f, "{}.{:02}p", hundredths / 100, hundredths % 100),
        }
    }
}
