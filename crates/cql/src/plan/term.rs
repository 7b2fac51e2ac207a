//! Terms: what a statement writes or compares with, typed once at prepare, a value at bind.

mod call;
mod computed;

use crate::{
    ast::{self, Expr, Literal},
    functions::{Clock, Function, Moment},
    request::{ColumnSpec, Error, Value},
    schema::{Table, hinted},
    types::{Type, Udt},
    values::{self, Constant, Kind, LiteralError, constant},
};
use alloc::{
    boxed::Box,
    format,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};
use storage::Bytes;

pub(crate) use call::literal_arg;

/// A term of known type.
#[derive(Clone, Debug)]
pub(crate) enum Term {
    /// A constant.
    Value(Bytes),
    /// `null`
    Null,
    /// A key of which a JSON document says nothing, with `DEFAULT UNSET`.
    Unset,
    /// A bind marker: its place, the type its value must have, and whether it is that of a descending clustering column.
    Marker(u32, Type, bool),
    /// To be computed at bind.
    Computed(Box<Computed>),
}

#[derive(Clone, Debug)]
pub(crate) enum Computed {
    List(Vec<Term>),
    /// Sorted and distinct by the element's order.
    Set(Type, Vec<Term>),
    /// Sorted and distinct by the key's order.
    Map(Type, Vec<(Term, Term)>),
    Tuple(Vec<Term>),
    Vector(Type, Vec<Term>),
    Call(Function, Box<str>, Vec<Term>),
    /// One field of a tuple.
    Part(Term, usize),
    /// A column of a JSON document.
    Entry(super::json::Entry),
    /// `'now'` as a timestamp.
    Present,
}

/// A term's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// A serialized value.
    Value(Bytes),
    /// Null.
    Null,
    /// A marker that was left unset.
    Unset,
}

/// What a term is for, as errors and bind markers name it.
#[derive(Clone, Copy)]
pub(crate) struct Receiver<'a> {
    pub(crate) name: &'a str,
    pub(crate) ty: &'a Type,
}

/// The bind markers of a statement, filled as its terms are resolved.
#[derive(Debug, Default)]
pub(crate) struct Markers {
    specs: Vec<Option<ColumnSpec>>,
}

impl Markers {
    /// Takes note of a marker for this receiver.
    pub(crate) fn mark(&mut self, marker: &ast::Marker, table: &Table, receiver: Receiver<'_>) -> Term {
        let at = marker.index as usize;
        if self.specs.len() <= at {
            self.specs.resize(at + 1, None);
        }
        let name = marker.name.as_ref().map_or(receiver.name, |name| name.as_str());
        if let Some(spec) = self.specs.get_mut(at) {
            *spec = Some(ColumnSpec {
                keyspace: table.keyspace.clone(),
                table: table.name.clone(),
                name: name.into(),
                ty: receiver.ty.clone(),
            });
        }
        let column = table.column(receiver.name).filter(|column| column.ty == *receiver.ty);
        Term::Marker(marker.index, receiver.ty.clone(), column.is_some_and(|column| column.descending()))
    }

    /// All markers in order.
    pub(crate) fn finish(self) -> Vec<ColumnSpec> {
        self.specs.into_iter().flatten().collect()
    }
}

/// What terms are resolved against.
pub(crate) struct Scope<'a> {
    pub(crate) table: &'a Rc<Table>,
    pub(crate) markers: &'a mut Markers,
}

fn invalid<T>(message: String) -> Result<T, Error> {
    Err(Error::Invalid(message))
}

