//! The words of a statement, for whoever writes one with somebody: what each is, and what could come next.

use super::cursor::Cursor;
use crate::lex::{Class, Lexer, Span, Tok};
use alloc::string::String;
use alloc::vec::Vec;

/// A word of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its bytes.
    pub span: Span,
    /// What it is.
    pub kind: WordKind,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// A word of CQL's that is meant as one.
    Keyword,
    /// The name of something, or a word of cqlsh's.
    Name,
    /// `"Name"`
    Quoted,
    /// A string, a number or the like.
    Literal,
    /// `(`, `<=` and the like.
    Symbol,
}

/// A character that begins no token: where it stands, nothing is right.
const NOTHING: char = '\u{1}';

/// The words of the one statement that `span` of a text holds. A word that may be a name as well as a keyword is what the grammar
/// takes it for; in a statement that cannot be read it is a name. What stands behind something unclosed is left out.
pub fn words(text: &str, span: Span) -> Vec<Word> {
    let head = text.get(..span.end as usize).unwrap_or(text);
    let mut cursor = Cursor::new(head, span.start, true);
    let _ = cursor.whole();
    let mut lexer = Lexer::new(head.as_bytes(), span.start as usize);
    let mut all = Vec::new();
    loop {
        let token = lexer.next();
        let kind = match token.kind {
            Tok::End | Tok::Unclosed(_) => return all,
            Tok::Keyword(keyword) if keyword.class() == Class::Reserved => WordKind::Keyword,
            Tok::Keyword(_) if all.is_empty() || cursor.said(token.span.start) => WordKind::Keyword,
            Tok::Keyword(_) | Tok::Word => WordKind::Name,
            Tok::Quoted | Tok::EmptyQuoted => WordKind::Quoted,
            Tok::Text | Tok::DollarText | Tok::Integer | Tok::Float | Tok::Duration | Tok::Uuid | Tok::Hex => {
                WordKind::Literal
            }
            Tok::NegativeNan | Tok::NegativeInfinity => WordKind::Literal,
            _ => WordKind::Symbol,
        };
        all.push(Word { span: token.span, kind });
    }
}

/// What could stand behind a statement's beginning, as errors name it: keywords in capitals, symbols in quotes, `a name`, `a column`.
/// Nothing, when the beginning cannot be read.
pub fn expected(beginning: &str) -> Vec<&'static str> {
    let mut text = String::from(beginning);
    text.push(NOTHING);
    let mut cursor = Cursor::new(&text, 0, true);
    let _ = cursor.whole();
    cursor.expected(beginning.len() as u32).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_what_the_grammar_takes_it_for() {
        let text = "select key, ttl from t where key = 1 using";
        let kinds = words(text, Span { start: 0, end: 36 });
        let names: Vec<&str> =
            kinds.iter().filter(|word| word.kind == WordKind::Name).map(|w| w.span.of(text)).collect();
        assert_eq!(names, ["key", "ttl", "t", "key"]);
        let text = "create table t (key int primary key) with clustering order by (c desc)";
        let all = words(text, Span { start: 0, end: text.len() as u32 });
        let keys: Vec<&str> =
            all.iter().filter(|word| word.kind == WordKind::Keyword).map(|w| w.span.of(text)).collect();
        assert_eq!(keys, ["create", "table", "primary", "key", "with", "clustering", "order", "by", "desc"]);
    }

    #[test]
    fn what_could_come_next() {
        assert!(expected("").contains(&"SELECT"));
        assert_eq!(expected("INSERT "), ["INTO"]);
        assert!(expected("SELECT a FROM t ").contains(&"WHERE"));
        assert!(expected("SELECT a FROM ").contains(&"a name"));
        assert!(expected("CONSISTENCY ").contains(&"QUORUM"));
        assert_eq!(expected("SELECT FROM FROM "), [""; 0]);
    }
}
