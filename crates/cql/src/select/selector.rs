//! What a SELECT asks of each row, typed and named as Cassandra's metadata names it.

mod call;

use super::{
    aggregate::Aggregate,
    choice::{Choice, Part},
};
use crate::{
    ast::{Expr, Name, Reference, Selected, Selector, WriteFact},
    functions::{Called, Function, accepts},
    plan::term::{Markers, Receiver, Scope, Term},
    request::{ColumnSpec, Error},
    schema::{ColumnKind, Table, hinted, not_executed_change},
    types::Type,
};
use alloc::{
    boxed::Box,
    format,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};

/// A selection.
pub(super) struct Choices {
    pub(super) choices: Vec<Choice>,
    pub(super) constants: Vec<Term>,
    pub(super) columns: Rc<[ColumnSpec]>,
    /// Aggregates and what they are over; `count(*)` is over rows.
    pub(super) gathers: Vec<(Aggregate, Option<Choice>)>,
}

impl Choices {
    /// The places of all columns that are needed.
    pub(super) fn places(&self) -> Vec<u32> {
        let mut places = Vec::new();
        let gathered = self.gathers.iter().filter_map(|(_, of)| of.as_ref());
        self.choices.iter().chain(gathered).for_each(|choice| choice.columns(&mut places));
        places
    }
}

/// `SELECT *`
pub(super) fn all(table: &Table) -> Choices {
    let specs = table.columns().iter().map(|column| spec(table, &column.name, column.ty.clone())).collect();
    Choices {
        choices: (0..table.columns().len() as u32).map(Choice::Column).collect(),
        constants: Vec::new(),
        columns: specs,
        gathers: Vec::new(),
    }
}

/// What is wrong with a selection, and whether that is said only after what is wrong with the WHERE.
pub(super) struct Refused {
    pub(super) late: bool,
    pub(super) error: Error,
}

/// A list of selectors.
pub(super) fn some(selected: &[Selected], table: &Rc<Table>, markers: &mut Markers) -> Result<Choices, Refused> {
    let mut resolver = Resolver {
        scope: Scope { table, markers },
        constants: Vec::new(),
        gathers: Vec::new(),
        first: None,
        late: None,
        early: false,
    };
    let mut choices = Vec::with_capacity(selected.len());
    let mut columns = Vec::with_capacity(selected.len());
    for Selected { selector, alias } in selected {
        let found = resolver.choice(selector);
        let (choice, ty, name) = match (found, resolver.late.take()) {
            (Ok(found), None) => found,
            (Ok(_), Some(error)) => return Err(Refused { late: true, error }),
            (Err(error), _) => {
                let early = resolver.early && resolver.looks_on(&choices);
                return Err(Refused { late: !early, error });
            }
        };
        columns.push(spec(table, alias.as_ref().map_or(&name, |alias| alias.as_str()), ty));
        choices.push(choice);
    }
    Ok(Choices { choices, constants: resolver.constants, columns: columns.into(), gathers: resolver.gathers })
}

fn spec(table: &Table, name: &str, ty: Type) -> ColumnSpec {
    ColumnSpec { keyspace: table.keyspace.clone(), table: table.name.clone(), name: name.into(), ty }
}

fn invalid<T>(message: String) -> Result<T, Error> {
    Err(Error::Invalid(message))
}

struct Resolver<'a> {
    scope: Scope<'a>,
    constants: Vec<Term>,
    gathers: Vec<(Aggregate, Option<Choice>)>,
    /// The first column of the selection: Cassandra's complaint about a cast names that one.
    first: Option<Name>,
    /// A constant that is no operand: told after what is wrong with the functions around it.
    late: Option<Error>,
    /// Whether what is wrong is the name of a column, or a function's arguments.
    early: bool,
}

