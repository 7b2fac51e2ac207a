//! Constants to serialized values: which kind of constant a type takes, and Cassandra's words where it does not.

use super::{
    DIGITS_MAX, Duration, decimal, number,
    timestamp::{TimestampError, parse_date, parse_time, parse_timestamp},
};
use crate::types::Type;
use alloc::{format, string::String, vec::Vec};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use num_bigint::BigInt;

/// The kinds of constants of the grammar, named as Cassandra's errors name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `'…'`
    String,
    /// `12`
    Integer,
    /// `1.5`, `NaN`
    Float,
    /// `true`
    Boolean,
    /// A UUID without quotes.
    Uuid,
    /// `0x…`
    Hex,
    /// `1d2h`
    Duration,
}

impl Kind {
    /// As in `Invalid INTEGER constant (3) for "v" of type text`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::String => "STRING",
            Kind::Integer => "INTEGER",
            Kind::Float => "FLOAT",
            Kind::Boolean => "BOOLEAN",
            Kind::Uuid => "UUID",
            Kind::Hex => "HEX",
            Kind::Duration => "DURATION",
        }
    }
}

/// A constant: its kind and its text without quotes; hexadecimal digits without `0x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constant<'a> {
    /// Its kind.
    pub kind: Kind,
    /// Its text.
    pub text: &'a str,
}

/// Why a constant is no value of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralError {
    /// This kind of constant never is; the caller knows the column's name for the message.
    Kind,
    /// Cassandra's text.
    Value(String),
}

fn bad<T>(message: String) -> Result<T, LiteralError> {
    Err(LiteralError::Value(message))
}

/// The serialized value of a constant of type `ty`. `now_ms` is what the timestamp `'now'` means.
pub fn constant(constant: Constant<'_>, ty: &Type, now_ms: i64) -> Result<Vec<u8>, LiteralError> {
    use Kind::{Boolean, Float, Hex, Integer, String, Uuid};
    let text = constant.text;
    if text.len() > DIGITS_MAX && matches!(constant.kind, Integer | Float) {
        return bad(format!("a number may be written with {DIGITS_MAX} digits, this one has {}", text.len()));
    }
    Ok(match (constant.kind, ty) {
        (String, Type::Text) => text.as_bytes().to_vec(),
        (String, Type::Ascii) if text.is_ascii() => text.as_bytes().to_vec(),
        (String, Type::Ascii) => {
            return bad("Invalid ASCII character in string literal: java.nio.charset.UnmappableCharacterException: Input length = 1".into());
        }
        (String, Type::Inet) => inet(text)?,
        (String | Integer, Type::Date) => date(text)?.to_be_bytes().to_vec(),
        (String | Integer, Type::Time) => time(text)?.to_be_bytes().to_vec(),
        (String, Type::Timestamp) if text.is_empty() => Vec::new(),
        (String | Integer, Type::Timestamp) => timestamp(text, now_ms)?.to_be_bytes().to_vec(),
        (Integer, Type::Tinyint) => integer::<i8>(text, "byte")?.to_be_bytes().to_vec(),
        (Integer, Type::Smallint) => integer::<i16>(text, "short")?.to_be_bytes().to_vec(),
        (Integer, Type::Int) => integer::<i32>(text, "int")?.to_be_bytes().to_vec(),
        (Integer, Type::Bigint | Type::Counter) => integer::<i64>(text, "long")?.to_be_bytes().to_vec(),
        (Integer, Type::Varint) => match text.parse::<BigInt>() {
            Ok(number) => number.to_signed_bytes_be(),
            Err(_) => return bad(format!("unable to make int from '{text}'")),
        },
        (Integer | Float, Type::Decimal) => match number::parse_decimal(text) {
            Some((scale, unscaled)) => decimal(scale, &unscaled),
            None => return bad(format!("unable to make BigDecimal from '{text}'")),
        },
        (Integer | Float, Type::Double) => match float_text(text).parse::<f64>() {
            Ok(number) if number.is_nan() => f64::NAN.to_bits().to_be_bytes().to_vec(),
            Ok(number) => number.to_be_bytes().to_vec(),
            Err(_) => return bad(format!("Unable to make double from '{text}'")),
        },
        (Integer | Float, Type::Float) => match float_text(text).parse::<f32>() {
            Ok(number) if number.is_nan() => f32::NAN.to_bits().to_be_bytes().to_vec(),
            Ok(number) => number.to_be_bytes().to_vec(),
            Err(_) => return bad(format!("Unable to make float from '{text}'")),
        },
        (Boolean, Type::Boolean) => [u8::from(text.eq_ignore_ascii_case("true"))].into(),
        (Uuid, Type::Uuid) => uuid(text)?.to_vec(),
        (Uuid, Type::Timeuuid) => {
            let bytes = uuid(text)?;
            if bytes[6] >> 4 != 1 {
                return bad("TimeUUID supports only version 1 UUIDs".into());
            }
            bytes.to_vec()
        }
        // Cassandra takes these for a byte, and for no other number.
        (Hex, Type::Tinyint) => {
            let bytes = hex(text).unwrap_or_default();
            super::validate(ty, &bytes).map_err(LiteralError::Value)?;
            bytes
        }
        (Hex, Type::Blob) => match hex(text) {
            Some(bytes) => bytes,
            None => return bad(format!("cannot parse '{text}' as hex bytes")),
        },
        (Kind::Duration | Integer, Type::Duration) => Duration::parse(text).map_err(LiteralError::Value)?.encode(),
        (_, Type::Frozen(inner)) => return self::constant(constant, inner, now_ms),
        (kind, Type::Tuple(types)) => tuple(kind, text, types, ty, now_ms)?,
        _ => return Err(LiteralError::Kind),
    })
}

