//! `INSERT … JSON`: a document's entries become the values of the table's columns.

use super::term::{Binding, Bound, Computed, Receiver, Scope, Term};
use crate::{
    ast::{JsonDefault, JsonValue},
    request::Error,
    schema::{Column, Table},
    types::Type,
    values::json::{self, Json},
};
use alloc::{boxed::Box, format, rc::Rc, string::String, vec::Vec};
use storage::Bytes;

/// One column of a document that is bound later.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    document: Term,
    table: Rc<Table>,
    /// Its place in the table.
    place: u32,
    default: JsonDefault,
}

/// What a document says of a column: nothing, null, or a value.
type Said = Option<Option<Bytes>>;

/// A term for each column that is written.
pub(super) fn terms<'t>(
    value: &JsonValue,
    default: JsonDefault,
    table: &'t Rc<Table>,
    scope: &mut Scope<'_>,
) -> Result<Vec<(&'t Column, Term)>, Error> {
    let columns = table.columns().iter();
    match value {
        JsonValue::Text(text) => {
            let said = read(text, table)?;
            let terms = columns.zip(said).filter_map(|(column, said)| match (said, default) {
                (Some(Some(value)), _) => Some((column, Term::Value(value))),
                (Some(None), _) | (None, JsonDefault::Null) => Some((column, Term::Null)),
                // Complained about when its turn comes, as with a marker: an empty partition key is told first.
                (None, JsonDefault::Unset) => column.is_key().then_some((column, Term::Unset)),
            });
            Ok(terms.collect())
        }
        JsonValue::Marker(marker) => {
            let document = scope.markers.mark(marker, table, Receiver { name: "[json]", ty: &Type::Text });
            let entry = |place| Entry { document: document.clone(), table: table.clone(), place, default };
            let term = |place| Term::Computed(Box::new(Computed::Entry(entry(place))));
            Ok((0..).zip(columns).map(|(place, column)| (column, term(place))).collect())
        }
    }
}

impl Entry {
    pub(super) fn bind(&self, binding: &mut Binding<'_, '_>) -> Result<Bound, Error> {
        let Bound::Value(text) = self.document.bind(binding)? else {
            return Err(Error::invalid("Got null for INSERT JSON values"));
        };
        let said = read(&String::from_utf8_lossy(&text), &self.table)?.into_iter().nth(self.place as usize);
        Ok(match (said.flatten(), self.default) {
            (Some(Some(value)), _) => Bound::Value(value),
            (Some(None), _) | (None, JsonDefault::Null) => Bound::Null,
            (None, JsonDefault::Unset) => Bound::Unset,
        })
    }
}

/// What a document says of each column of a table.
fn read(text: &str, table: &Table) -> Result<Vec<Said>, Error> {
    let as_map =
        |error: &str| Error::Invalid(format!("Could not decode JSON string as a map: {error}. (String was: {text})"));
    let entries = match json::parse(text).map_err(|error| as_map(&error))? {
        Json::Map(entries) => entries,
        Json::Null => return Err(Error::invalid("Got null for INSERT JSON values")),
        _ => return Err(as_map("com.fasterxml.jackson.databind.exc.MismatchedInputException: it is no object")),
    };
    let mut entries: Vec<(String, Json)> = entries.into_iter().map(|(key, value)| (json::name(&key), value)).collect();
    let mut said = Vec::with_capacity(table.columns().len());
    for column in table.columns() {
        let at = entries.iter().position(|(name, _)| **name == *column.name);
        said.push(match at.map(|at| entries.remove(at).1) {
            None => None,
            Some(document) => {
                Some(json::value(&column.ty, &document).map_err(|error| refused(column, error))?.map(Into::into))
            }
        });
    }
    match entries.first() {
        Some((unknown, _)) => Err(Error::Invalid(format!("JSON values map contains unrecognized column: {unknown}"))),
        None => Ok(said),
    }
}

/// Durations complain by themselves.
fn refused(column: &Column, error: String) -> Error {
    let bare = error.starts_with("Unable to convert") || error.starts_with("Invalid duration");
    Error::Invalid(if bare { error } else { format!("Error decoding JSON value for {}: {error}", column.name) })
}
