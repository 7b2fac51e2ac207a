//! Calls within terms: functions, operators, negation and `CAST`, with the type of what is wanted.

use super::{Computed, Receiver, Scope, Term, constant_of, invalid, reworded, same_bytes};
use crate::{
    ast::{self, Expr, Literal},
    functions::{Arg, Called, is_aggregate, nested, resolve, unknown},
    request::Error,
    schema::hinted,
    types::Type,
    values::Kind,
};
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

/// What is known of a term before it has a type, and of the arguments within it: found once, for a call may stand in
/// another many times over.
struct Known {
    arg: Arg,
    inner: Vec<Known>,
}

impl From<Arg> for Known {
    fn from(arg: Arg) -> Known {
        Known { arg, inner: Vec::new() }
    }
}

impl Scope<'_> {
    /// A call, an operation or a cast.
    pub(super) fn apply(&mut self, term: &ast::Term, receiver: Receiver<'_>) -> Result<Term, Error> {
        let known = self.inside(term)?;
        self.applied(term, &known, receiver)
    }

    fn applied(
        &mut self,
        term: &ast::Term,
        inner: &[Known],
        Receiver { name: receiver, ty }: Receiver<'_>,
    ) -> Result<Term, Error> {
        let (called, arguments) = invoked(term);
        if matches!(called, Called::Named(name) if is_aggregate(name)) {
            return Err(Error::invalid("Aggregation function are not supported in the where clause"));
        }
        let args: Vec<Arg> = inner.iter().map(|known| known.arg.clone()).collect();
        let shown: Vec<String> = arguments.iter().map(|term| shown(term)).collect();
        let name = if let Called::Named(name) = called { name } else { "" };
        let (function, takes) =
            resolve(called, &args, &shown, Some(ty), &self.table.key_types())?.ok_or_else(|| unknown(name, true))?;
        let returns = function.returns();
        // A timeuuid is a uuid.
        if returns.thawed() != ty.thawed()
            && !(returns == Type::Timeuuid && *ty == Type::Uuid)
            && !same_bytes(&returns, ty)
        {
            return invalid(format!(
                "Type error: cannot assign result of function system.{name} (type {returns}) to {receiver} (type {ty})"
            ));
        }
        let mut terms = Vec::with_capacity(takes.len());
        for (at, (((argument, known), ty), text)) in
            arguments.into_iter().zip(inner).zip(&takes).zip(&shown).enumerate()
        {
            let inner = format!("arg{at}(system.{name})");
            let receiver = Receiver { name: &inner, ty };
            let argument = unwrapped(argument);
            let term = if is_call(argument) {
                self.applied(argument, &known.inner, receiver)
            } else {
                self.term(argument, receiver)
            };
            terms.push(if name.is_empty() {
                term?
            } else {
                term.map_err(|error| {
                    reworded(error, || {
                        format!(
                            "Type error: {text} cannot be passed as argument {at} of function system.{name} of type {ty}"
                        )
                    })
                })?
            });
        }
        Ok(Term::Computed(Box::new(Computed::Call(function, name.into(), terms))))
    }

    /// What is known of the arguments of a call.
    fn inside(&self, call: &ast::Term) -> Result<Vec<Known>, Error> {
        invoked(call).1.into_iter().map(|term| self.known(unwrapped(term))).collect()
    }

    fn known(&self, term: &ast::Term) -> Result<Known, Error> {
        Ok(match term {
            Expr::Literal(literal) => literal_arg(literal).into(),
            Expr::Null | Expr::Marker(_) => Arg::Loose.into(),
            Expr::Hint(hint) => hinted(&hint.0, self.table).map_or(Arg::Never, Arg::Known).into(),
            call if is_call(call) => {
                let (called, arguments) = invoked(call);
                let inner = self.inside(call)?;
                let args: Vec<Arg> = inner.iter().map(|known| known.arg.clone()).collect();
                let shown: Vec<String> = arguments.iter().map(|term| shown(term)).collect();
                Known { arg: nested(called, &args, &shown, &self.table.key_types())?, inner }
            }
            _ => Arg::Never.into(),
        })
    }
}

fn is_call(term: &ast::Term) -> bool {
    matches!(term, Expr::Call(_) | Expr::Cast(..) | Expr::Negate(_) | Expr::Binary(_))
}

/// Without the parentheses around it.
fn unwrapped(mut term: &ast::Term) -> &ast::Term {
    while let Expr::Tuple(items) = term
        && let [one] = items.as_slice()
    {
        term = one;
    }
    term
}

/// What a call, an operation or a cast calls, and with what.
fn invoked(term: &ast::Term) -> (Called<'_>, Vec<&ast::Term>) {
    match term {
        Expr::Binary(binary) => (Called::Operator(binary.operator), Vec::from([&binary.left, &binary.right])),
        Expr::Negate(inner) => (Called::Negation, Vec::from([&**inner])),
        Expr::Cast(inner, to) => (Called::Cast(*to), Vec::from([&**inner])),
        Expr::Call(call) => (Called::Named(call.function.name.as_str()), call.arguments.iter().collect()),
        _ => (Called::Named(""), Vec::new()),
    }
}

/// A term as Cassandra's errors show it.
fn shown(term: &ast::Term) -> String {
    match term {
        Expr::Hint(hint) => format!("({}){}", hint.0, shown(&hint.1)),
        Expr::Binary(binary) => {
            format!("{} {} {}", shown(&binary.left), binary.operator.sign(), shown(&binary.right))
        }
        Expr::Negate(inner) => format!("-{}", shown(inner)),
        other => other.to_string(),
    }
}

/// A constant as an argument: of several types that it may have one is its own.
pub(crate) fn literal_arg(literal: &Literal) -> Arg {
    let (kind, text) = constant_of(literal);
    let own = match kind {
        Kind::String if text.is_ascii() => Type::Ascii,
        Kind::String => Type::Text,
        Kind::Integer if text.parse::<i32>().is_ok() => Type::Int,
        Kind::Integer if text.parse::<i64>().is_ok() => Type::Bigint,
        Kind::Integer => Type::Varint,
        Kind::Float => Type::Double,
        Kind::Boolean => Type::Boolean,
        Kind::Uuid => Type::Uuid,
        Kind::Hex => Type::Blob,
        Kind::Duration => Type::Duration,
    };
    Arg::Literal(kind, own)
}
