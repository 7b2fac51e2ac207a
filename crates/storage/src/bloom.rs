//! A bloom filter over tokens: it may say yes for a key that is not there, never no for one that is.

use alloc::{vec, vec::Vec};

/// Bits per key and probes per lookup: one false yes in a hundred.
const BITS_PER_KEY: u64 = 10;
const PROBES: u64 = 7;

/// Which keys an sstable may hold.
#[derive(Clone, Debug)]
pub(crate) struct Bloom(Vec<u64>);

impl Bloom {
    /// A filter with room for `keys`.
    pub(crate) fn with_capacity(keys: usize) -> Self {
        Self(vec![0; (keys as u64 * BITS_PER_KEY).div_ceil(64).max(1) as usize])
    }

    /// Remembers a token.
    pub(crate) fn insert(&mut self, token: i64) {
        for bit in probes(token, self.0.len() as u64 * 64) {
            self.0[(bit / 64) as usize] |= 1 << (bit % 64);
        }
    }

    /// Whether the token may be there.
    pub(crate) fn may_have(&self, token: i64) -> bool {
        probes(token, self.0.len() as u64 * 64).all(|bit| self.0[(bit / 64) as usize] >> (bit % 64) & 1 == 1)
    }
}

/// Double hashing. A token is a hash already; its neighbours in one node's range share high bits, so both halves are mixed.
fn probes(token: i64, bits: u64) -> impl Iterator<Item = u64> {
    let mixed = (token as u64 ^ (token as u64 >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (first, step) = (mixed & 0xffff_ffff, mixed >> 32 | 1);
    // Scales a 32-bit hash to the width of the filter without a division.
    (0..PROBES).map(move |i| ((first.wrapping_add(i.wrapping_mul(step)) & 0xffff_ffff) * bits) >> 32)
}

#[cfg(test)]
mod tests {
    use super::Bloom;
    use crate::murmur3::token;

    #[test]
    fn never_no_for_a_key_that_is_there_and_seldom_yes_for_one_that_is_not() {
        let mut bloom = Bloom::with_capacity(10_000);
        (0..10_000u32).for_each(|i| bloom.insert(token(&i.to_be_bytes())));
        assert!((0..10_000u32).all(|i| bloom.may_have(token(&i.to_be_bytes()))));
        let wrong = (10_000..110_000u32).filter(|i| bloom.may_have(token(&i.to_be_bytes()))).count();
        assert!((500..2_000).contains(&wrong), "{wrong} of 100,000");
    }
}
