//! `IF`: what must be true of a row for a write to happen, resolved at prepare, bound with the values, tested on the row
//! that was read. Null, and what is empty, as Cassandra takes them (semantics.md, small print).

use super::{
    restrict::Terms,
    term::{Binding, Bound, Receiver, Scope, Term},
};
use crate::{
    ast::{self, Comparison, Modification, Relation, Subject, Values},
    comparable,
    request::Error,
    schema::{Column, ColumnKind, Table},
    select::RowView,
    types::Type,
    values,
};
use alloc::{format, string::String, vec::Vec};
use core::cmp::Ordering;
use storage::Bytes;

/// The `IF` of a statement.
#[derive(Clone, Debug)]
pub(super) enum Guard {
    /// `IF EXISTS` (true) or `IF NOT EXISTS`.
    Exists(bool),
    /// `IF a = 1 AND …`: of the row, and of the static row.
    All { regular: Vec<Condition>, statics: Vec<Condition> },
}

/// One condition.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// The column's place in the table.
    pub(super) place: u32,
    of: Of<Term>,
    sign: Sign,
    /// `IN` is `=` with several.
    values: Terms,
    several: bool,
}

/// What of a column is tested.
#[derive(Clone, Debug)]
enum Of<T> {
    Whole,
    /// `l[0]`, `m['key']`
    Element(T),
    /// `u.name`, by its number.
    Field(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Is(Comparison),
    Contains,
    ContainsKey,
}

impl Sign {
    fn text(self) -> &'static str {
        match self {
            Sign::Is(comparison) => comparison.sign(),
            Sign::Contains => "CONTAINS",
            Sign::ContainsKey => "CONTAINS KEY",
        }
    }
}

/// A condition whose values are known.
#[derive(Clone, Debug)]
pub(super) struct Test {
    place: u32,
    of: Of<Option<Bytes>>,
    sign: Sign,
    wanted: Vec<Option<Bytes>>,
}

fn invalid<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::Invalid(message.into()))
}

impl Guard {
    /// Of a modification, if it has one.
    pub(super) fn prepare(modification: &Modification, scope: &mut Scope<'_>) -> Result<Option<Guard>, Error> {
        let condition = match modification {
            Modification::Insert(insert) => return Ok(insert.if_not_exists.then_some(Guard::Exists(false))),
            Modification::Update(update) => &update.condition,
            Modification::Delete(delete) => &delete.condition,
        };
        let relations = match condition {
            ast::Condition::None => return Ok(None),
            ast::Condition::Exists => return Ok(Some(Guard::Exists(true))),
            ast::Condition::All(relations) => relations,
        };
        if modification.using().timestamp().is_some() {
            return invalid("Cannot provide custom timestamp for conditional updates");
        }
        let (mut regular, mut statics) = (Vec::new(), Vec::new());
        for relation in relations {
            let (condition, column) = Condition::prepare(relation, scope)?;
            if column.kind == ColumnKind::Static { &mut statics } else { &mut regular }.push(condition);
        }
        Ok(Some(Guard::All { regular, statics }))
    }

    /// Whether it tests a row's own columns.
    pub(super) fn tests_rows(&self) -> bool {
        matches!(self, Guard::All { regular, .. } if !regular.is_empty())
    }
}

