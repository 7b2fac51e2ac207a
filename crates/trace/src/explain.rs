//! Why a row is still there, or not any more: at most six sentences, as data, each with the events it stands on.
//!
//! Nothing is decided here that `storage` has not decided: the chain reads what [`View`] says of each atom and follows
//! causes back to whoever dated it.

mod outdone;
mod past;

use crate::chain::{CHAIN_MAX, Chain, Dating, Link, Reason};
use crate::index::{Index, PartitionNo};
use crate::kind::Kind;
use crate::replica::{Atom, AtomView, Cover, ReplicaView, RowView, Sight};
use crate::story::ahead;
use crate::verdict::condition;
use crate::view::{Focus, PartitionView, View, Window};
use crate::{Error, EventId, Fact, Log, Outcome, Said, Source};
use alloc::{vec, vec::Vec};
use sim::Id;
use storage::{Bytes, Column, Partition, Purge, Shadow, TableId};

/// Explain one row of a partition at an event. `row` is its clustering key, empty in tables without clustering columns.
///
/// # Errors
/// As [`View::at`].
pub fn explain(index: &Index, log: &Log<'_>, cursor: EventId, no: PartitionNo, row: &[u8]) -> Result<Chain, Error> {
    explain_to(index, log, (cursor, cursor), no, row, &[]).map(|(chain, _)| chain)
}

/// Explain a row as it was at one event to whoever read it from these replicas (nobody: to anybody) and had an answer by
/// another. Also says whether those replicas together show it.
pub(crate) fn explain_to(
    index: &Index,
    log: &Log<'_>,
    (cursor, until): (EventId, EventId),
    no: PartitionNo,
    row: &[u8],
    readers: &[Id],
) -> Result<(Chain, bool), Error> {
    let last = log.last().ok_or(Error::Damaged)?;
    let (cursor, until) = (cursor.min(last), until.min(last));
    let mut here = index.rows(no.0).iter().filter(|known| known.first <= cursor.0).enumerate();
    let found = here.find(|(_, known)| known.key(log) == row);
    let window = Window { partition: no, skip: found.map_or(usize::MAX, |(skip, _)| skip), rows: 1 };
    let view = View::at(index, log, cursor, &Focus { partitions: vec![window] })?;
    let (Some(partition), Some((_, known))) = (view.partitions.first(), found) else {
        return Ok((Chain { links: vec![link(Reason::Unwritten, [])] }, false));
    };
    let table = log.place(no.0)?.table;
    let grace = index.dictionary().table(table).and_then(|table| table.gc_grace);
    let links = Vec::new();
    let mut teller = Teller { index, log, cursor, until, no, table, key: row, unit: known.unit, grace, links };
    let shown = teller.shown(partition, readers);
    teller.tell(partition, readers, shown);
    while teller.links.len() > CHAIN_MAX {
        // The end is what the reader meets; what stands before it is the least.
        teller.links.remove(CHAIN_MAX - 1);
    }
    Ok((Chain { links: teller.links }, shown))
}

fn link(reason: Reason, events: impl IntoIterator<Item = EventId>) -> Link {
    Link { reason, events: events.into_iter().collect(), hinge: false }
}

/// So many events of a row or partition are looked through for a write that comes later.
const AFTER: usize = 512;

struct Teller<'a> {
    index: &'a Index,
    log: &'a Log<'a>,
    /// What replicas hold is told as of this event,
    cursor: EventId,
    /// what clients heard, as of this one.
    until: EventId,
    no: PartitionNo,
    table: TableId,
    key: &'a [u8],
    unit: u32,
    /// Seconds after which a deletion may be forgotten, and is left out of answers.
    grace: Option<i64>,
    links: Vec<Link>,
}

/// What one replica has to say of the row.
struct Witness<'a> {
    who: Id,
    replica: &'a ReplicaView,
    row: Option<&'a RowView>,
}

impl Witness<'_> {
    fn seen(&self) -> bool {
        self.row.is_some_and(|row| row.seen)
    }

    /// The atom that decides: the newest that is seen, else the newest of all.
    fn atom(&self) -> Option<&AtomView> {
        let atoms =
            || self.row.iter().flat_map(|row| &row.atoms).filter(|atom| !matches!(atom.atom, Atom::Collection(_)));
        let live = atoms().filter(|atom| matches!(atom.sight, Sight::Live | Sight::Spared(_)));
        let newest = |a: &&AtomView, b: &&AtomView| a.timestamp.cmp(&b.timestamp);
        live.max_by(newest).or_else(|| atoms().max_by(newest))
    }
}

