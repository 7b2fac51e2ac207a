//! The laws everything else leans on: joining commutes, associates and is idempotent, in both dialects; what flush leaves
//! out changes no reading; a repair brings a replica to the join; bytes and states are one to one.

#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use proptest::prelude::*;
use storage::{
    Cell, ColumnId, Dialect, Error, Mutation, Partition, PartitionKey, RangeTombstone, Row, Shadow, decode, normalise,
};

fn joined(a: &Partition, b: &Partition, dialect: Dialect) -> Partition {
    let mut all = a.clone();
    all.join(b, dialect);
    all
}

fn shed(partition: &Partition) -> Partition {
    let mut shed = partition.clone();
    shed.shed(&[]);
    shed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cells_join(a in a_cell(), b in a_cell(), c in a_cell()) {
        for d in DIALECTS {
            prop_assert_eq!(a.clone().join(b.clone(), d), b.clone().join(a.clone(), d));
            let left = a.clone().join(b.clone(), d).join(c.clone(), d);
            prop_assert_eq!(left, a.clone().join(b.clone().join(c.clone(), d), d));
            prop_assert_eq!(a.clone().join(a.clone(), d), a.clone());
            prop_assert_eq!(a.rank(&b, d) == core::cmp::Ordering::Equal, a == b, "a tie is the same write");
        }
    }

    #[test]
    fn markers_join(a in a_marker(), b in a_marker(), c in a_marker()) {
        prop_assert_eq!(a.join(b), b.join(a));
        prop_assert_eq!(a.join(b).join(c), a.join(b.join(c)));
        prop_assert_eq!(a.join(a), a);
    }

    #[test]
    fn partitions_join(a in a_partition(), b in a_partition(), c in a_partition()) {
        for d in DIALECTS {
            prop_assert_eq!(joined(&a, &b, d), joined(&b, &a, d));
            prop_assert_eq!(joined(&joined(&a, &b, d), &c, d), joined(&a, &joined(&b, &c, d), d));
            prop_assert_eq!(joined(&a, &a, d), a.clone());
        }
    }

    #[test]
    fn range_tombstones_are_the_newest_at_every_position(a in some_ranges(), b in some_ranges()) {
        let whole = |ranges: &[RangeTombstone]| Partition { ranges: ranges.to_vec(), ..Partition::default() };
        let all = joined(&whole(&a), &whole(&b), Dialect::Cassandra);
        let at = |ranges: &[RangeTombstone], position: &[u8]| {
            whole(ranges).cover_at(position).map(|shadow| shadow.tombstone())
        };
        for i in 0..9 {
            for position in [key_of(i), storage::after(&key_of(i)), bytes("")] {
                prop_assert_eq!(at(&all.ranges, &position), at(&a, &position).max(at(&b, &position)));
            }
        }
        let mut again = all.ranges.clone();
        again.reverse();
        normalise(&mut again);
        prop_assert_eq!(again, all.ranges, "the normal form does not depend on the order of writing");
    }

    #[test]
    fn shedding_commutes_with_joining(a in a_partition(), b in a_partition()) {
        for d in DIALECTS {
            prop_assert_eq!(shed(&joined(&shed(&a), &shed(&b), d)), shed(&joined(&a, &b, d)));
        }
        prop_assert_eq!(shed(&shed(&a)), shed(&a));
    }

    #[test]
    fn nothing_shed_is_hidden_and_nothing_kept_was(a in a_partition(), now in 0..8i64) {
        let after = shed(&a);
        for i in 0..8 {
            let key = key_of(i);
            let seen = |partition: &Partition| -> Vec<(ColumnId, Cell)> {
                let above = partition.cover_at(&key);
                let row = partition.rows.get(&key).cloned().unwrap_or_default();
                let cover = row.cover(above);
                row.columns.iter().flat_map(|(id, column)| match column {
                    storage::Column::Simple(cell) => vec![(*id, cell.clone(), cover)],
                    storage::Column::Collection(all) => {
                        all.cells.iter().map(|(_, cell)| (*id, cell.clone(), all.cover(cover))).collect()
                    }
                }).filter(|(_, cell, cover)| cell.is_live(*cover, now)).map(|(id, cell, _)| (id, cell)).collect()
            };
            prop_assert_eq!(seen(&a), seen(&after));
            let row = |partition: &Partition| {
                partition.rows.get(&key).is_some_and(|row| row.is_live(partition.cover_at(&key), now))
            };
            prop_assert_eq!(row(&a), row(&after));
        }
    }

    #[test]
    fn a_repair_brings_a_replica_to_the_join(a in a_partition(), b in a_partition()) {
        for d in DIALECTS {
            let merged = shed(&joined(&shed(&a), &shed(&b), d));
            match shed(&a).diff(&merged, None) {
                Some(delta) => {
                    prop_assert_eq!(shed(&joined(&a, &delta, d)), merged.clone());
                    prop_assert!(shed(&a) != merged);
                }
                None => prop_assert_eq!(shed(&a), merged.clone()),
            }
            prop_assert_eq!(merged.diff(&merged, None), None);
        }
    }

    #[test]
    fn bytes_and_states_are_one_to_one(delta in a_partition(), table in 0..3u32, key in "[ab]{0,3}") {
        let key = PartitionKey::new(bytes(&key));
        let mutation = Mutation { table: storage::TableId(table), key, delta };
        let mut encoded = Vec::new();
        mutation.encode(&mut encoded);
        prop_assert_eq!(decode(&encoded), Ok(mutation.clone()));
        for cut in 0..encoded.len() {
            prop_assert!(decode(&encoded[..cut]).is_err());
        }
    }

    #[test]
    fn decoding_survives_anything(noise in proptest::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(mutation) = decode(&noise) {
            let mut encoded = Vec::new();
            mutation.encode(&mut encoded);
            prop_assert_eq!(encoded, noise, "no two byte strings mean the same");
        }
    }

    #[test]
    fn damage_is_noticed_or_means_something_else(delta in a_partition(), at in any::<proptest::sample::Index>(), bit in 0..8u8) {
        let mut encoded = Vec::new();
        delta.encode(&mut encoded);
        let i = at.index(encoded.len());
        encoded[i] ^= 1 << bit;
        if let Ok(other) = Partition::decode(&encoded) {
            prop_assert!(other != delta);
        }
    }

    #[test]
    fn digests_tell_states_apart_but_for_deletion_times(a in a_partition(), b in a_partition()) {
        prop_assert_eq!(a.digest(), a.clone().digest());
        if a.digest() == b.digest() {
            let mut bytes = (Vec::new(), Vec::new());
            a.encode(&mut bytes.0);
            b.encode(&mut bytes.1);
            prop_assert!(a == b || a.has_deletions());
        }
    }
}

