//! Answers to rows: what lives, passes the filters, and fits the limits; then functions, aggregates and order.

use super::{aggregate::Gathering, read::Read, row::RowView, selector::Choice};
use crate::{
    comparable,
    request::{Error, PagingState, Rows},
};
use alloc::vec::Vec;
use storage::{Bytes, Partition, PartitionKey, order};

/// A row with the key it is sorted by.
type Sortable = (Vec<u8>, Vec<Option<Bytes>>);

impl Read {
    /// The rows of a page from the partitions found, which come in the order of [`Read::questions`], each at most once,
    /// and where the next page begins. `now` is the coordinator's clock, microseconds since the Unix epoch.
    pub fn project<'a>(
        &self,
        found: impl IntoIterator<Item = (&'a PartitionKey, &'a Partition)>,
        now: i64,
        page_size: Option<u32>,
        paging: Option<&PagingState>,
    ) -> Result<(Rows, Option<PagingState>), Error> {
        let plan = &*self.plan;
        let seconds = now.div_euclid(1_000_000);
        let paged = page_size.filter(|size| *size > 0 && !plan.aggregates && plan.sorted.is_none());
        let mut out = Output::new(self, paged.map_or(u64::MAX, u64::from), paging);
        for (key, partition) in found {
            if out.is_full() {
                break;
            }
            self.partition(key, partition, seconds, paging, &mut out)?;
        }
        out.finish()
    }

    fn partition(
        &self,
        key: &PartitionKey,
        partition: &Partition,
        seconds: i64,
        paging: Option<&PagingState>,
        out: &mut Output<'_>,
    ) -> Result<(), Error> {
        let plan = &*self.plan;
        let resumed = paging.filter(|state| !state.partition_done && state.partition == key.bytes);
        out.begin(resumed.map_or(self.per_partition, |state| state.remaining_in_partition));
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
            if !out.offer(&view)? {
                return Ok(());
            }
        }
        if !any && plan.shows_statics_alone() && partition.is_static_live(seconds) {
            let view = RowView::new(&plan.table, key, None, statics, None, seconds);
            out.offer(&view)?;
        }
        Ok(())
    }
}

/// The page as it fills.
struct Output<'r> {
    read: &'r Read,
    page_left: u64,
    left: u64,
    partition_left: u64,
    rows: Vec<Vec<Option<Bytes>>>,
    sorted: Vec<Sortable>,
    gathering: Vec<Gathering>,
    /// The first row's values, for what stands beside aggregates.
    first: Option<Vec<Option<Bytes>>>,
    last: Option<(Bytes, Option<Bytes>)>,
}

impl<'r> Output<'r> {
    fn new(read: &'r Read, page_left: u64, paging: Option<&PagingState>) -> Self {
        let gathering = if read.plan.aggregates {
            read.plan.choices.iter().map(|_| Gathering::default()).collect()
        } else {
            Vec::new()
        };
        // LIMIT counts rows of the answer; an aggregate answers with one.
        let left = if read.plan.aggregates || read.plan.sorted.is_some() {
            u64::MAX
        } else {
            paging.map_or(read.limit, |state| state.remaining)
        };
        Output {
            read,
            page_left,
            left,
            partition_left: u64::MAX,
            rows: Vec::new(),
            sorted: Vec::new(),
            gathering,
            first: None,
            last: None,
        }
    }

    fn is_full(&self) -> bool {
        self.page_left == 0 || self.left == 0
    }

    fn begin(&mut self, partition_left: u64) {
        self.partition_left = partition_left;
    }

    /// Takes a row if it passes; false when this partition, or the page, has no room for another.
    fn offer(&mut self, view: &RowView<'_>) -> Result<bool, Error> {
        if self.is_full() || self.partition_left == 0 {
            return Ok(false);
        }
        if !self.read.filters.iter().all(|filter| filter.passes(view)) {
            return Ok(true);
        }
        self.partition_left -= 1;
        if self.read.plan.aggregates {
            self.gather(view)?;
            return Ok(self.partition_left > 0);
        }
        let constants = &self.read.constants;
        let values =
            self.read.plan.choices.iter().map(|choice| choice.value(view, constants)).collect::<Result<Vec<_>, _>>()?;
        if let Some(columns) = self.read.plan.sorted {
            // The static row alone has no clustering key; null sorts first.
            let types = self.read.plan.table.clustering_types();
            let key = view
                .clustering
                .map(|key| comparable::prefix(types, columns as usize, key).to_vec())
                .unwrap_or_default();
            self.sorted.push((key, values));
            return Ok(self.partition_left > 0);
        }
        self.rows.push(values);
        self.page_left = self.page_left.saturating_sub(1);
        self.left = self.left.saturating_sub(1);
        if self.page_left == 0 {
            self.last = Some((view.key.bytes.clone(), view.clustering.cloned()));
        }
        Ok(!self.is_full() && self.partition_left > 0)
    }

    fn gather(&mut self, view: &RowView<'_>) -> Result<(), Error> {
        let constants = &self.read.constants;
        let is_first = self.first.is_none();
        let mut values = Vec::new();
        for (choice, gathering) in self.read.plan.choices.iter().zip(&mut self.gathering) {
            match choice {
                Choice::Aggregate(aggregate, of) => {
                    let value = of.as_ref().map(|of| of.value(view, constants)).transpose()?.flatten();
                    gathering.take(aggregate, value.as_ref(), of.is_none());
                    values.push(None);
                }
                other if is_first => values.push(other.value(view, constants)?),
                _ => {}
            }
        }
        if is_first {
            self.first = Some(values);
        }
        Ok(())
    }

    fn finish(self) -> Result<(Rows, Option<PagingState>), Error> {
        let plan = &self.read.plan;
        let columns = plan.columns.clone();
        if plan.aggregates {
            let mut first = self.first.unwrap_or_default().into_iter();
            let row = plan
                .choices
                .iter()
                .zip(self.gathering)
                .map(|(choice, gathering)| {
                    let beside = first.next().flatten();
                    match choice {
                        Choice::Aggregate(aggregate, _) => gathering.finish(aggregate),
                        Choice::Constant(at) => self.read.constants.get(*at as usize).cloned().flatten(),
                        _ => beside,
                    }
                })
                .collect();
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
            Some((partition, clustering)) if self.left > 0 => {
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
