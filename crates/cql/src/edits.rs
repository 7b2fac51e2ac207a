//! How far one word is from another.

/// The longest word that is compared, in letters: a longer one is near nothing.
const LETTERS_MAX: usize = 64;

/// Edits that make one word the other, when they are at most `most`: insert, remove or change a letter, or swap two
/// neighbours (optimal string alignment). Costs `a × b` steps and no memory; words of too different lengths cost none.
#[must_use]
pub fn edits<L: PartialEq>(a: &[L], b: &[L], most: usize) -> Option<usize> {
    if a.len().max(b.len()) > LETTERS_MAX || a.len().abs_diff(b.len()) > most {
        return None;
    }
    // Row 0 is 0, 1, 2 … edits from nothing to the beginning of `b`.
    let [mut before, mut above, mut row] = [[0_u8; LETTERS_MAX + 1]; 3];
    above.iter_mut().zip(0..).for_each(|(cell, n)| *cell = n);
    for (i, x) in a.iter().enumerate() {
        row[0] = above[0] + 1;
        for (j, y) in b.iter().enumerate() {
            let mut least = (above[j] + u8::from(x != y)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row[j + 1] = least;
        }
        if row[..=b.len()].iter().all(|edits| usize::from(*edits) > most) {
            return None;
        }
        (before, above, row) = (above, row, before);
    }
    let all = usize::from(above[b.len()]);
    (all <= most).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::edits;

    #[test]
    fn edits_are_counted_up_to_the_most_that_is_asked_for() {
        assert_eq!(edits(b"FORM", b"FROM", 3), Some(1));
        assert_eq!(edits(b"", b"ABC", 3), Some(3));
        assert_eq!(edits(b"ABC", b"", 3), Some(3));
        assert_eq!(edits(b"KITTEN", b"SITTING", 3), Some(3));
        assert_eq!(edits(b"KITTEN", b"SITTING", 2), None);
        assert_eq!(edits(b"", b"", 0), Some(0));
        assert_eq!(edits(&[b'a'; 65], &[b'a'; 65], 3), None);
    }
}
