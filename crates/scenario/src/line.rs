//! One directive line by the table: words to values.

use crate::directives::{Directive, Key, names};
use crate::edit::Edit;
use crate::nearest::nearest;
use crate::value::{Known, Value, Wrong};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// A directive's line, read.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub directive: &'static Directive,
    /// In the table's order; `None` where an optional one is missing.
    pub args: Vec<Option<Value>>,
    pub keys: Vec<(&'static Key, Value)>,
    /// Where the arguments stand that were given.
    pub spans: Vec<Range<usize>>,
    /// The whole line behind `--@`.
    pub span: Range<usize>,
}

/// A fault before it knows its line and column.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub span: Range<usize>,
    pub wrong: Wrong,
    pub fix: Option<Edit>,
}

impl Raw {
    /// A fault at a word; the nearest right word is also its repair.
    pub fn at(span: Range<usize>, wrong: Wrong) -> Raw {
        let fix = wrong.nearest.as_ref().map(|text| Edit { span: bytes(&span), text: text.clone() });
        Raw { span, wrong, fix }
    }

    pub fn fixed_by(&mut self, span: Range<usize>, text: impl Into<String>) {
        self.fix = Some(Edit { span: bytes(&span), text: text.into() });
    }
}

pub(crate) fn bytes(span: &Range<usize>) -> Range<u32> {
    span.start as u32..span.end as u32
}

impl Line {
    pub fn arg(&self, at: usize) -> Option<&Value> {
        self.args.get(at)?.as_ref()
    }

    /// Where an argument stands; the line, when it was not given.
    pub fn span(&self, at: usize) -> Range<usize> {
        self.spans.get(at).unwrap_or(&self.span).clone()
    }

    pub fn key(&self, name: &str) -> Option<&Value> {
        self.keys.iter().find(|(key, _)| key.name == name).map(|(_, value)| value)
    }

    /// Read `line`, what stands behind `--@`; `at` is where it begins in the text.
    pub fn read(line: &str, at: usize, known: &Known) -> Result<Line, Vec<Raw>> {
        let mut words = Words { line, at, next: 0 };
        let Some((span, verb)) = words.next() else {
            let here = at..at + line.len();
            return Err(alloc::vec![Raw::at(here, Wrong::new("--@ names no directive", "as --@ advance 10s"))]);
        };
        let Some(directive) = Directive::named(verb) else { return Err(alloc::vec![unknown(verb, span)]) };
        let verb_span = span;
        let mut read = Line {
            directive,
            args: Vec::new(),
            keys: Vec::new(),
            spans: Vec::new(),
            span: verb_span.start..at + line.trim_end().len(),
        };
        let mut faults = Vec::new();
        let mut last = verb_span.clone();
        while let Some((span, word)) = words.next() {
            last = span.clone();
            let arg = directive.args.get(read.args.len());
            if let Some(arg) = arg.filter(|arg| arg.kind.is_rest()) {
                let rest = line.get(span.start - at..).unwrap_or(word).trim_end();
                words.next = line.len();
                read.spans.push(span.start..span.start + rest.len());
                match arg.kind.read(rest, known) {
                    Ok(value) => read.args.push(Some(value)),
                    Err(wrong) => faults.push(Raw::at(span.start..span.start + rest.len(), wrong)),
                }
            } else if let Some((name, value)) = word.split_once('=') {
                match read.take_key(name, value, span, known) {
                    Ok(()) => {}
                    Err(fault) => faults.push(fault),
                }
            } else if let Some(arg) = arg {
                read.spans.push(span.clone());
                match arg.kind.read(word, known) {
                    Ok(value) => read.args.push(Some(value)),
                    Err(wrong) => {
                        faults.push(Raw::at(span, wrong));
                        read.args.push(None);
                    }
                }
            } else {
                faults.push(stray(directive, word, span, &mut words));
            }
        }
        for arg in directive.args.iter().skip(read.args.len()) {
            if !arg.optional && faults.is_empty() {
                let so = format!("{} says no {}", directive.name, arg.name);
                let known = format!("expected {}; as --@ {}", arg.kind.wanted(), directive.example);
                faults.push(Raw::at(verb_span.start..last.end, Wrong::new(so, known)));
            }
            read.args.push(None);
        }
        for key in directive.keys.iter().filter(|key| key.required) {
            if read.key(key.name).is_none() && faults.is_empty() {
                let so = format!("{} says no {}=", directive.name, key.name);
                let known = format!("as --@ {}", directive.example);
                faults.push(Raw::at(verb_span.start..last.end, Wrong::new(so, known)));
            }
        }
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }

    fn take_key(&mut self, name: &str, value: &str, span: Range<usize>, known: &Known) -> Result<(), Raw> {
        let verb = self.directive.name;
        let name_span = span.start..span.start + name.len();
        let Some(key) = self.directive.key(name) else {
            let all: Vec<&str> = self.directive.keys.iter().map(|k| k.name).collect();
            let close = nearest(name, all.iter().copied()).map(Into::into);
            let known =
                if all.is_empty() { format!("{verb} takes none") } else { format!("{verb} takes {}", all.join(", ")) };
            let wrong = Wrong { nearest: close, ..Wrong::new(format!("{verb} has no {name}="), known) };
            return Err(Raw::at(name_span, wrong));
        };
        if self.key(name).is_some() {
            let mut fault = Raw::at(span.clone(), Wrong::new(format!("{name}= is given twice"), "once is enough"));
            fault.fixed_by(span, "");
            return Err(fault);
        }
        let value_span = span.start + name.len() + 1..span.end;
        if value.is_empty() {
            return Err(Raw::at(
                span,
                Wrong::new(format!("{name}= has no value"), format!("expected {}", key.kind.wanted())),
            ));
        }
        let value = key.kind.read(value, known).map_err(|wrong| {
            let said = if wrong.known.is_empty() { String::new() } else { format!("{name}=: {}", wrong.known) };
            Raw::at(value_span, Wrong { known: said, ..wrong })
        })?;
        self.keys.push((key, value));
        Ok(())
    }
}

fn unknown(verb: &str, span: Range<usize>) -> Raw {
    let close = nearest(verb, names()).map(Into::into);
    let known = match close {
        Some(_) => String::new(),
        None => format!("the directives are {}", names().join(", ")),
    };
    Raw::at(span, Wrong { nearest: close, ..Wrong::new(format!("there is no directive {verb}"), known) })
}

fn stray(directive: &Directive, word: &str, span: Range<usize>, words: &mut Words) -> Raw {
    if let Some(key) = directive.key(word) {
        let wrong = Wrong::new(format!("{word} has no ="), format!("as {word}=VALUE; {}", key.help));
        let mut fault = Raw::at(span.clone(), wrong);
        if let Some((end, value)) = words.next().filter(|(_, value)| !value.contains('=')) {
            fault.fixed_by(span.start..end.end, format!("{word}={value}"));
        }
        return fault;
    }
    let known = format!("{} is written --@ {}", directive.name, directive.usage());
    Raw::at(span, Wrong::new(format!("{word} is one too many"), known))
}

/// The words of a line with their places in the text.
struct Words<'a> {
    line: &'a str,
    at: usize,
    next: usize,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<(Range<usize>, &'a str)> {
        let tail = self.line.get(self.next..)?;
        let start = self.next + tail.find(|c: char| !c.is_whitespace())?;
        let tail = self.line.get(start..)?;
        let end = start + tail.find(char::is_whitespace).unwrap_or(tail.len());
        self.next = end;
        Some((self.at + start..self.at + end, self.line.get(start..end)?))
    }
}
