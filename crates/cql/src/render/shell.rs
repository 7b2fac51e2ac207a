//! `DESCRIBE` and the commands of cqlsh.

use super::schema::UserType;
use super::{Function, name, when};
use crate::ast::{DescribeTarget, Described, Shell};
use core::fmt::{Display, Formatter, Result};

impl Display for Described {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "DESCRIBE {}", self.target)?;
        when(f, self.internals, " WITH INTERNALS")
    }
}

impl Display for DescribeTarget {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            DescribeTarget::Cluster => f.write_str("CLUSTER"),
            DescribeTarget::Schema => f.write_str("SCHEMA"),
            DescribeTarget::FullSchema => f.write_str("FULL SCHEMA"),
            DescribeTarget::Keyspaces => f.write_str("KEYSPACES"),
            DescribeTarget::Keyspace(only, name) => {
                when(f, *only, "ONLY ")?;
                f.write_str("KEYSPACE")?;
                name.iter().try_for_each(|name| write!(f, " {name}"))
            }
            DescribeTarget::Tables => f.write_str("TABLES"),
            DescribeTarget::Table(name) => write!(f, "TABLE {name}"),
            DescribeTarget::Index(name) => write!(f, "INDEX {name}"),
            DescribeTarget::View(name) => write!(f, "MATERIALIZED VIEW {name}"),
            DescribeTarget::Types => f.write_str("TYPES"),
            DescribeTarget::Type(name) => write!(f, "TYPE {}", UserType(name)),
            DescribeTarget::Functions => f.write_str("FUNCTIONS"),
            DescribeTarget::Function(name) => write!(f, "FUNCTION {}", Function(name)),
            DescribeTarget::Aggregates => f.write_str("AGGREGATES"),
            DescribeTarget::Aggregate(name) => write!(f, "AGGREGATE {}", Function(name)),
            DescribeTarget::Any(any) => {
                if let Some(keyspace) = &any.keyspace {
                    name(f, keyspace, |_| true)?;
                    f.write_str(".")?;
                }
                name(f, &any.name, |_| true)
            }
        }
    }
}

impl Display for Shell {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.kind())?;
        match self {
            Shell::Consistency(level) | Shell::SerialConsistency(level) => {
                level.iter().try_for_each(|level| write!(f, " {}", level.name()))
            }
            Shell::Paging(None) | Shell::Refused(_) => Ok(()),
            Shell::Paging(Some(0)) => f.write_str(" OFF"),
            Shell::Paging(Some(rows)) => write!(f, " {rows}"),
            Shell::Tracing(on) | Shell::Expand(on) => {
                on.iter().try_for_each(|on| f.write_str(if *on { " ON" } else { " OFF" }))
            }
        }
    }
}
