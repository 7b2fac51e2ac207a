//! Numbers, as far as the parser has to know them.

use core::cmp::Ordering;

/// Whether a number as written is infinite as a double. Its digits tell; to parse it would bring 10 KB of tables into the page.
pub(super) fn is_infinite(word: &str) -> bool {
    /// From here on: halfway between the largest double and what would be the next, to 40 of its 309 digits.
    const LEAST: &str = "1797693134862315807937289714053034150799";
    let (mantissa, exponent) = word.split_once(['e', 'E']).unwrap_or((word, "0"));
    let mantissa = mantissa.trim_start_matches(['-', '+']);
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = || whole.bytes().chain(part.bytes());
    let zeros = digits().take_while(|digit| *digit == b'0').count();
    if zeros == digits().count() {
        return false;
    }
    let far = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
    let magnitude = exponent.parse().unwrap_or(far).saturating_add(whole.len() as i64 - zeros as i64);
    match magnitude.cmp(&309) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => digits().skip(zeros).ge(LEAST.bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_infinite;
    use alloc::format;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_infinite_as_a_double_is_told_by_its_digits(
            whole in "[0-9]{1,4}", part in "[0-9]{0,4}", far in 0..700i32, near in 300..312i32, by in any::<bool>(),
        ) {
            for exponent in [far, -far, near] {
                let sign = if by { "-" } else { "" };
                let word = format!("{sign}{whole}.{part}e{exponent}");
                prop_assert_eq!(is_infinite(&word), word.parse::<f64>().unwrap().is_infinite(), "{}", word);
            }
        }
    }

    #[test]
    fn the_edge_is_where_doubles_end() {
        let words = [
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "0.00018e312",
            "0e999",
            "0.0",
        ];
        let more = ["1e99999999999999999999", "1e-99999999999999999999", "-1e309", "17976931348623158079e289", "1."];
        for word in words.into_iter().chain(more) {
            assert_eq!(is_infinite(word), word.parse::<f64>().unwrap().is_infinite(), "{word}");
        }
    }
}
