//! What is done to one column: a plain value, or a collection's elements, each a cell of its own.

use super::term::{Binding, Bound, Receiver, Scope, Term};
use crate::{
    ast::{self, Assignment, Deletion, Name},
    comparable,
    functions::timeuuid,
    request::Error,
    schema::Column,
    types::{Type, Udt},
    values,
};
use alloc::{boxed::Box, format, string::String, vec::Vec};
use storage::{Bytes, Cell, Collection, ColumnId, Content, Dialect, Expiry, Row, Tombstone};

/// One change of one column.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) column: ColumnId,
    pub(crate) ty: Type,
    pub(crate) action: Action,
}

/// What to do to a column.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// The whole value; of a non-frozen collection a tombstone and cells.
    Set(Term),
    /// A cell tombstone, or a collection tombstone.
    Delete,
    /// Elements added: behind a list, into a set or map.
    Add(Term),
    /// Elements before a list.
    Prepend(Term),
    /// Elements of a set, or keys of a map.
    RemoveKeys(Term, Type),
    /// One entry of a map.
    Put(Term, Term),
    /// One field of a user-defined type, by its number.
    PutField(u16, Term),
    /// The same, removed.
    RemoveField(u16),
    /// One element of a set, or one entry of a map.
    RemoveKey(Term, Type),
    /// One element of a list, by its place: read first.
    SetAt(Term, Term),
    /// The same, removed.
    RemoveAt(Term),
    /// Every element of a list that equals one of these: read first.
    RemoveValues(Term),
}

fn invalid<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::Invalid(message.into()))
}

/// Whatever is wrong with what is added to a map or taken from it, Cassandra says only this.
fn no_value(wants: &str, term: &ast::Term) -> impl FnOnce(Error) -> Error {
    move |error| match error {
        Error::Invalid(_) => Error::Invalid(format!("Value for a map {wants}, but was: '{term}'")),
        error => error,
    }
}

impl Action {
    /// What one assignment does.
    pub(super) fn assign(assignment: &Assignment, column: &Column, scope: &mut Scope<'_>) -> Result<Action, Error> {
        let (name, ty) = (&*column.name, &column.ty);
        let refused = |what: &str| invalid(format!("Invalid operation ({assignment}) for {what} column {name}"));
        let whole = Receiver { name, ty };
        match assignment {
            Assignment::Set(_, term) => Ok(Action::Set(scope.term(term, whole)?)),
            Assignment::Add(_, term) => match ty {
                Type::List(_) | Type::Set(_) => Ok(Action::Add(scope.term(term, whole)?)),
                Type::Map(_) => {
                    Ok(Action::Add(scope.term(term, whole).map_err(no_value("addition has to be a map", term))?))
                }
                Type::Frozen(_) if ty.is_collection() => refused("frozen collection"),
                // Cassandra takes a user-defined type for the tuple that it is.
                _ if matches!(ty.thawed(), Type::Udt(_) | Type::Tuple(_)) => refused("tuple"),
                _ => refused("non counter"),
            },
            Assignment::Prepend(_, term) => match ty {
                Type::List(_) => Ok(Action::Prepend(scope.term(term, whole)?)),
                Type::Frozen(_) if ty.is_collection() => refused("frozen collection"),
                // Cassandra prints a prepended value with a minus.
                _ => invalid(format!("Invalid operation ({name} = {term} - {name}) for non list column {name}")),
            },
            Assignment::Subtract(_, term) => match ty {
                Type::List(_) => Ok(Action::RemoveValues(scope.term(term, whole)?)),
                Type::Set(element) => Ok(Action::RemoveKeys(scope.term(term, whole)?, (**element).clone())),
                Type::Map(kv) => {
                    let keys = Type::set(kv.0.clone());
                    let term = scope
                        .term(term, Receiver { name, ty: &keys })
                        .map_err(no_value("substraction has to be a set", term))?;
                    Ok(Action::RemoveKeys(term, kv.0.clone()))
                }
                Type::Frozen(_) if ty.is_collection() => refused("frozen collection"),
                _ => refused("non counter"),
            },
            Assignment::Element(_, key, value) => match ty {
                Type::List(element) => Ok(Action::SetAt(
                    scope.term(key, Receiver { name: &format!("idx({name})"), ty: &Type::Int })?,
                    scope.term(value, Receiver { name: &format!("value({name})"), ty: element })?,
                )),
                Type::Map(kv) => Ok(Action::Put(
                    scope.term(key, Receiver { name: &format!("key({name})"), ty: &kv.0 })?,
                    scope.term(value, Receiver { name: &format!("value({name})"), ty: &kv.1 })?,
                )),
                Type::Set(_) => refused("set"),
                Type::Frozen(_) if ty.is_collection() => refused("frozen collection"),
                _ => refused("non collection"),
            },
            Assignment::Field(_, field, term) => match ty {
                Type::Udt(udt) => {
                    let (at, ty) = field_of(udt, field, name)?;
                    let name = format!("{name}.{}", field.as_str());
                    Ok(Action::PutField(at, scope.term(term, Receiver { name: &name, ty })?))
                }
                Type::Frozen(inner) if matches!(**inner, Type::Udt(_)) => refused("frozen UDT"),
                _ => refused("non-UDT"),
            },
        }
    }

