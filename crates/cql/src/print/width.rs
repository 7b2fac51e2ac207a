//! How many columns of a terminal a text takes.

/// Ranges of characters that take two columns, from Unicode's East Asian Width (W and F), coarsely.
const WIDE: [(u32, u32); 33] = [
    (0x1100, 0x115F),
    (0x231A, 0x231B),
    (0x2329, 0x232A),
    (0x23E9, 0x23EC),
    (0x2614, 0x2615),
    (0x2648, 0x2653),
    (0x26A1, 0x26A1),
    (0x26AA, 0x26AB),
    (0x26BD, 0x26BE),
    (0x26C4, 0x26C5),
    (0x2705, 0x2705),
    (0x270A, 0x270B),
    (0x2728, 0x2728),
    (0x274C, 0x274C),
    (0x2753, 0x2755),
    (0x2795, 0x2797),
    (0x2B1B, 0x2B1C),
    (0x2B50, 0x2B50),
    (0x2E80, 0x303E),
    (0x3041, 0xA4CF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE6F),
    (0xFF00, 0xFF60),
    (0xFFE0, 0xFFE6),
    (0x1F004, 0x1F004),
    (0x1F0CF, 0x1F0CF),
    (0x1F18E, 0x1F18E),
    (0x1F191, 0x1F19A),
    (0x1F200, 0x1F265),
    (0x1F300, 0x1FAFF),
    (0x20000, 0x3FFFD),
];

/// Ranges of characters that take none: combining marks, joiners, variation selectors.
const NONE: [(u32, u32); 17] = [
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05BD),
    (0x05C1, 0x05C2),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0E31, 0x0E31),
    (0x0E34, 0x0E3A),
    (0x0E47, 0x0E4E),
    (0x1160, 0x11FF),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x20D0, 0x20F0),
    (0x3099, 0x309A),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
];

/// Joins two signs into one.
const JOINER: u32 = 0x200D;
/// Makes the sign before it a picture, which takes two columns.
const PICTURE: u32 = 0xFE0F;

/// The columns `text` takes, as Python's `wcwidth` counts them for cqlsh: a picture of several signs is one.
pub fn width(text: &str) -> usize {
    let (mut sum, mut before, mut last) = (0, 0, 0);
    for c in text.chars().map(u32::from) {
        let own = match (before, c) {
            (JOINER, _) => 0,
            (_, PICTURE) => usize::from(last == 1 && is_sign(before)),
            (_, 0x1F3FB..=0x1F3FF) if last == 2 => 0,
            _ => char_width(c),
        };
        sum += own;
        (before, last) = (c, if own == 0 { last } else { own });
    }
    sum
}

fn is_sign(c: u32) -> bool {
    matches!(c, 0x23 | 0x2A | 0x30..=0x39 | 0xA9 | 0xAE | 0x203C..=0x3299 | 0x1F000..)
}

fn char_width(c: u32) -> usize {
    let within = |ranges: &[(u32, u32)]| ranges.iter().any(|(from, to)| (*from..=*to).contains(&c));
    match c {
        0..0x300 => 1,
        0xE0000..=0xE01EF => 0,
        _ if within(&NONE) => 0,
        _ if within(&WIDE) => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each from Python's `wcwidth` 0.9.4.
    #[test]
    fn widths_are_those_of_cqlsh() {
        for (text, want) in [
            ("abc é", 5),
            ("日本語", 6),
            ("ｆｕｌｌ", 8),
            ("각", 2),
            ("e\u{301}", 1),
            ("שָׁ", 1),
            ("ที่", 1),
            ("👍🏽", 2),
            ("👨\u{200d}👩\u{200d}👧", 2),
            ("❤ ❤\u{fe0f}", 4),
            ("1\u{fe0f}\u{20e3}", 2),
            ("⌚\u{fe0f}⭐", 4),
            ("🇩🇪", 2),
            ("か\u{3099}", 2),
            ("→─①㈱﹏\u{feff}", 7),
        ] {
            assert_eq!(width(text), want, "{text}");
        }
    }
}
