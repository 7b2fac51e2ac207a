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
    let broken = ["! ProtocolError Invalid value for the paging state", "! ReadFailure Operation failed"];
    met.page > 0
        && met.text.contains(" GROUP BY ")
        && broken.iter().any(|start| met.real.starts_with(start))
        && !met.model.starts_with('!')
}
