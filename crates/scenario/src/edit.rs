//! Changes of a text, as data.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// Other bytes in place of some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Which bytes; empty where something is put in.
    pub span: Range<u32>,
    /// What stands there then.
    pub text: String,
}

impl Edit {
    /// Puts `text` in place of these bytes.
    #[must_use]
    pub fn new(span: Range<u32>, text: impl Into<String>) -> Edit {
        Edit { span, text: text.into() }
    }
}

/// The text with these edits. Of two that overlap the earlier one holds, and one that is not within the text does nothing.
#[must_use]
pub fn applied(text: &str, edits: &[&Edit]) -> String {
    let mut order: Vec<&Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        let place = |other: &&Edit| (other.span.start, other.span.end) <= (edit.span.start, edit.span.end);
        order.insert(order.partition_point(place), edit);
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut from = 0_usize;
    for edit in order {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        if start < from || end < start || text.get(start..end).is_none() {
            continue;
        }
        out += text.get(from..start).unwrap_or("");
        out += &edit.text;
        from = end;
    }
    out += text.get(from..).unwrap_or("");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_done_in_the_order_of_the_text() {
        let (a, b) = (Edit::new(4..5, "x"), Edit::new(0..0, "> "));
        assert_eq!(applied("abcde", &[&a, &b]), "> abcdx");
        assert_eq!(applied("abcde", &[&a, &Edit::new(3..5, "y")]), "abcy", "the earlier of two that overlap");
        assert_eq!(applied("é", &[&Edit::new(1..2, "y")]), "é", "half a letter is none");
        assert_eq!(applied("abc", &[&Edit::new(9..12, "y")]), "abc");
    }
}
