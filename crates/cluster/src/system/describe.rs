//! `DESCRIBE`: the schema as the statements that make it, in Cassandra's own layout.

use super::tables::{VIRTUAL, id, options, replication, target};
use super::{map, nodes};
use crate::node::Node;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cql::ast::{DescribeTarget, Described, Name, Qualified};
use cql::{Column, ColumnKind, ColumnSpec, Error, Index, Keyspace, Response, Rows, Schema, Table, Type, Udt};
use storage::Bytes;

/// What an element of a schema is described as.
struct Element<'a> {
    keyspace: &'a str,
    kind: &'static str,
    name: &'a str,
    create: String,
}

impl Node {
    /// The answer to a `DESCRIBE`; names without a keyspace are in `current`.
    pub(crate) fn describe(&self, what: &Described, current: Option<&str>) -> Result<Response, Error> {
        let schema = &self.catalog.schema;
        let within = |name: &Qualified| -> Result<&Keyspace, Error> {
            let keyspace = name.keyspace.as_ref().map(Name::as_str).or(current);
            let none = || Error::invalid("No keyspace specified and no current keyspace");
            found(schema, keyspace.ok_or_else(none)?)
        };
        let missing = |what: &str, name: &Qualified| -> Error {
            match within(name) {
                Ok(keyspace) => {
                    Error::Invalid(alloc::format!("{what} '{}' not found in '{}'", name.name.as_str(), keyspace.name))
                }
                Err(error) => error,
            }
        };
        match &what.target {
            DescribeTarget::Cluster => Ok(self.describe_cluster()),
            DescribeTarget::Keyspaces => {
                let all = sorted(schema, true).into_iter();
                Ok(listed(all.map(|keyspace| Element {
                    keyspace: &keyspace.name,
                    kind: "keyspace",
                    name: &keyspace.name,
                    create: String::new(),
                })))
            }
            DescribeTarget::Tables => {
                let tables = chosen(schema, current)?.into_iter().flat_map(Keyspace::tables);
                Ok(listed(tables.map(|table| Element {
                    keyspace: &table.keyspace,
                    kind: "table",
                    name: &table.name,
                    create: String::new(),
                })))
            }
            DescribeTarget::Types => {
                let types = chosen(schema, current)?.into_iter().flat_map(Keyspace::types);
                Ok(listed(types.map(|ty| Element {
                    keyspace: &ty.keyspace,
                    kind: "type",
                    name: &ty.name,
                    create: String::new(),
                })))
            }
            DescribeTarget::Functions | DescribeTarget::Aggregates => Ok(listed(core::iter::empty())),
            DescribeTarget::Schema | DescribeTarget::FullSchema => {
                let full = what.target == DescribeTarget::FullSchema;
                Ok(told(sorted(schema, full).into_iter().flat_map(|keyspace| self.all_of(keyspace, what.internals))))
            }
            DescribeTarget::Keyspace(only, name) => {
                let none = || Error::invalid("No keyspace specified and no current keyspace");
                let keyspace = found(schema, name.as_ref().map(Name::as_str).or(current).ok_or_else(none)?)?;
                let all = self.all_of(keyspace, what.internals);
                Ok(told(all.into_iter().take(if *only { 1 } else { usize::MAX })))
            }
            DescribeTarget::Table(name) => {
                let keyspace = within(name)?;
                let table = keyspace.tables().find(|table| *table.name == *name.name.as_str());
                let text =
                    || alloc::format!("Table '{}' not found in keyspace '{}'", name.name.as_str(), keyspace.name);
                Ok(told(with_indexes(table.ok_or_else(|| Error::Invalid(text()))?, what.internals)))
            }
            DescribeTarget::Type(name) => {
                let ty = within(name)?.types().find(|ty| ty.name == name.name.as_str());
                Ok(told([of_type(ty.ok_or_else(|| missing("User defined type", name))?)].into_iter()))
            }
            DescribeTarget::Index(name) => {
                let index = index_of(within(name)?, name.name.as_str());
                Ok(told([index.ok_or_else(|| missing("Table for existing index", name))?].into_iter()))
            }
            DescribeTarget::View(name) => Err(missing("Materialized view", name)),
            DescribeTarget::Function(name) => Err(missing("User defined function", name)),
            DescribeTarget::Aggregate(name) => Err(missing("User defined aggregate", name)),
            DescribeTarget::Any(name) => self.describe_any(name, current, what.internals),
        }
    }

