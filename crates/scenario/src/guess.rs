//! An outcome in few words, and whether a guess says the same.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// What an outcome comes to, read from its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gist<'a> {
    /// It said nothing.
    Nothing,
    /// This error, without its details.
    Error(&'a str),
    /// So many rows, or a count of them.
    Rows(u64),
    /// The only value of the only row, and its column.
    Value(&'a str, &'a str),
    /// Its first line: neither rows nor an error.
    Words(&'a str),
}

impl<'a> Gist<'a> {
    /// Reads what stands behind the `-->`, line by line.
    #[must_use]
    pub fn of(lines: &'a [String]) -> Gist<'a> {
        let Some(first) = lines.first().map(|line| line.trim()) else { return Gist::Nothing };
        if is_error(first) {
            return Gist::Error(first.split('(').next().unwrap_or(first).trim_start_matches("Error ").trim());
        }
        let counted = |line: &String| line.trim().strip_prefix('(')?.strip_suffix(" rows)")?.parse().ok();
        let only = lines.get(2).map(|line| line.trim()).filter(|_| !first.contains('|'));
        match (lines.iter().rev().find_map(counted), only) {
            (Some(1), Some(value)) => match value.parse() {
                Ok(rows) if first == "count" => Gist::Rows(rows),
                _ => Gist::Value(first, value),
            },
            (Some(rows), _) => Gist::Rows(rows),
            (None, _) => Gist::Words(first),
        }
    }

    /// The shortest guess that says it; none: no guess says nothing.
    #[must_use]
    pub fn guess(self) -> Option<String> {
        match self {
            Gist::Rows(rows) => Some(rows.to_string()),
            Gist::Value(_, words) | Gist::Words(words) | Gist::Error(words) => Some(words.into()),
            Gist::Nothing => None,
        }
    }
}

impl fmt::Display for Gist<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Gist::Nothing => Ok(()),
            Gist::Error(words) | Gist::Words(words) => f.write_str(words),
            Gist::Rows(1) => f.write_str("1 row"),
            Gist::Rows(rows) => write!(f, "{rows} rows"),
            Gist::Value(column, value) => write!(f, "{column} = {value}"),
        }
    }
}

/// Whether a guess says this outcome: the number of rows, the only value, `column = value` (of several rows with commas between),
/// several of these with `and`, an error by its name or as `an error`. A guess in other words says in brackets at its end which
/// outcome it means: `no (0 rows)`.
#[must_use]
pub fn says(guess: &str, lines: &[String]) -> bool {
    let guess = guess.trim();
    let meant = guess.strip_suffix(')').and_then(|guess| guess.rsplit_once('('));
    let gist = Gist::of(lines);
    let one = |guess: &str| match gist {
        Gist::Nothing => false,
        Gist::Error(name) => guess == "an error" || guess.trim_start_matches("Error ") == name,
        Gist::Value(..) if guess == "1 row" => true,
        gist => gist.guess().as_deref() == Some(guess) || gist.to_string() == guess || has(lines, guess),
    };
    let all = |guess: &str| guess.split(" and ").all(|guess| one(guess.trim()));
    one(guess) || all(guess) || meant.is_some_and(|(_, meant)| all(meant))
}

/// The cells of a table's line.
fn cells(line: &str) -> Vec<String> {
    line.split(" | ").map(|cell| cell.trim().into()).collect()
}

/// Whether a table's column has these values: `column = value, value`, or begins with them: `column = value, …`.
fn has(lines: &[String], guess: &str) -> bool {
    let [head, _, rows @ ..] = lines else { return false };
    let found = guess.split_once('=').and_then(|(column, values)| {
        let place = cells(head).iter().position(|name| name == column.trim())?;
        Some((place, values.trim()))
    });
    found.is_some_and(|(place, values)| {
        let rows = rows.iter().take_while(|row| !row.trim().is_empty());
        let column: Vec<String> = rows.filter_map(|row| cells(row).into_iter().nth(place)).collect();
        let column = column.join(", ");
        // `city = Oslo, …`: what comes first.
        let begins = values.strip_suffix('…').is_some_and(|first| column.starts_with(first.trim_end()));
        begins || (!column.is_empty() && column == values)
    })
}

/// Two outcomes in few words each, so that they differ in words where they differ: as rows, or else in the first value that is another.
#[must_use]
pub fn apart(one: &[String], other: &[String]) -> (String, String) {
    let (short, shorter) = (Gist::of(one).to_string(), Gist::of(other).to_string());
    let cell = || {
        let ([head, _, ours @ ..], [_, _, theirs @ ..]) = (one, other) else { return None };
        // Cell by cell: a longer value elsewhere makes the whole column wider.
        let mut pairs = ours.iter().zip(theirs).map(|(a, b)| (cells(a), cells(b)));
        let (a, b) = pairs.find(|(a, b)| a != b)?;
        let column = a.iter().zip(&b).position(|(a, b)| a != b)?;
        let name = cells(head).into_iter().nth(column)?;
        let said = |row: &[String]| Some(format!("{name} = {}", row.get(column)?));
        Some((said(&a)?, said(&b)?))
    };
    if short == shorter { cell().unwrap_or((short, shorter)) } else { (short, shorter) }
}

