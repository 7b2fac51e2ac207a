//! A client's envelope as what it asks.

use super::error::Refused;
use super::frame::{Header, Opcode};
use super::persona::LWT_MARK;
use super::wire::Reader;
use cql::{BatchItem, BatchKind, Consistency, PagingState, Params, PreparedId, Request};
use std::rc::Rc;

/// What a client asks.
#[derive(Debug)]
pub enum Asked {
    Options,
    Startup(Startup),
    AuthResponse(Vec<u8>),
    Register(Vec<String>),
    /// For the node.
    Cql {
        request: Request,
        /// The answer's rows come without their columns.
        skip_metadata: bool,
        /// v5: the columns the client knows.
        known: Option<Vec<u8>>,
        /// What becomes of it is to be told.
        tracing: bool,
    },
}

/// How a client opens its connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Startup {
    pub lz4: bool,
    /// It wants transactions to be marked.
    pub lwt_mark: bool,
    /// `DRIVER_NAME` and `DRIVER_VERSION`, where it says them.
    pub driver: Option<String>,
    /// What tells two processes with one driver apart: `CLIENT_ID` or `SESSION_ID`.
    pub process: Option<String>,
}

mod flags {
    pub const VALUES: u32 = 0x01;
    pub const SKIP_METADATA: u32 = 0x02;
    pub const PAGE_SIZE: u32 = 0x04;
    pub const PAGING_STATE: u32 = 0x08;
    pub const SERIAL_CONSISTENCY: u32 = 0x10;
    pub const TIMESTAMP: u32 = 0x20;
    pub const NAMES: u32 = 0x40;
    pub const KEYSPACE: u32 = 0x80;
    pub const NOW_IN_SECONDS: u32 = 0x100;
}

/// Read a request. `shift` is added to the client's default timestamps: by so much the served world is ahead of the wall
/// clock (scenario.md, "Time"). `keyspace` is the connection's.
pub fn read(header: &Header, body: &[u8], shift: i64, keyspace: Option<&Rc<str>>) -> Result<Asked, Refused> {
    let mut body = Reader::new(body);
    if header.flags & super::frame::CUSTOM_PAYLOAD != 0 {
        let entries = body.short()?;
        for _ in 0..entries {
            body.string()?;
            body.bytes()?;
        }
    }
    let tracing = header.flags & super::frame::TRACING != 0;
    let query = |request, (skip_metadata, known)| Asked::Cql { request, skip_metadata, known, tracing };
    match header.asks()? {
        Opcode::Options => Ok(Asked::Options),
        Opcode::Startup => startup(&mut body).map(Asked::Startup),
        Opcode::AuthResponse => Ok(Asked::AuthResponse(body.bytes()?.unwrap_or_default().to_vec())),
        Opcode::Register => Ok(Asked::Register(body.string_list()?.into_iter().map(str::to_string).collect())),
        Opcode::Query => {
            let text = statement(body.long_string()?);
            let (params, skip) = params(&mut body, header.version, shift, keyspace)?;
            Ok(query(Request::Query { text, params }, (skip, None)))
        }
        Opcode::Prepare => {
            let text = statement(body.long_string()?);
            let with = if header.version >= 5 { body.int()? as u32 } else { 0 };
            let named = if with & 1 != 0 { Some(Rc::from(body.string()?)) } else { None };
            let keyspace = named.or_else(|| keyspace.cloned());
            Ok(query(Request::Prepare { text, keyspace }, (false, None)))
        }
        Opcode::Execute => {
            let id = prepared_id(body.short_bytes()?);
            let known = if header.version >= 5 { Some(body.short_bytes()?.to_vec()) } else { None };
            let (params, skip) = params(&mut body, header.version, shift, keyspace)?;
            Ok(query(Request::Execute { id, params }, (skip, known)))
        }
        Opcode::Batch => batch(&mut body, header.version, shift, keyspace).map(|request| query(request, (false, None))),
    }
}

/// cqlsh leaves the `;` where it is.
fn statement(text: &str) -> Rc<str> {
    let text = text.trim_end();
    text.strip_suffix(';').unwrap_or(text).into()
}

/// A name that was never given is no statement's.
fn prepared_id(bytes: &[u8]) -> PreparedId {
    PreparedId(bytes.try_into().map_or(0, u64::from_be_bytes))
}

