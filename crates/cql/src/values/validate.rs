//! Whether bytes from outside are a value of a type; the error is Cassandra's text.

use super::{Duration, VARINT_BYTES_MAX, counted, field, vector_elements};
use crate::types::Type;
use alloc::{format, string::String};

/// Checks a serialized value.
pub fn validate(ty: &Type, bytes: &[u8]) -> Result<(), String> {
    let length = bytes.len();
    let sized = |size: usize, what: &str| {
        if length == size || (length == 0 && ty.may_be_empty()) {
            Ok(())
        } else {
            Err(format!("Expected {what} ({length})"))
        }
    };
    match ty {
        Type::Ascii => match bytes.iter().find(|b| **b > 127) {
            Some(byte) => Err(format!("Invalid byte for ascii: {}", *byte as i8)),
            None => Ok(()),
        },
        Type::Text => core::str::from_utf8(bytes).map(|_| ()).map_err(|_| "String didn't validate.".into()),
        Type::Blob => Ok(()),
        Type::Varint if length > VARINT_BYTES_MAX => Err(too_long(length)),
        Type::Varint => Ok(()),
        Type::Boolean => sized(1, "1 or 0 byte value"),
        Type::Tinyint => sized(1, "1 byte for a tinyint"),
        Type::Smallint => sized(2, "2 bytes for a smallint"),
        Type::Int => sized(4, "4 or 0 byte int"),
        Type::Float => sized(4, "4 or 0 byte value for a float"),
        Type::Date => sized(4, "4 byte long for date"),
        Type::Bigint | Type::Counter => sized(8, "8 or 0 byte long"),
        Type::Timestamp => sized(8, "8 or 0 byte long for date"),
        Type::Double => sized(8, "8 or 0 byte value for a double"),
        // Of a day or not, for all that Cassandra looks at.
        Type::Time => sized(8, "8 byte long for time"),
        Type::Uuid if length == 0 || length == 16 => Ok(()),
        Type::Uuid => Err(format!("UUID should be 16 or 0 bytes ({length})")),
        Type::Timeuuid => match bytes {
            [] => Ok(()),
            [first, _, _, _, _, _, version, ..] if length == 16 => {
                // It tests one byte and shows another.
                if version >> 4 == 1 {
                    Ok(())
                } else {
                    Err(format!("Invalid version for TimeUUID type: 0x{:x}", first >> 4))
                }
            }
            _ => Err(format!("UUID should be 16 or 0 bytes ({length})")),
        },
        Type::Inet => match length {
            0 | 4 | 16 => Ok(()),
            _ => Err(format!("Expected 4 or 16 byte inetaddress; got {}", super::hex_text(bytes))),
        },
        Type::Decimal if length > VARINT_BYTES_MAX => Err(too_long(length)),
        Type::Decimal => {
            if length == 0 || length > 4 {
                Ok(())
            } else {
                Err(format!("Expected 0 or at least 4 bytes ({length})"))
            }
        }
        Type::Duration => duration(bytes),
        Type::List(element) => sequence(bytes, "list", |rest| item(element, rest)),
        Type::Set(element) => sequence(bytes, "set", |rest| item(element, rest)),
        Type::Map(kv) => sequence(bytes, "map", |rest| item(&kv.0, rest)?.map_or(Ok(None), |()| item(&kv.1, rest))),
        Type::Tuple(types) => fields(types.iter().map(|ty| (None, ty)), bytes, "tuple"),
        Type::Udt(udt) => fields(udt.fields.iter().map(|(name, ty)| (Some(&**name), ty)), bytes, "UDT"),
        Type::Vector(element, count) => {
            let mut seen = 0;
            for value in vector_elements(element, *count, bytes) {
                validate(element, value)?;
                seen += 1;
            }
            if seen == *count { Ok(()) } else { Err(format!("Not enough bytes to read a {ty}")) }
        }
        Type::Frozen(inner) => validate(inner, bytes),
    }
}

/// What a server says that stumbles over bytes, instead of refusing them.
pub(crate) const STUMBLED: &str = "java.lang.AssertionError: Unexpected error";

fn duration(bytes: &[u8]) -> Result<(), String> {
    if bytes.len() < 3 {
        return Err(format!("Expected at least 3 bytes for a duration ({})", bytes.len()));
    }
    let Some(Duration { months, days, nanos }) = Duration::decode(bytes) else {
        return Err(STUMBLED.into());
    };
    let all = [months, days, nanos];
    if all.iter().any(|part| *part < 0) && all.iter().any(|part| *part > 0) {
        return Err(format!(
            "The duration months, days and nanoseconds must be all of the same sign ({months}, {days}, {nanos})"
        ));
    }
    Ok(())
}

fn too_long(length: usize) -> String {
    format!("a varint may have {VARINT_BYTES_MAX} bytes, this one has {length}")
}

/// Of a null among the elements of what is in another value.
pub(super) const NULL_READ: &str = "Null value read when not allowed";

/// One element; `None` when the bytes end.
fn item(ty: &Type, rest: &mut &[u8]) -> Result<Option<()>, String> {
    match field(rest) {
        Some(Some(value)) => validate(ty, value).map(Some),
        Some(None) => Err(NULL_READ.into()),
        None => Ok(None),
    }
}

/// A negative count is one of nothing.
fn sequence(
    bytes: &[u8],
    what: &str,
    mut item: impl FnMut(&mut &[u8]) -> Result<Option<()>, String>,
) -> Result<(), String> {
    let short = || format!("Not enough bytes to read a {what}");
    let (count, mut rest) = counted(bytes).ok_or_else(short)?;
    for _ in 0..count {
        item(&mut rest)?.ok_or_else(short)?;
    }
    if rest.is_empty() { Ok(()) } else { Err(format!("Unexpected extraneous bytes after {what} value")) }
}

fn fields<'a>(
    types: impl Iterator<Item = (Option<&'a str>, &'a Type)>,
    bytes: &[u8],
    what: &str,
) -> Result<(), String> {
    let mut rest = bytes;
    for (at, (name, ty)) in types.enumerate() {
        if rest.is_empty() {
            return Ok(());
        }
        let size = if rest.len() < 4 { "size of " } else { "" };
        match (field(&mut rest), name) {
            (Some(Some(value)), _) => validate(ty, value)?,
            (Some(None), _) => {}
            (None, None) => return Err(format!("Not enough bytes to read {size}{at}th component")),
            (None, Some(name)) => return Err(format!("Not enough bytes to read {size}{at}th field {name}")),
        }
    }
    if rest.is_empty() { Ok(()) } else { Err(format!("Invalid remaining data after end of {what} value")) }
}
