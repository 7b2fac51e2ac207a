//! What a SELECT asks of each row, typed and named as Cassandra's metadata names it.

use super::{aggregate::Aggregate, row::RowView};
use crate::{
    ast::{Call, Expr, Name, Reference, Selected, Selector, WriteFact},
    comparable,
    functions::{Function, signature, unknown},
    plan::term::{Computed, Markers, Receiver, Scope, Term, plain},
    request::{ColumnSpec, Error},
    schema::{Table, native, not_executed_change},
    types::Type,
    values,
};
use alloc::{
    boxed::Box,
    format,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};
use storage::{Bytes, Cell, Content};

/// One column of a result.
#[derive(Clone, Debug)]
pub(super) enum Choice {
    /// A column, by its place in the table.
    Column(u32),
    /// A term, by its place among the constants.
    Constant(u32),
    /// `WRITETIME`, `MAXWRITETIME` or `TTL` of a column, perhaps of one element.
    Write(WriteFact, u32, Option<u32>),
    /// A function of other choices.
    Call(Function, Box<str>, Vec<Choice>),
    /// `m[key]` or `s[element]`
    Element(u32, u32),
    /// `m[a..b]`
    Slice(u32, Option<u32>, Option<u32>),
    /// Many rows in one value.
    Aggregate(Aggregate, Option<Box<Choice>>),
}

/// A selection.
pub(super) struct Choices {
    pub(super) choices: Vec<Choice>,
    pub(super) constants: Vec<Term>,
    pub(super) columns: Rc<[ColumnSpec]>,
    pub(super) aggregates: bool,
}

/// `SELECT *`
pub(super) fn all(table: &Table) -> Choices {
    let specs = table.columns().iter().map(|column| spec(table, &column.name, column.ty.clone())).collect();
    Choices {
        choices: (0..table.columns().len() as u32).map(Choice::Column).collect(),
        constants: Vec::new(),
        columns: specs,
        aggregates: false,
    }
}

/// A list of selectors.
pub(super) fn some(selected: &[Selected], table: &Rc<Table>, markers: &mut Markers) -> Result<Choices, Error> {
    let mut resolver = Resolver { scope: Scope { table, markers }, constants: Vec::new(), aggregates: false };
    let mut choices = Vec::with_capacity(selected.len());
    let mut columns = Vec::with_capacity(selected.len());
    for Selected { selector, alias } in selected {
        let (choice, ty, name) = resolver.choice(selector)?;
        columns.push(spec(table, alias.as_ref().map_or(&name, |alias| alias.as_str()), ty));
        choices.push(choice);
    }
    Ok(Choices { choices, constants: resolver.constants, columns: columns.into(), aggregates: resolver.aggregates })
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
    aggregates: bool,
}

