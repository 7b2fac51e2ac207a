//! Partitions and mutations as compact bytes, one form for each state, and digests over them.
//!
//! Numbers are LEB128; timestamps and seconds are zigzag differences to the one before, so a row written at once dates
//! itself once. Lengths come before their contents. Decoding trusts nothing: it is bounded by its input, checks every order and
//! answers [`Error::Malformed`].

use crate::{
    Bytes, Cell, Collection, Column, ColumnId, Content, Error, Expiry, Marker, Mutation, Partition, PartitionKey,
    RangeTombstone, Row, Rows, TableId, Tombstone, murmur3, ranges,
};
use alloc::{boxed::Box, vec::Vec};
use xxhash_rust::xxh3::xxh3_64;

impl Partition {
    /// Appends the canonical bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        Writer::new(out, true).partition(self);
    }

    /// The partition that has exactly these canonical bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let partition = reader.partition()?;
        reader.end()?;
        Ok(partition)
    }

    /// What replicas compare: xxh3 over everything but the deletion times of tombstones, which are a matter of garbage
    /// collection and no part of Cassandra's digests either.
    pub fn digest(&self) -> u64 {
        let mut bytes = Vec::with_capacity(128);
        Writer::new(&mut bytes, false).partition(self);
        xxh3_64(&bytes)
    }
}

impl Mutation {
    /// Appends the canonical bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut writer = Writer::new(out, true);
        writer.number(u64::from(self.table.0));
        writer.blob(&self.key.bytes);
        writer.partition(&self.delta);
    }

    /// The mutation that has exactly these canonical bytes; the token is computed anew.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let table = TableId(reader.small()?);
        let bytes = reader.blob()?;
        let delta = reader.partition()?;
        reader.end()?;
        Ok(Self { table, key: PartitionKey { token: murmur3::token(&bytes), bytes }, delta })
    }
}

/// Any bytes as a mutation: the entry for fuzzing.
pub fn decode(bytes: &[u8]) -> Result<Mutation, Error> {
    Mutation::decode(bytes)
}

/// Bits of the first byte of a partition and of a row, in the order in which their parts follow.
const TOMBSTONE: u8 = 1;
const RANGES: u8 = 2;
const STATIC: u8 = 4;
const ROWS: u8 = 8;
const MARKER: u8 = 2;
const MARKER_EXPIRES: u8 = 4;
const COLUMNS: u8 = 8;
/// Kinds of columns and cells.
const LIVE: u8 = 0;
const EXPIRING: u8 = 1;
const DEAD: u8 = 2;
const COLLECTION: u8 = 3;
const OVERWRITTEN: u8 = 4;

fn bit(bit: u8, on: bool) -> u8 {
    if on { bit } else { 0 }
}

struct Writer<'a> {
    out: &'a mut Vec<u8>,
    /// Whether tombstones' deletion times are written.
    seconds: bool,
    last_timestamp: i64,
    last_second: i64,
}

impl<'a> Writer<'a> {
    fn new(out: &'a mut Vec<u8>, seconds: bool) -> Self {
        Self { out, seconds, last_timestamp: 0, last_second: 0 }
    }

    fn partition(&mut self, partition: &Partition) {
        self.out.push(
            bit(TOMBSTONE, partition.tombstone.is_some())
                | bit(RANGES, !partition.ranges.is_empty())
                | bit(STATIC, partition.static_row.is_some())
                | bit(ROWS, !partition.rows.is_empty()),
        );
        self.tombstone(partition.tombstone);
        if !partition.ranges.is_empty() {
            self.number(partition.ranges.len() as u64);
            for range in &partition.ranges {
                self.blob(&range.start);
                self.out.push(u8::from(range.end.is_some()));
                if let Some(end) = &range.end {
                    self.blob(end);
                }
                self.tombstone(Some(range.tombstone));
            }
        }
        if let Some(row) = &partition.static_row {
            self.row(row);
        }
        if !partition.rows.is_empty() {
            self.number(partition.rows.len() as u64);
            for (key, row) in &partition.rows {
                self.blob(key);
                self.row(row);
            }
        }
    }

