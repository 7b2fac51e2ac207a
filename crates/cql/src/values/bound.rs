//! What a server makes of a value that is bound to a marker.
//!
//! Cassandra takes a collection apart and puts it together again, so that of one set there is one form, in whatever order a driver sends
//! it: elements sorted and once each, a map by its keys with the last value of each, numbers in their shortest form. An element of no
//! bytes is null where its type has no such value; in a set or a map it is written as no bytes again. Tuples and user-defined types stay
//! as they came, with all that is in them.

use super::{collection, counted, field, map, minimal, push_field, validate, vector, vector_elements};
use crate::{comparable, types::Type};
use alloc::{format, string::String, vec::Vec};
use storage::{Bytes, order};

/// The value as it is stored; the error is Cassandra's text. One for a `descending` clustering column is looked at and left as it is:
/// the server does not see that it is a collection.
pub(crate) fn bound(ty: &Type, bytes: &Bytes, descending: bool) -> Result<Bytes, String> {
    if ty.is_collection() && !descending {
        return taken_apart(ty.thawed(), bytes).map(Into::into);
    }
    validate(ty, bytes).map(|()| bytes.clone())
}

fn taken_apart(ty: &Type, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let what = match ty {
        Type::List(_) => "list",
        Type::Set(_) => "set",
        _ => "map",
    };
    let short = || format!("Not enough bytes to read a {what}");
    let (count, mut rest) = counted(bytes).ok_or_else(short)?;
    if count < 0 {
        return Err(format!("The data cannot be deserialized as a {what}"));
    }
    let mut next = |of: &Type| match field(&mut rest).ok_or_else(short)? {
        Some(item) => validate(of, item).and_then(|()| element(of, item)),
        None if what == "list" => Ok(None),
        None => Err(String::from(super::validate::NULL_READ)),
    };
    let whole = match ty {
        Type::List(of) => {
            let items = (0..count).map(|_| next(of)).collect::<Result<Vec<_>, _>>()?;
            let mut out = count.to_be_bytes().to_vec();
            items.iter().for_each(|item| push_field(&mut out, item.as_deref()));
            out
        }
        Type::Set(of) => {
            let mut items =
                (0..count).map(|_| Ok(next(of)?.unwrap_or_default())).collect::<Result<Vec<_>, String>>()?;
            once(&mut items, |item| comparable::encode([(&**of, false, &**item)]));
            collection(items.iter().map(Vec::as_slice))
        }
        Type::Map(kv) => {
            let mut entry = |_| Ok((next(&kv.0)?.unwrap_or_default(), next(&kv.1)?.unwrap_or_default()));
            let mut items = (0..count).map(&mut entry).collect::<Result<Vec<_>, String>>()?;
            // The last value of a key is the one that stays.
            items.reverse();
            once(&mut items, |(key, _)| comparable::encode([(&kv.0, false, &**key)]));
            map(items.iter().map(|(key, value)| (&**key, &**value)))
        }
        _ => Vec::from(bytes),
    };
    if rest.is_empty() { Ok(whole) } else { Err(format!("Unexpected extraneous bytes after {what} value")) }
}

/// In order, of what compares as equal the first.
fn once<T: Clone>(items: &mut Vec<T>, key: impl Fn(&T) -> Vec<u8>) {
    if items.len() > 1 {
        order::sort_by_cached_key(items, &key);
        items.dedup_by(|a, b| key(a) == key(b));
    }
}

/// A valid element, read and written; `None`: null.
fn element(ty: &Type, bytes: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let ty = ty.thawed();
    Ok(Some(match (ty, bytes) {
        (Type::List(_) | Type::Set(_) | Type::Map(_), _) => taken_apart(ty, bytes)?,
        (Type::Vector(of, count), _) => {
            let items = vector_elements(of, *count, bytes)
                .map(|item| Ok(element(of, item)?.unwrap_or_default()))
                .collect::<Result<Vec<_>, String>>()?;
            vector(of, items.iter().map(Vec::as_slice))
        }
        (Type::Tuple(_) | Type::Udt(_) | Type::Ascii | Type::Text | Type::Blob, _) => bytes.into(),
        (_, []) => return Ok(None),
        (Type::Boolean, [byte]) => Vec::from([u8::from(*byte != 0)]),
        (Type::Varint, _) => minimal(bytes).into(),
        (Type::Decimal, [a, b, c, d, unscaled @ ..]) => [&[*a, *b, *c, *d], minimal(unscaled)].concat(),
        // An address of version 4 in the form of one of version 6.
        (Type::Inet, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, four @ ..]) if four.len() == 4 => four.into(),
        _ => bytes.into(),
    }))
}