impl Resolver<'_> {
    /// A selector with its type and name.
    fn choice(&mut self, selector: &Selector) -> Result<(Choice, Type, String), Error> {
        match selector {
            Expr::Reference(reference) => self.reference(reference),
            Expr::Call(call) => self.call(call),
            Expr::Hint(hint) => {
                let (Some(ty), Some(term)) = (plain(&hint.0), term_of(&hint.1)) else {
                    return Err(not_executed_change("a type hint of this kind"));
                };
                let text = format!("({ty}){}", hint.1);
                let term = self.scope.term(&term, Receiver { name: &text, ty: &ty })?;
                Ok((self.constant(term), ty, text))
            }
            Expr::Cast(inner, to) => {
                let (choice, from, name) = self.choice(inner)?;
                let to = native(*to);
                if to == from {
                    return Ok((choice, to.clone(), format!("cast({name} as {to})")));
                }
                Err(not_executed_change("CAST"))
            }
            Expr::Negate(_) | Expr::Binary(_) => Err(not_executed_change("arithmetic")),
            Expr::Udt(_)
            | Expr::Tuple(_)
            | Expr::List(_)
            | Expr::Set(_)
            | Expr::Map(_)
            | Expr::Literal(_)
            | Expr::Null
            | Expr::Marker(_) => invalid(format!(
                "Cannot infer type for term {selector} in selection clause (try using a cast to force a type)"
            )),
        }
    }

    fn constant(&mut self, term: Term) -> Choice {
        Choice::Constant(self.add(term))
    }

    fn add(&mut self, term: Term) -> u32 {
        self.constants.push(term);
        self.constants.len() as u32 - 1
    }

    fn column(&self, name: &Name) -> Result<(u32, Type), Error> {
        let column = self.scope.table.need(name)?;
        Ok((self.scope.table.place(column) as u32, column.ty.clone()))
    }

    fn reference(&mut self, reference: &Reference) -> Result<(Choice, Type, String), Error> {
        match reference {
            Reference::Column(name) => {
                let (place, ty) = self.column(name)?;
                Ok((Choice::Column(place), ty, name.as_str().into()))
            }
            Reference::CountRows => Ok(self.aggregate(Aggregate::Count, None, Type::Bigint, "count".into())),
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
                let key_ty = match ty.thawed() {
                    Type::Map(kv) => kv.0.clone(),
                    Type::Set(element) => (**element).clone(),
                    _ => {
                        return invalid(format!(
                            "Slice selection is only allowed on sets and maps, but {} is of type {ty}",
                            name.as_str()
                        ));
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
                                .term(term, Receiver { name: &format!("key({})", name.as_str()), ty: &key_ty })?;
                            Ok(self.add(term))
                        })
                        .transpose()
                };
                let (from, to) = (end(from)?, end(to)?);
                Ok((Choice::Slice(place, from, to), ty.thawed().clone().freeze(), title))
            }
            Reference::Field(of, _) => {
                let (_, ty, name) = self.choice(of)?;
                match ty.thawed() {
                    Type::Udt(_) => Err(not_executed_change("selection of a field")),
                    _ => invalid(format!("Invalid field selection: {name} of type {ty} is not a user type")),
                }
            }
            Reference::Write(fact, of) => self.write_fact(*fact, of),
        }
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
            _ => return Err(not_executed_change(&format!("{title} of an expression"))),
        };
        let found = self.scope.table.need(column)?;
        if found.is_key() {
            return invalid(format!("Cannot use selection function {title} on PRIMARY KEY part {}", found.name));
        }
        let (place, ty) = self.column(column)?;
        let scalar = if fact == WriteFact::Ttl { Type::Int } else { Type::Bigint };
        let Some(key) = key else {
            let several = ty.is_multi_cell() && fact != WriteFact::MaxWriteTime;
            let gives = if several { Type::list(scalar) } else { scalar };
            return Ok((Choice::Write(fact, place, None), gives, format!("{title}({})", column.as_str())));
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
        Ok((Choice::Write(fact, place, Some(self.add(term))), scalar, format!("{title}({}[{key}])", column.as_str())))
    }

    fn aggregate(
        &mut self,
        aggregate: Aggregate,
        of: Option<Choice>,
        ty: Type,
        name: String,
    ) -> (Choice, Type, String) {
        self.aggregates = true;
        (Choice::Aggregate(aggregate, of.map(Box::new)), ty, name)
    }

    fn call(&mut self, call: &Call<Reference>) -> Result<(Choice, Type, String), Error> {
        let name = call.function.name.as_str();
        if let Some(aggregate) = Aggregate::named(name) {
            return match call.arguments.as_slice() {
                // count(1) counts rows.
                [Expr::Literal(_)] if aggregate == Aggregate::Count => {
                    Ok(self.aggregate(Aggregate::Count, None, Type::Bigint, "count".into()))
                }
                [argument] => {
                    let (of, ty, inner) = self.choice(argument)?;
                    let gives = aggregate.of(&ty).ok_or_else(|| no_signature(name))?;
                    let title = format!("system.{name}({inner})");
                    Ok(self.aggregate(aggregate.over(&ty), Some(of), gives, title))
                }
                others => invalid(format!(
                    "Invalid number of arguments in call to function system.{name}: 1 required but {} provided",
                    others.len()
                )),
            };
        }
        // Types of the arguments that have one of their own; then the signature; then the rest.
        let mut resolved = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            resolved.push(match argument {
                Expr::Reference(_) | Expr::Call(_) | Expr::Hint(_) | Expr::Cast(..) => Some(self.choice(argument)?),
                _ => None,
            });
        }
        let given: Vec<Option<Type>> =
            resolved.iter().map(|choice| choice.as_ref().map(|(_, ty, _)| ty.clone())).collect();
        let keys: Vec<Type> = self.scope.table.partition_key().iter().map(|column| column.ty.clone()).collect();
        let (function, takes) = signature(name, &given, &keys)?.ok_or_else(|| unknown(name, false))?;
        let mut choices = Vec::with_capacity(takes.len());
        let mut names = Vec::with_capacity(takes.len());
        for (at, ((argument, resolved), ty)) in call.arguments.iter().zip(resolved).zip(&takes).enumerate() {
            let mismatch = |shown: &str| {
                Error::Invalid(format!(
                    "Type error: {shown} cannot be passed as argument {at} of function system.{name} of type {ty}"
                ))
            };
            let (choice, shown) = match resolved {
                Some((_, have, shown)) if !fits(&have, ty) => return Err(mismatch(&shown)),
                Some((choice, _, shown)) => (choice, shown),
                None => {
                    let term = term_of(argument).ok_or_else(|| not_executed_change("arithmetic"))?;
                    let term = self
                        .scope
                        .term(&term, Receiver { name: "[selection]", ty })
                        .map_err(|_| mismatch(&argument.to_string()))?;
                    (self.constant(term), argument.to_string())
                }
            };
            choices.push(choice);
            names.push(shown);
        }
        let gives = function.returns();
        let title = format!("system.{name}({})", names.join(", "));
        // What depends on no row is called once.
        if let Some(arguments) = choices.iter().map(|choice| self.known(choice)).collect::<Option<Vec<Term>>>() {
            let term = Term::Computed(Box::new(Computed::Call(function, name.into(), arguments)));
            return Ok((self.constant(term), gives, title));
        }
        Ok((Choice::Call(function, name.into(), choices), gives, title))
    }

    fn known(&self, choice: &Choice) -> Option<Term> {
        match choice {
            Choice::Constant(at) => self.constants.get(*at as usize).cloned(),
            _ => None,
        }
    }
}

