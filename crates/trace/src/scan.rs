//! Parts of a payload, without building the whole: what covers the partition, the static row, one row, the keys of all.

use crate::Error;
use crate::bytes::{Clockwork::Seconds, Clockwork::Written, Reader};
use crate::payload::{flags, flags_of, read_expiry, read_row, read_tombstone, read_upper, some};
use storage::{Partition, Row};

/// The rows of a payload, one after the other, without building any.
pub(crate) struct RowScan<'a> {
    r: Reader<'a>,
    rows: usize,
}

/// What a payload has beside rows.
#[derive(Clone, Copy)]
pub(crate) struct Parts {
    /// A partition tombstone or range tombstones.
    pub cover: bool,
    /// A static row.
    pub static_row: bool,
}

impl<'a> RowScan<'a> {
    /// Begin with the bytes after the head.
    pub fn new(bytes: &'a [u8]) -> Result<(Parts, RowScan<'a>), Error> {
        let mut r = Reader::new(bytes);
        let flags = flags(&mut r, 4)?;
        if flags & 1 != 0 {
            read_tombstone(&mut r)?;
        }
        if flags & 2 != 0 {
            for _ in 0..some(&mut r)? {
                r.blob()?;
                if flags_of(&mut r, 1)? {
                    r.blob()?;
                }
                read_tombstone(&mut r)?;
            }
        }
        if flags & 4 != 0 {
            skip_row(&mut r)?;
        }
        let rows = if flags & 8 != 0 { some(&mut r)? } else { 0 };
        Ok((Parts { cover: flags & 3 != 0, static_row: flags & 4 != 0 }, RowScan { r, rows }))
    }

    /// The key of the next row; its content must be read or skipped next.
    fn key(&mut self) -> Result<Option<&'a [u8]>, Error> {
        let Some(rows) = self.rows.checked_sub(1) else { return Ok(None) };
        self.rows = rows;
        self.r.blob().map(Some)
    }

    /// The key of the next row, its content skipped.
    pub fn next(&mut self) -> Result<Option<&'a [u8]>, Error> {
        let key = self.key()?;
        if key.is_some() {
            skip_row(&mut self.r)?;
        }
        Ok(key)
    }

    /// The row under this key.
    pub fn find(mut self, key: &[u8]) -> Result<Option<Row>, Error> {
        while let Some(next) = self.key()? {
            if next == key {
                return read_row(&mut self.r).map(Some);
            }
            skip_row(&mut self.r)?;
        }
        Ok(None)
    }
}

/// Only the static row of a payload.
pub(crate) fn read_static(bytes: &[u8]) -> Result<Option<Row>, Error> {
    let (p, _) = read_upper(&mut Reader::new(bytes))?;
    Ok(p.static_row.map(|row| *row))
}

/// Everything of a payload but its rows.
pub(crate) fn read_cover(bytes: &[u8]) -> Result<Partition, Error> {
    read_upper(&mut Reader::new(bytes)).map(|(partition, _)| partition)
}

fn skip_row(r: &mut Reader<'_>) -> Result<(), Error> {
    let flags = flags(r, 4)?;
    if flags & 1 != 0 {
        r.time(Written)?;
    }
    if flags & 2 != 0 {
        read_expiry(r)?;
    }
    if flags & 4 != 0 {
        read_tombstone(r)?;
    }
    if flags & 8 != 0 {
        for _ in 0..some(r)? {
            r.small()?;
            match r.byte()? {
                tag @ (3 | 4) => {
                    if tag == 4 {
                        read_tombstone(r)?;
                    }
                    for _ in 0..r.count()? {
                        r.blob()?;
                        let tag = r.byte()?;
                        skip_cell(r, tag)?;
                    }
                }
                tag => skip_cell(r, tag)?,
            }
        }
    }
    Ok(())
}

fn skip_cell(r: &mut Reader<'_>, tag: u8) -> Result<(), Error> {
    match tag {
        0 => {
            r.blob()?;
        }
        1 => {
            r.blob()?;
            read_expiry(r)?;
        }
        2 => {
            r.time(Seconds)?;
        }
        _ => return Err(Error::Damaged),
    }
    r.time(Written).map(|_| ())
}
