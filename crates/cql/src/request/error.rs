//! Everything that can go wrong, named as scenario.md names it.

use super::{Consistency, PreparedId};
use alloc::{format, string::String};
use core::fmt;

/// The answer to a statement that failed. `Display` is the outcome's line; [`Error::message`] is the server's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A bug in the server.
    Server(String),
    /// A frame nobody understands.
    Protocol(String),
    /// Who are you.
    Authentication(String),
    /// Too few live replicas; nothing was written.
    Unavailable {
        /// As asked.
        consistency: Consistency,
        /// Replicas needed.
        required: u32,
        /// Replicas known alive.
        alive: u32,
        /// The server's text.
        message: String,
    },
    /// The coordinator is too busy.
    Overloaded(String),
    /// The coordinator is joining the ring.
    IsBootstrapping(String),
    /// TRUNCATE failed.
    Truncate(String),
    /// Too few acknowledgements in time: the outcome is unknown (semantics.md 19).
    WriteTimeout {
        /// As asked.
        consistency: Consistency,
        /// Acknowledgements that came.
        received: u32,
        /// Acknowledgements needed.
        required: u32,
        /// What kind of write.
        write_type: WriteType,
        /// The server's text.
        message: String,
    },
    /// Too few answers in time.
    ReadTimeout {
        /// As asked.
        consistency: Consistency,
        /// Answers that came.
        received: u32,
        /// Answers needed.
        required: u32,
        /// Whether the data itself was among them.
        data: bool,
        /// The server's text.
        message: String,
    },
    /// A replica failed to read.
    ReadFailure(String),
    /// A replica failed to write.
    WriteFailure(String),
    /// A function failed.
    FunctionFailure(String),
    /// A conditional update of unknown outcome.
    CasWriteUnknown {
        /// As asked.
        consistency: Consistency,
        /// Acceptances that came.
        received: u32,
        /// Acceptances needed.
        required: u32,
        /// The server's text.
        message: String,
    },
    /// The text is no CQL.
    Syntax(String),
    /// May not.
    Unauthorized(String),
    /// CQL that means nothing here.
    Invalid(String),
    /// A wrong option.
    Config(String),
    /// CREATE of something that is there.
    AlreadyExists {
        /// Which keyspace.
        keyspace: String,
        /// Which table; empty for the keyspace itself.
        table: String,
    },
    /// Execute of a statement this coordinator has never prepared.
    Unprepared(PreparedId),
    /// No server said this: the driver did.
    Client(ClientError),
}

/// What a driver says by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClientError {
    /// No node to ask.
    NoHost,
    /// No answer in time.
    Timeout,
    /// No free connection.
    Busy,
}

/// What kind of write timed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WriteType {
    /// One partition.
    Simple,
    /// A logged batch.
    Batch,
    /// An unlogged batch.
    UnloggedBatch,
    /// A counter.
    Counter,
    /// The batchlog itself.
    BatchLog,
    /// A conditional update.
    Cas,
}

impl WriteType {
    /// The kind that the protocol writes so; what it does not know is a simple write.
    pub fn named(name: &str) -> WriteType {
        match name {
            "BATCH" => WriteType::Batch,
            "UNLOGGED_BATCH" => WriteType::UnloggedBatch,
            "COUNTER" => WriteType::Counter,
            "BATCH_LOG" => WriteType::BatchLog,
            "CAS" => WriteType::Cas,
            _ => WriteType::Simple,
        }
    }

    /// As the protocol writes it.
    pub fn name(self) -> &'static str {
        match self {
            WriteType::Simple => "SIMPLE",
            WriteType::Batch => "BATCH",
            WriteType::UnloggedBatch => "UNLOGGED_BATCH",
            WriteType::Counter => "COUNTER",
            WriteType::BatchLog => "BATCH_LOG",
            WriteType::Cas => "CAS",
        }
    }
}

impl Error {
    /// An [`Error::Invalid`] with this text.
    pub fn invalid(message: impl Into<String>) -> Error {
        Error::Invalid(message.into())
    }

