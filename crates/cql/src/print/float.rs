//! Floats as cqlsh prints them: Python's `%.*g` with a precision that grows with the digits before the point.

use alloc::{
    format,
    string::{String, ToString},
};

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
    let mut digits = precision;
    if value.abs() > f64::EPSILON {
        let exponent = truncated_log10(value);
        if (-4..precision).contains(&exponent) {
            digits += exponent + 1;
        }
    }
    general(value, digits.max(1) as usize)
}

/// Python's `int(math.log10(abs(value)))`, from the shortest decimal that reads back as the value.
fn truncated_log10(value: f64) -> i32 {
    let text = format!("{:e}", value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if exponent < 0 && mantissa != "1" { exponent + 1 } else { exponent }
}

/// C's `%.{digits}g`.
fn general(value: f64, digits: usize) -> String {
    let scientific = format!("{value:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if exponent < -4 || exponent >= digits as i32 {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trimmed(mantissa), exponent.abs());
    }
    trimmed(&format!("{value:.*}", (digits as i32 - 1 - exponent) as usize)).to_string()
}

fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
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
}
