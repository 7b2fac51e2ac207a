//! What the page tells the page that it is part of. `docs/embed.md` is its description.

use crate::state::{Effect, Said, State};

/// What the other page was told last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    digest: String,
    at: Option<u32>,
    trouble: String,
}

/// Tells what has changed since the other page was told.
pub(super) fn tell(state: &mut State) -> Vec<Effect> {
    let mut effects = Vec::new();
    let shown = state.shown().cloned();
    let heard = Heard {
        digest: shown.as_ref().map(|ran| ran.digest.clone()).unwrap_or_default(),
        at: shown.as_ref().map(|_| state.cursor),
        trouble: state.notice.as_ref().map(|notice| format!("{} {}", notice.what, notice.why)).unwrap_or_default(),
    };
    let before = std::mem::replace(&mut state.heard, heard.clone());
    if let Some(ran) = &shown {
        if heard.digest != before.digest {
            let verdict = ran.tale.verdict();
            effects.push(Effect::Tell(
                "ran",
                vec![
                    ("title", Said::Words(state.title())),
                    ("verdict", Said::Words(format!("{}{}", verdict.strong, verdict.rest))),
                    ("digest", Said::Words(heard.digest.clone())),
                    ("link", Said::Words(state.link())),
                    ("events", Said::Number(ran.tale.len())),
                ],
            ));
        }
        if heard.at != before.at || heard.digest != before.digest {
            let line = ran.tale.scrub(state.cursor, None).line;
            effects
                .push(Effect::Tell("at", vec![("event", Said::Number(state.cursor + 1)), ("line", Said::Words(line))]));
        }
    }
    if heard.trouble != before.trouble && !heard.trouble.is_empty() {
        effects.push(Effect::Tell("trouble", vec![("why", Said::Words(heard.trouble))]));
    }
    effects
}
