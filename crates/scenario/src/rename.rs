//! A table gets another name, everywhere.

use crate::edit::Edit;
use crate::line::bytes;
use crate::tables::{Place, folded, places, statements};
use alloc::format;
use alloc::vec::Vec;
use cql::ast::{Qualified, Statement};

/// The edits that give the table whose name stands at byte `at` another name, at every place where it is named; none, when no table's
/// name stands there, or the new one is no name or is taken. What came of statements stays as it is until they run again.
#[must_use]
pub fn rename(text: &str, at: u32, name: &str) -> Vec<Edit> {
    let all: Vec<Place> = statements(text).iter().flat_map(|said| places(text, said)).collect();
    let here = |place: &&Place| (place.span.start..=place.span.end).contains(&(at as usize));
    let Some(old) = all.iter().find(here) else { return Vec::new() };
    let new = folded(name);
    let said = match cql::parse(&format!("SELECT * FROM {name}")) {
        Ok(Statement::Select(select)) => select.from == Qualified::from(new.as_str()) && select.relations.is_empty(),
        _ => false,
    };
    if !said || all.iter().any(|place| place.keyspace == old.keyspace && place.name == new) {
        return Vec::new();
    }
    let same = all.iter().filter(|place| place.keyspace == old.keyspace && place.name == old.name);
    same.map(|place| Edit { span: bytes(&place.span), text: name.into() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::applied;
    use alloc::string::String;

    fn renamed(text: &str, at: &str, name: &str) -> String {
        let edits = rename(text, text.find(at).unwrap() as u32 + 1, name);
        applied(text, &edits.iter().collect::<Vec<_>>())
    }

    #[test]
    fn every_place_and_no_other() {
        let text = "-- users\nCREATE TABLE IF NOT EXISTS users (users text PRIMARY KEY);\nINSERT INTO demo.users (users) VALUES ('users');\n\
            BEGIN BATCH UPDATE Users SET users = 'b' WHERE users = 'a'; DELETE FROM users WHERE users = 'c'; APPLY BATCH;\n\
            SELECT users FROM other.users;\n--> users\nCREATE INDEX ON users (users);\nTRUNCATE users;\nDESCRIBE TABLE users;\n";
        let expected = "-- users\nCREATE TABLE IF NOT EXISTS people (users text PRIMARY KEY);\nINSERT INTO demo.people (users) VALUES ('users');\n\
            BEGIN BATCH UPDATE people SET users = 'b' WHERE users = 'a'; DELETE FROM people WHERE users = 'c'; APPLY BATCH;\n\
            SELECT users FROM other.users;\n--> users\nCREATE INDEX ON people (users);\nTRUNCATE people;\nDESCRIBE TABLE people;\n";
        assert_eq!(renamed(text, "Users SET", "people"), expected);
        assert!(
            renamed(text, "users;\n-->", "people").contains("FROM other.people;"),
            "another keyspace's is another table"
        );
    }

    #[test]
    fn a_keyspace_is_a_client_s_own() {
        let text =
            "--@ client a\n--@ client b\n--@ as a\nUSE x;\nSELECT * FROM t;\n--@ as b\nSELECT * FROM t WHERE k = 1;\n";
        assert!(renamed(text, "t;", "u").ends_with("FROM u;\n--@ as b\nSELECT * FROM t WHERE k = 1;\n"));
    }

    #[test]
    fn what_is_no_name_or_taken_changes_nothing() {
        let text = "CREATE TABLE t (k int PRIMARY KEY);\nCREATE TABLE u (k int PRIMARY KEY);\nSELECT * FROM t;\n";
        for name in ["", "select", "a b", "u", "U", "t", "1a", "x.t", "t WHERE k = 1", "é"] {
            assert_eq!(renamed(text, "t;", name), text, "{name}");
        }
        assert_eq!(renamed(text, "k int", "x"), text);
        assert!(renamed(text, "t;", "\"A b\"").contains("FROM \"A b\";"));
    }
}
