//! `SELECT` and relations.

use super::{Joined, when};
use crate::ast::{Ordering, Relation, Select, Selected, Selection, Subject, Test, Values};
use core::fmt::{Display, Formatter, Result};

impl Display for Select {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("SELECT ")?;
        when(f, self.json, "JSON ")?;
        when(f, self.distinct, "DISTINCT ")?;
        write!(f, "{} FROM ", self.selection)?;
        if self.mutation_fragments {
            write!(f, "MUTATION_FRAGMENTS({})", self.from)?;
        } else {
            self.from.fmt(f)?;
        }
        relations(f, " WHERE ", &self.relations)?;
        if !self.group_by.is_empty() {
            write!(f, " GROUP BY {}", Joined(&self.group_by, ", "))?;
        }
        if !self.order_by.is_empty() {
            write!(f, " ORDER BY {}", Joined(&self.order_by, ", "))?;
        }
        if let Some(limit) = &self.per_partition_limit {
            write!(f, " PER PARTITION LIMIT {limit}")?;
        }
        if let Some(limit) = &self.limit {
            write!(f, " LIMIT {limit}")?;
        }
        when(f, self.allow_filtering, " ALLOW FILTERING")?;
        when(f, self.bypass_cache, " BYPASS CACHE")?;
        self.using.fmt(f)
    }
}

/// Relations after a word, or nothing.
pub(super) fn relations(f: &mut Formatter<'_>, word: &str, relations: &[Relation]) -> Result {
    if relations.is_empty() {
        return Ok(());
    }
    write!(f, "{word}{}", Joined(relations, " AND "))
}

impl Display for Selection {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Selection::All => f.write_str("*"),
            Selection::Some(selected) => Joined(selected, ", ").fmt(f),
        }
    }
}

impl Display for Selected {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.selector.fmt(f)?;
        match &self.alias {
            Some(alias) => write!(f, " AS {alias}"),
            None => Ok(()),
        }
    }
}

impl Display for Ordering {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.column.fmt(f)?;
        if let Some(vector) = &self.ann_of {
            write!(f, " ANN OF {vector}")?;
        }
        when(f, self.descending, " DESC")
    }
}

impl Display for Relation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.subject {
            Subject::Column(column) => column.fmt(f)?,
            Subject::Element(column, key) => write!(f, "{column}[{key}]")?,
            Subject::Field(column, field) => write!(f, "{column}.{field}")?,
            Subject::Token(columns) => write!(f, "token({})", Joined(columns, ", "))?,
            Subject::Tuple(columns) => write!(f, "({})", Joined(columns, ", "))?,
            Subject::Index(index) => write!(f, "expr({index}, ")?,
        }
        match &self.test {
            Test::Compare(comparison, term) => write!(f, " {} {term}", comparison.sign()),
            Test::In(values) => write!(f, " IN {values}"),
            Test::Contains(term) => write!(f, " CONTAINS {term}"),
            Test::ContainsKey(term) => write!(f, " CONTAINS KEY {term}"),
            Test::Like(term) => write!(f, " LIKE {term}"),
            Test::IsNotNull => f.write_str(" IS NOT NULL"),
            Test::Expression(term) => write!(f, "{term})"),
        }
    }
}

impl Display for Values {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Values::Listed(listed) => write!(f, "({})", Joined(listed, ", ")),
            Values::Marker(marker) => marker.fmt(f),
        }
    }
}