    /// What one target of a DELETE does.
    pub(super) fn delete(deletion: &Deletion, column: &Column, scope: &mut Scope<'_>) -> Result<Action, Error> {
        let (name, ty) = (&*column.name, &column.ty);
        match deletion {
            Deletion::Column(_) => Ok(Action::Delete),
            Deletion::Element(_, key) => match ty {
                Type::List(_) => {
                    Ok(Action::RemoveAt(scope.term(key, Receiver { name: &format!("idx({name})"), ty: &Type::Int })?))
                }
                Type::Set(element) => Ok(Action::RemoveKey(
                    scope.term(key, Receiver { name: &format!("value({name})"), ty: element })?,
                    (**element).clone(),
                )),
                Type::Map(kv) => Ok(Action::RemoveKey(
                    scope.term(key, Receiver { name: &format!("key({name})"), ty: &kv.0 })?,
                    kv.0.clone(),
                )),
                Type::Frozen(_) if ty.is_collection() => {
                    invalid(format!("Invalid deletion operation for frozen collection column {name}"))
                }
                _ => invalid(format!("Invalid deletion operation for non collection column {name}")),
            },
            Deletion::Field(_, field) => match ty {
                Type::Udt(udt) => Ok(Action::RemoveField(field_of(udt, field, name)?.0)),
                Type::Frozen(inner) if matches!(**inner, Type::Udt(_)) => {
                    invalid(format!("Frozen UDT column {name} does not support field deletions"))
                }
                _ => invalid(format!("Invalid deletion operation for non-UDT column {name}")),
            },
        }
    }
}

/// When a statement writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamp {
    pub(crate) timestamp: i64,
    pub(crate) expiry: Option<Expiry>,
    /// Seconds since the Unix epoch.
    pub(crate) seconds: i64,
}

impl Stamp {
    pub(crate) fn tombstone(&self) -> Tombstone {
        Tombstone { timestamp: self.timestamp, deletion_time: self.seconds }
    }

    /// A value, or a cell tombstone.
    pub(crate) fn cell(&self, value: Option<Bytes>) -> Cell {
        let content = match (value, self.expiry) {
            (None, _) => Content::Dead { deletion_time: self.seconds },
            (Some(value), None) => Content::Live(value),
            (Some(value), Some(expiry)) => Content::Expiring(value, expiry),
        };
        Cell { timestamp: self.timestamp, content }
    }
}

/// A list operation whose values are known, waiting for the list.
#[derive(Clone, Debug)]
pub(crate) enum Pending {
    SetAt(i32, Option<Bytes>),
    /// To an unset value: the place must be there all the same.
    LookAt(i32),
    RemoveAt(i32),
    RemoveValues(Vec<Bytes>),
}

