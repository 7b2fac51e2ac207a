//! What an adapter says, in our words.

use std::rc::Rc;

use cql::{ClientError as Unheard, ColumnSpec, Consistency, Error, Response, Rows, WriteType};
use serde::Deserialize;

use super::super::{ClientError, class};

/// One line of an adapter's.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// It is connected.
    pub ok: bool,
    columns: Vec<(String, String)>,
    rows: Vec<Vec<Option<String>>>,
    done: bool,
    error: Option<Refusal>,
    client: Option<String>,
    said: String,
}

/// What a server refused.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    code: u32,
    message: String,
    consistency: String,
    received: u32,
    required: u32,
    alive: u32,
    write_type: String,
    data: bool,
    keyspace: String,
    table: String,
}

impl Answer {
    /// Why there is no session.
    pub fn unconnected(self) -> String {
        self.error.map_or(self.said, |refused| refused.message)
    }

    /// The same as one of our own clients says it.
    pub fn response(self) -> Result<Response, ClientError> {
        if let Some(refused) = self.error {
            return Ok(Response::Error(refused.error()));
        }
        match self.client.as_deref() {
            Some("Timeout") => return Ok(Response::Error(Error::Client(Unheard::Timeout))),
            Some("Busy") => return Ok(Response::Error(Error::Client(Unheard::Busy))),
            // A driver says so of anything that it could not do; what it was is worth more than an outcome.
            Some(_) => return Err(ClientError::Lost(self.said)),
            None => {}
        }
        if !self.done {
            return Err(ClientError::Lost("the adapter did not say that it is done".into()));
        }
        if self.columns.is_empty() {
            return Ok(Response::Void);
        }
        let column = |(name, kind): &(String, String)| {
            Ok(ColumnSpec { keyspace: "".into(), table: "".into(), name: name.as_str().into(), ty: class::ours(kind)? })
        };
        let columns: Vec<ColumnSpec> = self.columns.iter().map(column).collect::<Result<_, ClientError>>()?;
        let value = |hex: &Option<String>| hex.as_deref().map(bytes).transpose();
        let rows = self.rows.iter().map(|row| row.iter().map(value).collect()).collect::<Result<_, _>>()?;
        Ok(Response::Rows(Rows { columns: Rc::from(columns), rows }, None))
    }
}

fn bytes(hex: &str) -> Result<storage::Bytes, ClientError> {
    let digit = |at: usize| hex.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(digit).collect();
    bytes.map(|bytes| bytes.as_slice().into()).ok_or_else(|| ClientError::Lost(format!("{hex} is no value in hex")))
}

impl Refusal {
    fn error(self) -> Error {
        let Refusal { received, required, alive, data, message, .. } = self;
        let consistency = Consistency::ALL.iter().find(|level| level.name() == self.consistency);
        let consistency = consistency.copied().unwrap_or(Consistency::One);
        match self.code {
            0x000A => Error::Protocol(message),
            0x0100 => Error::Authentication(message),
            0x1000 => Error::Unavailable { consistency, required, alive, message },
            0x1001 => Error::Overloaded(message),
            0x1002 => Error::IsBootstrapping(message),
            0x1003 => Error::Truncate(message),
            0x1100 => {
                let write_type = WriteType::named(&self.write_type);
                Error::WriteTimeout { consistency, received, required, write_type, message }
            }
            0x1200 => Error::ReadTimeout { consistency, received, required, data, message },
            0x1300 => Error::ReadFailure(message),
            0x1400 => Error::FunctionFailure(message),
            0x1500 => Error::WriteFailure(message),
            0x1700 => Error::CasWriteUnknown { consistency, received, required, message },
            0x2000 => Error::Syntax(message),
            0x2100 => Error::Unauthorized(message),
            0x2200 => Error::Invalid(message),
            0x2300 => Error::Config(message),
            0x2400 => Error::AlreadyExists { keyspace: self.keyspace, table: self.table },
            _ => Error::Server(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cql::Type;

    fn response(line: &str) -> Result<Response, ClientError> {
        serde_json::from_str::<Answer>(line).unwrap().response()
    }

    #[test]
    fn rows_are_bytes_of_a_type() {
        let line = r#"{"columns":[["v","varchar"],["n","frozen<map<text, int>>"]],"rows":[["6869",null]],"done":true}"#;
        let Ok(Response::Rows(rows, None)) = response(line) else { panic!("no rows") };
        assert_eq!(rows.rows[0][0].as_ref().map(|bytes| bytes.as_ref()), Some(&b"hi"[..]));
        assert_eq!((rows.columns[0].ty.clone(), rows.rows[0][1].is_none()), (Type::Text, true));
        assert!(matches!(response(r#"{"done":true}"#), Ok(Response::Void)));
        let odd = r#"{"columns":[["v","text"]],"rows":[["6"]],"done":true}"#;
        assert!(response(odd).is_err() && response("{}").is_err());
    }

    #[test]
    fn errors_keep_their_fields() {
        let line =
            r#"{"error":{"code":4352,"message":"m","consistency":"TWO","received":1,"required":2,"write_type":"CAS"}}"#;
        let Ok(Response::Error(error)) = response(line) else { panic!("no error") };
        assert_eq!(error.to_string(), "Error WriteTimeout(consistency=TWO received=1 required=2 type=CAS)");
        assert!(matches!(response(r#"{"client":"Timeout"}"#), Ok(Response::Error(Error::Client(Unheard::Timeout)))));
        assert_eq!(response(r#"{"client":"NoHost","said":"why"}"#), Err(ClientError::Lost("why".into())));
    }
}
