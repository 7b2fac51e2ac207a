//! The driver's types in our words.

use std::rc::Rc;

use cql::{Type, Udt};
use scylla::frame::response::result::{CollectionType, ColumnType, NativeType};

use super::ClientError;

/// A result's column type. Whether it is frozen is not sent, and nothing that prints needs it.
pub fn ours(kind: &ColumnType<'_>) -> Result<Type, ClientError> {
    Ok(match kind {
        ColumnType::Native(native) => self::native(native)?,
        ColumnType::Collection { typ: CollectionType::List(item), .. } => Type::list(ours(item)?),
        ColumnType::Collection { typ: CollectionType::Set(item), .. } => Type::set(ours(item)?),
        ColumnType::Collection { typ: CollectionType::Map(key, value), .. } => Type::map(ours(key)?, ours(value)?),
        ColumnType::Vector { typ, dimensions } => Type::Vector(Rc::new(ours(typ)?), u32::from(*dimensions)),
        ColumnType::Tuple(items) => Type::Tuple(items.iter().map(ours).collect::<Result<_, _>>()?),
        ColumnType::UserDefinedType { definition, .. } => {
            let fields = definition.field_types.iter();
            let fields = fields.map(|(name, kind)| Ok((name.to_string(), ours(kind)?))).collect::<Result<_, _>>()?;
            Type::Udt(Rc::new(Udt {
                keyspace: definition.keyspace.to_string(),
                name: definition.name.to_string(),
                fields,
            }))
        }
        other => return Err(ClientError::Lost(format!("a type nobody here knows: {other:?}"))),
    })
}

fn native(native: &NativeType) -> Result<Type, ClientError> {
    Ok(match native {
        NativeType::Ascii => Type::Ascii,
        NativeType::Boolean => Type::Boolean,
        NativeType::Blob => Type::Blob,
        NativeType::Counter => Type::Counter,
        NativeType::Date => Type::Date,
        NativeType::Decimal => Type::Decimal,
        NativeType::Double => Type::Double,
        NativeType::Duration => Type::Duration,
        NativeType::Float => Type::Float,
        NativeType::Int => Type::Int,
        NativeType::BigInt => Type::Bigint,
        NativeType::Text => Type::Text,
        NativeType::Timestamp => Type::Timestamp,
        NativeType::Inet => Type::Inet,
        NativeType::SmallInt => Type::Smallint,
        NativeType::TinyInt => Type::Tinyint,
        NativeType::Time => Type::Time,
        NativeType::Timeuuid => Type::Timeuuid,
        NativeType::Uuid => Type::Uuid,
        NativeType::Varint => Type::Varint,
        other => return Err(ClientError::Lost(format!("a type nobody here knows: {other:?}"))),
    })
}
