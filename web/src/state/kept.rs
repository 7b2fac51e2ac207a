//! What is work to find, and is asked for at every step.

use std::cell::RefCell;

/// The last result of some work, and what it was found from.
#[derive(Clone, Debug)]
pub(crate) struct Kept<From, Found>(RefCell<Option<(From, Found)>>);

impl<From, Found> Default for Kept<From, Found> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<From: PartialEq, Found: Clone> Kept<From, Found> {
    /// What is found from this: what it was, when it is asked again.
    pub fn of(&self, from: From, find: impl FnOnce(&From) -> Found) -> Found {
        if let Some((known, found)) = &*self.0.borrow()
            && *known == from
        {
            return found.clone();
        }
        let found = find(&from);
        *self.0.borrow_mut() = Some((from, found.clone()));
        found
    }
}
