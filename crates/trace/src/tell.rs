//! Chains and verdicts in words. *Seen* and *hidden* are said to readers, *live* and *shadowed* in the log.

use crate::chain::{Chain, Dating, Link, Reason};
use crate::dated::{Length, List, Many};
use crate::line::Words;
use crate::verdict::Verdict;
use crate::{AnomalyKind, Met, Offset, Source};
use core::fmt::{self, Display, Formatter};
use sim::Id;

/// A clock is called fast or slow from this on, microseconds.
const SKEW_TOLD: i64 = 1_000;

impl<'a> Words<'a> {
    /// A sentence of a chain, without the events that it stands on.
    #[must_use]
    pub fn link(&'a self, link: &'a Link) -> impl Display + 'a {
        Sentence { words: self, reason: &link.reason }
    }

    /// A chain, a line for each sentence, with event numbers: `1 api dates the row …: +1_020_000 [3]`.
    #[must_use]
    pub fn chain(&'a self, chain: &'a Chain) -> impl Display + 'a {
        Sentences { words: self, chain }
    }

    /// The verdict's headline: `1 row is still here.`
    #[must_use]
    pub fn headline(&'a self, verdict: &'a Verdict) -> impl Display + 'a {
        Headline { verdict }
    }

    /// The sentence under the headline; empty when there is nothing to say.
    #[must_use]
    pub fn because(&'a self, verdict: &'a Verdict) -> impl Display + 'a {
        Under { words: self, verdict }
    }

    /// What is odd, in a few words.
    #[must_use]
    pub fn anomaly(&'a self, kind: AnomalyKind) -> impl Display + 'a {
        Odd(kind)
    }

    fn ids<'b>(&'b self, ids: &'b [Id]) -> List<'b> {
        List(self.log.machines, ids)
    }
}

struct Sentence<'a> {
    words: &'a Words<'a>,
    reason: &'a Reason,
}

impl Display for Sentence<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let words = self.words;
        match self.reason {
            Reason::Dated { what, client, stamper, source, timestamp, ahead } => {
                let client = client.map_or("somebody", |client| words.machine(client));
                let what = match what {
                    Dating::Row => "the row",
                    Dating::Delete => "the delete",
                    Dating::Value => "another value",
                    Dating::Overwrite => {
                        let date = words.dated(*timestamp);
                        return write!(
                            f,
                            "{client} overwrites a collection, which deletes what is older: up to {date}."
                        );
                    }
                };
                let clock = match *ahead {
                    ahead if ahead >= SKEW_TOLD => "fast clock",
                    ahead if ahead <= -SKEW_TOLD => "slow clock",
                    _ => "clock",
                };
                let date = words.dated(*timestamp);
                match source {
                    Source::Client => write!(f, "{client} dates {what} by its own {clock}: {date}."),
                    Source::Coordinator => {
                        write!(
                            f,
                            "{client} sends no date with {what}, so {} puts that of its own {clock}: {date}.",
                            words.machine(*stamper)
                        )
                    }
                    Source::Ballot => {
                        write!(f, "An IF dates {what} by its ballot, the clock of {}: {date}.", words.machine(*stamper))
                    }
                    Source::Statement | Source::Batch => {
                        write!(f, "{client} dates {what} itself, by USING TIMESTAMP: {date}.")
                    }
                }
            }
            Reason::FallsShort { tombstone, atom, later: true } => {
                let (tombstone, atom) = (words.dated(*tombstone), words.dated(*atom));
                write!(
                    f,
                    "{tombstone} < {atom}. The row was written after the delete and is dated after it: it is seen."
                )
            }
            Reason::FallsShort { tombstone, atom, .. } => {
                let (tombstone, atom) = (words.dated(*tombstone), words.dated(*atom));
                write!(f, "{tombstone} < {atom}. A tombstone covers what is not newer than itself: here, nothing.")
            }
            Reason::Covers { atom: i64::MIN, .. } => f.write_str("A tombstone covers its place, and hides it."),
            Reason::Covers { shadow, atom, later } => {
                let tombstone = shadow.tombstone().timestamp;
                if tombstone == *atom {
                    return write!(
                        f,
                        "Both are dated {}. In a tie the delete wins: the row is hidden.",
                        words.dated(*atom)
                    );
                }
                let (tombstone, atom) = (words.dated(tombstone), words.dated(*atom));
                let but = if *later { ", though the row was written later" } else { "" };
                write!(f, "{tombstone} > {atom}. The tombstone is newer{but}: the row is hidden.")
            }
            Reason::Expired(expiry) => write!(f, "Its TTL of {} has run out.", Many(u64::from(expiry.ttl), "second")),
            Reason::Emptied => f.write_str("Nothing is left of it: no marker and no cell that a reader would see."),
            Reason::Uncovered => f.write_str("No tombstone covers its place: it is seen."),
            Reason::Differ { seen, unseen } => {
                write!(
                    f,
                    "{} would show it, {} would not: it depends on who is asked.",
                    words.ids(seen),
                    words.ids(unseen)
                )
            }
            Reason::Missed { what, who, later } => {
                let what = match what {
                    Dating::Row | Dating::Value => "row",
                    Dating::Delete | Dating::Overwrite => "delete",
                };
                if *later {
                    return write!(f, "The {what} had not yet come to {}.", words.ids(who));
                }
                write!(f, "The {what} did not come to {}.", words.ids(who))
            }
            Reason::Outdone { client, column, timestamp, atom, expires } => {
                let client = client.map_or("somebody", |client| words.machine(client));
                let (date, seen) = (words.dated(*timestamp), words.dated(*atom));
                if timestamp == atom {
                    let stays = if *expires { "a value with a TTL" } else { "the greater value" };
                    return write!(
                        f,
                        "Both are dated {date}. In a tie {stays} stays: what {client} wrote to {column} changes nothing."
                    );
                }
                write!(
                    f,
                    "{date} < {seen}. What {client} wrote to {column} came later and is dated earlier: it changes nothing."
                )
            }
            Reason::Truncated { who } => {
                write!(f, "TRUNCATE emptied the table on {}: no tombstone is left of it.", words.ids(who))
            }
            Reason::Purged { who, tombstone, held } => {
                let (who, tombstone, held) = (words.ids(who), words.dated(*tombstone), Length(*held));
                write!(f, "{who} had the tombstone {tombstone}. {held} later, past gc_grace, compaction purged it.")
            }
            Reason::LeftOut { who, tombstone } => {
                let tombstone = words.dated(*tombstone);
                let (hold, leave) = if who.len() == 1 { ("holds", "leaves") } else { ("hold", "leave") };
                write!(
                    f,
                    "{} {hold} the tombstone {tombstone}, but past gc_grace {leave} it out of every answer.",
                    words.ids(who)
                )
            }
            Reason::Repaired { who, read: true } => {
                write!(f, "A read found that replicas differ and wrote the row to {}.", words.ids(who))
            }
            Reason::Repaired { who, read: false } => write!(f, "Repair wrote the row to {}.", words.ids(who)),
            Reason::Forgotten { who } => {
                write!(f, "{} had the row in memory only, and lost it with its power.", words.machine(*who))
            }
            Reason::Unwritten => f.write_str("Nothing was ever written under this key."),
            Reason::NoError { client } => write!(f, "That is no error: {} hears ok.", words.machine(*client)),
            Reason::Read { client, rows, other } => {
                let other = if *other { ", and not this one" } else { "" };
                write!(f, "So {} meets {}{other}.", words.machine(*client), Many(*rows, "row"))
            }
        }
    }
}