/// Cassandra lists what it would have taken.
fn no_signature(name: &str) -> Error {
    let types = ["smallint", "int", "tinyint", "bigint", "varint", "float", "double", "counter", "decimal"];
    let known: Vec<String> = types.iter().map(|ty| format!("system.{name} : ({ty}) -> {ty}")).collect();
    Error::Invalid(format!(
        "Invalid call to function {name}, none of its type signatures match (known type signatures: {})",
        known.join(", ")
    ))
}

fn fits(have: &Type, wanted: &Type) -> bool {
    have.thawed() == wanted.thawed()
        || matches!(
            (have, wanted),
            (Type::Timeuuid, Type::Uuid) | (Type::Ascii, Type::Text) | (Type::Bigint, Type::Timestamp)
        )
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
        Expr::Call(call) => Expr::Call(Call { function: call.function.clone(), arguments: all(&call.arguments)? }),
        Expr::Hint(hint) => Expr::Hint(Box::new((hint.0.clone(), term_of(&hint.1)?))),
        Expr::Udt(_) | Expr::Cast(..) | Expr::Negate(_) | Expr::Binary(_) | Expr::Reference(_) => return None,
    })
}

impl Choice {
    /// The places of the columns it needs.
    pub(super) fn columns(&self, out: &mut Vec<u32>) {
        match self {
            Choice::Column(place)
            | Choice::Write(_, place, _)
            | Choice::Element(place, _)
            | Choice::Slice(place, ..) => out.push(*place),
            Choice::Constant(_) => {}
            Choice::Call(_, _, arguments) => arguments.iter().for_each(|choice| choice.columns(out)),
            Choice::Aggregate(_, of) => of.iter().for_each(|choice| choice.columns(out)),
        }
    }

