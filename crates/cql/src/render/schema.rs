//! `CREATE`, `ALTER` and `DROP`.

use super::expr::is_reserved_type;
use super::select::relations;
use super::{Function, Joined, Quoted, doubled, function, listed, name, when};
use crate::ast::{
    AlterKeyspace, AlterTable, AlterType, AlterView, ColumnDefinition, ColumnMask, CreateAggregate, CreateFunction,
    CreateIndex, CreateKeyspace, CreateTable, CreateTrigger, CreateType, CreateView, Drop, DropKeyspace, DropRoutine,
    DropTrigger, Dropped, IndexTarget, IndexTargetKind, Literal, Name, PrimaryKey, Property, PropertyValue, Qualified,
    Routine, TableChange, TypeChange, TypeName,
};
use crate::lex::{Class, Keyword};
use core::fmt::{Display, Formatter, Result};

/// A user-defined type's name: fewer keywords may be one, and a few words must be quoted.
pub(super) struct UserType<'a>(pub(super) &'a Qualified);

impl Display for UserType<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(keyspace) = &self.0.keyspace {
            write!(f, "{keyspace}.")?;
        }
        if is_reserved_type(&self.0.name) {
            return doubled(f, &self.0.name, '"');
        }
        name(f, &self.0.name, |keyword| keyword.class() != Class::Free && keyword != Keyword::Key)
    }
}

const NOT_EXISTS: &str = "IF NOT EXISTS ";
const EXISTS: &str = "IF EXISTS ";

/// `WITH …` and all that may stand there, or nothing.
fn options(f: &mut Formatter<'_>, compact: bool, order: &[(Name, bool)], properties: &[Property]) -> Result {
    let mut word = " WITH ";
    if compact {
        write!(f, "{word}COMPACT STORAGE")?;
        word = " AND ";
    }
    if !order.is_empty() {
        write!(f, "{word}CLUSTERING ORDER BY (")?;
        listed(f, order, |(column, descends), f| write!(f, "{column} {}", if *descends { "DESC" } else { "ASC" }))?;
        f.write_str(")")?;
        word = " AND ";
    }
    for property in properties {
        write!(f, "{word}{property}")?;
        word = " AND ";
    }
    Ok(())
}

impl Display for Property {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} = ", self.name)?;
        match &self.value {
            PropertyValue::Literal(literal) => literal.fmt(f),
            PropertyValue::Word(word) => f.write_str(word),
            PropertyValue::Map(entries) => map(f, entries),
        }
    }
}

pub(super) fn map(f: &mut Formatter<'_>, entries: &[(Literal, Literal)]) -> Result {
    f.write_str("{")?;
    listed(f, entries, |(key, value), f| write!(f, "{key}: {value}"))?;
    f.write_str("}")
}

impl Display for CreateKeyspace {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("CREATE KEYSPACE ")?;
        when(f, self.if_not_exists, NOT_EXISTS)?;
        self.name.fmt(f)?;
        options(f, false, &[], &self.properties)
    }
}

impl Display for AlterKeyspace {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("ALTER KEYSPACE ")?;
        when(f, self.if_exists, EXISTS)?;
        self.name.fmt(f)?;
        options(f, false, &[], &self.properties)
    }
}

impl Display for DropKeyspace {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("DROP KEYSPACE ")?;
        when(f, self.if_exists, EXISTS)?;
        self.name.fmt(f)
    }
}

impl Display for CreateTable {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("CREATE TABLE ")?;
        when(f, self.if_not_exists, NOT_EXISTS)?;
        write!(f, "{} ({}", self.name, Joined(&self.columns, ", "))?;
        for (i, key) in self.primary_keys.iter().enumerate() {
            when(f, i > 0 || !self.columns.is_empty(), ", ")?;
            key.fmt(f)?;
        }
        f.write_str(")")?;
        options(f, self.compact_storage, &self.clustering_order, &self.properties)
    }
}

impl Display for ColumnDefinition {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} {}", self.name, self.ty)?;
        when(f, self.is_static, " STATIC")?;
        match &self.mask {
            Some(mask) => write!(f, " {mask}"),
            None => Ok(()),
        }
    }
}

