//! Bytes from any client to the CQL port: never a panic, and whatever is answered are whole envelopes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use native::port::{Authenticator, Served, begin, segment, wall};
use scenario::{Persona, Setup};
use sim::Id;
use std::rc::Rc;

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let mut setup = Setup::default();
    setup.cluster.nodes = 1;
    setup.cluster.dcs[0].nodes = 1;
    let start = wall();
    let world = begin(&mut setup, start);
    let mut served = Served::new(world, start, 9042, Persona::Cassandra50, Authenticator::AllowAll);
    let Some(place) = served.connect(Id(0), None, Rc::default()) else { return };
    // A checksum keeps a fuzzer out of v5, so half of the tries come with right ones, behind a handshake.
    let sealed;
    let rest = if kind % 2 == 0 {
        rest
    } else {
        let mut bytes = b"\x05\0\0\0\x01\0\0\0\x16\0\x01\0\x0bCQL_VERSION\0\x053.0.0".to_vec();
        segment::put(&mut bytes, segment::Packing::Plain, rest, &[rest.len()]);
        sealed = bytes;
        &sealed
    };
    let mut output = Vec::new();
    // In pieces: where a read ends says nothing about where a frame does.
    for piece in rest.chunks(usize::from(*kind).max(1) * 64) {
        let Some(session) = served.session(place) else { return };
        session.input().extend_from_slice(piece);
        served.received(place);
        if let Some(session) = served.session(place) {
            session.take_output(&mut output);
        }
    }
    if kind % 2 == 0 && rest.first() == Some(&4) {
        whole(&output);
    }
    if cfg!(feature = "seeded-bug") {
        let told = b"Unknown code 11 for a consistency level";
        assert!(!output.windows(told.len()).any(|part| part == told), "seeded bug: one level too many");
    }
});

/// Envelopes of v4, one behind the other.
fn whole(mut output: &[u8]) {
    while let Some((header, rest)) = output.split_first_chunk::<9>() {
        let [version, .., l3, l2, l1, l0] = *header;
        assert!(version & 0x80 != 0, "an answer begins with {version}");
        let length = u32::from_be_bytes([l3, l2, l1, l0]) as usize;
        output = rest.get(length..).unwrap_or_else(|| panic!("an answer of {length} bytes is cut off"));
    }
    assert!(output.is_empty(), "{} bytes are no answer", output.len());
}
