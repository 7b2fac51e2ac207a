//! What a replica once had and has no more: a deletion that was purged, a row that went with it or with the power.

use super::{Teller, Witness, link};
use crate::chain::{Dating, Link, Reason};
use crate::kind::Kind;
use crate::replica::{Cover, Sight};
use crate::view::PartitionView;
use crate::{EventId, Fact};
use alloc::vec::Vec;
use sim::Id;
use storage::{Column, Content, Shadow};

/// A deletion that a replica took in with one event and forgot with another.
#[derive(Clone, Copy)]
struct Purged {
    who: Id,
    shadow: Shadow,
    was: EventId,
    gone: EventId,
}

impl Purged {
    fn tombstone(&self) -> i64 {
        self.shadow.tombstone().timestamp
    }
}

impl Teller<'_> {
    /// A row that is seen though replicas once had a deletion that covers it: they have purged it, or past gc_grace they
    /// leave it out of their answers. False when there is none.
    pub(super) fn back(&mut self, all: &[Witness<'_>], main: &Witness<'_>, partition: &PartitionView) -> bool {
        let Some(atom) = main.atom() else { return false };
        let purged = self.purged(partition, atom.timestamp);
        let left_out: Vec<(Id, Cover)> =
            all.iter().filter_map(|witness| Some((witness.who, self.left_out(witness, atom.timestamp)?))).collect();
        let (was, tombstone) = match (purged.first(), left_out.first()) {
            (Some(first), _) => (first.was, first.tombstone()),
            (None, Some((_, cover))) => (cover.event, cover.shadow.tombstone().timestamp),
            (None, None) => return false,
        };
        self.dated(Dating::Row, atom.here, atom.submit, atom.timestamp);
        self.dated(Dating::Delete, was, self.submit(was), tombstone);
        let had =
            |who: &Id| purged.iter().any(|purged| purged.who == *who) || left_out.iter().any(|(other, _)| other == who);
        let lack: Vec<Id> = all.iter().map(|witness| witness.who).filter(|who| !had(who)).collect();
        if !lack.is_empty() {
            let why = self.missing(was, &lack);
            self.links.push(link(Reason::Missed { what: Dating::Delete, who: lack, later: false }, why));
        }
        let reason = if purged.is_empty() {
            let who = left_out.iter().map(|(who, _)| *who).collect();
            link(Reason::LeftOut { who, tombstone }, left_out.iter().map(|(_, cover)| cover.event))
        } else {
            self.purging(&purged)
        };
        self.links.push(Link { hinge: true, ..reason });
        self.repaired(atom, all);
        true
    }

    /// The row was written and no replica holds anything of it.
    pub(super) fn gone(&mut self, all: &[Witness<'_>], partition: &PartitionView) {
        let row = self.wrote();
        let cover = all.iter().find_map(|witness| self.bare(witness.replica));
        let purged = self.purged(partition, row.map_or(i64::MIN, |(timestamp, _)| timestamp));
        let (shadow, was) = match (cover, purged.first()) {
            (Some(cover), _) => (cover.shadow, cover.event),
            (None, Some(first)) => (first.shadow, first.was),
            (None, None) => return self.vanished(all),
        };
        if let Some((timestamp, here)) = row {
            self.dated(Dating::Row, here, self.submit(here), timestamp);
        }
        let deleted = self.submit(was);
        self.dated(Dating::Delete, was, deleted, shadow.tombstone().timestamp);
        let later = deleted.is_some() && row.and_then(|(_, here)| self.submit(here)) > deleted;
        let reason = Reason::Covers { shadow, atom: row.map_or(i64::MIN, |(timestamp, _)| timestamp), later };
        self.links.push(Link { hinge: true, ..link(reason, [was]) });
        if cover.is_none() {
            let purging = self.purging(&purged);
            self.links.push(purging);
        }
    }

    /// Nothing covers its place: it went with the power, or with its last cell.
    fn vanished(&mut self, all: &[Witness<'_>]) {
        let row = self.wrote();
        if let Some((timestamp, here)) = row {
            let truncated = |who: Id| self.index.truncated(self.table, who.0, here.0, self.cursor.0);
            let (who, events): (Vec<Id>, Vec<EventId>) =
                all.iter().filter_map(|witness| Some((witness.who, EventId(truncated(witness.who)?)))).unzip();
            if !who.is_empty() {
                self.dated(Dating::Row, here, self.submit(here), timestamp);
                self.links.push(Link { hinge: true, ..link(Reason::Truncated { who }, events) });
                return;
            }
        }
        let lost = all.iter().find_map(|witness| {
            let mine = |id: &EventId| self.log.who(*id) == Some(witness.who);
            let was = self.writes().filter(mine).last()?;
            let replaced = |id: &EventId| mine(id) && *id > was && self.log.kind(*id) == Some(Kind::Replace);
            let gone = self.events(self.no.0 * 2).find(replaced)?;
            let restart = self.log.cause(gone).and_then(|cause| self.log.kind(cause))?;
            matches!(restart, Kind::Start | Kind::Replay).then_some((witness.who, was, gone))
        });
        let Some((who, was, gone)) = lost else {
            return self.links.push(link(Reason::Emptied, []));
        };
        if let Some((timestamp, here)) = row {
            self.dated(Dating::Row, here, self.submit(here), timestamp);
        }
        self.links.push(Link { hinge: true, ..link(Reason::Forgotten { who }, [was, gone]) });
    }

    fn purging(&self, purged: &[Purged]) -> Link {
        let time = |id| self.log.at(id).map_or(0, |at| at.0);
        let held = purged.iter().map(|purged| time(purged.gone).saturating_sub(time(purged.was))).max().unwrap_or(0);
        let tombstone = purged.first().map_or(0, Purged::tombstone);
        let who = purged.iter().map(|purged| purged.who).collect();
        link(Reason::Purged { who, tombstone, held }, purged.iter().flat_map(|purged| [purged.was, purged.gone]))
    }

    /// The newest deletion that once covered a date here and is gone, with every replica that had it.
    fn purged(&self, partition: &PartitionView, date: i64) -> Vec<Purged> {
        // Deletions came by the partition's cover or by the row itself; whatever replaced all of it is in the former.
        let events = self.events(self.no.0 * 2).chain(self.events(self.unit));
        let deletes: Vec<EventId> =
            events.filter(|id| self.log.shape(*id).is_some_and(|shape| shape.tombstone)).collect();
        let each =
            partition.replicas.iter().filter_map(|replica| self.purged_by(replica.who, partition, &deletes, date));
        let mut all: Vec<Purged> = each.collect();
        let newest = all.iter().map(Purged::tombstone).max();
        all.retain(|purged| Some(purged.tombstone()) == newest);
        all
    }

    fn purged_by(&self, who: Id, partition: &PartitionView, deletes: &[EventId], date: i64) -> Option<Purged> {
        let now = partition.replicas.iter().find(|replica| replica.who == who)?;
        let row = now.rows.first().and_then(Option::as_ref);
        if self.bare(now).is_some() || row.is_some_and(|row| row.tombstone.is_some()) {
            return None;
        }
        let mine = |id: &EventId| self.log.who(*id) == Some(who);
        let deletion = |id: EventId| {
            let Ok(Fact::Apply { mutation, .. }) = self.log.fact(id) else { return None };
            let own = mutation.delta.rows.get(self.key).and_then(|row| row.tombstone).map(Shadow::Row);
            let shadow = Shadow::newer(mutation.delta.cover_at(self.key), own)?;
            shadow.tombstone().covers(date).then_some((shadow, id))
        };
        let deletes = deletes.iter().copied().filter(mine);
        let (shadow, was) = deletes.filter_map(deletion).max_by_key(|(shadow, _)| shadow.tombstone())?;
        let without = |id: &EventId| match self.log.fact(*id) {
            Ok(Fact::Replace { left, .. }) => {
                let own = left.rows.get(self.key).and_then(|row| row.tombstone).map(Shadow::Row);
                let cover = Shadow::newer(left.cover_at(self.key), own);
                cover.is_none_or(|cover| cover.tombstone() < shadow.tombstone())
            }
            _ => false,
        };
        let gone = self.events(self.no.0 * 2).filter(mine).find(|id| *id > was && without(id))?;
        Some(Purged { who, shadow, was, gone })
    }

    /// What covers a date here and is too old to be answered with.
    fn left_out(&self, witness: &Witness<'_>, date: i64) -> Option<Cover> {
        let shadowed = witness.atom().and_then(|atom| match &atom.sight {
            Sight::Shadowed(cover) => Some(*cover),
            _ => None,
        });
        let cover = shadowed.or_else(|| self.bare(witness.replica))?;
        let tombstone = cover.shadow.tombstone();
        let gc_before = witness.replica.seconds.saturating_sub(self.grace?);
        (tombstone.covers(date) && tombstone.deletion_time < gc_before).then_some(cover)
    }

    /// When the row was last dated by what lives in it, and where that came first.
    fn wrote(&self) -> Option<(i64, EventId)> {
        let date = |id: EventId| {
            let Ok(Fact::Apply { mutation, .. }) = self.log.fact(id) else { return None };
            let row = mutation.delta.rows.get(self.key)?;
            let cells = row.columns.iter().flat_map(|(_, column)| match column {
                Column::Simple(cell) => alloc::vec![cell],
                Column::Collection(collection) => collection.cells.iter().map(|(_, cell)| cell).collect(),
            });
            let lives = cells.filter(|cell| !matches!(cell.content, Content::Dead { .. }));
            let newest = lives.map(|cell| cell.timestamp).chain(row.marker.map(|marker| marker.timestamp)).max();
            newest.map(|timestamp| (timestamp, core::cmp::Reverse(id)))
        };
        self.writes().filter_map(date).max().map(|(timestamp, core::cmp::Reverse(id))| (timestamp, id))
    }

    /// What was applied to the row up to the cursor.
    fn writes(&self) -> impl Iterator<Item = EventId> {
        self.events(self.unit).filter(|id| self.log.kind(*id) == Some(Kind::Apply))
    }

    /// What happened to a unit up to the cursor, on any machine.
    fn events(&self, unit: u32) -> impl Iterator<Item = EventId> {
        self.index.unit(unit).iter().map(|at| EventId(*at)).filter(|id| *id <= self.cursor)
    }

    /// The events at which a write was lost to these machines.
    pub(super) fn missing(&self, event: EventId, who: &[Id]) -> Vec<EventId> {
        let Some((_, payload, _)) = self.log.columns(event) else { return Vec::new() };
        who.iter().filter_map(|who| self.log.missed(payload, *who)).collect()
    }
}
