//! Calls in a selection: functions, operators, casts and aggregates, of columns and of constants.

use super::{Choice, Resolver, cannot_infer, invalid};
use crate::{
    ast::{Call, Expr, Native, Reference, Selector},
    functions::{Arg, Called, accepts, ambiguous, no_match, resolve, unknown},
    plan::term::{Computed, Term, literal_arg},
    request::Error,
    schema::{Column, native},
    select::Aggregate,
    types::Type,
};
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

impl Resolver<'_> {
    pub(super) fn cast(&mut self, inner: &Selector, to: Native) -> Result<(Choice, Type, String), Error> {
        let (choice, from, name) = self.choice(inner)?;
        // Against its order a column's type is another to Cassandra, and casting from that one is a function.
        if native(to) == from && to != Native::VarChar && !self.descending(inner) {
            return Ok((choice, from, name));
        }
        if !is_cast_to(to) {
            return match &self.first {
                Some(first) => invalid(format!("{} cannot be cast to {}", first.as_str(), to.as_str())),
                None => {
                    Err(Error::Server("java.lang.IndexOutOfBoundsException: Index 0 out of bounds for length 0".into()))
                }
            };
        }
        self.apply(Called::Cast(to), &[inner], |names| format!("cast({} as {})", names.concat(), to.as_str()))
    }

    pub(super) fn gather(
        &mut self,
        aggregate: Aggregate,
        of: Option<Choice>,
        ty: Type,
        name: String,
    ) -> (Choice, Type, String) {
        self.gathers.push((aggregate, of));
        (Choice::Gathered(self.gathers.len() as u32 - 1), ty, name)
    }

    pub(super) fn call(&mut self, call: &Call<Reference>) -> Result<(Choice, Type, String), Error> {
        let name = call.function.name.as_str();
        if let Some(keyspace) = call.function.keyspace.as_ref().filter(|keyspace| **keyspace != "system") {
            return invalid(format!("Unknown function '{}.{name}'", keyspace.as_str()));
        }
        let Some(aggregate) = Aggregate::named(name) else {
            let arguments: Vec<&Selector> = call.arguments.iter().collect();
            // One function has two names and gives the newer.
            let shown = if name == "tojson" { "to_json" } else { name };
            return self
                .apply(Called::Named(name), &arguments, |names| format!("system.{shown}({})", names.join(", ")));
        };
        let argument = match call.arguments.as_slice() {
            // count(1) counts rows.
            [Expr::Literal(_)] if aggregate == Aggregate::Count => {
                return Ok(self.gather(Aggregate::Count, None, Type::Bigint, "count".into()));
            }
            [argument] => argument,
            others if aggregate == Aggregate::Count => {
                return invalid(format!(
                    "Invalid number of arguments in call to function system.{name}: 1 required but {} provided",
                    others.len()
                ));
            }
            _ if matches!(aggregate, Aggregate::Min(_) | Aggregate::Max(_)) => {
                return invalid(format!("Invalid number of arguments for function system.{name}(any)"));
            }
            _ => return Err(no_signature(name)),
        };
        let before = self.gathers.len();
        let (of, ty, inner) = match argument {
            Expr::Literal(literal) => match literal_arg(literal) {
                Arg::Literal(_, ty) => (self.coerced(argument, &ty, name)?, ty, argument.to_string()),
                _ => return cannot_infer(argument),
            },
            _ => self.choice(argument)?,
        };
        if self.gathers.len() > before {
            return invalid("aggregate functions cannot be used as arguments of aggregate functions".into());
        }
        let gives = aggregate.of(&ty).ok_or_else(|| no_sum(name, &ty))?;
        Ok(self.gather(aggregate.over(&ty), Some(of), gives, format!("system.{name}({inner})")))
    }

    /// A function, an operation or a cast of selectors.
    pub(super) fn apply(
        &mut self,
        called: Called<'_>,
        arguments: &[&Selector],
        entitled: impl Fn(&[String]) -> String,
    ) -> Result<(Choice, Type, String), Error> {
        // What has a type of its own tells which function is meant; then the rest is typed for it.
        let (mut resolved, mut args, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for argument in arguments {
            let (choice, arg, name) = self.argument(argument)?;
            resolved.push(choice);
            args.push(arg);
            names.push(name);
        }
        let name = if let Called::Named(name) = called { name } else { "" };
        let found = resolve(called, &args, &names, None, &self.scope.table.key_types())
            .inspect_err(|_| self.early = !matches!(called, Called::Cast(_)))?;
        let (function, takes) = found.ok_or_else(|| unknown(name, false))?;
        let mut choices = Vec::with_capacity(takes.len());
        for (at, (((argument, resolved), arg), ty)) in arguments.iter().zip(resolved).zip(&args).zip(&takes).enumerate()
        {
            let shown = names.get(at).map_or("", String::as_str);
            let mismatch = || {
                Error::Invalid(format!(
                    "Type error: {shown} cannot be passed as argument {at} of function system.{name} of type {ty}"
                ))
            };
            choices.push(match (resolved, arg) {
                (Some(_), Arg::Known(have) | Arg::Reversed(have))
                    if have.thawed() != ty.thawed() && !accepts(ty, have) =>
                {
                    return Err(mismatch());
                }
                (Some(choice), _) => choice,
                (None, _) if name.is_empty() => {
                    self.coerced(argument, ty, "[selection]").unwrap_or_else(|error| self.put_off(error))
                }
                (None, _) => self.coerced(argument, ty, "[selection]").map_err(|_| mismatch())?,
            });
        }
        let (gives, title) = (function.returns(), entitled(&names));
        // What depends on no row is called once.
        let known = choices.iter().map(|choice| self.known(choice)).collect::<Option<Vec<Term>>>();
        if let Some(arguments) = known {
            let term = Term::Computed(Box::new(Computed::Call(function, name.into(), arguments)));
            return Ok((self.constant(term), gives, title));
        }
        Ok((Choice::Call(function, name.into(), choices), gives, title))
    }

    /// One argument: a choice if it has a type of its own, what is known of it, and its text.
    fn argument(&mut self, argument: &Selector) -> Result<(Option<Choice>, Arg, String), Error> {
        Ok(match argument {
            Expr::Literal(literal) => (None, literal_arg(literal), argument.to_string()),
            Expr::Null | Expr::Marker(_) => (None, Arg::Loose, argument.to_string()),
            Expr::Tuple(items) if items.len() == 1 => {
                let Some(one) = items.first() else { return cannot_infer(argument) };
                let (choice, arg, name) = self.argument(one)?;
                (choice, arg, format!("({name})"))
            }
            Expr::List(_) | Expr::Set(_) | Expr::Tuple(_) | Expr::Map(_) | Expr::Udt(_) => {
                let arg = self.inferred(argument).map_or(Arg::Never, Arg::Known);
                (None, arg, argument.to_string())
            }
            _ => {
                let (choice, ty, name) = self.choice(argument)?;
                let arg = if self.descending(argument) { Arg::Reversed(ty) } else { Arg::Known(ty) };
                (Some(choice), arg, name)
            }
        })
    }

    /// Whether it is a column by itself, in descending order.
    fn descending(&self, selector: &Selector) -> bool {
        let Expr::Reference(Reference::Column(name)) = selector else { return false };
        self.scope.table.need(name).is_ok_and(Column::descending)
    }

    fn put_off(&mut self, error: Error) -> Choice {
        self.late.get_or_insert(error);
        Choice::Constant(0)
    }

    fn known(&self, choice: &Choice) -> Option<Term> {
        match choice {
            Choice::Constant(at) => self.constants.get(*at as usize).cloned(),
            _ => None,
        }
    }
}

/// Whether Cassandra has functions that cast to this type.
fn is_cast_to(to: Native) -> bool {
    let ty = native(to);
    !matches!(to, Native::VarChar | Native::Counter)
        && (ty.is_number() || matches!(ty, Type::Text | Type::Ascii | Type::Date | Type::Timestamp))
}

/// No sum is over this type: no number takes its values, or several do.
fn no_sum(name: &str, ty: &Type) -> Error {
    let fitting: Vec<Type> = SUMMED.into_iter().filter(|number| accepts(number, ty)).collect();
    if fitting.len() < 2 {
        return no_signature(name);
    }
    ambiguous(name, fitting.into_iter().map(|ty| ([ty.clone()].into(), ty)))
}

/// Cassandra lists what it would have taken.
fn no_signature(name: &str) -> Error {
    no_match(name, SUMMED.into_iter().map(|ty| ([ty.clone()].into(), ty)))
}

const SUMMED: [Type; 9] = [
    Type::Smallint,
    Type::Int,
    Type::Tinyint,
    Type::Bigint,
    Type::Varint,
    Type::Float,
    Type::Double,
    Type::Counter,
    Type::Decimal,
];
