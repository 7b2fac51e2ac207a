//! The nearest right word.

use crate::edits::edits;
use alloc::vec::Vec;

/// The most that any word allows.
const EDITS_MAX: usize = 3;

/// The keyword among `expected` that `written` nearly is: by at most one edit for short words, two for longer ones,
/// three from eight letters on. An edit inserts, removes or changes a letter, or swaps two neighbours.
pub(super) fn nearest(written: &str, expected: &[&'static str]) -> Option<&'static str> {
    let letters: Vec<u8> = written.bytes().map(|byte| byte.to_ascii_uppercase()).collect();
    if !(2..=32).contains(&letters.len()) || !letters.first().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let words = expected.iter().filter(|word| word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'));
    // By at most so many edits a word of this length is still meant.
    let allowed = |word: &str| match word.len() {
        0..=3 => 1,
        4..=7 => 2,
        _ => EDITS_MAX,
    };
    let near = |word: &&'static str| Some((edits(&letters, word.as_bytes(), EDITS_MAX)?, *word));
    let (edits, word) = words.filter_map(near).min_by_key(|(edits, _)| *edits)?;
    (edits > 0 && edits <= allowed(word) && edits < word.len()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_meant() {
        let words = ["SELECT", "INSERT", "UPDATE", "DELETE", "USE", "`;`", "a name"];
        assert_eq!(nearest("SELCT", &words), Some("SELECT"));
        assert_eq!(nearest("isnert", &words), Some("INSERT"));
        assert_eq!(nearest("DELTE", &words), Some("DELETE"));
        assert_eq!(nearest("SELECT", &words), None);
        assert_eq!(nearest("x", &words), None);
        assert_eq!(nearest("FORM", &["FROM"]), Some("FROM"));
        assert_eq!(nearest("", &words), None);
    }
}
