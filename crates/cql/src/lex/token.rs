//! Bytes to tokens, as Cassandra's Lexer.g cuts them: `-1`, `-NaN` and `1h30m` are one token each.
//!
//! Its generated lexer looks only so far ahead. What begins like a UUID (`1a`, `cafecafe-`), a duration (`-P`) or a
//! named number (`-n`, `-i`) and does not go on like one is an error there, and so it is here: [`Tok::Stray`].

use super::keyword::Keyword;
use super::{CommentStyle, Span};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tok {
    /// The end of the text.
    End,
    /// A word that is no keyword.
    Word,
    /// `"Name"`
    Quoted,
    /// `""`, the name of a nameless column of old.
    EmptyQuoted,
    /// `'text'`
    Text,
    /// `$$text$$`
    DollarText,
    Integer,
    Float,
    Duration,
    Uuid,
    Hex,
    NegativeNan,
    NegativeInfinity,
    Keyword(Keyword),
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    Comma,
    Semicolon,
    Colon,
    Dot,
    Range,
    Question,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    PlusEqual,
    Minus,
    MinusEqual,
    Star,
    Slash,
    Percent,
    /// `expr` directly before a `(`: the word of a custom index expression, and no name.
    Expr,
    /// What begins here never ends; the token reaches to the end of the text.
    Unclosed(Unclosed),
    /// A character that begins no token.
    Stray,
}

/// What may lack its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unclosed {
    Text,
    Name,
    Comment,
}

impl Unclosed {
    /// As errors name it.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Unclosed::Text => "string",
            Unclosed::Name => "quoted name",
            Unclosed::Comment => "comment",
        }
    }
}

/// A token and its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Tok,
    pub(crate) span: Span,
}

/// Reads tokens from a text. Cheap to copy: a copy is a place to come back to.
#[derive(Clone, Copy)]
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    pos: usize,
}

/// A comment; `closed` is false for a block comment that never ends.
pub(crate) struct Comment {
    pub(crate) span: Span,
    pub(crate) closed: bool,
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn span(start: usize, end: usize) -> Span {
    Span { start: start as u32, end: end as u32 }
}

impl<'a> Lexer<'a> {
    /// Reads `bytes` from `pos` on. The bytes are UTF-8 and at most [`BYTES_MAX`](crate::BYTES_MAX).
    pub(crate) fn new(bytes: &'a [u8], pos: usize) -> Lexer<'a> {
        Lexer { bytes, pos }
    }

    /// The byte `ahead` of the present place; 0 beyond the end.
    #[inline]
    fn at(&self, pos: usize) -> u8 {
        self.bytes.get(pos).copied().unwrap_or(0)
    }

    /// Skips white space; whether a line ended in it.
    #[inline]
    pub(crate) fn skip_space(&mut self) -> bool {
        let mut line_ended = false;
        loop {
            match self.at(self.pos) {
                b' ' | b'\t' => {}
                b'\n' | b'\r' => line_ended = true,
                _ => return line_ended,
            }
            self.pos += 1;
        }
    }

    /// The style of the comment that begins here, if one does.
    #[inline]
    pub(crate) fn comment_ahead(&self) -> Option<CommentStyle> {
        let first = self.at(self.pos);
        if !matches!(first, b'-' | b'/') {
            return None;
        }
        match (first, self.at(self.pos + 1)) {
            (b'-', b'-') => Some(CommentStyle::Dashes),
            (b'/', b'/') => Some(CommentStyle::Slashes),
            (b'/', b'*') => Some(CommentStyle::Block),
            _ => None,
        }
    }

    /// Reads the comment that begins here.
    pub(crate) fn comment(&mut self, style: CommentStyle) -> Comment {
        let start = self.pos;
        self.pos += 2;
        let rest = self.bytes.get(self.pos..).unwrap_or_default();
        let (length, closed) = match style {
            CommentStyle::Dashes | CommentStyle::Slashes => {
                (rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len()), true)
            }
            CommentStyle::Block => match rest.windows(2).position(|pair| pair == b"*/") {
                Some(at) => (at + 2, true),
                None => (rest.len(), false),
            },
        };
        self.pos += length;
        Comment { span: span(start, self.pos), closed }
    }

    /// The next token after white space and comments.
    #[inline]
    pub(crate) fn next(&mut self) -> Token {
        loop {
            self.skip_space();
            let Some(style) = self.comment_ahead() else { return self.token() };
            let comment = self.comment(style);
            if !comment.closed {
                return Token { kind: Tok::Unclosed(Unclosed::Comment), span: comment.span };
            }
        }
    }

