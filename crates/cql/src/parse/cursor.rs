//! A place in the tokens, and what is remembered about it when an error has to be explained.

use super::nearest::nearest;
use super::{DEPTH_MAX, Problem, SyntaxError};
use crate::lex::{Keyword, Lexer, Span, Tok, Token};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

/// Why reading stopped.
pub(super) enum Stop {
    /// A token that does not belong here; what was expected is found out by reading again.
    Unexpected,
    /// Something that needs no second reading.
    Problem(Span, Box<Problem>),
}

pub(super) type Parsed<T> = Result<T, Stop>;

/// The token to be read next. Cheap to copy while nothing is noted, to come back to a place.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    lexer: Lexer<'a>,
    token: Token,
    depth: u32,
    markers: u32,
    notes: Option<Notes>,
}

/// A place to come back to.
pub(super) struct Mark<'a> {
    lexer: Lexer<'a>,
    token: Token,
    depth: u32,
    markers: u32,
}

/// What was looked for, at the furthest token reached and at the one before.
#[derive(Default)]
pub(super) struct Notes {
    here: Noted,
    before: Noted,
    /// Keywords that were read as such, not as names.
    said: Vec<Span>,
}

#[derive(Default)]
struct Noted {
    at: Span,
    expected: Vec<&'static str>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, start: u32, explain: bool) -> Cursor<'a> {
        let mut lexer = Lexer::new(text.as_bytes(), start as usize);
        let token = lexer.next();
        Cursor { text, lexer, token, depth: 0, markers: 0, notes: explain.then(Notes::default) }
    }

    #[inline]
    pub(super) fn kind(&self) -> Tok {
        self.token.kind
    }

    pub(super) fn span(&self) -> Span {
        self.token.span
    }

