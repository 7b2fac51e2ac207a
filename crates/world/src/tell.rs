//! What happened, in the words of the trace.

use crate::machines::Parcel;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use cluster::{Depth, Message, Why};
use cql::{Error, Response, Rows};
use trace::{ErrorInfo, Fact, Outcome};

/// Rows of more bytes than this are kept in the trace as their digest.
const CONTENT_MAX: usize = 256;

/// Whether what a machine does next in the same step is because of this fact.
pub(crate) fn leads(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Stamp { .. }
            | Fact::Apply { .. }
            | Fact::Read { .. }
            | Fact::Mismatch { .. }
            | Fact::Paxos { .. }
            | Fact::Hint { .. }
            | Fact::Timeout { .. }
            | Fact::Unavailable { .. }
            | Fact::Revive { .. }
            | Fact::Convict { .. }
            | Fact::Flush { .. }
            | Fact::Compact { .. }
    )
}

/// What a message says.
pub(crate) fn message(parcel: &Parcel) -> trace::Message {
    match parcel {
        Parcel::Request { stream, .. } => trace::Message::Request { step: *stream },
        Parcel::Reply { response, .. } => match &**response {
            Response::Rows(rows, _) => {
                trace::Message::Reply { rows: u32::try_from(rows.rows.len()).unwrap_or(u32::MAX), error: false }
            }
            Response::Error(_) => trace::Message::Reply { rows: 0, error: true },
            _ => trace::Message::Reply { rows: 0, error: false },
        },
        Parcel::Peer(message) => match message {
            Message::Write { mutation, why, .. } => match why {
                Why::Statement => trace::Message::Mutation(mutation.clone()),
                Why::Hint => trace::Message::Hint(mutation.clone()),
                Why::Repair => trace::Message::Repair(mutation.clone()),
            },
            Message::Written { .. } | Message::SchemaKnown { .. } | Message::Truncated { .. } => trace::Message::Ack,
            Message::Read { question, depth, .. } => match depth {
                Depth::Data => trace::Message::Data(question.place()),
                Depth::Digest => trace::Message::Digest(question.place()),
                Depth::Full => trace::Message::Full(question.place()),
            },
            Message::Held { seen, .. } => trace::Message::Rows { rows: seen.rows, tombstones: seen.tombstones },
            Message::Digest { digest, .. } => trace::Message::DigestReply(*digest),
            Message::Prepare { ballot, table, key, .. } => {
                let place = trace::Place { table: *table, key: Some(key.clone()) };
                trace::Message::Prepare { place, ballot: ballot.at }
            }
            Message::Promised { promise, .. } => {
                trace::Message::Promise { ballot: promise.ballot.at, given: promise.granted }
            }
            Message::Propose { proposal, .. } => {
                trace::Message::Propose { ballot: proposal.ballot.at, mutation: proposal.mutation.clone() }
            }
            Message::Accepted { ballot, accepted, .. } => {
                trace::Message::Accept { ballot: ballot.at, given: *accepted }
            }
            Message::Commit { proposal, .. } => trace::Message::Commit(proposal.mutation.clone()),
            Message::Schema { .. } => trace::Message::Schema,
            Message::Truncate { table, .. } => trace::Message::Truncate { table: *table },
        },
    }
}

/// What a statement came to.
pub(crate) fn outcome(response: &Response) -> Outcome {
    match response {
        Response::Rows(rows, _) => Outcome::Rows {
            rows: u32::try_from(rows.rows.len()).unwrap_or(u32::MAX),
            counted: counted(rows),
            content: content(rows),
        },
        Response::Error(error) => Outcome::Error(Rc::new(ErrorInfo {
            unknown: matches!(error, Error::WriteTimeout { .. } | Error::CasWriteUnknown { .. } | Error::Client(_)),
            name: error.to_string().trim_start_matches("Error ").into(),
            text: error.message().into(),
        })),
        _ => Outcome::Void,
    }
}

/// What a lone `count(*)` says.
fn counted(rows: &Rows) -> Option<u64> {
    match (&*rows.columns, &*rows.rows) {
        ([column], [row]) if &*column.name == "count" => {
            let bytes: [u8; 8] = row.first()?.as_deref()?.try_into().ok()?;
            u64::try_from(i64::from_be_bytes(bytes)).ok()
        }
        _ => None,
    }
}

/// The rows' bytes, each value as its length and itself.
fn content(rows: &Rows) -> Rc<[u8]> {
    let mut bytes: Vec<u8> = Vec::new();
    for value in rows.rows.iter().flatten() {
        match value {
            Some(value) => {
                bytes.extend_from_slice(&(value.len() as u32).to_be_bytes());
                bytes.extend_from_slice(value);
            }
            None => bytes.extend_from_slice(&u32::MAX.to_be_bytes()),
        }
    }
    if bytes.len() <= CONTENT_MAX {
        return bytes.into();
    }
    let mut digest = trace::Digest::begin();
    digest.bytes(&bytes);
    Rc::from(digest.end().0.to_be_bytes().as_slice())
}
