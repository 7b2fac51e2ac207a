//! Serialized values, exactly as Cassandra's native protocol serializes them: building them, taking them apart.
//!
//! Big endian throughout. A collection is an `i32` count and then each element as `i32` length and bytes; a tuple is
//! its fields without a count, `-1` for null; a vector is its elements, with lengths only where the type has no fixed size.

mod bound;
pub mod calendar;
mod digits;
mod duration;
pub(crate) mod java;
pub(crate) mod json;
mod literal;
mod number;
mod timestamp;
mod validate;

use crate::types::Type;
use alloc::vec::Vec;

pub(crate) use bound::bound;
pub use digits::{digits, from_digits};
pub use duration::Duration;
pub(crate) use literal::address;
pub use literal::{Constant, Kind, LiteralError, constant, hex, hex_text};
pub(crate) use number::parse_decimal;
pub use number::{DIGITS_MAX, VARINT_BYTES_MAX, decimal, decimal_parts, decimal_text, minimal};
pub(crate) use validate::STUMBLED;
pub use validate::validate;

/// The elements of a serialized list or set, `None` for null; broken bytes end it early.
pub fn items(bytes: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    let (count, mut rest) = counted(bytes).unwrap_or_default();
    (0..count).map_while(move |_| field(&mut rest))
}

/// The same with no bytes for a null.
pub fn elements(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    items(bytes).map(Option::unwrap_or_default)
}

/// The entries of a serialized map; broken bytes end it early.
pub fn entries(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let (count, mut rest) = counted(bytes).unwrap_or_default();
    (0..count).map_while(move |_| Some((field(&mut rest)?.unwrap_or_default(), field(&mut rest)?.unwrap_or_default())))
}

/// The fields of a serialized tuple or user-defined type, `None` for null.
pub fn fields(mut bytes: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    core::iter::from_fn(move || field(&mut bytes))
}

/// The elements of a serialized vector.
pub fn vector_elements<'a>(element: &Type, count: u32, mut bytes: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let size = element.fixed_size();
    (0..count).map_while(move |_| {
        let size = match size {
            Some(size) => size,
            None => unsigned_vint(&mut bytes)? as usize,
        };
        let (item, rest) = bytes.split_at_checked(size)?;
        bytes = rest;
        Some(item)
    })
}

/// How many elements, and their bytes.
fn counted(bytes: &[u8]) -> Option<(i32, &[u8])> {
    bytes.split_first_chunk().map(|(count, rest)| (i32::from_be_bytes(*count), rest))
}

/// `i32` length and bytes; a negative length is null.
fn field<'a>(rest: &mut &'a [u8]) -> Option<Option<&'a [u8]>> {
    let (length, after) = rest.split_first_chunk()?;
    let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
        *rest = after;
        return Some(None);
    };
    let (item, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(Some(item))
}

/// A serialized list or set.
pub fn collection<'a>(items: impl ExactSizeIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut out = (items.len() as i32).to_be_bytes().to_vec();
    items.for_each(|item| push_field(&mut out, Some(item)));
    out
}

/// A serialized map.
pub fn map<'a>(items: impl ExactSizeIterator<Item = (&'a [u8], &'a [u8])>) -> Vec<u8> {
    let mut out = (items.len() as i32).to_be_bytes().to_vec();
    for (key, value) in items {
        push_field(&mut out, Some(key));
        push_field(&mut out, Some(value));
    }
    out
}

/// A serialized tuple or user-defined type.
pub fn tuple<'a>(items: impl Iterator<Item = Option<&'a [u8]>>) -> Vec<u8> {
    let mut out = Vec::new();
    items.for_each(|item| push_field(&mut out, item));
    out
}

/// A serialized vector.
pub fn vector<'a>(element: &Type, items: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let sized = element.fixed_size().is_some();
    let mut out = Vec::new();
    for item in items {
        if !sized {
            push_unsigned_vint(&mut out, item.len() as u64);
        }
        out.extend_from_slice(item);
    }
    out
}

fn push_field(out: &mut Vec<u8>, item: Option<&[u8]>) {
    match item {
        Some(item) => {
            out.extend_from_slice(&(item.len() as i32).to_be_bytes());
            out.extend_from_slice(item);
        }
        None => out.extend_from_slice(&(-1i32).to_be_bytes()),
    }
}

