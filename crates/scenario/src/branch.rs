//! Other futures of a text. A branch is a whole text of its own, written as what it has elsewhere than the text above it, so
//! that a reader sees what was changed and a link carries both:
//!
//! ```text
//! --@ branch NAME
//! -- Its own title, if it has one.
//! --@ client api clock=0          a line of the head takes the place of the one with its name, or is added to the head
//! --@ instead 3                   what follows stands in the place of statement 3
//! --@ before 4+1                  what follows comes before the first directive below statement 4
//! --@ without 5, client cron
//! ```
//!
//! Places are counted in statements and never in lines or events, so that writing outcomes moves none of them.

mod align;
mod parts;
mod place;
mod weave;
mod write;

pub use align::gaps;
pub use write::{with_branches, with_outcomes};

use crate::cut::{Item, Mark, What, cut};
use crate::directives::Verb;
use crate::fault::Fault;
use crate::limits::BRANCHES_MAX;
use crate::line::{Line, Raw};
use crate::value::{Known, Wrong};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;
use weave::{How, Hunk, Woven};

/// Another future of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// What it is called.
    pub name: String,
    /// Its bytes in the whole text, its line first.
    pub span: Range<u32>,
    /// The text as this future reads.
    pub text: String,
}

/// The text above its branches, without the empty lines between.
#[must_use]
pub fn trunk(text: &str) -> &str {
    let end = if text.contains("branch") { heads(text, &cut(text)).first().copied() } else { None };
    end.map_or(text, |end| above(text, end))
}

/// What stands above a branch that begins there.
fn above(text: &str, end: usize) -> &str {
    let head = text.get(..end).unwrap_or("");
    let said = head.trim_end().len();
    let rest = head.get(said..).unwrap_or("");
    let line_end = ["\r\n", "\n", "\r"].into_iter().find(|line_end| rest.starts_with(line_end)).map_or(0, str::len);
    if said == 0 { "" } else { head.get(..said + line_end).unwrap_or(head) }
}

/// The other futures of a text, in order.
#[must_use]
pub fn branches(text: &str) -> Vec<Branch> {
    read(text).into_iter().map(|read| read.branch).collect()
}

/// A branch with what is wrong with how it is written, and where each piece of its text is from.
pub(crate) struct Read {
    pub branch: Branch,
    pub woven: Woven,
    pub faults: Vec<Raw>,
    /// Its line.
    pub line: Range<usize>,
}

/// Every branch of a text.
pub(crate) fn read(text: &str) -> Vec<Read> {
    if !text.contains("branch") {
        return Vec::new();
    }
    let items = cut(text);
    let starts = heads(text, &items);
    let Some(first) = starts.first() else { return Vec::new() };
    let base = above(text, *first);
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mut names: Vec<String> = Vec::new();
    let mut all = Vec::new();
    for (start, end) in starts.iter().copied().zip(ends).take(BRANCHES_MAX + 1) {
        let inside = items.iter().filter(|item| (start..end).contains(&item.span.start));
        let mut section = Section { text, faults: Vec::new() };
        let (name, line, hunks) = section.read(inside, end);
        if all.len() == BRANCHES_MAX {
            section.fault(line.clone(), "one branch too many", format!("the limit is {BRANCHES_MAX} branches"));
        } else if names.contains(&name) {
            section.fault(line.clone(), format!("there are two branches named {name}"), "each needs a name of its own");
        }
        names.push(name.clone());
        let woven = weave::weave(text, base, &hunks, &mut section.faults);
        let branch = Branch { name, span: start as u32..end as u32, text: woven.text.clone() };
        all.push(Read { branch, woven, faults: section.faults, line });
    }
    all
}

/// Where each branch begins: at the start of its line.
fn heads(text: &str, items: &[Item]) -> Vec<usize> {
    let begins = |item: &Item| {
        let head = text.get(..item.span.start).unwrap_or("");
        head.rfind(['\n', '\r']).map_or(0, |at| at + 1)
    };
    items.iter().filter(|item| verb(text, item) == Some(Verb::Branch)).map(begins).collect()
}

