//! The words of an event: the line in the log, in the golden file and on the screen.

use crate::dated::{Dated, Ids, Many};
use crate::dictionary::{Dictionary, machine_name};
use crate::kind::Said;
use crate::log::Log;
use crate::names::Names;
use crate::schema::TableInfo;
use crate::writes::Writes;
use crate::{EventId, Fact, HintState, Loss, Message, Met, Outcome, Place, Source, Work};
use alloc::rc::Rc;
use core::fmt::{self, Display, Formatter};
use sim::{Action, Id, Rule, Side};
use storage::TableId;

/// How far back a line looks for the statement that it belongs to.
const CAUSES_MAX: usize = 64;
/// Characters of a statement that a line shows.
const TEXT_MAX: usize = 100;

/// A trace and the names to tell it in.
#[derive(Clone)]
pub struct Words<'a> {
    pub(crate) log: Log<'a>,
    pub(crate) names: &'a dyn Names,
    pub(crate) dictionary: Rc<Dictionary>,
}

/// One event in words.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    words: &'a Words<'a>,
    id: EventId,
    whole: bool,
}

impl<'a> Words<'a> {
    /// Words for a trace.
    #[must_use]
    pub fn new(log: Log<'a>, names: &'a dyn Names) -> Words<'a> {
        Words { log, names, dictionary: Rc::new(Dictionary::of(&log)) }
    }

    /// Words for a trace whose tables are already gathered: see [`crate::Index::dictionary`].
    #[must_use]
    pub fn with(log: Log<'a>, names: &'a dyn Names, dictionary: Rc<Dictionary>) -> Words<'a> {
        Words { log, names, dictionary }
    }

    /// The tables of the trace.
    #[must_use]
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// What happened: `writes partition tombstone +1_008_700, covers 0 of 2 cells`.
    #[must_use]
    pub fn line(&'a self, id: EventId) -> Line<'a> {
        Line { words: self, id, whole: false }
    }

    /// The same with number, true time, machine and cause:
    /// `20 1.008_800 n2 → n1 mutation: partition tombstone +1_008_700 (because of 18)`.
    #[must_use]
    pub fn whole_line(&'a self, id: EventId) -> Line<'a> {
        Line { words: self, id, whole: true }
    }

    /// A machine's name.
    #[must_use]
    pub fn machine(&self, id: Id) -> &str {
        machine_name(self.log.machines, id)
    }

    /// A write timestamp: relative to the run's start where it is near, else as it is.
    #[must_use]
    pub fn dated(&self, timestamp: i64) -> Dated {
        Dated { timestamp, epoch: self.log.epoch }
    }

    /// A partition key, or the table where a range of partitions is meant.
    #[must_use]
    pub fn place(&'a self, place: &'a Place) -> impl Display + 'a {
        PlaceWords { words: self, place }
    }

    pub(crate) fn table(&self, id: TableId) -> TableName<'_> {
        TableName { id, table: self.dictionary.table(id) }
    }

    /// The verb of the statement that an event belongs to: `DELETE`.
    pub(crate) fn verb(&self, id: EventId) -> Option<&'a str> {
        let submit = self.log.submit_of(id, CAUSES_MAX)?;
        let text = self.log.text(submit)?;
        let mut words = skip_comments(text).split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        match words.next()? {
            first if first.eq_ignore_ascii_case("begin") => Some("BATCH"),
            first => Some(first),
        }
    }
}

impl Display for Line<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Ok(event) = self.words.log.event(self.id) else { return f.write_str("cannot be read") };
        if !self.whole {
            return self.fact(&event.fact, f);
        }
        write!(f, "{} {} {} ", event.id, event.at, self.words.machine(event.who))?;
        self.fact(&event.fact, f)?;
        match event.cause {
            Some(cause) => write!(f, " (because of {cause})"),
            None => Ok(()),
        }
    }
}