    fn row(&mut self, row: &Row) {
        let expiry = row.marker.and_then(|marker| marker.expiry);
        self.out.push(
            bit(TOMBSTONE, row.tombstone.is_some())
                | bit(MARKER, row.marker.is_some())
                | bit(MARKER_EXPIRES, expiry.is_some())
                | bit(COLUMNS, !row.columns.is_empty()),
        );
        self.tombstone(row.tombstone);
        if let Some(marker) = row.marker {
            self.timestamp(marker.timestamp);
        }
        if let Some(expiry) = expiry {
            self.expiry(expiry);
        }
        if row.columns.is_empty() {
            return;
        }
        self.number(row.columns.len() as u64);
        for (id, column) in &row.columns {
            self.number(u64::from(id.0));
            match column {
                Column::Simple(cell) => self.cell(cell),
                Column::Collection(collection) => {
                    self.out.push(if collection.tombstone.is_some() { OVERWRITTEN } else { COLLECTION });
                    self.tombstone(collection.tombstone);
                    self.number(collection.cells.len() as u64);
                    for (path, cell) in &collection.cells {
                        self.blob(path);
                        self.cell(cell);
                    }
                }
            }
        }
    }

    fn cell(&mut self, cell: &Cell) {
        match &cell.content {
            Content::Live(value) => {
                self.out.push(LIVE);
                self.timestamp(cell.timestamp);
                self.blob(value);
            }
            Content::Expiring(value, expiry) => {
                self.out.push(EXPIRING);
                self.timestamp(cell.timestamp);
                self.expiry(*expiry);
                self.blob(value);
            }
            Content::Dead { deletion_time } => {
                self.out.push(DEAD);
                self.tombstone(Some(Tombstone { timestamp: cell.timestamp, deletion_time: *deletion_time }));
            }
        }
    }

    fn tombstone(&mut self, tombstone: Option<Tombstone>) {
        if let Some(tombstone) = tombstone {
            self.timestamp(tombstone.timestamp);
            if self.seconds {
                self.second(tombstone.deletion_time);
            }
        }
    }

    fn expiry(&mut self, expiry: Expiry) {
        self.number(u64::from(expiry.ttl));
        self.second(expiry.at);
    }

    fn timestamp(&mut self, timestamp: i64) {
        self.number(zigzag(timestamp.wrapping_sub(self.last_timestamp)));
        self.last_timestamp = timestamp;
    }

    fn second(&mut self, second: i64) {
        self.number(zigzag(second.wrapping_sub(self.last_second)));
        self.last_second = second;
    }

