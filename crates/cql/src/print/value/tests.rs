//! Values as cqlsh 6.2 printed them from a Cassandra 5.0.6.

use super::*;
use crate::values::{Constant, Kind, constant};

fn shown(ty: &str, kind: Kind, text: &str) -> String {
    let ty = Type::parse(ty).unwrap();
    cell(&ty, Some(&constant(Constant { kind, text }, &ty, 0).unwrap()))
}

#[test]
fn scalars() {
    for (ty, kind, text, want) in [
        ("timestamp", Kind::String, "2025-01-01", "2025-01-01 00:00:00.000000+0000"),
        ("timestamp", Kind::Integer, "-1", "1969-12-31 23:59:59.999000+0000"),
        ("date", Kind::String, "2025-01-01", "2025-01-01"),
        ("time", Kind::String, "08:12:54.123", "08:12:54.123000000"),
        ("duration", Kind::Duration, "1mo2d3h", "1mo2d3h"),
        ("duration", Kind::Duration, "-13mo15d90s", "-1y1mo15d1m30s"),
        ("blob", Kind::Hex, "CAFE", "0xcafe"),
        ("boolean", Kind::Boolean, "true", "True"),
        ("double", Kind::Float, "NaN", "NaN"),
        ("float", Kind::Float, "0.1", "0.1"),
        ("text", Kind::String, "a'b\\c\nd\u{7f}", "a'b\\\\c\\nd\\x7f"),
        ("double", Kind::Float, "1234567.891234", "1.2346e+06"),
        ("timestamp", Kind::String, "9999-12-31 23:59:59.999Z", "9999-12-31 23:59:59.998993+0000"),
        ("inet", Kind::String, "2001:db8::1", "2001:db8::1"),
        ("inet", Kind::String, "::1.2.3.4", "::1.2.3.4"),
        ("inet", Kind::String, "::2", "::2"),
        ("varint", Kind::Integer, "-123456789012345678901234567890", "-123456789012345678901234567890"),
        ("decimal", Kind::Float, "1.50", "1.50"),
        ("uuid", Kind::Uuid, "550E8400-E29B-11D4-A716-446655440000", "550e8400-e29b-11d4-a716-446655440000"),
    ] {
        assert_eq!(shown(ty, kind, text), want);
    }
    assert_eq!(cell(&Type::Int, None), "null");
    assert_eq!(cell(&Type::Int, Some(&[])), "null");
    assert_eq!(cell(&Type::Int, Some(&[1, 2])), "0x0102");
}

#[test]
fn collections_quote_text() {
    let list = Type::parse("list<text>").unwrap();
    assert_eq!(cell(&list, Some(&values::collection([&b"it's"[..], b"b"].into_iter()))), "['it''s', 'b']");
    let map = Type::parse("map<int, timestamp>").unwrap();
    let entries = [(&[0, 0, 0, 1][..], &[0; 8][..])];
    assert_eq!(cell(&map, Some(&values::map(entries.into_iter()))), "{1: '1970-01-01 00:00:00.000000+0000'}");
    let tuple = Type::parse("tuple<int, text>").unwrap();
    let addresses = Type::parse("set<inet>").unwrap();
    let items = [&[9, 0, 0, 1][..], &[10, 0, 0, 1][..]];
    assert_eq!(cell(&addresses, Some(&values::collection(items.into_iter()))), "{'10.0.0.1', '9.0.0.1'}");
    assert_eq!(cell(&tuple, Some(&values::tuple([Some(&[0, 0, 0, 1][..]), None].into_iter()))), "(1, None)");
}
