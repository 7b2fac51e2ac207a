//! Which parts of two texts are the same.

use alloc::vec::Vec;
use core::ops::Range;

/// How many pairs are looked at before what lies between two equal ends is taken as one change.
const PAIRS_MAX: usize = 1 << 22;

/// Stretches of two lists that differ, in order: what lies between them is equal. The longest common subsequence, by the
/// table of its lengths: rows × columns of what is left when the equal ends are taken off.
#[must_use]
pub fn gaps<T: PartialEq>(old: &[T], new: &[T]) -> Vec<(Range<usize>, Range<usize>)> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = (old.len() - head).min(new.len() - head);
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (rows, columns) = (old.len() - head - tail, new.len() - head - tail);
    let whole = (head..head + rows, head..head + columns);
    if rows == 0 && columns == 0 {
        return Vec::new();
    }
    if rows == 0 || columns == 0 || rows.saturating_mul(columns) > PAIRS_MAX {
        return alloc::vec![whole];
    }
    let wide = columns + 1;
    let mut longest = alloc::vec![0_u32; (rows + 1) * wide];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            let at = row * wide + column;
            longest[at] = if old[head + row] == new[head + column] {
                longest[at + wide + 1] + 1
            } else {
                longest[at + wide].max(longest[at + 1])
            };
        }
    }
    let mut all: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let (mut row, mut column, mut from) = (0, 0, (0, 0));
    while row < rows && column < columns {
        if old[head + row] == new[head + column] {
            all.push((head + from.0..head + row, head + from.1..head + column));
            (row, column) = (row + 1, column + 1);
            from = (row, column);
        } else if longest[(row + 1) * wide + column] >= longest[row * wide + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    all.push((head + from.0..head + rows, head + from.1..head + columns));
    all.retain(|(old, new)| !old.is_empty() || !new.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_between_gaps_is_equal() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        for (old, new) in
            [("abcdef", "abXdef"), ("abc", "abc"), ("", "abc"), ("abc", ""), ("abcabc", "bcaab"), ("xay", "bac")]
        {
            let (old, new) = (chars(old), chars(new));
            let mut made = Vec::new();
            let mut at = 0;
            for (gone, come) in gaps(&old, &new) {
                made.extend_from_slice(&old[at..gone.start]);
                made.extend_from_slice(&new[come]);
                at = gone.end;
            }
            made.extend_from_slice(&old[at..]);
            assert_eq!(made, new, "{old:?}");
        }
        assert_eq!(gaps(&chars("abcdef"), &chars("aXcdYef")), [(1..2, 1..2), (4..4, 4..5)]);
    }
}
