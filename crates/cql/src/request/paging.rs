//! Where a page ended: opaque to clients, bounded and checked when it comes back.

use alloc::vec::Vec;
use core::fmt;
use storage::Bytes;

/// The longest paging state that is read, bytes.
pub const PAGING_STATE_MAX: usize = 1 << 18;

/// Where a page ended, and how much of the limits is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagingState {
    /// The partition the last row came from: its serialized key.
    pub partition: Bytes,
    /// The clustering key of the last row; `None` when it was the static row alone, or when the partition is done.
    pub clustering: Option<Bytes>,
    /// The partition is done: the next page starts after it.
    pub partition_done: bool,
    /// Rows that LIMIT still allows; `u64::MAX` without LIMIT.
    pub remaining: u64,
    /// Rows that PER PARTITION LIMIT still allows in that partition; `u64::MAX` without.
    pub remaining_in_partition: u64,
}

/// The bytes are no paging state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PagingError;

impl fmt::Display for PagingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invalid value for the paging state")
    }
}

impl PagingState {
    /// `flags, remaining, remaining_in_partition, partition length, partition, clustering`.
    pub fn encode(&self) -> Vec<u8> {
        let clustering: &[u8] = self.clustering.as_deref().unwrap_or(&[]);
        let mut out = Vec::with_capacity(21 + self.partition.len() + clustering.len());
        out.push(u8::from(self.clustering.is_some()) | u8::from(self.partition_done) << 1);
        out.extend_from_slice(&self.remaining.to_be_bytes());
        out.extend_from_slice(&self.remaining_in_partition.to_be_bytes());
        out.extend_from_slice(&(self.partition.len() as u32).to_be_bytes());
        out.extend_from_slice(&self.partition);
        out.extend_from_slice(clustering);
        out
    }

    /// Reads what [`PagingState::encode`] wrote; anything else is an error, never a panic.
    pub fn decode(bytes: &[u8]) -> Result<PagingState, PagingError> {
        if bytes.len() > PAGING_STATE_MAX {
            return Err(PagingError);
        }
        let (flags, rest) = bytes.split_first_chunk::<1>().ok_or(PagingError)?;
        let (remaining, rest) = rest.split_first_chunk::<8>().ok_or(PagingError)?;
        let (in_partition, rest) = rest.split_first_chunk::<8>().ok_or(PagingError)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(PagingError)?;
        let (partition, clustering) = rest.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or(PagingError)?;
        let has_clustering = flags[0] & 1 != 0;
        if flags[0] > 3 || (!has_clustering && !clustering.is_empty()) {
            return Err(PagingError);
        }
        Ok(PagingState {
            partition: partition.into(),
            clustering: has_clustering.then(|| clustering.into()),
            partition_done: flags[0] & 2 != 0,
            remaining: u64::from_be_bytes(*remaining),
            remaining_in_partition: u64::from_be_bytes(*in_partition),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_the_wire_and_refuses_noise() {
        for (clustering, partition_done) in [(None, true), (Some(&b"\x40\x80"[..]), false), (Some(&b""[..]), false)] {
            let state = PagingState {
                partition: b"key"[..].into(),
                clustering: clustering.map(Into::into),
                partition_done,
                remaining: 7,
                remaining_in_partition: u64::MAX,
            };
            let bytes = state.encode();
            assert_eq!(PagingState::decode(&bytes), Ok(state));
            for cut in 0..21 {
                assert_eq!(PagingState::decode(&bytes[..cut]), Err(PagingError));
            }
        }
        assert_eq!(PagingState::decode(&[0xFF; 40]), Err(PagingError));
    }
}
