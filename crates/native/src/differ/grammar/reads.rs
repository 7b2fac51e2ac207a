//! SELECT in all its forms.

use super::Author;
use crate::differ::schema::{Column, Role};

impl Author {
    fn limits(&mut self) -> String {
        let mut text = String::new();
        if self.chance(15) {
            let limit = self.below(3) + 1;
            text.push_str(&format!(" PER PARTITION LIMIT {}", self.literal("int", &limit.to_string())));
        }
        if self.chance(25) {
            let limit = self.below(20).max(1);
            text.push_str(&format!(" LIMIT {}", self.literal("int", &limit.to_string())));
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

    pub(super) fn select_by_key(&mut self) -> String {
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
                let way = self.pick(&["DESC", "ASC"]);
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

    fn key_names(&self) -> String {
        let keys: Vec<String> = self.columns(Role::Partition).into_iter().map(|column| column.name).collect();
        keys.join(", ")
    }

    pub(super) fn select_by_range(&mut self) -> String {
        let what = self.selection();
        let keys = self.key_names();
        let limits = self.limits();
        match self.below(4) {
            0 => {
                let token = (self.below(5) as i64 - 2) << 61;
                self.bounding = true;
                let token = self.literal("bigint", &token.to_string());
                self.bounding = false;
                format!("SELECT {what} FROM $T WHERE token({keys}) > {token}{limits}")
            }
            1 => format!("SELECT DISTINCT {keys} FROM $T{limits}"),
            2 => format!("SELECT {keys}, token({keys}) FROM $T{limits}"),
            _ => format!("SELECT {what} FROM $T{limits}"),
        }
    }

    pub(super) fn select_filtering(&mut self) -> String {
        let what = self.selection();
        let Some(column) = self.any() else { return "SELECT * FROM $T".into() };
        let name = column.name.clone();
        let value = self.fitting(&column);
        let relation = match column.ty.name {
            "set<text>" => format!("{name} CONTAINS {}", self.literal("text", "'a'")),
            "list<int>" | "frozen<list<int>>" if self.chance(60) => {
                format!("{name} CONTAINS {}", self.literal("int", "1"))
            }
            "frozen<set<int>>" if self.chance(60) => format!("{name} CONTAINS 1"),
            "map<text, int>" | "frozen<map<text, int>>" => match self.below(4) {
                0 => format!("{name} CONTAINS 1"),
                1 => format!("{name}['a'] = 1"),
                2 => format!("{name} = {value}"),
                _ => format!("{name} CONTAINS KEY 'a'"),
            },
            _ => format!("{name} {} {value}", self.pick(&["=", "<", ">=", "!=", "="])),
        };
        let more = match self.any() {
            Some(other) if self.chance(20) => format!(" AND {} = {}", other.name, self.fitting(&other)),
            _ => String::new(),
        };
        let allow = if self.chance(80) { " ALLOW FILTERING" } else { "" };
        let limits = self.limits();
        format!("SELECT {what} FROM $T WHERE {relation}{more}{limits}{allow}")
    }

    pub(super) fn select_aggregates(&mut self) -> String {
        let Some(column) = self.any() else { return "SELECT count(*) FROM $T".into() };
        let what = ["count(*)", "count($)", "min($)", "max($)", "sum($)", "avg($)", "sum($ + 1)", "count(*), max($)"];
        let what = self.pick(&what).replace('$', &column.name);
        let keys = self.key_names();
        let clustering = self.columns(Role::Clustering);
        let limits = self.limits();
        match self.below(4) {
            0 => format!("SELECT {keys}, {what} FROM $T GROUP BY {keys}{limits}"),
            1 => format!("SELECT {what} FROM $T WHERE {}", self.keys(&[Role::Partition])),
            2 if !clustering.is_empty() => {
                let name = clustering.first().map(|column| column.name.clone()).unwrap_or_default();
                format!("SELECT {keys}, {name}, {what} FROM $T GROUP BY {keys}, {name}{limits}")
            }
            _ => format!("SELECT {what} FROM $T"),
        }
    }

    pub(super) fn select_functions(&mut self) -> String {
        let Some(column) = self.any() else { return "SELECT * FROM $T".into() };
        let what = [
            "writetime($)",
            "ttl($)",
            "toJson($)",
            "CAST($ AS text)",
            "$ + 1",
            "-$",
            "$ % 2, $ * 2",
            "$['a']",
            "$.a",
            "map_keys($)",
            "collection_count($)",
            "collection_max($)",
            "abs($)",
            "round($)",
            "CAST($ AS int)",
            "CAST($ AS bigint)",
            "$[0..1]",
            "to_date($)",
            "to_unix_timestamp($)",
            "maxwritetime($)",
            "$ AS other",
            "($, 1)",
        ];
        let what = self.pick(&what).replace('$', &column.name);
        let limits = self.limits();
        format!("SELECT {what} FROM $T{limits}")
    }
}
