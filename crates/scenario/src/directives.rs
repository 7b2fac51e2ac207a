//! The one table of directives. The parser, the help, the completion, the words of every fault, and the test that holds
//! `docs/scenario.md` to the truth all read it; nothing else knows a directive's name.

mod table;

pub use crate::value::Kind;
pub use table::DIRECTIVES;

use crate::backend::Need;
use alloc::string::String;
use alloc::vec::Vec;

/// A directive: `--@ verb args key=value`.
#[derive(Debug)]
pub struct Directive {
    /// Which it is.
    pub verb: Verb,
    /// Its name.
    pub name: &'static str,
    /// Other names of the same.
    pub aliases: &'static [&'static str],
    /// What stands behind the name, in order.
    pub args: &'static [Arg],
    /// What may be given by name, in any order.
    pub keys: &'static [Key],
    /// One sentence.
    pub help: &'static str,
    /// What a backend must be able to do.
    pub needs: Option<Need>,
    /// A line that can be copied.
    pub example: &'static str,
    /// Where it may stand.
    pub place: Place,
}

/// Which directive; parsing matches on it, so a new row in the table does not compile until it means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is a row of the table, where its meaning is written
pub enum Verb {
    Cluster,
    Client,
    As,
    Advance,
    Until,
    Kill,
    Start,
    Power,
    Pause,
    Resume,
    Partition,
    Heal,
    Drop,
    Delay,
    Duplicate,
    Reorder,
    Clock,
    Flush,
    Compact,
    Repair,
    Async,
    Await,
    Row,
    At,
    Trace,
    Needs,
    Checked,
    Swap,
    Branch,
    Instead,
    Before,
    Without,
}

impl Verb {
    /// What a word says, by its name or an alias in the table. It is apart from the table for readers that want no more of it:
    /// the page has neither help nor faults of its own.
    pub(crate) fn named(word: &str) -> Option<Verb> {
        Some(match word {
            "cluster" => Verb::Cluster,
            "client" => Verb::Client,
            "as" => Verb::As,
            "advance" => Verb::Advance,
            "until" => Verb::Until,
            "kill" | "down" => Verb::Kill,
            "start" | "up" => Verb::Start,
            "power" => Verb::Power,
            "pause" => Verb::Pause,
            "resume" => Verb::Resume,
            "partition" => Verb::Partition,
            "heal" => Verb::Heal,
            "drop" => Verb::Drop,
            "delay" => Verb::Delay,
            "duplicate" => Verb::Duplicate,
            "reorder" => Verb::Reorder,
            "clock" => Verb::Clock,
            "flush" => Verb::Flush,
            "compact" => Verb::Compact,
            "repair" => Verb::Repair,
            "async" => Verb::Async,
            "await" => Verb::Await,
            "row" => Verb::Row,
            "at" => Verb::At,
            "trace" => Verb::Trace,
            "needs" => Verb::Needs,
            "checked" => Verb::Checked,
            "swap" => Verb::Swap,
            "branch" => Verb::Branch,
            "instead" => Verb::Instead,
            "before" => Verb::Before,
            "without" => Verb::Without,
            _ => return None,
        })
    }

    /// Whether it is part of a branch's own writing.
    pub(crate) fn branches(self) -> bool {
        matches!(self, Verb::Branch | Verb::Instead | Verb::Before | Verb::Without)
    }

    /// Whether it is a step: something that happens where it stands.
    pub(crate) fn acts(self) -> bool {
        match self {
            Verb::Advance | Verb::Until | Verb::Kill | Verb::Start | Verb::Power | Verb::Pause | Verb::Resume => true,
            Verb::Partition | Verb::Heal | Verb::Drop | Verb::Delay | Verb::Duplicate | Verb::Reorder => true,
            Verb::Clock | Verb::Flush | Verb::Compact | Verb::Repair | Verb::Await => true,
            Verb::Cluster | Verb::Client | Verb::As | Verb::Async | Verb::Row | Verb::At | Verb::Trace => false,
            Verb::Needs | Verb::Checked | Verb::Swap => false,
            Verb::Branch | Verb::Instead | Verb::Before | Verb::Without => false,
        }
    }
}

/// An argument by place.
#[derive(Clone, Copy, Debug)]
pub struct Arg {
    /// What it is called in help.
    pub name: &'static str,
    /// What it can be.
    pub kind: Kind,
    /// Whether it may be left out.
    pub optional: bool,
}

/// An argument by name.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it can be.
    pub kind: Kind,
    /// What holds when it is not given; for the reader, the parser has it from the types.
    pub default: &'static str,
    /// What it does.
    pub help: &'static str,
    /// Whether it must be given.
    pub required: bool,
    /// What a backend must be able to do for it.
    pub needs: Option<Need>,
}

/// Where a directive may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before the first step: it is part of the world that the first step finds.
    Head,
    /// Anywhere.
    Anywhere,
    /// With a statement below it.
    BeforeStatement,
}

impl Directive {
    /// The directive with this name or alias.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Directive> {
        DIRECTIVES.iter().find(|d| d.name == name || d.aliases.contains(&name))
    }

    /// Its key with this name.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|k| k.name == name)
    }

    /// How it is written: `drop FROM TO [p=] [times=]`.
    #[must_use]
    pub fn usage(&self) -> String {
        let mut text = String::from(self.name);
        for arg in self.args {
            text.push(' ');
            text += &match (arg.kind, arg.optional) {
                (Kind::Word(words), _) => words.join("|"),
                (_, true) => alloc::format!("[{}]", arg.name),
                (_, false) => arg.name.into(),
            };
        }
        for key in self.keys {
            text += &if key.required { alloc::format!(" {}=", key.name) } else { alloc::format!(" [{}=]", key.name) };
        }
        text
    }
}

/// Every name a directive can be called by.
#[must_use]
pub fn names() -> Vec<&'static str> {
    DIRECTIVES.iter().flat_map(|d| core::iter::once(d.name).chain(d.aliases.iter().copied())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_table() {
        for directive in DIRECTIVES {
            for name in directive.aliases.iter().chain([&directive.name]) {
                assert_eq!(Verb::named(name), Some(directive.verb), "{name}");
            }
        }
        assert_eq!(Verb::named("frobnicate"), None);
    }
}
