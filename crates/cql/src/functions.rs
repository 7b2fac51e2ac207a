//! Cassandra's native functions: what they give, and what they say when it does not fit.

mod collections;
mod math;
mod moment;
mod number;
mod overloads;
mod shift;

use crate::{
    ast::Operator,
    request::Error,
    select::Aggregate,
    types::Type,
    values::{self, java, json},
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use math::Curve;
use moment::timeuuid_millis;
use number::Number;
use storage::PartitionKey;

pub use moment::Moment;
pub(crate) use moment::{Clock, timeuuid};
pub(crate) use number::low_bytes;
pub(crate) use overloads::{Arg, Called, accepts, ambiguous, nested, no_match, resolve};

/// A native scalar function with its signature chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Now,
    Uuid,
    CurrentTimestamp,
    CurrentDate,
    CurrentTime,
    /// To milliseconds, from a timeuuid, date or timestamp.
    ToTimestamp(Type),
    /// To days.
    ToDate(Type),
    /// To milliseconds as a bigint.
    ToUnixTimestamp(Type),
    MinTimeuuid,
    MaxTimeuuid,
    AsBlob(Type),
    BlobAs(Type),
    Token(Vec<Type>),
    /// Of numbers: the operands' types, and that of the result.
    Operate(Operator, Type, Type, Type),
    /// `+` of texts.
    Join(Type),
    /// `+` and `-` of a date or timestamp and a duration.
    Shift(Operator, Type),
    Negate(Type),
    Absolute(Type),
    Round(Type),
    Curve(Curve, Type),
    /// From the first type to the second.
    Cast(Type, Type),
    /// How many elements.
    Count(Type),
    /// An aggregate over the elements of this type.
    Gather(Aggregate, Type),
    MapKeys(Type),
    MapValues(Type),
    ToJson(Type),
    FromJson(Type),
    /// A collection or tuple of its arguments.
    Make(Type),
}

impl Function {
    /// The type of its value.
    pub(crate) fn returns(&self) -> Type {
        match self {
            Function::Now | Function::MinTimeuuid | Function::MaxTimeuuid => Type::Timeuuid,
            Function::Uuid => Type::Uuid,
            Function::CurrentTimestamp | Function::ToTimestamp(_) => Type::Timestamp,
            Function::CurrentDate | Function::ToDate(_) => Type::Date,
            Function::CurrentTime => Type::Time,
            Function::ToUnixTimestamp(_) | Function::Token(_) => Type::Bigint,
            Function::AsBlob(_) => Type::Blob,
            Function::Count(_) => Type::Int,
            Function::ToJson(_) => Type::Text,
            Function::MapKeys(Type::Map(kv)) => Type::set(kv.0.clone()).freeze(),
            Function::MapValues(Type::Map(kv)) => Type::list(kv.1.clone()).freeze(),
            Function::BlobAs(ty)
            | Function::Operate(_, _, _, ty)
            | Function::Join(ty)
            | Function::Shift(_, ty)
            | Function::Negate(ty)
            | Function::Absolute(ty)
            | Function::Round(ty)
            | Function::Curve(_, ty)
            | Function::Cast(_, ty)
            | Function::Gather(_, ty)
            | Function::FromJson(ty)
            | Function::MapKeys(ty)
            | Function::MapValues(ty)
            | Function::Make(ty) => ty.clone(),
        }
    }

    /// Its value; a null argument gives null. `name` is for errors.
    pub(crate) fn call(
        &self,
        name: &str,
        arguments: &[Option<&[u8]>],
        clock: &mut Clock<'_, '_>,
    ) -> Result<Option<Vec<u8>>, Error> {
        Ok(Some(match self {
            Function::Now => clock.timeuuid().to_vec(),
            Function::Uuid => clock.random_uuid().to_vec(),
            Function::CurrentTimestamp => clock.moment.millis().to_be_bytes().to_vec(),
            Function::CurrentDate => days(clock.moment.millis()).to_be_bytes().to_vec(),
            Function::CurrentTime => (clock.moment.now.rem_euclid(86_400_000_000) * 1000).to_be_bytes().to_vec(),
            _ => return self.pure(name, arguments),
        }))
    }