    /// The token that begins exactly here.
    pub(crate) fn token(&mut self) -> Token {
        let start = self.pos;
        let Some(&first) = self.bytes.get(start) else {
            return Token { kind: Tok::End, span: span(start, start) };
        };
        let next = self.at(start + 1);
        let (kind, length) = match first {
            b'a'..=b'z' | b'A'..=b'Z' => self.word(start),
            b'0'..=b'9' => self.number(start),
            b'\'' => self.quoted(start, b'\'', Tok::Text, Tok::Text, Unclosed::Text),
            b'"' => self.quoted(start, b'"', Tok::Quoted, Tok::EmptyQuoted, Unclosed::Name),
            b'$' if next == b'$' => self.dollars(start),
            b'(' => (Tok::Open, 1),
            b')' => (Tok::Close, 1),
            b'[' => (Tok::OpenBracket, 1),
            b']' => (Tok::CloseBracket, 1),
            b'{' => (Tok::OpenBrace, 1),
            b'}' => (Tok::CloseBrace, 1),
            b',' => (Tok::Comma, 1),
            b';' => (Tok::Semicolon, 1),
            b':' => (Tok::Colon, 1),
            b'?' => (Tok::Question, 1),
            b'.' if next == b'.' => (Tok::Range, 2),
            b'.' => (Tok::Dot, 1),
            b'=' => (Tok::Equal, 1),
            b'!' if next == b'=' => (Tok::NotEqual, 2),
            b'<' if next == b'=' => (Tok::LessOrEqual, 2),
            b'<' => (Tok::Less, 1),
            b'>' if next == b'=' => (Tok::GreaterOrEqual, 2),
            b'>' => (Tok::Greater, 1),
            b'+' if next == b'=' => (Tok::PlusEqual, 2),
            b'+' => (Tok::Plus, 1),
            b'-' if next.is_ascii_digit() => self.number(start),
            b'-' => self.minus(start),
            b'*' => (Tok::Star, 1),
            b'/' => (Tok::Slash, 1),
            b'%' => (Tok::Percent, 1),
            _ => {
                // The bytes are UTF-8: the first byte tells how many follow.
                let length = match first {
                    0xf0.. => 4,
                    0xe0.. => 3,
                    0xc0.. => 2,
                    _ => 1,
                };
                (Tok::Stray, length)
            }
        };
        self.pos = (start + length).min(self.bytes.len());
        Token { kind, span: span(start, self.pos) }
    }

    // Words, numbers and strings stand apart, so that a symbol, the commonest token, does not pay for them.
    #[inline(never)]
    fn word(&self, start: usize) -> (Tok, usize) {
        if let Some(length) = self.uuid(start) {
            return (Tok::Uuid, length);
        }
        if self.at(start) == b'P'
            && let Some(length) = self.iso_duration(start)
            && !is_word(self.at(start + length))
        {
            return (Tok::Duration, length);
        }
        let length = self.word_length(start);
        let word = self.bytes.get(start..start + length).unwrap_or_default();
        if word == b"expr" && self.at(start + 4) == b'(' {
            return (Tok::Expr, length);
        }
        if length == 8 && self.at(start + 8) == b'-' && word.iter().all(u8::is_ascii_hexdigit) {
            return (Tok::Stray, length);
        }
        (Keyword::of(word).map_or(Tok::Word, Tok::Keyword), length)
    }

    #[inline]
    fn word_length(&self, start: usize) -> usize {
        let rest = self.bytes.get(start..).unwrap_or_default();
        rest.iter().position(|byte| !is_word(*byte)).unwrap_or(rest.len())
    }

    /// `-` that is not directly followed by a digit.
    fn minus(&self, start: usize) -> (Tok, usize) {
        match self.at(start + 1) {
            b'=' => return (Tok::MinusEqual, 2),
            b'P' => {
                return match self.iso_duration(start + 1) {
                    Some(length) => (Tok::Duration, length + 1),
                    None => (Tok::Stray, 1),
                };
            }
            b'n' | b'N' | b'i' | b'I' => {
                let length = self.word_length(start + 1);
                let word = self.bytes.get(start + 1..start + 1 + length).unwrap_or_default();
                return match Keyword::of(word) {
                    Some(Keyword::Nan) => (Tok::NegativeNan, length + 1),
                    Some(Keyword::Infinity) => (Tok::NegativeInfinity, length + 1),
                    _ => (Tok::Stray, 1),
                };
            }
            _ => {}
        }
        (Tok::Minus, 1)
    }

    fn digits(&self, start: usize) -> usize {
        let rest = self.bytes.get(start..).unwrap_or_default();
        rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len())
    }

