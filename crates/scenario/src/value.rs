//! The values that directives take: how each is written, and what it is then. Whole numbers only.

mod time;

use crate::nearest::nearest;
use crate::setup::{Dc, MessageName};
use crate::step::{Client, Machine, Node, Party};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use sim::{PPM, Span};
use time::{date, offset, span};
pub use time::{length, micros};

/// What a word of a directive can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Count {
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// One of these words.
    Word(&'static [&'static str]),
    /// A length of time: `20ms`, `1h30m`, `1.5s`.
    Span,
    /// The same with a sign: `+20ms`, `-5s`, `0`.
    Offset,
    /// A probability: `0.1`, `10%`, `1/10`.
    Part,
    /// Parts in a million: `50ppm`.
    Drift,
    /// A jump every so often: `-20ms/30s`.
    Jump,
    /// The smallest step of a clock: `us`, `ms`, `16ms`.
    Resolution,
    /// `2025-01-01` or `2025-01-01T12:00:00Z`.
    Date,
    /// Data centres and their nodes: `dc1:3,dc2:3`.
    Dcs,
    /// `n1` …
    Node,
    /// A client that a `client` line names.
    Client,
    /// A new name.
    Name,
    /// A node or a client.
    Machine,
    /// A node, a client, or `*` for all.
    Party,
    /// Sixteen hexadecimal digits.
    Hash,
    /// A version: `5.0.6`.
    Version,
    /// All that is left of the line.
    Text,
    /// All that is left of the line: `n1 | n2 n3`, or `n1 -> n2`.
    Sides,
    /// A message: `2.3`, the third that statement 2 makes anyone send.
    Message,
    /// All that is left of the line: places of the text above a branch, `3, 4+1, client api`.
    Places,
    /// All that is left of the line: `model: why`.
    Reason(&'static [&'static str]),
}

/// A value, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Count(u64),
    Word(&'static str),
    Span(Span),
    Offset(i64),
    Ppm(u32),
    Drift(i32),
    Jump(i64, Span),
    Date(i64),
    Dcs(Vec<Dc>),
    Node(Node),
    Client(Client),
    Machine(Machine),
    Party(Party),
    Message(MessageName),
    Text(String),
}

/// What a name can mean here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    pub nodes: u16,
    pub clients: Vec<String>,
}

/// Why a word is no such value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub so: String,
    pub known: String,
    pub nearest: Option<String>,
}

impl Wrong {
    pub fn new(so: impl Into<String>, known: impl Into<String>) -> Wrong {
        Wrong { so: so.into(), known: known.into(), nearest: None }
    }
}

impl Kind {
    /// How such a value is written, for help and faults.
    #[must_use]
    pub fn wanted(self) -> String {
        match self {
            Kind::Count { min: 0, max: u64::MAX } => "a whole number".into(),
            Kind::Count { min, max: u64::MAX } => format!("a whole number from {min}"),
            Kind::Count { min, max } => format!("a whole number from {min} to {max}"),
            Kind::Word(words) => words.join(", "),
            Kind::Span => "a length of time, as 20ms, 5s, 3h or 10d".into(),
            Kind::Offset => "an offset, as +20ms, -5s or 0".into(),
            Kind::Part => "a probability, as 0.1, 10% or 1/10".into(),
            Kind::Drift => "parts in a million, as 50ppm or -50ppm".into(),
            Kind::Jump => "a jump every so often, as -20ms/30s".into(),
            Kind::Resolution => "a clock's smallest step, as us, ms or 16ms".into(),
            Kind::Date => "a date from 1970 to 2099, as 2025-01-01 or 2025-01-01T12:00:00Z".into(),
            Kind::Dcs => "data centres and their nodes, as dc1:3,dc2:3".into(),
            Kind::Node => "a node, as n1".into(),
            Kind::Client => "a client that a client line names".into(),
            Kind::Name => "a name of letters, digits, - and _".into(),
            Kind::Machine => "a node, as n1, or a client's name".into(),
            Kind::Party => "a node, a client's name, or * for all".into(),
            Kind::Hash => "16 hexadecimal digits".into(),
            Kind::Version => "a version, as 5.0.6".into(),
            Kind::Text => "text to the line's end".into(),
            Kind::Sides => "sides of the network, as n1 | n2 n3, or one way n1 -> n2".into(),
            Kind::Message => "a message, as 2.3: the third that statement 2 makes anyone send".into(),
            Kind::Places => {
                "a statement's number, 3+1 for the first directive below it, cluster, client NAME or end".into()
            }
            Kind::Reason(words) => format!("{}, then : and the reason", words.join(", ")),
        }
    }

    /// Whether it takes the whole rest of its line.
    pub(crate) fn is_rest(self) -> bool {
        matches!(self, Kind::Text | Kind::Sides | Kind::Places | Kind::Reason(_))
    }

