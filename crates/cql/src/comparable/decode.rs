//! Comparable bytes back to values. Bytes that no encoding made are an error, never a panic.

use super::{EMPTY, END, ESCAPED, NULL, VALUE};
use crate::{types::Type, values};
use alloc::{string::String, vec::Vec};

/// The bytes are no encoding of these types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// A clustering key or a prefix of one to its serialized values.
pub fn decode<'a>(types: impl IntoIterator<Item = (&'a Type, bool)>, mut bytes: &[u8]) -> Result<Vec<Vec<u8>>, Broken> {
    let mut out = Vec::new();
    for (ty, descending) in types {
        if bytes.is_empty() {
            break;
        }
        let (value, rest) = decode_component(ty, descending, bytes)?;
        out.push(value);
        bytes = rest;
    }
    if bytes.is_empty() { Ok(out) } else { Err(Broken) }
}

/// One component to its serialized value, and what follows it.
pub fn decode_component<'b>(ty: &Type, descending: bool, bytes: &'b [u8]) -> Result<(Vec<u8>, &'b [u8]), Broken> {
    if !descending {
        let mut input = Input(bytes);
        let value = input.component(ty)?;
        return Ok((value, input.0));
    }
    let flipped: Vec<u8> = bytes.iter().map(|b| !b).collect();
    let mut input = Input(&flipped);
    let value = input.component(ty)?;
    let used = flipped.len() - input.0.len();
    Ok((value, bytes.get(used..).ok_or(Broken)?))
}

