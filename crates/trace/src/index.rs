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
use crate::gather::{Holders, PayloadUnits, RowKeys};
use crate::kind::{Kind, Said};
use crate::log::Log;
use crate::story::Story;
use crate::unit::Frames;
use crate::worldly::Worldly;
use crate::{Error, EventId, Place};
use alloc::{rc::Rc, vec, vec::Vec};
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
    starts: Vec<u32>,
    events: Vec<u32>,
    /// Rows of each place in clustering order: `rows[row_starts[p]..row_starts[p + 1]]`.
    row_starts: Vec<u32>,
    rows: Vec<RowPlace>,
    /// Machines that have or should have something of a place, as `place << 16 | machine`, sorted.
    holders: Vec<u64>,
    /// Replace events by place and machine, sorted.
    replaced: Vec<(u32, u16, u32)>,
    /// Truncate events by table and machine, sorted.
    truncated: Vec<(u32, u16, u32)>,
    /// Places by how much was written to them.
    pub(crate) frames: Frames,
    pub(crate) flights: Flights,
    pub(crate) worldly: Worldly,
    pub(crate) story: Story,
    dictionary: Rc<Dictionary>,
}

/// A row of a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowPlace {
    pub unit: u32,
    /// The first event that wrote it.
    pub first: u32,
    /// Where its key lies among the payloads' bytes.
    at: u32,
    len: u32,
}

impl RowPlace {
    pub fn key<'a>(&self, log: &Log<'a>) -> &'a [u8] {
        log.blobs.bytes.get(self.at as usize..(self.at as usize + self.len as usize)).unwrap_or_default()
    }
}