impl Teller<'_> {
    fn tell(&mut self, partition: &PartitionView, readers: &[Id], shown: bool) {
        let witness = |replica| {
            let replica: &ReplicaView = replica;
            Witness { who: replica.who, replica, row: replica.rows.first().and_then(Option::as_ref) }
        };
        let witnesses: Vec<Witness<'_>> = partition.replicas.iter().map(witness).collect();
        // Of those who were asked, one who holds what they show together speaks; else who sees it; else who has anything.
        let asked = |witness: &&Witness<'_>| readers.contains(&witness.who);
        let held = || witnesses.iter().filter(|witness| witness.row.is_some());
        let agrees = held().filter(asked).find(|witness| witness.seen() == shown);
        let seen = || held().find(|witness| witness.seen());
        let main = agrees.or_else(|| held().find(asked)).or_else(seen).or_else(|| held().next());
        let Some(main) = main else {
            self.gone(&witnesses, partition);
            return self.read(true);
        };
        if main.seen() && self.back(&witnesses, main, partition) {
            return self.read(false);
        }
        let over = self.atom(main, &witnesses);
        let split = self.split(&witnesses, main, over);
        let short = self.links.iter().any(|link| matches!(link.reason, Reason::FallsShort { later: false, .. }));
        if !split
            && short
            && let Some(submit) = over.and_then(|cover| self.submit(cover.event))
        {
            self.no_error(submit);
        }
        self.read(!main.seen());
    }

    /// Whether these replicas, answering as replicas do and joined as a coordinator joins them, show the row.
    fn shown(&self, partition: &PartitionView, readers: &[Id]) -> bool {
        let mut joined = Partition::default();
        let mut seconds = 0;
        for replica in partition.replicas.iter().filter(|replica| readers.contains(&replica.who)) {
            let mut answer = replica.partition();
            if let Some(grace) = self.grace {
                answer.shed(&[]);
                let gc_before = replica.seconds.saturating_sub(grace);
                answer.purge(&Purge { now: replica.seconds, gc_before, below: None });
            }
            joined.join(&answer, self.log.dialect());
            seconds = seconds.max(replica.seconds);
        }
        joined.rows.get(self.key).is_some_and(|row| row.is_live(joined.cover_at(self.key), seconds))
    }

    /// The dates of the atom that decides and of what covers its place, and the comparison. Gives the cover.
    fn atom(&mut self, main: &Witness<'_>, all: &[Witness<'_>]) -> Option<Cover> {
        let atom = main.atom()?;
        let what = if atom.sight == Sight::Tombstone { Dating::Delete } else { Dating::Row };
        self.dated(what, atom.here, atom.submit, atom.timestamp);
        self.repaired(atom, all);
        let (reason, cover) = match &atom.sight {
            Sight::Live => (Reason::Uncovered, None),
            // What an earlier write left of the collection that it overwrote is no delete of anybody's.
            Sight::Spared(cover) if self.overwrites(cover) && self.submit(cover.event) <= atom.submit => {
                (Reason::Uncovered, None)
            }
            Sight::Spared(cover) => {
                let tombstone = cover.shadow.tombstone().timestamp;
                let deleted = self.deleted(cover);
                let later = deleted.is_some() && atom.submit > deleted;
                (Reason::FallsShort { tombstone, atom: atom.timestamp, later }, Some(*cover))
            }
            Sight::Shadowed(cover) => {
                let deleted = self.deleted(cover);
                let later = deleted.is_some() && atom.submit > deleted;
                (Reason::Covers { shadow: cover.shadow, atom: atom.timestamp, later }, Some(*cover))
            }
            Sight::Expired(expiry) => (Reason::Expired(*expiry), None),
            Sight::Tombstone => (Reason::Emptied, None),
        };
        let expected = matches!(reason, Reason::Uncovered | Reason::FallsShort { later: true, .. });
        if expected && main.seen() && self.outdone(main) {
            return cover;
        }
        let event = cover.map_or(atom.here, |cover| cover.event);
        self.links.push(Link { hinge: true, ..link(reason, [event]) });
        cover
    }

    /// Tells who dated a deletion, and gives its statement.
    fn deleted(&mut self, cover: &Cover) -> Option<EventId> {
        let deleted = self.submit(cover.event);
        let what = if self.overwrites(cover) { Dating::Overwrite } else { Dating::Delete };
        self.dated(what, cover.event, deleted, cover.shadow.tombstone().timestamp);
        deleted
    }

    /// Whether a deletion is what an overwritten collection leaves: a microsecond older than its statement (semantics.md 7).
    fn overwrites(&self, cover: &Cover) -> bool {
        let Shadow::Collection(tombstone) = cover.shadow else { return false };
        let Ok(Fact::Apply { mutation, .. }) = self.log.fact(cover.event) else { return false };
        let columns = mutation.delta.rows.get(self.key).into_iter().flat_map(|row| row.columns.iter());
        let left = |column: &Column| match column {
            Column::Collection(collection) => collection.tombstone == Some(tombstone) && !collection.cells.is_empty(),
            Column::Simple(_) => false,
        };
        columns.map(|(_, column)| column).any(left)
    }

    /// Which replicas have what an atom wrote only because somebody found that they differ.
    fn repaired(&mut self, atom: &AtomView, all: &[Witness<'_>]) {
        let came = |here: EventId| {
            let send = self.log.cause(here).and_then(|received| self.log.cause(received));
            send.filter(|send| self.log.said(*send) == Some(Said::Repair))
        };
        let same = all.iter().filter_map(|witness| Some((witness.who, witness.atom()?)));
        let same = same.filter(|(_, other)| (&other.atom, other.timestamp) == (&atom.atom, atom.timestamp));
        let repaired: Vec<(Id, EventId)> =
            same.filter(|(_, other)| came(other.here).is_some()).map(|(who, other)| (who, other.here)).collect();
        if let Some((_, first)) = repaired.first() {
            let read = self.submit(*first).is_some();
            let who = repaired.iter().map(|(who, _)| *who).collect();
            self.links.push(link(Reason::Repaired { who, read }, repaired.iter().map(|(_, here)| *here)));
        }
    }

    /// Whether replicas see the row differently, and which of them never got what.
    fn split(&mut self, all: &[Witness<'_>], main: &Witness<'_>, over: Option<Cover>) -> bool {
        let ids = |seen: bool| -> Vec<Id> {
            all.iter().filter(|witness| witness.seen() == seen).map(|witness| witness.who).collect()
        };
        let (seen, unseen) = (ids(true), ids(false));
        if seen.is_empty() || unseen.is_empty() {
            return false;
        }
        // That one of them sees it is not the news.
        self.links.retain(|link| link.reason != Reason::Uncovered);
        self.links.push(link(Reason::Differ { seen, unseen: unseen.clone() }, []));
        // Either a replica that does not see it hides it by a deletion that the others lack…
        let hidden = all.iter().filter(|witness| !witness.seen()).find_map(|witness| {
            let shadowed = witness.atom().and_then(|atom| match &atom.sight {
                Sight::Shadowed(cover) => Some(*cover),
                _ => None,
            });
            shadowed.or_else(|| self.bare(witness.replica))
        });
        // Who sees the row lacks that deletion, unless its row is newer.
        let lacks = |cover: &Cover| -> Vec<Id> {
            let tombstone = cover.shadow.tombstone();
            let same = |witness: &&Witness<'_>| {
                let own = witness.row.and_then(|row| row.tombstone).map(|own| own.what);
                self.bare(witness.replica).map(|own| own.shadow.tombstone()).max(own) == Some(tombstone)
            };
            all.iter().filter(|witness| witness.seen() && !same(witness)).map(|witness| witness.who).collect()
        };
        let deleted = hidden.map(|cover| (cover, lacks(&cover))).filter(|(_, lack)| !lack.is_empty());
        if let Some((cover, lack)) = deleted {
            if over.is_none_or(|over| over.shadow != cover.shadow) {
                let timestamp = cover.shadow.tombstone().timestamp;
                self.dated(Dating::Delete, cover.event, self.submit(cover.event), timestamp);
            }
            self.missed(Dating::Delete, cover.event, lack);
        } else if let Some(atom) = main.atom() {
            // … or it never got the row.
            self.missed(Dating::Row, atom.here, unseen);
        }
        true
    }

    /// These lack what an event wrote elsewhere: the hinge, where nothing else is.
    fn missed(&mut self, what: Dating, event: EventId, who: Vec<Id>) {
        let why = self.missing(event, &who);
        let hinge = self.links.iter().all(|link| !link.hinge);
        let later = self.comes(event, &who);
        self.links.push(Link { hinge, ..link(Reason::Missed { what, who, later }, why) });
    }

    /// Whether what an event wrote came to all of these after the cursor.
    fn comes(&self, event: EventId, who: &[Id]) -> bool {
        let Some(submit) = self.submit(event) else { return false };
        let after = |unit: u32| {
            let events = self.index.unit(unit);
            events.iter().skip(events.partition_point(|at| *at <= self.cursor.0)).take(AFTER).map(|at| EventId(*at))
        };
        let came = |who: &Id, id: EventId| {
            self.log.kind(id) == Some(Kind::Apply) && self.log.who(id) == Some(*who) && self.submit(id) == Some(submit)
        };
        who.iter().all(|who| after(self.unit).chain(after(self.no.0 * 2)).any(|id| came(who, id)))
    }

    /// What covers the row's place on a replica that may hold nothing of the row.
    fn bare(&self, replica: &ReplicaView) -> Option<Cover> {
        let partition = Partition { rows: storage::Rows::new(), ..replica.partition() };
        let shadow = partition.cover_at(self.key)?;
        let event = match shadow {
            Shadow::Partition(_) => replica.tombstone?.here,
            _ => replica.ranges.iter().find(|range| range.what.tombstone == shadow.tombstone())?.here,
        };
        Some(Cover { shadow, event })
    }

    fn submit(&self, event: EventId) -> Option<EventId> {
        self.index.story.submit_of(event)
    }

    /// Who dated what an event wrote.
    fn dated(&mut self, what: Dating, here: EventId, submit: Option<EventId>, timestamp: i64) {
        let is = |id: &EventId, date: i64| {
            self.log.kind(*id) == Some(Kind::Stamp) && self.log.columns(*id).is_some_and(|(a, _, _)| a as i64 == date)
        };
        let of = |date: i64| {
            let own = submit.map(|submit| self.index.story.events_of(submit).take_while(|id| *id <= here));
            own.into_iter().flatten().find(|id| is(id, date))
        };
        // What an overwritten collection leaves is dated a microsecond before the statement (semantics.md 7); what a repair
        // wrote was dated long before, by another statement.
        let stamp = of(timestamp).or_else(|| of(timestamp.saturating_add(1)));
        let Some(stamp) = stamp.or_else(|| (0..here.0).map(EventId).find(|id| is(id, timestamp))) else {
            // A statement inside a batch that says its own.
            if let Some(submit) = submit
                && let Some(stamper) = self.log.who(submit)
            {
                let (client, source) = (Some(stamper), Source::Statement);
                self.links.push(link(Reason::Dated { what, client, stamper, source, timestamp, ahead: 0 }, [submit]));
            }
            return;
        };
        let (Ok(Fact::Stamp { source, .. }), Some(stamper)) = (self.log.fact(stamp), self.log.who(stamp)) else {
            return;
        };
        let ahead = ahead(self.log, stamp).unwrap_or(0);
        let client = self.submit(stamp).and_then(|submit| self.log.who(submit));
        self.links.push(link(Reason::Dated { what, client, stamper, source, timestamp, ahead }, [stamp]));
    }

    fn no_error(&mut self, submit: EventId) {
        let answer = self.index.story.events_of(submit).find(|id| self.log.kind(*id) == Some(Kind::AnswerVoid));
        if let Some(answer) = answer.filter(|answer| *answer <= self.until)
            && let Some(client) = self.log.who(answer)
        {
            self.links.push(link(Reason::NoError { client }, [answer]));
        }
    }

    /// The last answer up to the cursor that was read from this partition, if it came after what decides. Whether the row
    /// is not among what was read.
    fn read(&mut self, hidden: bool) {
        let decides = |link: &&Link| {
            matches!(link.reason, Reason::Dated { .. }) || link.hinge && !matches!(link.reason, Reason::Missed { .. })
        };
        let decided = self.links.iter().filter(decides).flat_map(|link| &link.events).max().copied();
        let answers = (0..=self.until.0).rev().map(EventId).filter(|id| self.log.kind(*id) == Some(Kind::AnswerRows));
        for answer in answers.take(16) {
            let Ok(Fact::Answer { outcome: Outcome::Rows { rows, counted, .. }, .. }) = self.log.fact(answer) else {
                continue;
            };
            let Some(submit) = self.submit(answer) else { continue };
            // A row that says [applied] is none of the table's.
            if condition(self.index, self.log, answer).is_some() {
                continue;
            }
            let about = |id: EventId| {
                self.log.kind(id) == Some(Kind::Read) && (self.log.place_no(id) == Some(self.no.0) || self.ranged(id))
            };
            if self.index.story.events_of(submit).any(about)
                && let Some(client) = self.log.who(answer)
            {
                let rows = counted.unwrap_or(u64::from(rows));
                if decided < Some(answer) {
                    let other = hidden && rows > 0;
                    self.links.push(link(Reason::Read { client, rows, other }, [answer]));
                }
                return;
            }
        }
    }

    /// A read of a range of this table's partitions.
    fn ranged(&self, id: EventId) -> bool {
        let (Some(other), Ok(place)) = (self.log.place_no(id), self.log.place(self.no.0)) else { return false };
        self.log.place(other).is_ok_and(|read| read.key.is_none() && read.table == place.table)
    }
}

impl Index {
    /// The rows that were ever written to a partition, in clustering order.
    pub fn row_keys(&self, log: &Log<'_>, no: PartitionNo) -> impl Iterator<Item = Bytes> {
        self.rows(no.0).iter().map(move |row| Bytes::from(row.key(log)))
    }
}
