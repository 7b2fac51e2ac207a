//! The driver's errors as outcomes (scenario.md, "Outcomes"): the class, and the fields two servers agree on.

use cql::{ClientError, Consistency, Error, WriteType};
use scylla::errors::{DbError, ExecutionError, PrepareError, RequestAttemptError};
use scylla::statement::Consistency as Level;

/// What a statement met.
pub fn executed(error: &ExecutionError) -> Error {
    match error {
        ExecutionError::LastAttemptError(attempt) => attempted(attempt),
        ExecutionError::PrepareError(error) => prepared(error),
        ExecutionError::RequestTimeout(_) => Error::Client(ClientError::Timeout),
        _ => Error::Client(ClientError::NoHost),
    }
}

/// What preparing a statement met.
pub fn prepared(error: &PrepareError) -> Error {
    match error {
        PrepareError::AllAttemptsFailed { first_attempt } => attempted(first_attempt),
        _ => Error::Client(ClientError::NoHost),
    }
}

fn attempted(error: &RequestAttemptError) -> Error {
    match error {
        RequestAttemptError::DbError(kind, text) => said(kind, text.clone()),
        RequestAttemptError::UnableToAllocStreamId => Error::Client(ClientError::Busy),
        _ => Error::Client(ClientError::NoHost),
    }
}

fn said(error: &DbError, message: String) -> Error {
    match error {
        DbError::ProtocolError => Error::Protocol(message),
        DbError::AuthenticationError => Error::Authentication(message),
        DbError::Unavailable { consistency, required, alive } => Error::Unavailable {
            consistency: level(*consistency),
            required: count(*required),
            alive: count(*alive),
            message,
        },
        DbError::Overloaded => Error::Overloaded(message),
        DbError::IsBootstrapping => Error::IsBootstrapping(message),
        DbError::TruncateError => Error::Truncate(message),
        DbError::WriteTimeout { consistency, received, required, write_type } => Error::WriteTimeout {
            consistency: level(*consistency),
            received: count(*received),
            required: count(*required),
            write_type: WriteType::named(write_type.as_str()),
            message,
        },
        DbError::ReadTimeout { consistency, received, required, data_present } => Error::ReadTimeout {
            consistency: level(*consistency),
            received: count(*received),
            required: count(*required),
            data: *data_present,
            message,
        },
        DbError::ReadFailure { .. } => Error::ReadFailure(message),
        DbError::WriteFailure { .. } => Error::WriteFailure(message),
        DbError::FunctionFailure { .. } => Error::FunctionFailure(message),
        DbError::SyntaxError => Error::Syntax(message),
        DbError::Unauthorized => Error::Unauthorized(message),
        DbError::Invalid => Error::Invalid(message),
        DbError::ConfigError => Error::Config(message),
        DbError::AlreadyExists { keyspace, table } => {
            Error::AlreadyExists { keyspace: keyspace.clone(), table: table.clone() }
        }
        _ => Error::Server(message),
    }
}

fn count(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

fn level(level: Level) -> Consistency {
    match level {
        Level::Any => Consistency::Any,
        Level::One => Consistency::One,
        Level::Two => Consistency::Two,
        Level::Three => Consistency::Three,
        Level::Quorum => Consistency::Quorum,
        Level::All => Consistency::All,
        Level::LocalQuorum => Consistency::LocalQuorum,
        Level::EachQuorum => Consistency::EachQuorum,
        Level::LocalOne => Consistency::LocalOne,
        Level::Serial => Consistency::Serial,
        Level::LocalSerial => Consistency::LocalSerial,
    }
}