impl Condition {
    fn prepare<'t>(relation: &Relation, scope: &mut Scope<'t>) -> Result<(Condition, &'t Column), Error> {
        let table = scope.table;
        let (name, part) = match &relation.subject {
            Subject::Column(name) => (name, None),
            Subject::Element(name, key) => (name, Some(Ok(key))),
            Subject::Field(name, field) => (name, Some(Err(field))),
            Subject::Tuple(_) | Subject::Token(_) | Subject::Index(_) => {
                return invalid(format!("Unsupported condition: {relation}"));
            }
        };
        let column = table.need(name)?;
        let name = &*column.name;
        if column.ty == Type::Counter {
            return invalid("Conditions on counters are not supported");
        }
        let (sign, wanted) = match &relation.test {
            ast::Test::Compare(comparison, term) => (Sign::Is(*comparison), Ok(term)),
            ast::Test::In(values) => (Sign::Is(Comparison::Equal), Err(values)),
            ast::Test::Contains(term) => (Sign::Contains, Ok(term)),
            ast::Test::ContainsKey(term) => (Sign::ContainsKey, Ok(term)),
            ast::Test::Like(_) | ast::Test::IsNotNull | ast::Test::Expression(_) => {
                return invalid(format!("Unsupported condition: {relation}"));
            }
        };
        let (of, receiver, ty) = match part {
            None => (Of::Whole, String::from(name), &column.ty),
            Some(Err(field)) => {
                let Type::Udt(udt) = column.ty.thawed() else {
                    // Cassandra takes for granted that there are fields.
                    let class = if column.descending() { "ReversedType" } else { column.ty.thawed().class() };
                    return Err(Error::not_cast(class, "UserType"));
                };
                let unknown = || Error::Invalid(format!("Unknown field {} for column {name}", field.as_str()));
                let at = udt.fields.iter().position(|(name, _)| name == field.as_str()).ok_or_else(unknown)?;
                let (_, ty) = udt.fields.get(at).ok_or_else(unknown)?;
                (Of::Field(at), format!("{name}.{}", field.as_str()), ty)
            }
            Some(Ok(key)) => {
                let (place, of, ty) = match column.ty.thawed() {
                    Type::List(element) => (format!("idx({name})"), &Type::Int, &**element),
                    Type::Map(kv) => (format!("key({name})"), &kv.0, &kv.1),
                    Type::Set(_) => return invalid(format!("Invalid element access syntax for set column {name}")),
                    _ => return invalid(format!("Invalid element access syntax for non-collection column {name}")),
                };
                durations(ty, sign)?;
                (Of::Element(scope.term(key, Receiver { name: &place, ty: of })?), format!("value({name})"), ty)
            }
        };
        durations(ty, sign)?;
        let (receiver, ty) = match (sign, ty.thawed()) {
            (Sign::ContainsKey, Type::Map(kv)) => (format!("key({name})"), &kv.0),
            (Sign::Contains, Type::Map(kv)) => (format!("value({name})"), &kv.1),
            (Sign::Contains, Type::List(element) | Type::Set(element)) => (format!("value({name})"), &**element),
            (Sign::ContainsKey, _) => return invalid(format!("Cannot use CONTAINS KEY on non-map column {name}")),
            (Sign::Contains, _) => return invalid(format!("Cannot use CONTAINS on non-collection column {name}")),
            (Sign::Is(_), _) => (receiver, ty),
        };
        let to = Receiver { name: &receiver, ty };
        let values = match wanted {
            Ok(term) => Terms::Listed(Vec::from([scope.term(term, to)?])),
            Err(Values::Listed(terms)) => {
                Terms::Listed(terms.iter().map(|term| scope.term(term, to)).collect::<Result<_, _>>()?)
            }
            Err(Values::Marker(marker)) => {
                let (name, ty) = (format!("in({receiver})"), Type::list(ty.clone()).freeze());
                Terms::Marker(scope.markers.mark(marker, table, Receiver { name: &name, ty: &ty }))
            }
        };
        if column.is_key() {
            return invalid(format!("PRIMARY KEY column '{name}' cannot have IF conditions"));
        }
        let place = table.place(column) as u32;
        Ok((Condition { place, of, sign, values, several: wanted.is_err() }, column))
    }

    /// With its values.
    pub(super) fn bind(&self, binding: &mut Binding<'_, '_>) -> Result<Test, Error> {
        let mut value = |term: &Term| {
            Ok(match term.bind(binding)? {
                Bound::Value(value) => Some(Some(value)),
                Bound::Null => Some(None),
                Bound::Unset => None,
            })
        };
        let unset = || Error::invalid("Invalid 'unset' value in condition");
        let of = match &self.of {
            Of::Whole => Of::Whole,
            Of::Element(term) => Of::Element(value(term)?.ok_or_else(unset)?),
            Of::Field(at) => Of::Field(*at),
        };
        let mut wanted = Vec::new();
        match &self.values {
            Terms::Listed(terms) => {
                for term in terms {
                    match value(term)? {
                        Some(value) => wanted.push(value),
                        None if self.several => {}
                        None => return Err(unset()),
                    }
                }
            }
            Terms::Marker(term) => match value(term)?.ok_or_else(unset)? {
                Some(list) => wanted.extend(values::items(&list).map(|item| item.map(Into::into))),
                None => return invalid("Invalid null list in IN condition"),
            },
        }
        Ok(Test { place: self.place, of, sign: self.sign, wanted })
    }
}

/// Durations have no order.
fn durations(ty: &Type, sign: Sign) -> Result<(), Error> {
    let Sign::Is(comparison) = sign else { return Ok(()) };
    if !ty.holds_duration() || matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
        return Ok(());
    }
    invalid(match ty.thawed() {
        ty if ty.is_collection() => {
            String::from("Slice conditions are not supported on collections containing durations")
        }
        Type::Tuple(_) => String::from("Slice conditions are not supported on tuples containing durations"),
        Type::Udt(_) => String::from("Slice conditions are not supported on UDTs containing durations"),
        _ => format!("Slice conditions ( {} ) are not supported on durations", comparison.sign()),
    })
}

