//! INSERT, UPDATE, DELETE, BATCH, and those with a condition.

use super::Author;
use crate::differ::schema::{Column, Role, one};

impl Author {
    fn using(&mut self) -> String {
        match self.below(20) {
            0 => " USING TIMESTAMP 1005".into(),
            1 => " USING TTL 100000".into(),
            2 => " USING TTL 0".into(),
            3 => " USING TIMESTAMP 2000 AND TTL 500000".into(),
            4 => format!(" USING TTL {}", self.literal("int", "700000")),
            _ => String::new(),
        }
    }

    /// A column that is sometimes left out; keys hardly ever.
    fn chosen(&mut self) -> Vec<Column> {
        let columns = self.table.columns.clone();
        columns
            .into_iter()
            .filter(|column| {
                let of_100 = if matches!(column.role, Role::Partition | Role::Clustering) { 98 } else { 70 };
                self.chance(of_100)
            })
            .collect()
    }

    pub(super) fn insert(&mut self) -> String {
        let using = self.using();
        format!("{}{using}", self.inserted())
    }

    fn inserted(&mut self) -> String {
        let columns = self.chosen();
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let values: Vec<String> = columns.iter().map(|column| self.value(column)).collect();
        format!("INSERT INTO $T ({}) VALUES ({})", names.join(", "), values.join(", "))
    }

    pub(super) fn insert_json(&mut self) -> String {
        self.marking = false;
        let columns = self.chosen();
        let fields: Vec<String> = columns
            .iter()
            .map(|column| {
                let value = self.fitting(column).replace('\'', "");
                let bare = value.parse::<i64>().is_ok() || ["true", "false", "null"].contains(&value.as_str());
                let value = match column.ty.name {
                    _ if bare => value,
                    "map<text, int>" | "frozen<map<text, int>>" | "$U" | "frozen<$U>" => keyed(&value),
                    "list<int>" | "frozen<list<int>>" => value,
                    "frozen<set<int>>" => value.replace('{', "[").replace('}', "]"),
                    "set<text>" => match value.as_str() {
                        "{}" => "[]".into(),
                        one => one.replace('{', "[\"").replace('}', "\"]").replace(", ", "\", \""),
                    },
                    "tuple<int, text>" => value.replace('(', "[").replace(", ", ", \"").replace(')', "\"]"),
                    _ => format!("\"{value}\""),
                };
                format!("\"{}\": {value}", column.name)
            })
            .collect();
        let default = self.pick(&["", " DEFAULT NULL", " DEFAULT UNSET"]);
        format!("INSERT INTO $T JSON '{{{}}}'{default}", fields.join(", "))
    }

    fn assignment(&mut self, column: &Column) -> String {
        let name = &column.name;
        let value = self.value(column);
        match column.ty.name {
            "list<int>" => match self.below(6) {
                0 => format!("{name} = {name} + {value}"),
                1 => format!("{name} = {value} + {name}"),
                2 => format!("{name}[{}] = {}", self.below(3), self.literal("int", "7")),
                3 => format!("{name} = {name} - {value}"),
                _ => format!("{name} = {value}"),
            },
            "set<text>" => match self.below(4) {
                0 => format!("{name} = {name} + {value}"),
                1 => format!("{name} = {name} - {value}"),
                _ => format!("{name} = {value}"),
            },
            "map<text, int>" => match self.below(5) {
                0 => format!("{name} = {name} + {value}"),
                1 => format!("{name}['a'] = {}", self.literal("int", "2")),
                2 => format!("{name} = {name} - {{'a'}}"),
                _ => format!("{name} = {value}"),
            },
            "$U" | "frozen<$U>" => match self.below(3) {
                0 => format!("{name}.a = {}", self.literal("int", "5")),
                1 => format!("{name}.b = null"),
                _ => format!("{name} = {value}"),
            },
            _ => format!("{name} = {value}"),
        }
    }

    /// Equality on every column of these roles; a missing or an odd one now and then.
    pub(super) fn keys(&mut self, roles: &[Role]) -> String {
        let columns: Vec<Column> = roles.iter().flat_map(|role| self.columns(*role)).collect();
        let mut relations = Vec::new();
        for column in &columns {
            if self.chance(3) {
                continue;
            }
            let value = self.value(column);
            relations.push(match self.below(20) {
                0 => format!("{} IN ({value}, {})", column.name, self.fitting(column)),
                _ => format!("{} = {value}", column.name),
            });
        }
        match columns.first() {
            _ if !relations.is_empty() => relations.join(" AND "),
            // A shorter tuple would break the server (DIFFERENCES.md, broken-bytes).
            Some(first) if first.ty.name.starts_with("tuple") => format!("{} = {}", first.name, self.fitting(first)),
            _ => "p0 = 1".into(),
        }
    }

    fn whole_key(&mut self) -> String {
        self.keys(&[Role::Partition, Role::Clustering])
    }

    fn values(&self) -> Vec<Column> {
        self.columns(Role::Regular).into_iter().chain(self.columns(Role::Static)).collect()
    }

    pub(super) fn update(&mut self) -> String {
        let pool = self.values();
        let count = 1 + self.below(2);
        let mut assignments = Vec::new();
        for _ in 0..count {
            if let Some(column) = one(&mut self.luck, &pool).cloned() {
                assignments.push(self.assignment(&column));
            }
        }
        let keys = if self.chance(92) { self.whole_key() } else { self.keys(&[Role::Partition]) };
        let using = self.using();
        format!("UPDATE $T{using} SET {} WHERE {keys}", assignments.join(", "))
    }

