//! Why a row is still there, or not any more: at most six sentences, as data, each with the events it stands on.
//!
//! Nothing is decided here that `storage` has not decided: the chain reads what [`View`] says of each atom and follows
//! causes back to whoever dated it.

use crate::chain::{CHAIN_MAX, Chain, Dating, Link, Reason};
use crate::index::{Index, PartitionNo};
use crate::kind::Kind;
use crate::replica::{Atom, AtomView, Cover, ReplicaView, RowView, Sight};
use crate::story::ahead;
use crate::view::{Focus, PartitionView, View, Window};
use crate::{Error, EventId, Fact, Log, Outcome, Said};
use alloc::{vec, vec::Vec};
use sim::Id;
use storage::{Bytes, Partition, Shadow};

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
    let mut teller = Teller { index, log, cursor, until, no, key: row, unit: known.unit, links: Vec::new() };
    let shown = shown(partition, row, readers, log);
    teller.tell(partition, readers, shown);
    while teller.links.len() > CHAIN_MAX {
        // The end is what the reader meets; what stands before it is the least.
        teller.links.remove(CHAIN_MAX - 1);
    }
    Ok((Chain { links: teller.links }, shown))
}

/// Whether these replicas, joined as a coordinator joins them, show a row.
fn shown(partition: &PartitionView, key: &[u8], readers: &[Id], log: &Log<'_>) -> bool {
    let mut joined = Partition::default();
    let mut seconds = 0;
    for replica in partition.replicas.iter().filter(|replica| readers.contains(&replica.who)) {
        joined.join(&replica.partition(), log.dialect());
        seconds = seconds.max(replica.seconds);
    }
    joined.rows.get(key).is_some_and(|row| row.is_live(joined.cover_at(key), seconds))
}

fn link(reason: Reason, events: impl IntoIterator<Item = EventId>) -> Link {
    Link { reason, events: events.into_iter().collect(), hinge: false }
}

struct Teller<'a> {
    index: &'a Index,
    log: &'a Log<'a>,
    /// What replicas hold is told as of this event,
    cursor: EventId,
    /// what clients heard, as of this one.
    until: EventId,
    no: PartitionNo,
    key: &'a [u8],
    unit: u32,
    links: Vec<Link>,
}

/// A tombstone that a replica took in with one event and forgot with another.
struct Purged {
    who: Id,
    tombstone: i64,
    was: EventId,
    gone: EventId,
}

