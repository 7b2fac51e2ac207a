//! The Rust `cdrs-tokio` crate in this process.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use cdrs_tokio::cluster::connection_pool::ConnectionPoolConfigBuilder;
use cdrs_tokio::cluster::session::{Session, SessionBuilder, TcpSessionBuilder};
use cdrs_tokio::cluster::topology::NodeDistance;
use cdrs_tokio::cluster::{NodeInfo, NodeTcpConfigBuilder, TcpConnectionManager};
use cdrs_tokio::consistency::Consistency as Level;
use cdrs_tokio::error::Error as Met;
use cdrs_tokio::frame::message_error::{ErrorBody, ErrorType, WriteType as Written};
use cdrs_tokio::frame::message_response::ResponseBody;
use cdrs_tokio::frame::message_result::{BodyResResultRows, ColType, ColTypeOption, ColTypeOptionValue, ResResultBody};
use cdrs_tokio::load_balancing::RoundRobinLoadBalancingStrategy;
use cdrs_tokio::load_balancing::node_distance_evaluator::NodeDistanceEvaluator;
use cdrs_tokio::query::QueryParams;
use cdrs_tokio::retry::FallthroughRetryPolicy;
use cdrs_tokio::statement::StatementParams;
use cdrs_tokio::transport::TransportTcp;
use cql::{ClientError as Unheard, ColumnSpec, Consistency, Error, Response, Rows, Type, Udt, WriteType};

use super::{Asking, ClientError, Manner, Stamp, class};

type Balanced = RoundRobinLoadBalancingStrategy<TransportTcp, TcpConnectionManager>;

/// How long a session may take to be there, and a statement to be answered: this driver would wait for ever.
const PATIENCE: Duration = Duration::from_secs(30);

/// One session at one server, with its own keyspace. It never dates by itself.
pub struct Client {
    session: Session<TransportTcp, TcpConnectionManager, Balanced>,
}

/// Of a cluster one node: another's clock would date what goes there.
struct Only(SocketAddr);

impl NodeDistanceEvaluator for Only {
    fn compute_distance(&self, node: &NodeInfo) -> Option<NodeDistance> {
        (node.broadcast_rpc_address == self.0).then_some(NodeDistance::Local)
    }
}

impl Client {
    /// Connects to `server`. No retries and no second host.
    ///
    /// # Errors
    /// When nothing answers CQL there.
    pub async fn connect(server: SocketAddr) -> Result<Self, ClientError> {
        let lost = |error: &dyn std::fmt::Display| ClientError::Lost(format!("cdrs-tokio at {server}: {error}"));
        let config = NodeTcpConfigBuilder::new().with_contact_point(server.into()).build().await;
        let config = config.map_err(|error| lost(&error))?;
        let pool = ConnectionPoolConfigBuilder::new().with_local_size(1).with_remote_size(1).build();
        let building = TcpSessionBuilder::new(Balanced::new(), config)
            .with_retry_policy(Box::new(FallthroughRetryPolicy))
            .with_node_distance_evaluator(Box::new(Only(server)))
            .with_connection_pool_config(pool)
            .with_tcp_nodelay(true)
            .build();
        let session = tokio::time::timeout(PATIENCE, building).await.map_err(|_| lost(&"nobody answers"))?;
        Ok(Self { session: session.map_err(|error| lost(&error))? })
    }

