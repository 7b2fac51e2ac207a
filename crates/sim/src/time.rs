//! True time, in whole microseconds since the start of a run.

use core::fmt;
use core::ops::{Add, AddAssign, Sub};

/// A moment of true time: microseconds since the run began. No machine can read it; each reads its own [`crate::Clock`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

/// A length of time, microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub u64);

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// Whole milliseconds.
    #[must_use]
    pub const fn ms(n: u64) -> Span {
        Span(n.saturating_mul(1_000))
    }

    /// Whole seconds.
    #[must_use]
    pub const fn s(n: u64) -> Span {
        Span(n.saturating_mul(1_000_000))
    }
}

impl Add<Span> for Time {
    type Output = Time;
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub for Time {
    type Output = Span;
    fn sub(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

/// Seconds with six digits, grouped as the page shows them: `1.009_600`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (s, us) = (self.0 / 1_000_000, self.0 % 1_000_000);
        write!(f, "{s}.{:03}_{:03}", us / 1_000, us % 1_000)
    }
}

/// The shortest exact unit: `20ms`, `1s`, `350us`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            us if us != 0 && us % 86_400_000_000 == 0 => write!(f, "{}d", us / 86_400_000_000),
            us if us != 0 && us % 3_600_000_000 == 0 => write!(f, "{}h", us / 3_600_000_000),
            us if us != 0 && us % 60_000_000 == 0 => write!(f, "{}m", us / 60_000_000),
            us if us % 1_000_000 == 0 => write!(f, "{}s", us / 1_000_000),
            us if us % 1_000 == 0 => write!(f, "{}ms", us / 1_000),
            us => write!(f, "{us}us"),
        }
    }
}