#[test]
fn a_number_has_one_form() {
    // A partition with one row under the empty key that says nothing; then the same with its count of 1 in two bytes.
    assert!(Partition::decode(&[8, 1, 0, 0]).is_ok());
    assert_eq!(
        Partition::decode(&[8, 0x81, 0, 0, 0]),
        Err(Error::Malformed { at: 3, expected: "the shortest form of a number" })
    );
    assert!(Partition::decode(&[8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]).is_err());
    assert!(Partition::decode(&[8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2]).is_err());
}

#[test]
fn the_tombstone_named_is_the_newest_and_the_outer_of_equals() {
    let mut partition = delete(5, 0);
    partition.ranges = vec![RangeTombstone { start: bytes(""), end: None, tombstone: tomb(7, 0) }];
    let row = Row { tombstone: Some(tomb(7, 0)), ..Row::default() };
    assert_eq!(partition.cover_at(b"x"), Some(Shadow::Range(tomb(7, 0))));
    assert_eq!(row.cover(partition.cover_at(b"x")), Some(Shadow::Range(tomb(7, 0))));
    assert_eq!(live(7, "v").shadow(row.cover(partition.cover_at(b"x")), 0), Some(Shadow::Range(tomb(7, 0))));
    assert_eq!(live(8, "v").shadow(row.cover(partition.cover_at(b"x")), 0), None);
    assert_eq!(dead(8, 3).shadow(None, 0), Some(Shadow::Cell(tomb(8, 3))));
}