    pub(super) fn delete(&mut self) -> String {
        let using = if self.chance(15) { " USING TIMESTAMP 1006" } else { "" };
        let clustering = self.columns(Role::Clustering);
        match self.below(4) {
            0 => format!("DELETE FROM $T{using} WHERE {}", self.keys(&[Role::Partition])),
            1 if !clustering.is_empty() => {
                let keys = self.keys(&[Role::Partition]);
                self.bounding = true;
                let slice = self.slice(&clustering);
                self.bounding = false;
                format!("DELETE FROM $T{using} WHERE {keys} AND {slice}")
            }
            2 => {
                let pool = self.values();
                let column = one(&mut self.luck, &pool).cloned();
                let what = column.map_or_else(
                    || "v0".into(),
                    |column| match column.ty.name {
                        "map<text, int>" if self.chance(50) => format!("{}['a']", column.name),
                        "list<int>" if self.chance(50) => format!("{}[0]", column.name),
                        "$U" if self.chance(50) => format!("{}.a", column.name),
                        _ => column.name,
                    },
                );
                format!("DELETE {what} FROM $T{using} WHERE {}", self.whole_key())
            }
            _ => format!("DELETE FROM $T{using} WHERE {}", self.whole_key()),
        }
    }

    /// A stretch of clustering keys.
    pub(super) fn slice(&mut self, clustering: &[Column]) -> String {
        let depth = self.below(clustering.len() as u64) as usize;
        let mut relations: Vec<String> = Vec::new();
        for column in clustering.iter().take(depth) {
            relations.push(format!("{} = {}", column.name, self.fitting(column)));
        }
        if let Some(column) = clustering.get(depth) {
            let sign = self.pick(&["<", "<=", ">", ">=", "="]);
            let end = if !self.bounding && self.chance(3) { "null".into() } else { self.value(column) };
            relations.push(format!("{} {sign} {end}", column.name));
            if self.chance(25) {
                relations.push(format!("{} < {}", column.name, self.fitting(column)));
            }
        }
        relations.join(" AND ")
    }

    pub(super) fn batch(&mut self) -> String {
        let kind = self.pick(&["", "UNLOGGED "]);
        let count = 1 + self.below(3);
        let mut statements: Vec<String> = (0..count)
            .map(|_| match self.below(3) {
                0 => self.insert(),
                1 => self.update(),
                _ => self.delete(),
            })
            .collect();
        if self.chance(8) {
            statements.push(self.conditional());
        }
        let using = if self.chance(20) { " USING TIMESTAMP 1008" } else { "" };
        format!("BEGIN {kind}BATCH{using} {}; APPLY BATCH", statements.join("; "))
    }

    /// Dated by the server on both sides: later than all else in the program.
    pub(super) fn conditional(&mut self) -> String {
        let pool = self.values();
        let (Some(set), Some(tested)) = (one(&mut self.luck, &pool).cloned(), one(&mut self.luck, &pool).cloned())
        else {
            return "TRUNCATE $T".into();
        };
        let keys = self.whole_key();
        self.deciding = true;
        let condition = self.condition(&tested);
        self.deciding = false;
        match self.below(6) {
            0 => format!("UPDATE $T SET {} WHERE {keys} IF {condition}", self.assignment(&set)),
            1 => format!("DELETE FROM $T WHERE {keys} IF EXISTS"),
            2 => format!("DELETE {} FROM $T WHERE {keys} IF {condition}", set.name),
            3 => format!("{} IF NOT EXISTS", self.inserted()),
            // Of two conditions on one column the server takes either first (DIFFERENCES.md, hash-order).
            4 if set.name != tested.name => {
                format!("UPDATE $T SET {} WHERE {keys} IF {condition} AND {} != null", self.assignment(&set), set.name)
            }
            _ => format!("UPDATE $T SET {} WHERE {keys} IF EXISTS", self.assignment(&set)),
        }
    }

    fn condition(&mut self, column: &Column) -> String {
        let (name, value) = (&column.name, self.value(column));
        match (column.ty.name, self.below(6)) {
            ("map<text, int>", 0) => format!("{name}['a'] = {}", self.literal("int", "1")),
            ("list<int>", 0) => format!("{name}[0] = {}", self.literal("int", "1")),
            ("$U" | "frozen<$U>", 0 | 4) => match self.below(3) {
                0 => format!("{name}.a {} {}", self.pick(&["=", "!=", "<", ">="]), self.literal("int", "1")),
                1 => format!("{name}.b IN ('x', {})", self.literal("text", "''")),
                _ => format!("{name}.b = {}", self.literal("text", "'x'")),
            },
            (_, 0) if self.chance(10) => format!("{name}.a = 1"),
            (_, 1) => format!("{name} IN ({value}, {})", self.fitting(column)),
            (_, 2) => format!("{name} = null"),
            (_, 3) => format!("{name} {} {value}", self.pick(&["<", "<=", ">", ">=", "!="])),
            _ => format!("{name} = {value}"),
        }
    }
}

/// `{a: 1}` with its keys in quotes, and texts too.
fn keyed(value: &str) -> String {
    let inner = value.trim_matches(['{', '}']);
    let entries = inner.split(", ").filter_map(|entry| entry.split_once(": ")).map(|(key, value)| {
        if value.parse::<i64>().is_ok() { format!("\"{key}\": {value}") } else { format!("\"{key}\": \"{value}\"") }
    });
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}
