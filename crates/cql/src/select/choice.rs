//! What is asked of each row, and its value there.

use super::row::RowView;
use crate::{ast::WriteFact, comparable, functions::Function, plan::field_path, request::Error, types::Type, values};
use alloc::{boxed::Box, vec::Vec};
use storage::{Bytes, Cell, Content};

/// One column of a result.
#[derive(Clone, Debug)]
pub(super) enum Choice {
    /// A column, by its place in the table.
    Column(u32),
    /// A term, by its place among the constants.
    Constant(u32),
    /// `WRITETIME`, `MAXWRITETIME` or `TTL` of a column or a part of it.
    Write(WriteFact, u32, Part),
    /// A function of other choices.
    Call(Function, Box<str>, Vec<Choice>),
    /// `m[key]` or `s[element]`
    Element(u32, u32),
    /// `m[a..b]`
    Slice(u32, Option<u32>, Option<u32>),
    /// A field of a user-defined type.
    Field(Box<Choice>, usize),
    /// What an aggregate comes to, by its place among them.
    Gathered(u32),
}

/// How much of a column.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Whole,
    /// One element, whose key is a constant.
    Element(u32),
    /// One field.
    Field(u16),
}

/// What is known before a row is looked at.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) constants: &'a [Option<Bytes>],
    /// What the aggregates came to.
    pub(super) gathered: &'a [Option<Bytes>],
}

impl Choice {
    /// The places of the columns it needs.
    pub(super) fn columns(&self, out: &mut Vec<u32>) {
        match self {
            Choice::Column(place)
            | Choice::Write(_, place, _)
            | Choice::Element(place, _)
            | Choice::Slice(place, ..) => out.push(*place),
            Choice::Constant(_) | Choice::Gathered(_) => {}
            Choice::Field(of, _) => of.columns(out),
            Choice::Call(_, _, arguments) => arguments.iter().for_each(|choice| choice.columns(out)),
        }
    }