    /// Read one word. The kinds that take a whole line give it as text.
    pub(crate) fn read(self, word: &str, known: &Known) -> Result<Value, Wrong> {
        let wrong = |so: &str| Wrong::new(format!("{word} {so}"), format!("expected {}", self.wanted()));
        match self {
            Kind::Count { min, max } => match word.replace('_', "").parse::<u64>() {
                Ok(n) if n < min => Err(wrong("is too few")),
                Ok(n) if n > max => Err(wrong("is over the limit")),
                Ok(n) => Ok(Value::Count(n)),
                Err(_) => Err(wrong("is not a whole number")),
            },
            Kind::Word(words) => match words.iter().find(|w| **w == word) {
                Some(w) => Ok(Value::Word(w)),
                None => Err(Wrong {
                    nearest: nearest(word, words.iter().copied()).map(Into::into),
                    ..wrong("is not known here")
                }),
            },
            Kind::Span => match span(word)? {
                Some(us) => Ok(Value::Span(Span(us))),
                None if word.starts_with(['+', '-']) => {
                    Err(Wrong::new(format!("{word} has a sign"), "time only passes: expected a length, as 20ms"))
                }
                None => Err(wrong("is not a length of time")),
            },
            Kind::Offset => Ok(Value::Offset(offset(word)?.ok_or_else(|| wrong("is not an offset"))?)),
            Kind::Part => part(word).map(Value::Ppm).ok_or_else(|| wrong("is not a probability")),
            Kind::Drift => {
                let number = word.strip_suffix("ppm").and_then(|n| n.parse::<i32>().ok());
                match number {
                    Some(ppm) if ppm.unsigned_abs() < PPM => Ok(Value::Drift(ppm)),
                    _ => Err(wrong("is not a drift")),
                }
            }
            Kind::Jump => {
                let (by, every) = word.split_once('/').ok_or_else(|| wrong("does not say how often"))?;
                match (offset(by)?, span(every)?) {
                    (Some(by), Some(every)) if every > 0 => Ok(Value::Jump(by, Span(every))),
                    _ => Err(wrong("is not a jump")),
                }
            }
            Kind::Resolution => match word {
                "us" => Ok(Value::Span(Span(1))),
                "ms" => Ok(Value::Span(Span::ms(1))),
                "s" => Ok(Value::Span(Span::s(1))),
                _ => match span(word)? {
                    Some(us) if (1..=1_000_000_000).contains(&us) => Ok(Value::Span(Span(us))),
                    _ => Err(wrong("is not a resolution")),
                },
            },
            Kind::Date => date(word).map(Value::Date).ok_or_else(|| wrong("is not a date")),
            Kind::Dcs => dcs(word).map(Value::Dcs).ok_or_else(|| wrong("does not list data centres")),
            Kind::Node => node(word, known).map(Value::Node),
            Kind::Client => match known.clients.iter().position(|name| name == word) {
                Some(at) => Ok(Value::Client(Client(at as u16))),
                None => Err(no_client(word, known)),
            },
            Kind::Name => {
                let fits = word.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
                if !fits || word.is_empty() || word.chars().count() > 40 {
                    Err(wrong("is not a name"))
                } else if as_node(word).is_some() {
                    Err(Wrong::new(format!("{word} is a node's name"), "a client needs another one"))
                } else {
                    Ok(Value::Text(word.into()))
                }
            }
            Kind::Machine => machine(word, known).map(Value::Machine),
            Kind::Party if word == "*" => Ok(Value::Party(Party::Any)),
            Kind::Party => machine(word, known).map(|m| Value::Party(Party::One(m))),
            Kind::Hash => match u64::from_str_radix(word, 16) {
                Ok(hash) if word.len() == 16 => Ok(Value::Count(hash)),
                _ => Err(wrong("is not a hash")),
            },
            Kind::Version => {
                let fits = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
                if fits && !word.is_empty() { Ok(Value::Text(word.into())) } else { Err(wrong("is not a version")) }
            }
            Kind::Message => {
                let (statement, number) = word.split_once('.').ok_or_else(|| wrong("is no message"))?;
                match (statement.parse(), number.parse()) {
                    (Ok(statement), Ok(number)) if statement > 0 && number > 0 => {
                        Ok(Value::Message(MessageName { statement, number }))
                    }
                    _ => Err(wrong("is no message")),
                }
            }
            Kind::Text | Kind::Sides | Kind::Places | Kind::Reason(_) => Ok(Value::Text(word.into())),
        }
    }
}

fn part(word: &str) -> Option<u32> {
    let ppm = |text: &str, one: u128| -> Option<u128> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        if part.len() > 9 || whole.len() > 9 || (whole.is_empty() && part.is_empty()) {
            return None;
        }
        let digits = |s: &str| if s.is_empty() { Some(0) } else { s.parse::<u128>().ok() };
        let scale = 10u128.pow(part.len() as u32);
        let sum = (digits(whole)? * scale + digits(part)?) * one;
        sum.is_multiple_of(scale).then_some(sum / scale)
    };
    let value = if let Some(percent) = word.strip_suffix('%') {
        ppm(percent, 10_000)?
    } else if let Some((a, b)) = word.split_once('/') {
        let (a, b) = (a.parse::<u32>().ok()?, b.parse::<u32>().ok()?);
        (u128::from(a) * u128::from(PPM)).checked_div(u128::from(b))?
    } else {
        ppm(word, u128::from(PPM))?
    };
    u32::try_from(value).ok().filter(|ppm| *ppm <= PPM)
}

