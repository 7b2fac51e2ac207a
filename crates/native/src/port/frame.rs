//! An envelope: nine bytes of header and a body, in v4 perhaps compressed by itself.
//!
//! ```text
//! 0        1        2        3        4        5        9
//! version  flags    stream            opcode   length   body…
//! ```

use super::error::Refused;

/// The header's bytes.
pub const HEADER: usize = 9;
/// The longest body that is read: `native_transport_max_frame_size` of Cassandra, 16 MiB.
pub const BODY_MAX: usize = 16 << 20;

/// The versions that are spoken.
pub const VERSIONS: std::ops::RangeInclusive<u8> = 4..=5;

pub const COMPRESSED: u8 = 0x01;
pub const TRACING: u8 = 0x02;
pub const CUSTOM_PAYLOAD: u8 = 0x04;
pub const WARNING: u8 = 0x08;

/// What a client sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    Startup,
    Options,
    Query,
    Prepare,
    Execute,
    Register,
    Batch,
    AuthResponse,
}

impl Opcode {
    fn of(byte: u8) -> Result<Opcode, Refused> {
        match byte {
            0x01 => Ok(Opcode::Startup),
            0x05 => Ok(Opcode::Options),
            0x07 => Ok(Opcode::Query),
            0x09 => Ok(Opcode::Prepare),
            0x0A => Ok(Opcode::Execute),
            0x0B => Ok(Opcode::Register),
            0x0D => Ok(Opcode::Batch),
            0x0F => Ok(Opcode::AuthResponse),
            other => Err(Refused::fatal(format!("Unknown opcode {other}"))),
        }
    }
}

/// What a server sends.
pub mod answer {
    pub const ERROR: u8 = 0x00;
    pub const READY: u8 = 0x02;
    pub const AUTHENTICATE: u8 = 0x03;
    pub const SUPPORTED: u8 = 0x06;
    pub const RESULT: u8 = 0x08;
    pub const EVENT: u8 = 0x0C;
    pub const AUTH_SUCCESS: u8 = 0x10;
}

/// The header of a client's envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub version: u8,
    pub flags: u8,
    pub stream: i16,
    pub opcode: u8,
    pub length: usize,
}

impl Header {
    /// The header at the front of `bytes`, or `None` while it is not all there. A version that is not spoken is refused at its
    /// first byte: the rest of such a frame may look like anything.
    pub fn read(bytes: &[u8]) -> Result<Option<Header>, Refused> {
        let Some(first) = bytes.first() else { return Ok(None) };
        let version = first & 0x7f;
        if first & 0x80 != 0 || version == 0 || version > 0x42 {
            return Err(Refused::Broken(format!("the byte {first:#04x} begins no request of a CQL client")));
        }
        if !VERSIONS.contains(&version) {
            return Err(Refused::Version(version));
        }
        let Some([_, flags, s1, s0, opcode, l3, l2, l1, l0]) = bytes.first_chunk::<HEADER>().copied() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes([l3, l2, l1, l0]) as usize;
        if length > BODY_MAX {
            let message = format!("Request is too big: length {length} exceeds maximum allowed length {BODY_MAX}.");
            return Err(Refused::fatal(message));
        }
        Ok(Some(Header { version, flags, stream: i16::from_be_bytes([s1, s0]), opcode, length }))
    }

    /// What is asked for.
    pub fn asks(&self) -> Result<Opcode, Refused> {
        Opcode::of(self.opcode)
    }
}

/// Begin an answer at the end of `to`; [`end`] writes its length.
pub fn begin(to: &mut Vec<u8>, version: u8, flags: u8, stream: i16, opcode: u8) -> usize {
    let start = to.len();
    let [s1, s0] = stream.to_be_bytes();
    to.extend_from_slice(&[version | 0x80, flags, s1, s0, opcode, 0, 0, 0, 0]);
    start
}

/// End the answer that began at `start`.
pub fn end(to: &mut [u8], start: usize) {
    let length = u32::try_from(to.len() - start - HEADER).unwrap_or(u32::MAX);
    to[start + 5..start + HEADER].copy_from_slice(&length.to_be_bytes());
}

/// Compress the body of the v4 answer that began at `start`: a big-endian length, then an LZ4 block.
pub fn compress(to: &mut Vec<u8>, start: usize) {
    let body = &to[start + HEADER..];
    let mut packed = u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes().to_vec();
    packed.extend(lz4_flex::block::compress(body));
    to.truncate(start + HEADER);
    to.extend_from_slice(&packed);
    to[start + 1] |= COMPRESSED;
}

/// The body of a compressed v4 envelope. What it says it unpacks to is bounded before a byte of it is unpacked.
pub fn uncompress(body: &[u8]) -> Result<Vec<u8>, Refused> {
    let (length, packed) =
        body.split_first_chunk::<4>().ok_or_else(|| Refused::fatal("a compressed body has no length"))?;
    unpack(packed, u32::from_be_bytes(*length) as usize)
}

/// An LZ4 block that unpacks to exactly `length` bytes.
pub fn unpack(packed: &[u8], length: usize) -> Result<Vec<u8>, Refused> {
    if length > BODY_MAX {
        return Err(Refused::fatal(format!("a compressed body says it has {length} bytes; {BODY_MAX} are allowed")));
    }
    let whole = lz4_flex::block::decompress(packed, length).ok().filter(|whole| whole.len() == length);
    whole.ok_or_else(|| Refused::fatal("a compressed body cannot be unpacked"))
}
