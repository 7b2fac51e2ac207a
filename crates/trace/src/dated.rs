//! Numbers as they are read: timestamps, offsets, counts.

use crate::dictionary::machine_name;
use crate::schema::MachineInfo;
use core::fmt::{self, Display, Formatter};
use sim::Id;

/// Timestamps within this of the run's start are told relative to it: a year, microseconds.
const NEAR: u64 = 366 * 86_400 * 1_000_000;

/// A write timestamp: `+1_020_000` after the run's start where that is near, else the number as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    /// Microseconds since the Unix epoch.
    pub timestamp: i64,
    /// The run's start, the same.
    pub epoch: i64,
}

impl Display for Dated {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.timestamp.abs_diff(self.epoch) > NEAR {
            return write!(f, "{}", self.timestamp);
        }
        f.write_str(if self.timestamp < self.epoch { "-" } else { "+" })?;
        grouped(self.timestamp.abs_diff(self.epoch), f)
    }
}

/// A clock's offset, microseconds: always with its sign, in the shortest exact unit: `+20ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset(pub i64);

impl Display for Offset {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.0 < 0 { "-" } else { "+" }, sim::Span(self.0.unsigned_abs()))
    }
}

/// A length of time as the verdict says it: `11.3 ms`, `4 s`, `30 µs`, `174.9 years`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length(pub u64);

impl Display for Length {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 6] = [
            (31_557_600_000_000, "years"),
            (86_400_000_000, "days"),
            (3_600_000_000, "h"),
            (60_000_000, "min"),
            (1_000_000, "s"),
            (1_000, "ms"),
        ];
        let Some((unit, name)) = UNITS.iter().find(|(unit, _)| self.0 >= *unit) else {
            return write!(f, "{} µs", self.0);
        };
        let (whole, part) = (self.0 / unit, self.0 % unit * 10 / unit);
        match part {
            0 => write!(f, "{whole} {name}"),
            part => write!(f, "{whole}.{part} {name}"),
        }
    }
}

/// `1 row`, `2 rows`.
pub(crate) struct Many(pub u64, pub &'static str);

impl Display for Many {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.0, self.1, if self.0 == 1 { "" } else { "s" })
    }
}

/// Names of machines, one after the other.
pub(crate) struct Ids<'a>(pub &'a [MachineInfo], pub &'a [Id], pub &'a str);

impl Display for Ids<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (n, id) in self.1.iter().enumerate() {
            write!(f, "{}{}", if n == 0 { "" } else { self.2 }, machine_name(self.0, *id))?;
        }
        Ok(())
    }
}

/// Names of machines as a sentence lists them: `n1, n2 and n3`.
pub(crate) struct List<'a>(pub &'a [MachineInfo], pub &'a [Id]);

impl Display for List<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (n, id) in self.1.iter().enumerate() {
            let before = match n {
                0 => "",
                n if n + 1 == self.1.len() => " and ",
                _ => ", ",
            };
            write!(f, "{before}{}", machine_name(self.0, *id))?;
        }
        Ok(())
    }
}

/// Digits in threes: `1_020_000`.
fn grouped(n: u64, f: &mut Formatter<'_>) -> fmt::Result {
    if n < 1_000 {
        return write!(f, "{n}");
    }
    grouped(n / 1_000, f)?;
    write!(f, "_{:03}", n % 1_000)
}
