//! The Rust `scylla` crate as an adapter.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use scylla::client::PoolSize;
use scylla::client::execution_profile::ExecutionProfile;
use scylla::client::session::Session;
use scylla::client::session_builder::SessionBuilder;
use scylla::deserialize::row::ColumnIterator;
use scylla::errors::{DbError, ExecutionError, PrepareError, RequestAttemptError, WriteType};
use scylla::frame::response::result::{CollectionType, ColumnType};
use scylla::policies::retry::FallthroughRetryPolicy;
use scylla::response::{PagingState, PagingStateResponse};
use scylla::statement::unprepared::Statement;
use scylla::statement::{Consistency, SerialConsistency};

use super::{Answer, Manner, Rows};

/// One connection to one server, with its own keyspace.
pub struct Client {
    session: Session,
}

/// A client that could not be opened, or a manner that this driver cannot express.
#[derive(Debug)]
pub struct ClientError(pub String);

impl Client {
    /// Connects to `server`. No retries, no second host, no metadata of other people's tables.
    ///
    /// # Errors
    /// When nothing answers CQL there.
    pub async fn connect(server: SocketAddr) -> Result<Self, ClientError> {
        let profile = ExecutionProfile::builder()
            .retry_policy(Arc::new(FallthroughRetryPolicy))
            .request_timeout(Some(Duration::from_secs(30)))
            .build();
        let session = SessionBuilder::new()
            .known_node_addr(server)
            .default_execution_profile_handle(profile.into_handle())
            .pool_size(PoolSize::PerHost(std::num::NonZeroUsize::MIN))
            .fetch_schema_metadata(false)
            .refresh_metadata_on_auto_schema_agreement(false)
            .schema_agreement_interval(Duration::from_millis(10))
            .build()
            .await
            .map_err(|error| ClientError(error.to_string()))?;
        Ok(Self { session })
    }

    /// Asks one statement and reads every page of the answer.
    ///
    /// # Errors
    /// Only for a manner nobody can send; what the server refuses is an [`Answer::Error`].
    pub async fn ask(&self, text: &str, manner: &Manner) -> Result<Answer, ClientError> {
        let mut statement = Statement::new(text).with_page_size(manner.page_rows);
        statement.set_consistency(consistency(&manner.consistency)?);
        statement.set_serial_consistency(Some(serial(&manner.serial)?));
        statement.set_timestamp(manner.timestamp);
        let mut page = PagingState::start();
        let mut found: Option<Rows> = None;
        loop {
            let (result, next) = match self.session.query_single_page(statement.clone(), (), page).await {
                Ok(pair) => pair,
                Err(error) => return Ok(refused(&error)),
            };
            let Ok(result) = result.into_rows_result() else { return Ok(Answer::Void) };
            let rows = found.get_or_insert_with(|| Rows {
                columns: result
                    .column_specs()
                    .iter()
                    .map(|spec| (spec.name().to_owned(), type_name(spec.typ())))
                    .collect(),
                rows: Vec::new(),
            });
            let unreadable = |error: &dyn std::fmt::Display| ClientError(format!("unreadable rows: {error}"));
            for row in result.rows::<ColumnIterator<'_, '_>>().map_err(|error| unreadable(&error))? {
                let mut values = Vec::new();
                for column in row.map_err(|error| unreadable(&error))? {
                    let column = column.map_err(|error| unreadable(&error))?;
                    values.push(column.slice.map(|slice| slice.as_slice().to_vec()));
                }
                rows.rows.push(values);
            }
            match next {
                PagingStateResponse::HasMorePages { state } => page = state,
                PagingStateResponse::NoMorePages => break,
            }
        }
        Ok(found.map_or(Answer::Void, Answer::Rows))
    }
}

fn consistency(name: &str) -> Result<Consistency, ClientError> {
    Ok(match name {
        "ANY" => Consistency::Any,
        "ONE" => Consistency::One,
        "TWO" => Consistency::Two,
        "THREE" => Consistency::Three,
        "QUORUM" => Consistency::Quorum,
        "ALL" => Consistency::All,
        "LOCAL_QUORUM" => Consistency::LocalQuorum,
        "EACH_QUORUM" => Consistency::EachQuorum,
        "LOCAL_ONE" => Consistency::LocalOne,
        "SERIAL" => Consistency::Serial,
        "LOCAL_SERIAL" => Consistency::LocalSerial,
        other => return Err(ClientError(format!("no consistency level {other}"))),
    })
}

fn serial(name: &str) -> Result<SerialConsistency, ClientError> {
    match name {
        "SERIAL" => Ok(SerialConsistency::Serial),
        "LOCAL_SERIAL" => Ok(SerialConsistency::LocalSerial),
        other => Err(ClientError(format!("no serial consistency level {other}"))),
    }
}

