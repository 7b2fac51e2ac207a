//! Which function a call means: its overloads, how well arguments fit them, and what is said when none or several do.
//!
//! Operators, negation and `CAST` are functions too, with a signature for each pair of types. An argument fits a type
//! exactly or weakly; one exact match wins, else there must be just one that fits at all, and where the type of the
//! result is known only functions that give it count (Cassandra's `FunctionResolver`).

mod table;

use super::Function;
use crate::{
    ast::{Native, Operator},
    request::Error,
    types::Type,
    values::Kind,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use table::{Overload, candidates};

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
#[derive(Clone)]
pub(crate) enum Arg {
    /// Its type.
    Known(Type),
    /// The same, of a column in descending order: what looks into a type finds no collection in that one.
    Reversed(Type),
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

impl Arg {
    /// Its fit for a type.
    pub(crate) fn fit(&self, ty: &Type) -> Fit {
        let weakly = |fits| if fits { Fit::Weakly } else { Fit::No };
        match self {
            Arg::Known(have) | Arg::Reversed(have) | Arg::Literal(_, have) if have.thawed() == ty.thawed() => {
                Fit::Exactly
            }
            Arg::Known(have) | Arg::Reversed(have) => weakly(accepts(ty, have)),
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
            Arg::Known(ty) | Arg::Reversed(ty) | Arg::Literal(_, ty) => Some(ty),
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
            return Err(Error::invalid("Ambiguous negation: use type casts to disambiguate"));
        }
        (Err(several), _) => {
            return Err(ambiguous(&name, several.iter().filter_map(|at| all.get(*at)).map(known)));
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
    // How many of those that give a type fit, and whether one fits exactly: all types in one pass.
    let mut found = [(0u32, false); TESTED.len()];
    for overload in all.iter().filter(|overload| overload.takes.len() == args.len()) {
        let gives = overload.function.returns();
        let Some(at) = TESTED.iter().position(|ty| *ty == gives) else { continue };
        let Some((fitting, exact)) = found.get_mut(at) else { continue };
        let fit = args.iter().zip(&overload.takes).map(|(arg, ty)| arg.fit(ty)).min();
        *fitting += u32::from(fit.is_some_and(|fit| fit > Fit::No));
        *exact |= fit == Some(Fit::Exactly);
    }
    // What is wrong inside is said later, and better.
    let fit = |(fitting, exact)| if exact || fitting == 1 { Fit::Exactly } else { Fit::Weakly };
    Ok(Arg::Nested(found.into_iter().map(fit).collect()))
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

/// Several overloads take what is given.
pub(crate) fn ambiguous(name: &str, known: impl Iterator<Item = (Vec<Type>, Type)>) -> Error {
    Error::Invalid(format!(
        "Ambiguous call to function {name} (can be matched by following signatures: {}): use type casts to disambiguate",
        signatures(name, known)
    ))
}

/// No overload takes what is given. Cassandra lists what it would have taken.
pub(crate) fn no_match(name: &str, known: impl Iterator<Item = (Vec<Type>, Type)>) -> Error {
    Error::Invalid(format!(
        "Invalid call to function {name}, none of its type signatures match (known type signatures: {})",
        signatures(name, known)
    ))
}
