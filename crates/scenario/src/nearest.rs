//! The nearest right word.

use alloc::vec::Vec;

/// The word among `words` that `wrong` most likely meant: at most a third of its letters away, the first of equals.
#[must_use]
pub fn nearest<'a>(wrong: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = |word: &str| word.chars().map(|letter| letter.to_ascii_lowercase()).collect::<Vec<_>>();
    let wrong = letters(wrong);
    let mut most = (wrong.len() / 3).max(1);
    let mut best = None;
    for word in words {
        match cql::edits(&wrong, &letters(word), most) {
            // Another must be nearer than this one.
            Some(0) => return Some(word),
            Some(far) => (most, best) = (far - 1, Some(word)),
            None => {}
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let words = ["advance", "async", "await", "as", "kill"];
        assert_eq!(nearest("advnace", words), Some("advance"));
        assert_eq!(nearest("avance", words), Some("advance"));
        assert_eq!(nearest("Kil", words), Some("kill"));
        assert_eq!(nearest("awayt", words), Some("await"));
        assert_eq!(nearest("fork", words), None);
        assert_eq!(nearest("", words), None);
    }
}
