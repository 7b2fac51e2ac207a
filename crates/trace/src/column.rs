//! One column, wherever it lives.

use capnp::{primitive_list, private::layout::PrimitiveElement};
use core::ops::Deref;

/// A column in memory or in a received message; either way it is a slice.
#[derive(Clone, Copy)]
pub(crate) enum Column<'a, T: PrimitiveElement> {
    Slice(&'a [T]),
    /// Known to lend a slice: see [`Column::list`].
    List(primitive_list::Reader<'a, T>),
}

impl<'a, T: PrimitiveElement> Column<'a, T> {
    /// A list of a message, if it is laid out as a slice is.
    pub fn list(list: primitive_list::Reader<'a, T>) -> Option<Column<'a, T>> {
        list.as_slice()?;
        Some(Column::List(list))
    }
}

impl<T: PrimitiveElement> Deref for Column<'_, T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        match self {
            Column::Slice(slice) => slice,
            Column::List(list) => list.as_slice().unwrap_or_default(),
        }
    }
}

impl<T: PrimitiveElement> Default for Column<'_, T> {
    fn default() -> Self {
        Column::Slice(&[])
    }
}

impl<T: PrimitiveElement> core::fmt::Debug for Column<'_, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Column of {}", self.len())
    }
}
