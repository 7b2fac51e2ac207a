//! CQL types: what a column may hold, printed and parsed as `system_schema.columns` prints them.

mod parse;

use alloc::{rc::Rc, string::String, vec::Vec};
use core::fmt;

pub use parse::TypeError;

/// A CQL type. `frozen` is a layer of its own: a collection without it is stored cell by cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// US-ASCII text.
    Ascii,
    /// 64-bit signed.
    Bigint,
    /// Bytes.
    Blob,
    /// One byte.
    Boolean,
    /// A distributed 64-bit counter.
    Counter,
    /// Days, unsigned, with 1970-01-01 at 2^31.
    Date,
    /// Scale and unscaled varint.
    Decimal,
    /// IEEE 754, 64 bits.
    Double,
    /// Months, days, nanoseconds.
    Duration,
    /// IEEE 754, 32 bits.
    Float,
    /// IPv4 or IPv6 address.
    Inet,
    /// 32-bit signed.
    Int,
    /// 16-bit signed.
    Smallint,
    /// UTF-8; `varchar` is the same type.
    Text,
    /// Nanoseconds of a day.
    Time,
    /// Milliseconds since the Unix epoch.
    Timestamp,
    /// Version 1 UUID, ordered by time.
    Timeuuid,
    /// 8-bit signed.
    Tinyint,
    /// Any UUID.
    Uuid,
    /// Big integer.
    Varint,
    /// Values in insertion order.
    List(Rc<Type>),
    /// Distinct values in order.
    Set(Rc<Type>),
    /// Values by key, in key order.
    Map(Rc<(Type, Type)>),
    /// Values by place.
    Tuple(Rc<[Type]>),
    /// A user-defined type.
    Udt(Rc<Udt>),
    /// A fixed number of values.
    Vector(Rc<Type>, u32),
    /// A collection or user-defined type stored as one value.
    Frozen(Rc<Type>),
}

/// A user-defined type: fields in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Udt {
    /// The type's keyspace; empty when parsed from text alone.
    pub keyspace: String,
    /// The type's name.
    pub name: String,
    /// Field names and types; empty when parsed from text alone.
    pub fields: Vec<(String, Type)>,
}

impl Type {
    /// The types that have one name and no parameters, in the order of their names.
    pub const NATIVE: [(&'static str, Type); 20] = [
        ("ascii", Type::Ascii),
        ("bigint", Type::Bigint),
        ("blob", Type::Blob),
        ("boolean", Type::Boolean),
        ("counter", Type::Counter),
        ("date", Type::Date),
        ("decimal", Type::Decimal),
        ("double", Type::Double),
        ("duration", Type::Duration),
        ("float", Type::Float),
        ("inet", Type::Inet),
        ("int", Type::Int),
        ("smallint", Type::Smallint),
        ("text", Type::Text),
        ("time", Type::Time),
        ("timestamp", Type::Timestamp),
        ("timeuuid", Type::Timeuuid),
        ("tinyint", Type::Tinyint),
        ("uuid", Type::Uuid),
        ("varint", Type::Varint),
    ];

    /// The class that Cassandra has for it, without package and parameters: the protocol names types by it that have no number,
    /// and so do some errors.
    pub fn class(&self) -> &'static str {
        match self {
            Type::Ascii => "AsciiType",
            Type::Bigint => "LongType",
            Type::Blob => "BytesType",
            Type::Boolean => "BooleanType",
            Type::Counter => "CounterColumnType",
            Type::Date => "SimpleDateType",
            Type::Decimal => "DecimalType",
            Type::Double => "DoubleType",
            Type::Duration => "DurationType",
            Type::Float => "FloatType",
            Type::Inet => "InetAddressType",
            Type::Int => "Int32Type",
            Type::Smallint => "ShortType",
            Type::Text => "UTF8Type",
            Type::Time => "TimeType",
            Type::Timestamp => "TimestampType",
            Type::Timeuuid => "TimeUUIDType",
            Type::Tinyint => "ByteType",
            Type::Uuid => "UUIDType",
            Type::Varint => "IntegerType",
            Type::List(_) => "ListType",
            Type::Set(_) => "SetType",
            Type::Map(_) => "MapType",
            Type::Tuple(_) => "TupleType",
            Type::Udt(_) => "UserType",
            Type::Vector(..) => "VectorType",
            Type::Frozen(_) => "FrozenType",
        }
    }

    /// A list of `element`, not frozen.
    pub fn list(element: Type) -> Type {
        Type::List(Rc::new(element))
    }

    /// A set of `element`, not frozen.
    pub fn set(element: Type) -> Type {
        Type::Set(Rc::new(element))
    }

    /// A map, not frozen.
    pub fn map(key: Type, value: Type) -> Type {
        Type::Map(Rc::new((key, value)))
    }

    /// The same type under `frozen<>`; scalars, tuples and vectors stay as they are, frozen types too.
    pub fn freeze(self) -> Type {
        match self {
            Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Udt(_) => Type::Frozen(Rc::new(self)),
            other => other,
        }
    }

    /// The type without its outer `frozen<>`.
    pub fn thawed(&self) -> &Type {
        match self {
            Type::Frozen(inner) => inner.thawed(),
            other => other,
        }
    }

