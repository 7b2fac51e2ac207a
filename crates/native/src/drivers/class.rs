//! A type that the protocol has no number for goes by the class that the server's Java has for it: a vector, and before v5 a duration.

use cql::Type;

use super::ClientError;

const PACKAGE: &str = "org.apache.cassandra.db.marshal.";

/// A type as a driver says it: as CQL writes it, but with classes in single quotes where the driver knows no more.
///
/// # Errors
/// When a name in it is no type's.
pub fn ours(kind: &str) -> Result<Type, ClientError> {
    let lost = |why: String| ClientError::Lost(format!("the type {kind}: {why}"));
    let mut text = String::new();
    let mut rest = kind;
    while let Some((before, class)) = rest.split_once(&format!("'{PACKAGE}")) {
        let (class, after) = class.split_once('\'').ok_or_else(|| lost("a quotation does not end".into()))?;
        text.push_str(before);
        text.push_str(&written(class).ok_or_else(|| lost("a class that nobody here knows".into()))?);
        rest = after;
    }
    text.push_str(rest);
    Type::parse(&text).map_err(|error| lost(error.to_string()))
}

/// A class, with or without its package, as CQL writes its type.
fn written(class: &str) -> Option<String> {
    let class = class.trim();
    let class = class.strip_prefix(PACKAGE).unwrap_or(class);
    let (name, inner) = match class.split_once('(') {
        Some((name, inner)) => (name, parts(inner.strip_suffix(')')?)),
        None => (class, Vec::new()),
    };
    let all = || inner.iter().map(|part| written(part)).collect::<Option<Vec<_>>>();
    Some(match (name, inner.as_slice()) {
        ("VectorType", [element, count]) => format!("vector<{}, {}>", written(element)?, count.trim()),
        ("ListType", [_]) => format!("list<{}>", all()?.concat()),
        ("SetType", [_]) => format!("set<{}>", all()?.concat()),
        ("FrozenType", [_]) => format!("frozen<{}>", all()?.concat()),
        // What `max` of a timeuuid is, on Cassandra.
        ("LegacyTimeUUIDType", []) => "timeuuid".into(),
        // Which way it is ordered is no part of a value.
        ("ReversedType", [inner]) => written(inner)?,
        ("MapType", [_, _]) => format!("map<{}>", all()?.join(", ")),
        ("TupleType", [_, ..]) => format!("tuple<{}>", all()?.join(", ")),
        ("UserType", [_keyspace, name, fields @ ..]) => {
            let field = |field: &&str| {
                let (name, class) = field.split_once(':')?;
                Some(format!("{} {}", quoted(name)?, written(class)?))
            };
            let fields = fields.iter().map(field).collect::<Option<Vec<_>>>()?;
            format!("{}({})", quoted(name)?, fields.join(", "))
        }
        (_, []) => plain(name)?.into(),
        _ => return None,
    })
}

/// What stands between the commas that no parentheses enclose.
fn parts(inner: &str) -> Vec<&str> {
    let mut depth = 0;
    let comma = |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    };
    inner.split(comma).collect()
}

/// A name that a class writes in hexadecimal digits.
fn quoted(hex: &str) -> Option<String> {
    let hex = hex.trim();
    let byte = |at: usize| hex.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    let bytes = (0..hex.len()).step_by(2).map(byte).collect::<Option<Vec<u8>>>()?;
    Some(format!("\"{}\"", String::from_utf8(bytes).ok()?.replace('"', "\"\"")))
}

fn plain(class: &str) -> Option<&'static str> {
    Type::NATIVE.iter().find(|(_, ty)| ty.class() == class).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_a_type() {
        let said = |kind: &str| ours(&kind.replace('~', PACKAGE)).map(|ty| ty.to_string());
        assert_eq!(said("'~VectorType(~FloatType , 3)'"), Ok("vector<float, 3>".into()));
        assert_eq!(said("list<'~DurationType'>"), Ok("list<duration>".into()));
        assert_eq!(
            said("map<text, '~VectorType(~FrozenType(~MapType(~UTF8Type,~Int32Type)) , 2)'>"),
            Ok("map<text, vector<frozen<map<text, int>>, 2>>".into())
        );
        let Ok(Type::Vector(element, 2)) =
            ours(&"'~VectorType(~UserType(k,61,7a:~TupleType(~LongType,~UTF8Type)) , 2)'".replace('~', PACKAGE))
        else {
            panic!("no vector")
        };
        let Type::Udt(udt) = element.thawed() else { panic!("no user-defined type") };
        assert_eq!((udt.name.as_str(), udt.fields.len()), ("a", 1));
        assert!(said("'~NoType'").is_err() && said("'~VectorType(~FloatType'").is_err());
    }
}