    /// A bare name: a keyspace, or else a table of the current one.
    fn describe_any(&self, name: &Qualified, current: Option<&str>, internals: bool) -> Result<Response, Error> {
        let schema = &self.catalog.schema;
        let bare = name.name.as_str();
        if name.keyspace.is_none()
            && let Ok(keyspace) = found(schema, bare)
        {
            return Ok(told(self.all_of(keyspace, internals).into_iter()));
        }
        let Some(keyspace) = name.keyspace.as_ref().map(Name::as_str).or(current) else {
            return Err(Error::Invalid(alloc::format!("'{bare}' not found in keyspaces")));
        };
        let keyspace = found(schema, keyspace)?;
        match keyspace.tables().find(|table| &*table.name == bare) {
            Some(table) => Ok(told(with_indexes(table, internals))),
            None => match index_of(keyspace, bare) {
                Some(index) => Ok(told([index].into_iter())),
                None => Err(Error::Invalid(alloc::format!("'{bare}' not found in keyspace '{}'", keyspace.name))),
            },
        }
    }

    /// A keyspace, its types, its tables.
    fn all_of<'a>(&self, keyspace: &'a Keyspace, internals: bool) -> Vec<Element<'a>> {
        let strategy = self.catalog.placement(&keyspace.name).map(|placement| &placement.strategy);
        let entries = replication(keyspace, strategy);
        let entries = entries.iter().map(|(key, value)| {
            (
                key.as_str(),
                match key.as_str() {
                    "class" => value.rsplit('.').next().unwrap_or(value),
                    _ => value.as_str(),
                },
            )
        });
        let name = Name::from(&*keyspace.name);
        let create = if *keyspace.name == *VIRTUAL {
            for_reference("Keyspace", "keyspace", &keyspace.name, &alloc::format!("{name};"))
        } else {
            // The two blanks are Cassandra's.
            let (map, durable) = (map(entries), keyspace.durable_writes);
            alloc::format!("CREATE KEYSPACE {name} WITH replication = {map}  AND durable_writes = {durable};")
        };
        let first = Element { keyspace: &keyspace.name, kind: "keyspace", name: &keyspace.name, create };
        let tables = keyspace.tables().flat_map(|table| with_indexes(table, internals));
        core::iter::once(first).chain(keyspace.types().map(|ty| of_type(ty))).chain(tables).collect()
    }

    fn describe_cluster(&self) -> Response {
        let ring = self.catalog.ring();
        let owners = ring.nodes().filter_map(|id| ring.token_of(id).map(|token| (token, id)));
        let entries: Vec<(Vec<u8>, Vec<u8>)> = owners
            .map(|(token, id)| {
                let owner = alloc::format!("/{}:{}", nodes::Address(id), nodes::STORAGE_PORT);
                (token.to_string().into_bytes(), collection(&[owner.into_bytes()]))
            })
            .collect();
        let ranges = Type::map(Type::Text, Type::list(Type::Text));
        let columns =
            [("cluster", Type::Text), ("partitioner", Type::Text), ("snitch", Type::Text), ("range_ownership", ranges)];
        let mut map = (entries.len() as u32).to_be_bytes().to_vec();
        for part in entries.iter().flat_map(|(key, value)| [key, value]) {
            map.extend((part.len() as u32).to_be_bytes());
            map.extend(part);
        }
        let row = [nodes::CLUSTER.as_bytes(), b"Murmur3Partitioner", b"GossipingPropertyFileSnitch", &map];
        rows(&columns, Vec::from([row.iter().map(|value| Some(Bytes::from(*value))).collect()]))
    }
}