/// Which directive a line is.
pub(crate) fn verb(text: &str, item: &Item) -> Option<Verb> {
    if item.what != What::Marked(Mark::Directive) {
        return None;
    }
    let word = text.get(item.span.start + 3..item.span.end)?.split_whitespace().next()?;
    Verb::named(word)
}

struct Section<'a> {
    text: &'a str,
    faults: Vec<Raw>,
}

impl Section<'_> {
    fn fault(&mut self, span: Range<usize>, so: impl Into<String>, known: impl Into<String>) {
        self.faults.push(Raw { span, wrong: Wrong::new(so, known), fix: None });
    }

    /// A branch's name, its line, and its hunks; the first hunk is what stands directly under its line.
    fn read<'b>(&mut self, items: impl Iterator<Item = &'b Item>, end: usize) -> (String, Range<usize>, Vec<Hunk>) {
        let (mut name, mut line) = (String::new(), 0..0);
        let mut hunks: Vec<Hunk> = Vec::new();
        for item in items {
            let Some(verb) = verb(self.text, item) else { continue };
            let how = match verb {
                Verb::Branch => How::Head,
                Verb::Instead => How::Instead,
                Verb::Before => How::Before,
                Verb::Without => How::Without,
                _ => continue,
            };
            let said = self.text.get(item.span.start + 3..item.span.end).unwrap_or("").trim_end();
            let head = said.len() - said.trim_start().len();
            let word = said.split_whitespace().next().map_or(0, str::len);
            let rest = said.get(head + word..).unwrap_or("");
            let at = item.span.start + 3 + said.len() - rest.trim_start().len();
            let mut places = Vec::new();
            match how {
                How::Head => name = rest.split_whitespace().next().unwrap_or("").into(),
                _ => match place::places(rest.trim_start(), at) {
                    Ok(read) => places = read,
                    Err(raw) => self.faults.push(raw),
                },
            }
            if how == How::Head {
                line = item.span.clone();
            }
            if let Some((one, _)) = places.get(1).filter(|_| how != How::Without) {
                let known = "one place a line; without takes many, with commas between them";
                self.fault(item.span.clone(), format!("{one} is one place too many"), known);
            }
            if let Some(last) = hunks.last_mut() {
                last.body.end = item.span.start;
            }
            hunks.push(Hunk { how, places, line: item.span.clone(), body: item.span.end..end });
        }
        (name, line, hunks)
    }
}

/// What is wrong with the branches of a text. `sound` says that nothing is wrong with the text above them: then whatever is in a
/// future comes of that future.
pub(crate) fn faults(text: &str, sound: bool, parse: impl Fn(&str) -> Vec<Fault>) -> Vec<Raw> {
    let mut all = Vec::new();
    let items = cut(text);
    for item in items.iter().filter(|item| verb(text, item).is_some_and(Verb::branches)) {
        let said = text.get(item.span.start + 3..item.span.end).unwrap_or("").trim_end();
        all.extend(Line::read(said, item.span.start + 3, &Known::default()).err().into_iter().flatten());
    }
    for read in read(text) {
        let mended = read.faults.is_empty();
        all.extend(read.faults);
        if !mended {
            continue;
        }
        for fault in parse(&read.branch.text) {
            let span = fault.span.start as usize..fault.span.end as usize;
            let wrong = Wrong { so: fault.so, known: fault.known, nearest: fault.nearest };
            match read.woven.source(&span) {
                Some((span, true)) => {
                    let from = |edit: crate::Edit| {
                        let (source, own) = read.woven.source(&(edit.span.start as usize..edit.span.end as usize))?;
                        own.then(|| crate::Edit::new(source.start as u32..source.end as u32, edit.text))
                    };
                    all.push(Raw { span, wrong, fix: fault.fix.and_then(from) });
                }
                // It stands in the text above: either it is wrong there too, and said, or this future makes it so.
                _ if sound => {
                    let so = format!("in {}, {}", read.branch.name, wrong.so);
                    all.push(Raw { span: read.line.clone(), wrong: Wrong { so, ..wrong }, fix: None });
                }
                _ => {}
            }
        }
    }
    all
}