struct Sentences<'a> {
    words: &'a Words<'a>,
    chain: &'a Chain,
}

impl Display for Sentences<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (n, link) in (1..).zip(&self.chain.links) {
            write!(f, "{n} {}", self.words.link(link))?;
            for event in &link.events {
                write!(f, " [{event}]")?;
            }
            f.write_str("\n")?;
        }
        Ok(())
    }
}

struct Headline<'a> {
    verdict: &'a Verdict,
}

impl Display for Headline<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.verdict {
            Verdict::NotRun => f.write_str("Nothing has run yet."),
            Verdict::Done => f.write_str("Every statement succeeded."),
            Verdict::Rows { rows: 0, .. } => f.write_str("0 rows are left."),
            Verdict::Rows { rows, why, .. } => {
                let verb = if *rows == 1 { "is" } else { "are" };
                let still = why.as_ref().is_some_and(|why| why.chain.outlives());
                write!(f, "{} {verb} {}here.", Many(*rows, "row"), if still { "still " } else { "" })
            }
            Verdict::Unknown { .. } => f.write_str("Written, or not?"),
            Verdict::Condition { holds: true, .. } => f.write_str("The condition held: it was written."),
            Verdict::Condition { holds: false, .. } => f.write_str("The condition did not hold: nothing was written."),
            Verdict::Refused { .. } => f.write_str("A statement was refused."),
        }
    }
}

struct Under<'a> {
    words: &'a Words<'a>,
    verdict: &'a Verdict,
}

