//! Order, reversibility and prefix-freeness, type by type.

use super::*;
use crate::{
    types::Type,
    values::{self, Constant, Kind, constant},
};
use alloc::{format, string::String, vec::Vec};
use proptest::prelude::*;

fn value(ty: &Type, kind: Kind, text: &str) -> Vec<u8> {
    constant(Constant { kind, text }, ty, 0).unwrap()
}

fn key(ty: &Type, descending: bool, value: &[u8]) -> Vec<u8> {
    encode([(ty, descending, value)])
}

/// Values in Cassandra's order, ascending; each must encode so, come back, and be no prefix of another.
fn check(ty: &str, ordered: &[Vec<u8>]) {
    let ty = Type::parse(ty).unwrap();
    for descending in [false, true] {
        let mut keys: Vec<Vec<u8>> = ordered.iter().map(|value| key(&ty, descending, value)).collect();
        for (key, value) in keys.iter().zip(ordered) {
            assert_eq!(decode([(&ty, descending)], key).unwrap(), core::slice::from_ref(value), "{ty} {value:?}");
            assert_ne!(key[0], AFTER);
        }
        if descending {
            keys.reverse();
        }
        for pair in keys.windows(2) {
            assert!(pair[0] < pair[1], "{ty} {descending} {pair:?}");
            assert!(!pair[1].starts_with(&pair[0]), "{ty} {pair:?}");
        }
    }
}

fn all(ty: &str, kind: Kind, texts: &[&str]) -> Vec<Vec<u8>> {
    let ty = Type::parse(ty).unwrap();
    let mut values: Vec<Vec<u8>> = texts.iter().map(|text| value(&ty, kind, text)).collect();
    if ty.may_be_empty() && !matches!(ty, Type::Text | Type::Blob | Type::Ascii) {
        values.insert(0, Vec::new());
    }
    values
}

#[test]
fn every_type_keeps_cassandras_order() {
    check("int", &all("int", Kind::Integer, &["-2147483648", "-1", "0", "1", "2147483647"]));
    check("tinyint", &all("tinyint", Kind::Integer, &["-128", "-1", "0", "127"]));
    check("bigint", &all("bigint", Kind::Integer, &["-9223372036854775808", "-5", "0", "9223372036854775807"]));
    check("timestamp", &all("timestamp", Kind::Integer, &["-1", "0", "1"]));
    check("date", &all("date", Kind::String, &["-0001-01-01", "1969-12-31", "1970-01-01", "2025-01-01"]));
    check("text", &all("text", Kind::String, &["", "\0", "\0a", "a", "a\0", "aa", "b", "é"]));
    check("blob", &all("blob", Kind::Hex, &["", "00", "0000", "0001", "01", "ff", "ffff"]));
    check("boolean", &all("boolean", Kind::Boolean, &["false", "true"]));
    check("inet", &all("inet", Kind::String, &["::1", "1.2.3.4", "10.0.0.1", "2001:db8::1", "127.0.0.1"]));
    check("float", &all("float", Kind::Float, &["-Infinity", "-1.5", "-0", "0.0", "1e-40", "1.5", "Infinity", "NaN"]));
    check("double", &all("double", Kind::Float, &["-Infinity", "-1.5", "-0", "0.0", "1.5", "Infinity", "NaN"]));
    let big = |sign: &str, digits: usize| format!("{sign}{}", "9".repeat(digits));
    let texts = [
        big("-", 300),
        big("-", 40),
        "-129".into(),
        "-128".into(),
        "-1".into(),
        "0".into(),
        "127".into(),
        "128".into(),
        big("", 40),
        big("", 300),
    ];
    check("varint", &all("varint", Kind::Integer, &texts.iter().map(String::as_str).collect::<Vec<_>>()));
    check(
        "decimal",
        &all(
            "decimal",
            Kind::Float,
            &["-1e50", "-100", "-1.5", "-1.49", "-0.001", "0", "0.001", "0.01", "1.49", "1.5", "100", "1e50"],
        ),
    );
    // Version first; version 1 by time; the others by their bytes.
    check(
        "uuid",
        &all(
            "uuid",
            Kind::Uuid,
            &[
                "ffffffff-ffff-0fff-ffff-ffffffffffff",
                "ffffffff-0000-1000-8000-000000000000",
                "00000000-0001-1000-8000-000000000000",
                "00000000-0000-1001-8000-000000000000",
                "00000000-0000-1001-ffff-000000000000",
                "00000000-0000-4000-8000-000000000000",
                "00000000-0000-4001-0000-000000000000",
            ],
        ),
    );
    // By time, then the rest as signed bytes.
    check(
        "timeuuid",
        &all(
            "timeuuid",
            Kind::Uuid,
            &[
                "00000000-0000-1000-8000-000000000000",
                "00000000-0000-1000-ffff-000000000000",
                "00000000-0000-1000-0000-000000000000",
                "00000000-0000-1000-7fff-000000000000",
                "00000001-0000-1000-8000-000000000000",
                "00000000-0001-1000-8000-000000000000",
                "00000000-0000-1001-8000-000000000000",
            ],
        ),
    );
}

