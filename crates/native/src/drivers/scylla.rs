//! The Rust `scylla` crate as an adapter.

use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use cql::{ColumnSpec, Error, Response, Rows, Value};
use scylla::client::PoolSize;
use scylla::client::execution_profile::ExecutionProfile;
use scylla::client::session::Session;
use scylla::client::session_builder::SessionBuilder;
use scylla::deserialize::row::ColumnIterator;
use scylla::policies::host_filter::AllowListHostFilter;
use scylla::policies::retry::FallthroughRetryPolicy;
use scylla::response::query_result::QueryRowsResult;
use scylla::response::{PagingState, PagingStateResponse};
use scylla::serialize::SerializationError;
use scylla::serialize::row::{RowSerializationContext, SerializeRow};
use scylla::serialize::writers::RowWriter;
use scylla::statement::unprepared::Statement;
use scylla::statement::{Consistency, SerialConsistency};

use super::{Asking, ClientError, Manner, Stamp, errors, types};

/// One connection to one server, with its own keyspace. Without a clock of its own: who dates says so with each statement.
pub struct Client {
    session: Session,
}

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
        // Of a cluster this is one node: another's clock would date what goes there.
        let only = AllowListHostFilter::new([server]).map_err(|error| ClientError::Lost(error.to_string()))?;
        let session = SessionBuilder::new()
            .known_node_addr(server)
            .host_filter(Arc::new(only))
            .default_execution_profile_handle(profile.into_handle())
            .pool_size(PoolSize::PerHost(std::num::NonZeroUsize::MIN))
            .fetch_schema_metadata(false)
            .refresh_metadata_on_auto_schema_agreement(false)
            .schema_agreement_interval(Duration::from_millis(10))
            .build()
            .await
            .map_err(|error| ClientError::Lost(format!("nobody answers at {server}: {error}")))?;
        Ok(Self { session })
    }

    async fn asked(&self, text: &str, manner: &Manner) -> Result<Response, ClientError> {
        let mut statement = Statement::new(text).with_page_size(i32::try_from(manner.page_rows).unwrap_or(0).max(1));
        statement.set_consistency(consistency(manner.consistency)?);
        statement.set_serial_consistency(Some(serial(manner.serial)?));
        // This crate does not date by itself.
        statement.set_timestamp(match manner.stamp {
            Stamp::At(timestamp) => Some(timestamp),
            Stamp::Driver | Stamp::Server => None,
        });
        if manner.page_rows == 0 {
            return Ok(match self.session.query_unpaged(statement, ()).await {
                Err(error) => Response::Error(errors::executed(&error)),
                Ok(result) => result
                    .into_rows_result()
                    .map_or(Ok(Response::Void), |rows| read(&rows).map(|rows| Response::Rows(rows, None)))?,
            });
        }
        let (mut page, mut found) = (PagingState::start(), None::<Rows>);
        loop {
            let (result, next) = match self.session.query_single_page(statement.clone(), (), page).await {
                Ok(pair) => pair,
                Err(error) => return Ok(Response::Error(errors::executed(&error))),
            };
            let Ok(result) = result.into_rows_result() else { return Ok(Response::Void) };
            let more = read(&result)?;
            match &mut found {
                None => found = Some(more),
                Some(rows) => rows.rows.extend(more.rows),
            }
            match next {
                PagingStateResponse::HasMorePages { state } => page = state,
                PagingStateResponse::NoMorePages => {
                    return Ok(found.map_or(Response::Void, |rows| Response::Rows(rows, None)));
                }
            }
        }
    }

    /// Prepares a text and executes it with these values: the columns of its markers, if it could be prepared, and the answer.
    ///
    /// # Errors
    /// When nobody can read what came.
    pub async fn prepared(
        &self,
        text: &str,
        values: &[Value],
        manner: &Manner,
    ) -> Result<(Option<Vec<ColumnSpec>>, Response), ClientError> {
        let mut statement = match self.session.prepare(text).await {
            Ok(statement) => statement,
            Err(error) => return Ok((None, Response::Error(errors::prepared(&error)))),
        };
        statement.set_page_size(i32::try_from(manner.page_rows).unwrap_or(0).max(1));
        statement.set_consistency(consistency(manner.consistency)?);
        statement.set_serial_consistency(Some(serial(manner.serial)?));
        statement.set_timestamp(match manner.stamp {
            Stamp::At(timestamp) => Some(timestamp),
            Stamp::Driver | Stamp::Server => None,
        });
        let variables = statement.get_variable_col_specs().iter().map(column).collect::<Result<Vec<_>, _>>()?;
        let variables = Some(variables);
        if manner.page_rows == 0 {
            return Ok(match self.session.execute_unpaged(&statement, Raw(values)).await {
                Err(error) => (variables, Response::Error(errors::executed(&error))),
                Ok(result) => (
                    variables,
                    result
                        .into_rows_result()
                        .map_or(Ok(Response::Void), |rows| read(&rows).map(|rows| Response::Rows(rows, None)))?,
                ),
            });
        }
        let (mut page, mut found) = (PagingState::start(), None::<Rows>);
        loop {
            let (result, next) = match self.session.execute_single_page(&statement, Raw(values), page).await {
                Ok(pair) => pair,
                Err(error) => return Ok((variables, Response::Error(errors::executed(&error)))),
            };
            let Ok(result) = result.into_rows_result() else { return Ok((variables, Response::Void)) };
            let more = read(&result)?;
            match &mut found {
                None => found = Some(more),
                Some(rows) => rows.rows.extend(more.rows),
            }
            match next {
                PagingStateResponse::HasMorePages { state } => page = state,
                PagingStateResponse::NoMorePages => {
                    return Ok((variables, found.map_or(Response::Void, |rows| Response::Rows(rows, None))));
                }
            }
        }
    }

    /// What the server says about a text, without executing it: `None` when it could be executed.
    pub async fn judge(&self, text: &str) -> Option<Error> {
        self.session.prepare(text).await.err().map(|error| errors::prepared(&error))
    }
}

