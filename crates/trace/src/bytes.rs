//! Canonical bytes: one encoding for everything that is interned, hashed or sent. Integers are varints, times are
//! differences to the last time of the same kind, and no field has two spellings.

use crate::Error;
use alloc::vec::Vec;

/// Appends canonical bytes.
#[derive(Default)]
pub(crate) struct Writer {
    pub bytes: Vec<u8>,
    /// The last write timestamp and the last deletion time or expiry, that the next are told apart from.
    last: [i64; 2],
}

/// Which of the two clocks (semantics.md 2) a time is of.
#[derive(Clone, Copy)]
pub(crate) enum Clockwork {
    /// A write timestamp, microseconds.
    Written = 0,
    /// A deletion time or an expiry, seconds.
    Seconds = 1,
}

impl Writer {
    /// Start over, keeping the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.last = [0; 2];
    }

    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub fn int(&mut self, mut int: u64) {
        while int >= 0x80 {
            self.bytes.push(int as u8 | 0x80);
            int >>= 7;
        }
        self.bytes.push(int as u8);
    }

    pub fn signed(&mut self, int: i64) {
        self.int(((int << 1) ^ (int >> 63)) as u64);
    }

    pub fn time(&mut self, of: Clockwork, time: i64) {
        let last = core::mem::replace(&mut self.last[of as usize], time);
        self.signed(time.wrapping_sub(last));
    }

    pub fn blob(&mut self, bytes: &[u8]) {
        self.int(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }
}

/// Reads what [`Writer`] wrote; anything else is [`Error::Damaged`].
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    last: [i64; 2],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, last: [0; 2] }
    }

    pub fn byte(&mut self) -> Result<u8, Error> {
        let (first, rest) = self.bytes.split_first().ok_or(Error::Damaged)?;
        self.bytes = rest;
        Ok(*first)
    }

    pub fn int(&mut self) -> Result<u64, Error> {
        let mut int = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7F);
            if shift == 63 && part > 1 || shift > 0 && byte == 0 {
                return Err(Error::Damaged);
            }
            int |= part << shift;
            if byte < 0x80 {
                return Ok(int);
            }
        }
        Err(Error::Damaged)
    }

    pub fn small(&mut self) -> Result<u32, Error> {
        u32::try_from(self.int()?).map_err(|_| Error::Damaged)
    }

    /// A count of things that take at least one byte each, so that no count is believed beyond what is there.
    pub fn count(&mut self) -> Result<usize, Error> {
        let count = usize::try_from(self.int()?).map_err(|_| Error::Damaged)?;
        if count > self.bytes.len() { Err(Error::Damaged) } else { Ok(count) }
    }

    pub fn signed(&mut self) -> Result<i64, Error> {
        let int = self.int()?;
        Ok((int >> 1) as i64 ^ -((int & 1) as i64))
    }

    pub fn time(&mut self, of: Clockwork) -> Result<i64, Error> {
        let time = self.last[of as usize].wrapping_add(self.signed()?);
        self.last[of as usize] = time;
        Ok(time)
    }

    pub fn blob(&mut self) -> Result<&'a [u8], Error> {
        let len = self.count()?;
        let (blob, rest) = self.bytes.split_at_checked(len).ok_or(Error::Damaged)?;
        self.bytes = rest;
        Ok(blob)
    }

    pub fn text(&mut self) -> Result<&'a str, Error> {
        core::str::from_utf8(self.blob()?).map_err(|_| Error::Damaged)
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.bytes)
    }

    pub fn at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Everything has been read.
    pub fn end(self) -> Result<(), Error> {
        if self.bytes.is_empty() { Ok(()) } else { Err(Error::Damaged) }
    }
}