impl Operation {
    /// Writes into a row; what needs the list first is returned.
    pub(super) fn apply(
        &self,
        row: &mut Row,
        stamp: &Stamp,
        binding: &mut Binding<'_, '_>,
    ) -> Result<Option<Pending>, Error> {
        match &self.action {
            Action::Set(term) => match (term.bind(binding)?, self.ty.is_multi_cell()) {
                (Bound::Unset, _) => {}
                (Bound::Value(value), false) => simple(row, self.column, stamp.cell(Some(value))),
                (Bound::Null, false) => simple(row, self.column, stamp.cell(None)),
                (bound, true) => {
                    let collection = collection(row, self.column);
                    // The overwrite is one microsecond older than what it brings (semantics.md 7).
                    let tombstone =
                        Tombstone { timestamp: stamp.timestamp.saturating_sub(1), deletion_time: stamp.seconds };
                    collection.tombstone = collection.tombstone.max(Some(tombstone));
                    if let Bound::Value(value) = bound {
                        self.add(collection, &value, stamp, binding)?;
                    }
                }
            },
            Action::Delete if self.ty.is_multi_cell() => {
                let collection = collection(row, self.column);
                collection.tombstone = collection.tombstone.max(Some(stamp.tombstone()));
            }
            Action::Delete => simple(row, self.column, stamp.cell(None)),
            Action::Add(term) => {
                if let Bound::Value(value) = term.bind(binding)? {
                    self.add(collection(row, self.column), &value, stamp, binding)?;
                }
            }
            Action::Prepend(term) => {
                if let Bound::Value(value) = term.bind(binding)? {
                    let items = cells(&value)?;
                    let first = binding.clock.take_ticks(items.len() as u64);
                    let last = first + items.len() as u64;
                    let node = binding.clock.node();
                    // Paths before 2010 grow towards the past, so that what is put first later stands further in front.
                    let into = collection(row, self.column);
                    for (at, item) in (0u64..).zip(items) {
                        let tick = (2 * PREPEND_EPOCH).saturating_sub(last - 1 - at);
                        put(into, list_path(tick, node), stamp.cell(Some(item.into())));
                    }
                }
            }
            Action::RemoveKeys(term, ty) => {
                if let Bound::Value(value) = term.bind(binding)? {
                    let into = collection(row, self.column);
                    for item in values::elements(&value) {
                        put(into, path(ty, item), stamp.cell(None));
                    }
                }
            }
            Action::Put(key, value) => {
                let Bound::Value(key) = key.bind(binding)? else { return invalid("Invalid null map key") };
                let value = match value.bind(binding)? {
                    Bound::Value(value) => Some(value),
                    Bound::Null => None,
                    Bound::Unset => return Ok(None),
                };
                let Type::Map(kv) = &self.ty else { return Ok(None) };
                put(collection(row, self.column), path(&kv.0, &key), stamp.cell(value));
            }
            Action::PutField(at, term) => {
                let value = match term.bind(binding)? {
                    Bound::Value(value) => Some(value),
                    Bound::Null => None,
                    Bound::Unset => return Ok(None),
                };
                put(collection(row, self.column), field_path(*at), stamp.cell(value));
            }
            Action::RemoveField(at) => put(collection(row, self.column), field_path(*at), stamp.cell(None)),
            Action::RemoveKey(key, ty) => {
                let Bound::Value(key) = key.bind(binding)? else {
                    return invalid(if matches!(self.ty, Type::Map(_)) {
                        "Invalid null map key"
                    } else {
                        "Invalid null set element"
                    });
                };
                put(collection(row, self.column), path(ty, &key), stamp.cell(None));
            }
            Action::SetAt(at, value) => {
                let at = place(at, binding)?;
                return Ok(match value.bind(binding)? {
                    Bound::Unset => Some(Pending::LookAt(at)),
                    Bound::Value(value) => Some(Pending::SetAt(at, Some(value))),
                    Bound::Null => Some(Pending::SetAt(at, None)),
                });
            }
            Action::RemoveAt(at) => return Ok(Some(Pending::RemoveAt(place(at, binding)?))),
            Action::RemoveValues(term) => {
                if let Bound::Value(value) = term.bind(binding)? {
                    return Ok(Some(Pending::RemoveValues(values::elements(&value).map(Into::into).collect())));
                }
            }
        }
        Ok(None)
    }