/// The serialized partition key of several components: each as `u16` length, bytes, `0`.
pub fn push_composite(out: &mut Vec<u8>, component: &[u8]) {
    out.extend_from_slice(&(component.len() as u16).to_be_bytes());
    out.extend_from_slice(component);
    out.push(0);
}

/// The components of a serialized partition key of `count` components; broken bytes end it early.
pub fn key_components(count: usize, mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let single = count == 1;
    (0..count).map_while(move |_| {
        if single {
            return Some(bytes);
        }
        let (length, rest) = bytes.split_first_chunk()?;
        let (item, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        bytes = rest.get(1..)?;
        Some(item)
    })
}

/// Cassandra's unsigned vint: the leading ones of the first byte count the bytes that follow.
pub(crate) fn push_unsigned_vint(out: &mut Vec<u8>, value: u64) {
    let bits = 64 - value.leading_zeros();
    let extra = (bits.max(1) - 1) / 7;
    if extra >= 8 {
        out.push(0xFF);
        out.extend_from_slice(&value.to_be_bytes());
        return;
    }
    let bytes = value.to_be_bytes();
    let start = out.len();
    out.extend_from_slice(&bytes[7 - extra as usize..]);
    out[start] |= !(0xFFu32 >> extra) as u8;
}

/// Reads what [`push_unsigned_vint`] wrote.
pub(crate) fn unsigned_vint(rest: &mut &[u8]) -> Option<u64> {
    let (&first, after) = rest.split_first()?;
    let extra = first.leading_ones() as usize;
    let (bytes, after) = after.split_at_checked(extra)?;
    *rest = after;
    let head = if extra >= 8 { 0 } else { u64::from(first) & (0xFF >> extra) };
    Some(bytes.iter().fold(head, |value, byte| value << 8 | u64::from(*byte)))
}

#[cfg(test)]
pub(crate) mod tests_support {
    use super::Kind;
    use alloc::string::{String, ToString};

    /// The kind and text of a constant as a test writes it; the parser does this for statements.
    pub(crate) fn constant_of(literal: &str) -> Option<(Kind, String)> {
        let literal = literal.trim();
        if let Some(text) = literal.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) {
            return Some((Kind::String, text.replace("\\n", "\n")));
        }
        if let Some(digits) = literal.strip_prefix("0x") {
            return Some((Kind::Hex, digits.to_string()));
        }
        let lower = literal.to_ascii_lowercase();
        let kind = match lower.trim_start_matches('-') {
            "true" | "false" => Kind::Boolean,
            "nan" | "infinity" => Kind::Float,
            n if n.bytes().all(|b| b.is_ascii_digit()) => Kind::Integer,
            n if n.len() == 36 && n.contains('-') => Kind::Uuid,
            n if n.starts_with(|c: char| c.is_ascii_digit())
                && n.bytes().all(|b| b.is_ascii_digit() || b"+-.e".contains(&b)) =>
            {
                Kind::Float
            }
            _ => Kind::Duration,
        };
        let text = match (kind, lower.as_str()) {
            (Kind::Float, "nan" | "-nan") => "NaN".to_string(),
            (Kind::Float, "infinity") => "Infinity".to_string(),
            (Kind::Float, "-infinity") => "-Infinity".to_string(),
            _ => literal.to_string(),
        };
        Some((kind, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vints_survive() {
        for shift in 0..64 {
            for value in [1u64 << shift, (1u64 << shift) - 1, u64::MAX >> shift] {
                let mut out = Vec::new();
                push_unsigned_vint(&mut out, value);
                let mut rest = out.as_slice();
                assert_eq!((unsigned_vint(&mut rest), rest.len()), (Some(value), 0));
            }
        }
    }

    #[test]
    fn broken_bytes_end_early() {
        assert_eq!(elements(&[0, 0, 0, 9, 0, 0, 0, 1, 7, 0, 0]).collect::<Vec<_>>(), [&[7u8][..]]);
        assert_eq!(key_components(2, &[0, 1, 5, 0, 0, 9]).collect::<Vec<_>>(), [&[5u8][..]]);
    }
}
