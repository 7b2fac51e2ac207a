//! Murmur3 in Cassandra's variant: the x64 128-bit hash, seed 0, whose tail bytes are sign-extended (semantics.md 21).

const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

/// The token of a serialized partition key: the first half of the hash; `i64::MIN` is no token and becomes `i64::MAX`.
pub fn token(key: &[u8]) -> i64 {
    let (blocks, tail) = key.as_chunks::<16>();
    let (mut h1, mut h2) = (0u64, 0u64);
    for block in blocks {
        let whole = u128::from_le_bytes(*block);
        h1 = (h1 ^ mix1(whole as u64)).rotate_left(27).wrapping_add(h2).wrapping_mul(5).wrapping_add(0x52dc_e729);
        h2 = (h2 ^ mix2((whole >> 64) as u64))
            .rotate_left(31)
            .wrapping_add(h1)
            .wrapping_mul(5)
            .wrapping_add(0x3849_5ab5);
    }
    let (low, high) = tail.split_at(tail.len().min(8));
    if !high.is_empty() {
        h2 ^= mix2(sign_extended(high));
    }
    if !low.is_empty() {
        h1 ^= mix1(sign_extended(low));
    }
    h1 ^= key.len() as u64;
    h2 ^= key.len() as u64;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    let first = finish(h1).wrapping_add(finish(h2)) as i64;
    if first == i64::MIN { i64::MAX } else { first }
}

fn mix1(k: u64) -> u64 {
    k.wrapping_mul(C1).rotate_left(31).wrapping_mul(C2)
}

fn mix2(k: u64) -> u64 {
    k.wrapping_mul(C2).rotate_left(33).wrapping_mul(C1)
}

fn finish(mut k: u64) -> u64 {
    k = (k ^ (k >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    k = (k ^ (k >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    k ^ (k >> 33)
}

/// Little endian, but a byte from 0x80 up floods what lies above it: Java's bytes are signed, and the slip is now law.
fn sign_extended(bytes: &[u8]) -> u64 {
    bytes.iter().enumerate().fold(0, |k, (i, byte)| k ^ ((i64::from(*byte as i8) as u64) << (8 * i)))
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn known_answers() {
        // From the Python driver's tests, which hold them against a server.
        assert_eq!(token(b"123"), -7468325962851647638);
        assert_eq!(token(b"\x00\xff\x10\xfa\x99".repeat(10).as_slice()), 5837342703291459765);
        assert_eq!(token(b"\xfe".repeat(8).as_slice()), -8927430733708461935);
        assert_eq!(token(b"\x10".repeat(8).as_slice()), 1446172840243228796);
        assert_eq!(token(b"9223372036854775807"), 7162290910810015547);
    }

    #[test]
    fn as_cassandra_5_0_6_answers_select_token() {
        assert_eq!(token(b"org-1"), 4747182608934371097);
        assert_eq!(token("é".as_bytes()), 5461403030378599040);
        assert_eq!(token("ÿÿÿÿÿÿÿÿ".as_bytes()), -6329480497363218379);
        assert_eq!(token(b"exactly16bytes!!"), 6148481195207315820);
        assert_eq!(token("a longer key than sixteen bytes é".as_bytes()), 3450356207842799777);
        // PRIMARY KEY ((a int, b text)), -1 and 'user-1'.
        assert_eq!(token(b"\x00\x04\xff\xff\xff\xff\x00\x00\x06user-1\x00"), 3772640408043448001);
    }
}
