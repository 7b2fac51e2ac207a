//! What a machine believes the time is.

use crate::{Span, Time};

/// One machine's clock, as a function of true time: nothing ticks, it is computed when read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Unix time at the run's start, microseconds.
    pub epoch: i64,
    /// How far ahead of true time, microseconds; negative is behind.
    pub offset: i64,
    /// How much faster than true time, parts in a million.
    pub drift_ppm: i64,
    /// A jump of so many microseconds every so often (semantics.md b: Docker's VM steps back by 20 ms every 30 s).
    pub step: Option<(i64, Span)>,
    /// The smallest difference it shows, microseconds; at least 1.
    pub resolution: u32,
}

impl Clock {
    /// A clock that is right, to the microsecond.
    #[must_use]
    pub fn right(epoch: i64) -> Clock {
        Clock { epoch, offset: 0, drift_ppm: 0, step: None, resolution: 1 }
    }

    /// How far from true time it is now, microseconds. Between two steps the error of `step` builds up evenly, so that a
    /// clock which steps back by 20 ms every 30 s runs fast by that much in between: that is how such clocks behave.
    #[must_use]
    pub fn error(&self, now: Time) -> i64 {
        if self.drift_ppm == 0 && self.step.is_none() {
            return self.offset;
        }
        let us = i128::from(now.0);
        let drift = us * i128::from(self.drift_ppm) / i128::from(crate::PPM);
        let step = match self.step {
            Some((by, every)) if every.0 > 0 => -i128::from(by) * i128::from(now.0 % every.0) / i128::from(every.0),
            _ => 0,
        };
        let sum = i128::from(self.offset) + drift + step;
        sum.clamp(i128::from(i64::MIN / 4), i128::from(i64::MAX / 4)) as i64
    }

    /// Unix time as this machine reads it, microseconds, cut to its resolution.
    #[must_use]
    pub fn read(&self, now: Time) -> i64 {
        let true_us = self.epoch.saturating_add(i64::try_from(now.0).unwrap_or(i64::MAX));
        let own = true_us.saturating_add(self.error(now));
        match self.resolution {
            // Most clocks show every microsecond, and a division is slow.
            0 | 1 => own,
            resolution => own - own.rem_euclid(i64::from(resolution)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offset_drift_step_and_resolution() {
        let mut clock = Clock::right(1_000_000_000);
        assert_eq!(clock.read(Time(5)), 1_000_000_005);
        clock.offset = -20_000;
        assert_eq!(clock.read(Time(20_000)), 1_000_000_000);
        clock.drift_ppm = 50;
        assert_eq!(clock.error(Time(1_000_000)), -20_000 + 50);
        clock.resolution = 1_000;
        assert_eq!(clock.read(Time(1_000_000)) % 1_000, 0);
    }

    #[test]
    fn a_step_back_undoes_what_built_up() {
        let clock = Clock { step: Some((-20_000, Span::s(30))), ..Clock::right(0) };
        let before = clock.read(Time(29_999_999));
        let after = clock.read(Time(30_000_000));
        assert!(after < before, "the clock stepped back");
        assert_eq!(after, 30_000_000);
    }
}
