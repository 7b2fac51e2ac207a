//! Why a row is still there, or not any more: at most six sentences, as data, each with the events it stands on.
//!
//! Nothing is decided here that `storage` has not decided: the chain reads what [`View`] says of each atom and follows
//! causes back to whoever dated it.

use crate::index::{Index, PartitionNo};
use crate::kind::Kind;
use crate::replica::{Atom, AtomView, Cover, ReplicaView, RowView, Sight};
use crate::story::ahead;
use crate::view::{Focus, PartitionView, View, Window};
use crate::{Error, EventId, Fact, Log, Outcome, Source};
use alloc::{vec, vec::Vec};
use sim::Id;
use storage::{Bytes, Expiry, Shadow};

/// The most sentences of a chain.
pub const CHAIN_MAX: usize = 6;

/// Why a row is seen or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// In the order in which they are told.
    pub links: Vec<Link>,
}

/// One sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub reason: Reason,
    /// The events it stands on.
    pub events: Vec<EventId>,
    /// It is the comparison that decides.
    pub hinge: bool,
}

/// What a sentence says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Somebody dated a write.
    Dated {
        /// The row, or what deletes it.
        what: Dating,
        /// Who submitted it.
        client: Option<Id>,
        /// Who put the timestamp on it.
        stamper: Id,
        /// Where it is from.
        source: Source,
        /// The timestamp.
        timestamp: i64,
        /// How far the stamper's clock was ahead of true time, microseconds.
        ahead: i64,
    },
    /// A tombstone is older than what it should hide, and hides nothing of it.
    FallsShort {
        /// The tombstone's timestamp.
        tombstone: i64,
        /// The atom's.
        atom: i64,
    },
    /// A tombstone is as new or newer, and hides.
    Covers {
        /// The tombstone, with its scope.
        shadow: Shadow,
        /// The newest atom's timestamp.
        atom: i64,
    },
    /// The row's TTL ran out.
    Expired(Expiry),
    /// Every cell was deleted one by one, and no marker keeps the row.
    Emptied,
    /// No tombstone covers the row's place on this replica.
    Uncovered,
    /// These replicas see the row, those do not.
    Differ {
        /// Where it is seen.
        seen: Vec<Id>,
        /// Where it is not.
        unseen: Vec<Id>,
    },
    /// A write never came to these replicas.
    Missed {
        /// What.
        what: Dating,
        /// Who lacks it.
        who: Vec<Id>,
    },
    /// A replica had a tombstone here and forgot it.
    Purged {
        /// Which replica.
        who: Id,
        /// The tombstone's timestamp.
        tombstone: i64,
    },
    /// Nothing was ever written under this key.
    Unwritten,
    /// The delete was answered without an error, as it should be (semantics.md 3).
    NoError {
        /// Who heard.
        client: Id,
    },
    /// What the last reader met.
    Read {
        /// Who read.
        client: Id,
        /// Rows, or what count(*) said.
        rows: u64,
    },
}

/// What was dated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dating {
    /// The row, or the part of it that decides.
    Row,
    /// A deletion.
    Delete,
}

/// Explain one row of a partition at an event. `row` is its clustering key, empty in tables without clustering columns.
///
/// # Errors
/// As [`View::at`].
pub fn explain(index: &Index, log: &Log<'_>, cursor: EventId, no: PartitionNo, row: &[u8]) -> Result<Chain, Error> {
    let cursor = cursor.min(log.last().ok_or(Error::Damaged)?);
    let known = index.rows(no.0);
    let here = known.iter().filter(|known| known.first <= cursor.0);
    let skip = here.clone().position(|known| known.key(log) == row);
    let window = Window { partition: no, skip: skip.unwrap_or(usize::MAX), rows: 1 };
    let view = View::at(index, log, cursor, &Focus { partitions: vec![window] })?;
    let Some(partition) = view.partitions.first().filter(|partition| !partition.rows.is_empty()) else {
        return Ok(Chain { links: vec![link(Reason::Unwritten, [])] });
    };
    let mut teller = Teller { index, log, cursor, no, links: Vec::new() };
    teller.tell(partition);
    teller.links.truncate(CHAIN_MAX);
    Ok(Chain { links: teller.links })
}

fn link(reason: Reason, events: impl IntoIterator<Item = EventId>) -> Link {
    Link { reason, events: events.into_iter().collect(), hinge: false }
}