    fn blob(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.out.extend_from_slice(bytes);
    }

    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.out.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.out.push(number as u8);
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    last_timestamp: i64,
    last_second: i64,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, last_timestamp: 0, last_second: 0 }
    }

    fn expect<T>(&self, found: Option<T>, expected: &'static str) -> Result<T, Error> {
        found.ok_or(Error::Malformed { at: self.at as u64, expected })
    }

    fn must(&self, holds: bool, expected: &'static str) -> Result<(), Error> {
        self.expect(holds.then_some(()), expected)
    }

    fn end(&self) -> Result<(), Error> {
        self.must(self.at == self.bytes.len(), "the end")
    }

    fn partition(&mut self) -> Result<Partition, Error> {
        let flags = self.flags(TOMBSTONE | RANGES | STATIC | ROWS)?;
        let mut partition = Partition { tombstone: self.tombstone_if(flags & TOMBSTONE != 0)?, ..Partition::default() };
        if flags & RANGES != 0 {
            for _ in 0..self.count()? {
                let start = self.blob()?;
                let end = if self.flags(1)? == 1 { Some(self.blob()?) } else { None };
                partition.ranges.push(RangeTombstone { start, end, tombstone: self.tombstone()? });
            }
            self.must(ranges::is_normal(&partition.ranges), "range tombstones in normal form")?;
        }
        if flags & STATIC != 0 {
            partition.static_row = Some(Box::new(self.row()?));
        }
        if flags & ROWS != 0 {
            let mut rows: Vec<(Bytes, Row)> = Vec::new();
            for _ in 0..self.count()? {
                let key = self.blob()?;
                self.must(rows.last().is_none_or(|(last, _)| *last < key), "a larger clustering key")?;
                rows.push((key, self.row()?));
            }
            partition.rows = Rows::from_sorted(rows);
        }
        Ok(partition)
    }

    fn row(&mut self) -> Result<Row, Error> {
        let flags = self.flags(TOMBSTONE | MARKER | MARKER_EXPIRES | COLUMNS)?;
        let tombstone = self.tombstone_if(flags & TOMBSTONE != 0)?;
        let marked = flags & MARKER != 0;
        self.must(marked || flags & MARKER_EXPIRES == 0, "a marker to expire")?;
        let timestamp = if marked { Some(self.timestamp()?) } else { None };
        let expiry = if flags & MARKER_EXPIRES != 0 { Some(self.expiry()?) } else { None };
        let marker = timestamp.map(|timestamp| Marker { timestamp, expiry });
        let mut columns: Vec<(ColumnId, Column)> = Vec::new();
        if flags & COLUMNS != 0 {
            for _ in 0..self.count()? {
                let id = ColumnId(self.small()?);
                self.must(columns.last().is_none_or(|(last, _)| *last < id), "a larger column id")?;
                columns.push((id, self.column()?));
            }
        }
        Ok(Row { marker, tombstone, columns })
    }

    fn column(&mut self) -> Result<Column, Error> {
        let kind = self.byte()?;
        if kind != COLLECTION && kind != OVERWRITTEN {
            return Ok(Column::Simple(self.cell(kind)?));
        }
        let tombstone = self.tombstone_if(kind == OVERWRITTEN)?;
        let mut cells: Vec<(Bytes, Cell)> = Vec::new();
        for _ in 0..self.number()? {
            let path = self.blob()?;
            self.must(cells.last().is_none_or(|(last, _)| *last < path), "a larger path")?;
            let kind = self.byte()?;
            cells.push((path, self.cell(kind)?));
        }
        Ok(Column::Collection(Box::new(Collection { tombstone, cells })))
    }

    fn cell(&mut self, kind: u8) -> Result<Cell, Error> {
        match kind {
            LIVE => Ok(Cell { timestamp: self.timestamp()?, content: Content::Live(self.blob()?) }),
            EXPIRING => {
                let (timestamp, expiry) = (self.timestamp()?, self.expiry()?);
                Ok(Cell { timestamp, content: Content::Expiring(self.blob()?, expiry) })
            }
            DEAD => {
                let Tombstone { timestamp, deletion_time } = self.tombstone()?;
                Ok(Cell { timestamp, content: Content::Dead { deletion_time } })
            }
            _ => self.expect(None, "a kind of cell"),
        }
    }

    fn tombstone_if(&mut self, there: bool) -> Result<Option<Tombstone>, Error> {
        if there { self.tombstone().map(Some) } else { Ok(None) }
    }

    fn tombstone(&mut self) -> Result<Tombstone, Error> {
        Ok(Tombstone { timestamp: self.timestamp()?, deletion_time: self.second()? })
    }

    fn expiry(&mut self) -> Result<Expiry, Error> {
        Ok(Expiry { ttl: self.small()?, at: self.second()? })
    }

    fn timestamp(&mut self) -> Result<i64, Error> {
        self.last_timestamp = self.last_timestamp.wrapping_add(unzigzag(self.number()?));
        Ok(self.last_timestamp)
    }

    fn second(&mut self) -> Result<i64, Error> {
        self.last_second = self.last_second.wrapping_add(unzigzag(self.number()?));
        Ok(self.last_second)
    }

    /// How many parts follow, where none would have been said by a flag.
    fn count(&mut self) -> Result<u64, Error> {
        let count = self.number()?;
        self.must(count > 0, "a count above 0")?;
        Ok(count)
    }

    fn flags(&mut self, known: u8) -> Result<u8, Error> {
        let flags = self.byte()?;
        self.must(flags & !known == 0, "known flags")?;
        Ok(flags)
    }

    fn small(&mut self) -> Result<u32, Error> {
        let number = self.number()?;
        self.expect(u32::try_from(number).ok(), "a number of 32 bits")
    }

    fn number(&mut self) -> Result<u64, Error> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            self.must((bits << shift) >> shift == bits, "a number of 64 bits")?;
            number |= bits << shift;
            if byte < 0x80 {
                self.must(byte != 0 || shift == 0, "the shortest form of a number")?;
                return Ok(number);
            }
        }
        self.expect(None, "a number of 64 bits")
    }

    fn blob(&mut self) -> Result<Bytes, Error> {
        let len = self.number()?;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = usize::try_from(len).ok().and_then(|len| rest.get(..len));
        let taken = self.expect(taken, "as many bytes as said")?;
        self.at += taken.len();
        Ok(Bytes::from(taken))
    }

    fn byte(&mut self) -> Result<u8, Error> {
        let byte = self.expect(self.bytes.get(self.at).copied(), "a byte")?;
        self.at += 1;
        Ok(byte)
    }
}

fn zigzag(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)) as u64
}

fn unzigzag(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}