impl Scope<'_> {
    /// Types a term for its receiver.
    pub(crate) fn term(&mut self, term: &ast::Term, receiver: Receiver<'_>) -> Result<Term, Error> {
        let Receiver { name, ty } = receiver;
        match term {
            Expr::Literal(literal) => self.literal(literal, receiver),
            Expr::Null => Ok(Term::Null),
            Expr::Marker(marker) => Ok(self.markers.mark(marker, self.table, receiver)),
            Expr::List(items) => match ty.thawed() {
                Type::List(element) => self
                    .items(items, element, &format!("value({name})"), |text| {
                        format!("Invalid list literal for {name}: value {text} is not of type {element}")
                    })
                    .map(|items| settle(Computed::List(items))),
                Type::Vector(element, size) if items.len() != *size as usize => {
                    let _ = element;
                    invalid(format!(
                        "Invalid vector literal for {name} of type {ty}; expected {size} elements, but given {}",
                        items.len()
                    ))
                }
                Type::Vector(element, _) => self
                    .items(items, element, &format!("value({name})"), |text| {
                        format!("Invalid vector literal for {name}: value {text} is not of type {element}")
                    })
                    .map(|items| settle(Computed::Vector((**element).clone(), items))),
                _ => invalid(format!("Unexpected receiver type '{ty}'; only list and vector are expected")),
            },
            Expr::Set(items) => match ty.thawed() {
                Type::Set(element) => self
                    .items(items, element, &format!("value({name})"), |text| {
                        format!("Invalid set literal for {name}: value {text} is not of type {element}")
                    })
                    .map(|items| settle(Computed::Set((**element).clone(), items))),
                Type::Map(kv) if items.is_empty() => Ok(settle(Computed::Map(kv.0.clone(), Vec::new()))),
                _ => invalid(format!("Invalid set literal for {name} of type {ty}")),
            },
            Expr::Map(entries) => match ty.thawed() {
                Type::Map(kv) => {
                    let (keys, values): (Vec<_>, Vec<_>) = entries.iter().map(|(k, v)| (k, v)).unzip();
                    let keys = self.items(keys, &kv.0, &format!("key({name})"), |text| {
                        format!("Invalid map literal for {name}: key {text} is not of type {}", kv.0)
                    })?;
                    let values = self.items(values, &kv.1, &format!("value({name})"), |text| {
                        format!("Invalid map literal for {name}: value {text} is not of type {}", kv.1)
                    })?;
                    Ok(settle(Computed::Map(kv.0.clone(), keys.into_iter().zip(values).collect())))
                }
                _ => invalid(format!("Invalid map literal for {name} of type {ty}")),
            },
            Expr::Tuple(items) => match (ty.thawed(), items.as_slice()) {
                // A user-defined type is a tuple with names.
                (Type::Tuple(_) | Type::Udt(_), items) => {
                    let types: Vec<&Type> = match ty.thawed() {
                        Type::Udt(udt) => udt.fields.iter().map(|(_, ty)| ty).collect(),
                        Type::Tuple(types) => types.iter().collect(),
                        _ => Vec::new(),
                    };
                    if items.len() > types.len() {
                        return invalid(format!(
                            "Invalid tuple literal for {name}: too many elements. Type {ty} expects {} but got {}",
                            types.len(),
                            items.len()
                        ));
                    }
                    let mut terms = Vec::with_capacity(items.len());
                    for (at, (item, component)) in items.iter().zip(types.iter()).enumerate() {
                        let inner = format!("{name}[{at}]");
                        let term = self.term(item, Receiver { name: &inner, ty: component });
                        terms.push(term.map_err(|error| {
                            reworded(error, || {
                                format!("Invalid tuple literal for {name}: component {at} is not of type {component}")
                            })
                        })?);
                    }
                    Ok(settle(Computed::Tuple(terms)))
                }
                (_, [only]) => self.term(only, receiver),
                _ => invalid(format!("Invalid tuple type literal for {name} of type {ty}")),
            },
            Expr::Udt(fields) => match ty.thawed() {
                Type::Udt(udt) => self.fields(fields, udt, name),
                _ => invalid(format!("Invalid user type literal for {name} of type {ty}")),
            },
            Expr::Call(_) | Expr::Cast(..) | Expr::Negate(_) | Expr::Binary(_) => self.apply(term, receiver),
            Expr::Hint(hint) => self.hint(hint, receiver),
            Expr::Reference(never) => match *never {},
        }
    }

    fn literal(&mut self, literal: &Literal, Receiver { name, ty }: Receiver<'_>) -> Result<Term, Error> {
        // The common ones first, without a detour through text.
        match (literal, ty) {
            (Literal::Text(text), Type::Text) => return Ok(Term::Value(text.clone().into())),
            (Literal::Integer(n), Type::Int) if i32::try_from(*n).is_ok() => {
                return Ok(Term::Value((&(*n as i32).to_be_bytes()[..]).into()));
            }
            (Literal::Integer(n), Type::Bigint | Type::Timestamp) => {
                return Ok(Term::Value((&n.to_be_bytes()[..]).into()));
            }
            (Literal::Uuid(bytes), Type::Uuid) => return Ok(Term::Value((&bytes[..]).into())),
            (Literal::Text(text), Type::Timestamp) if text.eq_ignore_ascii_case("now") => {
                return Ok(Term::Computed(Box::new(Computed::Present)));
            }
            _ => {}
        }
        let (kind, text) = constant_of(literal);
        match constant(Constant { kind, text: &text }, ty, 0) {
            Ok(bytes) => Ok(Term::Value(bytes.into())),
            Err(LiteralError::Value(message)) => invalid(message),
            Err(LiteralError::Kind) => {
                invalid(format!("Invalid {} constant ({}) for \"{name}\" of type {ty}", kind.name(), literal.text()))
            }
        }
    }

    fn items<'t>(
        &mut self,
        items: impl IntoIterator<Item = &'t ast::Term>,
        ty: &Type,
        name: &str,
        wrong: impl Fn(&str) -> String,
    ) -> Result<Vec<Term>, Error> {
        let mut terms = Vec::new();
        for item in items {
            if matches!(item, Expr::Marker(_)) {
                let literal = wrong("").split(": ").next().unwrap_or_default().to_string();
                return invalid(format!("{literal}: bind variables are not supported inside collection literals"));
            }
            let term =
                self.term(item, Receiver { name, ty }).map_err(|error| reworded(error, || wrong(&item.to_string())))?;
            if matches!(term, Term::Null) {
                return invalid("null is not supported inside collections".into());
            }
            terms.push(term);
        }
        Ok(terms)
    }

    /// `{field: value}`; fields that are not named are null.
    fn fields(&mut self, given: &[(ast::Name, ast::Term)], udt: &Udt, name: &str) -> Result<Term, Error> {
        let mut terms = Vec::with_capacity(udt.fields.len());
        for (field, ty) in &udt.fields {
            // Of a field written twice the last counts.
            let Some((_, term)) = given.iter().rev().find(|(have, _)| have.as_str() == field) else {
                terms.push(Term::Null);
                continue;
            };
            let inner = format!("{name}.{field}");
            let term = self.term(term, Receiver { name: &inner, ty });
            terms.push(term.map_err(|error| {
                reworded(error, || format!("Invalid user type literal for {name}: field {field} is not of type {ty}"))
            })?);
        }
        match given.iter().find(|(have, _)| udt.fields.iter().all(|(field, _)| have.as_str() != field)) {
            Some((unknown, _)) => {
                invalid(format!("Unknown field '{}' in value of user defined type {}", unknown.as_str(), udt.name))
            }
            None => Ok(settle(Computed::Tuple(terms))),
        }
    }

    fn hint(&mut self, hint: &(ast::TypeName, ast::Term), receiver: Receiver<'_>) -> Result<Term, Error> {
        let Some(ty) = hinted(&hint.0, self.table) else {
            return invalid(format!("Unknown type {}.{}", self.table.keyspace, hint.0));
        };
        let term = self.term(&hint.1, Receiver { name: receiver.name, ty: &ty });
        let term = term.map_err(|error| reworded(error, || format!("Cannot cast value {} to type {ty}", hint.1)))?;
        if ty.thawed() != receiver.ty.thawed() {
            return invalid(format!(
                "Cannot assign value ({ty}){} to {} of type {}",
                hint.1, receiver.name, receiver.ty
            ));
        }
        Ok(term)
    }
}