impl Line<'_> {
    fn fact(&self, fact: &Fact, f: &mut Formatter<'_>) -> fmt::Result {
        let words = self.words;
        let name = |id: &Id| words.machine(*id);
        match fact {
            Fact::Submit { text, .. } => write!(f, "submits {}", Statement(text)),
            Fact::Stamp { timestamp, source } => {
                // A read dates what it finishes for somebody else.
                let writes = |verb: &&str| !verb.eq_ignore_ascii_case("select");
                let verb = words.verb(self.id).filter(writes).unwrap_or("write");
                let whose = match source {
                    Source::Statement => "as its USING TIMESTAMP says",
                    Source::Batch => "as the batch's USING TIMESTAMP says",
                    Source::Client | Source::Coordinator => "by its own clock",
                    Source::Ballot => "by its ballot",
                };
                write!(f, "stamps the {verb} {} {whose}", words.dated(*timestamp))
            }
            Fact::Answer { outcome, .. } => answer(outcome, f),
            Fact::Send { to, message } => {
                write!(f, "→ {} ", name(to))?;
                self.message(message, f)
            }
            Fact::Receive { from } => write!(f, "receives {} from {}", self.sent(), name(from)),
            Fact::Lost { from, why } => {
                let why = match why {
                    Loss::Dropped => "a rule drops it",
                    Loss::Cut => "the way is cut",
                    Loss::Down => "it is down",
                    Loss::Expired => "it comes too late to count",
                    Loss::Died => "it dies before it reads it",
                };
                write!(f, "never gets {} from {}: {why}", self.sent(), name(from))
            }
            Fact::Delayed { to, by } => write!(f, "{} to {} is held up by {by}", self.sent(), name(to)),
            Fact::Duplicated { to } => write!(f, "{} to {} is doubled", self.sent(), name(to)),
            Fact::Reordered { to } => write!(f, "{} to {} may be overtaken", self.sent(), name(to)),
            Fact::Apply { mutation, met } => {
                let writes = Writes { words, mutation };
                write!(f, "writes {writes}")?;
                met_words(*met, writes.atoms(), writes.deletes(), f)
            }
            Fact::Read { place, rows, tombstones } => {
                write!(f, "reads {}: {}", words.place(place), Many(u64::from(*rows), "row"))?;
                match tombstones {
                    0 => Ok(()),
                    n => write!(f, ", {}", Many(u64::from(*n), "tombstone")),
                }
            }
            Fact::Mismatch { place } => write!(f, "finds that the replicas differ on {}", words.place(place)),
            Fact::Paxos { place, ballot, step } => step.words(words.dated(*ballot), &words.place(place), f),
            Fact::Hint { state, target, mutation } => {
                let (what, target, writes) = (hint(*state), name(target), Writes { words, mutation });
                write!(f, "{what} for {target}: {writes}")
            }
            Fact::Timeout { received, required, write } => {
                let (what, end) = if *write { ("write", ": written, or not?") } else { ("read", "") };
                write!(f, "gives up the {what}: {received} of {required} answers in time{end}")
            }
            Fact::Unavailable { alive, required } => {
                write!(f, "refuses: needs {} and believes {alive} up", Many(u64::from(*required), "replica"))
            }
            Fact::Flush { table, sstable, partitions } => {
                let partitions = Many(u64::from(*partitions), "partition");
                write!(f, "flushes {}: {partitions} to sstable {sstable}", words.table(*table))
            }
            Fact::Compact { table, inputs, output, purged } => {
                write!(f, "compacts {}: sstables", words.table(*table))?;
                for (n, input) in inputs.iter().enumerate() {
                    write!(f, "{} {input}", if n == 0 { "" } else { "," })?;
                }
                match output {
                    Some(output) => write!(f, " to {output}")?,
                    None => f.write_str(" to nothing")?,
                }
                match purged {
                    0 => Ok(()),
                    n => write!(f, ", purges {}", Many(u64::from(*n), "tombstone")),
                }
            }
            Fact::Replace { table, key, left } => {
                let place = Place { table: *table, key: Some(key.clone()) };
                let rows = Many(left.rows.len() as u64, "row");
                write!(f, "now keeps of {} ", words.place(&place))?;
                match (left.is_empty(), left.tombstone) {
                    (true, _) => f.write_str("nothing"),
                    (false, Some(t)) => write!(f, "{rows}, partition tombstone {}", words.dated(t.timestamp)),
                    (false, None) => write!(f, "{rows}"),
                }
            }
            Fact::Truncate { table } => write!(f, "drops every row of {}", words.table(*table)),
            Fact::Replay { mutations, lost } => {
                write!(f, "replays {} from its commit log", Many(u64::from(*mutations), "mutation"))?;
                match lost {
                    0 => Ok(()),
                    n => write!(f, "; {n} never reached the disk"),
                }
            }
            Fact::Repair { table, with, differing } => {
                let differing = Many(u64::from(*differing), "partition");
                write!(f, "repairs {} with {}: {differing} differed", words.table(*table), name(with))
            }
            Fact::Kill => f.write_str("is killed: memory lost, disk kept"),
            Fact::Power => f.write_str("loses power: only what was synced is kept"),
            Fact::Start => f.write_str("starts"),
            Fact::Pause => f.write_str("is frozen"),
            Fact::Resume => f.write_str("goes on"),
            Fact::Clock { offset } => write!(f, "its clock is set to {}", crate::dated::Offset(*offset)),
            Fact::Cut { left, right, one_way } => {
                let (left, right) = (Ids(words.log.machines, left, " "), Ids(words.log.machines, right, " "));
                write!(f, "no way through: {left} {} {right}", if *one_way { "->" } else { "|" })
            }
            Fact::Heal => f.write_str("every cut and every rule ends"),
            Fact::Rule(rule) => self.rule(rule, f),
            Fact::Convict { node } => write!(f, "believes that {} is down", name(node)),
            Fact::Revive { node } => write!(f, "believes that {} is up", name(node)),
            Fact::Schema(table) => {
                let what = if table.dropped { "is gone" } else { "is as described" };
                write!(f, "table {}.{} {what}", table.keyspace, table.name)
            }
            Fact::Order { work } => f.write_str(match work {
                Work::Flush => "is told to flush",
                Work::Compact => "is told to compact",
                Work::Repair => "is told to repair",
            }),
            Fact::Advance { by } => write!(f, "{by} pass"),
            Fact::Note(text) => f.write_str(text),
        }
    }

    /// What message a landing, a loss or a verdict is about.
    fn sent(&self) -> &'static str {
        let said = self.words.log.cause(self.id).and_then(|send| self.words.log.said(send));
        match said {
            Some(Said::Request) => "the request",
            Some(Said::Reply) => "the reply",
            Some(Said::Mutation) => "the mutation",
            Some(Said::Hint) => "the hint",
            Some(Said::Repair) => "the repair",
            Some(Said::BatchLog) => "the batch log's copy",
            Some(Said::Ack) => "the ack",
            Some(Said::Failure) => "the failure",
            Some(Said::Data) => "the read",
            Some(Said::Digest) => "the digest request",
            Some(Said::Full) => "the full read",
            Some(Said::Rows) => "the rows",
            Some(Said::DigestReply) => "the digest",
            Some(Said::Prepare) => "the prepare",
            Some(Said::Promise) => "the promise",
            Some(Said::Propose) => "the proposal",
            Some(Said::Accept) => "the acceptance",
            Some(Said::Commit) => "the commit",
            Some(Said::Schema) => "the schema",
            Some(Said::Truncate) => "the truncation",
            Some(Said::Stream) => "the stream",
            None => "a message",
        }
    }

    fn message(&self, message: &Message, f: &mut Formatter<'_>) -> fmt::Result {
        let words = self.words;
        match message {
            Message::Request { .. } => write!(f, "request: {}", words.verb(self.id).unwrap_or("statement")),
            Message::Reply { error: true, .. } => f.write_str("reply: error"),
            Message::Reply { rows: 0, .. } => f.write_str("reply"),
            Message::Reply { rows, .. } => write!(f, "reply: {}", Many(u64::from(*rows), "row")),
            Message::Mutation(mutation) => write!(f, "mutation: {}", Writes { words, mutation }),
            Message::Hint(mutation) => write!(f, "hint: {}", Writes { words, mutation }),
            Message::Repair(mutation) => write!(f, "repair: {}", Writes { words, mutation }),
            Message::BatchLog(n) => write!(f, "batch log: {}", Many(u64::from(*n), "mutation")),
            Message::Ack => f.write_str("ack"),
            Message::Failure => f.write_str("failure"),
            Message::Data(place) => write!(f, "read {}", words.place(place)),
            Message::Digest(place) => write!(f, "digest of {}", words.place(place)),
            Message::Full(place) => write!(f, "full read {}", words.place(place)),
            Message::Rows { rows, tombstones: 0 } => write!(f, "{}", Many(u64::from(*rows), "row")),
            Message::Rows { rows, tombstones } => {
                write!(f, "{}, {}", Many(u64::from(*rows), "row"), Many(u64::from(*tombstones), "tombstone"))
            }
            Message::DigestReply(digest) => write!(f, "digest {digest:016x}"),
            Message::Prepare { place, ballot } => {
                write!(f, "prepare {} on {}", words.dated(*ballot), words.place(place))
            }
            Message::Promise { ballot, given } => {
                write!(f, "{} {}", if *given { "promise" } else { "no promise" }, words.dated(*ballot))
            }
            Message::Propose { ballot, mutation } if mutation.delta.is_empty() => {
                write!(f, "propose {}: no change", words.dated(*ballot))
            }
            Message::Propose { ballot, mutation } => {
                write!(f, "propose {}: {}", words.dated(*ballot), Writes { words, mutation })
            }
            Message::Accept { ballot, given } => {
                write!(f, "{} {}", if *given { "accept" } else { "no accept" }, words.dated(*ballot))
            }
            Message::Commit(mutation) => write!(f, "commit: {}", Writes { words, mutation }),
            Message::Schema => f.write_str("schema"),
            Message::Truncate { table } => write!(f, "truncate {}", words.table(*table)),
            Message::Stream { partitions } => write!(f, "stream: {}", Many(u64::from(*partitions), "partition")),
        }
    }

    fn rule(&self, rule: &Rule, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("rule: ")?;
        match rule.action {
            Action::Drop => f.write_str("drop")?,
            Action::Delay(by) => write!(f, "delay by {by}")?,
            Action::Duplicate(by) => write!(f, "duplicate after {by}")?,
            Action::Reorder(by) => write!(f, "reorder within {by}")?,
        }
        for (word, side) in [("from", &rule.from), ("to", &rule.to)] {
            match side {
                Side::Any => {}
                Side::These(ids) => write!(f, " {word} {}", Ids(self.words.log.machines, ids, " "))?,
            }
        }
        if rule.ppm < sim::PPM {
            write!(f, ", {} in 1_000_000", rule.ppm)?;
        }
        match rule.times {
            Some(times) => write!(f, ", {}", Many(u64::from(times), "time")),
            None => Ok(()),
        }
    }
}

