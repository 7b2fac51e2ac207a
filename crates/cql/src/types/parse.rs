//! The text of a type, as it stands in a schema or a trace, back to a [`Type`].

use super::{Type, Udt};
use alloc::{
    format,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

/// How deep types may nest.
const DEPTH_MAX: u32 = 32;

/// Why a text is no type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeError(pub String);

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Type {
    /// Reads what `Display` writes. A name that is no native type becomes a user-defined type, with fields if it says some.
    pub fn parse(text: &str) -> Result<Type, TypeError> {
        let mut reader = Reader { rest: text.trim(), depth: 0 };
        let ty = reader.ty()?;
        if reader.rest.is_empty() {
            Ok(ty)
        } else {
            Err(TypeError(format!("unexpected `{}` after type {ty}", reader.rest)))
        }
    }

    /// The native type of this name, in any case; `varchar` is `text`.
    pub fn native(name: &str) -> Option<Type> {
        let name = name.to_ascii_lowercase();
        let name = if name == "varchar" { "text" } else { name.as_str() };
        Type::NATIVE.iter().find(|(n, _)| *n == name).map(|(_, t)| t.clone())
    }

    /// `frozen<self>`, which freezes everything inside as well.
    pub fn frozen_deep(self) -> Result<Type, TypeError> {
        match self.thawed() {
            Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) | Type::Udt(_) | Type::Vector(..) => {
                Ok(self.freeze_all())
            }
            _ => Err(TypeError("frozen<> is only allowed on collections, tuples, and user-defined types".into())),
        }
    }

    fn freeze_all(&self) -> Type {
        match self {
            Type::List(t) => Type::list(t.freeze_all()).freeze(),
            Type::Set(t) => Type::set(t.freeze_all()).freeze(),
            Type::Map(kv) => Type::map(kv.0.freeze_all(), kv.1.freeze_all()).freeze(),
            Type::Tuple(types) => Type::Tuple(types.iter().map(Type::freeze_all).collect()),
            Type::Frozen(t) => t.freeze_all(),
            other => other.clone().freeze(),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: u32,
}

impl<'a> Reader<'a> {
    fn ty(&mut self) -> Result<Type, TypeError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(TypeError(format!("types may nest {DEPTH_MAX} deep")));
        }
        let (name, quoted) = self.name()?;
        let lower = name.to_ascii_lowercase();
        let ty = if quoted {
            self.user(name)?
        } else if let Some(native) = Type::native(&name) {
            native
        } else if !self.eat('<') {
            self.user(lower)?
        } else {
            let ty = match lower.as_str() {
                "list" => Type::list(self.ty()?),
                "set" => Type::set(self.ty()?),
                "map" => {
                    let key = self.ty()?;
                    self.expect(',')?;
                    Type::map(key, self.ty()?)
                }
                "frozen" => self.ty()?.frozen_deep()?,
                "tuple" => {
                    let mut types = Vec::from([self.ty()?]);
                    while self.eat(',') {
                        types.push(self.ty()?);
                    }
                    Type::Tuple(types.into())
                }
                "vector" => {
                    let element = self.ty()?;
                    self.expect(',')?;
                    let (size, _) = self.name()?;
                    let size = size.parse::<u16>().map_err(|_| TypeError(format!("`{size}` is no vector size")))?;
                    Type::Vector(Rc::new(element), u32::from(size))
                }
                _ => return Err(TypeError(format!("unknown type `{name}<`"))),
            };
            self.expect('>')?;
            ty
        };
        self.depth -= 1;
        Ok(ty)
    }

    /// A user-defined type, with its fields where they are written.
    fn user(&mut self, name: String) -> Result<Type, TypeError> {
        let mut fields = Vec::new();
        if self.eat('(') {
            loop {
                let (field, _) = self.name()?;
                fields.push((field, self.ty()?));
                if !self.eat(',') {
                    break;
                }
            }
            self.expect(')')?;
        }
        Ok(Type::Udt(Rc::new(Udt { keyspace: String::new(), name, fields })))
    }

    fn name(&mut self) -> Result<(String, bool), TypeError> {
        self.rest = self.rest.trim_start();
        if let Some(quoted) = self.rest.strip_prefix('"') {
            let mut name = String::new();
            let mut chars = quoted.char_indices();
            while let Some((at, c)) = chars.next() {
                if c != '"' {
                    name.push(c);
                } else if quoted[at + 1..].starts_with('"') {
                    name.push('"');
                    chars.next();
                } else {
                    self.rest = &quoted[at + 1..];
                    return Ok((name, true));
                }
            }
            return Err(TypeError("a quoted type name does not end".into()));
        }
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        if end == 0 {
            return Err(TypeError(format!("expected a type at `{}`", self.rest)));
        }
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok((name.to_string(), false))
    }

    fn eat(&mut self, c: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, c: char) -> Result<(), TypeError> {
        if self.eat(c) { Ok(()) } else { Err(TypeError(format!("expected `{c}` at `{}`", self.rest))) }
    }
}