    /// The present token as written.
    #[inline]
    pub(super) fn word(&self) -> &'a str {
        self.token.span.of(self.text)
    }

    #[inline]
    pub(super) fn advance(&mut self) {
        self.token = self.lexer.next();
    }

    /// The next two tokens after the present one.
    pub(super) fn ahead(&self) -> (Token, Token) {
        let mut lexer = self.lexer;
        let first = lexer.next();
        (first, lexer.next())
    }

    pub(super) fn next_kind(&self) -> Tok {
        let mut lexer = self.lexer;
        lexer.next().kind
    }

    /// Reads on from the present token without moving.
    pub(super) fn lexer_ahead(&self) -> Lexer<'a> {
        self.lexer
    }

    /// A cursor at the next token.
    pub(super) fn after_next(&self) -> Cursor<'a> {
        let mut lexer = self.lexer;
        let token = lexer.next();
        Cursor { text: self.text, lexer, token, depth: self.depth, markers: self.markers, notes: None }
    }

    pub(super) fn mark(&self) -> Mark<'a> {
        Mark { lexer: self.lexer, token: self.token, depth: self.depth, markers: self.markers }
    }

    pub(super) fn back(&mut self, mark: Mark<'a>) {
        self.lexer = mark.lexer;
        self.token = mark.token;
        self.depth = mark.depth;
        self.markers = mark.markers;
        if let Some(notes) = &mut self.notes {
            notes.said.retain(|said| said.start < mark.token.span.start);
        }
    }

    /// Notes nothing until [`Cursor::unhush`]: what is only tried is not expected.
    pub(super) fn hush(&mut self) -> Option<Notes> {
        self.notes.take()
    }

    pub(super) fn unhush(&mut self, notes: Option<Notes>) {
        self.notes = notes;
    }

    #[inline]
    pub(super) fn at(&mut self, keyword: Keyword) -> bool {
        let found = self.token.kind == Tok::Keyword(keyword);
        if !found {
            self.note(keyword.text());
        }
        found
    }

    #[inline]
    pub(super) fn eat(&mut self, keyword: Keyword) -> bool {
        let found = self.at(keyword);
        if found {
            if let Some(notes) = &mut self.notes {
                notes.said.push(self.token.span);
            }
            self.advance();
        }
        found
    }

    #[inline]
    pub(super) fn expect(&mut self, keyword: Keyword) -> Parsed<()> {
        if self.eat(keyword) { Ok(()) } else { Err(Stop::Unexpected) }
    }

    /// Reads a word that is no keyword of Cassandra's but has a meaning in this place; `word` is in capitals.
    pub(super) fn eat_word(&mut self, word: &'static str) -> bool {
        let found = self.token.kind == Tok::Word && self.word().eq_ignore_ascii_case(word);
        if found {
            self.advance();
        } else {
            self.note(word);
        }
        found
    }

    pub(super) fn expect_word(&mut self, word: &'static str) -> Parsed<()> {
        if self.eat_word(word) { Ok(()) } else { Err(Stop::Unexpected) }
    }

    #[inline]
    pub(super) fn take(&mut self, symbol: Tok) -> bool {
        let found = self.token.kind == symbol;
        if found {
            self.advance();
        } else {
            self.note(describe(symbol));
        }
        found
    }

    #[inline]
    pub(super) fn expect_symbol(&mut self, symbol: Tok) -> Parsed<()> {
        if self.token.kind == symbol {
            if symbol != Tok::End {
                self.advance();
            }
            return Ok(());
        }
        self.note(describe(symbol));
        Err(Stop::Unexpected)
    }

    /// `item, item, …`, at least one.
    pub(super) fn listed<T>(&mut self, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = Vec::new();
        loop {
            items.push(item(self)?);
            if !self.take(Tok::Comma) {
                return Ok(items);
            }
        }
    }

    /// `item AND item …`, at least one.
    pub(super) fn joined<T>(&mut self, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = Vec::new();
        loop {
            items.push(item(self)?);
            if !self.eat(Keyword::And) {
                return Ok(items);
            }
        }
    }

    /// `(item, item, …)`, perhaps empty.
    pub(super) fn enclosed<T>(&mut self, item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.expect_symbol(Tok::Open)?;
        if self.take(Tok::Close) {
            return Ok(Vec::new());
        }
        let items = self.listed(item)?;
        self.expect_symbol(Tok::Close)?;
        Ok(items)
    }

    /// The number of the next marker.
    pub(super) fn next_marker(&mut self) -> u32 {
        let index = self.markers;
        self.markers += 1;
        index
    }

    /// Reads something one level deeper.
    #[inline]
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEPTH_MAX {
            return Err(Stop::Problem(self.token.span, Box::new(Problem::TooDeep)));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// A chain such as `a + b + c` is a tree as deep as it is long.
    pub(super) fn check_chain(&self, links: u32) -> Parsed<()> {
        if self.depth.saturating_add(links) < DEPTH_MAX {
            return Ok(());
        }
        Err(Stop::Problem(self.token.span, Box::new(Problem::TooDeep)))
    }

    /// Nothing else fits here but one of `expected`.
    pub(super) fn unexpected<T>(&mut self, expected: &[&'static str]) -> Parsed<T> {
        for what in expected {
            self.note(what);
        }
        Err(Stop::Unexpected)
    }

    /// Grammatical, but Cassandra's parser refuses it.
    pub(super) fn refuse<T>(&self, at: Span, reason: String) -> Parsed<T> {
        Err(Stop::Problem(at, Box::new(Problem::Refused(reason))))
    }

    #[inline]
    pub(super) fn note(&mut self, what: &'static str) {
        if let Some(notes) = &mut self.notes {
            notes.add(self.token.span, what);
        }
    }

    /// What was looked for at this place, which nothing went beyond.
    pub(super) fn expected(&self, at: u32) -> &[&'static str] {
        self.notes.as_ref().filter(|notes| notes.here.at.start == at).map_or(&[], |notes| &notes.here.expected)
    }

    /// Whether the keyword that begins here was read as one.
    pub(super) fn said(&self, at: u32) -> bool {
        self.notes.as_ref().is_some_and(|notes| notes.said.iter().any(|said| said.start == at))
    }

    /// The error, from what was noted; `text` is the whole text.
    pub(super) fn explain(&self, text: &str) -> SyntaxError {
        let fallback = Notes::default();
        let notes = self.notes.as_ref().unwrap_or(&fallback);
        let at = notes.here.at;
        let mut lexer = Lexer::new(self.text.as_bytes(), at.start as usize);
        let token = lexer.next();
        if let Tok::Unclosed(what) = token.kind {
            return SyntaxError::new(text, token.span, Problem::Unclosed(what.text()));
        }
        // `DELETE FORM t`: FORM reads as a column, and only `t` is wrong. So the word before may be the culprit.
        let hint = [&notes.here, &notes.before].into_iter().find_map(|noted| {
            let written = noted.at.of(self.text);
            let is_understood = noted.at != at && Keyword::of(written.as_bytes()).is_some();
            if is_understood { None } else { Some((Rc::from(written), nearest(written, &noted.expected)?)) }
        });
        let found = match token.kind {
            Tok::End => Rc::from("the end of the text"),
            _ => Rc::from(shorten(token.span.of(self.text))),
        };
        SyntaxError::new(text, at, Problem::Unexpected { found, expected: notes.here.expected.clone(), hint })
    }
}

impl Notes {
    fn add(&mut self, at: Span, what: &'static str) {
        if at.start > self.here.at.start || self.here.expected.is_empty() {
            self.before = core::mem::replace(&mut self.here, Noted { at, expected: Vec::new() });
        }
        if at == self.here.at && !self.here.expected.contains(&what) {
            self.here.expected.push(what);
        }
    }
}

/// At most 40 characters of what was found.
fn shorten(found: &str) -> &str {
    found.char_indices().nth(40).and_then(|(end, _)| found.get(..end)).unwrap_or(found)
}

/// A symbol as errors name it.
fn describe(symbol: Tok) -> &'static str {
    match symbol {
        Tok::End => "the end of the statement",
        Tok::Word | Tok::Quoted | Tok::EmptyQuoted => "a name",
        Tok::Text | Tok::DollarText => "a string",
        Tok::Integer => "an integer",
        Tok::Float | Tok::NegativeNan | Tok::NegativeInfinity => "a number",
        Tok::Duration => "a duration",
        Tok::Uuid => "a UUID",
        Tok::Hex => "a blob",
        Tok::Keyword(keyword) => keyword.text(),
        Tok::Open => "`(`",
        Tok::Close => "`)`",
        Tok::OpenBracket => "`[`",
        Tok::CloseBracket => "`]`",
        Tok::OpenBrace => "`{`",
        Tok::CloseBrace => "`}`",
        Tok::Comma => "`,`",
        Tok::Semicolon => "`;`",
        Tok::Colon => "`:`",
        Tok::Dot => "`.`",
        Tok::Range => "`..`",
        Tok::Question => "`?`",
        Tok::Equal => "`=`",
        Tok::NotEqual => "`!=`",
        Tok::Less => "`<`",
        Tok::LessOrEqual => "`<=`",
        Tok::Greater => "`>`",
        Tok::GreaterOrEqual => "`>=`",
        Tok::Plus => "`+`",
        Tok::PlusEqual => "`+=`",
        Tok::Minus => "`-`",
        Tok::MinusEqual => "`-=`",
        Tok::Star => "`*`",
        Tok::Slash => "`/`",
        Tok::Percent => "`%`",
        Tok::Unclosed(what) => what.text(),
        Tok::Expr => "`expr(`",
        Tok::Stray => "a character",
    }
}
