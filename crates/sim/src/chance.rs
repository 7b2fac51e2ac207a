//! Luck, all of it from one seed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The stream faults draw from, so that adding a fault disturbs nobody's luck and adding an actor disturbs no fault.
pub const FAULT_STREAM: u64 = u64::MAX;

/// One actor's luck: ChaCha8 seeded with the run's seed, on a stream of its own.
#[derive(Clone, Debug)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// The luck of one actor in the run with this seed.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Chance {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Chance(rng)
    }

    /// 64 even bits.
    pub fn draw(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// 128 even bits, for identifiers.
    pub fn draw128(&mut self) -> u128 {
        u128::from(self.draw()) << 64 | u128::from(self.draw())
    }

    /// An even number below `bound`; 0 when `bound` is 0. The multiply keeps it integer and free of platform width.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.draw()) * u128::from(bound)) >> 64) as u64
    }

    /// True `parts` times in a million.
    pub fn ppm(&mut self, parts: u32) -> bool {
        self.below(u64::from(crate::PPM)) < u64::from(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_do_not_disturb_each_other() {
        let alone: [u64; 3] = core::array::from_fn({
            let mut a = Chance::new(7, 1);
            move |_| a.draw()
        });
        let (mut a, mut b) = (Chance::new(7, 1), Chance::new(7, 2));
        let beside: [u64; 3] = core::array::from_fn(|_| {
            b.draw();
            a.draw()
        });
        assert_eq!(alone, beside);
        assert_ne!(Chance::new(7, 1).draw(), Chance::new(8, 1).draw());
        assert_ne!(Chance::new(7, 1).draw(), Chance::new(7, 2).draw());
    }

    #[test]
    fn below_stays_below_and_reaches_both_ends() {
        let mut luck = Chance::new(1, 0);
        let seen: alloc::collections::BTreeSet<u64> = (0..200).map(|_| luck.below(4)).collect();
        assert_eq!(seen.into_iter().collect::<alloc::vec::Vec<_>>(), [0, 1, 2, 3]);
        assert_eq!(luck.below(0), 0);
    }
}
