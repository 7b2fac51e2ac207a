//! What is work to find, and is asked for at every step.

use std::{cell::RefCell, rc::Rc};

/// Whether two texts are alike. Mostly they are one, and then nothing of a long one is read: `Rc` itself would read it.
pub fn same(a: &Rc<str>, b: &Rc<str>) -> bool {
    Rc::ptr_eq(a, b) || a == b
}

/// A text, compared so.
#[derive(Clone, Debug)]
pub(crate) struct Text(pub Rc<str>);

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }
}

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
