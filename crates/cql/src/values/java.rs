//! Floats as Java's `toString` writes them: where a server makes text, or a decimal, of one.

use super::calendar::civil_from_days;
use crate::types::Type;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// `Float.toString` when `single`, else `Double.toString`: at least one digit behind the point, an exponent beyond
/// `[1e-3, 1e7)`.
pub(crate) fn float_text(value: f64, single: bool) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.into();
    }
    let shortest = if single { format!("{:e}", value as f32) } else { format!("{value:e}") };
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value != 0.0 && !(-3..7).contains(&exponent) {
        let point = if mantissa.contains('.') { "" } else { ".0" };
        return format!("{mantissa}{point}E{exponent}");
    }
    let plain = if single { (value as f32).to_string() } else { value.to_string() };
    if plain.contains('.') { plain } else { plain + ".0" }
}

/// A value as Java's `toString` writes it, where `CAST` and JSON make text of it. `between` stands between a timestamp's
/// date and time.
pub(crate) fn text(ty: &Type, bytes: &[u8], between: char) -> String {
    let plain = || crate::print::cell(ty, Some(bytes));
    match ty {
        Type::Text | Type::Ascii => String::from_utf8_lossy(bytes).into(),
        Type::Boolean => (bytes != [0]).to_string(),
        Type::Float => {
            bytes.try_into().map_or_else(|_| plain(), |b| float_text(f64::from(f32::from_be_bytes(b)), true))
        }
        Type::Double => bytes.try_into().map_or_else(|_| plain(), |b| float_text(f64::from_be_bytes(b), false)),
        Type::Timestamp => bytes.try_into().map_or_else(|_| plain(), |b| timestamp(i64::from_be_bytes(b), between)),
        Type::Date => bytes.try_into().map_or_else(|_| plain(), |b| date(u32::from_be_bytes(b))),
        Type::Time => bytes.try_into().map_or_else(|_| plain(), |b| time(i64::from_be_bytes(b))),
        // Java leaves no zeros out of an IPv6 address.
        Type::Inet if bytes.len() == 16 => {
            let groups = bytes.chunks_exact(2).map(|pair| format!("{:x}", u16::from_be_bytes([pair[0], pair[1]])));
            groups.collect::<Vec<_>>().join(":")
        }
        _ => plain(),
    }
}

/// A year of more than four digits has its sign.
fn date(date: u32) -> String {
    let (year, month, day) = civil_from_days(i64::from(date) - (1 << 31));
    let sign = match year {
        ..0 => "-",
        0..=9999 => "",
        _ => "+",
    };
    format!("{sign}{:04}-{month:02}-{day:02}", year.abs())
}

/// A bound time may be no time of a day, or negative; zeros are put before what is less than 10 or 100, a sign or not.
fn time(nanos: i64) -> String {
    let two = |unit: i64, of: i64| match nanos / unit % of {
        part @ ..10 => format!("0{part}"),
        part => part.to_string(),
    };
    let three = |unit: i64| match nanos / unit % 1_000 {
        part @ ..10 => format!("00{part}"),
        part @ 10..100 => format!("0{part}"),
        part => part.to_string(),
    };
    let (second, minute) = (1_000_000_000, 60_000_000_000);
    let clock = [two(60 * minute, 24), two(minute, 60), two(second, 60)].join(":");
    format!("{clock}.{}{}{}", three(1_000_000), three(1_000), three(1))
}

fn timestamp(ms: i64, between: char) -> String {
    let (days, of_day) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    let (year, month, day) = civil_from_days(days);
    let (second, ms) = (of_day / 1000, of_day % 1000);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    // Its pattern is `yyyy`: years of an era that is not told, with a sign where they have more digits.
    let year = if year > 0 { year } else { 1 - year };
    let plus = if year > 9999 { "+" } else { "" };
    format!("{plus}{year:04}-{month:02}-{day:02}{between}{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_no_day_as_java_writes_them() {
        assert_eq!(time(-7), "00:00:00.00000000-7");
        assert_eq!(time(86_399_999_999_999), "23:59:59.999999999");
        assert_eq!(time(90_000_000_000_000), "01:00:00.000000000");
        assert_eq!(time(i64::MIN), "0-23:0-47:0-16.00-85400-77500-808");
    }

    #[test]
    fn years_of_an_era_as_java_writes_them() {
        for (ms, want) in [
            (253_402_300_799_999, "9999-12-31 23:59:59.999Z"),
            (253_402_300_800_000, "+10000-01-01 00:00:00.000Z"),
            (-62_167_219_200_000, "0001-01-01 00:00:00.000Z"),
            (-62_167_219_200_001, "0002-12-31 23:59:59.999Z"),
            (-377_705_116_800_000, "+10000-01-01 00:00:00.000Z"),
            (i64::MIN, "+292275056-05-16 16:47:04.192Z"),
        ] {
            assert_eq!(timestamp(ms, ' '), want);
        }
    }

    #[test]
    fn floats_read_as_java_writes_them() {
        for (value, single, want) in [
            (100.0, false, "100.0"),
            (3e9, true, "3.0E9"),
            (-1e300, false, "-1.0E300"),
            (0.001, false, "0.001"),
            (0.00012, false, "1.2E-4"),
            (1e7, false, "1.0E7"),
            (-0.0, false, "-0.0"),
            (f64::from(0.1f32), true, "0.1"),
            (f64::from(0.1f32), false, "0.10000000149011612"),
        ] {
            assert_eq!(float_text(value, single), want);
        }
    }
}
