//! `WHERE`: every relation to the column it restricts, with Cassandra's refusals of contradictions.

mod tuple;

use super::term::{Markers, Receiver, Scope, Term};
use crate::{
    ast::{Comparison, Relation, Subject, Test, Values},
    request::Error,
    schema::{Asked, Column, ColumnKind, Table, not_executed_change},
    types::Type,
};
use alloc::{format, rc::Rc, string::String, vec::Vec};

pub(crate) use tuple::null_in_tuple;

/// What a column, or the token, must be.
#[derive(Clone, Debug)]
pub(crate) enum Restriction {
    /// `= term`
    Equal(Term),
    /// `IN (…)`
    In(Terms),
    /// `>`, `>=`, `<`, `<=`; of a tuple on its first column.
    Range { lower: Option<Edge>, upper: Option<Edge> },
    /// `(a, b) IN (…)`, on the first of so many columns.
    Tuples(usize, Tuples),
    /// On the others.
    Covered,
}

/// One end of a slice: a value, or one for each of several columns that are compared as a tuple.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub(crate) terms: Vec<Term>,
    /// "Or equal".
    pub(crate) inclusive: bool,
    /// Written as a tuple, be it of one column.
    pub(crate) tuple: bool,
}

/// The right side of `IN`.
#[derive(Clone, Debug)]
pub(crate) enum Terms {
    /// Each written out.
    Listed(Vec<Term>),
    /// A marker whose value is a list.
    Marker(Term),
}

/// The right side of a multi-column `IN`.
#[derive(Clone, Debug)]
pub(crate) enum Tuples {
    /// Each written out, column by column.
    Listed(Vec<Vec<Term>>),
    /// A marker whose value is a list of tuples.
    Marker(Term),
}

/// A test that no key can answer.
#[derive(Clone, Debug)]
pub(crate) enum Extra {
    /// An element equals.
    Contains(Term),
    /// A key of a map equals.
    ContainsKey(Term),
    /// `m[key] = value`
    Element(Term, Term),
}

impl Extra {
    /// `CONTAINS` or `CONTAINS KEY`
    pub(crate) fn is_contains(&self) -> bool {
        !matches!(self, Extra::Element(..))
    }

    /// What it asks of an index.
    pub(crate) fn asked(&self) -> Asked {
        match self {
            Extra::Contains(_) => Asked::Contains,
            Extra::ContainsKey(_) => Asked::ContainsKey,
            Extra::Element(..) => Asked::Entry,
        }
    }
}

/// All relations of a `WHERE`.
#[derive(Debug, Default)]
pub(crate) struct Restrictions {
    /// By place in [`Table::columns`]; empty when nothing is restricted.
    by_column: Vec<Option<Restriction>>,
    pub(crate) token: Option<Restriction>,
    pub(crate) extras: Vec<(u32, Extra)>,
    /// Columns compared as parts of a tuple, behind its first.
    tied: Vec<usize>,
    /// Places in the order in which they were restricted.
    order: Vec<usize>,
}

impl Restrictions {
    /// Sorts relations by column.
    pub(crate) fn new(relations: &[Relation], table: &Rc<Table>, markers: &mut Markers) -> Result<Restrictions, Error> {
        let mut all = Restrictions::default();
        all.by_column.resize(table.columns().len(), None);
        let scope = &mut Scope { table, markers };
        for relation in relations {
            all.add(relation, scope)?;
        }
        Ok(all)
    }

    /// What restricts the column at this place.
    pub(crate) fn at(&self, place: usize) -> Option<&Restriction> {
        self.by_column.get(place).and_then(Option::as_ref)
    }

    /// Takes it out.
    pub(crate) fn take(&mut self, place: usize) -> Option<Restriction> {
        self.by_column.get_mut(place).and_then(Option::take)
    }

    /// What is still there, by place.
    pub(crate) fn rest(&mut self) -> impl Iterator<Item = (u32, Restriction)> {
        (0u32..).zip(&mut self.by_column).filter_map(|(place, slot)| Some((place, slot.take()?)))
    }

    /// The columns that are restricted, by place.
    pub(crate) fn restricted(&self) -> impl Iterator<Item = usize> {
        self.by_column.iter().enumerate().filter(|(_, slot)| slot.is_some()).map(|(place, _)| place)
    }

