//! Lengths of time, offsets and dates, exact to the microsecond.

use super::Wrong;
use crate::limits::{DAYS_MAX, RUN_TIME_MAX};
use alloc::format;
use alloc::string::String;

const UNITS: [(&str, u64); 7] = [
    ("us", 1_000),
    ("µs", 1_000),
    ("ns", 1),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Microseconds of `1h30m`, `1.5s`; `None` when it is no length of time.
pub(super) fn span(word: &str) -> Result<Option<u64>, Wrong> {
    let Some(ns) = nanoseconds(word) else { return Ok(None) };
    if ns % 1_000 != 0 {
        return Err(Wrong::new(format!("{word} is finer than a microsecond"), "timestamps are whole microseconds"));
    }
    let us = ns / 1_000;
    let most = u128::from(RUN_TIME_MAX.0);
    if us > most {
        return Err(Wrong::new(
            format!("{word} is longer than a run may last"),
            format!("the limit is {} days of virtual time", DAYS_MAX),
        ));
    }
    Ok(Some(us as u64))
}

fn nanoseconds(word: &str) -> Option<u128> {
    let mut rest = word;
    let mut sum: u128 = 0;
    if rest == "0" {
        return Some(0);
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_')?;
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let unit = if unit == "d" { 86_400_000_000_000 } else { UNITS.iter().find(|(name, _)| *name == unit)?.1 };
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() || whole.len() > 15 || part.len() > 15 || (number.contains('.') && part.is_empty()) {
            return None;
        }
        let whole: u128 = whole.replace('_', "").parse().ok()?;
        let mut ns = whole.checked_mul(unit.into())?;
        if !part.is_empty() {
            let scale = 10u128.pow(part.len() as u32);
            let fraction = part.parse::<u128>().ok()?.checked_mul(unit.into())?;
            if fraction % scale != 0 {
                return None;
            }
            ns = ns.checked_add(fraction / scale)?;
        }
        sum = sum.checked_add(ns)?;
        rest = tail;
    }
    (!word.is_empty()).then_some(sum)
}

pub(super) fn offset(word: &str) -> Result<Option<i64>, Wrong> {
    let (sign, length) = match word.as_bytes().first() {
        Some(b'+') => (1, &word[1..]),
        Some(b'-') => (-1, &word[1..]),
        _ => (1, word),
    };
    Ok(span(length)?.and_then(|us| i64::try_from(us).ok()).map(|us| sign * us))
}

/// Microseconds of a length of time or an offset, as directives write them: `1h30m`, `-20ms`. `None`: it is neither, or it is longer
/// than a run may last.
#[must_use]
pub fn micros(word: &str) -> Option<i64> {
    offset(word).ok()?
}

/// A length of time or, with its sign, an offset, in the largest unit that divides it: `20ms`, `+5s`, `-350us`.
#[must_use]
pub fn length(micros: i64, signed: bool) -> String {
    const WAYS: [(u64, &str); 5] =
        [(86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s"), (1_000, "ms")];
    let (sign, size) = (
        if micros < 0 {
            "-"
        } else if signed {
            "+"
        } else {
            ""
        },
        micros.unsigned_abs(),
    );
    let (by, unit) = WAYS.into_iter().find(|(by, _)| size > 0 && size % by == 0).unwrap_or((1, "us"));
    if size == 0 { format!("{sign}0ms") } else { format!("{sign}{}{unit}", size / by) }
}

/// Microseconds since the Unix epoch.
pub(super) fn date(word: &str) -> Option<i64> {
    let (day, time) = word.split_once(['T', ' ']).unwrap_or((word, "00:00:00Z"));
    let mut parts = day.split('-');
    let mut next = |digits: usize| -> Option<i64> {
        let part = parts.next()?;
        (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let (y, m, d) = (next(4)?, next(2)?, next(2)?);
    let long = [
        31,
        if y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let month = usize::try_from(m).ok()?.checked_sub(1)?;
    if !(1970..2100).contains(&y) || parts.next().is_some() || d < 1 || d > *long.get(month)? {
        return None;
    }
    let leaps = |y: i64| y / 4 - y / 100 + y / 400;
    let days = (y - 1970) * 365 + leaps(y - 1) - leaps(1969) + long.iter().take(month).sum::<i64>() + d - 1;
    let time = time.strip_suffix('Z').unwrap_or(time);
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut hms = clock.split(':').map(|p| (p.len() == 2).then(|| p.parse::<u32>().ok())?);
    let (h, min) = (hms.next()??, hms.next()??);
    let s = hms.next().unwrap_or(Some(0))?;
    if h > 23 || min > 59 || s > 59 || hms.next().is_some() || fraction.len() > 6 || fraction.is_empty() {
        return None;
    }
    let us = fraction.parse::<u32>().ok()? * 10u32.pow(6 - fraction.len() as u32);
    let seconds = days * 86_400 + i64::from(h * 3_600 + min * 60 + s);
    Some(seconds * 1_000_000 + i64::from(us))
}

#[cfg(test)]
mod tests {
    use super::date;
    use crate::setup::START;

    #[test]
    fn dates_count_leap_days() {
        assert_eq!(date("2025-01-01"), Some(START));
        assert_eq!(date("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(date("2024-02-29T23:59:59.5Z"), Some(1_709_251_199_500_000));
        for word in ["2025-02-29", "2025-13-01", "25-01-01", "2025-01-01T24:00:00Z", "2100-01-01", "2025-01-00"] {
            assert_eq!(date(word), None, "{word}");
        }
    }
}
