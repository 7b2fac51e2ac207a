//! Relations after `WHERE` and conditions after `IF`.

use super::cursor::{Cursor, Parsed};
use super::names::is_name;
use crate::ast::{Comparison, Expr, Qualified, Relation, Subject, Term, Test, Values};
use crate::lex::{Keyword, Tok};

impl Cursor<'_> {
    /// One relation of a `WHERE`.
    pub(super) fn relation(&mut self) -> Parsed<Relation> {
        match self.kind() {
            Tok::Keyword(Keyword::Token) => {
                self.advance();
                let columns = self.columns()?;
                let comparison = self.comparison()?;
                Ok(Relation { subject: Subject::Token(columns), test: Test::Compare(comparison, self.term()?) })
            }
            Tok::Open => self.deeper(Self::enclosed_relation),
            Tok::Expr => {
                self.advance();
                self.advance();
                let index = self.name()?;
                self.expect_symbol(Tok::Comma)?;
                let value = self.term()?;
                self.expect_symbol(Tok::Close)?;
                let subject = Subject::Index(Qualified { keyspace: None, name: index });
                Ok(Relation { subject, test: Test::Expression(value) })
            }
            _ => self.column_relation(),
        }
    }

    /// `(a, b) …`, or a relation in parentheses.
    fn enclosed_relation(&mut self) -> Parsed<Relation> {
        let (first, second) = self.ahead();
        let is_column = is_name(first.kind) || first.kind == Tok::EmptyQuoted;
        if !(is_column && matches!(second.kind, Tok::Comma | Tok::Close)) {
            self.advance();
            let relation = self.relation()?;
            self.expect_symbol(Tok::Close)?;
            return Ok(relation);
        }
        let subject = Subject::Tuple(self.columns()?);
        if self.eat(Keyword::In) {
            return Ok(Relation { subject, test: Test::In(self.tuples()?) });
        }
        let comparison = self.comparison()?;
        Ok(Relation { subject, test: Test::Compare(comparison, self.tuple()?) })
    }

    fn column_relation(&mut self) -> Parsed<Relation> {
        let column = self.column()?;
        if self.take(Tok::OpenBracket) {
            let key = self.term()?;
            self.expect_symbol(Tok::CloseBracket)?;
            let comparison = self.comparison()?;
            let test = Test::Compare(comparison, self.term()?);
            return Ok(Relation { subject: Subject::Element(column, key), test });
        }
        let test = if self.eat(Keyword::Like) {
            Test::Like(self.term()?)
        } else if self.eat(Keyword::Is) {
            self.expect(Keyword::Not)?;
            self.expect(Keyword::Null)?;
            Test::IsNotNull
        } else {
            self.column_test()?
        };
        Ok(Relation { subject: Subject::Column(column), test })
    }

    /// What both `WHERE` and `IF` may say of a whole column.
    fn column_test(&mut self) -> Parsed<Test> {
        if self.eat(Keyword::Contains) {
            let is_key = self.next_kind() != Tok::Dot && self.eat(Keyword::Key);
            let value = self.term()?;
            return Ok(if is_key { Test::ContainsKey(value) } else { Test::Contains(value) });
        }
        self.part_test()
    }

    /// What `IF` may say of an element or a field.
    fn part_test(&mut self) -> Parsed<Test> {
        if self.eat(Keyword::In) {
            return Ok(Test::In(self.values()?));
        }
        let comparison = self.comparison()?;
        Ok(Test::Compare(comparison, self.term()?))
    }

    /// One condition of an `IF`.
    pub(super) fn condition_relation(&mut self) -> Parsed<Relation> {
        let column = self.column()?;
        if self.take(Tok::OpenBracket) {
            let key = self.term()?;
            self.expect_symbol(Tok::CloseBracket)?;
            return Ok(Relation { subject: Subject::Element(column, key), test: self.part_test()? });
        }
        if self.take(Tok::Dot) {
            let field = self.name()?;
            return Ok(Relation { subject: Subject::Field(column, field), test: self.part_test()? });
        }
        Ok(Relation { subject: Subject::Column(column), test: self.column_test()? })
    }

    fn columns(&mut self) -> Parsed<alloc::vec::Vec<crate::ast::Name>> {
        self.expect_symbol(Tok::Open)?;
        let columns = self.listed(Self::column)?;
        self.expect_symbol(Tok::Close)?;
        Ok(columns)
    }

    fn comparison(&mut self) -> Parsed<Comparison> {
        let comparison = match self.kind() {
            Tok::Equal => Comparison::Equal,
            Tok::NotEqual => Comparison::NotEqual,
            Tok::Less => Comparison::Less,
            Tok::LessOrEqual => Comparison::LessOrEqual,
            Tok::Greater => Comparison::Greater,
            Tok::GreaterOrEqual => Comparison::GreaterOrEqual,
            _ => return self.unexpected(&["`=`", "`<`", "`<=`", "`>`", "`>=`", "`!=`"]),
        };
        self.advance();
        Ok(comparison)
    }

    /// The right-hand side of `c IN`.
    fn values(&mut self) -> Parsed<Values> {
        match self.kind() {
            Tok::Question | Tok::Colon => Ok(Values::Marker(self.marker()?)),
            _ => Ok(Values::Listed(self.enclosed(Self::term)?)),
        }
    }

    /// The right-hand side of `(a, b) IN`: tuples or markers, not mixed.
    fn tuples(&mut self) -> Parsed<Values> {
        if matches!(self.kind(), Tok::Question | Tok::Colon) {
            return Ok(Values::Marker(self.marker()?));
        }
        let are_markers = matches!(self.next_kind(), Tok::Question | Tok::Colon);
        let listed = self
            .enclosed(|cursor| if are_markers { Ok(Expr::Marker(cursor.marker()?)) } else { cursor.tuple_literal() })?;
        Ok(Values::Listed(listed))
    }

    /// The right-hand side of `(a, b) =`.
    fn tuple(&mut self) -> Parsed<Term> {
        match self.kind() {
            Tok::Question | Tok::Colon => Ok(Expr::Marker(self.marker()?)),
            _ => self.tuple_literal(),
        }
    }

    fn tuple_literal(&mut self) -> Parsed<Term> {
        self.deeper(|cursor| {
            cursor.expect_symbol(Tok::Open)?;
            let items = cursor.listed(Self::term)?;
            cursor.expect_symbol(Tok::Close)?;
            Ok(Expr::Tuple(items))
        })
    }
}
