//! What differs and stays so: the entries of `DIFFERENCES.md`, by name. The tester counts how often it met each.

/// One entry.
pub struct Known {
    /// As in `DIFFERENCES.md`.
    pub name: &'static str,
    /// Whether a difference is this one.
    is: fn(&Met<'_>) -> bool,
}

/// A difference.
pub struct Met<'a> {
    /// The statement.
    pub text: &'a str,
    /// Rows a page; 0 is all at once.
    pub page: u32,
    /// How the table was made.
    pub create: &'a str,
    /// How its index was made.
    pub index: &'a str,
    /// Whether a range of rows of the table was deleted.
    pub ranges: bool,
    /// What the server says.
    pub real: &'a str,
    /// What the model says.
    pub model: &'a str,
}

/// Every entry that programs can meet.
pub const KNOWN: &[Known] = &[
    Known { name: "syntax-words", is: |met| met.both("! SyntaxError") },
    Known { name: "json-words", is: json },
    Known { name: "hash-order", is: signatures },
    Known { name: "pages-of-groups", is: pages },
    Known { name: "java-digits", is: digits },
    Known { name: "prepare-or-execute", is: |met| met.real == met.model && met.real.starts_with('!') },
    Known { name: "unreadable", is: unreadable },
    Known { name: "null-bound", is: unread },
];

/// The entry that a difference is, if it is one.
pub fn known(met: &Met<'_>) -> Option<&'static str> {
    KNOWN.iter().find(|known| (known.is)(met)).map(|known| known.name)
}

impl Met<'_> {
    fn both(&self, start: &str) -> bool {
        self.real.starts_with(start) && self.model.starts_with(start)
    }
}

/// Which of several wrong entries is named, and what is wrong with it in the words of a JSON library.
fn json(met: &Met<'_>) -> bool {
    ["! Invalid Error decoding JSON value for ", "! Invalid Could not decode JSON string as a map: "]
        .iter()
        .any(|start| met.both(start))
}

/// The same signatures, in another order.
fn signatures(met: &Met<'_>) -> bool {
    let marks = [" (known type signatures: ", " (can be matched by following signatures: "];
    let sorted = |listed: &str| {
        let (inner, rest) = listed.rsplit_once(')').unwrap_or((listed, ""));
        let mut all: Vec<String> = inner.split(", system.").map(|one| one.replace("system.", "")).collect();
        all.sort();
        (all, rest.to_string())
    };
    marks.iter().any(|mark| match (met.real.split_once(mark), met.model.split_once(mark)) {
        (Some((real, these)), Some((model, those))) => real == model && sorted(these) == sorted(those),
        _ => false,
    })
}

/// A server that cannot go on with groups in pages, or cannot stop within a range that was deleted; the model can.
fn pages(met: &Met<'_>) -> bool {
    let clustered = met.create.contains("CLUSTERING ORDER BY");
    if !met.text.contains(" GROUP BY ") || met.model.starts_with('!') {
        return false;
    }
    let limit = met.text.rsplit_once(" LIMIT ").filter(|(before, _)| !before.ends_with(" PER PARTITION"));
    let limit = limit.and_then(|(_, rows)| rows.trim().parse::<u32>().ok());
    if met.real.starts_with("! ProtocolError Invalid value for the paging state") {
        // There is a state only where the first page is full and does not end the limit.
        let rows = met.model.lines().skip(1).count();
        return !clustered && met.page > 0 && rows >= met.page as usize && limit.is_none_or(|limit| limit > met.page);
    }
    let limited = met.page > 0 || met.text.contains(" LIMIT ");
    met.real.starts_with("! ReadFailure Operation failed") && clustered && met.ranges && limited
}

/// An index of a part of the partition key leads to a static row, in which the server looks for a clustering column.
fn unread(met: &Met<'_>) -> bool {
    let led = met.index.contains("(p") && met.create.contains(" static") && met.text.ends_with("ALLOW FILTERING");
    led && met.real.starts_with("! ReadFailure Operation failed") && !met.model.starts_with('!')
}

/// The type of what is chosen is a class that the driver does not know, which it says when it prepares too.
fn unreadable(met: &Met<'_>) -> bool {
    let chosen = |name: &str| {
        let column = met.text.split_once(name).and_then(|(_, rest)| rest.split_once(')')).map(|(column, _)| column);
        column.is_some_and(|column| met.create.contains(&format!("{column} timeuuid")))
    };
    met.real.starts_with("! Client") && (chosen("max(") || chosen("min("))
}