struct Teller<'a> {
    index: &'a Index,
    log: &'a Log<'a>,
    cursor: EventId,
    no: PartitionNo,
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
    fn tell(&mut self, partition: &PartitionView) {
        let witness = |replica| {
            let replica: &ReplicaView = replica;
            Witness { who: replica.who, replica, row: replica.rows.first().and_then(Option::as_ref) }
        };
        let witnesses: Vec<Witness<'_>> = partition.replicas.iter().map(witness).collect();
        let seen = witnesses.iter().find(|witness| witness.seen());
        let held = || witnesses.iter().find(|witness| witness.row.is_some());
        let Some(main) = seen.or_else(held) else {
            self.gone(&witnesses, partition);
            return self.read();
        };
        let over = main.atom().and_then(|atom| self.atom(atom));
        let split = self.split(&witnesses, main, over, partition);
        if !split && let Some(submit) = over.and_then(|cover| self.submit(cover.event)).filter(|_| main.seen()) {
            self.no_error(submit);
        }
        self.read();
    }

    /// The dates of an atom and of what covers its place, and the comparison. Gives the cover.
    fn atom(&mut self, atom: &AtomView) -> Option<Cover> {
        self.dated(Dating::Row, atom.here, atom.submit, atom.timestamp);
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
            let bare = || {
                let tombstone = witness.replica.tombstone?;
                Some(Cover { shadow: Shadow::Partition(tombstone.what), event: tombstone.here })
            };
            shadowed.or_else(bare)
        });
        if let Some(cover) = hidden.filter(|cover| over.is_none_or(|over| over.shadow != cover.shadow)) {
            let timestamp = cover.shadow.tombstone().timestamp;
            self.dated(Dating::Delete, cover.event, self.submit(cover.event), timestamp);
            let why = self.missing(cover.event, &seen);
            self.links.push(link(Reason::Missed { what: Dating::Delete, who: seen }, why));
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
        let cover = witnesses.iter().find_map(|witness| witness.replica.tombstone);
        if let Some(tombstone) = cover {
            self.dated(Dating::Delete, tombstone.here, tombstone.submit, tombstone.what.timestamp);
            let shadow = Shadow::Partition(tombstone.what);
            let reason = Reason::Covers { shadow, atom: i64::MIN };
            self.links.push(Link { hinge: true, ..link(reason, [tombstone.here]) });
        } else if let Some(purged) = witnesses.iter().find_map(|witness| self.purged(witness.who, partition)) {
            self.links.push(Link { hinge: true, ..purged.link() });
        } else {
            self.links.push(link(Reason::Emptied, []));
        }
    }

    /// A deletion that a replica once took in and that is no longer there.
    fn purged(&self, who: Id, partition: &PartitionView) -> Option<Purged> {
        let now = partition.replicas.iter().find(|replica| replica.who == who)?;
        let mut deleted = None;
        // The events that wrote what covers the partition: deletions, and whatever replaced all of it.
        for id in self.index.unit(self.no.0 * 2).iter().map(|at| EventId(*at)) {
            if id > self.cursor || self.log.who(id)? != who {
                continue;
            }
            match self.log.kind(id)? {
                Kind::Apply if self.log.shape(id)?.tombstone => {
                    let Ok(Fact::Apply { mutation, .. }) = self.log.fact(id) else { continue };
                    deleted = mutation.delta.tombstone.map(|tombstone| (tombstone.timestamp, id)).or(deleted);
                }
                Kind::Replace if now.tombstone.is_none() => {
                    if let Some((tombstone, was)) = deleted {
                        return Some(Purged { who, tombstone, was, gone: id });
                    }
                }
                _ => {}
            }
        }
        None
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
        let Some(submit) = submit else { return };
        let stamp = self.index.story.events_of(submit).take_while(|id| *id <= here).find(|id| {
            self.log.kind(*id) == Some(Kind::Stamp)
                && self.log.columns(*id).is_some_and(|(a, _, _)| a as i64 == timestamp)
        });
        let Some(stamp) = stamp else { return };
        let (Ok(Fact::Stamp { source, .. }), Some(stamper)) = (self.log.fact(stamp), self.log.who(stamp)) else {
            return;
        };
        let ahead = ahead(self.log, stamp).unwrap_or(0);
        let client = self.log.who(submit);
        self.links.push(link(Reason::Dated { what, client, stamper, source, timestamp, ahead }, [stamp]));
    }

    fn no_error(&mut self, submit: EventId) {
        let answer = self.index.story.events_of(submit).find(|id| self.log.kind(*id) == Some(Kind::AnswerVoid));
        if let Some(answer) = answer.filter(|answer| *answer <= self.cursor)
            && let Some(client) = self.log.who(answer)
        {
            self.links.push(link(Reason::NoError { client }, [answer]));
        }
    }

    /// The last answer up to the cursor that was read from this partition.
    fn read(&mut self) {
        let answers = (0..=self.cursor.0).rev().map(EventId).filter(|id| self.log.kind(*id) == Some(Kind::AnswerRows));
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
