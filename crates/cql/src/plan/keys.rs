//! Key restrictions to keys: every combination of `=` and `IN` over the columns of a key, and the slices they leave.

use super::{
    restrict::{Edge, Restriction, Terms, Tuples, null_in_tuple},
    term::{Binding, Bound, Term},
};
use crate::{
    comparable,
    request::Error,
    schema::{Column, Table},
    values,
};
use alloc::{
    format,
    vec::{self, Vec},
};
use core::{iter, option};
use storage::{Bytes, PartitionKey, Slice, order};

/// The most keys one statement may name.
pub(crate) const KEYS_MAX: usize = 10_000;

/// Keys in order. A statement mostly names one, which costs no list.
pub(crate) type Keys<T> = iter::Chain<option::IntoIter<T>, vec::IntoIter<T>>;

/// One key.
pub(crate) fn single<T>(key: T) -> Keys<T> {
    Some(key).into_iter().chain(Vec::new())
}

fn several<T>(keys: Vec<T>) -> Keys<T> {
    None.into_iter().chain(keys)
}

/// One component of a key.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// `=`, and what an INSERT gives.
    One(Term),
    /// `IN`
    Many(Terms),
    /// `(a, b) IN (…)`: so many columns at once; none for a column that one before has taken.
    Tuples(usize, Tuples),
}

/// How many columns the parts name.
pub(crate) fn width(parts: &[Part]) -> usize {
    parts.iter().map(Part::width).sum()
}

impl Part {
    /// A restriction that names values; a range is none.
    pub(crate) fn of(restriction: Restriction) -> Result<Part, Span> {
        match restriction {
            Restriction::Equal(term) => Ok(Part::One(term)),
            Restriction::In(terms) => Ok(Part::Many(terms)),
            Restriction::Tuples(width, tuples) => Ok(Part::Tuples(width, tuples)),
            Restriction::Covered => Ok(Part::Tuples(0, Tuples::Listed(Vec::new()))),
            Restriction::Range { lower, upper } => Err(Span { lower, upper }),
        }
    }

    fn width(&self) -> usize {
        match self {
            Part::One(_) | Part::Many(_) => 1,
            Part::Tuples(width, _) => *width,
        }
    }

    /// The values, in order and once each where there may be several.
    fn bind(&self, column: &Column, binding: &mut Binding<'_, '_>) -> Result<Vec<Bytes>, Error> {
        let terms = match self {
            Part::One(term) => return Ok(Vec::from([one(term, column, binding)?])),
            Part::Many(terms) => terms,
            // Taken by `product`, several columns at a time.
            Part::Tuples(..) => return Ok(Vec::new()),
        };
        let mut found = match terms {
            Terms::Listed(terms) => {
                terms.iter().map(|term| one(term, column, binding)).collect::<Result<Vec<_>, _>>()?
            }
            Terms::Marker(term) => match term.bind(binding)? {
                Bound::Value(list) => values::items(&list)
                    .map(|item| item.map(Into::into).ok_or_else(|| null(column)))
                    .collect::<Result<_, _>>()?,
                Bound::Null => {
                    return Err(Error::Invalid(format!("Invalid null value for IN restriction on {}", column.name)));
                }
                Bound::Unset => return Err(unset(column)),
            },
        };
        if found.len() > 1 {
            let key = |value: &Bytes| comparable::encode([(&column.ty, false, &**value)]);
            order::sort_by_cached_key(&mut found, key);
            // What compares as equal is one key, and the first that was written stands for it: `1.0` for `1.00`.
            found.dedup_by_key(|value| key(value));
        }
        Ok(found)
    }
}

fn unset(column: &Column) -> Error {
    Error::Invalid(format!("Invalid unset value for column {}", column.name))
}

fn null(column: &Column) -> Error {
    Error::Invalid(format!("Invalid null value in condition for column {}", column.name))
}

/// A value of a key column.
pub(crate) fn one(term: &Term, column: &Column, binding: &mut Binding<'_, '_>) -> Result<Bytes, Error> {
    match term.bind(binding)? {
        // Of a list in a key no element is null, but that is not seen while it is bound.
        Bound::Value(value) if column.ty.is_collection() => {
            values::validate(&column.ty, &value).map(|()| value).map_err(Error::Invalid)
        }
        Bound::Value(value) => Ok(value),
        Bound::Null => Err(null(column)),
        Bound::Unset => Err(unset(column)),
    }
}

/// A value of one of these columns, written in one of several tuples.
fn field(at: usize, term: &Term, columns: &[Column], binding: &mut Binding<'_, '_>) -> Result<Bytes, Error> {
    match term.bind(binding)? {
        Bound::Value(value) => Ok(value),
        Bound::Null => Err(null_in_tuple(columns.iter())),
        Bound::Unset => Err(unset_field(at)),
    }
}

fn unset_field(at: usize) -> Error {
    Error::Invalid(format!("Invalid unset value for tuple field number {at}"))
}

