//! Which function a call means: its overloads, how well arguments fit them, and what is said when none or several do.
//!
//! Operators, negation and `CAST` are functions too, with a signature for each pair of types. An argument fits a type
//! exactly or weakly; one exact match wins, else there must be just one that fits at all, and where the type of the
//! result is known only functions that give it count (Cassandra's `FunctionResolver`).

use super::{Curve, Function};
use crate::{
    ast::{Native, Operator},
    request::Error,
    schema::native,
    select::Aggregate,
    types::Type,
    values::Kind,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// What is called.
#[derive(Clone, Copy)]
pub(crate) enum Called<'a> {
    Named(&'a str),
    Operator(Operator),
    Negation,
    Cast(Native),
}

/// How well an argument fits a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    No,
    Weakly,
    Exactly,
}

/// What is known of an argument.
pub(crate) enum Arg {
    /// Its type.
    Known(Type),
    /// A constant: its kind, and the type it has where nothing else is said.
    Literal(Kind, Type),
    /// A marker or null: fits everything.
    Loose,
    /// What fits no function with overloads.
    Never,
    /// A call that depends on what is wanted: its fit for each of [`TESTED`].
    Nested(Vec<Fit>),
}

/// Every type that a function with overloads takes.
pub(crate) const TESTED: [Type; 18] = [
    Type::Tinyint,
    Type::Smallint,
    Type::Int,
    Type::Bigint,
    Type::Float,
    Type::Double,
    Type::Varint,
    Type::Decimal,
    Type::Counter,
    Type::Ascii,
    Type::Text,
    Type::Timestamp,
    Type::Date,
    Type::Duration,
    Type::Boolean,
    Type::Time,
    Type::Uuid,
    Type::Timeuuid,
];

/// So many of them are numbers.
const NUMBERS: usize = 9;

impl Arg {
    /// Its fit for a type.
    pub(crate) fn fit(&self, ty: &Type) -> Fit {
        let weakly = |fits| if fits { Fit::Weakly } else { Fit::No };
        match self {
            Arg::Known(have) | Arg::Literal(_, have) if have.thawed() == ty.thawed() => Fit::Exactly,
            Arg::Known(have) => weakly(accepts(ty, have)),
            Arg::Literal(kind, _) => weakly(takes(*kind, ty)),
            Arg::Loose => Fit::Weakly,
            Arg::Never => Fit::No,
            Arg::Nested(fits) => {
                TESTED.iter().zip(fits).find(|(tested, _)| *tested == ty).map_or(Fit::No, |(_, fit)| *fit)
            }
        }
    }

    /// The type it has by itself.
    fn ty(&self) -> Option<&Type> {
        match self {
            Arg::Known(ty) | Arg::Literal(_, ty) => Some(ty),
            Arg::Loose | Arg::Never | Arg::Nested(_) => None,
        }
    }
}

/// Whether values of the second type are values of the first as they are.
pub(crate) fn accepts(ty: &Type, have: &Type) -> bool {
    matches!(
        (ty, have),
        (Type::Blob, _)
            | (Type::Text, Type::Ascii)
            | (Type::Uuid, Type::Timeuuid)
            | (Type::Bigint, Type::Timestamp)
            | (Type::Timestamp | Type::Time, Type::Bigint)
            | (Type::Date, Type::Int)
            | (Type::Varint, Type::Int | Type::Bigint | Type::Timestamp)
    )
}

/// Whether a constant of a kind may be a value of a type.
fn takes(kind: Kind, ty: &Type) -> bool {
    match kind {
        Kind::String => {
            matches!(ty, Type::Ascii | Type::Text | Type::Inet | Type::Date | Type::Time | Type::Timestamp)
        }
        Kind::Integer => ty.is_number() || matches!(ty, Type::Date | Type::Duration | Type::Time | Type::Timestamp),
        Kind::Uuid => matches!(ty, Type::Uuid | Type::Timeuuid),
        Kind::Float => matches!(ty, Type::Decimal | Type::Double | Type::Float),
        Kind::Boolean => *ty == Type::Boolean,
        Kind::Hex => *ty == Type::Blob,
        Kind::Duration => *ty == Type::Duration,
    }
}

