//! Functions of collections, and collections made of arguments.

use crate::{
    comparable,
    select::{Aggregate, Gathering},
    types::Type,
    values,
};
use alloc::{string::String, vec::Vec};
use storage::order;

/// How many elements or entries.
pub(super) fn count(ty: &Type, value: &[u8]) -> i32 {
    let count = match ty.thawed() {
        Type::Map(_) => values::entries(value).count(),
        _ => values::elements(value).count(),
    };
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// An aggregate over the elements.
pub(super) fn gather(aggregate: &Aggregate, value: &[u8]) -> Option<Vec<u8>> {
    let mut gathering = Gathering::default();
    values::elements(value).for_each(|item| gathering.take(aggregate, Some(&item.into()), false));
    gathering.finish(aggregate).map(|value| value.to_vec())
}

/// The keys of a map, as a set.
pub(super) fn keys(value: &[u8]) -> Vec<u8> {
    let keys: Vec<&[u8]> = values::entries(value).map(|(key, _)| key).collect();
    values::collection(keys.into_iter())
}

/// The values of a map, as a list.
pub(super) fn values(value: &[u8]) -> Vec<u8> {
    let items: Vec<&[u8]> = values::entries(value).map(|(_, item)| item).collect();
    values::collection(items.into_iter())
}

/// A collection or tuple; of a map keys and values take turns.
pub(super) fn make(ty: &Type, arguments: &[Option<&[u8]>]) -> Result<Option<Vec<u8>>, String> {
    let all = || {
        let null = || String::from("null is not supported inside collections");
        arguments.iter().copied().collect::<Option<Vec<&[u8]>>>().ok_or_else(null)
    };
    Ok(Some(match ty.thawed() {
        Type::Set(element) => {
            let mut items = all()?;
            order::sort_by_cached_key(&mut items, |item| comparable::encode([(&**element, false, *item)]));
            items.dedup();
            values::collection(items.into_iter())
        }
        Type::Map(kv) => {
            let order = |key: &[u8]| comparable::encode([(&kv.0, false, key)]);
            let items = all()?;
            let mut entries: Vec<(Vec<u8>, &[u8], &[u8])> =
                items.chunks_exact(2).map(|pair| (order(pair[0]), pair[0], pair[1])).collect();
            order::sort_by(&mut entries, |a: &(Vec<u8>, &[u8], &[u8]), b| a.0.cmp(&b.0));
            entries.dedup_by(|later, kept| later.0 == kept.0);
            values::map(entries.iter().map(|(_, key, item)| (*key, *item)))
        }
        Type::Vector(element, _) => values::vector(element, all()?.into_iter()),
        Type::Tuple(_) | Type::Udt(_) => values::tuple(arguments.iter().copied()),
        _ => values::collection(all()?.into_iter()),
    }))
}