impl Purged {
    fn link(&self) -> Link {
        link(Reason::Purged { who: self.who, tombstone: self.tombstone }, [self.was, self.gone])
    }
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
            return self.read();
        };
        let over = main.atom().and_then(|atom| self.atom(atom));
        let split = self.split(&witnesses, main, over, partition);
        if !split
            && main.seen()
            && let Some(purged) = witnesses.iter().find_map(|witness| self.purged(witness.who, partition))
        {
            self.links.push(purged.link());
        }
        if !split && let Some(submit) = over.and_then(|cover| self.submit(cover.event)).filter(|_| main.seen()) {
            self.no_error(submit);
        }
        self.read();
    }

    /// The dates of an atom and of what covers its place, and the comparison. Gives the cover.
    fn atom(&mut self, atom: &AtomView) -> Option<Cover> {
        self.dated(Dating::Row, atom.here, atom.submit, atom.timestamp);
        let sent = self.log.cause(atom.here).and_then(|received| self.log.cause(received));
        if sent.is_some_and(|send| self.log.said(send) == Some(Said::Repair))
            && let Some(who) = self.log.who(atom.here)
        {
            self.links.push(link(Reason::Repaired { who }, [atom.here]));
        }
        let (reason, cover) = match &atom.sight {
            Sight::Live => (Reason::Uncovered, None),
            Sight::Spared(cover) => {
                let tombstone = cover.shadow.tombstone().timestamp;
                self.dated(Dating::Delete, cover.event, self.submit(cover.event), tombstone);
                (Reason::FallsShort { tombstone, atom: atom.timestamp }, Some(*cover))
            }
            Sight::Shadowed(cover) => {
                let timestamp = cover.shadow.tombstone().timestamp;
                self.dated(Dating::Delete, cover.event, self.submit(cover.event), timestamp);
                (Reason::Covers { shadow: cover.shadow, atom: atom.timestamp }, Some(*cover))
            }
            Sight::Expired(expiry) => (Reason::Expired(*expiry), None),
            Sight::Tombstone => (Reason::Emptied, None),
        };
        let event = cover.map_or(atom.here, |cover| cover.event);
        self.links.push(Link { hinge: true, ..link(reason, [event]) });
        cover
    }

    /// Whether replicas see the row differently, and which of them never got what.
    fn split(
        &mut self,
        all: &[Witness<'_>],
        main: &Witness<'_>,
        over: Option<Cover>,
        partition: &PartitionView,
    ) -> bool {
        let ids = |seen: bool| -> Vec<Id> {
            all.iter().filter(|witness| witness.seen() == seen).map(|witness| witness.who).collect()
        };
        let (seen, unseen) = (ids(true), ids(false));
        if seen.is_empty() || unseen.is_empty() {
            return false;
        }
        self.links.push(link(Reason::Differ { seen: seen.clone(), unseen: unseen.clone() }, []));
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
            let why = self.missing(cover.event, &lack);
            self.links.push(link(Reason::Missed { what: Dating::Delete, who: lack }, why));
        } else if let Some(purged) = unseen.iter().find_map(|who| self.purged(*who, partition)) {
            let why = self.missing(purged.was, &seen);
            self.links.push(link(Reason::Missed { what: Dating::Delete, who: seen }, why));
            self.links.push(purged.link());
        } else if let Some(atom) = main.atom() {
            // … or it never got the row.
            let why = self.missing(atom.here, &unseen);
            self.links.push(link(Reason::Missed { what: Dating::Row, who: unseen }, why));
        }
        true
    }

    /// The row was written and no replica holds anything of it.
    fn gone(&mut self, witnesses: &[Witness<'_>], partition: &PartitionView) {
        if let Some(cover) = witnesses.iter().find_map(|witness| self.bare(witness.replica)) {
            self.dated(Dating::Delete, cover.event, self.submit(cover.event), cover.shadow.tombstone().timestamp);
            let reason = Reason::Covers { shadow: cover.shadow, atom: i64::MIN };
            self.links.push(Link { hinge: true, ..link(reason, [cover.event]) });
        } else if let Some(purged) = witnesses.iter().find_map(|witness| self.purged(witness.who, partition)) {
            self.links.push(Link { hinge: true, ..purged.link() });
        } else {
            self.links.push(link(Reason::Emptied, []));
        }
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

    /// A deletion of the row that a replica once took in and that is no longer there.
    fn purged(&self, who: Id, partition: &PartitionView) -> Option<Purged> {
        let now = partition.replicas.iter().find(|replica| replica.who == who)?;
        let row = now.rows.first().and_then(Option::as_ref);
        if self.bare(now).is_some() || row.is_some_and(|row| row.tombstone.is_some()) {
            return None;
        }
        let mine = |id: &EventId| *id <= self.cursor && self.log.who(*id) == Some(who);
        let events = |unit: u32| self.index.unit(unit).iter().map(|at| EventId(*at)).filter(mine);
        let deletion = |id: EventId| {
            let Ok(Fact::Apply { mutation, .. }) = self.log.fact(id) else { return None };
            let own = mutation.delta.rows.get(self.key).and_then(|row| row.tombstone);
            let cover = mutation.delta.cover_at(self.key).map(|shadow| shadow.tombstone());
            cover.max(own).map(|tombstone| (tombstone.timestamp, id))
        };
        // Deletions came by the partition's cover or by the row itself; whatever replaced all of it is in the former.
        let deletes = events(self.no.0 * 2).chain(events(self.unit));
        let (tombstone, was) =
            deletes.filter(|id| self.log.shape(*id).is_some_and(|shape| shape.tombstone)).filter_map(deletion).max()?;
        let gone = events(self.no.0 * 2).find(|id| *id > was && self.log.kind(*id) == Some(Kind::Replace))?;
        Some(Purged { who, tombstone, was, gone })
    }

    /// The events at which a write was lost to these machines.
    fn missing(&self, event: EventId, who: &[Id]) -> Vec<EventId> {
        let Some((_, payload, _)) = self.log.columns(event) else { return Vec::new() };
        who.iter().filter_map(|who| self.log.missed(payload, *who)).collect()
    }

    fn submit(&self, event: EventId) -> Option<EventId> {
        self.index.story.submit_of(event)
    }

    /// Who dated what an event wrote.
    fn dated(&mut self, what: Dating, here: EventId, submit: Option<EventId>, timestamp: i64) {
        let is = |id: &EventId| {
            self.log.kind(*id) == Some(Kind::Stamp)
                && self.log.columns(*id).is_some_and(|(a, _, _)| a as i64 == timestamp)
        };
        let own = submit.and_then(|submit| self.index.story.events_of(submit).take_while(|id| *id <= here).find(is));
        // What a read repair wrote was dated long before, by another statement.
        let stamp = own.or_else(|| (0..here.0).map(EventId).find(is));
        let Some(stamp) = stamp else { return };
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

    /// The last answer up to the cursor that was read from this partition.
    fn read(&mut self) {
        let answers = (0..=self.until.0).rev().map(EventId).filter(|id| self.log.kind(*id) == Some(Kind::AnswerRows));
        for answer in answers.take(16) {
            let Ok(Fact::Answer { outcome: Outcome::Rows { rows, counted, .. }, .. }) = self.log.fact(answer) else {
                continue;
            };
            let Some(submit) = self.submit(answer) else { continue };
            let about = |id: EventId| {
                self.log.kind(id) == Some(Kind::Read) && (self.log.place_no(id) == Some(self.no.0) || self.ranged(id))
            };
            if self.index.story.events_of(submit).any(about)
                && let Some(client) = self.log.who(answer)
            {
                let rows = counted.unwrap_or(u64::from(rows));
                return self.links.push(link(Reason::Read { client, rows }, [answer]));
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