#[test]
fn collections_compare_element_by_element() {
    let item = |n: i32| n.to_be_bytes();
    let list = |items: &[i32]| {
        let items: Vec<_> = items.iter().map(|n| item(*n)).collect();
        values::collection(items.iter().map(|i| i.as_slice()))
    };
    check("frozen<list<int>>", &[list(&[]), list(&[-1]), list(&[-1, 5]), list(&[1]), list(&[1, -9]), list(&[2])]);
    let tuple =
        |a: Option<i32>, b: Option<&[u8]>| values::tuple([a.map(item).as_ref().map(|i| i.as_slice()), b].into_iter());
    check(
        "tuple<int, text>",
        &[tuple(None, None), tuple(Some(-1), None), tuple(Some(-1), Some(b"a")), tuple(Some(1), None)],
    );
    let map = |items: &[(i32, &[u8])]| {
        let items: Vec<_> = items.iter().map(|(k, v)| (item(*k), *v)).collect();
        values::map(items.iter().map(|(k, v)| (k.as_slice(), *v)))
    };
    check("frozen<map<int, text>>", &[map(&[]), map(&[(1, b"a")]), map(&[(1, b"a"), (2, b"")]), map(&[(1, b"b")])]);
}

#[test]
fn equal_decimals_are_one_key() {
    let one = |text| key(&Type::Decimal, false, &value(&Type::Decimal, Kind::Float, text));
    assert_eq!(one("1.50"), one("1.5"));
    assert_eq!(one("0.00"), one("0"));
    assert_ne!(one("15"), one("1.5"));
}

proptest! {
    #[test]
    fn ints_texts_and_pairs(a: (i32, String, Vec<u8>), b: (i32, String, Vec<u8>), descending: [bool; 3]) {
        let types = [Type::Int, Type::Text, Type::Blob];
        let encoded = |(n, s, v): &(i32, String, Vec<u8>)| {
            let number = n.to_be_bytes();
            let parts: [&[u8]; 3] = [&number, s.as_bytes(), v];
            encode(types.iter().zip(descending).zip(parts).map(|((ty, d), value)| (ty, d, value)))
        };
        let (x, y) = (encoded(&a), encoded(&b));
        let flip = |order: core::cmp::Ordering, d: bool| if d { order.reverse() } else { order };
        let want = flip(a.0.cmp(&b.0), descending[0])
            .then(flip(a.1.as_bytes().cmp(b.1.as_bytes()), descending[1]))
            .then(flip(a.2.cmp(&b.2), descending[2]));
        prop_assert_eq!(x.cmp(&y), want);
        let back = decode(types.iter().zip(descending), &x).unwrap();
        prop_assert_eq!(back, [a.0.to_be_bytes().to_vec(), a.1.into_bytes(), a.2]);
    }

    #[test]
    fn varints_by_value(a: i128, b: i128) {
        let encoded = |n: i128| key(&Type::Varint, false, &num_bigint::BigInt::from(n).to_signed_bytes_be());
        prop_assert_eq!(encoded(a).cmp(&encoded(b)), a.cmp(&b));
    }

    #[test]
    fn decimals_by_value(a in -100_000i64..100_000, b in -100_000i64..100_000, s in 0i32..6, t in 0i32..6) {
        let encoded = |n: i64, scale: i32| key(&Type::Decimal, false, &values::decimal(scale, &n.into()));
        let (x, y) = (i128::from(a) * 10i128.pow((6 - s) as u32), i128::from(b) * 10i128.pow((6 - t) as u32));
        prop_assert_eq!(encoded(a, s).cmp(&encoded(b, t)), x.cmp(&y));
    }

    #[test]
    fn noise_is_never_a_panic(bytes: Vec<u8>, descending: bool) {
        for text in ["int", "text", "varint", "decimal", "uuid", "frozen<list<text>>", "tuple<int, text>", "vector<text, 2>", "frozen<map<int, duration>>"] {
            let ty = Type::parse(text).unwrap();
            let _ = decode([(&ty, descending)], &bytes);
            let _ = crate::print::cell(&ty, Some(&bytes));
            let _ = values::validate(&ty, &bytes);
        }
    }
}
