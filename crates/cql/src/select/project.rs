//! Answers to rows: what lives, passes the filters, and fits the limits; then functions, aggregates and order.

use super::{aggregate::Gathering, choice::Known, read::Read, row::RowView};
use crate::{
    comparable,
    request::{Error, PagingState, Rows},
    values::json,
};
use alloc::vec::Vec;
use storage::{Bytes, Partition, PartitionKey, order};

/// A row with the key it is sorted by.
type Sortable = (Vec<u8>, Vec<Option<Bytes>>);

impl Read {
    /// The rows of a page from the partitions found, which come in the order of [`Read::questions`], each at most once,
    /// and where the next page begins. `now` is the coordinator's clock, microseconds since the Unix epoch.
    pub fn project<'a>(
        &'a self,
        found: impl IntoIterator<Item = (&'a PartitionKey, &'a Partition)>,
        now: i64,
        page_size: Option<u32>,
        paging: Option<&PagingState>,
    ) -> Result<(Rows, Option<PagingState>), Error> {
        let plan = &*self.plan;
        let seconds = now.div_euclid(1_000_000);
        let paged =
            page_size.filter(|size| *size > 0 && (!plan.aggregates() || plan.group.is_some()) && plan.sorted.is_none());
        let mut out = Output::new(self, paged.map_or(u64::MAX, u64::from), paging);
        out.counted.page = page_size.filter(|size| *size > 0).map_or(u64::MAX, u64::from);
        for (key, partition) in found {
            if out.is_full() {
                break;
            }
            self.partition(key, partition, seconds, paging, &mut out)?;
        }
        out.finish()
    }

    fn partition<'a>(
        &'a self,
        key: &'a PartitionKey,
        partition: &'a Partition,
        seconds: i64,
        paging: Option<&PagingState>,
        out: &mut Output<'a>,
    ) -> Result<(), Error> {
        let plan = &*self.plan;
        let resumed = paging.filter(|state| !state.partition_done && state.partition == key.bytes);
        out.begin(resumed.map_or(self.per_partition, |state| state.remaining_in_partition))?;
        if out.is_full() {
            return Ok(());
        }
        let statics = partition.static_row.as_deref().map(|row| (row, partition.static_cover()));
        let behind = resumed.and_then(|state| state.clustering.as_ref());
        let mut any = resumed.is_some();
        let mut rows = partition.rows.iter();
        while let Some((clustering, row)) = if plan.reversed { rows.next_back() } else { rows.next() } {
            if behind.is_some_and(|behind| if plan.reversed { clustering >= behind } else { clustering <= behind }) {
                continue;
            }
            let above = partition.cover_at(clustering);
            if !row.is_live(above, seconds) {
                continue;
            }
            any = true;
            let view = RowView::new(&plan.table, key, Some(clustering), statics, Some((row, above)), seconds);
            if !out.offer(view)? {
                return Ok(());
            }
        }
        if !any && plan.shows_statics_alone() && partition.is_static_live(seconds) {
            let view = RowView::new(&plan.table, key, None, statics, None, seconds);
            out.offer(view)?;
        }
        Ok(())
    }
}

/// The page as it fills.
struct Output<'a> {
    read: &'a Read,
    page_left: u64,
    left: u64,
    partition_left: u64,
    rows: Vec<Vec<Option<Bytes>>>,
    sorted: Vec<Sortable>,
    group: Group<'a>,
    last: Option<Place>,
    counted: Counted,
}

/// What replicas count towards a page and its limits, of which the coordinator, testing again, may show less. A page that shows less
/// than it has room for is the last. Aggregates and groups too read pages of so many rows.
#[derive(Default)]
struct Counted {
    /// Rows a page.
    page: u64,
    /// Rows of it so far.
    rows: u64,
    /// Whether some of them are not shown.
    short: bool,
    /// Whether it was the last.
    over: bool,
    /// The group of rows that are not shown.
    group: Option<Vec<u8>>,
}

/// Rows that are gathered into one.
#[derive(Default)]
struct Group<'a> {
    gathering: Vec<Gathering>,
    /// The first row, for what stands beside aggregates, and the key that it shares with the others.
    first: Option<(RowView<'a>, Vec<u8>)>,
    /// The last row so far.
    last: Option<Place>,
    /// What PER PARTITION LIMIT leaves behind it.
    partition_left: u64,
}

/// Where a row lies: its partition, and its clustering key if it is not the static row alone.
type Place = (Bytes, Option<Bytes>);