    /// Its value in one row; an aggregate's argument.
    pub(super) fn value(&self, row: &RowView<'_>, constants: &[Option<Bytes>]) -> Result<Option<Bytes>, Error> {
        let constant = |at: u32| constants.get(at as usize).cloned().flatten();
        let column = |place: u32| row.table.columns().get(place as usize);
        Ok(match self {
            Choice::Column(place) => column(*place).and_then(|column| row.value(column)),
            Choice::Constant(at) => constant(*at),
            Choice::Write(fact, place, key) => column(*place).and_then(|column| {
                let key = key.map(|at| (at, constant(at)));
                let wanted = match key {
                    Some((_, None)) => return None,
                    Some((_, Some(key))) => Some(comparable::encode([(key_type(&column.ty)?, false, &*key)])),
                    None => None,
                };
                let cells = row.cells(column);
                let mut cells = cells
                    .iter()
                    .filter(|(path, _)| {
                        wanted.as_ref().is_none_or(|wanted| path.is_some_and(|path| **path == **wanted))
                    })
                    .map(|(_, cell)| *cell);
                let several = wanted.is_none() && column.ty.is_multi_cell();
                written(*fact, &mut cells, several, row.now)
            }),
            Choice::Call(function, name, arguments) => {
                let bound =
                    arguments.iter().map(|choice| choice.value(row, constants)).collect::<Result<Vec<_>, _>>()?;
                let arguments: Vec<Option<&[u8]>> = bound.iter().map(Option::as_deref).collect();
                function.pure(name, &arguments)?.map(Into::into)
            }
            Choice::Element(place, key) => {
                let (Some(column), Some(key)) = (column(*place), constant(*key)) else { return Ok(None) };
                let Some(value) = row.value(column) else { return Ok(None) };
                match column.ty.thawed() {
                    Type::Map(_) => {
                        values::entries(&value).find(|(have, _)| **have == *key).map(|(_, item)| item.into())
                    }
                    _ => values::elements(&value).find(|have| **have == *key).map(Into::into),
                }
            }
            Choice::Slice(place, from, to) => {
                let Some(column) = column(*place) else { return Ok(None) };
                let (Some(value), Some(ty)) = (row.value(column), key_type(&column.ty)) else { return Ok(None) };
                let order = |value: &[u8]| comparable::encode([(ty, false, value)]);
                let end = |at: &Option<u32>| at.and_then(constant).map(|value| order(&value));
                let (from, to) = (end(from), end(to));
                let inside = |key: &[u8]| {
                    let key = order(key);
                    from.as_ref().is_none_or(|from| *from <= key) && to.as_ref().is_none_or(|to| key <= *to)
                };
                // Of cells nothing is null, as of the whole; of a frozen value it is an empty one.
                let nothing = column.ty.is_multi_cell();
                match column.ty.thawed() {
                    Type::Map(_) => {
                        let kept: Vec<_> = values::entries(&value).filter(|(key, _)| inside(key)).collect();
                        (!kept.is_empty() || !nothing).then(|| values::map(kept.into_iter()).into())
                    }
                    _ => {
                        let kept: Vec<_> = values::elements(&value).filter(|item| inside(item)).collect();
                        (!kept.is_empty() || !nothing).then(|| values::collection(kept.into_iter()).into())
                    }
                }
            }
            Choice::Aggregate(_, Some(of)) => of.value(row, constants)?,
            Choice::Aggregate(_, None) => None,
        })
    }
}

fn key_type(ty: &Type) -> Option<&Type> {
    match ty.thawed() {
        Type::Map(kv) => Some(&kv.0),
        Type::Set(element) | Type::List(element) => Some(element),
        _ => None,
    }
}

/// `WRITETIME` and its kin of some cells.
fn written(fact: WriteFact, cells: &mut dyn Iterator<Item = &Cell>, several: bool, now: i64) -> Option<Bytes> {
    let ttl = |cell: &Cell| match &cell.content {
        Content::Expiring(_, expiry) => Some(((expiry.at - now) as i32).to_be_bytes()),
        Content::Live(_) | Content::Dead { .. } => None,
    };
    match (fact, several) {
        (WriteFact::MaxWriteTime, _) => {
            cells.map(|cell| cell.timestamp).max().map(|timestamp| (&timestamp.to_be_bytes()[..]).into())
        }
        (WriteFact::WriteTime, false) => cells.next().map(|cell| (&cell.timestamp.to_be_bytes()[..]).into()),
        (WriteFact::Ttl, false) => cells.next().and_then(ttl).map(|ttl| (&ttl[..]).into()),
        (WriteFact::WriteTime, true) => {
            let stamps: Vec<[u8; 8]> = cells.map(|cell| cell.timestamp.to_be_bytes()).collect();
            (!stamps.is_empty()).then(|| values::collection(stamps.iter().map(|stamp| &stamp[..])).into())
        }
        (WriteFact::Ttl, true) => {
            let ttls: Vec<Option<[u8; 4]>> = cells.map(ttl).collect();
            // A list may hold nulls here, so it is laid out as a tuple behind its count.
            let mut out = (ttls.len() as i32).to_be_bytes().to_vec();
            out.extend(values::tuple(ttls.iter().map(|ttl| ttl.as_ref().map(|ttl| &ttl[..]))));
            (!ttls.is_empty()).then(|| out.into())
        }
    }
}
