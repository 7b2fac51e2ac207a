//! Floats as cqlsh prints them: Python's `%.*g` with a precision that grows with the digits before the point. The digits are made
//! here, all of them and exactly: the library's way is faster, and 5 KiB of the page's download for what is printed now and then.

use alloc::{format, string::String, vec, vec::Vec};

/// cqlsh's `float_precision` and its `double_precision`, when no cqlshrc says otherwise.
pub(super) const CELL: i32 = 5;
/// Of the values in trace lines.
pub(super) const LITERAL: i32 = 12;

pub(super) fn text(value: f64, precision: i32) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.into();
    }
    let exact = Decimal::of(value);
    let mut digits = precision;
    if value.abs() > f64::EPSILON {
        let exponent = exact.truncated_log10();
        if (-4..precision).contains(&exponent) {
            digits += exponent + 1;
        }
    }
    exact.general(digits.max(1) as usize, value.is_sign_negative())
}

/// A number without its sign: its digits from the first that is not 0 to the last, and the power of ten of the first.
#[derive(Clone)]
struct Decimal {
    digits: Vec<u8>,
    exponent: i32,
}

impl Decimal {
    /// Every digit of a finite value: m × 2⁻ᵏ is m × 5ᵏ × 10⁻ᵏ.
    fn of(value: f64) -> Decimal {
        let bits = value.abs().to_bits();
        let (low, high) = (bits & ((1 << 52) - 1), (bits >> 52) as i32);
        let (mantissa, power) = if high == 0 { (low, -1074) } else { (low | 1 << 52, high - 1075) };
        let mut limbs = vec![(mantissa % BASE) as u32, (mantissa / BASE) as u32];
        let (factor, at_once) = if power < 0 { (5_u64, 12) } else { (2, 29) };
        let mut left = power.unsigned_abs();
        while left > 0 {
            let now = left.min(at_once);
            times(&mut limbs, factor.pow(now));
            left -= now;
        }
        let whole: String = limbs.iter().rev().map(|limb| format!("{limb:09}")).collect();
        let shown = whole.trim_start_matches('0');
        let exponent = shown.len() as i32 - 1 + power.min(0);
        let digits = shown.trim_end_matches('0').bytes().collect();
        Decimal { digits, exponent: if shown.is_empty() { 0 } else { exponent } }
    }

    /// The nearest number of so many digits; of two that are as near the even one.
    fn rounded(mut self, count: usize) -> Decimal {
        let Some(&next) = self.digits.get(count) else { return self };
        let tie = next == b'5' && self.digits.len() == count + 1;
        let odd = count.checked_sub(1).and_then(|last| self.digits.get(last)).is_some_and(|digit| digit % 2 == 1);
        self.digits.truncate(count);
        if next > b'5' || (next == b'5' && (!tie || odd)) {
            while self.digits.last() == Some(&b'9') {
                self.digits.pop();
            }
            match self.digits.last_mut() {
                Some(digit) => *digit += 1,
                None => (self.digits, self.exponent) = (vec![b'1'], self.exponent + 1),
            }
        }
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        self
    }

    /// Python's `int(math.log10(abs(value)))`. Its logarithm is a double too, so what is within a double's last place of a power of
    /// ten counts as that power: sixteen digits tell.
    fn truncated_log10(&self) -> i32 {
        let near = self.clone().rounded(16);
        if near.exponent < 0 && near.digits != b"1" { near.exponent + 1 } else { near.exponent }
    }

    /// C's `%.{count}g`.
    fn general(self, count: usize, negative: bool) -> String {
        let Decimal { digits, exponent } = self.rounded(count);
        let mut out = String::from(if negative { "-" } else { "" });
        let digits = if digits.is_empty() { &b"0"[..] } else { &digits };
        let digit = |at: usize| char::from(digits.get(at).copied().unwrap_or(b'0'));
        let scientific = exponent < -4 || exponent >= count as i32;
        let whole = if scientific { 0 } else { exponent };
        if whole < 0 {
            out.push_str("0.");
            out.extend((1..-whole).map(|_| '0'));
            out.extend((0..digits.len()).map(digit));
        } else {
            let whole = whole as usize + 1;
            out.extend((0..whole).map(digit));
            if digits.len() > whole {
                out.push('.');
                out.extend((whole..digits.len()).map(digit));
            }
        }
        if scientific {
            out += &format!("e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
        }
        out
    }
}

/// Of the limbs of a whole number.
const BASE: u64 = 1_000_000_000;

/// Multiplies a whole number, its lowest limb first.
fn times(limbs: &mut Vec<u32>, factor: u64) {
    let mut carry = 0;
    for limb in limbs.iter_mut() {
        let product = u64::from(*limb) * factor + carry;
        (*limb, carry) = ((product % BASE) as u32, product / BASE);
    }
    if carry > 0 {
        limbs.push(carry as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each from cqlsh's own `format_floating_point_type`.
    #[test]
    fn floats_print_as_cqlsh_prints_them() {
        for (value, precision, want) in [
            (1.0, 5, "1"),
            (0.1, 12, "0.1"),
            (f64::from(0.1f32), 5, "0.1"),
            (f64::from(1.1f32), 12, "1.100000023842"),
            (1_234_567.891, 12, "1234567.891000000061"),
            (123_456.789, 5, "1.2346e+05"),
            (12_345.678_9, 5, "12345.6789"),
            (1e300, 12, "1e+300"),
            (-1.5e-7, 12, "-1.5e-07"),
            (0.0, 5, "0"),
            (-0.0, 5, "-0"),
            (0.000_012_345_678, 12, "1.2345678e-05"),
            (core::f64::consts::PI, 12, "3.14159265359"),
            (core::f64::consts::PI, 5, "3.14159"),
            (100.0, 5, "100"),
            (0.05, 5, "0.05"),
            (999_999_999_999.5, 12, "999999999999.5"),
        ] {
            assert_eq!(text(value, precision), want, "{value} {precision}");
        }
    }

    proptest::proptest! {
        /// The library's own digits.
        #[test]
        fn digits_are_exact(bits: u64, count in 1_usize..25, whole in -10_000_000_i64..10_000_000) {
            for value in [f64::from_bits(bits), whole as f64 / 64.0].into_iter().filter(|value| value.is_finite()) {
                let Decimal { digits, exponent } = Decimal::of(value).rounded(count);
                let told = format!("{:.*e}", count - 1, value.abs());
                let (mantissa, power) = told.split_once('e').unwrap();
                let mantissa: Vec<u8> = mantissa.bytes().filter(|byte| *byte != b'.').collect();
                let kept = mantissa.len() - mantissa.iter().rev().take_while(|byte| **byte == b'0').count();
                proptest::prop_assert_eq!((&digits[..], exponent), (&mantissa[..kept], power.parse().unwrap()), "{}", value);
            }
        }
    }
}
