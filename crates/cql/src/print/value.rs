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
    value.filter(|bytes| !bytes.is_empty() || ty.thawed().empty_is_a_text()).map_or_else(
        || "null".into(),
        |value| Style { quote: false, precision: float::CELL, literal: false }.value(ty, value),
    )
}

/// A value as CQL would write it: text and times quoted. For keys and cells of trace lines.
pub fn literal(ty: &Type, value: &[u8]) -> String {
    Style { quote: true, precision: float::LITERAL, literal: true }.value(ty, value)
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
        if bytes.is_empty() && !ty.empty_is_a_text() {
            return if self.literal { "''".into() } else { self.none(ty) };
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
            Type::Varint => {
                let (negative, digits) = values::digits(bytes);
                if negative { format!("-{digits}") } else { digits }
            }
            Type::Decimal => values::decimal_text(bytes),
            Type::Float => float::text(f64::from(f32::from_be_bytes(bytes.try_into().ok()?)), self.precision),
            Type::Double => float::text(f64::from_be_bytes(bytes.try_into().ok()?), self.precision),
            Type::Uuid | Type::Timeuuid => uuid(bytes.try_into().ok()?),
            Type::Inet => self.quoted(address(bytes)?, self.quote),
            Type::Timestamp => self.quoted(timestamp(i64::from_be_bytes(bytes.try_into().ok()?)), self.quote),
            Type::Date => self.quoted(date(u32::from_be_bytes(bytes.try_into().ok()?)), self.literal),
            Type::Time => self.quoted(time(i64::from_be_bytes(bytes.try_into().ok()?)), self.literal),
            Type::Duration => Duration::decode(bytes)?.to_string(),
            Type::List(element) => {
                let item =
                    |item: Option<&[u8]>| item.map_or_else(|| inner.none(element), |item| inner.value(element, item));
                joined('[', values::items(bytes).map(item), ']')
            }
            Type::Set(element) => {
                inner.sorted(element, values::elements(bytes).map(|item| (item, inner.value(element, item))))
            }
            Type::Map(kv) => inner.sorted(
                &kv.0,
                values::entries(bytes)
                    .map(|(k, v)| (k, format!("{}: {}", inner.value(&kv.0, k), inner.value(&kv.1, v)))),
            ),
            Type::Tuple(types) => joined('(', inner.fields(types.iter(), bytes, |ty| inner.none(ty)), ')'),
            Type::Udt(udt) => {
                let types = udt.fields.iter().map(|(_, ty)| ty);
                let values = inner.fields(types, bytes, |_| "null".into());
                let names = udt.fields.iter().enumerate().map(|(at, (name, _))| self.field(at, name));
                joined('{', names.zip(values).map(|(name, value)| format!("{name}: {value}")), '}')
            }
            Type::Vector(element, count) => {
                joined('[', values::vector_elements(element, *count, bytes).map(|item| inner.value(element, item)), ']')
            }
            Type::Frozen(inner) => self.value(inner, bytes),
        })
    }

    fn fields<'a>(
        self,
        types: impl IntoIterator<Item = &'a Type>,
        bytes: &'a [u8],
        none: impl Fn(&Type) -> String,
    ) -> impl Iterator<Item = String> {
        let mut items = values::fields(bytes);
        types.into_iter().map(move |ty| items.next().flatten().map_or_else(|| none(ty), |item| self.value(ty, item)))
    }

    /// A field's name; cqlsh has Python's, which must begin with a letter and hold no blanks.
    fn field(self, at: usize, name: &str) -> String {
        let plain =
            name.starts_with(|c: char| c.is_alphabetic()) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if self.literal {
            super::identifier(name)
        } else if plain {
            name.into()
        } else {
            format!("field_{at}_")
        }
    }

    /// What is missing inside a collection or a tuple: in cqlsh it is Python's word, and quoted where the type's values are.
    fn none(self, ty: &Type) -> String {
        if self.literal {
            return "null".into();
        }
        self.quoted("None".into(), self.quote && matches!(ty.thawed(), Type::Inet | Type::Timestamp))
    }

    /// Sets and maps stand in the order that Python gives their keys.
    fn sorted<'a>(self, ty: &Type, items: impl Iterator<Item = (&'a [u8], String)>) -> String {
        let mut items: Vec<_> = items.collect();
        match ty.thawed() {
            Type::Inet => order::sort_by(&mut items, |a, b| a.1.cmp(&b.1)),
            Type::Uuid | Type::Timeuuid => order::sort_by(&mut items, |a, b| a.0.cmp(b.0)),
            _ => {}
        }
        joined('{', items.into_iter().map(|(_, text)| text), '}')
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

/// As `inet_ntop` writes it: an IPv4 address in the last four bytes of zeros keeps its dots.
fn address(bytes: &[u8]) -> Option<String> {
    Some(match (values::address(bytes)?, bytes) {
        (_, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d]) if (*a, *b) != (0, 0) => format!("::{a}.{b}.{c}.{d}"),
        (address, _) => address.to_string(),
    })
}

/// `%Y-%m-%d %H:%M:%S.%f%z`; beyond Python's years 1 to 9999 the milliseconds.
fn timestamp(ms: i64) -> String {
    // Python's driver divides by 1000.0 first, so far from 1970 the microseconds are those of a double.
    let seconds = ms / 1000;
    let part = ms as f64 / 1000.0 - seconds as f64;
    let us = seconds * 1_000_000 + (part * 1e6 + if part < 0.0 { -0.5 } else { 0.5 }) as i64;
    let (days, of_day) = (us.div_euclid(86_400_000_000), us.rem_euclid(86_400_000_000));
    let (year, month, day) = calendar::civil_from_days(days);
    if !(1..=9999).contains(&year) {
        return ms.to_string();
    }
    let (second, us) = (of_day / 1_000_000, of_day % 1_000_000);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{us:06}+0000")
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
