//! `DESCRIBE`, and the commands of cqlsh.

use super::cursor::{Cursor, Parsed};
use crate::Consistency;
use crate::ast::{DescribeTarget, Described, Shell, Statement};
use crate::lex::{Keyword, Tok};

/// The commands of cqlsh that are recognised to be refused, and what their abbreviations stand for.
const REFUSED: [(&str, &str); 16] = [
    ("?", "HELP"),
    ("CAPTURE", "CAPTURE"),
    ("CLEAR", "CLEAR"),
    ("CLS", "CLEAR"),
    ("COPY", "COPY"),
    ("DEBUG", "DEBUG"),
    ("ELAPSED", "ELAPSED"),
    ("EXIT", "EXIT"),
    ("HELP", "HELP"),
    ("HISTORY", "HISTORY"),
    ("LOGIN", "LOGIN"),
    ("QUIT", "EXIT"),
    ("SHOW", "SHOW"),
    ("SOURCE", "SOURCE"),
    ("UNICODE", "UNICODE"),
    ("UNDO", "UNDO"),
];

/// The words a statement may begin with.
const FIRST_WORDS: [&str; 20] = [
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "BEGIN",
    "CREATE",
    "ALTER",
    "DROP",
    "USE",
    "TRUNCATE",
    "DESCRIBE",
    "GRANT",
    "REVOKE",
    "LIST",
    "ADD",
    "CONSISTENCY",
    "SERIAL",
    "PAGING",
    "TRACING",
    "EXPAND",
];

impl Cursor<'_> {
    /// A statement that begins with no keyword of CQL's: a command of cqlsh, or an error.
    pub(super) fn shell(&mut self) -> Parsed<Statement> {
        let refused = REFUSED.iter().find(|(word, _)| self.word().eq_ignore_ascii_case(word));
        if let Some((_, name)) = refused {
            // Whatever follows is that command's own language.
            while self.kind() != Tok::End {
                self.advance();
            }
            return Ok(Statement::Shell(Shell::Refused(name)));
        }
        let shell = match self.any_word().as_deref() {
            Some("CONSISTENCY") => {
                self.advance();
                Shell::Consistency(self.level()?)
            }
            Some("SERIAL") => {
                self.advance();
                self.expect_word("CONSISTENCY")?;
                Shell::SerialConsistency(self.level()?)
            }
            Some("PAGING") => {
                self.advance();
                Shell::Paging(self.page_size()?)
            }
            Some("TRACING") => {
                self.advance();
                Shell::Tracing(self.on_or_off()?)
            }
            Some("EXPAND") => {
                self.advance();
                Shell::Expand(self.on_or_off()?)
            }
            _ => return self.unexpected(&FIRST_WORDS),
        };
        Ok(Statement::Shell(shell))
    }

    fn command_ends(&mut self) -> bool {
        let ends = matches!(self.kind(), Tok::End | Tok::Semicolon);
        if !ends {
            self.note("the end of the statement");
        }
        ends
    }

    fn level(&mut self) -> Parsed<Option<Consistency>> {
        if self.command_ends() {
            return Ok(None);
        }
        let word = self.any_word().unwrap_or_default();
        for level in Consistency::ALL {
            if level.name() == word {
                self.advance();
                return Ok(Some(level));
            }
            self.note(level.name());
        }
        self.unexpected(&[])
    }

    fn on_or_off(&mut self) -> Parsed<Option<bool>> {
        if self.command_ends() {
            return Ok(None);
        }
        if self.eat(Keyword::On) {
            return Ok(Some(true));
        }
        self.expect_word("OFF")?;
        Ok(Some(false))
    }

    fn page_size(&mut self) -> Parsed<Option<u32>> {
        if let (Tok::Integer, Ok(rows)) = (self.kind(), self.word().parse::<u32>()) {
            self.advance();
            return Ok(Some(rows));
        }
        self.note("a number of rows");
        Ok(self.on_or_off()?.map(|on| if on { 100 } else { 0 }))
    }

    pub(super) fn describe(&mut self) -> Parsed<Statement> {
        self.advance();
        let target = self.describe_target()?;
        let internals = self.eat(Keyword::With);
        if internals {
            self.expect(Keyword::Internals)?;
        }
        Ok(Statement::Describe(Described { target, internals }))
    }

    fn describe_target(&mut self) -> Parsed<DescribeTarget> {
        // A word that may also be a name is a name when nothing but the end, `.` or `WITH` follows it.
        let alone = matches!(self.next_kind(), Tok::End | Tok::Semicolon | Tok::Dot | Tok::Keyword(Keyword::With));
        let plain = match self.kind() {
            Tok::Keyword(Keyword::Cluster) => Some(DescribeTarget::Cluster),
            Tok::Keyword(Keyword::Schema) => Some(DescribeTarget::Schema),
            Tok::Keyword(Keyword::Keyspaces) => Some(DescribeTarget::Keyspaces),
            Tok::Keyword(Keyword::Tables | Keyword::Columnfamilies) => Some(DescribeTarget::Tables),
            Tok::Keyword(Keyword::Types) => Some(DescribeTarget::Types),
            Tok::Keyword(Keyword::Functions) => Some(DescribeTarget::Functions),
            Tok::Keyword(Keyword::Aggregates) => Some(DescribeTarget::Aggregates),
            _ => None,
        };
        if let Some(target) = plain {
            self.advance();
            return Ok(target);
        }
        if self.eat(Keyword::Full) {
            self.expect(Keyword::Schema)?;
            return Ok(DescribeTarget::FullSchema);
        }
        let only = !alone && self.eat(Keyword::Only);
        if only || self.at(Keyword::Keyspace) {
            self.expect(Keyword::Keyspace)?;
            let ends = matches!(self.kind(), Tok::End | Tok::Semicolon | Tok::Keyword(Keyword::With));
            return Ok(DescribeTarget::Keyspace(only, if ends { None } else { Some(self.name()?) }));
        }
        if self.table_keyword() {
            return Ok(DescribeTarget::Table(self.qualified()?));
        }
        if self.eat(Keyword::Index) {
            return Ok(DescribeTarget::Index(self.qualified()?));
        }
        if self.eat(Keyword::Materialized) {
            self.expect(Keyword::View)?;
            return Ok(DescribeTarget::View(self.qualified()?));
        }
        if !alone && self.eat(Keyword::Type) {
            return Ok(DescribeTarget::Type(self.qualified_type()?));
        }
        if !alone && self.eat(Keyword::Function) {
            return Ok(DescribeTarget::Function(self.qualified_function()?));
        }
        if !alone && self.eat(Keyword::Aggregate) {
            return Ok(DescribeTarget::Aggregate(self.qualified_function()?));
        }
        Ok(DescribeTarget::Any(self.qualified()?))
    }
}
