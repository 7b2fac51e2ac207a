//! Another seed for the same text: the seed is in the text, so this rewrites it.

use alloc::format;
use alloc::string::String;

/// The text with this seed: its `--@ cluster` line says it, or a new one before everything else does.
#[must_use]
pub fn with_seed(text: &str, seed: u64) -> String {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let verb = line.trim_start().strip_prefix("--@").and_then(|rest| rest.split_whitespace().next());
        if verb == Some("cluster") {
            let end = at + line.trim_end().len();
            let (before, line, after) = (&text[..at], &text[at..end], &text[end..]);
            return match line.find(" seed=") {
                Some(key) => {
                    let value = key + " seed=".len();
                    let rest = line[value..].find(char::is_whitespace).map_or("", |stop| &line[value + stop..]);
                    format!("{before}{}{seed}{rest}{after}", &line[..value])
                }
                None => format!("{before}{line} seed={seed}{after}"),
            };
        }
        at += line.len();
    }
    format!("--@ cluster seed={seed}\n{text}")
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
