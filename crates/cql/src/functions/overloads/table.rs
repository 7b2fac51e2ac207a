//! Every function by name: what its overloads take.

use super::{Arg, Called, TESTED};
use crate::{
    ast::Operator,
    functions::{Curve, Function},
    request::Error,
    schema::native,
    select::Aggregate,
    types::Type,
};
use alloc::{format, string::String, vec::Vec};

/// So many of the types that are tested are numbers, and stand first.
const NUMBERS: usize = 9;

/// One function with its signature.
pub(super) struct Overload {
    pub(super) takes: Vec<Type>,
    pub(super) function: Function,
}

impl Overload {
    fn new<const N: usize>(takes: [Type; N], function: Function) -> Overload {
        Overload { takes: takes.into(), function }
    }
}

fn numbers() -> impl Iterator<Item = Type> {
    TESTED.into_iter().take(NUMBERS)
}

/// The type that two numbers widen to: the wider size, a float if one of them is.
fn widened(left: &Type, right: &Type) -> Type {
    let real = |ty: &Type| matches!(ty, Type::Float | Type::Double | Type::Decimal);
    let size = |ty: &Type| match ty {
        Type::Tinyint => 1,
        Type::Smallint => 2,
        Type::Int | Type::Float => 4,
        Type::Bigint | Type::Counter | Type::Double => 8,
        _ => 16,
    };
    match (real(left) || real(right), size(left).max(size(right))) {
        (true, 4) => Type::Float,
        (true, 8) => Type::Double,
        (true, _) => Type::Decimal,
        (false, 1) => Type::Tinyint,
        (false, 2) => Type::Smallint,
        (false, 4) => Type::Int,
        (false, 8) => Type::Bigint,
        (false, _) => Type::Varint,
    }
}

fn operator(operator: Operator) -> Vec<Overload> {
    let mut all = Vec::new();
    for left in numbers() {
        for right in numbers() {
            let ty = widened(&left, &right);
            let function = Function::Operate(operator, left.clone(), right.clone(), ty);
            all.push(Overload::new([left.clone(), right], function));
        }
    }
    if operator == Operator::Add {
        for (left, right) in
            [(Type::Ascii, Type::Ascii), (Type::Ascii, Type::Text), (Type::Text, Type::Ascii), (Type::Text, Type::Text)]
        {
            let ty = if left == right { left.clone() } else { Type::Text };
            all.push(Overload::new([left, right], Function::Join(ty)));
        }
    }
    if matches!(operator, Operator::Add | Operator::Subtract) {
        for ty in [Type::Timestamp, Type::Date] {
            all.push(Overload::new([ty.clone(), Type::Duration], Function::Shift(operator, ty)));
        }
    }
    all
}

/// What may be cast to a type.
fn cast(to: &Type) -> Vec<Overload> {
    let others = [Type::Boolean, Type::Date, Type::Time, Type::Timestamp, Type::Timeuuid, Type::Uuid, Type::Inet];
    let from: Vec<Type> = match to {
        Type::Date => [Type::Timestamp, Type::Timeuuid].into(),
        Type::Timestamp => [Type::Timeuuid, Type::Date].into(),
        Type::Ascii => numbers().chain(others).collect(),
        Type::Text => numbers().chain(others).chain([Type::Ascii]).collect(),
        Type::Counter => Vec::new(),
        number if number.is_number() => numbers().filter(|from| from != number).collect(),
        _ => Vec::new(),
    };
    from.into_iter().map(|from| Overload::new([from.clone()], Function::Cast(from, to.clone()))).collect()
}

/// A name with underscores or without: `to_timestamp` and `totimestamp` are two names of one function.
fn folded(name: &str) -> String {
    name.chars().filter(|c| *c != '_').collect()
}

fn blob_type(name: &str) -> Option<Type> {
    Type::native(name).filter(|ty| *ty != Type::Blob)
}

