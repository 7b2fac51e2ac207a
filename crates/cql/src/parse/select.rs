//! `SELECT`

use super::cursor::{Cursor, Parsed};
use super::names::is_name;
use crate::ast::{Attributes, Ordering, Select, Selected, Selection, Statement};
use crate::lex::{Keyword, Tok};
use alloc::boxed::Box;

impl Cursor<'_> {
    pub(super) fn select(&mut self) -> Parsed<Statement> {
        self.advance();
        let json = self.prefix(Keyword::Json);
        let distinct = self.prefix(Keyword::Distinct);
        let selection = self.selection()?;
        self.expect(Keyword::From)?;
        let mutation_fragments = self.kind() == Tok::Word
            && self.word().eq_ignore_ascii_case("mutation_fragments")
            && self.next_kind() == Tok::Open;
        if mutation_fragments {
            self.advance();
            self.advance();
        }
        let from = self.qualified()?;
        if mutation_fragments {
            self.expect_symbol(Tok::Close)?;
        }
        let mut select = Select {
            json,
            distinct,
            selection,
            from,
            mutation_fragments,
            relations: Default::default(),
            group_by: Default::default(),
            order_by: Default::default(),
            per_partition_limit: None,
            limit: None,
            allow_filtering: false,
            bypass_cache: false,
            using: Attributes::default(),
        };
        if self.eat(Keyword::Where) {
            select.relations = self.joined(Self::relation)?;
        }
        if self.eat(Keyword::Group) {
            self.expect(Keyword::By)?;
            select.group_by = self.listed(Self::selector)?;
        }
        if self.eat(Keyword::Order) {
            self.expect(Keyword::By)?;
            select.order_by = self.listed(Self::ordering)?;
        }
        if self.eat(Keyword::Per) {
            self.expect(Keyword::Partition)?;
            self.expect(Keyword::Limit)?;
            select.per_partition_limit = Some(self.int_value()?);
        }
        if self.eat(Keyword::Limit) {
            select.limit = Some(self.int_value()?);
        }
        if self.eat(Keyword::Allow) {
            self.expect(Keyword::Filtering)?;
            select.allow_filtering = true;
        }
        if self.kind() == Tok::Word && self.eat_word("BYPASS") {
            self.expect_word("CACHE")?;
            select.bypass_cache = true;
        }
        if self.kind() == Tok::Keyword(Keyword::Using) {
            select.using = self.using_timeout()?;
        }
        Ok(Statement::Select(Box::new(select)))
    }

    /// `JSON` or `DISTINCT`, both of which may also be columns: it is a prefix when selectors follow it.
    fn prefix(&mut self, keyword: Keyword) -> bool {
        if self.kind() != Tok::Keyword(keyword) {
            return false;
        }
        let (next, after) = self.ahead();
        let is_prefix = match next.kind {
            Tok::Keyword(Keyword::As) => !is_name(after.kind),
            Tok::Keyword(Keyword::Token | Keyword::Null | Keyword::True | Keyword::False) => true,
            Tok::Keyword(Keyword::Nan | Keyword::Infinity) | Tok::NegativeNan | Tok::NegativeInfinity => true,
            Tok::Text | Tok::DollarText | Tok::Integer | Tok::Float | Tok::Duration | Tok::Uuid | Tok::Hex => true,
            Tok::Open | Tok::OpenBrace | Tok::Question | Tok::Colon => true,
            Tok::OpenBracket => !self.after_next().slice_begins(),
            Tok::Star | Tok::Minus => true,
            kind => is_name(kind),
        };
        if is_prefix {
            self.advance();
        }
        is_prefix
    }

    pub(super) fn selection(&mut self) -> Parsed<Selection> {
        if self.take(Tok::Star) {
            return Ok(Selection::All);
        }
        let selected = self.listed(|cursor| {
            let selector = cursor.selector()?;
            let alias = if cursor.eat(Keyword::As) { Some(cursor.name()?) } else { None };
            Ok(Selected { selector, alias })
        })?;
        Ok(Selection::Some(selected))
    }

    fn ordering(&mut self) -> Parsed<Ordering> {
        let column = self.column()?;
        let mut ann_of = None;
        if self.eat(Keyword::Ann) {
            self.expect(Keyword::Of)?;
            ann_of = Some(self.term()?);
        }
        let descending = !self.eat(Keyword::Asc) && self.eat(Keyword::Desc);
        Ok(Ordering { column, ann_of, descending })
    }
}
