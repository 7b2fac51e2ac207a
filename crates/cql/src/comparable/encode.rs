//! Values to comparable bytes.

use super::{EMPTY, END, ESCAPED, NULL, VALUE};
use crate::{types::Type, values};
use alloc::vec::Vec;

/// A whole clustering key or a prefix of one: each component with its type and whether it descends.
pub fn encode<'a>(components: impl IntoIterator<Item = (&'a Type, bool, &'a [u8])>) -> Vec<u8> {
    let mut out = Vec::with_capacity(32);
    for (ty, descending, value) in components {
        encode_component(ty, descending, value, &mut out);
    }
    out
}

/// Appends one component. `value` is a valid serialized value of `ty`.
pub fn encode_component(ty: &Type, descending: bool, value: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    component(ty, value, out);
    if descending {
        for byte in &mut out[start..] {
            *byte = !*byte;
        }
    }
}

fn component(ty: &Type, value: &[u8], out: &mut Vec<u8>) {
    // The empty string of text is its empty value, and the smallest either way.
    if value.is_empty() {
        out.push(EMPTY);
    } else {
        out.push(VALUE);
        content(ty, value, out);
    }
}

fn content(ty: &Type, value: &[u8], out: &mut Vec<u8>) {
    match ty {
        Type::Tinyint | Type::Smallint | Type::Int | Type::Bigint | Type::Timestamp | Type::Counter => {
            signed(value, out)
        }
        // Everything but nought is true.
        Type::Boolean => out.extend(value.first().map(|byte| u8::from(*byte != 0))),
        Type::Date | Type::Time => out.extend_from_slice(value),
        Type::Float | Type::Double => float(value, out),
        Type::Uuid => uuid(value, out),
        Type::Timeuuid => timeuuid(value, out),
        Type::Varint => varint(value, out),
        Type::Decimal => decimal(value, out),
        // A duration has no order and never stands in a key; its bytes keep this total.
        Type::Ascii | Type::Text | Type::Blob | Type::Inet | Type::Duration => escaped(value, out),
        Type::List(element) | Type::Set(element) => {
            for item in values::elements(value) {
                component(element, item, out);
            }
            out.push(END);
        }
        Type::Map(kv) => {
            for (key, item) in values::entries(value) {
                component(&kv.0, key, out);
                component(&kv.1, item, out);
            }
            out.push(END);
        }
        Type::Tuple(types) => fields(types.iter(), value, out),
        Type::Udt(udt) => {
            // A type may get fields later, so nulls at the end are left out, and the end is marked.
            let given = values::fields(value).collect::<Vec<_>>();
            let count = given.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
            fields(udt.fields.iter().map(|(_, t)| t).take(count), value, out);
            out.push(END);
        }
        Type::Vector(element, count) => {
            for item in values::vector_elements(element, *count, value) {
                component(element, item, out);
            }
        }
        Type::Frozen(inner) => content(inner, value, out),
    }
}

/// Null and missing fields are alike, so that a tuple written before a field was added stays where it is.
fn fields<'a>(types: impl Iterator<Item = &'a Type>, value: &[u8], out: &mut Vec<u8>) {
    let mut items = values::fields(value);
    for ty in types {
        match items.next().flatten() {
            Some(item) => component(ty, item, out),
            None => out.push(NULL),
        }
    }
}

fn signed(value: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(value);
    if let Some(first) = out.get_mut(start) {
        *first ^= 0x80;
    }
}

/// IEEE order, with -0 before 0 and NaN, made canonical on the way in, behind everything.
fn float(value: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(value);
    let negative = value.first().is_some_and(|b| b & 0x80 != 0);
    if negative {
        out[start..].iter_mut().for_each(|b| *b = !*b);
    } else if let Some(first) = out.get_mut(start) {
        *first ^= 0x80;
    }
}

/// Version first; then version 1 by time, others by their high half; then the low half.
fn uuid(value: &[u8], out: &mut Vec<u8>) {
    let (high, low) = halves(value);
    let version = (high >> 12) & 0xF;
    let head = if version == 1 { reorder_time(high) } else { version << 60 | (high >> 16) << 12 | (high & 0xFFF) };
    out.extend_from_slice(&head.to_be_bytes());
    out.extend_from_slice(&low.to_be_bytes());
}

/// By time; then the low half with every byte compared as signed, as Cassandra's TimeUUIDType has it.
fn timeuuid(value: &[u8], out: &mut Vec<u8>) {
    let (high, low) = halves(value);
    out.extend_from_slice(&reorder_time(high).to_be_bytes());
    out.extend_from_slice(&(low ^ 0x8080_8080_8080_8080).to_be_bytes());
}

fn halves(value: &[u8]) -> (u64, u64) {
    let mut bytes = [0; 16];
    let n = value.len().min(16);
    bytes[..n].copy_from_slice(&value[..n]);
    let all = u128::from_be_bytes(bytes);
    ((all >> 64) as u64, all as u64)
}

/// `time_low time_mid version+time_hi` to `version+time_hi time_mid time_low`.
fn reorder_time(high: u64) -> u64 {
    high << 48 | ((high << 16) & 0xFFFF_0000_0000) | high >> 32
}

/// How many bytes of a varint are counted in its first byte.
const SHORT: usize = 0x3F;

/// A first byte that grows with the value's sign and length; then two's complement, which orders equal lengths.
fn varint(value: &[u8], out: &mut Vec<u8>) {
    let value = values::minimal(value);
    let negative = value[0] & 0x80 != 0;
    let length = value.len();
    match (negative, length <= SHORT) {
        (false, true) => out.push(0x80 + length as u8),
        (true, true) => out.push(0x80 - length as u8),
        (false, false) => {
            out.push(0xC0);
            out.extend_from_slice(&(length as u32).to_be_bytes());
        }
        (true, false) => {
            out.push(0x40);
            out.extend_from_slice(&(!(length as u32)).to_be_bytes());
        }
    }
    out.extend_from_slice(value);
}

/// `0.d₁d₂… × 10^e`: sign, exponent, digits, end. Numerically equal decimals are one key, as in Cassandra, so `1.50`
/// comes back as `1.5`.
fn decimal(value: &[u8], out: &mut Vec<u8>) {
    let (scale, negative, digits) = values::decimal_parts(value);
    let kept = digits.trim_end_matches('0');
    if kept.is_empty() {
        out.push(0x80);
        return;
    }
    let exponent = digits.len() as i64 - i64::from(scale);
    out.push(if negative { 0x40 } else { 0xC0 });
    let start = out.len();
    out.extend_from_slice(&(exponent ^ i64::MIN).to_be_bytes());
    out.extend(kept.bytes().map(|d| d - b'0' + 1));
    out.push(END);
    if negative {
        out[start..].iter_mut().for_each(|b| *b = !*b);
    }
}

fn escaped(value: &[u8], out: &mut Vec<u8>) {
    for &byte in value {
        out.push(byte);
        if byte == 0 {
            out.push(ESCAPED);
        }
    }
    out.extend_from_slice(&[0, 0]);
}
