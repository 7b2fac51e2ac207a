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
    /// What the server says.
    pub real: &'a str,
    /// What the model says.
    pub model: &'a str,
}

/// Every entry that programs can meet.
pub const KNOWN: &[Known] = &[
    Known { name: "syntax-words", is: |met| met.both("! SyntaxError") },
    Known { name: "json-words", is: json },
    Known { name: "signature-order", is: signatures },
    Known { name: "pages-of-groups", is: pages },
    Known { name: "java-digits", is: digits },
    Known { name: "prepare-or-execute", is: |met| met.real == met.model && met.real.starts_with('!') },
    Known { name: "unreadable", is: |met| met.real.starts_with("! Client") },
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

/// A server that cannot go on with groups in pages; the model can.
fn pages(met: &Met<'_>) -> bool {
    let paged = met.page > 0 && met.real.starts_with("! ProtocolError Invalid value for the paging state");
    let stopped = met.real.starts_with("! ReadFailure Operation failed");
    (paged || stopped) && met.text.contains(" GROUP BY ") && !met.model.starts_with('!')
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
        known(&Met { text, page, real, model })
    }

    #[test]
    fn only_what_the_reason_covers_is_known() {
        let (real, model) =
            ("[json] text\n  '{\"p\": 3.4028236692093846E38}'", "[json] text\n  '{\"p\": 3.402823669209385E38}'");
        assert_eq!(met("SELECT JSON p FROM t", 0, real, model), Some("java-digits"));
        assert_eq!(met("SELECT JSON p FROM t", 0, real, &model.replace("385E", "384E")), None);
        assert_eq!(met("SELECT p FROM t", 0, real, model), None);
        let group = "SELECT a, max(v) FROM t GROUP BY a";
        let broken = "! ProtocolError Invalid value for the paging state";
        assert_eq!(met(group, 3, broken, "a int\n"), Some("pages-of-groups"));
        assert_eq!(met(group, 0, broken, "a int\n"), None);
        let listed = |one, two| {
            format!(
                "! Invalid Ambiguous call to function avg (can be matched by following signatures: system.avg : ({one}) -> {one}, system.avg : ({two}) -> {two}): use type casts"
            )
        };
        assert_eq!(met("", 0, &listed("int", "varint"), &listed("varint", "int")), Some("signature-order"));
        assert_eq!(met("", 0, &listed("int", "varint"), &listed("int", "int")), None);
    }
}