    /// A number, hexadecimal blob, UUID or duration that begins with a digit, or with `-` and a digit.
    #[inline(never)]
    fn number(&self, start: usize) -> (Tok, usize) {
        if let Some(length) = self.uuid(start) {
            return (Tok::Uuid, length);
        }
        if self.at(start) == b'0' && self.at(start + 1) | 0x20 == b'x' {
            let rest = self.bytes.get(start + 2..).unwrap_or_default();
            return (Tok::Hex, 2 + rest.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(rest.len()));
        }
        let sign = usize::from(self.at(start) == b'-');
        let mut end = start + sign;
        end += self.digits(end);
        if self.at(end) == b'.' {
            // `1..2` is a range of integers, `1...2` begins with the float `1.`: Lexer.g decides so.
            if self.at(end + 1) == b'.' {
                return if self.at(end + 2) == b'.' {
                    (Tok::Float, end + 1 - start)
                } else {
                    (Tok::Integer, end - start)
                };
            }
            end += 1;
            end += self.digits(end);
            let exponent = self.exponent(end);
            return (Tok::Float, end + exponent - start);
        }
        let exponent = self.exponent(end);
        if exponent > 0 {
            return (Tok::Float, end + exponent - start);
        }
        let mut units = self.unit(end);
        if units == 0 {
            let half_uuid = match end - start {
                0..8 => self.at(end).is_ascii_hexdigit(),
                8 => self.at(end) == b'-',
                _ => false,
            };
            return (if half_uuid && sign == 0 { Tok::Stray } else { Tok::Integer }, end - start);
        }
        while units > 0 {
            end += units;
            let digits = self.digits(end);
            units = if digits > 0 { self.unit(end + digits) } else { 0 };
            if units > 0 {
                end += digits;
            }
        }
        let half_uuid =
            end - start < 8 && self.bytes.get(start..=end).is_some_and(|text| text.iter().all(u8::is_ascii_hexdigit));
        (if half_uuid { Tok::Stray } else { Tok::Duration }, end - start)
    }

    /// The length of `e+10`, or 0.
    fn exponent(&self, start: usize) -> usize {
        if self.at(start) | 0x20 != b'e' {
            return 0;
        }
        let sign = usize::from(matches!(self.at(start + 1), b'+' | b'-'));
        match self.digits(start + 1 + sign) {
            0 => 0,
            digits => 1 + sign + digits,
        }
    }

    /// The length of a duration's unit, or 0.
    fn unit(&self, start: usize) -> usize {
        let second = self.at(start + 1) | 0x20;
        match self.at(start) | 0x20 {
            b'm' if second == b'o' || second == b's' => 2,
            b'u' | b'n' if second == b's' => 2,
            b'y' | b'w' | b'd' | b'h' | b'm' | b's' => 1,
            // `µs`: U+00B5 is C2 B5.
            _ if self.at(start) == 0xc2 && self.at(start + 1) == 0xb5 && self.at(start + 2) | 0x20 == b's' => 3,
            _ => 0,
        }
    }

    /// The length of an ISO 8601 duration whose `P` stands at `start`.
    fn iso_duration(&self, start: usize) -> Option<usize> {
        let alternative = b"PDDDD-DD-DDTDD:DD:DD";
        let fits = alternative.iter().enumerate().all(|(i, want)| match want {
            b'D' => self.at(start + i).is_ascii_digit(),
            other => self.at(start + i) == *other,
        });
        if fits {
            return Some(alternative.len());
        }
        // `1W`, or `1Y2M3D` and `T1H2M3S` in order, each part optional but not all.
        let mut end = start + 1;
        let before_date = end;
        end = self.designators(end, b"W");
        if end == before_date {
            end = self.designators(end, b"YMD");
            if self.at(end) == b'T' {
                let time = self.designators(end + 1, b"HMS");
                if time > end + 1 {
                    end = time;
                }
            }
        }
        (end > before_date).then_some(end - start)
    }

    /// The end of digits and designators in the order of `designators`, each optional.
    fn designators(&self, start: usize, designators: &[u8]) -> usize {
        let mut end = start;
        for designator in designators {
            let digits = self.digits(end);
            if digits > 0 && self.at(end + digits) == *designator {
                end += digits + 1;
            }
        }
        end
    }

    /// The length of a UUID that begins here.
    #[inline]
    fn uuid(&self, start: usize) -> Option<usize> {
        if self.at(start + 8) != b'-' || self.at(start + 13) != b'-' {
            return None;
        }
        let text = self.bytes.get(start..start + 36)?;
        let fits = text.iter().enumerate().all(|(i, byte)| match i {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
        fits.then_some(36)
    }

    /// Text between `quote`s, where a doubled quote stands for one.
    #[inline(never)]
    fn quoted(&self, start: usize, quote: u8, some: Tok, empty: Tok, what: Unclosed) -> (Tok, usize) {
        let rest = self.bytes.get(start + 1..).unwrap_or_default();
        let mut end = 0;
        loop {
            match rest.get(end..).unwrap_or_default().iter().position(|byte| *byte == quote) {
                None => return (Tok::Unclosed(what), rest.len() + 1),
                Some(at) if rest.get(end + at + 1) == Some(&quote) => end += at + 2,
                Some(at) => {
                    end += at;
                    return (if end == 0 { empty } else { some }, end + 2);
                }
            }
        }
    }

    fn dollars(&self, start: usize) -> (Tok, usize) {
        let rest = self.bytes.get(start + 2..).unwrap_or_default();
        match rest.windows(2).position(|pair| pair == b"$$") {
            Some(at) => (Tok::DollarText, at + 4),
            None => (Tok::Unclosed(Unclosed::Text), rest.len() + 2),
        }
    }
}