/// Every combination of the parts' values, in order.
fn product(parts: &[Part], columns: &[Column], binding: &mut Binding<'_, '_>) -> Result<Vec<Vec<Bytes>>, Error> {
    let mut all: Vec<Vec<Bytes>> = Vec::from([Vec::with_capacity(parts.len())]);
    let mut next = 0;
    for part in parts {
        let at = next;
        next += part.width();
        if let Part::Tuples(width, tuples) = part {
            if *width == 0 {
                continue;
            }
            let columns = columns.get(at..next).unwrap_or_default();
            let row = |row: &Vec<Term>, binding: &mut Binding<'_, '_>| {
                let each = columns.iter().zip(row).enumerate();
                each.map(|(at, (_, term))| field(at, term, columns, binding)).collect::<Result<Vec<_>, _>>()
            };
            let rows = match tuples {
                Tuples::Listed(rows) => rows.iter().map(|terms| row(terms, binding)).collect::<Result<Vec<_>, _>>()?,
                Tuples::Marker(term) => bound_tuples(term, columns, binding)?,
            };
            if all.len().saturating_mul(rows.len()) > KEYS_MAX {
                return Err(Error::Invalid(format!("a statement may name {KEYS_MAX} keys")));
            }
            all = all
                .into_iter()
                .flat_map(|key| rows.iter().map(move |row| key.iter().chain(row).cloned().collect()))
                .collect();
            continue;
        }
        let Some(column) = columns.get(at) else { break };
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

/// The tuples of a list that was bound.
fn bound_tuples(term: &Term, columns: &[Column], binding: &mut Binding<'_, '_>) -> Result<Vec<Vec<Bytes>>, Error> {
    let Bound::Value(list) = term.bind(binding)? else {
        return Err(Error::invalid("Invalid null value for IN restriction"));
    };
    let tuple = |tuple: &[u8]| {
        let fields = values::fields(tuple).map(|field| field.map(Into::into)).collect::<Option<Vec<Bytes>>>();
        fields.filter(|fields| fields.len() == columns.len()).ok_or_else(|| null_in_tuple(columns.iter()))
    };
    values::elements(&list).map(tuple).collect()
}

/// The partition keys, checked: in the order of their components, once each.
pub(crate) fn partitions(
    parts: &[Part],
    table: &Table,
    binding: &mut Binding<'_, '_>,
) -> Result<Vec<PartitionKey>, Error> {
    components(parts, table, binding)?.map(checked).collect()
}

/// A key of no bytes is none.
pub(crate) fn checked(key: PartitionKey) -> Result<PartitionKey, Error> {
    if key.bytes.is_empty() { Err(Error::invalid("Key may not be empty")) } else { Ok(key) }
}

/// The partition keys as they are written.
pub(crate) fn components(
    parts: &[Part],
    table: &Table,
    binding: &mut Binding<'_, '_>,
) -> Result<Keys<PartitionKey>, Error> {
    let columns = table.partition_key();
    if let ([Part::One(term)], [column]) = (parts, columns) {
        return Ok(single(PartitionKey::new(one(term, column, binding)?)));
    }
    let mut keys = Vec::new();
    for components in product(parts, columns, binding)? {
        for component in &components {
            if component.len() > usize::from(u16::MAX) {
                return Err(Error::Invalid(format!(
                    "Key length of {} is longer than maximum of {}",
                    component.len(),
                    u16::MAX
                )));
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
    Ok(several(keys))
}

/// The clustering keys, or prefixes of them, in clustering order.
pub(crate) fn clusterings(parts: &[Part], table: &Table, binding: &mut Binding<'_, '_>) -> Result<Keys<Bytes>, Error> {
    let columns = table.clustering();
    if let ([Part::One(term)], [column, ..]) = (parts, columns) {
        let value = one(term, column, binding)?;
        return Ok(single(comparable::encode([(&column.ty, column.descending(), &*value)]).into()));
    }
    let all = product(parts, columns, binding)?;
    let encode = |components: &Vec<Bytes>| -> Bytes {
        comparable::encode(
            columns.iter().zip(components).map(|(column, value)| (&column.ty, column.descending(), &**value)),
        )
        .into()
    };
    let mut keys: Vec<Bytes> = all.iter().map(encode).collect();
    // Values of one column come in order; tuples come as they were written.
    if parts.iter().any(|part| matches!(part, Part::Tuples(..))) {
        order::sort_dedup(&mut keys);
    }
    Ok(several(keys))
}

/// `lower < columns < upper` behind each prefix; a missing end is the prefix's own.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) lower: Option<Edge>,
    pub(crate) upper: Option<Edge>,
}

/// An end of a span, its values known.
enum End {
    Open,
    Null,
    At(Vec<Bytes>, bool),
}

/// Whether a span that holds no rows is one to Cassandra all the same: it ends at a null, before which something could be.
pub(crate) fn ends_at_null(
    parts: &[Part],
    span: Option<&Span>,
    table: &Table,
    binding: &mut Binding<'_, '_>,
) -> Result<bool, Error> {
    let Some(span) = span else { return Ok(false) };
    let descending = table.clustering().get(width(parts)).is_some_and(Column::descending);
    let (start, end) = if descending { (&span.upper, &span.lower) } else { (&span.lower, &span.upper) };
    let mut null = |edge: &Option<Edge>| -> Result<Option<bool>, Error> {
        let Some((edge, term)) =
            edge.as_ref().filter(|edge| !edge.tuple).and_then(|edge| Some((edge, edge.terms.first()?)))
        else {
            return Ok(None);
        };
        Ok(matches!(term.bind(binding)?, Bound::Null).then_some(edge.inclusive))
    };
    Ok(match (null(start)?, null(end)?) {
        (None, Some(_)) => start.is_none(),
        (Some(from), Some(to)) => from && to,
        (_, None) => false,
    })
}

/// The slices of rows: those that begin with a prefix, cut by the span of the next columns. Sorted, not overlapping.
/// A read takes null for an end (`nulls`); of a DELETE with one Cassandra fails, so it is refused.
pub(crate) fn slices(
    parts: &[Part],
    span: Option<&Span>,
    nulls: bool,
    table: &Table,
    binding: &mut Binding<'_, '_>,
) -> Result<Vec<Slice>, Error> {
    if parts.is_empty() && span.is_none() {
        return Ok(Vec::from([Slice::all()]));
    }
    let prefixes = clusterings(parts, table, binding)?;
    let Some(span) = span else { return Ok(prefixes.map(|prefix| Slice::prefix(&prefix)).collect()) };
    let columns = table.clustering().get(width(parts)..).unwrap_or_default();
    let mut values = |edge: &Option<Edge>| -> Result<End, Error> {
        let Some(edge) = edge else { return Ok(End::Open) };
        let mut found = Vec::with_capacity(edge.terms.len());
        for (at, (column, term)) in columns.iter().zip(&edge.terms).enumerate() {
            match term.bind(binding)? {
                Bound::Unset if edge.tuple => return Err(unset_field(at)),
                Bound::Value(value) => found.push(value),
                Bound::Null if nulls && !edge.tuple => return Ok(End::Null),
                Bound::Null => return Err(null(column)),
                Bound::Unset => return Err(unset(column)),
            }
        }
        Ok(End::At(found, edge.inclusive))
    };
    let (lower, upper) = (values(&span.lower)?, values(&span.upper)?);
    let descending = columns.first().is_some_and(Column::descending);
    let mut all = Vec::new();
    for prefix in prefixes {
        let part = |end: &End, greater: bool| match end {
            End::At(values, inclusive) => beyond(&prefix, columns, values, *inclusive, greater),
            // A null lies before every row, in whichever direction they are ordered.
            End::Null if greater == descending => Vec::new(),
            End::Open | End::Null => Vec::from([if prefix.is_empty() { Slice::all() } else { Slice::prefix(&prefix) }]),
        };
        let (above, below) = (part(&lower, true), part(&upper, false));
        all.extend(above.iter().flat_map(|a| below.iter().filter_map(|b| both(a, b))));
    }
    order::sort_by(&mut all, Ord::cmp);
    all.dedup_by(|next, slice| {
        // Neighbours become one.
        let touch = slice.end.as_ref() == Some(&next.start);
        if touch {
            slice.end = next.end.take();
        }
        touch
    });
    Ok(all)
}

/// The rows behind a prefix whose next columns, as a tuple, are greater (or less) than these values.
///
/// `(a, b) > (x, y)` is `a > x`, or `a = x` and `b > y`. Columns may descend each for itself, so every such part is a
/// slice of its own: before or behind the values, within those that share all values before the last.
fn beyond(prefix: &Bytes, columns: &[Column], values: &[Bytes], inclusive: bool, greater: bool) -> Vec<Slice> {
    let mut slices = Vec::with_capacity(values.len());
    let mut shared = prefix.to_vec();
    for (at, (column, value)) in columns.iter().zip(values).enumerate() {
        let within = Bytes::from(shared.as_slice());
        comparable::encode_component(&column.ty, column.descending(), value, &mut shared);
        let equal: Bytes = shared.as_slice().into();
        let inclusive = inclusive && at + 1 == values.len();
        let end = if within.is_empty() { None } else { Some(storage::after(&within)) };
        // In a descending column the greater values come first.
        slices.push(if greater != column.descending() {
            Slice { start: if inclusive { equal } else { storage::after(&equal) }, end }
        } else {
            Slice { start: within, end: Some(if inclusive { storage::after(&equal) } else { equal }) }
        });
    }
    slices
}

/// What lies in both slices.
fn both(a: &Slice, b: &Slice) -> Option<Slice> {
    let start = a.start.clone().max(b.start.clone());
    let end = match (&a.end, &b.end) {
        (Some(x), Some(y)) => Some(x.min(y).clone()),
        (x, y) => x.clone().or_else(|| y.clone()),
    };
    end.as_ref().is_none_or(|end| start < *end).then_some(Slice { start, end })
}
