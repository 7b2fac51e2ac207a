//! The log's lines, in the trace's own words: only those in view are put into words.

use super::Tale;
use crate::{
    axis::exact,
    panes::log::{Entry, LINE},
    state::Filter,
};
use std::borrow::Cow;
use trace::{EventId, Kind, MachineKind, Words};

/// Lines above and below the view that are drawn too, so that scrolling does not show a gap.
const SPARE: u32 = 12;
/// Most events that a search puts into words: each costs microseconds, and typing must not wait.
const SEARCHED_MAX: u32 = 10_000;

pub(super) fn entries(tale: &Tale, filter: Filter, find: &str, (top, tall): (i32, i32)) -> (Vec<Entry>, u32) {
    let (log, words) = (tale.log(), Words::new(tale.log(), &tale.names));
    let find = find.trim().to_ascii_lowercase();
    let chosen: Option<Cow<'_, [u32]>> = match (filter, find.is_empty()) {
        (Filter::All, true) => None,
        (Filter::Anomalies, true) => Some(Cow::Borrowed(&tale.anomalies)),
        (filter, _) => {
            let kept = |event: &u32| match filter {
                Filter::All => true,
                Filter::Anomalies => tale.anomalies.binary_search(event).is_ok(),
                Filter::Writes => log.kind(EventId(*event)) == Some(Kind::Apply),
            };
            let told = |event: &u32| {
                find.is_empty() || words.whole_line(EventId(*event)).to_string().to_ascii_lowercase().contains(&find)
            };
            let most = if find.is_empty() { u32::MAX } else { SEARCHED_MAX };
            Some(Cow::Owned((0..tale.len()).filter(kept).take(most as usize).filter(told).collect()))
        }
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