/// The overloads of a name; none for one nobody knows.
fn named(name: &str, args: &[Arg], keys: &[Type]) -> Vec<Overload> {
    let of_numbers = |function: &dyn Fn(Type) -> Function| {
        numbers().map(|ty| Overload::new([ty.clone()], function(ty))).collect::<Vec<_>>()
    };
    let of_times = |from: &[Type], function: fn(Type) -> Function| {
        from.iter().map(|ty| Overload::new([ty.clone()], function(ty.clone()))).collect::<Vec<_>>()
    };
    let one = |takes: Vec<Type>, function| Vec::from([Overload { takes, function }]);
    match name {
        "abs" => return of_numbers(&Function::Absolute),
        "round" => return of_numbers(&Function::Round),
        "exp" => return of_numbers(&|ty| Function::Curve(Curve::Exp, ty)),
        "log" => return of_numbers(&|ty| Function::Curve(Curve::Log, ty)),
        "log10" => return of_numbers(&|ty| Function::Curve(Curve::Log10, ty)),
        "to_json" | "tojson" => {
            let ty = args.first().and_then(Arg::ty).cloned().unwrap_or(Type::Text);
            return one([ty.clone()].into(), Function::ToJson(ty));
        }
        _ => {}
    }
    match folded(name).as_str() {
        "now" | "currenttimeuuid" => one(Vec::new(), Function::Now),
        "uuid" => one(Vec::new(), Function::Uuid),
        "currenttimestamp" => one(Vec::new(), Function::CurrentTimestamp),
        "currentdate" => one(Vec::new(), Function::CurrentDate),
        "currenttime" => one(Vec::new(), Function::CurrentTime),
        "totimestamp" => of_times(&[Type::Timeuuid, Type::Date], Function::ToTimestamp),
        "todate" => of_times(&[Type::Timestamp, Type::Timeuuid], Function::ToDate),
        "tounixtimestamp" => of_times(&[Type::Timestamp, Type::Timeuuid, Type::Date], Function::ToUnixTimestamp),
        "mintimeuuid" => one([Type::Timestamp].into(), Function::MinTimeuuid),
        "maxtimeuuid" => one([Type::Timestamp].into(), Function::MaxTimeuuid),
        "token" => one(keys.to_vec(), Function::Token(keys.to_vec())),
        folded => {
            if let Some(ty) = folded.strip_suffix("asblob").and_then(blob_type) {
                one([ty.clone()].into(), Function::AsBlob(ty))
            } else if let Some(ty) = folded.strip_prefix("blobas").and_then(blob_type) {
                one([Type::Blob].into(), Function::BlobAs(ty))
            } else {
                Vec::new()
            }
        }
    }
}

/// The functions whose signature is made for the type they are given; `None` for every other name.
fn made_for(name: &str, args: &[Arg], shown: &[String]) -> Option<Result<Overload, Error>> {
    let (wants, takes) = match name {
        "collection_count" => ("a collection", "collection"),
        "collection_min" | "collection_max" => ("a set or list", "numeric_set_or_list"),
        "collection_sum" | "collection_avg" => ("a numeric set/list", "numeric_set_or_list"),
        "map_keys" | "map_values" => ("a map", "map"),
        _ => return None,
    };
    let (arg, text) = match (args, shown) {
        ([arg], [text]) => (arg, text),
        _ => {
            return Some(Err(Error::Invalid(format!(
                "Invalid number of arguments for function system.{name}({takes})"
            ))));
        }
    };
    let Some(ty) = arg.ty() else {
        return Some(Err(Error::Invalid(format!(
            "Cannot infer type of argument {text} in call to function system.{name}({takes}): use type casts to disambiguate"
        ))));
    };
    // Any type but these is none, so a reversed one is looked at as if it were a number.
    let plain = if matches!(arg, Arg::Reversed(_)) { &Type::Int } else { ty.thawed() };
    if matches!((name, plain), ("map_keys" | "map_values", Type::Udt(_))) {
        return Some(Err(Error::not_cast(plain.class(), "MapType")));
    }
    let element = match plain {
        Type::List(element) | Type::Set(element) => Some((**element).clone()),
        _ => None,
    };
    let over = |aggregate: fn(Type) -> Aggregate, element: Type| Function::Gather(aggregate(element.clone()), element);
    let function = match (name, element) {
        ("collection_count", _) if plain.is_collection() => Function::Count(plain.clone()),
        ("collection_min", Some(element)) => over(Aggregate::Min, element),
        ("collection_max", Some(element)) => over(Aggregate::Max, element),
        ("collection_sum", Some(element)) if element.is_number() => over(Aggregate::Sum, element),
        ("collection_avg", Some(element)) if element.is_number() => over(Aggregate::Avg, element),
        ("map_keys", None) if matches!(plain, Type::Map(_)) => Function::MapKeys(plain.clone()),
        ("map_values", None) if matches!(plain, Type::Map(_)) => Function::MapValues(plain.clone()),
        _ => {
            return Some(Err(Error::Invalid(format!(
                "Function system.{name} requires {wants} argument, but found argument {text} of type {ty}"
            ))));
        }
    };
    Some(Ok(Overload::new([ty.clone()], function)))
}

/// Every function that a call may mean, with the name that errors give it; none for a name nobody knows.
pub(super) fn candidates(
    called: Called<'_>,
    args: &[Arg],
    shown: &[String],
    keys: &[Type],
) -> Result<(String, Vec<Overload>), Error> {
    Ok(match called {
        Called::Operator(sign) => (String::new(), operator(sign)),
        Called::Negation => {
            let all = numbers().map(|ty| Overload::new([ty.clone()], Function::Negate(ty))).collect();
            ("system._negate".into(), all)
        }
        Called::Cast(to) => (format!("system.cast_as_{}", to.as_str()), cast(&native(to))),
        Called::Named(name) => match made_for(name, args, shown) {
            Some(made) => (name.into(), [made?].into()),
            None => (name.into(), named(name, args, keys)),
        },
    })
}