    /// The same, and the columns whose elements are asked for.
    pub(crate) fn touched(&self) -> impl Iterator<Item = usize> {
        self.restricted().chain(self.extras.iter().map(|(place, _)| *place as usize))
    }

    /// Whether one column was restricted before another.
    pub(crate) fn was_before(&self, first: usize, second: usize) -> bool {
        let at = |place| self.order.iter().position(|other| *other == place);
        at(first) < at(second)
    }

    /// What the server says of a clustering column behind one that has a slice, as it meets them, unless an index answers.
    pub(crate) fn behind_slices(&self, table: &Table) -> Result<(), Error> {
        let keys = table.partition_key().len();
        let is_slice = |place: usize| matches!(self.at(place), Some(Restriction::Range { .. }));
        let name = |place: usize| table.columns().get(place).map_or("", |column| &*column.name);
        let mut met: Vec<usize> = Vec::new();
        for place in self.order.iter().copied().filter(|place| (keys..keys + table.clustering().len()).contains(place))
        {
            let asked = if matches!(self.at(place), Some(Restriction::Equal(_))) { Asked::Equal } else { Asked::Other };
            let wrong = match met.iter().copied().max() {
                _ if table.answers(place, asked).0 => None,
                Some(last) if place > last && is_slice(last) => Some(("Clustering", place, last)),
                Some(last) if place < last && is_slice(place) => {
                    let next = met.iter().copied().filter(|other| *other > place).min().unwrap_or(last);
                    Some(("PRIMARY KEY", next, place))
                }
                _ => None,
            };
            if let Some((what, place, before)) = wrong {
                return Err(Error::Invalid(format!(
                    "{what} column \"{}\" cannot be restricted (preceding column \"{}\" is restricted by a non-EQ relation)",
                    name(place),
                    name(before)
                )));
            }
            met.push(place);
        }
        Ok(())
    }

    fn add(&mut self, relation: &Relation, scope: &mut Scope<'_>) -> Result<(), Error> {
        let table = scope.table;
        // Said before anybody asks whether there is such a column.
        if let Test::Compare(Comparison::NotEqual, _) = &relation.test {
            return Err(Error::Invalid(format!("Unsupported \"!=\" relation: {relation}")));
        }
        match (&relation.subject, &relation.test) {
            (Subject::Column(name), test) => {
                let column = table.need(name)?;
                let place = table.place(column);
                self.column(column, place, relation, test, scope)
            }
            (Subject::Element(name, key), Test::Compare(comparison, value)) => {
                let column = table.need(name)?;
                let place = table.place(column);
                let name = &column.name;
                let Type::Map(kv) = &column.ty else {
                    return Err(Error::Invalid(match column.ty.thawed() {
                        Type::List(_) => {
                            format!("Indexes on list entries ({name}[index] = value) are not currently supported.")
                        }
                        Type::Map(_) => {
                            format!("Map-entry equality predicates on frozen map column {name} are not supported")
                        }
                        _ => format!("Column {name} cannot be used as a map"),
                    }));
                };
                if *comparison != Comparison::Equal {
                    return Err(Error::invalid("Only EQ relations are supported on map entries"));
                }
                let key = scope.term(key, Receiver { name: &format!("key({})", column.name), ty: &kv.0 })?;
                let value = scope.term(value, Receiver { name: &format!("value({})", column.name), ty: &kv.1 })?;
                self.extra(place, Extra::Element(key, value), name)
            }
            (Subject::Token(names), Test::Compare(comparison, term)) => {
                let keys = table.partition_key();
                let columns = names.iter().map(|name| table.need(name)).collect::<Result<Vec<_>, _>>()?;
                let is_named = |key: &Column| columns.iter().any(|column| column.id == key.id);
                if !keys.iter().all(is_named) {
                    return Err(Error::invalid(
                        "The token() function must be applied to all partition key components or none of them",
                    ));
                }
                if columns.iter().any(|column| !matches!(column.kind, ColumnKind::Partition(_))) {
                    return Err(Error::invalid("The token() function must contains only partition key components"));
                }
                if columns.len() != keys.len() {
                    return Err(Error::invalid("The token() function contains duplicate partition key components"));
                }
                let listed = || keys.iter().map(|column| &*column.name).collect::<Vec<_>>().join(", ");
                if !columns.iter().map(|column| &column.name).eq(keys.iter().map(|column| &column.name)) {
                    return Err(Error::Invalid(format!(
                        "The token function arguments must be in the partition key order: {}",
                        listed()
                    )));
                }
                let term = scope.term(term, Receiver { name: "partition key token", ty: &Type::Bigint })?;
                merge(&mut self.token, compare(*comparison, term, relation)?, &listed(), keys.len() > 1)
            }
            (Subject::Tuple(names), test) => self.tuple(names, relation, test, scope),
            (Subject::Index(_), _) => Err(not_executed_change("expr() on a custom index")),
            (Subject::Element(..) | Subject::Field(..) | Subject::Token(_), _) => {
                Err(Error::Invalid(format!("Unsupported restriction: {relation}")))
            }
        }
    }

