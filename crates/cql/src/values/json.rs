//! Values as JSON and back, in Cassandra's forms and words: `to_json`, `from_json`, `SELECT JSON`, `INSERT … JSON`.

mod read;

use super::{Constant, Kind, LiteralError, constant, java};
use crate::{comparable, types::Type, values};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::{self, Write};
use storage::order;

pub(crate) use read::parse;

/// A JSON document. Of a key written twice the last counts, and it stands where the first stood.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Boolean(bool),
    /// As written.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

/// As Java's `toString` of what Cassandra's decoder makes of it.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = |f: &mut fmt::Formatter<'_>, at: usize| if at > 0 { f.write_str(", ") } else { Ok(()) };
        match self {
            Json::Null => f.write_str("null"),
            Json::Boolean(value) => value.fmt(f),
            Json::Number(text) if self.class() == "Double" => {
                f.write_str(&java::float_text(text.parse().unwrap_or(f64::NAN), false))
            }
            Json::Number(text) | Json::Text(text) => f.write_str(text),
            Json::List(items) => {
                f.write_str("[")?;
                items.iter().enumerate().try_for_each(|(at, item)| {
                    each(f, at)?;
                    item.fmt(f)
                })?;
                f.write_str("]")
            }
            Json::Map(entries) => {
                f.write_str("{")?;
                entries.iter().enumerate().try_for_each(|(at, (key, value))| {
                    each(f, at)?;
                    write!(f, "{key}={value}")
                })?;
                f.write_str("}")
            }
        }
    }
}

impl Json {
    /// The Java class its value has.
    fn class(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Boolean(_) => "Boolean",
            Json::Number(text) if text.contains(['.', 'e', 'E']) => "Double",
            Json::Number(text) if text.parse::<i32>().is_ok() => "Integer",
            Json::Number(text) if text.parse::<i64>().is_ok() => "Long",
            Json::Number(_) => "BigInteger",
            Json::Text(_) => "String",
            Json::List(_) => "ArrayList",
            Json::Map(_) => "LinkedHashMap",
        }
    }
}

/// A name as a JSON key means it: small letters unless it is in quotes of its own.
pub(crate) fn name(key: &str) -> String {
    match key.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => quoted.into(),
        None => key.to_lowercase(),
    }
}

/// A name as a key, with the colon behind it: in quotes of its own where it has capitals.
pub(crate) fn key(name: &str, out: &mut String) {
    if name.chars().any(char::is_uppercase) {
        quoted(&format!("\"{name}\""), out);
    } else {
        quoted(name, out);
    }
    out.push_str(": ");
}

/// A row as an object.
pub(crate) fn row<'a>(columns: impl Iterator<Item = (&'a str, &'a Type, Option<&'a [u8]>)>) -> String {
    let mut out = String::new();
    listed(&mut out, ['{', '}'], columns, |out, (name, ty, value)| {
        key(name, out);
        write(ty, value, out);
    });
    out
}

/// A serialized value as JSON.
pub(crate) fn write(ty: &Type, value: Option<&[u8]>, out: &mut String) {
    let ty = ty.thawed();
    let Some(bytes) = value.filter(|bytes| !bytes.is_empty() || ty.empty_is_a_text()) else {
        return out.push_str(if value.is_some() { "\"\"" } else { "null" });
    };
    match ty {
        Type::List(element) | Type::Set(element) => {
            listed(out, ['[', ']'], values::items(bytes), |out, item| write(element, item, out));
        }
        Type::Vector(element, count) => {
            let items = values::vector_elements(element, *count, bytes);
            listed(out, ['[', ']'], items, |out, item| write(element, Some(item), out));
        }
        Type::Map(kv) => listed(out, ['{', '}'], values::entries(bytes), |out, (key, value)| {
            let mut text = String::new();
            write(&kv.0, Some(key), &mut text);
            if text.starts_with('"') {
                out.push_str(&text)
            } else {
                quoted(&text, out)
            }
            out.push_str(": ");
            write(&kv.1, Some(value), out);
        }),
        Type::Tuple(types) => {
            let mut fields = values::fields(bytes);
            listed(out, ['[', ']'], types.iter(), |out, ty| write(ty, fields.next().flatten(), out));
        }
        Type::Udt(udt) => {
            let mut fields = values::fields(bytes);
            listed(out, ['{', '}'], udt.fields.iter(), |out, (name, ty)| {
                key(name, out);
                write(ty, fields.next().flatten(), out);
            });
        }
        Type::Text | Type::Ascii => quoted(&String::from_utf8_lossy(bytes), out),
        Type::Float | Type::Double => {
            let text = java::text(ty, bytes, ' ');
            out.push_str(if text.ends_with(['N', 'y']) { "null" } else { &text });
        }
        Type::Tinyint
        | Type::Smallint
        | Type::Int
        | Type::Bigint
        | Type::Varint
        | Type::Decimal
        | Type::Counter
        | Type::Boolean => out.push_str(&java::text(ty, bytes, ' ')),
        _ => {
            let _ = write!(out, "\"{}\"", java::text(ty, bytes, ' '));
        }
    }
}