    /// Its value in one row, or beside aggregates that met none.
    pub(super) fn value(&self, row: Option<&RowView<'_>>, known: Known<'_>) -> Result<Option<Bytes>, Error> {
        let constant = |at: u32| known.constants.get(at as usize).cloned().flatten();
        match self {
            Choice::Constant(at) => return Ok(constant(*at)),
            Choice::Gathered(at) => return Ok(known.gathered.get(*at as usize).cloned().flatten()),
            Choice::Call(function, name, arguments) => {
                let bound = arguments.iter().map(|choice| choice.value(row, known)).collect::<Result<Vec<_>, _>>()?;
                let arguments: Vec<Option<&[u8]>> = bound.iter().map(Option::as_deref).collect();
                return Ok(function.pure(name, &arguments)?.map(Into::into));
            }
            Choice::Field(of, at) => {
                let whole = of.value(row, known)?;
                return Ok(whole.and_then(|whole| values::fields(&whole).nth(*at).flatten().map(Into::into)));
            }
            _ => {}
        }
        let Some(row) = row else { return Ok(None) };
        let column = |place: u32| row.table.columns().get(place as usize);
        Ok(match self {
            Choice::Column(place) => column(*place).and_then(|column| row.value(column)),
            Choice::Write(fact, place, part) => column(*place).and_then(|column| {
                let wanted: Option<Bytes> = match part {
                    Part::Whole => None,
                    Part::Element(at) => {
                        Some(comparable::encode([(key_type(&column.ty)?, false, &*constant(*at)?)]).into())
                    }
                    Part::Field(at) => Some(field_path(*at)),
                };
                let cells = row.cells(column);
                let at = |wanted: &Bytes| cells.iter().find(|(path, _)| path.is_some_and(|path| **path == **wanted));
                let several = wanted.is_none() && column.ty.is_multi_cell();
                let found: Vec<Option<&Cell>> = match (&column.ty, &wanted) {
                    (_, Some(wanted)) => at(wanted).map(|(_, cell)| Some(*cell)).into_iter().collect(),
                    // Of every field, also of one that is null, if there is any.
                    (Type::Udt(udt), None) if !cells.is_empty() => {
                        let fields = 0..udt.fields.len() as u16;
                        fields.map(|field| at(&field_path(field)).map(|(_, cell)| *cell)).collect()
                    }
                    (_, None) => cells.iter().map(|(_, cell)| Some(*cell)).collect(),
                };
                written(*fact, &found, several, row.now)
            }),
            Choice::Element(place, key) => {
                let (Some(column), Some(key)) = (column(*place), constant(*key)) else { return Ok(None) };
                let Some(value) = row.value(column) else { return Ok(None) };
                let order = |value: &[u8]| key_type(&column.ty).map(|ty| comparable::encode([(ty, false, value)]));
                let wanted = order(&key);
                // A server gives up behind the place where it would be: one that was bound unsorted may have it and not show it.
                let ahead = |have: &[u8]| order(have) <= wanted;
                match column.ty.thawed() {
                    Type::Map(_) => values::entries(&value)
                        .take_while(|(have, _)| ahead(have))
                        .find(|(have, _)| **have == *key)
                        .map(|(_, item)| item.into()),
                    _ => values::elements(&value)
                        .take_while(|have| ahead(have))
                        .find(|have| **have == *key)
                        .map(Into::into),
                }
            }
            Choice::Slice(place, from, to) => {
                let Some(column) = column(*place) else { return Ok(None) };
                let (Some(value), Some(ty)) = (row.value(column), key_type(&column.ty)) else { return Ok(None) };
                let order = |value: &[u8]| comparable::encode([(ty, false, value)]);
                let end = |at: &Option<u32>| at.and_then(constant).map(|value| order(&value));
                let (from, to) = (end(from), end(to));
                let before = |key: &[u8]| from.as_ref().is_some_and(|from| order(key) < *from);
                // The last one ends it, and so does one behind it, which only stands before others where they were bound unsorted.
                let mut last = false;
                let mut inside = |key: &[u8]| {
                    let goes_on = !last;
                    let Some(to) = &to else { return true };
                    let key = order(key);
                    last = key >= *to;
                    goes_on && key <= *to
                };
                // Of cells nothing is null, as of the whole; of a frozen value it is an empty one.
                let nothing = column.ty.is_multi_cell();
                match column.ty.thawed() {
                    Type::Map(_) => {
                        let kept: Vec<_> = values::entries(&value)
                            .skip_while(|(key, _)| before(key))
                            .take_while(|(key, _)| inside(key))
                            .collect();
                        (!kept.is_empty() || !nothing).then(|| values::map(kept.into_iter()).into())
                    }
                    _ => {
                        let kept: Vec<_> = values::elements(&value)
                            .skip_while(|item| before(item))
                            .take_while(|item| inside(item))
                            .collect();
                        (!kept.is_empty() || !nothing).then(|| values::collection(kept.into_iter()).into())
                    }
                }
            }
            Choice::Constant(_) | Choice::Gathered(_) | Choice::Call(..) | Choice::Field(..) => None,
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
fn written(fact: WriteFact, cells: &[Option<&Cell>], several: bool, now: i64) -> Option<Bytes> {
    let fact_of = |cell: &Cell| -> Option<Vec<u8>> {
        match (fact, &cell.content) {
            (WriteFact::WriteTime | WriteFact::MaxWriteTime, _) => Some(cell.timestamp.to_be_bytes().to_vec()),
            (WriteFact::Ttl, Content::Expiring(_, expiry)) => Some(((expiry.at - now) as i32).to_be_bytes().to_vec()),
            (WriteFact::Ttl, Content::Live(_) | Content::Dead { .. }) => None,
        }
    };
    if fact == WriteFact::MaxWriteTime {
        return cells.iter().flatten().max_by_key(|cell| cell.timestamp).and_then(|cell| fact_of(cell)).map(Into::into);
    }
    let facts: Vec<Option<Vec<u8>>> = cells.iter().map(|cell| cell.and_then(fact_of)).collect();
    if !several {
        return facts.into_iter().next().flatten().map(Into::into);
    }
    // A list may hold nulls here, so it is laid out as a tuple behind its count.
    let mut out = (facts.len() as i32).to_be_bytes().to_vec();
    out.extend(values::tuple(facts.iter().map(Option::as_deref)));
    (!facts.is_empty()).then(|| out.into())
}