    /// The value of a function of its arguments alone; the others are called once, before there are rows.
    pub(crate) fn pure(&self, name: &str, arguments: &[Option<&[u8]>]) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Function::ToJson(ty) => {
                let mut out = String::new();
                json::write(ty, arguments.first().copied().flatten(), &mut out);
                return Ok(Some(out.into_bytes()));
            }
            Function::Make(ty) => return collections::make(ty, arguments).map_err(Error::Invalid),
            _ => {}
        }
        let Some(arguments) = arguments.iter().copied().collect::<Option<Vec<&[u8]>>>() else { return Ok(None) };
        let first = arguments.first().copied().unwrap_or_default();
        let second = arguments.get(1).copied().unwrap_or_default();
        let millis = |ty: &Type| millis(ty, first);
        let number = |ty: &Type| Number::read(ty, first);
        let written = |number: Option<Number>, ty: &Type| {
            number.map(|number| number.write(ty)).transpose().map_err(Error::Server)
        };
        Ok(match self {
            Function::ToTimestamp(ty) => millis(ty).map(|ms| ms.to_be_bytes().to_vec()),
            Function::ToDate(ty) => millis(ty).map(|ms| days(ms).to_be_bytes().to_vec()),
            Function::ToUnixTimestamp(ty) => millis(ty).map(|ms| ms.to_be_bytes().to_vec()),
            // The smallest and largest low halves by signed bytes.
            Function::MinTimeuuid => millis(&Type::Timestamp)
                .map(|ms| timeuuid((ms as u64).wrapping_mul(10_000), 0x8080_8080_8080_8080).to_vec()),
            Function::MaxTimeuuid => millis(&Type::Timestamp).map(|ms| {
                timeuuid((ms as u64).wrapping_mul(10_000).wrapping_add(9999), 0x7F7F_7F7F_7F7F_7F7F).to_vec()
            }),
            Function::AsBlob(_) => Some(first.to_vec()),
            Function::BlobAs(ty) => {
                if values::validate(ty, first).is_err() {
                    return Err(Error::Invalid(format!(
                        "In call to function system.{name}, value 0x{} is not a valid binary representation for type {ty}",
                        values::hex_text(first)
                    )));
                }
                Some(first.to_vec())
            }
            Function::Token(_) => Some(PartitionKey::new(partition_bytes(&arguments)).token.to_be_bytes().to_vec()),
            Function::Operate(operator, left_ty, right_ty, ty) => {
                let (Some(left), Some(right)) = (number(left_ty), Number::read(right_ty, second)) else {
                    return Ok(None);
                };
                let failed = |why: String| {
                    let sign = operator.sign();
                    Error::FunctionFailure(format!("the operation '{left_ty} {sign} {right_ty}' failed: {why}"))
                };
                let answer = number::operate(*operator, ty, (left, left_ty), (right, right_ty)).map_err(failed)?;
                Some(answer.write(ty).map_err(failed)?)
            }
            Function::Join(_) => Some([first, second].concat()),
            Function::Shift(operator, ty) => {
                let failed = |why: String| {
                    let sign = operator.sign();
                    Error::FunctionFailure(format!("the operation '{ty} {sign} duration' failed: {why}"))
                };
                shift::shifted(*operator, ty, first, second).map_err(failed)?
            }
            Function::Negate(ty) => written(number(ty).map(Number::negated), ty)?,
            Function::Absolute(ty) => written(number(ty).map(Number::absolute), ty)?,
            Function::Round(ty) => written(number(ty).map(|number| number.rounded(*ty == Type::Float)), ty)?,
            Function::Curve(curve, ty) => {
                let answer = number(ty).map(|number| number.curve(*curve, ty)).transpose().map_err(Error::Server)?;
                written(answer, ty)?
            }
            Function::Cast(from, to) => return cast(from, to, first),
            Function::Count(ty) => Some(collections::count(ty, first).to_be_bytes().to_vec()),
            Function::Gather(aggregate, _) => collections::gather(aggregate, first),
            Function::MapKeys(_) => Some(collections::keys(first)),
            Function::MapValues(_) => Some(collections::values(first)),
            Function::FromJson(ty) => from_json(ty, first)?,
            Function::Now
            | Function::Uuid
            | Function::CurrentTimestamp
            | Function::CurrentDate
            | Function::CurrentTime
            | Function::ToJson(_)
            | Function::Make(_) => None,
        })
    }
}

