//! Putting things in order, compiled once.
//!
//! `slice::sort_by` is compiled anew for every type and every comparison, and each is 4 to 5 KB of wasm: where what is sorted is
//! seldom long, one sort of positions serves all of them for a few hundred bytes each.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// The positions `0..len` in the order of what stands there; equal ones keep theirs. O(n log n).
pub fn positions(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(len).unwrap_or(u32::MAX)).collect();
    order.sort_by(|a, b| compare(*a as usize, *b as usize));
    order
}

/// Sorts; equal items keep their order. O(n log n), and O(n) when they are in order already.
pub fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    if items.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return;
    }
    let order = positions(items.len(), &|a, b| compare(&items[a], &items[b]));
    apply(items, &order);
}

/// Sorts by keys that are costly to find: each is found once.
pub fn sort_by_cached_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    apply(items, &positions(keys.len(), &|a, b| keys[a].cmp(&keys[b])));
}

fn apply<T>(items: &mut Vec<T>, order: &[u32]) {
    let mut loose: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.iter().filter_map(|at| loose.get_mut(*at as usize)?.take()));
}

/// Sorts, and leaves one of each.
pub fn sort_dedup<T: Ord>(items: &mut Vec<T>) {
    sort_by(items, T::cmp);
    items.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_stable_sort(mut items in prop::collection::vec((0..9u8, 0..200u8), 0..60)) {
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            sort_by(&mut items, |a, b| a.0.cmp(&b.0));
            prop_assert_eq!(items, expected);
        }
    }

    #[test]
    fn one_of_each_is_left() {
        let mut items = vec![3, 1, 3, 2, 1];
        sort_dedup(&mut items);
        assert_eq!(items, [1, 2, 3]);
        assert_eq!(positions(3, &|a, b| b.cmp(&a)), [2, 1, 0]);
    }
}
