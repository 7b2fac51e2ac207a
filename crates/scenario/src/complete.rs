//! What could stand at the caret: in a directive by the table that reads it, in a statement by the grammar that reads that, and by the
//! names that the text itself gives.

mod cql;

use crate::directives::{DIRECTIVES, Directive, Kind};
use crate::explain::said_of;
use crate::parse::parse;
use crate::setup::Setup;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// A word that could stand at the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it replaces: the word begun.
    pub span: Range<u32>,
    /// The whole word.
    pub text: String,
    /// What it is, in a word or two.
    pub kind: String,
    /// One line about it.
    pub help: String,
}

/// The words that could stand at byte `offset` of a text, those that begin as the word there does.
#[must_use]
pub fn complete(text: &str, offset: u32) -> Vec<Completion> {
    let Some(head) = text.get(..offset as usize) else { return Vec::new() };
    let line = head.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let Some(said) = head.get(line..).map(str::trim_start).and_then(|line| line.strip_prefix("--@")) else {
        return cql::complete(text, offset as usize);
    };
    let begun = said.rsplit(char::is_whitespace).next().unwrap_or("");
    let words: Vec<&str> = said.strip_suffix(begun).unwrap_or(said).split_whitespace().collect();
    let (scenario, _) = parse(text);
    let (begun, offers) = match words.split_first() {
        None => (begun, DIRECTIVES.iter().map(|d| offer(d.name, "", d.help)).collect()),
        Some((verb, words)) => match Directive::named(verb) {
            None => (begun, Vec::new()),
            Some(directive) => match begun.split_once('=') {
                Some((name, value)) => {
                    (value, directive.key(name).map_or_else(Vec::new, |key| values(key.kind, &scenario.setup)))
                }
                None => (begun, next(directive, words, &scenario.setup)),
            },
        },
    };
    let span = offset - begun.len() as u32..offset;
    let fits = |(text, ..): &Offer| text.starts_with(begun) && text != begun;
    let offers = offers.into_iter().filter(fits);
    offers.map(|(text, kind, help)| Completion { span: span.clone(), text, kind, help }).collect()
}

/// A word, what it is, and a line about it.
type Offer = (String, String, String);

fn offer(text: impl Into<String>, kind: impl Into<String>, help: &str) -> Offer {
    (text.into(), kind.into(), help.into())
}

/// The next argument by place, and the keys that are not given yet.
fn next(directive: &Directive, words: &[&str], setup: &Setup) -> Vec<Offer> {
    let given = words.iter().filter(|word| !word.contains('=')).count();
    let mut all = match directive.args.get(given).or(directive.args.last().filter(|arg| arg.kind == Kind::Sides)) {
        Some(arg) => values(arg.kind, setup),
        None => Vec::new(),
    };
    let open =
        directive.keys.iter().filter(|key| !words.iter().any(|word| word.starts_with(&format!("{}=", key.name))));
    all.extend(open.map(|key| offer(format!("{}=", key.name), said_of(key), key.help)));
    all
}

fn values(kind: Kind, setup: &Setup) -> Vec<Offer> {
    let nodes = || (1..=setup.cluster.nodes).map(|n| offer(format!("n{n}"), "node", ""));
    let clients = || setup.clients.iter().map(|client| offer(client.name.as_str(), "client", ""));
    let said = |words: &[&str]| words.iter().map(|word| offer(*word, "", "")).collect();
    match kind {
        Kind::Word(words) | Kind::Reason(words) => said(words),
        Kind::Node => nodes().collect(),
        Kind::Client => clients()
            .chain(
                (!setup.clients.iter().any(|c| c.name == "cqlsh"))
                    .then(|| offer("cqlsh", "client", "who speaks when nobody is named")),
            )
            .collect(),
        Kind::Machine | Kind::Sides => nodes().chain(clients()).collect(),
        Kind::Party => nodes().chain(clients()).chain([offer("*", "all", "")]).collect(),
        Kind::Resolution => said(&["us", "ms"]),
        Kind::Count { .. }
        | Kind::Span
        | Kind::Offset
        | Kind::Part
        | Kind::Drift
        | Kind::Jump
        | Kind::Date
        | Kind::Dcs => Vec::new(),
        Kind::Name | Kind::Hash | Kind::Version | Kind::Text | Kind::Message | Kind::Places => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(text: &str) -> Vec<String> {
        let at = text.find('^').unwrap();
        complete(&text.replace('^', ""), at as u32).into_iter().map(|c| c.text).collect()
    }

    #[test]
    fn what_could_stand_here() {
        assert_eq!(offered("--@ ad^"), ["advance"]);
        assert_eq!(offered("--@ cluster ^").len(), 8);
        assert_eq!(offered("--@ cluster nodes=3 r^"), ["rf="]);
        assert_eq!(offered("--@ cluster like=s^"), ["scylla"]);
        assert_eq!(offered("--@ cluster nodes=2\n--@ kill ^"), ["n1", "n2"]);
        assert_eq!(offered("--@ client api\n--@ as a^\n"), ["api"]);
        assert_eq!(offered("--@ until seen-^"), ["seen-down", "seen-up"]);
        assert_eq!(offered("--@ until seen-down n^"), ["n1", "n2", "n3"]);
        let table = "CREATE TABLE users (id int PRIMARY KEY, name text);\n";
        let in_cql = |text: &str| offered(&alloc::format!("{table}{text}"));
        assert_eq!(in_cql("SELECT na^ FROM users"), ["name"]);
        assert_eq!(in_cql("SELECT * FROM us^"), ["users"]);
        assert_eq!(in_cql("SELECT * FROM demo.^"), ["users"]);
        assert_eq!(in_cql("SELECT * FROM users wh^"), ["WHERE"]);
        assert_eq!(in_cql("INSERT INTO users (^"), ["id", "name", "JSON"][..2]);
        assert_eq!(in_cql("CONSISTENCY loc^"), ["LOCAL_QUORUM", "LOCAL_SERIAL", "LOCAL_ONE"]);
        assert_eq!(in_cql("sel^"), ["SELECT"]);
        assert_eq!(in_cql("INSERT INTO users (id) VALUES (1) USING ^"), ["TIMESTAMP", "TTL", "TIMEOUT"]);
        for nothing in ["-- a^", "SELECT 'a^", "SELECT 1^"] {
            assert_eq!(in_cql(nothing), Vec::<String>::new(), "{nothing}");
        }
    }
}