/// A choice without the brackets that say what outcome it means.
#[must_use]
pub fn in_words(choice: &str) -> &str {
    let choice = choice.trim();
    choice.strip_suffix(')').and_then(|choice| choice.rsplit_once(" (")).map_or(choice, |(words, _)| words.trim())
}

/// What can be chosen where a question names nothing: nothing, one, what happened, an error; in an order that does not tell which.
#[must_use]
pub fn choices(lines: &[String]) -> Vec<String> {
    let mut choices: Vec<String> = ["0", "1", "an error"].map(String::from).into();
    if let Some(happened) = Gist::of(lines).guess().filter(|_| !choices.iter().any(|choice| says(choice, lines))) {
        choices.insert(2, happened);
    }
    choices
}

/// Whether the first line of an outcome tells of an error.
#[must_use]
pub fn is_error(line: &str) -> bool {
    line.starts_with("Error ") || line.starts_with("Client(")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(String::from).collect()
    }

    #[test]
    fn few_words() {
        let said = |text: &str, words: &str, guess: Option<&str>| {
            let lines = lines(text);
            let gist = Gist::of(&lines);
            assert_eq!(gist.to_string(), words);
            assert_eq!(gist.guess().as_deref(), guess);
            assert!(guess.is_none_or(|guess| says(guess, &lines) && says(words, &lines)));
            assert!(!says("9", &lines) && !says("", &lines) && !says("no", &lines) && !says("no (9 rows)", &lines));
            assert_eq!(says("an error", &lines), is_error(text));
            assert!(guess.is_none_or(|guess| says(&format!("so it is ({guess})"), &lines)));
            assert_eq!(choices(&lines).iter().filter(|choice| says(choice, &lines)).count(), guess.into_iter().count());
        };
        said("count\n-----\n    0\n\n(1 rows)", "0 rows", Some("0"));
        said("count\n-----\n    1\n\n(1 rows)", "1 row", Some("1"));
        said("v\n---\n 7\n\n(1 rows)", "v = 7", Some("7"));
        assert!(says("1 row", &lines("v\n-\n7\n\n(1 rows)")) && !says("1 row", &lines("count\n-\n7\n\n(1 rows)")));
        said("a | b\n--+--\n1 | 2\n\n(1 rows)", "1 row", Some("1"));
        said("a | b\n--+--\n\n(0 rows)", "0 rows", Some("0"));
        said("Error Unavailable(consistency=QUORUM required=2 alive=1)", "Unavailable", Some("Unavailable"));
        said("Client(NoHost)", "Client", Some("Client"));
        said("ok", "ok", Some("ok"));
        said("", "", None);
    }

    #[test]
    fn columns() {
        let row = lines("k | who   | tags\n--+-------+-----------\na | ann b | {'x', 'y'}\n\n(1 rows)");
        for guess in ["who = ann b", "tags = {'x', 'y'}", "the first (k = a and who = ann b)", "1 row", "1 row and k=a"]
        {
            assert!(says(guess, &row), "{guess}");
        }
        for guess in ["who = ann", "k = b", "k", "other = a", "yes (k = a and who = bob)"] {
            assert!(!says(guess, &row), "{guess}");
        }
        let rows = lines("c\n-\n7\n8\n\n(2 rows)");
        assert!(says("7 and 8 (c = 7, 8)", &rows) && !says("c = 7", &rows));
        assert!(says("7 comes first (c = 7, …)", &rows) && !says("c = 8, …", &rows));
    }

    #[test]
    fn two_apart() {
        let two = |a: &str, b: &str| apart(&lines(a), &lines(b));
        let said = |a: &str, b: &str| (a.to_string(), b.to_string());
        assert_eq!(two("k | v\n--+--\na | 1\n\n(1 rows)", "k | v\n--+--\na | 2\n\n(1 rows)"), said("v = 1", "v = 2"));
        assert_eq!(two("k | v\n--+--\n\n(0 rows)", "k | v\n--+--\na | 2\n\n(1 rows)"), said("0 rows", "1 row"));
        let (short, long) =
            ("k | v  | w\n--+----+--\na | xy | 1\n\n(1 rows)", "k | v   | w\n--+-----+--\na | xyz | 1\n\n(1 rows)");
        assert_eq!(two(short, long), said("v = xy", "v = xyz"));
        assert_eq!(two("Error Invalid", "Error Invalid"), said("Invalid", "Invalid"));
    }

    #[test]
    fn words() {
        assert_eq!(in_words(" yes (1 row) "), "yes");
        assert_eq!(in_words("1"), "1");
        assert_eq!(in_words("count(*)"), "count(*)");
    }
}
