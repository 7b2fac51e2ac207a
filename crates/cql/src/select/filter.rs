//! ALLOW FILTERING: tests of one row that no key answers.

use super::row::RowView;
use crate::{
    comparable,
    plan::{
        restrict::{Edge, Extra, Restriction, Terms},
        term::{Binding, Bound, Term},
    },
    request::Error,
    schema::{Asked, Column, ColumnKind, Table},
    types::Type,
    values,
};
use alloc::{format, vec::Vec};
use storage::Bytes;

/// A test of one column.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    place: u32,
    test: Unbound,
    indexed: bool,
}

#[derive(Clone, Debug)]
enum Unbound {
    Key(Restriction),
    Extra(Extra),
}

/// A test whose values are known; those that order are comparable bytes.
#[derive(Clone, Debug)]
pub(super) struct Test {
    place: u32,
    what: What,
    indexed: bool,
}

#[derive(Clone, Debug)]
enum What {
    In(Vec<Vec<u8>>),
    Range { lower: Option<(Vec<u8>, bool)>, upper: Option<(Vec<u8>, bool)> },
    Contains(Bytes),
    ContainsKey(Bytes),
    Element(Bytes, Bytes),
}

impl Filter {
    /// A test of one column; Cassandra tests no tuples of columns row by row.
    pub(super) fn new(place: u32, restriction: Restriction, table: &Table) -> Result<Filter, Error> {
        let equal = matches!(restriction, Restriction::Equal(_));
        let indexed = equal && table.answers(place as usize, Asked::Equal).0;
        let several = |edge: &Option<Edge>| edge.as_ref().is_some_and(|edge| edge.tuple);
        match &restriction {
            Restriction::Tuples(..) | Restriction::Covered => {
                return Err(Error::invalid("Multicolumn IN filters are not supported"));
            }
            Restriction::Range { lower, upper } if several(lower) || several(upper) => {
                return Err(Error::invalid("Multi-column slice restrictions cannot be used for filtering."));
            }
            _ => {}
        }
        Ok(Filter { place, test: Unbound::Key(restriction), indexed })
    }

    /// Of elements; an index may find the rows.
    pub(super) fn extra(place: u32, extra: Extra, table: &Table) -> Filter {
        let indexed = table.answers(place as usize, extra.asked()).0;
        Filter { place, test: Unbound::Extra(extra), indexed }
    }

    /// The column, if an index answers.
    pub(super) fn indexed<'t>(&self, table: &'t Table) -> Option<&'t Column> {
        table.columns().get(self.place as usize).filter(|_| self.indexed)
    }

    /// The column's place in the table.
    pub(super) fn place(&self) -> u32 {
        self.place
    }

    pub(super) fn bind(&self, table: &Table, binding: &mut Binding<'_, '_>) -> Result<Test, Error> {
        let Some(column) = table.columns().get(self.place as usize) else {
            return Err(Error::invalid("a filter on no column"));
        };
        let what = match &self.test {
            Unbound::Key(Restriction::Equal(term)) => {
                What::In(Vec::from([order(column, &given(term, column, binding)?)]))
            }
            // The server reads its list of values as far as the first null.
            Unbound::Key(Restriction::In(Terms::Listed(terms))) => {
                let mut wanted = Vec::with_capacity(terms.len());
                let mut read = true;
                for term in terms {
                    match term.bind(binding)? {
                        Bound::Null => read = false,
                        _ => {
                            let value = order(column, &given(term, column, binding)?);
                            wanted.extend(read.then_some(value));
                        }
                    }
                }
                What::In(wanted)
            }
            Unbound::Key(Restriction::In(Terms::Marker(term))) => {
                let Bound::Value(list) = term.bind(binding)? else {
                    return Err(Error::Invalid(format!("Invalid null value for column {}", column.name)));
                };
                What::In(values::items(&list).map_while(|item| Some(order(column, item?))).collect())
            }
            Unbound::Key(Restriction::Range { lower, upper }) => {
                let mut bound = |end: &Option<Edge>| {
                    let Some(edge) = end else { return Ok(None) };
                    let Some(term) = edge.terms.first() else { return Ok(None) };
                    Ok::<_, Error>(Some((order(column, &given(term, column, binding)?), edge.inclusive)))
                };
                What::Range { lower: bound(lower)?, upper: bound(upper)? }
            }
            Unbound::Key(Restriction::Tuples(..) | Restriction::Covered) => What::In(Vec::new()),
            Unbound::Extra(Extra::Contains(term)) => What::Contains(given(term, column, binding)?),
            Unbound::Extra(Extra::ContainsKey(term)) => What::ContainsKey(given(term, column, binding)?),
            Unbound::Extra(Extra::Element(key, value)) => {
                if matches!(value, Term::Null) {
                    return Err(Error::Invalid(format!("Unsupported null map value for column {}", column.name)));
                }
                What::Element(given(key, column, binding)?, given(value, column, binding)?)
            }
        };
        Ok(Test { place: self.place, what, indexed: self.indexed })
    }
}

