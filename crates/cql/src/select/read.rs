//! A SELECT with its values: the questions it asks, page by page.

use super::{SelectPlan, filter::Test, invalid};
use crate::{
    plan::{
        keys,
        restrict::{Edge, Restriction},
        term::{Binding, Bound, Term},
    },
    request::{ColumnSpec, Error, PagingState},
    schema::Table,
};
use alloc::{rc::Rc, vec::Vec};
use storage::{Bytes, KeyRange, PartitionKey, ReadCommand, Slice, TableId};

/// A read that is ready to be asked.
#[derive(Debug)]
pub struct Read {
    pub(super) plan: Rc<SelectPlan>,
    /// In the order of the answer.
    keys: Option<Vec<PartitionKey>>,
    /// Tokens `(after, to]`.
    tokens: (i64, i64),
    slices: Vec<Slice>,
    pub(super) filters: Vec<Test>,
    pub(super) constants: Vec<Option<Bytes>>,
    pub(super) limit: u64,
    pub(super) per_partition: u64,
}

/// Whom to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The replicas of one partition.
    Key(PartitionKey),
    /// Every partition of a stretch of the ring; the cluster cuts it at its replicas' borders.
    Range(KeyRange),
}

/// What to ask for one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Questions {
    /// In the order of the answer: whom, and what of each partition.
    pub list: Vec<(Target, ReadCommand)>,
    /// So many live rows are enough for this page; more do no harm. `u64::MAX` is all of them.
    pub wanted: u64,
}

impl Read {
    pub(crate) fn bind(plan: &Rc<SelectPlan>, binding: &mut Binding<'_, '_>) -> Result<Read, Error> {
        let table = &plan.table;
        let limit = limit_of(plan.limit.as_ref(), binding)?;
        let per_partition = if plan.distinct { 1 } else { limit_of(plan.per_partition.as_ref(), binding)? };
        let keys: Option<Vec<_>> = match &plan.partition {
            Some(parts) => Some(keys::components(parts, table, binding)?.collect()),
            None => None,
        };
        let tokens = tokens(plan.token.as_ref(), binding)?;
        let slices = if plan.distinct {
            Vec::from([Slice::all()])
        } else {
            keys::slices(&plan.clustering, plan.span.as_ref(), true, table, binding)?
        };
        // A key that may not be is refused only where there are rows to look for.
        let nothing = slices.is_empty();
        let keys = match keys {
            Some(_) if nothing && !keys::ends_at_null(&plan.clustering, plan.span.as_ref(), table, binding)? => {
                Some(Vec::new())
            }
            Some(keys) => {
                let keys = keys.into_iter().map(keys::checked).collect::<Result<Vec<_>, _>>()?;
                Some(if nothing || plan.nothing { Vec::new() } else { keys })
            }
            None => None,
        };
        let filters = plan.filters.iter().map(|filter| filter.bind(table, binding)).collect::<Result<Vec<_>, _>>()?;
        let mut constants = Vec::with_capacity(plan.constants.len());
        for term in &plan.constants {
            constants.push(match term.bind(binding)? {
                Bound::Value(value) => Some(value),
                Bound::Null | Bound::Unset => None,
            });
        }
        Ok(Read { plan: plan.clone(), keys, tokens, slices, filters, constants, limit, per_partition })
    }

    /// The table it reads.
    pub fn table(&self) -> TableId {
        self.plan.table.id
    }

    /// The table's schema, as it was when the statement was prepared.
    pub fn schema(&self) -> &Rc<Table> {
        &self.plan.table
    }

    /// Names and types of the rows.
    pub fn columns(&self) -> &Rc<[ColumnSpec]> {
        &self.plan.columns
    }

    /// Whether it reads stretches of the ring rather than partitions by key.
    pub fn is_range(&self) -> bool {
        self.keys.is_none()
    }

