//! What a term that is no constant comes to, once values and time are known.

use super::{Binding, Bound, Computed, Term, invalid};
use crate::{request::Error, values};
use alloc::{format, vec::Vec};
use storage::{Bytes, order};

impl Computed {
    pub(super) fn bind(&self, binding: &mut Binding<'_, '_>) -> Result<Bound, Error> {
        let element = |term: &Term, binding: &mut Binding<'_, '_>| match term.bind(binding)? {
            Bound::Value(value) => Ok(Some(value)),
            Bound::Null => invalid("null is not supported inside collections".into()),
            Bound::Unset => Ok(None),
        };
        let value = match self {
            Computed::List(items) => {
                let items = items.iter().map(|item| element(item, binding)).collect::<Result<Option<Vec<_>>, _>>()?;
                let Some(items) = items else { return Ok(Bound::Unset) };
                values::collection(items.iter().map(|item| &**item))
            }
            Computed::Set(ty, items) => {
                let items = items.iter().map(|item| element(item, binding)).collect::<Result<Option<Vec<_>>, _>>()?;
                let Some(mut items) = items else { return Ok(Bound::Unset) };
                order::sort_by_cached_key(&mut items, |item| crate::comparable::encode([(ty, false, &**item)]));
                items.dedup();
                values::collection(items.iter().map(|item| &**item))
            }
            Computed::Map(ty, entries) => {
                let mut bound = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    let (Some(key), Some(value)) = (element(key, binding)?, element(value, binding)?) else {
                        return Ok(Bound::Unset);
                    };
                    let order = crate::comparable::encode([(ty, false, &*key)]);
                    bound.push((order, key, value));
                }
                // Of one key written twice the later value counts.
                bound.reverse();
                order::sort_by(&mut bound, |a: &(Vec<u8>, Bytes, Bytes), b| a.0.cmp(&b.0));
                bound.dedup_by(|later, kept| later.0 == kept.0);
                values::map(bound.iter().map(|(_, k, v)| (&**k, &**v)))
            }
            Computed::Tuple(items) => {
                let mut bound = Vec::with_capacity(items.len());
                for item in items {
                    bound.push(match item.bind(binding)? {
                        Bound::Value(value) => Some(value),
                        Bound::Null => None,
                        Bound::Unset => return invalid("Invalid unset value for tuple field".into()),
                    });
                }
                values::tuple(bound.iter().map(Option::as_deref))
            }
            Computed::Vector(ty, items) => {
                let items = items.iter().map(|item| element(item, binding)).collect::<Result<Option<Vec<_>>, _>>()?;
                let Some(items) = items else { return Ok(Bound::Unset) };
                values::vector(ty, items.iter().map(|item| &**item))
            }
            Computed::Call(function, name, arguments) => {
                let mut bound = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    bound.push(match argument.bind(binding)? {
                        Bound::Value(value) => Some(value),
                        Bound::Null => None,
                        Bound::Unset => {
                            return invalid(format!("Invalid unset value for argument in call to function {name}"));
                        }
                    });
                }
                let arguments: Vec<Option<&[u8]>> = bound.iter().map(Option::as_deref).collect();
                match function.call(name, &arguments, &mut binding.clock)? {
                    Some(value) => value,
                    None => return Ok(Bound::Null),
                }
            }
            Computed::Part(tuple, at) => {
                let Bound::Value(tuple) = tuple.bind(binding)? else { return Ok(Bound::Null) };
                return Ok(values::fields(&tuple)
                    .nth(*at)
                    .flatten()
                    .map_or(Bound::Null, |field| Bound::Value(field.into())));
            }
            Computed::Entry(entry) => return entry.bind(binding),
            Computed::Present => binding.clock.moment.millis().to_be_bytes().to_vec(),
        };
        Ok(Bound::Value(value.into()))
    }
}
