//! Expressions and types.

use super::{Function, Joined, Quoted, name};
use crate::ast::{Binary, Call, Expr, Literal, Marker, Native, Reference, TypeName, WriteFact};
use crate::lex::{Class, Keyword};
use crate::parse::RESERVED_TYPES;
use core::fmt::{Display, Formatter, Result};

impl<R: Display> Display for Expr<R> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Expr::Literal(literal) => literal.fmt(f),
            Expr::Null => f.write_str("NULL"),
            Expr::Marker(marker) => marker.fmt(f),
            Expr::List(items) => write!(f, "[{}]", Joined(items, ", ")),
            Expr::Set(items) => write!(f, "{{{}}}", Joined(items, ", ")),
            Expr::Map(entries) => {
                f.write_str("{")?;
                super::listed(f, entries, |(key, value), f| write!(f, "{key}: {value}"))?;
                f.write_str("}")
            }
            Expr::Udt(fields) => {
                f.write_str("{")?;
                super::listed(f, fields, |(field, value), f| write!(f, "{field}: {value}"))?;
                f.write_str("}")
            }
            Expr::Tuple(items) => write!(f, "({})", Joined(items, ", ")),
            Expr::Call(Call { function, arguments }) => {
                write!(f, "{}({})", Function(function), Joined(arguments, ", "))
            }
            Expr::Hint(hint) => write!(f, "({}) {}", hint.0, hint.1),
            Expr::Cast(inner, native) => write!(f, "CAST({inner} AS {native})"),
            // The space keeps `- 1` apart from the literal `-1`.
            Expr::Negate(inner) => write!(f, "- {inner}"),
            Expr::Binary(binary) => {
                let Binary { left, operator, right } = &**binary;
                write!(f, "{left} {} {right}", operator.sign())
            }
            Expr::Reference(reference) => reference.fmt(f),
        }
    }
}

impl Display for Reference {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            // Bare, these three would be read as something else at some places of a selection.
            Reference::Column(column) => name(f, column, |keyword| {
                keyword.class() == Class::Reserved || matches!(keyword, Keyword::Json | Keyword::Distinct | Keyword::As)
            }),
            // `0.a` would begin with the number `0.`.
            Reference::Field(inner, field) if matches!(**inner, Expr::Literal(_) | Expr::Hint(_)) => {
                write!(f, "{inner} .{field}")
            }
            Reference::Field(inner, field) => write!(f, "{inner}.{field}"),
            Reference::Element(inner, key) => write!(f, "{inner}[{key}]"),
            Reference::Slice(inner, ends) => {
                write!(f, "{inner}[")?;
                if let Some(from) = &ends.0 {
                    from.fmt(f)?;
                }
                f.write_str("..")?;
                if let Some(to) = &ends.1 {
                    to.fmt(f)?;
                }
                f.write_str("]")
            }
            Reference::CountRows => f.write_str("count(*)"),
            Reference::Write(fact, inner) => write!(f, "{fact}({inner})"),
        }
    }
}

impl Display for WriteFact {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            WriteFact::WriteTime => "WRITETIME",
            WriteFact::MaxWriteTime => "MAXWRITETIME",
            WriteFact::Ttl => "TTL",
        })
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Literal::Text(text) => Quoted(text).fmt(f),
            Literal::Numeral(_)
            | Literal::Integer(_)
            | Literal::Float(_)
            | Literal::Boolean(_)
            | Literal::Uuid(_)
            | Literal::Blob(_)
            | Literal::Duration(_) => f.write_str(&self.text()),
        }
    }
}

impl Display for Marker {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.name {
            Some(name) => write!(f, ":{name}"),
            None => f.write_str("?"),
        }
    }
}

impl Display for Native {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.as_str())
    }
}

impl Display for TypeName {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            TypeName::Native(native) => native.fmt(f),
            TypeName::List(inner) => write!(f, "list<{inner}>"),
            TypeName::Set(inner) => write!(f, "set<{inner}>"),
            TypeName::Map(parts) => write!(f, "map<{}, {}>", parts.0, parts.1),
            TypeName::Tuple(parts) => write!(f, "tuple<{}>", Joined(parts, ", ")),
            TypeName::Vector(inner, dimension) => write!(f, "vector<{inner}, {dimension}>"),
            TypeName::Frozen(inner) => write!(f, "frozen<{inner}>"),
            TypeName::User(user) => super::schema::UserType(user).fmt(f),
            TypeName::Custom(class) => Quoted(class).fmt(f),
        }
    }
}

/// Whether a user-defined type of this name has to be quoted.
pub(super) fn is_reserved_type(name: &str) -> bool {
    RESERVED_TYPES.contains(&name)
}
