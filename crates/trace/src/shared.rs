//! Bytes that several read and nobody copies.

use alloc::{rc::Rc, vec::Vec};
use capnp::Word;
use core::{fmt, ops::Deref};

/// Bytes that begin where a word begins, or a part of them that does: a message in them is read where it lies. A copy of
/// this shares them.
#[derive(Clone, Default)]
pub struct Shared {
    words: Rc<Vec<Word>>,
    from: usize,
    to: usize,
}

impl Shared {
    /// So many bytes, which `fill` writes: the one copy that it takes to get them here.
    pub fn filled(len: usize, fill: impl FnOnce(&mut [u8])) -> Shared {
        let mut words = Word::allocate_zeroed_vec(len.div_ceil(8));
        if let Some(bytes) = Word::words_to_bytes_mut(&mut words).get_mut(..len) {
            fill(bytes);
        }
        Shared { words: Rc::new(words), from: 0, to: len }
    }

    /// A part of these bytes, which shares them. One that begins where no word does is copied.
    #[must_use]
    pub fn part(&self, part: &[u8]) -> Shared {
        let start = (part.as_ptr() as usize).checked_sub(self.as_ptr() as usize);
        let from =
            start.map(|start| self.from + start).filter(|from| from.is_multiple_of(8) && from + part.len() <= self.to);
        match from {
            Some(from) => Shared { words: Rc::clone(&self.words), from, to: from + part.len() },
            None => Shared::from(part),
        }
    }
}

impl From<&[u8]> for Shared {
    fn from(bytes: &[u8]) -> Shared {
        Shared::filled(bytes.len(), |to| to.copy_from_slice(bytes))
    }
}

impl Deref for Shared {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        Word::words_to_bytes(&self.words).get(self.from..self.to).unwrap_or_default()
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::Shared;
    use alloc::vec::Vec;

    #[test]
    fn a_part_lies_where_it_lay_and_another_s_is_copied() {
        let whole = Shared::from(&(0..40).collect::<Vec<u8>>()[..]);
        let part = whole.part(&whole[8..20]);
        assert_eq!(part[..], whole[8..20]);
        assert_eq!(part.as_ptr(), whole[8..].as_ptr());
        let again = part.part(&part[8..]);
        assert_eq!((again[0], again.as_ptr()), (16, whole[16..].as_ptr()));
        let odd = whole.part(&whole[3..9]);
        assert_eq!(odd[..], whole[3..9]);
        assert_ne!(odd.as_ptr(), whole[3..].as_ptr());
        let foreign = [7; 3];
        assert_eq!(part.part(&foreign)[..], foreign);
        assert!(whole.part(&[]).is_empty());
    }
}
