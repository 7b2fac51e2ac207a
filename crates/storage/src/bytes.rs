//! Byte strings: values, keys, paths. Most are a few bytes long; those lie in place and cost no allocation.

use alloc::{rc::Rc, vec::Vec};
use core::{borrow::Borrow, cmp::Ordering, fmt, ops::Deref};

/// The longest that lies in place: with a tag and a length that is three words. On 64 bits a UUID, a number, a short name.
const SHORT: usize = 3 * size_of::<usize>() - 2;

/// Immutable bytes, cheap to clone.
#[derive(Clone)]
pub struct Bytes(Repr);

#[derive(Clone)]
enum Repr {
    Short(u8, [u8; SHORT]),
    Long(Rc<[u8]>),
}

impl Bytes {
    /// These bytes in place, if they fit.
    fn short(bytes: &[u8]) -> Option<Self> {
        let mut place = [0; SHORT];
        place.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self(Repr::Short(bytes.len() as u8, place)))
    }
}

impl Deref for Bytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Repr::Short(length, place) => place.get(..usize::from(*length)).unwrap_or_default(),
            Repr::Long(bytes) => bytes,
        }
    }
}

impl Borrow<[u8]> for Bytes {
    fn borrow(&self) -> &[u8] {
        self
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Default for Bytes {
    fn default() -> Self {
        Self(Repr::Short(0, [0; SHORT]))
    }
}

impl From<&[u8]> for Bytes {
    #[inline]
    fn from(bytes: &[u8]) -> Self {
        Self::short(bytes).unwrap_or_else(|| Self(Repr::Long(bytes.into())))
    }
}

impl<const N: usize> From<[u8; N]> for Bytes {
    #[inline]
    fn from(bytes: [u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(bytes.as_slice())
    }
}

/// Long text is shared, not copied.
impl From<Rc<str>> for Bytes {
    fn from(text: Rc<str>) -> Self {
        Self::short(text.as_bytes()).unwrap_or_else(|| Self(Repr::Long(text.into())))
    }
}

impl FromIterator<u8> for Bytes {
    fn from_iter<I: IntoIterator<Item = u8>>(bytes: I) -> Self {
        Self::from(Vec::from_iter(bytes))
    }
}

impl PartialEq for Bytes {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Bytes {}

impl PartialOrd for Bytes {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bytes {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_are_one_type_of_three_words() {
        assert_eq!(size_of::<Bytes>(), 3 * size_of::<usize>());
        let all: Vec<u8> = (0..60).collect();
        let mut last = Bytes::default();
        for length in 1..=all.len() {
            let bytes = Bytes::from(&all[..length]);
            assert_eq!((&*bytes, bytes.clone()), (&all[..length], all[..length].to_vec().into()));
            assert!(last < bytes);
            last = bytes;
        }
    }

    #[test]
    fn text_is_its_bytes() {
        for text in ["", "short", "a text that is longer than what lies in place"] {
            assert_eq!(&*Bytes::from(Rc::<str>::from(text)), text.as_bytes());
        }
    }
}