/// A constant of any kind may be a tuple, its fields apart by `:` and null written `@`; a blob is its bytes.
fn tuple(kind: Kind, text: &str, types: &[Type], ty: &Type, now_ms: i64) -> Result<Vec<u8>, LiteralError> {
    if kind == Kind::Hex {
        let bytes = hex(text).unwrap_or_default();
        super::validate(ty, &bytes).map_err(LiteralError::Value)?;
        return Ok(bytes);
    }
    let mut fields: Vec<String> = Vec::from([String::new()]);
    for (at, part) in text.split(':').enumerate() {
        match fields.last_mut() {
            // The colon was escaped.
            Some(last) if last.ends_with('\\') => {
                last.pop();
                last.push(':');
                last.push_str(part);
            }
            Some(last) if at == 0 => last.push_str(part),
            _ => fields.push(part.into()),
        }
    }
    if fields.len() > types.len() {
        return bad(format!(
            "Invalid tuple literal: too many elements. Type {} expects {} but got {}",
            ty.clone().freeze(),
            types.len(),
            fields.len()
        ));
    }
    let mut values = Vec::with_capacity(fields.len());
    for (field, ty) in fields.iter().zip(types) {
        values.push(if field == "@" { None } else { Some(from_text(&field.replace("\\@", "@"), ty, now_ms)?) });
    }
    Ok(super::tuple(values.iter().map(Option::as_deref)))
}

/// What Cassandra's types read from text, whatever kind of constant it would be.
fn from_text(text: &str, ty: &Type, now_ms: i64) -> Result<Vec<u8>, LiteralError> {
    if text.is_empty() && !ty.empty_is_a_text() && ty.may_be_empty() {
        return Ok(Vec::new());
    }
    let kind = match ty.thawed() {
        Type::Tinyint | Type::Smallint | Type::Int | Type::Bigint | Type::Counter | Type::Varint => Kind::Integer,
        Type::Float | Type::Double | Type::Decimal => Kind::Float,
        Type::Boolean => Kind::Boolean,
        Type::Uuid | Type::Timeuuid => Kind::Uuid,
        Type::Blob => Kind::Hex,
        Type::Duration => Kind::Duration,
        _ => Kind::String,
    };
    constant(Constant { kind, text }, ty, now_ms)
}

