//! Where something stands in a text, by what does not change when outcomes are written.

use crate::line::Raw;
use crate::value::Wrong;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

/// The name of a part of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// The comment at the top.
    Lead,
    /// `cluster`
    Cluster,
    /// `client NAME`
    Client(String),
    /// `swap 2.3 3.3`
    Swap(String),
    /// What the oracle wrote: nobody names it.
    Checked,
    /// `3`, statement 3; `3+1`, the first step below it that is a directive. The ones above the first statement are `0+1` and on.
    Step { statement: u32, more: u32 },
    /// `end`, what stands below the last step.
    End,
}

impl Place {
    /// Whether it is part of the world that the first step finds.
    pub fn is_head(&self) -> bool {
        matches!(self, Place::Cluster | Place::Client(_) | Place::Swap(_) | Place::Checked)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Lead => f.write_str("the title"),
            Place::Cluster => f.write_str("cluster"),
            Place::Client(name) => write!(f, "client {name}"),
            Place::Swap(messages) => write!(f, "swap {messages}"),
            Place::Checked => f.write_str("checked"),
            Place::Step { statement, more: 0 } => write!(f, "{statement}"),
            Place::Step { statement, more } => write!(f, "{statement}+{more}"),
            Place::End => f.write_str("end"),
        }
    }
}

/// Read places with commas between them; `at` is where they begin in the text.
pub(crate) fn places(words: &str, at: usize) -> Result<Vec<(Place, Range<usize>)>, Raw> {
    let mut from = at;
    let mut all = Vec::new();
    for word in words.split(',') {
        let lead = word.len() - word.trim_start().len();
        let span = from + lead..from + lead + word.trim().len();
        from += word.len() + 1;
        let Some(place) = place(word.trim()) else {
            let wrong = Wrong::new(
                format!("{} is no place", if word.trim().is_empty() { "nothing" } else { word.trim() }),
                "a place is the number of a statement, as 3; 3+1, the first directive below it; cluster; client NAME; swap S.N S.N; end",
            );
            return Err(Raw::at(span, wrong));
        };
        all.push((place, span));
    }
    Ok(all)
}

fn place(word: &str) -> Option<Place> {
    let number = |digits: &str| digits.parse::<u32>().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()));
    match word {
        "cluster" => Some(Place::Cluster),
        "end" => Some(Place::End),
        _ => {
            let words: Vec<&str> = word.split_whitespace().collect();
            match words.as_slice() {
                ["client", name] => Some(Place::Client((*name).into())),
                ["swap", one, other] => Some(Place::Swap(format!("{one} {other}"))),
                [word] => {
                    let (statement, more) = word.split_once('+').unwrap_or((word, "0"));
                    let (statement, more) = (number(statement)?, number(more)?);
                    (statement > 0 || more > 0).then_some(Place::Step { statement, more })
                }
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_they_are_written() {
        let read = places("3, 4+1, client api , cluster,end", 10).unwrap();
        let shown: Vec<String> = read.iter().map(|(place, span)| format!("{place}@{}", span.start)).collect();
        assert_eq!(shown, ["3@10", "4+1@13", "client api@18", "cluster@31", "end@39"]);
        for wrong in ["", "0", "x", "3+", "+1", "client", "client a b", "3,", "line 4", "4294967296"] {
            assert!(places(wrong, 0).is_err(), "{wrong}");
        }
    }
}