impl Display for Under<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let words = self.words;
        match self.verdict {
            Verdict::NotRun | Verdict::Done => Ok(()),
            Verdict::Rows { why: None, .. } | Verdict::Condition { why: None, .. } => Ok(()),
            Verdict::Rows { why: Some(why), .. } | Verdict::Condition { why: Some(why), .. } => {
                let shown = !matches!(self.verdict, Verdict::Rows { rows: 0, .. });
                // Where a row is left because replicas differ, that is the news; else the comparison that decides.
                let differ = why
                    .chain
                    .links
                    .iter()
                    .find(|link| matches!(link.reason, Reason::Missed { .. } | Reason::Purged { .. }));
                let hinge = why.chain.links.iter().find(|link| link.hinge);
                if let (Some(Reason::Missed { who: lack, .. }), Some(hinge)) = (differ.map(|link| &link.reason), hinge)
                    && let Reason::Purged { who, .. } | Reason::LeftOut { who, .. } = &hinge.reason
                {
                    let (lack, who) = (words.ids(lack), words.ids(who));
                    return match hinge.reason {
                        Reason::LeftOut { .. } => write!(
                            f,
                            "The delete did not come to {lack}; past gc_grace, {who} no longer answer with it."
                        ),
                        _ => write!(f, "The delete did not come to {lack}; past gc_grace, {who} purged it."),
                    };
                }
                match differ.filter(|_| shown).or(hinge).map(|link| &link.reason) {
                    Some(Reason::FallsShort { later: true, .. }) => Ok(()),
                    Some(Reason::FallsShort { tombstone, atom, .. }) => {
                        let short = Length(atom.abs_diff(*tombstone));
                        write!(f, "The delete is dated {short} before the row.")?;
                        let met = hinge.and_then(|link| words.log.met(*link.events.first()?));
                        match met {
                            Some(Met { covered: 0, .. }) | None => f.write_str(" It covers nothing."),
                            Some(_) => f.write_str(" It covers others, not this one."),
                        }
                    }
                    Some(Reason::Covers { shadow, atom, .. }) if shadow.tombstone().timestamp == *atom => {
                        f.write_str("The delete is dated as the row is, and in a tie the delete wins.")
                    }
                    Some(Reason::Covers { shadow, atom, later: true }) => {
                        let before = Length(shadow.tombstone().timestamp.abs_diff(*atom));
                        write!(f, "The row was written after the delete, but is dated {before} before it.")
                    }
                    Some(Reason::Covers { .. }) => f.write_str("The delete is dated after the row, and covers it."),
                    Some(Reason::Outdone { client, column, timestamp, atom, .. }) => {
                        let client = client.map_or("somebody", |client| words.machine(client));
                        write!(f, "What {client} wrote to {column} ")?;
                        match Length(atom.abs_diff(*timestamp)) {
                            Length(0) => f.write_str("is dated as what is there, and lost the tie."),
                            before => write!(f, "came later, but is dated {before} before what is there."),
                        }
                    }
                    Some(Reason::Uncovered) | None => Ok(()),
                    Some(reason) => Sentence { words, reason }.fmt(f),
                }
            }
            Verdict::Unknown { have, lack, .. } => {
                f.write_str("A timeout says neither.")?;
                match (have.is_empty(), lack.is_empty()) {
                    (true, _) => f.write_str(" No replica has it."),
                    (false, true) => write!(f, " {} {} it.", words.ids(have), has(have)),
                    (false, false) => {
                        let not = if lack.len() == 1 { "does" } else { "do" };
                        write!(f, " {} {} it, {} {not} not.", words.ids(have), has(have), words.ids(lack))
                    }
                }
            }
            Verdict::Refused { alive: Some((required, alive)), .. } => {
                let required = Many(u64::from(*required), "replica");
                write!(
                    f,
                    "It needs {required} and {alive} {} up. Nothing was tried.",
                    if *alive == 1 { "is" } else { "are" }
                )
            }
            Verdict::Refused { error, .. } => {
                let name = error.name.split('(').next().unwrap_or(&error.name);
                if error.text.is_empty() { write!(f, "{name}.") } else { write!(f, "{name}: {}", error.text) }
            }
        }
    }
}

fn has(ids: &[Id]) -> &'static str {
    if ids.len() == 1 { "has" } else { "have" }
}

struct Odd(AnomalyKind);

impl Display for Odd {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            AnomalyKind::Skewed { ahead } => write!(f, "dated by a clock that is off by {}", Offset(ahead)),
            AnomalyKind::Spares { covered, of } => {
                write!(f, "a tombstone covers {covered} of {}", Many(u64::from(of), "cell"))
            }
            AnomalyKind::ShadowedOnArrival => f.write_str("a write is shadowed as it lands"),
            AnomalyKind::Lost => f.write_str("a message is lost"),
            AnomalyKind::Timeout => f.write_str("too few answers in time"),
            AnomalyKind::Unavailable => f.write_str("too few replicas believed up"),
            AnomalyKind::Refused => f.write_str("an error is answered"),
            AnomalyKind::Mismatch => f.write_str("replicas differ"),
            AnomalyKind::HintLost => f.write_str("no hint will bring this write"),
            AnomalyKind::Convicted => f.write_str("a node is believed dead"),
            AnomalyKind::Purged => f.write_str("deletions are forgotten"),
            AnomalyKind::Forgotten => f.write_str("writes are gone after a crash"),
        }
    }
}