    /// What to ask for the page behind `paging`. `now` is the coordinator's clock, microseconds since the Unix epoch.
    pub fn questions(
        &self,
        now: i64,
        page_size: Option<u32>,
        paging: Option<&PagingState>,
    ) -> Result<Questions, Error> {
        let plan = &self.plan;
        let nothing = self.keys.as_ref().is_some_and(Vec::is_empty);
        if plan.sorted.is_some() && page_size.is_some_and(|size| size > 0) && !nothing {
            return invalid(
                "Cannot page queries with both ORDER BY and a IN restriction on the partition key; you must either remove the ORDER BY or the IN and sort client side, or disable paging for this query",
            );
        }
        let everything = plan.aggregates() || plan.group.is_some() || plan.sorted.is_some() || !self.filters.is_empty();
        let left = paging.map_or(self.limit, |state| state.remaining);
        let page = page_size.filter(|size| *size > 0).map_or(u64::MAX, u64::from);
        let wanted = if everything { u64::MAX } else { left.min(page) };
        // Filters and groups need more rows than they answer with; DISTINCT never needs more than one.
        let whole = !self.filters.is_empty() || plan.group.is_some() && !plan.distinct;
        let per_partition = if whole { u64::MAX } else { self.per_partition };
        let command = ReadCommand {
            slices: self.slices.clone(),
            reversed: plan.reversed,
            columns: plan.fetch.clone(),
            statics: plan.table.has_statics(),
            limit: u32::try_from(wanted.min(per_partition)).unwrap_or(u32::MAX),
            after: None,
            now: now.div_euclid(1_000_000),
        };
        let mut list = Vec::new();
        // The partition in which the last page ended, then those behind it.
        let resumed = paging.map(|state| (PartitionKey::new(state.partition.clone()), state));
        if let Some((key, state)) = resumed.as_ref().filter(|(_, state)| !state.partition_done) {
            let in_partition = if per_partition == u64::MAX { u64::MAX } else { state.remaining_in_partition };
            if in_partition > 0 {
                let limit = u32::try_from(wanted.min(in_partition)).unwrap_or(u32::MAX);
                list.push((
                    Target::Key(key.clone()),
                    ReadCommand { after: state.clustering.clone(), limit, ..command.clone() },
                ));
            }
        }
        match &self.keys {
            Some(keys) => {
                let from = resumed
                    .as_ref()
                    .map_or(0, |(key, _)| keys.iter().position(|other| other == key).map_or(keys.len(), |at| at + 1));
                list.extend(keys.iter().skip(from).map(|key| (Target::Key(key.clone()), command.clone())));
            }
            None => {
                let (after, to) = self.tokens;
                if after < to {
                    let range = KeyRange::tokens(after, to);
                    list.push((Target::Range(resumed.map_or(range.clone(), |(key, _)| range.behind(key))), command));
                }
            }
        }
        Ok(Questions { list, wanted })
    }
}

/// The tokens a restriction leaves, as `(after, to]`.
fn tokens(token: Option<&Restriction>, binding: &mut Binding<'_, '_>) -> Result<(i64, i64), Error> {
    let all = (i64::MIN, i64::MAX);
    let mut number = |term: &Term| match term.bind(binding)? {
        Bound::Value(value) => Ok(<[u8; 8]>::try_from(&*value).map_or(0, i64::from_be_bytes)),
        Bound::Null | Bound::Unset => Err(Error::invalid("Invalid null token value")),
    };
    match token {
        None | Some(Restriction::In(_) | Restriction::Tuples(..) | Restriction::Covered) => Ok(all),
        Some(Restriction::Equal(term)) => {
            let token = number(term)?;
            Ok((token.saturating_sub(1), token))
        }
        Some(Restriction::Range { lower, upper }) => {
            let mut value = |edge: &Edge| edge.terms.first().map_or(Ok(0), &mut number);
            let after = match lower {
                None => i64::MIN,
                Some(edge) => value(edge)?.saturating_sub(i64::from(edge.inclusive)),
            };
            let to = match upper {
                None => i64::MAX,
                Some(edge) => match (value(edge)?, edge.inclusive) {
                    // The smallest token is the ring's beginning: as an end it means the whole ring.
                    (i64::MIN, _) => i64::MAX,
                    (token, equal) => token.saturating_sub(i64::from(!equal)),
                },
            };
            Ok((after, to))
        }
    }
}

/// A limit; nothing, null and unset are none.
fn limit_of(term: Option<&Term>, binding: &mut Binding<'_, '_>) -> Result<u64, Error> {
    let Some(term) = term else { return Ok(u64::MAX) };
    match term.bind(binding)? {
        Bound::Value(value) => positive(&value),
        Bound::Null => Err(Error::invalid("Invalid null value of limit")),
        Bound::Unset => Ok(u64::MAX),
    }
}

/// A limit's value, checked.
pub(super) fn positive(value: &[u8]) -> Result<u64, Error> {
    match <[u8; 4]>::try_from(value).map(i32::from_be_bytes) {
        Ok(limit) if limit > 0 => Ok(limit as u64),
        _ => invalid("LIMIT must be strictly positive"),
    }
}