fn integer<T: core::str::FromStr>(text: &str, java: &str) -> Result<T, LiteralError> {
    text.parse().or_else(|_| bad(format!("Unable to make {java} from '{text}'")))
}

/// Rust reads `nan` and `inf` in any case, Java writes `Infinity`; both read the rest alike.
fn float_text(text: &str) -> &str {
    if text.eq_ignore_ascii_case("-nan") { "nan" } else { text }
}

fn timestamp(text: &str, now_ms: i64) -> Result<i64, LiteralError> {
    parse_timestamp(text, now_ms).or_else(|error| {
        bad(match error {
            TimestampError::TooLarge => format!("Unable to make long (for date) from: '{text}'"),
            TimestampError::Form => format!("Unable to parse a date/time from '{text}'"),
            TimestampError::NamedZone => {
                format!("Unable to parse a date/time from '{text}': this model knows no time zones by name, write an offset such as +01:00")
            }
        })
    })
}

/// Days with 1970-01-01 at 2³¹; an integer is taken as it is.
fn date(text: &str) -> Result<u32, LiteralError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().or_else(|_| bad(format!("Unable to make unsigned int (for date) from: '{text}'")));
    }
    parse_date(text)
        .and_then(|days| u32::try_from(days + (1 << 31)).ok())
        .map_or_else(|| bad(format!("Unable to coerce '{text}' to a formatted date (long)")), Ok)
}

fn time(text: &str) -> Result<i64, LiteralError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return match text.parse() {
            Ok(nanos @ 0..=86_399_999_999_999) => Ok(nanos),
            _ => bad(format!("Unable to make long (for time) from: '{text}'")),
        };
    }
    parse_time(text).map_or_else(|| bad(format!("(TimeType) Unable to coerce '{text}' to a formatted time (long)")), Ok)
}

/// Names are not looked up; the forms are those of Java's `InetAddress`, which also takes `1.2.3` and `1`.
fn inet(text: &str) -> Result<Vec<u8>, LiteralError> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    if let Ok(v6) = text.parse::<Ipv6Addr>() {
        return Ok(v6.to_ipv4_mapped().map_or_else(|| v6.octets().to_vec(), |v4| v4.octets().to_vec()));
    }
    inet_v4(text)
        .map_or_else(|| bad(format!("Unable to make inet address from '{text}'")), |v4| Ok(v4.octets().to_vec()))
}

fn inet_v4(text: &str) -> Option<Ipv4Addr> {
    let parts = text
        .split('.')
        .map(|part| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u64>().ok())?)
        .collect::<Option<Vec<_>>>()?;
    let (last, head) = parts.split_last()?;
    if head.len() > 3 || head.iter().any(|part| *part > 255) || *last >= 1 << (8 * (4 - head.len())) {
        return None;
    }
    let address = head.iter().enumerate().fold(*last, |sum, (i, part)| sum | part << (24 - 8 * i));
    u32::try_from(address).ok().map(Ipv4Addr::from)
}

/// The address of a serialized `inet`.
pub(crate) fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        return Some(IpAddr::from(v4));
    }
    <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from)
}

fn uuid(text: &str) -> Result<[u8; 16], LiteralError> {
    let shaped = text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    hex(&digits)
        .filter(|_| shaped)
        .and_then(|b| b.try_into().ok())
        .map_or_else(|| bad(format!("Unable to make UUID from '{text}'")), Ok)
}

/// Hexadecimal digits to bytes; an odd number of them is none.
pub fn hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.bytes().map(|b| char::from(b).to_digit(16).map(|d| d as u8)).collect::<Option<Vec<_>>>()?;
    digits.len().is_multiple_of(2).then(|| digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex_text(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).filter_map(|d| char::from_digit(u32::from(d), 16)).collect()
}

#[cfg(test)]
mod tests;