impl Display for ColumnMask {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            ColumnMask::Default => f.write_str("MASKED WITH DEFAULT"),
            ColumnMask::Function(name, arguments) => {
                write!(f, "MASKED WITH {}({})", Function(name), Joined(arguments, ", "))
            }
        }
    }
}

impl Display for PrimaryKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.partition.as_slice() {
            [column] => write!(f, "PRIMARY KEY ({column}")?,
            columns => write!(f, "PRIMARY KEY (({})", Joined(columns, ", "))?,
        }
        for column in &self.clustering {
            write!(f, ", {column}")?;
        }
        f.write_str(")")
    }
}

/// `a TO b AND …`
fn renames(f: &mut Formatter<'_>, renames: &[(Name, Name)]) -> Result {
    for (i, (from, to)) in renames.iter().enumerate() {
        when(f, i > 0, " AND ")?;
        write!(f, "{from} TO {to}")?;
    }
    Ok(())
}

/// One item bare, several in parentheses.
fn one_or_several<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> Result {
    match items {
        [item] => item.fmt(f),
        items => write!(f, "({})", Joined(items, ", ")),
    }
}

impl Display for AlterTable {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("ALTER TABLE ")?;
        when(f, self.if_exists, EXISTS)?;
        self.name.fmt(f)?;
        match &self.change {
            TableChange::Type { column, ty } => write!(f, " ALTER {column} TYPE {ty}"),
            TableChange::Mask { if_exists, column, mask } => {
                f.write_str(" ALTER ")?;
                when(f, *if_exists, EXISTS)?;
                match mask {
                    Some(mask) => write!(f, "{column} {mask}"),
                    None => write!(f, "{column} DROP MASKED"),
                }
            }
            TableChange::Add { if_not_exists, columns } => {
                f.write_str(" ADD ")?;
                when(f, *if_not_exists, NOT_EXISTS)?;
                one_or_several(f, columns)
            }
            TableChange::Drop { if_exists, columns, timestamp } => {
                f.write_str(" DROP ")?;
                when(f, *if_exists, EXISTS)?;
                one_or_several(f, columns)?;
                match timestamp {
                    Some(timestamp) => write!(f, " USING TIMESTAMP {timestamp}"),
                    None => Ok(()),
                }
            }
            TableChange::Rename { if_exists, renames: pairs } => {
                f.write_str(" RENAME ")?;
                when(f, *if_exists, EXISTS)?;
                renames(f, pairs)
            }
            TableChange::DropCompactStorage => f.write_str(" DROP COMPACT STORAGE"),
            TableChange::With(properties) => options(f, false, &[], properties),
        }
    }
}

fn fields(f: &mut Formatter<'_>, fields: &[(Name, TypeName)]) -> Result {
    f.write_str("(")?;
    listed(f, fields, |(field, ty), f| write!(f, "{field} {ty}"))?;
    f.write_str(")")
}

impl Display for CreateType {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("CREATE TYPE ")?;
        when(f, self.if_not_exists, NOT_EXISTS)?;
        write!(f, "{} ", UserType(&self.name))?;
        fields(f, &self.fields)
    }
}

impl Display for AlterType {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("ALTER TYPE ")?;
        when(f, self.if_exists, EXISTS)?;
        UserType(&self.name).fmt(f)?;
        match &self.change {
            TypeChange::Type { field, ty } => write!(f, " ALTER {field} TYPE {ty}"),
            TypeChange::Add { if_not_exists, field, ty } => {
                f.write_str(" ADD ")?;
                when(f, *if_not_exists, NOT_EXISTS)?;
                write!(f, "{field} {ty}")
            }
            TypeChange::Rename { if_exists, renames: pairs } => {
                f.write_str(" RENAME ")?;
                when(f, *if_exists, EXISTS)?;
                renames(f, pairs)
            }
        }
    }
}

