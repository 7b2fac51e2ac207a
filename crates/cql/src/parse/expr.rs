//! Expressions. Terms and selectors share everything but what a bare name means and what may follow a value.

use super::cursor::{Cursor, Parsed};
use super::names::{is_function_name, is_name};
use super::number::is_infinite;
use crate::ast::{Binary, Call, Expr, Literal, Marker, Operator, Reference, Selector, Term, WriteFact};
use crate::lex::{Keyword, Tok};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::convert::Infallible;

/// What tells the two languages of expressions apart.
pub(super) trait Language: Sized {
    /// An operand with its sign and whatever may follow it.
    fn operand(cursor: &mut Cursor<'_>) -> Parsed<Expr<Self>>;
    /// A name, where one stands.
    fn named(cursor: &mut Cursor<'_>) -> Parsed<Expr<Self>>;
    /// The argument of a `CAST`.
    fn cast(cursor: &mut Cursor<'_>) -> Parsed<Expr<Self>>;
    /// `{name: value}` after its `{`, if this language knows it.
    fn udt(cursor: &mut Cursor<'_>) -> Parsed<Option<Expr<Self>>>;
}

impl Language for Infallible {
    fn operand(cursor: &mut Cursor<'_>) -> Parsed<Term> {
        if cursor.kind() == Tok::Minus {
            cursor.advance();
            return Ok(Expr::Negate(Box::new(cursor.deeper(Cursor::primary)?)));
        }
        cursor.primary()
    }

    fn named(cursor: &mut Cursor<'_>) -> Parsed<Term> {
        if !matches!(cursor.next_kind(), Tok::Open | Tok::Dot) {
            return cursor.unexpected(&["a value", "quotes around a string"]);
        }
        cursor.call()
    }

    fn cast(cursor: &mut Cursor<'_>) -> Parsed<Term> {
        cursor.primary()
    }

    fn udt(cursor: &mut Cursor<'_>) -> Parsed<Option<Term>> {
        if !is_name(cursor.kind()) || cursor.next_kind() != Tok::Colon {
            return Ok(None);
        }
        let fields = cursor.listed(|cursor| {
            let field = cursor.name()?;
            cursor.expect_symbol(Tok::Colon)?;
            Ok((field, cursor.term()?))
        })?;
        cursor.expect_symbol(Tok::CloseBrace)?;
        Ok(Some(Expr::Udt(fields)))
    }
}

impl Language for Reference {
    fn operand(cursor: &mut Cursor<'_>) -> Parsed<Selector> {
        if cursor.kind() == Tok::Minus {
            cursor.advance();
            return Ok(Expr::Negate(Box::new(cursor.deeper(Self::operand)?)));
        }
        let selector = cursor.primary()?;
        cursor.modifiers(selector)
    }

    fn named(cursor: &mut Cursor<'_>) -> Parsed<Selector> {
        let (next, after) = cursor.ahead();
        let fact = match cursor.kind() {
            Tok::Keyword(Keyword::Writetime) => Some(WriteFact::WriteTime),
            Tok::Keyword(Keyword::Maxwritetime) => Some(WriteFact::MaxWriteTime),
            Tok::Keyword(Keyword::Ttl) => Some(WriteFact::Ttl),
            _ => None,
        };
        match (next.kind, fact) {
            (Tok::Open, Some(fact)) => {
                cursor.advance();
                cursor.advance();
                let column = Expr::Reference(Reference::Column(cursor.name()?));
                let inner = cursor.modifiers(column)?;
                cursor.expect_symbol(Tok::Close)?;
                Ok(Expr::Reference(Reference::Write(fact, Box::new(inner))))
            }
            (Tok::Open, None) if cursor.kind() == Tok::Keyword(Keyword::Count) && after.kind == Tok::Star => {
                for _ in 0..3 {
                    cursor.advance();
                }
                cursor.expect_symbol(Tok::Close)?;
                Ok(Expr::Reference(Reference::CountRows))
            }
            (Tok::Open, None) => cursor.call(),
            (Tok::Dot, _) if cursor.qualified_call_begins() => cursor.call(),
            _ => Ok(Expr::Reference(Reference::Column(cursor.name()?))),
        }
    }

    fn cast(cursor: &mut Cursor<'_>) -> Parsed<Selector> {
        cursor.expr()
    }

    fn udt(_: &mut Cursor<'_>) -> Parsed<Option<Selector>> {
        Ok(None)
    }
}

impl Cursor<'_> {
    pub(super) fn term(&mut self) -> Parsed<Term> {
        self.expr()
    }

    pub(super) fn selector(&mut self) -> Parsed<Selector> {
        self.expr()
    }

    #[inline]
    fn expr<L: Language>(&mut self) -> Parsed<Expr<L>> {
        let left = self.product()?;
        match self.kind() {
            Tok::Plus | Tok::Minus => self.sum(left, false),
            _ => Ok(left),
        }
    }

    /// The right-hand side of `c = …`, where a `+ c` at the end is not part of the value but means "prepend".
    pub(super) fn assigned(&mut self) -> Parsed<Term> {
        let left = self.product()?;
        self.sum(left, true)
    }

    fn sum<L: Language>(&mut self, left: Expr<L>, stop_at_column: bool) -> Parsed<Expr<L>> {
        let mut left = left;
        let mut links = 0;
        loop {
            let operator = match self.kind() {
                Tok::Plus => Operator::Add,
                Tok::Minus => Operator::Subtract,
                _ => return Ok(left),
            };
            if stop_at_column && operator == Operator::Add {
                let (operand, after) = self.ahead();
                let is_column = is_name(operand.kind) || operand.kind == Tok::EmptyQuoted;
                if is_column && !matches!(after.kind, Tok::Open | Tok::Dot) {
                    return Ok(left);
                }
            }
            links += 1;
            self.check_chain(links)?;
            self.advance();
            let right = self.product()?;
            left = Expr::Binary(Box::new(Binary { left, operator, right }));
        }
    }

    fn product<L: Language>(&mut self) -> Parsed<Expr<L>> {
        let mut left = L::operand(self)?;
        let mut links = 0;
        loop {
            let operator = match self.kind() {
                Tok::Star => Operator::Multiply,
                Tok::Slash => Operator::Divide,
                Tok::Percent => Operator::Remainder,
                _ => return Ok(left),
            };
            links += 1;
            self.check_chain(links)?;
            self.advance();
            let right = L::operand(self)?;
            left = Expr::Binary(Box::new(Binary { left, operator, right }));
        }
    }

    fn primary<L: Language>(&mut self) -> Parsed<Expr<L>> {
        match self.kind() {
            Tok::Question | Tok::Colon => Ok(Expr::Marker(self.marker()?)),
            Tok::OpenBracket => self.deeper(Self::list_literal),
            Tok::OpenBrace => self.deeper(Self::braces),
            Tok::Open => self.deeper(Self::parentheses),
            Tok::Keyword(Keyword::Null) => {
                self.advance();
                Ok(Expr::Null)
            }
            Tok::Keyword(Keyword::Cast) if self.next_kind() == Tok::Open => self.deeper(Self::cast),
            kind => {
                if let Some(literal) = self.literal_here() {
                    return Ok(Expr::Literal(literal));
                }
                if is_name(kind) || is_function_name(kind) {
                    return self.deeper(L::named);
                }
                self.unexpected(&["a value"])
            }
        }
    }

    fn list_literal<L: Language>(&mut self) -> Parsed<Expr<L>> {
        self.advance();
        if self.take(Tok::CloseBracket) {
            return Ok(Expr::List(Vec::new()));
        }
        let items = self.listed(Self::expr)?;
        self.expect_symbol(Tok::CloseBracket)?;
        Ok(Expr::List(items))
    }

    fn braces<L: Language>(&mut self) -> Parsed<Expr<L>> {
        self.advance();
        if self.take(Tok::CloseBrace) {
            return Ok(Expr::Set(Vec::new()));
        }
        if let Some(udt) = L::udt(self)? {
            return Ok(udt);
        }
        let first = self.expr()?;
        if !self.take(Tok::Colon) {
            let mut items = Vec::from([first]);
            while self.take(Tok::Comma) {
                items.push(self.expr()?);
            }
            self.expect_symbol(Tok::CloseBrace)?;
            return Ok(Expr::Set(items));
        }
        let mut entries = Vec::from([(first, self.expr()?)]);
        while self.take(Tok::Comma) {
            let key = self.expr()?;
            self.expect_symbol(Tok::Colon)?;
            entries.push((key, self.expr()?));
        }
        self.expect_symbol(Tok::CloseBrace)?;
        Ok(Expr::Map(entries))
    }

    /// `BYPASS CACHE`, which ends a SELECT and is no value.
    fn bypass_begins(&mut self) -> bool {
        let here = self.mark();
        let found = self.kind() == Tok::Word && self.eat_word("BYPASS") && self.eat_word("CACHE");
        self.back(here);
        found
    }

    /// `(type) value`, or else a tuple.
    fn parentheses<L: Language>(&mut self) -> Parsed<Expr<L>> {
        self.advance();
        let inside = self.mark();
        let notes = self.hush();
        let hint =
            self.type_name().ok().filter(|_| self.take(Tok::Close) && self.value_begins() && !self.bypass_begins());
        self.unhush(notes);
        if let Some(ty) = hint {
            return Ok(Expr::Hint(Box::new((ty, self.primary()?))));
        }
        self.back(inside);
        let items = self.listed(Self::expr)?;
        self.expect_symbol(Tok::Close)?;
        Ok(Expr::Tuple(items))
    }

    /// Whether a value without a sign begins here.
    fn value_begins(&self) -> bool {
        match self.kind() {
            Tok::Question | Tok::OpenBrace | Tok::Open => true,
            // `{('x'): f(1)}`: the value of a map, not a marker.
            Tok::Colon => {
                let name = self.after_next();
                is_name(name.kind()) && name.next_kind() != Tok::Open && !name.qualified_call_begins()
            }
            Tok::OpenBracket => !self.slice_begins(),
            Tok::Text | Tok::DollarText | Tok::Integer | Tok::Float | Tok::Duration | Tok::Uuid | Tok::Hex => true,
            Tok::NegativeNan | Tok::NegativeInfinity => true,
            Tok::Keyword(Keyword::Null | Keyword::True | Keyword::False | Keyword::Nan | Keyword::Infinity) => true,
            // `(a) AS b`: an alias, not a value of type `a`.
            Tok::Keyword(Keyword::As) => !is_name(self.next_kind()),
            // `GROUP BY (a) PER PARTITION LIMIT 1`
            Tok::Keyword(Keyword::Per) => self.next_kind() != Tok::Keyword(Keyword::Partition),
            kind => is_name(kind) || is_function_name(kind),
        }
    }

    fn cast<L: Language>(&mut self) -> Parsed<Expr<L>> {
        self.advance();
        self.expect_symbol(Tok::Open)?;
        let inner = L::cast(self)?;
        self.expect(Keyword::As)?;
        let native = self.native()?;
        self.expect_symbol(Tok::Close)?;
        Ok(Expr::Cast(Box::new(inner), native))
    }

    fn call<L: Language>(&mut self) -> Parsed<Expr<L>> {
        let function = self.qualified_function()?;
        let arguments = self.enclosed(Self::expr)?;
        Ok(Expr::Call(Call { function, arguments }))
    }

    /// `.field`, `[key]` and `[from..to]` after a selector.
    fn modifiers(&mut self, selector: Selector) -> Parsed<Selector> {
        let mut selector = selector;
        let mut links = 0;
        loop {
            let receiver = match self.kind() {
                Tok::Dot | Tok::OpenBracket => Box::new(selector),
                _ => return Ok(selector),
            };
            links += 1;
            self.check_chain(links)?;
            let is_field = self.kind() == Tok::Dot;
            self.advance();
            let reference = if is_field {
                Reference::Field(receiver, self.name()?)
            } else {
                let reference = self.deeper(|cursor| cursor.subscript(receiver))?;
                self.expect_symbol(Tok::CloseBracket)?;
                reference
            };
            selector = Expr::Reference(reference);
        }
    }

    fn subscript(&mut self, receiver: Box<Selector>) -> Parsed<Reference> {
        if self.take(Tok::Range) {
            let to = self.term()?;
            return Ok(Reference::Slice(receiver, Box::new((None, Some(to)))));
        }
        let from = self.term()?;
        if !self.take(Tok::Range) {
            return Ok(Reference::Element(receiver, Box::new(from)));
        }
        let to = if self.kind() == Tok::CloseBracket { None } else { Some(self.term()?) };
        Ok(Reference::Slice(receiver, Box::new((Some(from), to))))
    }

    /// Whether the `[` here begins a slice such as `[1..2]`, not a list.
    pub(super) fn slice_begins(&self) -> bool {
        let mut probe = self.lexer_ahead();
        let mut depth = 0u32;
        loop {
            match probe.next().kind {
                Tok::Range if depth == 0 => return true,
                Tok::Open | Tok::OpenBracket | Tok::OpenBrace => depth += 1,
                Tok::Close | Tok::CloseBracket | Tok::CloseBrace if depth > 0 => depth -= 1,
                Tok::Comma if depth > 0 => {}
                Tok::CloseBracket | Tok::Comma | Tok::End | Tok::Unclosed(_) => return false,
                _ => {}
            }
        }
    }

    /// Whether `keyspace.function(` begins with the present name.
    fn qualified_call_begins(&self) -> bool {
        let mut probe = self.lexer_ahead();
        probe.next().kind == Tok::Dot && is_function_name(probe.next().kind) && probe.next().kind == Tok::Open
    }

    /// `?` or `:name`
    pub(super) fn marker(&mut self) -> Parsed<Marker> {
        if self.take(Tok::Question) {
            return Ok(Marker { index: self.next_marker(), name: None });
        }
        self.expect_symbol(Tok::Colon)?;
        let name = self.name()?;
        Ok(Marker { index: self.next_marker(), name: Some(name) })
    }

    /// An integer or a marker, where nothing else is allowed.
    pub(super) fn int_value(&mut self) -> Parsed<Term> {
        match self.kind() {
            Tok::Question | Tok::Colon => Ok(Expr::Marker(self.marker()?)),
            Tok::Integer => Ok(Expr::Literal(self.literal()?)),
            _ => self.unexpected(&["an integer", "`?`"]),
        }
    }

    /// A constant.
    pub(super) fn literal(&mut self) -> Parsed<Literal> {
        match self.literal_here() {
            Some(literal) => Ok(literal),
            None => self.unexpected(&["a constant"]),
        }
    }

    fn literal_here(&mut self) -> Option<Literal> {
        let word = self.word();
        let literal = match self.kind() {
            Tok::Text | Tok::DollarText => return self.string().ok().map(Literal::Text),
            Tok::Integer => match word.parse::<i64>() {
                Ok(value) if is_canonical(word) => Literal::Integer(value),
                _ => Literal::Numeral(Rc::from(word)),
            },
            // Cassandra's parser reads every one as a double first, decimals too.
            Tok::Float if is_infinite(word) => return None,
            Tok::Float => Literal::Float(Rc::from(word)),
            Tok::Duration => Literal::Duration(Rc::from(word)),
            Tok::Uuid => Literal::Uuid(uuid(word)),
            Tok::Hex => Literal::Blob(Rc::from(word.get(2..).unwrap_or_default())),
            // Cassandra reads both as NaN.
            Tok::NegativeNan | Tok::Keyword(Keyword::Nan) => Literal::Float(Rc::from("NaN")),
            Tok::Keyword(Keyword::Infinity) => Literal::Float(Rc::from("Infinity")),
            Tok::NegativeInfinity => Literal::Float(Rc::from("-Infinity")),
            Tok::Keyword(Keyword::True) => Literal::Boolean(true),
            Tok::Keyword(Keyword::False) => Literal::Boolean(false),
            _ => return None,
        };
        self.advance();
        Some(literal)
    }
}

/// Whether an integer is written as its value would print: no `007`, no `-0`.
fn is_canonical(word: &str) -> bool {
    match word.as_bytes() {
        [b'0'] => true,
        [b'0', ..] | [b'-', b'0', ..] => false,
        _ => true,
    }
}

fn uuid(word: &str) -> [u8; 16] {
    let mut bytes = [0; 16];
    let mut digits = word.bytes().filter_map(|byte| (byte as char).to_digit(16));
    for byte in &mut bytes {
        let (high, low) = (digits.next().unwrap_or(0), digits.next().unwrap_or(0));
        *byte = (high << 4 | low) as u8;
    }
    bytes
}