impl super::Client for Client {
    fn ask<'a>(&'a mut self, text: &'a str, manner: &'a Manner) -> Asking<'a> {
        Box::pin(self.asked(text, manner))
    }

    fn set_clock(&mut self, _offset_us: i64) -> Result<(), ClientError> {
        Err(ClientError::Cannot("this process has one clock for all its clients".into()))
    }
}

/// Values that are serialized already.
struct Raw<'a>(&'a [Value]);

impl SerializeRow for Raw<'_> {
    fn serialize(
        &self,
        _context: &RowSerializationContext<'_>,
        writer: &mut RowWriter<'_>,
    ) -> Result<(), SerializationError> {
        for value in self.0 {
            let cell = writer.make_cell_writer();
            match value {
                Value::Bytes(bytes) => cell.set_value(bytes).map_err(SerializationError::new)?,
                Value::Null => cell.set_null(),
                Value::Unset => cell.set_unset(),
            };
        }
        Ok(())
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn column(spec: &scylla::frame::response::result::ColumnSpec<'_>) -> Result<ColumnSpec, ClientError> {
    Ok(ColumnSpec {
        keyspace: spec.table_spec().ks_name().into(),
        table: spec.table_spec().table_name().into(),
        name: spec.name().into(),
        ty: types::ours(spec.typ())?,
    })
}

fn read(result: &QueryRowsResult) -> Result<Rows, ClientError> {
    let columns: Vec<ColumnSpec> = result.column_specs().iter().map(column).collect::<Result<_, _>>()?;
    let unreadable = |error: &dyn std::fmt::Display| ClientError::Lost(format!("unreadable rows: {error}"));
    let mut rows = Vec::new();
    for row in result.rows::<ColumnIterator<'_, '_>>().map_err(|error| unreadable(&error))? {
        let mut values = Vec::new();
        for column in row.map_err(|error| unreadable(&error))? {
            let column = column.map_err(|error| unreadable(&error))?;
            values.push(column.slice.map(|slice| slice.as_slice().into()));
        }
        rows.push(values);
    }
    Ok(Rows { columns: Rc::from(columns), rows })
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
        other => return Err(ClientError::Lost(format!("this driver cannot send the consistency level {other}"))),
    })
}

fn serial(name: &str) -> Result<SerialConsistency, ClientError> {
    match name {
        "SERIAL" => Ok(SerialConsistency::Serial),
        "LOCAL_SERIAL" => Ok(SerialConsistency::LocalSerial),
        other => Err(ClientError::Lost(format!("this driver cannot send the serial consistency level {other}"))),
    }
}
