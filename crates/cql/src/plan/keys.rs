//! Key restrictions to keys: every combination of `=` and `IN` over the columns of a key, and the slices they leave.

use super::{
    restrict::{Restriction, Terms, null_in},
    term::{Binding, Bound, Term},
};
use crate::{
    comparable,
    request::Error,
    schema::{Column, Table},
    values,
};
use alloc::{format, vec::Vec};
use storage::{Bytes, PartitionKey, Slice};

/// The most keys one statement may name.
pub(crate) const KEYS_MAX: usize = 10_000;

/// One component of a key.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// `=`, and what an INSERT gives.
    One(Term),
    /// `IN`
    Many(Terms),
}

impl Part {
    /// A restriction that names values; a range is none.
    pub(crate) fn of(restriction: Restriction) -> Result<Part, Span> {
        match restriction {
            Restriction::Equal(term) => Ok(Part::One(term)),
            Restriction::In(terms) => Ok(Part::Many(terms)),
            Restriction::Range { lower, upper } => Err(Span { lower, upper }),
        }
    }

    /// The values, in order and once each where there may be several.
    fn bind(&self, column: &Column, binding: &mut Binding<'_, '_>) -> Result<Vec<Bytes>, Error> {
        let terms = match self {
            Part::One(term) => return Ok(Vec::from([one(term, column, binding)?])),
            Part::Many(terms) => terms,
        };
        let mut found = match terms {
            Terms::Listed(terms) => {
                terms.iter().map(|term| one(term, column, binding)).collect::<Result<Vec<_>, _>>()?
            }
            Terms::Marker(term) => match term.bind(binding)? {
                Bound::Value(list) => values::elements(&list).map(Into::into).collect(),
                Bound::Null => {
                    return Err(Error::Invalid(format!("Invalid null value for IN restriction on {}", column.name)));
                }
                Bound::Unset => return Err(unset(column)),
            },
        };
        if found.len() > 1 {
            found.sort_by_cached_key(|value| comparable::encode([(&column.ty, false, &**value)]));
            found.dedup();
        }
        Ok(found)
    }
}

fn unset(column: &Column) -> Error {
    Error::Invalid(format!("Invalid unset value for column {}", column.name))
}

/// A value of a key column.
pub(crate) fn one(term: &Term, column: &Column, binding: &mut Binding<'_, '_>) -> Result<Bytes, Error> {
    match term.bind(binding)? {
        Bound::Value(value) => Ok(value),
        Bound::Null => Err(null_in(column)),
        Bound::Unset => Err(unset(column)),
    }
}

/// Every combination of the parts' values, in order.
fn product(parts: &[Part], columns: &[Column], binding: &mut Binding<'_, '_>) -> Result<Vec<Vec<Bytes>>, Error> {
    let mut all: Vec<Vec<Bytes>> = Vec::from([Vec::with_capacity(parts.len())]);
    for (part, column) in parts.iter().zip(columns) {
        let mut found = part.bind(column, binding)?;
        // Rows lie in clustering order, so a descending column's values do too.
        if column.descending() {
            found.reverse();
        }
        if let [value] = found.as_slice() {
            all.iter_mut().for_each(|key| key.push(value.clone()));
            continue;
        }
        if all.len().saturating_mul(found.len()) > KEYS_MAX {
            return Err(Error::Invalid(format!("a statement may name {KEYS_MAX} keys")));
        }
        all = all
            .into_iter()
            .flat_map(|key| found.iter().map(move |value| key.iter().cloned().chain([value.clone()]).collect()))
            .collect();
    }
    Ok(all)
}

/// The partition keys: in the order of their components, once each.
pub(crate) fn partitions(
    parts: &[Part],
    table: &Table,
    binding: &mut Binding<'_, '_>,
) -> Result<Vec<PartitionKey>, Error> {
    let columns = table.partition_key();
    if let ([Part::One(term)], [column]) = (parts, columns) {
        let value = one(term, column, binding)?;
        if value.is_empty() {
            return Err(empty(column));
        }
        return Ok(Vec::from([PartitionKey::new(value)]));
    }
    let mut keys = Vec::new();
    for components in product(parts, columns, binding)? {
        for (component, column) in components.iter().zip(columns) {
            if component.len() > usize::from(u16::MAX) {
                return Err(Error::Invalid(format!(
                    "Key length of {} is longer than maximum of {}",
                    component.len(),
                    u16::MAX
                )));
            }
            if component.is_empty() && columns.len() == 1 {
                return Err(empty(column));
            }
        }
        keys.push(PartitionKey::new(match components.as_slice() {
            [only] => only.clone(),
            many => {
                let mut bytes = Vec::with_capacity(many.iter().map(|c| c.len() + 3).sum());
                many.iter().for_each(|component| values::push_composite(&mut bytes, component));
                bytes.into()
            }
        }));
    }
    Ok(keys)
}

fn empty(_column: &Column) -> Error {
    Error::invalid("Key may not be empty")
}

/// The clustering keys, or prefixes of them, in clustering order.
pub(crate) fn clusterings(parts: &[Part], table: &Table, binding: &mut Binding<'_, '_>) -> Result<Vec<Bytes>, Error> {
    let columns = table.clustering();
    if let ([Part::One(term)], [column, ..]) = (parts, columns) {
        let value = one(term, column, binding)?;
        return Ok(Vec::from([comparable::encode([(&column.ty, column.descending(), &*value)]).into()]));
    }
    let all = product(parts, columns, binding)?;
    Ok(all
        .iter()
        .map(|components| {
            comparable::encode(
                columns.iter().zip(components).map(|(column, value)| (&column.ty, column.descending(), &**value)),
            )
            .into()
        })
        .collect())
}

/// `lower < column < upper` behind each prefix; a missing end is the prefix's own.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) lower: Option<(Term, bool)>,
    pub(crate) upper: Option<(Term, bool)>,
}

/// The slices of rows: those that begin with a prefix, cut by the span of the next column.
pub(crate) fn slices(
    parts: &[Part],
    span: Option<&Span>,
    table: &Table,
    binding: &mut Binding<'_, '_>,
) -> Result<Vec<Slice>, Error> {
    if parts.is_empty() && span.is_none() {
        return Ok(Vec::from([Slice::all()]));
    }
    let prefixes = clusterings(parts, table, binding)?;
    let Some((span, column)) = span.zip(table.clustering().get(parts.len())) else {
        return Ok(prefixes.iter().map(Slice::prefix).collect());
    };
    let mut bound = |end: &Option<(Term, bool)>| {
        end.as_ref().map(|(term, equal)| Ok((one(term, column, binding)?, *equal))).transpose()
    };
    let (lower, upper) = (bound(&span.lower)?, bound(&span.upper)?);
    // In a descending column the larger values come first.
    let (first, last) = if column.descending() { (upper, lower) } else { (lower, upper) };
    let position = |prefix: &Bytes, value: &Bytes, behind: bool| -> Bytes {
        let mut bytes = prefix.to_vec();
        comparable::encode_component(&column.ty, column.descending(), value, &mut bytes);
        if behind {
            bytes.push(comparable::AFTER);
        }
        bytes.into()
    };
    Ok(prefixes
        .iter()
        .map(|prefix| Slice {
            start: first.as_ref().map_or_else(|| prefix.clone(), |(value, equal)| position(prefix, value, !*equal)),
            end: match &last {
                Some((value, equal)) => Some(position(prefix, value, *equal)),
                None if prefix.is_empty() => None,
                None => Some(storage::after(prefix)),
            },
        })
        .filter(|slice| slice.end.as_ref().is_none_or(|end| slice.start < *end))
        .collect())
}
