//! Relations of several columns at once: `(a, b) > (1, 2)`, `(a, b) IN (…)`, written out or bound.

use super::{Restriction, Restrictions, Terms, Tuples, range, two_inequalities};
use crate::{
    ast::{self, Comparison, Name, Relation, Test, Values},
    plan::term::{Computed, Receiver, Scope, Term},
    request::Error,
    schema::{Column, ColumnKind, Table},
    types::Type,
};
use alloc::{boxed::Box, format, string::String, vec::Vec};

impl Restrictions {
    /// `(a, b) = (1, 2)`
    fn all_equal(&mut self, columns: &[&Column], terms: Vec<Term>, table: &Table) -> Result<(), Error> {
        columns
            .iter()
            .zip(terms)
            .try_for_each(|(column, term)| self.restrict(table.place(column), Restriction::Equal(term), &column.name))
    }

    /// `(a, b) > (1, 2)` and its kin, on neighbouring clustering columns.
    pub(super) fn tuple(
        &mut self,
        names: &[Name],
        relation: &Relation,
        test: &Test,
        scope: &mut Scope<'_>,
    ) -> Result<(), Error> {
        let columns = tied_columns(names, relation, scope.table)?;
        let Some((first, others)) = columns.split_first() else {
            return Err(Error::Invalid(format!("Unsupported restriction: {relation}")));
        };
        let place = scope.table.place(first);
        match test {
            Test::Compare(comparison, term) => {
                let terms = tuple_terms(term, &columns, relation, scope)?;
                if *comparison == Comparison::Equal {
                    return self.all_equal(&columns, terms, scope.table);
                }
                if self.tied.contains(&place) {
                    return Err(two_inequalities(first));
                }
                let listed = columns.iter().map(|column| &*column.name).collect::<Vec<_>>().join(" ,");
                self.restrict(place, range(*comparison, terms, relation, true)?, &listed)?;
                self.tied.extend(others.iter().map(|column| scope.table.place(column)));
            }
            Test::In(Values::Listed(rows)) => {
                let rows = rows
                    .iter()
                    .map(|row| tuple_terms(row, &columns, relation, scope))
                    .collect::<Result<Vec<_>, _>>()?;
                for (column, term) in rows.iter().flat_map(|row| columns.iter().zip(row)) {
                    if matches!(term, Term::Null) {
                        return Err(if rows.len() > 1 {
                            null_in_tuple(columns.iter().copied())
                        } else {
                            Error::Invalid(format!("Invalid null value for column {}", column.name))
                        });
                    }
                }
                if let [terms] = rows.as_slice() {
                    return self.all_equal(&columns, terms.clone(), scope.table);
                }
                if others.is_empty() {
                    let terms = Terms::Listed(rows.into_iter().flatten().collect());
                    return self.restrict(place, Restriction::In(terms), &first.name);
                }
                self.tuples(&columns, Tuples::Listed(rows), scope.table)?;
            }
            Test::In(Values::Marker(marker)) => {
                let (name, ty) = tuple_of(&columns);
                let ty = Type::list(ty);
                let receiver = Receiver { name: &format!("in{name}"), ty: &ty };
                let marker = scope.markers.mark(marker, scope.table, receiver);
                self.tuples(&columns, Tuples::Marker(marker), scope.table)?;
            }
            _ => return Err(Error::Invalid(format!("Unsupported restriction: {relation}"))),
        }
        Ok(())
    }

    /// `(a, b) IN (…)`
    fn tuples(&mut self, columns: &[&Column], tuples: Tuples, table: &Table) -> Result<(), Error> {
        for (at, column) in columns.iter().enumerate() {
            let here = if at == 0 { Restriction::Tuples(columns.len(), tuples.clone()) } else { Restriction::Covered };
            self.restrict(table.place(column), here, &column.name)?;
        }
        Ok(())
    }
}

/// The columns of a multi-column relation: clustering columns, each behind the one before.
fn tied_columns<'t>(names: &[Name], relation: &Relation, table: &'t Table) -> Result<Vec<&'t Column>, Error> {
    let columns = names.iter().map(|name| table.need(name)).collect::<Result<Vec<_>, _>>()?;
    for (at, column) in columns.iter().enumerate() {
        if !matches!(column.kind, ColumnKind::Clustering { .. }) {
            return Err(Error::Invalid(format!(
                "Multi-column relations can only be applied to clustering columns but was applied to: {}",
                column.name
            )));
        }
        if columns.iter().take(at).any(|before| before.id == column.id) {
            return Err(Error::Invalid(format!("Column \"{}\" appeared twice in a relation: {relation}", column.name)));
        }
    }
    let mut places = columns.iter().map(|column| table.place(column));
    let first = places.next().unwrap_or_default();
    if !places.eq(first + 1..first + columns.len()) {
        return Err(Error::Invalid(format!(
            "Clustering columns must appear in the PRIMARY KEY order in multi-column relations: {relation}"
        )));
    }
    Ok(columns)
}

/// `(1, 2)`, typed column by column.
fn tuple_terms(
    term: &ast::Term,
    columns: &[&Column],
    relation: &Relation,
    scope: &mut Scope<'_>,
) -> Result<Vec<Term>, Error> {
    let terms = match term {
        ast::Expr::Tuple(terms) => terms,
        ast::Expr::Marker(marker) => {
            let (name, ty) = tuple_of(columns);
            let whole = scope.markers.mark(marker, scope.table, Receiver { name: &name, ty: &ty });
            let part = |at| Term::Computed(Box::new(Computed::Part(whole.clone(), at)));
            return Ok((0..columns.len()).map(part).collect());
        }
        _ => return Err(Error::Invalid(format!("Unsupported restriction: {relation}"))),
    };
    if terms.len() != columns.len() {
        return Err(Error::Invalid(format!(
            "Expected {} elements in value tuple, but got {}: {term}",
            columns.len(),
            terms.len()
        )));
    }
    let each = columns.iter().zip(terms);
    each.map(|(column, term)| scope.term(term, Receiver { name: &column.name, ty: &column.ty })).collect()
}

/// The name and type of a marker for a tuple of these columns.
fn tuple_of(columns: &[&Column]) -> (String, Type) {
    let names = columns.iter().map(|column| &*column.name).collect::<Vec<_>>().join(",");
    (format!("({names})"), Type::Tuple(columns.iter().map(|column| column.ty.clone()).collect()))
}

/// What it says of a null in one of several tuples.
pub(crate) fn null_in_tuple<'c>(columns: impl Iterator<Item = &'c Column>) -> Error {
    let names = columns.map(|column| &*column.name).collect::<Vec<_>>().join(", ");
    Error::Invalid(format!("Invalid null value in condition for columns: [{names}]"))
}
