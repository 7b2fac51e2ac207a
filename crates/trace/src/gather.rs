//! What the index gathers in one pass over a trace: who holds which partition, which rows there are, which units each
//! payload writes.

use crate::index::ROW_WRITES_MAX;
use crate::kind::Kind;
use crate::payload::head;
use crate::scan::RowScan;
use crate::unit::Which;
use crate::work::Work;
use crate::{Error, EventId, Log};
use alloc::{vec, vec::Vec};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Which machines hold which places; the same pair comes again and again.
pub(crate) struct Holders {
    all: Vec<u64>,
    recent: Vec<u64>,
}

impl Holders {
    pub fn new() -> Holders {
        Holders { all: Vec::new(), recent: vec![u64::MAX; 1 << 12] }
    }

    pub fn add(&mut self, place: u32, who: u16) {
        let pair = u64::from(place) << 16 | u64::from(who);
        let slot = &mut self.recent[(place.wrapping_mul(31).wrapping_add(u32::from(who)) & 0xFFF) as usize];
        if *slot != pair {
            *slot = pair;
            self.all.push(pair);
        }
    }

    pub fn all(&mut self) -> Vec<u64> {
        self.recent = Vec::new();
        core::mem::take(&mut self.all)
    }
}

/// The rows of all places, numbered as they first appear.
pub(crate) struct RowKeys {
    /// The number of the first row.
    pub first: u32,
    pub keys: Vec<RowKey>,
    /// How many bytes all keys begin with alike.
    alike: usize,
    /// Open addressing: half of a hash, number + 1 of a row (0 is empty).
    slots: Vec<(u32, u32)>,
}

#[derive(Clone, Copy)]
pub(crate) struct RowKey {
    pub place: u32,
    pub at: u32,
    pub len: u32,
}

impl RowKeys {
    pub fn new(first: u32) -> RowKeys {
        RowKeys { first, keys: Vec::new(), alike: usize::MAX, slots: vec![(0, 0); 1 << 10] }
    }

    /// The unit of a row of a place; `key` lies within the payloads' bytes.
    fn unit(&mut self, log: &Log<'_>, place: u32, key: &[u8]) -> u32 {
        if self.keys.len() * 4 >= self.slots.len() * 3 {
            self.grow();
        }
        let at = (key.as_ptr() as usize - log.blobs.bytes.as_ptr() as usize) as u32;
        let entry = RowKey { place, at, len: key.len() as u32 };
        let tag = xxh3_64_with_seed(key, u64::from(place)) as u32;
        let mask = self.slots.len() - 1;
        let mut slot = tag as usize & mask;
        loop {
            let (other, number) = self.slots[slot];
            let Some(number) = number.checked_sub(1) else { break };
            let same = |known: &RowKey| known.place == place && known.bytes(log) == key;
            if other == tag && self.keys.get(number as usize).is_some_and(same) {
                return self.first + number;
            }
            slot = (slot + 1) & mask;
        }
        let common = |first: &RowKey| first.bytes(log).iter().zip(key).take_while(|(a, b)| a == b).count();
        self.alike = self.alike.min(self.keys.first().map_or(key.len(), common));
        self.keys.push(entry);
        self.slots[slot] = (tag, self.keys.len() as u32);
        self.first + self.keys.len() as u32 - 1
    }

    /// Where a row stands among all: its place, the eight bytes that follow what all keys begin with, its number.
    pub fn rank(&self, log: &Log<'_>, row: u32) -> Rank {
        let Some(key) = self.keys.get(row as usize) else { return Rank { place: u32::MAX, row, head: 0 } };
        let mut head = [0; 8];
        let rest = key.bytes(log).get(self.alike..).unwrap_or_default();
        let len = rest.len().min(8);
        head[..len].copy_from_slice(&rest[..len]);
        Rank { place: key.place, row, head: u64::from_be_bytes(head) }
    }

    /// Clustering order within a place.
    pub fn less(&self, log: &Log<'_>, a: &Rank, b: &Rank) -> bool {
        let key = |rank: &Rank| self.keys.get(rank.row as usize).map(|key| key.bytes(log));
        (a.place, a.head) < (b.place, b.head) || ((a.place, a.head) == (b.place, b.head) && key(a) < key(b))
    }

    /// Twice the slots. The half of the hash that is kept chooses the slot, so that no key is looked at again.
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

/// What rows are told apart by before their keys are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rank {
    pub place: u32,
    pub row: u32,
    head: u64,
}

impl RowKey {
    pub fn bytes<'a>(&self, log: &Log<'a>) -> &'a [u8] {
        log.blobs.bytes.get(self.at as usize..(self.at + self.len) as usize).unwrap_or_default()
    }

    pub fn which<'a>(&self, log: &Log<'a>) -> Which<'a> {
        Which::Row(self.bytes(log))
    }
}

/// Which units each payload writes. A payload is looked at once, however many replicas apply it.
pub(crate) struct PayloadUnits {
    /// Where the units of a payload begin in `units`, or none yet.
    starts: Vec<u32>,
    /// How many, then the units.
    units: Vec<u32>,
}

impl PayloadUnits {
    pub fn new(payloads: usize) -> PayloadUnits {
        PayloadUnits { starts: vec![u32::MAX; payloads], units: Vec::new() }
    }

    /// Look at a payload; its place.
    pub fn learn(&mut self, log: &Log<'_>, blob: u32, rows: &mut RowKeys, work: &mut Work) -> Result<u32, Error> {
        let (_, place, rest) = head(log.blobs.get(blob)?).ok_or(Error::Damaged)?;
        let start = self.starts.get_mut(blob as usize).ok_or(Error::Damaged)?;
        if *start != u32::MAX {
            return Ok(place);
        }
        if place >= rows.first / 2 {
            return Err(Error::Damaged);
        }
        *start = self.units.len() as u32;
        self.units.push(0);
        work.spend(rest.len());
        let (parts, mut scan) = RowScan::new(rest)?;
        if parts.cover {
            self.units.push(place * 2);
        }
        if parts.static_row {
            self.units.push(place * 2 + 1);
        }
        while let Some(key) = scan.next()? {
            self.units.push(rows.unit(log, place, key));
        }
        if self.units.len() > ROW_WRITES_MAX {
            return Err(Error::Full { what: "writes of rows", limit: ROW_WRITES_MAX as u64 });
        }
        let count = self.units.len() as u32 - *start - 1;
        self.units[*start as usize] = count;
        Ok(place)
    }

    /// The units that an Apply or a Replace writes. A Replace always says what covers the partition and what is static.
    pub fn of<'a>(&'a self, log: &'a Log<'_>, at: u32, blob: u32) -> impl Iterator<Item = u32> + 'a {
        let start = self.starts[blob as usize] as usize;
        let units = &self.units[start + 1..start + 1 + self.units[start] as usize];
        let replace = log.kind(EventId(at)) == Some(Kind::Replace);
        let place = if replace { log.place_no(EventId(at)).unwrap_or(0) } else { 0 };
        let upper = if replace { [Some(place * 2), Some(place * 2 + 1)] } else { [None; 2] };
        let rest = units.iter().copied().filter(move |unit| !upper.contains(&Some(*unit)));
        upper.into_iter().flatten().chain(rest)
    }
}