impl Resolver<'_> {
    /// Whether Cassandra has looked at the names behind these before the WHERE: it does where there are static columns, until it has
    /// seen one of them and one of a row.
    fn looks_on(&self, choices: &[Choice]) -> bool {
        let mut places = Vec::new();
        let gathered = self.gathers.iter().filter_map(|(_, choice)| choice.as_ref());
        choices.iter().chain(gathered).for_each(|choice| choice.columns(&mut places));
        let table = self.scope.table;
        let seen = |statics: bool| {
            let mut columns = places.iter().filter_map(|place| table.columns().get(*place as usize));
            columns.any(|column| match column.kind {
                ColumnKind::Partition(_) => false,
                ColumnKind::Static => statics,
                ColumnKind::Clustering { .. } | ColumnKind::Regular => !statics,
            })
        };
        table.has_statics() && !(seen(true) && seen(false))
    }

    /// A selector with its type and name.
    fn choice(&mut self, selector: &Selector) -> Result<(Choice, Type, String), Error> {
        match selector {
            Expr::Reference(reference) => self.reference(reference),
            Expr::Call(call) => {
                let found = self.call(call);
                self.early |= found.is_err();
                found
            }
            Expr::Hint(hint) => {
                let Some(ty) = hinted(&hint.0, self.scope.table) else {
                    return invalid(format!("Unknown type {}.{}", self.scope.table.keyspace, hint.0));
                };
                let text = format!("({}){}", hint.0, title(&hint.1));
                // A marker is called by where it stands.
                let named = if matches!(hint.1, Expr::Marker(_)) { "[selection]" } else { &text };
                Ok((self.coerced(&hint.1, &ty, named)?, ty, text))
            }
            Expr::Cast(inner, to) => self.cast(inner, *to),
            Expr::Negate(inner) => self.apply(Called::Negation, &[inner], |names| format!("-{}", names.concat())),
            Expr::Binary(binary) => {
                let sign = binary.operator.sign();
                self.apply(Called::Operator(binary.operator), &[&binary.left, &binary.right], |names| {
                    names.join(&format!(" {sign} "))
                })
            }
            Expr::List(items) | Expr::Set(items) | Expr::Tuple(items) if !items.is_empty() => {
                let parenthesis = matches!(selector, Expr::Tuple(_)) && items.len() == 1;
                let Some(ty) = self.inferred(selector).filter(|_| !parenthesis) else {
                    for item in items {
                        if let Expr::Reference(Reference::Column(name)) = item {
                            self.column(name)?;
                        }
                    }
                    return cannot_infer(selector);
                };
                let text = title(selector);
                Ok((self.coerced(selector, &ty, &text)?, ty, text))
            }
            Expr::Udt(_)
            | Expr::Tuple(_)
            | Expr::List(_)
            | Expr::Set(_)
            | Expr::Map(_)
            | Expr::Literal(_)
            | Expr::Null
            | Expr::Marker(_) => cannot_infer(selector),
        }
    }

    /// The type of a selector, where it says one.
    fn inferred(&mut self, selector: &Selector) -> Option<Type> {
        match selector {
            Expr::List(items) => Some(Type::list(items.iter().find_map(|item| self.inferred(item))?)),
            Expr::Set(items) => Some(Type::set(items.iter().find_map(|item| self.inferred(item))?)),
            Expr::Tuple(items) if items.len() == 1 => items.first().and_then(|one| self.inferred(one)),
            Expr::Tuple(items) => {
                let types = items.iter().map(|item| self.inferred(item)).collect::<Option<Vec<_>>>()?;
                Some(Type::Tuple(types.into()))
            }
            Expr::Udt(_) | Expr::Map(_) | Expr::Literal(_) | Expr::Null | Expr::Marker(_) => None,
            other => self.choice(other).ok().map(|(_, ty, _)| ty),
        }
    }

    /// A selector as a value of this type.
    fn coerced(&mut self, selector: &Selector, ty: &Type, text: &str) -> Result<Choice, Error> {
        if let Some(term) = term_of(selector) {
            let term = self.scope.term(&term, Receiver { name: text, ty })?;
            return Ok(self.constant(term));
        }
        let mut parts = Vec::new();
        match (selector, ty.thawed()) {
            (Expr::List(items), Type::List(element) | Type::Vector(element, _))
            | (Expr::Set(items), Type::Set(element)) => {
                for item in items {
                    parts.push(self.coerced(item, element, text)?);
                }
            }
            (Expr::Map(entries), Type::Map(kv)) => {
                for (key, value) in entries {
                    parts.push(self.coerced(key, &kv.0, text)?);
                    parts.push(self.coerced(value, &kv.1, text)?);
                }
            }
            (Expr::Tuple(items), Type::Tuple(types)) if items.len() == types.len() => {
                for (item, ty) in items.iter().zip(types.iter()) {
                    parts.push(self.coerced(item, ty, text)?);
                }
            }
            (Expr::Tuple(items), _) if items.len() == 1 => {
                return items.first().map_or_else(|| cannot_infer(selector), |one| self.coerced(one, ty, text));
            }
            _ => {
                let (choice, have, _) = self.choice(selector)?;
                if have.thawed() != ty.thawed() && !accepts(ty, &have) {
                    return invalid(format!("Cannot assign value {text} to {text} of type {ty}"));
                }
                return Ok(choice);
            }
        }
        Ok(Choice::Call(Function::Make(ty.clone()), "".into(), parts))
    }

    fn constant(&mut self, term: Term) -> Choice {
        Choice::Constant(self.add(term))
    }

    fn add(&mut self, term: Term) -> u32 {
        self.constants.push(term);
        self.constants.len() as u32 - 1
    }

    fn column(&mut self, name: &Name) -> Result<(u32, Type), Error> {
        let column = self.scope.table.need(name).inspect_err(|_| self.early = true)?;
        self.first.get_or_insert_with(|| name.clone());
        Ok((self.scope.table.place(column) as u32, column.ty.clone()))
    }

    fn reference(&mut self, reference: &Reference) -> Result<(Choice, Type, String), Error> {
        match reference {
            Reference::Column(name) => {
                let (place, ty) = self.column(name)?;
                Ok((Choice::Column(place), ty, name.as_str().into()))
            }
            Reference::CountRows => Ok(self.gather(Aggregate::Count, None, Type::Bigint, "count".into())),
            Reference::Element(of, key) => {
                let Expr::Reference(Reference::Column(name)) = &**of else {
                    return Err(not_executed_change("an element of an expression"));
                };
                let (place, ty) = self.column(name)?;
                let (key_ty, value, what) = match ty.thawed() {
                    Type::Map(kv) => (kv.0.clone(), kv.1.clone(), "key"),
                    Type::Set(element) => ((**element).clone(), (**element).clone(), "value"),
                    Type::List(_) => {
                        return invalid(format!(
                            "Element selection is only allowed on sets and maps, but {} is a list",
                            name.as_str()
                        ));
                    }
                    _ => {
                        return invalid(format!(
                            "Invalid element selection: {} is of type {ty} is not a collection",
                            name.as_str()
                        ));
                    }
                };
                let term =
                    self.scope.term(key, Receiver { name: &format!("{what}({})", name.as_str()), ty: &key_ty })?;
                Ok((Choice::Element(place, self.add(term)), value, format!("{}[{key}]", name.as_str())))
            }
            Reference::Slice(of, ends) => {
                let Expr::Reference(Reference::Column(name)) = &**of else {
                    return Err(not_executed_change("a slice of an expression"));
                };
                let (place, ty) = self.column(name)?;
                let (key_ty, what) = match ty.thawed() {
                    Type::Map(kv) => (kv.0.clone(), "key"),
                    Type::Set(element) => ((**element).clone(), "value"),
                    Type::List(_) => {
                        let name = name.as_str();
                        return invalid(format!(
                            "Slice selection is only allowed on sets and maps, but {name} is a list"
                        ));
                    }
                    _ => {
                        let name = name.as_str();
                        return invalid(format!("Invalid slice selection: {name} of type {ty} is not a collection"));
                    }
                };
                let (from, to) = &**ends;
                let text = |end: &Option<crate::ast::Term>| end.as_ref().map(ToString::to_string).unwrap_or_default();
                let title = format!("{}[{}..{}]", name.as_str(), text(from), text(to));
                let mut end = |end: &Option<crate::ast::Term>| -> Result<Option<u32>, Error> {
                    end.as_ref()
                        .map(|term| {
                            let term = self
                                .scope
                                .term(term, Receiver { name: &format!("{what}({})", name.as_str()), ty: &key_ty })?;
                            Ok(self.add(term))
                        })
                        .transpose()
                };
                let (from, to) = (end(from)?, end(to)?);
                Ok((Choice::Slice(place, from, to), ty.thawed().clone().freeze(), title))
            }
            Reference::Field(of, field) => {
                let (choice, ty, name) = self.choice(of)?;
                match ty.thawed() {
                    Type::Udt(udt) => {
                        let field = field.as_str();
                        match (0..).zip(&udt.fields).find(|(_, (have, _))| have == field) {
                            Some((at, (_, ty))) => {
                                Ok((Choice::Field(Box::new(choice), at), ty.clone(), format!("{name}.{field}")))
                            }
                            None => invalid(format!("{name} of type {ty} has no field {field}")),
                        }
                    }
                    _ => invalid(format!("Invalid field selection: {name} of type {ty} is not a user type")),
                }
            }
            Reference::Write(fact, of) => self.write_fact(*fact, of),
        }
    }

    /// `WRITETIME(a.field)`: of a frozen value all fields are of one write.
    fn write_of_field(
        &mut self,
        fact: WriteFact,
        title: &str,
        column: &Name,
        field: &Name,
    ) -> Result<(Choice, Type, String), Error> {
        let (place, ty) = self.column(column)?;
        let Type::Udt(udt) = ty.thawed() else {
            return invalid(format!("Invalid field selection: {} of type {ty} is not a user type", column.as_str()));
        };
        let Some(at) = udt.fields.iter().position(|(have, _)| have == field.as_str()) else {
            return invalid(format!("{} of type {ty} has no field {}", column.as_str(), field.as_str()));
        };
        let part = if ty.is_multi_cell() { Part::Field(at as u16) } else { Part::Whole };
        let gives = if fact == WriteFact::Ttl { Type::Int } else { Type::Bigint };
        let name = format!("{title}({}.{})", column.as_str(), field.as_str());
        Ok((Choice::Write(fact, place, part), gives, name))
    }

    fn write_fact(&mut self, fact: WriteFact, of: &Selector) -> Result<(Choice, Type, String), Error> {
        let title = match fact {
            WriteFact::WriteTime => "writetime",
            WriteFact::MaxWriteTime => "maxwritetime",
            WriteFact::Ttl => "ttl",
        };
        let (column, key) = match of {
            Expr::Reference(Reference::Column(name)) => (name, None),
            Expr::Reference(Reference::Element(inner, key)) => match &**inner {
                Expr::Reference(Reference::Column(name)) => (name, Some(&**key)),
                _ => return Err(not_executed_change(&format!("{title} of an expression"))),
            },
            Expr::Reference(Reference::Field(inner, field)) => match &**inner {
                Expr::Reference(Reference::Column(name)) => return self.write_of_field(fact, title, name, field),
                _ => return Err(not_executed_change(&format!("{title} of an expression"))),
            },
            _ => return Err(not_executed_change(&format!("{title} of an expression"))),
        };
        let found = self.scope.table.need(column).inspect_err(|_| self.early = true)?;
        if found.is_key() {
            return invalid(format!("Cannot use selection function {title} on PRIMARY KEY part {}", found.name));
        }
        let (place, ty) = self.column(column)?;
        let scalar = if fact == WriteFact::Ttl { Type::Int } else { Type::Bigint };
        let Some(key) = key else {
            let several = ty.is_multi_cell() && fact != WriteFact::MaxWriteTime;
            let gives = if several { Type::list(scalar) } else { scalar };
            return Ok((Choice::Write(fact, place, Part::Whole), gives, format!("{title}({})", column.as_str())));
        };
        let key_ty = match &ty {
            Type::Map(kv) => kv.0.clone(),
            Type::Set(element) => (**element).clone(),
            Type::Frozen(_) => {
                return invalid(format!("Cannot use selection function {title} on frozen element selection"));
            }
            _ => {
                return invalid(format!(
                    "Invalid element selection: {} is of type {ty} is not a collection",
                    column.as_str()
                ));
            }
        };
        let term = self.scope.term(key, Receiver { name: &format!("key({})", column.as_str()), ty: &key_ty })?;
        Ok((
            Choice::Write(fact, place, Part::Element(self.add(term))),
            scalar,
            format!("{title}({}[{key}])", column.as_str()),
        ))
    }
}

