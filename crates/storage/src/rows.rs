//! The rows of a partition, by clustering key. Most partitions of most mutations hold one row, which lies in place and
//! costs no allocation; a few are a sorted vector; many are a tree.

use crate::{Bytes, Row};
use alloc::{collections::BTreeMap, collections::btree_map, vec, vec::Vec};
use core::ops::Bound;

/// More rows than this become a tree.
const FEW: usize = 32;

/// Rows in clustering order.
#[derive(Clone, Default)]
pub struct Rows(Repr);

#[derive(Clone, Default)]
enum Repr {
    #[default]
    None,
    One((Bytes, Row)),
    Few(Vec<(Bytes, Row)>),
    Many(BTreeMap<Bytes, Row>),
}

impl Rows {
    /// No rows.
    pub const fn new() -> Self {
        Self(Repr::None)
    }

    /// A single row.
    pub fn one(key: Bytes, row: Row) -> Self {
        Self(Repr::One((key, row)))
    }

    /// Rows that are already in strictly ascending order.
    pub(crate) fn from_sorted(mut rows: Vec<(Bytes, Row)>) -> Self {
        debug_assert!(rows.is_sorted_by(|a, b| a.0 < b.0));
        match rows.len() {
            0 => Self::new(),
            1 => rows.pop().map_or_else(Self::new, |row| Self(Repr::One(row))),
            n if n <= FEW => Self(Repr::Few(rows)),
            _ => Self(Repr::Many(rows.into_iter().collect())),
        }
    }

    /// How many rows, dead ones included.
    pub fn len(&self) -> usize {
        match &self.0 {
            Repr::Many(tree) => tree.len(),
            Repr::None | Repr::One(_) | Repr::Few(_) => self.few().len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row under `key`.
    pub fn get(&self, key: &[u8]) -> Option<&Row> {
        match &self.0 {
            Repr::Many(tree) => tree.get(key),
            Repr::None | Repr::One(_) | Repr::Few(_) => {
                let few = self.few();
                few.get(find(few, key).ok()?).map(|(_, row)| row)
            }
        }
    }

    /// The row under `key`, made empty if there is none.
    pub fn row_mut(&mut self, key: &Bytes) -> &mut Row {
        self.make_room(key);
        match &mut self.0 {
            Repr::One((_, row)) => row,
            Repr::Few(few) => {
                let i = match find(few, key) {
                    Ok(i) => i,
                    Err(i) => {
                        few.insert(i, (key.clone(), Row::default()));
                        i
                    }
                };
                &mut few[i].1
            }
            Repr::Many(tree) => tree.entry(key.clone()).or_default(),
            Repr::None => unreachable!("make_room leaves room"),
        }
    }

    /// Puts a row, replacing what was under `key`.
    pub fn insert(&mut self, key: Bytes, row: Row) -> Option<Row> {
        if self.is_empty() {
            *self = Self::one(key, row);
            return None;
        }
        let known = self.get(&key).is_some();
        let old = core::mem::replace(self.row_mut(&key), row);
        known.then_some(old)
    }

    /// All rows in clustering order; double-ended.
    pub fn iter(&self) -> Iter<'_> {
        match &self.0 {
            Repr::Many(tree) => Iter(Inner::Tree(tree.range::<[u8], _>(..))),
            Repr::None | Repr::One(_) | Repr::Few(_) => Iter(Inner::Few(self.few().iter())),
        }
    }

    /// All rows in clustering order, without their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Row> {
        self.iter().map(|(_, row)| row)
    }

    /// The rows with `start <= key < end`, where `None` is the open end.
    pub fn range(&self, start: &[u8], end: Option<&[u8]>) -> Iter<'_> {
        if end.is_some_and(|end| end <= start) {
            return Iter(Inner::Few([].iter()));
        }
        match &self.0 {
            Repr::Many(tree) => {
                let end = end.map_or(Bound::Unbounded, Bound::Excluded);
                Iter(Inner::Tree(tree.range::<[u8], _>((Bound::Included(start), end))))
            }
            Repr::None | Repr::One(_) | Repr::Few(_) => {
                let few = self.few();
                let from = few.partition_point(|(key, _)| **key < *start);
                let to = end.map_or(few.len(), |end| few.partition_point(|(key, _)| **key < *end));
                Iter(Inner::Few(few.get(from..to).unwrap_or_default().iter()))
            }
        }
    }

    /// Keeps the rows for which `keep` says so; it may change them.
    pub fn retain(&mut self, mut keep: impl FnMut(&Bytes, &mut Row) -> bool) {
        match &mut self.0 {
            Repr::None => {}
            Repr::One((key, row)) => {
                if !keep(key, row) {
                    self.0 = Repr::None;
                }
            }
            Repr::Few(few) => few.retain_mut(|(key, row)| keep(key, row)),
            Repr::Many(tree) => tree.retain(|key, row| keep(key, row)),
        }
    }

    fn few(&self) -> &[(Bytes, Row)] {
        match &self.0 {
            Repr::None | Repr::Many(_) => &[],
            Repr::One(one) => core::slice::from_ref(one),
            Repr::Few(few) => few,
        }
    }

    /// Changes the representation so that a row under `key` fits.
    fn make_room(&mut self, key: &Bytes) {
        self.0 = match core::mem::take(&mut self.0) {
            Repr::None => Repr::One((key.clone(), Row::default())),
            Repr::One(one) if one.0 != *key => Repr::Few(vec![one]),
            Repr::Few(few) if few.len() >= FEW => Repr::Many(few.into_iter().collect()),
            fits => fits,
        };
    }
}

fn find(few: &[(Bytes, Row)], key: &[u8]) -> Result<usize, usize> {
    // Rows mostly arrive in order: look at the end first.
    match few.last() {
        Some((last, _)) if **last < *key => Err(few.len()),
        _ => few.binary_search_by(|(have, _)| (**have).cmp(key)),
    }
}

/// Borrowed rows in clustering order.
#[derive(Clone)]
pub struct Iter<'a>(Inner<'a>);

#[derive(Clone)]
enum Inner<'a> {
    Few(core::slice::Iter<'a, (Bytes, Row)>),
    Tree(btree_map::Range<'a, Bytes, Row>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a Bytes, &'a Row);

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Inner::Few(few) => few.next().map(|(key, row)| (key, row)),
            Inner::Tree(tree) => tree.next(),
        }
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Inner::Few(few) => few.next_back().map(|(key, row)| (key, row)),
            Inner::Tree(tree) => tree.next_back(),
        }
    }
}

impl<'a> IntoIterator for &'a Rows {
    type Item = (&'a Bytes, &'a Row);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl FromIterator<(Bytes, Row)> for Rows {
    fn from_iter<I: IntoIterator<Item = (Bytes, Row)>>(rows: I) -> Self {
        let mut all = Self::new();
        for (key, row) in rows {
            all.insert(key, row);
        }
        all
    }
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Rows {}

impl core::fmt::Debug for Rows {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_map().entries(self).finish()
    }
}
