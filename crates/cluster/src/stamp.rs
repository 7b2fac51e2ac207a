//! Where a server's own write timestamps come from.

/// A source of timestamps that never repeats and never steps back: the machine's clock cut to a resolution, or one
/// microsecond more than the last. Cassandra cuts to the millisecond (semantics.md d2), Scylla to the microsecond; when
/// the clock is set back, both go on from the last value until time has caught up (real-cluster.md e).
#[derive(Clone, Debug)]
pub struct Stamper {
    last: i64,
    resolution_us: u32,
}

impl Stamper {
    /// A source with this resolution, microseconds; at least 1.
    #[must_use]
    pub fn new(resolution_us: u32) -> Stamper {
        Stamper { last: i64::MIN, resolution_us: resolution_us.max(1) }
    }

    /// The next timestamp at `now`, both microseconds since the Unix epoch.
    pub fn stamp(&mut self, now: i64) -> i64 {
        let cut = now.saturating_sub(now.rem_euclid(i64::from(self.resolution_us)));
        self.last = cut.max(self.last.saturating_add(1));
        self.last
    }

    /// The time of a ballot at `now`, at least `least`. A ballot that only follows another's does not move this clock:
    /// else one node in the future would take all others there.
    pub fn ballot(&mut self, now: i64, least: i64) -> i64 {
        let cut = now.saturating_sub(now.rem_euclid(i64::from(self.resolution_us))).max(least);
        let next = cut.max(self.last.saturating_add(1));
        if next != least {
            self.last = next;
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_milliseconds_then_one_more_per_tie() {
        let mut server = Stamper::new(1_000);
        assert_eq!([server.stamp(5_700), server.stamp(5_900), server.stamp(7_000)], [5_000, 5_001, 7_000]);
    }

    #[test]
    fn a_ballot_follows_what_was_seen_and_leaves_the_clock_alone() {
        let mut server = Stamper::new(1_000);
        assert_eq!(server.ballot(5_700, i64::MIN), 5_000);
        assert_eq!(server.ballot(5_800, i64::MIN), 5_001);
        assert_eq!(server.ballot(5_900, 90_001), 90_001);
        assert_eq!(server.stamp(6_000), 6_000);
    }

    #[test]
    fn never_back() {
        let mut server = Stamper::new(1);
        assert_eq!([server.stamp(5_000_000), server.stamp(0), server.stamp(1)], [5_000_000, 5_000_001, 5_000_002]);
    }
}
