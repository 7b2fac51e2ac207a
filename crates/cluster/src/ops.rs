//! What a coordinator is in the middle of.

use crate::paxos::PaxosOp;
use crate::read::ReadOp;
use crate::schema::SchemaOp;
use crate::truncate::TruncateOp;
use crate::write::WriteOp;
use alloc::boxed::Box;
use alloc::collections::VecDeque;

/// One operation.
#[derive(Debug)]
pub(crate) enum Op {
    /// Writes, hints among them.
    Write(WriteOp),
    /// A read, with the repair it may lead to.
    Read(Box<ReadOp>),
    /// A lightweight transaction, until it is committed, or a serial read.
    Paxos(Box<PaxosOp>),
    /// A schema change that waits for other nodes.
    Schema(SchemaOp),
    /// A table that is being emptied.
    Truncate(TruncateOp),
}

/// Operations by number. Numbers only go up and operations live for seconds, so they stand in a window that slides:
/// O(1) to add, find and remove.
#[derive(Debug, Default)]
pub(crate) struct Ops {
    first: u64,
    window: VecDeque<Slot>,
}

#[derive(Debug)]
enum Slot {
    /// Done; the window slides over it.
    Done,
    /// Taken out to be worked on; it comes back or is removed.
    Out,
    Here(Op),
}

impl Ops {
    /// The number the next operation gets.
    pub(crate) fn next(&self) -> u64 {
        self.first + self.window.len() as u64
    }

    pub(crate) fn add(&mut self, op: Op) -> u64 {
        let number = self.next();
        self.window.push_back(Slot::Here(op));
        number
    }

    fn slot(&mut self, number: u64) -> Option<&mut Slot> {
        let at = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.window.get_mut(at)
    }

    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut Op> {
        match self.slot(number)? {
            Slot::Here(op) => Some(op),
            Slot::Out | Slot::Done => None,
        }
    }

    pub(crate) fn has(&self, number: u64) -> bool {
        let at = number.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.window.get(at)).is_some_and(|slot| !matches!(slot, Slot::Done))
    }

    /// Take one out to work on it; [`Ops::put`] or [`Ops::remove`] follows.
    pub(crate) fn take(&mut self, number: u64) -> Option<Op> {
        match core::mem::replace(self.slot(number)?, Slot::Out) {
            Slot::Here(op) => Some(op),
            other => {
                if let Some(slot) = self.slot(number) {
                    *slot = other;
                }
                None
            }
        }
    }

    /// Put one back that was taken out.
    pub(crate) fn put(&mut self, number: u64, op: Op) {
        if let Some(slot) = self.slot(number) {
            *slot = Slot::Here(op);
        }
    }

    pub(crate) fn remove(&mut self, number: u64) -> Option<Op> {
        let slot = core::mem::replace(self.slot(number)?, Slot::Done);
        while self.window.pop_front_if(|slot| matches!(slot, Slot::Done)).is_some() {
            self.first += 1;
        }
        match slot {
            Slot::Here(op) => Some(op),
            Slot::Out | Slot::Done => None,
        }
    }

    /// The process died: nobody remembers any of it. Numbers go on, so that late answers find nothing.
    pub(crate) fn clear(&mut self) {
        self.first = self.next();
        self.window.clear();
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Op> {
        self.window.iter().filter_map(|slot| match slot {
            Slot::Here(op) => Some(op),
            Slot::Out | Slot::Done => None,
        })
    }
}