impl<'a> Output<'a> {
    fn new(read: &'a Read, page_left: u64, paging: Option<&PagingState>) -> Self {
        let plan = &read.plan;
        // LIMIT counts rows of the answer: an aggregate answers with one, and what is sorted is cut at the end.
        let whole = plan.aggregates() && plan.group.is_none() || plan.sorted.is_some();
        let left = if whole { u64::MAX } else { paging.map_or(read.limit, |state| state.remaining) };
        Output {
            read,
            page_left,
            left,
            partition_left: u64::MAX,
            rows: Vec::new(),
            sorted: Vec::new(),
            group: Group::default(),
            last: None,
            counted: Counted::default(),
        }
    }

    fn is_full(&self) -> bool {
        self.page_left == 0 || self.left == 0 || self.counted.over
    }

    /// A partition begins, and a group with it.
    fn begin(&mut self, partition_left: u64) -> Result<(), Error> {
        if self.read.plan.group.is_some() {
            self.end_group()?;
        }
        self.counted.group = None;
        // A page that the last group has filled ends there.
        if !self.is_full() {
            self.partition_left = partition_left;
        }
        Ok(())
    }

    /// Takes a row if it passes; false when this partition, or the page, has no room for another.
    fn offer(&mut self, view: RowView<'a>) -> Result<bool, Error> {
        let between = self.group.first.is_none() && self.counted.group.is_none();
        if self.is_full() || self.partition_left == 0 && between {
            return Ok(false);
        }
        if !self.read.filters.iter().all(|filter| filter.passes(&view)) {
            if !self.read.filters.iter().all(|filter| filter.passes_replica(&view)) {
                return Ok(true);
            }
            // Of partitions that were asked for by key the coordinator believes the replica.
            if self.read.is_range() {
                return Ok(self.hide(&view));
            }
        }
        let more = self.take(view)?;
        if self.read.plan.aggregates() || self.read.plan.group.is_some() {
            self.count();
        }
        Ok(more)
    }

    /// A row that counts and is not shown.
    fn hide(&mut self, view: &RowView<'a>) -> bool {
        self.counted.short = true;
        let plan = self.read.plan.clone();
        if let Some(columns) = plan.group {
            let key = Some(self.key(view, columns));
            if self.counted.group != key {
                if self.partition_left == 0 {
                    return false;
                }
                self.counted.group = key;
                self.partition_left -= 1;
                self.left = self.left.saturating_sub(1);
            }
            self.count();
            return !self.is_full();
        }
        self.partition_left = self.partition_left.saturating_sub(1);
        if plan.aggregates() {
            self.count();
        } else {
            self.page_left = self.page_left.saturating_sub(1);
            self.left = self.left.saturating_sub(1);
        }
        !self.is_full() && self.partition_left > 0
    }

    /// One row more of a page that is read for aggregates or groups.
    fn count(&mut self) {
        self.counted.rows += 1;
        if self.counted.rows >= self.counted.page {
            self.counted.over = self.counted.short;
            self.counted.rows = 0;
        }
    }

    fn take(&mut self, view: RowView<'a>) -> Result<bool, Error> {
        let plan = &self.read.plan;
        if let Some(columns) = plan.group {
            let key = self.key(&view, columns);
            if self.group.first.as_ref().is_some_and(|(_, before)| *before != key) {
                self.end_group()?;
                if self.is_full() || self.partition_left == 0 {
                    return Ok(false);
                }
            }
            if self.group.first.is_none() {
                self.partition_left -= 1;
            } else if plan.distinct {
                return Ok(false);
            }
            self.gather(view, key)?;
            return Ok(true);
        }
        self.partition_left -= 1;
        if plan.aggregates() {
            self.gather(view, Vec::new())?;
            return Ok(self.partition_left > 0);
        }
        let values = self.values(Some(&view), &[])?;
        if let Some(columns) = plan.sorted {
            // The static row alone has no clustering key; null sorts first.
            self.sorted.push((self.key(&view, columns), values));
            return Ok(self.partition_left > 0);
        }
        let place = (view.key.bytes.clone(), view.clustering.cloned());
        self.push(values, Some(place));
        Ok(!self.is_full() && self.partition_left > 0)
    }

    /// The leading columns of a row's clustering key.
    fn key(&self, view: &RowView<'_>, columns: u32) -> Vec<u8> {
        let types = self.read.plan.table.clustering_types();
        view.clustering.map(|key| comparable::prefix(types, columns as usize, key).to_vec()).unwrap_or_default()
    }