impl Display for CreateIndex {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(if self.custom { "CREATE CUSTOM INDEX " } else { "CREATE INDEX " })?;
        when(f, self.if_not_exists, NOT_EXISTS)?;
        if let Some(name) = &self.name {
            write!(f, "{name} ")?;
        }
        write!(f, "ON {} ({})", self.table, Joined(&self.targets, ", "))?;
        if let Some(class) = &self.using {
            write!(f, " USING {}", Quoted(class))?;
        }
        options(f, false, &[], &self.properties)
    }
}

impl Display for IndexTarget {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let column = &self.column;
        match self.kind {
            IndexTargetKind::Simple => column.fmt(f),
            IndexTargetKind::Values => write!(f, "values({column})"),
            IndexTargetKind::Keys => write!(f, "keys({column})"),
            IndexTargetKind::Entries => write!(f, "entries({column})"),
            IndexTargetKind::Full => write!(f, "full({column})"),
        }
    }
}

impl Display for CreateView {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("CREATE MATERIALIZED VIEW ")?;
        when(f, self.if_not_exists, NOT_EXISTS)?;
        write!(f, "{} AS SELECT {} FROM {}", self.name, self.selection, self.from)?;
        relations(f, " WHERE ", &self.relations)?;
        write!(f, " {}", self.primary_key)?;
        options(f, false, &self.clustering_order, &self.properties)
    }
}

impl Display for AlterView {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("ALTER MATERIALIZED VIEW ")?;
        when(f, self.if_exists, EXISTS)?;
        self.name.fmt(f)?;
        options(f, false, &[], &self.properties)
    }
}

impl Display for Drop {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self.what {
            Dropped::Table => "DROP TABLE ",
            Dropped::Type => "DROP TYPE ",
            Dropped::Index => "DROP INDEX ",
            Dropped::View => "DROP MATERIALIZED VIEW ",
        })?;
        when(f, self.if_exists, EXISTS)?;
        match self.what {
            Dropped::Type => UserType(&self.name).fmt(f),
            Dropped::Table | Dropped::Index | Dropped::View => self.name.fmt(f),
        }
    }
}

impl Display for CreateFunction {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(if self.or_replace { "CREATE OR REPLACE FUNCTION " } else { "CREATE FUNCTION " })?;
        when(f, self.if_not_exists, NOT_EXISTS)?;
        write!(f, "{} ", Function(&self.name))?;
        fields(f, &self.arguments)?;
        f.write_str(if self.called_on_null { " CALLED" } else { " RETURNS NULL" })?;
        write!(f, " ON NULL INPUT RETURNS {} LANGUAGE {} AS ", self.returns, self.language)?;
        if self.body.contains('$') { Quoted(&self.body).fmt(f) } else { write!(f, "$${}$$", self.body) }
    }
}

impl Display for CreateAggregate {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(if self.or_replace { "CREATE OR REPLACE AGGREGATE " } else { "CREATE AGGREGATE " })?;
        when(f, self.if_not_exists, NOT_EXISTS)?;
        write!(f, "{} ({}) SFUNC ", Function(&self.name), Joined(&self.arguments, ", "))?;
        function(f, &self.state_function)?;
        write!(f, " STYPE {}", self.state_type)?;
        if let Some(last) = &self.final_function {
            f.write_str(" FINALFUNC ")?;
            function(f, last)?;
        }
        match &self.initial {
            Some(initial) => write!(f, " INITCOND {initial}"),
            None => Ok(()),
        }
    }
}

impl Display for DropRoutine {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self.what {
            Routine::Function => "DROP FUNCTION ",
            Routine::Aggregate => "DROP AGGREGATE ",
        })?;
        when(f, self.if_exists, EXISTS)?;
        Function(&self.name).fmt(f)?;
        match &self.arguments {
            Some(arguments) => write!(f, " ({})", Joined(arguments, ", ")),
            None => Ok(()),
        }
    }
}

impl Display for CreateTrigger {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("CREATE TRIGGER ")?;
        when(f, self.if_not_exists, NOT_EXISTS)?;
        write!(f, "{} ON {} USING {}", self.name, self.table, Quoted(&self.using))
    }
}

impl Display for DropTrigger {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("DROP TRIGGER ")?;
        when(f, self.if_exists, EXISTS)?;
        write!(f, "{} ON {}", self.name, self.table)
    }
}
