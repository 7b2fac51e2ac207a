//! Base64 with `-` and `_`, without padding (RFC 4648, section 5): nothing in it needs escaping in an address.

use super::LinkError;
use alloc::string::String;
use alloc::vec::Vec;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(super) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for n in 0..=chunk.len() {
            let digit = (word >> (18 - 6 * n)) & 63;
            out.push(char::from(DIGITS[digit as usize]));
        }
    }
    out
}

pub(super) fn decode(text: &str) -> Result<Vec<u8>, LinkError> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut word, mut bits) = (0u32, 0u32);
    for (at, found) in text.chars().enumerate() {
        let digit = match found {
            'A'..='Z' => found as u32 - 'A' as u32,
            'a'..='z' => found as u32 - 'a' as u32 + 26,
            '0'..='9' => found as u32 - '0' as u32 + 52,
            '-' => 62,
            '_' => 63,
            _ => return Err(LinkError::BadChar { found, at: at + 1 }),
        };
        word = word << 6 | digit;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
        }
    }
    // A last character alone holds no byte, and bits that are left over are zero: another writer's are no link of ours.
    if bits == 6 || word & ((1 << bits) - 1) != 0 {
        return Err(LinkError::Truncated);
    }
    Ok(out)
}
