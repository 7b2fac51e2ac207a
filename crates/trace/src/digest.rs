//! One number for a whole run, the same on every runtime.

use core::fmt;
use xxhash_rust::xxh3::Xxh3;

/// What digests are made with; printed wherever two are compared.
pub const DIGEST_ALGORITHM: &str = "xxh3-64/tombstone-1";

/// 64 bits of everything observable; comparable within one model version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest(pub u64);

/// Sixteen hexadecimal digits.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Digest {
    /// Begin a digest.
    #[must_use]
    pub fn begin() -> Digester {
        Digester(Xxh3::new())
    }
}

/// Takes in canonical bytes. Every value says its own length, so that no two lists of values give the same bytes.
pub struct Digester(Xxh3);

impl Digester {
    /// An integer, eight bytes, low end first.
    pub fn int(&mut self, int: u64) {
        self.raw(&int.to_le_bytes());
    }

    /// Bytes, with their length before them.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.int(bytes.len() as u64);
        self.raw(bytes);
    }

    /// Bytes whose length is already said.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// A column whose length is already said.
    pub(crate) fn ints<const N: usize>(&mut self, ints: impl Iterator<Item = [u8; N]>) {
        let mut block = [0; 1024];
        let mut used = 0;
        for int in ints {
            if let Some(place) = block.get_mut(used..used + N) {
                place.copy_from_slice(&int);
                used += N;
            }
            if used + N > block.len() {
                self.raw(&block[..used]);
                used = 0;
            }
        }
        self.raw(&block[..used]);
    }

    /// The digest of everything taken in.
    #[must_use]
    pub fn end(self) -> Digest {
        Digest(self.0.digest())
    }
}
