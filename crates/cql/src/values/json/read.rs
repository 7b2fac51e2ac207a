//! JSON text to a document. What follows the first value is left alone, as Cassandra's decoder does.

use super::Json;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// How deep documents may nest.
const DEPTH_MAX: u32 = 64;

/// Reads the first value of a text.
pub(crate) fn parse(text: &str) -> Result<Json, String> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    reader.space();
    if reader.rest().is_empty() {
        return Err(
            "com.fasterxml.jackson.databind.exc.MismatchedInputException: No content to map due to end-of-input".into(),
        );
    }
    reader.value()
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: u32,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn eat(&mut self, c: char) -> bool {
        self.space();
        let found = self.rest().starts_with(c);
        self.at += if found { c.len_utf8() } else { 0 };
        found
    }

    fn wrong<T>(&self, what: &str) -> Result<T, String> {
        Err(format!("com.fasterxml.jackson.core.JsonParseException: {what} at character {}", self.at))
    }

    fn value(&mut self) -> Result<Json, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return self.wrong("documents may not nest that deep");
        }
        self.space();
        let value = match self.rest().chars().next() {
            Some('"') => Json::Text(self.string()?),
            Some('[') => {
                self.at += 1;
                let mut items = Vec::new();
                if !self.eat(']') {
                    loop {
                        items.push(self.value()?);
                        if self.eat(']') {
                            break;
                        }
                        if !self.eat(',') {
                            return self.wrong("expected a comma or the end of a list");
                        }
                    }
                }
                Json::List(items)
            }
            Some('{') => {
                self.at += 1;
                let mut entries: Vec<(String, Json)> = Vec::new();
                if !self.eat('}') {
                    loop {
                        self.space();
                        let key = self.string()?;
                        if !self.eat(':') {
                            return self.wrong("expected a colon");
                        }
                        let value = self.value()?;
                        match entries.iter_mut().find(|(have, _)| *have == key) {
                            Some((_, have)) => *have = value,
                            None => entries.push((key, value)),
                        }
                        if self.eat('}') {
                            break;
                        }
                        if !self.eat(',') {
                            return self.wrong("expected a comma or the end of an object");
                        }
                    }
                }
                Json::Map(entries)
            }
            _ => self.word()?,
        };
        self.depth -= 1;
        Ok(value)
    }

    /// A number, or one of three words.
    fn word(&mut self) -> Result<Json, String> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_alphanumeric() && !"+-._".contains(c)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        let value = match word {
            "null" => Json::Null,
            "true" => Json::Boolean(true),
            "false" => Json::Boolean(false),
            number if is_number(number) => Json::Number(number.to_string()),
            _ => {
                return self.wrong(&format!(
                    "Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
                ));
            }
        };
        self.at += end;
        Ok(value)
    }

    fn string(&mut self) -> Result<String, String> {
        if !self.eat('"') {
            return self.wrong("expected a string in double quotes");
        }
        let mut out = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += at + 1;
                    return Ok(out);
                }
                '\0'..='\x1f' => return self.wrong("a control character in a string"),
                '\\' => match chars.next().map(|(_, c)| c) {
                    Some(c @ ('"' | '\\' | '/')) => out.push(c),
                    Some('n') => out.push('\n'),
                    Some('r') => out.push('\r'),
                    Some('t') => out.push('\t'),
                    Some('b') => out.push('\u{8}'),
                    Some('f') => out.push('\u{c}'),
                    Some('u') => {
                        let mut unit = || {
                            let digits: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                            u16::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4)
                        };
                        let Some(first) = unit() else { return self.wrong("a broken escape") };
                        let mut units = Vec::from([first]);
                        if (0xD800..0xDC00).contains(&first) {
                            if !matches!((chars.next(), chars.next()), (Some((_, '\\')), Some((_, 'u')))) {
                                return self.wrong("half a character");
                            }
                            let mut unit = || {
                                let digits: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                                u16::from_str_radix(&digits, 16).ok()
                            };
                            units.extend(unit());
                        }
                        match String::from_utf16(&units) {
                            Ok(text) => out.push_str(&text),
                            Err(_) => return self.wrong("half a character"),
                        }
                    }
                    _ => return self.wrong("Unrecognized character escape"),
                },
                c => out.push(c),
            }
        }
        self.wrong("a string does not end")
    }
}

fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let body = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = body.split_once(['e', 'E']).map_or((body, None), |(m, e)| (m, Some(e)));
    let (whole, part) = mantissa.split_once('.').map_or((mantissa, None), |(w, p)| (w, Some(p)));
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && part.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}
