//! Reversible byte-comparable strings: clustering keys and collection paths, such that storage compares bytes only.
//!
//! ```text
//! key       = component*
//! component = 0x38                 the empty value        DESC: every byte complemented
//!           | 0x40 content         any other value
//! content     never ends where another begins: fixed width, or terminated, so no component is a prefix of another
//! ```
//!
//! A bound is a position among such strings: the prefix itself, or the prefix and [`AFTER`], which no component begins with.

mod decode;
mod encode;

pub use decode::{Broken, decode, decode_component, prefix};
pub use encode::{encode, encode_component};

/// Appended to a prefix, the position behind everything that begins with it.
pub const AFTER: u8 = 0xFF;

/// The empty byte string as a value.
const EMPTY: u8 = 0x38;
/// Any other value.
const VALUE: u8 = 0x40;
/// A null inside a tuple.
const NULL: u8 = 0x30;
/// Ends a collection or a user-defined type; less than any marker.
const END: u8 = 0x00;
/// In escaped bytes, `0x00` is `0x00 0x01` and the end is `0x00 0x00`.
const ESCAPED: u8 = 0x01;

#[cfg(test)]
mod tests;