fn startup(body: &mut Reader<'_>) -> Result<Startup, Refused> {
    let mut startup = Startup::default();
    let (mut driver, mut version) = (None, None);
    for (key, value) in body.string_map()? {
        match key.to_ascii_uppercase().as_str() {
            "COMPRESSION" if value.eq_ignore_ascii_case("lz4") => startup.lz4 = true,
            "COMPRESSION" => return Err(Refused::protocol(format!("Unknown compression algorithm: {value}"))),
            LWT_MARK => startup.lwt_mark = true,
            "DRIVER_NAME" => driver = Some(value),
            "DRIVER_VERSION" => version = Some(value),
            "CLIENT_ID" | "SESSION_ID" => startup.process = Some(value.into()),
            _ => {}
        }
    }
    startup.driver = driver.map(|name| version.map_or(name.into(), |version| format!("{name} {version}")));
    Ok(startup)
}

fn consistency(code: u16) -> Result<Consistency, Refused> {
    let level = Consistency::ALL.get(usize::from(code)).copied();
    level.ok_or_else(|| Refused::protocol(format!("Unknown code {code} for a consistency level")))
}

fn flags_of(body: &mut Reader<'_>, version: u8) -> Result<u32, Refused> {
    if version >= 5 { body.int().map(|flags| flags as u32) } else { body.byte().map(u32::from) }
}

/// The parameters of QUERY and EXECUTE, and whether metadata is to be left out.
fn params(
    body: &mut Reader<'_>,
    version: u8,
    shift: i64,
    keyspace: Option<&Rc<str>>,
) -> Result<(Params, bool), Refused> {
    let mut params = Params::at(consistency(body.short()?)?);
    let flags = flags_of(body, version)?;
    if flags & flags::VALUES != 0 {
        let count = body.short()?;
        let mut names: Vec<Rc<str>> = Vec::new();
        for _ in 0..count {
            if flags & flags::NAMES != 0 {
                names.push(body.string()?.into());
            }
            params.values.push(body.value()?);
        }
        params.names = (flags & flags::NAMES != 0).then_some(names);
    }
    if flags & flags::PAGE_SIZE != 0 {
        params.page_size = u32::try_from(body.int()?).ok().filter(|size| *size > 0);
    }
    if flags & flags::PAGING_STATE != 0 {
        params.paging_state = match body.bytes()? {
            Some(state) => Some(PagingState::decode(state).map_err(|error| Refused::protocol(error.to_string()))?),
            None => None,
        };
    }
    (params.serial_consistency, params.timestamp, params.keyspace) = tail(body, flags, shift, keyspace)?;
    Ok((params, flags & flags::SKIP_METADATA != 0))
}

type Tail = (Option<Consistency>, Option<i64>, Option<Rc<str>>);

/// What QUERY and BATCH end alike with.
fn tail(body: &mut Reader<'_>, flags: u32, shift: i64, keyspace: Option<&Rc<str>>) -> Result<Tail, Refused> {
    let serial = if flags & flags::SERIAL_CONSISTENCY != 0 { Some(consistency(body.short()?)?) } else { None };
    let timestamp = if flags & flags::TIMESTAMP != 0 { Some(body.long()?) } else { None };
    if timestamp == Some(i64::MIN) {
        return Err(Refused::protocol(format!("Out of bound timestamp, must be in [{}, {}]", i64::MIN + 1, i64::MAX)));
    }
    let own = if flags & flags::KEYSPACE != 0 { Some(Rc::from(body.string()?)) } else { None };
    if flags & flags::NOW_IN_SECONDS != 0 {
        body.int()?;
    }
    let timestamp = timestamp.map(|stamp| stamp.saturating_add(shift));
    Ok((serial, timestamp, own.or_else(|| keyspace.cloned())))
}

fn batch(body: &mut Reader<'_>, version: u8, shift: i64, keyspace: Option<&Rc<str>>) -> Result<Request, Refused> {
    let kind = match body.byte()? {
        0 => BatchKind::Logged,
        1 => BatchKind::Unlogged,
        2 => BatchKind::Counter,
        other => return Err(Refused::protocol(format!("Invalid batch type {other}"))),
    };
    let count = body.short()?;
    let mut statements = Vec::new();
    for _ in 0..count {
        let item = match body.byte()? {
            0 => BatchItem::Text(statement(body.long_string()?)),
            1 => BatchItem::Prepared(prepared_id(body.short_bytes()?)),
            other => {
                let known = "Invalid query kind in BATCH messages. Must be 0 or 1 but got ";
                return Err(Refused::protocol(format!("{known}{other}")));
            }
        };
        let values = body.short()?;
        statements.push((item, (0..values).map(|_| body.value()).collect::<Result<Vec<_>, _>>()?));
    }
    let mut params = Params::at(consistency(body.short()?)?);
    let flags = flags_of(body, version)?;
    (params.serial_consistency, params.timestamp, params.keyspace) = tail(body, flags, shift, keyspace)?;
    Ok(Request::Batch { kind, statements, params })
}