/// A list of values as the protocol writes it.
fn collection(values: &[Vec<u8>]) -> Vec<u8> {
    let mut all = (values.len() as u32).to_be_bytes().to_vec();
    for value in values {
        all.extend((value.len() as u32).to_be_bytes());
        all.extend(value);
    }
    all
}

fn found<'a>(schema: &'a Schema, name: &str) -> Result<&'a Keyspace, Error> {
    let keyspace = schema.keyspace(name).or_else(|| schema.system().keyspace(name));
    keyspace.ok_or_else(|| Error::Invalid(alloc::format!("'{name}' not found in keyspaces")))
}

/// The keyspaces by name, the server's own among them if wanted.
fn sorted(schema: &Schema, full: bool) -> Vec<&Keyspace> {
    let own = schema.system().keyspaces().filter(|_| full);
    let mut all: Vec<&Keyspace> = schema.keyspaces().chain(own).collect();
    storage::order::sort_by(&mut all, |a, b| a.name.cmp(&b.name));
    all
}

/// The current keyspace, or all.
fn chosen<'a>(schema: &'a Schema, current: Option<&str>) -> Result<Vec<&'a Keyspace>, Error> {
    match current {
        Some(name) => Ok(Vec::from([found(schema, name)?])),
        None => Ok(sorted(schema, true)),
    }
}

fn of_type(ty: &Udt) -> Element<'_> {
    let fields: Vec<String> =
        ty.fields.iter().map(|(name, ty)| alloc::format!("    {} {ty}", Name::from(name.as_str()))).collect();
    let name = alloc::format!("{}.{}", Name::from(ty.keyspace.as_str()), Name::from(ty.name.as_str()));
    let create = alloc::format!("CREATE TYPE {name} (\n{}\n);", fields.join(",\n"));
    Element { keyspace: &ty.keyspace, kind: "type", name: &ty.name, create }
}

/// A table, and behind it each of its indexes.
fn with_indexes(table: &Rc<Table>, internals: bool) -> impl Iterator<Item = Element<'_>> {
    core::iter::once(of_table(table, internals)).chain(table.indexes.iter().map(|index| of_index(table, index)))
}

fn of_index<'a>(table: &'a Table, index: &'a Index) -> Element<'a> {
    let (name, on, target) = (Name::from(&*index.name), table.full_name(), target(table, index));
    let create = if index.attached {
        alloc::format!("CREATE CUSTOM INDEX {name} ON {on} ({target}) USING 'sai';")
    } else {
        alloc::format!("CREATE INDEX {name} ON {on} ({target});")
    };
    Element { keyspace: &table.keyspace, kind: "index", name: &index.name, create }
}

/// An index of a keyspace, by name.
fn index_of<'a>(keyspace: &'a Keyspace, name: &str) -> Option<Element<'a>> {
    let mut all = keyspace.tables().flat_map(|table| table.indexes.iter().map(move |index| (table, index)));
    all.find(|(_, index)| &*index.name == name).map(|(table, index)| of_index(table, index))
}

