//! The native protocol's notations (`native_protocol_v5.spec`, section 3): big-endian numbers, and bytes behind their length.

use super::error::Refused;

/// Reads a frame's body from its front; every length is checked against what is there.
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Refused> {
        let short = || Refused::protocol("the frame's body ends within a value");
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(short)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Refused> {
        let short = || Refused::protocol("the frame's body ends within a number");
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or_else(short)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub fn byte(&mut self) -> Result<u8, Refused> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub fn short(&mut self) -> Result<u16, Refused> {
        self.array().map(u16::from_be_bytes)
    }

    pub fn int(&mut self) -> Result<i32, Refused> {
        self.array().map(i32::from_be_bytes)
    }

    pub fn long(&mut self) -> Result<i64, Refused> {
        self.array().map(i64::from_be_bytes)
    }

    /// `[string]`
    pub fn string(&mut self) -> Result<&'a str, Refused> {
        let length = self.short()?;
        self.text(usize::from(length))
    }

    /// `[long string]`
    pub fn long_string(&mut self) -> Result<&'a str, Refused> {
        let length = self.int()?;
        let length = usize::try_from(length).map_err(|_| Refused::protocol("a text has a negative length"))?;
        self.text(length)
    }

    fn text(&mut self, length: usize) -> Result<&'a str, Refused> {
        std::str::from_utf8(self.take(length)?).map_err(|_| Refused::protocol("Cannot decode string as UTF8"))
    }

    /// `[bytes]`: `None` for a negative length.
    pub fn bytes(&mut self) -> Result<Option<&'a [u8]>, Refused> {
        match usize::try_from(self.int()?) {
            Ok(length) => self.take(length).map(Some),
            Err(_) => Ok(None),
        }
    }

    /// `[value]`: as `[bytes]`, but -2 is "not set".
    pub fn value(&mut self) -> Result<cql::Value, Refused> {
        match self.int()? {
            -1 => Ok(cql::Value::Null),
            -2 => Ok(cql::Value::Unset),
            length => match usize::try_from(length) {
                Ok(length) => Ok(cql::Value::Bytes(self.take(length)?.into())),
                Err(_) => Err(Refused::protocol(format!("Invalid ByteBuf length {length}"))),
            },
        }
    }

    /// `[short bytes]`
    pub fn short_bytes(&mut self) -> Result<&'a [u8], Refused> {
        let length = self.short()?;
        self.take(usize::from(length))
    }

    /// `[string map]`
    pub fn string_map(&mut self) -> Result<Vec<(&'a str, &'a str)>, Refused> {
        let entries = self.short()?;
        (0..entries).map(|_| Ok((self.string()?, self.string()?))).collect()
    }

    /// `[string list]`
    pub fn string_list(&mut self) -> Result<Vec<&'a str>, Refused> {
        let entries = self.short()?;
        (0..entries).map(|_| self.string()).collect()
    }
}

/// Writes a frame's body at the end of `to`.
pub struct Writer<'a> {
    pub to: &'a mut Vec<u8>,
    /// Types are named as before v5.
    pub old: bool,
}

impl Writer<'_> {
    pub fn byte(&mut self, byte: u8) {
        self.to.push(byte);
    }

    pub fn short(&mut self, n: u16) {
        self.to.extend_from_slice(&n.to_be_bytes());
    }

    pub fn int(&mut self, n: i32) {
        self.to.extend_from_slice(&n.to_be_bytes());
    }

    /// A count as an `[int]`.
    pub fn count(&mut self, n: usize) {
        self.int(i32::try_from(n).unwrap_or(i32::MAX));
    }

    /// `[string]`; what is too long for one is cut where a character ends.
    pub fn string(&mut self, text: &str) {
        let mut length = text.len().min(usize::from(u16::MAX));
        while !text.is_char_boundary(length) {
            length -= 1;
        }
        self.short_bytes(&text.as_bytes()[..length]);
    }

    pub fn string_list<'t>(&mut self, texts: impl ExactSizeIterator<Item = &'t str>) {
        self.short(u16::try_from(texts.len()).unwrap_or(u16::MAX));
        texts.take(usize::from(u16::MAX)).for_each(|text| self.string(text));
    }

    /// `[bytes]`, -1 for none.
    pub fn bytes(&mut self, bytes: Option<&[u8]>) {
        match bytes {
            Some(bytes) => {
                self.count(bytes.len());
                self.to.extend_from_slice(bytes);
            }
            None => self.int(-1),
        }
    }

    /// `[short bytes]`
    pub fn short_bytes(&mut self, bytes: &[u8]) {
        let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
        self.short(length);
        self.to.extend_from_slice(&bytes[..usize::from(length)]);
    }
}
