//! Another value for a key of the cluster, its seed above all: it is in the text, so this rewrites the text.

use crate::edit::{Edit, applied};
use alloc::format;
use alloc::string::{String, ToString};

/// The edit that gives the cluster this value: its `--@ cluster` line says it, or a new one before everything else does.
#[must_use]
pub fn with_key(text: &str, key: &str, value: &str) -> Edit {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let verb = line.trim_start().strip_prefix("--@").and_then(|rest| rest.split_whitespace().next());
        if verb == Some("cluster") {
            let bare = line.trim_end();
            let said = format!(" {key}=");
            let (from, to, put) = match bare.find(&said).map(|found| found + said.len()) {
                Some(from) => {
                    let rest = bare.get(from..).unwrap_or("");
                    (from, from + rest.find(char::is_whitespace).unwrap_or(rest.len()), value.to_string())
                }
                None => (bare.len(), bare.len(), format!("{said}{value}")),
            };
            return Edit::new((at + from) as u32..(at + to) as u32, put);
        }
        at += line.len();
    }
    Edit::new(0..0, format!("--@ cluster {key}={value}\n"))
}

/// The text with this seed.
#[must_use]
pub fn with_seed(text: &str, seed: u64) -> String {
    applied(text, &[&with_key(text, "seed", &seed.to_string())])
}

#[cfg(test)]
mod tests {
    use super::with_seed;

    #[test]
    fn the_seed_is_in_the_text() {
        assert_eq!(with_seed("--@ cluster nodes=3 seed=7 rf=3\nX;", 9), "--@ cluster nodes=3 seed=9 rf=3\nX;");
        assert_eq!(with_seed("-- a\r\n--@ cluster seed=7\r\nX;", 9), "-- a\r\n--@ cluster seed=9\r\nX;");
        assert_eq!(with_seed("--@ cluster nodes=3\nX;", 9), "--@ cluster nodes=3 seed=9\nX;");
        assert_eq!(with_seed("X;", 9), "--@ cluster seed=9\nX;");
    }
}