impl Index {
    /// Build the index of a trace.
    ///
    /// # Errors
    /// [`Error::Damaged`] when a payload cannot be read, [`Error::Full`] when rows were written more than
    /// [`ROW_WRITES_MAX`] times.
    pub fn build(log: &Log<'_>) -> Result<Index, Error> {
        let places = log.places.ends.len() as u32;
        let mut index = Index { places, ..Index::default() };
        let mut rows = RowKeys::new(places * 2);
        let mut units = PayloadUnits::new(log.blobs.ends.len());
        let mut writes = Vec::new();
        let mut holders = Holders::new();
        for (at, (kind, b)) in (0u32..).zip(log.kind.iter().zip(&*log.b)) {
            match Kind::of(*kind).ok_or(Error::Damaged)? {
                Kind::Apply => {
                    let place = units.learn(log, *b, &mut rows)?;
                    holders.add(place, log.who[at as usize]);
                    writes.push((at, *b));
                }
                Kind::Replace => {
                    let place = units.learn(log, *b, &mut rows)?;
                    holders.add(place, log.who[at as usize]);
                    index.replaced.push((place, log.who[at as usize], at));
                    writes.push((at, *b));
                }
                Kind::Truncate => index.truncated.push((*b, log.who[at as usize], at)),
                Kind::Send => {
                    if let Some(place) = sent_place(log, EventId(at)) {
                        holders.add(place, log.c[at as usize] as u16);
                    }
                }
                _ => {}
            }
        }
        index.replaced.sort_unstable();
        index.truncated.sort_unstable();
        index.holders = holders.sorted();
        index.list(log, &units, &writes, rows.first + rows.keys.len() as u32)?;
        drop((units, writes));
        index.order(log, &rows);
        let keys = rows.keys;
        index.frames = Frames::build(&index, log, places, &keys)?;
        index.flights = Flights::build(log);
        index.worldly = Worldly::build(log)?;
        index.story = Story::of(log)?;
        index.dictionary = Rc::new(Dictionary::of(log));
        Ok(index)
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

    /// Machines that have or should have something of a place.
    pub(crate) fn holders(&self, place: u32) -> impl Iterator<Item = Id> {
        let of = |place: u32| u64::from(place) << 16;
        let from = self.holders.partition_point(|holder| *holder < of(place));
        let to = self.holders.partition_point(|holder| *holder < of(place.saturating_add(1)));
        self.holders.get(from..to).unwrap_or_default().iter().map(|holder| Id(*holder as u16))
    }

    /// The last event in `(after, upto]` from which on a machine held of a place only what that event says.
    pub(crate) fn wiped(&self, place: u32, table: TableId, who: u16, after: u32, upto: u32) -> Option<u32> {
        let last = |list: &[(u32, u16, u32)], key: u32| {
            let to = list.partition_point(|entry| *entry <= (key, who, upto));
            let (at_key, at_who, event) = *list.get(to.checked_sub(1)?)?;
            (at_key == key && at_who == who && event > after).then_some(event)
        };
        last(&self.replaced, place).max(last(&self.truncated, table.0))
    }

    /// Fill the lists of events by unit: count, sum up, place.
    fn list(&mut self, log: &Log<'_>, of: &PayloadUnits, writes: &[(u32, u32)], units: u32) -> Result<(), Error> {
        let mut starts = vec![0u32; units as usize + 1];
        let mut entries = 0;
        for (at, b) in writes {
            for unit in of.of(log, *at, *b) {
                starts[unit as usize + 1] += 1;
                entries += 1;
            }
            if entries > ROW_WRITES_MAX {
                return Err(Error::Full { what: "writes of rows", limit: ROW_WRITES_MAX as u64 });
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        // `starts[u]` is where unit u begins; it moves on while the unit fills, and then is where u + 1 begins.
        self.events = vec![0; entries];
        for (at, b) in writes {
            for unit in of.of(log, *at, *b) {
                let next = &mut starts[unit as usize];
                self.events[*next as usize] = *at;
                *next += 1;
            }
        }
        starts.rotate_right(1);
        if let Some(first) = starts.first_mut() {
            *first = 0;
        }
        self.starts = starts;
        Ok(())
    }

    /// Group rows by place and put each place's rows in clustering order.
    fn order(&mut self, log: &Log<'_>, rows: &RowKeys) {
        let mut starts = vec![0u32; self.places as usize + 1];
        for key in &rows.keys {
            starts[key.place as usize + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let empty = RowPlace { unit: 0, first: 0, at: 0, len: 0 };
        let mut ordered = vec![empty; rows.keys.len()];
        for (unit, key) in (rows.first..).zip(&rows.keys) {
            let place = &mut next[key.place as usize];
            let first = self.unit(unit).first().copied().unwrap_or(u32::MAX);
            ordered[*place as usize] = RowPlace { unit, first, at: key.at, len: key.len };
            *place += 1;
        }
        for pair in starts.windows(2) {
            let [from, to] = *pair else { continue };
            sort_rows(log, &mut ordered[from as usize..to as usize]);
        }
        self.row_starts = starts;
        self.rows = ordered;
    }
}

fn log_bytes(story: &Story) -> usize {
    size_of_val(&story.statements[..]) + size_of_val(&story.anomalies[..]) + story.len() * 4
}

/// Clustering order. Keys of one partition begin alike, so they are told apart by the eight bytes that follow first.
fn sort_rows(log: &Log<'_>, rows: &mut [RowPlace]) {
    if rows.is_sorted_by(|a, b| a.key(log) <= b.key(log)) {
        return;
    }
    let Some(first) = rows.first().map(|row| row.key(log)) else { return };
    let alike = |row: &RowPlace| row.key(log).iter().zip(first).take_while(|(a, b)| a == b).count();
    let alike = rows.iter().map(alike).min().unwrap_or(0);
    let mut keyed: Vec<(u64, RowPlace)> = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        let mut head = [0; 8];
        let rest = row.key(log).get(alike..).unwrap_or_default();
        let len = rest.len().min(8);
        head[..len].copy_from_slice(&rest[..len]);
        keyed.push((u64::from_be_bytes(head), *row));
    }
    keyed.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.key(log).cmp(b.1.key(log))));
    for (row, (_, sorted)) in rows.iter_mut().zip(keyed) {
        *row = sorted;
    }
}

/// The place of what a Send carries or asks for.
fn sent_place(log: &Log<'_>, id: EventId) -> Option<u32> {
    match log.said(id)? {
        Said::Mutation | Said::Hint | Said::Repair | Said::Data | Said::Digest | Said::Full => log.place_no(id),
        Said::Request | Said::Reply | Said::BatchLog | Said::Ack | Said::Failure => None,
        Said::Rows | Said::DigestReply | Said::Schema | Said::Stream => None,
    }
}
