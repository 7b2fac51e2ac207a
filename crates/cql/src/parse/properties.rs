//! `WITH name = value AND …`

use super::cursor::{Cursor, Parsed};
use crate::ast::{Expr, Literal, Property, PropertyValue, Term};
use crate::lex::{Class, Span, Tok};
use alloc::string::ToString;
use alloc::vec::Vec;

impl Cursor<'_> {
    /// `name = value AND …`, at least one.
    pub(super) fn properties(&mut self) -> Parsed<Vec<Property>> {
        let mut properties = Vec::new();
        self.joined(|cursor| cursor.property(&mut properties))?;
        Ok(properties)
    }

    /// One more property.
    pub(super) fn property(&mut self, properties: &mut Vec<Property>) -> Parsed<()> {
        let at = self.span();
        let name = self.name()?;
        self.expect_symbol(Tok::Equal)?;
        let value = match self.kind() {
            Tok::OpenBrace => PropertyValue::Map(self.property_map()?),
            Tok::Keyword(keyword) if keyword.class() != Class::Reserved => PropertyValue::Word(self.name()?),
            _ => PropertyValue::Literal(self.literal()?),
        };
        if properties.iter().any(|earlier| earlier.name == name) {
            let name = name.as_str();
            return self.refuse(at, alloc::format!("Multiple definitions for property '{name}'"));
        }
        properties.push(Property { name, value });
        Ok(())
    }

    /// `{constant: constant, …}`
    pub(super) fn property_map(&mut self) -> Parsed<Vec<(Literal, Literal)>> {
        let mut entries: Vec<(Literal, Literal)> = Vec::new();
        self.expect_symbol(Tok::OpenBrace)?;
        if self.take(Tok::CloseBrace) {
            return Ok(entries);
        }
        self.listed(|cursor| {
            let key_at = cursor.span();
            let key = cursor.term()?;
            let key = cursor.constant(key_at, key, "name")?;
            cursor.expect_symbol(Tok::Colon)?;
            let at = cursor.span();
            let value = cursor.term()?;
            let value = cursor.constant(at, value, "value")?;
            if entries.iter().any(|(earlier, _)| earlier.text() == key.text()) {
                let name = key.text();
                return cursor.refuse(key_at, alloc::format!("Multiple definition for property {name}"));
            }
            entries.push((key, value));
            Ok(())
        })?;
        self.expect_symbol(Tok::CloseBrace)?;
        Ok(entries)
    }

    /// Cassandra reads terms here, but takes only constants.
    fn constant(&self, at: Span, term: Term, role: &str) -> Parsed<Literal> {
        match term {
            Expr::Literal(literal) => Ok(literal),
            Expr::Marker(_) => {
                let reason = "Invalid property value: ? (bind variables are not supported in DDL queries)";
                self.refuse(at, reason.to_string())
            }
            _ => self.refuse(at, alloc::format!("Invalid property {role}: a constant is needed")),
        }
    }
}
