//! The types a statement names.

use super::Keyspace;
use crate::{
    ast::{Native, TypeName},
    request::Error,
    schema::Table,
    types::Type,
};
use alloc::{format, rc::Rc, vec::Vec};

/// The type of a column, with Cassandra's refusals.
pub(crate) fn resolve(name: &TypeName, keyspace: &Keyspace) -> Result<Type, Error> {
    Ok(match name {
        TypeName::Native(native) => self::native(*native),
        TypeName::List(element) => {
            let element = inside(element, name, keyspace)?;
            Type::list(element)
        }
        TypeName::Set(element) => {
            let ty = Type::set(inside(element, name, keyspace)?);
            if ty.holds_duration() {
                return Err(Error::Invalid(format!("Durations are not allowed inside sets: {ty}")));
            }
            ty
        }
        TypeName::Map(kv) => {
            let (key, value) = (inside(&kv.0, name, keyspace)?, inside(&kv.1, name, keyspace)?);
            if key.holds_duration() {
                return Err(Error::Invalid(format!(
                    "Durations are not allowed as map keys: {}",
                    Type::map(key, value)
                )));
            }
            Type::map(key, value)
        }
        // A tuple is frozen as a whole, and everything in it.
        TypeName::Tuple(types) => {
            let types = types.iter().map(|ty| frozen(ty, keyspace)).collect::<Result<Rc<[Type]>, _>>()?;
            if types.contains(&Type::Counter) {
                return Err(Error::invalid("Counters are not allowed inside tuples"));
            }
            Type::Tuple(types)
        }
        TypeName::Vector(element, size) => {
            if *size == 0 || *size > 1 << 13 {
                return Err(Error::Invalid(format!(
                    "vectors may only have positive dimensions up to 8192; given {size}"
                )));
            }
            Type::Vector(Rc::new(frozen(element, keyspace)?), *size)
        }
        TypeName::Frozen(inner) => {
            let inner = resolve_loose(inner, keyspace)?;
            inner.clone().frozen_deep().map_err(|_| {
                Error::Syntax(format!(
                    "frozen<> is only allowed on collections, tuples, and user-defined types (got {inner})"
                ))
            })?
        }
        TypeName::User(name) => match keyspace.types.get(name.name.as_str()) {
            Some(udt) => Type::Udt(udt.clone()),
            None => {
                return Err(Error::Invalid(format!(
                    "Unknown type {}.{}",
                    name.keyspace.as_deref().unwrap_or(&keyspace.name),
                    name.name.as_str()
                )));
            }
        },
        TypeName::Custom(class) => {
            return Err(Error::Invalid(format!("custom type '{class}' is not known to this model")));
        }
    })
}

/// Inside `frozen<>` nothing else needs to be frozen.
fn resolve_loose(name: &TypeName, keyspace: &Keyspace) -> Result<Type, Error> {
    Ok(match name {
        TypeName::List(element) => Type::list(resolve_loose(element, keyspace)?),
        TypeName::Set(element) => Type::set(resolve_loose(element, keyspace)?),
        TypeName::Map(kv) => Type::map(resolve_loose(&kv.0, keyspace)?, resolve_loose(&kv.1, keyspace)?),
        other => resolve(other, keyspace)?,
    })
}

fn frozen(name: &TypeName, keyspace: &Keyspace) -> Result<Type, Error> {
    let ty = resolve_loose(name, keyspace)?;
    Ok(ty.clone().frozen_deep().unwrap_or(ty))
}

fn inside(element: &TypeName, collection: &TypeName, keyspace: &Keyspace) -> Result<Type, Error> {
    let ty = resolve_loose(element, keyspace)?;
    if ty == Type::Counter {
        return Err(Error::Invalid(format!(
            "Counters are not allowed inside collections: {}",
            resolve_loose(collection, keyspace)?
        )));
    }
    if ty.is_multi_cell() {
        let what = if matches!(ty, Type::Udt(_)) { "UDTs" } else { "collections" };
        return Err(Error::Invalid(format!(
            "Non-frozen {what} are not allowed inside collections: {}",
            resolve_loose(collection, keyspace)?
        )));
    }
    Ok(ty)
}

/// The type that a hint such as `(set<int>)` names; of user-defined types those that the table's columns have.
pub(crate) fn hinted(name: &TypeName, table: &Table) -> Option<Type> {
    Some(match name {
        TypeName::Native(native) => self::native(*native),
        TypeName::List(element) => Type::list(hinted(element, table)?),
        TypeName::Set(element) => Type::set(hinted(element, table)?),
        TypeName::Map(kv) => Type::map(hinted(&kv.0, table)?, hinted(&kv.1, table)?),
        TypeName::Tuple(types) => {
            Type::Tuple(types.iter().map(|ty| hinted(ty, table)).collect::<Option<Vec<_>>>()?.into())
        }
        TypeName::Vector(element, size) => Type::Vector(Rc::new(hinted(element, table)?), *size),
        TypeName::Frozen(inner) => hinted(inner, table)?.frozen_deep().ok()?,
        TypeName::User(name) => table.columns().iter().find_map(|column| match column.ty.thawed() {
            Type::Udt(udt) if udt.name == name.name.as_str() => Some(Type::Udt(udt.clone())),
            _ => None,
        })?,
        TypeName::Custom(_) => return None,
    })
}

/// A native type.
pub(crate) fn native(native: Native) -> Type {
    match native {
        Native::Ascii => Type::Ascii,
        Native::BigInt => Type::Bigint,
        Native::Blob => Type::Blob,
        Native::Boolean => Type::Boolean,
        Native::Counter => Type::Counter,
        Native::Date => Type::Date,
        Native::Decimal => Type::Decimal,
        Native::Double => Type::Double,
        Native::Duration => Type::Duration,
        Native::Float => Type::Float,
        Native::Inet => Type::Inet,
        Native::Int => Type::Int,
        Native::SmallInt => Type::Smallint,
        Native::Text | Native::VarChar => Type::Text,
        Native::Time => Type::Time,
        Native::Timestamp => Type::Timestamp,
        Native::TimeUuid => Type::Timeuuid,
        Native::TinyInt => Type::Tinyint,
        Native::Uuid => Type::Uuid,
        Native::VarInt => Type::Varint,
    }
}
