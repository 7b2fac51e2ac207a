//! Identifiers: unquoted ones fold to lower case, quoted ones are kept, and most keywords may be names.

use super::cursor::{Cursor, Parsed};
use crate::ast::{Name, Qualified};
use crate::lex::{Class, Keyword, Tok};
use alloc::rc::Rc;
use alloc::string::{String, ToString};

/// Whether a token may be a column's name (Parser.g: `ident`).
pub(super) fn is_name(kind: Tok) -> bool {
    match kind {
        Tok::Word | Tok::Quoted => true,
        Tok::Keyword(keyword) => keyword.class() != Class::Reserved,
        _ => false,
    }
}

/// Whether a token may be a function's name (Parser.g: `allowedFunctionName`).
pub(super) fn is_function_name(kind: Tok) -> bool {
    match kind {
        Tok::Word | Tok::Quoted | Tok::Keyword(Keyword::Token | Keyword::Count) => true,
        Tok::Keyword(keyword) => matches!(keyword.class(), Class::Free | Class::Type),
        _ => false,
    }
}

/// Whether a token may be a user-defined type's name (Parser.g: `non_type_ident`).
pub(super) fn is_type_name(kind: Tok) -> bool {
    match kind {
        Tok::Word | Tok::Quoted | Tok::Keyword(Keyword::Key) => true,
        Tok::Keyword(keyword) => keyword.class() == Class::Free,
        _ => false,
    }
}

/// Words that no type may be called; in capitals they may (Parser.g: `reservedTypeNames`).
pub(crate) const RESERVED_TYPES: [&str; 6] = ["byte", "complex", "enum", "interval", "macaddr", "bitstring"];

fn fold(word: &str) -> Name {
    if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Name::from(word.to_ascii_lowercase())
    } else {
        Name::from(word)
    }
}

/// What stands between quotes, a doubled quote standing for one.
pub(super) fn unquote(quoted: &str, quote: &str, doubled: &str) -> Rc<str> {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if inner.contains(quote) { Rc::from(inner.replace(doubled, quote)) } else { Rc::from(inner) }
}

impl<'a> Cursor<'a> {
    /// The present token as a name, whatever it is.
    fn take_name(&mut self) -> Name {
        let word = self.word();
        let name = match self.kind() {
            Tok::Quoted | Tok::EmptyQuoted => Name::from(unquote(word, "\"", "\"\"")),
            _ => fold(word),
        };
        self.advance();
        name
    }

    /// A name of anything but a function or a type.
    #[inline]
    pub(super) fn name(&mut self) -> Parsed<Name> {
        if is_name(self.kind()) { Ok(self.take_name()) } else { self.unexpected(&["a name"]) }
    }

    /// A column outside of DDL, where the empty name of old super columns is allowed (Parser.g: `cident`).
    #[inline]
    pub(super) fn column(&mut self) -> Parsed<Name> {
        if is_name(self.kind()) || self.kind() == Tok::EmptyQuoted {
            Ok(self.take_name())
        } else {
            self.unexpected(&["a column"])
        }
    }

    /// `name` or `keyspace.name`
    #[inline]
    pub(super) fn qualified(&mut self) -> Parsed<Qualified> {
        let first = self.name()?;
        if !self.take(Tok::Dot) {
            return Ok(Qualified { keyspace: None, name: first });
        }
        Ok(Qualified { keyspace: Some(first), name: self.name()? })
    }

    pub(super) fn function_name(&mut self) -> Parsed<Name> {
        if is_function_name(self.kind()) { Ok(self.take_name()) } else { self.unexpected(&["a function"]) }
    }

    /// `function` or `keyspace.function`
    pub(super) fn qualified_function(&mut self) -> Parsed<Qualified> {
        if is_name(self.kind()) && self.next_kind() == Tok::Dot {
            let keyspace = Some(self.take_name());
            self.advance();
            return Ok(Qualified { keyspace, name: self.function_name()? });
        }
        Ok(Qualified { keyspace: None, name: self.function_name()? })
    }

    /// `type` or `keyspace.type`, of a user-defined type.
    pub(super) fn qualified_type(&mut self) -> Parsed<Qualified> {
        let mut keyspace = None;
        if is_name(self.kind()) && self.next_kind() == Tok::Dot {
            keyspace = Some(self.take_name());
            self.advance();
        }
        if !is_type_name(self.kind()) {
            return self.unexpected(&["a type"]);
        }
        let (span, written) = (self.span(), self.word());
        let name = self.take_name();
        if RESERVED_TYPES.contains(&written) {
            return self.refuse(span, alloc::format!("Invalid (reserved) user type name {name}", name = name.as_str()));
        }
        Ok(Qualified { keyspace, name })
    }

    /// A role: a name, or a string that is kept as it is.
    pub(super) fn role_name(&mut self) -> Parsed<Name> {
        match self.kind() {
            Tok::Text | Tok::DollarText => Ok(Name::from(self.string()?)),
            kind if is_name(kind) => Ok(self.take_name()),
            _ => self.unexpected(&["a role"]),
        }
    }

    /// A user or an identity: a word that is no keyword, or a string; both keep their case.
    pub(super) fn user_name(&mut self) -> Parsed<Rc<str>> {
        match self.kind() {
            Tok::Text | Tok::DollarText => self.string(),
            Tok::Word => {
                let word = self.word();
                self.advance();
                Ok(Rc::from(word))
            }
            Tok::Quoted => {
                let reason = "Quoted strings are not supported here, write '…'";
                self.refuse(self.span(), String::from(reason))
            }
            _ => self.unexpected(&["a string", "a name"]),
        }
    }

    /// A string without its quotes.
    pub(super) fn string(&mut self) -> Parsed<Rc<str>> {
        let word = self.word();
        let text = match self.kind() {
            Tok::Text => unquote(word, "'", "''"),
            Tok::DollarText => Rc::from(word.get(2..word.len().saturating_sub(2)).unwrap_or_default()),
            _ => return self.unexpected(&["a string"]),
        };
        self.advance();
        Ok(text)
    }

    /// The present word in capitals, if it is one, keyword or not.
    pub(super) fn any_word(&self) -> Option<String> {
        matches!(self.kind(), Tok::Word | Tok::Keyword(_)).then(|| self.word().to_ascii_uppercase().to_string())
    }
}
