//! Dates, times and timestamps as Cassandra reads them (semantics.md, small print).

use super::calendar::{days_from_civil, days_in_month};

/// Why a text is no timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampError {
    /// An integer beyond 64 bits.
    TooLarge,
    /// No form that Cassandra reads.
    Form,
    /// A zone by name, whose history this model does not carry.
    NamedZone,
}

const DAY_MS: i64 = 86_400_000;

/// Milliseconds since the Unix epoch. `now` is what the text `now` means.
///
/// `year-mm-dd [ |T] h:m[:s[.fraction]] [zone]`, the date alone with or without zone, or an integer. A day beyond the
/// month's end is its last, `24:00` the next day.
pub fn parse_timestamp(text: &str, now: i64) -> Result<i64, TimestampError> {
    if text.eq_ignore_ascii_case("now") {
        return Ok(now);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().map_err(|_| TimestampError::TooLarge);
    }
    let mut reader = Reader(text);
    let ms = reader.date_time().ok_or(TimestampError::Form)?;
    let offset = zone(reader.0)?;
    Ok(ms - offset)
}

/// `date`: days since 1970-01-01 of `[-]y…-mm-dd`, strictly.
pub fn parse_date(text: &str) -> Option<i64> {
    let mut reader = Reader(text);
    let negative = reader.eat('-');
    let length = reader.0.find('-')?;
    let year = reader.number(length.max(4), 9)?;
    if !negative && length > 4 {
        return None;
    }
    let (month, day) = reader.month_day()?;
    let year = if negative { -year } else { year };
    (reader.0.is_empty() && day <= days_in_month(year, month)).then(|| days_from_civil(year, month, day))
}

/// `time`: nanoseconds since midnight of `h:m:s[.fraction]`.
pub fn parse_time(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let small = |text: &str| text.parse::<i64>().ok().filter(|n| *n >= 0);
    let (second, nanos) = match second.split_once('.') {
        None => (second, 0),
        Some((second, fraction)) => (second, Some(fraction).filter(|f| !f.is_empty()).and_then(fraction_nanos)?),
    };
    let (hour, minute, second) = (small(hour)?, small(minute)?, small(second)?);
    (hour < 24 && minute < 60 && second < 60).then_some(((hour * 60 + minute) * 60 + second) * 1_000_000_000 + nanos)
}

/// At most nine digits as nanoseconds.
fn fraction_nanos(digits: &str) -> Option<i64> {
    if digits.len() > 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.bytes().chain(core::iter::repeat(b'0')).take(9).try_fold(0i64, |n, d| Some(n * 10 + i64::from(d - b'0')))
}

struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn eat(&mut self, c: char) -> bool {
        match self.0.strip_prefix(c) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Between `min` and `max` digits.
    fn number(&mut self, min: usize, max: usize) -> Option<i64> {
        let digits = self.0.bytes().take(max).take_while(u8::is_ascii_digit).count();
        if digits < min {
            return None;
        }
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        number.parse().ok()
    }

    /// `-mm-dd`
    fn month_day(&mut self) -> Option<(u32, u32)> {
        let month = self.eat('-').then(|| self.number(2, 2))??;
        let day = self.eat('-').then(|| self.number(2, 2))??;
        ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((month as u32, day as u32))
    }

    fn date_time(&mut self) -> Option<i64> {
        let negative = self.eat('-');
        let year = self.number(4, 4)?;
        let year = if negative { -year } else { year };
        let (month, day) = self.month_day()?;
        let date = days_from_civil(year, month, day.min(days_in_month(year, month))) * DAY_MS;
        let after_date = self.0;
        if !(self.eat(' ') || self.eat('T')) || !self.0.starts_with(|c: char| c.is_ascii_digit()) {
            self.0 = after_date;
            return Some(date);
        }
        let hour = self.number(1, 2)?;
        let minute = self.eat(':').then(|| self.number(1, 2))??;
        let (mut second, mut millis) = (0, 0);
        if self.eat(':') {
            second = self.number(1, 2)?;
            if self.eat('.') {
                let length = self.0.bytes().take_while(u8::is_ascii_digit).count();
                let (digits, rest) = self.0.split_at(length);
                millis = fraction_nanos(digits)? / 1_000_000;
                self.0 = rest;
            }
        }
        let midnight = hour == 24 && minute == 0 && second == 0 && millis == 0;
        ((hour < 24 || midnight) && minute < 60 && second < 60)
            .then_some(date + ((hour * 60 + minute) * 60 + second) * 1000 + millis)
    }
}

/// The zone's offset in milliseconds; nothing is UTC.
fn zone(text: &str) -> Result<i64, TimestampError> {
    let zone = text.strip_prefix(' ').unwrap_or(text);
    let sign = match zone.as_bytes().first() {
        None if text.is_empty() => return Ok(0),
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => {
            return match zone {
                "Z" | "UTC" | "GMT" | "UT" => Ok(0),
                "EST" => Ok(-5 * 3_600_000),
                "MST" => Ok(-7 * 3_600_000),
                "HST" => Ok(-10 * 3_600_000),
                _ if zone.starts_with(|c: char| c.is_ascii_uppercase()) && zone.len() >= 3 && !zone.contains(' ') => {
                    Err(TimestampError::NamedZone)
                }
                _ => Err(TimestampError::Form),
            };
        }
    };
    let mut reader = Reader(&zone[1..]);
    let hours = reader.number(2, 2).ok_or(TimestampError::Form)?;
    reader.eat(':');
    let minutes = if reader.0.is_empty() { 0 } else { reader.number(2, 2).ok_or(TimestampError::Form)? };
    if !reader.0.is_empty() || hours > 18 || minutes > 59 {
        return Err(TimestampError::Form);
    }
    Ok(sign * (hours * 60 + minutes) * 60_000)
}