fn of_table(table: &Rc<Table>, internals: bool) -> Element<'_> {
    let name = |column: &Column| Name::from(&*column.name).to_string();
    let names = |columns: &[Column]| columns.iter().map(name).collect::<Vec<_>>().join(", ");
    let (partition, clustering) = (table.partition_key(), table.clustering());
    let alone = partition.len() == 1 && clustering.is_empty();
    // Keys, static columns, the others; of each that have cells of their own stand last.
    let mut columns: Vec<&Column> = table.columns().iter().collect();
    storage::order::sort_by(&mut columns, |a, b| place(a).cmp(&place(b)));
    let mut lines: Vec<String> = columns
        .into_iter()
        .map(|column| {
            let role = match column.kind {
                ColumnKind::Static => " static",
                ColumnKind::Partition(_) if alone => " PRIMARY KEY",
                _ => "",
            };
            alloc::format!("    {} {}{role}", name(column), column.ty)
        })
        .collect();
    if !alone {
        let partition = if partition.len() > 1 { alloc::format!("({})", names(partition)) } else { names(partition) };
        let clustering: String = clustering.iter().map(|column| alloc::format!(", {}", name(column))).collect();
        lines.push(alloc::format!("    PRIMARY KEY ({partition}{clustering})"));
    }
    let mut with: Vec<String> = Vec::new();
    let made_up = *table.keyspace == *VIRTUAL;
    if internals {
        with.push(alloc::format!("ID = {}", id(table)));
    }
    if !clustering.is_empty() {
        let order =
            |column: &Column| alloc::format!("{} {}", name(column), if column.descending() { "DESC" } else { "ASC" });
        with.push(alloc::format!(
            "CLUSTERING ORDER BY ({})",
            clustering.iter().map(order).collect::<Vec<_>>().join(", ")
        ));
    }
    let options = options(table).into_iter().filter(|option| !made_up || option.name == "comment");
    with.extend(options.map(|option| alloc::format!("{} = {}", option.name, option.value)));
    let rest = alloc::format!("{} (\n{}\n) WITH {};", table.full_name(), lines.join(",\n"), with.join("\n    AND "));
    let create = if made_up {
        for_reference("Table", "table", &table.full_name(), &rest)
    } else {
        alloc::format!("CREATE TABLE {rest}")
    };
    Element { keyspace: &table.keyspace, kind: "table", name: &table.name, create }
}

/// What no statement makes: it is said what it is like.
fn for_reference(what: &str, kind: &str, name: &str, rest: &str) -> String {
    let kinds = kind.to_uppercase();
    alloc::format!(
        "/*\nWarning: {what} {name} is a virtual {kind} and cannot be recreated with CQL.\nStructure, for reference:\nVIRTUAL {kinds} {rest}\n*/"
    )
}

fn place(column: &Column) -> (u8, bool) {
    match column.kind {
        ColumnKind::Partition(_) | ColumnKind::Clustering { .. } => (0, false),
        ColumnKind::Static => (1, column.ty.is_multi_cell()),
        ColumnKind::Regular => (2, column.ty.is_multi_cell()),
    }
}

const LISTED: [(&str, Type); 3] = [("keyspace_name", Type::Text), ("type", Type::Text), ("name", Type::Text)];

fn listed<'a>(elements: impl Iterator<Item = Element<'a>>) -> Response {
    let row = |element: Element<'_>| texts(&[element.keyspace, element.kind, element.name]);
    rows(&LISTED, elements.map(row).collect())
}

fn told<'a>(elements: impl Iterator<Item = Element<'a>>) -> Response {
    let columns: Vec<(&str, Type)> = LISTED.into_iter().chain([("create_statement", Type::Text)]).collect();
    let row = |element: Element<'_>| texts(&[element.keyspace, element.kind, element.name, &element.create]);
    rows(&columns, elements.map(row).collect())
}

fn texts(values: &[&str]) -> Vec<Option<Bytes>> {
    values.iter().map(|value| Some(Bytes::from(value.as_bytes()))).collect()
}

fn rows(columns: &[(&str, Type)], rows: Vec<Vec<Option<Bytes>>>) -> Response {
    let spec = |(name, ty): &(&str, Type)| ColumnSpec {
        keyspace: "system".into(),
        table: "describe".into(),
        name: Rc::from(*name),
        ty: ty.clone(),
    };
    Response::Rows(Rows { columns: columns.iter().map(spec).collect(), rows }, None)
}