fn order(column: &Column, value: &[u8]) -> Vec<u8> {
    comparable::encode([(&column.ty, false, value)])
}

fn given(term: &Term, column: &Column, binding: &mut Binding<'_, '_>) -> Result<Bytes, Error> {
    match term.bind(binding)? {
        Bound::Value(value) => Ok(value),
        Bound::Null => Err(Error::Invalid(format!("Unsupported null value for column {}", column.name))),
        Bound::Unset => Err(Error::Invalid(format!("Unsupported unset value for column {}", column.name))),
    }
}

impl Test {
    /// Whether the row passes; null passes nothing.
    pub(super) fn passes(&self, row: &RowView<'_>) -> bool {
        let Some(column) = row.table.columns().get(self.place as usize) else { return false };
        let Some(value) = row.value(column) else { return false };
        let is_map = matches!(column.ty.thawed(), Type::Map(_));
        match &self.what {
            What::In(wanted) => wanted.contains(&order(column, &value)),
            What::Range { lower, upper } => {
                let have = order(column, &value);
                lower.as_ref().is_none_or(|(low, equal)| have > *low || (*equal && have == *low))
                    && upper.as_ref().is_none_or(|(high, equal)| have < *high || (*equal && have == *high))
            }
            What::Contains(wanted) if is_map => values::entries(&value).any(|(_, item)| *item == **wanted),
            What::Contains(wanted) => values::elements(&value).any(|item| *item == **wanted),
            What::ContainsKey(wanted) => values::entries(&value).any(|(key, _)| *key == **wanted),
            What::Element(key, wanted) => {
                values::entries(&value).any(|(have, item)| *have == **key && *item == **wanted)
            }
        }
    }

    /// Whether a replica lets the row pass. It looks into a static collection at all that is stored and not deleted over, and a cell
    /// that is dead or has expired there has a value of no bytes; in rows, and in what an index found, it looks at what lives.
    pub(super) fn passes_replica(&self, row: &RowView<'_>) -> bool {
        self.passes(row) || !self.indexed && self.finds_dead(row)
    }

    fn finds_dead(&self, row: &RowView<'_>) -> bool {
        let Some(column) = row.table.columns().get(self.place as usize) else { return false };
        if column.kind != ColumnKind::Static {
            return false;
        }
        let at = |of: &Type, wanted: &Bytes| {
            let wanted = comparable::encode([(of, false, &**wanted)]);
            row.dead(column).any(|path| **path == *wanted)
        };
        match (&self.what, column.ty.thawed()) {
            (What::Contains(wanted), Type::Set(of)) => at(of, wanted),
            (What::Contains(wanted), _) => wanted.is_empty() && row.dead(column).next().is_some(),
            (What::ContainsKey(wanted), Type::Map(kv)) => at(&kv.0, wanted),
            (What::Element(key, wanted), Type::Map(kv)) => wanted.is_empty() && at(&kv.0, key),
            _ => false,
        }
    }
}
