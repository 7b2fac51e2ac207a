//! Statements to canonical CQL: keywords in capitals, one space between words, quotes only where they are needed.
//!
//! The law: what is printed parses to the tree that was printed. It holds for every tree that a text can give.

mod access;
mod expr;
mod modify;
mod schema;
mod select;
mod shell;

use crate::ast::{Name, Qualified, Statement};
use crate::lex::{Class, Keyword};
use core::fmt::{Display, Formatter, Result, Write};

/// Items with something between them.
struct Joined<'a, T>(&'a [T], &'static str);

impl<T: Display> Display for Joined<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (i, item) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(self.1)?;
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}

/// Items separated by commas, as `show` prints them.
fn listed<T>(f: &mut Formatter<'_>, items: &[T], show: impl Fn(&T, &mut Formatter<'_>) -> Result) -> Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        show(item, f)?;
    }
    Ok(())
}

/// A string literal.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        doubled(f, self.0, '\'')
    }
}

/// Text between two `quote`s, those inside it doubled.
fn doubled(f: &mut Formatter<'_>, text: &str, quote: char) -> Result {
    f.write_char(quote)?;
    for (i, part) in text.split(quote).enumerate() {
        if i > 0 {
            f.write_char(quote)?;
            f.write_char(quote)?;
        }
        f.write_str(part)?;
    }
    f.write_char(quote)
}

/// A word of lower-case letters, digits and `_` that begins with a letter: one that folding leaves alone.
fn is_plain(name: &str) -> bool {
    name.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// A name, bare if it is plain and no keyword that `forbids` it.
fn name(f: &mut Formatter<'_>, name: &str, forbids: impl Fn(Keyword) -> bool) -> Result {
    if is_plain(name) && !Keyword::of(name.as_bytes()).is_some_and(forbids) {
        f.write_str(name)
    } else {
        doubled(f, name, '"')
    }
}

impl Display for Name {
    /// As a column, table, keyspace, field or alias is written.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        name(f, self, |keyword| keyword.class() == Class::Reserved)
    }
}

impl Display for Qualified {
    /// As a table is written.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(keyspace) = &self.keyspace {
            write!(f, "{keyspace}.")?;
        }
        self.name.fmt(f)
    }
}

/// A function's name: fewer keywords may be one.
struct Function<'a>(&'a Qualified);

impl Display for Function<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(keyspace) = &self.0.keyspace {
            write!(f, "{keyspace}.")?;
        }
        function(f, &self.0.name)
    }
}

fn function(f: &mut Formatter<'_>, function: &str) -> Result {
    if function == "expr" {
        return doubled(f, function, '"');
    }
    name(f, function, |keyword| match keyword.class() {
        Class::Free | Class::Type => false,
        Class::Plain | Class::Reserved => !matches!(keyword, Keyword::Token | Keyword::Count),
    })
}

fn when(f: &mut Formatter<'_>, condition: bool, text: &str) -> Result {
    if condition { f.write_str(text) } else { Ok(()) }
}

impl Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Statement::Select(select) => select.fmt(f),
            Statement::Modify(modification) => modification.fmt(f),
            Statement::Batch(batch) => batch.fmt(f),
            Statement::Use(keyspace) => write!(f, "USE {keyspace}"),
            Statement::Truncate { table, using } => write!(f, "TRUNCATE {table}{using}"),
            Statement::CreateKeyspace(create) => create.fmt(f),
            Statement::AlterKeyspace(alter) => alter.fmt(f),
            Statement::DropKeyspace(drop) => drop.fmt(f),
            Statement::CreateTable(create) => create.fmt(f),
            Statement::AlterTable(alter) => alter.fmt(f),
            Statement::CreateType(create) => create.fmt(f),
            Statement::AlterType(alter) => alter.fmt(f),
            Statement::CreateIndex(create) => create.fmt(f),
            Statement::CreateView(create) => create.fmt(f),
            Statement::AlterView(alter) => alter.fmt(f),
            Statement::Drop(drop) => drop.fmt(f),
            Statement::CreateFunction(create) => create.fmt(f),
            Statement::CreateAggregate(create) => create.fmt(f),
            Statement::DropRoutine(drop) => drop.fmt(f),
            Statement::CreateTrigger(create) => create.fmt(f),
            Statement::DropTrigger(drop) => drop.fmt(f),
            Statement::Access(access) => access.fmt(f),
            Statement::Describe(described) => described.fmt(f),
            Statement::Shell(shell) => shell.fmt(f),
        }
    }
}
