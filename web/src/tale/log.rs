//! The log's lines, in the trace's own words: only those in view are put into words.

use super::Tale;
use crate::{
    axis::exact,
    panes::log::{Entry, LINE},
    state::Filter,
};
use std::{borrow::Cow, ops::Range};
use trace::{EventId, Kind, MachineKind};

/// Lines above and below the view that are drawn too, so that scrolling does not show a gap.
const SPARE: u32 = 12;

/// Of these events the ones in whose lines these words are.
pub(super) fn told(tale: &Tale, find: &str, events: Range<u32>) -> Vec<u32> {
    let words = tale.words();
    events.filter(|event| words.whole_line(EventId(*event)).to_string().to_ascii_lowercase().contains(find)).collect()
}

pub(super) fn entries(
    tale: &Tale,
    filter: Filter,
    found: Option<&[u32]>,
    (top, tall): (i32, i32),
) -> (Vec<Entry>, u32) {
    let (log, words) = (tale.log(), tale.words());
    let kept = |event: &u32| match filter {
        Filter::All => true,
        Filter::Anomalies => tale.anomalies.binary_search(event).is_ok(),
        Filter::Writes => log.kind(EventId(*event)) == Some(Kind::Apply),
    };
    let chosen: Option<Cow<'_, [u32]>> = match (filter, found) {
        (Filter::All, found) => found.map(Cow::Borrowed),
        (Filter::Anomalies, None) => Some(Cow::Borrowed(&tale.anomalies)),
        (_, Some(found)) => Some(Cow::Owned(found.iter().copied().filter(kept).collect())),
        (Filter::Writes, None) => Some(Cow::Owned((0..tale.len()).filter(kept).collect())),
    };
    let lines = chosen.as_ref().map_or(tale.len(), |chosen| chosen.len() as u32);
    let first = (top.max(0) / LINE) as u32;
    let (from, to) =
        (first.saturating_sub(SPARE), first.saturating_add((tall.max(0) / LINE) as u32 + 1 + SPARE).min(lines));
    let entries = (from.min(to)..to)
        .filter_map(|place| {
            let event = match &chosen {
                Some(chosen) => *chosen.get(place as usize)?,
                None => place,
            };
            let id = EventId(event);
            let who = log.who(id)?;
            Some(Entry {
                event,
                place,
                time: log.at(id).map_or_else(String::new, |time| exact(time.0)),
                who: words.machine(who).to_string(),
                node: log.machine(who).is_some_and(|machine| machine.kind == MachineKind::Node),
                words: words.line(id).to_string(),
                cause: log.cause(id).map(|cause| cause.0),
                warn: tale.anomalies.binary_search(&event).is_ok(),
            })
        })
        .collect();
    (entries, lines)
}