    fn column(
        &mut self,
        column: &Column,
        place: usize,
        relation: &Relation,
        test: &Test,
        scope: &mut Scope<'_>,
    ) -> Result<(), Error> {
        let receiver = Receiver { name: &column.name, ty: &column.ty };
        if matches!(column.ty, Type::Udt(_)) {
            return Err(Error::Invalid(format!(
                "Non-frozen UDT column '{}' ({}) cannot be restricted by any relation",
                column.name, column.ty
            )));
        }
        let restriction = match test {
            Test::Compare(comparison, term) => {
                if column.ty.is_multi_cell() {
                    return Err(Error::Invalid(format!(
                        "Collection column '{}' ({}) cannot be restricted by a '{}' relation",
                        column.name,
                        column.ty,
                        comparison.sign()
                    )));
                }
                if column.ty.holds_duration() && !matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
                    return Err(Error::invalid("Slice restrictions are not supported on duration columns"));
                }
                compare(*comparison, scope.term(term, receiver)?, relation)?
            }
            Test::In(values) => {
                if column.ty.is_multi_cell() {
                    return Err(Error::Invalid(format!(
                        "Collection column '{}' ({}) cannot be restricted by a 'IN' relation",
                        column.name, column.ty
                    )));
                }
                Restriction::In(match values {
                    Values::Listed(terms) => {
                        let terms =
                            terms.iter().map(|term| scope.term(term, receiver)).collect::<Result<Vec<_>, _>>()?;
                        // Of one value, `IN` is `=`.
                        if let (1, Some(term)) = (terms.len(), terms.first()) {
                            return self.restrict(place, Restriction::Equal(term.clone()), &column.name);
                        }
                        Terms::Listed(terms)
                    }
                    Values::Marker(marker) => {
                        let name = format!("in({})", column.name);
                        let ty = Type::list(column.ty.clone()).freeze();
                        Terms::Marker(scope.markers.mark(marker, scope.table, Receiver { name: &name, ty: &ty }))
                    }
                })
            }
            Test::Contains(term) => {
                let ty = match column.ty.thawed() {
                    // Against its order a column's type is another to Cassandra, and that one no collection.
                    _ if column.descending() => return Err(no_collection(column)),
                    Type::List(ty) | Type::Set(ty) => (**ty).clone(),
                    Type::Map(kv) => kv.1.clone(),
                    _ => return Err(no_collection(column)),
                };
                let term = scope.term(term, Receiver { name: &format!("value({})", column.name), ty: &ty })?;
                return self.extra(place, Extra::Contains(term), &column.name);
            }
            Test::ContainsKey(term) => {
                let Type::Map(kv) = column.ty.thawed() else {
                    return Err(Error::Invalid(format!("Cannot use CONTAINS KEY on non-map column {}", column.name)));
                };
                let term = scope.term(term, Receiver { name: &format!("key({})", column.name), ty: &kv.0 })?;
                return self.extra(place, Extra::ContainsKey(term), &column.name);
            }
            Test::Like(term) => {
                scope.term(term, receiver)?;
                // Of a column with an index, of whatever kind, Cassandra leaves out the name.
                let indexed = scope.table.indexes.iter().any(|index| index.column == column.id);
                let name = if indexed { String::new() } else { format!("{} ", column.name) };
                return Err(Error::Invalid(format!(
                    "{name}LIKE restriction is only supported on properly indexed columns. {relation} is not valid."
                )));
            }
            Test::IsNotNull | Test::Expression(_) => {
                return Err(Error::Invalid(format!("Unsupported restriction: {relation}")));
            }
        };
        if self.tied.contains(&place) {
            return Err(match restriction {
                Restriction::Range { .. } => two_inequalities(column),
                _ => Error::Invalid(format!(
                    "Column \"{}\" cannot be restricted by both an equality and an inequality relation",
                    column.name
                )),
            });
        }
        self.restrict(place, restriction, &column.name)
    }

    /// What is asked of elements goes with more of its kind, and with nothing else.
    fn extra(&mut self, place: usize, extra: Extra, name: &str) -> Result<(), Error> {
        if let Some(before) = self.at(place) {
            // Said as of an equality.
            let other = Restriction::Equal(Term::Null);
            merge(&mut Some(before.clone()), other, name, false)?;
        }
        self.extras.push((place as u32, extra));
        Ok(())
    }

    fn restrict(&mut self, place: usize, restriction: Restriction, name: &str) -> Result<(), Error> {
        if self.extras.iter().any(|(other, _)| *other as usize == place) {
            return Err(Error::Invalid(format!(
                "Collection column {name} can only be restricted by CONTAINS, CONTAINS KEY, or map-entry equality"
            )));
        }
        self.order.push(place);
        let slot = self.by_column.get_mut(place).ok_or_else(|| Error::invalid("a column out of its table"))?;
        merge(slot, restriction, name, false)
    }
}

