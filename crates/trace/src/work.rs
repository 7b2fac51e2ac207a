//! Work that can be left and taken up again, so that whoever waits for it is never kept long.

use alloc::vec::Vec;
use core::mem::swap;

/// How much may still be done before the caller is asked again. A unit is about what it takes to look at one entry of a
/// list, tens of nanoseconds; whoever works says how much it was.
pub(crate) struct Work(pub u32);

impl Work {
    pub fn spend(&mut self, units: usize) {
        self.0 = self.0.saturating_sub(u32::try_from(units).unwrap_or(u32::MAX));
    }

    pub fn over(&self) -> bool {
        self.0 == 0
    }
}

/// A stable merge sort, upwards from single entries. A list that is sorted already is only looked at.
#[derive(Debug, Default)]
pub(crate) struct Sorting<T> {
    from: Vec<T>,
    to: Vec<T>,
    /// How long sorted runs are by now; 0 while the list may be sorted as it is.
    width: usize,
    /// Of the two runs that are being merged: where the first begins, and what is next of each.
    start: usize,
    left: usize,
    right: usize,
}

impl<T: Copy> Sorting<T> {
    pub fn new(list: Vec<T>) -> Sorting<T> {
        Sorting { from: list, to: Vec::new(), width: 0, start: 0, left: 0, right: 0 }
    }

    /// Goes on; the sorted list when there is nothing more to do.
    pub fn step(&mut self, work: &mut Work, less: impl Fn(&T, &T) -> bool) -> Option<Vec<T>> {
        if self.width == 0 {
            while let Some([a, b]) = self.from.get(self.left..self.left + 2) {
                if less(b, a) {
                    self.width = 1;
                    self.to.reserve_exact(self.from.len());
                    self.begin(0);
                    break;
                }
                if work.over() {
                    return None;
                }
                work.spend(1);
                self.left += 1;
            }
        }
        while (1..self.from.len()).contains(&self.width) {
            while self.start < self.from.len() {
                let middle = self.from.len().min(self.start + self.width);
                let end = self.from.len().min(middle + self.width);
                let left = self.from.get(self.left..middle).and_then(|rest| rest.first());
                let right = self.from.get(self.right..end).and_then(|rest| rest.first());
                match (left, right) {
                    (Some(left), Some(right)) if less(right, left) => {
                        self.to.push(*right);
                        self.right += 1;
                    }
                    (Some(left), _) => {
                        self.to.push(*left);
                        self.left += 1;
                    }
                    (None, Some(right)) => {
                        self.to.push(*right);
                        self.right += 1;
                    }
                    (None, None) => self.begin(end),
                }
                if work.over() {
                    return None;
                }
                work.spend(1);
            }
            swap(&mut self.from, &mut self.to);
            self.to.clear();
            self.width *= 2;
            self.begin(0);
        }
        Some(core::mem::take(&mut self.from))
    }

    fn begin(&mut self, start: usize) {
        (self.start, self.left) = (start, start);
        self.right = self.from.len().min(start + self.width);
    }
}

#[cfg(test)]
mod tests {
    use super::{Sorting, Work};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_a_stable_sort_does_however_it_is_sliced(
            list in prop::collection::vec((0..9u8, 0..99u8), 0..70),
            slice in 1..20u32,
        ) {
            let mut sorting = Sorting::new(list.clone());
            let mut steps = 0;
            let sorted = loop {
                steps += 1;
                if let Some(sorted) = sorting.step(&mut Work(slice), |a, b| a.0 < b.0) {
                    break sorted;
                }
            };
            let mut expected = list.clone();
            expected.sort_by_key(|entry| entry.0);
            prop_assert_eq!(sorted, expected);
            // Seven times through at most, an entry and the ends of its runs each time.
            prop_assert!((steps - 1) * slice <= list.len() as u32 * 16, "{} steps", steps);
        }
    }
}
