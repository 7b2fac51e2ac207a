//! A branch, written: only what it has elsewhere, and the outcomes that came of it.

use super::align::gaps;
use super::parts::{Part, parts};
use super::place::Place;
use super::{Read, read, trunk};
use crate::edit::{Edit, applied};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

/// The text with these futures under it, in place of those it has. Reading them gives each text again, but for empty lines
/// between steps. A text in which nothing is changed is returned as it is.
#[must_use]
pub fn with_branches(text: &str, futures: &[(&str, &str)]) -> String {
    let old = read(text);
    let same =
        |(read, (name, future)): (&Read, &(&str, &str))| read.branch.name == *name && read.branch.text == *future;
    if old.len() == futures.len() && old.iter().zip(futures).all(same) {
        return text.into();
    }
    let base = trunk(text);
    let end = if base.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::from(base.trim_end());
    if out.is_empty() || futures.is_empty() {
        out = base.into();
    }
    for (name, future) in futures {
        let _ = write!(out, "{end}{end}--@ branch {name}{end}{}", differences(base, trunk(future), end));
        out.truncate(out.trim_end().len());
    }
    if !futures.is_empty() {
        out += end;
    }
    out
}

/// What stands under a branch's line.
fn differences(base: &str, future: &str, end: &str) -> String {
    let (old, new) = (parts(base), parts(future));
    // What stands directly under the branch's line, and what below lines that say where.
    let (mut head, mut out) = (String::new(), String::new());
    let says = |part: &Part, text: &str| String::from(part.says(text));
    if let (Some(was), Some(is)) = (old.first(), new.first())
        && was.says(base) != is.says(future)
        && !is.span.is_empty()
    {
        let _ = write!(head, "{}{end}", is.says(future));
    }
    let old: Vec<&Part> = old.iter().skip(1).filter(|part| part.place != Place::Checked).collect();
    let new: Vec<&Part> = new.iter().skip(1).collect();
    let olds: Vec<String> = old.iter().map(|part| says(part, base)).collect();
    let news: Vec<String> = new.iter().map(|part| says(part, future)).collect();
    for (gone, come) in gaps(&olds, &news) {
        let body = news.get(come.clone()).unwrap_or_default();
        let body = body.iter().filter(|said| !said.is_empty()).fold(String::new(), |all, said| all + said + end);
        let (gone_parts, come_parts) = (old.get(gone.clone()).unwrap_or_default(), new.get(come).unwrap_or_default());
        let next = old.get(gone.end).map_or(Place::End, |part| part.place.clone());
        if in_head(&old, gone_parts, come_parts, &next) {
            head += &body;
            continue;
        }
        let mut gone = gone_parts.iter().map(|part| &part.place);
        if !body.is_empty() {
            let _ = match gone.next() {
                Some(place) => write!(out, "--@ instead {place}{end}{body}"),
                None => write!(out, "--@ before {next}{end}{body}"),
            };
        }
        let rest: Vec<String> = gone.map(|place| format!("{place}")).collect();
        if !rest.is_empty() {
            let _ = write!(out, "--@ without {}{end}", rest.join(", "));
        }
    }
    head + &out
}

/// Whether lines under the branch's own line say it: of the head, each in the place of the one with its name, or new.
fn in_head(all: &[&Part], gone: &[&Part], come: &[&Part], next: &Place) -> bool {
    let named = |part: &&Part| matches!(part.place, Place::Cluster | Place::Client(_));
    let replaced =
        gone.len() == come.len() && gone.iter().zip(come).all(|(old, new)| named(old) && old.place == new.place);
    let new = |part: &&Part| part.place.is_head() && all.iter().all(|old| old.place != part.place);
    let added = gone.is_empty() && !next.is_head() && come.iter().all(new);
    !come.is_empty() && (replaced || added)
}

/// The text with the outcomes that came of one of its branches. Those of statements in the branch are written there; where a
/// statement of the text above has other ones in this future, the branch says so.
///
/// `blessed` is the branch's text with its outcomes; whatever else it has changed is not looked at.
#[must_use]
pub fn with_outcomes(text: &str, name: &str, blessed: &str) -> String {
    let Some(read) = read(text).into_iter().find(|read| read.branch.name == name) else { return text.into() };
    let future = &read.branch.text;
    let (base, base_parts) = (trunk(text), parts(trunk(text)));
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let (mut edits, mut news) = (Vec::new(), String::new());
    for (was, is) in parts(future).iter().zip(&parts(blessed)) {
        let (old, new) = (future.get(was.span.clone()).unwrap_or(""), blessed.get(is.span.clone()).unwrap_or(""));
        if was.place != is.place || old == new {
            continue;
        }
        let body = was.says(future).len();
        let from = was.span.start + old.find(was.says(future)).unwrap_or(0);
        match read.woven.source(&(from..from + body)) {
            Some((source, true)) => edits.push(Edit::new(source.start as u32..source.end as u32, is.says(blessed))),
            Some((source, false)) => {
                let place = base_parts.iter().find(|part| part.span.contains(&source.start)).map(|part| &part.place);
                if let Some(place) = place.filter(|_| base.get(source).is_some()) {
                    let _ = write!(news, "--@ instead {place}{end}{}{end}", is.says(blessed));
                }
            }
            None => {}
        }
    }
    if !news.is_empty() {
        let span = read.branch.span.start as usize..read.branch.span.end as usize;
        let at = span.start + text.get(span).unwrap_or("").trim_end().len();
        news.truncate(news.trim_end().len());
        edits.push(Edit::new(at as u32..at as u32, format!("{end}{news}")));
    }
    applied(text, &edits.iter().collect::<Vec<_>>())
}
