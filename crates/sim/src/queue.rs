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
    slots: Vec<Option<(u64, T)>>,
    free: Vec<u32>,
    arrivals: u64,
}

/// An item's place in a [`Queue`], for as long as it waits there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    slot: u32,
    arrival: u64,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Queue { heap: BinaryHeap::new(), slots: Vec::new(), free: Vec::new(), arrivals: 0 }
    }
}

impl<T> Queue<T> {
    /// Put an item in. `None` when four thousand million items wait already: then it is not queued.
    pub fn push(&mut self, due: Time, item: T) -> Option<Ticket> {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => match u32::try_from(self.slots.len()) {
                Ok(slot) => {
                    self.slots.push(None);
                    slot
                }
                Err(_) => return None,
            },
        };
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = Some((self.arrivals, item));
        }
        let ticket = Ticket { slot, arrival: self.arrivals };
        self.heap.push(Reverse((due, self.arrivals, slot)));
        self.arrivals += 1;
        Some(ticket)
    }

    /// Let two items that wait change places: each is due when the other was. False, and nothing is done, when one of them
    /// waits no longer.
    pub fn exchange(&mut self, one: Ticket, other: Ticket) -> bool {
        let waits = |ticket: &Ticket| {
            self.slots.get(ticket.slot as usize).and_then(Option::as_ref).is_some_and(|(at, _)| *at == ticket.arrival)
        };
        if !waits(&one) || !waits(&other) || one.slot == other.slot {
            return false;
        }
        let (a, b) = (one.slot.min(other.slot) as usize, one.slot.max(other.slot) as usize);
        let (head, tail) = self.slots.split_at_mut(b);
        if let (Some(Some((_, one))), Some(Some((_, other)))) = (head.get_mut(a), tail.first_mut()) {
            core::mem::swap(one, other);
        }
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
        let (_, item) = self.slots.get_mut(slot as usize)?.take()?;
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
        self.slots.iter().flatten().map(|(_, item)| item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_due_time_then_by_arrival() {
        let mut queue = Queue::default();
        for (due, item) in [(5, 'c'), (1, 'a'), (5, 'd'), (1, 'b')] {
            assert!(queue.push(Time(due), item).is_some());
        }
        assert_eq!(queue.due(), Some(Time(1)));
        let order: alloc::string::String = core::iter::from_fn(|| queue.pop().map(|(_, item)| item)).collect();
        assert_eq!(order, "abcd");
        assert!(queue.is_empty());
    }

    #[test]
    fn two_that_wait_change_places() {
        let mut queue = Queue::default();
        let [a, _, c] = [(1, 'a'), (2, 'b'), (3, 'c')].map(|(due, item)| queue.push(Time(due), item).unwrap());
        assert!(queue.exchange(a, c));
        assert!(!queue.exchange(a, a));
        let order: alloc::vec::Vec<_> = core::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, [(Time(1), 'c'), (Time(2), 'b'), (Time(3), 'a')]);
        let d = queue.push(Time(4), 'd').unwrap();
        assert!(!queue.exchange(a, d), "a's slot is another's now");
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