fn dcs(word: &str) -> Option<Vec<Dc>> {
    let mut all: Vec<Dc> = Vec::new();
    for dc in word.split(',') {
        let (name, nodes) = dc.split_once(':')?;
        let fits = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let nodes = nodes.parse::<u16>().ok().filter(|n| *n > 0)?;
        if !fits || all.iter().any(|other| other.name == name) {
            return None;
        }
        all.push(Dc { name: name.into(), nodes });
    }
    Some(all)
}

fn as_node(word: &str) -> Option<u32> {
    let digits = word.strip_prefix('n')?;
    (!digits.is_empty() && digits.len() < 6 && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.parse().ok())?
}

fn node(word: &str, known: &Known) -> Result<Node, Wrong> {
    match as_node(word) {
        Some(n) if n >= 1 && n <= u32::from(known.nodes) => Ok(Node((n - 1) as u16)),
        Some(_) => {
            let so =
                if known.nodes == 1 { "has one node, n1".to_string() } else { format!("has n1 to n{}", known.nodes) };
            Err(Wrong {
                nearest: Some(format!("n{}", known.nodes)),
                ..Wrong::new(format!("there is no {word}"), format!("the cluster {so}"))
            })
        }
        None => Err(Wrong::new(format!("{word} is not a node"), format!("nodes are n1 to n{}", known.nodes))),
    }
}

pub(crate) fn machine(word: &str, known: &Known) -> Result<Machine, Wrong> {
    if let Some(at) = known.clients.iter().position(|name| name == word) {
        return Ok(Machine::Client(Client(at as u16)));
    }
    if as_node(word).is_some() {
        return node(word, known).map(Machine::Node);
    }
    Err(no_client(word, known))
}

fn no_client(word: &str, known: &Known) -> Wrong {
    let names = known.clients.join(", ");
    let all = if names.is_empty() { "no client line names one yet".into() } else { format!("the clients are {names}") };
    let close = nearest(word, known.clients.iter().map(String::as_str)).map(Into::into);
    Wrong { nearest: close, ..Wrong::new(format!("there is no client {word}"), all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known { nodes: 3, clients: alloc::vec!["api".into(), "cron".into()] }
    }

    fn read(kind: Kind, word: &str) -> Value {
        kind.read(word, &known()).unwrap()
    }

    #[test]
    fn times_are_exact() {
        for (word, us) in [
            ("20ms", 20_000),
            ("1h30m", 5_400_000_000),
            ("1.5s", 1_500_000),
            ("10d", 864_000_000_000),
            ("7us", 7),
            ("2000ns", 2),
        ] {
            assert_eq!(read(Kind::Span, word), Value::Span(Span(us)), "{word}");
        }
        assert_eq!(read(Kind::Offset, "-20ms"), Value::Offset(-20_000));
        assert_eq!(read(Kind::Offset, "0"), Value::Offset(0));
        assert_eq!(read(Kind::Jump, "-20ms/30s"), Value::Jump(-20_000, Span::s(30)));
        for word in ["", "5", "ms", "1x", "1..s", "-5s", "1500ns", "99999999d", "1.s", ".5s"] {
            assert!(Kind::Span.read(word, &known()).is_err(), "{word}");
        }
        assert!(Kind::Span.read("1500ns", &known()).unwrap_err().so.contains("finer"));
        assert!(Kind::Span.read("-5s", &known()).unwrap_err().known.contains("only passes"));
    }

    #[test]
    fn probabilities_are_parts_in_a_million() {
        for (word, ppm) in
            [("0.1", 100_000), ("10%", 100_000), ("1/10", 100_000), ("1", 1_000_000), ("0.000001", 1), ("1/3", 333_333)]
        {
            assert_eq!(read(Kind::Part, word), Value::Ppm(ppm), "{word}");
        }
        for word in ["1.1", "-1", "2/1", "1/0", "0.0000001", "", ".", "%"] {
            assert!(Kind::Part.read(word, &known()).is_err(), "{word}");
        }
    }

    #[test]
    fn names_are_known_or_nearly() {
        assert_eq!(read(Kind::Machine, "n3"), Value::Machine(Machine::Node(Node(2))));
        assert_eq!(read(Kind::Party, "cron"), Value::Party(Party::One(Machine::Client(Client(1)))));
        let wrong = Kind::Node.read("n4", &known()).unwrap_err();
        assert_eq!((wrong.nearest.as_deref(), wrong.known.as_str()), (Some("n3"), "the cluster has n1 to n3"));
        let wrong = Kind::Client.read("corn", &known()).unwrap_err();
        assert_eq!(wrong.nearest.as_deref(), Some("cron"));
        assert!(Kind::Name.read("n2", &known()).is_err());
    }
}