    /// What comes of a server that takes a type for what it is not: both by their classes.
    pub(crate) fn not_cast(from: &str, to: &str) -> Error {
        let [from, to] = [from, to].map(|class| format!("org.apache.cassandra.db.marshal.{class}"));
        Error::Server(format!(
            "java.lang.ClassCastException: class {from} cannot be cast to class {to} ({from} and {to} are in unnamed module of loader 'app')"
        ))
    }

    /// The outcome class.
    pub fn name(&self) -> &'static str {
        match self {
            Error::Server(_) => "ServerError",
            Error::Protocol(_) => "ProtocolError",
            Error::Authentication(_) => "AuthenticationError",
            Error::Unavailable { .. } => "Unavailable",
            Error::Overloaded(_) => "Overloaded",
            Error::IsBootstrapping(_) => "IsBootstrapping",
            Error::Truncate(_) => "TruncateError",
            Error::WriteTimeout { .. } => "WriteTimeout",
            Error::ReadTimeout { .. } => "ReadTimeout",
            Error::ReadFailure(_) => "ReadFailure",
            Error::WriteFailure(_) => "WriteFailure",
            Error::FunctionFailure(_) => "FunctionFailure",
            Error::CasWriteUnknown { .. } => "CasWriteUnknown",
            Error::Syntax(_) => "SyntaxError",
            Error::Unauthorized(_) => "Unauthorized",
            Error::Invalid(_) => "Invalid",
            Error::Config(_) => "ConfigError",
            Error::AlreadyExists { .. } => "AlreadyExists",
            Error::Unprepared(_) => "Unprepared",
            Error::Client(_) => "Client",
        }
    }

    /// The text that came with it, as Cassandra words it.
    pub fn message(&self) -> String {
        match self {
            Error::Server(m)
            | Error::Protocol(m)
            | Error::Authentication(m)
            | Error::Unavailable { message: m, .. }
            | Error::Overloaded(m)
            | Error::IsBootstrapping(m)
            | Error::Truncate(m)
            | Error::WriteTimeout { message: m, .. }
            | Error::ReadTimeout { message: m, .. }
            | Error::ReadFailure(m)
            | Error::WriteFailure(m)
            | Error::FunctionFailure(m)
            | Error::CasWriteUnknown { message: m, .. }
            | Error::Syntax(m)
            | Error::Unauthorized(m)
            | Error::Invalid(m)
            | Error::Config(m) => m.clone(),
            Error::AlreadyExists { keyspace, table } if table.is_empty() => {
                alloc::format!("Cannot add existing keyspace \"{keyspace}\"")
            }
            Error::AlreadyExists { keyspace, table } => {
                alloc::format!("Cannot add already existing table \"{table}\" to keyspace \"{keyspace}\"")
            }
            Error::Unprepared(id) => alloc::format!(
                "Prepared query with ID {:016x} not found (either the query was not prepared on this host (maybe the host has been restarted?) or you have prepared too many queries and it has been evicted from the internal cache)",
                id.0
            ),
            Error::Client(ClientError::NoHost) => "no node could be asked".into(),
            Error::Client(ClientError::Timeout) => "no answer within the driver's timeout".into(),
            Error::Client(ClientError::Busy) => "no free connection".into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error {}", self.name())?;
        match self {
            Error::Unavailable { consistency, required, alive, .. } => {
                write!(f, "(consistency={consistency} required={required} alive={alive})")
            }
            Error::WriteTimeout { consistency, received, required, write_type, .. } => {
                write!(
                    f,
                    "(consistency={consistency} received={received} required={required} type={})",
                    write_type.name()
                )
            }
            Error::ReadTimeout { consistency, received, required, data, .. } => {
                write!(f, "(consistency={consistency} received={received} required={required} data={data})")
            }
            Error::CasWriteUnknown { consistency, received, required, .. } => {
                write!(f, "(consistency={consistency} received={received} required={required})")
            }
            Error::Client(ClientError::NoHost) => f.write_str("(NoHost)"),
            Error::Client(ClientError::Timeout) => f.write_str("(Timeout)"),
            Error::Client(ClientError::Busy) => f.write_str("(Busy)"),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for Error {}