    async fn asked(&self, text: &str, manner: &Manner) -> Result<Response, ClientError> {
        let timestamp = match manner.stamp {
            Stamp::At(timestamp) => Some(timestamp),
            Stamp::Driver | Stamp::Server => None,
        };
        let mut query = QueryParams {
            consistency: level(manner.consistency)?,
            serial_consistency: Some(level(manner.serial)?),
            page_size: i32::try_from(manner.page_rows).ok().filter(|rows| *rows > 0),
            timestamp,
            ..QueryParams::default()
        };
        let mut found = None::<Rows>;
        loop {
            let params = StatementParams { query_params: query.clone(), ..StatementParams::default() };
            let asking = self.session.query_with_params(text, params);
            let envelope = match tokio::time::timeout(PATIENCE, asking).await {
                Err(_) => return Ok(Response::Error(Error::Client(Unheard::Timeout))),
                Ok(Err(error)) => return Ok(Response::Error(met(error))),
                Ok(Ok(envelope)) => envelope,
            };
            let body = envelope.response_body().map_err(|error| ClientError::Lost(format!("unreadable: {error}")))?;
            let rows = match body {
                ResponseBody::Result(ResResultBody::Rows(rows)) => rows,
                ResponseBody::Error(error) => return Ok(Response::Error(said(error))),
                _ => return Ok(Response::Void),
            };
            query.paging_state.clone_from(&rows.metadata.paging_state);
            let more = read(rows)?;
            match &mut found {
                None => found = Some(more),
                Some(rows) => rows.rows.extend(more.rows),
            }
            if query.paging_state.is_none() {
                return Ok(found.map_or(Response::Void, |rows| Response::Rows(rows, None)));
            }
        }
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

fn read(rows: BodyResResultRows) -> Result<Rows, ClientError> {
    let column = |spec: &cdrs_tokio::frame::message_result::ColSpec| {
        Ok(ColumnSpec {
            keyspace: "".into(),
            table: "".into(),
            name: spec.name.as_str().into(),
            ty: ours(&spec.col_type)?,
        })
    };
    let columns: Vec<ColumnSpec> = rows.metadata.col_specs.iter().map(column).collect::<Result<_, ClientError>>()?;
    let row =
        |row: Vec<cdrs_tokio::types::CBytes>| row.into_iter().map(|value| value.as_slice().map(Into::into)).collect();
    Ok(Rows { columns: Rc::from(columns), rows: rows.rows_content.into_iter().map(row).collect() })
}

/// This driver's types in our words.
fn ours(kind: &ColTypeOption) -> Result<Type, ClientError> {
    use ColTypeOptionValue as With;
    Ok(match (&kind.id, &kind.value) {
        (_, Some(With::CList(item))) => Type::list(ours(item)?),
        (_, Some(With::CSet(item))) => Type::set(ours(item)?),
        (_, Some(With::CMap(key, value))) => Type::map(ours(key)?, ours(value)?),
        (_, Some(With::TupleType(tuple))) => Type::Tuple(tuple.types.iter().map(ours).collect::<Result<_, _>>()?),
        (_, Some(With::UdtType(udt))) => {
            let fields = udt.descriptions.iter().map(|(name, kind)| Ok((name.clone(), ours(kind)?)));
            let fields = fields.collect::<Result<_, ClientError>>()?;
            Type::Udt(Rc::new(Udt { keyspace: udt.ks.clone(), name: udt.udt_name.clone(), fields }))
        }
        (_, Some(With::CString(class))) => class::ours(&format!("'{class}'"))?,
        (ColType::Ascii, _) => Type::Ascii,
        (ColType::Bigint, _) => Type::Bigint,
        (ColType::Blob, _) => Type::Blob,
        (ColType::Boolean, _) => Type::Boolean,
        (ColType::Counter, _) => Type::Counter,
        (ColType::Decimal, _) => Type::Decimal,
        (ColType::Double, _) => Type::Double,
        (ColType::Float, _) => Type::Float,
        (ColType::Int, _) => Type::Int,
        (ColType::Timestamp, _) => Type::Timestamp,
        (ColType::Uuid, _) => Type::Uuid,
        (ColType::Varchar, _) => Type::Text,
        (ColType::Varint, _) => Type::Varint,
        (ColType::Timeuuid, _) => Type::Timeuuid,
        (ColType::Inet, _) => Type::Inet,
        (ColType::Date, _) => Type::Date,
        (ColType::Time, _) => Type::Time,
        (ColType::Smallint, _) => Type::Smallint,
        (ColType::Tinyint, _) => Type::Tinyint,
        (ColType::Duration, _) => Type::Duration,
        other => return Err(ClientError::Lost(format!("a type nobody here knows: {other:?}"))),
    })
}

fn met(error: Met) -> Error {
    match error {
        Met::Server { body, .. } => said(body),
        Met::Timeout(_) => Error::Client(Unheard::Timeout),
        _ => Error::Client(Unheard::NoHost),
    }
}

/// What the server said, as an outcome (scenario.md, "Outcomes").
fn said(error: ErrorBody) -> Error {
    let message = error.message;
    let count = |number: i32| u32::try_from(number).unwrap_or(0);
    match error.ty {
        ErrorType::Server => Error::Server(message),
        ErrorType::Protocol => Error::Protocol(message),
        ErrorType::Authentication => Error::Authentication(message),
        ErrorType::Unavailable(met) => Error::Unavailable {
            consistency: theirs(met.cl),
            required: count(met.required),
            alive: count(met.alive),
            message,
        },
        ErrorType::Overloaded => Error::Overloaded(message),
        ErrorType::IsBootstrapping => Error::IsBootstrapping(message),
        ErrorType::Truncate => Error::Truncate(message),
        ErrorType::WriteTimeout(met) => Error::WriteTimeout {
            consistency: theirs(met.cl),
            received: count(met.received),
            required: count(met.block_for),
            write_type: written(&met.write_type),
            message,
        },
        ErrorType::ReadTimeout(met) => Error::ReadTimeout {
            consistency: theirs(met.cl),
            received: count(met.received),
            required: count(met.block_for),
            data: met.replica_has_responded(),
            message,
        },
        ErrorType::ReadFailure(_) => Error::ReadFailure(message),
        ErrorType::WriteFailure(_) => Error::WriteFailure(message),
        ErrorType::FunctionFailure(_) => Error::FunctionFailure(message),
        ErrorType::Syntax => Error::Syntax(message),
        ErrorType::Unauthorized => Error::Unauthorized(message),
        ErrorType::Invalid => Error::Invalid(message),
        ErrorType::Config => Error::Config(message),
        ErrorType::AlreadyExists(met) => Error::AlreadyExists { keyspace: met.ks, table: met.table },
        _ => Error::Server(message),
    }
}

fn written(kind: &Written) -> WriteType {
    WriteType::named(match kind {
        Written::Batch => "BATCH",
        Written::UnloggedBatch => "UNLOGGED_BATCH",
        Written::Counter => "COUNTER",
        Written::BatchLog => "BATCH_LOG",
        Written::Cas => "CAS",
        Written::View => "VIEW",
        Written::Cdc => "CDC",
        _ => "SIMPLE",
    })
}

/// In the order of the protocol's codes, as [`Consistency::ALL`].
const LEVELS: [Level; 11] = [
    Level::Any,
    Level::One,
    Level::Two,
    Level::Three,
    Level::Quorum,
    Level::All,
    Level::LocalQuorum,
    Level::EachQuorum,
    Level::Serial,
    Level::LocalSerial,
    Level::LocalOne,
];

fn level(name: &str) -> Result<Level, ClientError> {
    let at = Consistency::ALL.iter().position(|level| level.name() == name);
    let level = at.and_then(|at| LEVELS.get(at)).copied();
    level.ok_or_else(|| ClientError::Lost(format!("this driver cannot send the consistency level {name}")))
}

fn theirs(level: Level) -> Consistency {
    let at = LEVELS.iter().position(|other| *other == level);
    at.and_then(|at| Consistency::ALL.get(at)).copied().unwrap_or(Consistency::One)
}
