//! Bound values as CQL literals, in the places of their markers.

use cql::ast::Statement;
use cql::{Schema, Type, Value};
use std::rc::Rc;

/// The statement that `text` is with these values in it. `None` when there is none: it does not parse, or one of the values is unset.
pub fn with_values(
    text: &str,
    values: &[Value],
    names: Option<&[Rc<str>]>,
    keyspace: Option<&str>,
    schema: &Schema,
) -> Option<Statement> {
    let statement = cql::parse(text).ok()?;
    if values.is_empty() {
        return Some(statement);
    }
    let prepared = cql::prepare(&statement, schema, keyspace).ok()?;
    let mut literals = Vec::new();
    for (at, variable) in prepared.variables().iter().enumerate() {
        let at = match names {
            Some(names) => names.iter().position(|name| *name == variable.name)?,
            None => at,
        };
        literals.push(literal(&variable.ty, values.get(at)?)?);
    }
    cql::parse(&filled(text, &literals)?).ok()
}

fn literal(ty: &Type, value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("null".into()),
        Value::Unset => None,
        Value::Bytes(bytes) => Some(match (ty, <[u8; 8]>::try_from(&**bytes), <[u8; 4]>::try_from(&**bytes)) {
            // Every digit, where a reader would be content with fewer.
            (Type::Double, Ok(bits), _) => float(f64::from_be_bytes(bits)),
            (Type::Float, _, Ok(bits)) => float(f32::from_be_bytes(bits)),
            _ => cql::print::literal(ty, bytes),
        }),
    }
}

fn float(number: impl std::fmt::Debug) -> String {
    match format!("{number:?}").as_str() {
        "inf" => "Infinity".into(),
        "-inf" => "-Infinity".into(),
        finite => finite.into(),
    }
}

/// The text with a literal for each marker, in their order. Quotes, comments and `$$` texts are left alone.
fn filled(text: &str, literals: &[String]) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 32);
    let mut literals = literals.iter();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let quoted = ["'", "\"", "$$", "/*", "--", "//"].into_iter().find(|open| rest.starts_with(open));
        let length = match (quoted, first) {
            (Some(open), _) => {
                let close = match open {
                    "/*" => "*/",
                    "--" | "//" => "\n",
                    same => same,
                };
                let inside = rest.get(open.len()..)?;
                inside.find(close).map_or(rest.len(), |at| open.len() + at + close.len())
            }
            (None, '?') => {
                out.push_str(&placed(&out, literals.next()?));
                1
            }
            (None, ':') if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '"') && !in_map(&out) => {
                out.push_str(&placed(&out, literals.next()?));
                let name = &rest[1..];
                1 + match name.strip_prefix('"') {
                    Some(quoted) => quoted.find('"').map_or(name.len(), |at| at + 2),
                    None => name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len()),
                }
            }
            (None, other) => {
                out.push(other);
                other.len_utf8()
            }
        };
        if quoted.is_some() {
            out.push_str(rest.get(..length)?);
        }
        rest = rest.get(length..)?;
    }
    Some(out)
}

/// `a IN ?` takes a list of values, which as a literal is in parentheses.
fn placed(before: &str, literal: &str) -> String {
    let is_in = before.trim_end().to_ascii_uppercase().ends_with(" IN");
    match literal.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).filter(|_| is_in) {
        Some(inner) => format!("({inner})"),
        None => literal.to_string(),
    }
}

/// A colon behind a key of a map's literal: what follows is a value, not a marker's name.
fn in_map(before: &str) -> bool {
    let before = before.trim_end();
    before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '\'' || c == '"' || c == ')')
        && before.rfind('{').is_some_and(|open| !before[open..].contains('}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled_with(text: &str, literals: &[&str]) -> String {
        filled(text, &literals.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn markers_are_found_and_nothing_else() {
        let said = "INSERT INTO t (a, b) VALUES (?, '?''?') -- ?\n USING TTL :ttl /* ? */";
        let told = "INSERT INTO t (a, b) VALUES (7, '?''?') -- ?\n USING TTL 60 /* ? */";
        assert_eq!(filled_with(said, &["7", "60"]), told);
        assert_eq!(
            filled_with("SELECT * FROM t WHERE a IN ? AND b = :\"B\"", &["[1, 2]", "[1, 2]"]),
            "SELECT * FROM t WHERE a IN (1, 2) AND b = [1, 2]"
        );
        assert_eq!(
            filled_with("UPDATE t SET m = {'a': ?, b:c} WHERE k = ?", &["1", "2"]),
            "UPDATE t SET m = {'a': 1, b:c} WHERE k = 2"
        );
        assert_eq!(filled("SELECT ?", &[]), None);
    }
}
