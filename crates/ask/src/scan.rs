//! Where words stand in a text: of a directive's line, and of a statement outside its strings and comments.

use alloc::vec::Vec;
use core::ops::Range;
use scenario::Step;

/// A word and its bytes in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    pub span: Range<u32>,
    pub text: &'a str,
}

impl<'a> Word<'a> {
    fn new(start: usize, text: &'a str) -> Word<'a> {
        Word { span: start as u32..(start + text.len()) as u32, text }
    }

    /// Whether it is this word of CQL, in letters of any size.
    pub fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    /// What stands behind `name=` in it.
    pub fn value(&self, name: &str) -> Option<Word<'a>> {
        let value = self.text.strip_prefix(name)?.strip_prefix('=')?;
        Some(Word::new(self.span.end as usize - value.len(), value))
    }
}

/// A directive: its line's bytes without the line's end, and its words, the verb first.
pub(crate) struct Line<'a> {
    pub span: Range<u32>,
    pub words: Vec<Word<'a>>,
}

impl<'a> Line<'a> {
    /// Its verb.
    pub fn verb(&self) -> &'a str {
        self.words.first().map_or("", |word| word.text)
    }

    /// The argument of that place, the first one being 0.
    pub fn arg(&self, place: usize) -> Option<&Word<'a>> {
        self.words.iter().skip(1).filter(|word| !word.text.contains('=')).nth(place)
    }

    /// The value of a key.
    pub fn key(&self, name: &str) -> Option<Word<'a>> {
        self.words.iter().find_map(|word| word.value(name))
    }
}

/// Every directive of a text, in order.
pub(crate) fn directives(text: &str) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, bare) = (at, line.trim_end());
        at += line.len();
        let Some(said) = bare.trim_start().strip_prefix("--@") else { continue };
        let from = start + bare.len() - said.len();
        out.push(Line { span: start as u32..(start + bare.len()) as u32, words: words(said, from) });
    }
    out
}

fn words(said: &str, from: usize) -> Vec<Word<'_>> {
    let base = said.as_ptr() as usize;
    said.split_whitespace().map(|word| Word::new(from + (word.as_ptr() as usize - base), word)).collect()
}

/// The words of a statement that begins at byte `from`: names, numbers, and every other sign by itself. Strings, quoted names and comments are
/// passed over.
fn statement(text: &str, from: u32) -> Vec<Word<'_>> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let over = |open: &str, close: &str| {
            let inner = rest.strip_prefix(open)?;
            Some(open.len() + inner.find(close).map_or(inner.len(), |end| end + close.len()))
        };
        let quoted = over("'", "'")
            .or_else(|| over("\"", "\""))
            .or_else(|| over("$$", "$$"))
            .or_else(|| over("--", "\n"))
            .or_else(|| over("//", "\n"))
            .or_else(|| over("/*", "*/"));
        let length = match quoted {
            Some(length) => length,
            None => {
                let letters = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                let first = rest.chars().next().map_or(1, char::len_utf8);
                let length = letters.max(first);
                if let Some(word) = rest.get(..length).filter(|word| !word.trim().is_empty()) {
                    out.push(Word::new(from as usize + at, word));
                }
                length
            }
        };
        at += length;
    }
    out
}

/// The words of a step's statement.
pub(crate) fn said<'a>(text: &'a str, step: &Step) -> Vec<Word<'a>> {
    let span = step.span.start as usize..step.span.end as usize;
    statement(text.get(span).unwrap_or(""), step.span.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_where_they_stand() {
        let text = "-- x\n  --@ client api  clock=+20ms\r\nSELECT 1;\n";
        let lines = directives(text);
        assert_eq!(lines.len(), 1);
        let clock = lines[0].key("clock").unwrap();
        assert_eq!((clock.text, &text[clock.span.start as usize..clock.span.end as usize]), ("+20ms", "+20ms"));
        assert_eq!(lines[0].arg(0).unwrap().text, "api");
        assert_eq!(&text[lines[0].span.start as usize..lines[0].span.end as usize], "  --@ client api  clock=+20ms");
    }

    #[test]
    fn strings_are_no_words() {
        let text = "DELETE /* USING */ FROM t USING TIMESTAMP -5 WHERE k = 'TTL 7' AND \"x y\" = 1 -- TTL 8";
        let said: Vec<&str> = statement(text, 0).iter().map(|word| word.text).collect();
        assert_eq!(said, ["DELETE", "FROM", "t", "USING", "TIMESTAMP", "-", "5", "WHERE", "k", "=", "AND", "=", "1"]);
    }
}
