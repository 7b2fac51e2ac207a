//! A number in the text that is turned by hand: where it stands, and what it becomes.

use crate::highlight::{Ink, Line};
use std::ops::Range;

/// What may stand behind a number and belongs to it (docs/scenario.md, lengths of time).
const UNITS: [&str; 10] = ["", "us", "µs", "ms", "s", "m", "h", "d", "w", "%"];
/// More digits than that are no number that anybody turns.
const DIGITS_MAX: usize = 18;

/// The bytes of the number at this byte of a line, with its sign.
pub fn number(text: &str, line: &Line, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let signed = |range: &Range<usize>| {
        let before = |back: usize| range.start.checked_sub(back).filter(|at| *at >= line.range.start);
        let minus = before(1).is_some_and(|at| bytes.get(at) == Some(&b'-'));
        let open =
            before(2).is_none_or(|at| matches!(bytes.get(at), Some(b' ' | b'(' | b',' | b'=' | b'[' | b':' | b'{')));
        if minus && open { range.start - 1..range.end } else { range.clone() }
    };
    let ours = |(ink, range): &(Ink, Range<usize>)| {
        let range = if *ink == Ink::Number { signed(range) } else { range.clone() };
        let turns = matches!(ink, Ink::Number | Ink::Knob | Ink::Value) && (range.start..=range.end).contains(&at);
        (turns && text.get(range.clone()).is_some_and(|word| turned(word, 1).is_some())).then_some(range)
    };
    line.spans.iter().find_map(ours)
}

/// The number so many steps on, as it is written; nothing, when it is no number that can be turned. A step is one of the last place
/// of a short number, and a thousandth, about, of a long one; without a sign a number does not go below 0.
pub fn turned(word: &str, steps: i64) -> Option<String> {
    let (sign, rest) = match word.as_bytes().first()? {
        b'-' => ("-", word.get(1..)?),
        b'+' => ("+", word.get(1..)?),
        _ => ("", word),
    };
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (digits, unit) = rest.split_at_checked(end)?;
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let places = part.map_or(0, str::len);
    if whole.is_empty() || part == Some("") || whole.len() + places > DIGITS_MAX || !UNITS.contains(&unit) {
        return None;
    }
    let size: i64 = format!("{whole}{}", part.unwrap_or("")).parse().ok()?;
    let value = if sign == "-" { -size } else { size };
    let step = 10_i64.pow((whole.len() as u32).saturating_sub(4));
    let next = value.saturating_add(steps.saturating_mul(step));
    let next = if sign.is_empty() { next.max(0) } else { next };
    let sign = match (sign, next) {
        (_, ..0) => "-",
        ("+", _) => "+",
        _ => "",
    };
    let size = format!("{:0>wide$}", next.unsigned_abs(), wide = places + 1);
    let (whole, part) = size.split_at_checked(size.len() - places)?;
    Some(format!("{sign}{whole}{}{part}{unit}", if places > 0 { "." } else { "" }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::highlight::lines;

    #[test]
    fn steps_that_a_hand_would_make() {
        for (word, steps, is) in [
            ("+20ms", -3, "+17ms"),
            ("+1ms", -3, "-2ms"),
            ("-2ms", 2, "0ms"),
            ("1000", 1, "1001"),
            ("1000000", 2, "1002000"),
            ("3", -9, "0"),
            ("0.5", 1, "0.6"),
            ("0.05", -7, "0.00"),
            ("10d", 1, "11d"),
        ] {
            assert_eq!(turned(word, steps).as_deref(), Some(is), "{word}");
        }
        for word in
            ["", "+", "n1", "0x10", "550e8400-e29b-41d4-a716-446655440000", "1e9", "rust", "5.", "99999999999999999999"]
        {
            assert_eq!(turned(word, 1), None, "{word}");
        }
    }

    #[test]
    fn a_number_has_its_sign() {
        let text = "INSERT INTO t (k) VALUES (-15, 1-2); -- 7";
        let line = &lines(text)[0];
        let at = |word: &str| number(text, line, text.find(word).unwrap()).map(|range| &text[range]);
        assert_eq!((at("15"), at("7"), at("VALUES")), (Some("-15"), None, None));
        let text = "--@ client api clock=+20ms node=n1";
        let line = &lines(text)[0];
        assert_eq!(number(text, line, text.find("0ms").unwrap()).map(|range| &text[range]), Some("+20ms"));
    }
}
