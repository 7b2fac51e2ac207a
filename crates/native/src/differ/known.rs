//! What differs and stays so: the entries of `DIFFERENCES.md`, by name. The tester counts how often it met each.

/// One entry.
pub struct Known {
    /// As in `DIFFERENCES.md`.
    pub name: &'static str,
    /// Whether a difference is this one: the statement, what the server says, what the model says.
    is: fn(&str, &str, &str) -> bool,
}

/// Every entry that programs can meet.
pub const KNOWN: &[Known] = &[
    Known { name: "syntax-words", is: |_, real, model| both(real, model, "! SyntaxError") },
    Known { name: "json-words", is: json },
    Known {
        name: "signature-order",
        is: |_, real, model| {
            let listed = [" (known type signatures", " (can be matched by following signatures"];
            listed.iter().any(|mark| match (real.split_once(mark), model.split_once(mark)) {
                (Some((real, _)), Some((model, _))) => real == model,
                _ => false,
            })
        },
    },
    Known {
        name: "collection-functions",
        is: |text, real, model| {
            real.starts_with("! Invalid Function system.collection_") && !model.starts_with('!')
                || text.contains("map_keys(") && real.starts_with("! ServerError java.lang.ClassCastException")
        },
    },
    Known {
        name: "pages-of-groups",
        is: |text, real, model| {
            let broken = ["! ProtocolError Invalid value for the paging state", "! ReadFailure Operation failed"];
            text.contains(" GROUP BY ") && broken.iter().any(|start| real.starts_with(start)) && !model.starts_with('!')
        },
    },
    Known { name: "prepare-or-execute", is: |_, real, model| real == model && real.starts_with('!') },
];

/// The entry that a difference is, if it is one.
pub fn known(text: &str, real: &str, model: &str) -> Option<&'static str> {
    KNOWN.iter().find(|known| (known.is)(text, real, model)).map(|known| known.name)
}

fn both(real: &str, model: &str, start: &str) -> bool {
    real.starts_with(start) && model.starts_with(start)
}

/// Which of several wrong entries is named, and what is wrong with it in the words of a JSON library.
fn json(_text: &str, real: &str, model: &str) -> bool {
    ["! Invalid Error decoding JSON value for ", "! Invalid Could not decode JSON string as a map: "]
        .iter()
        .any(|start| both(real, model, start))
}
