//! `link` and `open`: a text to a link, and back.

use super::Found;
use super::args::Args;
use super::error::Error;
use super::model;
use super::out::{Out, Tone};
use scenario::link::{decode, digests, encode};
use serde_json::json;

/// How many characters some chats cut a message at.
const CHAT_CHARS: usize = 2_000;

/// `tombstone link FILE|- [--base ADDRESS] [--json]`
pub fn link(mut args: Args, out: &mut Out) -> Result<Found, Error> {
    let json = args.flag("--json");
    let base = args.value("--base")?.unwrap_or_default();
    let names = args.rest(&["--base", "--json"])?;
    let [name] = names.as_slice() else { return Err(Error::usage("link takes one file, or -")) };
    let source = model::read(name)?;
    let ran = model::run(&source.text, false);
    // A text with faults can be sent, too: somebody may be asked what is wrong with it.
    let outcomes = if ran.blessed.faults.is_empty() { digests(&ran.blessed.answers) } else { Vec::new() };
    let link = format!("{base}#{}", encode(&source.text, &outcomes));
    let chars = link.chars().count();
    if json {
        out.line(format_args!("{}", json!({ "link": link, "characters": chars })))?;
    } else {
        out.line(format_args!("{link}"))?;
    }
    if chars > CHAT_CHARS {
        out.aside(Tone::Faint, format!("{chars} characters: some chats cut a message at {CHAT_CHARS}"))?;
    }
    out.flush()?;
    Ok(Found::Same)
}

/// `tombstone open LINK|- [--json]`
pub fn open(mut args: Args, out: &mut Out) -> Result<Found, Error> {
    let json = args.flag("--json");
    let names = args.rest(&["--json"])?;
    let [link] = names.as_slice() else { return Err(Error::usage("open takes one link, or -")) };
    if link != "-" && std::path::Path::new(link).exists() {
        return Err(Error::usage(format!("{link} is a file, and open takes a link; tombstone link {link} makes one")));
    }
    let link = if link == "-" { model::read(link)?.text } else { link.clone() };
    let linked = decode(&link)?;
    if json {
        out.line(format_args!("{}", json!({ "text": linked.text, "model": linked.model })))?;
    } else {
        out.text(&linked.text)?;
    }
    out.flush()?;
    Ok(Found::Same)
}
