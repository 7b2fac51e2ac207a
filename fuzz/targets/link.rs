//! Links from anybody: never a panic, never more memory than a scenario may have; what decodes encodes to what decodes alike.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else { return };
    // A checksum keeps a fuzzer out, so half of the tries come with a right one.
    let link = if kind % 2 == 0 { String::from_utf8_lossy(rest).into_owned() } else { sealed(rest) };
    let Ok(linked) = scenario::link::decode(&link) else { return };
    let again = scenario::link::decode(&scenario::link::encode(&linked.text, &linked.outcomes));
    let again = again.unwrap_or_else(|error| panic!("what we encode does not decode: {error}"));
    assert_eq!((&again.text, &again.outcomes), (&linked.text, &linked.outcomes));
    if cfg!(feature = "seeded-bug") {
        assert!(linked.outcomes.len() != 3, "seeded bug: three outcomes");
    }
});

/// A packed-as-it-is link around this payload, with a right head.
fn sealed(payload: &[u8]) -> String {
    let mut bytes = vec![1, 0, 0, 1];
    bytes.extend((xxhash_rust::xxh3::xxh3_64(payload) as u32).to_be_bytes());
    bytes.extend(payload);
    base64url(&bytes)
}

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..=chunk.len() {
            out.push(char::from(DIGITS[(word >> (18 - 6 * digit)) as usize & 63]));
        }
    }
    out
}