/// Values of one type that stand for the other as they are.
fn same_bytes(from: &Type, to: &Type) -> bool {
    matches!((from, to), (Type::Ascii, Type::Text) | (Type::Bigint, Type::Timestamp | Type::Counter) | (_, Type::Blob))
}

/// Cassandra says of elements only that they do not fit.
fn reworded(error: Error, message: impl FnOnce() -> String) -> Error {
    match &error {
        Error::Invalid(text)
            if text.starts_with("Invalid ")
                || text.starts_with("Unable to ")
                || text.starts_with("Unexpected receiver") =>
        {
            Error::Invalid(message())
        }
        _ => error,
    }
}

/// A literal's kind and text; of a blob the digits.
pub(crate) fn constant_of(literal: &Literal) -> (Kind, String) {
    let kind = match literal {
        Literal::Text(_) => Kind::String,
        Literal::Integer(_) | Literal::Numeral(_) => Kind::Integer,
        Literal::Float(_) => Kind::Float,
        Literal::Boolean(_) => Kind::Boolean,
        Literal::Uuid(_) => Kind::Uuid,
        Literal::Blob(digits) => return (Kind::Hex, String::from(&**digits)),
        Literal::Duration(_) => Kind::Duration,
    };
    (kind, literal.text())
}

/// Computes at once what needs neither values nor time.
fn settle(computed: Computed) -> Term {
    let known = match &computed {
        Computed::List(items) | Computed::Set(_, items) | Computed::Tuple(items) | Computed::Vector(_, items) => {
            items.iter().all(Term::is_known)
        }
        Computed::Map(_, entries) => entries.iter().all(|(k, v)| k.is_known() && v.is_known()),
        Computed::Call(..) | Computed::Part(..) | Computed::Entry(_) | Computed::Present => false,
    };
    if known {
        let mut luck = || 0;
        let mut moment = Moment { timestamp: 0, now: 0, uuid: &mut luck };
        if let Ok(Bound::Value(value)) = computed.bind(&mut Binding { values: &[], clock: Clock::new(&mut moment) }) {
            return Term::Value(value);
        }
    }
    Term::Computed(Box::new(computed))
}

