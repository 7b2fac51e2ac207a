//! Values, names and tables as cqlsh prints them, and the keys of trace lines.

mod float;
mod printer;
mod table;
mod value;
mod width;

use alloc::{format, string::String};

pub use printer::{Printer, TableShape};
pub use table::{table, table_text};
pub use value::{cell, literal};
pub use width::width;

/// A name as CQL must write it: quoted unless it is lower case letters, digits and `_`.
pub fn identifier(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if plain { name.into() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}
