//! Whole numbers of any size between their bytes and their decimal digits. Who only prints needs no arithmetic, and the page, which
//! is downloaded, has no room for a library of it.

use super::number::minimal;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write;

/// Nine digits fit into a limb.
const LIMB: u64 = 1_000_000_000;
const LIMB_DIGITS: usize = 9;

/// Whether a two's complement number is negative, and the decimal digits of its magnitude without leading zeros (`0` for zero).
/// Takes time that grows with the square of their number.
pub fn digits(bytes: &[u8]) -> (bool, String) {
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let mut magnitude = bytes.to_vec();
    if negative {
        negate(&mut magnitude);
    }
    let mut limbs = alloc::vec![0_u32];
    for byte in magnitude {
        let mut carry = u64::from(byte);
        for limb in &mut limbs {
            let next = u64::from(*limb) * 256 + carry;
            (*limb, carry) = ((next % LIMB) as u32, next / LIMB);
        }
        if carry > 0 {
            limbs.push(carry as u32);
        }
    }
    let mut out = limbs.pop().unwrap_or(0).to_string();
    for limb in limbs.iter().rev() {
        let _ = write!(out, "{limb:09}");
    }
    (negative, out)
}

/// The shortest two's complement number with these decimal digits; what is no digit counts as none.
pub fn from_digits(negative: bool, digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_digit).collect();
    let mut bytes = alloc::vec![0_u8];
    for chunk in digits.chunks(LIMB_DIGITS) {
        let (mut carry, mut scale) = (0, 1);
        for digit in chunk {
            (carry, scale) = (carry * 10 + u64::from(digit - b'0'), scale * 10);
        }
        for byte in &mut bytes {
            let next = u64::from(*byte) * scale + carry;
            (*byte, carry) = (next as u8, next >> 8);
        }
        while carry > 0 {
            bytes.push(carry as u8);
            carry >>= 8;
        }
    }
    bytes.push(0);
    bytes.reverse();
    if negative {
        negate(&mut bytes);
    }
    minimal(&bytes).to_vec()
}

/// Two's complement: every bit turned, and one more.
fn negate(bytes: &mut [u8]) {
    let mut carry = true;
    for byte in bytes.iter_mut().rev() {
        (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigInt;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn they_are_those_of_a_library(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let number = BigInt::from_signed_bytes_be(&bytes);
            let (negative, text) = digits(&bytes);
            prop_assert_eq!(&text, &number.magnitude().to_string());
            prop_assert_eq!(negative, number < BigInt::ZERO);
            prop_assert_eq!(from_digits(negative, &text), number.to_signed_bytes_be());
        }
    }

    #[test]
    fn the_ends_of_a_byte() {
        for number in [0_i64, 1, -1, 127, 128, -128, -129, 255, 256, 999_999_999, 1_000_000_000, i64::MIN, i64::MAX] {
            let bytes = BigInt::from(number).to_signed_bytes_be();
            assert_eq!(digits(&bytes), (number < 0, number.unsigned_abs().to_string()));
            assert_eq!(from_digits(number < 0, &number.unsigned_abs().to_string()), bytes, "{number}");
        }
    }
}
