//! `link` and `open`: a text to a link, and back.

use super::Found;
use super::args::Args;
use super::error::Error;
use super::model;
use super::out::{Out, Tone};
use scenario::link::{decode, digests, encode};

/// How many characters some chats cut a message at.
const CHAT_CHARS: usize = 2_000;

/// `tombstone link FILE|-`
pub fn link(mut args: Args, out: &mut Out) -> Result<Found, Error> {
    let base = args.value("--base")?.unwrap_or_default();
    let names = args.rest(&["--base"])?;
    let [name] = names.as_slice() else { return Err(Error::usage("link takes one file, or -")) };
    let source = model::read(name)?;
    let ran = model::run(&source.text, false);
    // A text with faults can be sent, too: somebody may be asked what is wrong with it.
    let outcomes = if ran.blessed.faults.is_empty() { digests(&ran.blessed.answers) } else { Vec::new() };
    let link = encode(&source.text, &outcomes);
    out.line(format_args!("{base}#{link}"))?;
    if base.len() + link.len() + 1 > CHAT_CHARS {
        out.aside(
            Tone::Faint,
            format!("{} characters: some chats cut a message at {CHAT_CHARS}", base.len() + link.len() + 1),
        )?;
    }
    out.flush()?;
    Ok(Found::Same)
}

/// `tombstone open LINK`
pub fn open(args: Args, out: &mut Out) -> Result<Found, Error> {
    let names = args.rest(&[])?;
    let [link] = names.as_slice() else { return Err(Error::usage("open takes one link")) };
    out.text(&decode(link)?.text)?;
    out.flush()?;
    Ok(Found::Same)
}
