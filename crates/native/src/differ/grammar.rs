//! Random statements over a random table: what people write, and what they should not.

use super::schema::{Column, Role, Table, one, table};
use sim::Chance;

/// A program: its statements, and of what kind each is.
pub struct Program {
    /// `$T` stands for the table.
    pub statements: Vec<String>,
    /// By place.
    pub kinds: Vec<&'static str>,
}

/// The program of this seed.
pub fn program(seed: u64, statements: u32) -> Program {
    let mut luck = Chance::new(seed, 0);
    let table = table(&mut luck);
    let mut program = Program { statements: vec![table.create.clone()], kinds: vec!["CREATE TABLE"] };
    let mut author = Author { luck, table };
    for _ in 1..statements {
        let (kind, statement) = author.statement();
        program.statements.push(statement);
        program.kinds.push(kind);
    }
    program
}

struct Author {
    luck: Chance,
    table: Table,
}

type Said = (&'static str, String);

impl Author {
    fn below(&mut self, n: u64) -> u64 {
        self.luck.below(n)
    }

    fn chance(&mut self, of_100: u64) -> bool {
        self.below(100) < of_100
    }

    fn columns(&self, role: Role) -> Vec<Column> {
        self.table.columns.iter().filter(|column| column.role == role).cloned().collect()
    }

    fn any(&mut self) -> Option<Column> {
        one(&mut self.luck, &self.table.columns).cloned()
    }

    fn value(&mut self, column: &Column) -> String {
        let key = matches!(column.role, Role::Partition | Role::Clustering);
        match self.below(100) {
            0..4 if !key => "null".into(),
            // Of another type, mostly.
            4..6 => self.any().map_or_else(|| "1".into(), |other| self.fitting(&other)),
            _ => self.fitting(column),
        }
    }

    fn fitting(&mut self, column: &Column) -> String {
        one(&mut self.luck, column.ty.values).map_or("null", |value| value).to_string()
    }

    fn statement(&mut self) -> Said {
        match self.below(100) {
            0..28 => ("INSERT", self.insert()),
            28..40 => ("UPDATE", self.update()),
            40..50 => ("DELETE", self.delete()),
            50..54 => ("BATCH", self.batch()),
            54..57 => ("INSERT JSON", self.insert_json()),
            57..60 => ("conditional", self.conditional()),
            60..72 => ("SELECT by key", self.select_by_key()),
            72..80 => ("SELECT by range", self.select_by_range()),
            80..85 => ("SELECT filtering", self.select_filtering()),
            85..89 => ("SELECT aggregates", self.select_aggregates()),
            89..94 => ("SELECT functions", self.select_functions()),
            94..96 => ("ALTER TABLE", self.alter()),
            96 => ("TRUNCATE", "TRUNCATE $T".into()),
            _ => ("nonsense", self.nonsense()),
        }
    }

    fn using(&mut self) -> String {
        match self.below(20) {
            0 => " USING TIMESTAMP 1005".into(),
            1 => " USING TTL 100000".into(),
            2 => " USING TTL 0".into(),
            3 => " USING TIMESTAMP 2000 AND TTL 500000".into(),
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

    fn insert(&mut self) -> String {
        let columns = self.chosen();
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let values: Vec<String> = columns.iter().map(|column| self.value(column)).collect();
        let using = self.using();
        format!("INSERT INTO $T ({}) VALUES ({}){using}", names.join(", "), values.join(", "))
    }

    fn insert_json(&mut self) -> String {
        let columns = self.chosen();
        let fields: Vec<String> = columns
            .iter()
            .filter(|column| {
                !column.ty.name.starts_with(['l', 's', 'm', 'f']) || column.ty.name.starts_with("smallint")
            })
            .map(|column| {
                let value = self.fitting(column).replace('\'', "");
                let bare = value.parse::<i64>().is_ok() || ["true", "false", "null"].contains(&value.as_str());
                if bare { format!("\"{}\": {value}", column.name) } else { format!("\"{}\": \"{value}\"", column.name) }
            })
            .collect();
        let default = ["", " DEFAULT NULL", " DEFAULT UNSET"];
        let default = one(&mut self.luck, &default).map_or("", |default| default);
        format!("INSERT INTO $T JSON '{{{}}}'{default}", fields.join(", "))
    }

    fn assignment(&mut self, column: &Column) -> String {
        let name = &column.name;
        let value = self.value(column);
        match column.ty.name {
            "list<int>" => match self.below(6) {
                0 => format!("{name} = {name} + {value}"),
                1 => format!("{name} = {value} + {name}"),
                2 => format!("{name}[{}] = 7", self.below(3)),
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
                1 => format!("{name}['a'] = {}", self.below(3)),
                2 => format!("{name} = {name} - {{'a'}}"),
                _ => format!("{name} = {value}"),
            },
            _ => format!("{name} = {value}"),
        }
    }

    /// Equality on every column of these roles; a missing or an odd one now and then.
    fn keys(&mut self, roles: &[Role]) -> String {
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
        if relations.is_empty() { "p0 = 1".into() } else { relations.join(" AND ") }
    }

    fn update(&mut self) -> String {
        let pool: Vec<Column> = self.columns(Role::Regular).into_iter().chain(self.columns(Role::Static)).collect();
        let count = 1 + self.below(2);
        let mut assignments = Vec::new();
        for _ in 0..count {
            if let Some(column) = one(&mut self.luck, &pool).cloned() {
                assignments.push(self.assignment(&column));
            }
        }
        let roles: &[Role] = if self.chance(92) { &[Role::Partition, Role::Clustering] } else { &[Role::Partition] };
        let using = self.using();
        format!("UPDATE $T{using} SET {} WHERE {}", assignments.join(", "), self.keys(roles))
    }

    fn delete(&mut self) -> String {
        let using = if self.chance(15) { " USING TIMESTAMP 1006" } else { "" };
        let clustering = self.columns(Role::Clustering);
        match self.below(4) {
            0 => format!("DELETE FROM $T{using} WHERE {}", self.keys(&[Role::Partition])),
            1 if !clustering.is_empty() => {
                let keys = self.keys(&[Role::Partition]);
                format!("DELETE FROM $T{using} WHERE {keys} AND {}", self.slice(&clustering))
            }
            2 => {
                let pool: Vec<Column> =
                    self.columns(Role::Regular).into_iter().chain(self.columns(Role::Static)).collect();
                let column = one(&mut self.luck, &pool).cloned();
                let what = column.map_or_else(
                    || "v0".into(),
                    |column| match column.ty.name {
                        "map<text, int>" if self.chance(50) => format!("{}['a']", column.name),
                        "list<int>" if self.chance(50) => format!("{}[0]", column.name),
                        _ => column.name,
                    },
                );
                format!("DELETE {what} FROM $T{using} WHERE {}", self.keys(&[Role::Partition, Role::Clustering]))
            }
            _ => format!("DELETE FROM $T{using} WHERE {}", self.keys(&[Role::Partition, Role::Clustering])),
        }
    }

    /// A stretch of clustering keys.
    fn slice(&mut self, clustering: &[Column]) -> String {
        let depth = self.below(clustering.len() as u64) as usize;
        let mut relations: Vec<String> = Vec::new();
        for column in clustering.iter().take(depth) {
            relations.push(format!("{} = {}", column.name, self.fitting(column)));
        }
        if let Some(column) = clustering.get(depth) {
            let sign = ["<", "<=", ">", ">=", "="];
            let sign = one(&mut self.luck, &sign).map_or("=", |sign| sign);
            relations.push(format!("{} {sign} {}", column.name, self.value(column)));
            if self.chance(25) {
                relations.push(format!("{} < {}", column.name, self.fitting(column)));
            }
        }
        relations.join(" AND ")
    }

    fn batch(&mut self) -> String {
        let kind = ["", "UNLOGGED "];
        let kind = one(&mut self.luck, &kind).map_or("", |kind| kind);
        let count = 1 + self.below(3);
        let statements: Vec<String> = (0..count)
            .map(|_| match self.below(3) {
                0 => self.insert(),
                1 => self.update(),
                _ => self.delete(),
            })
            .collect();
        let using = if self.chance(20) { " USING TIMESTAMP 1008" } else { "" };
        format!("BEGIN {kind}BATCH{using} {}; APPLY BATCH", statements.join("; "))
    }

    /// Dated by the server, whose clocks are not one: so what it leaves is taken away again by whoever is later.
    fn conditional(&mut self) -> String {
        let keys = self.keys(&[Role::Partition, Role::Clustering]);
        let Some(column) = self.columns(Role::Regular).first().cloned() else { return "TRUNCATE $T".into() };
        let (name, value) = (column.name.clone(), self.fitting(&column));
        match self.below(3) {
            0 => format!("UPDATE $T SET {name} = {value} WHERE {keys} IF {name} = {}", self.value(&column)),
            1 => format!("DELETE FROM $T WHERE {keys} IF EXISTS"),
            _ => format!("UPDATE $T SET {name} = {value} WHERE {keys} IF EXISTS"),
        }
    }

    fn limits(&mut self) -> String {
        let mut text = String::new();
        if self.chance(15) {
            text.push_str(&format!(" PER PARTITION LIMIT {}", 1 + self.below(3)));
        }
        if self.chance(25) {
            text.push_str(&format!(" LIMIT {}", self.below(20).max(1)));
        }
        text
    }

    fn selection(&mut self) -> String {
        if self.chance(60) {
            return "*".into();
        }
        let count = 1 + self.below(3);
        let names: Vec<String> = (0..count).filter_map(|_| self.any()).map(|column| column.name).collect();
        let distinct = if self.chance(3) { "DISTINCT " } else { "" };
        let json = if self.chance(8) { "JSON " } else { "" };
        format!("{json}{distinct}{}", names.join(", "))
    }

    fn select_by_key(&mut self) -> String {
        let (what, keys) = (self.selection(), self.keys(&[Role::Partition]));
        let clustering = self.columns(Role::Clustering);
        let slice = match self.below(4) {
            0 if !clustering.is_empty() => format!(" AND {}", self.slice(&clustering)),
            1 if clustering.len() > 1 => self.tuples(&clustering),
            2 if !clustering.is_empty() => format!(" AND {}", self.keys(&[Role::Clustering])),
            _ => String::new(),
        };
        let order = match clustering.first() {
            Some(column) if self.chance(25) => {
                let way = if self.chance(50) { "DESC" } else { "ASC" };
                format!(" ORDER BY {} {way}", column.name)
            }
            _ => String::new(),
        };
        let limits = self.limits();
        format!("SELECT {what} FROM $T WHERE {keys}{slice}{order}{limits}")
    }

    fn tuples(&mut self, clustering: &[Column]) -> String {
        let columns: Vec<&Column> = clustering.iter().take(2).collect();
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let row = |author: &mut Author| {
            let values: Vec<String> = columns.iter().map(|column| author.fitting(column)).collect();
            format!("({})", values.join(", "))
        };
        let names = format!("({})", names.join(", "));
        match self.below(3) {
            0 => format!(" AND {names} IN ({}, {})", row(self), row(self)),
            1 => format!(" AND {names} > {}", row(self)),
            _ => format!(" AND {names} >= {} AND {names} < {}", row(self), row(self)),
        }
    }

    fn select_by_range(&mut self) -> String {
        let what = self.selection();
        let keys: Vec<String> = self.columns(Role::Partition).into_iter().map(|column| column.name).collect();
        let token = format!("token({})", keys.join(", "));
        let limits = self.limits();
        match self.below(4) {
            0 => format!("SELECT {what} FROM $T WHERE {token} > {}{limits}", (self.below(5) as i64 - 2) << 61),
            1 => format!("SELECT DISTINCT {} FROM $T{limits}", keys.join(", ")),
            2 => format!("SELECT {}, {token} FROM $T{limits}", keys.join(", ")),
            _ => format!("SELECT {what} FROM $T{limits}"),
        }
    }

    fn select_filtering(&mut self) -> String {
        let what = self.selection();
        let Some(column) = self.any() else { return "SELECT * FROM $T".into() };
        let value = self.fitting(&column);
        let relation = match column.ty.name {
            "set<text>" => format!("{} CONTAINS 'a'", column.name),
            "list<int>" => format!("{} CONTAINS 1", column.name),
            "map<text, int>" if self.chance(50) => format!("{} CONTAINS KEY 'a'", column.name),
            "map<text, int>" => format!("{}['a'] = 1", column.name),
            _ => {
                let sign = ["=", "<", ">=", "!="];
                let sign = one(&mut self.luck, &sign).map_or("=", |sign| sign);
                format!("{} {sign} {value}", column.name)
            }
        };
        let allow = if self.chance(85) { " ALLOW FILTERING" } else { "" };
        let limits = self.limits();
        format!("SELECT {what} FROM $T WHERE {relation}{limits}{allow}")
    }

    fn select_aggregates(&mut self) -> String {
        let Some(column) = self.any() else { return "SELECT count(*) FROM $T".into() };
        let what = ["count(*)", "count($)", "min($)", "max($)", "sum($)", "avg($)", "sum($ + 1)", "count(*), max($)"];
        let what = one(&mut self.luck, &what).map_or("count(*)", |what| what).replace('$', &column.name);
        let keys: Vec<String> = self.columns(Role::Partition).into_iter().map(|column| column.name).collect();
        match self.below(3) {
            0 => format!("SELECT {}, {what} FROM $T GROUP BY {}", keys.join(", "), keys.join(", ")),
            1 => format!("SELECT {what} FROM $T WHERE {}", self.keys(&[Role::Partition])),
            _ => format!("SELECT {what} FROM $T"),
        }
    }

    fn select_functions(&mut self) -> String {
        let Some(column) = self.any() else { return "SELECT * FROM $T".into() };
        let what = [
            "writetime($)",
            "toJson($)",
            "CAST($ AS text)",
            "$ + 1",
            "-$",
            "$ % 2, $ * 2",
            "$['a']",
            "map_keys($)",
            "collection_count($)",
            "abs($)",
            "round($)",
            "CAST($ AS int)",
            "$[0..1]",
            "to_date($)",
            "maxwritetime($)",
        ];
        let what = one(&mut self.luck, &what).map_or("$", |what| what).replace('$', &column.name);
        format!("SELECT {what} FROM $T")
    }

    fn alter(&mut self) -> String {
        let n = self.below(3);
        match self.below(4) {
            0 => format!("ALTER TABLE $T ADD x{n} int"),
            1 => format!("ALTER TABLE $T DROP x{n}"),
            2 => "ALTER TABLE $T WITH gc_grace_seconds = 5".into(),
            _ => format!("ALTER TABLE $T RENAME c{n} TO k{n}"),
        }
    }

    fn nonsense(&mut self) -> String {
        let statement = self.insert();
        match self.below(5) {
            0 => statement.replace(") VALUES", ", nope) VALUES"),
            1 => statement.replacen('(', "", 1),
            2 => "SELECT nope FROM $T".into(),
            3 => "SELECT * FROM nowhere".into(),
            _ => statement.replacen("$T", "$T.$T", 1),
        }
    }
}
