//! The nearest right word.

use alloc::vec::Vec;

/// The keyword among `expected` that `written` nearly is: by at most one edit for short words, two for longer ones,
/// three from eight letters on. An edit inserts, removes or changes a letter, or swaps two neighbours.
pub(super) fn nearest(written: &str, expected: &[&'static str]) -> Option<&'static str> {
    let letters: Vec<u8> = written.bytes().map(|byte| byte.to_ascii_uppercase()).collect();
    if !(2..=32).contains(&letters.len()) || !letters.first().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let words = expected.iter().filter(|word| word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'));
    let scored = words.map(|word| (distance(&letters, word.as_bytes()), *word));
    let (edits, word) = scored.min_by_key(|(edits, _)| *edits)?;
    let allowed = match word.len() {
        0..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    (edits > 0 && edits <= allowed && edits < word.len()).then_some(word)
}

/// Optimal string alignment distance.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let cell = |row: &[usize], i: usize| row.get(i).copied().unwrap_or(usize::MAX);
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut left_of_a = None;
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        let mut left_of_b = None;
        for (j, y) in b.iter().enumerate() {
            let changed = cell(&above, j) + usize::from(x != y);
            let mut least = changed.min(cell(&above, j + 1) + 1).min(cell(&row, j) + 1);
            if left_of_a == Some(y) && left_of_b == Some(x) && j > 0 {
                least = least.min(cell(&before, j - 1) + 1);
            }
            row.push(least);
            left_of_b = Some(y);
        }
        before = core::mem::replace(&mut above, row);
        left_of_a = Some(x);
    }
    cell(&above, b.len())
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

    #[test]
    fn counts_edits() {
        assert_eq!(distance(b"FORM", b"FROM"), 1);
        assert_eq!(distance(b"", b"ABC"), 3);
        assert_eq!(distance(b"ABC", b""), 3);
        assert_eq!(distance(b"KITTEN", b"SITTING"), 3);
    }
}
