//! A client's clock on a real machine: the real one, moved as its directive says, printed as finely as its driver does.

use std::time::{SystemTime, UNIX_EPOCH};

use scenario::{ClientSpec, Stamps};

/// The clock and the habits of one client.
#[derive(Debug, Clone)]
pub struct Clock {
    offset_us: i64,
    drift_ppm: i64,
    /// It jumps by so much, every so often; both µs.
    step: Option<(i64, i64)>,
    /// Smallest difference it prints, µs; `None` when the server dates.
    resolution_us: Option<i64>,
    monotonic: bool,
    began_us: i64,
    last: i64,
}

impl Clock {
    /// The clock of this client, whose run began at `began_us` of the real one.
    #[must_use]
    pub fn new(spec: &ClientSpec, profile: &driver::Profile, began_us: i64) -> Self {
        let (theirs, monotonic) = match profile.stamps {
            driver::Stamps::Client { resolution_us, monotonic } => (Some(i64::from(resolution_us)), monotonic),
            driver::Stamps::Server => (None, true),
        };
        let asked = spec.resolution.map(|span| i64::try_from(span.0).unwrap_or(i64::MAX));
        let resolution_us = match spec.stamps {
            Some(Stamps::Server) => None,
            Some(Stamps::Client) => asked.or(theirs).or(Some(1)),
            None => theirs.map(|theirs| asked.unwrap_or(theirs)),
        };
        let step = spec.step.map(|(by, every)| (by, i64::try_from(every.0).unwrap_or(i64::MAX).max(1)));
        Self {
            offset_us: spec.clock,
            drift_ppm: i64::from(spec.drift_ppm),
            step,
            resolution_us,
            monotonic,
            began_us,
            last: i64::MIN,
        }
    }

    /// Sets the offset, as `--@ clock` does.
    pub fn set(&mut self, offset_us: i64) {
        self.offset_us = offset_us;
    }

    /// How far it is from true time when nothing drifts, µs; `None` when the server dates.
    #[must_use]
    pub fn dates_with_offset(&self) -> Option<i64> {
        self.resolution_us.map(|_| self.offset_us)
    }

    /// The default timestamp of a statement said at this real time, µs since the Unix epoch.
    pub fn stamp(&mut self, now_us: i64) -> Option<i64> {
        let resolution = self.resolution_us?.max(1);
        let passed = now_us - self.began_us;
        let drifted = i64::try_from(i128::from(passed) * i128::from(self.drift_ppm) / 1_000_000).unwrap_or(0);
        let stepped = self.step.map_or(0, |(by, every)| by.saturating_mul(passed.div_euclid(every)));
        let reads = now_us.saturating_add(self.offset_us).saturating_add(drifted).saturating_add(stepped);
        let cut = reads - reads.rem_euclid(resolution);
        self.last = if self.monotonic { cut.max(self.last.saturating_add(1)) } else { cut };
        Some(self.last)
    }
}

/// The machine's own time, µs since the Unix epoch.
#[must_use]
pub fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(driver: &str, change: impl Fn(&mut ClientSpec)) -> Clock {
        let mut spec = ClientSpec::named("c");
        change(&mut spec);
        Clock::new(&spec, driver::profile(driver).unwrap(), 1_000_000_000)
    }

    #[test]
    fn a_clock_is_the_real_one_moved() {
        assert_eq!(clock("gocql", |c| c.clock = 20_000).stamp(1_000_000_500), Some(1_000_020_500));
        assert_eq!(clock("gocql", |c| c.drift_ppm = 1_000).stamp(1_010_000_000), Some(1_010_010_000));
        let stepping = |c: &mut ClientSpec| c.step = Some((-20_000, sim::Span::s(1)));
        assert_eq!(clock("gocql", stepping).stamp(1_002_500_000), Some(1_002_460_000));
    }

    #[test]
    fn monotonic_drivers_never_repeat_and_coarse_ones_cut() {
        let mut node = clock("node", |_| ());
        assert_eq!((node.stamp(1_000_000_999), node.stamp(1_000_000_999)), (Some(1_000_000_000), Some(1_000_000_001)));
        let mut gocql = clock("gocql", |_| ());
        assert_eq!(
            (gocql.stamp(1_000_000_009), gocql.stamp(1_000_000_003)),
            (Some(1_000_000_009), Some(1_000_000_003))
        );
        assert_eq!(clock("rust", |_| ()).stamp(1), None);
        assert!(clock("rust", |c| c.stamps = Some(Stamps::Client)).stamp(1_000_000_001).is_some());
    }
}
