//! Types as written (Parser.g: `comparatorType`).

use super::cursor::{Cursor, Parsed};
use crate::ast::{Native, TypeName};
use crate::lex::{Class, Keyword, Tok};
use alloc::boxed::Box;

fn native(kind: Tok) -> Option<Native> {
    let Tok::Keyword(keyword) = kind else { return None };
    if keyword.class() != Class::Type {
        return None;
    }
    Native::ALL.iter().copied().find(|native| native.as_str().eq_ignore_ascii_case(keyword.text()))
}

impl Cursor<'_> {
    pub(super) fn native(&mut self) -> Parsed<Native> {
        match native(self.kind()) {
            Some(native) => {
                self.advance();
                Ok(native)
            }
            None => self.unexpected(&["a native type"]),
        }
    }

    pub(super) fn type_name(&mut self) -> Parsed<TypeName> {
        self.deeper(Self::type_here)
    }

    fn type_here(&mut self) -> Parsed<TypeName> {
        // A word such as `list` may also name a type of the user's, `list.item` its keyspace.
        let generic = matches!(self.kind(), Tok::Keyword(_)) && self.next_kind() == Tok::Less;
        match self.kind() {
            Tok::Keyword(Keyword::List) if generic => {
                let inner = self.parameter()?;
                self.end_type(TypeName::List(Box::new(inner)))
            }
            Tok::Keyword(Keyword::Set) => {
                let inner = self.parameter()?;
                self.end_type(TypeName::Set(Box::new(inner)))
            }
            Tok::Keyword(Keyword::Frozen) if generic => {
                let at = self.span();
                let inner = self.parameter()?;
                if let TypeName::Native(native) = inner {
                    let only = "frozen<> is only allowed on collections, tuples, and user-defined types";
                    return self.refuse(at, alloc::format!("{only} (got {native})"));
                }
                self.end_type(TypeName::Frozen(Box::new(inner)))
            }
            Tok::Keyword(Keyword::Map) if generic => {
                let key = self.parameter()?;
                self.expect_symbol(Tok::Comma)?;
                let value = self.type_name()?;
                self.end_type(TypeName::Map(Box::new((key, value))))
            }
            Tok::Keyword(Keyword::Tuple) if generic => {
                self.advance();
                self.expect_symbol(Tok::Less)?;
                let parts = self.listed(Self::type_name)?;
                self.end_type(TypeName::Tuple(parts))
            }
            Tok::Keyword(Keyword::Vector) if generic => {
                let inner = self.parameter()?;
                self.expect_symbol(Tok::Comma)?;
                let dimension = self.word().parse::<u32>();
                match (self.kind(), dimension) {
                    (Tok::Integer, Ok(dimension)) => {
                        self.advance();
                        self.end_type(TypeName::Vector(Box::new(inner), dimension))
                    }
                    _ => self.unexpected(&["a dimension"]),
                }
            }
            Tok::Text | Tok::DollarText => Ok(TypeName::Custom(self.string()?)),
            kind => match native(kind) {
                Some(native) if self.next_kind() != Tok::Dot => {
                    self.advance();
                    Ok(TypeName::Native(native))
                }
                _ => Ok(TypeName::User(self.qualified_type()?)),
            },
        }
    }

    /// `name<type`
    fn parameter(&mut self) -> Parsed<TypeName> {
        self.advance();
        self.expect_symbol(Tok::Less)?;
        self.type_name()
    }

    fn end_type(&mut self, ty: TypeName) -> Parsed<TypeName> {
        self.expect_symbol(Tok::Greater)?;
        Ok(ty)
    }
}
