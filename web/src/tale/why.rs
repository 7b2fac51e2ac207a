//! The answer and its reasons, in the trace's own words; only their voices are given here.

use super::Tale;
use crate::scene::{Link, Tone, Verdict, Word};
use trace::{Dating, Log, PartitionNo, Reason, Verdict as Ending, Words, verdict};

/// How the run ended, computed once when the trace arrives.
pub(super) fn ending(tale: &Tale) -> Option<Ending> {
    verdict(&tale.index, &tale.log()).ok()
}

/// The partition that the verdict speaks of.
pub(super) fn partition(tale: &Tale) -> Option<PartitionNo> {
    match &tale.ending {
        Some(Ending::Rows { why: Some(why), .. } | Ending::Condition { why: Some(why), .. }) => Some(why.partition),
        _ => None,
    }
}

/// The verdict as a sentence, and why in another.
pub(super) fn told(tale: &Tale) -> Verdict {
    let words = tale.words();
    let Some(ending) = &tale.ending else {
        return Verdict {
            tone: Tone::Unsure,
            strong: "It ran.".into(),
            rest: " Its trace cannot be read to the end.".into(),
            why: Vec::new(),
        };
    };
    let tone = match ending {
        Ending::NotRun | Ending::Done => Tone::Plain,
        Ending::Rows { rows: 0, .. } => Tone::Tomb,
        Ending::Rows { .. } | Ending::Condition { holds: true, .. } => Tone::Live,
        Ending::Condition { holds: false, .. } => Tone::Plain,
        Ending::Unknown { .. } => Tone::Unsure,
        Ending::Refused { .. } => Tone::Refused,
    };
    let headline = words.headline(ending).to_string();
    // The count is the strong part; a verdict without one is strong as a whole.
    let strong = match ending {
        Ending::Rows { .. } => headline.find(" is ").or_else(|| headline.find(" are ")).unwrap_or(headline.len()),
        Ending::NotRun | Ending::Done => 0,
        Ending::Condition { .. } => headline.find(':').unwrap_or(headline.len()),
        Ending::Unknown { .. } | Ending::Refused { .. } => headline.len(),
    };
    let (strong, rest) = headline.split_at_checked(strong).unwrap_or((&headline, ""));
    let why = words.because(ending).to_string();
    Verdict { tone, strong: strong.into(), rest: rest.into(), why: distance(voices(&tale.log(), &why, &[false])) }
}

/// The chain's title and its sentences.
pub(super) fn chain(tale: &Tale) -> (String, Vec<Link>) {
    let log = tale.log();
    let words = tale.words();
    let (title, why) = match &tale.ending {
        Some(Ending::Condition { why: Some(why), .. }) => ("What became of the row?", why),
        Some(Ending::Rows { rows, why: Some(why), .. }) => {
            let title = match (rows, why.chain.outlives()) {
                (0, _) => "Why is this row not seen?",
                (1, true) => "Why is this row still here?",
                (1, false) => "Why is this row here?",
                (_, true) => "Why are these rows still here?",
                (_, false) => "Why are these rows here?",
            };
            (title, why)
        }
        _ => return ("Why?".into(), odd(tale, &words)),
    };
    let links = why.chain.links.iter().map(|link| {
        let dates: &[bool] = match &link.reason {
            Reason::Dated { what: Dating::Row | Dating::Value, .. } => &[true],
            Reason::FallsShort { .. } | Reason::Covers { .. } => &[false, true],
            Reason::Outdone { .. } => &[true, true],
            _ => &[false],
        };
        Link {
            words: voices(&log, &words.link(link).to_string(), dates),
            events: link.events.iter().map(|event| event.0).collect(),
            hinge: link.hinge,
        }
    });
    (title.into(), links.collect())
}

/// What was odd, where there is no row to explain.
fn odd(tale: &Tale, words: &Words<'_>) -> Vec<Link> {
    let first = tale.index.story().anomalies.iter().take(6);
    first
        .map(|odd| Link {
            words: voices(
                &tale.log(),
                &format!(
                    "{}: {}.",
                    tale.log().who(odd.event).map_or("", |who| words.machine(who)),
                    words.anomaly(odd.kind)
                ),
                &[],
            ),
            events: vec![odd.event.0],
            hinge: false,
        })
        .collect()
}

/// Gives each word its voice: names are strong; the dates in order are a row's (true) or a tombstone's.
fn voices(log: &Log<'_>, sentence: &str, dates: &[bool]) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut dates = dates.iter();
    for piece in sentence.split_inclusive(' ') {
        let word = piece.trim_end().trim_end_matches(['.', ',', ':', ';']);
        let tail = piece.get(word.len()..).unwrap_or("").to_string();
        let date = word.trim_start_matches(['+', '-']);
        let is_date = date.len() >= 4 && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
            || (word != date && !date.is_empty() && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_'));
        let voiced = if is_date && !dates.as_slice().is_empty() {
            if dates.next() == Some(&true) { Some(Word::Live(word.into())) } else { Some(Word::Tomb(word.into())) }
        } else if log.machines().iter().any(|machine| &*machine.name == word) {
            Some(Word::Strong(word.into()))
        } else {
            None
        };
        match (voiced, out.last_mut()) {
            (Some(voiced), _) => out.extend([voiced, Word::Plain(tail)]),
            (None, Some(Word::Plain(last))) => last.push_str(piece),
            (None, _) => out.push(Word::Plain(piece.into())),
        }
    }
    out
}

/// The distance that decides is strong: `dated 11.3 ms before the row`.
fn distance(words: Vec<Word>) -> Vec<Word> {
    let apart = |word: Word| {
        let Word::Plain(text) = &word else { return vec![word] };
        let found = text.split_once("dated ").and_then(|(before, rest)| Some((before, rest, rest.find(" before")?)));
        let Some((before, rest, at)) = found else { return vec![word] };
        let (much, after) = rest.split_at(at + " before".len());
        vec![Word::Plain(format!("{before}dated ")), Word::Strong(much.into()), Word::Plain(after.into())]
    };
    words.into_iter().flat_map(apart).collect()
}