fn two_inequalities(column: &Column) -> Error {
    Error::Invalid(format!(
        "Column \"{}\" cannot be restricted by two inequalities not starting with the same column",
        column.name
    ))
}

fn no_collection(column: &Column) -> Error {
    Error::Invalid(format!("Cannot use CONTAINS on non-collection column {}", column.name))
}

fn compare(comparison: Comparison, term: Term, relation: &Relation) -> Result<Restriction, Error> {
    if comparison == Comparison::Equal {
        return Ok(Restriction::Equal(term));
    }
    range(comparison, Vec::from([term]), relation, false)
}

fn range(comparison: Comparison, terms: Vec<Term>, relation: &Relation, tuple: bool) -> Result<Restriction, Error> {
    let edge = |terms, inclusive| Some(Edge { terms, inclusive, tuple });
    Ok(match comparison {
        Comparison::Greater => Restriction::Range { lower: edge(terms, false), upper: None },
        Comparison::GreaterOrEqual => Restriction::Range { lower: edge(terms, true), upper: None },
        Comparison::Less => Restriction::Range { lower: None, upper: edge(terms, false) },
        Comparison::LessOrEqual => Restriction::Range { lower: None, upper: edge(terms, true) },
        Comparison::Equal | Comparison::NotEqual => {
            return Err(Error::Invalid(format!("Unsupported \"{}\" relation: {relation}", comparison.sign())));
        }
    })
}

fn merge(slot: &mut Option<Restriction>, new: Restriction, name: &str, several: bool) -> Result<(), Error> {
    let twice =
        |bound: &str| Error::Invalid(format!("More than one restriction was found for the {bound} bound on {name}"));
    let columns = if several { "Columns" } else { "Column" };
    *slot = Some(match (slot.take(), new) {
        (None, new) => new,
        (Some(Restriction::Range { lower, upper }), Restriction::Range { lower: low, upper: high }) => {
            match (&lower, &low, &upper, &high) {
                (Some(_), Some(_), _, _) => return Err(twice("start")),
                (_, _, Some(_), Some(_)) => return Err(twice("end")),
                _ => Restriction::Range { lower: lower.or(low), upper: upper.or(high) },
            }
        }
        (Some(Restriction::Range { .. }), Restriction::In(_) | Restriction::Equal(_))
            if several || name.contains(' ') =>
        {
            return Err(Error::Invalid(format!(
                "{columns} \"{name}\" cannot be restricted by both an equality and an inequality relation"
            )));
        }
        (Some(Restriction::Range { .. }), Restriction::In(_) | Restriction::Equal(_) | Restriction::Tuples(..))
            if !name.is_empty() =>
        {
            return Err(Error::Invalid(format!(
                "{columns} \"{name}\" cannot be restricted by both an equality and an inequality relation"
            )));
        }
        (old, _) => {
            let one_of_several =
                |old| matches!(old, Restriction::In(_) | Restriction::Tuples(..) | Restriction::Covered);
            let first = if old.is_some_and(one_of_several) { "a IN" } else { "an Equal" };
            return Err(Error::Invalid(format!(
                "{name} cannot be restricted by more than one relation if it includes {first}"
            )));
        }
    });
    Ok(())
}
