//! Why a command could not be carried out: always exit code 2, always one clear sentence.

use scenario::Fault;
use scenario::link::LinkError;
use std::fmt;
use std::io;

/// Why a command could not be carried out.
#[derive(Debug)]
pub enum Error {
    /// The command line is wrong.
    Usage(String),
    /// A file cannot be read or written.
    File { name: String, why: String },
    /// A link cannot be read.
    Link(LinkError),
    /// A text has faults.
    Faulty { name: String, text: String, faults: Vec<Fault> },
    /// The run ended early, or not at all.
    Stopped(String),
    /// The trace cannot be read.
    Trace(trace::Error),
    /// There is no such row.
    NoRow(String),
    /// Standard output is gone.
    Output(io::Error),
}

impl Error {
    pub fn usage(what: impl Into<String>) -> Error {
        Error::Usage(what.into())
    }

    pub fn usage_near(what: String, near: Option<&str>) -> Error {
        Error::Usage(match near {
            Some(near) => format!("{what}; did you mean {near}?"),
            None => what,
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Usage(what) => write!(f, "{what} (tombstone help)"),
            Error::File { name, why } => write!(f, "{name}: {why}"),
            Error::Link(error) => write!(f, "{error}"),
            Error::Faulty { name, text, faults } => {
                for (n, fault) in faults.iter().enumerate() {
                    let gap = if n == 0 { "" } else { "\n" };
                    write!(f, "{gap}{name}:{fault}")?;
                    let line = text.lines().nth(fault.line as usize - 1).unwrap_or("");
                    let marks = text.get(fault.span.start as usize..fault.span.end as usize).unwrap_or("");
                    let marks = marks.lines().next().unwrap_or("").chars().count().max(1);
                    let number = fault.line.to_string();
                    let (pad, indent) = (" ".repeat(number.len()), " ".repeat(fault.column as usize - 1));
                    write!(f, "\n  {number} | {line}\n  {pad} | {indent}{}", "^".repeat(marks))?;
                }
                Ok(())
            }
            Error::Stopped(why) => f.write_str(why),
            Error::Trace(error) => write!(f, "the trace cannot be read: {error}"),
            Error::NoRow(what) => f.write_str(what),
            Error::Output(error) => write!(f, "cannot write: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<LinkError> for Error {
    fn from(error: LinkError) -> Error {
        Error::Link(error)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Output(error)
    }
}

impl From<trace::Error> for Error {
    fn from(error: trace::Error) -> Error {
        Error::Trace(error)
    }
}