fn cast(from: &Type, to: &Type, value: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    if matches!(to, Type::Text | Type::Ascii) {
        let is_none = value.is_empty() && !from.empty_is_a_text();
        return Ok((!is_none).then(|| java::text(from, value, 'T').into_bytes()));
    }
    let from_time = |ty| millis(ty, value);
    Ok(match to {
        Type::Date => from_time(from).map(|ms| days(ms).to_be_bytes().to_vec()),
        Type::Timestamp => from_time(from).map(|ms| ms.to_be_bytes().to_vec()),
        _ => Number::read(from, value).map(|number| number.write(to)).transpose().map_err(Error::Server)?,
    })
}

fn from_json(ty: &Type, text: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    let text = String::from_utf8_lossy(text);
    let document = json::parse(&text).map_err(|error| {
        let what = format!("Could not decode JSON string '{text}': {error}");
        Error::FunctionFailure(format!("execution of 'system.from_json[text]' failed: {what}"))
    })?;
    let value = json::value(ty, &document);
    value.map_err(|error| {
        Error::FunctionFailure("org.apache.cassandra.serializers.MarshalException: ".to_string() + &error)
    })
}

/// Whether a name is an aggregate's.
pub(crate) fn is_aggregate(name: &str) -> bool {
    Aggregate::named(name).is_some()
}

/// The serialized partition key of these components.
pub(crate) fn partition_bytes(components: &[&[u8]]) -> Vec<u8> {
    match components {
        [one] => one.to_vec(),
        many => {
            let mut out = Vec::new();
            many.iter().for_each(|component| values::push_composite(&mut out, component));
            out
        }
    }
}

fn millis(ty: &Type, value: &[u8]) -> Option<i64> {
    Some(match ty {
        Type::Timeuuid => timeuuid_millis(value.try_into().ok()?),
        Type::Date => (i64::from(u32::from_be_bytes(value.try_into().ok()?)) - (1 << 31)) * 86_400_000,
        _ => i64::from_be_bytes(value.try_into().ok()?),
    })
}

/// Towards 1970, as Java's `TimeUnit` counts them.
fn days(millis: i64) -> u32 {
    (millis / 86_400_000 + (1 << 31)) as u32
}

/// `Unknown function 'f'` in a selection, `Unknown function f called` in a term.
pub(crate) fn unknown(name: &str, in_term: bool) -> Error {
    if name.starts_with("mask_") || name == "floor" {
        return crate::schema::not_executed_change(&format!("the function {name}"));
    }
    Error::Invalid(if in_term {
        format!("Unknown function {name} called")
    } else {
        format!("Unknown function '{name}'")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `SELECT mintimeuuid('2020-01-01')` on Cassandra 5.0.6.
    #[test]
    fn min_timeuuid_is_cassandras() {
        let millis = 1_577_836_800_000i64.to_be_bytes();
        let min = Function::MinTimeuuid.pure("mintimeuuid", &[Some(&millis)]).unwrap().unwrap();
        assert_eq!(values::hex_text(&min), "a747c0002c2911ea8080808080808080".to_string());
    }
}
