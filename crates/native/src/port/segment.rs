//! Protocol v5's outer frames: up to 128 KiB of payload between two checksums. A payload is whole envelopes, or a part of one
//! (`native_protocol_v5.spec`, section 2).
//!
//! ```text
//! plain   3 bytes: 17 bits length, 1 bit self-contained         3 bytes CRC24   payload   4 bytes CRC32
//! LZ4     5 bytes: 17 bits length, 17 bits unpacked, 1 bit …    3 bytes CRC24   payload   4 bytes CRC32
//! ```

use super::error::Refused;
use super::frame::unpack;

/// The most that one payload may be.
pub const PAYLOAD_MAX: usize = (1 << 17) - 1;
const SELF_CONTAINED: u64 = 1;
const TRAILER: usize = 4;

/// How the payloads of a connection lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// As they are.
    Plain,
    /// Each as an LZ4 block, unless that is no smaller.
    Lz4,
}

impl Packing {
    fn header(self) -> usize {
        match self {
            Packing::Plain => 3,
            Packing::Lz4 => 5,
        }
    }
}

/// Take the segment at the front of `bytes`, and put its payload behind `envelopes`. The bytes it took, or 0 while it is not all
/// there.
pub fn take(bytes: &[u8], packing: Packing, envelopes: &mut Vec<u8>) -> Result<usize, Refused> {
    let header = packing.header();
    let Some(head) = bytes.get(..header + 3) else { return Ok(0) };
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    let (fields, sum) = head.split_at(header);
    if u64::from(crc24(fields)) != number(sum) {
        return Err(Refused::Broken("a segment's header does not have its checksum".into()));
    }
    let fields = number(fields);
    let length = (fields & 0x1ffff) as usize;
    let Some(payload) = bytes.get(header + 3..header + 3 + length) else { return Ok(0) };
    let end = header + 3 + length + TRAILER;
    let Some(sum) = bytes.get(end - TRAILER..end) else { return Ok(0) };
    if u64::from(crc32(payload)) != number(sum) {
        return Err(Refused::Broken("a segment's payload does not have its checksum".into()));
    }
    match packing {
        Packing::Plain => envelopes.extend_from_slice(payload),
        Packing::Lz4 => match (fields >> 17 & 0x1ffff) as usize {
            // What did not get smaller is sent as it is.
            0 => envelopes.extend_from_slice(payload),
            unpacked => envelopes.extend(unpack(payload, unpacked)?),
        },
    }
    Ok(end)
}

/// Put whole envelopes into segments behind `to`: as many to a segment as fit, a larger one over several.
pub fn put(to: &mut Vec<u8>, packing: Packing, envelopes: &[u8], ends: &[usize]) {
    let mut start = 0;
    while start < envelopes.len() {
        let fits = |end: &&usize| **end > start && **end - start <= PAYLOAD_MAX;
        match ends.iter().rev().find(fits) {
            Some(end) => {
                one(to, packing, &envelopes[start..*end], SELF_CONTAINED);
                start = *end;
            }
            None => {
                let end = ends.iter().copied().find(|end| *end > start).unwrap_or(envelopes.len());
                for part in envelopes[start..end].chunks(PAYLOAD_MAX) {
                    one(to, packing, part, 0);
                }
                start = end;
            }
        }
    }
}

fn one(to: &mut Vec<u8>, packing: Packing, payload: &[u8], self_contained: u64) {
    let packed;
    let (kept, fields) = match packing {
        Packing::Plain => (payload, payload.len() as u64 | self_contained << 17),
        Packing::Lz4 => {
            packed = lz4_flex::block::compress(payload);
            let (kept, unpacked) =
                if packed.len() < payload.len() { (packed.as_slice(), payload.len() as u64) } else { (payload, 0) };
            (kept, kept.len() as u64 | unpacked << 17 | self_contained << 34)
        }
    };
    let head = &fields.to_le_bytes()[..packing.header()];
    to.extend_from_slice(head);
    to.extend_from_slice(&crc24(head).to_le_bytes()[..3]);
    to.extend_from_slice(kept);
    to.extend_from_slice(&crc32(kept).to_le_bytes());
}

/// The header's checksum: polynomial 0x1974F0B, from 0x875060.
fn crc24(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x87_5060, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << 16, |sum, _| {
            let sum = sum << 1;
            if sum & 0x100_0000 != 0 { sum ^ 0x197_4F0B } else { sum }
        })
    })
}

/// The payload's: CRC-32 (IEEE) of four fixed bytes and the payload.
fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&[0xfa, 0x2d, 0x55, 0xca]);
    sum.update(bytes);
    sum.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_all(mut bytes: &[u8], packing: Packing) -> Result<Vec<u8>, Refused> {
        let mut envelopes = Vec::new();
        while !bytes.is_empty() {
            match take(bytes, packing, &mut envelopes)? {
                0 => return Err(Refused::protocol("cut off")),
                took => bytes = &bytes[took..],
            }
        }
        Ok(envelopes)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whatever is put into segments comes out of them, and no bit of them can change without being noticed.
        #[test]
        fn what_goes_in_comes_out(
            sizes in proptest::collection::vec(prop_oneof![0usize..300, 120_000usize..300_000], 1..5),
            lz4: bool,
            flip: usize,
        ) {
            let packing = if lz4 { Packing::Lz4 } else { Packing::Plain };
            let (mut envelopes, mut ends) = (Vec::new(), Vec::new());
            for (n, size) in sizes.into_iter().enumerate() {
                envelopes.extend((0..size + 1).map(|at| (at * (n + 7) / 3) as u8));
                ends.push(envelopes.len());
            }
            let mut bytes = Vec::new();
            put(&mut bytes, packing, &envelopes, &ends);
            let read = read_all(&bytes, packing);
            prop_assert_eq!(read.as_ref(), Ok(&envelopes));
            let at = flip % (bytes.len() * 8);
            bytes[at / 8] ^= 1 << (at % 8);
            prop_assert!(read_all(&bytes, packing).is_err());
        }
    }
}
