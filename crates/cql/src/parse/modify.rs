//! `INSERT`, `UPDATE`, `DELETE`, `BATCH` and `TRUNCATE`.

use super::cursor::{Cursor, Parsed};
use super::names::is_name;
use crate::ast::{
    Assignment, Attribute, Attributes, Batch, BatchKind, Condition, Delete, Deletion, Expr, Insert, InsertSource,
    JsonDefault, JsonValue, Modification, Name, Statement, Update,
};
use crate::lex::{Keyword, Span, Tok};
use alloc::string::ToString;
use alloc::vec::Vec;

impl Cursor<'_> {
    pub(super) fn modification(&mut self) -> Parsed<Modification> {
        if self.eat(Keyword::Insert) {
            return Ok(Modification::Insert(self.insert()?));
        }
        if self.eat(Keyword::Update) {
            return Ok(Modification::Update(self.update()?));
        }
        self.expect(Keyword::Delete)?;
        Ok(Modification::Delete(self.delete()?))
    }

    fn insert(&mut self) -> Parsed<Insert> {
        self.expect(Keyword::Into)?;
        let table = self.qualified()?;
        let source = if self.eat(Keyword::Json) {
            self.json()?
        } else {
            self.expect_symbol(Tok::Open)?;
            let columns = self.listed(Self::column)?;
            self.expect_symbol(Tok::Close)?;
            self.expect(Keyword::Values)?;
            self.expect_symbol(Tok::Open)?;
            let mut values = Vec::with_capacity(columns.len());
            loop {
                values.push(self.term()?);
                if !self.take(Tok::Comma) {
                    break;
                }
            }
            self.expect_symbol(Tok::Close)?;
            InsertSource::Values { columns, values }
        };
        let if_not_exists = self.if_not_exists()?;
        let using = self.using()?;
        Ok(Insert { table, source, if_not_exists, using })
    }

    fn json(&mut self) -> Parsed<InsertSource> {
        let value = match self.kind() {
            Tok::Question | Tok::Colon => JsonValue::Marker(self.marker()?),
            _ => JsonValue::Text(self.string()?),
        };
        let mut default = JsonDefault::Null;
        if self.eat(Keyword::Default) && !self.eat(Keyword::Null) {
            self.expect(Keyword::Unset)?;
            default = JsonDefault::Unset;
        }
        Ok(InsertSource::Json { value, default })
    }

    /// `IF NOT EXISTS`
    pub(super) fn if_not_exists(&mut self) -> Parsed<bool> {
        if !self.eat(Keyword::If) {
            return Ok(false);
        }
        self.expect(Keyword::Not)?;
        self.expect(Keyword::Exists)?;
        Ok(true)
    }

    /// `IF EXISTS`
    pub(super) fn if_exists(&mut self) -> Parsed<bool> {
        if !self.eat(Keyword::If) {
            return Ok(false);
        }
        self.expect(Keyword::Exists)?;
        Ok(true)
    }

    fn update(&mut self) -> Parsed<Update> {
        let table = self.qualified()?;
        let using = self.using()?;
        self.expect(Keyword::Set)?;
        let mut assignments: Vec<Assignment> = Vec::new();
        loop {
            let at = self.span();
            let assignment = self.assignment()?;
            self.check_assignment(at, &assignments, &assignment)?;
            assignments.push(assignment);
            if !self.take(Tok::Comma) {
                break;
            }
        }
        self.expect(Keyword::Where)?;
        let relations = self.joined(Self::relation)?;
        let condition = self.condition()?;
        Ok(Update { table, using, assignments, relations, condition })
    }

    /// A column may be set once; only its parts may be changed several times (Operation.java, `isCompatibleWith`).
    fn check_assignment(&self, at: Span, earlier: &[Assignment], new: &Assignment) -> Parsed<()> {
        let sets = |assignment: &Assignment| matches!(assignment, Assignment::Set(..));
        let same_field = |old: &Assignment| matches!((old, new), (Assignment::Field(_, old, _), Assignment::Field(_, new, _)) if old == new);
        let clashes = |old: &Assignment| old.column() == new.column() && (sets(old) || sets(new) || same_field(old));
        if earlier.iter().any(clashes) {
            let column = new.column().as_str();
            return self.refuse(at, alloc::format!("Multiple incompatible setting of column {column}"));
        }
        Ok(())
    }

    fn assignment(&mut self) -> Parsed<Assignment> {
        let column = self.column()?;
        if self.take(Tok::PlusEqual) {
            return Ok(Assignment::Add(column, self.term()?));
        }
        if self.take(Tok::MinusEqual) {
            return Ok(Assignment::Subtract(column, self.term()?));
        }
        if self.take(Tok::OpenBracket) {
            let key = self.term()?;
            self.expect_symbol(Tok::CloseBracket)?;
            self.expect_symbol(Tok::Equal)?;
            return Ok(Assignment::Element(column, key, self.term()?));
        }
        if self.take(Tok::Dot) {
            let field = self.name()?;
            self.expect_symbol(Tok::Equal)?;
            return Ok(Assignment::Field(column, field, self.term()?));
        }
        self.expect_symbol(Tok::Equal)?;
        let starts_with_column = self.kind() == Tok::EmptyQuoted
            || is_name(self.kind()) && !matches!(self.next_kind(), Tok::Open | Tok::Dot);
        if starts_with_column { self.changed(column) } else { self.assigned_or_prepended(column) }
    }

    /// `c + value` or `c - value` after `c =`.
    fn changed(&mut self, column: Name) -> Parsed<Assignment> {
        let at = self.span();
        let source = self.column()?;
        let (sign, assignment) = if self.take(Tok::Plus) {
            ("+ ", Assignment::Add(column, self.term()?))
        } else if self.take(Tok::Minus) {
            ("- ", Assignment::Subtract(column, self.term()?))
        } else if self.kind() == Tok::Integer {
            // `c = c -1` is cut into `c`, `=`, `c`, `-1`; Cassandra also takes `c = c 1`.
            let sign = if self.word().starts_with('-') { "- " } else { "+ " };
            (sign, Assignment::Add(column, Expr::Literal(self.literal()?)))
        } else {
            return self.unexpected(&["`+`", "`-`"]);
        };
        if *assignment.column() != source {
            let reason = alloc::format!("Only expressions of the form X = X {sign}<value> are supported.");
            return self.refuse(at, reason);
        }
        Ok(assignment)
    }

    /// `value` or `value + c` after `c =`.
    fn assigned_or_prepended(&mut self, column: Name) -> Parsed<Assignment> {
        let value = self.assigned()?;
        if !self.take(Tok::Plus) {
            return Ok(Assignment::Set(column, value));
        }
        let at = self.span();
        if self.column()? != column {
            let reason = "Only expressions of the form X = <value> + X are supported.";
            return self.refuse(at, reason.to_string());
        }
        Ok(Assignment::Prepend(column, value))
    }

    fn condition(&mut self) -> Parsed<Condition> {
        if !self.eat(Keyword::If) {
            return Ok(Condition::None);
        }
        // `exists` may be a column as well: it is one when a test follows.
        let next = self.next_kind();
        let ends = matches!(next, Tok::End | Tok::Semicolon | Tok::Keyword(_)) && next != Tok::Keyword(Keyword::In);
        if ends && next != Tok::Keyword(Keyword::Contains) && self.eat(Keyword::Exists) {
            return Ok(Condition::Exists);
        }
        self.note(Keyword::Exists.text());
        Ok(Condition::All(self.joined(Self::condition_relation)?))
    }

    fn delete(&mut self) -> Parsed<Delete> {
        let mut targets = Vec::new();
        if !self.at(Keyword::From) {
            targets = self.listed(Self::deletion)?;
        }
        self.expect(Keyword::From)?;
        let table = self.qualified()?;
        let at = self.span();
        let using = self.using()?;
        let timestamps = using.0.iter().filter(|attribute| matches!(attribute, Attribute::Timestamp(_))).count();
        if using.ttl().is_some() || timestamps > 1 {
            return self.refuse(at, "a DELETE may say USING TIMESTAMP once, and no TTL".to_string());
        }
        self.expect(Keyword::Where)?;
        let relations = self.joined(Self::relation)?;
        let condition = self.condition()?;
        Ok(Delete { targets, table, using, relations, condition })
    }

    fn deletion(&mut self) -> Parsed<Deletion> {
        let column = self.column()?;
        if self.take(Tok::OpenBracket) {
            let key = self.term()?;
            self.expect_symbol(Tok::CloseBracket)?;
            return Ok(Deletion::Element(column, key));
        }
        if self.take(Tok::Dot) {
            return Ok(Deletion::Field(column, self.name()?));
        }
        Ok(Deletion::Column(column))
    }

    fn using(&mut self) -> Parsed<Attributes> {
        if !self.eat(Keyword::Using) {
            return Ok(Attributes::default());
        }
        let attributes = self.joined(|cursor| {
            if cursor.eat(Keyword::Timestamp) {
                return Ok(Attribute::Timestamp(cursor.int_value()?));
            }
            if cursor.eat(Keyword::Ttl) {
                return Ok(Attribute::Ttl(cursor.int_value()?));
            }
            cursor.timeout()
        })?;
        Ok(Attributes(attributes))
    }

    /// Scylla's `TIMEOUT 500ms`.
    fn timeout(&mut self) -> Parsed<Attribute> {
        self.expect_word("TIMEOUT")?;
        match self.kind() {
            Tok::Duration => Ok(Attribute::Timeout(Expr::Literal(self.literal()?))),
            Tok::Question | Tok::Colon => Ok(Attribute::Timeout(Expr::Marker(self.marker()?))),
            _ => self.unexpected(&["a duration", "`?`"]),
        }
    }

    /// Scylla's `USING TIMEOUT` where nothing else may be said.
    pub(super) fn using_timeout(&mut self) -> Parsed<Attributes> {
        self.expect(Keyword::Using)?;
        Ok(Attributes(Vec::from([self.timeout()?])))
    }

    pub(super) fn batch(&mut self) -> Parsed<Statement> {
        self.advance();
        let kind = if self.eat(Keyword::Unlogged) {
            BatchKind::Unlogged
        } else if self.eat(Keyword::Counter) {
            BatchKind::Counter
        } else {
            BatchKind::Logged
        };
        self.expect(Keyword::Batch)?;
        let using = self.using()?;
        let mut statements = Vec::new();
        while !self.at(Keyword::Apply) {
            statements.push(self.modification()?);
            self.take(Tok::Semicolon);
        }
        self.expect(Keyword::Apply)?;
        self.expect(Keyword::Batch)?;
        Ok(Statement::Batch(Batch { kind, using, statements }))
    }

    pub(super) fn truncate(&mut self) -> Parsed<Statement> {
        self.advance();
        self.table_keyword();
        let table = self.qualified()?;
        let using =
            if self.kind() == Tok::Keyword(Keyword::Using) { self.using_timeout()? } else { Attributes::default() };
        Ok(Statement::Truncate { table, using })
    }

    /// `TABLE` or `COLUMNFAMILY`, if one stands here.
    pub(super) fn table_keyword(&mut self) -> bool {
        self.eat(Keyword::Table)
            || self.kind() == Tok::Keyword(Keyword::Columnfamily) && self.eat(Keyword::Columnfamily)
    }
}
