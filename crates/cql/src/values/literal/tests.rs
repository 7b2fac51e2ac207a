//! Every constant that was tried on Apache Cassandra 5.0.6, with the bytes it stored or the words it said.

use super::*;
use crate::values::tests_support::constant_of;
use alloc::string::ToString;

#[test]
fn constants_are_read_as_cassandra_reads_them() {
    let mut tried = 0;
    for line in include_str!("cassandra-5.0.6.tsv").lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        let [ty, literal, code, answer] = parts[..] else { panic!("{line}") };
        let ty = Type::parse(ty).unwrap();
        let Some((kind, text)) = constant_of(literal) else { continue };
        let got = constant(Constant { kind, text: &text }, &ty, 0);
        let text = if kind == Kind::Hex { alloc::format!("0x{text}") } else { text };
        let want = match code {
            "ok" => Ok(hex(answer).unwrap()),
            _ => Err(answer.to_string()),
        };
        let got = got.map_err(|error| match error {
            LiteralError::Kind => {
                alloc::format!("Invalid {} constant ({text}) for \"c_{ty}\" of type {ty}", kind.name())
            }
            LiteralError::Value(message) => message,
        });
        assert_eq!(got, want, "{line}");
        tried += 1;
    }
    assert!(tried > 180, "{tried}");
}
