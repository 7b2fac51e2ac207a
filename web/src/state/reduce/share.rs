//! A link is made and copied.

use crate::state::{Action, Copying, Effect, LINK_HUGE, LINK_LONG, Notice, State, Tone, thousands};

pub(super) fn share(state: &mut State, anyway: bool) -> Vec<Effect> {
    let link = state.link();
    if link.len() > LINK_HUGE && !anyway {
        state.notice = Some(Notice {
            tone: Tone::Warn,
            what: format!("This link has {} characters.", thousands(link.len() as u64)),
            why: "Many chats and mail programs cut links of that length, and a cut link does not open.".into(),
            offers: vec![
                ("Copy it anyway".into(), Action::ShareAnyway),
                ("Save as a file".into(), Action::SaveFile),
                ("Copy the text instead".into(), Action::CopyText),
            ],
        });
        return Vec::new();
    }
    state.copying = Copying::Link;
    vec![Effect::SetHash(link.clone()), Effect::Copy(link)]
}

/// What a text of this title is called as a file. The tables of all the world's letters would be a part of the page's download.
pub(super) fn file(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.take(8).collect();
    if words.is_empty() { "scenario.cql".into() } else { words.join("-").to_ascii_lowercase() + ".cql" }
}

pub(super) fn copied(state: &State, worked: bool) -> Notice {
    let what = match state.copying {
        Copying::Link => return copied_link(worked, state.link().len()),
        Copying::Text => "the text",
        Copying::Report => "text, verdict and link, as Markdown",
    };
    let (tone, what, why) = if worked {
        (Tone::Fine, format!("Copied: {what}."), "It runs again wherever it is pasted.")
    } else {
        (Tone::Bad, "The clipboard did not take it.".into(), "Select it in the editor and copy it from there.")
    };
    Notice { tone, what, why: why.into(), offers: Vec::new() }
}

fn copied_link(worked: bool, length: usize) -> Notice {
    let long = length > LINK_LONG;
    match (worked, long) {
        (false, _) => Notice {
            tone: Tone::Bad,
            what: "The clipboard did not take it.".into(),
            why: "The link stands in the address bar: copy it from there.".into(),
            offers: Vec::new(),
        },
        (true, true) => Notice {
            tone: Tone::Warn,
            what: format!("Copied: {} characters.", thousands(length as u64)),
            why: "Slack, Teams and some mail programs cut links at 2,000.".into(),
            offers: vec![
                ("Save as a file".into(), Action::SaveFile),
                ("Copy the text instead".into(), Action::CopyText),
            ],
        },
        (true, false) => Notice {
            tone: Tone::Fine,
            what: format!("Copied: {} characters.", thousands(length as u64)),
            why: "Whoever opens it sees this run, to the same byte.".into(),
            offers: Vec::new(),
        },
    }
}