impl Test {
    /// Where Java's hash map of so many buckets has it: Cassandra takes the conditions of a row in that order, and those of one
    /// column, whose order is luck there, in ours.
    pub(super) fn bucket(&self, table: &Table, buckets: u32) -> u32 {
        let hash = |bytes: &[u8]| {
            bytes.iter().rev().fold(1i32, |hash, byte| hash.wrapping_mul(31).wrapping_add(i32::from(*byte as i8)))
        };
        let name = table.columns().get(self.place as usize).map_or(0, |column| hash(column.name.as_bytes()));
        let element = match &self.of {
            Of::Element(Some(element)) => hash(element),
            Of::Element(None) | Of::Field(_) | Of::Whole => 0,
        };
        let pair = name.wrapping_add(31).wrapping_mul(31).wrapping_add(element) as u32;
        (pair ^ (pair >> 16)) & (buckets - 1)
    }

    /// Whether the row is so.
    pub(super) fn holds(&self, row: &RowView<'_>) -> Result<bool, Error> {
        let Some(column) = row.table.columns().get(self.place as usize) else { return Ok(false) };
        let mut have = row.value(column);
        let mut ty = &column.ty;
        if let Of::Element(element) = &self.of {
            let at = |kind: &str| {
                element
                    .as_deref()
                    .ok_or_else(|| Error::Invalid(format!("Invalid null value for {kind} element access")))
            };
            (ty, have) = match ty.thawed() {
                Type::Map(kv) => {
                    let key = at("map")?;
                    let found =
                        have.and_then(|map| values::entries(&map).find(|(k, _)| *k == key).map(|(_, v)| v.into()));
                    (&kv.1, found)
                }
                Type::List(of) => {
                    let index = <[u8; 4]>::try_from(at("list")?).map_or(0, i32::from_be_bytes);
                    if index < 0 && (ty.is_multi_cell() || have.is_some()) {
                        return invalid(format!("Invalid negative list index {index}"));
                    }
                    let found = have.and_then(|list| values::elements(&list).nth(index as usize).map(Into::into));
                    (&**of, found)
                }
                _ => (ty, have),
            };
        }
        if let (Of::Field(at), Type::Udt(udt)) = (&self.of, ty.thawed())
            && let Some((_, field)) = udt.fields.get(*at)
        {
            have = have.and_then(|value| values::fields(&value).nth(*at).flatten().map(Into::into));
            ty = field;
        }
        for wanted in &self.wanted {
            if self.one(ty, wanted.as_deref(), have.as_deref())? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn one(&self, ty: &Type, wanted: Option<&[u8]>, have: Option<&[u8]>) -> Result<bool, Error> {
        let compares = matches!(self.sign, Sign::Is(_));
        // A collection of cells that is empty is null.
        let cells = ty.is_multi_cell() && ty.is_collection();
        let is_empty = |wanted: &[u8]| compares && cells && values::elements(wanted).next().is_none();
        let (Some(want), false) = (wanted, wanted.is_some_and(is_empty)) else {
            return match self.sign {
                Sign::Is(Comparison::Equal) => Ok(have.is_none()),
                Sign::Is(Comparison::NotEqual) => Ok(have.is_some()),
                sign => invalid(format!(
                    "Invalid comparison with {} for operator \"{}\"",
                    match (wanted, ty) {
                        (None, _) => "null",
                        (_, Type::Set(_)) => "an empty set",
                        (_, Type::Map(_)) => "an empty map",
                        _ => "an empty list",
                    },
                    sign.text()
                )),
            };
        };
        let Some(have) = have else { return Ok(self.sign == Sign::Is(Comparison::NotEqual)) };
        let order = |ty: &Type, value: &[u8]| comparable::encode([(ty, false, value)]);
        let any = |ty: &Type, items: &mut dyn Iterator<Item = &[u8]>| {
            let want = order(ty, want);
            Ok(items.map(|item| order(ty, item)).any(|item| item == want))
        };
        match (self.sign, ty.thawed()) {
            (Sign::Is(comparison), _) => Ok(fits(comparison, order(ty, have).cmp(&order(ty, want)))),
            (Sign::ContainsKey, Type::Map(kv)) => any(&kv.0, &mut values::entries(have).map(|(key, _)| key)),
            (Sign::Contains, Type::Map(kv)) => any(&kv.1, &mut values::entries(have).map(|(_, value)| value)),
            (Sign::Contains, Type::List(of) | Type::Set(of)) => any(of, &mut values::elements(have)),
            (Sign::Contains | Sign::ContainsKey, _) => Ok(false),
        }
    }
}

fn fits(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}
