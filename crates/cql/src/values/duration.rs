//! Durations: months, days and nanoseconds, as three signed vints.

use super::{push_unsigned_vint, unsigned_vint};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

/// A duration; the three parts have one sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Duration {
    /// Months, at most `i32`.
    pub months: i64,
    /// Days, at most `i32`.
    pub days: i64,
    /// Nanoseconds.
    pub nanos: i64,
}

const MICRO: i64 = 1_000;
const MILLI: i64 = 1_000_000;
const SECOND: i64 = 1_000_000_000;

/// The units of the plain form, largest first: name, plural as Cassandra's errors say it, part, size.
const UNITS: [(&str, &str, Part, i64); 10] = [
    ("y", "years", Part::Months, 12),
    ("mo", "months", Part::Months, 1),
    ("w", "weeks", Part::Days, 7),
    ("d", "days", Part::Days, 1),
    ("h", "hours", Part::Nanos, 3600 * SECOND),
    ("m", "minutes", Part::Nanos, 60 * SECOND),
    ("s", "seconds", Part::Nanos, SECOND),
    ("ms", "milliseconds", Part::Nanos, MILLI),
    ("us", "microseconds", Part::Nanos, MICRO),
    ("ns", "nanoseconds", Part::Nanos, 1),
];

#[derive(Clone, Copy)]
enum Part {
    Months,
    Days,
    Nanos,
}

impl Duration {
    /// The serialized value.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(12);
        for part in [self.months, self.days, self.nanos] {
            push_unsigned_vint(&mut out, (part << 1 ^ part >> 63) as u64);
        }
        out
    }

    /// Reads a serialized value. What is behind it nobody looks at.
    pub fn decode(mut bytes: &[u8]) -> Option<Duration> {
        let mut part = || unsigned_vint(&mut bytes).map(|n| (n >> 1) as i64 ^ -((n & 1) as i64));
        let duration = Duration { months: part()?, days: part()?, nanos: part()? };
        (i32::try_from(duration.months).is_ok() && i32::try_from(duration.days).is_ok()).then_some(duration)
    }

    /// Reads `1y2mo3d`, `P1Y2M3DT4H`, `P1W` or `P0001-02-03T04:05:06`; the error is Cassandra's text.
    pub fn parse(text: &str) -> Result<Duration, String> {
        let (negative, body) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let unable = || format!("Unable to convert '{body}' to a duration");
        let mut builder = Builder::default();
        if let Some(iso) = body.strip_prefix(['P', 'p']) {
            if iso.contains('-') {
                alternative(iso, &mut builder).ok_or_else(unable)??;
            } else if let Some(weeks) = iso.strip_suffix(['W', 'w']) {
                builder.add(2, weeks.parse().map_err(|_| unable())?)?;
            } else {
                let (date, time) = iso.split_once(['T', 't']).unwrap_or((iso, ""));
                pieces(date, &mut builder, |unit| match unit {
                    "Y" | "y" => Some(0),
                    "M" | "m" => Some(1),
                    "D" | "d" => Some(3),
                    _ => None,
                })
                .ok_or_else(unable)??;
                pieces(time, &mut builder, |unit| match unit {
                    "H" | "h" => Some(4),
                    "M" | "m" => Some(5),
                    "S" | "s" => Some(6),
                    _ => None,
                })
                .ok_or_else(unable)??;
            }
        } else {
            if body.is_empty() {
                return Err(unable());
            }
            pieces(body, &mut builder, |unit| {
                // The micro sign, and mu, small and capital: nothing else that is not ASCII has a small letter here.
                let unit = if ["µ", "μ", "Μ"]
                    .iter()
                    .any(|mu| unit.strip_prefix(mu).is_some_and(|s| s.eq_ignore_ascii_case("s")))
                {
                    "us".to_string()
                } else {
                    unit.to_ascii_lowercase()
                };
                UNITS.iter().position(|(name, ..)| *name == unit)
            })
            .ok_or_else(unable)??;
        }
        Ok(builder.finish(negative))
    }
}

/// `number unit` again and again; `None` when it is something else.
fn pieces(mut text: &str, builder: &mut Builder, unit: impl Fn(&str) -> Option<usize>) -> Option<Result<(), String>> {
    while !text.is_empty() {
        let digits = text.find(|c: char| !c.is_ascii_digit())?;
        let (number, rest) = text.split_at(digits);
        let end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let index = unit(name)?;
        if let Err(e) = builder.add(index, number.parse().ok()?) {
            return Some(Err(e));
        }
        text = rest;
    }
    Some(Ok(()))
}

/// `0001-02-03T04:05:06`
fn alternative(text: &str, builder: &mut Builder) -> Option<Result<(), String>> {
    let (date, time) = text.split_once('T')?;
    let numbers = date.split('-').chain(time.split(':')).map(|n| n.parse::<i64>().ok()).collect::<Option<Vec<_>>>()?;
    if numbers.len() != 6 {
        return None;
    }
    for (number, index) in numbers.into_iter().zip([0, 1, 3, 4, 5, 6]) {
        if let Err(e) = builder.add(index, number) {
            return Some(Err(e));
        }
    }
    Some(Ok(()))
}

#[derive(Default)]
struct Builder {
    last: Option<usize>,
    sum: Duration,
}

impl Builder {
    fn add(&mut self, index: usize, number: i64) -> Result<(), String> {
        let Some((_, name, part, size)) = UNITS.get(index).copied() else { return Ok(()) };
        match self.last.and_then(|last| UNITS.get(last).map(|unit| (last, unit.1))) {
            Some((last, _)) if last == index => {
                return Err(format!("Invalid duration. The {name} are specified multiple times"));
            }
            Some((last, before)) if last > index => {
                return Err(format!("Invalid duration. The {before} should be after {name}"));
            }
            _ => self.last = Some(index),
        }
        let (sum, max, what) = match part {
            Part::Months => (&mut self.sum.months, i64::from(i32::MAX), "months"),
            Part::Days => (&mut self.sum.days, i64::from(i32::MAX), "days"),
            Part::Nanos => (&mut self.sum.nanos, i64::MAX, "nanoseconds"),
        };
        *sum = number.checked_mul(size).and_then(|n| n.checked_add(*sum)).filter(|n| *n <= max).ok_or_else(|| {
            // The same number for all three, though nanoseconds have 64 bits.
            format!("Invalid duration. The total number of {what} must be less or equal to {}", i32::MAX)
        })?;
        Ok(())
    }

    fn finish(self, negative: bool) -> Duration {
        let Duration { months, days, nanos } = self.sum;
        if negative { Duration { months: -months, days: -days, nanos: -nanos } } else { self.sum }
    }
}

impl fmt::Display for Duration {
    /// As cqlsh writes it: no weeks, nothing for zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.months < 0 || self.days < 0 || self.nanos < 0 {
            f.write_str("-")?;
        }
        let mut rest = [self.months.unsigned_abs(), self.days.unsigned_abs(), self.nanos.unsigned_abs()];
        for (name, _, part, size) in UNITS.iter().filter(|unit| unit.0 != "w") {
            let rest = &mut rest[*part as usize];
            let size = size.unsigned_abs();
            if *rest >= size {
                write!(f, "{}{name}", *rest / size)?;
                *rest %= size;
            }
        }
        Ok(())
    }
}
