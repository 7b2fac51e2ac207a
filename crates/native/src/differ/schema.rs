//! The shapes of tables that programs are about, and values for their columns.

use sim::Chance;

/// A type and a few of its values: few, so that writes meet each other.
pub struct Domain {
    pub name: &'static str,
    pub values: &'static [&'static str],
    /// Whether it may be part of a key.
    pub key: bool,
}

impl Domain {
    /// Whether the server may take another type's literal, or the bytes of one that is bound, for a value of it, and break over them.
    pub fn broken_by(&self, other: &Domain, bound: bool) -> bool {
        match self.name {
            "tinyint" => other.name == "blob",
            // Four bytes are a scale without a number; of more, the scale is of any size (ARCHITECTURE.md, what the model leaves out).
            "decimal" => bound && other.name != "decimal",
            name => name.contains("$U") || name.starts_with("tuple"),
        }
    }
}

pub const SCALARS: &[Domain] = &[
    Domain { name: "int", values: &["0", "1", "-1", "2147483647"], key: true },
    Domain { name: "bigint", values: &["0", "-7", "9223372036854775807"], key: true },
    Domain { name: "smallint", values: &["0", "-1", "32767"], key: true },
    Domain { name: "tinyint", values: &["0", "-128", "127"], key: true },
    Domain { name: "varint", values: &["0", "-256", "340282366920938463463374607431768211456"], key: true },
    Domain { name: "decimal", values: &["0", "-1.5", "12345678901234567890.25"], key: false },
    Domain { name: "float", values: &["0", "-1.5", "3.25"], key: false },
    Domain { name: "double", values: &["0", "-2.5", "1e10"], key: true },
    Domain { name: "text", values: &["''", "'a'", "'ab'", "'é'"], key: true },
    Domain { name: "ascii", values: &["'a'", "'Z'"], key: true },
    Domain { name: "blob", values: &["0x", "0x00", "0xff01"], key: true },
    Domain { name: "boolean", values: &["true", "false"], key: true },
    Domain {
        name: "uuid",
        values: &["00000000-0000-0000-0000-000000000001", "ffffffff-ffff-4fff-bfff-ffffffffffff"],
        key: true,
    },
    Domain {
        name: "timeuuid",
        values: &["d2177dd0-eaa2-11de-a572-001b779c76e3", "e23f1e02-fc4b-11df-a572-001b779c76e3"],
        key: true,
    },
    Domain { name: "timestamp", values: &["0", "'2020-02-29T12:00:00Z'", "-1"], key: true },
    Domain { name: "date", values: &["'1970-01-01'", "'2020-02-29'", "'1969-12-31'"], key: true },
    Domain { name: "time", values: &["'00:00:00'", "'23:59:59.999999999'"], key: true },
    Domain { name: "inet", values: &["'127.0.0.1'", "'::1'"], key: true },
    Domain { name: "duration", values: &["1mo2d", "-5h"], key: false },
];

pub const OTHERS: &[Domain] = &[
    Domain { name: "list<int>", values: &["[1]", "[2, 1, 2]", "[]"], key: false },
    Domain { name: "set<text>", values: &["{'a'}", "{'b', 'a'}", "{}"], key: false },
    Domain { name: "map<text, int>", values: &["{'a': 1}", "{'b': 2, 'a': 0}", "{}"], key: false },
    Domain { name: "frozen<list<int>>", values: &["[1]", "[3, 1]"], key: true },
    Domain { name: "frozen<set<int>>", values: &["{1}", "{2, 1}", "{2, 1, 2}"], key: true },
    Domain { name: "frozen<map<text, int>>", values: &["{'a': 1}", "{'b': 2, 'a': 1}"], key: false },
    Domain { name: "tuple<int, text>", values: &["(1, 'a')", "(null, 'b')"], key: true },
    Domain { name: "$U", values: &["{a: 1, b: 'x'}", "{a: 2}", "{b: ''}"], key: false },
    Domain { name: "frozen<$U>", values: &["{a: 1, b: 'x'}", "{b: 'y'}"], key: true },
];

/// The user-defined type of a program whose table has one.
pub const CREATE_TYPE: &str = "CREATE TYPE $U (a int, b text)";

/// A column of a program's table.
#[derive(Clone)]
pub struct Column {
    pub name: String,
    pub ty: &'static Domain,
    pub role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Partition,
    Clustering,
    Static,
    Regular,
}

/// A program's table.
pub struct Table {
    pub columns: Vec<Column>,
    pub create: String,
}

/// Draws one of several.
pub fn one<'a, T>(luck: &mut Chance, of: &'a [T]) -> Option<&'a T> {
    of.get(usize::try_from(luck.below(of.len().max(1) as u64)).unwrap_or(0))
}

/// Draws a table.
pub fn table(luck: &mut Chance) -> Table {
    let mut columns: Vec<Column> = Vec::new();
    let mut add = |luck: &mut Chance, role, count: u64, prefix: &str| {
        for n in 0..count {
            let domains: Vec<&'static Domain> = SCALARS
                .iter()
                .chain(OTHERS)
                .filter(|domain| domain.key || matches!(role, Role::Static | Role::Regular))
                .collect();
            if let Some(ty) = one(luck, &domains) {
                columns.push(Column { name: format!("{prefix}{n}"), ty, role });
            }
        }
    };
    let partition = 1 + luck.below(2);
    let clustering = luck.below(4).min(3);
    add(luck, Role::Partition, partition, "p");
    add(luck, Role::Clustering, clustering, "c");
    let statics = if clustering > 0 { luck.below(2) } else { 0 };
    add(luck, Role::Static, statics, "s");
    let regular = 1 + luck.below(4);
    add(luck, Role::Regular, regular, "v");
    let declared: Vec<String> = columns
        .iter()
        .map(|column| {
            let role = if column.role == Role::Static { " static" } else { "" };
            format!("{} {}{role}", column.name, column.ty.name)
        })
        .collect();
    let names = |role| columns.iter().filter(move |column| column.role == role).map(|column| column.name.clone());
    let keys: Vec<String> = names(Role::Partition).collect();
    let clustering: Vec<String> = names(Role::Clustering).collect();
    let behind: String = clustering.iter().map(|name| format!(", {name}")).collect();
    let orders: Vec<String> =
        clustering.iter().map(|name| format!("{name} {}", if luck.below(2) == 0 { "ASC" } else { "DESC" })).collect();
    let order =
        if orders.is_empty() { String::new() } else { format!(" WITH CLUSTERING ORDER BY ({})", orders.join(", ")) };
    let create =
        format!("CREATE TABLE $T ({}, PRIMARY KEY (({}){behind})){order}", declared.join(", "), keys.join(", "));
    Table { columns, create }
}
