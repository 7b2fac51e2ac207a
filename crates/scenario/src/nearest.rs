//! The nearest right word.

use alloc::vec::Vec;

/// The word among `words` that `wrong` most likely meant: at most a third of its letters away, the first of equals.
#[must_use]
pub fn nearest<'a>(wrong: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_ascii_lowercase();
    let most = (wrong.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for word in words {
        let far = distance(&wrong, &word.to_ascii_lowercase());
        if far <= most && best.is_none_or(|(least, _)| far < least) {
            best = Some((far, word));
        }
    }
    best.map(|(_, word)| word)
}

/// Edits that make one word the other: insert, remove, replace a letter, or swap two neighbours.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = alloc::vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = core::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
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