/// The same numbers in texts that Java makes of them, with more digits than they need.
fn digits(met: &Met<'_>) -> bool {
    let part = |c: char| !(c.is_ascii_digit() || matches!(c, '.' | 'E' | '-' | '+'));
    let (real, model) = (met.real.split_inclusive(part), met.model.split_inclusive(part));
    let same = |real: &str, model: &str| {
        let number = |text: &str| text.trim_end_matches(part).parse::<f64>().ok();
        let end = |text: &str| text.chars().next_back().filter(|c| part(*c));
        real == model
            || real.contains('.')
                && real.len() > model.len()
                && number(real) == number(model)
                && end(real) == end(model)
    };
    ["JSON", "Json", "CAST("].iter().any(|mark| met.text.contains(mark))
        && !met.real.starts_with('!')
        && real.clone().count() == model.clone().count()
        && real.zip(model).all(|(real, model)| same(real, model))
}

#[cfg(test)]
mod tests {
    use super::{Met, known};

    fn met(text: &str, page: u32, real: &str, model: &str) -> Option<&'static str> {
        known(&Met { text, page, create: "CREATE TABLE t (v timeuuid)", index: "", ranges: false, real, model })
    }

    #[test]
    fn only_what_the_reason_covers_is_known() {
        let (real, model) =
            ("[json] text\n  '{\"p\": 3.4028236692093846E38}'", "[json] text\n  '{\"p\": 3.402823669209385E38}'");
        assert_eq!(met("SELECT JSON p FROM t", 0, real, model), Some("java-digits"));
        assert_eq!(met("SELECT JSON p FROM t", 0, real, &model.replace("385E", "384E")), None);
        assert_eq!(met("SELECT p FROM t", 0, real, model), None);
        let listed = |one, two| {
            format!(
                "! Invalid Ambiguous call to function avg (can be matched by following signatures: system.avg : ({one}) -> {one}, system.avg : ({two}) -> {two}): use type casts"
            )
        };
        assert_eq!(met("", 0, &listed("int", "varint"), &listed("varint", "int")), Some("hash-order"));
        assert_eq!(met("", 0, &listed("int", "varint"), &listed("int", "int")), None);
    }
    #[test]
    fn groups_end_where_a_page_is_full_or_a_range_is_open() {
        let group = "SELECT a, max(v) FROM t GROUP BY a";
        let broken = "! ProtocolError Invalid value for the paging state";
        let failed = "! ReadFailure Operation failed";
        let three = "a int\n  1\n  2\n  3\n";
        let met = |text: &str, page, clustered, ranges, real, model| {
            let create = if clustered { "CREATE TABLE t WITH CLUSTERING ORDER BY (c ASC)" } else { "CREATE TABLE t" };
            known(&Met { text, page, create, index: "", ranges, real, model }).is_some()
        };
        assert!(met(group, 3, false, false, broken, three));
        assert!(met(&format!("{group} PER PARTITION LIMIT 1"), 3, false, false, broken, three));
        assert!(met(&format!("{group} LIMIT 4"), 3, false, false, broken, three));
        assert!(!met(&format!("{group} LIMIT 3"), 3, false, false, broken, three));
        assert!(!met(group, 4, false, false, broken, three) && !met(group, 0, false, false, broken, three));
        assert!(!met(group, 3, true, false, broken, three) && !met(group, 3, false, false, broken, "! Invalid"));
        assert!(
            met(group, 3, true, true, failed, three) && met(&format!("{group} LIMIT 3"), 0, true, true, failed, three)
        );
        assert!(!met(group, 0, true, true, failed, three) && !met(group, 3, true, false, failed, three));
    }

    #[test]
    fn a_type_that_the_driver_cannot_read() {
        let read = |text| met(text, 0, "! Client NoHost", "! Invalid");
        assert_eq!(read("SELECT max(v) FROM t"), Some("unreadable"));
        assert_eq!(read("SELECT max(w) FROM t"), None);
        assert_eq!(read("SELECT v FROM t"), None);
    }

    #[test]
    fn an_index_that_leads_to_a_static_row() {
        let met = |index, create, model| {
            let text = "SELECT * FROM t WHERE p0 = 1 AND c1 = 1 ALLOW FILTERING";
            known(&Met { text, page: 0, create, index, ranges: false, real: "! ReadFailure Operation failed", model })
        };
        let (index, create) = ("CREATE INDEX ON t (p0)", "CREATE TABLE t (s0 int static)");
        assert_eq!(met(index, create, "p0 int"), Some("null-bound"));
        assert_eq!(met("CREATE INDEX ON t (v0)", create, "p0 int"), None);
        assert_eq!(met(index, "CREATE TABLE t ()", "p0 int"), None);
        assert_eq!(met(index, create, "! Invalid"), None);
    }
}
