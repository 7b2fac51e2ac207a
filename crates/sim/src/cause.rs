//! Why a machine does later what it does.

use alloc::rc::Rc;
use core::cell::Cell;

/// A machine that will go on later (a timer, a hint) keeps one of these from when it began. Which event it stands for only
/// the recorder knows, so that is filled in when the step's effects are performed. Nothing is decided by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause(Option<Rc<Cell<Option<u32>>>>);

impl Cause {
    pub(crate) fn open() -> Cause {
        Cause(Some(Rc::default()))
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    /// The recorder says which event it is.
    pub fn set(&self, event: Option<u32>) {
        if let Some(cell) = &self.0 {
            cell.set(event);
        }
    }

    /// Which event it is, if anybody recorded it.
    #[must_use]
    pub fn get(&self) -> Option<u32> {
        self.0.as_ref().and_then(|cell| cell.get())
    }
}