/// The first `count` components of a key, as bytes; all of it if it has fewer.
pub fn prefix<'a, 'b>(types: impl IntoIterator<Item = (&'a Type, bool)>, count: usize, bytes: &'b [u8]) -> &'b [u8] {
    let mut rest = bytes;
    for (ty, descending) in types.into_iter().take(count) {
        match decode_component(ty, descending, rest) {
            Ok((_, behind)) => rest = behind,
            Err(Broken) => return bytes,
        }
    }
    bytes.get(..bytes.len() - rest.len()).unwrap_or(bytes)
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], Broken> {
        let (head, rest) = self.0.split_at_checked(n).ok_or(Broken)?;
        self.0 = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Broken> {
        self.take(N)?.try_into().map_err(|_| Broken)
    }

    fn byte(&mut self) -> Result<u8, Broken> {
        Ok(self.array::<1>()?[0])
    }

    fn peek(&self) -> Result<u8, Broken> {
        self.0.first().copied().ok_or(Broken)
    }

    fn component(&mut self, ty: &Type) -> Result<Vec<u8>, Broken> {
        match self.byte()? {
            EMPTY => Ok(Vec::new()),
            VALUE => self.content(ty),
            _ => Err(Broken),
        }
    }

    fn content(&mut self, ty: &Type) -> Result<Vec<u8>, Broken> {
        Ok(match ty {
            Type::Tinyint => self.signed(1)?,
            Type::Smallint => self.signed(2)?,
            Type::Int => self.signed(4)?,
            Type::Bigint | Type::Timestamp | Type::Counter => self.signed(8)?,
            Type::Boolean => self.take(1)?.to_vec(),
            Type::Date => self.take(4)?.to_vec(),
            Type::Time => self.take(8)?.to_vec(),
            Type::Float => self.float(4)?,
            Type::Double => self.float(8)?,
            Type::Uuid => {
                let head = u64::from_be_bytes(self.array()?);
                let low = self.array::<8>()?;
                let version = head >> 60;
                let high =
                    if version == 1 { restore_time(head) } else { (head >> 12) << 16 | version << 12 | (head & 0xFFF) };
                [high.to_be_bytes(), low].concat()
            }
            Type::Timeuuid => {
                let high = restore_time(u64::from_be_bytes(self.array()?));
                let low = u64::from_be_bytes(self.array()?) ^ 0x8080_8080_8080_8080;
                [high.to_be_bytes(), low.to_be_bytes()].concat()
            }
            Type::Varint => self.varint()?,
            Type::Decimal => self.decimal()?,
            Type::Ascii | Type::Text | Type::Blob | Type::Inet | Type::Duration => self.escaped()?,
            Type::List(element) | Type::Set(element) => {
                let mut items = Vec::new();
                while !self.ended()? {
                    items.push(self.component(element)?);
                }
                values::collection(items.iter().map(Vec::as_slice))
            }
            Type::Map(kv) => {
                let mut items = Vec::new();
                while !self.ended()? {
                    items.push((self.component(&kv.0)?, self.component(&kv.1)?));
                }
                values::map(items.iter().map(|(k, v)| (k.as_slice(), v.as_slice())))
            }
            Type::Tuple(types) => self.fields(types.iter())?,
            Type::Udt(udt) => {
                let value = self.fields(udt.fields.iter().map(|(_, t)| t))?;
                if self.byte()? != END {
                    return Err(Broken);
                }
                value
            }
            Type::Vector(element, count) => {
                let items = (0..*count).map(|_| self.component(element)).collect::<Result<Vec<_>, _>>()?;
                values::vector(element, items.iter().map(Vec::as_slice))
            }
            Type::Frozen(inner) => self.content(inner)?,
        })
    }

    fn ended(&mut self) -> Result<bool, Broken> {
        let end = self.peek()? == END;
        if end {
            self.byte()?;
        }
        Ok(end)
    }

    fn fields<'t>(&mut self, types: impl Iterator<Item = &'t Type>) -> Result<Vec<u8>, Broken> {
        let mut items = Vec::new();
        for ty in types {
            match self.peek()? {
                // A user-defined type that has got fields since.
                END => items.push(None),
                NULL => {
                    self.byte()?;
                    items.push(None);
                }
                _ => items.push(Some(self.component(ty)?)),
            }
        }
        Ok(values::tuple(items.iter().map(Option::as_deref)))
    }

    fn signed(&mut self, size: usize) -> Result<Vec<u8>, Broken> {
        let mut value = self.take(size)?.to_vec();
        value[0] ^= 0x80;
        Ok(value)
    }

    fn float(&mut self, size: usize) -> Result<Vec<u8>, Broken> {
        let mut value = self.take(size)?.to_vec();
        if value[0] & 0x80 != 0 {
            value[0] ^= 0x80;
        } else {
            value.iter_mut().for_each(|b| *b = !*b);
        }
        Ok(value)
    }

    fn varint(&mut self) -> Result<Vec<u8>, Broken> {
        let length = match self.byte()? {
            0xC0 => u32::from_be_bytes(self.array()?) as usize,
            0x40 => !u32::from_be_bytes(self.array()?) as usize,
            first @ 0x81..=0xBF => usize::from(first - 0x80),
            first @ 0x41..=0x7F => usize::from(0x80 - first),
            _ => return Err(Broken),
        };
        Ok(self.take(length)?.to_vec())
    }

    fn decimal(&mut self) -> Result<Vec<u8>, Broken> {
        let negative = match self.byte()? {
            0x80 => return Ok([&0_i32.to_be_bytes()[..], &[0]].concat()),
            0x40 => true,
            0xC0 => false,
            _ => return Err(Broken),
        };
        let flip = if negative { 0xFF } else { 0 };
        let exponent = i64::from_be_bytes(self.array::<8>()?.map(|b| b ^ flip)) ^ i64::MIN;
        let mut digits = String::new();
        loop {
            match self.byte()? ^ flip {
                END => break,
                d @ 1..=10 => digits.push(char::from(b'0' + d - 1)),
                _ => return Err(Broken),
            }
        }
        let mut scale = (digits.len() as i64).checked_sub(exponent).ok_or(Broken)?;
        // 100 is written as 100 and not as 1E+2, as long as that stays short.
        while (-40..0).contains(&scale) {
            digits.push('0');
            scale += 1;
        }
        let scale = i32::try_from(scale).map_err(|_| Broken)?;
        Ok([&scale.to_be_bytes()[..], &values::from_digits(negative, &digits)].concat())
    }

    fn escaped(&mut self) -> Result<Vec<u8>, Broken> {
        let mut value = Vec::new();
        loop {
            match self.byte()? {
                0 => match self.byte()? {
                    0 => return Ok(value),
                    ESCAPED => value.push(0),
                    _ => return Err(Broken),
                },
                byte => value.push(byte),
            }
        }
    }
}

/// `version+time_hi time_mid time_low` to `time_low time_mid version+time_hi`.
fn restore_time(reordered: u64) -> u64 {
    reordered << 32 | ((reordered >> 16) & 0xFFFF_0000) | reordered >> 48
}