    /// Whether no bytes are a value that a client shows as such; of other types a client takes them for null.
    pub(crate) fn empty_is_a_text(&self) -> bool {
        matches!(self, Type::Ascii | Type::Text | Type::Blob)
    }

    /// Stored as a cell for each element: a non-frozen list, set, map or user-defined type.
    pub fn is_multi_cell(&self) -> bool {
        matches!(self, Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Udt(_))
    }

    /// A list, set or map, frozen or not.
    pub fn is_collection(&self) -> bool {
        matches!(self.thawed(), Type::List(_) | Type::Set(_) | Type::Map(_))
    }

    /// A number that `sum` and `avg` accept.
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Type::Tinyint
                | Type::Smallint
                | Type::Int
                | Type::Bigint
                | Type::Varint
                | Type::Float
                | Type::Double
                | Type::Decimal
                | Type::Counter
        )
    }

    /// Values that are numbers or the like accept the empty byte string as a value of their own ("empty", not null).
    pub fn may_be_empty(&self) -> bool {
        !matches!(
            self.thawed(),
            Type::Date
                | Type::Smallint
                | Type::Time
                | Type::Tinyint
                | Type::Counter
                | Type::Duration
                | Type::List(_)
                | Type::Set(_)
                | Type::Map(_)
                | Type::Vector(..)
        )
    }

    /// Whether a duration sits anywhere inside; such a type has no order.
    pub fn holds_duration(&self) -> bool {
        match self {
            Type::Duration => true,
            Type::List(t) | Type::Set(t) | Type::Vector(t, _) | Type::Frozen(t) => t.holds_duration(),
            Type::Map(kv) => kv.0.holds_duration() || kv.1.holds_duration(),
            Type::Tuple(ts) => ts.iter().any(Type::holds_duration),
            Type::Udt(udt) => udt.fields.iter().any(|(_, t)| t.holds_duration()),
            _ => false,
        }
    }

    /// The size every value of this type has, if it has one.
    pub fn fixed_size(&self) -> Option<usize> {
        match self {
            Type::Boolean => Some(1),
            Type::Float | Type::Int => Some(4),
            Type::Bigint | Type::Double | Type::Timestamp | Type::Counter => Some(8),
            Type::Uuid | Type::Timeuuid => Some(16),
            Type::Vector(t, n) => t.fixed_size().map(|size| size * *n as usize),
            _ => None,
        }
    }

    /// The name of a native type.
    fn native_name(&self) -> Option<&'static str> {
        Self::NATIVE.iter().find(|(_, t)| t == self).map(|(name, _)| *name)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = |t: &Type, f: &mut fmt::Formatter<'_>| t.fmt(f);
        match self {
            Type::List(t) | Type::Set(t) | Type::Frozen(t) => {
                f.write_str(match self {
                    Type::List(_) => "list<",
                    Type::Set(_) => "set<",
                    _ => "frozen<",
                })?;
                inner(t, f)?;
                f.write_str(">")
            }
            Type::Map(kv) => {
                f.write_str("map<")?;
                inner(&kv.0, f)?;
                f.write_str(", ")?;
                inner(&kv.1, f)?;
                f.write_str(">")
            }
            Type::Tuple(types) => {
                f.write_str("frozen<tuple<")?;
                for (i, t) in types.iter().enumerate() {
                    f.write_str(if i == 0 { "" } else { ", " })?;
                    inner(t, f)?;
                }
                f.write_str(">>")
            }
            Type::Udt(udt) => {
                f.write_str(&crate::print::identifier(&udt.name))?;
                // With `#` the fields too, so that whoever has only the text can print values.
                if f.alternate() && !udt.fields.is_empty() {
                    for (i, (name, t)) in udt.fields.iter().enumerate() {
                        write!(f, "{}{} ", if i == 0 { "(" } else { ", " }, crate::print::identifier(name))?;
                        inner(t, f)?;
                    }
                    f.write_str(")")?;
                }
                Ok(())
            }
            Type::Vector(t, n) => {
                f.write_str("vector<")?;
                inner(t, f)?;
                write!(f, ", {n}>")
            }
            scalar => f.write_str(scalar.native_name().unwrap_or("?")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn prints_as_system_schema_does() {
        for text in [
            "int",
            "list<int>",
            "frozen<list<frozen<list<int>>>>",
            "map<text, int>",
            "frozen<tuple<int, text>>",
            "map<text, frozen<map<int, frozen<set<timeuuid>>>>>",
            "vector<float, 3>",
            "frozen<address>",
            "list<frozen<tuple<int, frozen<list<int>>>>>",
        ] {
            assert_eq!(Type::parse(text).map(|t| t.to_string()), Ok(text.to_string()));
        }
    }

    #[test]
    fn freezing_reaches_inside() {
        assert_eq!(Type::parse("frozen<list<list<int>>>").unwrap().to_string(), "frozen<list<frozen<list<int>>>>");
        assert_eq!(Type::parse("frozen<frozen<set<int>>>").unwrap().to_string(), "frozen<set<int>>");
        assert_eq!(
            Type::parse("frozen<int>").unwrap_err().to_string(),
            "frozen<> is only allowed on collections, tuples, and user-defined types"
        );
        assert_eq!(Type::parse("VARCHAR").unwrap(), Type::Text);
    }
}
