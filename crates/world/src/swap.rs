//! `--@ swap`: two messages in flight land at each other's time.

use crate::world::{Error, Unswapped};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use scenario::MessageName;
use sim::{Queue, Ticket};
use trace::EventId;

/// The swaps of a run, and what is known of their messages so far. Empty, it costs nothing and knows nothing.
#[derive(Debug, Default)]
pub(crate) struct Swaps {
    wanted: Vec<(MessageName, MessageName)>,
    done: Vec<(MessageName, MessageName)>,
    /// The statement that each event comes of; 0 is none.
    whose: Vec<u32>,
    /// How many messages each statement has led to.
    sent: BTreeMap<u32, u32>,
    /// Where those wait that a swap speaks of.
    waiting: BTreeMap<MessageName, Ticket>,
}

impl Swaps {
    pub fn new(wanted: &[(MessageName, MessageName)]) -> Swaps {
        Swaps { wanted: wanted.to_vec(), ..Swaps::default() }
    }

    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// An event was noted: it comes of what its cause comes of, or begins a statement.
    pub fn noted(&mut self, event: EventId, cause: Option<EventId>, begins: Option<u32>) {
        let of = cause.and_then(|cause| self.whose.get(cause.index()).copied());
        self.whose.resize(event.index(), 0);
        self.whose.push(begins.or(of).unwrap_or(0));
    }

    /// A message was sent, and the network had its say.
    pub fn sent(&mut self, sent: EventId) -> Option<MessageName> {
        let statement = self.whose.get(sent.index()).copied().filter(|statement| *statement > 0)?;
        let count = self.sent.entry(statement).or_default();
        *count += 1;
        let name = MessageName { statement, number: *count };
        self.wanted.iter().any(|(one, other)| *one == name || *other == name).then_some(name)
    }

    /// A message that a swap speaks of waits in the queue; if the other one does too, they change places.
    pub fn waits<T>(&mut self, name: MessageName, ticket: Ticket, queue: &mut Queue<T>) {
        self.waiting.insert(name, ticket);
        for (one, other) in &self.wanted {
            if *one != name && *other != name {
                continue;
            }
            let (Some(a), Some(b)) = (self.waiting.get(one).copied(), self.waiting.get(other).copied()) else {
                continue;
            };
            if queue.exchange(a, b) {
                self.done.push((*one, *other));
                self.waiting.insert(*one, b);
                self.waiting.insert(*other, a);
            }
        }
    }

    /// A swap that did not happen, and why.
    pub fn undone(&self) -> Option<Error> {
        let (one, other) = *self.wanted.iter().find(|swap| !self.done.contains(swap))?;
        let missing = [one, other].into_iter().find(|name| !self.waiting.contains_key(name));
        let why =
            missing.map_or(Unswapped::Landed, |name| match self.sent.get(&name.statement).copied().unwrap_or(0) {
                sent if sent >= name.number => Unswapped::Lost(name),
                sent => Unswapped::Unsent(name, sent),
            });
        Some(Error::Swap(one, other, why))
    }
}
