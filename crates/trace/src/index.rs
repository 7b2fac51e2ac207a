//! Where everything is: built once for a trace, so that going to any event is quick.
//!
//! What replicas hold is kept apart in *units*: of each partition its cover (partition and range tombstones), its static
//! row, and each of its rows. A unit has the list of events that wrote it, on whichever replica; long lists have
//! keyframes. To see a unit at an event is to take the last keyframe and fold what follows.
//!
//! ```text
//! units      0 cover of place 0 | 1 static row of place 0 | 2 cover of place 1 | … | rows, as they first appear
//! starts     0         3          3                         …      events of unit u: events[starts[u]..starts[u+1]]
//! ```

use crate::dictionary::Dictionary;
use crate::flights::Flights;
use crate::indexing::Indexing;
use crate::log::Log;
use crate::story::Story;
use crate::unit::Frames;
use crate::worldly::Worldly;
use crate::{Error, EventId, Place};
use alloc::{rc::Rc, vec::Vec};
use sim::Id;
use storage::TableId;

/// The most entries in the lists of events by row: 4 bytes each.
pub const ROW_WRITES_MAX: usize = 16 << 20;

/// A partition's number in its trace: what a page remembers a partition by while it shows one trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartitionNo(pub u32);

/// See the module's page.
#[derive(Debug, Default)]
pub struct Index {
    pub(crate) places: u32,
    pub(crate) starts: Vec<u32>,
    pub(crate) events: Vec<u32>,
    /// Rows of each place in clustering order: `rows[row_starts[p]..row_starts[p + 1]]`.
    pub(crate) row_starts: Vec<u32>,
    pub(crate) rows: Vec<RowPlace>,
    /// Machines that have or should have something of a place, as `place << 16 | machine`, sorted.
    pub(crate) holders: Vec<u64>,
    /// Replace events by place and machine, sorted.
    pub(crate) replaced: Vec<(u32, u16, u32)>,
    /// Truncate events by table and machine, sorted.
    pub(crate) truncated: Vec<(u32, u16, u32)>,
    /// Places by how much was written to them.
    pub(crate) frames: Frames,
    pub(crate) flights: Flights,
    pub(crate) worldly: Worldly,
    pub(crate) story: Story,
    pub(crate) dictionary: Rc<Dictionary>,
}

/// A row of a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowPlace {
    pub unit: u32,
    /// The first event that wrote it.
    pub first: u32,
    /// Where its key lies among the payloads' bytes.
    pub at: u32,
    pub len: u32,
}

impl RowPlace {
    pub fn key<'a>(&self, log: &Log<'a>) -> &'a [u8] {
        log.blobs.bytes.get(self.at as usize..(self.at as usize + self.len as usize)).unwrap_or_default()
    }
}

impl Index {
    /// Build the index of a trace, in one go; [`Indexing`] does it bit by bit.
    ///
    /// # Errors
    /// [`Error::Damaged`] when a payload cannot be read, [`Error::Full`] when rows were written more than
    /// [`ROW_WRITES_MAX`] times.
    pub fn build(log: &Log<'_>) -> Result<Index, Error> {
        let mut indexing = Indexing::new(log);
        loop {
            if let Some(index) = indexing.step(log, u32::MAX)? {
                return Ok(index);
            }
        }
    }

    /// The statements and the anomalies.
    #[must_use]
    pub fn story(&self) -> &Story {
        &self.story
    }

    /// The tables, for [`crate::Words::with`].
    #[must_use]
    pub fn dictionary(&self) -> Rc<Dictionary> {
        Rc::clone(&self.dictionary)
    }

    /// How many partitions were ever written or asked for. Some numbers may stand for whole tables.
    #[must_use]
    pub fn partitions(&self) -> u32 {
        self.places
    }

    /// Bytes in use, keyframes included; what keyframes share with each other is not counted twice.
    #[must_use]
    pub fn bytes_used(&self) -> usize {
        let lists = (self.starts.len() + self.events.len() + self.row_starts.len()) * 4;
        let rows = self.rows.len() * size_of::<RowPlace>();
        let others = self.holders.len() * 8 + (self.replaced.len() + self.truncated.len()) * 12;
        let story = log_bytes(&self.story);
        lists + rows + others + story + self.flights.bytes_used() + self.keyframe_bytes()
    }

