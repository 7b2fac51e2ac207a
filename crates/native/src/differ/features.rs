//! What programs were made of: features by their marks in the text.

use super::statement::Statement;
use std::collections::BTreeMap;

/// A name, and the text that shows it.
const MARKS: &[(&str, &str)] = &[
    ("TTL", "USING TTL"),
    ("TIMESTAMP", "TIMESTAMP "),
    ("IN", " IN ("),
    ("tuple relation", "(c0, c1) "),
    ("token", "token("),
    ("ORDER BY", " ORDER BY "),
    ("GROUP BY", " GROUP BY "),
    ("DISTINCT", "DISTINCT"),
    ("LIMIT", " LIMIT "),
    ("PER PARTITION LIMIT", "PER PARTITION"),
    ("ALLOW FILTERING", "ALLOW FILTERING"),
    ("CONTAINS", " CONTAINS "),
    ("IF", " IF "),
    ("SELECT JSON", "SELECT JSON"),
    ("CAST", "CAST("),
    ("writetime, ttl", "time("),
    ("descending order", " DESC"),
    ("static column", " static"),
    ("secondary index", "CREATE INDEX"),
    ("user-defined type", "$U"),
    ("tuple", "tuple<"),
    ("frozen collection", "frozen<"),
    ("list", " list<"),
    ("set", " set<"),
    ("map", " map<"),
];

/// Counts a statement's features.
pub fn count(statement: &Statement, page: u32, into: &mut BTreeMap<&'static str, u64>) {
    let mut add = |name| *into.entry(name).or_default() += 1;
    MARKS.iter().filter(|(_, mark)| statement.text.contains(mark)).for_each(|(name, _)| add(name));
    if statement.values.is_some() {
        add("prepared");
    }
    if statement.text.contains('?') {
        add("bind markers");
    }
    if page > 0 && statement.text.starts_with("SELECT") {
        add("paged read");
    }
}
