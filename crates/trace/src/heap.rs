//! Interned bytes: every payload once, in the order in which it first appeared.

use crate::PAYLOAD_BYTES_MAX;
use alloc::{vec, vec::Vec};
use xxhash_rust::xxh3::xxh3_64;

/// An append-only set of byte strings, numbered as they come.
#[derive(Clone, Debug)]
pub(crate) struct Heap {
    pub bytes: Vec<u8>,
    /// Where each string ends.
    pub ends: Vec<u32>,
    /// Open addressing: half of a hash, number + 1 of a string (0 is empty).
    slots: Vec<(u32, u32)>,
}

impl Heap {
    pub fn new() -> Heap {
        Heap { bytes: Vec::new(), ends: Vec::new(), slots: vec![(0, 0); 16] }
    }

    pub fn get(&self, number: u32) -> Option<&[u8]> {
        slice(&self.bytes, &self.ends, number)
    }

    pub fn bytes_used(&self) -> usize {
        self.bytes.len() + self.ends.len() * 4 + self.slots.len() * 8
    }

    /// The number of these bytes; `None` when they no longer fit 32-bit offsets.
    pub fn intern(&mut self, bytes: &[u8]) -> Option<u32> {
        if self.ends.len() * 4 >= self.slots.len() * 3 {
            self.grow();
        }
        let tag = xxh3_64(bytes) as u32;
        let mask = self.slots.len() - 1;
        let mut at = tag as usize & mask;
        loop {
            let (other, number) = self.slots[at];
            if number == 0 {
                break;
            }
            if other == tag && self.get(number - 1) == Some(bytes) {
                return Some(number - 1);
            }
            at = (at + 1) & mask;
        }
        let end =
            u32::try_from(self.bytes.len() + bytes.len()).ok().filter(|end| u64::from(*end) <= PAYLOAD_BYTES_MAX)?;
        let number = u32::try_from(self.ends.len()).ok()?.checked_add(1)?;
        self.bytes.extend_from_slice(bytes);
        self.ends.push(end);
        self.slots[at] = (tag, number);
        Some(number - 1)
    }

    /// Twice the slots. The half of the hash that is kept chooses the slot, so that no string is looked at again.
    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![(0, 0); mask + 1];
        for &(tag, number) in self.slots.iter().filter(|slot| slot.1 != 0) {
            let mut at = tag as usize & mask;
            while slots[at] != (0, 0) {
                at = (at + 1) & mask;
            }
            slots[at] = (tag, number);
        }
        self.slots = slots;
    }
}

/// The string with this number among strings that end at `ends`.
pub(crate) fn slice<'a>(bytes: &'a [u8], ends: &[u32], number: u32) -> Option<&'a [u8]> {
    let at = number as usize;
    let end = *ends.get(at)? as usize;
    let start = match at.checked_sub(1) {
        Some(before) => *ends.get(before)? as usize,
        None => 0,
    };
    bytes.get(start..end)
}