    /// Bytes that keyframes take, at most: an atom is counted as 64.
    #[must_use]
    pub fn keyframe_bytes(&self) -> usize {
        self.frames.atoms * 64
    }

    /// Which partition a number stands for.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it is none of this trace.
    pub fn partition(&self, log: &Log<'_>, no: PartitionNo) -> Result<Place, Error> {
        log.place(no.0)
    }

    /// The number of a partition, if the trace has anything about it. Looks at every partition: remember the answer.
    #[must_use]
    pub fn find(&self, log: &Log<'_>, place: &Place) -> Option<PartitionNo> {
        let mut w = crate::bytes::Writer::default();
        crate::payload::write_place(&mut w, place.table, place.key.as_ref());
        (0..self.places).find(|no| log.places.get(*no) == Ok(&w.bytes)).map(PartitionNo)
    }

    /// The partition that an event is about.
    #[must_use]
    pub fn partition_of(&self, log: &Log<'_>, id: EventId) -> Option<PartitionNo> {
        log.place_no(id).map(PartitionNo)
    }

    /// Where the messages of a Send landed or were lost: once, or more often when a rule doubled it.
    pub fn landings(&self, send: EventId) -> impl Iterator<Item = EventId> {
        self.flights.landings(send)
    }

    /// The events that wrote a unit, in order, on whichever replica.
    pub(crate) fn unit(&self, unit: u32) -> &[u32] {
        let unit = unit as usize;
        let (Some(from), Some(to)) = (self.starts.get(unit), self.starts.get(unit + 1)) else { return &[] };
        self.events.get(*from as usize..*to as usize).unwrap_or_default()
    }

    /// The rows of a place, in clustering order.
    pub(crate) fn rows(&self, place: u32) -> &[RowPlace] {
        let place = place as usize;
        let (Some(from), Some(to)) = (self.row_starts.get(place), self.row_starts.get(place + 1)) else { return &[] };
        self.rows.get(*from as usize..*to as usize).unwrap_or_default()
    }

    /// How many machines have or should have something of a partition.
    #[must_use]
    pub fn replicas(&self, no: PartitionNo) -> usize {
        self.holders(no.0).count()
    }

    /// How many rows of a partition had been written by an event, and how many of those come before the row of this key.
    #[must_use]
    pub fn rows_before(&self, log: &Log<'_>, no: PartitionNo, key: &[u8], cursor: EventId) -> (usize, usize) {
        let rows = self.rows(no.0);
        let known = |rows: &[RowPlace]| rows.iter().filter(|row| row.first <= cursor.0).count();
        let at = rows.partition_point(|row| row.key(log) < key);
        (known(rows), known(rows.get(..at).unwrap_or_default()))
    }

    /// Machines that have or should have something of a place.
    pub(crate) fn holders(&self, place: u32) -> impl Iterator<Item = Id> {
        let of = |place: u32| u64::from(place) << 16;
        let from = self.holders.partition_point(|holder| *holder < of(place));
        let to = self.holders.partition_point(|holder| *holder < of(place.saturating_add(1)));
        self.holders.get(from..to).unwrap_or_default().iter().map(|holder| Id(*holder as u16))
    }

    /// The last event in `(after, upto]` from which on a machine held of a place only what that event says.
    pub(crate) fn wiped(&self, place: u32, table: TableId, who: u16, after: u32, upto: u32) -> Option<u32> {
        last(&self.replaced, (place, who, upto), after).max(self.truncated(table, who, after, upto))
    }

    /// The last TRUNCATE of a table on a machine in `(after, upto]`.
    pub(crate) fn truncated(&self, table: TableId, who: u16, after: u32, upto: u32) -> Option<u32> {
        last(&self.truncated, (table.0, who, upto), after)
    }
}

/// The last entry of this key and machine up to an event, if it is after another.
fn last(list: &[(u32, u16, u32)], upto: (u32, u16, u32), after: u32) -> Option<u32> {
    let to = list.partition_point(|entry| *entry <= upto);
    let (key, who, event) = *list.get(to.checked_sub(1)?)?;
    ((key, who) == (upto.0, upto.1) && event > after).then_some(event)
}

fn log_bytes(story: &Story) -> usize {
    size_of_val(&story.statements[..]) + size_of_val(&story.anomalies[..]) + story.len() * 4
}