    /// Adds every element of a serialized collection.
    fn add(
        &self,
        into: &mut Collection,
        value: &[u8],
        stamp: &Stamp,
        binding: &mut Binding<'_, '_>,
    ) -> Result<(), Error> {
        match &self.ty {
            Type::List(_) => {
                let items = cells(value)?;
                let first = binding.clock.take_ticks(items.len() as u64);
                let node = binding.clock.node();
                for (at, item) in (0u64..).zip(items) {
                    put(into, list_path(first + at, node), stamp.cell(Some(item.into())));
                }
            }
            Type::Set(element) => {
                for item in values::elements(value) {
                    put(into, path(element, item), stamp.cell(Some(Bytes::from([]))));
                }
            }
            Type::Map(kv) => {
                for (key, item) in values::entries(value) {
                    put(into, path(&kv.0, key), stamp.cell(Some(item.into())));
                }
            }
            Type::Udt(_) => {
                for (at, item) in (0..).zip(values::fields(value)) {
                    if let Some(item) = item {
                        put(into, field_path(at), stamp.cell(Some(item.into())));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// A list's elements, for a cell each; over a null a server stumbles.
fn cells(list: &[u8]) -> Result<Vec<&[u8]>, Error> {
    let null = || Error::Server(NULL_CELL.into());
    values::items(list).map(|item| item.ok_or_else(null)).collect()
}

const NULL_CELL: &str =
    "java.lang.NullPointerException: Cannot invoke \"java.nio.ByteBuffer.remaining()\" because \"value\" is null";

/// 2010-01-01 in ticks of 100 ns since the Unix epoch.
const PREPEND_EPOCH: u64 = 1_262_304_000 * 10_000_000;

fn list_path(tick: u64, node: u64) -> Bytes {
    path(&Type::Timeuuid, &timeuuid(tick, node))
}

pub(crate) fn path(ty: &Type, value: &[u8]) -> Bytes {
    comparable::encode([(ty, false, value)]).into()
}

/// Where a field lies among the cells of its column.
pub(crate) fn field_path(at: u16) -> Bytes {
    (&at.to_be_bytes()[..]).into()
}

/// A field's number and type.
fn field_of<'u>(udt: &'u Udt, field: &Name, column: &str) -> Result<(u16, &'u Type), Error> {
    let found = (0..).zip(&udt.fields).find(|(_, (name, _))| name == field.as_str());
    found
        .map(|(at, (_, ty))| (at, ty))
        .ok_or_else(|| Error::Invalid(format!("UDT column {column} does not have a field named {}", field.as_str())))
}

fn place(term: &Term, binding: &mut Binding<'_, '_>) -> Result<i32, Error> {
    match term.bind(binding)? {
        Bound::Value(value) => Ok(<[u8; 4]>::try_from(&*value).map_or(0, i32::from_be_bytes)),
        Bound::Null => invalid("Invalid null value for list index"),
        Bound::Unset => invalid("Invalid unset value for list index"),
    }
}

fn simple(row: &mut Row, column: ColumnId, cell: Cell) {
    row.columns.push((column, storage::Column::Simple(cell)));
}

/// The collection of this column in a row that is being built in column order.
pub(super) fn collection(row: &mut Row, column: ColumnId) -> &mut Collection {
    let fresh = !matches!(row.columns.last(), Some((last, storage::Column::Collection(_))) if *last == column);
    if fresh {
        row.columns.push((column, storage::Column::Collection(Box::default())));
    }
    match row.columns.last_mut() {
        Some((_, storage::Column::Collection(collection))) => collection,
        _ => unreachable!("it has just been pushed"),
    }
}

/// Puts an element in path order; of two of one path within a statement the deletion or the larger value stays.
pub(super) fn put(into: &mut Collection, path: Bytes, cell: Cell) {
    match into.cells.last() {
        Some((last, _)) if *last >= path => match into.cells.binary_search_by(|(have, _)| have.cmp(&path)) {
            Ok(at) => {
                if let Some((_, have)) = into.cells.get_mut(at) {
                    have.join_from(&cell, Dialect::Cassandra);
                }
            }
            Err(at) => into.cells.insert(at, (path, cell)),
        },
        _ => into.cells.push((path, cell)),
    }
}