fn cannot_infer<T>(selector: &Selector) -> Result<T, Error> {
    invalid(format!(
        "Cannot infer type for term {} in selection clause (try using a cast to force a type)",
        title(selector)
    ))
}

/// A selector as a column's name shows it.
fn title(selector: &Selector) -> String {
    let joined = |items: &[Selector]| items.iter().map(title).collect::<Vec<_>>().join(", ");
    match selector {
        Expr::Hint(hint) => format!("({}){}", hint.0, title(&hint.1)),
        Expr::Binary(binary) => {
            format!("{} {} {}", title(&binary.left), binary.operator.sign(), title(&binary.right))
        }
        Expr::Negate(inner) => format!("-{}", title(inner)),
        Expr::Tuple(items) => format!("({})", joined(items)),
        Expr::List(items) => format!("[{}]", joined(items)),
        Expr::Set(items) => format!("{{{}}}", joined(items)),
        other => other.to_string(),
    }
}

/// A selector without references is a term.
fn term_of(selector: &Selector) -> Option<crate::ast::Term> {
    let all = |items: &[Selector]| items.iter().map(term_of).collect::<Option<Vec<_>>>();
    Some(match selector {
        Expr::Literal(literal) => Expr::Literal(literal.clone()),
        Expr::Null => Expr::Null,
        Expr::Marker(marker) => Expr::Marker(marker.clone()),
        Expr::List(items) => Expr::List(all(items)?),
        Expr::Set(items) => Expr::Set(all(items)?),
        Expr::Tuple(items) => Expr::Tuple(all(items)?),
        Expr::Map(entries) => {
            Expr::Map(entries.iter().map(|(k, v)| Some((term_of(k)?, term_of(v)?))).collect::<Option<_>>()?)
        }
        Expr::Call(_) => return None,
        Expr::Hint(hint) => Expr::Hint(Box::new((hint.0.clone(), term_of(&hint.1)?))),
        Expr::Udt(_) | Expr::Cast(..) | Expr::Negate(_) | Expr::Binary(_) | Expr::Reference(_) => return None,
    })
}