/// Values and time for one execution.
pub(crate) struct Binding<'a, 'm> {
    pub(crate) values: &'a [Value],
    pub(crate) clock: Clock<'a, 'm>,
}

impl Term {
    fn is_known(&self) -> bool {
        matches!(self, Term::Value(_) | Term::Null)
    }

    /// The term's value.
    pub(crate) fn bind(&self, binding: &mut Binding<'_, '_>) -> Result<Bound, Error> {
        match self {
            Term::Value(value) => Ok(Bound::Value(value.clone())),
            Term::Null => Ok(Bound::Null),
            Term::Unset => Ok(Bound::Unset),
            Term::Marker(at, ty, descending) => match binding.values.get(*at as usize) {
                Some(Value::Bytes(value)) => values::bound(ty, value, *descending).map(Bound::Value).map_err(refused),
                Some(Value::Null) => Ok(Bound::Null),
                Some(Value::Unset) => Ok(Bound::Unset),
                None => Err(Error::Invalid(format!(
                    "there were {} values for the markers, one more is needed",
                    binding.values.len()
                ))),
            },
            Term::Computed(computed) => computed.bind(binding),
        }
    }
}

fn refused(why: String) -> Error {
    if why == values::STUMBLED { Error::Server(why) } else { Error::Invalid(why) }
}