fn answer(outcome: &Outcome, f: &mut Formatter<'_>) -> fmt::Result {
    match outcome {
        Outcome::Void => f.write_str("hears ok"),
        Outcome::Rows { counted: Some(n), .. } => write!(f, "hears count {n}"),
        Outcome::Rows { rows, .. } => write!(f, "hears {}", Many(u64::from(*rows), "row")),
        Outcome::Error(error) => {
            write!(f, "hears Error {}", error.name)?;
            if error.unknown { f.write_str(": written, or not?") } else { Ok(()) }
        }
    }
}

fn met_words(met: Met, atoms: u64, deletes: bool, f: &mut Formatter<'_>) -> fmt::Result {
    if deletes && met.of != Met::UNKNOWN {
        match met.of {
            0 => f.write_str(", nothing there to cover")?,
            of => write!(f, ", covers {} of {}", met.covered, Many(u64::from(of), "cell"))?,
        }
    }
    match met.hidden {
        0 | Met::UNKNOWN => Ok(()),
        hidden if u64::from(hidden) >= atoms => f.write_str(", shadowed on arrival"),
        hidden => write!(f, ", {hidden} of {} shadowed on arrival", Many(atoms, "cell")),
    }
}

fn hint(state: HintState) -> &'static str {
    match state {
        HintState::Stored => "keeps a hint",
        HintState::Replayed => "sends the hint it kept",
        HintState::Expired => "gives up a hint older than gc_grace",
        HintState::Refused => "keeps no hint",
    }
}

