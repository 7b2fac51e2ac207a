//! `WHERE`: every relation to the column it restricts, with Cassandra's refusals of contradictions.

use super::term::{Markers, Receiver, Scope, Term};
use crate::{
    ast::{Comparison, Relation, Subject, Test, Values},
    request::Error,
    schema::{Column, ColumnKind, Table, not_executed_change},
    types::Type,
};
use alloc::{format, rc::Rc, vec::Vec};

/// What a column, or the token, must be.
#[derive(Clone, Debug)]
pub(crate) enum Restriction {
    /// `= term`
    Equal(Term),
    /// `IN (…)`
    In(Terms),
    /// `>`, `>=`, `<`, `<=`; the flag is "or equal".
    Range { lower: Option<(Term, bool)>, upper: Option<(Term, bool)> },
}

/// The right side of `IN`.
#[derive(Clone, Debug)]
pub(crate) enum Terms {
    /// Each written out.
    Listed(Vec<Term>),
    /// A marker whose value is a list.
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

/// All relations of a `WHERE`.
#[derive(Debug, Default)]
pub(crate) struct Restrictions {
    /// By place in [`Table::columns`]; empty when nothing is restricted.
    by_column: Vec<Option<Restriction>>,
    pub(crate) token: Option<Restriction>,
    pub(crate) extras: Vec<(u32, Extra)>,
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

    fn add(&mut self, relation: &Relation, scope: &mut Scope<'_>) -> Result<(), Error> {
        let table = scope.table;
        match (&relation.subject, &relation.test) {
            (Subject::Column(name), test) => {
                let column = table.need(name)?;
                let place = table.place(column);
                self.column(column, place, relation, test, scope)
            }
            (Subject::Element(name, key), Test::Compare(Comparison::Equal, value)) => {
                let column = table.need(name)?;
                let place = table.place(column) as u32;
                let Type::Map(kv) = &column.ty else {
                    return Err(Error::Invalid(match column.ty.thawed() {
                        Type::List(_) => format!(
                            "Indexes on list entries ({}[index] = value) are not currently supported.",
                            column.name
                        ),
                        _ => format!("Column {} cannot be used as a map", column.name),
                    }));
                };
                let key = scope.term(key, Receiver { name: &format!("key({})", column.name), ty: &kv.0 })?;
                let value = scope.term(value, Receiver { name: &format!("value({})", column.name), ty: &kv.1 })?;
                self.extras.push((place, Extra::Element(key, value)));
                Ok(())
            }
            (Subject::Token(names), Test::Compare(comparison, term)) => {
                let keys = table.partition_key();
                let columns = names.iter().map(|name| table.need(name)).collect::<Result<Vec<_>, _>>()?;
                if columns.len() != keys.len()
                    || columns.iter().any(|column| !matches!(column.kind, ColumnKind::Partition(_)))
                {
                    return Err(Error::invalid(
                        "The token() function must be applied to all partition key components or none of them",
                    ));
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
                let term = scope.term(term, receiver)?;
                null_refused(&term, column)?;
                compare(*comparison, term, relation)?
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
                        terms.iter().try_for_each(|term| null_refused(term, column))?;
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
                    Type::List(ty) | Type::Set(ty) => (**ty).clone(),
                    Type::Map(kv) => kv.1.clone(),
                    _ => {
                        return Err(Error::Invalid(format!(
                            "Cannot use CONTAINS on non-collection column {}",
                            column.name
                        )));
                    }
                };
                let term = scope.term(term, Receiver { name: &format!("value({})", column.name), ty: &ty })?;
                self.extras.push((place as u32, Extra::Contains(term)));
                return Ok(());
            }
            Test::ContainsKey(term) => {
                let Type::Map(kv) = column.ty.thawed() else {
                    return Err(Error::Invalid(format!("Cannot use CONTAINS KEY on non-map column {}", column.name)));
                };
                let term = scope.term(term, Receiver { name: &format!("key({})", column.name), ty: &kv.0 })?;
                self.extras.push((place as u32, Extra::ContainsKey(term)));
                return Ok(());
            }
            Test::Like(term) => {
                scope.term(term, receiver)?;
                return Err(Error::Invalid(format!(
                    "{} LIKE restriction is only supported on properly indexed columns. {relation} is not valid.",
                    column.name
                )));
            }
            Test::IsNotNull | Test::Expression(_) => {
                return Err(Error::Invalid(format!("Unsupported restriction: {relation}")));
            }
        };
        let slot = self.by_column.get_mut(place).ok_or_else(|| Error::invalid("a column out of its table"))?;
        merge(slot, restriction, &column.name, false)
    }

    /// `(a, b) = (1, 2)` restricts each of its columns.
    fn tuple(
        &mut self,
        names: &[crate::ast::Name],
        relation: &Relation,
        test: &Test,
        scope: &mut Scope<'_>,
    ) -> Result<(), Error> {
        let columns = names.iter().map(|name| scope.table.need(name)).collect::<Result<Vec<_>, _>>()?;
        if let Some(column) = columns.iter().find(|column| !matches!(column.kind, ColumnKind::Clustering { .. })) {
            return Err(Error::Invalid(format!(
                "Multi-column relations can only be applied to clustering columns but was applied to: {}",
                column.name
            )));
        }
        match test {
            Test::Compare(Comparison::Equal, crate::ast::Expr::Tuple(terms)) if terms.len() == columns.len() => {
                for (column, term) in columns.iter().zip(terms) {
                    let place = scope.table.place(column);
                    let term = scope.term(term, Receiver { name: &column.name, ty: &column.ty })?;
                    null_refused(&term, column)?;
                    let slot =
                        self.by_column.get_mut(place).ok_or_else(|| Error::invalid("a column out of its table"))?;
                    merge(slot, Restriction::Equal(term), &column.name, false)?;
                }
                Ok(())
            }
            _ => Err(not_executed_change(&format!("the multi-column relation {relation}"))),
        }
    }
}

fn null_refused(term: &Term, column: &Column) -> Result<(), Error> {
    match term {
        Term::Null => Err(null_in(column)),
        _ => Ok(()),
    }
}

/// What Cassandra says of a null that is to be compared with.
pub(crate) fn null_in(column: &Column) -> Error {
    Error::Invalid(if column.is_key() {
        format!("Invalid null value in condition for column {}", column.name)
    } else {
        format!("Unsupported null value for column {}", column.name)
    })
}

fn compare(comparison: Comparison, term: Term, relation: &Relation) -> Result<Restriction, Error> {
    Ok(match comparison {
        Comparison::Equal => Restriction::Equal(term),
        Comparison::Greater => Restriction::Range { lower: Some((term, false)), upper: None },
        Comparison::GreaterOrEqual => Restriction::Range { lower: Some((term, true)), upper: None },
        Comparison::Less => Restriction::Range { lower: None, upper: Some((term, false)) },
        Comparison::LessOrEqual => Restriction::Range { lower: None, upper: Some((term, true)) },
        Comparison::NotEqual => {
            return Err(Error::Invalid(format!("Unsupported \"!=\" relation: {}", relation)));
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
        (Some(Restriction::Range { .. }), Restriction::In(_)) => {
            return Err(Error::Invalid(format!(
                "{columns} \"{name}\" cannot be restricted by both an equality and an inequality relation"
            )));
        }
        _ => {
            return Err(Error::Invalid(format!(
                "{name} cannot be restricted by more than one relation if it includes an Equal"
            )));
        }
    });
    Ok(())
}