fn refused(error: &ExecutionError) -> Answer {
    let attempt = match error {
        ExecutionError::LastAttemptError(attempt) => attempt,
        ExecutionError::PrepareError(PrepareError::AllAttemptsFailed { first_attempt }) => first_attempt,
        ExecutionError::RequestTimeout(_) => return client_error("Timeout", error),
        ExecutionError::EmptyPlan | ExecutionError::ConnectionPoolError(_) => return client_error("NoHost", error),
        other => return client_error("NoHost", other),
    };
    match attempt {
        RequestAttemptError::DbError(kind, text) => Answer::Error { outcome: outcome(kind), text: text.clone() },
        RequestAttemptError::UnableToAllocStreamId => client_error("Busy", error),
        other => client_error("NoHost", other),
    }
}

fn client_error(kind: &str, error: &dyn std::fmt::Display) -> Answer {
    Answer::Error { outcome: format!("Client({kind})"), text: error.to_string() }
}

/// scenario.md, "Outcomes": the class and the fields two servers agree on.
fn outcome(error: &DbError) -> String {
    match error {
        DbError::ServerError => "ServerError".into(),
        DbError::ProtocolError => "ProtocolError".into(),
        DbError::AuthenticationError => "AuthenticationError".into(),
        DbError::Unavailable { consistency, required, alive } => {
            format!("Unavailable(consistency={} required={required} alive={alive})", level(*consistency))
        }
        DbError::Overloaded => "Overloaded".into(),
        DbError::IsBootstrapping => "IsBootstrapping".into(),
        DbError::TruncateError => "TruncateError".into(),
        DbError::WriteTimeout { consistency, received, required, write_type } => format!(
            "WriteTimeout(consistency={} received={received} required={required} type={})",
            level(*consistency),
            write_kind(write_type)
        ),
        DbError::ReadTimeout { consistency, received, required, data_present } => {
            format!(
                "ReadTimeout(consistency={} received={received} required={required} data={data_present})",
                level(*consistency)
            )
        }
        DbError::ReadFailure { .. } => "ReadFailure".into(),
        DbError::WriteFailure { .. } => "WriteFailure".into(),
        DbError::FunctionFailure { .. } => "FunctionFailure".into(),
        DbError::SyntaxError => "SyntaxError".into(),
        DbError::Unauthorized => "Unauthorized".into(),
        DbError::Invalid => "Invalid".into(),
        DbError::ConfigError => "ConfigError".into(),
        DbError::AlreadyExists { .. } => "AlreadyExists".into(),
        DbError::Unprepared { .. } => "Unprepared".into(),
        DbError::Other(0x1700) => "CasWriteUnknown".into(),
        other => format!("ServerError(code={:#06x})", other.code(&Default::default())),
    }
}

fn level(consistency: Consistency) -> &'static str {
    match consistency {
        Consistency::Any => "ANY",
        Consistency::One => "ONE",
        Consistency::Two => "TWO",
        Consistency::Three => "THREE",
        Consistency::Quorum => "QUORUM",
        Consistency::All => "ALL",
        Consistency::LocalQuorum => "LOCAL_QUORUM",
        Consistency::EachQuorum => "EACH_QUORUM",
        Consistency::LocalOne => "LOCAL_ONE",
        Consistency::Serial => "SERIAL",
        Consistency::LocalSerial => "LOCAL_SERIAL",
    }
}

fn write_kind(kind: &WriteType) -> &str {
    match kind {
        WriteType::Simple => "SIMPLE",
        WriteType::Batch => "BATCH",
        WriteType::UnloggedBatch => "UNLOGGED_BATCH",
        WriteType::Counter => "COUNTER",
        WriteType::BatchLog => "BATCH_LOG",
        WriteType::Cas => "CAS",
        WriteType::View => "VIEW",
        WriteType::Cdc => "CDC",
        WriteType::Other(other) => other,
    }
}

/// The type as CQL writes it. Frozen is not sent in a result, and nobody needs it to print a value.
fn type_name(kind: &ColumnType<'_>) -> String {
    match kind {
        ColumnType::Native(native) => format!("{native:?}").to_lowercase(),
        ColumnType::Collection { typ: CollectionType::List(item), .. } => format!("list<{}>", type_name(item)),
        ColumnType::Collection { typ: CollectionType::Set(item), .. } => format!("set<{}>", type_name(item)),
        ColumnType::Collection { typ: CollectionType::Map(key, value), .. } => {
            format!("map<{}, {}>", type_name(key), type_name(value))
        }
        ColumnType::Vector { typ, dimensions } => format!("vector<{}, {dimensions}>", type_name(typ)),
        ColumnType::UserDefinedType { definition, .. } => definition.name.to_string(),
        ColumnType::Tuple(items) => format!("tuple<{}>", items.iter().map(type_name).collect::<Vec<_>>().join(", ")),
        other => format!("{other:?}"),
    }
}
