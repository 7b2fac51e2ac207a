//! One value as cqlsh prints it, and as a CQL literal.

use super::float;
use crate::{
    types::Type,
    values::{self, Duration, calendar},
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Write;
use storage::order;

/// A cell of a result: `null`, text without quotes, collections with their text quoted.
pub fn cell(ty: &Type, value: Option<&[u8]>) -> String {
    let precision = if matches!(ty, Type::Double) { float::DOUBLE } else { float::FLOAT };
    value.map_or_else(|| "null".into(), |value| Style { quote: false, precision, literal: false }.value(ty, value))
}

/// A value as CQL would write it: text and times quoted. For keys and cells of trace lines.
pub fn literal(ty: &Type, value: &[u8]) -> String {
    Style { quote: true, precision: float::DOUBLE, literal: true }.value(ty, value)
}

#[derive(Clone, Copy)]
struct Style {
    /// Text, timestamps and addresses in quotes, as inside cqlsh's collections.
    quote: bool,
    /// Digits of a float.
    precision: i32,
    /// CQL rather than cqlsh: everything that needs quotes has them, and empty values show.
    literal: bool,
}

impl Style {
    fn value(self, ty: &Type, bytes: &[u8]) -> String {
        let ty = ty.thawed();
        if bytes.is_empty() && !matches!(ty, Type::Ascii | Type::Text | Type::Blob) {
            return if self.literal { "''".into() } else { String::new() };
        }
        self.full(ty, bytes).unwrap_or_else(|| self.blob(bytes))
    }

    /// `None` when the bytes are no value of the type.
    fn full(self, ty: &Type, bytes: &[u8]) -> Option<String> {
        let inner = Style { quote: true, ..self };
        Some(match ty {
            Type::Ascii | Type::Text => self.text(core::str::from_utf8(bytes).ok()?),
            Type::Blob => self.blob(bytes),
            Type::Boolean if self.literal => (*bytes.first()? != 0).to_string(),
            Type::Boolean => if *bytes.first()? != 0 { "True" } else { "False" }.into(),
            Type::Tinyint => i8::from_be_bytes(bytes.try_into().ok()?).to_string(),
            Type::Smallint => i16::from_be_bytes(bytes.try_into().ok()?).to_string(),
            Type::Int => i32::from_be_bytes(bytes.try_into().ok()?).to_string(),
            Type::Bigint | Type::Counter => i64::from_be_bytes(bytes.try_into().ok()?).to_string(),
            Type::Varint => num_bigint::BigInt::from_signed_bytes_be(bytes).to_string(),
            Type::Decimal => values::decimal_text(bytes),
            Type::Float => float::text(f64::from(f32::from_be_bytes(bytes.try_into().ok()?)), self.precision),
            Type::Double => float::text(f64::from_be_bytes(bytes.try_into().ok()?), self.precision),
            Type::Uuid | Type::Timeuuid => uuid(bytes.try_into().ok()?),
            Type::Inet => self.quoted(address(bytes)?, self.quote),
            Type::Timestamp => self.quoted(timestamp(i64::from_be_bytes(bytes.try_into().ok()?)), self.quote),
            Type::Date => self.quoted(date(u32::from_be_bytes(bytes.try_into().ok()?)), self.literal),
            Type::Time => self.quoted(time(i64::from_be_bytes(bytes.try_into().ok()?)), self.literal),
            Type::Duration => Duration::decode(bytes)?.to_string(),
            Type::List(element) => joined('[', values::elements(bytes).map(|item| inner.value(element, item)), ']'),
            Type::Set(element) => joined('{', values::elements(bytes).map(|item| inner.value(element, item)), '}'),
            Type::Map(kv) => {
                let mut entries: Vec<_> =
                    values::entries(bytes).map(|(k, v)| (k, inner.value(&kv.0, k), inner.value(&kv.1, v))).collect();
                // cqlsh sorts maps by their keys as Python orders them.
                match kv.0 {
                    Type::Inet => order::sort_by(&mut entries, |a, b| a.1.cmp(&b.1)),
                    Type::Uuid | Type::Timeuuid => order::sort_by(&mut entries, |a, b| a.0.cmp(b.0)),
                    _ => {}
                }
                joined('{', entries.into_iter().map(|(_, k, v)| format!("{k}: {v}")), '}')
            }
            Type::Tuple(types) => joined('(', inner.fields(types.iter(), bytes), ')'),
            Type::Udt(udt) => {
                let names = udt.fields.iter().map(|(name, _)| name);
                let values = inner.fields(udt.fields.iter().map(|(_, t)| t), bytes);
                joined('{', names.zip(values).map(|(name, value)| format!("{name}: {value}")), '}')
            }
            Type::Vector(element, count) => {
                joined('[', values::vector_elements(element, *count, bytes).map(|item| inner.value(element, item)), ']')
            }
            Type::Frozen(inner) => self.value(inner, bytes),
        })
    }

    fn fields<'a>(self, types: impl Iterator<Item = &'a Type>, bytes: &'a [u8]) -> impl Iterator<Item = String> {
        let mut items = values::fields(bytes);
        types.map(move |ty| items.next().flatten().map_or_else(|| "null".into(), |item| self.value(ty, item)))
    }

    fn text(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 2);
        if self.quote {
            out.push('\'');
        }
        for c in text.chars() {
            match c {
                '\\' if !self.literal => out.push_str("\\\\"),
                '\'' if self.quote => out.push_str("''"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\0'..='\x1f' | '\x7f'..='\u{a0}' => {
                    let _ = write!(out, "\\x{:02x}", u32::from(c));
                }
                c => out.push(c),
            }
        }
        if self.quote {
            out.push('\'');
        }
        out
    }

    fn blob(self, bytes: &[u8]) -> String {
        format!("0x{}", values::hex_text(bytes))
    }

    fn quoted(self, text: String, quote: bool) -> String {
        if quote { format!("'{text}'") } else { text }
    }
}

fn joined(open: char, items: impl Iterator<Item = String>, close: char) -> String {
    let mut out = String::from(open);
    for (i, item) in items.enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        out.push_str(&item);
    }
    out.push(close);
    out
}

/// `8-4-4-4-12` digits.
fn uuid(bytes: [u8; 16]) -> String {
    let hex = values::hex_text(&bytes);
    [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| hex.get(part).unwrap_or_default()).join("-")
}

fn address(bytes: &[u8]) -> Option<String> {
    values::address(bytes).map(|address| address.to_string())
}

/// `%Y-%m-%d %H:%M:%S.%f%z`; beyond Python's years 1 to 9999 the milliseconds.
fn timestamp(ms: i64) -> String {
    let (days, of_day) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    let (year, month, day) = calendar::civil_from_days(days);
    if !(1..=9999).contains(&year) {
        return ms.to_string();
    }
    let (hour, minute, second, ms) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1000 % 60, of_day % 1000);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{ms:03}000+0000")
}

/// `yyyy-mm-dd`; beyond Python's years the days since 1970-01-01.
fn date(date: u32) -> String {
    let days = i64::from(date) - (1 << 31);
    let (year, month, day) = calendar::civil_from_days(days);
    if !(1..=9999).contains(&year) {
        return days.to_string();
    }
    format!("{year:04}-{month:02}-{day:02}")
}

/// `hh:mm:ss.nnnnnnnnn`
fn time(nanos: i64) -> String {
    let (seconds, nanos) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    format!("{:02}:{:02}:{:02}.{nanos:09}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests;