/// A table's name, or its number when nobody described it.
pub(crate) struct TableName<'a> {
    id: TableId,
    pub table: Option<&'a TableInfo>,
}

impl Display for TableName<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.table {
            Some(table) => f.write_str(&table.name),
            None => write!(f, "table {}", self.id.0),
        }
    }
}

struct PlaceWords<'a> {
    words: &'a Words<'a>,
    place: &'a Place,
}

impl Display for PlaceWords<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let table = self.words.table(self.place.table);
        match (&self.place.key, table.table) {
            (Some(key), Some(table)) => self.words.names.partition(table, &key.bytes, f),
            (Some(key), None) => write!(f, "token {}", key.token),
            (None, _) => write!(f, "a range of {table}"),
        }
    }
}

/// A statement on one line, cut where it is long.
struct Statement<'a>(&'a str);

impl Display for Statement<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut left = TEXT_MAX;
        for (n, word) in skip_comments(self.0).split_whitespace().enumerate() {
            let word = if n == 0 { word } else { f.write_str(" ").map(|()| word)? };
            let Some(rest) = left.checked_sub(word.chars().count()) else {
                return word.chars().take(left).try_for_each(|c| write!(f, "{c}")).and_then(|()| f.write_str("…"));
            };
            left = rest;
            f.write_str(word)?;
        }
        Ok(())
    }
}

/// What stands after leading comments and blank space.
fn skip_comments(text: &str) -> &str {
    let mut text = text.trim_start();
    loop {
        let rest = match text.get(..2) {
            Some("--" | "//") => text.split_once('\n').map_or("", |(_, rest)| rest),
            Some("/*") => text.split_once("*/").map_or("", |(_, rest)| rest),
            _ => return text,
        };
        text = rest.trim_start();
    }
}