struct Overload {
    takes: Vec<Type>,
    function: Function,
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
    let plain = ty.thawed();
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
fn candidates(
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

/// The one that is meant, or all that might be.
fn pick(all: &[Overload], args: &[Arg], receiver: Option<&Type>) -> Result<usize, Vec<usize>> {
    let mut weak = Vec::new();
    for (at, overload) in all.iter().enumerate() {
        let gives = receiver.is_none_or(|ty| overload.function.returns() == *ty.thawed());
        if !gives || overload.takes.len() != args.len() {
            continue;
        }
        match args.iter().zip(&overload.takes).map(|(arg, ty)| arg.fit(ty)).min() {
            Some(Fit::Exactly) => return Ok(at),
            Some(Fit::Weakly) => weak.push(at),
            Some(Fit::No) | None => {}
        }
    }
    if let [at] = weak.as_slice() { Ok(*at) } else { Err(weak) }
}

/// The function that is meant and the types it takes; `None` for a name nobody knows. `shown` are the arguments as
/// errors name them, `receiver` is the type that is wanted, where one is.
pub(crate) fn resolve(
    called: Called<'_>,
    args: &[Arg],
    shown: &[String],
    receiver: Option<&Type>,
    keys: &[Type],
) -> Result<Option<(Function, Vec<Type>)>, Error> {
    if let Called::Named("from_json" | "fromjson") = called {
        return from_json(args, shown, receiver).map(Some);
    }
    let (name, mut all) = candidates(called, args, shown, keys)?;
    if all.is_empty() {
        return Ok(None);
    }
    if let ([only], Called::Named(name)) = (all.as_slice(), called) {
        if only.takes.len() != args.len() {
            return Err(Error::Invalid(format!(
                "Invalid number of arguments in call to function system.{name}: {} required but {} provided",
                only.takes.len(),
                args.len()
            )));
        }
        return Ok(all.pop().map(|only| (only.function, only.takes)));
    }
    let known = |one: &Overload| (one.takes.clone(), one.function.returns());
    let at = match (pick(&all, args, receiver), called) {
        (Ok(at), _) => at,
        (Err(several), Called::Operator(sign)) if several.is_empty() => {
            return Err(Error::Invalid(format!(
                "the '{}' operation is not supported between {}",
                sign.sign(),
                shown.join(" and ")
            )));
        }
        (Err(several), Called::Operator(sign)) => {
            // Where it is known what comes out, operands are of that type too.
            let alike = |at: &usize| {
                let takes = all.get(*at).map(|one| one.takes.as_slice());
                receiver.is_some_and(|ty| takes.is_some_and(|takes| takes.iter().all(|one| one == ty)))
            };
            several.into_iter().find(alike).ok_or_else(|| {
                Error::Invalid(format!(
                    "Ambiguous '{}' operation with args {}: use type hint to disambiguate, example '(int) ?'",
                    sign.sign(),
                    shown.join(" and ")
                ))
            })?
        }
        (Err(several), _) if several.is_empty() => return Err(no_match(&name, all.iter().map(known))),
        (Err(_), Called::Negation) => {
            return Err(Error::invalid("Ambiguous negation: use type casting to disambiguate"));
        }
        (Err(several), _) => {
            return Err(Error::Invalid(format!(
                "Ambiguous call to function {name} (can be matched by following signatures: {}): use type casts to disambiguate",
                signatures(&name, several.iter().filter_map(|at| all.get(*at)).map(known))
            )));
        }
    };
    let chosen = all.swap_remove(at);
    Ok(Some((chosen.function, chosen.takes)))
}

/// What a call within a call is as an argument: its type, or how it fits each type where that depends on what is wanted.
pub(crate) fn nested(called: Called<'_>, args: &[Arg], shown: &[String], keys: &[Type]) -> Result<Arg, Error> {
    let (_, all) = candidates(called, args, shown, keys)?;
    if let [only] = all.as_slice() {
        return Ok(Arg::Known(only.function.returns()));
    }
    let fit = |ty: &Type| match pick(&all, args, Some(ty)) {
        Ok(_) => Fit::Exactly,
        // What is wrong inside is said later, and better.
        Err(_) => Fit::Weakly,
    };
    Ok(Arg::Nested(TESTED.iter().map(fit).collect()))
}

/// `from_json` gives whatever is wanted of it.
fn from_json(args: &[Arg], shown: &[String], receiver: Option<&Type>) -> Result<(Function, Vec<Type>), Error> {
    let (Some(ty), [arg]) = (receiver, args) else {
        return Err(Error::invalid("from_json() cannot be used in the selection clause of a SELECT statement"));
    };
    match arg.ty().filter(|have| !matches!(have, Type::Text | Type::Ascii)) {
        Some(have) => Err(Error::Invalid(format!(
            "Function system.from_json requires an argument of type text, but found argument {} of type {have}",
            shown.first().map_or("", String::as_str)
        ))),
        None => Ok((Function::FromJson(ty.clone()), [Type::Text].into())),
    }
}

fn signatures(name: &str, known: impl Iterator<Item = (Vec<Type>, Type)>) -> String {
    let bare = name.strip_prefix("system.").unwrap_or(name);
    let bare = if bare.starts_with('_') { format!("\"{bare}\"") } else { bare.to_string() };
    let one = |(takes, gives): (Vec<Type>, Type)| {
        let takes = takes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        format!("system.{bare} : ({takes}) -> {gives}")
    };
    known.map(one).collect::<Vec<_>>().join(", ")
}

/// No overload takes what is given. Cassandra lists what it would have taken.
pub(crate) fn no_match(name: &str, known: impl Iterator<Item = (Vec<Type>, Type)>) -> Error {
    Error::Invalid(format!(
        "Invalid call to function {name}, none of its type signatures match (known type signatures: {})",
        signatures(name, known)
    ))
}
