//! From text to coloured lines: a scan that never fails and never looks at meaning, so that the marks behind the text
//! area can be drawn at every keystroke. What the text *means* is `reading`'s.

use std::{ops::Range, sync::LazyLock};

/// What a line is, by its first characters (scenario.md, "Lines in comments").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// CQL, a plain comment, or nothing.
    Code,
    /// `--@ verb …`
    Directive,
    /// `--> …`
    Outcome,
    /// `--~ …`
    Account,
    /// `--? …`
    Question,
}

/// How a piece of a line is drawn. The class names are those of `parts.css`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// A name, an operator, a space.
    Plain,
    /// `-- …`
    Comment,
    /// A word of CQL.
    Keyword,
    /// `'…'`, `$$…$$`
    Text,
    /// A literal that is not text.
    Number,
    /// The verb of a directive.
    Verb,
    /// `key=` in a directive.
    Key,
    /// A value in a directive.
    Value,
    /// The value of `clock=`: it can be changed by hand.
    Knob,
    /// `-->` and the like.
    Lead,
}

impl Ink {
    /// The class in the style sheet; empty for plain text.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Comment => "c",
            Self::Keyword => "k",
            Self::Text => "s",
            Self::Number => "n",
            Self::Verb => "verb",
            Self::Key => "key",
            Self::Value => "v",
            Self::Knob => "knob",
            Self::Lead => "lead",
        }
    }
}

/// One line: bytes of the whole text without its line end, and the pieces it is drawn in. Pieces follow one another without a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What the line is.
    pub kind: Kind,
    /// The pieces.
    pub spans: Vec<(Ink, Range<usize>)>,
}

/// What a line's end leaves open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    None,
    Block,
    Quote,
    Dollar,
}

/// All lines of a text; a text has at least one.
pub fn lines(text: &str) -> Vec<Line> {
    let mut out = Vec::new();
    let (mut at, mut open) = (0, Open::None);
    for raw in text.split('\n') {
        let end = at + raw.strip_suffix('\r').unwrap_or(raw).len();
        let mut pen = Pen { text, spans: Vec::new(), from: at };
        let line = text.get(at..end).unwrap_or("");
        let kind = if open == Open::None { kind(line) } else { Kind::Code };
        match kind {
            Kind::Code => open = code(&mut pen, at, end, open),
            Kind::Directive => directive(&mut pen, at, end),
            Kind::Outcome | Kind::Account | Kind::Question => {
                let lead = at + line.len() - line.trim_start().len() + 3;
                pen.put(Ink::Lead, lead.min(end));
                pen.put(Ink::Plain, end);
            }
        }
        out.push(Line { range: at..end, kind, spans: pen.spans });
        at += raw.len() + 1;
    }
    out
}

/// What a line is, by its lead.
pub fn kind(line: &str) -> Kind {
    let line = line.trim_start();
    match line.get(..3) {
        Some("--@") => Kind::Directive,
        Some("-->") => Kind::Outcome,
        Some("--~") => Kind::Account,
        Some("--?") => Kind::Question,
        _ => Kind::Code,
    }
}

/// Lays pieces one after another.
struct Pen<'a> {
    text: &'a str,
    spans: Vec<(Ink, Range<usize>)>,
    from: usize,
}

impl Pen<'_> {
    fn put(&mut self, ink: Ink, to: usize) {
        if to > self.from {
            match self.spans.last_mut() {
                Some((last, range)) if *last == ink => range.end = to,
                _ => self.spans.push((ink, self.from..to)),
            }
            self.from = to;
        }
    }
}