    fn values(&self, row: Option<&RowView<'_>>, gathered: &[Option<Bytes>]) -> Result<Vec<Option<Bytes>>, Error> {
        let known = Known { constants: &self.read.constants, gathered };
        let plan = &self.read.plan;
        let values = plan.choices.iter().map(|choice| choice.value(row, known)).collect::<Result<Vec<_>, _>>()?;
        let Some(columns) = &plan.json else { return Ok(values) };
        let named = columns.iter().zip(&values).map(|(spec, value)| (&*spec.name, &spec.ty, value.as_deref()));
        Ok(Vec::from([Some(json::row(named).into_bytes().into())]))
    }

    fn push(&mut self, values: Vec<Option<Bytes>>, place: Option<Place>) {
        self.rows.push(values);
        self.page_left = self.page_left.saturating_sub(1);
        self.left = self.left.saturating_sub(1);
        if self.page_left == 0 {
            self.last = place;
        }
    }

    fn gather(&mut self, view: RowView<'a>, key: Vec<u8>) -> Result<(), Error> {
        let gathers = &self.read.plan.gathers;
        let known = Known { constants: &self.read.constants, gathered: &[] };
        self.group.gathering.resize_with(gathers.len(), Gathering::default);
        for ((aggregate, of), gathering) in gathers.iter().zip(&mut self.group.gathering) {
            let value = of.as_ref().map(|of| of.value(Some(&view), known)).transpose()?.flatten();
            gathering.take(aggregate, value.as_ref(), of.is_none());
        }
        self.group.last = Some((view.key.bytes.clone(), view.clustering.cloned()));
        self.group.partition_left = self.partition_left;
        self.group.first.get_or_insert((view, key));
        Ok(())
    }

    /// What was gathered becomes a row, if anything was.
    fn end_group(&mut self) -> Result<(), Error> {
        if self.group.first.is_some() {
            let group = core::mem::take(&mut self.group);
            self.partition_left = group.partition_left;
            let values = self.gathered(group.gathering, group.first.as_ref().map(|(view, _)| view))?;
            self.push(values, group.last);
        }
        Ok(())
    }

    fn gathered(
        &self,
        mut gathering: Vec<Gathering>,
        first: Option<&RowView<'_>>,
    ) -> Result<Vec<Option<Bytes>>, Error> {
        let gathers = &self.read.plan.gathers;
        gathering.resize_with(gathers.len(), Gathering::default);
        let ends = gathers.iter().zip(gathering);
        let gathered: Vec<Option<Bytes>> =
            ends.map(|((aggregate, _), gathering)| gathering.finish(aggregate)).collect();
        self.values(first, &gathered)
    }

    fn finish(mut self) -> Result<(Rows, Option<PagingState>), Error> {
        let plan = self.read.plan.clone();
        let columns = plan.columns.clone();
        if plan.group.is_some() && (self.counted.over || !self.is_full()) {
            self.end_group()?;
        } else if plan.aggregates() && plan.group.is_none() {
            let group = core::mem::take(&mut self.group);
            let row = self.gathered(group.gathering, group.first.as_ref().map(|(view, _)| view))?;
            return Ok((Rows { columns, rows: Vec::from([row]) }, None));
        }
        if plan.sorted.is_some() {
            let mut sorted = self.sorted;
            // Keys compare as bytes; rows of equal ones stay in the order of their partitions.
            order::sort_by(&mut sorted, |a, b| if plan.reversed { b.0.cmp(&a.0) } else { a.0.cmp(&b.0) });
            let limit = usize::try_from(self.read.limit).unwrap_or(usize::MAX);
            let rows = sorted.into_iter().take(limit).map(|(_, values)| values).collect();
            return Ok((Rows { columns, rows }, None));
        }
        let next = match self.last {
            // A full page says that there may be more, as Cassandra does, unless LIMIT is reached.
            Some((partition, clustering)) if self.left > 0 && !self.counted.short => {
                let done = self.partition_left == 0 || clustering.is_none() || plan.table.clustering().is_empty();
                Some(PagingState {
                    partition,
                    clustering: clustering.filter(|_| !done),
                    partition_done: done,
                    remaining: self.left,
                    remaining_in_partition: self.partition_left,
                })
            }
            _ => None,
        };
        Ok((Rows { columns, rows: self.rows }, next))
    }
}