fn listed<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl Iterator<Item = T>,
    mut item: impl FnMut(&mut String, T),
) {
    out.push(open);
    for (at, one) in items.enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        item(out, one);
    }
    out.push(close);
}

/// A JSON string, escaped as Jackson does it.
fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\x1f' => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// The serialized value that a document means as a value of a type; the error is Cassandra's.
pub(crate) fn value(ty: &Type, json: &Json) -> Result<Option<Vec<u8>>, String> {
    let ty = ty.thawed();
    let expected = |what: &str| Err(format!("Expected {what}, but got a {}: {json}", json.class()));
    let read = |kind, text: &str| match constant(Constant { kind, text }, ty, 0) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(LiteralError::Value(message)) => Err(message),
        Err(LiteralError::Kind) => Err(format!("{text} is no {ty}")),
    };
    let number = |what: &str| match json {
        Json::Text(text) => read(Kind::Integer, text),
        Json::Number(text) if json.class() == "Integer" => read(Kind::Integer, text),
        Json::Number(text) if json.class() == "Long" && matches!(ty, Type::Bigint | Type::Counter) => {
            read(Kind::Integer, text)
        }
        _ => expected(what),
    };
    let text = |kind, what: &str| match json {
        Json::Text(text) => read(kind, text),
        _ => expected(what),
    };
    // A list or map may come as a text that is JSON itself.
    let inner = match (json, ty) {
        (
            Json::Text(text),
            Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) | Type::Udt(_) | Type::Vector(..),
        ) => Some(parse(text).map_err(|error| {
            let said = error.split_once(": ").map_or(&*error, |(_class, said)| said);
            format!("Error decoding JSON string: {said}")
        })?),
        _ => None,
    };
    let json = inner.as_ref().unwrap_or(json);
    let items = |what: &str| match json {
        Json::List(items) => Ok(items),
        _ => Err(format!("Expected {what}, but got a {}: {json}", json.class())),
    };
    let each = |items: &[Json], ty: &Type, what: &str| {
        let item = |item| value(ty, item)?.ok_or_else(|| format!("Invalid null element in {what}"));
        items.iter().map(item).collect::<Result<Vec<_>, String>>()
    };
    match json {
        Json::Null => return Ok(None),
        // No digits are no bytes, as everywhere in Cassandra.
        Json::Text(text) if text.is_empty() && ty.may_be_empty() && !ty.empty_is_a_text() => {
            return Ok(Some(Vec::new()));
        }
        _ => {}
    }
    match ty {
        Type::Tinyint | Type::Smallint => match json {
            Json::Text(_) | Json::Number(_) => read(Kind::Integer, &json.to_string()),
            _ => expected(if *ty == Type::Tinyint { "a byte value" } else { "a short value" }),
        },
        Type::Int => number("an int value"),
        Type::Bigint | Type::Counter => number("a bigint value"),
        Type::Float | Type::Double => match json {
            Json::Text(text) | Json::Number(text) => read(Kind::Float, text),
            _ => expected(&format!("a {ty} value")),
        },
        Type::Varint | Type::Decimal => {
            let text = json.to_string();
            let kind = if *ty == Type::Varint { Kind::Integer } else { Kind::Float };
            read(kind, &text).map_err(|_| format!("Value '{text}' is not a valid representation of a {ty} value"))
        }
        Type::Boolean => match json {
            Json::Boolean(value) => Ok(Some([u8::from(*value)].into())),
            Json::Text(text) => read(Kind::Boolean, text),
            _ => expected("a boolean value"),
        },
        Type::Text => text(Kind::String, "a UTF-8 string"),
        Type::Ascii => text(Kind::String, "an ascii string"),
        Type::Uuid => text(Kind::Uuid, "a string representation of a uuid"),
        Type::Timeuuid => text(Kind::Uuid, "a string representation of a timeuuid"),
        Type::Date => text(Kind::String, "a string representation of a date value"),
        Type::Time => text(Kind::String, "a string representation of a time value"),
        Type::Duration => text(Kind::Duration, "a string representation of a duration"),
        Type::Inet => text(Kind::String, "a string representation of an inet value"),
        Type::Timestamp => match json {
            Json::Number(text) if json.class() == "Long" => read(Kind::Integer, text),
            _ => text(Kind::String, "a long or a datestring representation of a timestamp value"),
        },
        Type::Blob => match json {
            Json::Text(text) => match text.strip_prefix("0x") {
                Some(digits) => read(Kind::Hex, digits),
                None => Err(format!(
                    "Value '{text}' is not a valid blob representation: String representation of blob is missing 0x prefix: {text}"
                )),
            },
            _ => Err(format!(
                "Value '{json}' is not a valid blob representation: class java.lang.{0} cannot be cast to class java.lang.String (java.lang.{0} and java.lang.String are in module java.base of loader 'bootstrap')",
                json.class()
            )),
        },
        Type::List(element) => {
            let items = each(items("a list")?, element, "list")?;
            Ok(Some(values::collection(items.iter().map(Vec::as_slice))))
        }
        Type::Set(element) => {
            let mut items = each(items("a list (representing a set)")?, element, "set")?;
            let order = |item: &Vec<u8>| comparable::encode([(&**element, false, &**item)]);
            order::sort_by_cached_key(&mut items, order);
            items.dedup();
            Ok(Some(values::collection(items.iter().map(Vec::as_slice))))
        }
        Type::Vector(element, count) => {
            let given = items("a list")?;
            if given.len() != *count as usize {
                return Err(format!("List had incorrect size: expected {count} but given {}; {json}", given.len()));
            }
            let items = each(given, element, "vector")?;
            Ok(Some(values::vector(element, items.iter().map(Vec::as_slice))))
        }
        Type::Map(kv) => {
            let Json::Map(entries) = json else {
                return Err(format!("Expected a map, but got a {}: {json}", json.class()));
            };
            let mut bound = Vec::with_capacity(entries.len());
            for (key, item) in entries {
                let key = value(&kv.0, &Json::Text(key.clone()))?.ok_or("Invalid null key in map")?;
                let item = value(&kv.1, item)?.ok_or("Invalid null value in map")?;
                bound.push((comparable::encode([(&kv.0, false, &*key)]), key, item));
            }
            order::sort_by(&mut bound, |a: &(Vec<u8>, Vec<u8>, Vec<u8>), b| a.0.cmp(&b.0));
            Ok(Some(values::map(bound.iter().map(|(_, key, item)| (&**key, &**item)))))
        }
        Type::Tuple(types) => {
            let given = items("a list representation of a tuple")?;
            if given.len() > types.len() {
                return Err(format!("Tuple contains extra items (expected {}): {json}", types.len()));
            }
            if given.len() < types.len() {
                return Err(format!("Tuple is missing items (expected {}): {json}", types.len()));
            }
            let fields = given.iter().zip(types.iter()).map(|(item, ty)| value(ty, item));
            let fields = fields.collect::<Result<Vec<_>, String>>()?;
            Ok(Some(values::tuple(fields.iter().map(Option::as_deref))))
        }
        Type::Udt(udt) => {
            let Json::Map(entries) = json else {
                return Err(format!("Expected a map, but got a {}: {json}", json.class()));
            };
            let given: Vec<(String, &Json)> = entries.iter().map(|(key, item)| (name(key), item)).collect();
            let mut fields = Vec::with_capacity(udt.fields.len());
            for (field, ty) in &udt.fields {
                let item = given.iter().find(|(name, _)| name == field).map_or(&Json::Null, |(_, item)| *item);
                fields.push(value(ty, item)?);
            }
            if let Some((unknown, _)) = given.iter().find(|(name, _)| udt.fields.iter().all(|(field, _)| field != name))
            {
                return Err(format!("Unknown field '{unknown}' in value of user defined type {}", udt.name));
            }
            Ok(Some(values::tuple(fields.iter().map(Option::as_deref))))
        }
        Type::Frozen(inner) => value(inner, json),
    }
}