fn code(pen: &mut Pen<'_>, at: usize, end: usize, mut open: Open) -> Open {
    let bytes = pen.text.as_bytes();
    let find = |needle: &[u8], from: usize| {
        (from..end).find(|&i| bytes.get(i..end).is_some_and(|rest| rest.starts_with(needle)))
    };
    let mut i = at;
    while i < end {
        if open != Open::None {
            let (needle, ink): (&[u8], _) = match open {
                Open::Block => (b"*/", Ink::Comment),
                Open::Dollar => (b"$$", Ink::Text),
                Open::Quote | Open::None => (b"'", Ink::Text),
            };
            let Some(close) = find(needle, i) else {
                pen.put(ink, end);
                return open;
            };
            i = close + needle.len();
            pen.put(ink, i);
            open = Open::None;
            continue;
        }
        let rest = bytes.get(i..end).unwrap_or_default();
        let run = |ok: fn(u8) -> bool| rest.iter().position(|&b| !ok(b)).unwrap_or(rest.len());
        match rest {
            [b'-', b'-', ..] | [b'/', b'/', ..] => {
                pen.put(Ink::Comment, end);
                i = end;
            }
            [b'/', b'*', ..] => {
                open = Open::Block;
                pen.put(Ink::Comment, i + 2);
                i += 2;
            }
            [b'\'', ..] => {
                open = Open::Quote;
                pen.put(Ink::Text, i + 1);
                i += 1;
            }
            [b'$', b'$', ..] => {
                open = Open::Dollar;
                pen.put(Ink::Text, i + 2);
                i += 2;
            }
            [b'"', ..] => {
                i = find(b"\"", i + 1).map_or(end, |at| at + 1);
                pen.put(Ink::Plain, i);
            }
            _ if uuid(rest) => {
                i += UUID_BYTES;
                pen.put(Ink::Number, i);
            }
            [b'0'..=b'9', ..] => {
                i += run(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
                pen.put(Ink::Number, i);
            }
            [b, ..] if b.is_ascii_alphabetic() || *b == b'_' => {
                let word = i..i + run(|b| b.is_ascii_alphanumeric() || b == b'_');
                let ink = if pen.text.get(word.clone()).is_some_and(keyword) { Ink::Keyword } else { Ink::Plain };
                i = word.end;
                pen.put(ink, i);
            }
            _ => {
                i += run(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'-' | b'/' | b'\'' | b'"' | b'$'))
                    .max(1);
                pen.put(Ink::Plain, i);
            }
        }
    }
    open
}

fn directive(pen: &mut Pen<'_>, at: usize, end: usize) {
    let line = pen.text.get(at..end).unwrap_or("");
    let lead = at + line.len() - line.trim_start().len() + 3;
    pen.put(Ink::Lead, lead.min(end));
    let (mut first, mut i) = (true, lead.min(end));
    while i < end {
        let rest = pen.text.get(i..end).unwrap_or("");
        let gap = rest.len() - rest.trim_start().len();
        pen.put(Ink::Lead, i + gap);
        i += gap;
        let word = rest.trim_start().split(char::is_whitespace).next().unwrap_or("");
        if word.is_empty() {
            break;
        }
        if first {
            pen.put(Ink::Verb, i + word.len());
        } else if let Some(eq) = word.find('=') {
            pen.put(Ink::Key, i + eq + 1);
            pen.put(if word.starts_with("clock=") { Ink::Knob } else { Ink::Value }, i + word.len());
        } else {
            pen.put(Ink::Value, i + word.len());
        }
        first = false;
        i += word.len();
    }
}

const UUID_BYTES: usize = 36;

/// A word of hex that is none of a name.
fn uuid(rest: &[u8]) -> bool {
    rest.get(..UUID_BYTES).is_some_and(|word| {
        word.iter()
            .enumerate()
            .all(|(at, b)| if matches!(at, 8 | 13 | 18 | 23) { *b == b'-' } else { b.is_ascii_hexdigit() })
    })
}

/// Asked of every word of a text at every keystroke.
fn keyword(word: &str) -> bool {
    static KNOWN: LazyLock<Vec<&str>> = LazyLock::new(|| WORDS.split_ascii_whitespace().collect());
    let upper = || word.bytes().map(|byte| byte.to_ascii_uppercase());
    KNOWN.binary_search_by(|known| known.bytes().cmp(upper())).is_ok()
}

