//! Luck and time for one statement, and the timeuuids made of them.

/// Luck and time for one statement at its coordinator.
pub struct Moment<'a> {
    /// The default timestamp, microseconds since the Unix epoch: the client's, else the coordinator's.
    pub timestamp: i64,
    /// The coordinator's clock, microseconds since the Unix epoch.
    pub now: i64,
    /// 128 bits of luck at a time.
    pub uuid: &'a mut dyn FnMut() -> u128,
}

/// 100 ns ticks between 1582-10-15 and the Unix epoch.
const GREGORIAN: u64 = 0x01B2_1DD2_1381_4000;

impl Moment<'_> {
    /// The coordinator's clock in whole seconds: deletion times and expiry count in them.
    pub fn seconds(&self) -> i64 {
        self.now.div_euclid(1_000_000)
    }

    /// The coordinator's clock in whole milliseconds.
    pub fn millis(&self) -> i64 {
        self.now.div_euclid(1000)
    }
}

/// A moment that is being used up: no two timeuuids of one statement share a tick.
pub(crate) struct Clock<'a, 'm> {
    pub(crate) moment: &'a mut Moment<'m>,
    taken: u64,
}

impl<'a, 'm> Clock<'a, 'm> {
    pub(crate) fn new(moment: &'a mut Moment<'m>) -> Self {
        Clock { moment, taken: 0 }
    }

    /// `count` ticks after all that were taken before; the first of them.
    pub(crate) fn take_ticks(&mut self, count: u64) -> u64 {
        let first = (self.moment.now.max(0) as u64).saturating_mul(10).saturating_add(self.taken);
        self.taken = self.taken.saturating_add(count);
        first
    }

    /// A timeuuid of the present, different from all before.
    pub(crate) fn timeuuid(&mut self) -> [u8; 16] {
        let tick = self.take_ticks(1);
        let node = self.node();
        timeuuid(tick, node)
    }

    /// Clock sequence and node of a timeuuid, with the multicast bit that says it is no hardware address.
    pub(crate) fn node(&mut self) -> u64 {
        ((self.moment.uuid)() as u64 & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0100_0000_0000
    }

    pub(super) fn random_uuid(&mut self) -> [u8; 16] {
        let bits = (self.moment.uuid)() & !(0xF << 76) & !(0x3 << 62);
        (bits | 0x4 << 76 | 0x2 << 62).to_be_bytes()
    }
}

/// The timeuuid of a tick of 100 ns since the Unix epoch.
pub(crate) fn timeuuid(tick: u64, low: u64) -> [u8; 16] {
    let time = tick.wrapping_add(GREGORIAN);
    let high = time << 32 | (time >> 32 & 0xFFFF) << 16 | 0x1000 | (time >> 48 & 0x0FFF);
    (u128::from(high) << 64 | u128::from(low)).to_be_bytes()
}

/// Milliseconds since the Unix epoch of a timeuuid.
pub(super) fn timeuuid_millis(bytes: [u8; 16]) -> i64 {
    let high = (u128::from_be_bytes(bytes) >> 64) as u64;
    let time = (high & 0x0FFF) << 48 | (high >> 16 & 0xFFFF) << 32 | high >> 32;
    (time as i64 - GREGORIAN as i64).div_euclid(10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeuuids_tell_their_time_and_never_repeat() {
        let mut luck = || 0x1234_5678_9ABC_DEF0_1234_5678_9ABC_DEF0;
        let mut moment = Moment { timestamp: 0, now: 1_735_689_600_000_000, uuid: &mut luck };
        let mut clock = Clock::new(&mut moment);
        let (a, b) = (clock.timeuuid(), clock.timeuuid());
        assert_ne!(a, b);
        assert_eq!(a[6] >> 4, 1);
        assert_eq!(timeuuid_millis(a), 1_735_689_600_000);
        assert_eq!(clock.random_uuid()[6] >> 4, 4);
    }
}
