//! Varints and decimals: bytes, parts and text.

use super::digits::digits;
use alloc::{format, string::String, vec::Vec};
use num_bigint::BigInt;

/// The most digits a number may be written with, and about the most a bound one may have: reading and printing take time
/// that grows with their square.
pub const DIGITS_MAX: usize = 10_000;

/// The most bytes a varint may have.
pub const VARINT_BYTES_MAX: usize = DIGITS_MAX / 2;

/// A two's complement number without superfluous leading bytes; never empty.
pub fn minimal(mut bytes: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = bytes {
        let superfluous =
            rest.first().is_some_and(|next| (*first == 0 && next & 0x80 == 0) || (*first == 0xFF && next & 0x80 != 0));
        if !superfluous {
            return bytes;
        }
        bytes = rest;
    }
    &[0]
}

/// A serialized decimal: `i32` scale and the unscaled varint.
pub fn decimal(scale: i32, unscaled: &BigInt) -> Vec<u8> {
    let mut out = scale.to_be_bytes().to_vec();
    out.extend_from_slice(&unscaled.to_signed_bytes_be());
    out
}

/// Scale, whether it is negative, and the decimal digits of the unscaled value without leading zeros (`0` for zero).
pub fn decimal_parts(bytes: &[u8]) -> (i32, bool, String) {
    let (scale, unscaled) = bytes.split_first_chunk().map_or((0, bytes), |(s, rest)| (i32::from_be_bytes(*s), rest));
    let (negative, digits) = digits(unscaled);
    (scale, negative, digits)
}

/// As Python's `str(Decimal)` and Java's `BigDecimal.toString` write it: plain while the exponent is within `[-6, 0]`
/// places, else scientific.
pub fn decimal_text(bytes: &[u8]) -> String {
    let (scale, negative, digits) = decimal_parts(bytes);
    let scale = i64::from(scale);
    let adjusted = digits.len() as i64 - 1 - scale;
    let sign = if negative { "-" } else { "" };
    if scale >= 0 && adjusted >= -6 {
        let places = scale as usize;
        if places == 0 {
            return format!("{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, part) = padded.split_at(padded.len() - places);
        return format!("{sign}{whole}.{part}");
    }
    let (head, tail) = digits.split_at(1);
    let point = if tail.is_empty() { "" } else { "." };
    format!("{sign}{head}{point}{tail}E{adjusted:+}")
}

/// The parts of a number as written: `-12.50e3` to sign, digits `1250` and scale `-1`.
pub(crate) fn parse_decimal(text: &str) -> Option<(i32, BigInt)> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (negative, whole) = match whole.as_bytes().first() {
        Some(b'-') => (true, whole.get(1..)?),
        Some(b'+') => (false, whole.get(1..)?),
        _ => (false, whole),
    };
    let digits = format!("{whole}{part}");
    if digits.is_empty() || !digits.bytes().all(|d| d.is_ascii_digit()) {
        return None;
    }
    let magnitude: BigInt = digits.parse().ok()?;
    let scale = i32::try_from(part.len()).ok()?.checked_sub(exponent)?;
    Some((scale, if negative { -magnitude } else { magnitude }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_print_as_python_prints_them() {
        for (text, printed) in [
            ("1.50", "1.50"),
            ("-0.001", "-0.001"),
            ("1e10", "1E+10"),
            ("1E-7", "1E-7"),
            ("123e-8", "0.00000123"),
            ("12.5e3", "1.25E+4"),
            ("0.000", "0.000"),
            ("0e3", "0E+3"),
        ] {
            let (scale, unscaled) = parse_decimal(text).unwrap();
            assert_eq!(decimal_text(&decimal(scale, &unscaled)), printed);
        }
    }

    #[test]
    fn minimal_keeps_the_sign() {
        assert_eq!(minimal(&[0, 0, 0x80]), [0, 0x80]);
        assert_eq!(minimal(&[0xFF, 0xFF]), [0xFF]);
        assert_eq!(minimal(&[0, 0]), [0]);
    }
}