/// The words that are drawn as CQL's own, in order: the grammar's, and the native types.
const WORDS: &str = "ADD AGGREGATE ALL ALLOW ALTER AND ANY APPLY AS ASC ASCII AUTHORIZE BATCH BEGIN BIGINT BLOB BOOLEAN BY CALLED CAST CLUSTERING \
COLUMNFAMILY COMPACT CONSISTENCY CONTAINS COUNT COUNTER CREATE CUSTOM DATE DECIMAL DEFAULT DELETE DESC DESCRIBE DISTINCT DOUBLE DROP DURATION \
EACH_QUORUM ENTRIES EXISTS EXPAND FALSE FILTERING FLOAT FROM FROZEN FULL FUNCTION FUNCTIONS GRANT GROUP IF IN INDEX INET INFINITY INSERT INT INTO IS \
JSON KEY KEYS KEYSPACE KEYSPACES LANGUAGE LIKE LIMIT LIST LOCAL_ONE LOCAL_QUORUM LOCAL_SERIAL LOGGED MAP MATERIALIZED MODIFY NAN NOT NULL OF ON ONE OR ORDER \
PAGING PARTITION PER PERMISSIONS PRIMARY QUORUM RENAME REPLACE RETURNS REVOKE ROLE ROLES SELECT SERIAL SET SMALLINT STATIC STORAGE TABLE TEXT THREE TIME \
TIMESTAMP TIMEUUID TINYINT TO TOKEN TRACING TRIGGER TRUE TRUNCATE TTL TUPLE TWO TYPE UNLOGGED UNSET UPDATE USE USING UUID VALUES VARCHAR VARINT VIEW WHERE WITH \
WRITETIME";

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        lines(text)
            .iter()
            .map(|line| {
                line.spans.iter().map(|(ink, range)| format!("{}[{}]", ink.class(), &text[range.clone()])).collect()
            })
            .collect()
    }

    #[test]
    fn words_are_found_in_any_case() {
        assert!(WORDS.split_ascii_whitespace().is_sorted());
        assert!(WORDS.split_ascii_whitespace().all(|word| keyword(word) && keyword(&word.to_ascii_lowercase())));
        assert!(!keyword("TOMB") && !keyword("") && !keyword("é"));
    }

    #[test]
    fn every_byte_is_in_one_piece() {
        let text = "-- a 'quote\nINSERT INTO t (a) VALUES ('x\n y', 1); /* open\n still */ SELECT \"C'\" $$ ' $$;\r\n--@ client api clock=+20ms\n--> é\n\n";
        for line in lines(text) {
            let mut at = line.range.start;
            for (_, range) in &line.spans {
                assert_eq!(range.start, at);
                at = range.end;
            }
            assert_eq!(at, line.range.end);
        }
        assert_eq!(lines("").len(), 1);
    }

    #[test]
    fn strings_and_comments_cross_lines() {
        assert_eq!(shown("SELECT 'a\n--> b' x"), ["k[SELECT][ ]s['a]", "s[--> b'][ x]"]);
        assert_eq!(shown("/* SELECT\n--@ as api */ IN"), ["c[/* SELECT]", "c[--@ as api */][ ]k[IN]"]);
    }

    #[test]
    fn a_uuid_is_one_value_whatever_it_begins_with() {
        let (one, two) = ("d1fac4dc-eade-11f1-9276-2682faaee1aa", "11fac4dc-eade-11f1-9276-2682faaee1aa");
        assert_eq!(shown(&format!("({one}, {two}, d1fac4dc)")), [format!("[(]n[{one}][, ]n[{two}][, d1fac4dc)]")]);
    }

    #[test]
    fn a_directive_has_a_verb_keys_and_values() {
        assert_eq!(
            shown("--@ client api driver=rust clock=+20ms"),
            ["lead[--@ ]verb[client]lead[ ]v[api]lead[ ]key[driver=]v[rust]lead[ ]key[clock=]knob[+20ms]"]
        );
        assert_eq!(shown("--@"), ["lead[--@]"]);
        assert_eq!(shown("--? How many? | 0 | 1"), ["lead[--?][ How many? | 0 | 1]"]);
    }
}
