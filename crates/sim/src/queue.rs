//! What is due next.

use crate::Time;
use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;

/// Items ordered by (due time, arrival): of two that are due at once the one queued first comes first, so that ties are
/// broken on purpose. The heap moves small keys; items stay put in a slab. O(log n) per item.
#[derive(Clone, Debug)]
pub struct Queue<T> {
    heap: BinaryHeap<Reverse<(Time, u64, u32)>>,
    slots: Vec<Option<T>>,
    free: Vec<u32>,
    arrivals: u64,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Queue { heap: BinaryHeap::new(), slots: Vec::new(), free: Vec::new(), arrivals: 0 }
    }
}

impl<T> Queue<T> {
    /// Put an item in. False when four thousand million items wait already: then it is not queued.
    pub fn push(&mut self, due: Time, item: T) -> bool {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => match u32::try_from(self.slots.len()) {
                Ok(slot) => {
                    self.slots.push(None);
                    slot
                }
                Err(_) => return false,
            },
        };
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = Some(item);
        }
        self.heap.push(Reverse((due, self.arrivals, slot)));
        self.arrivals += 1;
        true
    }

    /// When the next item is due.
    #[must_use]
    pub fn due(&self) -> Option<Time> {
        self.heap.peek().map(|Reverse((due, ..))| *due)
    }

    /// Take the next item.
    pub fn pop(&mut self) -> Option<(Time, T)> {
        let Reverse((due, _, slot)) = self.heap.pop()?;
        self.free.push(slot);
        let item = self.slots.get_mut(slot as usize)?.take()?;
        Some((due, item))
    }

    /// How many items wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Every item that waits, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.slots.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_due_time_then_by_arrival() {
        let mut queue = Queue::default();
        for (due, item) in [(5, 'c'), (1, 'a'), (5, 'd'), (1, 'b')] {
            assert!(queue.push(Time(due), item));
        }
        assert_eq!(queue.due(), Some(Time(1)));
        let order: alloc::string::String = core::iter::from_fn(|| queue.pop().map(|(_, item)| item)).collect();
        assert_eq!(order, "abcd");
        assert!(queue.is_empty());
    }

    #[test]
    fn slots_are_used_again() {
        let mut queue = Queue::default();
        for round in 0..100 {
            queue.push(Time(round), round);
            queue.pop();
        }
        assert_eq!(queue.slots.len(), 1);
    }
}
